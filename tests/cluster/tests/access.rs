//! Who may do what, on which version.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{Api, ListParams};

use super::deployment;
use crate::cluster::{launch, shared};

#[tokio::test]
async fn it_is_the_pinned_kubernetes() {
    let Some(cluster) = shared().await else {
        return;
    };
    let pins = include_str!("../go.mod");
    let pin = pins
        .lines()
        .find_map(|it| it.trim().strip_prefix("k8s.io/kubernetes "));
    let pinned = pin.and_then(|it| it.split(' ').next());
    let version = cluster.admin().apiserver_version().await.unwrap();
    assert_eq!(Some(version.git_version.as_str()), pinned);
    assert!(
        version
            .git_version
            .starts_with(&format!("v{}.{}.", version.major, version.minor))
    );
}

#[tokio::test]
async fn a_service_account_has_its_own_rights_only() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("account").await;
    let path = cluster.kubeconfig_for("account", "default").await;
    let client = kube::Client::try_from(launch::config(&path).await.unwrap()).unwrap();
    let pods = Api::<Pod>::namespaced(client, "account");
    let refusal = pods
        .list(&ListParams::default())
        .await
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("system:serviceaccount:account:default"),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_dry_run_checks_and_keeps_nothing() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.namespace("dry").await;
    cluster
        .dry_run(&deployment("dry", 1, "", ""))
        .await
        .unwrap();
    let wrong = deployment("dry", 1, "", "restartPolicy: Perhaps");
    assert!(cluster.dry_run(&wrong).await.is_err());
    let deployments = Api::<Deployment>::namespaced(cluster.admin(), "dry");
    assert!(deployments.get_opt("web").await.unwrap().is_none());
}
