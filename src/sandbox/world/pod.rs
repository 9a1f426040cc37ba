//! The states a pod can be in, as the kubelet writes them into its status.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::sandbox::kube::fnv;

/// How a container instance ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Death {
    /// `OOMKilled`, `Error`, `Completed`.
    pub reason: Cow<'static, str>,
    /// 137 for a kill.
    pub exit_code: i32,
    /// When that instance started.
    pub started: DateTime<Utc>,
    /// When it ended.
    pub finished: DateTime<Utc>,
}

/// What a pod's first container is doing. Its other containers, if any, run.
#[derive(Clone, Debug, PartialEq)]
pub enum PodState {
    /// It runs; `ready` is its readiness probe's answer.
    Running {
        /// Start of this instance.
        since: DateTime<Utc>,
        /// Restarts before it.
        restarts: u32,
        /// How the instance before ended.
        last: Option<Death>,
        /// The readiness probe's answer.
        ready: bool,
    },
    /// It keeps dying and waits for its next start.
    CrashLoop {
        /// Restarts so far.
        restarts: u32,
        /// How the last instance ended.
        last: Death,
    },
    /// It cannot start: `ImagePullBackOff`, `CreateContainerConfigError`.
    Waiting {
        /// The kubelet's reason.
        reason: Cow<'static, str>,
        /// The kubelet's message.
        message: String,
    },
    /// No node takes it: the scheduler's message.
    Pending {
        /// `0/4 nodes are available: …`
        message: String,
    },
    /// It ended well, as a Job's pod does.
    Completed(Death),
}

impl PodState {
    /// Running and ready since then, never restarted.
    #[must_use]
    pub fn healthy(since: DateTime<Utc>) -> Self {
        Self::Running {
            since,
            restarts: 0,
            last: None,
            ready: true,
        }
    }

    /// In back-off after `restarts` deaths of that reason, `apart` from each other; the last one
    /// happened `ago`, after a life of `lived`.
    #[must_use]
    pub fn crashing(
        now: DateTime<Utc>,
        (reason, exit_code): (&'static str, i32),
        restarts: u32,
        lived: TimeDelta,
        ago: TimeDelta,
    ) -> Self {
        let finished = now - ago;
        Self::CrashLoop {
            restarts,
            last: Death {
                reason: reason.into(),
                exit_code,
                started: finished - lived,
                finished,
            },
        }
    }

    /// Whether traffic may go there.
    #[must_use]
    pub fn ready(&self) -> bool {
        matches!(self, Self::Running { ready: true, .. })
    }

    fn phase(&self) -> &'static str {
        match self {
            Self::Running { .. } | Self::CrashLoop { .. } => "Running",
            Self::Waiting { .. } | Self::Pending { .. } => "Pending",
            Self::Completed(_) => "Succeeded",
        }
    }

    fn restarts(&self) -> u32 {
        match self {
            Self::Running { restarts, .. } | Self::CrashLoop { restarts, .. } => *restarts,
            _ => 0,
        }
    }
}

/// `2026-09-01T12:00:00Z`, as Kubernetes writes times.
pub(crate) fn stamp(at: DateTime<Utc>) -> Value {
    at.to_rfc3339_opts(SecondsFormat::Secs, true).into()
}

