//! The typed facts of one investigation: Kubernetes objects as the API gives them, logs, metrics,
//! and for each kind what we know to be complete. Pure; serialisable, so that a case can be kept
//! and judged again.
//!
//! The Kubernetes types are used as they are. A layer of our own in between would repeat the API
//! field by field for the whole catalogue of causes, and fixtures could not be plain manifests.

mod address;
mod container;
mod events;
mod links;
mod log;
mod metrics;
mod quantity;
mod shelf;
mod time;
mod workload;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{
    Event, Namespace, Node, PersistentVolumeClaim, Pod, ResourceQuota, Service,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::Ingress;
use serde::{Deserialize, Serialize};

use crate::finding::{Subject, Symptom};
use crate::playbook::Values;

pub use address::{Address, Place, Reference, addresses_in_env, addresses_in_text, resolve};
pub use container::{Container, ExitView, containers};
pub use events::{EventView, events_of};
pub use links::{calls, reach, references, service_subject, services_of, workloads_behind};
pub use log::{Level, Line, LogRead, Record, parse_log};
pub use metrics::{Indicator, Reading, Usage};
pub use quantity::{bytes, millicores, show_bytes, show_millicores};
pub use shelf::{Area, Gap, Looked, Shelf};
pub use time::{since, utc};
pub use workload::{Workload, is_ready, owner_of, revision, selects, workloads};

/// What the investigation is about, once resolved against live objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// One object, and what it depends on.
    Object(Subject),
    /// Everything in these namespaces.
    Namespaces(Vec<String>),
    /// Everything.
    #[default]
    Cluster,
}

/// Everything read so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Case {
    /// When the investigation began: "now" for every judgement.
    pub now: DateTime<Utc>,
    /// What the asker said is wrong.
    pub symptoms: Vec<Symptom>,
    /// What it is about.
    pub scope: Scope,
    /// Namespaces.
    pub namespaces: Shelf<Namespace>,
    /// Deployments.
    pub deployments: Shelf<Deployment>,
    /// `StatefulSet`s.
    pub stateful_sets: Shelf<StatefulSet>,
    /// `DaemonSet`s.
    pub daemon_sets: Shelf<DaemonSet>,
    /// `ReplicaSet`s: the revisions of Deployments.
    pub replica_sets: Shelf<ReplicaSet>,
    /// Jobs.
    pub jobs: Shelf<Job>,
    /// `CronJob`s.
    pub cron_jobs: Shelf<CronJob>,
    /// Pods.
    pub pods: Shelf<Pod>,
    /// Services.
    pub services: Shelf<Service>,
    /// Endpoint slices of those Services.
    pub endpoint_slices: Shelf<EndpointSlice>,
    /// Services (`namespace/name`) whose endpoint slices were read one by one.
    pub endpoints_read: std::collections::BTreeSet<String>,
    /// Ingresses.
    pub ingresses: Shelf<Ingress>,
    /// Autoscalers.
    pub autoscalers: Shelf<HorizontalPodAutoscaler>,
    /// Volume claims.
    pub claims: Shelf<PersistentVolumeClaim>,
    /// Quotas.
    pub quotas: Shelf<ResourceQuota>,
    /// Nodes.
    pub nodes: Shelf<Node>,
    /// Events that are not `Normal`.
    pub events: Shelf<Event>,
    /// Logs, redacted when they were read.
    pub logs: Vec<LogRead>,
    /// Usage by `namespace/pod/container`, from metrics-server.
    pub usage: BTreeMap<String, Usage>,
    /// What Prometheus says.
    pub readings: Vec<Reading>,
    /// What it says to the queries of playbooks.
    #[serde(default)]
    pub measured: Values,
}

impl Case {
    /// Whether the endpoint slices of a Service were read.
    #[must_use]
    pub fn knows_endpoints(&self, namespace: &str, service: &str) -> bool {
        self.endpoint_slices.knows(namespace)
            || self
                .endpoints_read
                .contains(&format!("{namespace}/{service}"))
    }

    /// The log of a container, of its previous run or of the current one, if it was read.
    #[must_use]
    pub fn log(
        &self,
        namespace: &str,
        pod: &str,
        container: &str,
        previous: bool,
    ) -> Option<&LogRead> {
        self.logs.iter().find(|log| {
            log.namespace == namespace
                && log.pod == pod
                && log.container == container
                && log.previous == previous
        })
    }

    /// The lines that tell why a container died: the previous run's log, else the current one.
    #[must_use]
    pub fn last_words(&self, namespace: &str, pod: &str, container: &str) -> Option<&LogRead> {
        self.log(namespace, pod, container, true)
            .filter(|log| !log.records.is_empty())
            .or_else(|| self.log(namespace, pod, container, false))
    }
}
