//! Container logs, and the kubelet's answers about them.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use super::status::Failure;

/// The lines of one container instance, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(Vec<(DateTime<Utc>, String)>);

impl Lines {
    /// Lines with their times.
    #[must_use]
    pub fn new(lines: Vec<(DateTime<Utc>, String)>) -> Self {
        Self(lines)
    }

    /// All of it, as the API server gives it with `timestamps=true`.
    fn whole(&self) -> String {
        let all = LogQuery {
            timestamps: true,
            ..LogQuery::default()
        };
        self.print(&all, DateTime::<Utc>::MIN_UTC)
    }

    /// The lines of `text`, `apart` from each other, the last one written at `end`.
    #[must_use]
    pub fn ending(end: DateTime<Utc>, apart: TimeDelta, text: &str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut at = end - apart * i32::try_from(lines.len().saturating_sub(1)).unwrap_or(i32::MAX);
        Self(
            lines
                .into_iter()
                .map(|line| {
                    let written = (at, line.to_owned());
                    at += apart;
                    written
                })
                .collect(),
        )
    }

    fn print(&self, wanted: &LogQuery, now: DateTime<Utc>) -> String {
        let since = wanted.since(now);
        let mut lines: Vec<_> = self
            .0
            .iter()
            .filter(|(at, _)| since.is_none_or(|since| *at >= since))
            .collect();
        if let Some(tail) = wanted.tail_lines {
            lines.drain(..lines.len().saturating_sub(tail));
        }
        let mut text = String::new();
        for (at, line) in lines {
            if wanted.timestamps {
                text.push_str(&at.to_rfc3339_opts(SecondsFormat::Nanos, true));
                text.push(' ');
            }
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

/// What a container wrote: this instance, and the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainerLog {
    /// Since the last start.
    pub current: Lines,
    /// The instance before; the kubelet may have thrown it away.
    pub previous: Option<Lines>,
}

impl ContainerLog {
    /// The whole text of this run, and of the one before (`true`), where there is any.
    pub(crate) fn texts(&self) -> Vec<(String, bool)> {
        let current = (!self.current.0.is_empty()).then(|| (self.current.whole(), false));
        let previous = self.previous.as_ref().map(|lines| (lines.whole(), true));
        current.into_iter().chain(previous).collect()
    }
}

/// The query of `pods/{name}/log`.
#[derive(Debug, Default)]
pub(crate) struct LogQuery {
    pub container: Option<String>,
    pub previous: bool,
    pub timestamps: bool,
    pub tail_lines: Option<usize>,
    pub limit_bytes: Option<usize>,
    pub since_seconds: Option<i64>,
    pub since_time: Option<DateTime<Utc>>,
}

impl LogQuery {
    fn since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.since_time
            .or_else(|| Some(now - TimeDelta::seconds(self.since_seconds?)))
    }
}

/// Which container is meant, in the API server's words when it cannot tell.
pub(crate) fn container(pod: &Value, wanted: Option<&str>) -> Result<String, Failure> {
    let names = |list: &Value| -> Vec<String> {
        let containers = list.as_array().map(Vec::as_slice).unwrap_or_default();
        containers
            .iter()
            .filter_map(|c| c["name"].as_str().map(str::to_owned))
            .collect()
    };
    let pod_name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let regular = names(&pod["spec"]["containers"]);
    let init = names(&pod["spec"]["initContainers"]);
    match wanted {
        Some(name) if regular.iter().chain(&init).any(|n| n == name) => Ok(name.to_owned()),
        Some(name) => Err(Failure::bad_request(format!(
            "container {name} is not valid for pod {pod_name}"
        ))),
        None if regular.len() == 1 && init.is_empty() => Ok(regular[0].clone()),
        None => {
            let or_init = if init.is_empty() {
                String::new()
            } else {
                format!(" or one of the init containers: [{}]", init.join(" "))
            };
            Err(Failure::bad_request(format!(
                "a container name must be specified for pod {pod_name}, choose one of: [{}]{or_init}",
                regular.join(" ")
            )))
        }
    }
}

/// The log text, or the kubelet's reason why there is none (`validateContainerLogStatus`).
pub(crate) fn read(
    pod: &Value,
    container: &str,
    log: Option<&ContainerLog>,
    wanted: &LogQuery,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, Failure> {
    if pod["spec"]["nodeName"].is_null() {
        // Not placed yet: the API server has no kubelet to ask and answers with nothing.
        return Ok(Vec::new());
    }
    let empty = Lines::default();
    let lines = match instance(pod, container, wanted.previous)? {
        Instance::Current => log.map(|log| &log.current),
        Instance::Previous => log.and_then(|log| log.previous.as_ref()),
    };
    let mut text = lines.unwrap_or(&empty).print(wanted, now).into_bytes();
    if let Some(limit) = wanted.limit_bytes {
        text.truncate(limit);
    }
    Ok(text)
}

enum Instance {
    Current,
    Previous,
}

fn instance(pod: &Value, container: &str, previous: bool) -> Result<Instance, Failure> {
    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
    let status = ["containerStatuses", "initContainerStatuses"]
        .iter()
        .filter_map(|list| pod["status"][list].as_array())
        .flatten()
        .find(|status| status["name"] == container)
        .unwrap_or(&Value::Null);
    let (state, last) = (&status["state"], &status["lastState"]["terminated"]);
    let refuse = |message: String| Err(Failure::bad_request(message));
    if previous {
        return if last["containerID"].is_string() {
            Ok(Instance::Previous)
        } else {
            refuse(format!(
                "previous terminated container \"{container}\" in pod \"{name}\" not found"
            ))
        };
    }
    if state["running"].is_object() || state["terminated"]["containerID"].is_string() {
        return Ok(Instance::Current);
    }
    if last["containerID"].is_string() {
        // Between two starts the last instance is the current one.
        return Ok(Instance::Previous);
    }
    let waiting = format!("container \"{container}\" in pod \"{name}\" is waiting to start");
    match state["waiting"]["reason"].as_str() {
        Some("ErrImagePull") => refuse(format!("{waiting}: image can't be pulled")),
        Some("ImagePullBackOff") => refuse(format!("{waiting}: trying and failing to pull image")),
        Some(reason) => refuse(format!("{waiting}: {reason}")),
        None => refuse(format!("{waiting} - no logs yet")),
    }
}
