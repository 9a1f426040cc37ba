//! Faults around alerts: an Alertmanager that hangs, an alert that nobody can handle, a silence that would do
//! nothing or too much. None of them may keep other alerts, or claim what is not so.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vigie::engine::Happened;
use vigie::sandbox::alertmanager::Fault;
use vigie::sandbox::fault::Wire;

use super::house::{ALERTMANAGER, INCIDENTS, Scripted, Sees, Stage, Thread, UNHANDLED};

const MISMATCH: &str = "KubeDeploymentReplicasMismatch";

fn labels(name: &str, workload: &str) -> Value {
    json!({"alertname": name, "namespace": "production", "deployment": workload, "severity": "warning"})
}

/// A webhook's body with one alert that fires.
fn firing(stage: &Stage, labels: &Value, fingerprint: &str) -> Value {
    let starts = (stage.clock.now() - TimeDelta::minutes(20)).to_rfc3339();
    json!({"version": "4", "groupKey": fingerprint, "truncatedAlerts": 0, "receiver": "vigie", "status": "firing",
        "externalURL": "http://alertmanager.example:9093", "groupLabels": {}, "commonLabels": {},
        "commonAnnotations": {}, "alerts": [{"status": "firing", "fingerprint": fingerprint, "startsAt": starts,
            "endsAt": "0001-01-01T00:00:00Z", "labels": labels, "annotations": {},
            "generatorURL": "http://prometheus.example/graph"}]})
}

async fn first_thread(stage: &Stage) -> Thread {
    let ts = stage
        .wait(|scene| {
            let mut own = scene
                .messages
                .iter()
                .filter(|one| one.channel == INCIDENTS && one.from_bot());
            own.find(|one| one.visible().contains("payment-service"))
                .map(|one| one.ts.clone())
        })
        .await;
    Thread { ts }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alertmanager_that_hangs_does_not_keep_the_alerts_of_the_webhook() {
    let mut stage = Stage::empty(Scripted::new([Sees::Cause("payment-service")])).await;
    stage.patience = Duration::from_secs(2);
    stage.start().await;
    let hangs = Fault::Before(Wire::Hang);
    stage.alertmanager.fault("GET", hangs, None);
    for workload in ["one", "two", "three", "four", "five", "six"] {
        let title = format!("[FIRING:1] production ({MISMATCH} {workload} warning)");
        let attachment = json!({"color": "a30200", "title": title, "fallback": title,
            "title_link": "http://alertmanager.example/#/alerts?receiver=slack"});
        stage
            .slack
            .post_as_bot("#alerts", ALERTMANAGER, "", vec![attachment]);
    }
    let began = Instant::now();
    let alert = firing(
        &stage,
        &labels(MISMATCH, "payment-service"),
        "aaaaaaaaaaaaaaaa",
    );
    assert_eq!(stage.send(&alert).await, 200);
    loop {
        let live = stage.store().load_live().await.unwrap();
        if live
            .iter()
            .any(|one| one.alert("aaaaaaaaaaaaaaaa").is_some())
        {
            break;
        }
        // Each of the six messages alone would have waited four seconds.
        let waited = began.elapsed();
        assert!(waited < Duration::from_secs(20), "{waited:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_that_nobody_can_handle_are_put_aside_and_cost_no_others() {
    let mut stage = Stage::new().await;
    for number in 0..5 {
        let name = if number < 2 { UNHANDLED } else { MISMATCH };
        let print = format!("{number:016x}");
        let alert = firing(&stage, &labels(name, &format!("workload-{number}")), &print);
        assert_eq!(stage.send(&alert).await, 200);
    }
    // Each arrival leaves its list in the commit that holds what came of it; what is told comes behind.
    stage.happened(&Happened::PutAside, 2).await;
    stage.settled().await;
    let live = stage.store().load_live().await.unwrap();
    let mut told: Vec<&str> = live
        .iter()
        .flat_map(|one| &one.alerts)
        .map(|one| one.fingerprint.as_str())
        .collect();
    told.sort_unstable();
    let good: Vec<String> = (2..5).map(|number| format!("{number:016x}")).collect();
    assert_eq!(told, good);
    assert_eq!(stage.count(&Happened::PutAside), 2, "each once");
    let kept = vigie::store::put_aside(stage.store().as_ref())
        .await
        .unwrap();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(
        kept.iter().all(|one| one.said.raw() == UNHANDLED),
        "{kept:?}"
    );
    assert!(kept.iter().all(|one| one.received_at.is_some()), "{kept:?}");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_alertmanager_does_not_have_is_not_silenced() {
    let mut stage = Stage::new().await;
    // Alertmanager has the alert of another workload: `alertname` alone would mute it.
    let other = json!([{"labels": labels(MISMATCH, "checkout")}]);
    stage.alertmanager.take(&other).unwrap();
    let alert = firing(
        &stage,
        &labels(MISMATCH, "payment-service"),
        "aaaaaaaaaaaaaaaa",
    );
    assert_eq!(stage.send(&alert).await, 200);
    let thread = first_thread(&stage).await;
    stage.settled().await;
    stage
        .slack
        .reply("#incidents", &thread.ts, "bob", "silence 2h");
    stage.answer(&thread, "Not silenced").await;
    assert!(stage.alertmanager.silences().is_empty());
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_believed_sender_that_cannot_be_read_is_counted() {
    let mut stage = Stage::new().await;
    let words = json!({"color": "a30200", "text": "something is odd, have a look"});
    stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", vec![words]);
    let alert = firing(
        &stage,
        &labels(MISMATCH, "payment-service"),
        "aaaaaaaaaaaaaaaa",
    );
    assert_eq!(stage.send(&alert).await, 200);
    first_thread(&stage).await;
    stage.settled().await;
    for read in [("slack", "unparsed"), ("webhook", "parsed")] {
        stage.happened(&Happened::Parsed(read.0, read.1), 1).await;
    }
    stage.stop().await;
}

/// Begins a request that says it is signed, at that time (UNIX seconds), and whose body does not come.
async fn begun(stage: &Stage, at: i64) -> TcpStream {
    let mut stream = TcpStream::connect(stage.webhook()).await.unwrap();
    let head = format!(
        "POST /alerts HTTP/1.1\r\nhost: vigie\r\nx-grafana-alerting-signature: {:064x}\r\n\
         x-grafana-alerting-timestamp: {at}\r\ncontent-length: 1000\r\n\r\n{{",
        7
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn status(mut stream: TcpStream) -> String {
    let mut line = [0; 12];
    stream.read_exact(&mut line).await.unwrap();
    String::from_utf8_lossy(&line).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_say_that_they_sign_keep_nobody_who_has_the_token() {
    let mut stage = Stage::new().await;
    let now = stage.clock.now().timestamp();
    let old = begun(&stage, now - 3_600).await;
    assert_eq!(status(old).await, "HTTP/1.1 401", "before its body came");
    let mut slow = Vec::new();
    for _ in 0..8 {
        slow.push(begun(&stage, now).await);
    }
    let alert = firing(
        &stage,
        &labels(MISMATCH, "payment-service"),
        "aaaaaaaaaaaaaaaa",
    );
    assert_eq!(stage.send(&alert).await, 200);
    // Alertmanager would not repeat what was answered with 408.
    for one in slow {
        assert_eq!(status(one).await, "HTTP/1.1 503");
    }
    stage.stop().await;
}
