//! Leads who cannot be reached, a Slack that is out, and the ways that are left then.

use super::delivery::{paging, refuse};
use super::*;
use crate::escalation::Skip;

fn ways(world: &World) -> Vec<String> {
    let tail = |key: &Key| key.as_str().split("r1/").nth(1).unwrap().to_owned();
    world.page_keys().iter().map(tail).collect()
}

#[test]
fn i22_an_unreachable_lead_gives_way_to_the_next_and_the_page_says_so() {
    let (mut world, thread, dm) = paging();
    world.deliver(&thread);
    refuse(&mut world, &dm, Refusal::Recipient(Skip::Deactivated));
    assert_eq!(ways(&world), ["a1/thread", "a1/dm", "a2/thread", "a2/dm"]);
    let page = world
        .incident
        .outbox
        .last()
        .unwrap()
        .page()
        .unwrap()
        .clone();
    assert_eq!(page.to, Some(user("SECOND")));
    assert_eq!(page.skipped[0].why, Skip::Deactivated);
    assert_eq!(world.deliver_all(), ["thread", "dm"].map(str::to_owned));
    assert!(matches!(world.step(1).state, StepState::Sent { .. }));
}

#[test]
fn i22_absence_is_known_before_and_the_list_ends_at_the_webhook() {
    let mut world = World::open(asked("production"));
    world.policy.leads[0].absent_until = Some(noon() + minutes(600));
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(10));
    let page = world
        .incident
        .outbox
        .last()
        .unwrap()
        .page()
        .unwrap()
        .clone();
    assert_eq!(page.to, Some(user("SECOND")));
    assert!(matches!(page.skipped[0].why, Skip::Absent { .. }));
    let dm = world.page_keys()[1].clone();
    refuse(&mut world, &dm, Refusal::Recipient(Skip::Unknown));
    let page = world.incident.outbox.last().unwrap();
    assert!(
        matches!(&page.effect, Effect::Webhook { page } if page.to.is_none() && page.skipped.len() == 2)
    );
    assert_eq!(
        world.deliver_all(),
        ["thread", "webhook"].map(str::to_owned)
    );
    assert!(matches!(world.step(1).state, StepState::Sent { .. }));
}

#[test]
fn i01_without_any_way_left_the_step_says_so_and_so_does_the_thread() {
    let mut world = World::open(asked("production"));
    world.policy.webhook = false;
    world.policy.leads.clear();
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(10));
    assert!(matches!(
        world.step(1).state,
        StepState::Undeliverable { .. }
    ));
    assert!(world.was_audited("step-undeliverable"));
    assert_eq!(
        world.deliver_all(),
        ["thread"].map(str::to_owned),
        "in the same commit"
    );
}

#[test]
fn i01_everything_refused_for_good_ends_undeliverable_not_silent() {
    let (mut world, thread, dm) = paging();
    let gone = || Refusal::Permanent {
        code: "is_archived".to_owned(),
    };
    refuse(&mut world, &thread, gone());
    refuse(&mut world, &dm, gone());
    for _ in 0..10 {
        for key in world.page_keys() {
            if world.incident.is_ready(&key, world.now) {
                refuse(&mut world, &key, gone());
            }
        }
    }
    assert!(matches!(
        world.step(1).state,
        StepState::Undeliverable { .. }
    ));
    let webhook = |out: &Outgoing| matches!(out.effect, Effect::Webhook { .. });
    assert!(
        world.incident.outbox.iter().any(webhook),
        "every way was tried"
    );
}

#[test]
fn a_mention_in_the_thread_is_enough_when_the_message_cannot_be_sent() {
    let (mut world, thread, dm) = paging();
    world.deliver(&thread);
    refuse(
        &mut world,
        &dm,
        Refusal::Permanent {
            code: "missing_scope".to_owned(),
        },
    );
    assert!(matches!(world.step(1).state, StepState::Sent { .. }));
}

#[test]
fn when_slack_is_out_the_webhook_calls_and_slack_follows_later() {
    let (mut world, thread, dm) = paging();
    refuse(
        &mut world,
        &dm,
        Refusal::Workspace {
            code: "token_revoked".to_owned(),
        },
    );
    let webhook = world.incident.outbox.last().unwrap().key.clone();
    assert!(webhook.as_str().ends_with("webhook"));
    world.deliver(&webhook);
    assert!(matches!(world.step(1).state, StepState::Sent { .. }));
    for _ in 0..3 {
        let out = world.incident.outgoing(&thread).unwrap();
        world.now = world.now.max(out.not_before);
        refuse(
            &mut world,
            &thread,
            Refusal::Temporary {
                code: "503".to_owned(),
            },
        );
    }
    let webhooks = world
        .page_keys()
        .iter()
        .filter(|key| key.as_str().ends_with("webhook"))
        .count();
    assert_eq!(webhooks, 1, "once per step");
    world.now += minutes(2);
    assert_eq!(world.deliver_all().len(), 2, "{:?}", world.incident.outbox);
}
