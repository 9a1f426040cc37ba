//! In a Slack channel: Alertmanager posts with its own Slack integration and its default template, which shows the
//! values of labels without their names; the bot answers under the message, with the labels of Alertmanager's API.

use std::time::Instant;

use serde_json::{Value, json};
use vigie::sandbox::slack::{Message, Scene};

use super::house::{House, config, readable, threads};
use crate::cluster::door::Door;
use crate::cluster::monitoring::{Installation, Monitoring};
use crate::cluster::stories::payment;
use crate::cluster::{Alertmanager, ControlPlane, shared};
use crate::stories::house::{ALERTMANAGER, ALERTS, INCIDENTS};

/// The token that Alertmanager's own app has in the workspace.
const APP: &str = "xoxb-FAKE-alertmanager";

/// The messages of Alertmanager whose title begins like this.
fn posted(scene: &Scene, title: &str) -> Vec<Message> {
    let all = scene.messages.iter().filter(|one| {
        let shown = one.attachments.first().and_then(|it| it["title"].as_str());
        one.bot_id.as_deref() == Some(ALERTMANAGER)
            && shown.is_some_and(|shown| shown.starts_with(title))
    });
    all.cloned().collect()
}

/// A workload breaks and is repaired while this Alertmanager tells the channel; the messages it posted.
async fn told(
    cluster: &ControlPlane,
    namespace: &str,
    house: &House,
    alertmanager: &Alertmanager,
) -> Option<Vec<Message>> {
    let app = payment::healthy(namespace);
    app.install(cluster).await.ready(cluster, 3).await;
    let install = Installation::KubePrometheus;
    let to = [alertmanager];
    let watching = Monitoring::start(cluster, &[namespace], install, ("", ""), &to).await?;
    house
        .shown(cluster, &watching.prometheus, alertmanager)
        .await;
    let sick = app.placed(cluster).await.remove(0);
    let broken = Instant::now();
    payment::killed(cluster, namespace, &sick).await;
    let message = house
        .wait("a message of Alertmanager", |scene| {
            posted(scene, "[FIRING:").into_iter().next()
        })
        .await;
    eprintln!("broken to posted: {:?}", broken.elapsed());
    house
        .wait("the answer under it", |scene| {
            let answers = scene.answers(ALERTS, &message.ts);
            answers
                .into_iter()
                .find(|one| one.visible().contains("512Mi"))
        })
        .await;
    eprintln!("broken to answered: {:?}", broken.elapsed());
    let incident = house.incidents().await.remove(0);
    let alert = &incident.alerts[0];
    eprintln!("labels: {:?}", alert.labels);
    assert!(
        alert.labels.contains_key("uid") || alert.labels.contains_key("deployment"),
        "the message names none of them: {alert:#?}"
    );
    let repaired = Instant::now();
    let app = app.container(json!({"resources": {"limits": {"memory": "1Gi"}}}));
    app.install(cluster).await.ready(cluster, 3).await;
    house
        .wait("the end", |scene| {
            let thread = scene.thread(ALERTS, &message.ts);
            let mut all = thread.iter().map(Message::visible);
            all.find(|text| text.contains("the alert is over"))
        })
        .await;
    eprintln!("repaired to closed: {:?}", repaired.elapsed());
    let all = house.settled().await;
    let scene = house.slack.scene();
    eprintln!("{scene}\n{}", readable(&scene.thread(ALERTS, &message.ts)));
    assert!(all.iter().all(|one| !one.is_open()), "{all:#?}");
    assert_eq!(threads(&scene, INCIDENTS).len(), 0, "no thread elsewhere");
    assert_eq!(threads(&scene, ALERTS).len(), 0, "no message of its own");
    let answered = answered(&scene);
    assert_eq!(answered, 1, "the diagnosis stands in one thread:\n{scene}");
    Some(posted(&scene, "["))
}

/// In how many threads of the channel the diagnosis stands.
fn answered(scene: &Scene) -> usize {
    let messages = posted(scene, "[");
    let told = messages.iter().filter(|one| {
        let answers = scene.answers(ALERTS, &one.ts);
        answers.iter().any(|one| one.visible().contains("1Gi"))
    });
    told.count()
}

fn slack(receiver: Value) -> Value {
    let mut receiver = receiver;
    receiver["channel"] = "#alerts".into();
    receiver["send_resolved"] = true.into();
    json!({"slack_configs": [receiver]})
}

/// Debian's Alertmanager posts each change as a message of its own.
#[tokio::test(flavor = "multi_thread")]
async fn what_alertmanager_posts_is_answered_under_it_and_its_end_closes() {
    let Some(cluster) = shared().await else {
        return;
    };
    let namespace = "chain-channel";
    cluster.nodes(2).await;
    cluster.namespace(namespace).await;
    let house = House::open(namespace).await;
    let receiver = slack(json!({"api_url": house.slack.webhook_url(ALERTMANAGER)}));
    let own = [format!("namespace = {namespace}")];
    let settings = config(&own, &["namespace"], receiver);
    let Some(alertmanager) = Alertmanager::start(&settings).await else {
        return;
    };
    let Some(messages) = told(cluster, namespace, &house, &alertmanager).await else {
        return;
    };
    assert!(messages.len() >= 2, "its end is another message");
    house.close().await;
}

/// A current one edits its message until the end.
#[tokio::test(flavor = "multi_thread")]
async fn what_alertmanager_edits_is_answered_once_and_its_end_closes() {
    let Some(cluster) = shared().await else {
        return;
    };
    let namespace = "chain-edited";
    cluster.nodes(2).await;
    cluster.namespace(namespace).await;
    let house = House::open(namespace).await;
    house.slack.add_app(APP, ALERTMANAGER);
    let api = house.slack.api_url();
    let address = api.trim_start_matches("http://").trim_end_matches("/api");
    let door = Door::open(address.parse().unwrap()).unwrap();
    let receiver = slack(json!({
        "api_url": "https://slack.com/api/chat.postMessage", "update_message": true,
        "http_config": {
            "proxy_url": door.url(), "tls_config": {"ca_file": door.authority()},
            "authorization": {"credentials": APP},
        },
    }));
    let own = [format!("namespace = {namespace}")];
    let settings = config(&own, &["namespace"], receiver);
    let alertmanager = Alertmanager::of(cluster.program("alertmanager"), &settings, &[]).await;
    let Some(messages) = told(cluster, namespace, &house, &alertmanager).await else {
        return;
    };
    let [message] = &messages[..] else {
        panic!("one message, edited: {messages:#?}");
    };
    assert!(!message.edits.is_empty(), "{message:#?}");
    let title = message.attachments[0]["title"].as_str().unwrap();
    assert!(title.starts_with("[RESOLVED]"), "{title}");
    house.close().await;
}
