//! A cluster that does not let itself be read: missing rights, no answer, slow answers.

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use vigie::finding::{Cause, Kind, Verdict};
use vigie::investigation::run;

use super::bot::installed;
use super::payment::{killed_for_memory, payment};
use super::proxy::Lag;
use super::{App, Bot, app, kubelet};
use crate::cluster::{ControlPlane, process, shared};

/// A kubeconfig of an account that has these cluster roles only.
async fn account(cluster: &ControlPlane, namespace: &str, roles: &[&str]) -> PathBuf {
    let account = json!({
        "apiVersion": "v1", "kind": "ServiceAccount",
        "metadata": {"name": "half", "namespace": namespace},
    });
    cluster.apply(&account.to_string()).await.unwrap();
    for role in roles {
        let binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
            "metadata": {"name": format!("{namespace}-{role}")},
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role,
            },
            "subjects": [{"kind": "ServiceAccount", "name": "half", "namespace": namespace}],
        });
        cluster.apply(&binding.to_string()).await.unwrap();
    }
    cluster.kubeconfig_for(namespace, "half").await
}

/// A bot with the shipped role, but without the right to read logs.
async fn without_logs(cluster: &ControlPlane, namespace: &str) -> Bot {
    installed(cluster).await;
    Bot::with(account(cluster, namespace, &["vigie"]).await).environment("production", namespace)
}

#[tokio::test]
async fn without_logs_the_cause_is_named_from_the_status() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("no-logs").await;
    payment(cluster, "no-logs").await;
    let bot = without_logs(cluster, "no-logs").await;
    let answer = bot.ask("Service payment est lent en production").await;
    eprintln!("{answer}");
    let root = answer.names(Cause::OomKilled, Kind::Deployment, "payment-service");
    assert!(root.confidence >= 0.8, "{answer}");
    assert_eq!(answer.refused(), ["logs"], "{answer}");
    answer.says(&["logs : accès refusé", "pods/log"]);
}

#[tokio::test]
async fn without_logs_a_crash_is_not_explained_away() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("no-reason").await;
    let invoice = App::new("no-reason", "invoice");
    invoice.install(cluster).await.ready(cluster, 1).await;
    let pod = invoice.placed(cluster).await.remove(0);
    let status = kubelet::crash_loop("Error", 1, 6);
    cluster.pod_status("no-reason", &pod, status).await;
    invoice.ready(cluster, 0).await;
    app::settled(cluster, "no-reason").await;
    let bot = without_logs(cluster, "no-reason").await;
    let answer = bot.ask("invoice crashes in production").await;
    eprintln!("{answer}");
    let root = answer.names(Cause::CrashApplicationError, Kind::Deployment, "invoice");
    assert!(root.confidence < 0.7, "nobody read the log:\n{answer}");
    assert_eq!(answer.refused(), ["logs"], "{answer}");
    answer.says(&["pods/log"]);
}

#[tokio::test]
async fn without_pods_it_says_that_it_cannot_say() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("no-pods").await;
    let cart = App::new("no-pods", "cart");
    cart.install(cluster).await.ready(cluster, 1).await;
    let read = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
        "metadata": {"name": "no-pods"},
        "rules": [
            {"apiGroups": ["apps"], "resources": ["*"], "verbs": ["get", "list"]},
            {"apiGroups": [""], "resources": ["services", "events"], "verbs": ["get", "list"]},
        ],
    });
    cluster.apply(&read.to_string()).await.unwrap();
    app::settled(cluster, "no-pods").await;
    let account = account(cluster, "no-pods", &["no-pods"]).await;
    let bot = Bot::with(account).environment("production", "no-pods");
    let answer = bot.ask("cart est lent en production").await;
    eprintln!("{answer}");
    answer.concludes(Verdict::CouldNotLook);
    assert!(answer.refused().contains(&"pods"), "{answer}");
    answer.says(&["cart", "pods : accès refusé"]);
}

/// The shipped account's kubeconfig, for another port.
async fn elsewhere(cluster: &ControlPlane, port: u16) -> (tempfile::TempDir, PathBuf) {
    let text = std::fs::read_to_string(installed(cluster).await).unwrap();
    let mut config: serde_json::Value = serde_json::from_str(&text).unwrap();
    config["clusters"][0]["cluster"]["server"] = format!("https://127.0.0.1:{port}").into();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    std::fs::write(&path, config.to_string()).unwrap();
    (folder, path)
}

#[tokio::test]
async fn a_closed_port_is_not_a_missing_service() {
    let Some(cluster) = shared().await else {
        return;
    };
    let [port] = process::free_ports().unwrap();
    let (_folder, kubeconfig) = elsewhere(cluster, port).await;
    let bot = Bot::with(kubeconfig);
    let answer = bot.ask("Service payment est lent en production").await;
    eprintln!("{answer}");
    answer.concludes(Verdict::CouldNotLook);
    assert!(answer.took < Duration::from_secs(15), "{answer}");
    answer.says(&["payment", "le cluster", "Connection refused"]);
}

#[tokio::test]
async fn silence_is_answered_within_the_deadline() {
    let Some(cluster) = shared().await else {
        return;
    };
    // Connections are accepted by the system; nobody ever answers on them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let (_folder, kubeconfig) = elsewhere(cluster, port).await;
    let (timeout, budget) = (Duration::from_millis(700), Duration::from_secs(2));
    let bot = Bot::with(kubeconfig).patience(timeout, budget);
    let answer = bot.ask("payment is slow in production").await;
    eprintln!("{answer}");
    answer.concludes(Verdict::CouldNotLook);
    assert!(answer.took < budget * 3, "{answer}");
    answer.says(&["payment", "the cluster could not be read"]);
}

#[tokio::test]
async fn two_seconds_a_call_are_answered_within_the_deadline() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("slow").await;
    payment(cluster, "slow").await;
    let port = cluster.api_port();
    let lag = Lag::start(port, Duration::from_secs(2)).await;
    let (_folder, kubeconfig) = elsewhere(cluster, lag.port).await;
    // An investigation's usual time, and as much again for a machine that is busy.
    let budget = run::BUDGET * 2;
    let bot = Bot::with(kubeconfig)
        .environment("production", "slow")
        .patience(budget, budget);
    let answer = bot.ask("Service payment est lent en production").await;
    eprintln!("{answer}");
    assert!(
        answer.took < budget + Duration::from_millis(500),
        "{answer}"
    );
    killed_for_memory(&answer);
}
