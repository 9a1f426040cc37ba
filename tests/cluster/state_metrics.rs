//! The real kube-state-metrics, watching the control plane of the tests.

use std::path::Path;

use super::ControlPlane;
use super::server::{Launch, Server};

/// A running kube-state-metrics; dropping it ends it.
pub struct StateMetrics(Server);

impl StateMetrics {
    /// Starts it on the objects of these namespaces, and on those of the whole cluster (nodes).
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn start(cluster: &ControlPlane, namespaces: &[&str]) -> Self {
        let kubeconfig = std::fs::read_to_string(cluster.admin_kubeconfig());
        let namespaces = namespaces.join(",");
        let args = move |folder: &Path, port: u16, other: u16| {
            vec![
                format!("--kubeconfig={}", folder.join("kubeconfig").display()),
                "--host=127.0.0.1".to_owned(),
                format!("--port={port}"),
                "--telemetry-host=127.0.0.1".to_owned(),
                format!("--telemetry-port={other}"),
                format!("--namespaces={namespaces}"),
            ]
        };
        let launch = Launch {
            binary: cluster.program("kube-state-metrics"),
            files: vec![("kubeconfig", kubeconfig.expect("it was written"))],
            args: &args,
            ready: "/healthz",
        };
        Self(
            Server::start(&launch)
                .await
                .expect("kube-state-metrics comes up"),
        )
    }

    /// Its loopback port.
    pub fn port(&self) -> u16 {
        self.0.port()
    }
}
