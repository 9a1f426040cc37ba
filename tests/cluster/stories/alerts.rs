//! From a broken workload to the alert at its receiver and to its end, through the programs that do it in
//! production: kube-state-metrics, Prometheus, Alertmanager (Debian's 0.25 and a current one).
//!
//! `VIGIE_UPDATE_ALERTS=1` keeps what arrives under `tests/fixtures/alerts/real/`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};

use super::{App, app, jobs, kubelet, unplaced};
use crate::cluster::hook::{Hook, Post};
use crate::cluster::monitoring::{Installation, Monitoring};
use crate::cluster::{Alertmanager, ControlPlane, shared};

/// The bearer token of the webhook, which Alertmanager reads from a file.
const TOKEN: &str = "FAKE-webhook-token";

/// A configuration like kube-prometheus', with both kinds of receiver: webhook and Slack.
fn config(hook: &Hook, name: &str, group_by: &Value, token: &Path) -> String {
    let authorization = json!({"type": "Bearer", "credentials_file": token});
    json!({
        "route": {
            "receiver": "vigie", "group_by": group_by, "group_wait": "1s", "group_interval": "1s",
            "repeat_interval": "12h",
            "routes": [{"matchers": ["alertname = Watchdog"], "receiver": "nobody"}],
        },
        "receivers": [
            {"name": "nobody"},
            {
                "name": "vigie",
                "webhook_configs": [{
                    "url": hook.url(&format!("/{name}/webhook")), "send_resolved": true,
                    "http_config": {"authorization": authorization},
                }],
                "slack_configs": [{
                    "api_url": hook.url(&format!("/{name}/slack")), "channel": "#alerts", "send_resolved": true,
                }],
            },
        ],
    })
    .to_string()
}

/// The two Alertmanagers, by name; `None` when Debian's is not installed.
async fn alertmanagers(
    cluster: &ControlPlane,
    hook: &Hook,
    group_by: &Value,
    token: &Path,
) -> Option<[Alertmanager; 2]> {
    let debian = Alertmanager::start(&config(hook, "0.25", group_by, token)).await?;
    let current = config(hook, "0.35", group_by, token);
    let current = Alertmanager::of(cluster.program("alertmanager"), &current, &[]).await;
    Some([debian, current])
}

/// A file with the token.
fn token() -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), TOKEN).unwrap();
    file
}

/// Keeps a body as a fixture, when that is asked for.
pub fn keep(name: &str, post: &Post) {
    if std::env::var_os("VIGIE_UPDATE_ALERTS").is_none() {
        return;
    }
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/alerts/real"]
        .iter()
        .collect();
    std::fs::create_dir_all(&folder).unwrap();
    let text = serde_json::to_string_pretty(&post.body).unwrap();
    std::fs::write(folder.join(format!("{name}.json")), format!("{text}\n")).unwrap();
}

/// Whether a webhook body has this alert about this object, in this state.
fn tells(post: &Post, alert: &str, status: &str, labels: &[(&str, &str)]) -> bool {
    let mut all = post.alerts(alert);
    all.any(|one| {
        one["status"] == status
            && labels
                .iter()
                .all(|(name, value)| one["labels"][*name] == *value)
    })
}

/// A pod crashes, the alert comes to webhook and Slack; its Deployment is repaired, and both say so.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told to its end")]
async fn a_crash_loop_fires_and_its_repair_resolves() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("alerted").await;
    let cart = App::new("alerted", "cart").replicas(2);
    cart.install(cluster).await.ready(cluster, 2).await;
    let (hook, token) = (Hook::start().await, token());
    let by = json!(["namespace"]);
    let Some([debian, current]) = alertmanagers(cluster, &hook, &by, token.path()).await else {
        return;
    };
    let to = [&debian, &current];
    let install = Installation::KubePrometheus;
    let Some(watching) = Monitoring::start(cluster, &["alerted"], install, ("", ""), &to).await
    else {
        return;
    };
    cluster
        .until("kube-state-metrics to be scraped", async || {
            let ready = "kube_deployment_status_replicas_ready{namespace=\"alerted\"} == 2";
            !watching.ask(ready).await.is_empty()
        })
        .await;

    let broken = Instant::now();
    for pod in cart.placed(cluster).await {
        let status = kubelet::crash_loop("Error", 1, 6);
        cluster.pod_status("alerted", &pod, status).await;
    }
    let firing = [("namespace", "alerted"), ("container", "app")];
    for version in ["0.25", "0.35"] {
        let path = format!("/{version}/webhook");
        let fires =
            |post: &Post| is_about(post) && tells(post, "KubePodCrashLooping", "firing", &firing);
        let post = hook.wait("KubePodCrashLooping", &path, fires).await;
        let took = post.at.duration_since(broken);
        eprintln!("broken to alert at the webhook, Alertmanager {version}: {took:?}");
        first_words(&post, version);
        keep(&format!("webhook-{version}-firing"), &post);
        let path = format!("/{version}/slack");
        let shown = |post: &Post| {
            title(post).starts_with("[FIRING:") && title(post).contains("] alerted (")
        };
        let post = hook.wait("a message in Slack", &path, shown).await;
        keep(&format!("slack-{version}-firing"), &post);
    }

    let repaired = Instant::now();
    let cart = cart.container(json!({"image": "registry.example/cart:1.0.1"}));
    cart.install(cluster).await.ready(cluster, 2).await;
    for version in ["0.25", "0.35"] {
        let path = format!("/{version}/webhook");
        let over = |post: &Post| is_about(post) && post.body["status"] == "resolved";
        let post = hook.wait("its end", &path, over).await;
        let took = post.at.duration_since(repaired);
        eprintln!("repaired to resolved at the webhook, Alertmanager {version}: {took:?}");
        assert!(
            tells(&post, "KubePodCrashLooping", "resolved", &firing)
                || tells(&post, "KubeDeploymentReplicasMismatch", "resolved", &[]),
            "{}",
            post.body
        );
        keep(&format!("webhook-{version}-resolved"), &post);
        let path = format!("/{version}/slack");
        let over = |post: &Post| title(post).starts_with("[RESOLVED] alerted (");
        let post = hook.wait("its end in Slack", &path, over).await;
        keep(&format!("slack-{version}-resolved"), &post);
    }
}

