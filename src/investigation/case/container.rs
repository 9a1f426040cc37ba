//! A container of a pod: its spec and its status side by side.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::core::v1::{
    Container as Spec, ContainerState, ContainerStateTerminated, ContainerStatus, Pod,
};

use super::{bytes, millicores, utc};

/// A container that is ready for this long is well again.
const SETTLED: TimeDelta = TimeDelta::minutes(10);
/// A run this long was no part of a series of crashes.
const LONG: TimeDelta = TimeDelta::hours(6);

/// One container (or init container) of one pod.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    /// The pod it belongs to.
    pub pod: &'a Pod,
    /// What was asked for.
    pub spec: &'a Spec,
    /// What the kubelet says; absent before the pod is placed.
    pub status: Option<&'a ContainerStatus>,
    /// Whether it is an init container.
    pub init: bool,
}

/// How a run of a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitView {
    /// Exit code; 128 + signal when killed by one.
    pub code: i32,
    /// `OOMKilled`, `Error`, `Completed`, `StartError`, …
    pub reason: String,
    /// The runtime's or the container's termination message.
    pub message: String,
    /// When it started.
    pub started: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished: Option<DateTime<Utc>>,
}

/// All containers of a pod, init containers first.
#[must_use]
pub fn containers(pod: &Pod) -> Vec<Container<'_>> {
    let Some(spec) = &pod.spec else {
        return Vec::new();
    };
    let status = pod.status.as_ref();
    let of = |list: Option<&'_ Vec<ContainerStatus>>, name: &str| -> Option<usize> {
        list?.iter().position(|status| status.name == name)
    };
    let init_statuses = status.and_then(|status| status.init_container_statuses.as_ref());
    let statuses = status.and_then(|status| status.container_statuses.as_ref());
    let mut all = Vec::new();
    for container in spec.init_containers.iter().flatten() {
        let at = of(init_statuses, &container.name);
        all.push(Container {
            pod,
            spec: container,
            status: at.and_then(|at| init_statuses?.get(at)),
            init: true,
        });
    }
    for container in &spec.containers {
        let at = of(statuses, &container.name);
        all.push(Container {
            pod,
            spec: container,
            status: at.and_then(|at| statuses?.get(at)),
            init: false,
        });
    }
    all
}

impl<'a> Container<'a> {
    /// Whether it is a step before the start: an init container that is meant to end. One with
    /// `restartPolicy: Always` runs along (KEP-753).
    #[must_use]
    pub fn is_step(&self) -> bool {
        self.init && self.spec.restart_policy.as_deref() != Some("Always")
    }

    /// Whether it only carries another container's traffic or secrets: its log is full of that one's trouble.
    #[must_use]
    pub fn is_proxy(&self) -> bool {
        const PROXIES: [&str; 8] = [
            "istio-proxy",
            "linkerd-proxy",
            "envoy",
            "envoy-sidecar",
            "consul-dataplane",
            "kuma-sidecar",
            "daprd",
            "vault-agent",
        ];
        PROXIES.contains(&self.name())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.spec.name
    }

    /// How often the kubelet restarted it.
    #[must_use]
    pub fn restarts(&self) -> i32 {
        self.status.map_or(0, |status| status.restart_count)
    }

    /// Whether it is ready.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.status.is_some_and(|status| status.ready)
    }

    /// Whether it runs at this moment.
    #[must_use]
    pub fn running_since(&self) -> Option<DateTime<Utc>> {
        let running = self.state()?.running.as_ref()?;
        running.started_at.as_ref().map(utc)
    }

    /// Why it waits: reason and message, such as `ImagePullBackOff`.
    #[must_use]
    pub fn waiting(&self) -> Option<(&'a str, &'a str)> {
        let waiting = self.state()?.waiting.as_ref()?;
        Some((
            waiting.reason.as_deref().unwrap_or_default(),
            waiting.message.as_deref().unwrap_or_default(),
        ))
    }

    /// How it ended last: the current state if it is terminated, else the last one.
    #[must_use]
    pub fn last_exit(&self) -> Option<ExitView> {
        let ended = self.state().and_then(|state| state.terminated.as_ref());
        let before = self
            .status
            .and_then(|status| status.last_state.as_ref()?.terminated.as_ref());
        ended.or(before).map(exit)
    }

    /// Memory limit in bytes.
    #[must_use]
    pub fn memory_limit(&self) -> Option<u64> {
        bytes(
            self.spec
                .resources
                .as_ref()?
                .limits
                .as_ref()?
                .get("memory")?,
        )
    }

    /// Memory request in bytes.
    #[must_use]
    pub fn memory_request(&self) -> Option<u64> {
        bytes(
            self.spec
                .resources
                .as_ref()?
                .requests
                .as_ref()?
                .get("memory")?,
        )
    }

    /// CPU limit in millicores.
    #[must_use]
    pub fn cpu_limit(&self) -> Option<u64> {
        millicores(self.spec.resources.as_ref()?.limits.as_ref()?.get("cpu")?)
    }

    /// CPU request in millicores.
    #[must_use]
    pub fn cpu_request(&self) -> Option<u64> {
        millicores(
            self.spec
                .resources
                .as_ref()?
                .requests
                .as_ref()?
                .get("cpu")?,
        )
    }

    /// Image as the spec writes it.
    #[must_use]
    pub fn image(&self) -> &'a str {
        self.spec.image.as_deref().unwrap_or_default()
    }

    /// Whether the container is named in the pod's env with that variable, from whatever source.
    #[must_use]
    pub fn has_env(&self, variable: &str) -> bool {
        self.spec
            .env
            .iter()
            .flatten()
            .any(|env| env.name == variable)
    }

    /// The literal value of a variable; `None` when it is absent or comes from elsewhere.
    #[must_use]
    pub fn env(&self, variable: &str) -> Option<&'a str> {
        self.spec
            .env
            .iter()
            .flatten()
            .find(|env| env.name == variable)?
            .value
            .as_deref()
    }

    /// Whether it is ready for longer than its last run lasted, and for ten minutes: then it is well again.
    #[must_use]
    pub fn has_settled(&self, now: DateTime<Utc>) -> bool {
        let Some(since) = self.running_since().filter(|_| self.ready()) else {
            return false;
        };
        let runs = now - since;
        let exit = self.last_exit();
        let lived = exit.and_then(|exit| Some(exit.finished? - exit.started?));
        let longer = lived.is_none_or(|lived| runs > lived || lived > LONG);
        runs >= SETTLED && longer
    }

    fn state(&self) -> Option<&'a ContainerState> {
        self.status?.state.as_ref()
    }
}

fn exit(terminated: &ContainerStateTerminated) -> ExitView {
    ExitView {
        code: terminated.exit_code,
        reason: terminated.reason.clone().unwrap_or_default(),
        message: terminated.message.clone().unwrap_or_default(),
        started: terminated.started_at.as_ref().map(utc),
        finished: terminated.finished_at.as_ref().map(utc),
    }
}
