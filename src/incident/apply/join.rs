//! Two records that turned out to be one problem: what the one knows and promised, the other takes over.

use super::draft::Draft;
use super::looks::FIRST_WORD;
use super::{Rule, ladder, threads};
use crate::escalation::{CancelReason, Class, Rung, Step};
use crate::incident::{
    Content, Effect, Ignored, Incident, IncidentId, Joined, OutState, Priority, Status, ThreadRef,
    Who,
};

/// Another record is the same problem as this one.
pub(super) fn takes_over(draft: &mut Draft<'_>, other: Incident) -> Rule {
    if !draft.incident.is_open() {
        return Err(Ignored::NotOpen);
    }
    place(draft, &other);
    if other.class == Class::Production {
        ladder::raise_to_production(draft);
    }
    keep_promises(draft, &other.steps);
    let incident = &mut draft.incident;
    let seen_here = other.environment == incident.environment;
    for mut told in other.alerts {
        told.seen &= seen_here;
        incident.take_over(told);
    }
    for cut in other.cut {
        incident.leave_out(cut);
    }
    incident.alerts_beyond += other.alerts_beyond;
    incident.beyond.extend(other.beyond);
    incident.flapping |= other.flapping;
    incident.joined_count += other.joined_count;
    incident.joined.extend(other.joined);
    let joined = Joined {
        thread: other.root,
        by: other.origin,
        at: other.opened_at,
    };
    threads::reported_again(draft, joined, other.immediate, false)?;
    draft.refresh_answer();
    Ok(())
}

/// What hurts several environments is of the one that matters most: its lead is called.
fn place(draft: &mut Draft<'_>, other: &Incident) {
    let matters = |incident: &Incident| {
        let environment = incident.environment.as_deref();
        let named = environment.is_some();
        (draft.context.policy.criticality(environment), named)
    };
    if other.environment.is_none() || matters(other) <= matters(&draft.incident) {
        return;
    }
    let incident = &mut draft.incident;
    incident.environment.clone_from(&other.environment);
    // Another Alertmanager is asked from here on, and may not have what the one before had.
    for told in &mut incident.alerts {
        told.seen = false;
    }
}

/// The lead is called no later than was promised for either of the two. A deadline never moves: an earlier one of the
/// other record comes in its place.
fn keep_promises(draft: &mut Draft<'_>, theirs: &[Step]) {
    for rung in [Rung::Unacknowledged, Rung::Unresolved] {
        let armed = |step: &&Step| step.is_armed() && step.rung == rung;
        let own = draft.incident.steps.iter().find(armed);
        let (Some(own), Some(theirs)) = (own, theirs.iter().find(armed)) else {
            continue;
        };
        if own.due_at <= theirs.due_at {
            continue;
        }
        let later = own.number;
        let step = Step {
            number: draft.next_step(),
            because: theirs.because.clone(),
            due_at: theirs.due_at,
            armed_at: draft.now(),
            looked: false,
            ..own.clone()
        };
        let sooner = step.number;
        draft.arm(vec![step], &Who::Bot);
        ladder::coalesce(draft, later, sooner);
    }
}

/// This record is the same problem as another one, which takes over its promises.
pub(super) fn joined_into(draft: &mut Draft<'_>, into: IncidentId, there: ThreadRef) -> Rule {
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
    let unopened = root.ts.is_none();
    let unseen = unopened && !is_on_its_way(&draft.incident);
    for out in &mut draft.incident.outbox {
        if unopened || matches!(out.effect, Effect::Attach { .. }) {
            out.stop(why.clone(), at);
        }
    }
    if unseen && root.channel == there.channel {
        // Nobody saw a thread of it, and nobody has to.
        return Ok(());
    }
    tell(draft, into, there);
    draft.refresh_answer();
    Ok(())
}

/// Whether the message that opens its thread may be in Slack before we know.
fn is_on_its_way(incident: &Incident) -> bool {
    incident.outbox.iter().any(|out| {
        let opens = matches!(&out.effect, Effect::Post { thread, .. } if *thread == incident.root);
        opens && (out.unclear || matches!(out.state, OutState::Claimed(_)))
    })
}

/// Says where it is handled: in its thread, or in its channel, where nothing was said yet and people look.
fn tell(draft: &mut Draft<'_>, into: IncidentId, there: ThreadRef) {
    let opened = there.ts.is_some();
    let content = Content::HandledIn {
        incident: into,
        thread: there,
    };
    let thread = draft.incident.root.clone();
    // The thread had its first reply; in a storm others still wait for theirs.
    let post = Effect::Post { thread, content };
    let key = draft.send("handled-in", Priority::Answer, post);
    if !opened {
        // By then the other thread is there to be linked.
        draft.hold(&key, FIRST_WORD);
    }
}
