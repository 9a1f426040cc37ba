//! Rollouts that do not end: past their deadline, or paused; and, as a last resort, replicas that lack.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentCondition};
use k8s_openapi::api::core::v1::Pod;

use super::FAILING;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Workload, is_ready, owner_of, services_of, since, utc};
use crate::investigation::judge::facts::{argument, is_live, kubectl, pod_name, quote};
use crate::text::{Arg, Message};

/// Replicas that lack for less are starting.
const LASTING: TimeDelta = TimeDelta::minutes(5);

/// The condition by which the Deployment controller says that the rollout missed its deadline.
pub(super) fn gave_up(deployment: &Deployment) -> Option<&DeploymentCondition> {
    condition(deployment, "Progressing")
        .filter(|it| it.reason.as_deref() == Some("ProgressDeadlineExceeded"))
}

fn condition<'a>(deployment: &'a Deployment, kind: &str) -> Option<&'a DeploymentCondition> {
    let all = deployment.status.as_ref()?.conditions.as_ref()?;
    all.iter().find(|it| it.type_.as_deref() == Some(kind))
}

fn subject_of(deployment: &Deployment) -> Option<Subject> {
    let meta = &deployment.metadata;
    Some(Subject::new(
        Kind::Deployment,
        meta.namespace.clone()?,
        meta.name.clone()?,
    ))
}

/// Wanted, of the newest revision, available.
fn numbers(deployment: &Deployment) -> (i32, i32, i32) {
    let status = deployment.status.as_ref();
    let updated = status.and_then(|status| status.updated_replicas);
    let available = status.and_then(|status| status.available_replicas);
    (
        deployment.spec.replicas.unwrap_or(1),
        updated.unwrap_or_default(),
        available.unwrap_or_default(),
    )
}

/// The rollout made no progress within its deadline, and something still lacks.
pub(super) fn stuck(case: &Facts<'_>, deployment: &Deployment) -> Option<Finding> {
    let condition = gave_up(deployment)?;
    let subject = subject_of(deployment)?;
    let (wanted, updated, available) = numbers(deployment);
    let status = deployment.status.as_ref();
    let old_ones = status.and_then(|it| it.replicas).unwrap_or_default() > updated;
    if wanted == 0 || (updated >= wanted && available >= wanted && !old_ones) {
        return None;
    }
    let at = condition
        .last_update_time
        .as_ref()
        .or(condition.last_transition_time.as_ref())
        .map(utc);
    let deadline = deployment.spec.progress_deadline_seconds.unwrap_or(600);
    let summary = Message::new("cause-rollout-stuck")
        .with("workload", &subject.name)
        .with("deadline", Arg::Span(i64::from(deadline)))
        .with("updated", updated)
        .with("available", available)
        .with("wanted", wanted);
    let words = condition.message.as_deref().unwrap_or_default();
    let fact = Message::new("fact-controller-says")
        .with("reason", "ProgressDeadlineExceeded")
        .with("line", quote(words));
    let source = format!("{} status.conditions[Progressing]", subject.label());
    let finding = Finding::new(Cause::RolloutStuck, subject.clone(), 0.7, summary)
        .evidence(fact, source, at.or(Some(case.now)))
        .explains(FAILING)
        .since(at)
        .affected(usize::try_from(wanted - available.min(wanted)).unwrap_or_default())
        .fix(look_at(&subject, "why-rollout-stuck"));
    let finding = with_gate(case, finding, &subject);
    Some(with_refusal(finding, deployment, &subject))
}

/// A pod whose containers are all ready while a readiness gate holds it back: the kubelet's words about it.
pub(super) fn gate<'a>(case: &'a Facts<'_>, subject: &'a Subject) -> Option<(&'a Pod, &'a str)> {
    let namespace = subject.namespace.as_deref()?;
    let own = case.pods.within(namespace).filter(|pod| is_live(pod));
    let mut own = own.filter(|pod| owner_of(pod).same_object(subject));
    own.find_map(|pod| {
        let conditions = pod.status.as_ref()?.conditions.as_ref()?;
        let ready = conditions.iter().find(|it| it.type_ == "Ready")?;
        let gated = ready.reason.as_deref() == Some("ReadinessGatesNotReady");
        Some((pod, ready.message.as_deref()?)).filter(|_| gated)
    })
}

fn with_gate(case: &Facts<'_>, mut finding: Finding, subject: &Subject) -> Finding {
    let Some((pod, words)) = gate(case, subject) else {
        return finding;
    };
    let fact = Message::new("fact-controller-says")
        .with("reason", "ReadinessGatesNotReady")
        .with("line", quote(words));
    let source = format!("pod {} status.conditions[Ready]", pod_name(pod));
    finding.strength = finding.strength.max(0.85);
    finding.fix.clear();
    let finding = finding.evidence(fact, source, Some(case.now));
    finding.fix(look_at(subject, "why-readiness-gate"))
}

