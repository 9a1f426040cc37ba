//! Advice on a rule in words, with its arithmetic. A threshold is written as PromQL writes it: it is to be copied.

use crate::alert::advice::{DAYS, HISTORY_DAYS, LongerHold, NewThreshold, RuleAdvice};
use crate::text::{Arg, Message};

/// The whole line.
pub(super) fn line(advice: &RuleAdvice) -> Message {
    let ways = [
        advice.threshold.as_ref().map(threshold),
        advice.hold.as_ref().map(hold),
    ];
    let mut ways = ways.into_iter().flatten();
    let first = ways.next().map_or_else(nothing, Arg::from);
    let second = ways.next().map_or_else(nothing, |way| {
        Arg::from(Message::new("advice-or").with("way", way))
    });
    let careful = if advice.critical {
        Arg::from(Message::new("advice-critical"))
    } else {
        nothing()
    };
    let unread = advice.not_read.clone().map_or_else(nothing, |why| {
        Arg::from(Message::new("advice-unread").with("why", why))
    });
    Message::new("line-rule-advice")
        .with("name", &advice.name)
        .with("times", i64::from(advice.times))
        .with("days", DAYS)
        .with("first", first)
        .with("second", second)
        .with("careful", careful)
        .with("unread", unread)
}

fn nothing() -> Arg {
    Arg::from(Message::new("advice-nothing"))
}

fn threshold(it: &NewThreshold) -> Message {
    let id = if it.to > it.from {
        "advice-threshold-above"
    } else {
        "advice-threshold-below"
    };
    Message::new(id)
        .with("from", written(it.from))
        .with("to", written(it.to))
        .with("usual", written(it.usual))
        .with("fired", it.fired)
        .with("would", it.would_fire)
        .with("days", HISTORY_DAYS)
}

fn hold(it: &LongerHold) -> Message {
    let message = match it.from {
        Some(from) => Message::new("advice-hold").with("from", duration(from)),
        None => Message::new("advice-hold-longer"),
    };
    message
        .with("to", duration(it.to))
        .with("under", it.under)
        .with("of", it.of)
        .with("lasted", Arg::Span(it.lasted))
}

/// Four digits, as PromQL reads them.
fn written(value: f64) -> String {
    let short: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    short.to_string()
}

/// As Prometheus writes a length: `15m`.
fn duration(seconds: i64) -> String {
    match seconds {
        0 => "0s".to_owned(),
        s if s % 3_600 == 0 => format!("{}h", s / 3_600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}
