//! A node whose network works badly: only where the node's own watchers say so.

use k8s_openapi::api::core::v1::{Node, NodeCondition};

use super::finding;
use crate::finding::{Cause, Finding, Kind, Subject, Symptom};
use crate::investigation::case::{EventView, Facts, all_events};
use crate::investigation::judge::facts::{is_recent, quote};
use crate::text::Message;

/// Conditions that watchers of nodes set when the network is bad: the node problem detector and its custom plugins
/// (`True` is trouble).
const BAD: [&str; 6] = [
    "NetworkDegraded",
    "NetworkProblem",
    "NetworkPacketLoss",
    "FrequentUnregisterNetDevice",
    "ConntrackFull",
    "ConntrackFullProblem",
];
/// The EKS node monitoring agent says it the other way round (`False` is trouble).
const READY: &str = "NetworkingReady";
/// Events on nodes that say it; of the node problem detector's kernel monitor, its conntrack and network plugins.
const SAID: [&str; 6] = [
    "UnregisterNetDevice",
    "ConntrackFull",
    "NetworkDegraded",
    "PacketLoss",
    "InterfaceNotUp",
    "NICLinkDown",
];

/// Judges every node that is ready.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let ready = case
        .nodes
        .iter()
        .filter(|node| super::not_ready(node).is_none());
    ready.filter_map(|node| of(case, node)).collect()
}

fn of(case: &Facts<'_>, node: &Node) -> Option<Finding> {
    let told = (
        Cause::NodeNetworkDegraded,
        "cause-node-network-degraded",
        "why-node-network-degraded",
    );
    if let Some(condition) = bad(node) {
        let mut found = finding(case, node, condition, told)?;
        found.strength = 0.92;
        return Some(found);
    }
    let name = node.metadata.name.as_deref()?;
    let event = said(case, name)?;
    let (hits, pods) = super::touched_or_placed(case, name);
    let summary = Message::new("cause-node-network-degraded")
        .with("node", name)
        .with("reason", event.reason)
        .with("pods", pods);
    let fact = Message::new("fact-controller-says")
        .with("reason", event.reason)
        .with("line", quote(event.message));
    let strength = if event.count > 2 { 0.8 } else { 0.6 };
    Some(
        Finding::new(
            told.0,
            Subject::cluster(Kind::Node, name),
            strength,
            summary,
        )
        .evidence(
            fact,
            format!("event {} node {name}", event.reason),
            event.last,
        )
        .explains([
            Symptom::Slow,
            Symptom::Errors,
            Symptom::NotReady,
            Symptom::Unavailable,
        ])
        .since(event.first)
        .affected(pods)
        .hits(hits)
        .fix(super::fix(name, told.2)),
    )
}

fn bad(node: &Node) -> Option<&NodeCondition> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    conditions.iter().find(|it| {
        (BAD.contains(&it.type_.as_str()) && it.status == "True")
            || (it.type_ == READY && it.status == "False")
    })
}

fn said<'a>(case: &'a Facts<'a>, node: &str) -> Option<EventView<'a>> {
    let about = all_events(case).filter(|(event, view)| {
        let object = &event.involved_object;
        object.kind.as_deref() == Some("Node")
            && object.name.as_deref() == Some(node)
            && SAID.contains(&view.reason)
            && is_recent(case, view.last)
    });
    about.map(|(_, view)| view).max_by_key(|view| view.count)
}
