//! A node whose kubelet is silent: the kubelet alone, the machine, or the way to several of them.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::core::v1::Node;

use super::{Told, not_ready};
use crate::finding::{Cause, Evidence, Finding};
use crate::investigation::case::{Beat, Facts, Indicator, beat, since, utc};
use crate::text::{Arg, Message};

/// Nodes that fell silent within this time did so together.
const TOGETHER: TimeDelta = TimeDelta::minutes(5);
/// Label of a node's zone (API reference, well-known labels).
const ZONE: &str = "topology.kubernetes.io/zone";
/// Taints of a machine that is known to be off (cloud provider, and by hand).
const OFF: [&str; 2] = [
    "node.cloudprovider.kubernetes.io/shutdown",
    "node.kubernetes.io/out-of-service",
];

/// What silence means on one node.
pub(super) struct Heard {
    pub(super) told: Told,
    strength: f64,
    evidence: Vec<Evidence>,
}

impl Heard {
    fn new(told: Told, strength: f64) -> Self {
        Self {
            told,
            strength,
            evidence: Vec::new(),
        }
    }

    fn evidence(mut self, fact: Message, source: String, at: Option<DateTime<Utc>>) -> Self {
        self.evidence.push(Evidence {
            fact,
            source: source.into(),
            observed_at: at,
        });
        self
    }

    /// Puts it on the finding.
    pub(super) fn on(self, mut finding: Finding) -> Finding {
        finding.strength = self.strength;
        finding.evidence.extend(self.evidence);
        finding
    }
}

/// What is known of a silent node. The most certain first.
pub(super) fn told(case: &Facts<'_>, node: &Node) -> Heard {
    off(node)
        .or_else(|| together(case, node))
        .or_else(|| alone(case, node))
        .unwrap_or_else(|| {
            let told = (
                Cause::NodeNotReady,
                "cause-node-not-ready-silent",
                "why-node-silent",
            );
            Heard::new(told, 0.96)
        })
}

const UNREACHABLE: Cause = Cause::NodeUnreachable;

fn name_of(node: &Node) -> &str {
    node.metadata.name.as_deref().unwrap_or_default()
}

/// Somebody who knows says that the machine is off.
fn off(node: &Node) -> Option<Heard> {
    let taints = node.spec.as_ref()?.taints.as_ref()?;
    let taint = taints
        .iter()
        .find(|taint| OFF.contains(&taint.key.as_str()))?;
    let fact = Message::new("fact-node-repels")
        .with("node", name_of(node))
        .with("taint", taint.key.as_str());
    let told = (UNREACHABLE, "cause-node-off", "why-node-off");
    let source = format!("node {} spec.taints", name_of(node));
    Some(Heard::new(told, 0.96).evidence(fact, source, taint.time_added.as_ref().map(utc)))
}

/// Several nodes fell silent at the same time: what they share is at fault, not each of them.
fn together(case: &Facts<'_>, node: &Node) -> Option<Heard> {
    let at = silent_since(node)?;
    let zone = zone_of(node);
    let others = case.nodes.iter().filter(|other| {
        let near = silent_since(other).is_some_and(|then| (then - at).abs() <= TOGETHER);
        name_of(other) != name_of(node) && near
    });
    let others: Vec<&Node> = others.collect();
    if others.is_empty() {
        return None;
    }
    let mut names: Vec<&str> = others.iter().map(|other| name_of(other)).collect();
    names.push(name_of(node));
    names.sort_unstable();
    let same_zone = zone.filter(|zone| others.iter().all(|other| zone_of(other) == Some(zone)));
    let (sentence, strength) = match same_zone {
        Some(_) => ("cause-node-unreachable-zone", 0.93),
        None => ("cause-node-unreachable", 0.88),
    };
    let fact = Message::new("fact-nodes-silent")
        .with("count", names.len())
        .with("nodes", names)
        .with("zone", same_zone.unwrap_or("–"));
    let told = (UNREACHABLE, sentence, "why-node-unreachable");
    Some(Heard::new(told, strength).evidence(
        fact,
        String::from("nodes status.conditions[Ready]"),
        Some(at),
    ))
}

fn silent_since(node: &Node) -> Option<DateTime<Utc>> {
    let condition = not_ready(node).filter(|it| it.status == "Unknown")?;
    condition.last_transition_time.as_ref().map(utc)
}

fn zone_of(node: &Node) -> Option<&str> {
    Some(node.metadata.labels.as_ref()?.get(ZONE)?.as_str())
}

/// One node: its lease tells when the kubelet last spoke; a pod there that still answers tells that the machine lives.
fn alone(case: &Facts<'_>, node: &Node) -> Option<Heard> {
    let name = name_of(node);
    let unhealthy = says_kubelet(node);
    let alive = serving(case, name);
    let lease = match beat(case, "kube-node-lease", name) {
        Beat::Silent(at) => Some(at),
        _ => None,
    };
    let strength = match (&unhealthy, &alive, lease) {
        (Some(_), _, _) => 0.95,
        (None, Some(_), _) => 0.93,
        (None, None, Some(_)) => 0.75,
        (None, None, None) => return None,
    };
    let told = (Cause::KubeletDown, "cause-kubelet-down", "why-kubelet-down");
    let mut heard = Heard::new(told, strength);
    if let Some(at) = lease {
        let fact = Message::new("fact-lease-silent")
            .with("lease", name)
            .with("lasting", Arg::Span(since(case.now, at).num_seconds()));
        heard = heard.evidence(
            fact,
            format!("lease kube-node-lease/{name} spec.renewTime"),
            Some(at),
        );
    }
    if let Some(pod) = alive {
        let fact = Message::new("fact-pod-still-serves")
            .with("pod", pod)
            .with("node", name);
        heard = heard.evidence(fact, String::from("Prometheus, 5 min"), Some(case.now));
    }
    if let Some((kind, message)) = unhealthy {
        let fact = Message::new("fact-controller-says")
            .with("reason", kind)
            .with("line", message);
        heard = heard.evidence(fact, format!("node {name} status.conditions[{kind}]"), None);
    }
    Some(heard)
}

/// The node problem detector looks after the kubelet (its `health-checker` and custom plugins).
fn says_kubelet(node: &Node) -> Option<(&str, &str)> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    let bad = conditions.iter().find(|it| {
        matches!(
            it.type_.as_str(),
            "KubeletUnhealthy" | "KubeletProblem" | "FrequentKubeletRestart"
        ) && it.status == "True"
    })?;
    Some((
        bad.type_.as_str(),
        bad.message.as_deref().unwrap_or_default(),
    ))
}

/// A pod on the node whose own metrics show requests being served.
fn serving(case: &Facts<'_>, node: &str) -> Option<String> {
    let served = case
        .readings
        .iter()
        .filter(|reading| reading.indicator == Indicator::RequestRate && reading.now > 0.0);
    let mut pods = served.filter_map(|reading| reading.pod.clone());
    pods.find(|pod| {
        case.pods.iter().any(|known| {
            let there = known
                .spec
                .as_ref()
                .and_then(|spec| spec.node_name.as_deref());
            known.metadata.name.as_ref() == Some(pod) && there == Some(node)
        })
    })
}
