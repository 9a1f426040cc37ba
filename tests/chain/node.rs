//! A node dies: alerts of several groups, of the node and of what ran there, are one incident whose root is the node.

use std::time::{Duration, Instant};

use serde_json::json;
use vigie::finding::Kind;
use vigie::incident::{Incident, Status};
use vigie::sandbox::slack::Message;

use super::house::{House, config, readable, threads};
use crate::cluster::monitoring::{Installation, Monitoring};
use crate::cluster::stories::app::{self, App};
use crate::cluster::{Alertmanager, ControlPlane, shared};
use crate::stories::house::INCIDENTS;

const NAMESPACE: &str = "chain-node";
/// Longest wait for the incidents to find each other.
const WITHIN: Duration = Duration::from_mins(2);
const NODE: &str = "chain-node-1";
/// What ran there, with its replicas.
const APPS: [(&str, u32); 3] = [("search-api", 2), ("cart", 1), ("users", 1)];

/// A node of its own, which takes only pods of this story.
async fn node(cluster: &ControlPlane) {
    let size = json!({"cpu": "4", "memory": "8Gi", "pods": "110"});
    let taint = json!({"key": "vigie.test/reserved", "effect": "NoSchedule"});
    let node = json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": NODE, "labels": {"vigie.test/node": NODE}},
        "spec": {"taints": [taint]},
        "status": {"capacity": size, "allocatable": size},
    });
    cluster.apply(&node.to_string()).await.unwrap();
}

/// The applications on that node, ready.
async fn apps(cluster: &ControlPlane) -> Vec<App> {
    let mut all = Vec::new();
    for (name, replicas) in APPS {
        let app = App::new(NAMESPACE, name).replicas(replicas).pod(json!({
            "nodeSelector": {"vigie.test/node": NODE},
            "tolerations": [{"key": "vigie.test/reserved", "operator": "Exists"}],
        }));
        let wanted = i32::try_from(replicas).unwrap();
        app.install(cluster).await.ready(cluster, wanted).await;
        all.push(app);
    }
    all
}

/// What the node lifecycle controller writes when a kubelet has been silent for 40 seconds; or its end.
async fn condition(cluster: &ControlPlane, apps: &[App], ready: bool) {
    let condition = if ready {
        json!({"type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is posting ready status"})
    } else {
        json!({
            "type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown",
            "message": "Kubelet stopped posting node status.",
        })
    };
    cluster.node_conditions(NODE, json!([condition])).await;
    let status = if ready { "True" } else { "False" };
    for app in apps {
        for pod in app.placed(cluster).await {
            let conditions = json!({"conditions": [
                {"type": "Ready", "status": status}, {"type": "ContainersReady", "status": status},
            ]});
            cluster.pod_status(NAMESPACE, &pod, conditions).await;
        }
    }
    app::settled(cluster, NAMESPACE).await;
}

/// The incidents that are not part of another.
fn own(all: &[Incident]) -> Vec<&Incident> {
    let own = all
        .iter()
        .filter(|one| !matches!(one.status, Status::Joined { .. }));
    own.collect()
}

/// What matters of them, to read in a failure.
fn sketch(all: &[Incident]) -> String {
    let line = |one: &Incident| {
        let names: Vec<_> = one
            .alerts
            .iter()
            .map(|told| (&told.name, &told.about, told.state))
            .collect();
        let (environment, object, subject) = (&one.environment, &one.object, &one.subject);
        format!(
            "{}: {environment:?} {object:?} {subject:?} {:?} {names:?}\n",
            one.id.as_str(),
            one.status
        )
    };
    all.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told to its end")]
async fn alerts_of_a_dead_node_are_one_incident_whose_root_is_the_node() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace(NAMESPACE).await;
    node(cluster).await;
    let apps = apps(cluster).await;
    let house = House::open(NAMESPACE).await;
    let chosen = [format!("namespace = {NAMESPACE}"), format!("node = {NODE}")];
    // Each workload's alert is a group of its own, and so is the node's.
    let by = ["alertname", "deployment", "node", "pod"];
    let settings = config(&chosen, &by, house.by_webhook());
    let Some(alertmanager) = Alertmanager::start(&settings).await else {
        return;
    };
    let install = Installation::KubePrometheus;
    let to = [&alertmanager];
    let Some(watching) = Monitoring::start(cluster, &[NAMESPACE], install, ("", ""), &to).await
    else {
        return;
    };
    house
        .shown(cluster, &watching.prometheus, &alertmanager)
        .await;
    let broken = Instant::now();
    condition(cluster, &apps, false).await;
    cluster
        .until("all alerts of it to fire", async || {
            let alerts = format!(
                "count(ALERTS{{alertstate=\"firing\",alertname=~\"KubeNodeNotReady|KubeDeploymentReplicasMismatch\"}} and (ALERTS{{node=\"{NODE}\"}} or ALERTS{{namespace=\"{NAMESPACE}\"}})) >= {}",
                APPS.len() + 1
            );
            !watching.ask(&alerts).await.is_empty()
        })
        .await;
    // Every alert is in the one incident that is not part of another.
    let mut all = Vec::new();
    let whole = cluster.wait_within(WITHIN, "one incident with all of them", async || {
        all = house.incidents().await;
        let open = own(&all);
        matches!(&open[..], [one] if one.alerts.len() > APPS.len())
    });
    let whole = whole.await;
    assert!(whole.is_ok(), "{whole:?}: {}", sketch(&all));
    eprintln!("broken to one incident: {:?}", broken.elapsed());
    let all = house.settled().await;
    let open = own(&all);
    let [one] = &open[..] else {
        panic!("one incident: {open:#?}");
    };
    let root = one.subject.as_ref().expect("a root");
    assert_eq!(
        (root.kind, root.name.as_str()),
        (Kind::Node, NODE),
        "{one:#?}"
    );
    let scene = house.slack.scene();
    let told = threads(&scene, INCIDENTS);
    for thread in &told {
        eprintln!("=====\n{}", readable(&scene.thread(INCIDENTS, &thread.ts)));
    }
    // Those that were posted before the node was known to be the root say where it is handled.
    let own = told.iter().filter(|one| {
        let thread = readable(&scene.thread(INCIDENTS, &one.ts));
        !thread.contains("Same problem as")
    });
    let own: Vec<&Message> = own.collect();
    assert_eq!(own.len(), 1, "{scene}");
    assert!(own[0].visible().contains(NODE), "{scene}");

    let repaired = Instant::now();
    condition(cluster, &apps, true).await;
    let id = one.id.clone();
    house
        .wait("the end", |scene| {
            let mut all = scene.messages.iter().filter(|one| one.from_bot());
            all.find(|one| one.visible().contains("the alert is over"))
                .map(Message::visible)
        })
        .await;
    eprintln!("repaired to closed: {:?}", repaired.elapsed());
    let all = house.settled().await;
    let one = all.iter().find(|one| one.id == id).unwrap();
    assert!(!one.is_open(), "{one:#?}");
    house.close().await;
}
