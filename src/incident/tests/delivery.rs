//! Claim, send, mark: what may be sent when, and what a refusal leads to.

use std::time::Duration;

use super::*;
use crate::escalation::{CancelReason, Skip};

/// A production incident whose ten-minute page is in the outbox; returns its thread and DM keys.
pub(super) fn paging() -> (World, Key, Key) {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(10));
    let keys = world.page_keys();
    (world, keys[0].clone(), keys[1].clone())
}

pub(super) fn refuse(world: &mut World, key: &Key, refusal: Refusal) {
    let generation = world.claim(key).unwrap().generation;
    world.on(Event::Refused {
        key: key.clone(),
        generation,
        refusal,
    });
}

#[test]
fn i03_only_one_process_holds_a_claim_and_only_for_its_time() {
    let (mut world, key, _) = paging();
    let claim = world.claim(&key).unwrap();
    assert!(!claim.look_first);
    assert_eq!(
        world.claim(&key),
        Err(Outcome::Ignored(Ignored::NotClaimable))
    );
    assert!(claim.may_send(Duration::from_secs(45)));
    assert!(
        !claim.may_send(Duration::from_secs(46)),
        "15 s must be left"
    );
    assert!(CLAIM_TTL.to_std().unwrap() > HTTP_TIMEOUT + MIN_VALIDITY);
    world.now += CLAIM_TTL;
    assert!(world.claim(&key).unwrap().look_first);
}

#[test]
fn i05_the_mark_of_a_lost_claim_is_refused() {
    let (mut world, key, _) = paging();
    let old = world.claim(&key).unwrap().generation;
    world.now += CLAIM_TTL;
    let new = world.claim(&key).unwrap().generation;
    assert!(new > old);
    let receipt = world.receipt();
    let mark = |generation| Event::Sent {
        key: key.clone(),
        generation,
        receipt: receipt.clone(),
        carried_by: None,
    };
    assert_eq!(world.on(mark(old)), Outcome::Ignored(Ignored::StaleClaim));
    assert_eq!(world.on(mark(new)), Outcome::Changed);
    assert_eq!(
        world.on(mark(new)),
        Outcome::Ignored(Ignored::StaleClaim),
        "once"
    );
}

#[test]
fn i06_unclear_is_not_failed_nothing_is_sent_before_the_claim_expires() {
    let (mut world, key, _) = paging();
    let claim = world.claim(&key).unwrap();
    let generation = claim.generation;
    world.on(Event::Unclear {
        key: key.clone(),
        generation,
    });
    world.now = claim.until - TimeDelta::milliseconds(1);
    assert!(world.claim(&key).is_err());
    world.now = claim.until;
    assert!(world.claim(&key).unwrap().look_first);
    // Not found, sent under that claim, refused for now: the doubt stays.
    let retry_at = world.now;
    let generation = world.incident.outgoing(&key).unwrap().generation;
    let refusal = Refusal::RateLimited { retry_at };
    world.on(Event::Refused {
        key: key.clone(),
        generation,
        refusal,
    });
    assert!(world.claim(&key).unwrap().look_first);
}

#[test]
fn a_certain_refusal_needs_no_search() {
    let (mut world, key, _) = paging();
    let retry_at = world.now + TimeDelta::seconds(60);
    refuse(&mut world, &key, Refusal::RateLimited { retry_at });
    assert!(world.claim(&key).is_err());
    world.now = retry_at;
    assert!(!world.claim(&key).unwrap().look_first);
}

#[test]
fn i07_ack_wins_unclaimed_messages_are_never_claimed() {
    let (mut world, thread, dm) = paging();
    let generation = world.claim(&thread).unwrap().generation;
    world.say("BOB", Command::Acknowledge);
    assert!(world.claim(&dm).is_err());
    assert!(matches!(world.step(1).state, StepState::Cancelled { .. }));
    // The one in flight arrives all the same, and is edited.
    let receipt = world.receipt();
    world.on(Event::Sent {
        key: thread.clone(),
        generation,
        receipt,
        carried_by: None,
    });
    let edit = world.incident.outbox.iter().find(|out| {
        matches!(&out.effect, Effect::Update { of, content: Content::StoppedPage { .. } } if *of == thread)
    });
    assert!(edit.is_some_and(|edit| edit.is_claimable(world.now)));
    assert!(matches!(world.step(1).state, StepState::Cancelled { .. }));
}

#[test]
fn i07_a_stopped_page_whose_sender_died_is_looked_for_and_not_sent() {
    let (mut world, thread, _) = paging();
    world.claim(&thread).unwrap();
    world.say("BOB", Command::Resolve);
    world.now += CLAIM_TTL;
    let claim = world.claim(&thread).unwrap();
    assert!(claim.look_only && claim.look_first);
    assert!(!claim.may_send(Duration::ZERO));
    world.on(Event::NotFound {
        key: thread.clone(),
        generation: claim.generation,
    });
    let state = &world.incident.outgoing(&thread).unwrap().state;
    assert!(matches!(
        state,
        OutState::Cancelled {
            why: CancelReason::Resolved { .. },
            ..
        }
    ));
}

