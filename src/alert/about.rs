//! What an alert is about: where the look begins. The labels of an alert often describe the exporter and not
//! the trouble (a `pod` that is kube-state-metrics, a `namespace` that is the monitoring one), so the row of
//! the alert's playbook says which of them may be trusted.

mod value;
mod way;

use serde::{Deserialize, Serialize};

pub use way::{Way, guesses};

use super::Alert;
use crate::finding::Subject;

/// Where the look begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// This object.
    Object(Subject),
    /// Whatever bears this name, as a person would write it: a team's own label (`app`, `sloth_service`)
    /// is no object's name. To be looked for among the live objects.
    Named {
        /// The name.
        name: String,
        /// The namespace, where a trusted label tells it.
        namespace: Option<String>,
    },
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

/// What the alert is about: the first way whose labels are there and hold what they should, else the
/// cluster. A wrong object is worse than a wide look.
#[must_use]
pub fn about(alert: &Alert, ways: &[Way]) -> About {
    let found = ways.iter().find_map(|way| way.leads_to(alert));
    found.unwrap_or(About::Cluster)
}

/// As [`about`], for an alert that no row names: what looks like the exporter's own label is passed over.
#[must_use]
pub fn guess(alert: &Alert, ways: &[Way]) -> About {
    let mut own = ways.iter().filter(|way| !way.is_foreign(alert));
    let found = own.find_map(|way| way.leads_to(alert));
    found.unwrap_or(About::Cluster)
}
