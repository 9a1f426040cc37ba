//! A message that does not tell all alerts of its group (`max_alerts`): the missing ones are asked for where
//! that can be done, and the thread says either way what is known of them.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vigie::incident::Incident;
use vigie::sandbox::alertmanager::Fault;
use vigie::sandbox::fault::Wire;
use vigie::text::Language;

use super::house::{INCIDENTS, Scripted, Sees, Stage};
use crate::cluster::Alertmanager;

const MISMATCH: &str = "KubeDeploymentReplicasMismatch";

/// The labels of one of many alerts about the same workload.
fn labels(shard: usize) -> Value {
    json!({"alertname": MISMATCH, "namespace": "production", "deployment": "payment-service",
        "severity": "warning", "shard": shard.to_string()})
}

/// Everything that fires, as the sandbox's Alertmanager has it too: so many of our group, and others.
fn fires(stage: &Stage, count: usize) -> Vec<Value> {
    let starts = stage.clock.now() - TimeDelta::minutes(20);
    let own: Vec<Value> = (0..count)
        .map(|shard| json!({"labels": labels(shard), "startsAt": starts.to_rfc3339()}))
        .collect();
    let prints = stage.alertmanager.take(&json!(own)).unwrap();
    let mut elsewhere = labels(0);
    elsewhere["namespace"] = json!("staging");
    let other = json!([{"labels": elsewhere, "startsAt": starts.to_rfc3339()}]);
    stage.alertmanager.take(&other).unwrap();
    let told = own.into_iter().zip(prints);
    told.map(|(mut alert, print)| {
        alert["fingerprint"] = json!(print);
        alert["status"] = json!("firing");
        alert["endsAt"] = json!("0001-01-01T00:00:00Z");
        alert
    })
    .collect()
}

/// A message of the group, which tells these alerts and leaves so many out.
fn message(alerts: &[Value], cut: usize) -> Value {
    json!({"version": "4", "groupKey": "g1", "truncatedAlerts": cut, "receiver": "vigie",
        "status": "firing", "externalURL": "http://alertmanager.example:9093",
        "groupLabels": {"alertname": MISMATCH, "namespace": "production"}, "alerts": alerts})
}

/// Waits until the answer says this, or no longer does.
async fn says(stage: &Stage, words: &str, wanted: bool) -> String {
    stage
        .wait(|scene| {
            let own = scene.messages.iter().filter(|one| one.channel == INCIDENTS);
            let mut own = own.filter(|one| one.from_bot() && one.thread_ts.is_none());
            let text = own.next()?.visible();
            (text.contains("payment-service") && text.contains(words) == wanted).then_some(text)
        })
        .await
}

