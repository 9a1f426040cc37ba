//! That a test decides what a kubelet reports.

use k8s_openapi::api::core::v1::{Node, Pod};
use kube::api::Api;
use serde_json::json;

use super::deployment;
use crate::cluster::{ControlPlane, shared};

/// The name of the namespace's first pod, once it is on a node.
async fn scheduled(cluster: &ControlPlane, namespace: &str) -> String {
    let mut name = None;
    cluster
        .until("a pod on a node", async || {
            let pods = cluster.pods(namespace, "app=web").await;
            let placed = |pod: &&_| pod_node(pod).is_some();
            name = pods
                .iter()
                .find(placed)
                .and_then(|pod| pod.metadata.name.clone());
            name.is_some()
        })
        .await;
    name.unwrap()
}

/// The node that a pod is on.
fn pod_node(pod: &Pod) -> Option<&String> {
    pod.spec.as_ref()?.node_name.as_ref()
}

#[tokio::test]
async fn a_test_decides_a_pods_status_and_logs() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("manual").await;
    let manual = "vigie.test/manual: 'true'";
    cluster
        .apply(&deployment("manual", 1, manual, ""))
        .await
        .unwrap();
    let pod = scheduled(cluster, "manual").await;
    let waiting = json!({"waiting": {"reason": "CrashLoopBackOff"}});
    let status = json!({"phase": "Running", "containerStatuses": [{
        "name": "app", "image": "registry.example/web:1", "imageID": "", "ready": false,
        "restartCount": 4, "state": waiting,
        "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}},
    }]});
    cluster.pod_status("manual", &pod, status).await;
    cluster
        .logs(
            "manual",
            &pod,
            "app",
            "starting\nlistening\n",
            Some("out of memory\n"),
        )
        .await;

    let pods = cluster.pods("manual", "app=web").await;
    let shown = pods[0]
        .status
        .as_ref()
        .unwrap()
        .container_statuses
        .as_ref()
        .unwrap();
    assert_eq!(shown[0].restart_count, 4, "KWOK leaves the status alone");
    let now = cluster
        .read_log("manual", &pod, "app", false)
        .await
        .unwrap();
    assert_eq!(now, "starting\nlistening\n");
    let old = cluster.read_log("manual", &pod, "app", true).await.unwrap();
    assert_eq!(old, "out of memory\n");
}

#[tokio::test]
async fn a_node_that_is_not_ready_takes_no_pods() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.node("broken", "1", "1Gi").await;
    let condition = json!({
        "type": "Ready", "status": "False", "reason": "KubeletNotReady",
        "message": "container runtime is down",
    });
    cluster.node_conditions("broken", json!([condition])).await;
    let nodes = Api::<Node>::all(cluster.admin());
    cluster
        .until("the taint of a broken node", async || {
            let taints = nodes
                .get("broken")
                .await
                .unwrap()
                .spec
                .and_then(|spec| spec.taints);
            let taints = taints.unwrap_or_default();
            taints
                .iter()
                .any(|taint| taint.key == "node.kubernetes.io/not-ready")
        })
        .await;
}
