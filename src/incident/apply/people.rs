//! What people do: press buttons and write in the thread. Each act is authorised anew, counts once,
//! and is shown in the thread.

use chrono::{DateTime, TimeDelta, Utc};

use super::draft::Draft;
use super::open::arm_round;
use super::{Rule, alerts, ladder, looks};
use crate::escalation::{CancelReason, Class, Reason, Rung, Step, StepState, environment_class};
use crate::incident::{
    Actor, ButtonAction, ButtonId, Command, Content, Effect, Ignored, Incident, Key, Line,
    OutState, Outgoing, Priority, Purpose, Status, Topic, Who,
};

/// An event older than this does not open a resolved incident again.
const STALE: TimeDelta = TimeDelta::minutes(15);
/// The lead is not called again for the asking within this time.
const JUST_CALLED: TimeDelta = TimeDelta::minutes(10);

/// A button was pressed.
pub(super) fn pressed(draft: &mut Draft<'_>, id: &ButtonId, actor: &Actor) -> Rule {
    if !actor.authorised {
        return refuse(draft, actor, "press");
    }
    let now = draft.now();
    let Some(button) = draft
        .incident
        .buttons
        .iter_mut()
        .find(|button| button.id == *id)
    else {
        return whisper(draft, actor, Line::ButtonExpired);
    };
    if let Some((by, _)) = button.used.clone() {
        return whisper(draft, actor, Line::ButtonUsed { by: Some(by) });
    }
    if !button.is_live(now) {
        return whisper(draft, actor, Line::ButtonExpired);
    }
    button.used = Some((Who::User(actor.user.clone()), now));
    let (action, number) = (button.action.clone(), button.investigation);
    let command = match action {
        ButtonAction::Acknowledge => Command::Acknowledge,
        ButtonAction::Resolve => Command::Resolve,
        ButtonAction::Escalate => Command::Escalate,
        ButtonAction::RunAgain => Command::RunAgain,
        ButtonAction::WrongAnswer => return wrong(draft, number, actor),
        ButtonAction::Silence => Command::Silence { seconds: None },
        ButtonAction::Choose(choice) => {
            let label = choice.label.clone();
            draft.audit(Who::User(actor.user.clone()), "chosen", label);
            looks::chosen(draft, number, choice);
            return Ok(());
        }
    };
    obey(draft, &command, actor)
}

/// Somebody wrote what they want.
pub(super) fn said(draft: &mut Draft<'_>, command: &Command, actor: &Actor) -> Rule {
    if !actor.authorised {
        return refuse(draft, actor, "words");
    }
    obey(draft, command, actor)
}

fn obey(draft: &mut Draft<'_>, command: &Command, actor: &Actor) -> Rule {
    if matches!(draft.incident.status, Status::Joined { .. }) {
        return Err(Ignored::NotOpen);
    }
    match command {
        Command::Acknowledge => acknowledge(draft, actor),
        Command::Resolve => {
            resolve(draft, actor);
            Ok(())
        }
        Command::Escalate => escalate(draft, actor),
        Command::RunAgain => run_again(draft, actor),
        Command::Reopen => reopen(draft, actor),
        Command::Silence { seconds } => {
            alerts::silence(draft, *seconds, actor);
            Ok(())
        }
        Command::WrongAnswer => {
            let newest = draft
                .incident
                .investigations
                .iter()
                .rev()
                .find(|one| one.message.is_some());
            let number = newest
                .map(|one| one.number)
                .ok_or(Ignored::NoSuchInvestigation)?;
            wrong(draft, number, actor)
        }
    }
}

fn refuse(draft: &mut Draft<'_>, actor: &Actor, what: &str) -> Rule {
    draft.audit(Who::User(actor.user.clone()), "refused", what);
    whisper(draft, actor, Line::NotAllowed)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it ends a rule: the reply is the change"
)]
fn whisper(draft: &mut Draft<'_>, actor: &Actor, line: Line) -> Rule {
    draft.whisper(actor.thread.clone(), actor.user.clone(), line);
    Ok(())
}

