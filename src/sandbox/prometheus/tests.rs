//! Queries as the bot writes them, against a small table.

use chrono::{DateTime, TimeDelta, Utc};

use super::query::read;
use super::series::evaluate;
use super::{Scripted, Shape};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn table() -> Vec<Scripted> {
    let pod = |name: &'static str| {
        [
            ("namespace", "production"),
            ("pod", name),
            ("service", "payment"),
        ]
    };
    let hour_ago = now() - TimeDelta::hours(1);
    let bytes = "container_memory_working_set_bytes";
    vec![
        Scripted::steady(bytes, Shape::Raw, &pod("payment-1"), 100.0).then(hour_ago, 400.0),
        Scripted::steady(bytes, Shape::Raw, &pod("payment-2"), 100.0),
        Scripted::steady(bytes, Shape::MaxOverTime, &pod("payment-1"), 512.0),
        Scripted::steady("http_requests_total", Shape::Rate, &pod("payment-1"), 10.0),
        Scripted::steady("http_requests_total", Shape::Rate, &pod("payment-2"), 20.0),
        Scripted::steady("http_requests_total", Shape::Ratio, &pod("payment-1"), 0.04),
        Scripted::steady(
            "latency_bucket",
            Shape::Quantile(0.99),
            &pod("payment-1"),
            2.4,
        ),
    ]
}

fn values(query: &str) -> Vec<f64> {
    let query = read(query).unwrap();
    let samples = evaluate(&table(), &query, now());
    samples.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn selectors_shapes_and_aggregations_are_answered() {
    let cases: &[(&str, &[f64])] = &[
        ("container_memory_working_set_bytes", &[400.0, 100.0]),
        (
            "container_memory_working_set_bytes{pod=~\"payment-.*\",container!=\"POD\"}",
            &[400.0, 100.0],
        ),
        (
            "container_memory_working_set_bytes{pod=\"payment-1\"} offset 1d",
            &[100.0],
        ),
        (
            "max_over_time(container_memory_working_set_bytes{pod=\"payment-1\"}[2m] offset 61m)",
            &[100.0],
        ),
        (
            "max_over_time(container_memory_working_set_bytes{pod=\"payment-1\"}[2m] offset 59m)",
            &[400.0],
        ),
        (
            "max by (pod) (container_memory_working_set_bytes{namespace='production'})",
            &[400.0, 100.0],
        ),
        (
            "max(container_memory_working_set_bytes) by (namespace)",
            &[400.0],
        ),
        (
            "max_over_time(container_memory_working_set_bytes{namespace=\"production\"}[24h])",
            &[512.0],
        ),
        (
            "sum(rate(http_requests_total{namespace=\"production\"}[5m]))",
            &[30.0],
        ),
        (
            "sum(rate(http_requests_total{code=~\"5..\",service=\"payment\"}[5m])) / sum(rate(http_requests_total{service=\"payment\"}[5m]))",
            &[0.04],
        ),
        (
            "(sum(rate(http_requests_total{status=~\"5..\"}[5m])) or sum(rate(http_requests_total{code=~\"5..\"}[5m]))) / sum(rate(http_requests_total[5m]))",
            &[0.04],
        ),
        (
            "sum(rate(http_server_requests_seconds_count[5m])) or sum(rate(http_requests_total[5m]))",
            &[30.0],
        ),
        (
            "sum by (container) (increase(http_requests_total{service=~\"pay\\\\-?ment.*\"}[5m])) / sum by (container) (increase(http_requests_total[5m]))",
            &[0.04],
        ),
        (
            "histogram_quantile(0.99, sum by (le) (rate(latency_bucket{service=\"payment\"}[5m])))",
            &[2.4],
        ),
        ("container_memory_working_set_bytes > 200", &[400.0]),
    ];
    for (query, expected) in cases {
        assert_eq!(values(query), *expected, "{query}");
    }
}

#[test]
fn what_is_not_scripted_or_not_understood_is_empty() {
    for query in [
        "nope",
        "container_memory_working_set_bytes{namespace=\"staging\"}",
        "histogram_quantile(0.5, sum by (le) (rate(latency_bucket[5m])))",
        "increase(http_requests_total[5m])",
        "predict_linear(container_memory_working_set_bytes[1h], 3600)",
        "container_memory_working_set_bytes * 2",
    ] {
        assert_eq!(values(query), [] as [f64; 0], "{query}");
    }
    let unknown = read("predict_linear(container_memory_working_set_bytes[1h], 3600)").unwrap();
    assert_eq!(unknown.unknown, ["function predict_linear"]);
}

#[test]
fn queries_side_by_side_keep_their_labels() {
    let text = r#"label_replace(sum by (pod) (rate(http_requests_total{pod=~"a\\(|payment.*"}[5m])), "of", "0", "", "") or label_replace(topk(3, max by (pod) (container_memory_working_set_bytes)) > 200, "of", "1", "", "")"#;
    let parts = super::query::read_parts(text).unwrap();
    let samples = super::series::evaluate_parts(&table(), &parts, now());
    let shown = samples
        .iter()
        .map(|(labels, value)| (labels["of"].as_str(), labels["pod"].as_str(), *value));
    let shown: Vec<_> = shown.collect();
    let expected = [
        ("0", "payment-1", 10.0),
        ("0", "payment-2", 20.0),
        ("1", "payment-1", 400.0),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn nonsense_is_a_parse_error() {
    for query in [
        "",
        "sum(",
        "up)",
        "up{",
        "up{job=}",
        "up{job=\"a}",
        "up{job=~\"(\"}",
        "§",
    ] {
        assert!(read(query).is_err(), "{query}");
    }
}

#[test]
fn a_selector_without_a_metric_means_every_metric_of_that_name() {
    let found = |text: &str| {
        let selector = super::query::selector(text).unwrap();
        let all = table();
        all.iter()
            .filter(|series| series.meets(&selector, false))
            .count()
    };
    assert_eq!(found("{namespace=~\"production\"}"), table().len());
    assert_eq!(found("{__name__=~\"http_.*\",namespace=\"production\"}"), 3);
    assert_eq!(found("{__name__!~\"http_.*\"}"), 4);
    assert_eq!(found("{namespace=\"staging\"}"), 0);
}
