//! The catalogue: every root cause the bot can name. A code is a public contract (JSON, metrics,
//! store, playbooks, documentation) and never changes its meaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a cause stands to others on the same object: a finding of a lower tier explains the ones of
/// a higher tier, so the root is what a person would have to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// The mechanism itself: a limit, a name, a probe, a node.
    Mechanism,
    /// True, and often the result of a mechanism: a bad revision, a dependency that does not answer.
    Consequence,
    /// What can be measured from outside: error rate, throttling.
    Indicator,
}

/// The group of `vigie causes` and of the documentation a cause belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// The container runs and dies, or fails its probes.
    Container,
    /// The container cannot start.
    Start,
    /// The pod cannot be placed on a node.
    Scheduling,
    /// The API refused the object.
    Refused,
    /// Workload and rollout.
    Workload,
    /// Traffic to and between services.
    Traffic,
    /// Performance.
    Performance,
    /// Nodes and the cluster.
    Node,
}

impl Tier {
    /// The word the catalogue prints.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mechanism => "mechanism",
            Self::Consequence => "consequence",
            Self::Indicator => "indicator",
        }
    }
}

impl Family {
    /// Every family, in the order of the catalogue.
    pub const ALL: [Self; 8] = [
        Self::Container,
        Self::Start,
        Self::Scheduling,
        Self::Refused,
        Self::Workload,
        Self::Traffic,
        Self::Performance,
        Self::Node,
    ];

    /// The heading of the group.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Container => "Container runs and dies",
            Self::Start => "Container cannot start",
            Self::Scheduling => "Pod cannot be placed",
            Self::Refused => "Object was refused",
            Self::Workload => "Workload and rollout",
            Self::Traffic => "Traffic",
            Self::Performance => "Performance",
            Self::Node => "Node and cluster",
        }
    }
}

macro_rules! causes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $family:ident, $tier:ident;)*) => {
        /// A root cause the bot can name; the kebab-case code is its public name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum Cause {
            $($(#[doc = $doc])+ #[serde(rename = $code)] $variant,)*
        }

        impl Cause {
            /// Every cause, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The public code, kebab-case.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// What it means, in one English sentence; the bot's own words are in the locale files.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),* }
            }

            /// Its page of the documentation: symptom, evidence, how to confirm by hand, fix. Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../../docs/causes/", $code, ".md"))),*
                }
            }

            /// The group it belongs to.
            #[must_use]
            pub fn family(self) -> Family {
                match self { $(Self::$variant => Family::$family),* }
            }

            /// Where it stands in the order of explanation.
            #[must_use]
            pub fn tier(self) -> Tier {
                match self { $(Self::$variant => Tier::$tier),* }
            }
        }
    };
}

