//! I23 through the whole bot: the heartbeat goes out while it is proven that pages do, and stops when not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use chrono::TimeDelta;
use vigie::engine::Happened;
use vigie::sandbox::server::Server;
use vigie::sandbox::slack::{Call, SlackFault};

use super::house::{ALERTS, INCIDENTS, LEAD, QUESTION, Scripted, Sees, Stage};

/// What stands outside and misses us.
struct Outside {
    server: Server,
    calls: Arc<AtomicUsize>,
    status: Arc<AtomicU16>,
}

impl Outside {
    fn start() -> Self {
        let calls: Arc<AtomicUsize> = Arc::default();
        let status = Arc::new(AtomicU16::new(200));
        let (counted, says) = (Arc::clone(&calls), Arc::clone(&status));
        let router = Router::new().fallback(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let status = StatusCode::from_u16(says.load(Ordering::SeqCst)).unwrap();
            async move { (status, [(header::LOCATION, "/elsewhere")]).into_response() }
        });
        Self {
            server: Server::start(router).unwrap(),
            calls,
            status,
        }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    async fn stage(&self) -> Stage {
        let mut stage = Stage::empty(Scripted::new([Sees::Cause("payment-service")])).await;
        let url = format!("{}/FAKE-token", self.server.url());
        stage.config.heartbeat = Some(url.into());
        stage.start().await;
        stage
    }
}

/// The proofs that failed at each look so far.
fn audits(stage: &Stage) -> Vec<Vec<&'static str>> {
    let happened = stage.happened.lock().unwrap();
    let audits = happened.iter().filter_map(|one| match one {
        Happened::Audited { failed, .. } => Some(failed.clone()),
        _ => None,
    });
    audits.collect()
}

/// Calls of the receiver so far, by how they ended.
fn beats(stage: &Stage) -> Vec<&'static str> {
    let happened = stage.happened.lock().unwrap();
    let beats = happened.iter().filter_map(|one| match one {
        Happened::Heartbeat(outcome) => Some(*outcome),
        _ => None,
    });
    beats.collect()
}

/// A minute passes; returns what the auditor could not prove. Comes back once the receiver was called, if it is.
async fn a_minute(stage: &Stage) -> Vec<&'static str> {
    let (seen, beaten) = (audits(stage).len(), beats(stage).len());
    let over = || {
        let audits = audits(stage);
        let failed = audits.last().is_some_and(|failed| !failed.is_empty());
        audits.len() > seen && (failed || beats(stage).len() > beaten)
    };
    stage.advance(TimeDelta::seconds(61));
    let soon = tokio::time::timeout(Duration::from_secs(20), until(over)).await;
    if soon.is_err() && audits(stage).len() == seen {
        // The audit before this one had begun and took the new time for its own.
        stage.advance(TimeDelta::seconds(61));
    }
    until(over).await;
    audits(stage).pop().unwrap()
}

async fn until(holds: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "waited in vain");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i23_the_heartbeat_goes_out_each_minute_while_all_is_well() {
    let outside = Outside::start();
    let stage = outside.stage().await;
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    assert_eq!(outside.calls(), 0, "nothing is proven in the first minute");
    for minute in 1..4 {
        assert_eq!(a_minute(&stage).await, [] as [&str; 0]);
        assert_eq!(outside.calls(), minute);
    }
    assert_eq!(beats(&stage), ["sent"; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn i23_a_page_that_slack_does_not_take_stops_the_heartbeat_until_it_is_out() {
    let outside = Outside::start();
    let stage = outside.stage().await;
    stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    let busy = SlackFault::Status(503);
    stage.slack.fault(Call::method("chat.postMessage"), busy);
    stage.advance(TimeDelta::minutes(10));
    stage
        .wait(|scene| (scene.calls_of("chat.postMessage") > 2).then_some(()))
        .await;
    a_minute(&stage).await;
    a_minute(&stage).await;
    let before = outside.calls();
    for _ in 0..2 {
        let failed = a_minute(&stage).await;
        assert!(failed.contains(&"steps"), "{failed:?}");
    }
    assert_eq!(
        outside.calls(),
        before,
        "no sign of life while the lead is not called"
    );

    stage.slack.clear_faults();
    // The unclear claims end, the next ones look first, and the page is out.
    for _ in 0..5 {
        stage.advance(TimeDelta::seconds(14));
        tokio::task::yield_now().await;
    }
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    assert_eq!(a_minute(&stage).await, [] as [&str; 0]);
    assert!(outside.calls() > before);
}

#[tokio::test(flavor = "multi_thread")]
async fn i23_without_slack_there_is_no_heartbeat_and_with_it_there_is_again() {
    let outside = Outside::start();
    let stage = outside.stage().await;
    assert_eq!(a_minute(&stage).await, [] as [&str; 0]);
    let closed = SlackFault::Status(503);
    stage
        .slack
        .fault(Call::method("apps.connections.open"), closed);
    stage.slack.close_sockets();
    let sockets = stage.sockets();
    until(|| sockets.borrow().live == 0).await;
    a_minute(&stage).await;
    let before = outside.calls();
    assert_eq!(a_minute(&stage).await, ["slack"]);
    assert_eq!(outside.calls(), before);

    stage.slack.clear_faults();
    until(|| sockets.borrow().live > 0).await;
    assert_eq!(a_minute(&stage).await, [] as [&str; 0]);
    assert_eq!(outside.calls(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn i23_a_store_younger_than_its_sentinel_stops_the_heartbeat() {
    let outside = Outside::start();
    let stage = outside.stage().await;
    // Nothing else is written meanwhile.
    stage.noted(&[ALERTS, INCIDENTS]).await;
    stage.settled().await;
    let sentinel = stage.folder().join("sentinel.json");
    let right = std::fs::read_to_string(&sentinel).unwrap();
    let mut memory: serde_json::Value = serde_json::from_str(&right).unwrap();
    memory["sequence"] = 1_000_000.into();
    std::fs::write(&sentinel, memory.to_string()).unwrap();
    assert_eq!(a_minute(&stage).await, ["store"]);
    std::fs::remove_file(&sentinel).unwrap();
    assert_eq!(a_minute(&stage).await, ["store"]);
    assert_eq!(outside.calls(), 0);
    std::fs::write(&sentinel, right).unwrap();
    assert_eq!(a_minute(&stage).await, [] as [&str; 0]);
    assert_eq!(outside.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_redirects_or_is_down_is_no_failure_of_ours_and_is_called_again() {
    let outside = Outside::start();
    let stage = outside.stage().await;
    outside.status.store(302, Ordering::SeqCst);
    assert_eq!(a_minute(&stage).await, [] as [&str; 0]);
    assert_eq!(outside.calls(), 1, "the redirect is not followed");
    outside.server.refuse();
    assert_eq!(a_minute(&stage).await, [] as [&str; 0]);
    outside.server.restore().unwrap();
    outside.status.store(200, Ordering::SeqCst);
    assert_eq!(a_minute(&stage).await, [] as [&str; 0]);
    assert_eq!(beats(&stage), ["refused", "no-answer", "sent"]);
}
