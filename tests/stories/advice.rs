//! An alert that cries wolf gets one word about its rule; and a dashboard comes as a file.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vigie::alert::RuleExpr;
use vigie::alert::advice::{History, Past, Ruled};

use std::sync::atomic::Ordering;
use std::time::Duration;

use vigie::text::{Language, Message};

use super::house::{INCIDENTS, QUESTION, Scripted, Sees, Stage};

fn group(stage: &Stage, status: &str, minutes_ago: i64) -> Value {
    of("payment-service", stage, status, minutes_ago)
}

fn of(deployment: &str, stage: &Stage, status: &str, minutes_ago: i64) -> Value {
    let now = stage.clock.now();
    let ends = if status == "resolved" {
        now.to_rfc3339()
    } else {
        "0001-01-01T00:00:00Z".to_owned()
    };
    let labels = json!({"alertname": "CPUHigh", "namespace": "production",
        "deployment": deployment, "severity": "warning"});
    let starts = (now - TimeDelta::minutes(minutes_ago)).to_rfc3339();
    let alert = json!({"status": status, "fingerprint": format!("{deployment}-aa"), "startsAt": starts, "endsAt": ends,
        "labels": labels, "annotations": {"summary": "CPU is high."}});
    json!({"version": "4", "groupKey": deployment, "truncatedAlerts": 0, "receiver": "vigie", "status": status,
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
        .filter(|text| text.contains("without a cause") || text.contains("sans cause trouvée"))
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
    assert!(said[0].contains("only if the rule changes"), "{}", said[0]);
    fires(&mut stage, 3).await;
    assert_eq!(advice(&stage).len(), 1);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_advised_on_again_only_when_somebody_changed_it() {
    let world = Scripted::new([Sees::Healthy]);
    *world.past.lock().unwrap() = noisy();
    let mut stage = Stage::with(world).await;
    fires(&mut stage, 10).await;
    assert_eq!(advice(&stage).len(), 1);
    // Another incident, another process, and as many firings again: the rule is the same.
    stage.stop().await;
    stage.start().await;
    stage.advance(TimeDelta::days(2));
    fires(&mut stage, 11).await;
    assert_eq!(advice(&stage).len(), 1);
    let mut changed = noisy();
    changed.rule.as_mut().unwrap().holds_for = 600;
    *stage.world.past.lock().unwrap() = changed;
    fires(&mut stage, 1).await;
    assert_eq!(advice(&stage).len(), 2, "{}", stage.slack.scene());
    stage.stop().await;
}

/// What a Prometheus tells that does not tell its rules.
fn closed() -> Past {
    Past {
        unread: Some(Message::new("unread-rule").with("why", Message::new("unread-forbidden"))),
        ..Past::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_rule_the_lengths_of_the_firings_speak_and_what_was_not_read_is_said() {
    let world = Scripted::new([Sees::Healthy]);
    *world.past.lock().unwrap() = closed();
    let mut stage = Stage::empty(world).await;
    stage.config.language = Language::Fr;
    stage.start().await;
    fires(&mut stage, 10).await;
    let said = advice(&stage);
    assert_eq!(said.len(), 1, "{said:?}");
    let not_read = "la règle, Prometheus me refuse l'accès.)";
    assert!(said[0].contains(not_read), "{}", said[0]);
    assert!(said[0].contains("Un `for` plus long"), "{}", said[0]);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_nobody_can_read_and_long_firings_say_nothing() {
    let world = Scripted::new([Sees::Healthy]);
    let mut past = noisy();
    past.history = None;
    past.unread = Some(Message::new("unread-values").with("why", Message::new("unread-late")));
    *world.past.lock().unwrap() = past;
    let mut stage = Stage::with(world).await;
    // Each lasts two hours: a longer `for` would hide what lasts.
    for _ in 0..12 {
        assert_eq!(stage.send(&group(&stage, "firing", 0)).await, 200);
        stage.settled().await;
        stage.advance(TimeDelta::hours(2));
        assert_eq!(stage.send(&group(&stage, "resolved", 120)).await, 200);
        stage.settled().await;
        stage.advance(TimeDelta::hours(2));
    }
    assert!(stage.world.asked.load(Ordering::SeqCst) > 0);
    assert_eq!(advice(&stage), Vec::<String>::new());
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_does_not_wait_for_advice_that_waits_for_prometheus() {
    let world = Scripted::new([Sees::Healthy]);
    *world.past.lock().unwrap() = noisy();
    world.answers.send_replace(false);
    let mut stage = Stage::with(world).await;
    // As many alerts as looks may be made at once, a few a minute: no storm.
    let names: Vec<String> = (0..8).map(|number| format!("service-{number}")).collect();
    for _ in 0..10 {
        for name in &names {
            assert_eq!(stage.send(&of(name, &stage, "firing", 0)).await, 200);
            stage.advance(TimeDelta::seconds(20));
        }
        stage.settled().await;
        for name in &names {
            assert_eq!(stage.send(&of(name, &stage, "resolved", 2)).await, 200);
        }
        stage.settled().await;
        stage.advance(TimeDelta::hours(2));
    }
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while stage.world.asked.load(Ordering::SeqCst) < names.len() {
        assert!(
            tokio::time::Instant::now() < deadline,
            "{}",
            stage.slack.scene()
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // All of them wait now, and a person gets the answer.
    assert_eq!(advice(&stage), Vec::<String>::new());
    stage.ask(QUESTION, "healthy").await;
    stage.world.answers.send_replace(true);
    stage
        .wait(|_| (!advice(&stage).is_empty()).then_some(()))
        .await;
    stage.stop().await;
    assert_eq!(advice(&stage).len(), 1, "once a rule, however many wait");
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
