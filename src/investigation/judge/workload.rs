//! Workload and rollout: scaled to zero, and a new revision that fails where the old one worked.

mod revision;

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::apps::v1::Deployment;

use revision::{Revision, change, revisions};
pub use revision::{differences, last_change};

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Case, Scope, Workload, calls, selects, utc, workloads};
use crate::text::Message;

/// What a failing rollout explains.
const FAILING: [Symptom; 5] = [
    Symptom::DeployFailed,
    Symptom::Unavailable,
    Symptom::Errors,
    Symptom::NotReady,
    Symptom::Restarting,
];

/// No revision is judged by its pods' readiness before this time.
const STARTING: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// Judges every workload.
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    let all = workloads(case);
    let zero = all
        .iter()
        .filter_map(|workload| scaled_to_zero(case, workload));
    zero.chain(
        case.deployments
            .iter()
            .filter_map(|deployment| bad_revision(case, deployment)),
    )
    .collect()
}

/// Set to zero replicas: the cause when somebody asks for it or calls it, not by itself.
fn scaled_to_zero(case: &Case, workload: &Workload<'_>) -> Option<Finding> {
    if !matches!(workload.subject.kind, Kind::Deployment | Kind::StatefulSet)
        || workload.desired != Some(0)
    {
        return None;
    }
    let services: Vec<Subject> = case
        .services
        .within(workload.namespace())
        .filter(|service| {
            service
                .spec
                .as_ref()
                .and_then(|spec| spec.selector.as_ref())
                .is_some_and(|s| selects(s, &workload.labels()))
        })
        .map(crate::investigation::case::service_subject)
        .collect();
    let summary = Message::new("cause-scaled-to-zero").with("workload", &workload.subject.name);
    let kind = workload.subject.kind.as_str().to_ascii_lowercase();
    let command = format!(
        "kubectl -n {} scale {kind}/{} --replicas=1",
        workload.namespace(),
        workload.subject.name
    );
    let strength = match &case.scope {
        Scope::Object(_) => 0.92,
        // Nobody asked and nobody calls it: somebody's choice, not an incident.
        _ if is_called(case, &services) => 0.9,
        _ => 0.5,
    };
    Some(
        Finding::new(
            Cause::ScaledToZero,
            workload.subject.clone(),
            strength,
            summary,
        )
        .evidence(
            Message::new("fact-zero-replicas"),
            format!("{} spec.replicas", workload.subject.label()),
            Some(case.now),
        )
        .hits(services)
        .explains([
            Symptom::Unavailable,
            Symptom::Errors,
            Symptom::MissingData,
            Symptom::Slow,
        ])
        .fix(
            Fix::new(
                workload.subject.clone(),
                "spec.replicas",
                Message::new("why-scale"),
            )
            .change(Some("0"), Some("1"))
            .command(command),
        ),
    )
}

/// Whether some other workload is told to call one of these Services.
fn is_called(case: &Case, services: &[Subject]) -> bool {
    let all = workloads(case);
    let mut called = all
        .iter()
        .filter(|workload| !workload.pods.is_empty())
        .flat_map(|workload| calls(case, workload));
    called.any(|subject| services.iter().any(|service| service.same_object(&subject)))
}

/// The newest revision has pods that do not get ready while the one before has, or had.
fn bad_revision(case: &Case, deployment: &Deployment) -> Option<Finding> {
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
    let stuck = gave_up(deployment);
    // Some of the new pods are ready, or none is there yet: a rollout at work, unless the controller gave up.
    if wanted == 0 || ready >= wanted || ((ready > 0 || replicas == 0) && !stuck) {
        return None;
    }
    let at = new.set.metadata.creation_timestamp.as_ref().map(utc);
    // A revision this new is still starting; what dies that early is judged as a crash.
    if !stuck && at.is_some_and(|at| case.now - at < STARTING) {
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
    finding.changed = at.map(|when| change(new, &differences, when));
    Some(finding)
}

/// The Deployment controller says that the rollout made no progress within its deadline.
fn gave_up(deployment: &Deployment) -> bool {
    let conditions = deployment
        .status
        .as_ref()
        .and_then(|status| status.conditions.as_ref());
    let mut reasons = conditions
        .into_iter()
        .flatten()
        .filter_map(|condition| condition.reason.as_deref());
    reasons.any(|reason| reason == "ProgressDeadlineExceeded")
}

/// The old revision still serves: the new one is at fault. Else the younger the revision, the likelier.
fn certainty(case: &Case, old: &Revision<'_>, at: Option<DateTime<Utc>>) -> f64 {
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
