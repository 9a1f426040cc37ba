//! No node keeps the spread that the pod's topology constraints require.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Pod, TopologySpreadConstraint};

use super::Unplaced;
use super::nodes::labels;
use super::peers::{node_of, selected};
use super::table::Sieve;
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{Facts, labels_of};
use crate::investigation::judge::facts::is_live;
use crate::text::Message;

/// Names the constraint that cannot be kept, with the pods in each place.
pub(super) fn judge(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>, strength: f64) -> Finding {
    let spec = unplaced.pod.spec.as_ref();
    let constraints: Vec<&TopologySpreadConstraint> = spec
        .iter()
        .flat_map(|spec| spec.topology_spread_constraints.iter().flatten())
        .filter(|it| it.when_unsatisfiable == "DoNotSchedule")
        .collect();
    let known = unplaced.case.nodes.knows("");
    let unlabelled = |it: &&&TopologySpreadConstraint| {
        known && !sieve.labelled.is_empty() && places(unplaced, sieve, it).is_empty()
    };
    let missing = constraints.iter().find(unlabelled);
    let uneven = |it: &&&TopologySpreadConstraint| {
        let places = places(unplaced, sieve, it);
        let most = places.values().max().copied().unwrap_or_default();
        let least = places.values().min().copied().unwrap_or_default();
        most - least
    };
    let Some(named) = missing.or_else(|| constraints.iter().max_by_key(uneven)) else {
        let summary = Message::new("cause-topology-spread-unsatisfied-default");
        let found = unplaced.finding(Cause::TopologySpreadUnsatisfied, 0.8, summary);
        return unplaced.ruled_out(found).fix(fix(unplaced, None));
    };
    let id = if missing.is_some() {
        "cause-topology-spread-unsatisfied-label"
    } else {
        "cause-topology-spread-unsatisfied"
    };
    let summary = Message::new(id)
        .with("key", &named.topology_key)
        .with("skew", named.max_skew);
    let finding = unplaced.finding(Cause::TopologySpreadUnsatisfied, strength, summary);
    let finding = counted(unplaced, sieve, finding, named);
    unplaced.ruled_out(finding).fix(fix(unplaced, Some(named)))
}

/// Pods of the group in each place that nodes with the right labels are in. Tainted and cordoned nodes
/// count, unless the constraint says otherwise (`nodeTaintsPolicy: Honor`): that is what traps people.
fn places<'a>(
    unplaced: &Unplaced<'_>,
    sieve: &Sieve<'a>,
    of: &TopologySpreadConstraint,
) -> BTreeMap<&'a str, usize> {
    let honor = of.node_taints_policy.as_deref() == Some("Honor");
    let nodes = if honor { &sieve.ready } else { &sieve.labelled };
    let key = &of.topology_key;
    let mut places: BTreeMap<&str, usize> = nodes
        .iter()
        .filter_map(|node| Some((labels(node).get(key)?.as_str(), 0)))
        .collect();
    for pod in group(unplaced.case, unplaced.pod, of) {
        let node = node_of(pod).and_then(|name| unplaced.case.nodes.look("", name).found());
        let place = node.and_then(|node| labels(node).get(key));
        if let Some(count) = place.and_then(|place| places.get_mut(place.as_str())) {
            *count += 1;
        }
    }
    places
}

/// The pods that a constraint counts: of the namespace, with its labels. Those of the same revision, where it
/// says so (`matchLabelKeys`).
fn group<'a>(case: &'a Facts<'a>, pod: &'a Pod, of: &TopologySpreadConstraint) -> Vec<&'a Pod> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let label = |pod: &Pod, key: &str| pod.metadata.labels.as_ref()?.get(key).cloned();
    let all = case.pods.within(namespace);
    all.filter(|other| is_live(other))
        .filter(|other| {
            let labels = labels_of(&other.metadata);
            let keys = of.match_label_keys.iter().flatten();
            selected(of.label_selector.as_ref(), labels)
                && keys
                    .into_iter()
                    .all(|key| label(other, key) == label(pod, key))
        })
        .collect()
}

fn counted(
    unplaced: &Unplaced<'_>,
    sieve: &Sieve<'_>,
    finding: Finding,
    of: &TopologySpreadConstraint,
) -> Finding {
    let places = places(unplaced, sieve, of);
    if places.is_empty() {
        return finding;
    }
    let parts: Vec<String> = places
        .iter()
        .map(|(place, count)| format!("{place}: {count}"))
        .collect();
    let fact = Message::new("fact-spread-places")
        .with("key", &of.topology_key)
        .with("places", parts);
    finding.evidence(fact, "pods and nodes", Some(unplaced.case.now))
}

fn fix(unplaced: &Unplaced<'_>, of: Option<&&TopologySpreadConstraint>) -> Fix {
    let subject = unplaced.workload.subject.clone();
    let why = Message::new("why-topology-spread");
    let fix = Fix::new(subject, "topologySpreadConstraints.whenUnsatisfiable", why);
    match of {
        Some(_) => fix.change(Some("DoNotSchedule"), Some("ScheduleAnyway")),
        None => fix,
    }
}
