//! Deadlines: when the lead is called, by what, and what stops it.

use super::*;
use crate::escalation::{Class, Lateness, Maintenance, Reason};

pub(super) fn page_now(world: &World) -> PageFacts {
    world
        .incident
        .outbox
        .iter()
        .rev()
        .find_map(Outgoing::page)
        .unwrap()
        .clone()
}

#[test]
fn i15_production_is_paged_after_ten_minutes_from_the_message() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    assert_eq!(world.incident.class, Class::Production);
    assert_eq!(world.incident.next_page_at(), Some(noon() + minutes(10)));
    world.advance(minutes(9));
    assert!(world.page_keys().is_empty());
    world.now = noon() + minutes(10);
    world.tick();
    assert_eq!(world.deliver_all(), ["thread", "dm"].map(str::to_owned));
    assert_eq!(page_now(&world).to, Some(user("LEAD")));
    assert!(matches!(
        page_now(&world).because[0],
        Reason::Unacknowledged { after: 600, .. }
    ));
    assert_eq!(*world.states()[0], StepState::Sent { at: world.now });
    assert_eq!(world.incident.next_page_at(), Some(noon() + minutes(60)));
}

#[test]
fn staging_is_paged_after_the_hour_only() {
    let mut world = World::open(asked("staging"));
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(59));
    assert!(world.page_keys().is_empty());
    world.advance(minutes(2));
    assert_eq!(world.deliver_all(), ["thread", "dm"].map(str::to_owned));
    assert!(matches!(
        page_now(&world).because[..],
        [Reason::Unresolved { after: 3600, .. }]
    ));
}

#[test]
fn timers_are_armed_before_anyone_looked_and_disarmed_by_an_answer_without_a_problem() {
    for verdict in [Verdict::Healthy, Verdict::Expected, Verdict::TargetNotFound] {
        let mut world = World::open(asked("production"));
        assert_eq!(world.incident.steps.len(), 2);
        world.investigated(verdict);
        assert!(matches!(world.incident.status, Status::Answered { .. }));
        assert!(!world.incident.is_incident());
        world.advance(minutes(120));
        assert!(world.page_keys().is_empty(), "{verdict:?}");
    }
    for verdict in [
        Verdict::Unknown,
        Verdict::CouldNotLook,
        Verdict::CauseFound,
        Verdict::Recovered,
    ] {
        let mut world = World::open(asked("production"));
        world.investigated(verdict);
        world.advance(minutes(11));
        assert!(!world.page_keys().is_empty(), "{verdict:?}");
    }
}

#[test]
fn i08_acknowledgement_stops_the_ten_minutes_and_keeps_the_hour() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.say("BOB", Command::Acknowledge);
    assert!(matches!(
        world.incident.status,
        Status::Acknowledged { lead: false, .. }
    ));
    world.advance(minutes(59));
    assert!(world.page_keys().is_empty());
    world.advance(minutes(2));
    assert_eq!(page_now(&world).to, Some(user("LEAD")));
    assert!(!page_now(&world).quiet);
}

#[test]
fn i08_the_leads_own_acknowledgement_makes_the_hour_a_line() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.say("LEAD", Command::Acknowledge);
    world.advance(minutes(61));
    assert!(page_now(&world).quiet);
    assert_eq!(world.deliver_all(), ["thread"].map(str::to_owned));
    assert!(world.incident.steps.iter().all(Step::is_final));
}

#[test]
fn i08_a_resolution_stops_all_and_a_reopening_arms_a_new_loop() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(5));
    world.say("BOB", Command::Resolve);
    assert!(world.incident.steps.iter().all(Step::is_final));
    world.advance(minutes(5));
    let reopened_at = world.now;
    world.say("BOB", Command::Reopen);
    assert_eq!(world.incident.round, 2);
    let (old, new) = world.incident.steps.split_at(2);
    assert!(
        old.iter()
            .all(|step| matches!(step.state, StepState::Cancelled { .. }))
    );
    assert_eq!(new[0].due_at, reopened_at + minutes(10));
    assert_eq!(new[1].due_at, reopened_at + minutes(60));
    world.advance(minutes(11));
    assert_eq!(world.deliver_all(), ["thread", "dm"].map(str::to_owned));
    assert!(
        world.incident.steps[..2]
            .iter()
            .all(|s| matches!(s.state, StepState::Cancelled { .. }))
    );
}

