//! A node whose clock is wrong: its heartbeats carry times that nobody else's do.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::core::v1::{Node, NodeCondition};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::finding;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Looked, utc};
use crate::text::{Arg, Message};

/// Clocks that differ by less work together; tokens and certificates are checked with a minute of grace or so.
const OFF: TimeDelta = TimeDelta::seconds(60);
/// A kubelet renews its lease every ten seconds; a read of ours is seconds old.
const RENEWED: TimeDelta = TimeDelta::seconds(60);
/// Conditions by which watchers of nodes say it (node problem detector's `ntp-custom-plugin-monitor`).
const BAD: [&str; 3] = ["NTPProblem", "ClockSkew", "TimeSyncProblem"];

/// Judges every node.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all: Vec<(&Node, TimeDelta)> = case
        .nodes
        .iter()
        .filter_map(|node| Some((node, offset(case, node)?)))
        .collect();
    let off = all.iter().filter(|(_, offset)| offset.abs() > OFF).count();
    // Where most of them differ from us, the clock that is wrong is ours.
    let ours = off * 2 > all.len() || (off > 0 && all.len() < 2);
    let skewed = all
        .iter()
        .filter(|(_, offset)| !ours && offset.abs() > OFF)
        .filter_map(|(node, offset)| skewed(case, node, *offset, all.len() - off));
    let told = case.nodes.iter().filter_map(|node| told(case, node));
    told.chain(skewed).collect()
}

/// By how much a ready node's newest heartbeat is ahead of now (or, by its lease, behind).
fn offset(case: &Facts<'_>, node: &Node) -> Option<TimeDelta> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    let ready = conditions
        .iter()
        .find(|it| it.type_ == "Ready" && it.status == "True")?;
    let beat = ready.last_heartbeat_time.as_ref().map(utc);
    let renewed = renewed(case, node);
    let newest = beat.into_iter().chain(renewed).max()?;
    let ahead = newest - case.now;
    if ahead > TimeDelta::zero() {
        return Some(ahead);
    }
    // The node's status is posted every five minutes only: just the lease can tell that a clock is behind.
    let behind = renewed.map_or(TimeDelta::zero(), |at| at - case.now);
    Some(if behind < -RENEWED {
        behind
    } else {
        TimeDelta::zero()
    })
}

fn renewed(case: &Facts<'_>, node: &Node) -> Option<DateTime<Utc>> {
    let name = node.metadata.name.as_deref()?;
    let Looked::Found(lease) = case.leases.look("kube-node-lease", name) else {
        return None;
    };
    let time = lease.spec.as_ref()?.renew_time.as_ref()?;
    Some(utc(&Time(time.0)))
}

fn skewed(case: &Facts<'_>, node: &Node, offset: TimeDelta, in_step: usize) -> Option<Finding> {
    let name = node.metadata.name.as_deref()?;
    let ahead = offset > TimeDelta::zero();
    let by = Arg::Span(offset.abs().num_seconds());
    let (hits, pods) = super::touched_or_placed(case, name);
    let id = if ahead {
        "cause-node-clock-ahead"
    } else {
        "cause-node-clock-behind"
    };
    let summary = Message::new(id).with("node", name).with("by", by.clone());
    let fact = Message::new(if ahead {
        "fact-clock-ahead"
    } else {
        "fact-clock-behind"
    })
    .with("node", name)
    .with("by", by)
    .with("others", in_step);
    // One clock against one other is no majority.
    let strength = match (in_step >= 2, ahead) {
        (true, true) => 0.93,
        (true, false) => 0.8,
        (false, _) => 0.6,
    };
    let source = format!("node {name} heartbeats");
    let finding = base(name, strength, summary).evidence(fact, source, Some(case.now));
    Some(finding.affected(pods).hits(hits))
}

fn base(name: &str, strength: f64, summary: Message) -> Finding {
    let subject = Subject::cluster(Kind::Node, name);
    let command = String::from("chronyc tracking; timedatectl");
    let fix = Fix::new(subject.clone(), "", Message::new("why-node-clock-skew")).command(command);
    Finding::new(Cause::NodeClockSkew, subject, strength, summary)
        .explains([
            Symptom::Errors,
            Symptom::NoMetrics,
            Symptom::MissingData,
            Symptom::Unavailable,
            Symptom::NotReady,
        ])
        .fix(fix)
}

/// A watcher of the node says that its clock is not kept.
fn told(case: &Facts<'_>, node: &Node) -> Option<Finding> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    let bad = |it: &&NodeCondition| BAD.contains(&it.type_.as_str()) && it.status == "True";
    let condition = conditions.iter().find(bad)?;
    let told = (
        Cause::NodeClockSkew,
        "cause-node-clock-skew",
        "why-node-clock-skew",
    );
    let mut found = finding(case, node, condition, told)?;
    // The time service is down; by how much the clock is off is not known.
    found.strength = 0.8;
    Some(found)
}