/// Writes the state into a pod object: `spec.nodeName` and the whole `status`.
pub(crate) fn apply(pod: &mut Value, state: &PodState, node: (&str, &str), now: DateTime<Utc>) {
    let created = pod["metadata"]["creationTimestamp"]
        .as_str()
        .and_then(|at| at.parse().ok())
        .unwrap_or(now);
    if let PodState::Pending { message } = state {
        if let Some(spec) = pod["spec"].as_object_mut() {
            spec.remove("nodeName");
        }
        pod["status"] = json!({
            "phase": "Pending", "qosClass": "Burstable",
            "conditions": [{
                "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                "message": message, "lastProbeTime": null, "lastTransitionTime": stamp(created),
            }],
        });
        return;
    }
    let (node, host_ip) = node;
    pod["spec"]["nodeName"] = node.into();
    let name = pod["metadata"]["name"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let statuses: Vec<Value> = pod["spec"]["containers"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(|(at, container)| {
            let sidecar = PodState::healthy(created);
            status(&name, container, if at == 0 { state } else { &sidecar })
        })
        .collect();
    pod["status"] = json!({
        "phase": state.phase(), "qosClass": "Burstable", "hostIP": host_ip,
        "hostIPs": [{ "ip": host_ip }], "podIP": ip(&name), "podIPs": [{ "ip": ip(&name) }],
        "startTime": stamp(created), "conditions": conditions(state, created, now),
        "containerStatuses": statuses,
    });
}

fn conditions(state: &PodState, created: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Value> {
    let changed = match state {
        PodState::Running { since, .. } => *since,
        PodState::CrashLoop { last, .. } | PodState::Completed(last) => last.finished,
        _ => created.min(now),
    };
    let ready = state.ready();
    let done = matches!(state, PodState::Completed(_));
    let condition = |kind: &str, holds: bool, at: DateTime<Utc>| {
        let mut condition = json!({
            "type": kind, "status": if holds { "True" } else { "False" },
            "lastProbeTime": null, "lastTransitionTime": stamp(at),
        });
        if !holds {
            let (reason, message) = if done {
                ("PodCompleted", String::new())
            } else {
                let message = "containers with unready status: [app]".to_owned();
                ("ContainersNotReady", message)
            };
            condition["reason"] = reason.into();
            condition["message"] = message.into();
        }
        condition
    };
    vec![
        condition("PodReadyToStartContainers", !done, created),
        condition("Initialized", true, created),
        condition("Ready", ready, changed),
        condition("ContainersReady", ready, changed),
        condition("PodScheduled", true, created),
    ]
}

fn status(pod: &str, container: &Value, state: &PodState) -> Value {
    let name = container["name"].as_str().unwrap_or_default();
    let id = |generation: u32| {
        let text = format!("{pod}/{name}/{generation}");
        let words: Vec<String> = (0..4)
            .map(|seed| format!("{:016x}", fnv(&text, seed)))
            .collect();
        format!("containerd://{}", words.concat())
    };
    let ended = |death: &Death, generation: u32| {
        json!({ "terminated": {
            "exitCode": death.exit_code, "reason": death.reason,
            "startedAt": stamp(death.started), "finishedAt": stamp(death.finished),
            "containerID": id(generation),
        }})
    };
    let restarts = state.restarts();
    let (now, last, started) = match state {
        PodState::Running { since, last, .. } => (
            json!({ "running": { "startedAt": stamp(*since) } }),
            last.as_ref()
                .map(|death| ended(death, restarts.saturating_sub(1))),
            // Until its start-up probe succeeds the kubelet does not take it for started.
            container["startupProbe"].is_null() || state.ready(),
        ),
        PodState::CrashLoop { last, .. } => (
            json!({ "waiting": {
                "reason": "CrashLoopBackOff",
                "message": format!(
                    "back-off {} restarting failed container={name} pod={pod}",
                    back_off(restarts)
                ),
            }}),
            Some(ended(last, restarts)),
            false,
        ),
        PodState::Waiting { reason, message } => (
            json!({ "waiting": { "reason": reason, "message": message } }),
            None,
            false,
        ),
        PodState::Pending { .. } => (json!({}), None, false),
        PodState::Completed(death) => (ended(death, 0), None, false),
    };
    let ran = !matches!(state, PodState::Waiting { .. });
    let digest = container["image"].as_str().unwrap_or_default();
    json!({
        "name": name, "image": container["image"], "ready": state.ready(), "started": started,
        "restartCount": restarts, "state": now, "lastState": last.unwrap_or_else(|| json!({})),
        "containerID": if ran { id(restarts) } else { String::new() },
        "imageID": if ran { image_id(digest) } else { String::new() },
    })
}

/// The kubelet doubles its back-off from 10 s to 5 min.
fn back_off(restarts: u32) -> String {
    match restarts {
        0 | 1 => "10s".to_owned(),
        2 => "20s".to_owned(),
        3 => "40s".to_owned(),
        4 => "1m20s".to_owned(),
        5 => "2m40s".to_owned(),
        _ => "5m0s".to_owned(),
    }
}

fn image_id(image: &str) -> String {
    let repository = image.rsplit_once(':').map_or(image, |(name, _)| name);
    let words: Vec<String> = (0..4)
        .map(|seed| format!("{:016x}", fnv(image, seed)))
        .collect();
    format!("{repository}@sha256:{}", words.concat())
}

/// The pod's address: the same for the same name.
pub(crate) fn ip(pod: &str) -> String {
    let number = fnv(pod, 3);
    format!("10.244.{}.{}", number % 200, 2 + (number >> 16) % 250)
}