#[test]
fn i09_the_bots_own_second_look_offers_to_close_and_stops_nothing() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.say("BOB", Command::RunAgain);
    world.investigated(Verdict::Healthy);
    assert_eq!(world.incident.status, Status::Open);
    let offers = |out: &Outgoing| {
        matches!(
            out.effect,
            Effect::Post {
                content: Content::Line(Line::OfferToClose),
                ..
            }
        )
    };
    assert!(world.incident.outbox.iter().any(offers));
    world.advance(minutes(11));
    assert!(!world.page_keys().is_empty());
}

#[test]
fn i09_a_verified_recovery_of_the_alert_closes_it_and_another_alerts_does_not() {
    let mut world = World::open(alert("production", Severity::Warning));
    world.investigated(Verdict::CauseFound);
    let recovery = |fingerprint: &str, at| {
        Event::Alerts(vec![News {
            state: State::Resolved,
            at,
            ..news(fingerprint)
        }])
    };
    assert_eq!(
        world.on(recovery("other", world.now)),
        Outcome::Ignored(Ignored::AlreadySo)
    );
    let before = noon() - minutes(1);
    assert_eq!(
        world.on(recovery("f1", before)),
        Outcome::Ignored(Ignored::AlreadySo)
    );
    world.on(recovery("f1", world.now));
    assert!(matches!(
        world.incident.status,
        Status::Resolved {
            by: Who::Alert(_),
            ..
        }
    ));
    assert!(world.incident.steps.iter().all(Step::is_final));
}

#[test]
fn i10_maintenance_holds_an_alerts_page_and_never_drops_it() {
    let mut world = World::open(alert("production", Severity::Warning));
    world.policy.maintenance.push(Maintenance {
        environment: Some("production".to_owned()),
        service: Some("payment-service".to_owned()),
        from: noon(),
        until: noon() + minutes(120),
        by: user("BOB"),
    });
    world.investigated(Verdict::CauseFound);
    world.advance(minutes(119));
    assert!(world.page_keys().is_empty());
    assert!(world.was_audited("step-held"));
    assert_eq!(
        world.step(1).due_at,
        noon() + minutes(10),
        "the deadline itself stays"
    );
    world.advance(minutes(2));
    let facts = page_now(&world);
    assert_eq!(facts.because.len(), 2, "both reasons are told");
    assert_eq!(facts.late.unwrap().why, Lateness::Maintenance);
}

#[test]
fn i10_maintenance_does_not_hold_a_persons_question_nor_outlives_its_end() {
    let window = Maintenance {
        environment: None,
        service: None,
        from: noon(),
        until: noon() + minutes(120),
        by: user("BOB"),
    };
    let mut world = World::open(asked("production"));
    world.policy.maintenance.push(window.clone());
    world.advance(minutes(11));
    assert!(!world.page_keys().is_empty());

    let mut world = World::open(alert("production", Severity::Warning));
    world.policy.maintenance.push(window);
    world.advance(minutes(20));
    assert!(world.page_keys().is_empty());
    world.policy.maintenance.clear();
    world.tick();
    assert!(!world.page_keys().is_empty(), "ended early: called at once");
}

#[test]
fn i11_deadlines_never_move() {
    let mut world = World::open(asked("production"));
    let due: Vec<_> = world
        .incident
        .steps
        .iter()
        .map(|step| step.due_at)
        .collect();
    world.policy.unacknowledged_after = minutes(30);
    world.policy.unresolved_after = minutes(300);
    world.policy.version = 2;
    world.investigated(Verdict::CauseFound);
    world.on(Event::ReportedAgain {
        thread: thread("1800000300.000100"),
        by: Origin::Person(user("CAROL")),
        at: world.now,
        because: None,
        tell: true,
    });
    world.watching_since = noon() + minutes(8);
    world.advance(minutes(9));
    assert_eq!(
        due,
        world
            .incident
            .steps
            .iter()
            .map(|step| step.due_at)
            .collect::<Vec<_>>()
    );
    world.advance(minutes(2));
    assert!(!world.page_keys().is_empty());
}
