//! The Prometheus server, asked by the client that production uses.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use vigie::clients::prometheus::{Health, Prometheus, QueryError, RuleState};
use vigie::sandbox::fault::Wire;
use vigie::sandbox::prometheus::PromFault;
use vigie::sandbox::{Scenario, World};

const P99: &str = "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{namespace=\"production\",service=\"payment-service\"}[5m])))";

async fn world() -> (World, Prometheus) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let world = World::with(&[Scenario::PaymentOutOfMemory]).await.unwrap();
    let client = Prometheus::new(&world.prometheus.url(), None, Duration::from_mins(1));
    (world, client.unwrap())
}

async fn p99(world: &World, client: &Prometheus, ago: TimeDelta) -> f64 {
    let series = client.instant(P99, world.clock.now() - ago).await.unwrap();
    series[0].last().unwrap()
}

#[tokio::test]
async fn an_incident_shows_from_its_beginning_and_ends_with_its_repair() {
    let (world, client) = world().await;
    assert!((p99(&world, &client, TimeDelta::zero()).await - 2.4).abs() < 1e-9);
    assert!(
        p99(&world, &client, TimeDelta::days(1)).await < 0.4,
        "usual"
    );
    world.repair(Scenario::PaymentOutOfMemory);
    world.clock.advance(TimeDelta::seconds(5));
    assert!(
        p99(&world, &client, TimeDelta::zero()).await < 0.4,
        "repaired"
    );

    let now = world.clock.now();
    let from = now - TimeDelta::hours(1);
    let range = client
        .range(P99, from, now, TimeDelta::minutes(1))
        .await
        .unwrap();
    assert_eq!(range[0].points.len(), 61);
    let peak = range[0]
        .points
        .iter()
        .map(|(_, value)| *value)
        .fold(0.0, f64::max);
    assert!((peak - 2.4).abs() < 1e-9);
}

#[tokio::test]
async fn unknown_metrics_are_empty_and_nonsense_is_refused() {
    let (world, client) = world().await;
    let now = world.clock.now();
    assert_eq!(client.instant("no_such_metric", now).await.unwrap(), []);
    let refused = client.instant("sum(", now).await.unwrap_err();
    assert!(matches!(refused, QueryError::BadQuery(_)), "{refused}");
    assert_eq!(client.version().await.unwrap(), "3.5.0");
}

#[tokio::test]
async fn it_fails_in_every_way_and_each_has_its_name() {
    let (world, client) = world().await;
    let now = world.clock.now();
    let status = |code, body: &str| PromFault::Wire(Wire::Status(code, body.to_owned()));
    let faults = [
        (
            PromFault::Unprocessable,
            "bad query: query processing would load",
        ),
        (
            status(
                400,
                r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#,
            ),
            "bad query: parse error",
        ),
        (PromFault::TimedOut, "no answer within 60s"),
        (status(503, "upstream is not there"), "status 503"),
        (status(502, "<html>"), "status 502"),
        (status(401, "<html>"), "not permitted"),
        (status(403, ""), "not permitted"),
        (status(200, ""), "unreadable answer: no content"),
        (
            PromFault::Wire(Wire::Html),
            "unreadable answer: HTML instead of JSON",
        ),
        (PromFault::Wire(Wire::Garbage), "unreadable answer: EOF"),
        (
            PromFault::Wire(Wire::Huge(200 << 20)),
            "too large an answer: more than 4194304 bytes",
        ),
        (PromFault::Wire(Wire::Cut), "unreachable"),
    ];
    for (fault, expected) in faults {
        world.prometheus.fault("/api/v1/", fault.clone(), Some(3));
        let errors = [
            client.instant("up", now).await.unwrap_err(),
            client.alert_rules("X").await.unwrap_err(),
            client.alerts().await.unwrap_err(),
        ];
        for error in errors {
            let error = error.to_string();
            assert!(error.starts_with(expected), "{fault:?}: {error}");
        }
    }
    let hang = PromFault::Wire(Wire::Hang);
    world.prometheus.fault("/api/v1/query", hang, Some(1));
    let url = world.prometheus.url();
    let hasty = Prometheus::new(&url, None, Duration::from_millis(100)).unwrap();
    let error = hasty.instant("up", now).await.unwrap_err();
    assert!(matches!(error, QueryError::TimedOut(_)), "{error}");
    // On a busy machine it may have ended before it was heard.
    world.prometheus.clear_faults();
    world.prometheus.server().refuse();
    let error = client.instant("up", now).await.unwrap_err();
    assert!(matches!(error, QueryError::Unreachable(_)), "{error}");
    world.prometheus.server().restore().unwrap();
    assert_eq!(
        client.instant("no_such_metric", now).await.unwrap(),
        [],
        "no data is no error"
    );
}

#[tokio::test]
async fn rules_of_today_and_of_a_newer_prometheus_are_read() {
    let (world, client) = world().await;
    let rule = |name: &str, health: &str| {
        json!({
            "type": "alerting", "name": name, "query": "up == 0", "duration": 90.5, "keepFiringFor": 0,
            "labels": {"severity": "critical"}, "annotations": {}, "state": "unheard-of", "health": health,
            "lastError": "many-to-many matching not allowed", "somethingNew": [1],
            "alerts": [{"labels": {"pod": "<!channel>"}, "state": "firing", "activeAt": "2026-09-01T12:00:00.1Z", "value": "NaN"}],
        })
    };
    let groups = vec![
        json!({"name": "a", "rules": [rule("Down", "err"), {"type": "recording", "name": "Down", "query": "1"}]}),
        json!({"name": "b", "rules": [rule("Down", "ok"), rule("Other", "ok"), {"type": "of-tomorrow"}]}),
        json!({"name": "empty"}),
    ];
    world.prometheus.set_rules(groups, Vec::new(), Vec::new());
    let rules = client.alert_rules("Down").await.unwrap();
    assert_eq!(rules.len(), 2);
    assert_eq!(rules[0].health, Health::Failing);
    assert_eq!(rules[0].last_error, "many-to-many matching not allowed");
    assert_eq!(rules[0].state, RuleState::Unknown);
    assert_eq!(rules[0].holds_for, Duration::from_millis(90_500));
    assert_eq!(rules[0].alerts[0].value, None, "NaN is no value");
    assert_eq!(client.alerts().await.unwrap(), []);
    let asked = world.prometheus.asked();
    assert!(asked.iter().any(|one| one.path == "/api/v1/rules"));
}