/// What the API server said when pods were to be created.
fn with_refusal(finding: Finding, deployment: &Deployment, subject: &Subject) -> Finding {
    let failed = condition(deployment, "ReplicaFailure");
    let Some(failed) = failed.filter(|it| it.status.as_deref() == Some("True")) else {
        return finding;
    };
    let fact = Message::new("fact-controller-says")
        .with(
            "reason",
            failed.reason.as_deref().unwrap_or("ReplicaFailure"),
        )
        .with("line", quote(failed.message.as_deref().unwrap_or_default()));
    let source = format!("{} status.conditions[ReplicaFailure]", subject.label());
    finding.evidence(fact, source, failed.last_update_time.as_ref().map(utc))
}

fn look_at(subject: &Subject, why: &'static str) -> Fix {
    let command = format!("{} describe {}", kubectl(subject), argument(subject));
    Fix::new(subject.clone(), "", Message::new(why)).command(command)
}

/// Paused with a change that waits: the controller creates no pod of it until it is resumed.
pub(super) fn paused(case: &Facts<'_>, deployment: &Deployment) -> Option<Finding> {
    let subject = subject_of(deployment)?;
    let (wanted, updated, available) = numbers(deployment);
    let waits = deployment.spec.paused == Some(true) && wanted > 0 && updated < wanted;
    if !waits {
        return None;
    }
    let at = condition(deployment, "Progressing")
        .filter(|it| it.reason.as_deref() == Some("DeploymentPaused"))
        .and_then(|it| {
            it.last_update_time
                .as_ref()
                .or(it.last_transition_time.as_ref())
        })
        .map(utc);
    // Half of the pods changed and all well may be a canary that somebody watches.
    let watched = updated > 0 && available >= wanted;
    let asked = case.symptoms.contains(&Symptom::DeployFailed);
    let strength = match (watched, asked) {
        (_, true) => 0.95,
        (false, false) => 0.9,
        (true, false) => 0.6,
    };
    let summary = Message::new("cause-rollout-paused")
        .with("workload", &subject.name)
        .with("updated", updated)
        .with("wanted", wanted);
    let command = format!(
        "{} rollout resume {}",
        kubectl(&subject),
        argument(&subject)
    );
    let fix = Fix::new(
        subject.clone(),
        "spec.paused",
        Message::new("why-rollout-paused"),
    )
    .change(Some("true"), Some("false"))
    .command(command);
    Some(
        Finding::new(Cause::RolloutPaused, subject.clone(), strength, summary)
            .evidence(
                Message::new("fact-paused")
                    .with("updated", updated)
                    .with("wanted", wanted),
                format!("{} spec.paused", subject.label()),
                at.or(Some(case.now)),
            )
            .explains([Symptom::DeployFailed, Symptom::MissingData])
            .since(at)
            .fix(fix),
    )
}

/// Replicas lack for a while: said when nothing better is known.
pub(super) fn unavailable(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    let lasting_kind = matches!(
        workload.subject.kind,
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet
    );
    let known = case
        .pods
        .knows_selected(workload.namespace(), workload.labels());
    let (ready, wanted) = (workload.ready(), workload.wanted());
    if !lasting_kind || workload.desired.is_none() || !known || ready >= wanted {
        return None;
    }
    // With none at all, what its Service lacks says more.
    if ready == 0 && !services_of(case, workload).is_empty() {
        return None;
    }
    let at = began(workload)?;
    if since(case.now, at) < LASTING {
        return None;
    }
    let summary = Message::new("cause-replicas-unavailable")
        .with("workload", &workload.subject.name)
        .with("ready", ready)
        .with("wanted", wanted)
        .with("lasting", Arg::Span(since(case.now, at).num_seconds()));
    let fact = Message::new("fact-replicas-ready")
        .with("ready", ready)
        .with("wanted", wanted);
    let subject = workload.subject.clone();
    Some(
        Finding::new(Cause::ReplicasUnavailable, subject.clone(), 0.45, summary)
            .evidence(fact, format!("{} pods", subject.label()), Some(case.now))
            .explains(FAILING)
            .explains([Symptom::Slow, Symptom::MissingData, Symptom::Pending])
            .since(Some(at))
            .affected(wanted - ready)
            .fix(look_at(&subject, "why-replicas-unavailable")),
    )
}

/// Since when the oldest of its pods that lack is not ready; without pods, since the workload is there.
fn began(workload: &Workload<'_>) -> Option<DateTime<Utc>> {
    let unready = workload
        .pods
        .iter()
        .filter(|pod| is_live(pod) && !is_ready(pod));
    let times = unready.filter_map(|pod| {
        let conditions = pod.status.as_ref()?.conditions.as_ref()?;
        let ready = conditions.iter().find(|it| it.type_ == "Ready");
        let changed = ready.and_then(|it| it.last_transition_time.as_ref());
        changed
            .or(pod.metadata.creation_timestamp.as_ref())
            .map(utc)
    });
    let created = || workload.meta?.creation_timestamp.as_ref().map(utc);
    times.min().or_else(created)
}
