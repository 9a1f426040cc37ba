//! The resources that the API server knows: group, version, names, scope.

/// One row of the API's table.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// Empty for the core group.
    pub group: &'static str,
    /// The only version served.
    pub version: &'static str,
    /// As in paths: `pods`.
    pub plural: &'static str,
    /// As in objects: `Pod`.
    pub kind: &'static str,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
}

impl Resource {
    /// `v1` or `apps/v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `pods` or `deployments.apps`, as error messages write it.
    #[must_use]
    pub fn qualified(&self) -> String {
        if self.group.is_empty() {
            self.plural.to_owned()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// The row of that path.
    #[must_use]
    pub fn at(group: &str, version: &str, plural: &str) -> Option<&'static Self> {
        RESOURCES
            .iter()
            .find(|r| r.group == group && r.version == version && r.plural == plural)
    }

    /// The row of that object.
    #[must_use]
    pub fn of_kind(api_version: &str, kind: &str) -> Option<&'static Self> {
        RESOURCES
            .iter()
            .find(|r| r.kind == kind && r.api_version() == api_version)
    }

    /// The row of that kind, whatever its group; the core group comes first.
    #[must_use]
    pub fn named(kind: &str) -> Option<&'static Self> {
        RESOURCES.iter().find(|r| r.kind == kind)
    }
}

const fn row(
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    kind: &'static str,
    namespaced: bool,
) -> Resource {
    Resource {
        group,
        version,
        plural,
        kind,
        namespaced,
    }
}

/// All of them, core group first.
pub static RESOURCES: &[Resource] = &[
    row("", "v1", "pods", "Pod", true),
    row("", "v1", "services", "Service", true),
    row("", "v1", "endpoints", "Endpoints", true),
    row("", "v1", "namespaces", "Namespace", false),
    row("", "v1", "nodes", "Node", false),
    row("", "v1", "events", "Event", true),
    row(
        "",
        "v1",
        "persistentvolumeclaims",
        "PersistentVolumeClaim",
        true,
    ),
    row("", "v1", "persistentvolumes", "PersistentVolume", false),
    row("", "v1", "resourcequotas", "ResourceQuota", true),
    row("", "v1", "limitranges", "LimitRange", true),
    row("", "v1", "configmaps", "ConfigMap", true),
    row("", "v1", "serviceaccounts", "ServiceAccount", true),
    row("", "v1", "secrets", "Secret", true),
    row("apps", "v1", "deployments", "Deployment", true),
    row("apps", "v1", "replicasets", "ReplicaSet", true),
    row("apps", "v1", "statefulsets", "StatefulSet", true),
    row("apps", "v1", "daemonsets", "DaemonSet", true),
    row(
        "apps",
        "v1",
        "controllerrevisions",
        "ControllerRevision",
        true,
    ),
    row("batch", "v1", "jobs", "Job", true),
    row("batch", "v1", "cronjobs", "CronJob", true),
    row(
        "autoscaling",
        "v2",
        "horizontalpodautoscalers",
        "HorizontalPodAutoscaler",
        true,
    ),
    row(
        "policy",
        "v1",
        "poddisruptionbudgets",
        "PodDisruptionBudget",
        true,
    ),
    row("networking.k8s.io", "v1", "ingresses", "Ingress", true),
    row(
        "networking.k8s.io",
        "v1",
        "ingressclasses",
        "IngressClass",
        false,
    ),
    row(
        "networking.k8s.io",
        "v1",
        "networkpolicies",
        "NetworkPolicy",
        true,
    ),
    row(
        "discovery.k8s.io",
        "v1",
        "endpointslices",
        "EndpointSlice",
        true,
    ),
    row("events.k8s.io", "v1", "events", "Event", true),
    row(
        "storage.k8s.io",
        "v1",
        "storageclasses",
        "StorageClass",
        false,
    ),
    row(
        "admissionregistration.k8s.io",
        "v1",
        "validatingwebhookconfigurations",
        "ValidatingWebhookConfiguration",
        false,
    ),
    row(
        "admissionregistration.k8s.io",
        "v1",
        "mutatingwebhookconfigurations",
        "MutatingWebhookConfiguration",
        false,
    ),
    row("coordination.k8s.io", "v1", "leases", "Lease", true),
    row(
        "gateway.networking.k8s.io",
        "v1",
        "gateways",
        "Gateway",
        true,
    ),
    row(
        "gateway.networking.k8s.io",
        "v1",
        "httproutes",
        "HTTPRoute",
        true,
    ),
    row(
        "argoproj.io",
        "v1alpha1",
        "applications",
        "Application",
        true,
    ),
    row(
        "monitoring.coreos.com",
        "v1",
        "servicemonitors",
        "ServiceMonitor",
        true,
    ),
    row("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", true),
    row("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", false),
];