async fn incident(stage: &Stage) -> Incident {
    stage.settled().await;
    let mut all = stage.store().load_live().await.unwrap();
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

async fn stage() -> Stage {
    Stage::with(Scripted::new([Sees::Cause("payment-service")])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_alertmanager_to_ask_the_thread_says_that_nobody_knows_which() {
    let mut stage = stage().await;
    *stage.api.lock().unwrap() = None;
    let all = fires(&stage, 5);
    assert_eq!(stage.send(&message(&all[..2], 3)).await, 200);
    let text = says(
        &stage,
        "3 more alerts of this group were cut by Alertmanager",
        true,
    )
    .await;
    assert!(text.contains("I do not know which"), "{text}");
    assert_eq!(incident(&stage).await.alerts.len(), 2);
    // The group shrank: within the same minute, with the same alerts.
    assert_eq!(stage.send(&message(&all[..2], 1)).await, 200);
    says(
        &stage,
        "One more alert of this group was cut by Alertmanager",
        true,
    )
    .await;
    // All of them are told again.
    assert_eq!(stage.send(&message(&all, 0)).await, 200);
    let text = says(&stage, "of this group", false).await;
    assert!(text.contains("5 alerts"), "{text}");
    let after = incident(&stage).await;
    assert_eq!((after.alerts.len(), after.cut.len()), (5, 0));
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_message_left_out_is_asked_for_and_only_that() {
    let mut stage = stage().await;
    let all = fires(&stage, 5);
    assert_eq!(stage.send(&message(&all[..2], 4)).await, 200);
    let text = says(
        &stage,
        "4 more alerts of this group were cut by Alertmanager",
        true,
    )
    .await;
    assert!(
        text.contains("3 of them are firing, and I have them"),
        "{text}"
    );
    assert!(text.contains("5 alerts"), "{text}");
    let told = incident(&stage).await;
    let mut shards: Vec<&str> = told
        .alerts
        .iter()
        .map(|one| one.labels["shard"].raw())
        .collect();
    shards.sort_unstable();
    assert_eq!(shards, ["0", "1", "2", "3", "4"]);
    let elsewhere = |one: &&vigie::incident::Told| one.labels["namespace"].raw() != "production";
    assert_eq!(
        told.alerts.iter().find(elsewhere),
        None,
        "the staging one is of another group"
    );
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alertmanager_that_does_not_answer_is_asked_again_until_it_does() {
    let mut stage = stage().await;
    let all = fires(&stage, 5);
    let down = Fault::Before(Wire::Status(503, String::new()));
    stage.alertmanager.fault("GET /api/v2/alerts", down, None);
    assert_eq!(stage.send(&message(&all[..2], 3)).await, 200);
    let text = says(
        &stage,
        "3 more alerts of this group were cut by Alertmanager",
        true,
    )
    .await;
    assert!(text.contains("I do not know which"), "{text}");
    assert_eq!(incident(&stage).await.alerts.len(), 2);
    stage.alertmanager.clear_faults();
    stage.advance(TimeDelta::minutes(2));
    says(&stage, "3 of them are firing, and I have them", true).await;
    let after = incident(&stage).await;
    assert_eq!(after.alerts.len(), 5);
    let repeats: u32 = after.alerts.iter().map(|one| one.repeats).sum();
    assert_eq!(repeats, 0, "what was told is not told again by asking");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_grafana_left_out_is_said_in_french_and_not_asked_of_alertmanager() {
    let mut stage = Stage::empty(Scripted::new([Sees::Cause("payment-service")])).await;
    stage.config.language = Language::Fr;
    stage.start().await;
    let all = fires(&stage, 5);
    let mut told = message(&all[..2], 3);
    (told["version"], told["orgId"], told["title"]) = (json!("1"), json!(1), json!("firing"));
    assert_eq!(stage.send(&told).await, 200);
    let said = "3 autres alertes de ce groupe ont été coupées par Grafana";
    let text = says(&stage, said, true).await;
    assert!(text.contains("je ne sais pas lesquelles"), "{text}");
    assert_eq!(incident(&stage).await.alerts.len(), 2);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_alertmanager_that_tells_two_of_five_is_asked_for_the_other_three() {
    let mut stage = stage().await;
    let webhook = json!({
        "url": format!("http://{}/alerts", stage.webhook()), "send_resolved": true, "max_alerts": 2,
        "http_config": {"authorization": {"type": "Bearer", "credentials_file": "token"}},
    });
    let route = json!({"receiver": "vigie", "group_by": ["alertname", "namespace"],
        "group_wait": "1s", "group_interval": "1s"});
    let receivers = json!([{"name": "vigie", "webhook_configs": [webhook]}, {"name": "other"}]);
    let config = json!({"route": route, "receivers": receivers}).to_string();
    let files = [("token", "FAKE-alerts")];
    let Some(real) = Alertmanager::start_with(&config, &files).await else {
        return;
    };
    *stage.api.lock().unwrap() = Some(real.url());
    let all: Vec<Value> = (0..5)
        .map(|shard| json!({"labels": labels(shard)}))
        .collect();
    real.tell(&json!(all)).await;
    let text = says(
        &stage,
        "3 more alerts of this group were cut by Alertmanager",
        true,
    )
    .await;
    assert!(
        text.contains("3 of them are firing, and I have them"),
        "{text}"
    );
    assert_eq!(incident(&stage).await.alerts.len(), 5);
    stage.stop().await;
}
