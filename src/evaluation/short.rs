//! What a case writes in short form: workloads with their pods, events.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

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

/// Usage of one container, as `kubectl top` shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageSpec {
    /// `440m`.
    pub cpu: String,
    /// `300Mi`.
    pub memory: String,
}

pub(super) fn production() -> String {
    "production".to_owned()
}
fn six_days() -> String {
    "6d".to_owned()
}
fn twenty_seconds() -> String {
    "20s".to_owned()
}
fn kubelet() -> String {
    "kubelet".to_owned()
}
fn port() -> u16 {
    8080
}
fn one() -> i32 {
    1
}
fn five() -> u32 {
    5
}

fn deployment() -> String {
    "Deployment".to_owned()
}

fn month() -> String {
    "34d".to_owned()
}

fn one_minute() -> String {
    "1m".to_owned()
}

fn warning() -> String {
    "Warning".to_owned()
}

fn two() -> usize {
    2
}

fn yes() -> bool {
    true
}

fn one_time() -> u32 {
    1
}
