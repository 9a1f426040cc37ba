//! Pods that the kubelet evicts because they fill more local disk than they may: their own limit, not the node's
//! pressure (`pkg/kubelet/eviction`).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::core::v1::Pod;

use crate::finding::{Cause, Finding, Fix, Subject, Symptom};
use crate::investigation::case::{Facts, events_of, owner_of, utc};
use crate::investigation::judge::facts::{pod_name, quote};
use crate::text::Message;

/// Evictions longer ago are over.
const RECENT: TimeDelta = TimeDelta::hours(2);
/// How the kubelet says that the limit was the pod's own.
const OWN: [&str; 3] = [
    "ephemeral local storage usage exceeds the total limit",
    "exceeded its local ephemeral storage limit",
    "Usage of EmptyDir volume",
];

/// One finding each workload.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut all: BTreeMap<Subject, Vec<&Pod>> = BTreeMap::new();
    for pod in case.pods.iter().filter(|pod| is_own(case, pod)) {
        all.entry(owner_of(pod)).or_default().push(pod);
    }
    let found = all.into_iter();
    found
        .filter_map(|(owner, pods)| finding(case, owner, &pods))
        .collect()
}

fn words(pod: &Pod) -> Option<&str> {
    let status = pod.status.as_ref()?;
    let evicted = status.reason.as_deref() == Some("Evicted");
    status.message.as_deref().filter(|_| evicted)
}

fn is_own(case: &Facts<'_>, pod: &Pod) -> bool {
    let own = words(pod).is_some_and(|words| OWN.iter().any(|it| words.contains(it)));
    own && ended(case, pod).is_some_and(|at| case.now - at <= RECENT)
}

/// When it was evicted: by the event, by its condition, else not before it was made.
fn ended(case: &Facts<'_>, pod: &Pod) -> Option<DateTime<Utc>> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let event = events_of(case, "Pod", namespace, pod_name(pod))
        .into_iter()
        .find(|event| event.reason == "Evicted");
    let condition = || {
        let all = pod.status.as_ref()?.conditions.as_ref()?;
        let found = all.iter().find(|it| it.type_ == "DisruptionTarget")?;
        found.last_transition_time.as_ref().map(utc)
    };
    event
        .and_then(|event| event.last)
        .or_else(condition)
        .or_else(|| pod.metadata.creation_timestamp.as_ref().map(utc))
}

fn finding(case: &Facts<'_>, owner: Subject, pods: &[&Pod]) -> Option<Finding> {
    let newest = pods.iter().max_by_key(|pod| ended(case, pod))?;
    let said = words(newest)?;
    let args = |message: Message| {
        message
            .with("workload", &owner.name)
            .with("pods", pods.len())
            .with("why", quote(said))
    };
    let strength = if pods.len() > 1 { 0.93 } else { 0.88 };
    let summary = args(Message::new("cause-disk-full-evicted"));
    let fact = Message::new("fact-controller-says")
        .with("reason", "Evicted")
        .with("line", quote(said));
    let fix = Fix::new(
        owner.clone(),
        "resources.limits.ephemeral-storage",
        Message::new("why-disk-full-evicted"),
    );
    let since = pods.iter().filter_map(|pod| ended(case, pod)).min();
    Some(
        Finding::new(Cause::DiskFull, owner, strength, summary)
            .evidence(
                fact,
                format!("pod {} status", pod_name(newest)),
                ended(case, newest),
            )
            .explains([
                Symptom::Restarting,
                Symptom::Errors,
                Symptom::MissingData,
                Symptom::Unavailable,
                Symptom::NotReady,
                Symptom::DiskFilling,
            ])
            .since(since)
            .affected(pods.len())
            .fix(fix),
    )
}
