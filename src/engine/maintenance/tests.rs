//! Which maintenance is over, by what was said, where and by whom.

use super::*;
use crate::incident::{ChannelId, Ts};
use crate::intent::{Vocabulary, parse};

fn thread(ts: &str) -> ThreadRef {
    ThreadRef::under(ChannelId::new("C1"), Ts::new(ts))
}

fn window(words: (Option<&str>, Option<&str>), by: &str, ts: &str) -> Window {
    let from = "2026-11-25T15:00:00Z".parse().unwrap();
    Window {
        window: Maintenance {
            service: words.0.map(str::to_owned),
            environment: words.1.map(str::to_owned),
            from,
            until: from + TimeDelta::hours(1),
            by: UserId::new(by),
        },
        thread: Some(thread(ts)),
    }
}

fn said(windows: &[Window], text: &str, by: &str, ts: &str) -> Over {
    let ask = parse(text, &Vocabulary::default(), None);
    over(windows, &ask, &thread(ts), &UserId::new(by))
}

#[test]
fn what_is_named_ends_and_nothing_else() {
    let windows = [
        window((Some("payment-service"), None), "U1", "1.0"),
        window((Some("checkout"), Some("production")), "U2", "2.0"),
        window((None, Some("staging")), "U2", "3.0"),
    ];
    for (text, ends) in [
        ("fin de maintenance payment", 0),
        ("maintenance over payment-service", 0),
        ("fin de maintenance checkout production", 1),
        ("maintenance over checkout", 1),
        ("fin de maintenance staging", 2),
    ] {
        assert_eq!(
            said(&windows, text, "U9", "9.0"),
            Over::These(vec![ends]),
            "{text}"
        );
    }
    for text in ["fin de maintenance facturation", "maintenance over dev"] {
        assert_eq!(said(&windows, text, "U1", "1.0"), Over::None, "{text}");
    }
}

#[test]
fn one_that_is_not_named_is_the_only_one_or_of_this_thread_or_of_this_person() {
    let all = [
        window((Some("payment-service"), None), "U1", "1.0"),
        window((Some("checkout"), None), "U2", "2.0"),
        window((Some("catalog"), None), "U2", "3.0"),
    ];
    let over = |windows: &[Window], by: &str, ts: &str| said(windows, "fin de maintenance", by, ts);
    assert_eq!(
        over(&all[..1], "U9", "9.0"),
        Over::These(vec![0]),
        "the only one"
    );
    assert_eq!(
        over(&all, "U1", "3.0"),
        Over::These(vec![2]),
        "of this thread"
    );
    assert_eq!(
        over(&all, "U1", "9.0"),
        Over::These(vec![0]),
        "of this person"
    );
    assert_eq!(
        over(&all, "U2", "9.0"),
        Over::OneOf(vec![0, 1, 2]),
        "two are theirs"
    );
    assert_eq!(over(&[], "U1", "1.0"), Over::None);
}

#[test]
fn windows_of_an_older_version_are_still_read() {
    let old = r#"{"environment":null,"service":"payment","from":"2026-11-25T15:00:00Z","until":"2026-11-25T16:00:00Z","by":"U1"}"#;
    let read: Window = serde_json::from_str(old).unwrap();
    assert_eq!(read.window.service.as_deref(), Some("payment"));
    assert_eq!(read.thread, None);
}

#[test]
fn a_length_is_never_nothing_and_never_too_long_to_count() {
    assert_eq!(length(None), USUAL_WINDOW);
    assert_eq!(length(Some(0)), TimeDelta::minutes(1));
    assert_eq!(length(Some(7200)), TimeDelta::hours(2));
    assert!(length(Some(u64::MAX)) > TimeDelta::days(10_000));
}
