//! A case as it is written.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::short::{AppSpec, EventSpec, UsageSpec, production};
use crate::finding::{Cause, Kind, Subject, Symptom, Verdict};
use crate::investigation::case::{Gates, Indicator, Pipelines, Watching};

/// One case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// The question as a person would ask it.
    pub question: String,
    /// `Kind/namespace/name` of the object the question must be understood to be about.
    #[serde(default)]
    pub about: Option<String>,
    /// As `--namespace`: a wide question is about everything in it. Without both, about the whole cluster.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Environments as `vigie.yaml` has them, with their namespaces; default: each namespace that is called so.
    #[serde(default)]
    pub environments: BTreeMap<String, Vec<String>>,
    /// What the asker says is wrong, where the judges alone are asked.
    #[serde(default)]
    pub symptoms: Vec<Symptom>,
    /// When the question is asked.
    #[serde(default = "when")]
    pub now: DateTime<Utc>,
    /// What must come out.
    pub expect: Expect,
    /// Files of `worlds/` that are there too; an object of the case replaces one of theirs.
    #[serde(default)]
    pub include: Vec<String>,
    /// Workloads in short form.
    #[serde(default)]
    pub apps: Vec<AppSpec>,
    /// Plain Kubernetes objects.
    #[serde(default)]
    pub objects: Vec<Value>,
    /// Changes (JSON merge patches) to objects that are there by now.
    #[serde(default)]
    pub patches: Vec<Patch>,
    /// Objects that are taken away, `Kind/namespace/name`: those of a world, or made by a short form.
    #[serde(default)]
    pub without: Vec<String>,
    /// Events in short form.
    #[serde(default)]
    pub events: Vec<EventSpec>,
    /// Logs.
    #[serde(default)]
    pub logs: Vec<Log>,
    /// What Prometheus says.
    #[serde(default)]
    pub readings: Vec<ReadingSpec>,
    /// What Prometheus says of its targets and rules, in the shapes of its API.
    #[serde(default)]
    pub prometheus: Option<Watching>,
    /// What Jenkins says; without it there is none.
    #[serde(default)]
    pub jenkins: Option<Pipelines>,
    /// What `SonarQube` says; without it there is none.
    #[serde(default)]
    pub sonarqube: Option<Gates>,
    /// What metrics-server says, by `namespace/pod/container`.
    #[serde(default)]
    pub usage: BTreeMap<String, UsageSpec>,
    /// Kinds that may not be read (403).
    #[serde(default)]
    pub unread: Vec<String>,
    /// Kinds that were read in every namespace, where the judges alone are asked.
    #[serde(default)]
    pub everywhere: Vec<String>,
}

pub(super) fn when() -> DateTime<Utc> {
    // A Monday morning; the same for all cases that do not say.
    DateTime::from_timestamp(1_795_425_240, 0).unwrap_or_default()
}

/// The expected answer: root causes, or a verdict without one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The root cause, where there is one.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// `Kind/namespace/name`; the namespace is empty for what has none.
    #[serde(default)]
    pub subject: Option<String>,
    /// Container, where the subject points at one.
    #[serde(default)]
    pub container: Option<String>,
    /// Further root causes of independent faults: all must be named, any may be first.
    #[serde(default)]
    pub and: Vec<Root>,
    /// The verdict; `cause-found` when a cause is expected.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// Instead of a cause, for a plain question: what the answer must say, in these words.
    #[serde(default)]
    pub says: Vec<String>,
    /// What a plain answer must not say.
    #[serde(default)]
    pub omits: Vec<String>,
    /// Causes that must not be named as a root.
    #[serde(default)]
    pub forbidden: Vec<Cause>,
    /// Subjects that must not be named as a root, `Kind/namespace/name`.
    #[serde(default)]
    pub spared: Vec<String>,
}

/// One expected root cause.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Root {
    /// The cause.
    pub cause: Cause,
    /// `Kind/namespace/name`.
    pub subject: String,
    /// Container, where the subject points at one.
    #[serde(default)]
    pub container: Option<String>,
}

/// A change to an object.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// `Kind/namespace/name`.
    pub object: String,
    /// JSON merge patch (RFC 7396).
    pub merge: Value,
}

/// A log. Lines without the kubelet's timestamp are a second apart, the last one a few seconds old.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Namespace of the pod.
    #[serde(default = "production")]
    pub namespace: String,
    /// Pod.
    pub pod: String,
    /// Container.
    #[serde(default = "app")]
    pub container: String,
    /// Whether it is the run before.
    #[serde(default)]
    pub previous: bool,
    /// The lines.
    pub text: String,
}

/// One indicator, as Prometheus would give it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingSpec {
    /// What it measures.
    pub indicator: Indicator,
    /// Namespace of the workload.
    #[serde(default = "production")]
    pub namespace: String,
    /// Workload; none for a node.
    #[serde(default)]
    pub workload: String,
    /// Pod, where the series has one.
    #[serde(default)]
    pub pod: Option<String>,
    /// Container, where the series has one.
    #[serde(default)]
    pub container: Option<String>,
    /// Node, where the series is a node's.
    #[serde(default)]
    pub node: Option<String>,
    /// Now.
    pub now: f64,
    /// At the same time yesterday.
    #[serde(default)]
    pub usual: Option<f64>,
    /// At the same time a week ago.
    #[serde(default)]
    pub week: Option<f64>,
    /// Unix seconds and value.
    #[serde(default)]
    pub history: Vec<(f64, f64)>,
}

impl Expect {
    /// Every root cause that must be named.
    #[must_use]
    pub fn roots(&self) -> Vec<Root> {
        let own = self.cause.map(|cause| Root {
            cause,
            subject: self.subject.clone().unwrap_or_default(),
            container: self.container.clone(),
        });
        own.into_iter().chain(self.and.iter().cloned()).collect()
    }
}

/// `Kind/namespace/name` in parts; the namespace may be empty.
pub(super) fn place(text: &str) -> Option<(&str, &str, &str)> {
    let mut parts = text.splitn(3, '/');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

/// `Kind/namespace/name` as a subject.
pub(super) fn subject(text: &str) -> Option<Subject> {
    let (kind, namespace, name) = place(text)?;
    let kind = Kind::parse(kind)?;
    Some(if namespace.is_empty() {
        Subject::cluster(kind, name)
    } else {
        Subject::new(kind, namespace, name)
    })
}

fn app() -> String {
    "app".to_owned()
}
