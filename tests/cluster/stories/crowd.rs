//! A cluster of ordinary size: many nodes, and many applications that are well.

use std::ops::Range;
use std::time::Duration;

use futures::future::join_all;
use k8s_openapi::api::apps::v1::Deployment;
use kube::ResourceExt;
use kube::api::{Api, ListParams};
use serde_json::json;

use super::{App, app};
use crate::cluster::ControlPlane;

/// Replicas of each application of a big namespace.
pub const REPLICAS: u32 = 50;

/// Applications rolled out at the same time.
const AT_ONCE: usize = 10;

/// Longest wait for those: a busy machine rolls out a few pods a second.
const PATIENCE: Duration = Duration::from_mins(4);

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
fn neighbour(namespace: &str, index: usize, replicas: u32) -> App {
    let pod = json!({
        "nodeSelector": {"vigie.test/pool": "scale"},
        "tolerations": [{"key": "vigie.test/scale", "operator": "Exists"}],
    });
    App::new(namespace, &format!("neighbour-{index}"))
        .replicas(replicas)
        .pod(pod)
}

/// Installs the applications of these numbers, and waits until all of their replicas are ready.
pub async fn install(
    cluster: &ControlPlane,
    namespace: &str,
    numbers: Range<usize>,
    replicas: u32,
) {
    let all: Vec<App> = numbers
        .map(|number| neighbour(namespace, number, replicas))
        .collect();
    for some in all.chunks(AT_ONCE) {
        join_all(some.iter().map(|app| app.install(cluster))).await;
        let waited = cluster.wait_within(PATIENCE, "the crowd", async || {
            unready(cluster, namespace, replicas).await.is_empty()
        });
        if let Err(error) = waited.await {
            let left = unready(cluster, namespace, replicas).await;
            panic!("{error:#}: {left:?}");
        }
    }
    app::settled(cluster, namespace).await;
}

/// Applications of the crowd with fewer ready replicas than they want.
async fn unready(cluster: &ControlPlane, namespace: &str, replicas: u32) -> Vec<String> {
    let deployments = Api::<Deployment>::namespaced(cluster.admin(), namespace);
    let all = deployments.list(&ListParams::default()).await.unwrap();
    let short = |one: &Deployment| {
        let ready = one.status.as_ref().and_then(|status| status.ready_replicas);
        i64::from(ready.unwrap_or_default()) < i64::from(replicas)
    };
    let crowd = all
        .items
        .iter()
        .filter(|one| one.name_any().starts_with("neighbour-"));
    crowd
        .filter(|one| short(one))
        .map(ResourceExt::name_any)
        .collect()
}
