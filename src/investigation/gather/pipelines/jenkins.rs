//! From Jenkins' answers to facts: the jobs, their last builds, and of a failed one the stage and the log that says why.

use chrono::{DateTime, Utc};

use super::Reads;
use super::choose::{Chosen, Wanted, choose};
use crate::clients::jenkins::{Build as Told, Computer, Jenkins, Job};
use crate::clients::web::WebError;
use crate::finding::{Kind, Subject};
use crate::intent::ObjectWords;
use crate::investigation::case::{
    Agent, Build, Commit, Ending, Gap, PipelineJob, Pipelines, Queued, Stage, waits_for,
};
use crate::investigation::gather::Reader;

/// Jobs looked at more closely.
const JOBS: usize = 5;
/// Failed stages asked for their steps: a stage around others fails with them, and so do those that were skipped.
const STAGES: usize = 4;

/// Reads everything into `found`; what was read before an error stays there.
pub(super) async fn read(
    reads: &mut Reads<'_>,
    jenkins: &Jenkins,
    wanted: &[Wanted],
    found: &mut Pipelines,
) -> Result<(), WebError> {
    reads.count();
    let items = jenkins.jobs().await?;
    for chosen in choose(&items, wanted).into_iter().take(JOBS) {
        let path: Vec<&str> = chosen.path.iter().map(String::as_str).collect();
        reads.count();
        let told = jenkins.job(&path).await?;
        let job = found.jobs.len();
        found.jobs.push(facts(reads, &chosen, &told));
        why(reads, jenkins, &path, &mut found.jobs[job]).await?;
        waiting(reads, &told, &found.jobs[job], &mut found.queue);
    }
    if !found.queue.is_empty() {
        reads.count();
        let all = jenkins.computers().await?;
        found.agents = all.into_iter().map(|one| agent(reads, one)).collect();
    }
    Ok(())
}

/// A job by the words of a question, where no object of the cluster bears the name.
///
/// # Errors
/// Why Jenkins could not be read.
pub async fn job_named(reader: &Reader, words: &ObjectWords) -> Result<Option<Subject>, Gap> {
    let Some(jenkins) = reader.sources.ci.jenkins.as_ref() else {
        return Ok(None);
    };
    let mut reads = Reads::begin(reader, "jenkins");
    reads.count();
    let items = tokio::time::timeout(reads.patience, jenkins.jobs()).await;
    let items = match items.unwrap_or(Err(WebError::TimedOut(reads.patience))) {
        Ok(items) => items,
        Err(error) => return reads.end(Err(error), 0).map_or(Ok(None), Err),
    };
    // The first phrase is the likeliest: one that names a job ends the search.
    let mut names = words.phrases.iter().map(|phrase| phrase.shown.raw());
    let found = names.find_map(|name| {
        let wanted = Wanted {
            of: String::new(),
            names: vec![name.to_owned()],
            red_only: false,
        };
        choose(&items, &[wanted]).into_iter().next()
    });
    reads.end(Ok(()), usize::from(found.is_some()));
    Ok(found.map(|job| Subject::cluster(Kind::JenkinsJob, job.path.join("/"))))
}

fn facts(reads: &mut Reads<'_>, chosen: &Chosen, told: &Job) -> PipelineJob {
    PipelineJob {
        name: chosen.path.join("/"),
        of: chosen.of.clone(),
        builds: told.builds.iter().map(|one| build(reads, one)).collect(),
    }
}

fn build(reads: &mut Reads<'_>, told: &Told) -> Build {
    let commits = told.changes().map(|change| Commit {
        id: change.commit_id.clone(),
        author: change.author.full_name.clone(),
        message: change.msg.clone(),
    });
    let mut commits: Vec<Commit> = commits.collect();
    for commit in &mut commits {
        commit.message = reads.clean(&commit.message);
    }
    Build {
        number: told.number,
        result: told.result.clone().filter(|_| !told.building),
        started: time(told.timestamp),
        seconds: told.duration / 1000,
        causes: told.causes().iter().map(|one| reads.clean(one)).collect(),
        revision: told.revision().map(str::to_owned),
        commits,
        stage: None,
        log: String::new(),
    }
}

