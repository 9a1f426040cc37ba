//! The immediate classes, late and joint pages, and what an environment changes.

use super::ladder::page_now;
use super::*;
use crate::escalation::{CancelReason, Class, Lateness, Reason, Rung};

#[test]
fn i13_a_page_after_downtime_says_how_late_it_is_and_why() {
    let mut world = World::open(asked("production"));
    world.now = noon() + minutes(180);
    world.watching_since = world.now - TimeDelta::seconds(2);
    world.tick();
    let facts = page_now(&world);
    let late = facts.late.unwrap();
    assert_eq!((late.by, late.why), (170 * 60, Lateness::Down));
    assert_eq!(world.deliver_all().len(), 2);
}

#[test]
fn i14_the_immediate_classes_page_in_the_decision_that_classifies_them() {
    let world = World::open(danger());
    assert_eq!(world.incident.class, Class::Immediate);
    assert_eq!(world.page_keys().len(), 2, "before any look");
    assert_eq!(
        World::open(alert("production", Severity::Critical))
            .page_keys()
            .len(),
        2
    );
    assert!(
        World::open(alert("staging", Severity::Critical))
            .page_keys()
            .is_empty()
    );
    assert!(
        World::open(alert("production", Severity::Warning))
            .page_keys()
            .is_empty()
    );
    let first = world.incident.claimable(world.now)[0];
    assert!(first.page().is_some(), "and go first");
}

#[test]
fn a_call_from_before_the_first_look_gets_its_facts_afterwards() {
    let mut world = World::open(danger());
    world.deliver_all();
    let pages = world.page_keys();
    world.investigated(Verdict::CauseFound);
    let edited = |key: &Key| {
        world.incident.outbox.iter().any(|out| {
            matches!(&out.effect, Effect::Update { of, content: Content::Page(_) } if of == key)
        })
    };
    assert!(pages.len() == 2 && pages.iter().all(edited));
}

#[test]
fn a_call_that_somebody_stopped_stays_stopped_when_the_look_is_done() {
    let mut world = World::open(danger());
    world.deliver_all();
    world.say("BOB", Command::Acknowledge);
    world.investigated(Verdict::CauseFound);
    let page = |out: &Outgoing| {
        matches!(
            &out.effect,
            Effect::Update {
                content: Content::Page(_),
                ..
            }
        )
    };
    assert!(!world.incident.outbox.iter().any(page));
}

#[test]
fn i14_no_ready_replica_of_a_critical_workload_pages_at_once() {
    let mut world = World::open(asked("production"));
    world
        .policy
        .high_criticality
        .push(crate::escalation::Workload {
            environment: Some("production".to_owned()),
            namespace: None,
            name: "payment-service".to_owned(),
        });
    let without_ready_replica = vec![payment()];
    let diagnosis = Box::new(diagnosis(Verdict::CauseFound));
    world.on(Event::Investigated(Arrived {
        anew: false,
        can_silence: false,
        number: 1,
        diagnosis,
        without_ready_replica,
    }));
    assert_eq!(world.incident.class, Class::Immediate);
    assert_eq!(world.deliver_all(), ["thread", "dm"].map(str::to_owned));
    world.advance(minutes(30));
    assert_eq!(
        world.page_keys().len(),
        2,
        "the ten minutes say nothing new"
    );
    world.advance(minutes(31));
    assert_eq!(world.page_keys().len(), 4, "the hour does");
}

#[test]
fn i14_the_bot_cannot_leave_the_immediate_class() {
    let mut world = World::open(danger());
    world.investigated(Verdict::Healthy);
    assert_eq!(world.incident.class, Class::Immediate);
    assert_eq!(world.incident.status, Status::Open);
    assert!(world.incident.next_page_at().is_some());
}

#[test]
fn f56_a_class_raised_after_forty_minutes_pages_now_and_once() {
    let mut world = World::open(asked("staging"));
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(40));
    let report = |at| Event::ReportedAgain {
        thread: thread("1800002400.000100"),
        by: Origin::Person(user("CAROL")),
        at,
        because: Some(Reason::Words(Danger::DataLoss)),
        tell: true,
    };
    world.on(report(world.now));
    assert_eq!(
        world
            .deliver_all()
            .iter()
            .filter(|way| *way == "dm")
            .count(),
        1
    );
    world.on(report(world.now));
    world.advance(minutes(15));
    assert_eq!(world.page_keys().len(), 2);
}

