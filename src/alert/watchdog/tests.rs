//! Lives of a Watchdog, from the first time it is heard to its silence and back.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::{Alert, Labels, State};
use super::{Change, Patience, Watchdogs, is_watchdog, source};

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).unwrap()
}

fn patience() -> Patience {
    Patience {
        every: None,
        grace: TimeDelta::minutes(2),
        listening_since: at(0),
    }
}

/// Heard at these minutes, as saved and read again each time.
fn heard(minutes: impl IntoIterator<Item = i64>) -> Watchdogs {
    let mut all = Watchdogs::default();
    for minute in minutes {
        assert_eq!(all.hear("", State::Firing, at(minute), &patience()), None);
        all = Watchdogs::read(Some(&all.document()));
    }
    all
}

#[test]
fn what_stops_is_told_once_and_what_is_back_once() {
    let mut all = heard((0..=30).step_by(5));
    let since = at(30);
    assert_eq!(all.look(at(42), &patience()), []);
    let every = TimeDelta::minutes(5);
    let stopped = Change::Stopped { since, every };
    assert_eq!(all.look(at(43), &patience()), [(String::new(), stopped)]);
    assert_eq!(
        all.get("").unwrap().silent_since(at(43), &patience()),
        Some(since)
    );
    all = Watchdogs::read(Some(&all.document()));
    assert_eq!(
        all.look(at(300), &patience()),
        [],
        "told once, also over a restart"
    );
    let back = all.hear("", State::Firing, at(301), &patience());
    assert_eq!(back, Some(Change::Back { since }));
    assert_eq!(all.hear("", State::Firing, at(306), &patience()), None);
    assert_eq!(
        all.look(at(318), &patience()),
        [],
        "one long silence taught it nothing"
    );
    assert_eq!(all.look(at(319), &patience()).len(), 1);
}

#[test]
fn an_interval_that_is_not_known_yet_is_taken_for_a_long_one() {
    let mut all = heard([0, 5]);
    assert_eq!(all.look(at(24 * 60), &patience()), []);
    assert_eq!(all.look(at(24 * 60 + 8), &patience()).len(), 1);
    let told = Patience {
        every: Some(TimeDelta::minutes(5)),
        ..patience()
    };
    assert_eq!(heard([0]).look(at(5), &told), []);
    assert_eq!(
        heard([0]).look(at(6), &told).len(),
        1,
        "the configuration knows, and is not doubled"
    );
    assert_eq!(
        Watchdogs::default().look(at(9999), &told),
        [],
        "what was never heard cannot stop"
    );
}

#[test]
fn two_replicas_that_both_tell_do_not_teach_an_interval_of_seconds() {
    let mut all = Watchdogs::default();
    for minute in (0..=60).step_by(5) {
        for seconds in [0, 15] {
            let time = at(minute) + TimeDelta::seconds(seconds);
            all.hear("", State::Firing, time, &patience());
        }
    }
    assert_eq!(
        all.get("").unwrap().every(&patience()),
        TimeDelta::minutes(5)
    );
}

#[test]
fn a_slower_repeat_interval_is_learned() {
    let mut all = heard((0..=30).step_by(5));
    let mut told = 0;
    for hour in 1..=10 {
        told += all.look(at(30 + hour * 240 - 1), &patience()).len();
        all.hear("", State::Firing, at(30 + hour * 240), &patience());
    }
    assert!(told <= 3, "{told}");
    assert_eq!(all.get("").unwrap().every(&patience()), TimeDelta::hours(4));
}

#[test]
fn changes_of_other_alerts_of_its_group_are_no_interval() {
    let day = 24 * 60;
    let mut all = heard([
        0,
        day / 2,
        day,
        day + 5,
        day + 10,
        day + 15,
        day + 20,
        day + 25,
    ]);
    assert_eq!(all.look(at(day + 40), &patience()), []);
    assert_eq!(all.look(at(2 * day + 20), &patience()), []);
    assert_eq!(all.look(at(2 * day + 28), &patience()).len(), 1);
}

