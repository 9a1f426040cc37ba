//! Alerts, as Alertmanager sends them to the webhook of a running process.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use chrono::{TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::process::{ALERTS_TOKEN, Vigie};

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// One that fires since twenty minutes, with these labels beside its name and severity.
pub fn firing(name: &str, labels: &[(&str, &str)]) -> Value {
    let mut all = Map::new();
    for (key, value) in [("alertname", name), ("severity", "warning")]
        .iter()
        .chain(labels)
    {
        all.insert((*key).to_owned(), json!(value));
    }
    let letters = all.values().filter_map(Value::as_str).flat_map(str::bytes);
    let print = letters.fold(7_u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let starts = Utc::now() - TimeDelta::minutes(20);
    json!({
        "status": "firing", "fingerprint": format!("{print:016x}"), "labels": all,
        "startsAt": starts.to_rfc3339(), "endsAt": "0001-01-01T00:00:00Z",
        "annotations": {"summary": format!("{name} fires."), "description": "As the rule says it."},
        "generatorURL": "http://prometheus.example/graph",
    })
}

/// A Deployment of `production` without the replicas that it wants.
pub fn mismatch(deployment: &str) -> Value {
    let labels = [("namespace", "production"), ("deployment", deployment)];
    firing("KubeDeploymentReplicasMismatch", &labels)
}

/// A group of them, as the body of a request.
pub fn group(key: &str, alerts: &[Value]) -> String {
    json!({
        "version": "4", "groupKey": key, "truncatedAlerts": 0, "receiver": "vigie", "status": "firing",
        "externalURL": "http://alertmanager.example:9093", "groupLabels": {}, "commonLabels": {},
        "commonAnnotations": {}, "alerts": alerts,
    })
    .to_string()
}

/// Whoever sends: connections of its own, kept.
#[derive(Clone)]
pub struct Sender {
    client: reqwest::Client,
    url: String,
}

impl Sender {
    /// To that process.
    pub fn to(vigie: &Vigie) -> Result<Self> {
        let client = reqwest::Client::builder().timeout(PATIENCE);
        Ok(Self {
            client: client.build()?,
            url: format!("http://{}/alerts", vigie.alerts()),
        })
    }

    /// Sends a group; what is not answered with 200 is not saved.
    pub async fn send(&self, body: String) -> Result<()> {
        let request = self.client.post(&self.url).bearer_auth(ALERTS_TOKEN);
        let answer = request.body(body).send().await.context("the webhook")?;
        ensure!(
            answer.status() == 200,
            "the webhook said {}",
            answer.status()
        );
        Ok(())
    }
}
