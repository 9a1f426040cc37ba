//! A new revision that fails where the old one worked.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::apps::v1::Deployment;

use super::FAILING;
use super::revision::{Revision, change, differences, revisions};
use super::rollout::{gate, gave_up};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Facts, utc};
use crate::text::Message;

/// No revision is judged by its pods' readiness before this time.
const STARTING: TimeDelta = TimeDelta::seconds(60);

/// The newest revision has pods that do not get ready while the one before has, or had.
pub(super) fn bad_revision(case: &Facts<'_>, deployment: &Deployment) -> Option<Finding> {
    let meta = &deployment.metadata;
    let subject = Subject::new(
        Kind::Deployment,
        meta.namespace.clone()?,
        meta.name.clone()?,
    );
    let all = revisions(case, &subject);
    let [new, old, ..] = all.as_slice() else {
        return None;
    };
    let wanted = deployment.spec.replicas.unwrap_or(1);
    let (replicas, ready) = new.pods();
    let stuck = gave_up(deployment).is_some();
    // Some of the new pods are ready, or none is there yet: a rollout at work, unless the controller gave up.
    if wanted == 0 || ready >= wanted || ((ready > 0 || replicas == 0) && !stuck) {
        return None;
    }
    let at = new.set.metadata.creation_timestamp.as_ref().map(utc);
    // A revision this new is still starting; what dies that early is judged as a crash.
    if !stuck && at.is_some_and(|at| case.now - at < STARTING) {
        return None;
    }
    // Its containers are ready, and somebody outside has not said yes: no fault of the revision.
    if gate(case, &subject).is_some() {
        return None;
    }
    let differences = differences(old.set, new.set);
    let summary = Message::new("cause-rollout-bad-revision")
        .with("workload", &subject.name)
        .with("revision", new.shown())
        .with("ready", ready)
        .with("wanted", wanted);
    let mut finding = Finding::new(
        Cause::RolloutBadRevision,
        subject.clone(),
        certainty(case, old, at),
        summary,
    )
    .evidence(
        compared(new, old),
        format!("{} ReplicaSets", subject.label()),
        at,
    )
    .explains(FAILING)
    .since(at)
    .affected(usize::try_from(replicas).unwrap_or_default())
    .fix(rollback(&subject, old));
    for difference in &differences {
        let source = format!("ReplicaSet revisions {} and {}", old.number, new.number);
        finding = finding.evidence(difference.clone(), source, at);
    }
    finding.changed = at.map(|when| change(new, "change-revision", &differences, when));
    Some(finding)
}

/// The old revision still serves: the new one is at fault. Else the younger the revision, the likelier.
fn certainty(case: &Facts<'_>, old: &Revision<'_>, at: Option<DateTime<Utc>>) -> f64 {
    let young = at.is_some_and(|at| case.now - at < TimeDelta::hours(24));
    match (old.pods().1 > 0, young) {
        (true, _) => 0.8,
        (false, true) => 0.6,
        (false, false) => 0.4,
    }
}

fn compared(new: &Revision<'_>, old: &Revision<'_>) -> Message {
    let (old_replicas, old_ready) = old.pods();
    Message::new("fact-revisions")
        .with("new", new.shown())
        .with("new_ready", new.pods().1)
        .with("old", old.shown())
        .with("old_ready", old_ready)
        .with("old_replicas", old_replicas)
}

fn rollback(subject: &Subject, old: &Revision<'_>) -> Fix {
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let undo = format!(
        "kubectl -n {namespace} rollout undo deployment/{} --to-revision={}",
        subject.name, old.number
    );
    Fix::new(
        subject.clone(),
        "",
        Message::new("why-rollback").with("revision", old.shown()),
    )
    .command(undo)
}
