//! Alerts of one incident: counted, ended, back again, coming and going.

use super::*;
use crate::incident::Held;

fn fires(fingerprint: &str, at: DateTime<Utc>) -> News {
    News {
        at,
        received: at,
        ..news(fingerprint)
    }
}

fn ends(fingerprint: &str, at: DateTime<Utc>) -> News {
    News {
        state: State::Resolved,
        ..fires(fingerprint, at)
    }
}

fn born(severity: Severity) -> World {
    let mut world = World::open(alert("production", severity));
    world.investigated(Verdict::CauseFound);
    world.deliver_all();
    world
}

fn said(world: &World) -> usize {
    let posts = world.incident.outbox.iter();
    posts
        .filter(|out| matches!(out.effect, Effect::Post { .. }))
        .count()
}

#[test]
fn a_repeat_is_a_number_and_no_message() {
    let mut world = born(Severity::Warning);
    let before = said(&world);
    for _ in 0..50 {
        world.on(Event::Alerts(vec![fires("f1", noon())]));
    }
    assert_eq!(said(&world), before);
    assert_eq!(world.incident.alert("f1").unwrap().repeats, 50);
}

#[test]
fn the_last_end_closes_it_and_the_first_does_not() {
    let mut world = born(Severity::Warning);
    world.on(Event::Alerts(vec![fires("f2", world.now)]));
    world.advance(minutes(1));
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    assert!(world.incident.is_open());
    world.on(Event::Alerts(vec![ends("f2", world.now)]));
    assert!(matches!(
        world.incident.status,
        Status::Resolved {
            by: Who::Alert(_),
            ..
        }
    ));
}

#[test]
fn an_end_from_before_it_fired_is_old_news() {
    let mut world = born(Severity::Warning);
    let old = ends("f1", noon() - minutes(3));
    assert_eq!(
        world.on(Event::Alerts(vec![old])),
        Outcome::Ignored(Ignored::AlreadySo)
    );
    let unknown = ends("f9", world.now);
    assert_eq!(
        world.on(Event::Alerts(vec![unknown])),
        Outcome::Ignored(Ignored::AlreadySo)
    );
    assert!(world.incident.is_open());
}

#[test]
fn people_close_what_people_reported_too() {
    let mut world = born(Severity::Warning);
    world.on(Event::ReportedAgain {
        thread: thread("1800000009.000100"),
        by: Origin::Person(user("ALICE")),
        at: world.now,
        because: None,
        tell: true,
    });
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    assert!(world.incident.is_open());
    let asks = |out: &Outgoing| {
        matches!(
            &out.effect,
            Effect::Post {
                content: Content::Line(Line::AlertRecovered),
                ..
            }
        )
    };
    assert!(world.incident.outbox.iter().any(asks));
}

#[test]
fn one_that_fires_again_opens_it_again_with_deadlines_of_its_own() {
    let mut world = born(Severity::Warning);
    world.advance(minutes(5));
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    world.deliver_all();
    world.advance(minutes(30));
    let back = world.now;
    world.on(Event::Alerts(vec![fires("f1", back)]));
    assert_eq!(
        (world.incident.round, world.incident.round_opened_at),
        (2, back)
    );
    assert!(world.incident.is_open());
    let due = world.incident.next_page_at().unwrap();
    assert_eq!(due, back + minutes(10));
    let looks = world.incident.investigations.len();
    assert_eq!(looks, 2, "it is looked at again");
}

#[test]
fn one_that_comes_and_goes_stays_open_and_costs_one_line() {
    let mut world = born(Severity::Warning);
    for _ in 0..20 {
        world.advance(minutes(1));
        world.on(Event::Alerts(vec![ends("f1", world.now)]));
        world.advance(minutes(1));
        world.on(Event::Alerts(vec![fires("f1", world.now)]));
        if world
            .incident
            .investigations
            .iter()
            .any(|one| one.diagnosis().is_none())
        {
            world.investigated(Verdict::CauseFound);
        }
        world.deliver_all();
    }
    let lines = |line: fn(&Line) -> bool| {
        let outs = world.incident.outbox.iter();
        outs.filter(|out| matches!(&out.effect, Effect::Post { content: Content::Line(one), .. } if line(one)))
            .count()
    };
    assert_eq!(lines(|line| matches!(line, Line::Flapping { .. })), 1);
    assert!(lines(|line| matches!(line, Line::Resolved { .. })) <= 2);
    assert!(world.incident.is_open());
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    assert!(world.incident.is_open(), "not before it has been quiet");
    world.advance(minutes(15));
    assert!(matches!(world.incident.status, Status::Resolved { .. }));
}

