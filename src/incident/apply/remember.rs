//! An incident taken up again from what Slack holds of it, after its store was lost. Its deadlines
//! are the ones it had: they were promised. What may be out already is searched for before it is
//! sent, so that a lost store costs neither a page nor a second one.

use super::draft::Draft;
use super::{ladder, looks, open};
use crate::escalation::{Class, Reason, Rung, Step, StepState};
use crate::incident::{
    Asked, Context, Decision, Incident, Investigation, InvestigationState, Line, Promise, Purpose,
    Standing, Status, Trace, Who,
};

/// What Slack tells about one incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Remembered {
    /// The message that opened it, read again.
    pub asked: Asked,
    /// How it stood when the newest of its messages was written.
    pub trace: Trace,
    /// The highest number among its answers in the thread; 0 when there is none.
    pub answers: u32,
}

/// Takes it up; `None` when it was over.
#[must_use]
pub fn remember(remembered: Remembered, context: &Context<'_>) -> Option<Decision> {
    let Remembered {
        asked,
        trace,
        answers,
    } = remembered;
    let status = match trace.standing.clone() {
        Standing::Over => return None,
        Standing::Open => Status::Open,
        Standing::Acknowledged { by, at, lead } => Status::Acknowledged { by, at, lead },
    };
    let news = asked.alerts.clone();
    let record = Incident {
        lives: trace.life + 1,
        class: trace.class,
        round: trace.round,
        round_opened_at: trace.since,
        status,
        object: trace.object.clone(),
        ..open::record(asked, context)
    };
    let mut draft = Draft::of(record, context);
    for one in news {
        draft.incident.hear(one);
    }
    if draft.incident.class == Class::Immediate {
        draft.incident.immediate.get_or_insert(Reason::BeforeLoss);
    }
    draft.audit(Who::Bot, "remembered", trace.text());
    let steps = trace
        .promises
        .iter()
        .map(|promise| step(&draft.incident, *promise));
    let steps: Vec<Step> = steps.collect();
    draft.arm(steps, &Who::Bot);
    draft.incident.investigations = (1..=answers)
        .map(|number| forgotten(&draft, number))
        .collect();
    draft.say(Line::Remembered);
    let purpose = if answers == 0 {
        Purpose::First
    } else {
        Purpose::Again
    };
    looks::start(&mut draft, purpose);
    ladder::advance(&mut draft);
    Some(draft.finish())
}

/// A promised call, as it was armed.
fn step(incident: &Incident, promise: Promise) -> Step {
    let since = incident.round_opened_at;
    let after = (promise.due_at - since).num_seconds();
    let because = match promise.rung {
        Rung::Unacknowledged => Reason::Unacknowledged { since, after },
        Rung::Unresolved => Reason::Unresolved { since, after },
        Rung::Immediate => incident.immediate.clone().unwrap_or(Reason::BeforeLoss),
    };
    let by_lead = matches!(incident.status, Status::Acknowledged { lead: true, .. });
    Step {
        number: promise.number,
        round: incident.round,
        policy: promise.policy,
        rung: promise.rung,
        because,
        // Armed before the loss: a deadline that passed since was missed because the bot was down.
        armed_at: since,
        due_at: promise.due_at,
        held_until: None,
        quiet: by_lead,
        looked: false,
        remembered: true,
        state: StepState::Armed,
        tried: Vec::new(),
    }
}

/// An answer that stands in the thread; what it said is not known any more.
fn forgotten(draft: &Draft<'_>, number: u32) -> Investigation {
    Investigation {
        number,
        purpose: Purpose::Again,
        asked_at: draft.incident.opened_at,
        state: InvestigationState::Forgotten,
        message: None,
        wrong: None,
    }
}
