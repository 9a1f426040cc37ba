//! The Alertmanager client against the sandbox's server: every way to fail has its name, and a silence whose
//! reply was lost is found instead of made twice. What both servers do alike is in `tests/alertmanager`.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use vigie::clients::alertmanager::{
    AlertFilter, AlertState, Alertmanager, AlertmanagerError, ClusterState, Matcher, NewSilence,
    SilenceKey, SilenceState,
};
use vigie::clock::Clock;
use vigie::sandbox::alertmanager::{Fault, Notifier};
use vigie::sandbox::fault::Wire;

fn world() -> (Notifier, Clock, Alertmanager) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let clock = Clock::system();
    let server = Notifier::start(clock.clone()).unwrap();
    let client = Alertmanager::new(&server.url(), None, Duration::from_mins(1)).unwrap();
    (server, clock, client)
}

fn silence(clock: &Clock, key: &str) -> NewSilence {
    NewSilence {
        key: SilenceKey::new(key).unwrap(),
        matchers: vec![Matcher::equal("alertname", "KubePodCrashLooping")],
        starts_at: clock.now(),
        ends_at: clock.now() + TimeDelta::hours(2),
        created_by: "Claire".into(),
        comment: "release under way".into(),
    }
}

#[tokio::test]
async fn it_fails_in_every_way_and_each_has_its_name() {
    let (server, _, client) = world();
    let faults = [
        (Wire::Html, "not an Alertmanager: HTML instead of JSON"),
        (Wire::Garbage, "not an Alertmanager: invalid type: map"),
        (
            Wire::Huge(200 << 20),
            "too large an answer: more than 8388608 bytes",
        ),
        (Wire::Cut, "the connection broke"),
        (
            Wire::Status(200, String::new()),
            "not an Alertmanager: no content",
        ),
        (
            Wire::Status(200, "{\"status\":\"success\"}".into()),
            "not an Alertmanager: invalid type",
        ),
        (
            Wire::Status(302, String::new()),
            "not an Alertmanager: a redirect",
        ),
        (
            Wire::Status(400, "\"bad matcher format: x\"\n".into()),
            "bad request: bad matcher format: x",
        ),
        (Wire::Status(401, "<html>".into()), "not permitted"),
        (Wire::Status(403, String::new()), "not permitted"),
        (
            Wire::Status(404, "<html>".into()),
            "not an Alertmanager: HTML instead of JSON",
        ),
        (
            Wire::Status(404, "404 page not found\n".into()),
            "not an Alertmanager: no API of version 2 there",
        ),
        (Wire::Status(503, "<html>".into()), "status 503"),
    ];
    for (wire, expected) in faults {
        let fault = Fault::Before(wire.clone());
        server.fault("GET /api/v2/alerts", fault, Some(1));
        let error = client.alerts(&AlertFilter::default()).await.unwrap_err();
        assert!(error.to_string().starts_with(expected), "{wire:?}: {error}");
    }
    server.fault("GET /api/v2/alerts", Fault::Before(Wire::Hang), Some(1));
    let hasty = Alertmanager::new(&server.url(), None, Duration::from_millis(100)).unwrap();
    let error = hasty.alerts(&AlertFilter::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "no answer within 100ms");
    // On a busy machine it may have ended before it was heard.
    server.clear_faults();
    server.server().refuse();
    let fresh = Alertmanager::new(&server.url(), None, Duration::from_mins(1)).unwrap();
    let error = fresh.status().await.unwrap_err();
    assert!(
        matches!(error, AlertmanagerError::Unreachable(_)),
        "{error}"
    );
    server.server().restore().unwrap();
    assert_eq!(client.alerts(&AlertFilter::default()).await.unwrap(), []);
}

#[tokio::test]
async fn a_silence_whose_reply_was_lost_is_found_and_not_made_again() {
    let (server, clock, client) = world();
    let ours = silence(&clock, "C1-1.0/silence-1");
    assert_eq!(client.find_silence(&ours.key).await.unwrap(), None);
    for wire in [Wire::Cut, Wire::Status(502, "<html>".into())] {
        server.fault("POST /api/v2/silences", Fault::After(wire), Some(1));
        let ours = silence(
            &clock,
            &format!("C1-1.0/silence-{}", server.silences().len()),
        );
        let error = client.create_silence(&ours).await.unwrap_err();
        assert!(error.leaves_doubt(), "{error}");
        let found = client.find_silence(&ours.key).await.unwrap().unwrap();
        assert_eq!(found.state, SilenceState::Active);
        assert_eq!(found.matchers, ours.matchers);
    }
    assert_eq!(server.silences().len(), 2);

    // Not having been able to look is not "there is none".
    server.fault(
        "GET /api/v2/silences",
        Fault::Before(Wire::Status(503, String::new())),
        Some(1),
    );
    let error = client.find_silence(&ours.key).await.unwrap_err();
    assert_eq!(error, AlertmanagerError::Server(503));
    // What was never asked leaves no doubt; on a connection that was open before, nobody can know.
    server.server().refuse();
    let fresh = Alertmanager::new(&server.url(), None, Duration::from_mins(1)).unwrap();
    let error = fresh.create_silence(&ours).await.unwrap_err();
    assert!(!error.leaves_doubt(), "{error}");
}

