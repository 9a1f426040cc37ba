//! What real Alertmanagers post to Slack: through an incoming webhook into the sandbox's Slack, and with a
//! bot's token, when they edit what they posted.

use serde_json::json;

use super::alerts::{keep, title};
use crate::cluster::door::Door;
use crate::cluster::hook::{Hook, Post};
use crate::cluster::{Alertmanager, shared};

/// Both Alertmanagers post to the sandbox's Slack through its incoming webhook; people see what fires and that
/// it is over, as a message of an app and never of a person.
#[cfg(feature = "sandbox")]
#[tokio::test]
async fn the_sandbox_takes_what_real_alertmanagers_post() {
    use vigie::sandbox::slack::Workspace;
    let Some(cluster) = shared().await else {
        return;
    };
    let slack = Workspace::start(vigie::clock::Clock::system())
        .await
        .unwrap();
    let channel = slack.open_channel("alerts");
    let config = |bot: &str| {
        let slack = json!({
            "api_url": slack.webhook_url(bot), "channel": "#alerts", "send_resolved": true,
        });
        let route = json!({
            "receiver": "slack", "group_by": ["namespace"], "group_wait": "0s", "group_interval": "1s",
        });
        json!({"route": route, "receivers": [{"name": "slack", "slack_configs": [slack]}]})
            .to_string()
    };
    let Some(debian) = Alertmanager::start(&config("B0DEBIAN")).await else {
        return;
    };
    let current =
        Alertmanager::of(cluster.program("alertmanager"), &config("B0CURRENT"), &[]).await;
    let labels = json!({"alertname": "KubePodCrashLooping", "namespace": "shop", "pod": "cart-0"});
    for (bot, alertmanager) in [("B0DEBIAN", &debian), ("B0CURRENT", &current)] {
        alertmanager.tell(&json!([{"labels": labels}])).await;
        let title = "[FIRING:1] shop (KubePodCrashLooping cart-0)";
        seen(&slack, &channel, bot, title, "a30200").await;
        let end = chrono::Utc::now().to_rfc3339();
        let over = json!([{"labels": labels, "endsAt": end}]);
        alertmanager.tell(&over).await;
        let title = "[RESOLVED] shop (KubePodCrashLooping cart-0)";
        seen(&slack, &channel, bot, title, "2eb886").await;
    }
}

/// Waits for a message of this app with this title and colour in the channel.
#[cfg(feature = "sandbox")]
async fn seen(
    slack: &vigie::sandbox::slack::Workspace,
    channel: &str,
    bot: &str,
    title: &str,
    color: &str,
) {
    let within = std::time::Duration::from_mins(1);
    let found = slack.wait_within(within, |scene| {
        let mut all = scene.messages.iter();
        let meant = |message: &&vigie::sandbox::slack::Message| {
            message.channel == channel
                && message.bot_id.as_deref() == Some(bot)
                && message.attachments[0]["title"] == title
        };
        all.find(meant).cloned()
    });
    let message = found.await.unwrap();
    assert_eq!(message.user, "", "{message:?}");
    assert_eq!(message.subtype.as_deref(), Some("bot_message"));
    assert_eq!(message.attachments[0]["color"], color, "{message:?}");
}

/// With `update_message`, Alertmanager edits what it posted: one message fires, gets more alerts, and ends.
#[tokio::test]
async fn a_current_alertmanager_edits_its_message() {
    let Some(cluster) = shared().await else {
        return;
    };
    let hook = Hook::start().await;
    let door = Door::open(hook.address()).unwrap();
    let slack = json!({
        "api_url": "https://slack.com/api/chat.postMessage", "channel": "#alerts",
        "send_resolved": true, "update_message": true,
        "http_config": {
            "proxy_url": door.url(), "tls_config": {"ca_file": door.authority()},
            "authorization": {"credentials": "xoxb-FAKE-alerts"},
        },
    });
    let config = json!({
        "route": {
            "receiver": "slack", "group_by": ["namespace"], "group_wait": "0s", "group_interval": "1s",
        },
        "receivers": [{"name": "slack", "slack_configs": [slack]}],
    });
    let program = cluster.program("alertmanager");
    let alertmanager = Alertmanager::of(program, &config.to_string(), &[]).await;
    let labels =
        |name: &str| json!({"alertname": name, "namespace": "shop", "severity": "warning"});
    let first = json!({"labels": labels("KubePodCrashLooping")});
    alertmanager.tell(&json!([first])).await;
    let posted = |post: &Post| title(post).starts_with("[FIRING:1] shop");
    let post = hook
        .wait("the first post", "/api/chat.postMessage", posted)
        .await;
    assert_eq!(
        post.authorization.as_deref(),
        Some("Bearer xoxb-FAKE-alerts")
    );
    assert_eq!(post.body["channel"], "#alerts", "{}", post.body);
    keep("slack-0.35-update-posted", &post);
    let second = json!({"labels": labels("KubePodNotReady")});
    alertmanager.tell(&json!([first, second])).await;
    let edited = |post: &Post| title(post).starts_with("[FIRING:2] shop");
    let edit = hook.wait("the edit", "/api/chat.update", edited).await;
    // It edits by the id of the channel and the time of the message that Slack gave it.
    assert_eq!(edit.body["channel"], "C0ALERTS", "{}", edit.body);
    assert_eq!(edit.body["ts"], "1795653855.109451", "{}", edit.body);
    keep("slack-0.35-update-edited", &edit);
    let over =
        |name: &str| json!({"labels": labels(name), "endsAt": chrono::Utc::now().to_rfc3339()});
    let ended = json!([over("KubePodCrashLooping"), over("KubePodNotReady")]);
    alertmanager.tell(&ended).await;
    let over = |post: &Post| title(post).starts_with("[RESOLVED] shop");
    let edit = hook.wait("its end", "/api/chat.update", over).await;
    assert_eq!(edit.body["ts"], "1795653855.109451", "{}", edit.body);
    keep("slack-0.35-update-resolved", &edit);
    assert_eq!(hook.posts("/api/chat.postMessage").len(), 1);
}
