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
    /// The delivery chain.
    Delivery,
    /// What watches.
    Monitoring,
    /// How a workload is set up: no incident.
    Review,
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
    pub const ALL: [Self; 11] = [
        Self::Container,
        Self::Start,
        Self::Scheduling,
        Self::Refused,
        Self::Workload,
        Self::Traffic,
        Self::Performance,
        Self::Node,
        Self::Delivery,
        Self::Monitoring,
        Self::Review,
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
            Self::Delivery => "Delivery",
            Self::Monitoring => "Watching itself",
            Self::Review => "Review",
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
    /// A name that the application calls does not resolve.
    DnsResolutionFailed = "dns-resolution-failed", Container, Consequence;
    /// The start-up probe gives the container up: it asks the wrong thing, or waits too short a time.
    StartupProbeFailing = "startup-probe-failing", Container, Mechanism;
    /// A step before the application's start fails, or waits for something that does not come.
    InitContainerFailing = "init-container-failing", Container, Consequence;
    /// The application runs and writes errors into its log.
    ApplicationErrorsInLog = "application-errors-in-log", Container, Indicator;
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
    /// A Secret that the pod names for pulling its images does not exist.
    ImagePullSecretMissing = "image-pull-secret-missing", Start, Mechanism;
    /// A volume of the pod cannot be mounted on its node.
    VolumeMountFailed = "volume-mount-failed", Start, Mechanism;
    /// The user of the container may not use a volume that is mounted into it.
    VolumePermissionDenied = "volume-permission-denied", Start, Mechanism;
    /// The kubelet or its container runtime cannot create the container.
    ContainerRuntimeError = "container-runtime-error", Start, Mechanism;
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
    /// No node has enough free of another resource: GPUs, ephemeral storage, places for pods.
    InsufficientOther = "insufficient-other", Scheduling, Mechanism;
    /// No node satisfies the node affinity the pod requires.
    NodeAffinityMismatch = "node-affinity-mismatch", Scheduling, Mechanism;
    /// The pods it has to run near are not where it could run.
    PodAffinityUnsatisfied = "pod-affinity-unsatisfied", Scheduling, Mechanism;
    /// On every fitting node is a pod that must not be near it.
    PodAntiAffinityConflict = "pod-anti-affinity-conflict", Scheduling, Mechanism;
    /// No node keeps the spread over zones or nodes that the pod requires.
    TopologySpreadUnsatisfied = "topology-spread-unsatisfied", Scheduling, Mechanism;
    /// The node that would take the pod is cordoned.
    NodeCordoned = "node-cordoned", Scheduling, Mechanism;
    /// The host port is taken on every fitting node.
    HostPortUnavailable = "host-port-unavailable", Scheduling, Mechanism;
    /// The claim's storage class does not exist, or it names none and there is no default.
    PvcStorageClassMissing = "pvc-storage-class-missing", Scheduling, Mechanism;
    /// No volume has the access mode the claim asks for.
    PvcAccessModeMismatch = "pvc-access-mode-mismatch", Scheduling, Mechanism;
    /// No volume is as large as the claim asks for.
    PvcCapacityMismatch = "pvc-capacity-mismatch", Scheduling, Mechanism;
    /// No volume carries the labels the claim selects.
    PvcSelectorMismatch = "pvc-selector-mismatch", Scheduling, Mechanism;
    /// The provisioner does not make the claim's volume.
    PvcProvisioningFailed = "pvc-provisioning-failed", Scheduling, Mechanism;
    /// The volume the claim asks for belongs to another claim.
    PvBoundElsewhere = "pv-bound-elsewhere", Scheduling, Mechanism;
    /// The volume is kept for a claim that was deleted.
    PvReleased = "pv-released", Scheduling, Mechanism;
    /// The pod's volume can be used only where the pod cannot run.
    VolumeZoneConflict = "volume-zone-conflict", Scheduling, Mechanism;
    /// A pod of higher priority took its place.
    Preempted = "preempted", Scheduling, Mechanism;
    /// A scheduling gate holds the pod back.
    SchedulingGated = "scheduling-gated", Scheduling, Mechanism;
    /// No scheduler looks at the pods that wait for a node.
    SchedulerDown = "scheduler-down", Scheduling, Mechanism;
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
    /// A `ServiceAccount` lacks a right that its pods need at the API server.
    RbacForbidden = "rbac-forbidden", Refused, Mechanism;
    /// The workload is set to zero replicas.
    ScaledToZero = "scaled-to-zero", Workload, Mechanism;
    /// The new revision fails where the old one worked.
    RolloutBadRevision = "rollout-bad-revision", Workload, Consequence;
    /// The rollout made no progress within its deadline.
    RolloutStuck = "rollout-stuck", Workload, Indicator;
    /// A change waits, because the rollout is paused.
    RolloutPaused = "rollout-paused", Workload, Indicator;
    /// Replicas are missing for a while, and nothing better is known.
    ReplicasUnavailable = "replicas-unavailable", Workload, Indicator;
    /// An ordered rollout waits for one pod that does not get ready.
    StatefulSetOrdinalStuck = "statefulset-ordinal-stuck", Workload, Mechanism;
    /// The `DaemonSet` runs on nodes it is not meant for, or no node fits it.
    DaemonSetMisscheduled = "daemonset-misscheduled", Workload, Mechanism;
    /// A disruption budget keeps a node from being drained.
    PdbBlocksEviction = "pdb-blocks-eviction", Workload, Mechanism;
    /// The Job failed as often as it may and gave up.
    JobBackoffExceeded = "job-backoff-exceeded", Workload, Indicator;
    /// The Job ran longer than it may and was stopped.
    JobDeadlineExceeded = "job-deadline-exceeded", Workload, Indicator;
    /// The pods of a Job fail one after the other.
    JobPodsFailing = "job-pods-failing", Workload, Indicator;
    /// The `CronJob` is suspended.
    CronJobSuspended = "cronjob-suspended", Workload, Mechanism;
    /// Runs of the `CronJob` were due and did not start.
    CronJobMissedSchedules = "cronjob-missed-schedules", Workload, Consequence;
    /// The `CronJob` has a schedule or a template that cannot be.
    CronJobInvalid = "cronjob-invalid", Workload, Mechanism;
    /// The autoscaler wants more replicas than it may have.
    HpaAtMax = "hpa-at-max", Workload, Consequence;
    /// The autoscaler gets no metrics.
    HpaCannotReadMetrics = "hpa-cannot-read-metrics", Workload, Indicator;
    /// The autoscaler is to scale something that does not exist.
    HpaTargetMissing = "hpa-target-missing", Workload, Mechanism;
    /// The autoscaler needs a request that a container does not have.
    HpaNoRequests = "hpa-no-requests", Workload, Mechanism;
    /// Nobody acts on what workloads ask for: the controller manager is silent.
    ControllerManagerDown = "controller-manager-down", Workload, Mechanism;
    /// The Service selects labels that no pod carries.
    ServiceSelectorMismatch = "service-selector-mismatch", Traffic, Mechanism;
    /// The Service has no pod that is ready.
    ServiceNoReadyEndpoints = "service-no-ready-endpoints", Traffic, Consequence;
    /// The Service sends to a port the pods do not serve.
    ServiceTargetPortMismatch = "service-target-port-mismatch", Traffic, Mechanism;
    /// A Service that others call does not exist.
    ServiceMissing = "service-missing", Traffic, Mechanism;
    /// The Service sends to a port by a name that no container port has.
    ServicePortNameMismatch = "service-port-name-mismatch", Traffic, Mechanism;
    /// The way to the pods speaks another protocol than they do.
    ServiceProtocolMismatch = "service-protocol-mismatch", Traffic, Mechanism;
    /// The Ingress sends to a Service that does not exist.
    IngressBackendMissing = "ingress-backend-missing", Traffic, Mechanism;
    /// The Ingress sends to a port that its Service does not offer.
    IngressPortMismatch = "ingress-port-mismatch", Traffic, Mechanism;
    /// No Ingress controller is responsible for the Ingress.
    IngressClassMissing = "ingress-class-missing", Traffic, Mechanism;
    /// The certificate's Secret that the Ingress names does not exist.
    IngressTlsSecretMissing = "ingress-tls-secret-missing", Traffic, Mechanism;
    /// Two Ingresses claim the same host and path.
    IngressHostConflict = "ingress-host-conflict", Traffic, Mechanism;
    /// A route of the Gateway API leads nowhere, or its gateway does not take it.
    GatewayRouteMisrouted = "gateway-route-misrouted", Traffic, Mechanism;
    /// A `NetworkPolicy` does not allow the connection.
    NetworkPolicyBlocks = "network-policy-blocks", Traffic, Mechanism;
    /// The Service's load balancer is not there.
    LoadbalancerPending = "loadbalancer-pending", Traffic, Mechanism;
    /// The node's kube-proxy does not run.
    KubeProxyDown = "kube-proxy-down", Traffic, Mechanism;
    /// The cluster's DNS server does not run.
    DnsServiceDown = "dns-service-down", Traffic, Mechanism;
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
    /// The kubelet of a node is silent, and nothing says that its machine is off.
    KubeletDown = "kubelet-down", Node, Mechanism;
    /// A machine is off, or several nodes cannot be reached at the same time.
    NodeUnreachable = "node-unreachable", Node, Mechanism;
    /// The network of a node works badly.
    NodeNetworkDegraded = "node-network-degraded", Node, Mechanism;
    /// The clock of a node is wrong.
    NodeClockSkew = "node-clock-skew", Node, Mechanism;
    /// The API server answers late or not at all.
    ApiServerDegraded = "api-server-degraded", Node, Consequence;
    /// The store of the API server answers late or not at all.
    EtcdDegraded = "etcd-degraded", Node, Mechanism;
    /// A certificate runs out soon, or cannot be renewed.
    CertificateExpiring = "certificate-expiring", Node, Mechanism;
    /// The resource metrics API does not answer.
    MetricsApiDown = "metrics-api-down", Node, Consequence;
    /// The last upgrade or installation of a Helm release failed.
    HelmReleaseFailed = "helm-release-failed", Delivery, Consequence;
    /// A Helm operation never ended, and bars every other one.
    HelmReleasePending = "helm-release-pending", Delivery, Mechanism;
    /// A hook of a Helm release failed.
    HelmHookFailed = "helm-hook-failed", Delivery, Consequence;
    /// Someone changed by hand what a Helm release manages.
    HelmValuesDrift = "helm-values-drift", Delivery, Consequence;
    /// Argo CD tried to bring the Application in line with Git and failed.
    ArgocdSyncFailed = "argocd-sync-failed", Delivery, Consequence;
    /// What runs is not what Git says, and nothing brings it in line.
    ArgocdOutOfSync = "argocd-out-of-sync", Delivery, Consequence;
    /// Argo CD finds the Application's objects unhealthy.
    ArgocdDegraded = "argocd-degraded", Delivery, Consequence;
    /// A sync waits for an earlier wave, or for a hook, that does not become healthy.
    ArgocdWaveBlocked = "argocd-wave-blocked", Delivery, Consequence;
    /// The Argo CD project does not allow the source, the destination or the object.
    ArgocdProjectDenied = "argocd-project-denied", Delivery, Mechanism;
    /// Argo CD cannot read the repository, the revision or the path.
    ArgocdRepoError = "argocd-repo-error", Delivery, Mechanism;
    /// The last build of a Jenkins job failed in one of its stages.
    JenkinsStageFailed = "jenkins-stage-failed", Delivery, Consequence;
    /// A build waits, and no agent that could run it is there.
    JenkinsAgentUnavailable = "jenkins-agent-unavailable", Delivery, Mechanism;
    /// The code does not pass the quality gate of its `SonarQube` project.
    SonarQualityGateFailed = "sonar-quality-gate-failed", Delivery, Mechanism;
    /// Prometheus scrapes it and gets no answer.
    TargetDown = "target-down", Monitoring, Consequence;
    /// Prometheus does not scrape it: a link between `ServiceMonitor` and Service does not match.
    TargetMissing = "target-missing", Monitoring, Consequence;
    /// Prometheus gets an answer that it cannot use.
    ScrapeFailing = "scrape-failing", Monitoring, Consequence;
    /// A rule cannot be evaluated.
    RuleError = "rule-error", Monitoring, Consequence;
    /// The scrape works and gives, or leaves, no samples.
    NoData = "no-data", Monitoring, Consequence;
    /// An alert asks for a label value that nothing has.
    AlertMisconfigured = "alert-misconfigured", Monitoring, Consequence;
    /// A container has no liveness probe.
    NoLivenessProbe = "no-liveness-probe", Review, Indicator;
    /// A container that serves has no readiness probe.
    NoReadinessProbe = "no-readiness-probe", Review, Indicator;
    /// A container has no memory limit.
    NoResourceLimits = "no-resource-limits", Review, Indicator;
    /// A container requests no CPU or no memory.
    NoResourceRequests = "no-resource-requests", Review, Indicator;
    /// No autoscaler scales the workload.
    NoAutoscaler = "no-autoscaler", Review, Indicator;
    /// The workload has one replica only.
    SingleReplica = "single-replica", Review, Indicator;
    /// The image has no tag, or one that moves.
    LatestTag = "latest-tag", Review, Indicator;
    /// No disruption budget keeps replicas up during a drain.
    NoPdb = "no-pdb", Review, Indicator;
    /// The container runs, or may run, as root.
    RunsAsRoot = "runs-as-root", Review, Indicator;
    /// A secret stands as plain text in the environment of a container.
    SecretInEnvLiteral = "secret-in-env-literal", Review, Indicator;
}
