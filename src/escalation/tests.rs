//! Tests of the rules: who is called, and what time it is.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn lead(name: &str, environments: &[&str], services: &[&str]) -> Lead {
    let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
    Lead {
        environments: owned(environments),
        services: owned(services),
        ..Lead::of_everything(UserId::new(name))
    }
}

fn scope(environment: &str, service: &str) -> Scope {
    Scope {
        environment: Some(environment.to_owned()),
        service: Some(service.to_owned()),
    }
}

fn called(policy: &Policy, scope: &Scope) -> Option<String> {
    let route = route(policy, scope, &[], noon());
    route.to.map(|user| user.as_str().to_owned())
}

#[test]
fn i22_the_closest_remit_is_called_first() {
    let policy = Policy {
        leads: vec![
            lead("ANY", &[], &[]),
            lead("PROD", &["production"], &[]),
            lead("PAY", &[], &["payment"]),
            lead("PAY-STAGING", &["staging"], &["payment"]),
        ],
        ..Policy::default()
    };
    let called = |environment, service| called(&policy, &scope(environment, service)).unwrap();
    assert_eq!(called("production", "payment"), "PAY");
    assert_eq!(called("production", "orders"), "PROD");
    assert_eq!(called("staging", "payment"), "PAY-STAGING");
    assert_eq!(called("staging", "orders"), "ANY");
    assert_eq!(
        super::tests::called(&policy, &Scope::default()).unwrap(),
        "ANY"
    );
    assert!(policy.is_lead(&UserId::new("PAY"), &scope("production", "payment")));
    assert!(!policy.is_lead(&UserId::new("PAY"), &scope("production", "orders")));
}

#[test]
fn i22_nobody_left_means_the_webhook_when_there_is_one() {
    let mut policy = Policy {
        leads: vec![lead("A", &[], &[]), lead("B", &[], &[])],
        webhook: true,
        ..Policy::default()
    };
    policy.leads[0].absent_until = Some(noon() + TimeDelta::seconds(1));
    let tried = [Skipped {
        user: UserId::new("B"),
        why: Skip::Deactivated,
    }];
    let route = |policy: &Policy, now| super::route(policy, &Scope::default(), &tried, now);
    let nobody = route(&policy, noon());
    assert_eq!(
        (nobody.to, nobody.skipped.len(), nobody.webhook),
        (None, 2, true)
    );
    let back = route(&policy, noon() + TimeDelta::seconds(1));
    assert_eq!(back.to, Some(UserId::new("A")), "the absence ended");
    policy.webhook = false;
    assert!(!route(&policy, noon()).webhook);
}

#[test]
fn an_unknown_environment_counts_as_the_worst_and_an_unconfigured_one_as_normal() {
    let mut policy = Policy {
        environments: [("p".to_owned(), Criticality::Production)].into(),
        ..Policy::default()
    };
    assert_eq!(environment_class(&policy, None), Class::Production);
    assert_eq!(
        environment_class(&policy, Some("elsewhere")),
        Class::Standard
    );
    policy.default_environment = Some("dev".to_owned());
    assert_eq!(environment_class(&policy, None), Class::Standard);
    assert_eq!(environment_class(&Policy::default(), None), Class::Standard);
}

fn reading(wall: i64, monotonic: u64) -> Reading {
    Reading {
        wall: noon() + TimeDelta::seconds(wall),
        monotonic: Duration::from_secs(monotonic),
    }
}

#[test]
fn i12_a_clock_set_back_delays_nothing() {
    let tick = trusted_now(reading(0, 0), reading(-3600, 5), None, None);
    assert_eq!(tick.now, noon() + TimeDelta::seconds(5));
    assert_eq!(tick.drift, Drift::Back(TimeDelta::seconds(3605)));
    // Still counting an hour later, wherever the wall clock stands.
    let later = trusted_now(tick.anchor, reading(0, 3605), None, None);
    assert_eq!(later.now, noon() + TimeDelta::seconds(3605));
}

#[test]
fn i12_a_clock_that_had_been_ahead_is_corrected_when_another_one_says_so() {
    let truth = noon() - TimeDelta::seconds(3595);
    let tick = trusted_now(reading(0, 0), reading(-3595, 5), Some(truth), None);
    assert_eq!(
        (tick.now, tick.drift),
        (truth, Drift::Corrected(TimeDelta::seconds(3600)))
    );
    let denied = trusted_now(reading(0, 0), reading(-3595, 5), Some(noon()), None);
    assert_eq!(denied.now, noon() + TimeDelta::seconds(5));
}

#[test]
fn i12_a_forward_jump_is_checked_before_anything_fires() {
    let jump = reading(3600, 5);
    let doubt = trusted_now(reading(0, 0), jump, None, None);
    assert_eq!(doubt.now, noon() + TimeDelta::seconds(5));
    assert!(matches!(doubt.drift, Drift::Unconfirmed(_)));
    let slept = trusted_now(reading(0, 0), jump, Some(jump.wall), None);
    assert_eq!(
        (slept.now, slept.drift),
        (jump.wall, Drift::Forward(TimeDelta::seconds(3595)))
    );
    let wrong = trusted_now(
        reading(0, 0),
        jump,
        Some(noon() + TimeDelta::seconds(6)),
        None,
    );
    assert_eq!(wrong.now, noon() + TimeDelta::seconds(5));
    assert!(matches!(wrong.drift, Drift::Denied(_)));
}

#[test]
fn i12_without_another_clock_a_forward_jump_is_believed_after_ten_seconds() {
    let mut tick = trusted_now(reading(0, 0), reading(3600, 0), None, None);
    for second in 1..10 {
        tick = trusted_now(tick.anchor, reading(3600, second), None, tick.doubted_since);
        assert!(
            matches!(tick.drift, Drift::Unconfirmed(_)),
            "after {second} s"
        );
    }
    tick = trusted_now(tick.anchor, reading(3610, 10), None, tick.doubted_since);
    assert!(matches!(tick.drift, Drift::Forward(_)));
    assert_eq!(tick.now, noon() + TimeDelta::seconds(3610));
}

#[test]
fn i12_a_steady_or_slewed_clock_is_taken_at_its_word() {
    let tick = trusted_now(reading(0, 0), reading(20, 1), None, None);
    assert_eq!((tick.now, tick.drift), (reading(20, 1).wall, Drift::Steady));
    let slewed = Reading {
        wall: noon() + TimeDelta::milliseconds(900),
        ..reading(0, 1)
    };
    let tick = trusted_now(reading(0, 0), slewed, None, None);
    assert_eq!(
        (tick.now, tick.drift),
        (noon() + TimeDelta::seconds(1), Drift::Steady)
    );
}