#[tokio::test]
async fn keys_are_told_apart_and_a_live_silence_comes_before_one_that_is_over() {
    let (server, clock, client) = world();
    let first = client
        .create_silence(&silence(&clock, "C1/silence-1"))
        .await
        .unwrap();
    let other = client
        .create_silence(&silence(&clock, "C1/silence-11"))
        .await
        .unwrap();
    client.expire_silence(&first).await.unwrap();
    let key = SilenceKey::new("C1/silence-1").unwrap();
    let found = client.find_silence(&key).await.unwrap().unwrap();
    assert_eq!(
        (found.id.as_str(), found.state),
        (first.as_str(), SilenceState::Expired)
    );
    let again = client
        .create_silence(&silence(&clock, "C1/silence-1"))
        .await
        .unwrap();
    let found = client.find_silence(&key).await.unwrap().unwrap();
    assert_eq!(found.id, again);
    assert_ne!(found.id, other);

    // Somebody who writes our mark into the middle of a comment is not us.
    let mut forged = silence(&clock, "C9/silence-1");
    forged.comment = "see [vigie:C7/silence-1] and more".into();
    client.create_silence(&forged).await.unwrap();
    let key = SilenceKey::new("C7/silence-1").unwrap();
    assert_eq!(client.find_silence(&key).await.unwrap(), None);
    assert_eq!(server.silences().len(), 4);
}

#[tokio::test]
async fn silences_begin_and_end_by_the_clock() {
    let (server, clock, client) = world();
    let labels = json!([{"labels": {"alertname": "KubePodCrashLooping"}, "endsAt": clock.now() + TimeDelta::days(1)}]);
    server.take(&labels).unwrap();
    let mut later = silence(&clock, "k");
    later.starts_at = clock.now() + TimeDelta::minutes(10);
    let id = client.create_silence(&later).await.unwrap();
    assert_eq!(
        client.silence(&id).await.unwrap().state,
        SilenceState::Pending
    );
    let state = async || client.alerts(&AlertFilter::default()).await.unwrap()[0].state;
    assert_eq!(state().await, AlertState::Active);
    clock.advance(TimeDelta::minutes(11));
    assert_eq!(state().await, AlertState::Suppressed);
    clock.advance(TimeDelta::hours(2));
    assert_eq!(state().await, AlertState::Active);
    assert_eq!(
        client.silence(&id).await.unwrap().state,
        SilenceState::Expired
    );
}

#[tokio::test]
async fn it_logs_in_as_it_is_told() {
    let (server, ..) = world();
    let token = Alertmanager::new(
        &server.url(),
        Some("FAKE-token".into()),
        Duration::from_mins(1),
    );
    token.unwrap().status().await.unwrap();
    let basic = server.url().replace("http://", "http://me:FAKE-pass@") + "/";
    let basic = Alertmanager::new(&basic, None, Duration::from_mins(1)).unwrap();
    let status = basic.status().await.unwrap();
    assert_eq!(status.cluster.state, ClusterState::Disabled);
    let logins: Vec<String> = server
        .asked()
        .into_iter()
        .filter_map(|one| one.login)
        .collect();
    assert_eq!(logins, ["Bearer FAKE-token", "Basic bWU6RkFLRS1wYXNz"]);
    assert!(!format!("{basic:?}").contains("FAKE"));
}

#[tokio::test]
async fn five_thousand_alerts_are_read() {
    let (server, clock, client) = world();
    let end = clock.now() + TimeDelta::hours(1);
    let many: Vec<_> = (0..5_000)
        .map(|n| {
            json!({
                "labels": {"alertname": "KubePodNotReady", "namespace": "production", "pod": format!("payment-{n}")},
                "annotations": {"description": "Pod has been in a non-ready state for longer than 15 minutes."},
                "endsAt": end,
            })
        })
        .collect();
    server.take(&json!(many)).unwrap();
    assert_eq!(
        client.alerts(&AlertFilter::default()).await.unwrap().len(),
        5_000
    );
    let one = AlertFilter::meeting(vec![Matcher::equal("pod", "payment-77")]);
    assert_eq!(client.alerts(&one).await.unwrap().len(), 1);
}
