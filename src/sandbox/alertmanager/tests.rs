//! What the sandbox's Alertmanager mutes, and how it reads a matcher. The server itself is asked by the real
//! client in `tests/alertmanager`, side by side with the real Alertmanager.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::hold::{Hold, Wanted, fingerprint};
use super::matcher::Matcher;

fn now() -> DateTime<Utc> {
    "2026-11-26T12:00:00Z".parse().unwrap()
}

fn all() -> Wanted {
    Wanted {
        matchers: Vec::new(),
        active: true,
        silenced: true,
        inhibited: true,
    }
}

#[test]
fn a_fingerprint_is_the_one_alertmanager_gives() {
    // Taken from Alertmanager 0.25.
    let labels = [("alertname", "A"), ("v", "q\"b\\n\nx,{{")];
    let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(fingerprint(&labels.into()), "58b1687415310488");
}

#[test]
fn a_matcher_is_read_with_its_quotes_and_nonsense_is_refused() {
    let holds = |text: &str, value: &str| {
        let labels = [("a".to_owned(), value.to_owned())];
        Matcher::read(text).unwrap().holds(&labels.into())
    };
    assert!(holds("a=\"q\\\"b\\\\n\\n\"", "q\"b\\n\n"));
    assert!(holds("a=plain", "plain"));
    assert!(holds("a=~\"pay.*\"", "payment") && !holds("a=~\"pay\"", "payment"));
    assert!(holds("a!~\"x|y\"", "z") && holds("b!=\"1\"", "z") && !holds("b=\"1\"", "z"));
    for text in [
        "nope",
        "=\"x\"",
        "a=\"x",
        "a=\"x\"y",
        "a b=\"x\"",
        "a=~\"(\"",
    ] {
        assert!(Matcher::read(text).is_err(), "{text}");
    }
}

#[test]
fn a_silence_mutes_for_its_time_and_only_what_it_means() {
    let mut hold = Hold::default();
    let alerts = json!([
        {"labels": {"alertname": "A", "pod": "p1"}, "endsAt": "2026-11-26T18:00:00Z"},
        {"labels": {"alertname": "B"}, "endsAt": "2026-11-26T18:00:00Z"},
    ]);
    hold.take(&alerts, now()).unwrap();
    let body = json!({
        "matchers": [{"name": "alertname", "value": "A", "isRegex": false}],
        "startsAt": "2026-11-26T12:10:00Z", "endsAt": "2026-11-26T13:00:00Z",
        "createdBy": "claire", "comment": "we know",
    });
    let id = hold.make(&body, now()).ok().unwrap();
    let muted = |hold: &Hold, after: i64| {
        let shown = hold.alerts(&all(), now() + TimeDelta::minutes(after));
        shown
            .iter()
            .filter(|one| one["status"]["state"] == "suppressed")
            .count()
    };
    assert_eq!(
        (muted(&hold, 5), muted(&hold, 15), muted(&hold, 61)),
        (0, 1, 0)
    );
    assert!(hold.expire(&id, now() + TimeDelta::minutes(20)));
    assert_eq!(muted(&hold, 21), 0);
    assert!(!hold.expire("nope", now()));
    assert!(
        hold.alerts(&all(), now() + TimeDelta::hours(7)).is_empty(),
        "ended"
    );
}
