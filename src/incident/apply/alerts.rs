//! News of alerts. New ones are counted and shown in the answer; the end of the last one closes the incident,
//! or asks people to, when people reported it too. An alert that comes and goes keeps it open until it has
//! been quiet for a while, and costs the thread one line.

use chrono::{DateTime, TimeDelta, Utc};

use super::draft::Draft;
use super::open::{alert_reason, arm_round};
use super::{Rule, ladder, looks, people};
use crate::alert::State;
use crate::alert::advice::RuleAdvice;
use crate::escalation::{CancelReason, Class, Severity, environment_class};
use crate::incident::alerts::Change;
use crate::incident::noise;
use crate::incident::{
    Actor, Cut, Effect, Held, Ignored, Incident, Key, Line, News, Origin, OutState, Priority,
    Purpose, Receipt, Status, Told, Topic, Who,
};
use crate::text::Untrusted;

/// The end of an alert that flaps is believed after this long without it.
const QUIET: TimeDelta = TimeDelta::minutes(15);
/// A critical alert hides its own warning (the usual `inhibit_rules`): after its end the warning may come.
const AFTER_CRITICAL: TimeDelta = TimeDelta::minutes(1);

/// A silence whose length nobody said.
const USUAL_SILENCE: TimeDelta = TimeDelta::hours(1);
/// Nothing is silenced for longer than this from a thread: what is worth more is worth a change of the rule.
const LONGEST_SILENCE: TimeDelta = TimeDelta::days(7);

/// Alerts told something.
pub(super) fn told(draft: &mut Draft<'_>, news: Vec<News>) -> Rule {
    if draft.incident.topic != Topic::Problem
        || matches!(draft.incident.status, Status::Joined { .. })
    {
        return Err(Ignored::NotOurs);
    }
    let mut changes = Vec::new();
    for one in news {
        let heard = one.clone();
        let change = draft.incident.hear(one);
        if change != Change::Nothing {
            changes.push((change, heard));
        }
    }
    if changes.is_empty() {
        return Err(Ignored::AlreadySo);
    }
    note(draft, &changes);
    let fires = |change: &Change| matches!(change, Change::New | Change::Beyond | Change::Again);
    let newest = changes
        .iter()
        .filter(|one| fires(&one.0) && !is_over(&draft.incident, &one.1))
        .max_by_key(|one| (one.1.severity, one.1.received, one.1.at));
    if let Some((_, newest)) = newest.cloned() {
        fires_anew(draft, &newest);
        raise(draft, newest.name, newest.severity);
    }
    if changes.iter().any(|one| one.0 == Change::Ended) {
        ended(draft);
    }
    draft.refresh_answer();
    Ok(())
}

/// Whether it ended in the very news that told of it.
fn is_over(incident: &Incident, news: &News) -> bool {
    let told = incident.alert(&news.fingerprint);
    told.is_some_and(|told| !told.is_firing())
}

/// One audit line for each sort of change, however many alerts.
fn note(draft: &mut Draft<'_>, changes: &[(Change, News)]) {
    let words = [
        (Change::New, "alert-fired"),
        (Change::Beyond, "alert-fired-beyond"),
        (Change::Again, "alert-fired-again"),
        (Change::Ended, "alert-ended"),
    ];
    for (change, word) in words {
        let mut of_it = changes.iter().filter(|one| one.0 == change);
        let Some(first) = of_it.next() else { continue };
        let more = of_it.count();
        let name = first.1.name.clone();
        let why = format!("{} and {more} more", name.raw());
        draft.audit(Who::Alert(name), word, why);
    }
}

/// Something fires that did not: an incident that was over is not. Whoever closed it did so at our time or at
/// that of another sender: what counts is when this was heard.
fn fires_anew(draft: &mut Draft<'_>, news: &News) {
    let who = Who::Alert(news.name.clone());
    draft.incident.settles_at = None;
    match draft.incident.status {
        Status::Resolved { at: ended, .. } if news.received > ended => {
            // One that is told once more has no deadline that passed while nobody knew.
            let begins = if news.at > ended {
                news.at
            } else {
                news.received
            };
            begin_round(draft, &who, begins);
            draft.say(Line::Reopened { by: who });
            look(draft);
        }
        // It was found well, or expected; if it still is, nothing is said. One that comes and goes is looked at
        // each time and costs the thread nothing.
        Status::Answered { .. } if draft.incident.is_flapping(draft.now()) => look_unseen(draft),
        Status::Answered { .. } => look(draft),
        _ => {}
    }
    flapping(draft);
}

