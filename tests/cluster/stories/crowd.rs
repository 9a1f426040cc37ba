//! A cluster of ordinary size: many nodes, and many applications that are well.

use futures::future::join_all;
use serde_json::json;

use super::{App, app};
use crate::cluster::ControlPlane;

/// Replicas of each application.
pub const REPLICAS: u32 = 50;

/// Applications rolled out at the same time: each has to be ready within the harness's deadline.
const AT_ONCE: usize = 5;

/// Adds `count` nodes that only pods of the crowd tolerate, so that nobody else's answers change.
pub async fn nodes(cluster: &ControlPlane, count: usize) {
    let size = json!({"cpu": "16", "memory": "64Gi", "pods": "110"});
    let node = |index: usize| {
        json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": format!("scale-{index}"), "labels": {"vigie.test/pool": "scale"}},
            "spec": {"taints": [{"key": "vigie.test/scale", "effect": "NoSchedule"}]},
            "status": {"capacity": size, "allocatable": size},
        })
        .to_string()
    };
    let nodes: Vec<String> = (0..count).map(node).collect();
    cluster.apply(&nodes.join("\n---\n")).await.unwrap();
}

/// An application of the namespace, on the crowd's nodes.
fn neighbour(namespace: &str, index: usize) -> App {
    let pod = json!({
        "nodeSelector": {"vigie.test/pool": "scale"},
        "tolerations": [{"key": "vigie.test/scale", "operator": "Exists"}],
    });
    App::new(namespace, &format!("neighbour-{index}"))
        .replicas(REPLICAS)
        .pod(pod)
}

/// Installs the applications of these numbers, and waits until all of their replicas are ready.
pub async fn install(cluster: &ControlPlane, namespace: &str, numbers: std::ops::Range<usize>) {
    let all: Vec<App> = numbers.map(|number| neighbour(namespace, number)).collect();
    let replicas = i32::try_from(REPLICAS).unwrap();
    for some in all.chunks(AT_ONCE) {
        join_all(some.iter().map(|app| app.install(cluster))).await;
        join_all(some.iter().map(|app| app.ready(cluster, replicas))).await;
    }
    app::settled(cluster, namespace).await;
}
