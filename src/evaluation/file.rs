//! A case as it is written.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::finding::{Cause, Kind, Subject, Symptom, Verdict};
use crate::investigation::case::Indicator;

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

/// A workload in short form: healthy, with a Service of its name, unless said otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppSpec {
    /// Name of workload, Service, `ServiceAccount` and of the `app` label.
    pub name: String,
    /// Namespace.
    #[serde(default = "production")]
    pub namespace: String,
    /// `Deployment`, `StatefulSet` or `DaemonSet`.
    #[serde(default = "deployment")]
    pub kind: String,
    /// Replicas wanted.
    #[serde(default = "two")]
    pub replicas: usize,
    /// Image; default `registry.example/shop/NAME:1.4.0`.
    #[serde(default)]
    pub image: Option<String>,
    /// Age of the running revision.
    #[serde(default = "six_days")]
    pub since: String,
    /// The revision before it.
    #[serde(default)]
    pub before: Option<Before>,
    /// Port it listens on; 0 for none, and then there is no Service.
    #[serde(default = "port")]
    pub port: u16,
    /// Whether a Service of its name stands before it.
    #[serde(default = "yes")]
    pub service: bool,
    /// Labels of the pods besides `app`.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Merge patch into the container `app`.
    #[serde(default)]
    pub container: Value,
    /// Further containers.
    #[serde(default)]
    pub sidecars: Vec<Value>,
    /// Merge patch into the pod's spec: `initContainers`, `volumes`, `nodeSelector`, …
    #[serde(default)]
    pub spec: Value,
    /// Merge patch into the workload object, its status included, after all else.
    #[serde(default)]
    pub patch: Value,
    /// Pods in order; those not listed are ready.
    #[serde(default)]
    pub pods: Vec<PodSpec>,
    /// How many replicas have no pod at all.
    #[serde(default)]
    pub missing: usize,
    /// How many pods of the revision before still run, ready, besides.
    #[serde(default)]
    pub old: usize,
}

/// The revision before the running one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// Its image; default: the same.
    #[serde(default)]
    pub image: Option<String>,
    /// Its age.
    #[serde(default = "month")]
    pub age: String,
    /// Merge patch into today's container.
    #[serde(default)]
    pub container: Value,
    /// Merge patch into today's pod spec.
    #[serde(default)]
    pub spec: Value,
}

/// One pod of a short form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PodSpec {
    /// This many of the kind.
    #[serde(default)]
    pub count: Option<usize>,
    /// Keeps dying.
    #[serde(default)]
    pub crash: Option<End>,
    /// Cannot start.
    #[serde(default)]
    pub waiting: Option<Waiting>,
    /// No node takes it: the scheduler's message.
    #[serde(default)]
    pub pending: Option<String>,
    /// Runs, not quite as it should.
    #[serde(default)]
    pub running: Option<Running>,
    /// Ended well.
    #[serde(default)]
    pub completed: Option<End>,
    /// The node it is on.
    #[serde(default)]
    pub node: Option<String>,
    /// Log of the container `app`, this run's.
    #[serde(default)]
    pub log: Option<String>,
    /// Log of its run before.
    #[serde(default)]
    pub previous: Option<String>,
    /// What metrics-server says of the container `app`.
    #[serde(default)]
    pub usage: Option<UsageSpec>,
    /// Merge patch into the pod.
    #[serde(default)]
    pub patch: Value,
}

/// How a container ended.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Exit code.
    #[serde(default = "one")]
    pub exit: i32,
    /// The kubelet's reason; default by the code.
    #[serde(default)]
    pub reason: Option<String>,
    /// Restarts so far.
    #[serde(default = "five")]
    pub restarts: u32,
    /// How long that run lived.
    #[serde(default = "twenty_seconds")]
    pub lived: String,
    /// How long ago it ended.
    #[serde(default = "one_minute")]
    pub ago: String,
}

/// Why a container cannot start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// The kubelet's reason.
    pub reason: String,
    /// Its message.
    #[serde(default)]
    pub message: String,
}

/// A container that runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Running {
    /// The readiness probe's answer.
    #[serde(default = "yes")]
    pub ready: bool,
    /// How long this run lives; default: as long as the revision.
    #[serde(default)]
    pub since: Option<String>,
    /// Restarts before it.
    #[serde(default)]
    pub restarts: u32,
    /// How the run before ended.
    #[serde(default)]
    pub last: Option<End>,
}

/// An event in short form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSpec {
    /// `Kind/namespace/name`.
    pub about: String,
    /// `FailedScheduling`, …
    pub reason: String,
    /// The words.
    pub message: String,
    /// Who says so.
    #[serde(default = "kubelet")]
    pub by: String,
    /// `Warning` or `Normal`.
    #[serde(default = "warning", rename = "type")]
    pub kind: String,
    /// How long ago it was first seen; default: as `last`.
    #[serde(default)]
    pub first: Option<String>,
    /// How long ago it was last seen.
    #[serde(default = "one_minute")]
    pub last: String,
    /// How many times.
    #[serde(default = "one_time")]
    pub count: u32,
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
    /// Workload.
    pub workload: String,
    /// Pod, where the series has one.
    #[serde(default)]
    pub pod: Option<String>,
    /// Container, where the series has one.
    #[serde(default)]
    pub container: Option<String>,
    /// Now.
    pub now: f64,
    /// At the same time yesterday.
    #[serde(default)]
    pub usual: Option<f64>,
    /// Unix seconds and value.
    #[serde(default)]
    pub history: Vec<(f64, f64)>,
}

/// Usage of one container, as `kubectl top` shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageSpec {
    /// `440m`.
    pub cpu: String,
    /// `300Mi`.
    pub memory: String,
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

fn production() -> String {
    "production".to_owned()
}
fn deployment() -> String {
    "Deployment".to_owned()
}
fn six_days() -> String {
    "6d".to_owned()
}
fn month() -> String {
    "34d".to_owned()
}
fn twenty_seconds() -> String {
    "20s".to_owned()
}
fn one_minute() -> String {
    "1m".to_owned()
}
fn kubelet() -> String {
    "kubelet".to_owned()
}
fn warning() -> String {
    "Warning".to_owned()
}
fn app() -> String {
    "app".to_owned()
}
fn two() -> usize {
    2
}
fn port() -> u16 {
    8080
}
fn yes() -> bool {
    true
}
fn one() -> i32 {
    1
}
fn one_time() -> u32 {
    1
}
fn five() -> u32 {
    5
}
