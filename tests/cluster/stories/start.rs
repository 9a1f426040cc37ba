//! Containers that cannot start.

use serde_json::json;
use vigie::finding::{Cause, Kind};

use super::{App, Bot, app, kubelet};
use crate::cluster::{ControlPlane, shared};

/// Installs an app, and says of each of its pods what a kubelet says that cannot start it.
async fn stuck(cluster: &ControlPlane, app: App, reason: &str, message: &str, event: &str) {
    let app = app.manual();
    app.install(cluster).await;
    for pod in app.placed(cluster).await {
        let status = kubelet::waiting(reason, message);
        cluster.pod_status(&app.namespace, &pod, status).await;
        cluster
            .pod_event(&app.namespace, &pod, "Failed", event)
            .await;
    }
    app::settled(cluster, &app.namespace).await;
}

#[tokio::test]
async fn s5_user_service_does_not_start_because_its_configmap_is_missing() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("s5").await;
    let from = json!([{"configMapRef": {"name": "user-service-config"}}]);
    let app = App::new("s5", "user-service").container(json!({"envFrom": from}));
    let missing = "configmap \"user-service-config\" not found";
    let event = format!("Error: {missing}");
    stuck(cluster, app, "CreateContainerConfigError", missing, &event).await;
    let bot = Bot::shipped(cluster, "staging", "s5").await;
    let answer = bot.ask("user-service ne démarre plus en staging").await;
    eprintln!("{answer}");
    let root = answer.names(
        Cause::ConfigMapMissing,
        Kind::ConfigMap,
        "user-service-config",
    );
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["user-service-config", "user-service"]);
    answer.read_within(30);
}

#[tokio::test]
async fn s12_catalog_does_not_start_because_its_tag_is_not_in_the_registry() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("s12").await;
    let image = "registry.example/shop/catalog:2.4.1-rc7";
    let app = App::new("s12", "catalog").container(json!({"image": image}));
    let cause = format!(
        "rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": \
         failed to resolve reference \"{image}\": {image}: not found"
    );
    let message = format!("Back-off pulling image \"{image}\": ErrImagePull: {cause}");
    let event = format!("Failed to pull image \"{image}\": {cause}");
    stuck(cluster, app, "ImagePullBackOff", &message, &event).await;
    let bot = Bot::shipped(cluster, "production", "s12").await;
    let answer = bot.ask("catalog does not start in production").await;
    eprintln!("{answer}");
    let root = answer.names(Cause::ImageTagNotFound, Kind::Deployment, "catalog");
    assert!(root.confidence >= 0.9, "{answer}");
    answer.says(&["2.4.1-rc7", "registry.example/shop/catalog"]);
    answer.read_within(30);
}
