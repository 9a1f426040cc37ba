//! Maintenance and the pager: a window holds the calls of alerts inside it and of nothing else, and what is still
//! burning when it is over is called about.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::house::{INCIDENTS, LEAD, QUESTION, Scripted, Sees, Stage, Thread};

const BEGIN: &str = "@devops maintenance production 2h";
const OVER: &str = "@devops fin de maintenance";

/// A critical alert about payment in production, as Alertmanager sends it.
fn critical(stage: &Stage) -> Value {
    let starts = (stage.clock.now() - TimeDelta::minutes(1)).to_rfc3339();
    json!({"version": "4", "groupKey": "g", "truncatedAlerts": 0, "receiver": "vigie", "status": "firing",
        "groupLabels": {}, "alerts": [{"status": "firing", "fingerprint": "00000000000000aa", "startsAt": starts,
            "endsAt": "0001-01-01T00:00:00Z", "annotations": {}, "labels": {"severity": "critical",
                "alertname": "KubeDeploymentReplicasMismatch", "namespace": "production",
                "deployment": "payment-service"}}]})
}

/// The alert is in, and its thread is there.
async fn fires(stage: &Stage) -> Thread {
    assert_eq!(stage.send(&critical(stage)).await, 200);
    let ts = stage
        .wait(|scene| {
            let mut own = scene.messages.iter();
            own.find(|one| {
                one.channel == INCIDENTS && one.from_bot() && one.visible().contains("killed")
            })
            .map(|one| one.thread_ts.clone().unwrap_or_else(|| one.ts.clone()))
        })
        .await;
    stage.settled().await;
    Thread { ts }
}

fn calls(stage: &Stage) -> usize {
    let scene = stage.slack.scene();
    let direct = |one: &&vigie::sandbox::slack::Message| one.channel.starts_with('D');
    scene.messages.iter().filter(direct).count()
}

async fn stage() -> Stage {
    Stage::with(Scripted::new([Sees::Cause("payment-service")])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_holds_the_call_of_its_alert_and_its_end_makes_it() {
    let mut stage = stage().await;
    stage.ask(BEGIN, "Maintenance").await;
    fires(&stage).await;
    stage.advance(TimeDelta::minutes(61));
    stage.settled().await;
    assert_eq!(calls(&stage), 0, "{}", stage.slack.scene());
    stage.ask(OVER, "terminée").await;
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    stage.assert_no_doubles();
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_runs_out_makes_it_too() {
    let mut stage = stage().await;
    stage.ask(BEGIN, "Maintenance").await;
    fires(&stage).await;
    stage.advance(TimeDelta::minutes(119));
    stage.settled().await;
    assert_eq!(calls(&stage), 0, "{}", stage.slack.scene());
    stage.advance(TimeDelta::minutes(2));
    stage.direct(LEAD, 1).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_window_the_same_alert_calls() {
    let mut stage = stage().await;
    stage
        .ask("@devops maintenance staging 2h", "Maintenance")
        .await;
    fires(&stage).await;
    stage.advance(TimeDelta::minutes(61));
    stage.direct(LEAD, 1).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_asks_is_not_held() {
    let mut stage = stage().await;
    stage.ask(BEGIN, "Maintenance").await;
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.advance(TimeDelta::minutes(61));
    stage.direct(LEAD, 1).await;
    stage.stop().await;
}