#[test]
fn a_bot_that_starts_every_day_still_notices_a_silence() {
    let day = 24 * 60;
    let mut all = heard([0, day / 2, day]);
    let started = |minutes: i64| Patience {
        listening_since: at(minutes),
        ..patience()
    };
    assert_eq!(all.look(at(day + 800), &started(day + 700)), []);
    assert_eq!(all.look(at(2 * day + 30), &started(2 * day)), []);
    let told = all.look(at(2 * day + 61), &started(2 * day));
    assert!(
        matches!(&told[..], [(_, Change::Stopped { since, .. })] if *since == at(day)),
        "{told:?}"
    );
}

#[test]
fn the_bots_own_downtime_is_no_silence_and_teaches_nothing() {
    let mut all = heard((0..=30).step_by(5));
    let restarted = Patience {
        listening_since: at(200),
        ..patience()
    };
    assert_eq!(all.look(at(201), &restarted), []);
    assert_eq!(all.look(at(212), &restarted), []);
    let mut silent = all.clone();
    assert_eq!(
        silent.look(at(213), &restarted).len(),
        1,
        "it should have been heard by now"
    );
    for minute in [202, 207, 212] {
        assert_eq!(all.hear("", State::Firing, at(minute), &restarted), None);
    }
    assert_eq!(
        all.get("").unwrap().every(&restarted),
        TimeDelta::minutes(5)
    );
}

#[test]
fn one_that_is_resolved_has_stopped_at_once() {
    let mut all = heard((0..=30).step_by(5));
    let told = all.hear("", State::Resolved, at(31), &patience());
    assert!(
        matches!(told, Some(Change::Stopped { since, .. }) if since == at(30)),
        "{told:?}"
    );
    assert_eq!(all.hear("", State::Resolved, at(32), &patience()), None);
    assert!(matches!(
        all.hear("", State::Firing, at(40), &patience()),
        Some(Change::Back { .. })
    ));
    assert_eq!(
        Watchdogs::default().hear("", State::Resolved, at(0), &patience()),
        None
    );
}

#[test]
fn a_clock_that_is_set_back_does_not_delay_anything() {
    let mut all = heard((0..=300).step_by(5));
    let early = Patience {
        listening_since: at(0),
        ..patience()
    };
    assert_eq!(all.hear("", State::Firing, at(245), &early), None);
    assert_eq!(all.look(at(258), &early).len(), 1);
}

#[test]
fn each_cluster_has_its_own() {
    let mut all = Watchdogs::default();
    for minute in (0..=30).step_by(5) {
        all.hear("eu", State::Firing, at(minute), &patience());
        all.hear("us", State::Firing, at(minute), &patience());
    }
    for minute in (35..=60).step_by(5) {
        all.hear("us", State::Firing, at(minute), &patience());
    }
    let silent: Vec<String> = all
        .look(at(60), &patience())
        .into_iter()
        .map(|(s, _)| s)
        .collect();
    assert_eq!(silent, ["eu"]);
    for n in 0..200 {
        all.hear(&format!("made-up-{n}"), State::Firing, at(60), &patience());
    }
    assert!(
        all.document().len() < 10_000,
        "sources of a stranger do not fill the store"
    );
}

#[test]
fn a_document_that_cannot_be_read_is_learned_again() {
    for text in ["", "{", "[]", r#"{"a": 1}"#] {
        assert_eq!(Watchdogs::read(Some(text)), Watchdogs::default(), "{text}");
    }
    assert_eq!(Watchdogs::read(None), Watchdogs::default());
    let old = r#"{"":{"heard":"2027-01-15T08:00:00Z"}}"#;
    assert!(Watchdogs::read(Some(old)).get("").is_some());
}

#[test]
fn it_is_known_by_its_name_and_its_cluster() {
    let alert = |name: &str, labels: &[(&str, &str)]| Alert {
        generator: None,
        name: name.into(),
        state: State::Firing,
        labels: labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect(),
        annotations: Labels::new(),
        starts_at: None,
        ends_at: None,
        fingerprint: String::new(),
    };
    assert!(is_watchdog(&alert("Watchdog", &[])) && is_watchdog(&alert("DeadMansSwitch", &[])));
    assert!(!is_watchdog(&alert("WatchdogOfTheApp", &[])));
    let both = [("prometheus", "monitoring/k8s"), ("cluster", "eu")];
    assert_eq!(source(&alert("Watchdog", &both)), "eu");
    assert_eq!(source(&alert("Watchdog", &both[..1])), "monitoring/k8s");
    assert_eq!(source(&alert("Watchdog", &[])), "");
}
