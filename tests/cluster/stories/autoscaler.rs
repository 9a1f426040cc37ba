//! Autoscalers whose real controller has nothing to count with, nothing to scale, or a rival.

use chrono::TimeDelta;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use kube::api::Api;
use serde_json::{Value, json};
use vigie::finding::{Cause, Kind};

use super::{Answer, App, Bot, app};
use crate::cluster::{ControlPlane, shared};

/// An autoscaler of a Deployment by this metric.
#[expect(clippy::needless_pass_by_value, reason = "a literal at each call")]
fn autoscaler(namespace: &str, name: &str, target: &str, metric: Value) -> Value {
    json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "minReplicas": 2, "maxReplicas": 6, "metrics": [metric],
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": target},
        },
    })
}

fn cpu() -> Value {
    json!({"type": "Resource", "resource": {
        "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70},
    }})
}

/// Waits until the controller has this condition, and prints its words.
async fn says(cluster: &ControlPlane, namespace: &str, name: &str, kind: &str, reason: &str) {
    let all = Api::<HorizontalPodAutoscaler>::namespaced(cluster.admin(), namespace);
    cluster
        .until(&format!("{kind} {reason} of {name}"), async || {
            let status = all.get(name).await.unwrap().status.unwrap_or_default();
            let found = status
                .conditions
                .into_iter()
                .flatten()
                .find(|one| one.type_ == kind && one.reason.as_deref() == Some(reason));
            if let Some(one) = &found {
                eprintln!("{} {} {reason}: {:?}", one.type_, one.status, one.message);
            }
            found.is_some()
        })
        .await;
}

/// Asks half an hour later: pods that just started have no numbers either.
async fn asked(cluster: &ControlPlane, namespace: &str, text: &str) -> Answer {
    app::settled(cluster, namespace).await;
    let bot = Bot::shipped(cluster, "production", namespace).await;
    let answer = bot.later(TimeDelta::minutes(30)).ask(text).await;
    eprintln!("{answer}");
    answer
}

/// Two ready replicas of `search`.
async fn search(cluster: &ControlPlane, namespace: &str) {
    cluster.nodes(2).await;
    cluster.namespace(namespace).await;
    let app = App::new(namespace, "search").replicas(2);
    app.install(cluster).await.ready(cluster, 2).await;
}

#[tokio::test]
async fn an_autoscaler_has_no_metrics_api() {
    let Some(cluster) = shared().await else {
        return;
    };
    search(cluster, "nonumbers").await;
    let object = autoscaler("nonumbers", "search", "search", cpu());
    cluster.apply(&object.to_string()).await.unwrap();
    says(
        cluster,
        "nonumbers",
        "search",
        "ScalingActive",
        "FailedGetResourceMetric",
    )
    .await;
    let answer = asked(cluster, "nonumbers", "search ne scale pas en production").await;
    let root = answer.names(
        Cause::HpaCannotReadMetrics,
        Kind::HorizontalPodAutoscaler,
        "search",
    );
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["the server could not find the requested resource"]);
}

#[tokio::test]
async fn an_autoscaler_wants_a_metric_of_the_pods_that_nobody_serves() {
    let Some(cluster) = shared().await else {
        return;
    };
    search(cluster, "custom").await;
    let metric = json!({"type": "Pods", "pods": {
        "metric": {"name": "http_requests_per_second"},
        "target": {"type": "AverageValue", "averageValue": "100"},
    }});
    let object = autoscaler("custom", "search", "search", metric);
    cluster.apply(&object.to_string()).await.unwrap();
    says(
        cluster,
        "custom",
        "search",
        "ScalingActive",
        "FailedGetPodsMetric",
    )
    .await;
    let answer = asked(cluster, "custom", "search ne scale pas en production").await;
    let root = answer.names(
        Cause::HpaCannotReadMetrics,
        Kind::HorizontalPodAutoscaler,
        "search",
    );
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["http_requests_per_second"]);
}

#[tokio::test]
async fn an_autoscaler_wants_an_external_metric_that_nobody_serves() {
    let Some(cluster) = shared().await else {
        return;
    };
    search(cluster, "external").await;
    let metric = json!({"type": "External", "external": {
        "metric": {"name": "queue_depth"}, "target": {"type": "AverageValue", "averageValue": "30"},
    }});
    let object = autoscaler("external", "search", "search", metric);
    cluster.apply(&object.to_string()).await.unwrap();
    says(
        cluster,
        "external",
        "search",
        "ScalingActive",
        "FailedGetExternalMetric",
    )
    .await;
    let answer = asked(cluster, "external", "search ne scale pas en production").await;
    answer.names(
        Cause::HpaCannotReadMetrics,
        Kind::HorizontalPodAutoscaler,
        "search",
    );
    answer.says(&["queue_depth"]);
}

#[tokio::test]
async fn an_autoscaler_scales_a_deployment_that_is_not_there() {
    let Some(cluster) = shared().await else {
        return;
    };
    search(cluster, "renamed").await;
    let object = autoscaler("renamed", "search", "search-api", cpu());
    cluster.apply(&object.to_string()).await.unwrap();
    says(
        cluster,
        "renamed",
        "search",
        "AbleToScale",
        "FailedGetScale",
    )
    .await;
    let answer = asked(cluster, "renamed", "search ne scale pas en production").await;
    let root = answer.names(
        Cause::HpaTargetMissing,
        Kind::HorizontalPodAutoscaler,
        "search",
    );
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["search-api"]);
}

/// The controller's metrics have nothing to do with it: two autoscalers count the same pods.
#[tokio::test]
async fn two_autoscalers_want_the_same_pods() {
    let Some(cluster) = shared().await else {
        return;
    };
    search(cluster, "rivals").await;
    for name in ["search", "search-cpu"] {
        let object = autoscaler("rivals", name, "search", cpu());
        cluster.apply(&object.to_string()).await.unwrap();
    }
    for name in ["search", "search-cpu"] {
        let reason = "AmbiguousSelector";
        says(cluster, "rivals", name, "ScalingActive", reason).await;
    }
    let answer = asked(cluster, "rivals", "search ne scale pas en production").await;
    let root = answer.names(
        Cause::HpaCannotReadMetrics,
        Kind::HorizontalPodAutoscaler,
        "search-cpu",
    );
    assert!(root.confidence >= 0.9, "{answer}");
    assert_eq!(answer.diagnosis.root_causes.len(), 1, "{answer}");
    answer.says(&["multiple HPAs", "search-cpu"]);
}

/// The healthy look-alike: whoever scales to zero turns the autoscaler off too.
#[tokio::test]
async fn an_autoscaler_of_a_deployment_at_zero_is_not_the_cause() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("zero").await;
    App::new("zero", "search")
        .replicas(0)
        .install(cluster)
        .await;
    let object = autoscaler("zero", "search", "search", cpu());
    cluster.apply(&object.to_string()).await.unwrap();
    says(
        cluster,
        "zero",
        "search",
        "ScalingActive",
        "ScalingDisabled",
    )
    .await;
    let answer = asked(cluster, "zero", "search ne répond plus en production").await;
    answer.names(Cause::ScaledToZero, Kind::Deployment, "search");
    assert!(!answer.text.contains("ScalingDisabled"), "{answer}");
}
