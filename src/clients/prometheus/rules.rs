//! The alerting rules and the alerts as Prometheus itself evaluates them: the expression of an alert comes
//! from here and from nowhere else, never from a message or a link.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::{Prometheus, QueryError, unreadable};
use crate::text::Untrusted;

/// Most alerts taken of one answer.
const MAX_ALERTS: usize = 5_000;

/// How a rule or an alert stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleState {
    /// The expression holds, and its `for` is over.
    Firing,
    /// The expression holds, its `for` is not over yet.
    Pending,
    /// The expression does not hold.
    Inactive,
    /// What the server did not say, or a word that is not known here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whether a rule can be evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// The last evaluation went well.
    Ok,
    /// It failed; [`AlertRule::last_error`] says why. The rule cannot fire.
    #[serde(rename = "err")]
    Failing,
    /// Not evaluated yet, or not said.
    #[default]
    #[serde(other)]
    Unknown,
}

/// One alerting rule (`GET /api/v1/rules?type=alert`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AlertRule {
    /// Its `alert:`. Several rules may share it (one per severity).
    pub name: String,
    /// Its `expr:`, as the server prints it.
    #[serde(rename = "query")]
    pub expression: String,
    /// Its `for:`.
    #[serde(default, rename = "duration", deserialize_with = "seconds")]
    pub holds_for: Duration,
    /// Labels it adds; `severity` is among them.
    #[serde(default)]
    pub labels: BTreeMap<String, Untrusted>,
    /// Its annotations, templates not filled in.
    #[serde(default)]
    pub annotations: BTreeMap<String, Untrusted>,
    /// How it stands: the most advanced of its alerts.
    #[serde(default)]
    pub state: RuleState,
    /// Whether it can be evaluated.
    #[serde(default)]
    pub health: Health,
    /// Why not; empty when it can.
    #[serde(default, rename = "lastError")]
    pub last_error: String,
    /// Its pending and firing alerts.
    #[serde(default)]
    pub alerts: Vec<ExpressionAlert>,
}

/// An alert as Prometheus sees it: it knows since when the expression holds, which Alertmanager does not.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ExpressionAlert {
    /// All its labels, without the external ones.
    #[serde(default)]
    pub labels: BTreeMap<String, Untrusted>,
    /// Its annotations, filled in.
    #[serde(default)]
    pub annotations: BTreeMap<String, Untrusted>,
    /// Pending or firing.
    #[serde(default)]
    pub state: RuleState,
    /// Since when the expression holds without a break (UTC): before its `for`.
    #[serde(default, rename = "activeAt")]
    pub active_at: Option<DateTime<Utc>>,
    /// The value of the expression at its last evaluation.
    #[serde(default, deserialize_with = "number")]
    pub value: Option<f64>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    status: String,
    #[serde(default)]
    error: String,
    data: Option<T>,
}

#[derive(Deserialize)]
struct Groups {
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    rules: Vec<Rule>,
}

/// Alerting rules are read; recording rules are known by their type and left.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Rule {
    Alerting(AlertRule),
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Alerts {
    #[serde(default)]
    alerts: Vec<ExpressionAlert>,
}

impl Prometheus {
    /// The alerting rules of that name; an empty list when there is none.
    ///
    /// # Errors
    /// [`QueryError`].
    pub async fn alert_rules(&self, name: &str) -> Result<Vec<AlertRule>, QueryError> {
        // `rule_name[]` came with 2.44; an older server answers with every rule.
        let query = [
            ("type", "alert".to_owned()),
            ("rule_name[]", name.to_owned()),
        ];
        let groups: Groups = self.read("/api/v1/rules", &query).await?;
        let rules = groups.groups.into_iter().flat_map(|group| group.rules);
        let ours = rules.filter_map(|rule| match rule {
            Rule::Alerting(rule) if rule.name == name => Some(rule),
            Rule::Alerting(_) | Rule::Other => None,
        });
        Ok(ours.collect())
    }

    /// The pending and firing alerts, 5,000 at most.
    ///
    /// # Errors
    /// [`QueryError`].
    pub async fn alerts(&self) -> Result<Vec<ExpressionAlert>, QueryError> {
        let mut found: Alerts = self.read("/api/v1/alerts", &[]).await?;
        found.alerts.truncate(MAX_ALERTS);
        Ok(found.alerts)
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, QueryError> {
        let body = self.fetch(path, query).await?;
        let envelope: Envelope<T> =
            serde_json::from_slice(&body).map_err(|error| unreadable(&body, &error))?;
        match (envelope.status.as_str(), envelope.data) {
            ("success", Some(data)) => Ok(data),
            ("success", None) => Err(QueryError::Unreadable("no data".to_owned())),
            _ => Err(QueryError::BadQuery(envelope.error)),
        }
    }
}

/// Seconds with a fraction, as Prometheus writes lengths of time; nonsense is zero.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(from)?;
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or_default())
}

/// A sample value, which travels as text; what is no finite number is no value.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    let value = text.and_then(|text| text.parse().ok());
    Ok(value.filter(|value: &f64| value.is_finite()))
}
