//! What the engine asks of whoever speaks with Alertmanager: what is on, and to silence. A parameter, so that
//! the engine knows nothing of addresses and clusters.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use crate::alert::{About, Alert};
use crate::escalation::Severity;
use crate::incident::Held;
use crate::text::Untrusted;

/// An alert as Alertmanager has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Active {
    /// The alert.
    pub alert: Alert,
    /// What Alertmanager does with it, if not notify.
    pub held: Option<Held>,
    /// Whom it tells of it, by the names in its configuration.
    pub receivers: Vec<String>,
}

/// A silence to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// Labels that the silenced alert has, each with its exact value.
    pub matchers: Vec<(String, String)>,
    /// When it ends (UTC).
    pub until: DateTime<Utc>,
    /// Who asked for it, by name.
    pub by: String,
    /// Why; holds the key under which it is found again.
    pub comment: String,
    /// That key.
    pub key: String,
}

/// Why there is no silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSilence {
    /// No Alertmanager is configured for the environment.
    NotConfigured,
    /// It was certainly not made: the reason.
    Refused(String),
    /// Nobody knows whether it was made.
    Unclear(String),
}

/// Whoever speaks with Alertmanager and knows the playbooks.
pub trait Desk: Send + Sync {
    /// What the alert is about, and how severe it is, by the row of its playbook and its own label.
    fn place(&self, alert: &Alert) -> (About, Severity);

    /// What is on in an environment; `Ok(None)`: no Alertmanager is configured for it. An answer from before
    /// `not_before` does not serve: a message tells of alerts that came after it.
    fn active(
        &self,
        environment: Option<&str>,
        not_before: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<Option<Vec<Active>>, Untrusted>>;

    /// How long the messages of one batch wait for Alertmanager, all together: alerts that say all themselves wait
    /// behind them.
    fn patience(&self) -> Duration;

    /// Whether the one that answered last knows an alert that began then: it was on already, or is on for
    /// long enough to have been told every alert again.
    fn is_settled(&self, environment: Option<&str>, began: DateTime<Utc>) -> bool;

    /// Whether an Alertmanager is configured for an environment.
    fn can_silence(&self, environment: Option<&str>) -> bool;

    /// Makes a silence, or finds the one made before under the same key; gives its id.
    fn silence(
        &self,
        environment: Option<&str>,
        silence: Silence,
    ) -> BoxFuture<'_, Result<String, NoSilence>>;
}
