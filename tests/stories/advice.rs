//! An alert that cries wolf gets one word about its rule; and a dashboard comes as a file.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vigie::alert::RuleExpr;
use vigie::alert::advice::{History, Past, Ruled};

use super::house::{INCIDENTS, QUESTION, Scripted, Sees, Stage};

fn group(stage: &Stage, status: &str, minutes_ago: i64) -> Value {
    let now = stage.clock.now();
    let ends = if status == "resolved" {
        now.to_rfc3339()
    } else {
        "0001-01-01T00:00:00Z".to_owned()
    };
    let labels = json!({"alertname": "CPUHigh", "namespace": "production",
        "deployment": "payment-service", "severity": "warning"});
    let starts = (now - TimeDelta::minutes(minutes_ago)).to_rfc3339();
    let alert = json!({"status": status, "fingerprint": "00000000000000aa", "startsAt": starts, "endsAt": ends,
        "labels": labels, "annotations": {"summary": "CPU is high."}});
    json!({"version": "4", "groupKey": "g", "truncatedAlerts": 0, "receiver": "vigie", "status": status,
        "externalURL": "http://alertmanager.example:9093", "groupLabels": {}, "commonLabels": {},
        "commonAnnotations": {}, "alerts": [alert]})
}

/// A rule with a week of values: five times above, once far.
fn noisy() -> Past {
    let mut points: Vec<(i64, f64)> = (0..2_016).map(|n| (n * 300, 0.6)).collect();
    for (place, level) in [0.91, 0.92, 0.92, 0.94, 0.99].into_iter().enumerate() {
        for point in points.iter_mut().skip(100 + place * 150).take(3) {
            point.1 = level;
        }
    }
    Past {
        rule: Some(Ruled {
            expression: RuleExpr::from_rules_api("usage > 0.9"),
            holds_for: 300,
        }),
        history: Some(History { step: 300, points }),
        unread: None,
    }
}

fn advice(stage: &Stage) -> Vec<String> {
    let scene = stage.slack.scene();
    let own = scene
        .messages
        .iter()
        .filter(|one| one.channel == INCIDENTS && one.from_bot());
    own.map(vigie::sandbox::slack::Message::visible)
        .filter(|text| text.contains("without a cause"))
        .collect()
}

/// The alert fires and ends, so many times.
async fn fires(stage: &mut Stage, times: usize) {
    for n in 0..times {
        assert_eq!(stage.send(&group(stage, "firing", 0)).await, 200);
        stage.settled().await;
        let lasts = if n % 4 == 3 { 40 } else { 2 };
        stage.advance(TimeDelta::minutes(lasts));
        assert_eq!(stage.send(&group(stage, "resolved", lasts)).await, 200);
        stage.settled().await;
        stage.advance(TimeDelta::hours(2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tenth_firing_without_a_cause_gets_one_suggestion() {
    let world = Scripted::new([Sees::Healthy]);
    *world.past.lock().unwrap() = noisy();
    let mut stage = Stage::with(world).await;
    fires(&mut stage, 9).await;
    assert_eq!(advice(&stage), Vec::<String>::new());
    fires(&mut stage, 1).await;
    let said = advice(&stage);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("fired 10 times in 30 days"), "{}", said[0]);
    assert!(
        said[0].contains("0.96") && said[0].contains("10m"),
        "{}",
        said[0]
    );
    fires(&mut stage, 3).await;
    assert_eq!(advice(&stage).len(), 1);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_with_a_cause_gets_no_advice_however_often_it_fires() {
    let world = Scripted::new([Sees::Cause("payment-service")]);
    *world.past.lock().unwrap() = noisy();
    let mut stage = Stage::with(world).await;
    fires(&mut stage, 12).await;
    assert_eq!(advice(&stage), Vec::<String>::new());
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dashboard_is_a_file_in_the_thread_and_no_incident() {
    let mut stage = Stage::with(Scripted::new([Sees::Healthy])).await;
    let thread = stage
        .ask(
            "@devops un dashboard pour payment en production ?",
            "Grafana",
        )
        .await;
    let name = stage
        .wait(|scene| {
            let all = scene.thread(INCIDENTS, &thread.ts);
            let mut files = all.iter().flat_map(|one| one.files.iter());
            files.find_map(|file| Some(file["name"].as_str()?.to_owned()))
        })
        .await;
    assert!(name.strip_suffix(".json").is_some(), "{name}");
    stage.settled().await;
    assert!(stage.store().load_live().await.unwrap().is_empty());
    // The healthy look-alike: a problem is answered without a file.
    let other = stage.ask(QUESTION, "").await;
    stage.settled().await;
    let all = stage.slack.thread(INCIDENTS, &other.ts);
    assert!(all.iter().all(|one| one.files.is_empty()));
    stage.stop().await;
}
