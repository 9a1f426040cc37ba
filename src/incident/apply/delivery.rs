//! What happens to one outgoing message: claimed, out, refused, unclear; and what that means for
//! the step it carries.

use chrono::TimeDelta;

use super::draft::Draft;
use super::{Rule, ladder};
use crate::escalation::{CancelReason, Skip, Skipped, StepState};
use crate::incident::{
    Content, Effect, Event, Ignored, Incident, Key, OutState, Outgoing, OwnerId, PageFacts,
    Priority, Receipt, Refusal, Who,
};

/// Pages refused this often are also called over the webhook.
const CALL_ELSEWHERE_AFTER: u32 = 3;
/// Pause when Slack refuses the bot as a whole: somebody has to renew a token.
const WORKSPACE_PAUSE: TimeDelta = TimeDelta::seconds(60);

pub(super) fn apply(draft: &mut Draft<'_>, event: Event) -> Rule {
    match event {
        Event::Claim { key, owner } => claim(draft, &key, owner),
        Event::Sent {
            key,
            generation,
            receipt,
            carried_by,
        } => sent(draft, &key, generation, &receipt, carried_by),
        Event::Refused {
            key,
            generation,
            refusal,
        } => refused(draft, &key, generation, refusal),
        Event::NotFound { key, generation } => not_found(draft, &key, generation),
        Event::Unclear { key, generation } => unclear(draft, &key, generation),
        _ => Err(Ignored::NothingDue),
    }
}

fn out<'d>(draft: &'d mut Draft<'_>, key: &Key) -> Result<&'d mut Outgoing, Ignored> {
    let mut all = draft.incident.outbox.iter_mut();
    all.find(|out| out.key == *key)
        .ok_or(Ignored::NoSuchMessage)
}

/// The message under the current claim of that generation.
fn held<'d>(
    draft: &'d mut Draft<'_>,
    key: &Key,
    generation: u64,
) -> Result<&'d mut Outgoing, Ignored> {
    let out = out(draft, key)?;
    out.claim_of(generation)?;
    Ok(out)
}

fn claim(draft: &mut Draft<'_>, key: &Key, owner: OwnerId) -> Rule {
    let now = draft.now();
    if !draft.incident.is_ready(key, now) {
        return Err(Ignored::NotClaimable);
    }
    let out = out(draft, key)?;
    out.claim(owner, now)?;
    if out.unclear && matches!(out.effect, Effect::Ephemeral { .. }) {
        // Nobody can tell whether it was seen, and twice is worse than never.
        out.state = OutState::Undeliverable {
            at: now,
            why: "unclear".to_owned(),
        };
    }
    Ok(())
}

fn sent(
    draft: &mut Draft<'_>,
    key: &Key,
    generation: u64,
    receipt: &Receipt,
    carried_by: Option<Key>,
) -> Rule {
    let now = draft.now();
    let out = held(draft, key, generation)?;
    let unwanted = out.unwanted.clone();
    let page = out.page().cloned();
    let effect = out.effect.clone();
    out.mark_sent(receipt.clone(), carried_by);
    adopt_thread(&mut draft.incident, &effect, receipt);
    let Some(page) = page else { return Ok(()) };
    let place = format!("step {} {key:?} {receipt:?}", page.step);
    draft.audit(Who::Bot, "page-sent", place);
    if let Some(why) = unwanted {
        let stopped = Content::StoppedPage {
            page: page.clone(),
            why,
            at: now,
        };
        draft.edit(key, stopped, Priority::FirstReply);
    }
    settle(draft, &page);
    Ok(())
}

/// The first message of a thread that was not open yet opens it for all.
fn adopt_thread(incident: &mut Incident, effect: &Effect, receipt: &Receipt) {
    let Effect::Post { thread, .. } = effect else {
        return;
    };
    if thread.ts.is_some() || receipt.ts.is_none() {
        return;
    }
    if incident.root == *thread {
        incident.root.ts.clone_from(&receipt.ts);
    }
    for out in &mut incident.outbox {
        if let Effect::Post { thread: other, .. }
        | Effect::Ephemeral { thread: other, .. }
        | Effect::Attach { thread: other, .. } = &mut out.effect
            && other == thread
        {
            other.ts.clone_from(&receipt.ts);
            if out.refused == 0 {
                // What was kept back for the sake of an unopened thread.
                out.not_before = out.not_before.min(receipt.at);
            }
        }
    }
}

