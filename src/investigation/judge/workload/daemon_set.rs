//! A `DaemonSet` that runs on nodes it is not meant for, or that no node fits.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::DaemonSet;
use k8s_openapi::api::core::v1::{Node, PodSpec, Taint, Toleration};

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Scope};
use crate::investigation::judge::facts::{argument, kubectl};
use crate::text::Message;

/// Judges every `DaemonSet`.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let of = |set: &DaemonSet| misscheduled(case, set).or_else(|| nowhere(case, set));
    case.daemon_sets.iter().filter_map(of).collect()
}

fn subject_of(set: &DaemonSet) -> Option<Subject> {
    let meta = &set.metadata;
    Some(Subject::new(
        Kind::DaemonSet,
        meta.namespace.clone()?,
        meta.name.clone()?,
    ))
}

fn pod_spec(set: &DaemonSet) -> Option<&PodSpec> {
    set.spec.template.spec.as_ref()
}

/// It runs where it should not: nodes got a taint after its pods did.
fn misscheduled(case: &Facts<'_>, set: &DaemonSet) -> Option<Finding> {
    let count = set.status.as_ref()?.number_misscheduled;
    if count <= 0 {
        return None;
    }
    let subject = subject_of(set)?;
    let spec = pod_spec(set)?;
    let tolerations = spec.tolerations.as_deref().unwrap_or_default();
    let own = |node: &&Node| runs_on(case, &subject, node);
    let unfit = case.nodes.iter().filter(own).filter_map(|node| {
        let taint = repelling(node, tolerations)?;
        Some((node.metadata.name.clone()?, shown(taint)))
    });
    let unfit: Vec<(String, String)> = unfit.collect();
    let asked = matches!(case.scope, Scope::Object(_));
    let strength = match (unfit.is_empty(), asked) {
        (false, true) => 0.9,
        (true, true) => 0.6,
        _ => 0.45,
    };
    let summary = Message::new("cause-daemonset-misscheduled")
        .with("workload", &subject.name)
        .with("pods", count);
    let fact = Message::new("fact-misscheduled").with("pods", count);
    let source = format!("{} status.numberMisscheduled", subject.label());
    let mut finding = finding(&subject, strength, summary, "why-daemonset-misscheduled")
        .evidence(fact, source, Some(case.now))
        .affected(usize::try_from(count).unwrap_or_default());
    for (node, taint) in unfit.into_iter().take(3) {
        let source = format!("node {node} spec.taints");
        let fact = Message::new("fact-node-repels")
            .with("node", node)
            .with("taint", taint);
        finding = finding.evidence(fact, source, Some(case.now));
    }
    Some(finding)
}

fn runs_on(case: &Facts<'_>, subject: &Subject, node: &Node) -> bool {
    let name = node.metadata.name.as_deref();
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    case.pods.within(namespace).any(|pod| {
        pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) == name
            && crate::investigation::case::owner_of(pod).same_object(subject)
    })
}

/// A taint against new pods that nothing tolerates.
fn repelling<'a>(node: &'a Node, tolerations: &[Toleration]) -> Option<&'a Taint> {
    let taints = node.spec.as_ref()?.taints.as_ref()?;
    taints.iter().find(|taint| {
        // The controller gives its pods tolerations for the taints of the node lifecycle.
        let of_node = taint.key.starts_with("node.kubernetes.io/");
        taint.effect != "PreferNoSchedule"
            && !of_node
            && !tolerations.iter().any(|one| tolerates(one, taint))
    })
}

fn tolerates(toleration: &Toleration, taint: &Taint) -> bool {
    let key = toleration.key.as_deref().unwrap_or_default();
    let effect = toleration.effect.as_deref().unwrap_or_default();
    let exists = toleration.operator.as_deref() == Some("Exists");
    let value = toleration.value.as_deref().unwrap_or_default();
    (effect.is_empty() || effect == taint.effect)
        && ((key.is_empty() && exists)
            || (key == taint.key
                && (exists || value == taint.value.as_deref().unwrap_or_default())))
}

fn shown(taint: &Taint) -> String {
    let value = taint.value.as_deref().unwrap_or_default();
    let equals = if value.is_empty() { "" } else { "=" };
    format!("{}{equals}{value}:{}", taint.key, taint.effect)
}

/// No node carries the labels it selects: it wants no pod at all.
fn nowhere(case: &Facts<'_>, set: &DaemonSet) -> Option<Finding> {
    let status = set.status.as_ref()?;
    let selector = pod_spec(set)?
        .node_selector
        .as_ref()
        .filter(|it| !it.is_empty())?;
    let known = case.nodes.knows("") && !case.nodes.is_empty();
    if status.desired_number_scheduled > 0
        || !known
        || case.nodes.iter().any(|it| fits(it, selector))
    {
        return None;
    }
    let asked = matches!(case.scope, Scope::Object(_));
    let subject = subject_of(set)?;
    let labels: Vec<String> = selector
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let summary = Message::new("cause-daemonset-nowhere")
        .with("workload", &subject.name)
        .with("labels", labels.join(","))
        .with("nodes", case.nodes.len());
    let fact = Message::new("fact-no-node-selected")
        .with("labels", labels.join(","))
        .with("nodes", case.nodes.len());
    let source = format!("{} spec.template.spec.nodeSelector", subject.label());
    // For hardware that is not there now, it may be meant so.
    let strength = if asked { 0.92 } else { 0.35 };
    let told = finding(&subject, strength, summary, "why-daemonset-nowhere");
    Some(told.evidence(fact, source, Some(case.now)))
}

fn fits(node: &Node, selector: &BTreeMap<String, String>) -> bool {
    let labels = node.metadata.labels.as_ref();
    selector
        .iter()
        .all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
}

fn finding(subject: &Subject, strength: f64, summary: Message, why: &'static str) -> Finding {
    let command = format!("{} describe {}", kubectl(subject), argument(subject));
    Finding::new(
        Cause::DaemonSetMisscheduled,
        subject.clone(),
        strength,
        summary,
    )
    .explains([
        Symptom::Unavailable,
        Symptom::NotReady,
        Symptom::Pending,
        Symptom::MissingData,
        Symptom::NoMetrics,
        Symptom::DeployFailed,
    ])
    .fix(Fix::new(subject.clone(), "", Message::new(why)).command(command))
}
