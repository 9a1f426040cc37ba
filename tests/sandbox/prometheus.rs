//! The Prometheus server, asked by the client that production uses.

use std::time::Duration;

use chrono::TimeDelta;
use vigie::clients::prometheus::{Prometheus, QueryError};
use vigie::sandbox::fault::Wire;
use vigie::sandbox::prometheus::PromFault;
use vigie::sandbox::{Scenario, World};

const P99: &str = "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{namespace=\"production\",service=\"payment-service\"}[5m])))";

async fn world() -> (World, Prometheus) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let world = World::with(&[Scenario::PaymentOutOfMemory]).await.unwrap();
    let client = Prometheus::new(&world.prometheus.url(), None, Duration::from_secs(10));
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
async fn it_fails_in_every_way() {
    let (world, client) = world().await;
    let now = world.clock.now();
    let faults = [
        (PromFault::Unprocessable, "bad query"),
        (PromFault::TimedOut, "no answer within"),
        (PromFault::Wire(Wire::Html), "unreadable"),
        (PromFault::Wire(Wire::Garbage), "unreadable"),
        (PromFault::Wire(Wire::Huge(8 << 20)), "unreadable"),
        (PromFault::Wire(Wire::Cut), "unreachable"),
    ];
    for (fault, expected) in faults {
        world
            .prometheus
            .fault("/api/v1/query", fault.clone(), Some(1));
        let error = client.instant("up", now).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{fault:?}: {error}");
    }
    let hang = PromFault::Wire(Wire::Hang);
    world.prometheus.fault("/api/v1/query", hang, Some(1));
    let url = world.prometheus.url();
    let hasty = Prometheus::new(&url, None, Duration::from_millis(100)).unwrap();
    let error = hasty.instant("up", now).await.unwrap_err();
    assert!(matches!(error, QueryError::TimedOut(_)), "{error}");
    world.prometheus.server().refuse();
    let error = client.instant("up", now).await.unwrap_err();
    assert!(matches!(error, QueryError::Unreachable(_)), "{error}");
    world.prometheus.server().restore().unwrap();
    assert!(client.instant("up", now).await.is_ok());
}