/// Whether a webhook body is of the namespace's group: nodes have none, and other stories break theirs.
fn is_about(post: &Post) -> bool {
    post.body["groupLabels"]["namespace"] == "alerted"
}

/// The title of a message that Alertmanager posts to Slack.
pub fn title(post: &Post) -> &str {
    post.body["attachments"][0]["title"]
        .as_str()
        .unwrap_or_default()
}

/// What the first body says of itself, and of the pod.
fn first_words(post: &Post, version: &str) {
    let body = &post.body;
    assert_eq!(
        post.authorization.as_deref(),
        Some("Bearer FAKE-webhook-token")
    );
    assert_eq!(body["version"], "4", "{body}");
    assert_eq!(body["groupKey"], "{}:{namespace=\"alerted\"}", "{body}");
    assert_eq!(body["externalURL"], "http://alertmanager.example:9093");
    let reason = body["notification_reason"].as_str();
    match version {
        "0.25" => assert_eq!(reason, None, "{body}"),
        _ => assert!(reason.is_some(), "{body}"),
    }
    let alert = post.alerts("KubePodCrashLooping").next().unwrap();
    let labels = &alert["labels"];
    assert_eq!(labels["reason"], "CrashLoopBackOff", "{alert}");
    assert_eq!(labels["severity"], "warning", "{alert}");
    assert!(labels["uid"].is_string(), "{alert}");
    assert!(
        labels["pod"].as_str().unwrap().starts_with("cart-"),
        "{alert}"
    );
    let link = alert["generatorURL"].as_str().unwrap();
    assert!(link.starts_with("http://prometheus.example:9090/graph?g0.expr="));
    assert_eq!(alert["fingerprint"].as_str().unwrap().len(), 16);
}

/// A volume that is almost full, as its kubelet exports it.
fn volumes(namespace: &str) -> String {
    let labels = format!("namespace=\"{namespace}\",persistentvolumeclaim=\"data-ledger-0\"");
    format!(
        "kubelet_volume_stats_available_bytes{{{labels}}} 1.5e+08\n\
         kubelet_volume_stats_capacity_bytes{{{labels}}} 1.0e+10\n\
         kubelet_volume_stats_used_bytes{{{labels}}} 9.8e+09\n"
    )
}

/// One of everything that the rules watch, broken.
#[expect(
    clippy::too_many_lines,
    reason = "everything that goes wrong, one after the other"
)]
async fn disaster(cluster: &ControlPlane, namespace: &str) {
    cluster.nodes(2).await;
    cluster.namespace(namespace).await;
    // A node of its own that is lost.
    let pool = format!("{namespace}-node");
    unplaced::node(cluster, &pool, &pool, json!({}), json!({})).await;
    cluster
        .until("the node to be ready", async || {
            cluster.node_is_ready(&pool).await
        })
        .await;
    let lost = json!([{
        "type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown",
        "message": "Kubelet stopped posting node status.",
    }, {
        "type": "DiskPressure", "status": "True", "reason": "KubeletHasDiskPressure",
        "message": "kubelet has disk pressure",
    }]);
    cluster.node_conditions(&pool, lost).await;
    // A crash loop, a container that waits for its ConfigMap, a pod that no node takes.
    for (name, status) in [
        ("cart", kubelet::crash_loop("OOMKilled", 137, 4)),
        (
            "users",
            kubelet::waiting(
                "CreateContainerConfigError",
                "configmap \"users\" not found",
            ),
        ),
    ] {
        let app = App::new(namespace, name).manual();
        app.install(cluster).await;
        let pod = app.placed(cluster).await.remove(0);
        cluster.pod_status(namespace, &pod, status).await;
    }
    let greedy = json!({"resources": {"requests": {"cpu": "64"}}});
    App::new(namespace, "reports")
        .container(greedy)
        .install(cluster)
        .await;
    // A budget that its pods do not meet, a claim, a quota that is used up, a Job out of retries.
    let objects = [
        json!({
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
            "metadata": {"name": "cart", "namespace": namespace},
            "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "cart"}}},
        }),
        json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {"name": "data-ledger-0", "namespace": namespace},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}},
        }),
        json!({
            "apiVersion": "v1", "kind": "ResourceQuota",
            "metadata": {"name": "claims", "namespace": namespace},
            "spec": {"hard": {"persistentvolumeclaims": "1"}},
        }),
        jobs::job(namespace, "import-tarifs", &json!({"backoffLimit": 0})),
    ];
    let text = objects.map(|object| object.to_string()).join("\n---\n");
    cluster.apply(&text).await.unwrap();
    jobs::end(cluster, namespace, "import-tarifs", || jobs::ended(1), "").await;
    app::settled(cluster, namespace).await;
}

