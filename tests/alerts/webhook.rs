//! Webhooks: fingerprints as Alertmanager computes them, clocks, limits, signatures.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use vigie::alert::webhook::{
    Fault, MAX_ALERTS, Odd, Refused, Unread, Unsigned, read, verify_grafana,
};
use vigie::alert::{Labels, Sender, State, fingerprint};

use super::{all, api};

fn body(alerts: Value) -> Vec<u8> {
    let mut told = json!({"version": "4", "groupKey": "{}:{}", "status": "firing",
        "truncatedAlerts": 0, "externalURL": "http://alertmanager.example:9093"});
    told["alerts"] = alerts;
    told.to_string().into_bytes()
}

fn one(mut alert: Value) -> vigie::alert::webhook::Notice {
    let defaults = json!({"status": "firing", "labels": {"alertname": "A"}, "annotations": {},
        "startsAt": "2026-09-01T12:00:00Z", "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": "a1b2c3d4e5f60718"});
    for (name, value) in defaults.as_object().unwrap() {
        alert
            .as_object_mut()
            .unwrap()
            .entry(name)
            .or_insert_with(|| value.clone());
    }
    read(&body(json!([alert]))).unwrap()
}

/// The fixtures' fingerprints were given by a real Alertmanager.
#[test]
fn a_fingerprint_that_is_missing_is_computed_as_alertmanager_does() {
    let mut compared = 0;
    for alert in api() {
        assert_eq!(fingerprint::of_labels(&alert.labels), alert.fingerprint);
        compared += 1;
    }
    for (name, text) in all("alertmanager/webhook/") {
        let told = read(text.as_bytes()).unwrap().group;
        let mut without: Value = serde_json::from_str(&text).unwrap();
        for alert in without["alerts"].as_array_mut().unwrap() {
            alert.as_object_mut().unwrap().remove("fingerprint");
        }
        let notice = read(without.to_string().as_bytes()).unwrap();
        assert_eq!(notice.group, told, "{name}");
        let missing = Odd {
            field: "fingerprint",
            fault: Fault::Missing,
        };
        assert_eq!(notice.odd[&missing], told.alerts.len() as u64);
        compared += told.alerts.len();
    }
    assert!(compared > 15);
    // An empty set is the basis of the hash itself.
    assert_eq!(fingerprint::of_labels(&Labels::new()), "cbf29ce484222325");
}

#[test]
fn what_has_not_the_shape_of_a_fingerprint_is_not_taken_for_one() {
    for told in [
        "",
        "a1b2",
        "a1b2c3d4e5f6071g",
        "a1b2c3d4e5f607181",
        "<!channel>00000",
        "é1b2c3d4e5f6071",
    ] {
        let notice = one(json!({"fingerprint": told}));
        let labels = &notice.group.alerts[0].labels;
        assert_eq!(
            notice.group.alerts[0].fingerprint,
            fingerprint::of_labels(labels),
            "{told}"
        );
    }
    let notice = one(json!({"fingerprint": "A1B2C3D4E5F60718"}));
    assert_eq!(notice.group.alerts[0].fingerprint, "a1b2c3d4e5f60718");
}

#[test]
fn an_empty_label_is_no_label_and_counts_for_no_fingerprint() {
    let notice = one(json!({"labels": {"alertname": "A", "pod": ""}, "fingerprint": ""}));
    let bare = one(json!({"labels": {"alertname": "A"}, "fingerprint": ""}));
    assert_eq!(
        notice.group.alerts[0].fingerprint,
        bare.group.alerts[0].fingerprint
    );
    assert_eq!(notice.group.alerts[0].label("pod"), None);
}