#[test]
fn the_warning_behind_a_critical_one_keeps_it_open() {
    let mut world = born(Severity::Critical);
    world.advance(minutes(1));
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    assert!(
        world.incident.is_open(),
        "its warning may have been hidden by it"
    );
    world.on(Event::Alerts(vec![fires("f1-warning", world.now)]));
    world.advance(minutes(2));
    assert!(world.incident.is_open());
    world.on(Event::Alerts(vec![ends("f1-warning", world.now)]));
    world.advance(minutes(2));
    assert!(!world.incident.is_open());
}

#[test]
fn i14_a_critical_alert_that_comes_second_calls_the_lead_at_once() {
    let mut world = born(Severity::Warning);
    let critical = News {
        severity: Severity::Critical,
        ..fires("f2", world.now)
    };
    world.on(Event::Alerts(vec![critical]));
    assert_eq!(world.incident.class, crate::escalation::Class::Immediate);
    assert!(!world.page_keys().is_empty());
}

#[test]
fn a_silence_is_shown_and_closes_nothing() {
    let mut world = born(Severity::Warning);
    let held = Held::Silenced {
        by: "bob".into(),
        until: None,
    };
    world.on(Event::Seen(vec![("f1".to_owned(), Some(held.clone()))]));
    assert_eq!(world.incident.alert("f1").unwrap().held, Some(held.clone()));
    assert!(world.incident.is_open());
    let again = world.on(Event::Seen(vec![("f1".to_owned(), Some(held))]));
    assert_eq!(again, Outcome::Ignored(Ignored::AlreadySo));
    world.on(Event::Seen(Vec::new()));
    assert_eq!(world.incident.alert("f1").unwrap().held, None);
}

#[test]
fn a_thread_that_nobody_waits_in_is_opened_by_the_answer_and_not_before() {
    let asked = Asked {
        thread: ThreadRef {
            channel: ChannelId::new("C1"),
            ts: None,
        },
        ..alert("production", Severity::Warning)
    };
    let mut world = World::open(asked.clone());
    let posts = |world: &World| {
        let ready = world.incident.claimable(world.now);
        ready
            .iter()
            .filter(|out| matches!(out.effect, Effect::Post { .. }))
            .count()
    };
    assert_eq!(posts(&world), 0);
    world.investigated(Verdict::CauseFound);
    assert_eq!(posts(&world), 1);

    let mut slow = World::open(asked.clone());
    slow.advance(TimeDelta::seconds(6));
    assert_eq!(posts(&slow), 1, "a sign of life after a while");

    let mut joins = World::open(asked);
    joins.on(Event::JoinedInto {
        incident: IncidentId::new("other"),
        thread: thread("1800000000.000100"),
    });
    joins.advance(minutes(1));
    assert_eq!(posts(&joins), 0, "nobody saw a thread of it");
}

#[test]
fn a_storm_of_alerts_stays_countable_and_small() {
    let mut world = born(Severity::Warning);
    let storm = (0..5_000)
        .map(|n| fires(&format!("{n:016x}"), world.now))
        .collect();
    world.on(Event::Alerts(storm));
    let incident = &world.incident;
    let counted = incident.alerts.len() + usize::try_from(incident.alerts_beyond).unwrap();
    assert_eq!(counted, 5_001);
    let size = serde_json::to_string(incident).unwrap().len();
    assert!(
        size < 650_000,
        "{size} with the names of 3,001 counted ones"
    );
}

