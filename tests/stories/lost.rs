//! The store is gone: what was promised in Slack is kept all the same, once (reliability §6.2.5, F45, F47).

use chrono::TimeDelta;
use vigie::sandbox::slack::{Message, Scene};

use super::house::{INCIDENTS, LEAD, QUESTION, Stage, Thread};

/// The thread is in French, the notice in the language of the configuration.
const LOST: [&str; 2] = ["ma mémoire", "my memory"];

fn is_about_the_loss(message: &Message) -> bool {
    LOST.iter().any(|words| message.visible().contains(words))
}

/// Direct messages to the lead that are about an incident.
fn calls(scene: &Scene) -> Vec<Message> {
    let call = |m: &&Message| {
        m.from_bot() && m.channel.starts_with('D') && !m.deleted && !is_about_the_loss(m)
    };
    scene.messages.iter().filter(call).cloned().collect()
}

/// Whether the lead was told in private that the memory is gone.
async fn lead_is_told(stage: &Stage) -> Message {
    let told = |m: &&Message| m.channel.starts_with('D') && is_about_the_loss(m);
    stage
        .wait(|scene| scene.messages.iter().find(told).cloned())
        .await
}

/// Waits until the thread says so for the `times`th time.
async fn taken_up(stage: &Stage, thread: &Thread, times: usize) {
    let said = |scene: &Scene| {
        let answers = scene.answers(INCIDENTS, &thread.ts);
        answers.iter().filter(|one| is_about_the_loss(one)).count()
    };
    stage
        .wait(|scene| (said(scene) == times).then_some(()))
        .await;
    stage.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_incident_keeps_its_hour_over_a_lost_volume() {
    let mut stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.press(&thread, "bob", "acknowledge").await;
    stage.answer(&thread, "<@U0BOB>").await;
    stage.settled().await;
    stage.lose_store().await;
    stage.advance(TimeDelta::minutes(20));
    stage.start().await;
    taken_up(&stage, &thread, 1).await;
    lead_is_told(&stage).await;
    assert_eq!(calls(&stage.slack.scene()), [], "bob still has it in hand");
    stage.advance(TimeDelta::minutes(41));
    let called = stage
        .wait(|scene| Some(calls(scene)).filter(|calls| !calls.is_empty()))
        .await;
    assert!(called[0].visible().contains(&format!("<@{LEAD}>")));
    let said = called[0].visible();
    assert!(said.contains("killed at its memory limit"), "{said}");
    assert!(!said.contains("Répétition"), "{said}");
    stage.settled().await;
    assert_eq!(calls(&stage.slack.scene()).len(), 1);
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_out_is_not_sent_again_and_one_that_was_missed_is() {
    let mut stage = Stage::new().await;
    let first = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.advance(TimeDelta::minutes(11));
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    stage.lose_store().await;
    stage.advance(TimeDelta::minutes(60));
    stage.start().await;
    taken_up(&stage, &first, 1).await;
    // The hour passed while nobody was there.
    let late = stage
        .wait(|scene| {
            calls(scene)
                .into_iter()
                .find(|call| call.visible().contains("arrêté"))
        })
        .await;
    assert!(late.visible().contains("de retard"), "{}", late.visible());
    stage.settled().await;
    assert_eq!(calls(&stage.slack.scene()).len(), 2);
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_resolved_stays_so_and_a_new_volume_tells_nobody() {
    let mut stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.press(&thread, "bob", "resolve").await;
    stage.answer(&thread, "dit <@U0BOB>").await;
    stage.settled().await;
    let before = stage.slack.scene().messages.len();
    stage.lose_store().await;
    stage.start().await;
    stage.advance(TimeDelta::hours(3));
    stage.settled().await;
    let after = stage.slack.scene();
    assert_eq!(after.messages.len(), before, "{after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_while_it_was_gone_is_answered_and_nothing_is_answered_twice() {
    let mut stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    let version = "@devops quelle version tourne en staging ?";
    let plain = stage.ask(version, "v2.14.0").await;
    stage.press(&thread, "bob", "resolve").await;
    stage.answer(&thread, "dit <@U0BOB>").await;
    stage.settled().await;
    stage.lose_store().await;
    stage.advance(TimeDelta::seconds(30));
    let missed = Thread {
        ts: stage.slack.post("#incidents", "alice", version),
    };
    stage.start().await;
    stage.answer(&missed, "v2.14.0").await;
    stage.settled().await;
    let scene = stage.slack.scene();
    assert_eq!(scene.answers(INCIDENTS, &plain.ts).len(), 1, "{scene}");
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_taken_up_twice_when_the_volume_is_lost_twice() {
    let mut stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    for times in 1..=2 {
        stage.lose_store().await;
        stage.start().await;
        taken_up(&stage, &thread, times).await;
    }
    stage.press(&thread, "bob", "resolve").await;
    stage.answer(&thread, "dit <@U0BOB>").await;
    stage.advance(TimeDelta::hours(2));
    stage.settled().await;
    assert_eq!(calls(&stage.slack.scene()), []);
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_conversation_is_taken_up_too() {
    let mut stage = Stage::new().await;
    let ts = stage
        .slack
        .dm("alice", "Service payment est lent en production");
    let in_thread = |scene: &Scene, words: &str| {
        let answers = scene.messages.iter();
        let found = answers.filter(|one| one.thread_ts.as_deref() == Some(&ts) && one.from_bot());
        found.filter(|one| one.visible().contains(words)).count()
    };
    stage
        .wait(|scene| (in_thread(scene, "killed at its memory limit") == 1).then_some(()))
        .await;
    stage.settled().await;
    stage.lose_store().await;
    stage.start().await;
    stage
        .wait(|scene| (in_thread(scene, "ma mémoire") == 1).then_some(()))
        .await;
    stage.advance(TimeDelta::minutes(11));
    let called = |scene: &Scene| {
        calls(scene)
            .into_iter()
            .find(|one| one.channel.contains("LEAD"))
    };
    stage.wait(called).await;
    stage.settled().await;
    stage.assert_no_doubles();
}
