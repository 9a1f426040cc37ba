//! Alerts as their senders write them: webhooks and messages of the fixtures, whole and broken.

mod fixtures;
mod hostile;
mod join;
mod properties;
mod real;
mod text;
mod webhook;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vigie::alert::text::{Heard, read};
use vigie::alert::{Alert, Labels, State};
use vigie::text::Untrusted;

const CHANNEL: &str = "C0ALERTS01";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/alerts")
}

/// All fixtures whose path has this part, by their path, sorted.
fn all(part: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            let is_json = Path::new(&name)
                .extension()
                .is_some_and(|end| end == "json");
            if is_json && name.contains(part) {
                found.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no fixture has {part} in its path");
    found
}

/// Messages of Slack, as events have them.
fn messages() -> Vec<(String, Value)> {
    let is_message = |name: &str| {
        // What real chains posted has its own test.
        !name.contains("/webhook/") && !name.ends_with("api.json") && !name.starts_with("real/")
    };
    all("")
        .into_iter()
        .filter(|(name, _)| is_message(name))
        .map(|(name, text)| (name, serde_json::from_str(&text).unwrap()))
        .collect()
}

fn message(name: &str) -> Value {
    let text = fs::read_to_string(root().join(name).with_extension("json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn heard(name: &str) -> Heard {
    read(CHANNEL, &message(name)).unwrap_or_else(|| panic!("{name} was not read"))
}

/// What Alertmanager's API said while the alerts of its fixtures fired.
fn api() -> Vec<Alert> {
    let body = fs::read_to_string(root().join("alertmanager/api.json")).unwrap();
    let body: Vec<Value> = serde_json::from_str(&body).unwrap();
    body.iter().map(of_api).collect()
}

fn of_api(told: &Value) -> Alert {
    let map = |name: &str| -> Labels {
        let object = told[name].as_object().unwrap();
        object
            .iter()
            .map(|(k, v)| (k.clone(), Untrusted::from(v.as_str().unwrap())))
            .collect()
    };
    let labels = map("labels");
    Alert {
        name: labels["alertname"].clone(),
        state: State::Firing,
        labels,
        annotations: map("annotations"),
        starts_at: told["startsAt"].as_str().map(|at| at.parse().unwrap()),
        ends_at: None,
        fingerprint: told["fingerprint"].as_str().unwrap().to_owned(),
        generator: told["generatorURL"].as_str().map(Untrusted::from),
    }
}

/// An alert with these labels, `k=v`, as the API would tell it.
fn alert(labels: &[(&str, &str)]) -> Alert {
    let labels: Labels = labels
        .iter()
        .map(|(k, v)| ((*k).to_owned(), Untrusted::from(*v)))
        .collect();
    Alert {
        name: labels.get("alertname").cloned().unwrap_or_default(),
        state: State::Firing,
        fingerprint: vigie::alert::fingerprint::of_labels(&labels),
        labels,
        annotations: Labels::new(),
        generator: None,
        starts_at: None,
        ends_at: None,
    }
}

/// A message of one attachment with this title and text.
fn attachment(title: &str, text: &str) -> Value {
    json!({"attachments": [{"title": title, "text": text, "color": "danger"}]})
}

/// Labels, readable and on one line.
fn shown(labels: &Labels) -> String {
    let pairs: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}={:?}", value.raw()))
        .collect();
    pairs.join(" ")
}
