//! The arithmetic in tables, with the alerts that must be left alone.

use super::{
    Comparison, Direction, Firings, History, Past, RuleAdvice, Ruled, advise,
    comparison::comparison,
};
use crate::alert::RuleExpr;
use crate::text::{Message, Untrusted};

const STEP: i64 = 300;
/// Points of a week.
const WEEK: i64 = 7 * 24 * 12;

/// A week at `calm`, with spells of so many points at a level, one every so many hours.
fn week(calm: f64, spells: &[(i64, f64)]) -> History {
    let mut points: Vec<(i64, f64)> = (0..WEEK).map(|n| (n * STEP, calm)).collect();
    for (place, (length, level)) in spells.iter().enumerate() {
        let from = 100 + place * 150;
        for point in points
            .iter_mut()
            .skip(from)
            .take(usize::try_from(*length).unwrap())
        {
            point.1 = *level;
        }
    }
    History { step: STEP, points }
}

fn firings(times: u32, lasted: &[i64]) -> Firings {
    Firings {
        name: Untrusted::new("CPUHigh"),
        times,
        lasted: lasted.to_vec(),
        critical: false,
    }
}

fn past(expression: &str, holds_for: i64, history: Option<History>) -> Past {
    Past {
        rule: Some(Ruled {
            expression: RuleExpr::from_rules_api(expression),
            holds_for,
        }),
        history,
        unread: None,
    }
}

/// Twelve firings: nine short ones.
const MOSTLY_SHORT: [i64; 12] = [
    120, 180, 200, 240, 240, 300, 300, 420, 500, 1_500, 2_400, 4_000,
];

fn noisy() -> History {
    week(
        0.6,
        &[(3, 0.91), (3, 0.92), (3, 0.92), (3, 0.94), (3, 0.99)],
    )
}

#[test]
fn a_noisy_alert_gets_the_threshold_that_would_have_fired_once_and_a_longer_for() {
    let advice = advise(
        &firings(12, &MOSTLY_SHORT),
        &past("usage > 0.9", 300, Some(noisy())),
    );
    let RuleAdvice {
        threshold,
        hold,
        times,
        ..
    } = advice.unwrap();
    let threshold = threshold.unwrap();
    assert_eq!((times, threshold.from, threshold.fired), (12, 0.9, 5));
    assert_eq!((threshold.to, threshold.would_fire), (0.96, 1));
    let hold = hold.unwrap();
    assert_eq!((hold.from, hold.to), (Some(300), 900));
    assert_eq!((hold.under, hold.of, hold.lasted), (9, 12, 600));
}

#[test]
fn fewer_than_ten_firings_get_nothing() {
    let noisy = past("usage > 0.9", 300, Some(noisy()));
    assert_eq!(advise(&firings(9, &MOSTLY_SHORT), &noisy), None);
    assert!(advise(&firings(10, &MOSTLY_SHORT), &noisy).is_some());
}

#[test]
fn less_than_is_turned_round() {
    let history = week(0.5, &[(3, 0.09), (3, 0.08), (3, 0.05), (3, 0.02)]);
    let advice = advise(&firings(10, &[]), &past("free <= 0.1", 300, Some(history)));
    let threshold = advice.unwrap().threshold.unwrap();
    assert!((threshold.to - 0.04).abs() < 1e-9, "{}", threshold.to);
    assert_eq!((threshold.fired, threshold.would_fire), (4, 1));
}

#[test]
fn a_threshold_is_not_advised_where_it_cures_nothing() {
    // (what, history)
    let table = [
        ("always the same peak", week(0.6, &[(3, 0.95); 6])),
        ("it fired once", week(0.6, &[(3, 0.95)])),
        (
            "never for long enough",
            week(0.6, &[(1, 0.95), (1, 0.97), (1, 0.99)]),
        ),
        (
            "no history",
            History {
                step: STEP,
                points: Vec::new(),
            },
        ),
        (
            "a day of history",
            History {
                step: STEP,
                points: noisy().points.into_iter().take(288).collect(),
            },
        ),
    ];
    for (what, history) in table {
        let advice = advise(&firings(20, &[]), &past("usage > 0.9", 300, Some(history)));
        assert_eq!(advice, None, "{what}");
    }
}

#[test]
fn a_gap_ends_a_firing() {
    let mut history = week(0.6, &[(6, 0.95), (6, 0.99)]);
    // Nothing was measured in the middle of the first one: neither half is long enough.
    history.points.remove(103);
    history.points.remove(102);
    let advice = advise(
        &firings(10, &[]),
        &past("usage > 0.9", 1_200, Some(history)),
    );
    assert_eq!(advice, None);
}

