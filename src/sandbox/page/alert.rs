//! An alert that comes by itself, as Alertmanager posts it to a channel: one legacy attachment whose
//! title holds the values of the labels. It is true when it comes, and resolved when it is no more.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{ALERTS, Shared};
use crate::sandbox::world::Scenario;

/// The app of the incoming webhook.
const SENDER: &str = "B0ALERTS";

/// What fires for an incident, grouped by namespace as kube-prometheus does: the first that is still
/// broken comes.
const FIRING: &[(Scenario, &str)] = &[
    (
        Scenario::UserConfig,
        "production (KubeContainerWaiting app user-service warning)",
    ),
    (
        Scenario::PaymentOutOfMemory,
        "production (KubePodCrashLooping app payment-service warning)",
    ),
    (
        Scenario::NotificationTag,
        "production (KubeDeploymentRolloutStuck notification-service warning)",
    ),
    (
        Scenario::ReportsPending,
        "production (KubePodNotReady report-generator warning)",
    ),
];

/// Waits, and posts what fires then, if anything does.
pub(super) async fn run(shared: Arc<Shared>, after: Duration) {
    tokio::time::sleep(after).await;
    let firing = FIRING
        .iter()
        .find(|(scenario, _)| shared.lab.is_broken(*scenario));
    if let Some((scenario, title)) = firing {
        post(&shared, &format!("[FIRING:1] {title}"), "a30200");
        shared.lab.fire(*scenario);
    }
}

/// Posts that it is over, if it was said to fire.
pub(super) fn recovered(shared: &Shared, scenario: Scenario) {
    let title = FIRING.iter().find(|(one, _)| *one == scenario);
    if let Some((_, title)) = title.filter(|_| shared.lab.recover(scenario)) {
        post(shared, &format!("[RESOLVED] {title}"), "2eb886");
    }
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