/// Each alert, and the labels that say what it is about. With the stack's chart the labels that a metric
/// does not have are the exporter's: `pod` of a Deployment's alert is kube-state-metrics.
const SUBJECTS: [(&str, &[(&str, &str)]); 10] = [
    ("KubePodCrashLooping", &[("container", "app")]),
    (
        "KubeContainerWaiting",
        &[("reason", "CreateContainerConfigError")],
    ),
    ("KubePodNotReady", &[]),
    (
        "KubeDeploymentReplicasMismatch",
        &[("deployment", "reports")],
    ),
    (
        "KubeJobFailed",
        &[("job_name", "import-tarifs"), ("condition", "true")],
    ),
    (
        "KubePdbNotEnoughHealthyPods",
        &[("poddisruptionbudget", "cart")],
    ),
    (
        "KubeQuotaFullyUsed",
        &[
            ("resourcequota", "claims"),
            ("resource", "persistentvolumeclaims"),
        ],
    ),
    (
        "KubePersistentVolumeFillingUp",
        &[
            ("persistentvolumeclaim", "data-ledger-0"),
            ("node", "node-0"),
        ],
    ),
    (
        "KubeNodeNotReady",
        &[("node", "disaster-node"), ("condition", "Ready")],
    ),
    (
        "KubeNodePressure",
        &[("node", "disaster-node"), ("condition", "DiskPressure")],
    ),
];

/// Every alert of the rules comes with the labels of its subject, in both installations.
#[tokio::test]
async fn every_alert_names_its_subject() {
    let Some(cluster) = shared().await else {
        return;
    };
    let namespace = "disaster";
    disaster(cluster, namespace).await;
    let token = token();
    for installation in [Installation::KubePrometheus, Installation::Stack] {
        let hook = Hook::start().await;
        let by = json!(["alertname"]);
        let Some([debian, current]) = alertmanagers(cluster, &hook, &by, token.path()).await else {
            return;
        };
        let to = [&debian, &current];
        let numbers = (&*volumes(namespace), "");
        let began = Instant::now();
        let watching = Monitoring::start(cluster, &[namespace], installation, numbers, &to).await;
        assert!(watching.is_some(), "Prometheus was there a moment ago");
        for (alert, labels) in SUBJECTS {
            let meant = |post: &Post| tells(post, alert, "firing", labels);
            let post = hook.wait(alert, "/0.35/webhook", meant).await;
            let took = post.at.duration_since(began);
            let installed = installation.name();
            eprintln!("{installed}: {alert} after {took:?}");
            keep(&format!("{installed}-{alert}"), &post);
            let one = post.alerts(alert).next().unwrap();
            as_installed(installation, alert, &one["labels"]);
        }
    }
}

/// What the installation leaves of the exporter's labels.
fn as_installed(installation: Installation, alert: &str, labels: &Value) {
    let cluster_wide = alert.starts_with("KubeNode");
    match installation {
        Installation::KubePrometheus if cluster_wide => {
            assert_eq!(labels["namespace"], Value::Null, "{labels}");
        }
        Installation::Stack if cluster_wide => {
            assert_eq!(labels["namespace"], "monitoring", "{labels}");
        }
        _ => assert_eq!(labels["namespace"], "disaster", "{labels}"),
    }
    if alert == "KubeDeploymentReplicasMismatch" {
        let (container, pod) = match installation {
            Installation::KubePrometheus => ("kube-rbac-proxy-main", Value::Null),
            Installation::Stack => (
                "kube-state-metrics",
                json!("stack-kube-state-metrics-6d9f7c5b4-x2x9k"),
            ),
        };
        assert_eq!(labels["container"], container, "{labels}");
        assert_eq!(labels["pod"], pod, "{labels}");
    }
}
