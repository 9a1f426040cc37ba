//! The real Alertmanager (Debian's 0.25), and what it and the sandbox's do alike. Like the control plane it is
//! skipped where it is not installed, and required with `VIGIE_REQUIRE_CLUSTER=1`.

mod contract;
mod docs;
mod receivers;
mod rules;

use serde_json::{Value, json};

use crate::cluster::Alertmanager;

/// What a started Alertmanager notifies, and how fast. The defaults are for tests: at once, again each hour.
#[derive(Clone, Debug, Default)]
pub struct Receivers {
    /// A webhook: its address and its bearer token, which Alertmanager reads from a file.
    pub webhook: Option<(String, String)>,
    /// Fields of a `slack_configs` entry: `api_url`, `channel`, `text`, …
    pub slack: Option<Value>,
    /// Fields of the route over the defaults: `group_by`, `group_interval`, …
    pub route: Value,
    /// `inhibit_rules`.
    pub inhibit: Value,
    /// Template files by name: `custom.tmpl`.
    pub templates: Vec<(String, String)>,
}

impl Receivers {
    /// The configuration, as JSON, which is YAML.
    #[must_use]
    pub fn config(&self) -> String {
        let mut receiver = json!({"name": "vigie"});
        if let Some((url, _)) = &self.webhook {
            receiver["webhook_configs"] = json!([{
                "url": url, "send_resolved": true,
                "http_config": {"authorization": {"type": "Bearer", "credentials_file": "token"}},
            }]);
        }
        if let Some(slack) = &self.slack {
            receiver["slack_configs"] = json!([slack]);
        }
        let mut route = json!({
            "receiver": "vigie", "group_by": ["alertname"],
            "group_wait": "0s", "group_interval": "1s", "repeat_interval": "1h",
        });
        for (name, value) in self.route.as_object().into_iter().flatten() {
            route[name] = value.clone();
        }
        let inhibit = self.inhibit.as_array().cloned().unwrap_or_default();
        json!({
            "route": route, "receivers": [receiver], "inhibit_rules": inhibit,
            "templates": ["*.tmpl"],
        })
        .to_string()
    }

    /// Starts an Alertmanager that notifies these; `None` where it is not installed. It ends, by its own
    /// process id, when it is dropped.
    pub async fn start(&self) -> Option<Alertmanager> {
        let token = self.webhook.as_ref().map_or("", |(_, token)| token);
        let mut files = vec![("token", token)];
        let templates = self.templates.iter();
        files.extend(templates.map(|(name, text)| (name.as_str(), text.as_str())));
        Alertmanager::start_with(&self.config(), &files).await
    }
}

/// Sends alerts to an Alertmanager as Prometheus does.
pub async fn post(base: &str, alerts: &Value) {
    let url = format!("{base}/api/v2/alerts");
    let sent = reqwest::Client::new().post(url).json(alerts).send().await;
    let answer = sent.unwrap();
    assert!(
        answer.status().is_success(),
        "{}",
        answer.text().await.unwrap()
    );
}
