//! Which metrics a workload has: asked once, so that only queries that can answer are sent.
//! Names of cAdvisor, kube-state-metrics, node-exporter, Cilium and goldpinger, and of the usual HTTP
//! instrumentations, each from its own documentation.

use chrono::{DateTime, TimeDelta, Utc};

use crate::clients::prometheus::{Prometheus, QueryError};

/// How one instrumentation names requests and answer times, and how it names a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Counter of requests.
    pub requests: &'static str,
    /// Histogram buckets of answer times.
    pub buckets: &'static str,
    /// Its labels for the status of an answer.
    pub status: &'static [&'static str],
    /// Whether times are in milliseconds.
    pub millis: bool,
    /// How it names the workload.
    pub by: By,
}

/// By which labels a series is a workload's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// `namespace` and `service` or `pod`, as the Prometheus Operator's targets have them.
    Target,
    /// Istio's `destination_workload`.
    Istio,
    /// ingress-nginx's `exported_service`, or `service` with honoured labels.
    Ingress,
}

const PLAIN_STATUS: &[&str] = &[
    "status",
    "code",
    "status_code",
    "http_response_status_code",
    "response_code",
];

/// The applications' own numbers first, then the mesh's, then the ingress controller's.
pub(super) const DIALECTS: [Dialect; 5] = [
    Dialect {
        requests: "http_requests_total",
        buckets: "http_request_duration_seconds_bucket",
        status: PLAIN_STATUS,
        millis: false,
        by: By::Target,
    },
    Dialect {
        requests: "http_server_requests_seconds_count",
        buckets: "http_server_requests_seconds_bucket",
        status: PLAIN_STATUS,
        millis: false,
        by: By::Target,
    },
    Dialect {
        requests: "http_server_request_duration_seconds_count",
        buckets: "http_server_request_duration_seconds_bucket",
        status: PLAIN_STATUS,
        millis: false,
        by: By::Target,
    },
    Dialect {
        requests: "istio_requests_total",
        buckets: "istio_request_duration_milliseconds_bucket",
        status: &["response_code"],
        millis: true,
        by: By::Istio,
    },
    Dialect {
        requests: "nginx_ingress_controller_requests",
        buckets: "nginx_ingress_controller_request_duration_seconds_bucket",
        status: &["status"],
        millis: false,
        by: By::Ingress,
    },
];

/// Time spent in collection, in seconds, of the JVM (micrometer, `client_java`, `OpenTelemetry`), Node, Go.
pub(super) const COLLECTORS: [&str; 5] = [
    "jvm_gc_pause_seconds_sum",
    "jvm_gc_collection_seconds_sum",
    "jvm_gc_duration_seconds_sum",
    "nodejs_gc_duration_seconds_sum",
    "go_gc_duration_seconds_sum",
];

/// The names there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// `None`: nobody could say, and the usual ones are tried.
    names: Option<Vec<String>>,
}

impl Known {
    /// Asks which of our names have series among these selectors of the last hour.
    pub async fn ask(
        prometheus: &Prometheus,
        selectors: &[String],
        now: DateTime<Utc>,
    ) -> Result<Self, QueryError> {
        let hour = (now - TimeDelta::hours(1), now);
        let names = prometheus.label_values("__name__", selectors, hour).await?;
        Ok(Self { names: Some(names) })
    }

    /// Whether somebody could say which there are.
    pub fn is_told(&self) -> bool {
        self.names.is_some()
    }

    /// Whether nothing at all is known of it.
    pub fn is_empty(&self) -> bool {
        self.names.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether the metric has series. Where nobody could say: whether it is one of the usual ones.
    pub fn has(&self, name: &str) -> bool {
        match &self.names {
            Some(names) => names.iter().any(|known| known == name),
            None => name.starts_with("container_") || name.starts_with("http_request"),
        }
    }

    /// The instrumentation to read a workload by.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialects().next()
    }

    /// All instrumentations that some workload speaks.
    pub fn dialects(&self) -> impl Iterator<Item = Dialect> {
        let has = |one: &&Dialect| self.has(one.requests) || self.has(one.buckets);
        DIALECTS.iter().filter(has).copied()
    }

    /// The collector metrics of the runtimes.
    pub fn collectors(&self) -> impl Iterator<Item = &'static str> {
        COLLECTORS.into_iter().filter(|name| self.has(name))
    }
}
