//! A fixture file as it is written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use vigie::finding::{Cause, Kind, Subject, Symptom, Verdict};
use vigie::investigation::case::Indicator;

/// One fixture.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// The question as a person would ask it.
    #[serde(rename = "question")]
    pub _question: String,
    /// `Kind/namespace/name` of the object asked about.
    #[serde(default)]
    pub about: Option<String>,
    /// Namespace of a wide question. Without both, the question is about the whole cluster.
    #[serde(default)]
    pub namespace: Option<String>,
    /// What the asker says is wrong.
    #[serde(default)]
    pub symptoms: Vec<Symptom>,
    /// When the question is asked.
    pub now: DateTime<Utc>,
    /// What must come out.
    pub expect: Expect,
    /// Files of `worlds/` whose objects are there too; an object of the fixture replaces one of theirs.
    #[serde(default)]
    pub include: Vec<String>,
    /// Plain Kubernetes objects.
    #[serde(default)]
    pub objects: Vec<Value>,
    /// Logs.
    #[serde(default)]
    pub logs: Vec<Log>,
    /// What Prometheus says.
    #[serde(default)]
    pub readings: Vec<Reading>,
    /// What metrics-server says, by `namespace/pod/container`.
    #[serde(default)]
    pub usage: BTreeMap<String, Usage>,
    /// Kinds that could not be looked at (403).
    #[serde(default)]
    pub unread: Vec<String>,
    /// Kinds that were read in every namespace.
    #[serde(default)]
    pub everywhere: Vec<String>,
}

/// The expected answer: a cause and its subject, or a verdict without one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The root cause.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// `Kind/namespace/name`; the namespace is empty for what has none.
    #[serde(default)]
    pub subject: Option<String>,
    /// Container, where the subject points at one.
    #[serde(default)]
    pub container: Option<String>,
    /// The verdict; `cause-found` when a cause is expected.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// Causes that must not be named as the root.
    #[serde(default)]
    pub forbidden: Vec<Cause>,
}

/// A log, in the words the API server gives with `timestamps=true`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub namespace: String,
    pub pod: String,
    pub container: String,
    #[serde(default)]
    pub previous: bool,
    pub text: String,
}

/// One indicator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    pub indicator: Indicator,
    pub namespace: String,
    pub workload: String,
    #[serde(default)]
    pub pod: Option<String>,
    #[serde(default)]
    pub container: Option<String>,
    pub now: f64,
    #[serde(default)]
    pub usual: Option<f64>,
    #[serde(default)]
    pub history: Vec<(f64, f64)>,
}

/// Usage of one container, as `kubectl top` shows it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    pub cpu: String,
    pub memory: String,
}

/// A file of `worlds/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct World {
    objects: Vec<Value>,
}

/// The folder of all fixtures.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/causes")
}

/// Reads `CODE/KIND.yaml`, its worlds first.
pub fn load(code: &str, kind: &str) -> Fixture {
    let path = folder().join(code).join(format!("{kind}.yaml"));
    let mut fixture: Fixture = read(&path);
    let mut objects = Vec::new();
    for world in &fixture.include {
        let world: World = read(&folder().join("worlds").join(world));
        objects.extend(world.objects);
    }
    objects.append(&mut fixture.objects);
    fixture.objects = objects;
    fixture
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|err| panic!("{}: {err}", path.display()));
    serde_saphyr::from_str(&text).unwrap_or_else(|err| panic!("{}: {err}", path.display()))
}

/// `Kind/namespace/name` as a subject.
pub fn subject(text: &str) -> Subject {
    let parts: Vec<&str> = text.split('/').collect();
    let [kind, namespace, name] = parts.as_slice() else {
        panic!("{text}: not Kind/namespace/name");
    };
    let kind = Kind::parse(kind).unwrap_or_else(|| panic!("{text}: no such kind"));
    if namespace.is_empty() {
        Subject::cluster(kind, *name)
    } else {
        Subject::new(kind, *namespace, *name)
    }
}
