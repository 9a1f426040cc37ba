//! The pager: who is called, when, and what stops it.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;
use tokio::sync::mpsc;
use vigie::config::{Webhook, WebhookFormat};
use vigie::incident::Incident;
use vigie::sandbox::server::Server;
use vigie::sandbox::slack::Message;

use super::house::{INCIDENTS, LEAD, LEAD2, QUESTION, Scripted, Sees, Stage};

/// The clock stands so long before the next page: what came before it took its own time.
async fn to_page(stage: &Stage, before: TimeDelta) {
    let live = stage.store().load_live().await.unwrap();
    let due = live.iter().filter_map(Incident::next_page_at).min();
    stage.advance(due.unwrap() - before - stage.clock.now());
}

#[tokio::test(flavor = "multi_thread")]
async fn i15_nobody_takes_a_production_problem_and_the_lead_is_called_after_ten_minutes() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    to_page(&stage, TimeDelta::seconds(20)).await;
    stage.settled().await;
    assert!(
        stage
            .slack
            .scene()
            .messages
            .iter()
            .all(|m| !m.channel.starts_with('D'))
    );
    stage.advance(TimeDelta::seconds(21));
    stage.direct(LEAD, 1).await;
    stage.answer(&thread, &format!("<@{LEAD}>")).await;
    stage.settled().await;
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_an_acknowledgement_stops_the_ten_minutes_and_keeps_the_hour() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.press(&thread, "bob", "acknowledge").await;
    stage.answer(&thread, "<@U0BOB>").await;
    stage.advance(TimeDelta::minutes(11));
    stage.settled().await;
    assert!(
        stage
            .slack
            .scene()
            .messages
            .iter()
            .all(|m| !m.channel.starts_with('D')),
        "{}",
        stage.slack.scene()
    );
    stage.advance(TimeDelta::minutes(50));
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resolution_stops_everything() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.press(&thread, "bob", "resolve").await;
    stage.answer(&thread, "<@U0BOB>").await;
    stage.advance(TimeDelta::hours(3));
    stage.settled().await;
    assert!(
        stage
            .slack
            .scene()
            .messages
            .iter()
            .all(|m| !m.channel.starts_with('D')),
        "{}",
        stage.slack.scene()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_a_deactivated_lead_is_passed_over_and_the_page_says_so() {
    let stage = Stage::new().await;
    stage
        .slack
        .change_person("lead", |person| person.deleted = true);
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.advance(TimeDelta::minutes(11));
    let pages = stage.direct(LEAD2, 1).await;
    assert!(pages[0].visible().contains(LEAD), "{}", pages[0].visible());
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_restart_does_not_move_a_deadline() {
    let mut stage = Stage::new().await;
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.stop().await;
    stage.advance(TimeDelta::minutes(9));
    stage.start().await;
    stage.settled().await;
    assert!(
        stage
            .slack
            .scene()
            .messages
            .iter()
            .all(|m| !m.channel.starts_with('D'))
    );
    stage.advance(TimeDelta::minutes(2));
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn i13_a_deadline_that_passed_while_down_is_paged_at_once_and_says_how_late() {
    let mut stage = Stage::new().await;
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.stop().await;
    stage.advance(TimeDelta::hours(3));
    stage.start().await;
    let pages = stage.direct(LEAD, 1).await;
    assert_eq!(pages.len(), 1);
    stage.settled().await;
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn escalate_now_calls_at_once_and_two_people_call_once() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.press(&thread, "alice", "escalate").await;
    stage.press(&thread, "bob", "escalate").await;
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    assert_eq!(stage.direct(LEAD, 1).await.len(), 1);
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn test_page_proves_the_way_to_the_lead() {
    let stage = Stage::new().await;
    stage.slack.post("#incidents", "alice", "@devops test page");
    stage.direct(LEAD, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_looks_again_just_before_a_timed_page() {
    let stage = Stage::new().await;
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    let before = stage.world.count();
    to_page(&stage, TimeDelta::seconds(10)).await;
    stage
        .wait(|_| (stage.world.count() > before).then_some(()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f37_two_people_who_press_together_get_one_effect_and_the_second_is_told() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    tokio::join!(
        stage.press(&thread, "alice", "acknowledge"),
        stage.press(&thread, "bob", "acknowledge"),
    );
    let told = stage
        .wait(|scene| scene.ephemerals.first().map(|one| one.text.clone()))
        .await;
    stage.settled().await;
    let scene = stage.slack.scene();
    let lines = scene.answers(INCIDENTS, &thread.ts);
    let taken = |one: &&Message| one.text.contains("s'en occupe") && one.buttons().is_empty();
    assert_eq!(lines.iter().filter(taken).count(), 1, "{scene}");
    assert_eq!(
        scene.ephemerals.len(),
        1,
        "{:#?}\n{scene}",
        scene.ephemerals
    );
    assert!(told.contains("appuyé") || told.contains("déjà"), "{told}");
}

/// A receiver of `escalation.webhook`: remembers what it was sent.
fn receiver() -> (Server, mpsc::UnboundedReceiver<Value>) {
    let (calls, received) = mpsc::unbounded_channel();
    let take = move |body: axum::Json<Value>| async move {
        let _ = calls.send(body.0);
    };
    let router = axum::Router::new().route("/page", axum::routing::post(take));
    (Server::start(router).unwrap(), received)
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_without_any_lead_in_slack_the_webhook_is_called_once_and_the_thread_says_so() {
    let (server, mut received) = receiver();
    let mut stage = Stage::empty(Scripted::new([Sees::Cause("payment-service")])).await;
    stage.config.escalation.webhook = Some(Webhook {
        url: format!("{}/page", server.url()).into(),
        format: WebhookFormat::Json,
        token: None,
    });
    for lead in ["lead", "lead2"] {
        stage
            .slack
            .change_person(lead, |person| person.deleted = true);
    }
    stage.start().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.advance(TimeDelta::minutes(11));
    let call = tokio::time::timeout(Duration::from_mins(1), received.recv());
    let call = call.await.unwrap().unwrap();
    let text = call.to_string();
    assert!(text.contains("killed at its memory limit"), "{text}");
    assert!(text.contains("production"), "{text}");
    stage.answer(&thread, "Aucun lead n'est joignable").await;
    stage.settled().await;
    assert!(received.try_recv().is_err(), "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn i14_data_loss_calls_before_anything_is_known_and_the_call_gets_its_facts() {
    let stage = Stage::new().await;
    let thread = stage
        .ask(
            "@devops on perd des données dans payment en production",
            "killed at its memory limit",
        )
        .await;
    let told = |message: &Message| {
        message.channel.starts_with('D')
            && message.visible().contains("killed at its memory limit")
            && message.visible().contains("fil de l'incident")
    };
    let call = stage
        .wait(|scene| scene.messages.iter().find(|one| told(one)).cloned())
        .await;
    assert!(
        call.visible().contains("Des données risquent"),
        "{}",
        call.visible()
    );
    stage.answer(&thread, &format!("<@{LEAD}>")).await;
    stage.settled().await;
    assert_eq!(stage.direct(LEAD, 1).await.len(), 1);
    stage.assert_no_doubles();
}
