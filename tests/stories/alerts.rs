//! Alerts, from the webhook and from a channel: one incident, one thread, whatever comes how often.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use vigie::sandbox::slack::Message;

use super::house::{ALERTMANAGER, ALERTS, INCIDENTS, LEAD, Scripted, Sees, Stage, Thread};

/// One alert of a workload, as Alertmanager sends it.
pub fn alert(
    name: &str,
    workload: &str,
    status: &str,
    starts: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Value {
    let ends = if status == "resolved" {
        now.to_rfc3339()
    } else {
        "0001-01-01T00:00:00Z".to_owned()
    };
    let print = format!(
        "{:016x}",
        name.bytes()
            .chain(workload.bytes())
            .fold(7_u64, |hash, byte| {
                hash.wrapping_mul(31).wrapping_add(u64::from(byte))
            })
    );
    json!({"status": status, "fingerprint": print, "startsAt": starts.to_rfc3339(), "endsAt": ends,
        "labels": {"alertname": name, "namespace": "production", "deployment": workload, "severity": "warning"},
        "annotations": {"summary": format!("{workload} has not the expected number of replicas.")},
        "generatorURL": "http://prometheus.example/graph"})
}

/// A group of them.
#[expect(clippy::needless_pass_by_value, reason = "a literal at each call")]
pub fn group(key: &str, alerts: Vec<Value>) -> Value {
    let firing = alerts.iter().any(|alert| alert["status"] == "firing");
    json!({"version": "4", "groupKey": key, "truncatedAlerts": 0, "receiver": "vigie",
        "status": if firing { "firing" } else { "resolved" }, "externalURL": "http://alertmanager.example:9093",
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "alerts": alerts})
}

pub const MISMATCH: &str = "KubeDeploymentReplicasMismatch";

pub fn mismatch(stage: &Stage, workload: &str, status: &str, minutes_ago: i64) -> Value {
    let now = stage.clock.now();
    alert(
        MISMATCH,
        workload,
        status,
        now - TimeDelta::minutes(minutes_ago),
        now,
    )
}

/// The bot's threads in a channel: their first messages.
pub fn threads(stage: &Stage, channel: &str) -> Vec<Message> {
    let scene = stage.slack.scene();
    let own = scene
        .messages
        .iter()
        .filter(|one| one.channel == channel && one.from_bot() && !one.deleted);
    own.filter(|one| {
        one.thread_ts
            .as_ref()
            .is_none_or(|parent| *parent == one.ts)
    })
    .cloned()
    .collect()
}

pub async fn first_thread(stage: &Stage) -> Thread {
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
async fn an_alert_of_the_webhook_opens_a_thread_with_the_answer_and_its_end_closes_it() {
    let mut stage = Stage::new().await;
    let firing = group(
        "g1",
        vec![mismatch(&stage, "payment-service", "firing", 20)],
    );
    assert_eq!(stage.send(&firing).await, 200);
    let thread = first_thread(&stage).await;
    let first = stage
        .answer(&thread, "payment-service is killed at its memory limit")
        .await;
    assert_eq!(first.ts, thread.ts);
    assert!(first.visible().contains(MISMATCH), "{}", first.visible());
    // Repeats, by both Alertmanagers of a pair: a number, and no message.
    for _ in 0..5 {
        stage.advance(TimeDelta::seconds(100));
        assert_eq!(stage.send(&firing).await, 200);
        assert_eq!(stage.send(&firing).await, 200);
    }
    stage.settled().await;
    assert_eq!(stage.slack.thread(INCIDENTS, &thread.ts).len(), 1);
    let incidents = stage.store().load_live().await.unwrap();
    assert_eq!((incidents.len(), incidents[0].alerts[0].repeats), (1, 5));
    let over = group(
        "g1",
        vec![mismatch(&stage, "payment-service", "resolved", 30)],
    );
    assert_eq!(stage.send(&over).await, 200);
    stage
        .wait(|scene| {
            scene
                .thread(INCIDENTS, &thread.ts)
                .into_iter()
                .find(|one| one.visible().contains("the alert is over"))
        })
        .await;
    stage.settled().await;
    assert_eq!(threads(&stage, INCIDENTS).len(), 1);
    assert!(stage.store().load_live().await.unwrap().is_empty());
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_the_token_or_the_signature_gets_an_alert_in() {
    let mut stage = Stage::new().await;
    let body = group(
        "g1",
        vec![mismatch(&stage, "payment-service", "firing", 20)],
    )
    .to_string();
    let now = stage.clock.now().timestamp();
    let sign = |key: &str, at: i64| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.as_bytes());
        let tag = ring::hmac::sign(&key, format!("{at}:{body}").as_bytes());
        tag.as_ref().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    };
    let (right, old) = (sign("FAKE-signs", now), sign("FAKE-signs", now - 3_600));
    let wrong = sign("FAKE-other", now);
    let (at, then) = (now.to_string(), (now - 3_600).to_string());
    let (signature, timestamp) = (
        "x-grafana-alerting-signature",
        "x-grafana-alerting-timestamp",
    );
    for (headers, status) in [
        (vec![], 401),
        (vec![("authorization", "Bearer FAKE-else")], 401),
        (vec![("authorization", "FAKE-alerts")], 401),
        (
            vec![(signature, wrong.as_str()), (timestamp, at.as_str())],
            401,
        ),
        (
            vec![(signature, old.as_str()), (timestamp, then.as_str())],
            401,
        ),
        (vec![(signature, right.as_str())], 401),
        (
            vec![(signature, right.as_str()), (timestamp, at.as_str())],
            200,
        ),
    ] {
        assert_eq!(
            stage.send_with(body.clone(), &headers).await,
            status,
            "{headers:?}"
        );
    }
    first_thread(&stage).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_alert_is_refused_with_its_reason_and_saves_nothing() {
    let mut stage = Stage::new().await;
    let bearer = [("authorization", "Bearer FAKE-alerts")];
    let huge = format!("{{\"alerts\": \"{}\"}}", "x".repeat(17 << 20));
    for (body, status) in [
        (String::new(), 400),
        ("{".to_owned(), 400),
        ("<html>".to_owned(), 400),
        ("[]".to_owned(), 400),
        ("{\"version\": \"4\", \"alerts\": []}".to_owned(), 400),
        ("[".repeat(100_000), 400),
        (huge, 413),
    ] {
        assert_eq!(stage.send_with(body, &bearer).await, status);
    }
    stage.settled().await;
    assert!(stage.store().load_live().await.unwrap().is_empty());
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_of_one_cause_are_one_incident_and_one_thread() {
    let mut stage = Stage::new().await;
    // Ten groups about ten workloads, and all of them have the same root.
    for number in 0..6 {
        let name = format!("service-{number}");
        let body = group(&name, vec![mismatch(&stage, &name, "firing", 20)]);
        assert_eq!(stage.send(&body).await, 200);
    }
    // Whoever finds the same cause later joins what is open then.
    let deadline = Instant::now() + Duration::from_mins(1);
    let open = loop {
        let live = stage.live(1).await;
        if live.iter().filter(|one| one.is_open()).count() == 1 {
            break live;
        }
        assert!(Instant::now() < deadline, "{live:#?}");
    };
    let alerts = open.iter().find(|one| one.is_open()).unwrap().alerts.len();
    assert_eq!(alerts, 6);
    // A look that took long had its thread before it found where it belongs, and says so there.
    let scene = stage.slack.scene();
    let sent_on = |one: &Message| {
        let answers = scene.answers(INCIDENTS, &one.ts);
        answers
            .iter()
            .any(|one| one.visible().contains("Same problem as"))
    };
    let told = threads(&stage, INCIDENTS);
    let own = told.iter().filter(|one| !sent_on(one)).count();
    assert!(own <= 2, "{own} threads:\n{scene}");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_believed_bot_is_answered_in_its_thread_and_its_edit_closes() {
    let mut stage = Stage::new().await;
    let starts = (stage.clock.now() - TimeDelta::minutes(20)).to_rfc3339();
    let labels = json!({"alertname": MISMATCH, "namespace": "production", "deployment": "payment-service",
        "severity": "warning"});
    stage
        .alertmanager
        .take(&json!([{"labels": labels, "startsAt": starts,
            "generatorURL": "https://prometheus.example.com/graph?g0.expr=up"}]))
        .unwrap();
    let title = |state: &str| {
        json!([{"color": "a30200",
        "title": format!("[{state}] production ({MISMATCH} payment-service warning)"),
        "title_link": "http://alertmanager.example/#/alerts?receiver=slack",
        "fallback": format!("[{state}] production ({MISMATCH} payment-service warning)")}])
    };
    let ts = stage.slack.post_as_bot(
        "#alerts",
        ALERTMANAGER,
        "",
        title("FIRING:1").as_array().unwrap().clone(),
    );
    let answer = stage.wait(|scene| {
        scene
            .answers(ALERTS, &ts)
            .into_iter()
            .find(|one| one.visible().contains("payment-service is killed"))
    });
    let answer = answer.await;
    assert!(answer.visible().contains(MISMATCH), "{}", answer.visible());
    let graph = "<https://prometheus.example.com/graph?g0.expr=up|";
    assert!(answer.visible().contains(graph), "{}", answer.visible());
    let stranger = stage.slack.post_as_bot(
        "#alerts",
        "B0EVIL",
        "",
        title("FIRING:1").as_array().unwrap().clone(),
    );
    // By then Alertmanager has forgotten it.
    stage.alertmanager.forget();
    stage.slack.edit_as_bot(
        "#alerts",
        &ts,
        title("RESOLVED").as_array().unwrap().clone(),
    );
    stage
        .wait(|scene| {
            scene
                .thread(ALERTS, &ts)
                .into_iter()
                .find(|one| one.visible().contains("the alert is over"))
        })
        .await;
    stage.settled().await;
    assert_eq!(
        stage.slack.thread(ALERTS, &stranger).len(),
        1,
        "nobody believes it"
    );
    stage.stop().await;
}

/// Alertmanager's default template: a group that grows a second later, and an end that names no alert.
const STUCK: &str = "KubeDeploymentRolloutStuck";

/// What Alertmanager has of one group: alerts of these names.
fn of_group(stage: &Stage, names: &[&str]) -> Value {
    let starts = (stage.clock.now() - TimeDelta::minutes(20)).to_rfc3339();
    let all = names.iter().map(|name| {
        let labels = json!({"alertname": name, "namespace": "production", "deployment": "payment-service",
            "job": "kube-state-metrics", "severity": "warning"});
        json!({"labels": labels, "startsAt": starts})
    });
    Value::Array(all.collect())
}

/// Alertmanager's message about the group, as its default template writes it.
fn post_group(stage: &Stage, state: &str, common: &str) -> String {
    let title =
        format!("[{state}] production ({common}payment-service kube-state-metrics warning)");
    let shown = json!({"color": "a30200", "title": title, "fallback": title,
        "title_link": "http://alertmanager.example/#/alerts?receiver=slack"});
    stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", vec![shown])
}

/// The group's two alerts, told in two messages; the first of them.
async fn grown(stage: &Stage) -> String {
    stage
        .alertmanager
        .take(&of_group(stage, &[MISMATCH]))
        .unwrap();
    let first = post_group(stage, "FIRING:1", &format!("{MISMATCH} "));
    stage
        .wait(|scene| {
            let mut answers = scene.answers(ALERTS, &first).into_iter();
            answers.find(|one| one.visible().contains("payment-service is killed"))
        })
        .await;
    stage.alertmanager.take(&of_group(stage, &[STUCK])).unwrap();
    let second = post_group(stage, "FIRING:2", "");
    stage
        .wait(|scene| scene.answers(ALERTS, &second).into_iter().next())
        .await;
    stage.settled().await;
    assert_eq!(firing(stage).await, [MISMATCH, STUCK]);
    first
}

/// What fires, as the store has it.
async fn firing(stage: &Stage) -> Vec<String> {
    let open = stage.store().load_live().await.unwrap();
    let told = open.iter().flat_map(vigie::incident::Incident::firing);
    told.map(|told| told.name.raw().to_owned()).collect()
}

async fn until_over(stage: &Stage, thread: &str) {
    stage
        .wait(|scene| {
            let mut thread = scene.thread(ALERTS, thread).into_iter();
            thread.find(|one| one.visible().contains("the alert is over"))
        })
        .await;
    stage.settled().await;
    assert!(stage.store().load_live().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_grows_is_told_once_and_its_nameless_end_closes_it() {
    let mut stage = Stage::new().await;
    let first = grown(&stage).await;
    post_group(&stage, "RESOLVED", "");
    until_over(&stage, &first).await;
    stage.stop().await;
}

/// A message shows what its alerts have in common, also those that ended: which one did is not said.
#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_ends_unnamed_within_its_group_is_over() {
    let mut stage = Stage::new().await;
    let first = grown(&stage).await;
    stage.alertmanager.forget();
    stage
        .alertmanager
        .take(&of_group(&stage, &[STUCK]))
        .unwrap();
    post_group(&stage, "FIRING:1", "");
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
    while firing(&stage).await != [STUCK] {
        assert!(
            tokio::time::Instant::now() < deadline,
            "{}",
            stage.slack.scene()
        );
        tokio::task::yield_now().await;
    }
    stage.alertmanager.forget();
    post_group(&stage, "RESOLVED", &format!("{STUCK} "));
    until_over(&stage, &first).await;
    stage.stop().await;
}

/// Grafana's group looks the same, and Alertmanager has none of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_alertmanager_does_not_have_loses_no_alert() {
    let mut stage = Stage::new().await;
    grown(&stage).await;
    stage.alertmanager.forget();
    let last = post_group(&stage, "FIRING:1", "");
    stage
        .wait(|scene| {
            let mut heard = scene.deliveries.iter();
            let is_heard = heard.all(|one| one.acked_after().is_some());
            (is_heard && scene.messages.iter().any(|one| one.ts == last)).then_some(())
        })
        .await;
    stage.settled().await;
    assert_eq!(firing(&stage).await, [MISMATCH, STUCK]);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_silenced_from_the_thread_under_the_name_of_who_asked() {
    let mut stage = Stage::new().await;
    let mut alert = mismatch(&stage, "payment-service", "firing", 20);
    let held = json!([{"labels": alert["labels"], "startsAt": alert["startsAt"]}]);
    let prints = stage.alertmanager.take(&held).unwrap();
    alert["fingerprint"] = json!(prints[0]);
    assert_eq!(stage.send(&group("g1", vec![alert])).await, 200);
    let thread = first_thread(&stage).await;
    stage.settled().await;
    stage
        .slack
        .reply("#incidents", &thread.ts, "bob", "silence 2h");
    stage
        .answer(&thread, "silenced in Alertmanager until")
        .await;
    let silences = stage.alertmanager.silences();
    assert_eq!(silences.len(), 1, "{silences:?}");
    assert!(
        silences[0]["createdBy"]
            .as_str()
            .unwrap()
            .to_lowercase()
            .contains("bob"),
        "{silences:?}"
    );
    let matchers = silences[0]["matchers"].as_array().unwrap();
    assert!(
        matchers
            .iter()
            .any(|one| one["name"] == "deployment" && one["value"] == "payment-service")
    );
    // Alertmanager's own view comes back into the answer.
    stage.advance(TimeDelta::minutes(2));
    stage
        .answer(&thread, "is silenced in Alertmanager by")
        .await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_keeps_its_incident_when_the_store_is_lost() {
    let mut stage = Stage::new().await;
    assert_eq!(
        stage
            .send(&group(
                "g1",
                vec![mismatch(&stage, "payment-service", "firing", 20)]
            ))
            .await,
        200
    );
    let thread = first_thread(&stage).await;
    stage.settled().await;
    let before = stage.store().load_live().await.unwrap().remove(0);
    stage.lose_store().await;
    stage.start().await;
    stage.answer(&thread, "lost my memory").await;
    stage.settled().await;
    let after = stage.store().load(&before.id).await.unwrap().unwrap();
    assert_eq!(after.alerts[0].fingerprint, before.alerts[0].fingerprint);
    assert_eq!(
        after.next_page_at().map(|at| at.timestamp()),
        before.next_page_at().map(|at| at.timestamp())
    );
    let over = group(
        "g1",
        vec![mismatch(&stage, "payment-service", "resolved", 30)],
    );
    assert_eq!(stage.send(&over).await, 200);
    stage.answer(&thread, "the alert is over").await;
    assert!(
        threads(&stage, INCIDENTS).len() <= 2,
        "{}",
        stage.slack.scene()
    );
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_tests_the_way_is_answered_once_and_opens_nothing() {
    let mut stage = Stage::new().await;
    let now = stage.clock.now();
    let mut grafana = alert("TestAlert", "x", "firing", now, now);
    grafana["labels"] =
        json!({"alertname": "TestAlert", "instance": "Grafana", "severity": "critical"});
    let mut ours = alert("VigieTest", "y", "firing", now, now);
    ours["labels"] =
        json!({"alertname": "VigieTest", "namespace": "staging", "severity": "warning"});
    for _ in 0..3 {
        for one in [&grafana, &ours] {
            assert_eq!(stage.send(&group("test", vec![one.clone()])).await, 200);
        }
        stage.settled().await;
        stage.advance(TimeDelta::minutes(5));
    }
    for name in ["TestAlert", "VigieTest"] {
        let said = |scene: &vigie::sandbox::slack::Scene| {
            let told = |one: &&Message| {
                let text = one.visible();
                text.contains("Test received") && text.contains(name)
            };
            scene.messages.iter().find(told).cloned()
        };
        stage.wait(said).await;
    }
    stage.settled().await;
    assert_eq!(
        threads(&stage, INCIDENTS).len(),
        2,
        "{}",
        stage.slack.scene()
    );
    assert_eq!(stage.world.count(), 0, "nothing is looked at");
    stage.advance(TimeDelta::hours(2));
    stage.settled().await;
    let called = stage
        .slack
        .scene()
        .to_string()
        .contains(&format!("<@{LEAD}>"));
    assert!(!called, "{}", stage.slack.scene());
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_an_alert_and_its_runbook_are_in_the_thread_and_in_the_page() {
    let mut stage = Stage::with(Scripted::new([Sees::Healthy])).await;
    let mut queue = mismatch(&stage, "payment-service", "firing", 1);
    queue["labels"]["alertname"] = json!("OrdersQueueTooLong");
    queue["labels"]["severity"] = json!("critical");
    queue["annotations"] = json!({"summary": "12000 orders wait",
        "runbook_url": "https://wiki.example.com/orders"});
    queue["generatorURL"] =
        json!("https://prometheus.example.com/graph?g0.expr=%22%3C!channel%3E%22&g0.tab=1");
    assert_eq!(stage.send(&group("g1", vec![queue])).await, 200);
    let line = "🚨 *OrdersQueueTooLong* (critical): 12000 orders wait";
    let page = stage.direct(LEAD, 1).await;
    let thread = first_thread(&stage).await;
    let answer = stage.slack.thread(INCIDENTS, &thread.ts)[0].clone();
    stage.settled().await;
    for message in [answer.visible(), format!("{page:?}")] {
        assert!(message.contains("12000 orders wait"), "{line}: {message}");
        assert!(message.contains("wiki.example.com"), "{message}");
        let graph =
            "https://prometheus.example.com/graph?g0.expr=%22%3C!channel%3E%22&amp;g0.tab=1";
        assert!(message.contains(graph), "{message}");
        assert!(!message.contains("🟢"), "{message}");
    }
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_about_two_environments_is_two_incidents_and_loses_no_alert() {
    let mut stage = Stage::new().await;
    let title = "[FIRING:2] KubeDeploymentReplicasMismatch";
    let list = "• *alertname:* KubeDeploymentReplicasMismatch\n• *namespace:* production\n\
        • *deployment:* payment-service\n• *severity:* warning\n\n\
        • *alertname:* KubeDeploymentReplicasMismatch\n• *namespace:* staging\n\
        • *deployment:* cart-service\n• *severity:* warning";
    let shown = json!({"color": "a30200", "title": title, "fallback": title, "text": list});
    let _ts = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", vec![shown]);
    // A message takes its time over the socket: settled alone is true before it came.
    let found = stage.live(2).await;
    let mut environments: Vec<_> = found.iter().map(|one| one.environment.clone()).collect();
    environments.sort();
    let wanted = [Some("production".to_owned()), Some("staging".to_owned())];
    assert_eq!(environments, wanted, "{found:#?}");
    stage.stop().await;
}
