//! A drain that the real API server refuses, pod by pod, because of a disruption budget.

use chrono::TimeDelta;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use kube::api::{Api, EvictParams};
use serde_json::json;
use vigie::finding::{Cause, Kind};

use super::unplaced::{node, pooled};
use super::{Bot, app};
use crate::cluster::{ControlPlane, shared};

/// Two replicas of `cart` on the two nodes of a pool, all of which have to be there.
async fn cart(cluster: &ControlPlane, pool: &str, available: u32) -> Vec<String> {
    cluster.namespace(pool).await;
    for end in ["1", "2"] {
        let name = format!("{pool}-{end}");
        node(cluster, pool, &name, json!({}), json!({})).await;
    }
    let apart = json!({"affinity": {"podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [{
            "labelSelector": {"matchLabels": {"app": "cart"}}, "topologyKey": "kubernetes.io/hostname",
        }],
    }}});
    let cart = pooled(pool, "cart", apart).replicas(2);
    cart.install(cluster).await.ready(cluster, 2).await;
    let budget = json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": {"name": "cart", "namespace": pool},
        "spec": {"minAvailable": available, "selector": {"matchLabels": {"app": "cart"}}},
    });
    cluster.apply(&budget.to_string()).await.unwrap();
    let budgets = Api::<PodDisruptionBudget>::namespaced(cluster.admin(), pool);
    cluster
        .until("the budget to count", async || {
            let status = budgets.get("cart").await.unwrap().status;
            status.is_some_and(|it| it.current_healthy == Some(2))
        })
        .await;
    cart.placed(cluster).await
}

/// What `kubectl drain` begins with.
async fn cordon(cluster: &ControlPlane, pool: &str, name: &str) {
    node(
        cluster,
        pool,
        name,
        json!({}),
        json!({"unschedulable": true}),
    )
    .await;
}

/// Asks for one pod's eviction, as a drain does each five seconds.
async fn evict(cluster: &ControlPlane, namespace: &str, pod: &str) -> kube::Result<()> {
    let pods = Api::<Pod>::namespaced(cluster.impatient(), namespace);
    pods.evict(pod, &EvictParams::default()).await.map(|_| ())
}

#[tokio::test]
async fn a_budget_lets_nothing_go() {
    let Some(cluster) = shared().await else {
        return;
    };
    let pods = cart(cluster, "drained", 2).await;
    cordon(cluster, "drained", "drained-2").await;
    for pod in &pods {
        let refusal = evict(cluster, "drained", pod).await.unwrap_err();
        let kube::Error::Api(status) = refusal else {
            panic!("{refusal}");
        };
        eprintln!("{} {}", status.code, status.message);
        assert_eq!(status.code, 429);
        assert!(status.message.contains("disruption budget"));
    }
    app::settled(cluster, "drained").await;
    let bot = Bot::shipped(cluster, "production", "drained").await;
    let answer = bot
        .later(TimeDelta::minutes(20))
        .ask("le drain n'avance pas : cart ne quitte pas le nœud en production")
        .await;
    eprintln!("{answer}");
    answer.names(Cause::PdbBlocksEviction, Kind::PodDisruptionBudget, "cart");
    answer.says(&["minAvailable: 2", "drained-2"]);
}

/// What people paste is what `kubectl drain` prints.
#[tokio::test]
async fn the_words_of_a_drain_are_a_question() {
    let Some(cluster) = shared().await else {
        return;
    };
    let pods = cart(cluster, "pasted", 2).await;
    cordon(cluster, "pasted", "pasted-1").await;
    let refusal = evict(cluster, "pasted", &pods[0]).await.unwrap_err();
    let kube::Error::Api(status) = refusal else {
        panic!("{refusal}");
    };
    app::settled(cluster, "pasted").await;
    let bot = Bot::shipped(cluster, "production", "pasted").await;
    let question = format!(
        "error when evicting pods/\"{}\" -n \"pasted\" (will retry after 5s): {} — en production",
        pods[0], status.message
    );
    let answer = bot.later(TimeDelta::minutes(20)).ask(&question).await;
    eprintln!("{question}\n{answer}");
    answer.names(Cause::PdbBlocksEviction, Kind::PodDisruptionBudget, "cart");
}

/// The healthy look-alike: the budget lets one go, and it goes.
#[tokio::test]
async fn a_budget_that_lets_one_go_is_not_the_cause() {
    let Some(cluster) = shared().await else {
        return;
    };
    let pods = cart(cluster, "lenient", 1).await;
    cordon(cluster, "lenient", "lenient-2").await;
    evict(cluster, "lenient", &pods[0]).await.unwrap();
    app::settled(cluster, "lenient").await;
    let bot = Bot::shipped(cluster, "production", "lenient").await;
    let answer = bot
        .ask("le drain n'avance pas : cart ne quitte pas le nœud en production")
        .await;
    eprintln!("{answer}");
    let mut named = answer.diagnosis.root_causes.iter();
    assert!(
        !named.any(|it| it.finding.cause == Cause::PdbBlocksEviction),
        "{answer}"
    );
}
