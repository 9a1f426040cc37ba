//! Jenkins: the last build that ended by itself, where it failed: in which stage, the lines that say why, since which
//! commit, and whose matter that is. A build that waits for an agent comes first.

mod agent;
mod excerpt;
mod words;

use chrono::TimeDelta;

use self::excerpt::Excerpt;
pub(super) use self::words::Matter;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{
    Build, Case, Commit, Facts, PipelineJob, Place, Scope, Workload, addresses_in_text,
    delivered_by, release_of, resolve, service_subject,
};
use crate::investigation::judge::facts::quote;
use crate::text::{Arg, Message};

/// A failure older than this is nobody's trouble unless a pipeline is what was asked about.
const OLD: TimeDelta = TimeDelta::hours(24);
/// Characters of a commit's hash that people write.
const SHORT: usize = 9;

pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let jobs = meant(case).into_iter();
    jobs.filter_map(|job| agent::judge(case, job).or_else(|| failed(case, job)))
        .collect()
}

/// The jobs of what was asked about; all of them for a wide question.
pub(super) fn meant<'a>(case: &'a Facts<'a>) -> Vec<&'a PipelineJob> {
    let near = delivered_by(case);
    let wide = !matches!(case.scope, Scope::Object(_));
    let jobs = case.pipelines.jobs.iter();
    jobs.filter(|job| wide || near.contains(&job.subject()))
        .collect()
}

/// Whether a pipeline, or a delivery at all, is what was asked about.
pub(super) fn is_asked(case: &Facts<'_>) -> bool {
    case.pipelines.asked || super::is_asked(case)
}

/// The last build of a job, where it failed, and whose matter that is.
pub(super) fn failure(job: &PipelineJob) -> Option<(&Build, Matter)> {
    let build = job.decisive().filter(|build| build.is_red())?;
    let excerpt = Excerpt::of(build);
    Some((build, words::matter(&excerpt)))
}

fn failed(case: &Facts<'_>, job: &PipelineJob) -> Option<Finding> {
    let (build, matter) = failure(job)?;
    let excerpt = Excerpt::of(build);
    let strength = match (is_asked(case), case.now - build.ended()) {
        (true, _) if excerpt.stage.is_some() || matter != Matter::Other => 0.94,
        (true, _) => 0.88,
        (false, age) if age <= OLD => 0.6,
        _ => return None,
    };
    let summary = Message::new("cause-jenkins-stage-failed")
        .with("job", &job.name)
        .with("number", number(build))
        .with("stage", excerpt.stage.as_deref().unwrap_or_default())
        .with("known", if excerpt.stage.is_some() { "yes" } else { "no" })
        .with("matter", matter.code());
    let mut finding = Finding::new(Cause::JenkinsStageFailed, job.subject(), strength, summary)
        .explains([Symptom::DeployFailed])
        .blames(blamed(case, job, matter))
        .since(Some(job.broken_by(build).ended()));
    for line in words::telling(matter, &excerpt) {
        let source = source(job, build, excerpt.stage.as_deref());
        let fact = Message::new("fact-jenkins-line").with("line", quote(&line));
        finding = finding.evidence(fact, source, Some(build.ended()));
    }
    finding = history(finding, job, build);
    finding = commit(finding, job, build);
    Some(finding.fix(fix(job, build, matter)))
}

fn number(build: &Build) -> i64 {
    i64::try_from(build.number).unwrap_or(i64::MAX)
}

fn source(job: &PipelineJob, build: &Build, stage: Option<&str>) -> String {
    let place = format!("Jenkins {} #{} log", job.name, build.number);
    stage.map_or(place.clone(), |stage| format!("{place}, stage {stage}"))
}

/// Since which build it is red, and which was the last that went well.
fn history(finding: Finding, job: &PipelineJob, build: &Build) -> Finding {
    let first = job.broken_by(build);
    let count = job
        .builds
        .iter()
        .filter(|one| one.is_red() && (first.number..=build.number).contains(&one.number))
        .count();
    let fact = Message::new("fact-jenkins-build")
        .with("number", number(build))
        .with("span", Arg::Span(build.seconds))
        .with("count", count)
        .with("first", number(first));
    let source = format!("Jenkins {} builds", job.name);
    let finding = finding.evidence(fact, source.clone(), Some(build.ended()));
    let Some(good) = job.last_good() else {
        return finding;
    };
    let fact = Message::new("fact-jenkins-good").with("number", number(good));
    finding.evidence(fact, source, Some(good.ended()))
}

