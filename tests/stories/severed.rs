//! Slack is gone, whole or in part, and comes back: the bot must hear again, by itself and soon.

use vigie::sandbox::fault::Wire;
use vigie::sandbox::slack::{Call, SlackFault, SocketFault};

use super::faults::advance_claims;
use super::house::{INCIDENTS, QUESTION, Scripted, Sees, Stage};

/// Until the bot has no connection that said hello.
async fn deaf(stage: &Stage) {
    let mut sockets = stage.sockets();
    sockets.wait_for(|state| state.live == 0).await.unwrap();
}

/// What was asked while Slack was away is answered once, and what is asked now as well.
async fn hears_again(stage: &mut Stage, asked: &str) {
    stage
        .wait(|scene| {
            let mut answers = scene.answers(INCIDENTS, asked).into_iter();
            answers.find(|one| one.visible().contains("killed at its memory limit"))
        })
        .await;
    stage.ask("@devops aide", "test page").await;
    stage.settled().await;
    stage.assert_no_doubles();
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f37_slack_is_cut_whole_and_restored() {
    let mut stage = Stage::new().await;
    stage.ask("@devops aide", "test page").await;
    stage.settled().await;
    for _ in 0..3 {
        stage.slack.server().refuse();
        stage.slack.drop_sockets();
        deaf(&stage).await;
        let asked = stage.slack.post("#incidents", "alice", QUESTION);
        stage.slack.server().restore().unwrap();
        stage
            .wait(|scene| (!scene.answers(INCIDENTS, &asked).is_empty()).then_some(()))
            .await;
    }
    // What was on its way when it was cut is searched for when its claim is over, and not before.
    advance_claims(&stage).await;
    let asked = stage
        .slack
        .post("#incidents", "alice", "@devops Service invoice lent");
    hears_again(&mut stage, &asked).await;
}

/// The library counts the connections of a place to 64 and begins again.
#[tokio::test(flavor = "multi_thread")]
async fn f41_a_bot_that_reconnected_a_hundred_times_still_does() {
    let mut stage = Stage::empty(Scripted::new([Sees::Cause("payment-service")])).await;
    stage.quick_reconnects = true;
    stage.start().await;
    stage.slack.socket_fault(SocketFault::CloseAfterHello(100));
    stage.slack.close_sockets();
    stage
        .wait(|scene| (scene.sockets_opened >= 102).then_some(()))
        .await;
    let asked = stage.slack.post("#incidents", "alice", QUESTION);
    hears_again(&mut stage, &asked).await;
}

/// Each way in which opening a connection can fail, until it is mended.
#[tokio::test(flavor = "multi_thread")]
async fn f38_a_connection_that_cannot_be_opened_is_tried_until_it_can() {
    let opens = || Call::method("apps.connections.open");
    for fault in [
        SlackFault::RateLimited(1),
        SlackFault::Status(500),
        SlackFault::Error("internal_error".into()),
        SlackFault::Wire(Wire::Html),
        SlackFault::Wire(Wire::Garbage),
        SlackFault::CutAfter,
    ] {
        let mut stage = Stage::new().await;
        stage.ask("@devops aide", "test page").await;
        stage.settled().await;
        let before = stage.slack.scene().calls_of("apps.connections.open");
        stage.slack.fault(opens(), fault);
        stage.slack.drop_sockets();
        deaf(&stage).await;
        stage
            .wait(|scene| (scene.calls_of("apps.connections.open") >= before + 2).then_some(()))
            .await;
        let asked = stage.slack.post("#incidents", "alice", QUESTION);
        stage.slack.clear_faults();
        hears_again(&mut stage, &asked).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f39_a_ticket_that_never_comes_is_asked_for_again() {
    let mut stage = Stage::new().await;
    stage.ask("@devops aide", "test page").await;
    stage.settled().await;
    stage.slack.fault_once(
        Call::method("apps.connections.open"),
        SlackFault::LostBefore,
    );
    stage.slack.drop_sockets();
    deaf(&stage).await;
    let asked = stage.slack.post("#incidents", "alice", QUESTION);
    hears_again(&mut stage, &asked).await;
}

/// No handshake, no hello, and a connection that is open and dead, one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn f40_a_peer_that_says_nothing_is_left_whenever_it_stops() {
    for silence in [
        Some(SocketFault::Stall(2)),
        Some(SocketFault::Silent(2)),
        Some(SocketFault::NoHello(2)),
        None,
    ] {
        let mut stage = Stage::new().await;
        stage.ask("@devops aide", "test page").await;
        stage.settled().await;
        if let Some(fault) = silence {
            stage.slack.socket_fault(fault);
            stage.slack.drop_sockets();
        } else {
            stage.slack.mute_sockets();
        }
        deaf(&stage).await;
        let asked = stage.slack.post("#incidents", "alice", QUESTION);
        hears_again(&mut stage, &asked).await;
    }
}
