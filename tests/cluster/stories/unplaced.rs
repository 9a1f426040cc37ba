//! Pods that the real scheduler keeps waiting, one story each filter: labels, host ports, cordons, other
//! resources, other pods, spread. Each has nodes of its own, which nobody else's pods tolerate.

use serde_json::{Value, json};
use vigie::finding::{Cause, Kind};

use super::{Answer, App, Bot, app};
use crate::cluster::{ControlPlane, shared};

/// A node of a story: only pods that ask for its pool go there.
pub async fn node(cluster: &ControlPlane, pool: &str, name: &str, labels: Value, spec: Value) {
    let size = json!({"cpu": "2", "memory": "4Gi", "pods": "20", "example.com/gpu": "1"});
    let mut all = json!({"vigie.test/pool": pool, "kubernetes.io/hostname": name});
    let mut own =
        json!({"taints": [{"key": "vigie.test/pool", "value": pool, "effect": "NoSchedule"}]});
    for (into, from) in [(&mut all, labels), (&mut own, spec)] {
        for (key, value) in from.as_object().into_iter().flatten() {
            into[key] = value.clone();
        }
    }
    let node = json!({
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": all},
        "spec": own, "status": {"capacity": size, "allocatable": size},
    });
    cluster.apply(&node.to_string()).await.unwrap();
}

/// An app that goes to the nodes of a pool.
pub fn pooled(pool: &str, name: &str, spec: Value) -> App {
    App::new(pool, name)
        .uncalled()
        .pod(json!({
            "nodeSelector": {"vigie.test/pool": pool},
            "tolerations": [{"key": "vigie.test/pool", "operator": "Equal", "value": pool}],
        }))
        .pod(spec)
}

/// Waits until the scheduler says so of one of the app's pods, and asks the bot.
pub async fn asked(cluster: &ControlPlane, pool: &str, name: &str, words: &str) -> Answer {
    cluster
        .until(&format!("{words:?} of {name}"), async || {
            let pods = cluster.pods(pool, &format!("app={name}")).await;
            let conditions = pods
                .iter()
                .filter_map(|pod| pod.status.as_ref())
                .flat_map(|status| status.conditions.iter().flatten());
            conditions
                .filter(|condition| condition.type_ == "PodScheduled")
                .filter_map(|condition| condition.message.as_deref())
                .any(|message| message.contains(words))
        })
        .await;
    app::settled(cluster, pool).await;
    let bot = Bot::shipped(cluster, "production", pool).await;
    let answer = bot
        .ask(&format!("{name} est en pending en production"))
        .await;
    eprintln!("{answer}");
    answer
}

#[tokio::test]
async fn a_pod_requires_a_label_that_no_node_has() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("disks").await;
    node(
        cluster,
        "disks",
        "disk-1",
        json!({"disktype": "hdd"}),
        json!({}),
    )
    .await;
    let required = json!({"nodeSelectorTerms": [{"matchExpressions": [
        {"key": "disktype", "operator": "In", "values": ["ssd"]},
    ]}]});
    let affinity = json!({"affinity": {"nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": required,
    }}});
    pooled("disks", "indexer", affinity).install(cluster).await;
    let answer = asked(cluster, "disks", "indexer", "node affinity/selector").await;
    let root = answer.names(Cause::NodeAffinityMismatch, Kind::Deployment, "indexer");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["disktype", "ssd", "hdd"]).read_within(30);
}

#[tokio::test]
async fn a_second_replica_wants_the_host_port_of_the_first() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("ports").await;
    node(cluster, "ports", "port-1", json!({}), json!({})).await;
    let ports = json!({"ports": [{"name": "http", "containerPort": 8080, "hostPort": 9123}]});
    pooled("ports", "edge", json!({}))
        .container(ports)
        .replicas(2)
        .install(cluster)
        .await;
    let answer = asked(cluster, "ports", "edge", "have free ports").await;
    let root = answer.names(Cause::HostPortUnavailable, Kind::Deployment, "edge");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["9123", "port-1"]).read_within(30);
}

#[tokio::test]
async fn the_only_node_of_a_pool_is_cordoned() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("cordoned").await;
    let shut = json!({"unschedulable": true});
    node(cluster, "cordoned", "shut-1", json!({}), shut).await;
    pooled("cordoned", "billing", json!({}))
        .install(cluster)
        .await;
    let answer = asked(cluster, "cordoned", "billing", "were unschedulable").await;
    let root = answer.names(Cause::NodeCordoned, Kind::Node, "shut-1");
    assert!(root.confidence >= 0.9, "{answer}");
    answer
        .says(&["billing", "kubectl uncordon shut-1"])
        .read_within(30);
}

