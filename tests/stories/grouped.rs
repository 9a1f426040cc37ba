//! Messages of one group of alerts: which alert each of them is about, and what they are not.

use chrono::TimeDelta;
use serde_json::json;
use vigie::incident::{Incident, Told};

use super::alerts::MISMATCH;
use super::house::{ALERTMANAGER, ALERTS, Stage};

/// Alertmanager's default template, grouped by namespace.
fn post(stage: &Stage, state: &str, workload: &str) -> String {
    let title = format!("[{state}] production ({MISMATCH} {workload} warning)");
    let shown = json!({"color": "a30200", "title": title, "fallback": title,
        "title_link": "http://alertmanager.example/#/alerts?receiver=slack"});
    stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", vec![shown])
}

/// Alertmanager has it from now on.
fn active(stage: &Stage, workload: &str) {
    let now = stage.clock.now();
    let labels = json!({"alertname": MISMATCH, "namespace": "production", "deployment": workload,
        "severity": "warning"});
    let alert = json!([{"labels": labels, "startsAt": (now - TimeDelta::minutes(20)).to_rfc3339(),
        "endsAt": (now + TimeDelta::days(1)).to_rfc3339()}]);
    stage.alertmanager.take(&alert).unwrap();
}

async fn answered(stage: &Stage, ts: &str) {
    stage
        .wait(|scene| scene.answers(ALERTS, ts).into_iter().next())
        .await;
    stage.settled().await;
}

/// Waits until one of all alerts is so, and gives them all.
async fn alerts(stage: &Stage, wanted: impl Fn(&[Told]) -> bool) -> Vec<Told> {
    let heard = async {
        loop {
            stage.settled().await;
            let live = stage.store().load_live().await.unwrap();
            let told: Vec<Told> = live
                .into_iter()
                .flat_map(|one: Incident| one.alerts)
                .collect();
            if wanted(&told) {
                return told;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let waited = tokio::time::timeout(std::time::Duration::from_mins(1), heard).await;
    waited.unwrap_or_else(|_| panic!("{}", stage.slack.scene()))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_alerts_of_one_name_in_one_group_are_two_and_end_one_by_one() {
    let mut stage = Stage::new().await;
    active(&stage, "payment-service");
    let first = post(&stage, "FIRING:1", "payment-service");
    answered(&stage, &first).await;
    // Nobody can be asked any more: the repeat is that of the alert which its group told before.
    stage.alertmanager.server().refuse();
    post(&stage, "FIRING:1", "payment-service");
    let told = alerts(&stage, |told| told.len() > 1 || told[0].repeats > 0).await;
    assert_eq!((told.len(), told[0].repeats), (1, 1), "{told:#?}");
    // The same name and the same group, about something else.
    post(&stage, "FIRING:1", "cart-service");
    let told = alerts(&stage, |told| told.len() > 1 || told[0].repeats > 1).await;
    assert_eq!((told.len(), told[0].repeats), (2, 1), "{told:#?}");
    post(&stage, "RESOLVED", "cart-service");
    let told = alerts(&stage, |told| told.iter().any(|one| !one.is_firing())).await;
    let on: Vec<bool> = told.iter().map(Told::is_firing).collect();
    assert_eq!(on, [true, false], "{told:#?}");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_says_it_is_over_is_no_new_report_and_no_repeat() {
    let mut stage = Stage::new().await;
    active(&stage, "payment-service");
    active(&stage, "cart-service");
    let first = post(&stage, "FIRING:1", "payment-service");
    answered(&stage, &first).await;
    let other = post(&stage, "FIRING:1", "cart-service");
    answered(&stage, &other).await;
    let before = alerts(&stage, |told| told.len() == 2).await;
    let reports = |live: &[Incident]| -> u32 { live.iter().map(|one| one.joined_count).sum() };
    let reported = reports(&stage.store().load_live().await.unwrap());
    let end = post(&stage, "RESOLVED", "cart-service");
    let after = alerts(&stage, |told| told.iter().any(|one| !one.is_firing())).await;
    let repeats = |all: &[Told]| all.iter().map(|one| one.repeats).collect::<Vec<_>>();
    assert_eq!(repeats(&after), repeats(&before));
    let live = stage.store().load_live().await.unwrap();
    assert_eq!(reports(&live), reported, "{live:#?}");
    let under = stage.slack.thread(ALERTS, &end);
    assert_eq!(under.len(), 1, "nothing is said under it: {under:#?}");
    stage.stop().await;
}
