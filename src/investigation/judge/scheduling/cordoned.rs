//! A cordoned node would take the pod, and nothing else does.

use k8s_openapi::api::core::v1::Node;

use super::Unplaced;
use super::nodes::name;
use super::table::Sieve;
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::text::Message;

/// `shut`: the cordoned nodes that would take the pod. The largest one is named.
pub(super) fn judge(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>, shut: &[&Node]) -> Finding {
    let room = |node: &&&Node| {
        let allocatable = node.status.as_ref().and_then(|it| it.allocatable.as_ref());
        allocatable
            .and_then(|all| crate::investigation::case::millicores(all.get("cpu")?))
            .unwrap_or_default()
    };
    let named = shut.iter().max_by_key(room).map_or("", |node| name(node));
    let subject = Subject::cluster(Kind::Node, named);
    // Others that are not cordoned and are full: the pod may fit there too, once room is made.
    let strength = if sieve.ready.is_empty() { 0.95 } else { 0.9 };
    let id = if sieve.ready.is_empty() {
        "cause-node-cordoned"
    } else {
        "cause-node-cordoned-others-full"
    };
    let summary = Message::new(id)
        .with("node", named)
        .with("cordoned", shut.len())
        .with("open", sieve.ready.len());
    let fact = Message::new("fact-node-cordoned")
        .with("node", named)
        .with("cordoned", shut.len());
    let source = format!("node {named} spec.unschedulable");
    let why = Message::new("why-node-cordoned").with("node", named);
    let fix = Fix::new(subject.clone(), "spec.unschedulable", why)
        .change(Some("true"), Some("false"))
        .command(format!("kubectl uncordon {named}"));
    let finding = unplaced
        .finding_on(subject, Cause::NodeCordoned, strength, summary)
        .evidence(fact, source, Some(unplaced.case.now))
        .hits([unplaced.workload.subject.clone()]);
    unplaced.ruled_out(finding).fix(fix)
}
