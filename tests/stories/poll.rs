//! Alertmanager is asked about the alerts of open incidents: what it misses is over, unless it began just now.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use vigie::incident::{Incident, Told};
use vigie::sandbox::alertmanager::Fault;
use vigie::sandbox::fault::Wire;

use super::alerts::{first_thread, group, mismatch};
use super::house::{Scripted, Sees, Stage, Thread};

/// An alert that Alertmanager has too, as it takes it.
struct Held(Value);

impl Held {
    /// Fires, and is told by the webhook.
    async fn tell(stage: &Stage) -> (Self, Thread) {
        let mut alert = mismatch(stage, "payment-service", "firing", 20);
        let held = json!([{"labels": alert["labels"], "startsAt": alert["startsAt"],
            "endsAt": (stage.clock.now() + TimeDelta::days(1)).to_rfc3339()}]);
        alert["fingerprint"] = json!(stage.alertmanager.take(&held).unwrap()[0]);
        assert_eq!(stage.send(&group("g1", vec![alert])).await, 200);
        let thread = first_thread(stage).await;
        stage.settled().await;
        (Self(held), thread)
    }
}

/// One that has something else to tell: that nothing at all is there is no answer.
fn others(stage: &Stage) {
    let ends = (stage.clock.now() + TimeDelta::days(1)).to_rfc3339();
    let watchdog = json!([{"labels": {"alertname": "Watchdog"}, "endsAt": ends}]);
    stage.alertmanager.take(&watchdog).unwrap();
}

/// How often Alertmanager was asked for its alerts.
fn asked(stage: &Stage) -> usize {
    let asked = stage.alertmanager.asked();
    let alerts = asked.iter().filter(|one| one.line == "GET /api/v2/alerts");
    alerts.count()
}

/// Whether it is asked more often than that within some time.
async fn is_asked_within(stage: &Stage, before: usize, within: Duration) -> bool {
    let waiting = async {
        while asked(stage) <= before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(within, waiting).await.is_ok()
}

/// A minute passes; whether Alertmanager was asked.
async fn is_asked(stage: &Stage) -> bool {
    let before = asked(stage);
    stage.advance(TimeDelta::seconds(61));
    let is_asked = is_asked_within(stage, before, Duration::from_secs(3)).await;
    stage.settled().await;
    is_asked
}

/// A minute passes, and Alertmanager is asked.
async fn a_minute(stage: &Stage) {
    for _ in 0..10 {
        // A question that was still on its way then took this one's turn.
        if is_asked(stage).await {
            return;
        }
    }
    panic!("nobody asks");
}

async fn open(stage: &Stage) -> Option<Incident> {
    let live = stage.store().load_live().await.unwrap();
    live.into_iter().find(Incident::is_open)
}

/// Asks on until the record says so; each answer is about the time before.
async fn until(stage: &Stage, wanted: fn(&Told) -> bool) {
    for _ in 0..4 {
        a_minute(stage).await;
        if open(stage)
            .await
            .is_some_and(|one| one.alerts.iter().any(wanted))
        {
            return;
        }
    }
    panic!("{:#?}", open(stage).await);
}

/// Minutes pass until the incident is closed. Once its alert is over, nobody asks any more.
async fn over(stage: &Stage) {
    for _ in 0..10 {
        if open(stage).await.is_none() {
            return;
        }
        is_asked(stage).await;
    }
    panic!("{:#?}", open(stage).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_over_when_alertmanager_misses_it_again_and_again() {
    let mut stage = Stage::new().await;
    let (held, thread) = Held::tell(&stage).await;
    others(&stage);
    until(&stage, |told| told.seen).await;
    // One answer without it proves nothing.
    stage.alertmanager.forget();
    others(&stage);
    until(&stage, |told| told.missing_since.is_some()).await;
    stage.alertmanager.take(&held.0).unwrap();
    until(&stage, |told| told.missing_since.is_none()).await;
    stage.alertmanager.forget();
    others(&stage);
    until(&stage, |told| told.missing_since.is_some()).await;
    over(&stage).await;
    stage.answer(&thread, "the alert is over").await;
    stage.stop().await;
}

/// A question that hangs takes the turn of the next one, which comes as soon as it can and not a minute later.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_hangs_puts_off_the_next_one_and_costs_it_not() {
    let mut stage = Stage::empty(Scripted::new([Sees::Cause("payment-service")])).await;
    stage.patience = Duration::from_secs(3);
    stage.start().await;
    let (_held, _thread) = Held::tell(&stage).await;
    a_minute(&stage).await;
    let hangs = Fault::Before(Wire::Hang);
    let before = asked(&stage);
    stage
        .alertmanager
        .fault("GET /api/v2/alerts", hangs, Some(1));
    // The first minute's question hangs for six seconds; the second minute passes meanwhile.
    let long = Duration::from_secs(30);
    stage.advance(TimeDelta::seconds(61));
    assert!(is_asked_within(&stage, before, long).await);
    stage.advance(TimeDelta::seconds(61));
    assert!(is_asked_within(&stage, before + 1, long).await);
    stage.stop().await;
}

/// One that was restarted is told all alerts again, group by group: until then it closes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_alertmanager_that_was_restarted_closes_nothing() {
    let mut stage = Stage::new().await;
    let (held, thread) = Held::tell(&stage).await;
    others(&stage);
    until(&stage, |told| told.seen).await;
    stage.alertmanager.restart();
    let began = stage.clock.now();
    others(&stage);
    while stage.clock.now() < began + TimeDelta::seconds(470) {
        a_minute(&stage).await;
        let after = stage.clock.now() - began;
        assert!(open(&stage).await.is_some(), "closed after {after}");
    }
    stage.alertmanager.take(&held.0).unwrap();
    a_minute(&stage).await;
    a_minute(&stage).await;
    let incident = open(&stage).await.unwrap();
    assert!(incident.fires());
    assert_eq!(incident.alerts[0].missing_since, None);
    // By now it is one like any other.
    stage.alertmanager.forget();
    others(&stage);
    over(&stage).await;
    stage.answer(&thread, "the alert is over").await;
    stage.stop().await;
}
