//! What an alert is about: where the look begins. The labels of an alert often describe the exporter and not
//! the trouble (a `pod` that is kube-state-metrics, a `namespace` that is the monitoring one), so the row of
//! the alert's playbook says which of them may be trusted.

use serde::{Deserialize, Serialize};

use crate::finding::Subject;

/// Where the look begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// This object.
    Object(Subject),
    /// Everything in this namespace.
    Namespace(String),
    /// The node a scrape target is on, known by its address alone (`instance`: `10.0.0.7:9100`).
    Instance(String),
    /// What answers at this address (`instance` of a probe): its host leads to an Ingress or a route.
    Address(String),
    /// The whole cluster, or a component of its control plane.
    Cluster,
    /// Nothing to look at: plumbing (`Watchdog`, `InfoInhibitor`).
    Nothing,
}