#[test]
fn pages_that_are_out_say_what_stopped_them() {
    let (mut world, thread, dm) = paging();
    world.deliver_all();
    world.say("BOB", Command::Resolve);
    for key in [thread, dm] {
        let stopped = |out: &Outgoing| matches!(&out.effect, Effect::Update { of, content: Content::StoppedPage { .. } } if *of == key);
        assert!(world.incident.outbox.iter().any(stopped));
    }
}

#[test]
fn a_thread_whose_first_message_was_deleted_goes_on_in_a_new_one() {
    let (mut world, thread, _) = paging();
    refuse(&mut world, &thread, Refusal::ThreadGone);
    assert_eq!(world.incident.root.ts, None);
    world.deliver(&thread);
    assert!(world.incident.root.ts.is_some());
    let there = world.incident.root.clone();
    world.say("BOB", Command::Resolve);
    let line = world
        .incident
        .outbox
        .iter()
        .rev()
        .find(|out| matches!(out.effect, Effect::Post { .. }));
    assert!(matches!(&line.unwrap().effect, Effect::Post { thread, .. } if *thread == there));
}

#[test]
fn the_first_message_of_a_webhooks_alert_opens_the_thread_for_the_others() {
    let mut asked = alert("production", crate::escalation::Severity::Critical);
    asked.thread.ts = None;
    let mut world = World::open(asked);
    let posts = |world: &World| {
        let ready = world.incident.claimable(world.now);
        ready
            .iter()
            .filter(|out| matches!(out.effect, Effect::Post { .. }))
            .count()
    };
    assert_eq!(posts(&world), 1);
    let first = world.incident.claimable(world.now);
    let first = first
        .iter()
        .find(|out| matches!(out.effect, Effect::Post { .. }))
        .unwrap()
        .key
        .clone();
    world.deliver(&first);
    assert_eq!(posts(&world), 1, "the next one follows into the thread");
    assert!(world.incident.root.ts.is_some());
}

#[test]
fn i20_pages_go_before_everything_and_edits_coalesce() {
    let mut world = World::open(asked("production"));
    world.deliver_all();
    for step in ["pods", "logs", "metrics"] {
        world.on(Event::Progress {
            number: 1,
            doing: Message::new(step),
        });
    }
    let edits = |world: &World| {
        let ready = world.incident.claimable(world.now);
        ready
            .iter()
            .filter(|out| matches!(out.effect, Effect::Update { .. }))
            .count()
    };
    assert_eq!(edits(&world), 1, "only the newest state is sent");
    world.say("BOB", Command::Escalate);
    let ready: Vec<_> = world
        .incident
        .claimable(world.now)
        .iter()
        .map(|out| out.priority)
        .collect();
    assert_eq!(ready[..2], [Priority::Page, Priority::Page]);
    assert!(ready.is_sorted());
}

#[test]
fn an_ephemeral_reply_is_sent_at_most_once() {
    let mut world = World::open(asked("production"));
    let actor = Actor {
        authorised: false,
        ..world.actor("MALLORY")
    };
    world.on(Event::Said {
        command: Command::Resolve,
        actor,
    });
    assert_eq!(world.incident.status, Status::Open);
    let whisper = |out: &&Outgoing| matches!(out.effect, Effect::Ephemeral { .. });
    let key = world
        .incident
        .outbox
        .iter()
        .find(whisper)
        .unwrap()
        .key
        .clone();
    world.claim(&key).unwrap();
    world.now += CLAIM_TTL;
    assert!(world.claim(&key).is_err());
    assert!(
        world.incident.outgoing(&key).is_none(),
        "given up and tidied away"
    );
}

#[test]
fn i24_the_last_page_can_be_explained_from_the_audit_alone() {
    let (mut world, _, dm) = paging();
    refuse(&mut world, &dm, Refusal::Recipient(Skip::Deactivated));
    world.deliver_all();
    world.say("LEAD", Command::Acknowledge);
    world.say("BOB", Command::Resolve);
    let words: Vec<&str> = world
        .incident
        .audit
        .iter()
        .map(|line| line.what.as_str())
        .collect();
    for what in [
        "opened",
        "step-armed",
        "investigated",
        "step-due",
        "page-refused",
        "lead-unreachable",
        "page-sent",
        "acknowledged",
        "resolved",
        "step-cancelled",
    ] {
        assert!(words.contains(&what), "{what} is missing of {words:?}");
    }
    assert!(world.incident.audit.iter().is_sorted_by_key(|line| line.at));
}
