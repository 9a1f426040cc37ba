//! I23: each proof fails for its own reason, and the healthy look-alike of each does not.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Facts, Proof, Slack, judge};
use crate::clients::slack::socket::SocketState;
use crate::escalation::{Criticality, Policy, StepState};
use crate::incident::{
    Asked, ChannelId, Claim, Context, Incident, IncidentId, Origin, OutState, OwnerId, Receipt,
    ThreadRef, Topic, Ts, open,
};
use crate::intent::{Ask, Want};
use crate::text::Language;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn after(seconds: i64) -> DateTime<Utc> {
    noon() + TimeDelta::seconds(seconds)
}

/// A production problem of noon: steps due at 10 and 60 minutes.
fn incident() -> Incident {
    let root = ThreadRef::under(ChannelId::new("C1"), Ts::new("1800000000.000100"));
    let asked = Asked {
        id: IncidentId::of_message(&root.channel, root.ts.as_ref().unwrap()),
        topic: Topic::Problem,
        at: noon(),
        thread: root,
        origin: Origin::Person("ALICE".into_user()),
        ask: Ask {
            language: Language::En,
            want: Want::Problem,
            symptoms: Vec::new(),
            environment: None,
            namespace: None,
            object: None,
            address: None,
            whole: false,
            text: "payment is slow".into(),
            danger: None,
        },
        environment: Some("production".to_owned()),
        object: None,
        alerts: Vec::new(),
    };
    let policy = Policy {
        environments: [("production".to_owned(), Criticality::Production)].into(),
        ..Policy::default()
    };
    let context = Context {
        policy: &policy,
        now: noon(),
        watching_since: noon(),
        nonce: 1,
    };
    let mut incident = open(asked, &context).incident;
    assert_eq!(incident.steps.len(), 2);
    // What goes out at once is out.
    for out in &mut incident.outbox {
        out.state = OutState::Sent(Receipt {
            at: noon(),
            channel: None,
            ts: None,
        });
    }
    incident
}

trait IntoUser {
    fn into_user(self) -> crate::escalation::UserId;
}

impl IntoUser for &str {
    fn into_user(self) -> crate::escalation::UserId {
        crate::escalation::UserId::new(self)
    }
}

fn well(live: Vec<Incident>) -> Facts {
    Facts {
        store: Ok(live),
        loop_silent_for: Duration::from_secs(1),
        slack_gone_since: None,
    }
}

fn failed(facts: &Facts, now: DateTime<Utc>) -> Vec<Proof> {
    judge(facts, now)
        .into_iter()
        .map(|failure| failure.proof)
        .collect()
}

#[test]
fn i23_all_is_well_while_deadlines_are_ahead_or_just_due() {
    assert_eq!(failed(&well(Vec::new()), noon()), []);
    let facts = well(vec![incident()]);
    assert_eq!(failed(&facts, after(599)), []);
    assert_eq!(
        failed(&facts, after(600 + 120)),
        [],
        "due, and within its two minutes"
    );
}

#[test]
fn i23_a_due_step_that_is_not_out_after_two_minutes_stops_the_heartbeat() {
    let mut late = incident();
    let failures = judge(&well(vec![late.clone()]), after(721));
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].proof, Proof::Steps);
    assert!(
        failures[0]
            .detail
            .contains("step 1 was due 2027-01-15 08:10:00 UTC"),
        "{failures:?}"
    );

    // In the outbox is not out: Slack may refuse it again and again.
    late.steps[0].state = StepState::Paging {
        to: None,
        attempt: 1,
    };
    assert_eq!(
        failed(&well(vec![late.clone()]), after(721)),
        [Proof::Steps]
    );
    late.steps[0].state = StepState::Sent { at: after(601) };
    assert_eq!(failed(&well(vec![late]), after(721)), []);
}

#[test]
fn i23_maintenance_and_a_problem_learned_late_are_no_delay_of_ours() {
    let mut held = incident();
    held.steps[0].held_until = Some(after(3000));
    assert_eq!(failed(&well(vec![held.clone()]), after(3100)), []);
    assert_eq!(failed(&well(vec![held]), after(3121)), [Proof::Steps]);

    let mut learned = incident();
    learned.steps[0].armed_at = after(2000);
    assert_eq!(failed(&well(vec![learned.clone()]), after(2100)), []);
    assert_eq!(failed(&well(vec![learned]), after(2121)), [Proof::Steps]);
}

#[test]
fn i23_a_claim_that_nobody_took_up_stops_the_heartbeat() {
    let mut stuck = incident();
    stuck.outbox[0].state = OutState::Claimed(Claim {
        owner: OwnerId::new("gone"),
        generation: 1,
        at: noon(),
        until: after(60),
        look_first: false,
        look_only: false,
    });
    assert_eq!(failed(&well(vec![stuck.clone()]), after(120)), []);
    assert_eq!(failed(&well(vec![stuck]), after(121)), [Proof::Claims]);
}

#[test]
fn i23_a_store_that_cannot_be_proven_stops_the_heartbeat() {
    let facts = Facts {
        store: Err("the store lost its memory".to_owned()),
        ..well(Vec::new())
    };
    let failures = judge(&facts, noon());
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].proof, Proof::Store);
    assert_eq!(failures[0].detail, "the store lost its memory");
}

#[test]
fn i23_a_loop_that_hangs_stops_the_heartbeat() {
    let silent = |seconds| Facts {
        loop_silent_for: Duration::from_secs(seconds),
        ..well(Vec::new())
    };
    assert_eq!(failed(&silent(59), noon()), []);
    assert_eq!(failed(&silent(60), noon()), [Proof::Loop]);
}

#[test]
fn i23_slack_gone_for_a_minute_stops_the_heartbeat_and_a_reconnect_does_not() {
    let mut slack = Slack {
        hellos: 3,
        gone_since: None,
    };
    let gone = |hellos| SocketState {
        hellos,
        ..SocketState::default()
    };
    let facts = |slack: &Slack| Facts {
        slack_gone_since: slack.gone_since,
        ..well(Vec::new())
    };
    slack.look(gone(3), noon());
    assert_eq!(
        failed(&facts(&slack), noon()),
        [],
        "just now: it may be back in a moment"
    );
    slack.look(gone(4), after(60));
    assert_eq!(
        failed(&facts(&slack), after(60)),
        [],
        "it was back, and left again"
    );
    slack.look(gone(4), after(120));
    slack.look(gone(4), after(180));
    assert_eq!(failed(&facts(&slack), after(180)), [Proof::Slack]);
    slack.look(SocketState { live: 1, ..gone(5) }, after(240));
    assert_eq!(failed(&facts(&slack), after(240)), []);
}

#[test]
fn i23_every_failure_is_told_and_a_hundred_of_one_kind_in_one_line() {
    let facts = Facts {
        loop_silent_for: Duration::from_mins(5),
        slack_gone_since: Some(noon()),
        ..well(vec![incident(); 100])
    };
    let failures = judge(&facts, after(4000));
    let proofs: Vec<Proof> = failures.iter().map(|failure| failure.proof).collect();
    assert_eq!(proofs, [Proof::Steps, Proof::Loop, Proof::Slack]);
    assert!(
        failures[0].detail.ends_with("; and 197 more"),
        "{}",
        failures[0].detail
    );
}
