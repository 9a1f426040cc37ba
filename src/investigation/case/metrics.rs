//! Numbers of one investigation: usage from metrics-server, indicators from Prometheus.

use serde::{Deserialize, Serialize};

/// What a container uses now, from metrics-server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Thousandths of a CPU.
    pub millicores: u64,
    /// Working set in bytes.
    pub bytes: u64,
}

/// What a reading measures. Units are in the variants' descriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Indicator {
    /// Highest working set of the last 24 h, bytes, by container.
    MemoryPeak,
    /// Share of CFS periods in which the container was throttled, last 5 min, 0 to 1.
    CpuThrottled,
    /// CPUs used, last 5 min.
    CpuUsed,
    /// Requests per second, last 5 min.
    RequestRate,
    /// Share of requests that failed (5xx), last 5 min, 0 to 1.
    ErrorRate,
    /// 99th percentile of the answer time in seconds, last 5 min.
    LatencyP99,
}

/// One indicator of one workload, or of one of its containers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What it measures.
    pub indicator: Indicator,
    /// Namespace of the workload.
    pub namespace: String,
    /// Name of the workload it was asked for.
    pub workload: String,
    /// Pod, where the series has one.
    pub pod: Option<String>,
    /// Container, where the series has one.
    pub container: Option<String>,
    /// Value now.
    pub now: f64,
    /// Value at the same time yesterday.
    pub usual: Option<f64>,
    /// The last hours, unix seconds and value, where they were read.
    pub history: Vec<(f64, f64)>,
}