#[tokio::test]
async fn the_only_gpu_is_taken() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("gpus").await;
    node(cluster, "gpus", "gpu-1", json!({}), json!({})).await;
    let gpu = json!({"resources": {
        "requests": {"cpu": "10m", "example.com/gpu": "1"}, "limits": {"example.com/gpu": "1"},
    }});
    pooled("gpus", "trainer", json!({}))
        .container(gpu)
        .replicas(2)
        .install(cluster)
        .await;
    let answer = asked(cluster, "gpus", "trainer", "Insufficient example.com/gpu").await;
    let root = answer.names(Cause::InsufficientOther, Kind::Deployment, "trainer");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["example.com/gpu", "gpu-1"]).read_within(30);
}

/// A required rule about pods of an app on the same node.
fn rule(of: &str) -> Value {
    json!({"requiredDuringSchedulingIgnoredDuringExecution": [{
        "labelSelector": {"matchLabels": {"app": of}}, "topologyKey": "kubernetes.io/hostname",
    }]})
}

#[tokio::test]
async fn more_replicas_than_nodes_for_pods_that_keep_apart() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("apart").await;
    for name in ["apart-1", "apart-2"] {
        node(cluster, "apart", name, json!({}), json!({})).await;
    }
    let apart = json!({"affinity": {"podAntiAffinity": rule("search")}});
    let search = pooled("apart", "search", apart).replicas(3);
    search.install(cluster).await.ready(cluster, 2).await;
    let answer = asked(
        cluster,
        "apart",
        "search",
        "didn't match pod anti-affinity rules",
    )
    .await;
    let root = answer.names(Cause::PodAntiAffinityConflict, Kind::Deployment, "search");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["apart-1", "apart-2"]).read_within(30);
}

#[tokio::test]
async fn pods_on_the_node_do_not_want_the_newcomer() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("unwanted").await;
    node(cluster, "unwanted", "unwanted-1", json!({}), json!({})).await;
    let apart = json!({"affinity": {"podAntiAffinity": rule("batch")}});
    let ledger = pooled("unwanted", "ledger", apart);
    ledger.install(cluster).await.ready(cluster, 1).await;
    pooled("unwanted", "batch", json!({}))
        .install(cluster)
        .await;
    let words = "didn't satisfy existing pods anti-affinity rules";
    let answer = asked(cluster, "unwanted", "batch", words).await;
    let root = answer.names(Cause::PodAntiAffinityConflict, Kind::Deployment, "ledger");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["ledger", "batch"]).read_within(30);
}

#[tokio::test]
async fn the_pods_it_must_run_beside_do_not_exist() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("beside").await;
    node(cluster, "beside", "beside-1", json!({}), json!({})).await;
    let near = json!({"affinity": {"podAffinity": rule("session-cache")}});
    pooled("beside", "sessions", near).install(cluster).await;
    let answer = asked(
        cluster,
        "beside",
        "sessions",
        "didn't match pod affinity rules",
    )
    .await;
    let root = answer.names(Cause::PodAffinityUnsatisfied, Kind::Deployment, "sessions");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["app=session-cache"]).read_within(30);
}

#[tokio::test]
async fn a_zone_that_takes_no_pods_holds_the_others_back() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("spread").await;
    let zone = |zone: &str| json!({"topology.kubernetes.io/zone": zone});
    node(cluster, "spread", "spread-1", zone("a"), json!({})).await;
    let kept = json!({"taints": [{"key": "dedicated", "value": "kafka", "effect": "NoSchedule"}]});
    node(cluster, "spread", "spread-2", zone("b"), kept).await;
    let spread = json!({"topologySpreadConstraints": [{
        "maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "checkout"}},
    }]});
    pooled("spread", "checkout", spread)
        .replicas(2)
        .install(cluster)
        .await;
    let words = "didn't match pod topology spread constraints";
    let answer = asked(cluster, "spread", "checkout", words).await;
    let root = answer.names(
        Cause::TopologySpreadUnsatisfied,
        Kind::Deployment,
        "checkout",
    );
    assert!(root.confidence >= 0.9, "{answer}");
    answer
        .says(&["topology.kubernetes.io/zone"])
        .read_within(30);
}

#[tokio::test]
async fn a_pod_of_higher_priority_takes_the_place() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("pushed").await;
    node(cluster, "pushed", "pushed-1", json!({}), json!({})).await;
    let class = json!({
        "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass",
        "metadata": {"name": "vigie-test-high"}, "value": 1000,
    });
    cluster.apply(&class.to_string()).await.unwrap();
    let half = json!({"resources": {"requests": {"cpu": "1500m", "memory": "32Mi"}}});
    let batch = pooled("pushed", "batch", json!({})).container(half.clone());
    batch.install(cluster).await.ready(cluster, 1).await;
    let high = json!({"priorityClassName": "vigie-test-high"});
    let fraud = pooled("pushed", "fraud", high).container(half);
    fraud.install(cluster).await.ready(cluster, 1).await;
    let answer = asked(cluster, "pushed", "batch", "Insufficient cpu").await;
    let root = answer.names(Cause::Preempted, Kind::Deployment, "batch");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["fraud", "1000"]).read_within(30);
}
