//! What has to be true for a heartbeat. Values in, failures out; it trusts no bookkeeping of the engine.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::escalation::Step;
use crate::incident::{CLAIM_TTL, Incident, OutState, Outgoing};

/// A call that should have gone out so long ago has not.
const OVERDUE: TimeDelta = TimeDelta::minutes(2);
/// A claim older than this belongs to nobody, and nobody took it up.
const STUCK: TimeDelta = TimeDelta::seconds(2 * CLAIM_TTL.num_seconds());
/// The loop goes round about every second.
const SILENT: Duration = Duration::from_mins(1);
/// Slack closes connections every few hours, and they are back in seconds. Just under the pause between
/// two proofs, so that the second one in a row without a connection says so.
const GONE: TimeDelta = TimeDelta::seconds(50);
/// Failures of one kind told one by one; the others are counted.
const TOLD: usize = 3;

/// What is known at one moment.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The live records as the store holds them, proven to be no younger than its sentinel; or why not.
    pub store: Result<Vec<Incident>, String>,
    /// How long ago the engine's loop last went round.
    pub loop_silent_for: Duration,
    /// Since when no connection to Slack was seen (UTC); none while there is one.
    pub slack_gone_since: Option<DateTime<Utc>>,
}

/// What is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Proof {
    /// No due step is older than two minutes.
    Steps,
    /// No claim is older than twice its lifetime.
    Claims,
    /// The store can be read and is not younger than its sentinel.
    Store,
    /// The engine's loop goes round.
    Loop,
    /// Slack is connected.
    Slack,
}

impl Proof {
    /// The word for logs and metrics.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Claims => "claims",
            Self::Store => "store",
            Self::Loop => "loop",
            Self::Slack => "slack",
        }
    }
}

/// A proof that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which.
    pub proof: Proof,
    /// What was found; ids and times, nothing that people wrote.
    pub detail: String,
}

/// Every proof that fails at `now`; none means that a heartbeat may go out.
#[must_use]
pub fn judge(facts: &Facts, now: DateTime<Utc>) -> Vec<Failure> {
    let mut failures = Vec::new();
    match &facts.store {
        Ok(live) => {
            failures.extend(told(Proof::Steps, live, |one| overdue(one, now)));
            failures.extend(told(Proof::Claims, live, |one| stuck(one, now)));
        }
        Err(why) => failures.push(Failure {
            proof: Proof::Store,
            detail: why.clone(),
        }),
    }
    if facts.loop_silent_for >= SILENT {
        let seconds = facts.loop_silent_for.as_secs();
        failures.push(Failure {
            proof: Proof::Loop,
            detail: format!("silent for {seconds} s"),
        });
    }
    if let Some(since) = facts.slack_gone_since.filter(|since| now - *since >= GONE) {
        failures.push(Failure {
            proof: Proof::Slack,
            detail: format!("no connection since {since}"),
        });
    }
    failures
}

/// One failure for all incidents that have something of the kind.
fn told(
    proof: Proof,
    live: &[Incident],
    find: impl Fn(&Incident) -> Vec<String>,
) -> Option<Failure> {
    let found: Vec<String> = live.iter().flat_map(find).collect();
    let more = found.len().saturating_sub(TOLD);
    let mut detail = found
        .iter()
        .take(TOLD)
        .cloned()
        .collect::<Vec<_>>()
        .join("; ");
    if more > 0 {
        detail = format!("{detail}; and {more} more");
    }
    (!found.is_empty()).then_some(Failure { proof, detail })
}

fn overdue(incident: &Incident, now: DateTime<Utc>) -> Vec<String> {
    let steps = incident.steps.iter().filter(|step| !step.is_final());
    let late = steps.filter(|step| now - wanted_at(step) > OVERDUE);
    late.map(|step| {
        let (id, number, at) = (incident.id.as_str(), step.number, wanted_at(step));
        format!("{id} step {number} was due {at}")
    })
    .collect()
}

/// When a step should have gone out: not before it was armed, and not while maintenance held it.
fn wanted_at(step: &Step) -> DateTime<Utc> {
    let due = step.due_at.max(step.armed_at);
    step.held_until.map_or(due, |held| held.max(due))
}

fn stuck(incident: &Incident, now: DateTime<Utc>) -> Vec<String> {
    let old = |out: &&Outgoing| match &out.state {
        OutState::Claimed(claim) => now - claim.at > STUCK,
        _ => false,
    };
    let stuck = incident.outbox.iter().filter(old);
    stuck
        .map(|out| format!("{} is claimed and not done", out.key.as_str()))
        .collect()
}