causes! {
    /// The kernel killed the container at its memory limit, or its runtime ran out of heap below it.
    OomKilled = "oom-killed", Container, Mechanism;
    /// The application ends with an error of its own.
    CrashApplicationError = "crash-application-error", Container, Consequence;
    /// The command or entrypoint does not exist in the image.
    CrashCommandNotFound = "crash-command-not-found", Container, Mechanism;
    /// A variable the application needs is missing or empty.
    CrashMissingEnv = "crash-missing-env", Container, Mechanism;
    /// The file to be run cannot be: built for another architecture, or without the right to execute it.
    CrashNotExecutable = "crash-not-executable", Container, Mechanism;
    /// Native code crashed.
    CrashSegfault = "crash-segfault", Container, Mechanism;
    /// The application cannot read its configuration.
    CrashBadConfig = "crash-bad-config", Container, Mechanism;
    /// The database refuses the user or its password.
    DatabaseAuthFailed = "database-auth-failed", Container, Mechanism;
    /// The database takes no writes.
    DatabaseReadOnly = "database-read-only", Container, Mechanism;
    /// There is no room left on a disk that the application writes to.
    DiskFull = "disk-full", Container, Mechanism;
    /// The application may not read or write a path it needs.
    PermissionDenied = "permission-denied", Container, Mechanism;
    /// A certificate is expired, not trusted, or for another name.
    TlsCertificateInvalid = "tls-certificate-invalid", Container, Mechanism;
    /// The port is taken already.
    PortConflict = "port-conflict", Container, Mechanism;
    /// Something the application needs does not answer.
    DependencyUnreachable = "dependency-unreachable", Container, Consequence;
    /// The application is told an address that nothing offers.
    DependencyWrongAddress = "dependency-wrong-address", Container, Mechanism;
    /// The server has no connection left to give.
    ConnectionLimitReached = "connection-limit-reached", Container, Mechanism;
    /// The liveness probe asks a port nothing listens on.
    LivenessProbeWrongPort = "liveness-probe-wrong-port", Container, Mechanism;
    /// The liveness probe asks a path the application does not have.
    LivenessProbeWrongPath = "liveness-probe-wrong-path", Container, Mechanism;
    /// The liveness probe speaks another protocol than the application.
    LivenessProbeWrongProtocol = "liveness-probe-wrong-protocol", Container, Mechanism;
    /// The liveness probe kills the container before it has started.
    LivenessProbeTooEarly = "liveness-probe-too-early", Container, Mechanism;
    /// The liveness probe's time-out is shorter than the application's answer.
    LivenessProbeTooStrict = "liveness-probe-too-strict", Container, Mechanism;
    /// The readiness probe asks a port nothing listens on.
    ReadinessProbeWrongPort = "readiness-probe-wrong-port", Container, Mechanism;
    /// The readiness probe asks a path the application does not have.
    ReadinessProbeWrongPath = "readiness-probe-wrong-path", Container, Mechanism;
    /// The readiness probe speaks another protocol than the application.
    ReadinessProbeWrongProtocol = "readiness-probe-wrong-protocol", Container, Mechanism;
    /// The application itself says that it is not ready.
    ReadinessProbeFailing = "readiness-probe-failing", Container, Consequence;
    /// A `ConfigMap` the pod needs does not exist.
    ConfigMapMissing = "configmap-missing", Start, Mechanism;
    /// A Secret the pod needs does not exist.
    SecretMissing = "secret-missing", Start, Mechanism;
    /// The registry does not have that tag.
    ImageTagNotFound = "image-tag-not-found", Start, Mechanism;
    /// The registry refuses the pull for want of credentials.
    ImagePullUnauthorized = "image-pull-unauthorized", Start, Mechanism;
    /// The registry does not answer.
    ImageRegistryUnreachable = "image-registry-unreachable", Start, Mechanism;
    /// A key that the pod needs is not in its `ConfigMap`.
    ConfigMapKeyMissing = "configmap-key-missing", Start, Mechanism;
    /// A key that the pod needs is not in its Secret.
    SecretKeyMissing = "secret-key-missing", Start, Mechanism;
    /// The registry does not know that repository.
    ImageNotFound = "image-not-found", Start, Mechanism;
    /// The image's name cannot be one.
    ImageNameInvalid = "image-name-invalid", Start, Mechanism;
    /// The registry answers that too many images were pulled.
    ImagePullRateLimited = "image-pull-rate-limited", Start, Mechanism;
    /// The image does not exist for the node's architecture.
    ImageArchitectureMismatch = "image-architecture-mismatch", Start, Mechanism;
    /// The image may not be pulled and is not on the node.
    ImageNeverPulled = "image-never-pulled", Start, Mechanism;
    /// The volume cannot be attached to the node.
    VolumeAttachFailed = "volume-attach-failed", Start, Mechanism;
    /// The node cannot set up the pod's network.
    SandboxNetworkFailed = "sandbox-network-failed", Start, Mechanism;
    /// No node has enough free CPU for what the pod requests.
    InsufficientCpu = "insufficient-cpu", Scheduling, Mechanism;
    /// No node has enough free memory for what the pod requests.
    InsufficientMemory = "insufficient-memory", Scheduling, Mechanism;
    /// No node carries the labels the pod selects.
    NodeSelectorMismatch = "node-selector-mismatch", Scheduling, Mechanism;
    /// Every otherwise fitting node has a taint the pod does not tolerate.
    TaintNotTolerated = "taint-not-tolerated", Scheduling, Mechanism;
    /// A `PersistentVolumeClaim` the pod mounts does not exist.
    PvcMissing = "pvc-missing", Scheduling, Mechanism;
    /// The namespace's quota on CPU is used up.
    QuotaExceededCpu = "quota-exceeded-cpu", Refused, Mechanism;
    /// The namespace's quota on memory is used up.
    QuotaExceededMemory = "quota-exceeded-memory", Refused, Mechanism;
    /// The namespace's quota on pods is used up.
    QuotaExceededPods = "quota-exceeded-pods", Refused, Mechanism;
    /// The namespace's quota on services is used up.
    QuotaExceededServices = "quota-exceeded-services", Refused, Mechanism;
    /// The namespace's quota on storage is used up.
    QuotaExceededStorage = "quota-exceeded-storage", Refused, Mechanism;
    /// The namespace's quota on some other object count is used up.
    QuotaExceededObjects = "quota-exceeded-objects", Refused, Mechanism;
    /// A container asks for more or less than the namespace's limit range allows.
    LimitRangeViolated = "limit-range-violated", Refused, Mechanism;
    /// The namespace's pod security standard forbids the pod.
    PodSecurityDenied = "pod-security-denied", Refused, Mechanism;
    /// An admission webhook refuses the object.
    AdmissionWebhookDenied = "admission-webhook-denied", Refused, Mechanism;
    /// An admission webhook that has to be asked does not answer.
    AdmissionWebhookUnavailable = "admission-webhook-unavailable", Refused, Mechanism;
    /// The `ServiceAccount` of the pods does not exist.
    ServiceAccountMissing = "service-account-missing", Refused, Mechanism;
    /// The workload is set to zero replicas.
    ScaledToZero = "scaled-to-zero", Workload, Mechanism;
    /// The new revision fails where the old one worked.
    RolloutBadRevision = "rollout-bad-revision", Workload, Consequence;
    /// The Service selects labels that no pod carries.
    ServiceSelectorMismatch = "service-selector-mismatch", Traffic, Mechanism;
    /// The Service has no pod that is ready.
    ServiceNoReadyEndpoints = "service-no-ready-endpoints", Traffic, Consequence;
    /// The Service sends to a port the pods do not serve.
    ServiceTargetPortMismatch = "service-target-port-mismatch", Traffic, Mechanism;
    /// The container is held back by its CPU limit.
    CpuThrottled = "cpu-throttled", Performance, Consequence;
    /// More requests fail than usual.
    ErrorRateHigh = "error-rate-high", Performance, Indicator;
    /// A number got worse right after a change.
    RegressionAfterChange = "regression-after-change", Performance, Consequence;
    /// The containers, or the node they are on, use all the CPU they may.
    CpuSaturated = "cpu-saturated", Performance, Consequence;
    /// The container's memory is close to its limit.
    MemoryNearLimit = "memory-near-limit", Performance, Indicator;
    /// Far more requests come than at this time on other days.
    TrafficSurge = "traffic-surge", Performance, Mechanism;
    /// Fewer replicas serve than the usual load needs.
    TooFewReplicas = "too-few-replicas", Performance, Mechanism;
    /// A workload is slow because one that it calls is slow.
    LatencyFromDependency = "latency-from-dependency", Performance, Indicator;
    /// Packets take long between this node and the others.
    NetworkLatencyHigh = "network-latency-high", Performance, Mechanism;
    /// The node loses packets.
    NetworkPacketLoss = "network-packet-loss", Performance, Mechanism;
    /// One pod takes most of the requests.
    UnevenLoad = "uneven-load", Performance, Mechanism;
    /// The application spends its time collecting garbage.
    GarbageCollectionPressure = "garbage-collection-pressure", Performance, Consequence;
    /// The node's container runtime does not answer its kubelet.
    ContainerRuntimeDown = "container-runtime-down", Node, Mechanism;
    /// The node has no working pod network.
    NodeNetworkUnavailable = "node-network-unavailable", Node, Mechanism;
    /// The node runs out of memory and evicts pods.
    NodeMemoryPressure = "node-memory-pressure", Node, Mechanism;
    /// The node runs out of disk and evicts pods.
    NodeDiskPressure = "node-disk-pressure", Node, Mechanism;
    /// The node runs out of process ids.
    NodePidPressure = "node-pid-pressure", Node, Mechanism;
    /// The node is not ready.
    NodeNotReady = "node-not-ready", Node, Mechanism;
}
