//! The birth of a record. What opens a problem arms its pages in the same decision, before anyone
//! looked: a crash in between must not lose them. The first look disarms them if there is nothing.

use super::draft::Draft;
use super::{ladder, looks};
use crate::escalation::{
    Class, Criticality, Policy, Reason, Severity, arm, arm_now, environment_class,
};
use crate::incident::{
    Asked, Context, Decision, Effect, FORMAT, Incident, Line, Origin, Priority, Purpose, Status,
    Topic, Ts, Who,
};

/// Opens a record.
#[must_use]
pub fn open(mut asked: Asked, context: &Context<'_>) -> Decision {
    let who = asked.origin.who();
    let news = std::mem::take(&mut asked.alerts);
    let mut draft = Draft::of(record(asked, context), context);
    for one in news {
        draft.incident.hear(one);
    }
    let question = draft.incident.ask.text.clone();
    draft.audit(who.clone(), "opened", question);
    match draft.incident.topic {
        Topic::Problem => {
            arm_round(&mut draft);
            looks::start(&mut draft, Purpose::First);
        }
        Topic::Question => looks::start(&mut draft, Purpose::Question),
        Topic::TestPage => {
            let Who::User(by) = who.clone() else {
                return draft.finish();
            };
            let step = arm_now(context.policy, (1, 1), Reason::Test { by }, context.now);
            draft.arm(vec![step], &who);
        }
        // Its reason is not in what was asked: see `notice`.
        Topic::Notice => {}
    }
    ladder::advance(&mut draft);
    draft.finish()
}

/// Opens a record that calls the lead once, for a reason of the bot's own.
#[must_use]
pub fn notice(asked: Asked, because: Reason, context: &Context<'_>) -> Decision {
    let mut draft = Draft::of(record(asked, context), context);
    draft.audit(Who::Bot, "opened", format!("{because:?}"));
    let step = arm_now(context.policy, (1, 1), because, context.now);
    draft.arm(vec![step], &Who::Bot);
    ladder::advance(&mut draft);
    draft.finish()
}

/// Opens a record that says one thing in a channel and waits for nothing.
#[must_use]
pub fn announce(asked: Asked, line: Line, context: &Context<'_>) -> Decision {
    let mut draft = Draft::of(record(asked, context), context);
    draft.audit(Who::Bot, "announced", format!("{line:?}"));
    draft.incident.status = Status::Answered { at: context.now };
    draft.say(line);
    draft.finish()
}

/// Opens a record that puts an emoji under a message of its channel and waits for nothing.
#[must_use]
pub fn mark(asked: Asked, ts: Ts, name: &str, context: &Context<'_>) -> Decision {
    let mut draft = Draft::of(record(asked, context), context);
    draft.audit(Who::Bot, "marked", format!("{name} {}", ts.as_str()));
    draft.incident.status = Status::Answered { at: context.now };
    let effect = Effect::React {
        channel: draft.incident.root.channel.clone(),
        ts,
        name: name.to_owned(),
    };
    draft.send("mark", Priority::Answer, effect);
    draft.finish()
}

/// Arms the loop that begins at `round_opened_at`.
pub(super) fn arm_round(draft: &mut Draft<'_>) {
    let incident = &draft.incident;
    let who = incident.origin.who();
    let (round, opened_at, class) = (incident.round, incident.round_opened_at, incident.class);
    let immediate = incident
        .immediate
        .clone()
        .filter(|_| class == Class::Immediate);
    let policy = draft.context.policy;
    let steps = arm(
        policy,
        class,
        (round, draft.next_step()),
        opened_at,
        draft.now(),
    );
    draft.arm(steps, &who);
    if let Some(because) = immediate {
        let step = arm_now(policy, (round, draft.next_step()), because, draft.now());
        draft.arm(vec![step], &who);
    }
}

pub(super) fn record(asked: Asked, context: &Context<'_>) -> Incident {
    let immediate = immediate(&asked, context.policy);
    let by_place = environment_class(context.policy, asked.environment.as_deref());
    Incident {
        format: FORMAT,
        id: asked.id,
        version: 0,
        topic: asked.topic,
        opened_at: asked.at,
        updated_at: context.now,
        lives: 0,
        root: asked.thread,
        origin: asked.origin,
        ask: asked.ask,
        environment: asked.environment,
        object: asked.object,
        subject: None,
        status: Status::Open,
        class: immediate.as_ref().map_or(by_place, |_| Class::Immediate),
        immediate,
        round: 1,
        round_opened_at: asked.at,
        steps: Vec::new(),
        investigations: Vec::new(),
        outbox: Vec::new(),
        joined: Vec::new(),
        joined_count: 0,
        alerts: Vec::new(),
        alerts_beyond: 0,
        cut: Vec::new(),
        beyond: std::collections::BTreeSet::new(),
        flapping: false,
        settles_at: None,
        buttons: Vec::new(),
        audit: Vec::new(),
    }
}

/// The rules that call the lead at once, as far as the words or the alert alone tell.
fn immediate(asked: &Asked, policy: &Policy) -> Option<Reason> {
    if asked.topic != Topic::Problem {
        return None;
    }
    if let Some(danger) = asked.ask.danger {
        return Some(Reason::Words(danger));
    }
    alert_reason(&asked.origin, asked.environment.as_deref(), policy)
}

/// A critical alert in production.
pub(super) fn alert_reason(
    origin: &Origin,
    environment: Option<&str>,
    policy: &Policy,
) -> Option<Reason> {
    match origin {
        Origin::Alert {
            name,
            severity: Severity::Critical,
            ..
        } if policy.criticality(environment) == Criticality::Production => {
            Some(Reason::CriticalAlert {
                alert: name.clone(),
            })
        }
        _ => None,
    }
}