#[test]
fn a_batch_of_which_none_is_kept_one_by_one_is_counted_and_calls_like_any_other() {
    let mut world = born(Severity::Warning);
    let many = |from: u32, count: u32| -> Vec<News> {
        let numbers = from..from + count;
        numbers
            .map(|n| fires(&format!("{n:016x}"), noon()))
            .collect()
    };
    world.on(Event::Alerts(many(0, 2_000)));
    let before = world.incident.alerts_beyond;
    assert_eq!(
        world.on(Event::Alerts(many(5_000, 3))),
        Outcome::Changed,
        "what is not saved is lost"
    );
    assert_eq!(world.incident.alerts_beyond, before + 3);
    let mut critical = many(6_000, 1);
    critical[0].severity = Severity::Critical;
    world.on(Event::Alerts(critical));
    assert_eq!(world.incident.class, crate::escalation::Class::Immediate);
}

#[test]
fn somebody_silences_its_alerts_and_the_deadlines_stay() {
    let mut asked = alert("production", Severity::Warning);
    asked.alerts[0].labels = [("alertname".to_owned(), "HighErrorRate".into())].into();
    let mut world = World::open(asked);
    world.investigated(Verdict::CauseFound);
    world.deliver_all();
    let due = world.incident.next_page_at();
    world.say(
        "BOB",
        Command::Silence {
            seconds: Some(7_200),
        },
    );
    let act = world
        .incident
        .outbox
        .iter()
        .find(|out| matches!(out.effect, Effect::Silence { .. }));
    let (key, effect) = act
        .map(|out| (out.key.clone(), out.effect.clone()))
        .unwrap();
    let Effect::Silence { alerts, until, by } = effect else {
        panic!()
    };
    assert_eq!(
        (alerts, until, by),
        (vec!["f1".to_owned()], world.now + minutes(120), user("BOB"))
    );
    let generation = world.claim(&key).unwrap().generation;
    world.on(Event::Silenced {
        key,
        generation,
        outcome: Ok((1, Some("403 Forbidden".into()))),
    });
    let told = |out: &Outgoing| {
        matches!(
            &out.effect,
            Effect::Post {
                content: Content::Line(Line::Silenced { count: 1, .. }),
                ..
            }
        )
    };
    assert!(world.incident.outbox.iter().any(told));
    // What was made is told, and what was not.
    let others = |out: &Outgoing| {
        matches!(
            &out.effect,
            Effect::Post {
                content: Content::Line(Line::OthersNotSilenced { .. }),
                ..
            }
        )
    };
    assert!(world.incident.outbox.iter().any(others));
    assert!(world.incident.is_open());
    assert_eq!(world.incident.next_page_at(), due);
}

#[test]
fn what_cannot_be_silenced_is_said_and_strangers_silence_nothing() {
    let mut world = born(Severity::Warning);
    world.say("BOB", Command::Silence { seconds: None });
    let acts = |world: &World| {
        world
            .incident
            .outbox
            .iter()
            .filter(|out| matches!(out.effect, Effect::Silence { .. }))
            .count()
    };
    assert_eq!(acts(&world), 0, "it has no labels to silence it by");
    world.incident.alerts[0]
        .labels
        .insert("alertname".to_owned(), "HighErrorRate".into());
    let actor = Actor {
        user: user("EVE"),
        authorised: false,
        at: world.now,
        thread: thread("1800000000.000100"),
    };
    world.on(Event::Said {
        command: Command::Silence { seconds: None },
        actor,
    });
    assert_eq!(acts(&world), 0);
}

/// An Alertmanager that was restarted tells of the same firing again: its start is older than the end.
#[test]
fn what_is_told_again_after_it_was_believed_over_opens_it_again() {
    let mut world = born(Severity::Warning);
    world.advance(minutes(6));
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    assert!(!world.incident.is_open());
    world.advance(minutes(4));
    let again = News {
        received: world.now,
        ..fires("f1", noon())
    };
    world.on(Event::Alerts(vec![again.clone()]));
    assert!(world.incident.is_open(), "{:?}", world.incident.status);
    assert_eq!(
        world.incident.round_opened_at, world.now,
        "no deadline that passed while it was thought over"
    );
    // And what the twin says of the end before is not the end of it now.
    world.advance(TimeDelta::seconds(20));
    let echo = News {
        received: world.now,
        ..ends("f1", noon() + minutes(6))
    };
    world.on(Event::Alerts(vec![echo]));
    assert!(world.incident.is_open());
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    assert!(!world.incident.is_open());
}

