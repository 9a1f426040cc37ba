//! From answers to readings.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Pod;

use super::queries::Query;
use super::{Answer, workload};
use crate::clients::prometheus::Series;
use crate::finding::Subject;
use crate::investigation::case::{Case, Indicator, Reading};

/// A node by its name, and the address it has for its pods.
pub(super) type NodeName = (String, Option<String>);

/// The nodes under a workload's pods that nothing was read of yet.
pub(super) fn nodes_of(case: &Case, subject: &Subject) -> Vec<NodeName> {
    let Some(workload) = workload(case, subject) else {
        return Vec::new();
    };
    let mut nodes = under(workload.pods);
    nodes.retain(|(node, _)| !case.readings.iter().any(|r| r.node.as_ref() == Some(node)));
    nodes
}

/// The nodes under all pods that were read.
pub(super) fn all_nodes(case: &Case) -> Vec<NodeName> {
    under(case.pods.iter())
}

fn under<'a>(pods: impl IntoIterator<Item = &'a Pod>) -> Vec<NodeName> {
    let mut nodes: BTreeMap<String, Option<String>> = BTreeMap::new();
    for pod in pods {
        if let Some(node) = pod.spec.as_ref().and_then(|spec| spec.node_name.clone()) {
            let address = pod
                .status
                .as_ref()
                .and_then(|status| status.host_ip.clone());
            nodes.insert(node, address);
        }
    }
    nodes.into_iter().collect()
}

/// Everything exporters may call these nodes.
pub(super) fn names_of(nodes: &[NodeName]) -> Vec<String> {
    let each = nodes
        .iter()
        .flat_map(|(name, address)| std::iter::once(name).chain(address));
    each.cloned().collect()
}

/// The readings of all answers.
pub(super) fn readings(
    queries: &[Query],
    answers: &[Answer],
    owner: (&str, &str),
    nodes: &[NodeName],
) -> Vec<Reading> {
    let mut all: Vec<Reading> = Vec::new();
    for (query, answer) in queries.iter().zip(answers) {
        all.extend(of_query(query, answer, owner, nodes));
    }
    let (yesterday, week) = (
        empty(queries, answers, |a| &a.yesterday),
        empty(queries, answers, |a| &a.week),
    );
    never_failed(&mut all, yesterday, week);
    all
}

/// Whether the errors of a day were asked for and there was no series: nothing failed then.
fn empty(
    queries: &[Query],
    answers: &[Answer],
    day: impl Fn(&Answer) -> &Option<Vec<Series>>,
) -> bool {
    let mut pairs = queries.iter().zip(answers);
    let errors = pairs.find(|(query, _)| query.indicator == Indicator::ErrorRate);
    errors
        .and_then(|(_, answer)| day(answer).as_ref())
        .is_some_and(Vec::is_empty)
}

/// A counter of failures appears with the first failure: a day with requests and without that series
/// is a day without failures, and not a day of which nothing is known.
fn never_failed(all: &mut [Reading], yesterday: bool, week: bool) {
    let total = all
        .iter()
        .find(|r| r.indicator == Indicator::RequestRate && r.pod.is_none());
    let Some((day, before)) = total.map(|rate| (rate.usual, rate.week)) else {
        return;
    };
    for errors in all
        .iter_mut()
        .filter(|r| r.indicator == Indicator::ErrorRate)
    {
        if yesterday && day.is_some_and(|rate| rate > 0.0) {
            errors.usual = errors.usual.or(Some(0.0));
        }
        if week && before.is_some_and(|rate| rate > 0.0) {
            errors.week = errors.week.or(Some(0.0));
        }
    }
}

pub(super) fn of_query(
    query: &Query,
    answer: &Answer,
    owner: (&str, &str),
    nodes: &[NodeName],
) -> Vec<Reading> {
    let now = answer.now.as_deref().unwrap_or_default();
    let blank = |now: f64| Reading {
        indicator: query.indicator,
        namespace: owner.0.to_owned(),
        workload: owner.1.to_owned(),
        pod: None,
        container: None,
        node: None,
        now: query.unit.of(now),
        usual: None,
        week: None,
        history: Vec::new(),
    };
    let mut all = Vec::new();
    if query.adds {
        all.extend(sum(Some(now)).map(|total| Reading {
            usual: sum(answer.yesterday.as_deref()),
            week: sum(answer.week.as_deref()),
            ..blank(total)
        }));
    }
    for series in now {
        let Some(value) = series.last() else { continue };
        let label = |name: &str| series.labels.get(name).cloned();
        let mut one = Reading {
            pod: label("pod"),
            container: label("container"),
            ..blank(value)
        };
        if query.adds && one.pod.is_none() {
            continue;
        }
        if is_of_node(query.indicator) {
            let Some(node) = node_of(series, nodes) else {
                continue;
            };
            one = Reading {
                node: Some(node),
                namespace: String::new(),
                workload: String::new(),
                pod: None,
                ..one
            };
        }
        one.usual = then(answer.yesterday.as_deref(), series).map(|value| query.unit.of(value));
        one.week = then(answer.week.as_deref(), series).map(|value| query.unit.of(value));
        one.history = history(answer.history.as_deref(), series, query);
        all.push(one);
    }
    all
}

pub(super) fn is_of_node(indicator: Indicator) -> bool {
    matches!(
        indicator,
        Indicator::NodeCpu
            | Indicator::NodeRetransmits
            | Indicator::NodePacketLoss
            | Indicator::NodeLatency
    )
}

/// The node a series is about: by its name or its address, with or without a port.
pub(super) fn node_of(series: &Series, nodes: &[NodeName]) -> Option<String> {
    let labels = ["node", "instance", "target_node_name", "host_ip"];
    let said = labels
        .into_iter()
        .filter_map(|label| series.labels.get(label));
    let meant = |(name, address): &&NodeName| {
        let called = |text: &str| text == name.as_str() || Some(text) == address.as_deref();
        said.clone().any(|text| {
            called(text)
                || text
                    .rsplit_once(':')
                    .is_some_and(|(host, _)| called(host.trim_matches(['[', ']'])))
        })
    };
    nodes.iter().find(meant).map(|(name, _)| name.clone())
}

fn sum(series: Option<&[Series]>) -> Option<f64> {
    series?.iter().filter_map(Series::last).reduce(|a, b| a + b)
}

/// The same series on another day. Pods have other names by then: the mean of that container's counts.
#[expect(clippy::cast_precision_loss, reason = "a handful of pods")]
pub(super) fn then(day: Option<&[Series]>, series: &Series) -> Option<f64> {
    let day = day?;
    if let Some(same) = day.iter().find(|other| other.labels == series.labels) {
        return same.last();
    }
    if !series.labels.contains_key("pod") {
        return None;
    }
    let container = series.labels.get("container");
    let like = day
        .iter()
        .filter(|other| other.labels.get("container") == container);
    let values: Vec<f64> = like.filter_map(Series::last).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The points of the same series over the last hours.
pub(super) fn history(all: Option<&[Series]>, series: &Series, query: &Query) -> Vec<(f64, f64)> {
    let same = all
        .unwrap_or_default()
        .iter()
        .find(|other| other.labels == series.labels);
    let points = same.into_iter().flat_map(|series| &series.points);
    let finite = points.filter(|(_, value)| value.is_finite());
    finite
        .map(|(at, value)| (*at, query.unit.of(*value)))
        .collect()
}