fn time(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// Of the newest build that ended: why it failed or was stopped. Of one that runs: whether it waits for an agent.
async fn why(
    reads: &mut Reads<'_>,
    jenkins: &Jenkins,
    path: &[&str],
    job: &mut PipelineJob,
) -> Result<(), WebError> {
    for build in job.builds.iter_mut().take(STAGES) {
        match build.ending() {
            Ending::Running => console(reads, jenkins, path, build).await?,
            // Whether a person stopped it or a time-out stands in its log.
            Ending::Stopped => {
                console(reads, jenkins, path, build).await?;
                if build.is_red() {
                    return failure(reads, jenkins, path, build).await;
                }
            }
            Ending::Red | Ending::TimedOut => {
                return failure(reads, jenkins, path, build).await;
            }
            Ending::Green | Ending::Unstable => return Ok(()),
            Ending::NotBuilt => {}
        }
    }
    Ok(())
}

/// The stage and the step that failed, with the step's log; without the plugin, or where the step says nothing, the
/// end of the whole log.
async fn failure(
    reads: &mut Reads<'_>,
    jenkins: &Jenkins,
    path: &[&str],
    build: &mut Build,
) -> Result<(), WebError> {
    let from_step = step(reads, jenkins, path, build).await;
    let said = build.records().len();
    if from_step.is_ok() && said > 0 && build.stage.is_some() {
        return Ok(());
    }
    if build.log.is_empty() || said == 0 {
        console(reads, jenkins, path, build).await?;
    }
    // The log tells more than the stages: that those could not be read matters only where it is not there either.
    match from_step {
        Err(error) if build.log.is_empty() => Err(error),
        _ => Ok(()),
    }
}

async fn step(
    reads: &mut Reads<'_>,
    jenkins: &Jenkins,
    path: &[&str],
    build: &mut Build,
) -> Result<(), WebError> {
    reads.count();
    let stages = jenkins.stages(path, build.number).await?;
    let failed = |status: &str| matches!(status, "FAILED" | "ABORTED");
    let stages = stages.unwrap_or_default();
    let candidates = stages
        .iter()
        .filter(|stage| failed(&stage.status) && !stage.name.starts_with("Declarative: Post"));
    for stage in candidates.take(STAGES) {
        let first = build.stage.is_none();
        if first {
            build.stage = Some(Stage {
                name: stage.name.clone(),
                ..Stage::default()
            });
        }
        reads.count();
        let steps = jenkins.stage(path, build.number, &stage.id).await?;
        let steps = steps.stage_flow_nodes.iter();
        let Some(step) = steps.rev().find(|step| failed(&step.status)) else {
            continue;
        };
        reads.count();
        let log = jenkins.step_log(path, build.number, &step.id).await?;
        let error = step.error.as_ref().and_then(|error| error.message.clone());
        build.stage = Some(Stage {
            name: stage.name.clone(),
            step: step.name.clone(),
            error: reads.clean(&error.unwrap_or_default()),
        });
        build.log = reads.clean(&log);
        return Ok(());
    }
    Ok(())
}

async fn console(
    reads: &mut Reads<'_>,
    jenkins: &Jenkins,
    path: &[&str],
    build: &mut Build,
) -> Result<(), WebError> {
    reads.count();
    let tail = jenkins.console(path, build.number).await?;
    build.log = reads.clean(&tail.text);
    Ok(())
}

/// What waits of a job: a build that has not begun, or one that has and says that it waits for an agent.
fn waiting(reads: &mut Reads<'_>, told: &Job, job: &PipelineJob, queue: &mut Vec<Queued>) {
    if let Some(item) = &told.queue_item {
        queue.push(Queued {
            job: job.name.clone(),
            why: reads.clean(item.why.as_deref().unwrap_or_default()),
            since: time(item.in_queue_since),
            stuck: item.stuck,
        });
    }
    let running = job
        .builds
        .iter()
        .take_while(|one| one.ending() == Ending::Running);
    let waits = running.filter_map(|build| {
        Some(Queued {
            job: job.name.clone(),
            why: waits_for(&build.log)?.to_owned(),
            since: build.started,
            stuck: false,
        })
    });
    queue.extend(waits.last());
}

fn agent(reads: &mut Reads<'_>, told: Computer) -> Agent {
    Agent {
        name: told.display_name,
        offline: told.offline,
        taken_away: told.temporarily_offline,
        reason: reads.clean(&told.offline_cause_reason),
        labels: told
            .assigned_labels
            .into_iter()
            .map(|one| one.name)
            .collect(),
        executors: told.num_executors,
        idle: told.idle,
    }
}