/// The newest commit of the build that broke it.
fn commit(finding: Finding, job: &PipelineJob, build: &Build) -> Finding {
    let first = job.broken_by(build);
    let source = format!("Jenkins {} #{} changes", job.name, first.number);
    let fact = match (first.commits.last(), &first.revision) {
        (Some(commit), _) => said(commit, first),
        (None, Some(revision)) => Message::new("fact-jenkins-revision")
            .with("commit", short(revision))
            .with("number", number(first)),
        (None, None) => return finding,
    };
    finding.evidence(fact, source, Some(first.started))
}

fn said(commit: &Commit, first: &Build) -> Message {
    Message::new("fact-jenkins-commit")
        .with("commit", short(&commit.id))
        .with("author", &commit.author)
        .with("message", quote(&commit.message))
        .with("number", number(first))
        .with("others", first.commits.len() - 1)
}

/// The start of a hash.
fn short(id: &str) -> String {
    id.chars().take(SHORT).collect()
}

/// What a failed stage only repeats: the gate of the project, or what was deployed.
fn blamed(case: &Facts<'_>, job: &PipelineJob, matter: Matter) -> Vec<Subject> {
    match matter {
        Matter::Gate => {
            let own = case.gates.gates.iter().filter(|gate| gate.of == job.of);
            own.map(crate::investigation::case::Gate::subject).collect()
        }
        Matter::Helm | Matter::Smoke => deployed(case, job),
        Matter::ImagePush => {
            let service = registry(case, job);
            let behind = service.as_ref().and_then(|it| {
                let namespace = it.namespace.as_deref()?;
                Some(case.behind(case.services.look(namespace, &it.name).found()?))
            });
            behind.into_iter().flatten().chain(service).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a build waits for an agent that does not come: where agents are pods, their controller says why.
pub(in crate::investigation) fn misses_agents(case: &Case) -> bool {
    agent::is_missed(&Facts::of(case))
}

/// The Services of registries in this cluster that did not take what a build pushed.
pub(in crate::investigation) fn registries(case: &Case) -> Vec<Subject> {
    let facts = Facts::of(case);
    let jobs = meant(&facts).into_iter();
    let pushing = jobs.filter(|job| failure(job).is_some_and(|(_, it)| it == Matter::ImagePush));
    pushing.filter_map(|job| registry(&facts, job)).collect()
}

/// The Service of the registry, where the log names one of this cluster.
fn registry(case: &Facts<'_>, job: &PipelineJob) -> Option<Subject> {
    let (build, matter) = failure(job)?;
    let lines = words::telling(matter, &Excerpt::of(build));
    let mut said = lines.iter().flat_map(|line| addresses_in_text(line));
    said.find_map(|address| match resolve(case, "", &address) {
        Place::Service(service) => Some(service_subject(service)),
        Place::NotRead { namespace, name } if !namespace.is_empty() => {
            Some(Subject::new(Kind::Service, namespace, name))
        }
        _ => None,
    })
}

/// The workload that the job brings, and its release.
fn deployed(case: &Facts<'_>, job: &PipelineJob) -> Vec<Subject> {
    let near = case.reach();
    let own = |workload: &&Workload<'_>| match &case.scope {
        Scope::Object(_) => near
            .iter()
            .any(|(subject, hops)| *hops == 0 && subject.same_object(&workload.subject)),
        _ => workload.subject.name == job.of,
    };
    let all = case.workloads().iter().filter(own);
    all.flat_map(|workload| {
        let release = workload.meta.and_then(release_of);
        std::iter::once(workload.subject.clone()).chain(release)
    })
    .collect()
}

fn fix(job: &PipelineJob, build: &Build, matter: Matter) -> Fix {
    let why = Message::new("why-jenkins-stage-failed").with("matter", matter.code());
    let fix = Fix::new(job.subject(), "", why);
    let first = job.broken_by(build);
    let id = first.commits.last().map(|commit| commit.id.as_str());
    let id = id.or(first.revision.as_deref()).filter(|id| is_hash(id));
    match id.filter(|_| matter.is_of_the_code()) {
        Some(id) => fix.command(format!("git show {}", short(id))),
        None => fix,
    }
}

/// Only a hash goes into a command.
fn is_hash(id: &str) -> bool {
    id.len() >= 7 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
