//! Other threads about the same problem.

use super::draft::Draft;
use super::{Rule, ladder};
use crate::escalation::{Class, Reason};
use crate::incident::{Content, Effect, Ignored, Joined, Key, Priority, ThreadRef};

/// Name of the one line that counts the reports; it is edited, not repeated.
const COUNTER: &str = "reported-again";

/// The same problem was reported again: that thread gets the link, this incident counts.
pub(super) fn reported_again(
    draft: &mut Draft<'_>,
    joined: Joined,
    because: Option<Reason>,
    tell: bool,
) -> Rule {
    if !draft.incident.is_open() {
        return Err(Ignored::NotOpen);
    }
    let (thread, who) = (joined.thread.clone(), joined.by.who());
    let elsewhere = thread != draft.incident.root;
    let alert = super::open::alert_reason(
        &joined.by,
        draft.incident.environment.as_deref(),
        draft.context.policy,
    );
    draft.audit(who.clone(), "reported-again", format!("{thread:?}"));
    draft.incident.joined_count += 1;
    draft.incident.joined.push(joined);
    if tell && elsewhere {
        let content = Content::HandledIn {
            incident: draft.incident.id.clone(),
            thread: draft.incident.root.clone(),
        };
        let what = draft.fresh("handled-in");
        draft.send(
            &what,
            Priority::FirstReply,
            Effect::Post {
                thread: thread.clone(),
                content,
            },
        );
    }
    // Nobody can go to a thread that was never opened; its alerts are shown in the answer.
    if elsewhere && thread.ts.is_some() {
        count(draft, thread);
    }
    if let Some(because) = because.or(alert)
        && draft.incident.class != Class::Immediate
    {
        ladder::raise(draft, because, &who)?;
        draft.refresh_answer();
    }
    Ok(())
}

fn count(draft: &mut Draft<'_>, thread: ThreadRef) {
    let content = Content::ReportedAgain {
        count: draft.incident.joined_count,
        thread,
    };
    let key = Key::of(&draft.incident.id, COUNTER);
    if draft.incident.outgoing(&key).is_some() {
        draft.edit(&key, content, Priority::Progress);
    } else {
        let root = draft.incident.root.clone();
        draft.send(
            COUNTER,
            Priority::Answer,
            Effect::Post {
                thread: root,
                content,
            },
        );
    }
}