#[test]
fn the_year_one_is_no_time_and_a_clock_that_runs_ahead_is_tolerated() {
    let notice =
        one(json!({"endsAt": "0001-01-01T00:00:00Z", "startsAt": "2999-01-01T00:00:00+02:00"}));
    let alert = &notice.group.alerts[0];
    assert_eq!(alert.ends_at, None);
    assert_eq!(
        alert.starts_at.unwrap().to_rfc3339(),
        "2998-12-31T22:00:00+00:00"
    );
    assert!(notice.odd.is_empty());
    // While it fires, the API's `endsAt` is only when it would be forgotten.
    let fires = one(json!({"endsAt": "2026-09-01T13:00:00Z"}));
    assert_eq!(fires.group.alerts[0].ends_at, None);
    let odd = one(json!({"startsAt": "yesterday"}));
    assert_eq!(odd.group.alerts[0].starts_at, None);
    assert_eq!(
        odd.odd[&Odd {
            field: "startsAt",
            fault: Fault::Unknown
        }],
        1
    );
}

/// A bot that was away sees the end before the beginning; so does one that gets an end before its start.
#[test]
fn resolved_before_firing_is_read_as_it_is() {
    let alert = json!({"status": "resolved", "startsAt": "2026-09-01T12:00:00Z", "endsAt": "2026-09-01T11:00:00Z"});
    let mut resolved: Value = serde_json::from_slice(&body(json!([alert]))).unwrap();
    resolved["alerts"][0]["labels"] = json!({"alertname": "A"});
    resolved["status"] = json!("resolved");
    let group = read(resolved.to_string().as_bytes()).unwrap().group;
    assert_eq!(
        (group.state, group.alerts[0].state),
        (State::Resolved, State::Resolved)
    );
    assert!(group.alerts[0].ends_at < group.alerts[0].starts_at);
}

#[test]
fn the_same_group_of_two_replicas_is_the_same_group() {
    let text = &all("alertmanager/webhook/production-firing")[0].1;
    let mut other: Value = serde_json::from_str(text).unwrap();
    other["externalURL"] = json!("http://alertmanager-1.example:9093");
    let other = read(other.to_string().as_bytes()).unwrap().group;
    let first = read(text.as_bytes()).unwrap().group;
    assert_eq!((&first.key, &first.alerts), (&other.key, &other.alerts));
}

#[test]
fn the_two_senders_are_told_apart_by_their_shape() {
    for (name, text) in all("/webhook/") {
        let expected = if name.starts_with("grafana") {
            Sender::Grafana
        } else {
            Sender::Alertmanager
        };
        assert_eq!(
            read(text.as_bytes()).unwrap().group.sender,
            expected,
            "{name}"
        );
    }
}

#[test]
fn alerts_left_out_by_the_sender_are_counted() {
    let mut told: Value =
        serde_json::from_slice(&body(json!([{"labels": {"alertname": "A"}}]))).unwrap();
    told["truncatedAlerts"] = json!(41);
    assert_eq!(
        read(told.to_string().as_bytes()).unwrap().group.truncated,
        41
    );
}

#[test]
fn one_bad_alert_does_not_cost_the_others() {
    let good = json!({"labels": {"alertname": "A"}, "status": "firing"});
    let bad = [
        json!(7),
        json!({"labels": 7}),
        json!({"labels": {"alertname": 7}}),
        json!({"status": "firing"}),
        json!({"labels": {}}),
    ];
    let mut list = vec![good.clone()];
    list.extend(bad);
    list.push(good);
    let notice = read(&body(Value::from(list))).unwrap();
    assert_eq!(notice.group.alerts.len(), 2);
    assert_eq!(notice.unread[&Unread::NotAnObject], 1);
    assert_eq!(notice.unread[&Unread::Labels(Fault::WrongType)], 2);
    assert_eq!(notice.unread[&Unread::Labels(Fault::Missing)], 2);
    assert_eq!(notice.group.truncated, 0);
}

#[test]
fn a_group_still_fires_when_the_alert_that_does_could_not_be_read() {
    let resolved = json!({"labels": {"alertname": "A"}, "status": "resolved"});
    let notice = read(&body(json!([resolved, {"labels": 7, "status": "firing"}]))).unwrap();
    assert_eq!(notice.group.state, State::Firing);
}

