//! A node that is not ready, when pods of the case are on it or the question is about it or about everything; and
//! what is wrong with the cluster itself.

mod certificate;
mod clock;
mod control;
mod metrics_api;
mod network;
mod silent;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Node, NodeCondition, Pod};

use super::facts::{is_finished, is_live, quote};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Scope, containers, is_ready, owner_of, since, utc};
use crate::text::{Arg, Message};

/// Judges every node: one finding each node whose Ready condition is not true.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for node in case.nodes.iter() {
        if let Some(condition) = not_ready(node) {
            findings.extend(of_node(case, node, condition));
            continue;
        }
        for (kind, told) in TROUBLES {
            if let Some(condition) = holds(node, kind) {
                findings.extend(finding(case, node, condition, told));
            }
        }
    }
    findings.extend(network::judge(case));
    findings.extend(clock::judge(case));
    findings.extend(control::judge(case));
    findings.extend(certificate::judge(case));
    findings.extend(metrics_api::judge(case));
    findings
}

/// A node that is not ready: silent, or with a kubelet that says why.
fn of_node(case: &Facts<'_>, node: &Node, condition: &NodeCondition) -> Option<Finding> {
    if condition.status != "Unknown" {
        return finding(case, node, condition, of_not_ready(condition));
    }
    let heard = silent::told(case, node);
    let finding = finding(case, node, condition, heard.told)?;
    Some(heard.on(finding))
}

fn not_ready(node: &Node) -> Option<&NodeCondition> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    conditions
        .iter()
        .find(|condition| condition.type_ == "Ready" && condition.status != "True")
}

/// What is said of a node: the cause, its sentence, the reason of the fix.
type Told = (Cause, &'static str, &'static str);

/// Conditions that are trouble when they hold (Node API reference; the kubelet's eviction manager).
const TROUBLES: [(&str, Told); 4] = [
    (
        "MemoryPressure",
        (
            Cause::NodeMemoryPressure,
            "cause-node-memory-pressure",
            "why-node-memory-pressure",
        ),
    ),
    (
        "DiskPressure",
        (
            Cause::NodeDiskPressure,
            "cause-node-disk-pressure",
            "why-node-disk-pressure",
        ),
    ),
    (
        "PIDPressure",
        (
            Cause::NodePidPressure,
            "cause-node-pid-pressure",
            "why-node-pid-pressure",
        ),
    ),
    ("NetworkUnavailable", NO_NETWORK),
];

const NO_NETWORK: Told = (
    Cause::NodeNetworkUnavailable,
    "cause-node-network-unavailable",
    "why-node-network-unavailable",
);

fn holds<'a>(node: &'a Node, kind: &str) -> Option<&'a NodeCondition> {
    let conditions = node.status.as_ref()?.conditions.as_ref()?;
    conditions
        .iter()
        .find(|condition| condition.type_ == kind && condition.status == "True")
}

/// Why a node is not ready, as its kubelet says.
fn of_not_ready(condition: &NodeCondition) -> Told {
    let words = condition.message.as_deref().unwrap_or_default();
    let says = |all: &[&str]| all.iter().any(|part| words.contains(part));
    if says(&[
        "NetworkPluginNotReady",
        "cni plugin not initialized",
        "NetworkReady=false",
    ]) {
        return NO_NETWORK;
    }
    if says(&[
        "container runtime is down",
        "PLEG is not healthy",
        "container runtime not ready",
        "container runtime status check may not have completed",
    ]) {
        return (
            Cause::ContainerRuntimeDown,
            "cause-container-runtime-down",
            "why-container-runtime-down",
        );
    }
    (
        Cause::NodeNotReady,
        "cause-node-not-ready",
        "why-node-not-ready",
    )
}

fn finding(
    case: &Facts<'_>,
    node: &Node,
    condition: &NodeCondition,
    (told, sentence, why): Told,
) -> Option<Finding> {
    let name = node.metadata.name.as_deref()?;
    let ready = not_ready(node).is_none();
    let badly = matches!(told, Cause::NodeNetworkDegraded | Cause::NodeClockSkew);
    let (hits, pods) = if ready && badly {
        touched_or_placed(case, name)
    } else {
        touched(case, name)
    };
    let (hits, pods) = if pods == 0 {
        evicted(case, name)
    } else {
        (hits, pods)
    };
    let asked = case.scope == Scope::Cluster || is_asked(case, name);
    if pods == 0 && !asked && !is_missed(case, &condition.type_) {
        return None;
    }
    let at = condition.last_transition_time.as_ref().map(utc);
    // A node that joins is not ready for a moment, and nothing runs on it.
    let joining = at.is_some_and(|at| since(case.now, at).num_minutes() < 2);
    if pods == 0 && joining {
        return None;
    }
    let reason = condition.reason.as_deref().unwrap_or_default();
    let message = condition.message.as_deref().unwrap_or_default();
    let summary = Message::new(sentence)
        .with("node", name)
        .with("reason", reason)
        .with("pods", pods);
    let lasting = at.map_or(0, |at| since(case.now, at).num_seconds());
    let fact = Message::new("fact-node-condition")
        .with("node", name)
        .with("condition", condition.type_.as_str())
        .with("status", condition.status.as_str())
        .with("reason", reason)
        .with("message", quote(message))
        .with("lasting", Arg::Span(lasting));
    let subject = Subject::cluster(Kind::Node, name);
    let source = format!("node {name} status.conditions[{}]", condition.type_);
    let mut finding = Finding::new(told, subject, 0.96, summary)
        .evidence(fact, source, at)
        .explains([
            Symptom::Unavailable,
            Symptom::NotReady,
            Symptom::Errors,
            Symptom::Slow,
            Symptom::Pending,
            Symptom::NoMetrics,
            Symptom::MissingData,
        ])
        .since(at)
        .affected(pods)
        .fix(fix(name, why));
    if pods > 0 {
        let names: Vec<&str> = hits.iter().map(|hit| hit.name.as_str()).collect();
        let fact = Message::new("fact-pods-on-node")
            .with("pods", pods)
            .with("workloads", names);
        finding = finding.evidence(fact, format!("pods on node {name}"), Some(case.now));
    }
    Some(finding.hits(hits))
}

