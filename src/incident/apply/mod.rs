//! `apply(&incident, event, &context) → Decision`: the only place where an incident changes. Each
//! family of events has its file; what they share is [`Draft`]. Nothing here reads a clock.

mod alerts;
mod delivery;
mod draft;
mod join;
mod ladder;
mod looks;
mod open;
mod people;
mod remember;
mod threads;

use super::{Context, Decision, Event, Ignored, Incident, Joined, Outcome};
use draft::Draft;

pub(super) use ladder::{next, only_alerts};
pub use open::{announce, mark, notice, open};
pub use remember::{Remembered, remember};

/// What a rule says: it changed the draft, or why it did not.
type Rule = Result<(), Ignored>;

/// What comes of `event` for `incident`.
#[must_use]
pub fn apply(incident: &Incident, event: Event, context: &Context<'_>) -> Decision {
    let mut draft = Draft::of(incident.clone(), context);
    let outcome = match event {
        Event::Claim { .. }
        | Event::Sent { .. }
        | Event::Refused { .. }
        | Event::NotFound { .. }
        | Event::Unclear { .. } => delivery::apply(&mut draft, event),
        event => happened(&mut draft, event).map(|()| {
            ladder::advance(&mut draft);
        }),
    };
    match outcome {
        Ok(()) => draft.finish(),
        Err(why) => Decision {
            incident: incident.clone(),
            outcome: Outcome::Ignored(why),
        },
    }
}

/// Everything that is not about one outgoing message.
fn happened(draft: &mut Draft<'_>, event: Event) -> Rule {
    match event {
        Event::Pressed { button, actor } => people::pressed(draft, &button, &actor),
        Event::Said { command, actor } => people::said(draft, &command, &actor),
        Event::ReportedAgain {
            thread,
            by,
            at,
            because,
            tell,
        } => threads::reported_again(draft, Joined { thread, by, at }, because, tell),
        Event::TakesOver(other) => join::takes_over(draft, *other),
        Event::JoinedInto { incident, thread } => join::joined_into(draft, incident, thread),
        Event::Progress { number, doing } => looks::progress(draft, number, doing),
        Event::Investigated(arrived) => looks::investigated(draft, arrived),
        Event::Ambiguous {
            number,
            question,
            choices,
        } => looks::ambiguous(draft, number, question, choices),
        Event::Answered { number, answer } => looks::answered(draft, number, answer),
        Event::Alerts(news) => alerts::told(draft, news),
        Event::Silenced {
            key,
            generation,
            outcome,
        } => alerts::silenced(draft, &key, generation, outcome),
        Event::Cut(cut) => alerts::cut(draft, cut),
        Event::Advised(advice) => alerts::advised(draft, advice),
        Event::Seen(seen) => alerts::seen(draft, &seen),
        Event::Tick => {
            let settled = alerts::settle(draft);
            let moved = ladder::advance(draft);
            (settled || moved).then_some(()).ok_or(Ignored::NothingDue)
        }
        _ => Err(Ignored::NothingDue),
    }
}
