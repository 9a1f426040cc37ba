//! What the rules of a playbook may see of a case: few values, typed, and each of them may be missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Playbook;
use super::schema::Unit;
use crate::finding::{Cause, Kind, Symptom, Verdict};
use crate::text::{Arg, Message};

/// Numbers by playbook and query.
pub type Values = BTreeMap<String, BTreeMap<String, f64>>;

/// The case as a rule sees it. Also what a fixture of `vigie playbook test` is written in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Namespace of the object.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Name of the workload.
    #[serde(default)]
    pub workload: Option<String>,
    /// Kind of the object asked about.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// What the asker said is wrong.
    #[serde(default)]
    pub symptoms: Vec<Symptom>,
    /// The conclusion.
    pub verdict: Verdict,
    /// Whether the first root cause is only the likeliest: it asks for confirmation.
    #[serde(default)]
    pub unsure: bool,
    /// Root causes.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// Everything found, roots and consequences.
    #[serde(default)]
    pub findings: Vec<Cause>,
    /// Pods of the workload; absent where they could not be read.
    #[serde(default)]
    pub pods: Option<Pods>,
    /// Its replicas; absent likewise.
    #[serde(default)]
    pub replicas: Option<Replicas>,
    /// The alert that asks: the name of its row, else its own.
    #[serde(default)]
    pub alert: Option<String>,
    /// Its labels that may be trusted.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

/// Pods of a workload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pods {
    /// How many there are.
    pub total: i64,
    /// How many are Ready.
    pub ready: i64,
    /// Restarts of all their containers.
    pub restarts: i64,
}

/// Replicas of a workload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replicas {
    /// Asked for.
    pub wanted: i64,
    /// Ready.
    pub ready: i64,
}

/// Names that every text of a rule may use besides its playbook's queries.
pub(super) const COMMON: [&str; 7] = [
    "pods_total",
    "pods_ready",
    "pods_restarts",
    "replicas_wanted",
    "replicas_ready",
    "namespace",
    "workload",
];
/// Those that a text without a rule may use.
pub(super) const OBJECT: [&str; 2] = ["namespace", "workload"];

impl Facts {
    /// The variables of texts, those that are known.
    pub(super) fn args(
        &self,
        playbook: &Playbook,
        metrics: &BTreeMap<String, f64>,
    ) -> BTreeMap<String, Arg> {
        let mut args = BTreeMap::new();
        let mut put = |name: &str, value: Option<Arg>| {
            if let Some(value) = value {
                args.insert(name.to_owned(), value);
            }
        };
        for (name, value) in &self.labels {
            put(name, Some(Arg::from(value)));
        }
        let namespace = self.namespace.as_ref().or(self.labels.get("namespace"));
        put("namespace", namespace.map(Arg::from));
        put("workload", self.workload.as_ref().map(Arg::from));
        put("pods_total", self.pods.map(|pods| pods.total.into()));
        put("pods_ready", self.pods.map(|pods| pods.ready.into()));
        put("pods_restarts", self.pods.map(|pods| pods.restarts.into()));
        put(
            "replicas_wanted",
            self.replicas.map(|all| all.wanted.into()),
        );
        put("replicas_ready", self.replicas.map(|all| all.ready.into()));
        for query in &playbook.queries {
            let value = metrics.get(&query.name);
            put(&query.name, value.map(|value| shown(query.unit, *value)));
        }
        args
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from f64 saturates, and NaN becomes 0"
)]
pub(super) fn shown(unit: Unit, value: f64) -> Arg {
    match unit {
        Unit::Count => Arg::Count(value.round() as i64),
        Unit::Number => Arg::Number(value),
        Unit::Ratio => Arg::Percent(value),
        Unit::Bytes => Arg::Bytes(value as u64),
        Unit::Cores => Arg::Millicores((value * 1000.0).round() as u64),
        Unit::Seconds if value.abs() >= 60.0 => Arg::Span(value as i64),
        Unit::Seconds => Message::new("seconds").with("seconds", value).into(),
    }
}
