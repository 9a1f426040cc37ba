//! The way in, and what breaks on it: Ingress, class, Service, port, policy, load balancer.

use serde_json::json;
use vigie::finding::{Cause, Kind};

use super::{Answer, App, Bot, app};
use crate::cluster::{ControlPlane, shared};

/// The class that the cluster has.
const CLASS: &str = "
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
";

/// An Ingress for a host, of a class, before port 8080 of a Service.
fn ingress(namespace: &str, name: &str, class: &str) -> String {
    format!(
        "{CLASS}---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  ingressClassName: {class}
  rules:
  - host: {name}.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {{service: {{name: {name}, port: {{number: 8080}}}}}}
"
    )
}

/// Asks once everything is where the bot reads it.
async fn ask(cluster: &ControlPlane, namespace: &str, question: &str) -> Answer {
    app::settled(cluster, namespace).await;
    let bot = Bot::shipped(cluster, "production", namespace).await;
    let answer = bot.ask(question).await;
    eprintln!("{answer}");
    answer.read_within(30);
    answer
}

#[tokio::test]
async fn an_ingress_leads_to_a_service_that_was_deleted() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("no-service").await;
    let library = App::new("no-service", "library").uncalled();
    library.install(cluster).await.ready(cluster, 1).await;
    cluster
        .apply(&ingress("no-service", "library", "nginx"))
        .await
        .unwrap();
    let answer = ask(
        cluster,
        "no-service",
        "library.example.com répond 503 en production",
    )
    .await;
    let root = answer.names(Cause::ServiceMissing, Kind::Service, "library");
    assert!(root.confidence >= 0.85, "{answer}");
    answer.says(&["library", "Ingress"]);
}

#[tokio::test]
async fn a_service_sends_to_a_port_whose_name_nobody_has() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("port-name").await;
    let port = json!([{"name": "web", "port": 8080, "targetPort": "web"}]);
    let museum = App::new("port-name", "museum").offering(port);
    museum.install(cluster).await.ready(cluster, 1).await;
    let answer = ask(cluster, "port-name", "museum ne répond plus en production").await;
    let root = answer.names(Cause::ServicePortNameMismatch, Kind::Service, "museum");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["web", "http=8080"]);
}

#[tokio::test]
async fn an_ingress_names_a_class_that_nobody_serves() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("no-class").await;
    let theatre = App::new("no-class", "theatre");
    theatre.install(cluster).await.ready(cluster, 1).await;
    theatre.serves(cluster, 1).await;
    cluster
        .apply(&ingress("no-class", "theatre", "nginx-internal"))
        .await
        .unwrap();
    let answer = ask(
        cluster,
        "no-class",
        "theatre.example.com is down in production",
    )
    .await;
    let root = answer.names(Cause::IngressClassMissing, Kind::Ingress, "theatre");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["nginx-internal", "nginx"]);
}

#[tokio::test]
async fn a_policy_keeps_the_caller_out() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("shut").await;
    let url = json!({"env": [{"name": "STOCK_URL", "value": "http://stock:8080"}]});
    let kiosk = App::new("shut", "kiosk").container(url);
    let stock = App::new("shut", "stock");
    kiosk.install(cluster).await.ready(cluster, 1).await;
    stock.install(cluster).await.ready(cluster, 1).await;
    stock.serves(cluster, 1).await;
    cluster
        .apply(
            "
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: stock-in, namespace: shut}
spec:
  podSelector: {matchLabels: {app: stock}}
  ingress: [{from: [{podSelector: {matchLabels: {app: till}}}], ports: [{port: http}]}]
",
        )
        .await
        .unwrap();
    let pod = kiosk.placed(cluster).await.remove(0);
    let log = "ERROR Get \"http://stock:8080/items\": dial tcp 10.96.0.9:8080: i/o timeout\n";
    cluster.logs("shut", &pod, "app", log, None).await;
    let answer = ask(cluster, "shut", "kiosk renvoie des erreurs en production").await;
    let root = answer.names(Cause::NetworkPolicyBlocks, Kind::NetworkPolicy, "stock-in");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["kiosk", "stock:8080"]);
}

#[tokio::test]
async fn a_load_balancer_cannot_be_built() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("balancer").await;
    let harbour = App::new("balancer", "harbour").of_type("LoadBalancer");
    harbour.install(cluster).await.ready(cluster, 1).await;
    harbour.serves(cluster, 1).await;
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    // What a cloud's service controller writes; there is no cloud here.
    let event = json!({
        "apiVersion": "v1", "kind": "Event",
        "metadata": {"name": "harbour.1", "namespace": "balancer"},
        "involvedObject": {
            "apiVersion": "v1", "kind": "Service", "namespace": "balancer", "name": "harbour",
        },
        "type": "Warning", "reason": "SyncLoadBalancerFailed", "count": 4,
        "message": "Error syncing load balancer: failed to ensure load balancer: quota exceeded",
        "source": {"component": "service-controller"},
        "firstTimestamp": now, "lastTimestamp": now,
    });
    cluster.apply(&event.to_string()).await.unwrap();
    let answer = ask(cluster, "balancer", "harbour est injoignable en production").await;
    let root = answer.names(Cause::LoadbalancerPending, Kind::Service, "harbour");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["quota exceeded"]);
}
