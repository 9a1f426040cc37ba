//! The object a finding is about: what a person would have to change or restart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What sort of object a [`Subject`] is: a Kubernetes kind, or one of the few things outside it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[expect(
    missing_docs,
    reason = "the Kubernetes kinds are their own documentation"
)]
pub enum Kind {
    Deployment,
    StatefulSet,
    DaemonSet,
    ReplicaSet,
    Job,
    CronJob,
    Pod,
    Service,
    Ingress,
    ConfigMap,
    Secret,
    PersistentVolumeClaim,
    HorizontalPodAutoscaler,
    ResourceQuota,
    PersistentVolume,
    StorageClass,
    ServiceAccount,
    LimitRange,
    NetworkPolicy,
    PodDisruptionBudget,
    IngressClass,
    ValidatingWebhookConfiguration,
    MutatingWebhookConfiguration,
    Gateway,
    #[serde(rename = "HTTPRoute")]
    HttpRoute,
    /// A Helm release.
    HelmRelease,
    /// An Argo CD Application.
    Application,
    /// A Jenkins job.
    JenkinsJob,
    /// A `SonarQube` project.
    SonarProject,
    ServiceMonitor,
    PrometheusRule,
    /// An alerting rule.
    Alert,
    Namespace,
    Node,
    /// A host outside the cluster.
    External,
    /// A container image or a registry.
    Image,
    /// The cluster as a whole (the API server did not answer, say).
    Cluster,
}

impl Kind {
    /// The name as Kubernetes writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::ReplicaSet => "ReplicaSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
            Self::Pod => "Pod",
            Self::Service => "Service",
            Self::Ingress => "Ingress",
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
            Self::HorizontalPodAutoscaler => "HorizontalPodAutoscaler",
            Self::ResourceQuota => "ResourceQuota",
            Self::PersistentVolume => "PersistentVolume",
            Self::StorageClass => "StorageClass",
            Self::ServiceAccount => "ServiceAccount",
            Self::LimitRange => "LimitRange",
            Self::NetworkPolicy => "NetworkPolicy",
            Self::PodDisruptionBudget => "PodDisruptionBudget",
            Self::IngressClass => "IngressClass",
            Self::ValidatingWebhookConfiguration => "ValidatingWebhookConfiguration",
            Self::MutatingWebhookConfiguration => "MutatingWebhookConfiguration",
            Self::Gateway => "Gateway",
            Self::HttpRoute => "HTTPRoute",
            Self::HelmRelease => "HelmRelease",
            Self::Application => "Application",
            Self::JenkinsJob => "JenkinsJob",
            Self::SonarProject => "SonarProject",
            Self::ServiceMonitor => "ServiceMonitor",
            Self::PrometheusRule => "PrometheusRule",
            Self::Alert => "Alert",
            Self::Namespace => "Namespace",
            Self::Node => "Node",
            Self::External => "External",
            Self::Image => "Image",
            Self::Cluster => "Cluster",
        }
    }

    /// The kind of that name, as owner references and labels write it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        const ALL: [Kind; 37] = [
            Kind::Deployment,
            Kind::StatefulSet,
            Kind::DaemonSet,
            Kind::ReplicaSet,
            Kind::Job,
            Kind::CronJob,
            Kind::Pod,
            Kind::Service,
            Kind::Ingress,
            Kind::ConfigMap,
            Kind::Secret,
            Kind::PersistentVolumeClaim,
            Kind::HorizontalPodAutoscaler,
            Kind::ResourceQuota,
            Kind::PersistentVolume,
            Kind::StorageClass,
            Kind::ServiceAccount,
            Kind::LimitRange,
            Kind::NetworkPolicy,
            Kind::PodDisruptionBudget,
            Kind::IngressClass,
            Kind::ValidatingWebhookConfiguration,
            Kind::MutatingWebhookConfiguration,
            Kind::Gateway,
            Kind::HttpRoute,
            Kind::HelmRelease,
            Kind::Application,
            Kind::JenkinsJob,
            Kind::SonarProject,
            Kind::ServiceMonitor,
            Kind::PrometheusRule,
            Kind::Alert,
            Kind::Namespace,
            Kind::Node,
            Kind::External,
            Kind::Image,
            Kind::Cluster,
        ];
        ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether pods run under objects of this kind.
    #[must_use]
    pub fn is_workload(self) -> bool {
        matches!(
            self,
            Self::Deployment
                | Self::StatefulSet
                | Self::DaemonSet
                | Self::ReplicaSet
                | Self::Job
                | Self::CronJob
                | Self::Pod
        )
    }
}

/// One named object, and the container in it where that matters.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct Subject {
    /// Kubernetes kind, or `External`, `Image`, `Cluster`.
    pub kind: Kind,
    /// Namespace; absent for cluster-scoped kinds and things outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Name of the object, or the host, or the image reference.
    pub name: String,
    /// Container inside the workload's pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
}

impl Subject {
    /// A namespaced object.
    pub fn new(kind: Kind, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind,
            namespace: Some(namespace.into()),
            name: name.into(),
            container: None,
        }
    }

    /// A cluster-scoped object or something outside the cluster.
    pub fn cluster(kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            namespace: None,
            name: name.into(),
            container: None,
        }
    }

    /// The same object, pointing at one of its containers.
    #[must_use]
    pub fn container(mut self, container: impl Into<String>) -> Self {
        self.container = Some(container.into());
        self
    }

    /// Whether both are the same object, whatever container they point at.
    #[must_use]
    pub fn same_object(&self, other: &Self) -> bool {
        self.kind == other.kind && self.namespace == other.namespace && self.name == other.name
    }

    /// `Kind namespace/name`, as people and `kubectl` write it. The parts are names from outside:
    /// put it into a [`crate::text::Arg`], which escapes it.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{} {namespace}/{}", self.kind.as_str(), self.name),
            None => format!("{} {}", self.kind.as_str(), self.name),
        }
    }
}
