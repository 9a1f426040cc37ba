//! What a word before a colon names: a label, an annotation, a state, or nothing of an alert.

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The label of this name.
    Label(String),
    /// `Alert`: its name when it is one word that looks like it, else its summary.
    Alert,
    /// The annotation of this name.
    Annotation(&'static str),
    /// Firing or resolved.
    State,
    /// Robusta's `Kind/namespace/name`.
    Resource,
    /// A link, a value, a heading: read past.
    Other,
}

/// Labels that people show under their own name, capitals and spaces aside.
const LABELS: &[&str] = &[
    "namespace",
    "pod",
    "container",
    "node",
    "instance",
    "job",
    "job_name",
    "service",
    "app",
    "application",
    "component",
    "cluster",
    "deployment",
    "statefulset",
    "daemonset",
    "cronjob",
    "horizontalpodautoscaler",
    "persistentvolumeclaim",
    "persistentvolume",
    "environment",
    "env",
    "region",
    "zone",
    "team",
    "host",
    "hostname",
    "device",
    "mountpoint",
    "reason",
    "severity",
];

/// What a name in front of a value stands for. `None` for anything else.
pub fn of(name: &str) -> Option<Key> {
    let word = name.trim().to_ascii_lowercase().replace([' ', '-'], "_");
    Some(match word.as_str() {
        "alertname" | "alert_name" => Key::Label("alertname".to_owned()),
        "alert" | "rule" | "rule_name" | "monitor" => Key::Alert,
        "priority" | "level" => Key::Label("severity".to_owned()),
        "summary" | "title" => Key::Annotation("summary"),
        "description" | "message" | "details" | "info" => Key::Annotation("description"),
        "runbook_url" => Key::Annotation("runbook_url"),
        "status" | "state" | "alert_state" => Key::State,
        "resource" => Key::Resource,
        "graph" | "runbook" | "source" | "silence" | "dashboard" | "panel" | "value" | "values"
        | "type" | "started" | "ended" | "starts_at" | "ends_at" | "duration" | "link"
        | "playbook" | "labels" | "annotations" | "time" | "date" => Key::Other,
        word if LABELS.contains(&word) => Key::Label(word.to_owned()),
        _ => return None,
    })
}

/// Annotations that may stand in a list of labels.
pub fn annotation(name: &str) -> Option<&'static str> {
    [
        "summary",
        "description",
        "message",
        "runbook_url",
        "dashboard_url",
    ]
    .into_iter()
    .find(|known| *known == name)
}

/// Whether it can be the name of a label: a letter or `_`, then what Prometheus and Kubernetes allow.
pub fn is_label_name(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/'))
}
