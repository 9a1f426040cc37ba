//! The alert that always fires: its silence is told once, and so is its return.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use vigie::engine::Happened;

use super::alerts::{alert, group, threads};
use super::house::{INCIDENTS, Stage};

/// The Watchdog as it fires now.
fn watchdog(stage: &Stage) -> Value {
    let now = stage.clock.now();
    let mut alert = alert("Watchdog", "x", "firing", now - TimeDelta::days(3), now);
    alert["labels"] = json!({"alertname": "Watchdog", "severity": "none"});
    group("watchdog", vec![alert])
}

/// What the metric shows: of whom, and when it was heard last.
fn heard(stage: &Stage) -> Option<(String, DateTime<Utc>)> {
    let all = stage.happened.lock().unwrap();
    let mut all = all.iter().rev();
    all.find_map(|one| match one {
        Happened::Watchdog(source, at) => Some((source.clone(), *at)),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_watchdog_is_no_incident_and_its_silence_is_told_once() {
    let mut stage = Stage::new().await;
    for _ in 0..6 {
        assert_eq!(stage.send(&watchdog(&stage)).await, 200);
        stage.settled().await;
        stage.advance(TimeDelta::minutes(5));
    }
    assert!(
        threads(&stage, INCIDENTS).is_empty(),
        "{}",
        stage.slack.scene()
    );
    // The metric stands where it was heard last, five minutes ago, however often it is shown.
    let (source, last) = heard(&stage).unwrap();
    assert_eq!(source, "");
    let ago = stage.clock.now() - last;
    assert!((295..=320).contains(&ago.num_seconds()), "{ago}");
    stage.advance(TimeDelta::minutes(10));
    let silent = |scene: &vigie::sandbox::slack::Scene| {
        scene
            .messages
            .iter()
            .find(|one| one.visible().contains("Watchdog alert has been silent"))
            .cloned()
    };
    stage.wait(silent).await;
    for _ in 0..4 {
        stage.advance(TimeDelta::minutes(5));
        stage.settled().await;
    }
    assert_eq!(threads(&stage, INCIDENTS).len(), 1);
    assert_eq!(heard(&stage), Some((String::new(), last)));
    // A new process knows it too, before it hears anything.
    stage.stop().await;
    stage.happened.lock().unwrap().clear();
    stage.start().await;
    stage.advance(TimeDelta::minutes(2));
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while heard(&stage) != Some((String::new(), last)) {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(stage.send(&watchdog(&stage)).await, 200);
    stage
        .wait(|scene| {
            scene
                .messages
                .iter()
                .find(|one| one.visible().contains("is heard again"))
                .cloned()
        })
        .await;
    stage.stop().await;
}
