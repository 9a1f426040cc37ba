//! What `/metrics` says after things have happened.

use std::time::Duration;

use crate::clients::slack::Observed;
use crate::telemetry::{Metrics, Trigger};
use crate::text::{Language, Redactor};

fn value(text: &str, series: &str) -> Option<f64> {
    text.lines()
        .find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

#[test]
fn what_happens_is_counted() {
    let redactor = Redactor::new(["xoxb-FAKE-own"]);
    let metrics = Metrics::new(redactor.clone());
    let slack = metrics.slack_observer();
    slack(Observed::Socket(true));
    slack(Observed::Call("chat.postMessage", "rate-limited"));
    slack(Observed::Frame("event", "saved", Duration::from_millis(20)));
    metrics.question(Language::Fr, "diagnose", "opened");
    metrics.denied("guest");
    metrics.audited(chrono::DateTime::UNIX_EPOCH, &["slack", "steps"]);
    metrics.audited(chrono::DateTime::from_timestamp(7, 0).unwrap(), &[]);
    metrics.heartbeat("sent");
    for heard in [9, 11] {
        let heard = chrono::DateTime::from_timestamp(heard, 0).unwrap();
        metrics.watchdog("eu-1", heard);
    }
    let _ = redactor.redact("here is xoxb-FAKE-own");

    let text = metrics.encode().unwrap();
    for (series, expected) in [
        ("vigie_slack_socket_connected", 1.0),
        (
            r#"vigie_slack_rate_limited_total{method="chat.postMessage"}"#,
            1.0,
        ),
        (
            r#"vigie_slack_events_total{type="event",outcome="saved"}"#,
            1.0,
        ),
        (r#"vigie_slack_ack_duration_seconds_bucket{le="0.05"}"#, 1.0),
        (
            r#"vigie_questions_total{lang="fr",want="diagnose",outcome="opened"}"#,
            1.0,
        ),
        (r#"vigie_authz_denied_total{reason="guest"}"#, 1.0),
        (r#"vigie_heartbeat_failures_total{reason="steps"}"#, 1.0),
        (r#"vigie_heartbeat_calls_total{outcome="sent"}"#, 1.0),
        ("vigie_heartbeat_last_proven_timestamp_seconds", 7.0),
        (
            r#"vigie_watchdog_last_seen_timestamp_seconds{source="eu-1"}"#,
            11.0,
        ),
    ] {
        assert_eq!(value(&text, series), Some(expected), "{series}\n{text}");
    }
    assert!(text.contains("vigie_build_info{version=\""), "{text}");
    assert!(text.contains("vigie_redactions_total{rule=\""), "{text}");
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn an_investigation_is_counted_with_its_reads() {
    let diagnosis = serde_json::from_value(serde_json::json!({
        "question": "?", "language": "en", "target": {}, "verdict": "cause-found",
        "headline": {"id": "x"}, "root_causes": [], "findings": [], "ruled_out": [], "suggestions": [],
        "ledger": [
            {"step": "pods", "status": "ok", "detail": {"id": "x"}, "ms": 12, "requests": 2, "bytes": 9},
            {"step": "logs", "status": "not-permitted", "detail": {"id": "x"}, "ms": 3, "requests": 1, "bytes": 0},
            {"step": "prometheus", "status": "not-configured", "detail": {"id": "x"}, "ms": 0, "requests": 0, "bytes": 0},
        ],
        "started_at": "2026-11-23T09:00:00Z", "elapsed_ms": 412,
    }))
    .unwrap();
    let metrics = Metrics::new(Redactor::default());
    metrics.investigated(Trigger::Question, &diagnosis);
    let text = metrics.encode().unwrap();
    for (series, expected) in [
        (
            r#"vigie_investigations_total{trigger="question",outcome="cause-found"}"#,
            1.0,
        ),
        (
            r#"vigie_data_source_requests_total{source="pods",outcome="ok"}"#,
            2.0,
        ),
        (
            r#"vigie_data_source_requests_total{source="logs",outcome="not-permitted"}"#,
            1.0,
        ),
        (
            r#"vigie_investigation_duration_seconds_bucket{le="0.5"}"#,
            1.0,
        ),
    ] {
        assert_eq!(value(&text, series), Some(expected), "{series}\n{text}");
    }
    assert!(!text.contains("source=\"prometheus\""));
}
