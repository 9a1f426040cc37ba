//! Hooks of Helm releases: Jobs with the annotation `helm.sh/hook` that failed. Tests are not hooks of a delivery, and
//! hooks that Argo CD runs are its own syncs.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::batch::v1::Job;

use super::{is_asked, is_meant};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{
    Facts, LogRead, Place, addresses_in_text, hook_phases, release_of_hook, resolve,
    service_subject, utc,
};
use crate::investigation::judge::facts::{argument, kubectl, quote};
use crate::text::Message;

/// A failure older than this is said only when a failed delivery is what was asked about.
const FRESH: TimeDelta = TimeDelta::hours(3);
/// One older than this is never said.
const OLD: TimeDelta = TimeDelta::hours(48);

pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let hooks = case.jobs.iter().filter(|job| !hook_phases(job).is_empty());
    hooks.filter_map(|job| finding(case, job)).collect()
}

/// When and why the Job controller gave up (`Failed`; `FailureTarget` while its pods end).
fn failure(job: &Job) -> Option<(&str, Option<DateTime<Utc>>)> {
    let conditions = job.status.as_ref()?.conditions.as_ref()?;
    let failed = conditions.iter().find(|one| {
        matches!(one.type_.as_str(), "Failed" | "FailureTarget") && one.status == "True"
    })?;
    let at = failed.last_transition_time.as_ref().map(utc);
    Some((failed.reason.as_deref().unwrap_or_default(), at))
}

fn finding(case: &Facts<'_>, job: &Job) -> Option<Finding> {
    let (reason, at) = failure(job)?;
    let meta = &job.metadata;
    let namespace = meta.namespace.as_deref().unwrap_or_default();
    let subject = Subject::new(Kind::Job, namespace, meta.name.clone()?);
    let age = at.map_or(TimeDelta::zero(), |at| case.now - at);
    let late = age > OLD || (age > FRESH && !is_asked(case));
    if late || !is_meant(case, &[namespace]) || is_over(case, job, at) {
        return None;
    }
    let phases = hook_phases(job).join(", ");
    let release = release_of_hook(job);
    let summary = match release {
        Some(release) => Message::new("cause-helm-hook-failed").with("release", release),
        None => Message::new("cause-helm-hook-failed-of-unknown"),
    };
    let summary = summary
        .with("job", &subject.name)
        .with("phases", phases.as_str());
    let fact = Message::new("fact-hook-job")
        .with("reason", reason)
        .with("phases", phases.as_str());
    let mut finding = Finding::new(Cause::HelmHookFailed, subject.clone(), 0.96, summary)
        .evidence(fact, format!("job {} status.conditions", subject.name), at)
        .explains([Symptom::DeployFailed, Symptom::JobFailed])
        .since(at)
        .affected(1);
    if let Some(log) = log_of(case, &subject) {
        let line = log
            .reason()
            .map(|record| quote(&record.text))
            .unwrap_or_default();
        let fact = Message::new("fact-hook-log").with("line", line);
        let source = format!("log of pod {} container {}", log.pod, log.container);
        let said = log.reason().and_then(|record| record.at);
        finding = finding
            .evidence(fact, source, said)
            .blames(called(case, namespace, log));
    }
    let command = format!(
        "{} logs {} --tail=50",
        kubectl(&subject),
        argument(&subject)
    );
    Some(finding.fix(Fix::new(subject, "", Message::new("why-helm-hook-failed")).command(command)))
}

/// Whether the release was delivered since.
fn is_over(case: &Facts<'_>, job: &Job, at: Option<DateTime<Utc>>) -> bool {
    let Some((at, release)) = at.zip(release_of_hook(job)) else {
        return false;
    };
    case.releases.iter().any(|secret| {
        let meta = &secret.metadata;
        let label = |name: &str| meta.labels.as_ref()?.get(name).map(String::as_str);
        let since =
            label("modifiedAt").and_then(|at| DateTime::from_timestamp(at.parse().ok()?, 0));
        meta.namespace == job.metadata.namespace
            && label("name") == Some(release)
            && label("status") == Some("deployed")
            && since.is_some_and(|since| since > at)
    })
}

/// The last words of the hook's pods.
fn log_of<'a>(case: &'a Facts<'a>, job: &Subject) -> Option<&'a LogRead> {
    let all = case.workloads();
    let own = all.iter().find(|one| one.subject.same_object(job))?;
    let names: Vec<&str> = own
        .pods
        .iter()
        .filter_map(|pod| pod.metadata.name.as_deref())
        .collect();
    let logs = case.logs.iter().filter(|log| {
        Some(&log.namespace) == job.namespace.as_ref()
            && names.contains(&log.pod.as_str())
            && !log.records.is_empty()
    });
    logs.max_by_key(|log| log.records.last().and_then(|record| record.at))
}

/// The Services its last words complain about: their own trouble is why the hook failed.
fn called(case: &Facts<'_>, namespace: &str, log: &LogRead) -> Vec<Subject> {
    let Some(record) = log.reason() else {
        return Vec::new();
    };
    let places = addresses_in_text(&record.text).into_iter();
    let services = places.filter_map(|address| match resolve(case, namespace, &address) {
        Place::Service(service) => Some(service_subject(service)),
        _ => None,
    });
    services.collect()
}
