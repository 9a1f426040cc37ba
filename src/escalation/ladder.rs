//! The steps of one incident's escalation, and what is to be done about them now.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Class, Policy, Reason, Scope, Skipped, UserId, route};
use crate::finding::Verdict;

/// How long before a timed page the bot looks again, so that the page carries facts of now.
pub const PRE_LOOK: TimeDelta = TimeDelta::seconds(10);
/// Later than this is said in the page.
const LATE: TimeDelta = TimeDelta::seconds(30);

/// A rung of the ladder; a later one stands above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rung {
    /// At once.
    Immediate,
    /// Nobody acknowledged in time.
    Unacknowledged,
    /// Nobody resolved in time.
    Unresolved,
}

/// One promise to call the lead at a time. `armed → paging → sent | cancelled | coalesced |
/// undeliverable`; the last four are final.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Counts from 1 within the incident.
    pub number: u32,
    /// The loop it belongs to; a re-opened incident begins a new one.
    pub round: u32,
    /// Version of the policy that armed it.
    pub policy: u32,
    /// Which rung.
    pub rung: Rung,
    /// Why the lead is called then.
    pub because: Reason,
    /// When it was armed (UTC).
    pub armed_at: DateTime<Utc>,
    /// When it is due (UTC). Absolute, computed once.
    pub due_at: DateTime<Utc>,
    /// Maintenance held it until then; the deadline itself stays.
    #[serde(default)]
    pub held_until: Option<DateTime<Utc>>,
    /// The lead knows already: it becomes a line in the thread instead of a page.
    #[serde(default)]
    pub quiet: bool,
    /// The look before the page was started.
    #[serde(default)]
    pub looked: bool,
    /// Taken up from Slack: its call may be there already, and is searched for before it is sent.
    #[serde(default)]
    pub remembered: bool,
    /// Where it stands.
    pub state: StepState,
    /// Leads who turned out unreachable for this step.
    #[serde(default)]
    pub tried: Vec<Skipped>,
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Waits for its time.
    Armed,
    /// Its messages are in the outbox.
    Paging {
        /// Whom they call; none when no lead could be.
        to: Option<UserId>,
        /// Counts the leads tried, from 1.
        attempt: u32,
    },
    /// At least one of its messages is in Slack (or the webhook took it).
    Sent {
        /// When the first was (UTC).
        at: DateTime<Utc>,
    },
    /// It will not be sent.
    Cancelled {
        /// When (UTC).
        at: DateTime<Utc>,
        /// Why.
        why: CancelReason,
    },
    /// Another step of the incident says it too.
    Coalesced {
        /// When (UTC).
        at: DateTime<Utc>,
        /// That step's number.
        into: u32,
    },
    /// Nobody could be reached by any way.
    Undeliverable {
        /// When that was clear (UTC).
        at: DateTime<Utc>,
    },
}

/// Why a step, or a message of one, is no longer wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CancelReason {
    /// Somebody has it in hand.
    Acknowledged {
        /// Who.
        by: UserId,
    },
    /// Somebody closed it.
    Resolved {
        /// Who.
        by: UserId,
    },
    /// The alert itself recovered.
    Recovered,
    /// The first look found nothing to escalate.
    Verdict(Verdict),
    /// It is the same problem as that incident (its id).
    Joined {
        /// The other incident.
        into: String,
    },
    /// The environment turned out to be one where nobody is called before the hour.
    LowerEnvironment {
        /// Its name, when known.
        environment: Option<String>,
    },
    /// A newer message says the same and more.
    Superseded,
}

impl Step {
    /// Whether maintenance may hold it: what a person asked for goes out all the same.
    fn is_holdable(&self) -> bool {
        !matches!(self.because, Reason::AskedFor { .. } | Reason::Test { .. })
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !matches!(self.state, StepState::Armed | StepState::Paging { .. })
    }

    /// Whether it waits for its time.
    #[must_use]
    pub fn is_armed(&self) -> bool {
        self.state == StepState::Armed
    }
}

/// What escalation needs to know about one incident.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Its steps.
    pub steps: &'a [Step],
    /// What it is about.
    pub scope: &'a Scope,
    /// Only an alert speaks for it, so maintenance holds its pages.
    pub holdable: bool,
    /// When this process began to watch the deadlines (UTC).
    pub watching_since: DateTime<Utc>,
}

/// What to do about the steps.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Nothing before that time (UTC).
    Wait {
        /// Look again then.
        until: DateTime<Utc>,
    },
    /// Start the look that precedes the page of this step, due at that time.
    LookAgain {
        /// Number of the step.
        step: u32,
        /// The page goes out then, with or without the new facts (UTC).
        due_at: DateTime<Utc>,
    },
    /// Maintenance holds this step.
    Hold {
        /// Number of the step.
        step: u32,
        /// Until then (UTC).
        until: DateTime<Utc>,
    },
    /// Call the lead.
    Page(Box<Page>),
    /// No step waits any more.
    Done,
}

/// One call for the lead, which may speak for several due steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Number of the step that is sent: the highest rung of those due.
    pub step: u32,
    /// Numbers of the others that were due, which it speaks for.
    pub coalesced: Vec<u32>,
    /// The lead knows: a line in the thread is enough.
    pub quiet: bool,
    /// Whom to call.
    pub route: super::Route,
    /// Every reason, the highest rung's first.
    pub because: Vec<Reason>,
    /// How late it is, when it is.
    pub late: Option<Late>,
}

