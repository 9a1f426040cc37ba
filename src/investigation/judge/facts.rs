//! What several judges need: names, recency, the kubelet's words, and commands.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::core::v1::Pod;

use crate::finding::{Finding, Subject, Symptom};
use crate::investigation::case::{Case, EventView, events_of};
use crate::text::Message;

/// An event or an exit older than this says nothing about now: the kubelet and the controllers
/// repeat theirs at least every seventeen minutes while the trouble lasts.
pub(super) const RECENT: TimeDelta = TimeDelta::minutes(30);

/// What pods that never start explain.
pub(super) const NOT_STARTED: [Symptom; 6] = [
    Symptom::NotReady,
    Symptom::Unavailable,
    Symptom::DeployFailed,
    Symptom::Pending,
    Symptom::Errors,
    Symptom::Slow,
];

/// Name of a pod; empty for a pod that has none (a template).
pub(super) fn pod_name(pod: &Pod) -> &str {
    pod.metadata.name.as_deref().unwrap_or_default()
}

/// Phase of a pod as the API has it.
pub(super) fn phase(pod: &Pod) -> &str {
    let status = pod.status.as_ref();
    status
        .and_then(|status| status.phase.as_deref())
        .unwrap_or_default()
}

/// Whether the kubelet is done with the pod: it holds no resources any more.
pub(super) fn is_finished(pod: &Pod) -> bool {
    matches!(phase(pod), "Succeeded" | "Failed")
}

/// Whether the pod is meant to run, or to come to run.
pub(super) fn is_live(pod: &Pod) -> bool {
    pod.metadata.deletion_timestamp.is_none() && !is_finished(pod)
}

/// The recent events of a pod, newest first.
pub(super) fn recent_events<'a>(case: &'a Case, pod: &Pod) -> Vec<EventView<'a>> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let mut events = events_of(case, "Pod", namespace, pod_name(pod));
    events.retain(|event| is_recent(case, event.last));
    events
}

/// Whether a time is recent; an unknown one counts as such.
pub(super) fn is_recent(case: &Case, at: Option<DateTime<Utc>>) -> bool {
    at.is_none_or(|at| case.now - at <= RECENT)
}

/// `kubectl -n NAMESPACE`, or `kubectl` for what has none.
pub(super) fn kubectl(subject: &Subject) -> String {
    match &subject.namespace {
        Some(namespace) => format!("kubectl -n {namespace}"),
        None => "kubectl".into(),
    }
}

/// `deployment/payment-service`, as kubectl takes it.
pub(super) fn argument(subject: &Subject) -> String {
    format!(
        "{}/{}",
        subject.kind.as_str().to_ascii_lowercase(),
        subject.name
    )
}

/// Whether the workload has a template that `kubectl set` and `rollout undo` can change.
pub(super) fn has_rollouts(subject: &Subject) -> bool {
    use crate::finding::Kind::{DaemonSet, Deployment, StatefulSet};
    matches!(subject.kind, Deployment | StatefulSet | DaemonSet)
}

/// How many of the workload's pods are Ready.
pub(super) fn replicas(finding: Finding, case: &Case, ready: usize, wanted: usize) -> Finding {
    let source = format!("{} pods", finding.subject.label());
    let fact = Message::new("fact-replicas-ready")
        .with("ready", ready)
        .with("wanted", wanted);
    finding.evidence(fact, source, Some(case.now))
}

/// Longest quote of a component's words, in characters.
const LONGEST: usize = 300;

/// The end of a component's words: errors of Go programs say last what was wrong.
pub(super) fn quote_end(words: &str) -> String {
    let line = words.trim().lines().next().unwrap_or_default().trim();
    let length = line.chars().count();
    if length <= LONGEST {
        return line.to_owned();
    }
    let end: String = line.chars().skip(length - LONGEST).collect();
    format!("…{end}")
}

/// The first line of a component's words, short enough to quote.
pub(in crate::investigation) fn quote(words: &str) -> String {
    let line = words.trim().lines().next().unwrap_or_default().trim();
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let cut: String = line.chars().take(LONGEST).collect();
    format!("{cut}…")
}
