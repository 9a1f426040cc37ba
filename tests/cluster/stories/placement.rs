//! Pods that the real scheduler cannot place, that a real quota refuses, and whose node is lost.

use serde_json::json;
use vigie::finding::{Cause, Kind};

use super::{App, Bot, app};
use crate::cluster::{ControlPlane, shared};

#[tokio::test]
async fn s15_report_worker_is_pending_because_no_node_has_the_cpu() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("s15").await;
    let worker = greedy("s15");
    worker.install(cluster).await;
    cluster.event("s15", "FailedScheduling").await;
    app::settled(cluster, "s15").await;
    let bot = Bot::shipped(cluster, "staging", "s15").await;
    let answer = bot
        .ask("les pods de report-worker restent en pending en staging")
        .await;
    eprintln!("{answer}");
    let root = answer.names(Cause::InsufficientCpu, Kind::Deployment, "report-worker");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["report-worker", "64"]);
    answer.read_within(30);
}

/// A worker that asks for more CPU than any node has.
pub fn greedy(namespace: &str) -> App {
    let resources = json!({"requests": {"cpu": "64", "memory": "32Mi"}});
    App::new(namespace, "report-worker").container(json!({"resources": resources}))
}

#[tokio::test]
async fn a_deploy_fails_because_its_namespace_has_no_cpu_left() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("full").await;
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "team", "namespace": "full"},
        "spec": {"hard": {"requests.cpu": "1"}},
    });
    cluster.apply(&quota.to_string()).await.unwrap();
    let billing = App::new("full", "billing")
        .replicas(3)
        .container(json!({"resources": {"requests": {"cpu": "400m"}}}));
    billing.install(cluster).await;
    cluster.event("full", "FailedCreate").await;
    billing.ready(cluster, 2).await;
    app::settled(cluster, "full").await;
    let bot = Bot::shipped(cluster, "staging", "full").await;
    let answer = bot.ask("le déploiement de billing échoue en staging").await;
    eprintln!("{answer}");
    let root = answer.names(Cause::QuotaExceededCpu, Kind::Namespace, "full");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["billing", "team", "400m", "800m", "1"]);
    answer.read_within(30);
}

/// A node that takes only pods which tolerate it, so that nobody else loses pods with it.
async fn reserved_node(cluster: &ControlPlane, name: &str) {
    let size = json!({"cpu": "4", "memory": "8Gi", "pods": "110"});
    let taint = json!({"key": "vigie.test/reserved", "effect": "NoSchedule"});
    let node = json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {"name": name, "labels": {"vigie.test/node": name}},
        "spec": {"taints": [taint]},
        "status": {"capacity": size, "allocatable": size},
    });
    cluster.apply(&node.to_string()).await.unwrap();
}

#[tokio::test]
async fn search_is_down_because_its_node_is_lost() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("lost").await;
    reserved_node(cluster, "worker-lost").await;
    let search = App::new("lost", "search-api").replicas(2).pod(json!({
        "nodeSelector": {"vigie.test/node": "worker-lost"},
        "tolerations": [{"key": "vigie.test/reserved", "operator": "Exists"}],
    }));
    search.install(cluster).await.ready(cluster, 2).await;
    // What the node lifecycle controller does when a kubelet has been silent for 40 seconds.
    let silent = json!({
        "type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown",
        "message": "Kubelet stopped posting node status.",
    });
    cluster
        .node_conditions("worker-lost", json!([silent]))
        .await;
    for pod in search.placed(cluster).await {
        let unready = json!({"conditions": [{"type": "Ready", "status": "False"}]});
        cluster.pod_status("lost", &pod, unready).await;
    }
    search.ready(cluster, 0).await;
    app::settled(cluster, "lost").await;
    let bot = Bot::shipped(cluster, "production", "lost").await;
    let answer = bot.ask("search-api is not responding in production").await;
    eprintln!("{answer}");
    let root = answer.names(Cause::NodeNotReady, Kind::Node, "worker-lost");
    assert!(root.confidence >= 0.8, "{answer}");
    answer.says(&["worker-lost", "search-api", "2"]);
    answer.read_within(30);
}