#[test]
fn an_alert_that_flaps_is_held_longer_and_one_that_lasts_is_not() {
    let flaps = advise(
        &firings(30, &[30, 40, 50, 60, 60, 70, 80, 600]),
        &past("x", 0, None),
    );
    let hold = flaps.unwrap().hold.unwrap();
    assert_eq!(
        (hold.from, hold.to, hold.under, hold.of),
        (Some(0), 120, 7, 8)
    );
    let lasts = advise(&firings(30, &[7_200; 12]), &past("x", 300, None));
    assert_eq!(lasts, None);
    // All are equally short: a `for` that hides them hides the worst of them too.
    let equal = advise(&firings(30, &[60; 12]), &past("x", 300, None));
    assert_eq!(equal, None);
}

#[test]
fn without_prometheus_only_our_own_lengths_count_and_that_is_said() {
    let blind = Past {
        unread: Some(Message::new("unread-late")),
        ..Past::default()
    };
    let advice = advise(&firings(12, &MOSTLY_SHORT), &blind).unwrap();
    assert_eq!(advice.threshold, None);
    let hold = advice.hold.unwrap();
    assert_eq!((hold.from, hold.to), (None, 600));
    assert!(advice.not_read.is_some());
    assert_eq!(advise(&firings(12, &[60, 60]), &blind), None);
}

#[test]
fn presence_is_no_matter_of_taste() {
    let alone = |name: &str, expression: Option<&str>| {
        let read = expression.map_or_else(Past::default, |text| past(text, 300, Some(noisy())));
        let alert = Firings {
            name: Untrusted::new(name),
            ..firings(50, &MOSTLY_SHORT)
        };
        advise(&alert, &read)
    };
    for (name, expression) in [
        ("Watchdog", Some("vector(1)")),
        ("InfoInhibitor", None),
        ("Gone", Some("absent(up{job=\"api\"} == 1)")),
        ("Gone", Some("absent_over_time(up[5m]) > 0.9")),
        ("TargetDown", Some("up == 0")),
        ("Scrape", Some("min by (job) (up{job=~\"a|b\"}) == 0")),
        ("Scrape", Some("up{job=\"a\"} < 1")),
        ("TargetDown", None),
        ("KubeletDown", None),
        ("Broken", Some("\"unclosed")),
    ] {
        assert_eq!(alone(name, expression), None, "{name} {expression:?}");
    }
    // A word in a string or a longer name is not `absent` or `up`.
    for expression in ["x{a=\"absent\"} > 0.9", "backup_age > 0.9"] {
        assert!(alone("Slow", Some(expression)).is_some(), "{expression}");
    }
}

#[test]
fn a_critical_one_is_marked() {
    let alert = Firings {
        critical: true,
        ..firings(12, &MOSTLY_SHORT)
    };
    assert!(
        advise(&alert, &past("x > 0.9", 300, None))
            .unwrap()
            .critical
    );
}

#[test]
fn comparisons_are_read_and_everything_else_is_left() {
    let read = |text: &str| comparison(text).map(|it| (it.left, it.threshold));
    let is = |text: &str, left: &str, threshold: f64| {
        assert_eq!(read(text), Some((left.to_owned(), threshold)), "{text}");
    };
    is("a > 0.9", "a", 0.9);
    is("(a > 0.9)", "a", 0.9);
    is("a{x=\"> 5\"} >= 1e3", "a{x=\"> 5\"}", 1_000.0);
    is("sum(a) / sum(b) > (25 / 100)", "sum(a) / sum(b)", 0.25);
    is("sum(a > 3) < -2", "sum(a > 3)", -2.0);
    is("a{x='it\\'s > 1'}<5", "a{x='it\\'s > 1'}", 5.0);
    is("(a) > (5)", "(a)", 5.0);
    is("rate(a{x!=\"\"}[5m]) > 0", "rate(a{x!=\"\"}[5m])", 0.0);
    for text in [
        "",
        "a",
        "a == 1",
        "a != 1",
        "a > b",
        "a > bool 1",
        "a > on(x) 1",
        "a > 1 and b",
        "a > 0.9 AND b > 3",
        "b unless a > 3",
        "1 < a < 5",
        "3 > 1",
        "a > 5m",
        "a > Inf",
        "a > 1/0",
        "> 3",
        "a{x=\"} > 3",
        "a) > 3",
        "(a > 3",
        "count(a) by (x) > 0.5 or vector(0)",
        "é > ]",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    let strict = Comparison {
        left: "a".to_owned(),
        direction: Direction::Above,
        inclusive: false,
        threshold: 1.0,
    };
    assert!(!strict.fires(1.0, 1.0) && strict.fires(1.1, 1.0));
}

#[test]
fn every_cut_of_an_expression_is_read_without_a_panic() {
    let text = "sum by (pod) (rate(a{x=\"é\\\" > 1\",y=~`b|c`}[5m])) / 2 >= (25 / 100)";
    for (end, _) in text.char_indices() {
        let _ = comparison(&text[..end]);
        let _ = super::comparison::asks_for_presence(&text[..end]);
    }
}
