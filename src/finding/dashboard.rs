//! What a dashboard for one workload is made of: the workload, and which of the metrics that panels know it has.
//! The file itself is made of these few facts when it is sent.

use serde::{Deserialize, Serialize};

use super::Subject;

/// The facts behind a dashboard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// The workload.
    pub workload: Subject,
    /// A regular expression for the names of its pods; begins with the workload's name where that is not cut.
    pub pods: String,
    /// Its Services, by name.
    pub services: Vec<String>,
    /// Its autoscaler, by name.
    pub autoscaler: Option<String>,
    /// Those of [`METRICS`] that have series of this workload, or the usual ones where nobody could say.
    pub metrics: Vec<String>,
    /// How its requests are counted, where they are.
    pub requests: Option<Requests>,
    /// Whether a Prometheus said that these series exist.
    pub verified: bool,
}

/// One instrumentation of requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// Counter of requests.
    pub counter: String,
    /// Histogram buckets of answer times, where there are any.
    pub buckets: Option<String>,
    /// Labels that hold the status of an answer.
    pub status: Vec<String>,
    /// Whether times are in milliseconds.
    pub millis: bool,
    /// By which labels these series are the workload's.
    pub by: RequestsBy,
}

/// By which labels a series of requests is a workload's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestsBy {
    /// `namespace` and `pod`.
    Pod,
    /// `namespace` and `service`.
    Service,
    /// Istio's `destination_workload`.
    Istio,
    /// ingress-nginx's `exported_namespace` and `exported_service`.
    Ingress,
    /// ingress-nginx's `namespace` and `service`, with honoured labels.
    IngressHonoured,
}

impl Dashboard {
    /// Whether the workload has series of that name.
    #[must_use]
    pub fn has(&self, metric: &str) -> bool {
        self.metrics.iter().any(|name| name == metric)
    }
}

/// How many of the first [`METRICS`] every cluster with cAdvisor and kube-state-metrics has.
pub const USUAL: usize = 20;

/// The metrics that panels know. Names of cAdvisor and kube-state-metrics first, then those of the usual client
/// libraries, each from its own documentation.
pub const METRICS: [&str; 43] = [
    "container_cpu_usage_seconds_total",
    "container_cpu_cfs_throttled_periods_total",
    "container_cpu_cfs_periods_total",
    "container_memory_working_set_bytes",
    "container_network_receive_bytes_total",
    "container_network_transmit_bytes_total",
    "kube_pod_container_resource_requests",
    "kube_pod_container_resource_limits",
    "kube_pod_container_status_restarts_total",
    "kube_deployment_spec_replicas",
    "kube_deployment_status_replicas_ready",
    "kube_statefulset_replicas",
    "kube_statefulset_status_replicas_ready",
    "kube_statefulset_status_update_revision",
    "kube_daemonset_status_desired_number_scheduled",
    "kube_daemonset_status_number_ready",
    "kube_daemonset_metadata_generation",
    "kube_replicaset_created",
    "kube_horizontalpodautoscaler_spec_max_replicas",
    "kube_horizontalpodautoscaler_status_desired_replicas",
    "hikaricp_connections_active",
    "hikaricp_connections_max",
    "hikaricp_connections_pending",
    "go_sql_in_use_connections",
    "go_sql_max_open_connections",
    "pgxpool_acquired_conns",
    "pgxpool_max_conns",
    "db_client_connections_usage",
    "db_client_connections_max",
    "jvm_gc_pause_seconds_sum",
    "jvm_gc_collection_seconds_sum",
    "jvm_gc_duration_seconds_sum",
    "nodejs_gc_duration_seconds_sum",
    "go_gc_duration_seconds_sum",
    "jvm_memory_used_bytes",
    "jvm_memory_max_bytes",
    "nodejs_eventloop_lag_p99_seconds",
    "nodejs_eventloop_lag_seconds",
    "nodejs_heap_size_used_bytes",
    "jvm_threads_live_threads",
    "go_goroutines",
    "process_open_fds",
    "process_max_fds",
];
