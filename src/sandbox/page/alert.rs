//! An alert that comes by itself, as Alertmanager posts it to a channel: one legacy attachment whose
//! title holds the values of the labels. It is true when it comes, and resolved when it is no more.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ALERTS, BotState, Shared};
use crate::sandbox::world::Scenario;

/// The bot whose messages are alerts in [`ALERTS`].
pub const SENDER: &str = "B0ALERTS";
/// An alert fires after its `for`: the trouble is older.
const FOR: TimeDelta = TimeDelta::minutes(15);

/// What fires for an incident: the alert, the label that names its object, the object or what its pod's name
/// begins with, further labels.
struct Rule {
    scenario: Scenario,
    name: &'static str,
    label: &'static str,
    of: &'static str,
    more: &'static [(&'static str, &'static str)],
}

/// The first that is still broken comes.
const RULES: &[Rule] = &[
    Rule {
        scenario: Scenario::UserConfig,
        name: "KubeContainerWaiting",
        label: "pod",
        of: "user-service",
        more: &[
            ("container", "app"),
            ("reason", "CreateContainerConfigError"),
        ],
    },
    Rule {
        scenario: Scenario::PaymentOutOfMemory,
        name: "KubePodCrashLooping",
        label: "pod",
        of: "payment-service",
        more: &[("container", "app"), ("reason", "CrashLoopBackOff")],
    },
    Rule {
        scenario: Scenario::NotificationTag,
        name: "KubeDeploymentRolloutStuck",
        label: "deployment",
        of: "notification-service",
        more: &[],
    },
    Rule {
        scenario: Scenario::ReportsPending,
        name: "KubePodNotReady",
        label: "pod",
        of: "report-generator",
        more: &[],
    },
];

impl Rule {
    /// The alert's labels; `None` when its pod is gone.
    fn labels(&self, shared: &Shared) -> Option<BTreeMap<String, String>> {
        let object = match self.label {
            "pod" => pod(shared, self.of)?,
            _ => self.of.to_owned(),
        };
        let own = [
            ("alertname", self.name),
            ("namespace", "production"),
            ("severity", "warning"),
            (self.label, object.as_str()),
        ];
        let all = own.iter().chain(self.more);
        Some(
            all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }
}

/// A pod of that workload that is not ready, else any.
fn pod(shared: &Shared, workload: &str) -> Option<String> {
    let pods = shared.world.cluster.list("Pod", "production");
    let own = pods.iter().filter(|pod| {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        name.starts_with(&format!("{workload}-"))
    });
    let ready = |pod: &Value| pod["status"]["containerStatuses"][0]["ready"] == true;
    let chosen = own.min_by_key(|pod| ready(pod))?;
    chosen["metadata"]["name"].as_str().map(str::to_owned)
}

/// Waits, also until the bot listens (Slack repeats what is posted before only after a minute), and posts what fires
/// then, if anything does.
pub(super) async fn run(shared: Arc<Shared>, after: Duration) {
    tokio::time::sleep(after).await;
    let mut bot = shared.backstage.bot();
    if bot
        .wait_for(|state| *state == BotState::Running)
        .await
        .is_err()
    {
        return;
    }
    let firing = RULES
        .iter()
        .find(|rule| shared.lab.is_broken(rule.scenario));
    let Some(rule) = firing else { return };
    let Some(labels) = rule.labels(&shared) else {
        return;
    };
    let now = shared.world.clock.now();
    tell(
        &shared,
        &json!([{"labels": labels, "startsAt": (now - FOR).to_rfc3339()}]),
    );
    post(&shared, &title("FIRING:1", &labels), "a30200");
    shared.lab.fire(rule.scenario, labels);
}

/// Posts that it is over, if it was said to fire.
pub(super) fn recovered(shared: &Shared, scenario: Scenario) {
    let Some(labels) = shared.lab.recover(scenario) else {
        return;
    };
    let now = shared.world.clock.now().to_rfc3339();
    tell(shared, &json!([{"labels": labels, "endsAt": now}]));
    post(shared, &title("RESOLVED", &labels), "2eb886");
}

/// Tells the company's Alertmanager, where the bot completes what the message does not say.
fn tell(shared: &Shared, alerts: &Value) {
    // Ours are well formed.
    let _told = shared.world.alertmanager.take(alerts);
}

/// As Alertmanager's default template with `group_by: [namespace]`: the group's value, then the others in the
/// order of their names, the alert's first.
fn title(state: &str, labels: &BTreeMap<String, String>) -> String {
    let others = labels
        .iter()
        .filter(|(name, _)| !["alertname", "namespace"].contains(&name.as_str()));
    let others: Vec<&str> = others.map(|(_, value)| value.as_str()).collect();
    format!(
        "[{state}] {} ({} {})",
        labels["namespace"],
        labels["alertname"],
        others.join(" ")
    )
}

fn post(shared: &Shared, title: &str, color: &str) {
    let slack = &shared.world.slack;
    let channel = slack.open_channel(ALERTS);
    slack.post_as_bot(&channel, SENDER, "", vec![attachment(title, color)]);
}

fn attachment(title: &str, color: &str) -> Value {
    let link = "http://alertmanager.example.com/#/alerts?receiver=slack";
    json!({
        "id": 1, "color": color, "title": title, "title_link": link, "mrkdwn_in": ["text"],
        "fallback": format!("{title} | {link}"),
    })
}
