//! Who is heard, once each, and what is found that Slack did not deliver.

use vigie::sandbox::slack::SocketFault;

use super::house::{INCIDENTS, QUESTION, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn i16_an_event_delivered_twice_has_one_effect() {
    let stage = Stage::new().await;
    stage.slack.socket_fault(SocketFault::Duplicate(4));
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    assert_eq!(stage.slack.scene().answers(INCIDENTS, &thread.ts).len(), 1);
    assert_eq!(stage.world.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn i17_what_was_said_while_nobody_listened_is_found() {
    let mut stage = Stage::new().await;
    stage.ask("@devops aide", "test page").await;
    stage.settled().await;
    stage.stop().await;
    stage.slack.socket_fault(SocketFault::Lose(10));
    let ts = stage.slack.post("#incidents", "alice", QUESTION);
    stage.start().await;
    stage
        .answer(&super::house::Thread { ts }, "killed at its memory limit")
        .await;
    stage.settled().await;
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_strangers_and_other_channels_are_refused_to_their_face_only() {
    let stage = Stage::new().await;
    stage.slack.post("#incidents", "guest", QUESTION);
    stage.slack.post("#random", "alice", QUESTION);
    stage.slack.post("#ext", "stranger", QUESTION);
    stage
        .wait(|scene| (scene.ephemerals.len() >= 3).then_some(()))
        .await;
    stage.settled().await;
    assert!(stage.slack.scene().messages.iter().all(|m| !m.from_bot()));
    assert_eq!(stage.world.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn i18_talk_between_people_and_the_bots_own_words_start_nothing() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.slack.reply(
        "#incidents",
        &thread.ts,
        "bob",
        "tu as vu le match hier soir ?",
    );
    stage.slack.post("#incidents", "bob", "on mange où ?");
    stage.slack.edit(
        INCIDENTS,
        &thread.ts,
        "@devops Service payment est très lent en production",
    );
    stage.ask("@devops aide", "test page").await;
    stage.settled().await;
    assert_eq!(stage.world.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_presses_is_refused_and_nothing_changes() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.press(&thread, "guest", "resolve").await;
    stage
        .wait(|scene| (!scene.ephemerals.is_empty()).then_some(()))
        .await;
    stage.settled().await;
    assert!(stage.store().load_live().await.unwrap()[0].is_open());
}
