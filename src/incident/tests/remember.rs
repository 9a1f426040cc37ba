//! An incident taken up again from the trace in its thread: the same promises, and each once.

use super::*;
use crate::escalation::{Class, Reason};

/// The store is lost now; another process reads the trace `after` that.
fn lose(world: &World, after: TimeDelta) -> Option<World> {
    let trace = Trace::parse(&world.incident.trace().text()).unwrap();
    let now = world.now + after;
    let context = Context {
        now,
        watching_since: now,
        ..world.context()
    };
    let asked = Asked {
        object: None,
        environment: world.incident.environment.clone(),
        ..asked("production")
    };
    let remembered = Remembered {
        asked,
        trace,
        answers: 1,
    };
    let incident = remember(remembered, &context)?.incident;
    Some(World {
        now,
        watching_since: now,
        incident,
        ..world.clone()
    })
}

fn promises(world: &World) -> Vec<Promise> {
    world.incident.trace().promises
}

#[test]
fn deadlines_survive_a_lost_store_to_the_second() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let again = lose(&world, minutes(2)).unwrap();
    assert_eq!(promises(&again), promises(&world));
    assert_eq!(again.incident.opened_at, noon());
    assert_eq!(again.incident.lives, 1);
    assert_eq!(again.incident.investigations.last().unwrap().number, 2);
    assert!(again.was_audited("remembered"));
}

#[test]
fn an_acknowledgement_survives_and_stops_the_ten_minutes() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.say("BOB", Command::Acknowledge);
    let mut again = lose(&world, minutes(2)).unwrap();
    assert!(
        matches!(&again.incident.status, Status::Acknowledged { by, lead: false, .. } if *by == user("BOB"))
    );
    again.advance(minutes(50));
    assert!(again.page_keys().is_empty());
    again.advance(minutes(10));
    assert_eq!(again.page_keys().len(), 2);
}

#[test]
fn a_lead_who_has_it_in_hand_gets_a_line_and_no_call() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.say("LEAD", Command::Acknowledge);
    let mut again = lose(&world, minutes(2)).unwrap();
    again.advance(minutes(60));
    let pages = again.incident.outbox.iter().filter_map(Outgoing::page);
    assert!(pages.clone().count() > 0 && pages.clone().all(|page| page.quiet));
}

#[test]
fn i9_a_look_that_finds_it_well_after_a_loss_closes_nothing() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let mut again = lose(&world, minutes(2)).unwrap();
    again.investigated(Verdict::Healthy);
    assert!(again.incident.is_open());
    assert_eq!(promises(&again), promises(&world));
}

#[test]
fn a_call_that_may_be_out_is_searched_for_first_from_its_deadline_on() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(11));
    // The rows are in the outbox, and whether they are in Slack nobody knows any more.
    assert_eq!(world.page_keys().len(), 2);
    let mut again = lose(&world, minutes(1)).unwrap();
    assert_eq!(again.page_keys(), world.page_keys(), "under the same keys");
    for key in again.page_keys() {
        let claim = again.claim(&key).unwrap();
        assert!(claim.look_first);
        let out = again.incident.outgoing(&key).unwrap();
        assert_eq!(out.created_at, noon() + minutes(10));
    }
}

#[test]
fn i14_what_was_urgent_stays_so() {
    let mut world = World::open(danger());
    world.deliver_all();
    let again = lose(&world, minutes(1)).unwrap();
    assert_eq!(again.incident.class, Class::Immediate);
    assert_eq!(again.incident.immediate, Some(Reason::BeforeLoss));
    assert!(again.page_keys().is_empty(), "the lead was called before");
}

#[test]
fn what_is_over_is_not_taken_up() {
    let mut resolved = World::open(asked("production"));
    resolved.say("BOB", Command::Resolve);
    let mut healthy = World::open(asked("production"));
    healthy.investigated(Verdict::Healthy);
    for world in [resolved, healthy] {
        assert!(lose(&world, minutes(1)).is_none());
    }
}

#[test]
fn a_loss_is_told_once_in_a_thread_of_its_own() {
    let world = World::open(asked("production"));
    let asked = Asked {
        topic: Topic::Notice,
        origin: Origin::Bot,
        thread: ThreadRef {
            channel: ChannelId::new("C1"),
            ts: None,
        },
        ..asked("production")
    };
    let because = Reason::MemoryLost { found: 2 };
    let incident = notice(asked, because, &world.context()).incident;
    let mut world = World { incident, ..world };
    assert!(!world.incident.is_incident());
    assert_eq!(world.deliver_all(), ["thread", "dm"]);
    world.advance(minutes(120));
    assert!(!world.incident.is_live(), "no clock runs for it");
}