/// How late a page is, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// Seconds after the deadline.
    pub by: i64,
    /// Why.
    pub why: Lateness,
}

/// Why a page is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lateness {
    /// The bot was not running at the deadline.
    Down,
    /// Maintenance held it.
    Maintenance,
    /// The bot learned of the problem only after the deadline (a late event, a raised class).
    LearnedLate,
    /// It ran, and was slow or could not reach Slack or its store.
    Slow,
}

/// Arms the timed rungs of `class`, counted from `opened_at`; `first` is the number of the first step.
#[must_use]
pub fn arm(
    policy: &Policy,
    class: Class,
    (round, first): (u32, u32),
    opened_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Step> {
    let since = opened_at;
    let mut timed = Vec::new();
    if class == Class::Production {
        let after = policy.unacknowledged_after;
        timed.push((
            Rung::Unacknowledged,
            after,
            Reason::Unacknowledged {
                since,
                after: after.num_seconds(),
            },
        ));
    }
    let after = policy.unresolved_after;
    timed.push((
        Rung::Unresolved,
        after,
        Reason::Unresolved {
            since,
            after: after.num_seconds(),
        },
    ));
    (first..)
        .zip(timed)
        .map(|(number, (rung, after, because))| {
            step(
                policy,
                (round, number),
                rung,
                because,
                opened_at + after,
                now,
            )
        })
        .collect()
}

/// Arms a call for the lead at once.
#[must_use]
pub fn arm_now(
    policy: &Policy,
    (round, number): (u32, u32),
    because: Reason,
    now: DateTime<Utc>,
) -> Step {
    step(policy, (round, number), Rung::Immediate, because, now, now)
}

fn step(
    policy: &Policy,
    (round, number): (u32, u32),
    rung: Rung,
    because: Reason,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Step {
    Step {
        number,
        round,
        policy: policy.version,
        rung,
        because,
        armed_at: now,
        due_at,
        held_until: None,
        quiet: false,
        looked: false,
        remembered: false,
        state: StepState::Armed,
        tried: Vec::new(),
    }
}

/// What is to be done now about the steps of one incident: one act at a time, so call it again
/// after each until it says `Wait` or `Done`.
#[must_use]
pub fn decide(policy: &Policy, standing: &Standing<'_>, now: DateTime<Utc>) -> Next {
    let window = policy
        .held_until(standing.scope, now)
        .filter(|_| standing.holdable);
    let hold = |step: &Step| window.filter(|_| step.due_at <= now && step.is_holdable());
    let armed = || standing.steps.iter().filter(|step| step.is_armed());

    if let Some((step, until)) = armed()
        .filter_map(|step| Some((step, hold(step)?)))
        .find(|(step, until)| step.held_until != Some(*until))
    {
        return Next::Hold {
            step: step.number,
            until,
        };
    }
    let due: Vec<&Step> = armed()
        .filter(|step| step.due_at <= now && hold(step).is_none())
        .collect();
    if let Some(top) = due.iter().max_by_key(|step| (step.rung, step.number)) {
        return Next::Page(Box::new(page(policy, standing, top, &due, now)));
    }
    let look_at = |step: &Step| step.due_at - PRE_LOOK;
    let unlooked = |step: &Step| !step.looked && !step.quiet && hold(step).is_none();
    if let Some(step) = armed().find(|step| unlooked(step) && look_at(step) <= now) {
        return Next::LookAgain {
            step: step.number,
            due_at: step.due_at,
        };
    }
    armed()
        .map(|step| match hold(step) {
            Some(until) => until,
            None if unlooked(step) => look_at(step),
            None => step.due_at,
        })
        .min()
        .map_or(Next::Done, |until| Next::Wait { until })
}

fn page(
    policy: &Policy,
    standing: &Standing<'_>,
    top: &Step,
    due: &[&Step],
    now: DateTime<Utc>,
) -> Page {
    let others = || due.iter().filter(|step| step.number != top.number);
    let because = std::iter::once(top).chain(others().copied());
    Page {
        step: top.number,
        coalesced: others().map(|step| step.number).collect(),
        quiet: due.iter().all(|step| step.quiet),
        route: route(policy, standing.scope, &top.tried, now),
        because: because.map(|step| step.because.clone()).collect(),
        late: due
            .iter()
            .filter_map(|step| lateness(step, standing.watching_since, now))
            .max_by_key(|late| late.by),
    }
}

/// How late a step is at `now`, if it is.
fn lateness(step: &Step, watching_since: DateTime<Utc>, now: DateTime<Utc>) -> Option<Late> {
    let by = now - step.due_at;
    let why = if step.held_until.is_some() {
        Lateness::Maintenance
    } else if watching_since > step.due_at && step.armed_at < watching_since {
        Lateness::Down
    } else if step.armed_at > step.due_at {
        Lateness::LearnedLate
    } else {
        Lateness::Slow
    };
    (by > LATE).then(|| Late {
        by: by.num_seconds(),
        why,
    })
}