fn refused(draft: &mut Draft<'_>, key: &Key, generation: u64, refusal: Refusal) -> Rule {
    let now = draft.now();
    let out = held(draft, key, generation)?;
    if let Some(why) = out.unwanted.clone() {
        out.state = OutState::Cancelled { at: now, why };
        return Ok(());
    }
    let page = out.page().cloned();
    if page.is_some() {
        draft.audit(Who::Bot, "page-refused", format!("{key:?}: {refusal:?}"));
    }
    let out = held(draft, key, generation)?;
    match refusal {
        Refusal::RateLimited { retry_at } => out.release(Some(retry_at), now),
        Refusal::Temporary { .. } => out.release(None, now),
        Refusal::Workspace { .. } => {
            out.release(Some(now + WORKSPACE_PAUSE), now);
            out.refused = out.refused.max(CALL_ELSEWHERE_AFTER);
        }
        Refusal::ThreadGone => return thread_gone(draft, key),
        Refusal::Recipient(skip) => return unreachable(draft, key, page, skip),
        Refusal::Permanent { code } => return given_up(draft, key, page.as_ref(), code),
    }
    let often = out.refused >= CALL_ELSEWHERE_AFTER;
    if let Some(page) = page.filter(|page| often && !page.quiet)
        && draft.context.policy.webhook
    {
        ladder::call_webhook(draft, &page);
    }
    Ok(())
}

/// The thread's first message was deleted: goes on in a new thread of the same channel.
fn thread_gone(draft: &mut Draft<'_>, key: &Key) -> Rule {
    let now = draft.now();
    let out = out(draft, key)?;
    out.release(Some(now), now);
    let Effect::Post { thread: gone, .. } = out.effect.clone() else {
        return given_up(draft, key, None, "thread_not_found".to_owned());
    };
    if gone.ts.is_none() {
        // There was no thread to lose: not what Slack meant, and not to be repeated for ever.
        let page = draft
            .incident
            .outgoing(key)
            .and_then(Outgoing::page)
            .cloned();
        return given_up(draft, key, page.as_ref(), "thread_not_found".to_owned());
    }
    draft.audit(Who::Bot, "thread-gone", format!("{gone:?}"));
    if draft.incident.root == gone {
        draft.incident.root.ts = None;
    }
    for out in draft
        .incident
        .outbox
        .iter_mut()
        .filter(|out| !out.state.is_final())
    {
        if let Effect::Post { thread, .. } = &mut out.effect
            && *thread == gone
        {
            thread.ts = None;
        }
    }
    Ok(())
}

fn unreachable(draft: &mut Draft<'_>, key: &Key, page: Option<PageFacts>, why: Skip) -> Rule {
    let now = draft.now();
    let out = out(draft, key)?;
    out.state = OutState::Undeliverable {
        at: now,
        why: format!("{why:?}"),
    };
    cancel_edits(draft, key);
    if let Some(page) = page
        && is_current(&draft.incident, &page)
    {
        let skip = page.to.clone().map(|user| Skipped { user, why });
        ladder::next_attempt(draft, &page, skip);
    }
    Ok(())
}

fn given_up(draft: &mut Draft<'_>, key: &Key, page: Option<&PageFacts>, code: String) -> Rule {
    let now = draft.now();
    out(draft, key)?.state = OutState::Undeliverable { at: now, why: code };
    cancel_edits(draft, key);
    if let Some(page) = page {
        settle(draft, page);
    }
    Ok(())
}

