//! From answers to readings.

use std::collections::BTreeMap;

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
    let mut nodes: BTreeMap<String, Option<String>> = BTreeMap::new();
    for pod in workload.pods {
        if let Some(node) = pod.spec.as_ref().and_then(|spec| spec.node_name.clone()) {
            let address = pod
                .status
                .as_ref()
                .and_then(|status| status.host_ip.clone());
            nodes.insert(node, address);
        }
    }
    nodes.retain(|node, _| !case.readings.iter().any(|r| r.node.as_ref() == Some(node)));
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

fn of_query(
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

fn is_of_node(indicator: Indicator) -> bool {
    matches!(
        indicator,
        Indicator::NodeCpu
            | Indicator::NodeRetransmits
            | Indicator::NodePacketLoss
            | Indicator::NodeLatency
    )
}

/// The node a series is about: by its name or its address, with or without a port.
fn node_of(series: &Series, nodes: &[NodeName]) -> Option<String> {
    let labels = ["node", "instance", "target_node_name", "host_ip"];
    let said = labels
        .into_iter()
        .filter_map(|label| series.labels.get(label));
    let meant = |(name, address): &&NodeName| {
        let called = |text: &str| text == name || Some(text) == address.as_deref();
        said.clone().any(|text| {
            called(text)
                || text
                    .rsplit_once(':')
                    .is_some_and(|(host, _)| called(host.trim_matches(['[', ']'])))
        })
    };
    // Cilium puts the cluster before the node: `default/worker-1`; that one is matched by its end.
    nodes.iter().find(meant).map(|(name, _)| name.clone())
}

fn sum(series: Option<&[Series]>) -> Option<f64> {
    series?.iter().filter_map(Series::last).reduce(|a, b| a + b)
}

/// The same series on another day. Pods have other names by then: the mean of that container's counts.
#[expect(clippy::cast_precision_loss, reason = "a handful of pods")]
fn then(day: Option<&[Series]>, series: &Series) -> Option<f64> {
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

fn history(all: Option<&[Series]>, series: &Series, query: &Query) -> Vec<(f64, f64)> {
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

#[cfg(test)]
mod tests {
    use super::super::names::{DIALECTS, Known};
    use super::super::queries::{Names, of_workload};
    use super::*;
    use crate::finding::Kind;

    fn series(labels: &[(&str, &str)], value: f64) -> Series {
        let own = labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Series {
            labels: own.collect(),
            points: vec![(1.0, value)],
        }
    }

    fn queries() -> Vec<Query> {
        let subject = Subject::new(Kind::Deployment, "shop", "cart");
        let names = Names {
            namespace: "shop",
            workload: &subject,
            services: &["cart".to_owned()],
        };
        of_workload(&names, &Known::default())
    }

    fn read(rate: Answer, errors: Answer) -> Vec<Reading> {
        let all = queries();
        let at = |indicator| {
            all.iter()
                .find(|query| query.indicator == indicator)
                .cloned()
        };
        let two: Vec<Query> = [at(Indicator::RequestRate), at(Indicator::ErrorRate)]
            .into_iter()
            .flatten()
            .collect();
        readings(&two, &[rate, errors], ("shop", "cart"), &[])
    }

    #[test]
    fn the_first_failure_ever_has_a_usual_value_of_none() {
        let rate = || Answer {
            now: Some(vec![
                series(&[("pod", "cart-1")], 4.0),
                series(&[("pod", "cart-2")], 6.0),
            ]),
            yesterday: Some(vec![series(&[("pod", "cart-old")], 9.0)]),
            ..Answer::default()
        };
        let errors = |yesterday| Answer {
            now: Some(vec![series(&[], 0.4)]),
            yesterday,
            ..Answer::default()
        };
        let all = read(rate(), errors(Some(Vec::new())));
        let find = |indicator| {
            all.iter()
                .find(|r| r.indicator == indicator && r.pod.is_none())
        };
        assert_eq!(find(Indicator::ErrorRate).map(|r| r.usual), Some(Some(0.0)));
        let total = find(Indicator::RequestRate).map(|r| (r.now, r.usual));
        assert_eq!(total, Some((10.0, Some(9.0))));
        assert_eq!(all.iter().filter(|r| r.pod.is_some()).count(), 2);
        // Not answered is not zero.
        let all = read(rate(), errors(None));
        let errors = all.iter().find(|r| r.indicator == Indicator::ErrorRate);
        assert_eq!(errors.map(|r| r.usual), Some(None));
    }

    #[test]
    fn every_status_label_counts() {
        let errors = queries()
            .into_iter()
            .find(|query| query.indicator == Indicator::ErrorRate);
        let text = errors.map(|query| query.expression).unwrap_or_default();
        for label in DIALECTS[0].status {
            assert!(
                text.contains(&format!("{label}=~\"5..\"")),
                "{label}: {text}"
            );
        }
    }

    #[test]
    fn a_node_is_known_by_name_or_address() {
        let nodes = [("worker-1".to_owned(), Some("10.0.0.11".to_owned()))];
        let of = |label: &str, text: &str| node_of(&series(&[(label, text)], 1.0), &nodes);
        assert_eq!(
            of("instance", "10.0.0.11:9100").as_deref(),
            Some("worker-1")
        );
        assert_eq!(of("instance", "worker-1").as_deref(), Some("worker-1"));
        assert_eq!(of("instance", "10.0.0.12:9100"), None);
    }
}