#[test]
fn the_twin_that_says_it_fires_a_moment_after_the_end_opens_nothing() {
    let mut world = born(Severity::Warning);
    world.advance(minutes(6));
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    world.advance(TimeDelta::seconds(30));
    let late = News {
        received: world.now,
        ..fires("f1", noon())
    };
    let heard = world.on(Event::Alerts(vec![late]));
    assert_eq!(heard, Outcome::Ignored(Ignored::AlreadySo));
    assert!(!world.incident.is_open());
}

#[test]
fn an_alert_that_a_person_could_not_know_of_opens_what_he_closed() {
    let mut world = born(Severity::Warning);
    world.advance(minutes(5));
    world.say("BOB", Command::Resolve);
    assert!(!world.incident.is_open());
    let begun = world.now - TimeDelta::seconds(40);
    world.advance(minutes(1));
    let other = News {
        received: world.now,
        ..fires("f2", begun)
    };
    world.on(Event::Alerts(vec![other]));
    assert!(world.incident.is_open());
}

#[test]
fn what_fired_and_ended_while_nobody_listened_opens_nothing_again() {
    let mut world = born(Severity::Warning);
    world.advance(minutes(5));
    world.on(Event::Alerts(vec![ends("f1", world.now)]));
    world.deliver_all();
    let before = said(&world);
    world.advance(minutes(10));
    let then = world.now - minutes(5);
    let (on, off) = (fires("f1", then), ends("f1", then + minutes(2)));
    world.on(Event::Alerts(vec![on, off]));
    assert!(!world.incident.is_open());
    assert_eq!((world.incident.round, said(&world)), (1, before));
}

/// It is well, as far as the bot sees, and its alert comes and goes: the thread is not filled with that.
#[test]
fn an_alert_that_flaps_where_all_is_well_costs_no_answer_each_time() {
    let mut world = World::open(alert("production", Severity::Warning));
    world.investigated(Verdict::Healthy);
    world.deliver_all();
    let flap = |world: &mut World, verdict: Verdict| {
        world.advance(minutes(1));
        world.on(Event::Alerts(vec![ends("f1", world.now)]));
        world.advance(minutes(1));
        world.on(Event::Alerts(vec![fires("f1", world.now)]));
        world.investigated(verdict);
        world.deliver_all();
    };
    for _ in 0..4 {
        flap(&mut world, Verdict::Healthy);
    }
    assert!(world.incident.is_flapping(world.now));
    let before = said(&world);
    for _ in 0..5 {
        flap(&mut world, Verdict::Healthy);
    }
    assert_eq!(said(&world), before);
    flap(&mut world, Verdict::CauseFound);
    assert!(world.incident.is_open(), "and it is looked at all the same");
    assert_eq!(said(&world), before + 1);
}

#[test]
fn an_alert_beyond_those_that_are_kept_calls_the_lead_and_is_awaited() {
    let mut world = born(Severity::Warning);
    let storm = (0..1_999).map(|n| fires(&format!("{n:016x}"), world.now));
    world.on(Event::Alerts(storm.collect()));
    assert_eq!(world.incident.alerts.len(), 2_000);
    let critical = News {
        severity: Severity::Critical,
        ..fires("critical", world.now)
    };
    world.on(Event::Alerts(vec![critical.clone()]));
    assert_eq!(world.incident.class, crate::escalation::Class::Immediate);
    assert!(!world.page_keys().is_empty());
    world.on(Event::Alerts(vec![critical]));
    assert_eq!(world.incident.alerts_beyond, 1, "a repeat is no other one");
    world.advance(minutes(1));
    let kept: Vec<News> = world
        .incident
        .firing()
        .map(|told| ends(&told.fingerprint, world.now))
        .collect();
    world.on(Event::Alerts(kept));
    world.advance(minutes(2));
    assert!(world.incident.is_open(), "the critical one still fires");
    world.on(Event::Alerts(vec![ends("critical", world.now)]));
    assert!(!world.incident.is_open());
}