/// Edits of a message that never came to be are not wanted.
fn cancel_edits(draft: &mut Draft<'_>, key: &Key) {
    let at = draft.now();
    for out in &mut draft.incident.outbox {
        if matches!(&out.effect, Effect::Update { of, .. } if of == key) && !out.state.is_final() {
            out.state = OutState::Cancelled {
                at,
                why: CancelReason::Superseded,
            };
        }
    }
}

fn not_found(draft: &mut Draft<'_>, key: &Key, generation: u64) -> Rule {
    let now = draft.now();
    let out = held(draft, key, generation)?;
    match out.unwanted.clone() {
        Some(why) => out.state = OutState::Cancelled { at: now, why },
        None => out.release(Some(now), now),
    }
    cancel_edits(draft, key);
    Ok(())
}

/// Nobody knows whether it arrived. What may be done twice is done again; a message waits for its
/// claim to expire, because a retry at once can double it.
fn unclear(draft: &mut Draft<'_>, key: &Key, generation: u64) -> Rule {
    let now = draft.now();
    let out = held(draft, key, generation)?;
    out.unclear = true;
    if out.effect.is_idempotent() {
        out.release(None, now);
    } else if matches!(out.effect, Effect::Ephemeral { .. }) {
        out.state = OutState::Undeliverable {
            at: now,
            why: "unclear".to_owned(),
        };
    }
    Ok(())
}

/// Whether a page belongs to the attempt that its step is making.
fn is_current(incident: &Incident, page: &PageFacts) -> bool {
    incident.steps.iter().any(|step| {
        step.number == page.step
            && matches!(step.state, StepState::Paging { attempt, .. } if attempt == page.attempt)
    })
}

/// Closes a step when its messages say so: it is sent when the lead's own message (or the webhook)
/// is out, or when the mention in the thread is all that could be sent; when nothing could be, the
/// next lead is called.
fn settle(draft: &mut Draft<'_>, page: &PageFacts) {
    let number = page.step;
    let Some(step) = draft
        .incident
        .steps
        .iter()
        .find(|step| step.number == number)
    else {
        return;
    };
    let StepState::Paging { attempt, .. } = step.state else {
        return;
    };
    let messages: Vec<&Outgoing> = draft
        .incident
        .outbox
        .iter()
        .filter(|out| out.page().is_some_and(|page| page.step == number))
        .filter(|out| is_of_attempt(out, attempt))
        .collect();
    let is_out =
        |out: &Outgoing| matches!(out.state, OutState::Sent(_) | OutState::Coalesced { .. });
    let direct = |out: &Outgoing| page.quiet || !matches!(out.effect, Effect::Post { .. });
    let reached = messages.iter().any(|out| is_out(out) && direct(out));
    let over = messages.iter().all(|out| out.state.is_final());
    let shown = messages.iter().any(|out| is_out(out));
    if reached || over && shown {
        let at = draft.now();
        set_state(&mut draft.incident, number, StepState::Sent { at });
    } else if over {
        let why = Skip::Refused {
            code: "undeliverable".to_owned(),
        };
        let current = messages
            .iter()
            .filter_map(|out| out.page())
            .max_by_key(|page| page.attempt);
        let current = current.unwrap_or(page).clone();
        let skip = current.to.clone().map(|user| Skipped { user, why });
        if skip.is_some() {
            ladder::next_attempt(draft, &current, skip);
        } else {
            give_up(draft, number);
        }
    }
}

fn is_of_attempt(out: &Outgoing, attempt: u32) -> bool {
    let webhook = matches!(out.effect, Effect::Webhook { .. });
    webhook || out.page().is_some_and(|page| page.attempt == attempt)
}

fn set_state(incident: &mut Incident, number: u32, state: StepState) {
    if let Some(step) = incident.steps.iter_mut().find(|step| step.number == number) {
        step.state = state;
    }
}

/// No lead, no webhook, no thread took it. The audit line, the metric and the log are what is left.
fn give_up(draft: &mut Draft<'_>, number: u32) {
    let at = draft.now();
    set_state(&mut draft.incident, number, StepState::Undeliverable { at });
    draft.audit(Who::Bot, "step-undeliverable", format!("step {number}"));
}
