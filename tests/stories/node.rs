//! A dead node: whatever alerts tell of it, in which groups and in which order, they are one incident whose root is
//! the node.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use vigie::engine::Look;
use vigie::finding::{Kind, Subject};
use vigie::incident::{Incident, Status};

use super::alerts::{group, threads};
use super::house::{ALERTMANAGER, ALERTS, Dead, INCIDENTS, LEAD, Scripted, Sees, Stage};

const NODE: &str = "worker-3";

/// One alert, as Alertmanager sends it.
fn alert(stage: &Stage, name: &str, status: &str, labels: &[(&str, &str)]) -> Value {
    let now = stage.clock.now();
    let (starts, ends) = match status {
        "firing" => (now - TimeDelta::minutes(20), "0001-01-01T00:00:00Z".into()),
        _ => (now - TimeDelta::minutes(30), now.to_rfc3339()),
    };
    let mut all: serde_json::Map<String, Value> = labels
        .iter()
        .map(|(label, value)| ((*label).to_owned(), json!(value)))
        .collect();
    let print = format!("{name}{labels:?}");
    let print = print.bytes().fold(7_u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    all.insert("alertname".into(), json!(name));
    all.entry("severity").or_insert(json!("warning"));
    json!({"status": status, "fingerprint": format!("{print:016x}"), "labels": all, "annotations": {},
        "startsAt": starts.to_rfc3339(), "endsAt": ends, "generatorURL": "http://prometheus.example/graph"})
}

fn node(stage: &Stage, status: &str) -> Value {
    let own = alert(stage, "KubeNodeNotReady", status, &[("node", NODE)]);
    group("node", vec![own])
}

fn mismatch(stage: &Stage, namespace: &str, name: &str, status: &str) -> Value {
    let labels = [("namespace", namespace), ("deployment", name)];
    alert(stage, "KubeDeploymentReplicasMismatch", status, &labels)
}

/// What ran there, of two environments, in three groups.
fn workloads(stage: &Stage, status: &str) -> Vec<Value> {
    let two = ["search-api", "cart"].map(|name| mismatch(stage, "production", name, status));
    let labels = [("namespace", "production"), ("pod", "users-6f7d9-x2x9k")];
    let pod = alert(stage, "KubePodNotReady", status, &labels);
    let other = mismatch(stage, "staging", "report", status);
    vec![
        group("two", two.to_vec()),
        group("pod", vec![pod]),
        group("other", vec![other]),
    ]
}

fn here(_: &Look) -> (&'static str, &'static [&'static str]) {
    ("sandbox", &[NODE])
}

async fn stage() -> Stage {
    Stage::with(Scripted::new([Sees::Nodes(here)])).await
}

async fn all(stage: &Stage) -> Vec<Incident> {
    let since = chrono::DateTime::UNIX_EPOCH;
    stage.store().load_since(since).await.unwrap()
}

async fn open(stage: &Stage) -> Vec<Incident> {
    let mut open = all(stage).await;
    open.retain(Incident::is_open);
    open
}

async fn send(stage: &Stage, groups: &[Value]) {
    for one in groups {
        assert_eq!(stage.send(one).await, 200);
        stage.settled().await;
    }
}

/// The lead was called so often, for one incident alone.
async fn called(stage: &Stage, times: usize) {
    stage.direct(LEAD, times).await;
    stage.settled().await;
    let told = stage.direct(LEAD, times).await;
    assert_eq!(told.len(), times, "{told:#?}");
    let paged = |one: &Incident| {
        let mut out = one.outbox.iter();
        out.any(|out| {
            out.page().is_some()
                && !matches!(out.state, vigie::incident::OutState::Cancelled { .. })
        })
    };
    let all = all(stage).await;
    assert_eq!(all.iter().filter(|one| paged(one)).count(), 1, "{all:#?}");
}

/// One incident is open: the node's, with all of these alerts; every other thread says where it is handled.
async fn is_one(stage: &Stage, alerts: usize) -> Incident {
    // Those that were looked at side by side find each other after their answers.
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    let mut open = open(stage).await;
    while open.len() != 1 {
        assert!(tokio::time::Instant::now() < deadline, "{open:#?}");
        stage.settled().await;
        tokio::task::yield_now().await;
        open = self::open(stage).await;
    }
    stage.settled().await;
    let mut open = self::open(stage).await;
    let one = open.remove(0);
    assert_eq!(one.subject, Some(Subject::cluster(Kind::Node, NODE)));
    assert_eq!(one.alerts.len(), alerts, "{:#?}", one.alerts);
    let scene = stage.slack.scene();
    let handled_elsewhere = |ts: &str| {
        let mut thread = scene.thread(INCIDENTS, ts).into_iter();
        thread.any(|one| one.visible().contains("Same problem as"))
    };
    let mut own = threads(stage, INCIDENTS);
    own.retain(|one| !handled_elsewhere(&one.ts));
    assert_eq!(own.len(), 1, "{scene}");
    assert!(
        own[0].visible().contains("the node worker-3 is dead"),
        "{scene}"
    );
    one
}

/// From the first alert to the end of the last one.
async fn lives(stage: &mut Stage) {
    let one = is_one(stage, 5).await;
    assert_eq!(one.environment.as_deref(), Some("production"));
    stage.advance(TimeDelta::minutes(11));
    called(stage, 1).await;
    stage.advance(TimeDelta::minutes(50));
    called(stage, 2).await;
    send(stage, &[node(stage, "resolved")]).await;
    is_one(stage, 5).await;
    send(stage, &workloads(stage, "resolved")).await;
    let after = stage.store().load(&one.id).await.unwrap().unwrap();
    assert!(
        matches!(after.status, Status::Resolved { .. }),
        "{after:#?}"
    );
    assert!(open(stage).await.is_empty());
    stage.assert_no_doubles();
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nodes_own_alert_first_and_what_ran_there_later() {
    let mut stage = stage().await;
    send(&stage, &[node(&stage, "firing")]).await;
    send(&stage, &workloads(&stage, "firing")).await;
    lives(&mut stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ran_there_first_and_the_nodes_own_alert_last() {
    let mut stage = stage().await;
    send(&stage, &workloads(&stage, "firing")).await;
    send(&stage, &[node(&stage, "firing")]).await;
    lives(&mut stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_at_once() {
    let mut stage = stage().await;
    let mut groups = workloads(&stage, "firing");
    groups.insert(1, node(&stage, "firing"));
    let sends = groups.iter().map(|one| stage.send(one));
    assert_eq!(futures::future::join_all(sends).await, [200; 4]);
    lives(&mut stage).await;
}

/// Ten workloads, each in a group of its own: that many are a storm, and the storm is the node's too.
#[tokio::test(flavor = "multi_thread")]
async fn so_many_that_they_are_a_storm() {
    let mut stage = stage().await;
    send(&stage, &[node(&stage, "firing")]).await;
    let groups: Vec<Value> = (0..10)
        .map(|n| {
            let name = format!("app-{n}");
            group(&name, vec![mismatch(&stage, "production", &name, "firing")])
        })
        .collect();
    let sends = groups.iter().map(|one| stage.send(one));
    assert_eq!(futures::future::join_all(sends).await, [200; 10]);
    is_one(&stage, 11).await;
    stage.stop().await;
}

/// The lead was called for what ran there before the node's own alert was understood: the older one joins, nobody is
/// called twice, and not later than the older one promised.
#[tokio::test(flavor = "multi_thread")]
async fn the_one_that_the_lead_was_called_for_stays() {
    let mut stage = Stage::with(Scripted::new([Sees::Unknown, Sees::Nodes(here)])).await;
    send(&stage, &[node(&stage, "firing")]).await;
    let hour = open(&stage).await[0].opened_at + TimeDelta::hours(1);
    stage.advance(TimeDelta::minutes(5));
    let labels = [
        ("namespace", "production"),
        ("deployment", "cart"),
        ("severity", "critical"),
    ];
    let critical = alert(&stage, "KubeDeploymentReplicasMismatch", "firing", &labels);
    send(&stage, &[group("critical", vec![critical])]).await;
    called(&stage, 1).await;
    let one = is_one(&stage, 2).await;
    assert_eq!(one.next_page_at().unwrap().timestamp(), hour.timestamp());
    stage.advance(TimeDelta::minutes(20));
    called(&stage, 1).await;
    stage.advance(TimeDelta::minutes(36));
    called(&stage, 2).await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_on_another_node_is_another_incident() {
    let seen: Dead = |look| match look.object.as_ref().map(|object| object.name.as_str()) {
        Some("cart") => ("sandbox", &["worker-9"]),
        _ => ("sandbox", &[NODE]),
    };
    let mut stage = Stage::with(Scripted::new([Sees::Nodes(seen)])).await;
    let cart = mismatch(&stage, "production", "cart", "firing");
    send(&stage, &[node(&stage, "firing"), group("cart", vec![cart])]).await;
    assert_eq!(open(&stage).await.len(), 2);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_of_one_name_in_two_clusters_are_two() {
    let seen: Dead = |look| match look.environment.as_deref() {
        Some("production") => ("eu-1", &[NODE]),
        _ => ("us-1", &[NODE]),
    };
    let mut stage = Stage::with(Scripted::new([Sees::Nodes(seen)])).await;
    let of = |cluster| {
        let own = alert(
            &stage,
            "KubeNodeNotReady",
            "firing",
            &[("node", NODE), ("cluster", cluster)],
        );
        group(cluster, vec![own])
    };
    send(&stage, &[of("production"), of("staging")]).await;
    assert_eq!(open(&stage).await.len(), 2);
    stage.stop().await;
}

/// Who asks about staging is answered in their own thread, also when production suffers from the same node.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_not_sent_to_the_thread_of_another_environment() {
    let mut stage = stage().await;
    let cart = mismatch(&stage, "production", "cart", "firing");
    send(&stage, &[group("cart", vec![cart])]).await;
    let thread = stage
        .ask("@devops report is down in staging", "worker-3 is dead")
        .await;
    stage.settled().await;
    let scene = stage.slack.scene();
    assert_eq!(scene.answers(INCIDENTS, &thread.ts).len(), 1, "{scene}");
    assert_eq!(open(&stage).await.len(), 2);
    stage.stop().await;
}

/// A group that suffers from two nodes has more to show than the alert of one of them, whichever came first.
#[tokio::test(flavor = "multi_thread")]
async fn the_one_that_found_more_stays() {
    let seen: Dead = |look| match &look.environment {
        Some(_) => ("sandbox", &[NODE, "worker-9"]),
        None => ("sandbox", &[NODE]),
    };
    for node_first in [true, false] {
        let mut stage = Stage::with(Scripted::new([Sees::Nodes(seen)])).await;
        let two = ["search-api", "cart"].map(|name| mismatch(&stage, "production", name, "firing"));
        let mut groups = vec![node(&stage, "firing"), group("two", two.to_vec())];
        if !node_first {
            groups.reverse();
        }
        send(&stage, &groups).await;
        let one = is_one(&stage, 3).await;
        assert_eq!(one.diagnosis().unwrap().root_causes.len(), 2);
        stage.stop().await;
    }
}

/// The message of a bot has its own thread: people look there, and are told where it is handled.
#[tokio::test(flavor = "multi_thread")]
async fn the_thread_of_a_message_says_where_it_is_handled() {
    let mut stage = stage().await;
    send(&stage, &[node(&stage, "firing")]).await;
    let labels = json!({"alertname": "KubeDeploymentReplicasMismatch", "namespace": "production",
        "deployment": "cart", "severity": "warning"});
    let starts = (stage.clock.now() - TimeDelta::minutes(20)).to_rfc3339();
    let active = json!([{"labels": labels, "startsAt": starts}]);
    stage.alertmanager.take(&active).unwrap();
    let title = "[FIRING:1] production (KubeDeploymentReplicasMismatch cart warning)";
    let shown = json!({"color": "a30200", "title": title, "fallback": title,
        "title_link": "http://alertmanager.example/#/alerts?receiver=slack"});
    let ts = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", vec![shown]);
    stage
        .wait(|scene| {
            let mut answers = scene.answers(ALERTS, &ts).into_iter();
            answers.find(|one| one.visible().contains("Same problem as"))
        })
        .await;
    is_one(&stage, 2).await;
    stage.stop().await;
}
