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
    /// Working set now, bytes, by pod and container.
    MemoryUsed,
    /// Ready replicas of the workload.
    ReadyReplicas,
    /// Share of the time spent in garbage collection, last 5 min, 0 to 1, by pod.
    GarbageCollection,
    /// Share of a node's CPU that is in use, last 5 min, 0 to 1.
    NodeCpu,
    /// Share of the TCP segments a node sends again, last 5 min, 0 to 1.
    NodeRetransmits,
    /// Share of packets a node's interfaces lose to errors and drops, last 5 min, 0 to 1.
    NodePacketLoss,
    /// Seconds between a node and the others, there and back.
    NodeLatency,
}

/// One indicator of one workload, of one of its pods or containers, or of a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What it measures.
    pub indicator: Indicator,
    /// Namespace of the workload.
    pub namespace: String,
    /// Name of the workload it was asked for; empty for a node.
    pub workload: String,
    /// Pod, where the series has one.
    pub pod: Option<String>,
    /// Container, where the series has one.
    pub container: Option<String>,
    /// Node, where the series is a node's.
    #[serde(default)]
    pub node: Option<String>,
    /// Value now.
    pub now: f64,
    /// Value at the same time yesterday.
    pub usual: Option<f64>,
    /// Value at the same time a week ago.
    #[serde(default)]
    pub week: Option<f64>,
    /// The last hours, unix seconds and value, where they were read.
    pub history: Vec<(f64, f64)>,
}

impl Reading {
    /// What is normal at this time of day: the higher of yesterday and a week ago, so that neither a
    /// quiet Sunday nor a bad yesterday makes today look strange.
    #[must_use]
    pub fn normal(&self) -> Option<f64> {
        match (self.usual, self.week) {
            (Some(day), Some(week)) => Some(day.max(week)),
            (day, week) => day.or(week),
        }
    }
}
