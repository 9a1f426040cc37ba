//! Other threads about the same problem.

use super::draft::Draft;
use super::{Rule, ladder};
use crate::escalation::{CancelReason, Class, Reason};
use crate::incident::{
    Content, Effect, Ignored, IncidentId, Joined, Key, Priority, Status, ThreadRef, Who,
};

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
    if elsewhere {
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

/// This record is the same problem as another one, which takes over its promises.
pub(super) fn joined_into(draft: &mut Draft<'_>, into: IncidentId, thread: ThreadRef) -> Rule {
    if !draft.incident.is_open() {
        return Err(Ignored::NotOpen);
    }
    let at = draft.now();
    draft.audit(Who::Bot, "joined", into.as_str());
    draft.incident.status = Status::Joined {
        into: into.clone(),
        at,
    };
    let why = CancelReason::Joined {
        into: into.as_str().to_owned(),
    };
    draft.cancel_steps(|_| true, &why, &Who::Bot);
    let root = draft.incident.root.clone();
    let now = draft.now();
    let pictures = draft.incident.outbox.iter_mut();
    let pictures = pictures.filter(|out| matches!(out.effect, Effect::Attach { .. }));
    pictures.for_each(|out| out.stop(why.clone(), now));
    if root.ts.is_none() {
        // Nobody saw a thread of it, and nobody has to.
        let out = draft.incident.outbox.iter_mut();
        out.for_each(|out| out.stop(why.clone(), now));
        return Ok(());
    }
    let content = Content::HandledIn {
        incident: into,
        thread,
    };
    // The thread had its first reply; in a storm others still wait for theirs.
    draft.send(
        "handled-in",
        Priority::Answer,
        Effect::Post {
            thread: root,
            content,
        },
    );
    draft.refresh_answer();
    Ok(())
}