/// Whether somebody could still acknowledge, resolve or escalate: else tells them how it stands.
fn still_open(draft: &mut Draft<'_>, actor: &Actor) -> bool {
    let open = draft.incident.is_open();
    if !open {
        let status = draft.incident.status.clone();
        draft.whisper(
            actor.thread.clone(),
            actor.user.clone(),
            Line::AlreadySo { status },
        );
    }
    open
}

/// An acknowledgement stops the page of those who wait for one, and keeps the hour. The lead's own
/// stops every page; the hour becomes a line in the thread.
fn acknowledge(draft: &mut Draft<'_>, actor: &Actor) -> Rule {
    if !still_open(draft, actor) {
        return Ok(());
    }
    let lead = draft
        .context
        .policy
        .is_lead(&actor.user, &draft.incident.scope());
    if let Status::Acknowledged { lead: by_lead, .. } = draft.incident.status
        && (by_lead || !lead)
    {
        let status = draft.incident.status.clone();
        return whisper(draft, actor, Line::AlreadySo { status });
    }
    let (by, at, who) = (actor.user.clone(), actor.at, Who::User(actor.user.clone()));
    draft.audit(
        who.clone(),
        "acknowledged",
        if lead { "as lead" } else { "" },
    );
    draft.incident.status = Status::Acknowledged {
        by: by.clone(),
        at,
        lead,
    };
    let why = CancelReason::Acknowledged { by: by.clone() };
    draft.cancel_steps(|step| stopped_by_ack(step, lead), &why, &who);
    if lead {
        let armed = draft
            .incident
            .steps
            .iter_mut()
            .filter(|step| step.is_armed());
        armed.for_each(|step| step.quiet = true);
    }
    stop_pages(draft, &why);
    draft.say(Line::Acknowledged { by, lead });
    draft.refresh_answer();
    Ok(())
}

fn stopped_by_ack(step: &Step, lead: bool) -> bool {
    match step.rung {
        Rung::Unacknowledged => true,
        Rung::Immediate => lead,
        // The hour itself stays for the thread; a page of it that is on its way stops.
        Rung::Unresolved => lead && !step.is_armed(),
    }
}

/// A resolution stops everything.
fn resolve(draft: &mut Draft<'_>, actor: &Actor) {
    if !still_open(draft, actor) {
        return;
    }
    let why = CancelReason::Resolved {
        by: actor.user.clone(),
    };
    close(draft, Who::User(actor.user.clone()), actor.at, &why);
}

/// Ends an incident.
pub(super) fn close(draft: &mut Draft<'_>, by: Who, at: DateTime<Utc>, why: &CancelReason) {
    draft.audit(by.clone(), "resolved", format!("{why:?}"));
    draft.incident.status = Status::Resolved { by: by.clone(), at };
    draft.cancel_steps(|_| true, why, &by);
    stop_pages(draft, why);
    draft.say(Line::Resolved { by });
    draft.refresh_answer();
}

/// Pages that are out say from now on what stopped them, so that a lead who opens one an hour
/// later does not run.
fn stop_pages(draft: &mut Draft<'_>, why: &CancelReason) {
    let at = draft.now();
    let out = |out: &Outgoing| -> Option<(Key, Content)> {
        let (Effect::Post { content, .. } | Effect::Dm { content, .. }) = &out.effect else {
            return None;
        };
        match (content, &out.state) {
            (Content::Page(page), OutState::Sent(_)) if !page.quiet => {
                let stopped = Content::StoppedPage {
                    page: page.clone(),
                    why: why.clone(),
                    at,
                };
                Some((out.key.clone(), stopped))
            }
            _ => None,
        }
    };
    let pages: Vec<_> = draft.incident.outbox.iter().filter_map(out).collect();
    for (key, content) in pages {
        draft.edit(&key, content, Priority::FirstReply);
    }
}

/// Somebody wants the lead now.
fn escalate(draft: &mut Draft<'_>, actor: &Actor) -> Rule {
    if draft.incident.topic != Topic::Problem {
        return Err(Ignored::NotOpen);
    }
    if let Some((to, at)) = just_called(&draft.incident, draft.now()) {
        return whisper(draft, actor, Line::AlreadyCalled { to, at });
    }
    if !draft.incident.is_open() {
        begin_round(draft, actor)?;
    }
    let (by, who) = (actor.user.clone(), Who::User(actor.user.clone()));
    draft.audit(who.clone(), "escalated", "asked for the lead");
    ladder::raise(draft, Reason::AskedFor { by: by.clone() }, &who)?;
    draft.say(Line::Escalated { by });
    draft.refresh_answer();
    Ok(())
}

