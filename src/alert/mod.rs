//! Alerts as their senders tell them: one shape for what Alertmanager and Grafana send by webhook and for
//! what bots post in channels. What an alert is about is [`About`], chosen by the row of its playbook.

mod about;
pub mod advice;
pub mod fingerprint;
pub mod join;
mod rule;
mod said;
pub mod text;
mod trial;
pub mod watchdog;
pub mod webhook;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use about::{About, Way, about, guess, guesses};
pub use rule::{Alerted, RuleExpr, metrics};
pub use said::Said;
pub use trial::is_trial;

use crate::text::Untrusted;

/// Names and values of an alert's labels or annotations. Names are Prometheus label names; values are text
/// from outside.
pub type Labels = BTreeMap<String, Untrusted>;

/// Who told about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sender {
    /// Alertmanager's webhook, version 4.
    Alertmanager,
    /// Grafana's webhook.
    Grafana,
    /// A bot's message in a channel.
    Message,
}

/// Whether an alert is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its condition holds.
    Firing,
    /// It no longer does.
    Resolved,
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// `alertname`; empty where the sender did not say.
    pub name: Untrusted,
    /// Whether it is on.
    pub state: State,
    /// All its labels, `alertname` and `severity` included.
    pub labels: Labels,
    /// Its annotations: `summary`, `description`, `runbook_url` …
    pub annotations: Labels,
    /// When it began to fire, as the sender says (UTC): after its `for`, so not when the trouble began.
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ended (UTC); none while it fires (Alertmanager writes the year 1).
    pub ends_at: Option<DateTime<Utc>>,
    /// What it is called over time: Alertmanager's fingerprint (16 hex digits, FNV-1a of its labels), else
    /// a hash of sender, channel, name and labels.
    pub fingerprint: String,
    /// Address of the rule's own graph (`generatorURL`): shown, never fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<Untrusted>,
}

/// Several alerts as their sender grouped them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Who told.
    pub sender: Sender,
    /// What the sender calls the group over time: Alertmanager's `groupKey`, else a hash of the channel and
    /// the title's tokens. Not unique over several Alertmanagers.
    pub key: String,
    /// Firing while any of its alerts is.
    pub state: State,
    /// The alerts it came with; may be fewer than fire ([`Self::truncated`]).
    pub alerts: Vec<Alert>,
    /// Alerts the sender left out of the message (`truncatedAlerts`, `max_alerts`).
    pub truncated: u64,
    /// The labels by which the sender groups (`groupLabels`); none where it does not say.
    #[serde(default)]
    pub labels: Labels,
    /// Whom it told, by the name in its configuration (`receiver`).
    #[serde(default)]
    pub receiver: Option<String>,
    /// Whether the labels are the alerts' own. False where a message showed values without names and no
    /// API could complete them: then they are guesses and decide nothing alone.
    pub sure: bool,
    /// Address of the sender's own page (`externalURL`, `title_link`): shown, never fetched.
    pub link: Option<Untrusted>,
}

impl Alert {
    /// The value of a label; `None` when it is absent or empty, which Prometheus holds for the same.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        let value = self.labels.get(name)?.raw();
        (!value.is_empty()).then_some(value)
    }

    /// `severity`, as it is written.
    #[must_use]
    pub fn severity(&self) -> Option<&str> {
        self.label("severity")
    }
}
