//! Firings without a cause, over many incidents of one alert.

use super::*;
use crate::alert::advice::{Given, RuleAdvice};
use crate::incident::noise::noisiest;

/// An incident of the alert that began so many days ago, was looked at, and ended after so many minutes.
fn over(days: i64, verdict: Verdict, lasted: i64) -> Incident {
    let mut world = World::open(alert("production", Severity::Warning));
    world.investigated(verdict);
    world.now = noon() + minutes(lasted);
    world.on(Event::Alerts(vec![News {
        state: State::Resolved,
        at: world.now,
        ..news("f1")
    }]));
    let mut incident = world.incident;
    incident.id = IncidentId::new(format!("past-{days}-{lasted}"));
    incident.opened_at = noon() - TimeDelta::days(days);
    incident
}

fn now_looked(verdict: Verdict) -> World {
    let mut world = World::open(alert("production", Severity::Warning));
    world.investigated(verdict);
    world
}

fn times(incident: &Incident, past: &[Incident]) -> Option<(u32, usize)> {
    let (_, firings) = noisiest(incident, past, &Given::default(), noon())?;
    Some((firings.times, firings.lasted.len()))
}

#[test]
fn firings_without_a_cause_are_counted_with_their_lengths() {
    let past: Vec<Incident> = (1..10).map(|n| over(n, Verdict::Unknown, n)).collect();
    let now = now_looked(Verdict::Healthy);
    assert_eq!(times(&now.incident, &past), Some((10, 9)));
    let (_, firings) = noisiest(&now.incident, &past, &Given::default(), noon()).unwrap();
    let mut lasted = firings.lasted;
    lasted.sort_unstable();
    assert_eq!(lasted[..3], [60, 120, 180]);
    assert!(!firings.critical);
}

#[test]
fn firings_with_a_cause_and_looks_that_saw_nothing_do_not_count() {
    let past: Vec<Incident> = [
        Verdict::CauseFound,
        Verdict::CouldNotLook,
        Verdict::Recovered,
        Verdict::Expected,
    ]
    .into_iter()
    .map(|verdict| over(3, verdict, 5))
    .collect();
    assert_eq!(
        times(&now_looked(Verdict::Unknown).incident, &past),
        Some((2, 1))
    );
    // And the one that has a cause itself gets nothing, however noisy the rest was.
    let past: Vec<Incident> = (1..20).map(|n| over(n, Verdict::Unknown, n)).collect();
    assert_eq!(
        times(&now_looked(Verdict::CauseFound).incident, &past),
        None
    );
    assert_eq!(
        times(&now_looked(Verdict::CouldNotLook).incident, &past),
        None
    );
}

#[test]
fn another_alert_another_object_and_an_older_one_do_not_count() {
    let mut other_name = over(1, Verdict::Unknown, 5);
    other_name.alerts[0].name = "DiskFull".into();
    let mut other_object = over(2, Verdict::Unknown, 5);
    other_object.alerts[0].fingerprint = "f2".to_owned();
    other_object.alerts[0].about = About::Cluster;
    let past = [other_name, other_object, over(31, Verdict::Unknown, 5)];
    assert_eq!(
        times(&now_looked(Verdict::Unknown).incident, &past),
        Some((1, 0))
    );
    // The same object under another label set (a new pod) is the same noise.
    let mut renamed = over(2, Verdict::Unknown, 5);
    renamed.alerts[0].fingerprint = "f2".to_owned();
    assert_eq!(
        times(&now_looked(Verdict::Unknown).incident, &[renamed]),
        Some((2, 1))
    );
}

#[test]
fn it_is_said_once_in_a_thread_and_what_fired_before_does_not_count_again() {
    let advice = || RuleAdvice {
        name: "HighErrorRate".into(),
        times: 10,
        threshold: None,
        hold: None,
        critical: false,
        not_read: None,
    };
    let mut world = now_looked(Verdict::Unknown);
    world.on(Event::Advised(Box::new(advice())));
    let lines = |incident: &Incident| {
        let all = incident.outbox.iter();
        all.filter(|out| {
            matches!(
                &out.effect,
                Effect::Post {
                    content: Content::Line(Line::RuleAdvice(_)),
                    ..
                }
            )
        })
        .count()
    };
    assert_eq!(lines(&world.incident), 1);
    let again = world.on(Event::Advised(Box::new(advice())));
    assert_eq!(again, Outcome::Ignored(Ignored::AlreadySo));
    assert_eq!(lines(&world.incident), 1);
    // Its thread has it: nothing there is a reason to read the rule again.
    let past: Vec<Incident> = (1..12).map(|n| over(n, Verdict::Unknown, n)).collect();
    assert_eq!(times(&world.incident, &past), None);
    // Elsewhere the count begins again with the day of the advice.
    let next = now_looked(Verdict::Unknown).incident;
    assert_eq!(times(&next, &past), Some((12, 11)));
    let mut given = Given::default();
    let environment = next.environment.as_deref();
    given.note(
        environment,
        "HighErrorRate",
        None,
        noon() - TimeDelta::days(3),
    );
    let (_, firings) = noisiest(&next, &past, &given, noon()).unwrap();
    assert_eq!(firings.times, 4);
}