fn look_unseen(draft: &mut Draft<'_>) {
    if !draft.incident.investigations.iter().any(looks::is_running) {
        looks::start_unseen(draft);
    }
}

fn look(draft: &mut Draft<'_>) {
    if !draft.incident.investigations.iter().any(looks::is_running) {
        looks::start(draft, Purpose::Again);
    }
}

/// Says once that it comes and goes.
fn flapping(draft: &mut Draft<'_>) {
    let now = draft.now();
    let Some(told) = draft
        .incident
        .alerts
        .iter()
        .find(|told| told.is_flapping(now))
    else {
        return;
    };
    if draft.incident.flapping {
        return;
    }
    let (name, times) = (told.name.clone(), told.fired);
    draft.incident.flapping = true;
    draft.say(Line::Flapping { name, times });
}

/// Begins a loop with deadlines of its own: an alert fires again after its incident was closed.
fn begin_round(draft: &mut Draft<'_>, who: &Who, at: DateTime<Utc>) {
    draft.audit(who.clone(), "reopened", "");
    let policy = draft.context.policy;
    let incident = &mut draft.incident;
    incident.status = Status::Open;
    incident.round += 1;
    incident.round_opened_at = at;
    incident.immediate = None;
    incident.class = environment_class(policy, incident.environment.as_deref());
    arm_round(draft);
}

/// A critical alert in production calls the lead at once, also when it comes second.
fn raise(draft: &mut Draft<'_>, name: Untrusted, severity: Severity) {
    if !draft.incident.is_open() || draft.incident.class == Class::Immediate {
        return;
    }
    let origin = Origin::Alert {
        name: name.clone(),
        fingerprint: String::new(),
        severity,
    };
    let environment = draft.incident.environment.clone();
    if let Some(because) = alert_reason(&origin, environment.as_deref(), draft.context.policy) {
        // It cannot refuse: the class is lower.
        let _raised = ladder::raise(draft, because, &Who::Alert(name));
    }
}

/// An alert ended.
fn ended(draft: &mut Draft<'_>) {
    if !draft.incident.is_open() || draft.incident.fires() {
        return;
    }
    let now = draft.now();
    let critical =
        |told: &Told| told.severity == Severity::Critical && told.state == State::Resolved;
    let wait = if draft.incident.is_flapping(now) {
        QUIET
    } else if draft.incident.alerts.iter().any(critical) {
        AFTER_CRITICAL
    } else {
        return over(draft);
    };
    draft.incident.settles_at = Some(now + wait);
}

/// The time to believe an end has come.
pub(super) fn settle(draft: &mut Draft<'_>) -> bool {
    let due = (draft.incident.settles_at).is_some_and(|at| at <= draft.context.now);
    if !due {
        return false;
    }
    draft.incident.settles_at = None;
    draft.incident.flapping = false;
    if draft.incident.is_open() && !draft.incident.fires() {
        over(draft);
    }
    true
}

/// No alert of it fires any more. Only what alerts alone reported may they close.
fn over(draft: &mut Draft<'_>) {
    let last = draft
        .incident
        .alerts
        .iter()
        .max_by_key(|told| told.ends.last());
    let Some((name, at)) = last.and_then(|told| Some((told.name.clone(), *told.ends.last()?)))
    else {
        return;
    };
    if ladder::only_alerts(&draft.incident) {
        people::close(draft, Who::Alert(name), at, &CancelReason::Recovered);
    } else {
        draft.audit(Who::Bot, "alert-recovered", name);
        draft.say(Line::AlertRecovered);
    }
}

