//! Every node that would fit has a taint which the pod does not tolerate.

use k8s_openapi::api::core::v1::{Node, Taint};

use super::Unplaced;
use super::nodes::{is_condition, is_control_plane, name, untolerated};
use super::table::Sieve;
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::text::Message;

/// Taints of a node's condition are that node's trouble; one of the control plane is named where there
/// is no other.
pub(super) fn judge(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>) -> Option<Finding> {
    let spec = unplaced.pod.spec.as_ref()?;
    // Where nodes that would fit are down, what keeps the pod from the others is all there is to say.
    let nodes = if sieve.down.is_empty() {
        &sieve.reaching
    } else {
        &sieve.all
    };
    let keeping: Vec<(&Node, &Taint)> = nodes
        .iter()
        .filter_map(|node| Some((*node, untolerated(node, spec)?)))
        .filter(|(_, taint)| !is_condition(&taint.key))
        .collect();
    let workers = keeping.iter().find(|(_, taint)| !is_control_plane(taint));
    let (node, taint) = workers.or_else(|| keeping.first())?;
    let label = show(taint);
    let same = |other: &&(&Node, &Taint)| other.1.key == taint.key && other.1.value == taint.value;
    let of_same = keeping.iter().filter(same).count();
    // Nodes that are down may be the ones that would fit.
    let down = sieve.down.iter();
    let down: Vec<Subject> = down
        .map(|node| Subject::cluster(Kind::Node, name(node)))
        .collect();
    let strength = if down.is_empty() { 0.95 } else { 0.7 };
    let summary = Message::new("cause-taint-not-tolerated")
        .with("taint", &label)
        .with("count", of_same);
    let fact = Message::new("fact-node-taint")
        .with("node", name(node))
        .with("taint", &label)
        .with("count", of_same);
    let source = format!("node {} spec.taints", name(node));
    let finding = unplaced
        .finding(Cause::TaintNotTolerated, strength, summary)
        .evidence(fact, source, Some(unplaced.case.now))
        .blames(down);
    Some(unplaced.ruled_out(finding).fix(tolerate(unplaced, &label)))
}

/// The nodes were not read: the scheduler's own words, where they name the taint.
pub(super) fn by_name(unplaced: &Unplaced<'_>) -> Option<Finding> {
    let named = &unplaced.reasons.taints;
    let key = named.iter().find(|key| !is_condition(key))?;
    let summary = Message::new("cause-taint-not-tolerated")
        .with("taint", key)
        .with(
            "count",
            unplaced.reasons.count(&super::words::Reason::Taint),
        );
    let finding = unplaced.finding(Cause::TaintNotTolerated, 0.85, summary);
    Some(unplaced.ruled_out(finding).fix(tolerate(unplaced, key)))
}

fn tolerate(unplaced: &Unplaced<'_>, label: &str) -> Fix {
    let subject = unplaced.workload.subject.clone();
    let why = Message::new("why-taint").with("taint", label);
    Fix::new(subject, "tolerations", why).change(None::<String>, Some(label))
}

/// `dedicated=gpu:NoSchedule`, as kubectl writes it.
fn show(taint: &Taint) -> String {
    match taint.value.as_deref().filter(|value| !value.is_empty()) {
        Some(value) => format!("{}={value}:{}", taint.key, taint.effect),
        None => format!("{}:{}", taint.key, taint.effect),
    }
}