#[test]
fn f55_escalate_while_a_step_is_due_calls_once() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(10));
    assert_eq!(world.page_keys().len(), 2);
    world.say("BOB", Command::Escalate);
    assert_eq!(world.page_keys().len(), 2);
    let told = |out: &Outgoing| {
        matches!(
            out.effect,
            Effect::Ephemeral {
                content: Content::Line(Line::AlreadyCalled { .. }),
                ..
            }
        )
    };
    assert!(world.incident.outbox.iter().any(told));
    world.deliver_all();
    world.advance(minutes(11));
    world.say("BOB", Command::Escalate);
    assert_eq!(
        world.page_keys().len(),
        4,
        "a person's wish counts again later"
    );
}

#[test]
fn i21_several_due_steps_become_one_page_with_every_reason() {
    let mut world = World::open(asked("production"));
    world.now = noon() + minutes(90);
    world.tick();
    assert_eq!(world.page_keys().len(), 2);
    assert!(matches!(
        page_now(&world).because[..],
        [Reason::Unresolved { .. }, Reason::Unacknowledged { .. }]
    ));
    assert!(matches!(
        world.states()[0],
        StepState::Coalesced { into: 2, .. }
    ));
}

#[test]
fn the_bot_looks_again_ten_seconds_before_a_page_and_never_waits_for_it() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.now = noon() + minutes(10) - TimeDelta::seconds(10);
    world.tick();
    let look = world.incident.investigations.last().unwrap().clone();
    assert_eq!((look.purpose, look.message), (Purpose::BeforePage, None));
    world.now = noon() + minutes(10);
    world.tick();
    assert_eq!(world.page_keys().len(), 2, "the look is still running");
    world.investigated(Verdict::Healthy);
    assert_eq!(world.incident.status, Status::Open);
}

#[test]
fn an_environment_found_later_raises_and_one_nobody_named_may_lower() {
    let unnamed = |found: &str| {
        let mut world = World::open(Asked {
            environment: None,
            ..asked("")
        });
        assert_eq!(
            world.incident.class,
            Class::Production,
            "unknown counts as the worst"
        );
        let mut diagnosis = diagnosis(Verdict::CauseFound);
        diagnosis.target.environment = Some(found.to_owned());
        world.found(1, diagnosis);
        world
    };
    let world = unnamed("staging");
    assert_eq!(world.incident.class, Class::Standard);
    assert!(matches!(
        world.step(1).state,
        StepState::Cancelled {
            why: CancelReason::LowerEnvironment { .. },
            ..
        }
    ));
    assert_eq!(unnamed("production").incident.class, Class::Production);

    let mut world = World::open(Asked {
        environment: None,
        ..asked("")
    });
    world.policy.default_environment = Some("staging".to_owned());
    let mut world = World::open_with(
        Asked {
            environment: None,
            ..asked("")
        },
        world.policy,
    );
    assert_eq!(world.incident.class, Class::Standard);
    let mut diagnosis = diagnosis(Verdict::CauseFound);
    diagnosis.target.environment = Some("production".to_owned());
    world.found(1, diagnosis);
    assert_eq!(world.incident.class, Class::Production);
    let armed = world
        .incident
        .steps
        .iter()
        .find(|step| step.rung == Rung::Unacknowledged);
    assert_eq!(armed.unwrap().due_at, noon() + minutes(10));
}

#[test]
fn a_test_page_goes_the_whole_way_and_is_no_incident() {
    let mut world = World::open(Asked {
        topic: Topic::TestPage,
        ..asked("production")
    });
    assert!(!world.incident.is_incident());
    assert!(matches!(
        page_now(&world).because[..],
        [Reason::Test { .. }]
    ));
    assert_eq!(world.deliver_all(), ["thread", "dm"].map(str::to_owned));
    assert!(!world.incident.is_live());
}
