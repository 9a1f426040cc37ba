//! The typed facts of one investigation: Kubernetes objects as the API gives them, logs, metrics,
//! and for each kind what we know to be complete. Pure; serialisable, so that a case can be kept
//! and judged again.
//!
//! The Kubernetes types are used as they are. A layer of our own in between would repeat the API
//! field by field for the whole catalogue of causes, and fixtures could not be plain manifests.

mod address;
mod container;
mod custom;
mod entrances;
mod events;
mod facts;
mod keda;
mod lease;
mod links;
mod log;
mod managers;
mod metrics;
mod pipeline;
mod pipeline_log;
mod quantity;
mod routes;
mod shelf;
mod template;
mod time;
mod watching;
mod workload;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::admissionregistration::v1::{
    MutatingWebhookConfiguration, ValidatingWebhookConfiguration,
};
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{
    Event, LimitRange, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod,
    ResourceQuota, Service,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::{Ingress, IngressClass, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::storage::v1::StorageClass;
use serde::{Deserialize, Serialize};

use crate::alert::Alerted;
use crate::finding::{Subject, Symptom};
use crate::playbook::Values;

pub use address::{
    Address, Place, Reference, addresses_in_env, addresses_in_text, addresses_in_value, resolve,
};
pub use container::{Container, ExitView, containers};
pub use custom::{Application, Gateway, HelmSecret, HttpRoute, ServiceMonitor};
pub use events::{EventView, all_events, events_of};
pub use facts::Facts;
pub use keda::{SCALED_OBJECT, asleep, is_scaled_by_keda};
pub use lease::{Beat, beat};
pub use links::{calls, reach, references, service_subject, services_of, workloads_behind};
pub use log::{Level, Line, LogRead, Record, parse_log};
pub use managers::{
    application_subject, applications_of, destination, hook_phases, managed, release_of,
    release_of_hook, resource_subject, tracked_by,
};
pub use metrics::{Indicator, Reading, Usage};
pub use pipeline::{
    Agent, Build, Commit, Ending, Gate, Gates, PipelineJob, Pipelines, Queued, Stage, Unmet,
    delivered_by,
};
pub use pipeline_log::waits_for;
pub use quantity::{bytes, millicores, show_bytes, show_millicores};
pub use routes::{
    INGRESS_CONTROLLERS, controller_of, http_backends, ingress_backends, is_ingress_controller,
};
pub use shelf::{Area, Gap, Looked, Shelf};
pub use template::{Template, same_template, templates};
pub use time::{since, utc};
pub use watching::{Rule, RuleGroup, Samples, Target, Watching};
pub use workload::{Workload, is_ready, labels_of, owner_of, revision, selects, workloads};

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
    /// Every pod of the cluster, finished ones left out; read when a pod waits for a node. Apart from
    /// [`Self::pods`]: they say what is on the nodes, and are not what the question is about.
    #[serde(default)]
    pub neighbours: Shelf<Pod>,
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
    /// Volumes; read when a claim waits.
    #[serde(default)]
    pub volumes: Shelf<PersistentVolume>,
    /// Storage classes; read when a claim waits.
    #[serde(default)]
    pub storage_classes: Shelf<StorageClass>,
    /// Quotas.
    pub quotas: Shelf<ResourceQuota>,
    /// Limit ranges.
    #[serde(default)]
    pub limit_ranges: Shelf<LimitRange>,
    /// Disruption budgets.
    #[serde(default)]
    pub disruption_budgets: Shelf<PodDisruptionBudget>,
    /// Network policies.
    #[serde(default)]
    pub network_policies: Shelf<NetworkPolicy>,
    /// Ingress classes; read when there are Ingresses.
    #[serde(default)]
    pub ingress_classes: Shelf<IngressClass>,
    /// Leases: who of the control plane is alive, when that is the question.
    #[serde(default)]
    pub leases: Shelf<Lease>,
    /// Webhooks that may refuse an object; read when one could not be asked.
    #[serde(default)]
    pub validating_webhooks: Shelf<ValidatingWebhookConfiguration>,
    /// Webhooks that may change an object; read when one could not be asked.
    #[serde(default)]
    pub mutating_webhooks: Shelf<MutatingWebhookConfiguration>,
    /// Gateways of the Gateway API.
    #[serde(default)]
    pub gateways: Shelf<Gateway>,
    /// Routes of the Gateway API.
    #[serde(default)]
    pub http_routes: Shelf<HttpRoute>,
    /// Argo CD Applications.
    #[serde(default)]
    pub applications: Shelf<Application>,
    /// What the Prometheus Operator is told to scrape.
    #[serde(default)]
    pub service_monitors: Shelf<ServiceMonitor>,
    /// Revisions of Helm releases.
    #[serde(default)]
    pub releases: Shelf<HelmSecret>,
    /// Nodes.
    pub nodes: Shelf<Node>,
    /// The nodes that the question speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes_meant: Vec<String>,
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
    /// What Prometheus says of itself, when that is the question.
    #[serde(default)]
    pub watching: Watching,
    /// What Jenkins says, when a delivery is the question.
    #[serde(default)]
    pub pipelines: Pipelines,
    /// What `SonarQube` says, when that can be why a pipeline failed.
    #[serde(default)]
    pub gates: Gates,
    /// Whether the question is how something is set up, and not what is wrong with it.
    #[serde(default)]
    pub review: bool,
    /// The alert that asks, when it is one.
    #[serde(default)]
    pub alert: Option<Alerted>,
}

/// Something done to every shelf of a case, whatever it holds.
pub trait EachShelf {
    /// Does it to one.
    fn shelf<K>(&mut self, shelf: &mut Shelf<K>)
    where
        K: k8s_openapi::Resource
            + k8s_openapi::Metadata<Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta>
            + Serialize
            + serde::de::DeserializeOwned;
}

impl Case {
    /// Does something to every shelf, in the order of the fields.
    pub fn each_shelf(&mut self, does: &mut impl EachShelf) {
        does.shelf(&mut self.namespaces);
        does.shelf(&mut self.deployments);
        does.shelf(&mut self.stateful_sets);
        does.shelf(&mut self.daemon_sets);
        does.shelf(&mut self.replica_sets);
        does.shelf(&mut self.jobs);
        does.shelf(&mut self.cron_jobs);
        does.shelf(&mut self.pods);
        does.shelf(&mut self.services);
        does.shelf(&mut self.endpoint_slices);
        does.shelf(&mut self.ingresses);
        does.shelf(&mut self.autoscalers);
        does.shelf(&mut self.claims);
        does.shelf(&mut self.volumes);
        does.shelf(&mut self.storage_classes);
        does.shelf(&mut self.quotas);
        does.shelf(&mut self.limit_ranges);
        does.shelf(&mut self.disruption_budgets);
        does.shelf(&mut self.network_policies);
        does.shelf(&mut self.ingress_classes);
        does.shelf(&mut self.leases);
        does.shelf(&mut self.validating_webhooks);
        does.shelf(&mut self.mutating_webhooks);
        does.shelf(&mut self.gateways);
        does.shelf(&mut self.http_routes);
        does.shelf(&mut self.applications);
        does.shelf(&mut self.service_monitors);
        does.shelf(&mut self.releases);
        does.shelf(&mut self.nodes);
        does.shelf(&mut self.events);
    }

    /// Every pod of the cluster; `None` where only some were read.
    #[must_use]
    pub fn pods_of_cluster(&self) -> Option<Vec<&Pod>> {
        // Only a read of the whole cluster knows the pods of "no namespace".
        let whole = [&self.pods, &self.neighbours];
        let known = whole.into_iter().find(|shelf| shelf.knows(""))?;
        Some(known.iter().collect())
    }

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
