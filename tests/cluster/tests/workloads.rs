//! That controllers, scheduler and quotas act on workloads as they do anywhere.

use k8s_openapi::api::apps::v1::Deployment;
use kube::api::Api;

use super::deployment;
use crate::cluster::shared;

#[tokio::test]
async fn a_deployment_becomes_ready() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("ready").await;
    cluster
        .apply(&deployment("ready", 3, "", ""))
        .await
        .unwrap();
    let deployments = Api::<Deployment>::namespaced(cluster.admin(), "ready");
    cluster
        .until("three ready replicas", async || {
            let status = deployments
                .get("web")
                .await
                .unwrap()
                .status
                .unwrap_or_default();
            status.ready_replicas == Some(3)
        })
        .await;
}

#[tokio::test]
async fn a_pod_that_fits_nowhere_gets_an_event() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("nowhere").await;
    let selector = "nodeSelector: {vigie.test/node: none}";
    cluster
        .apply(&deployment("nowhere", 1, "", selector))
        .await
        .unwrap();
    let event = cluster.event("nowhere", "FailedScheduling").await;
    let message = event.message.unwrap();
    assert!(
        message.contains("node(s) didn't match Pod's node affinity/selector"),
        "{message}"
    );
}

#[tokio::test]
async fn a_quota_refuses_pods() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("quota").await;
    let quota = "
apiVersion: v1
kind: ResourceQuota
metadata: {name: tight, namespace: quota}
spec: {hard: {pods: '1'}}
---
";
    cluster
        .apply(&format!("{quota}{}", deployment("quota", 3, "", "")))
        .await
        .unwrap();
    let event = cluster.event("quota", "FailedCreate").await;
    assert_eq!(event.involved_object.kind.as_deref(), Some("ReplicaSet"));
    let message = event.message.unwrap();
    assert!(message.contains("exceeded quota: tight"), "{message}");
}
