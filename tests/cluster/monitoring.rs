//! What watches a cluster in production, watching the test's: kube-state-metrics, Prometheus with the
//! alerts of `tests/fixtures/rules`, and Alertmanagers, with the labels that the two usual installations
//! leave on them.

use std::net::SocketAddr;
use std::path::Path;

use chrono::Utc;
use serde_json::{Value, json};
use vigie::clients::prometheus::Series;

use super::prometheus::{Alertmanager, Prometheus, Watch};
use super::state_metrics::StateMetrics;
use super::{ControlPlane, exporter};

/// The alerts.
pub const RULES: &str = include_str!("../fixtures/rules/kubernetes.yml");

/// Who installed it: what of the exporter's own labels stays on its metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installation {
    /// kube-prometheus: the target's pod, service, endpoint and namespace are dropped.
    KubePrometheus,
    /// The kube-prometheus-stack chart: what a metric does not say itself is filled with the exporter's.
    Stack,
}

impl Installation {
    /// Its name in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::KubePrometheus => "kube-prometheus",
            Self::Stack => "stack",
        }
    }

    /// The labels of the kube-state-metrics target.
    fn state_metrics(self) -> Value {
        match self {
            Self::KubePrometheus => json!({
                "container": "kube-rbac-proxy-main", "instance": "10.244.0.12:8443",
            }),
            Self::Stack => json!({
                "container": "kube-state-metrics", "endpoint": "http", "instance": "10.244.0.12:8080",
                "namespace": "monitoring", "pod": "stack-kube-state-metrics-6d9f7c5b4-x2x9k",
                "service": "stack-kube-state-metrics",
            }),
        }
    }
}

/// Everything that watches, running; dropping it ends it.
pub struct Monitoring {
    /// The Prometheus in the middle.
    pub prometheus: Prometheus,
    /// What it scrapes.
    _states: StateMetrics,
}

/// A kubelet's target: its own metrics and cAdvisor's come from two paths.
fn kubelet(target: SocketAddr, path: &str) -> Value {
    let labels = json!({
        "endpoint": "https-metrics", "instance": "10.0.0.11:10250", "metrics_path": path,
        "namespace": "kube-system", "node": "node-0", "service": "kubelet",
    });
    // Two jobs of one name cannot be; the label is what counts.
    json!({
        "job_name": format!("kubelet{path}"), "honor_labels": true,
        "static_configs": [{"targets": [target], "labels": labels}],
        "relabel_configs": [{"target_label": "job", "replacement": "kubelet"}],
    })
}

impl Monitoring {
    /// Watches these namespaces of the cluster, and `volumes` and `containers` as a kubelet would
    /// export them; `None` when Prometheus is not installed.
    pub async fn start(
        cluster: &ControlPlane,
        namespaces: &[&str],
        installation: Installation,
        (volumes, containers): (&str, &str),
        alertmanagers: &[&Alertmanager],
    ) -> Option<Self> {
        let kubelet = [
            exporter::serve(volumes.to_owned()).await,
            exporter::serve(containers.to_owned()).await,
        ];
        Self::over(
            cluster,
            namespaces,
            installation,
            kubelet,
            alertmanagers,
            None,
        )
        .await
    }

    /// The same with the two targets of a kubelet, and over a folder of data that is there already.
    pub async fn over(
        cluster: &ControlPlane,
        namespaces: &[&str],
        installation: Installation,
        [volumes, containers]: [SocketAddr; 2],
        alertmanagers: &[&Alertmanager],
        data: Option<&Path>,
    ) -> Option<Self> {
        let states = StateMetrics::start(cluster, namespaces).await;
        let scrapes = vec![
            json!({
                "job_name": "kube-state-metrics", "honor_labels": true,
                "static_configs": [{
                    "targets": [format!("127.0.0.1:{}", states.port())],
                    "labels": installation.state_metrics(),
                }],
            }),
            api_server(cluster),
            kubelet(volumes, "/metrics"),
            kubelet(containers, "/metrics/cadvisor"),
        ];
        let watch = Watch {
            scrapes,
            rules: vec![RULES.to_owned()],
            alertmanagers: alertmanagers.to_vec(),
            data,
        };
        let prometheus = Prometheus::watching(watch).await?;
        Some(Self {
            prometheus,
            _states: states,
        })
    }

    /// What an expression gives now.
    pub async fn ask(&self, expression: &str) -> Vec<Series> {
        ask(&self.prometheus, expression).await
    }
}

/// What an expression gives now; a query that is refused fails the test.
///
/// # Panics
/// With the server's words, when it refuses the expression.
pub async fn ask(prometheus: &Prometheus, expression: &str) -> Vec<Series> {
    let timeout = std::time::Duration::from_mins(1);
    let client = vigie::clients::prometheus::Prometheus::new(&prometheus.url(), None, timeout);
    let answer = client.unwrap().instant(expression, Utc::now()).await;
    answer.unwrap_or_else(|error| panic!("{error}: {expression}"))
}

/// The API server's own metrics, with an administrator's certificate.
fn api_server(cluster: &ControlPlane) -> Value {
    let file = |name: &str| cluster.file(name);
    json!({
        "job_name": "apiserver", "scheme": "https",
        "tls_config": {
            "ca_file": file("ca.crt"), "cert_file": file("admin.crt"), "key_file": file("admin.key"),
        },
        "static_configs": [{
            "targets": [format!("127.0.0.1:{}", cluster.api_port())],
            "labels": {"instance": "10.0.0.10:6443", "namespace": "default", "service": "kubernetes", "endpoint": "https"},
        }],
    })
}