#[test]
fn five_thousand_alerts_are_read_and_ten_thousand_and_one_are_refused_by_name() {
    let alerts = |n: usize| {
        let one = |n| json!({"status": "firing", "labels": {"alertname": "A", "pod": format!("payment-{n}")}});
        body((0..n).map(one).collect())
    };
    for n in [5_000, MAX_ALERTS] {
        let group = read(&alerts(n)).unwrap().group;
        assert_eq!(group.alerts.len(), n);
        let prints: std::collections::BTreeSet<_> =
            group.alerts.iter().map(|a| &a.fingerprint).collect();
        assert_eq!(prints.len(), n);
    }
    let count = MAX_ALERTS as u64 + 1;
    let refused = read(&alerts(MAX_ALERTS + 1)).unwrap_err();
    assert_eq!(refused, Refused::TooManyAlerts { count });
    assert_eq!(refused.code(), "too-many-alerts");
    assert!(refused.to_string().contains("max_alerts"));
}

#[test]
fn ten_megabytes_of_anything_have_a_name() {
    const SIZE: usize = 10 << 20;
    let fill = |unit: &str| unit.repeat(SIZE / unit.len());
    let valid = "{\"alerts\":[{\"labels\":{\"alertname\":\"A\"}}],\"x\":";
    let cases: [(String, &str); 12] = [
        (fill(" "), "cut"),
        (fill("["), "too-deep"),
        (fill("{\"a\":"), "too-deep"),
        (fill("\""), "not-json"),
        (fill("\\"), "not-json"),
        (fill("<html>"), "not-json"),
        (fill("0"), "not-json"),
        (
            format!("{{\"alerts\":[{}0]}}", fill("0,")),
            "too-many-alerts",
        ),
        (format!("{{{}\"a\":0}}", fill("\"a\":0,")), "no-alerts"),
        (
            format!(
                "{{\"alerts\":[{{\"labels\":{{{}\"a\":\"\"}}}}]}}",
                fill("\"a\":\"\",")
            ),
            "none-readable",
        ),
        (format!("{valid}[{}0]}}", fill("{},")), "read"),
        (format!("{valid}\"{}\"}}", fill("é")), "read"),
    ];
    for (body, expected) in cases {
        let outcome = read(body.as_bytes()).map_or_else(Refused::code, |_| "read");
        assert_eq!(outcome, expected, "{}…", &body[..30]);
    }
}

#[test]
fn a_value_without_end_is_left_out_and_the_alert_stays_itself() {
    let long = "x".repeat(1 << 20);
    let notice = one(
        json!({"labels": {"alertname": "A", "query": long}, "annotations": {"description": long}, "fingerprint": ""}),
    );
    let alert = &notice.group.alerts[0];
    assert_eq!(alert.label("query"), None);
    assert_eq!(
        notice.odd[&Odd {
            field: "labels",
            fault: Fault::TooLong
        }],
        1
    );
    assert!(alert.annotations["description"].raw().chars().count() <= 4_096);
    let bare = one(json!({"labels": {"alertname": "A"}, "fingerprint": ""}));
    assert_ne!(alert.fingerprint, bare.group.alerts[0].fingerprint);
}

#[test]
fn an_alert_with_very_many_labels_is_told_with_the_first_of_them_and_its_name() {
    let many = |last: &str| {
        let mut labels: serde_json::Map<_, _> =
            (0..200).map(|n| (format!("a{n:03}"), json!("v"))).collect();
        labels.insert("alertname".into(), json!("A"));
        labels.insert("zone".into(), json!(last));
        one(json!({"labels": labels, "fingerprint": ""}))
    };
    let notice = many("1");
    let alert = &notice.group.alerts[0];
    assert_eq!((alert.name.raw(), alert.labels.len()), ("A", 128));
    let odd = Odd {
        field: "labels",
        fault: Fault::TooLong,
    };
    assert_eq!(notice.odd[&odd], 1);
    // What is left out still tells two alerts apart.
    assert_ne!(alert.fingerprint, many("2").group.alerts[0].fingerprint);
}

