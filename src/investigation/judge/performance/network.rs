//! The network as nodes measure it: packets that are lost or sent again, and how long they take.

use super::measured::Measured;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Indicator, Reading};
use crate::text::{Arg, Message};

/// TCP slows down visibly once a few in a hundred segments are lost; healthy is well under 0.5 %.
const RETRANSMITS: f64 = 0.03;
/// Errors and drops of the interfaces themselves.
const LOST: f64 = 0.01;
/// Between nodes of a cluster packets take about a millisecond; across zones a few.
const LATENCY: f64 = 0.02;
/// Against other days it has to be a change.
const TIMES: f64 = 3.0;

/// Judges every node with readings of its network.
pub(super) fn judge(case: &Facts<'_>, all: &[Measured<'_>]) -> Vec<Finding> {
    let mut nodes: Vec<&str> = case
        .readings
        .iter()
        .filter_map(|r| r.node.as_deref())
        .collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
        .into_iter()
        .filter_map(|node| of_node(case, all, node))
        .collect()
}

/// Loss explains latency: packets that are sent again arrive late.
fn of_node(case: &Facts<'_>, all: &[Measured<'_>], node: &str) -> Option<Finding> {
    let hits: Vec<Subject> = all
        .iter()
        .filter(|one| one.runs_on(node))
        .map(|one| one.subject().clone())
        .collect();
    if hits.is_empty() {
        return None;
    }
    let worst = |indicator, least| {
        case.readings
            .iter()
            .filter(|r| {
                r.indicator == indicator && r.node.as_deref() == Some(node) && bad(r, least)
            })
            .max_by(|a, b| a.now.total_cmp(&b.now))
    };
    let again = worst(Indicator::NodeRetransmits, RETRANSMITS);
    let lost = worst(Indicator::NodePacketLoss, LOST);
    let finding = match (lost.or(again), worst(Indicator::NodeLatency, LATENCY)) {
        (Some(_), _) => loss(case, node, lost, again),
        (None, Some(late)) => latency(case, node, late),
        (None, None) => return None,
    };
    Some(finding.affected(hits.len()).hits(hits))
}

fn bad(reading: &Reading, least: f64) -> bool {
    reading.now.is_finite()
        && reading.now >= least
        && reading
            .normal()
            .is_none_or(|normal| reading.now >= normal * TIMES)
}

fn loss(case: &Facts<'_>, node: &str, lost: Option<&Reading>, again: Option<&Reading>) -> Finding {
    let subject = Subject::cluster(Kind::Node, node);
    let share = lost.or(again).map_or(0.0, |reading| reading.now);
    let id = if lost.is_some() {
        "cause-network-packet-loss"
    } else {
        "cause-network-packet-loss-tcp"
    };
    let summary = Message::new(id)
        .with("node", node)
        .with("share", Arg::Percent(share));
    // Segments may be lost anywhere on their way; the interface's own counters name the node.
    let strength = match (lost.is_some(), again.is_some()) {
        (true, true) => 0.88,
        (true, false) => 0.8,
        _ => 0.68,
    };
    let mut finding = Finding::new(Cause::NetworkPacketLoss, subject.clone(), strength, summary);
    let facts = [
        (
            lost,
            "fact-packets-lost",
            "Prometheus node_network_*_errs_total, *_drop_total, 5 min",
        ),
        (
            again,
            "fact-segments-again",
            "Prometheus node_netstat_Tcp_RetransSegs, 5 min",
        ),
    ];
    for (reading, id, source) in facts {
        if let Some(reading) = reading {
            finding = finding.evidence(of(id, node, reading), source, Some(case.now));
        }
    }
    finding
        .explains([
            Symptom::Slow,
            Symptom::Errors,
            Symptom::Unavailable,
            Symptom::NotReady,
        ])
        .fix(drain(subject, node, "why-packet-loss"))
}

fn of(id: &'static str, node: &str, reading: &Reading) -> Message {
    Message::new(id)
        .with("node", node)
        .with("share", Arg::Percent(reading.now))
}

fn latency(case: &Facts<'_>, node: &str, late: &Reading) -> Finding {
    let subject = Subject::cluster(Kind::Node, node);
    let millis = Arg::Number(late.now * 1000.0);
    let summary = Message::new("cause-network-latency-high")
        .with("node", node)
        .with("value", millis.clone());
    let fact = match late.normal() {
        Some(normal) => {
            Message::new("fact-network-latency-usual").with("usual", Arg::Number(normal * 1000.0))
        }
        None => Message::new("fact-network-latency"),
    };
    let fact = fact.with("node", node).with("value", millis);
    let strength = if late.normal().is_some() { 0.82 } else { 0.7 };
    Finding::new(
        Cause::NetworkLatencyHigh,
        subject.clone(),
        strength,
        summary,
    )
    .evidence(
        fact,
        "Prometheus node to node latency, 5 min",
        Some(case.now),
    )
    .explains([Symptom::Slow, Symptom::Errors])
    .fix(drain(subject, node, "why-network-latency"))
}

fn drain(subject: Subject, node: &str, why: &'static str) -> Fix {
    Fix::new(subject, "spec.unschedulable", Message::new(why))
        .command(format!("kubectl cordon {node}"))
}
