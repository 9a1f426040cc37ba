//! Services that send nobody anywhere.

use serde_json::json;
use vigie::finding::{Cause, Kind, Verdict};

use super::{App, Bot, app};
use crate::cluster::{ControlPlane, shared};

/// A dashboard that asks orders-service, whose Service selects labels that no pod has.
pub async fn dashboard(cluster: &ControlPlane, namespace: &str) {
    let url = json!({"name": "ORDERS_URL", "value": "http://orders-service:8080"});
    let dashboard = App::new(namespace, "dashboard").container(json!({"env": [url]}));
    let orders = App::new(namespace, "orders-service").selected_by(json!({"app": "orders"}));
    dashboard.install(cluster).await.ready(cluster, 1).await;
    orders.install(cluster).await.ready(cluster, 1).await;
    app::settled(cluster, namespace).await;
}

#[tokio::test]
async fn s2_the_dashboard_is_empty_because_orders_selects_no_pod() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("s2").await;
    dashboard(cluster, "s2").await;
    let bot = Bot::shipped(cluster, "production", "s2").await;
    let answer = bot.ask("Le dashboard n'affiche plus les commandes").await;
    eprintln!("{answer}");
    let root = answer.names(
        Cause::ServiceSelectorMismatch,
        Kind::Service,
        "orders-service",
    );
    assert!(root.confidence >= 0.8, "{answer}");
    let fix = &root.finding.fix[0];
    assert_eq!(fix.field, "spec.selector.app", "{answer}");
    answer.says(&["dashboard", "app=orders", "app=orders-service"]);
    answer.read_within(30);
}

#[tokio::test]
async fn a_healthy_service_is_said_to_be_healthy() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("well").await;
    let checkout = App::new("well", "checkout").replicas(2);
    checkout.install(cluster).await.ready(cluster, 2).await;
    checkout.serves(cluster, 2).await;
    app::settled(cluster, "well").await;
    let bot = Bot::shipped(cluster, "production", "well").await;
    let answer = bot.ask("is checkout down in production?").await;
    eprintln!("{answer}");
    answer.concludes(Verdict::Healthy);
    answer.says(&["checkout", "2 of 2"]);
    answer.read_within(30);
}
