//! Alerts that somebody sends to see whether they arrive: Grafana's button "Test" at a contact point, and the one of
//! our documentation. They are no incident.

use super::Alert;

/// The one of docs/alertmanager.md.
const OURS: &str = "VigieTest";
/// Grafana's, which carries `instance="Grafana"` and nothing of a cluster (its `notify/test_receivers`).
const GRAFANA: (&str, &str) = ("TestAlert", "Grafana");

/// Whether an alert only tests the way.
#[must_use]
pub fn is_trial(alert: &Alert) -> bool {
    let name = alert.name.raw();
    name == OURS || (name == GRAFANA.0 && alert.label("instance") == Some(GRAFANA.1))
}
