//! What Prometheus says of itself: what it scrapes, and its rules. In the shapes of its HTTP API, so that a case can
//! hold what `/api/v1/targets` and `/api/v1/rules` answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was read; `None` where it was not asked, or did not answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Watching {
    /// Active targets.
    pub active_targets: Option<Vec<Target>>,
    /// Groups of rules.
    pub groups: Option<Vec<RuleGroup>>,
    /// How many samples each target gave, and how many were kept.
    pub samples: Vec<Samples>,
}

/// One active target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Target {
    /// Its labels: `job`, `namespace`, `service`, `pod`, …
    pub labels: BTreeMap<String, String>,
    /// The scrape configuration it comes from: `serviceMonitor/NAMESPACE/NAME/ENDPOINT`.
    pub scrape_pool: String,
    /// What is asked.
    pub scrape_url: String,
    /// Why the last scrape failed; empty when it did not.
    pub last_error: String,
    /// `up`, `down`, `unknown`.
    pub health: String,
}

/// A group of rules, and the file it stands in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleGroup {
    /// Its name.
    pub name: String,
    /// Path of the file.
    pub file: String,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Rule {
    /// Name of the alert or of the recorded metric.
    pub name: String,
    /// `alerting` or `recording`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its expression.
    pub query: String,
    /// `ok`, `err`, `unknown`.
    pub health: String,
    /// Why its evaluation failed.
    pub last_error: String,
}

/// What one scrape gave: `scrape_samples_scraped` and `scrape_samples_post_metric_relabeling`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Samples {
    /// Labels of the target.
    pub labels: BTreeMap<String, String>,
    /// Samples it gave.
    pub scraped: Option<f64>,
    /// Samples that were kept.
    pub kept: Option<f64>,
}

impl Target {
    /// A label; empty where there is none.
    #[must_use]
    pub fn label(&self, name: &str) -> &str {
        self.labels.get(name).map_or("", String::as_str)
    }

    /// Namespace and name of the `ServiceMonitor` it comes from (the Prometheus Operator names its pools so).
    #[must_use]
    pub fn monitor(&self) -> Option<(&str, &str)> {
        let mut parts = self.scrape_pool.strip_prefix("serviceMonitor/")?.split('/');
        Some((parts.next()?, parts.next()?))
    }
}
