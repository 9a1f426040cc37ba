//! Slack at its worst: nothing is lost, nothing is doubled.

use chrono::TimeDelta;
use vigie::sandbox::slack::{Call, SlackFault, SocketFault};

use super::house::{INCIDENTS, LEAD, QUESTION, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn f21_a_429_delays_the_first_reply_and_loses_nothing() {
    let stage = Stage::new().await;
    stage
        .slack
        .fault_once(Call::method("chat.postMessage"), SlackFault::RateLimited(1));
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn f23_a_reply_lost_after_delivery_is_found_and_not_doubled() {
    let stage = Stage::new().await;
    let ts = stage.slack.post("#incidents", "alice", "@devops aide");
    stage
        .answer(&super::house::Thread { ts }, "test page")
        .await;
    stage.settled().await;
    stage
        .slack
        .fault_once(Call::method("chat.postMessage"), SlackFault::CutAfter);
    let ts = stage.slack.post("#incidents", "alice", QUESTION);
    stage
        .wait(|scene| (!scene.answers(INCIDENTS, &ts).is_empty()).then_some(()))
        .await;
    // The claim expires, the next one looks first.
    advance_claims(&stage).await;
    stage.settled().await;
    stage.assert_no_doubles();
    stage
        .answer(&super::house::Thread { ts }, "killed at its memory limit")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f24_a_reply_lost_before_delivery_is_sent_once() {
    let stage = Stage::new().await;
    stage
        .slack
        .fault_once(Call::method("chat.postMessage"), SlackFault::Status(503));
    let ts = stage.slack.post("#incidents", "alice", QUESTION);
    stage
        .wait(|scene| (scene.calls_of("chat.postMessage") > 0).then_some(()))
        .await;
    advance_claims(&stage).await;
    stage
        .answer(&super::house::Thread { ts }, "killed at its memory limit")
        .await;
    stage.settled().await;
    stage.assert_no_doubles();
}

/// Moves time until the claims of an unclear send are over, without reaching the next page.
pub(super) async fn advance_claims(stage: &Stage) {
    for _ in 0..5 {
        stage.advance(TimeDelta::seconds(14));
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f26_blocks_that_slack_refuses_go_out_as_plain_text() {
    let stage = Stage::new().await;
    let refused = SlackFault::Error("msg_blocks_too_long".into());
    stage.slack.fault_once(Call::method("chat.update"), refused);
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn f27_a_thread_whose_first_message_is_gone_goes_on_in_a_new_one() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.slack.delete(INCIDENTS, &thread.ts);
    stage.advance(TimeDelta::minutes(11));
    stage.direct(LEAD, 1).await;
    stage.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f35_a_socket_that_closes_after_hello_does_not_storm_and_loses_nothing() {
    let stage = Stage::new().await;
    stage.slack.socket_fault(SocketFault::CloseAfterHello(5));
    stage.slack.close_sockets();
    stage
        .wait(|scene| (scene.sockets_opened >= 6).then_some(()))
        .await;
    let opened = stage.slack.scene().sockets_opened;
    stage.ask(QUESTION, "killed at its memory limit").await;
    assert!(stage.slack.scene().sockets_opened < opened + 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn f30_garbage_frames_cost_nobody_anything() {
    let stage = Stage::new().await;
    stage
        .slack
        .send_text("{\"envelope_id\":\"e-1\",\"type\":\"events_api\",\"payl");
    stage.slack.send_text("[]");
    stage.slack.send_text(&format!(
        "{{\"type\":\"events_api\",\"x\":\"{}\"}}",
        "y".repeat(2_000_000)
    ));
    stage.slack.send_binary(&[0, 159, 146, 150]);
    stage.ask(QUESTION, "killed at its memory limit").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f34_a_socket_that_says_nothing_is_replaced_and_what_came_meanwhile_is_found() {
    let stage = Stage::new().await;
    stage.ask("@devops aide", "test page").await;
    stage.settled().await;
    stage.slack.socket_fault(SocketFault::Silent(1));
    stage.slack.close_sockets();
    stage
        .wait(|scene| (scene.sockets_opened >= 2).then_some(()))
        .await;
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    stage.assert_no_doubles();
}