/// Whom the lead's last call went to, if it is under way or a few minutes old.
fn just_called(
    incident: &Incident,
    now: DateTime<Utc>,
) -> Option<(Option<crate::escalation::UserId>, DateTime<Utc>)> {
    let steps = incident
        .steps
        .iter()
        .rev()
        .filter(|step| step.round == incident.round);
    let mut calls = steps
        .filter(|step| !step.quiet)
        .filter_map(|step| match &step.state {
            StepState::Paging { .. } => Some((step.number, now)),
            StepState::Sent { at } if now - *at < JUST_CALLED => Some((step.number, *at)),
            _ => None,
        });
    let (number, at) = calls.next()?;
    let mut pages = incident.outbox.iter().rev().filter_map(Outgoing::page);
    let to = pages
        .find(|page| page.step == number)
        .and_then(|page| page.to.clone());
    Some((to, at))
}

/// Somebody wants another look; one at something resolved opens it again.
fn run_again(draft: &mut Draft<'_>, actor: &Actor) -> Rule {
    if draft.incident.investigations.iter().any(looks::is_running) {
        return Err(Ignored::AlreadySo);
    }
    draft.audit(Who::User(actor.user.clone()), "asked-again", "");
    if matches!(draft.incident.status, Status::Resolved { .. }) {
        begin_round(draft, actor)?;
        draft.say(Line::Reopened {
            by: Who::User(actor.user.clone()),
        });
    }
    let purpose = match draft.incident.topic {
        Topic::Problem => Purpose::Again,
        _ => Purpose::Question,
    };
    looks::start(draft, purpose);
    Ok(())
}

/// It is not over after all.
fn reopen(draft: &mut Draft<'_>, actor: &Actor) -> Rule {
    if draft.incident.topic != Topic::Problem {
        return Err(Ignored::NotOpen);
    }
    if draft.incident.is_open() {
        return Err(Ignored::AlreadySo);
    }
    begin_round(draft, actor)?;
    draft.say(Line::Reopened {
        by: Who::User(actor.user.clone()),
    });
    draft.refresh_answer();
    Ok(())
}

/// Begins a new loop with its own deadlines; the old steps stay as they ended.
fn begin_round(draft: &mut Draft<'_>, actor: &Actor) -> Rule {
    let (Status::Resolved { at: ended, .. } | Status::Answered { at: ended }) =
        draft.incident.status
    else {
        return Err(Ignored::NotOpen);
    };
    if actor.at < ended || draft.now() - actor.at > STALE {
        return Err(Ignored::Stale);
    }
    draft.audit(Who::User(actor.user.clone()), "reopened", "");
    let policy = draft.context.policy;
    let incident = &mut draft.incident;
    incident.status = Status::Open;
    incident.round += 1;
    incident.round_opened_at = actor.at;
    if matches!(incident.immediate, Some(Reason::AskedFor { .. })) {
        // A person's wish was for that loop; the rules' reasons stay.
        incident.immediate = None;
        incident.class = Class::Standard;
    }
    if incident.class != Class::Immediate {
        incident.class = environment_class(policy, incident.environment.as_deref());
    }
    arm_round(draft);
    Ok(())
}

/// Somebody says that an answer is wrong: the case is kept for later.
fn wrong(draft: &mut Draft<'_>, number: u32, actor: &Actor) -> Rule {
    let mut all = draft.incident.investigations.iter_mut();
    let one = all
        .find(|one| one.number == number)
        .ok_or(Ignored::NoSuchInvestigation)?;
    if one.wrong.is_some() {
        return Err(Ignored::AlreadySo);
    }
    one.wrong = Some(actor.user.clone());
    draft.audit(
        Who::User(actor.user.clone()),
        "marked-wrong",
        format!("look {number}"),
    );
    draft.say(Line::MarkedWrong {
        by: actor.user.clone(),
        number,
    });
    draft.refresh_answer();
    Ok(())
}
