//! Jobs that failed: out of retries, out of time, or failing still.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::batch::v1::{Job, JobCondition};

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Scope, Workload, containers, since, utc};
use crate::investigation::judge::facts::{kubectl, quote};
use crate::text::{Arg, Message};

/// In a wide question, a Job that failed longer ago is no news.
const NEWS: TimeDelta = TimeDelta::hours(24);

/// Judges every Job that no newer run of its `CronJob` has replaced.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let of = |job: &Job| {
        if is_outdone(case, job) {
            return None;
        }
        let subject = subject_of(job)?;
        let workload = all.iter().find(|one| one.subject.same_object(&subject));
        match condition(job, "Failed") {
            Some(condition) => failed(case, job, workload, condition),
            None => failing(case, job, workload?),
        }
    };
    case.jobs.iter().filter_map(of).collect()
}

fn subject_of(job: &Job) -> Option<Subject> {
    let meta = &job.metadata;
    Some(Subject::new(
        Kind::Job,
        meta.namespace.clone()?,
        meta.name.clone()?,
    ))
}

/// The `CronJob` that made it.
pub(super) fn cron_of(job: &Job) -> Option<&str> {
    let mut owners = job.metadata.owner_references.iter().flatten();
    let owner = owners.find(|owner| owner.kind == "CronJob")?;
    Some(owner.name.as_str())
}

/// A later run of the same `CronJob` ended well, or is later and failed too: the last one counts.
fn is_outdone(case: &Facts<'_>, job: &Job) -> bool {
    let Some(cron) = cron_of(job) else {
        return false;
    };
    let namespace = job.metadata.namespace.as_deref().unwrap_or_default();
    let made = |job: &Job| job.metadata.creation_timestamp.as_ref().map(utc);
    let running =
        |job: &Job| condition(job, "Failed").is_none() && condition(job, "Complete").is_none();
    case.jobs
        .within(namespace)
        .any(|other| cron_of(other) == Some(cron) && made(other) > made(job) && !running(other))
        || made(job).is_some_and(|made| succeeded(case, namespace, cron) > Some(made))
}

/// When a run of the `CronJob` ended well last: Jobs that did are cleared away, the failed ones stay.
fn succeeded(case: &Facts<'_>, namespace: &str, cron: &str) -> Option<DateTime<Utc>> {
    let cron = case.cron_jobs.look(namespace, cron).found()?;
    let status = cron.status.as_ref()?;
    status.last_successful_time.as_ref().map(utc)
}

/// Whether the subject is a Job with this condition, and no step of a delivery: those are told as that.
pub(in crate::investigation::judge) fn has_condition(
    case: &Facts<'_>,
    subject: &Subject,
    kind: &str,
) -> bool {
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let job = match subject.kind {
        Kind::Job => case.jobs.look(namespace, &subject.name).found(),
        _ => None,
    };
    job.is_some_and(|job| !is_hook(job) && condition(job, kind).is_some())
}

/// Whether it is a step of a delivery.
fn is_hook(job: &Job) -> bool {
    let annotations = job.metadata.annotations.as_ref();
    annotations.is_some_and(|all| all.contains_key("helm.sh/hook"))
}

fn condition<'a>(job: &'a Job, kind: &str) -> Option<&'a JobCondition> {
    let all = job.status.as_ref()?.conditions.as_ref()?;
    all.iter()
        .find(|it| it.type_ == kind && it.status == "True")
}

/// The object to change: the `CronJob`, where one made it.
fn to_change(job: &Job) -> Option<Subject> {
    let own = subject_of(job)?;
    let cron = cron_of(job).map(|name| {
        Subject::new(
            Kind::CronJob,
            own.namespace.clone().unwrap_or_default(),
            name,
        )
    });
    Some(cron.unwrap_or(own))
}

fn failed(
    case: &Facts<'_>,
    job: &Job,
    workload: Option<&Workload<'_>>,
    condition: &JobCondition,
) -> Option<Finding> {
    let at = condition.last_transition_time.as_ref().map(utc);
    let wide = !matches!(case.scope, Scope::Object(_));
    if wide && at.is_some_and(|at| case.now - at > NEWS) {
        return None;
    }
    if is_hook(job) {
        return None;
    }
    let reason = condition.reason.as_deref().unwrap_or_default();
    let spec = job.spec.as_ref()?;
    let status = job.status.as_ref()?;
    let own = subject_of(job)?;
    let late = reason == "DeadlineExceeded";
    let (cause, sentence, why) = words(reason);
    let summary = Message::new(sentence)
        .with("job", &own.name)
        .with("failed", status.failed.unwrap_or_default())
        .with("limit", spec.backoff_limit.unwrap_or(6))
        .with("reason", reason)
        .with(
            "deadline",
            Arg::Span(spec.active_deadline_seconds.unwrap_or_default()),
        );
    let fact = Message::new("fact-controller-says")
        .with("reason", reason)
        .with(
            "line",
            quote(condition.message.as_deref().unwrap_or_default()),
        );
    let source = format!("{} status.conditions[Failed]", own.label());
    let change = if late {
        Some(("spec.activeDeadlineSeconds", spec.active_deadline_seconds?))
    } else {
        None
    };
    let told = finding(
        cause,
        job,
        if wide { 0.85 } else { 0.92 },
        summary,
        why,
        change,
    )?
    .evidence(fact, source, at)
    .since(status.start_time.as_ref().map(utc).or(at));
    let told = with_count(told, case, job);
    Some(match workload {
        Some(workload) => with_exit(told, workload),
        None => told,
    })
}