/// Whether the question is about this very node, as its own alert's is.
fn is_asked(case: &Facts<'_>, node: &str) -> bool {
    let node = Subject::cluster(Kind::Node, node);
    matches!(&case.scope, Scope::Object(asked) if asked.same_object(&node))
}

/// The taints by which the control plane keeps pods off a node with that condition (well-known taints).
fn taints(condition: &str) -> &'static [&'static str] {
    match condition {
        "MemoryPressure" => &["{node.kubernetes.io/memory-pressure"],
        "DiskPressure" => &["{node.kubernetes.io/disk-pressure"],
        "PIDPressure" => &["{node.kubernetes.io/pid-pressure"],
        "NetworkUnavailable" => &["{node.kubernetes.io/network-unavailable"],
        _ => &[
            "{node.kubernetes.io/unreachable",
            "{node.kubernetes.io/not-ready",
        ],
    }
}

/// Whether a pod waits because of nodes with that condition: the scheduler says so.
fn is_missed(case: &Facts<'_>, condition: &str) -> bool {
    let taints = taints(condition);
    case.pods.iter().filter(|pod| is_live(pod)).any(|pod| {
        let conditions = pod
            .status
            .iter()
            .flat_map(|status| status.conditions.iter().flatten());
        let mut words = conditions.filter_map(|condition| condition.message.as_deref());
        words.any(|words| taints.iter().any(|taint| words.contains(taint)))
    })
}

/// The workloads with pods on the node that suffer, and how many pods these are.
fn touched(case: &Facts<'_>, node: &str) -> (Vec<Subject>, usize) {
    let mut hits: BTreeMap<Subject, usize> = BTreeMap::new();
    for workload in case.workloads() {
        let there = workload.pods.iter().filter(|pod| {
            let at = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
            at == Some(node) && !is_finished(pod) && (is_live(pod) || !is_ready(pod))
        });
        let count = there.count();
        // Pods that are on their way out are no loss once others serve in their place.
        let replaced = workload.desired.is_some() && workload.ready() >= workload.wanted();
        if count > 0 && !(replaced && workload.wanted() > 0) {
            hits.insert(workload.subject.clone(), count);
        }
    }
    let pods = hits.values().sum();
    (hits.into_keys().collect(), pods)
}

/// The workloads whose pods the node's kubelet evicted within the hour: they are well elsewhere by now, or wait.
fn evicted(case: &Facts<'_>, node: &str) -> (Vec<Subject>, usize) {
    let recent = |pod: &&Pod| -> bool {
        let status = pod.status.as_ref();
        let reason = status.and_then(|status| status.reason.as_deref());
        let placed = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
        let ended = containers(pod)
            .into_iter()
            .filter_map(|container| container.last_exit()?.finished)
            .max();
        // The node's trouble is of now; an eviction without a time is taken to be of it.
        reason == Some("Evicted")
            && placed == Some(node)
            && ended.is_none_or(|at| since(case.now, at).num_minutes() <= 60)
    };
    let mut hits: Vec<Subject> = case.pods.iter().filter(recent).map(owner_of).collect();
    let pods = hits.len();
    hits.sort();
    hits.dedup();
    (hits, pods)
}

/// The workloads with pods on a node that is ready and works badly, and how many pods these are.
fn touched_or_placed(case: &Facts<'_>, node: &str) -> (Vec<Subject>, usize) {
    let mut hits = Vec::new();
    let mut pods = 0;
    for workload in case.workloads() {
        let there = workload.pods.iter().filter(|pod| {
            let at = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
            at == Some(node) && is_live(pod)
        });
        let count = there.count();
        if count > 0 {
            pods += count;
            hits.push(workload.subject.clone());
        }
    }
    (hits, pods)
}

fn fix(name: &str, why: &'static str) -> Fix {
    Fix::new(Subject::cluster(Kind::Node, name), "", Message::new(why))
        .command(format!("kubectl describe node {name}"))
}
