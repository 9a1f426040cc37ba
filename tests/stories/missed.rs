//! Alerts that were told in their channel while the bot was away, and no API to ask afterwards.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use vigie::clients::slack::{Slack, SlackSettings};
use vigie::intake::catch_up::CatchUp;
use vigie::intake::receive::Receiver;
use vigie::intake::slack::Us;
use vigie::sandbox::slack::{BOT_TOKEN, BOT_USER, Call, SlackFault};
use vigie::store::Store;

use super::house::{ALERTMANAGER, ALERTS, Scripted, Sees, Stage};

/// A title of the most copied template: names and values.
fn shown(state: &str) -> Vec<Value> {
    let title = format!(
        "[{state}] KubeDeploymentReplicasMismatch for kube-state-metrics \
         (namespace=\"production\", deployment=\"payment-service\", severity=\"warning\")"
    );
    vec![json!({"color": "a30200", "title": title, "fallback": title})]
}

async fn away_from_the_api() -> Stage {
    let stage = Stage::new().await;
    stage.alertmanager.server().refuse();
    // What is told before that is not caught up with.
    stage.noted(&[ALERTS]).await;
    stage
}

async fn told(stage: &Stage, ts: &str, words: &str) {
    stage
        .wait(|scene| {
            let mut thread = scene.thread(ALERTS, ts).into_iter();
            thread.find(|one| one.from_bot() && one.visible().contains(words))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i17_an_edit_to_resolved_that_was_missed_closes_the_incident() {
    let mut stage = away_from_the_api().await;
    let ts = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", shown("FIRING:1"));
    told(&stage, &ts, "payment-service is killed").await;
    stage.settled().await;
    stage.stop().await;
    stage.slack.edit_as_bot("#alerts", &ts, shown("RESOLVED"));
    stage.start().await;
    told(&stage, &ts, "the alert is over").await;
    stage.settled().await;
    assert!(stage.store().load_live().await.unwrap().is_empty());
    stage.assert_no_doubles();
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn i17_an_edit_that_was_heard_is_not_heard_again_by_a_catch_up() {
    let mut stage = away_from_the_api().await;
    let ts = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", shown("FIRING:1"));
    told(&stage, &ts, "payment-service is killed").await;
    stage.slack.edit_as_bot("#alerts", &ts, shown("FIRING:1"));
    let repeats = |live: Vec<vigie::incident::Incident>| live[0].alerts[0].repeats;
    let heard = async {
        while repeats(stage.store().load_live().await.unwrap()) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), heard)
        .await
        .unwrap();
    stage.settled().await;
    stage.stop().await;
    let before = stage.slack.scene().calls_of("conversations.replies");
    stage.start().await;
    stage
        .wait(|scene| (scene.calls_of("conversations.replies") > before).then_some(()))
        .await;
    stage.settled().await;
    assert_eq!(repeats(stage.store().load_live().await.unwrap()), 1);
    stage.stop().await;
}

/// A round that sees a channel for the first time: what was said there before is nobody's to answer, but what told of
/// an open incident may have been edited since.
#[tokio::test(flavor = "multi_thread")]
async fn i17_an_edit_that_was_missed_before_the_first_round_is_found_by_it() {
    let mut stage = Stage::empty(Scripted::new([Sees::Cause("payment-service")])).await;
    stage.alertmanager.server().refuse();
    // Every channel that the bot is in is watched, and nobody tells which those are: its own rounds see none.
    stage.config.channels.listed.clear();
    let refused = SlackFault::Error("missing_scope".to_owned());
    stage
        .slack
        .fault(Call::method("users.conversations"), refused);
    stage.start().await;
    let ts = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", shown("FIRING:1"));
    told(&stage, &ts, "payment-service is killed").await;
    stage.settled().await;
    assert_eq!(stage.store().watermarks().await.unwrap(), []);
    stage.stop().await;
    stage.slack.edit_as_bot("#alerts", &ts, shown("RESOLVED"));
    stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", shown("FIRING:1"));
    let store: Arc<dyn Store> = Arc::new(stage.open());
    let complete = first_round(&stage, &store).await;
    assert!(complete);
    let pending = store.pending().await.unwrap();
    let [edit] = pending.as_slice() else {
        panic!("{pending:#?}");
    };
    assert!(edit.payload.contains("message_changed"), "{}", edit.payload);
    assert!(edit.payload.contains("RESOLVED"), "{}", edit.payload);
    let marks = store.watermarks().await.unwrap();
    assert!(marks.iter().any(|mark| mark.channel.as_str() == ALERTS));
}

/// The first round of a catch-up over the channel of alerts.
async fn first_round(stage: &Stage, store: &Arc<dyn Store>) -> bool {
    let settings = SlackSettings {
        base_url: stage.slack.api_url(),
        ..SlackSettings::new(BOT_TOKEN.into())
    };
    let slack = Slack::new(&settings, Arc::new(|_| {}), Arc::new(|_| {})).unwrap();
    let us = Us {
        user_id: BOT_USER.to_owned(),
        alert_senders: vec![(ALERTS.to_owned(), vec![ALERTMANAGER.to_owned()])],
        ..Us::default()
    };
    let arrived = Arc::new(Notify::new());
    let receiver = Receiver::new(
        Arc::clone(store),
        us,
        stage.clock.clone(),
        arrived,
        Arc::new(|_| ()),
    );
    let listed = vec![ALERTS.to_owned()];
    let catch_up = CatchUp::new(
        slack,
        Arc::clone(store),
        receiver,
        stage.clock.clone(),
        listed,
    );
    catch_up.round().await
}

/// The configuration lists the channels for people; that of alerts is caught up with too.
#[tokio::test(flavor = "multi_thread")]
async fn i17_an_alert_that_was_missed_is_found() {
    let mut stage = away_from_the_api().await;
    stage.settled().await;
    stage.stop().await;
    let ts = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", shown("FIRING:1"));
    let stranger = stage
        .slack
        .post_as_bot("#alerts", "B0EVIL", "", shown("FIRING:1"));
    stage.start().await;
    told(&stage, &ts, "payment-service is killed").await;
    stage.settled().await;
    assert_eq!(stage.slack.thread(ALERTS, &stranger).len(), 1);
    stage.stop().await;
}