/// Cause, sentence and fix for the controller's reason (`pkg/controller/job`, its conditions).
fn words(reason: &str) -> (Cause, &'static str, &'static str) {
    match reason {
        "DeadlineExceeded" => (
            Cause::JobDeadlineExceeded,
            "cause-job-deadline-exceeded",
            "why-job-deadline-exceeded",
        ),
        // Its own rule about exit codes or indexes: no question of how many tries are left.
        "PodFailurePolicy" | "MaxFailedIndexesExceeded" | "FailedIndexes" => (
            Cause::JobBackoffExceeded,
            "cause-job-failed-by-rule",
            "why-job-backoff-exceeded",
        ),
        _ => (
            Cause::JobBackoffExceeded,
            "cause-job-backoff-exceeded",
            "why-job-backoff-exceeded",
        ),
    }
}

/// How its last pod ended.
fn with_exit(finding: Finding, workload: &Workload<'_>) -> Finding {
    let (_, Some(code), at) = worst(workload) else {
        return finding;
    };
    let fact = Message::new("fact-job-exit").with("code", code);
    finding.evidence(fact, format!("pods of {}", workload.subject.label()), at)
}

/// How many pods failed, and how many it may have.
fn with_count(finding: Finding, case: &Facts<'_>, job: &Job) -> Finding {
    let failed = job
        .status
        .as_ref()
        .and_then(|it| it.failed)
        .unwrap_or_default();
    let limit = job
        .spec
        .as_ref()
        .and_then(|it| it.backoff_limit)
        .unwrap_or(6);
    let Some(own) = subject_of(job).filter(|_| failed > 0) else {
        return finding;
    };
    let fact = Message::new("fact-job-failures")
        .with("failed", failed)
        .with("limit", limit);
    finding.evidence(
        fact,
        format!("{} status.failed", own.label()),
        Some(case.now),
    )
}

fn finding(
    cause: Cause,
    job: &Job,
    strength: f64,
    summary: Message,
    why: &'static str,
    change: Option<(&'static str, i64)>,
) -> Option<Finding> {
    let (own, subject) = (subject_of(job)?, to_change(job)?);
    let command = format!("{} describe job {}", kubectl(&own), own.name);
    let mut fix = Fix::new(
        subject.clone(),
        change.map_or("", |it| it.0),
        Message::new(why),
    )
    .command(command);
    if let Some((_, now)) = change {
        fix = fix.change(Some(now.to_string()), Some((now * 2).to_string()));
    }
    let finding = Finding::new(cause, subject.clone(), strength, summary)
        .explains([
            Symptom::JobFailed,
            Symptom::MissingData,
            Symptom::DeployFailed,
            Symptom::Errors,
            Symptom::Restarting,
        ])
        .fix(fix);
    if subject.same_object(&own) {
        return Some(finding);
    }
    // What its pods died of is found on the Job itself.
    Some(finding.hits([own.clone()]).blames([own]))
}

/// Its pods fail, and it still tries.
fn failing(case: &Facts<'_>, job: &Job, workload: &Workload<'_>) -> Option<Finding> {
    let status = job.status.as_ref()?;
    if condition(job, "Complete").is_some() || condition(job, "SuccessCriteriaMet").is_some() {
        return None;
    }
    let failed = status.failed.unwrap_or_default();
    let (restarts, _, at) = worst(workload);
    // One pod may die with its node: that is what retries are for.
    if failed < 2 && restarts < 2 {
        return None;
    }
    if at.is_some_and(|at| since(case.now, at) > TimeDelta::hours(1)) {
        return None;
    }
    let own = subject_of(job)?;
    let limit = job.spec.as_ref()?.backoff_limit.unwrap_or(6);
    let tries = failed.max(restarts);
    let summary = Message::new("cause-job-pods-failing")
        .with("job", &own.name)
        .with("failed", tries)
        .with("limit", limit);
    let fact = Message::new("fact-job-failures")
        .with("failed", tries)
        .with("limit", limit);
    let source = format!("{} status.failed", own.label());
    let why = "why-job-pods-failing";
    let told = finding(Cause::JobPodsFailing, job, 0.75, summary, why, None)?
        .evidence(fact, source, Some(case.now))
        .since(status.start_time.as_ref().map(utc))
        .affected(usize::try_from(tries).unwrap_or_default());
    Some(with_exit(told, workload))
}

/// Most restarts of a container, its last exit code, and when.
fn worst(workload: &Workload<'_>) -> (i32, Option<i32>, Option<DateTime<Utc>>) {
    let all = workload.pods.iter().flat_map(|pod| containers(pod));
    let restarts = all
        .clone()
        .map(|one| one.restarts())
        .max()
        .unwrap_or_default();
    let exits = all
        .filter_map(|one| one.last_exit())
        .filter(|exit| exit.code != 0);
    let last = exits.max_by_key(|exit| exit.finished);
    (
        restarts,
        last.as_ref().map(|exit| exit.code),
        last.and_then(|exit| exit.finished),
    )
}
