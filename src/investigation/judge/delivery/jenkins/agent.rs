//! A build that waits for an agent: all of its label are offline, there is none of that label, or all are busy. Jenkins
//! says which (`hudson/model/Messages.properties`), and the list of agents says why.

use chrono::{DateTime, TimeDelta, Utc};

use super::is_asked;
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Agent, Facts, PipelineJob, waits_for};
use crate::investigation::judge::facts::quote;
use crate::investigation::judge::refused::full_for_clients;
use crate::text::{Arg, Message};

/// An agent in a pod takes a minute or two to come; a build that waits longer than this waits for something else.
const LONG: TimeDelta = TimeDelta::minutes(5);
/// A build that waits for a busy agent waits its turn for so long.
const TURN: TimeDelta = TimeDelta::minutes(20);
/// Agents named.
const NAMED: usize = 3;

/// Why nobody takes the build.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lack {
    /// Those that could are not connected.
    Offline,
    /// There is none with that label.
    None,
    /// All are at work.
    Busy,
}

/// What waits, since when, and whether it gave up.
struct Wait<'a> {
    why: &'a str,
    since: DateTime<Utc>,
    lasting: TimeDelta,
    stuck: bool,
}

/// Whether some job waits for an agent that does not come.
pub(super) fn is_missed(case: &Facts<'_>) -> bool {
    let mut jobs = super::meant(case).into_iter();
    jobs.any(|job| judge(case, job).is_some())
}

pub(super) fn judge(case: &Facts<'_>, job: &PipelineJob) -> Option<Finding> {
    let wait = waiting(case, job).or_else(|| gave_up(job))?;
    let label = label(wait.why).unwrap_or_default();
    let could: Vec<&Agent> = case
        .pipelines
        .agents
        .iter()
        .filter(|agent| could_take(agent, label))
        .collect();
    let lack = lack(wait.why, label, &could)?;
    let patience = if lack == Lack::Busy { TURN } else { LONG };
    if wait.lasting < patience && !wait.stuck {
        return None;
    }
    let strength = match (lack, is_asked(case)) {
        (Lack::Offline | Lack::None, true) => 0.95,
        (Lack::Busy, true) => 0.86,
        (_, false) => 0.6,
    };
    let with = |message: Message| {
        message
            .with("label", label)
            .with("lack", lack.code())
            .with("known", if label.is_empty() { "no" } else { "yes" })
    };
    let summary = with(Message::new("cause-jenkins-agent-unavailable"))
        .with("job", &job.name)
        .with("span", Arg::Span(wait.lasting.num_seconds()));
    let says = Message::new("fact-jenkins-waits").with("why", quote(wait.why));
    let mut finding = Finding::new(
        Cause::JenkinsAgentUnavailable,
        job.subject(),
        strength,
        summary,
    )
    .evidence(
        says,
        format!("Jenkins {} queue", job.name),
        Some(wait.since),
    )
    .explains([Symptom::DeployFailed, Symptom::Pending])
    .blames(full_for_clients(case))
    .since(Some(wait.since));
    for agent in could.iter().filter(|one| one.offline).take(NAMED) {
        let fact = Message::new("fact-jenkins-offline")
            .with("agent", &agent.name)
            .with("taken", if agent.taken_away { "yes" } else { "no" })
            .with("reason", quote(&agent.reason))
            .with("told", if agent.reason.is_empty() { "no" } else { "yes" });
        finding = finding.evidence(
            fact,
            format!("Jenkins agent {}", agent.name),
            Some(case.now),
        );
    }
    let why = with(Message::new("why-jenkins-agent-unavailable"));
    Some(finding.fix(Fix::new(job.subject(), "", why)))
}

impl Lack {
    fn code(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::None => "none",
            Self::Busy => "busy",
        }
    }
}

fn waiting<'a>(case: &'a Facts<'a>, job: &PipelineJob) -> Option<Wait<'a>> {
    let mut all = case
        .pipelines
        .queue
        .iter()
        .filter(|one| one.job == job.name);
    let item = all.next()?;
    Some(Wait {
        why: &item.why,
        since: item.since,
        lasting: case.now - item.since,
        stuck: item.stuck,
    })
}

/// A build whose time was over while it waited.
fn gave_up(job: &PipelineJob) -> Option<Wait<'_>> {
    let build = job.decisive().filter(|build| build.is_red())?;
    Some(Wait {
        why: waits_for(&build.log)?,
        since: build.started,
        lasting: build.ended() - build.started,
        stuck: true,
    })
}

/// What Jenkins says it lacks; what it says of other builds and of quiet periods is no lack of agents.
fn lack(why: &str, label: &str, could: &[&Agent]) -> Option<Lack> {
    let words = why.to_lowercase();
    if words.contains("no nodes with the label") || words.contains("have label") {
        return Some(Lack::None);
    }
    if words.contains("offline") {
        return Some(Lack::Offline);
    }
    if !words.is_empty() && !words.contains("next available executor") {
        return None;
    }
    let connected = could
        .iter()
        .filter(|agent| !agent.offline && agent.executors > 0);
    match (could.is_empty(), connected.count()) {
        (true, _) if label.is_empty() => None,
        (true, _) => Some(Lack::None),
        (false, 0) => Some(Lack::Offline),
        (false, _) => Some(Lack::Busy),
    }
}

/// The label in Jenkins' words: `Waiting for next available executor on ‘docker’`.
fn label(why: &str) -> Option<&str> {
    let (_, rest) = why.split_once(['‘', '\'', '"'])?;
    let (label, _) = rest.split_once(['’', '\'', '"'])?;
    Some(label)
}

/// The controller itself, which runs no builds in most installations, counts where it has executors.
fn could_take(agent: &Agent, label: &str) -> bool {
    label.is_empty() || agent.name == label || agent.labels.iter().any(|one| one == label)
}
