//! What the pipelines add to an answer without a cause: that Jenkins could not be read, that a build is at work or was
//! stopped by somebody, that the last one went well.

use chrono::TimeDelta;

use super::super::case::{Build, Case, Ending, PipelineJob, Scope, delivered_by};
use crate::finding::{Kind, Verdict};
use crate::text::{Arg, Message};

/// A build that was stopped longer ago than this is not what somebody asks about.
const SHORTLY: TimeDelta = TimeDelta::hours(24);

/// The jobs of what was asked about.
fn jobs(case: &Case) -> Vec<&PipelineJob> {
    let near = delivered_by(case);
    let wide = !matches!(case.scope, Scope::Object(_));
    let jobs = case.pipelines.jobs.iter();
    jobs.filter(|job| wide || near.contains(&job.subject()))
        .collect()
}

/// Where a pipeline was asked about and nobody could look at it.
pub(super) fn unread(case: &Case) -> Option<Message> {
    if case.pipelines.asked && case.pipelines.gap.is_some() {
        return Some(Message::new("gap-jenkins"));
    }
    (case.gates.asked && case.gates.gap.is_some()).then(|| Message::new("gap-sonarqube"))
}

/// A build that runs, or that somebody stopped, where a pipeline was asked about.
pub(super) fn in_progress(case: &Case) -> Option<Message> {
    if !case.pipelines.asked {
        return None;
    }
    let mut newest = jobs(case)
        .into_iter()
        .filter_map(|job| Some((job, job.builds.first()?)));
    newest.find_map(|(job, build)| going(case, job, build))
}

fn going(case: &Case, job: &PipelineJob, build: &Build) -> Option<Message> {
    let say = |id: &'static str| {
        Message::new(id)
            .with("job", &job.name)
            .with("number", i64::try_from(build.number).unwrap_or(i64::MAX))
    };
    match build.ending() {
        Ending::Running => {
            let ago = Arg::Span((case.now - build.started).num_seconds());
            Some(say("expected-build-running").with("ago", ago))
        }
        Ending::Stopped if case.now - build.ended() <= SHORTLY => {
            let by = build
                .causes
                .iter()
                .find(|cause| cause.starts_with("Aborted by"));
            let said = by.cloned().or_else(|| stopped_by(&build.log));
            Some(
                say("expected-build-stopped")
                    .with("told", if said.is_some() { "yes" } else { "no" })
                    .with("by", said.unwrap_or_default()),
            )
        }
        _ => None,
    }
}

/// `Aborted by jane`, as the log of a build says it.
fn stopped_by(log: &str) -> Option<String> {
    let line = log
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("Aborted by ") || line.starts_with("Superseded by "))?;
    Some(line.to_owned())
}

/// A job asked about by its name, and nothing of it red.
pub(super) fn well(case: &Case) -> Option<(Verdict, Message)> {
    let Scope::Object(subject) = &case.scope else {
        return None;
    };
    if subject.kind != Kind::JenkinsJob {
        return None;
    }
    let job = case
        .pipelines
        .jobs
        .iter()
        .find(|job| job.name == subject.name)?;
    let build = job.decisive().filter(|build| !build.is_red())?;
    let message = said(case, job, build, "headline-build-well");
    Some((Verdict::Healthy, message))
}

/// The last builds that went through, for what was checked and found normal.
pub(super) fn checks(case: &Case) -> Vec<Message> {
    let ended = jobs(case)
        .into_iter()
        .filter_map(|job| Some((job, job.decisive().filter(|build| !build.is_red())?)));
    ended
        .map(|(job, build)| said(case, job, build, "checked-build"))
        .collect()
}

fn said(case: &Case, job: &PipelineJob, build: &Build, id: &'static str) -> Message {
    let unstable = build.ending() == Ending::Unstable;
    Message::new(id)
        .with("job", &job.name)
        .with("number", i64::try_from(build.number).unwrap_or(i64::MAX))
        .with("unstable", if unstable { "yes" } else { "no" })
        .with("ago", Arg::Span((case.now - build.ended()).num_seconds()))
}
