//! Pods that wait for their volume, as the real volume controller and the real scheduler leave them.

use serde_json::{Value, json};
use vigie::finding::{Cause, Kind};

use super::unplaced::{asked, node, pooled};
use super::{Answer, App};
use crate::cluster::{ControlPlane, shared};

/// What the scheduler says of a claim that is not bound.
const UNBOUND: &str = "unbound immediate PersistentVolumeClaims";

/// A claim named `data`.
async fn claim(cluster: &ControlPlane, namespace: &str, spec: Value) {
    let mut all = json!({
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}},
        "storageClassName": namespace,
    });
    for (key, value) in spec.as_object().into_iter().flatten() {
        all[key] = value.clone();
    }
    let claim = json!({
        "apiVersion": "v1", "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": namespace}, "spec": all,
    });
    cluster.apply(&claim.to_string()).await.unwrap();
}

/// A volume of 10Gi, made by hand, of a class that is only a name.
async fn volume(cluster: &ControlPlane, class: &str, labels: Value) {
    let volume = json!({
        "apiVersion": "v1", "kind": "PersistentVolume",
        "metadata": {"name": format!("{class}-1"), "labels": labels},
        "spec": {
            "capacity": {"storage": "10Gi"}, "accessModes": ["ReadWriteOnce"],
            "storageClassName": class, "nfs": {"server": "nas.example", "path": "/export"},
        },
    });
    cluster.apply(&volume.to_string()).await.unwrap();
}

/// An app that mounts the claim.
fn database(namespace: &str) -> App {
    let source = json!({"claimName": "data"});
    let volumes = json!([{"name": "data", "persistentVolumeClaim": source}]);
    pooled(namespace, "database", json!({"volumes": volumes}))
}

/// The story of one claim.
async fn story(cluster: &ControlPlane, namespace: &str, spec: Value) -> Answer {
    cluster.namespace(namespace).await;
    let name = format!("{namespace}-node");
    node(cluster, namespace, &name, json!({}), json!({})).await;
    claim(cluster, namespace, spec).await;
    database(namespace).install(cluster).await;
    asked(cluster, namespace, "database", UNBOUND).await
}

#[tokio::test]
async fn a_claim_of_a_class_that_does_not_exist() {
    let Some(cluster) = shared().await else {
        return;
    };
    let answer = story(cluster, "classless", json!({"storageClassName": "gp3"})).await;
    let claim = Kind::PersistentVolumeClaim;
    let root = answer.names(Cause::PvcStorageClassMissing, claim, "data");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["gp3", "database"]).read_within(30);
}

#[tokio::test]
async fn a_claim_that_is_larger_than_the_volume() {
    let Some(cluster) = shared().await else {
        return;
    };
    volume(cluster, "small", json!({})).await;
    let large = json!({"resources": {"requests": {"storage": "50Gi"}}});
    let answer = story(cluster, "small", large).await;
    let claim = Kind::PersistentVolumeClaim;
    let root = answer.names(Cause::PvcCapacityMismatch, claim, "data");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["50Gi", "10Gi", "small-1"]).read_within(30);
}

#[tokio::test]
async fn a_claim_that_wants_to_share_a_volume_for_one() {
    let Some(cluster) = shared().await else {
        return;
    };
    volume(cluster, "single", json!({})).await;
    let shared = json!({"accessModes": ["ReadWriteMany"]});
    let answer = story(cluster, "single", shared).await;
    let claim = Kind::PersistentVolumeClaim;
    let root = answer.names(Cause::PvcAccessModeMismatch, claim, "data");
    assert!(root.confidence >= 0.9, "{answer}");
    answer
        .says(&["ReadWriteMany", "ReadWriteOnce"])
        .read_within(30);
}

#[tokio::test]
async fn a_claim_that_selects_other_labels() {
    let Some(cluster) = shared().await else {
        return;
    };
    volume(cluster, "labelled", json!({"tier": "silver"})).await;
    let gold = json!({"selector": {"matchLabels": {"tier": "gold"}}});
    let answer = story(cluster, "labelled", gold).await;
    let claim = Kind::PersistentVolumeClaim;
    let root = answer.names(Cause::PvcSelectorMismatch, claim, "data");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["tier=gold", "labelled-1"]).read_within(30);
}