/// Somebody wants its alerts muted: those that fire and whose labels are known.
pub(super) fn silence(draft: &mut Draft<'_>, seconds: Option<u64>, actor: &Actor) {
    let length = seconds
        .and_then(|seconds| TimeDelta::try_seconds(i64::try_from(seconds).ok()?))
        .unwrap_or(USUAL_SILENCE)
        .min(LONGEST_SILENCE);
    let loud = draft
        .incident
        .firing()
        .filter(|told| told.held.is_none() && !told.labels.is_empty());
    let alerts: Vec<String> = loud.map(|told| told.fingerprint.clone()).collect();
    let by = actor.user.clone();
    if alerts.is_empty() {
        draft.whisper(actor.thread.clone(), by, Line::NothingToSilence);
        return;
    }
    let until = draft.now() + length;
    draft.audit(
        Who::User(by.clone()),
        "silence",
        format!("{alerts:?} until {until}"),
    );
    let what = draft.fresh("silence");
    draft.send(
        &what,
        Priority::FirstReply,
        Effect::Silence { alerts, until, by },
    );
}

/// Its sender does not tell all alerts of a group, or does again.
pub(super) fn cut(draft: &mut Draft<'_>, cut: Cut) -> Rule {
    if draft.incident.topic != Topic::Problem
        || matches!(draft.incident.status, Status::Joined { .. })
    {
        return Err(Ignored::NotOurs);
    }
    let (count, found) = (cut.count, cut.found);
    if !draft.incident.leave_out(cut) {
        return Err(Ignored::AlreadySo);
    }
    let found = found.map_or("not asked".to_owned(), |found| format!("{found} found"));
    draft.audit(Who::Bot, "alerts-cut", format!("{count}, {found}"));
    draft.refresh_answer();
    Ok(())
}

/// The rule of one of its alerts could be better: said once in a thread.
pub(super) fn advised(draft: &mut Draft<'_>, advice: Box<RuleAdvice>) -> Rule {
    if matches!(draft.incident.status, Status::Joined { .. }) {
        return Err(Ignored::NotOurs);
    }
    if noise::was_advised(&draft.incident, &advice.name) {
        return Err(Ignored::AlreadySo);
    }
    draft.audit(Who::Bot, "rule-advised", advice.name.clone());
    draft.say(Line::RuleAdvice(advice));
    Ok(())
}

/// Alertmanager was asked: the thread is told what came of it.
pub(super) fn silenced(
    draft: &mut Draft<'_>,
    key: &Key,
    generation: u64,
    outcome: Result<(u32, Option<Untrusted>), Untrusted>,
) -> Rule {
    let at = draft.now();
    let mut all = draft.incident.outbox.iter_mut();
    let out = all
        .find(|out| out.key == *key)
        .ok_or(Ignored::NoSuchMessage)?;
    out.claim_of(generation)?;
    let Effect::Silence { until, by, .. } = out.effect.clone() else {
        return Err(Ignored::NoSuchMessage);
    };
    match outcome {
        Ok((count, others)) => {
            out.state = OutState::Sent(Receipt {
                at,
                channel: None,
                ts: None,
            });
            draft.audit(Who::Bot, "silenced", format!("{count} until {until}"));
            draft.say(Line::Silenced { count, by, until });
            if let Some(why) = others {
                draft.audit(Who::Bot, "not-silenced", why.clone());
                draft.say(Line::OthersNotSilenced { why });
            }
        }
        Err(why) => {
            out.state = OutState::Undeliverable {
                at,
                why: "not-silenced".to_owned(),
            };
            draft.audit(Who::Bot, "not-silenced", why.clone());
            draft.say(Line::NotSilenced { why });
        }
    }
    Ok(())
}

/// What Alertmanager does with them: shown, and nothing more. Somebody who silences an alert has not said that
/// the incident is over.
pub(super) fn seen(draft: &mut Draft<'_>, seen: &[(String, Option<Held>)]) -> Rule {
    let (mut changed, mut shown) = (false, false);
    let at = draft.now();
    for told in &mut draft.incident.alerts {
        let now = seen
            .iter()
            .find(|(fingerprint, _)| *fingerprint == told.fingerprint);
        let held = now
            .and_then(|(_, held)| held.clone())
            .filter(|_| told.is_firing());
        changed |= now.is_some() && !told.seen;
        told.seen |= now.is_some();
        let misses = told.seen && told.is_firing() && now.is_none();
        changed |= misses != told.missing_since.is_some();
        told.missing_since = misses.then(|| told.missing_since.unwrap_or(at));
        shown |= told.held != held;
        told.held = held;
    }
    if shown {
        draft.refresh_answer();
    }
    (changed || shown).then_some(()).ok_or(Ignored::AlreadySo)
}