#[test]
fn what_an_attacker_puts_into_a_label_stays_a_value() {
    let labels = json!({"alertname": "\"<!channel>\n{{ .x }}", "pod": "\u{202e}txt\u{0}", "a\"b": "`*_~", "namespace": "' OR 1=1 --"});
    let notice = one(json!({"labels": labels}));
    let alert = &notice.group.alerts[0];
    assert_eq!(alert.name.raw(), "\"<!channel>\n{{ .x }}");
    assert_eq!(alert.label("pod"), Some("\u{202e}txt\u{0}"));
    assert!(!alert.name.to_slack().contains("<!"));
    assert!(!alert.labels["pod"].to_slack().contains('\u{202e}'));
}

#[test]
fn only_an_address_of_the_web_becomes_the_link() {
    for (url, kept) in [
        ("https://alertmanager.example", true),
        ("javascript:alert(1)", false),
        ("https://a.example/ <!channel>", false),
        ("file:///etc/passwd", false),
    ] {
        let mut told: Value =
            serde_json::from_slice(&body(json!([{"labels": {"alertname": "A"}}]))).unwrap();
        told["externalURL"] = json!(url);
        let link = read(told.to_string().as_bytes()).unwrap().group.link;
        assert_eq!(link.is_some(), kept, "{url}");
    }
}

const SECRET: &[u8] = b"FAKE-grafana-secret";
const SIGNED: &[u8] = br#"{"status":"firing"}"#;
/// Computed with another library.
const OVER_BODY: &str = "22f30d8c312fd287f46e5771b8a4ef3ae86dcc6b233870992d18bf7758a2a174";
const OVER_BOTH: &str = "ea6e1129a316e24ec8bcdae1f7150ea981bf4a53bb08207f90f60e256b9533eb";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

fn check(
    signature: Option<&str>,
    timestamp: Option<&str>,
    body: &[u8],
    secret: &[u8],
    after: i64,
) -> Result<(), Unsigned> {
    let now = now() + TimeDelta::seconds(after);
    verify_grafana(signature, timestamp, body, secret, now)
}

#[test]
fn grafana_s_signature_is_checked_with_its_timestamp() {
    let at = Some("1790000000");
    assert_eq!(check(Some(OVER_BOTH), at, SIGNED, SECRET, 0), Ok(()));
    assert_eq!(
        check(Some(&OVER_BOTH.to_uppercase()), at, SIGNED, SECRET, 300),
        Ok(())
    );
    assert_eq!(check(Some(OVER_BODY), None, SIGNED, SECRET, 0), Ok(()));
    // Replayed, early, moved in time, or stripped of its time.
    assert_eq!(
        check(Some(OVER_BOTH), at, SIGNED, SECRET, 301),
        Err(Unsigned::TooOld)
    );
    assert_eq!(
        check(Some(OVER_BOTH), at, SIGNED, SECRET, -301),
        Err(Unsigned::TooOld)
    );
    assert_eq!(
        check(Some(OVER_BOTH), Some("1790000001"), SIGNED, SECRET, 0),
        Err(Unsigned::Wrong)
    );
    assert_eq!(
        check(Some(OVER_BOTH), None, SIGNED, SECRET, 0),
        Err(Unsigned::Wrong)
    );
    // Another body, another secret.
    assert_eq!(
        check(Some(OVER_BOTH), at, b"{}", SECRET, 0),
        Err(Unsigned::Wrong)
    );
    assert_eq!(
        check(Some(OVER_BOTH), at, SIGNED, b"FAKE-other", 0),
        Err(Unsigned::Wrong)
    );
    // No signature at all.
    assert_eq!(check(None, at, SIGNED, SECRET, 0), Err(Unsigned::Missing));
    for malformed in [
        "",
        "sha256=00",
        &OVER_BOTH[1..],
        &"é".repeat(32),
        &format!("{}zz", &OVER_BOTH[2..]),
    ] {
        assert_eq!(
            check(Some(malformed), at, SIGNED, SECRET, 0),
            Err(Unsigned::Malformed),
            "{malformed}"
        );
    }
    for bad in [
        "",
        "now",
        "99999999999999999999",
        "1790000000.5",
        "-99999999999999999",
    ] {
        let refused = check(Some(OVER_BOTH), Some(bad), SIGNED, SECRET, 0);
        assert_eq!(refused, Err(Unsigned::BadTimestamp), "{bad}");
    }
}
