//! A picture of each kind that is posted, with made-up curves.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};

use crate::finding::{Chart, Curve, CurveRole, Level, Mark, Unit};
use crate::text::{Arg, Message};

const MIB: f64 = 1_048_576.0;

/// 14:14 UTC on the day of every sample.
pub(super) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 26, 14, 14, 0).unwrap()
}

fn ago(minutes: i64) -> DateTime<Utc> {
    now() - TimeDelta::minutes(minutes)
}

/// A little noise, the same each time.
fn noise(n: i64) -> f64 {
    let mixed = n.wrapping_mul(2_654_435_761) ^ (n.wrapping_mul(40_503) >> 3);
    f64::from(u8::try_from(mixed.rem_euclid(200)).unwrap_or(0)) / 100.0 - 1.0
}

/// A point each step of the last minutes, by the minutes that are left until now; `None` is a gap.
fn curve(
    id: &'static str,
    role: CurveRole,
    minutes: i64,
    value: impl Fn(f64) -> Option<f64>,
) -> Curve {
    let step = minutes * 60 / 120;
    let points = (0..=120).filter_map(|n| {
        let at = ago(minutes).timestamp() + n * step;
        #[expect(clippy::cast_precision_loss, reason = "minutes of a sample")]
        let left = (now().timestamp() - at) as f64 / 60.0;
        Some((at, value(left)? * (1.0 + noise(n) * 0.015)))
    });
    Curve {
        label: Message::new(id),
        role,
        points: points.collect(),
    }
}

fn chart(
    title: &'static str,
    object: &str,
    conclusion: Message,
    unit: Unit,
    minutes: i64,
) -> Chart {
    Chart {
        title: Message::new(title).with("object", object),
        conclusion,
        unit,
        from: ago(minutes),
        to: now(),
        step: minutes * 60 / 120,
        series: Vec::new(),
        levels: Vec::new(),
        marks: Vec::new(),
    }
}

fn level(id: &'static str, value: f64, bound: bool) -> Level {
    Level {
        label: Message::new(id),
        value,
        bound,
    }
}

fn mark(id: &'static str, minutes: i64, trouble: bool) -> Mark {
    Mark {
        label: Message::new(id),
        at: ago(minutes),
        trouble,
    }
}

/// Every kind, with a name for its file.
pub(super) fn all() -> Vec<(&'static str, Chart)> {
    vec![
        ("memory", memory()),
        ("cpu", cpu()),
        ("latency", latency()),
        ("errors", errors()),
        ("disk", disk()),
        ("replicas", replicas()),
        ("requests", requests()),
        ("connections", connections()),
        ("gaps", gaps()),
    ]
}

/// A saw-tooth: climbs to its limit, is killed, climbs again.
pub(super) fn memory() -> Chart {
    let conclusion = Message::new("chart-memory-killed")
        .with("limit", Arg::Bytes(512 << 20))
        .with("times", 3);
    let tooth = |left: f64| {
        let phase = if left > 26.0 {
            0.0
        } else {
            (26.0 - left) % 8.0 / 8.0
        };
        Some(if left > 26.0 {
            190.0 * MIB
        } else {
            (180.0 + 332.0 * phase.powf(0.8)) * MIB
        })
    };
    let beside = |base: f64| move |left: f64| Some((base + 10.0 * (left / 9.0).sin()) * MIB);
    Chart {
        series: vec![
            curve("chart-now", CurveRole::Main, 60, tooth),
            curve("chart-other-pods", CurveRole::Other, 60, beside(205.0)),
            curve("chart-other-pods", CurveRole::Other, 60, beside(228.0)),
        ],
        levels: vec![
            level("chart-limit", 512.0 * MIB, true),
            level("chart-request", 256.0 * MIB, false),
        ],
        marks: vec![
            mark("chart-mark-deploy", 28, false),
            mark("chart-mark-killed", 18, true),
        ],
        ..chart(
            "chart-title-memory",
            "payment-service",
            conclusion,
            Unit::Bytes,
            60,
        )
    }
}

fn cpu() -> Chart {
    let conclusion = Message::new("chart-cpu-throttled")
        .with("limit", Arg::Millicores(500))
        .with("share", Arg::Percent(0.61));
    let held = |left: f64| {
        Some(if left > 35.0 {
            0.18 + 0.05 * (left / 5.0).sin()
        } else {
            (0.18 + (35.0 - left) * 0.06).min(0.495)
        })
    };
    Chart {
        series: vec![curve("chart-now", CurveRole::Main, 60, held)],
        levels: vec![
            level("chart-limit", 0.5, true),
            level("chart-request", 0.2, false),
        ],
        marks: vec![mark("chart-mark-symptom", 31, true)],
        ..chart("chart-title-cpu", "search-api", conclusion, Unit::Cpus, 60)
    }
}

fn latency() -> Chart {
    let seconds = |value: f64| Arg::from(Message::new("seconds").with("seconds", value));
    let conclusion = Message::new("chart-latency-usual")
        .with("now", seconds(2.4))
        .with(
            "usual",
            Message::new("chart-milliseconds").with("value", 359),
        );
    let slow = |left: f64| {
        Some(if left > 42.0 {
            0.3 + 0.04 * (left / 7.0).sin()
        } else {
            2.4 - 2.1 * (-(42.0 - left) / 6.0).exp()
        })
    };
    let usual = |left: f64| Some(0.31 + 0.05 * (left / 11.0).cos());
    Chart {
        series: vec![
            curve("chart-now", CurveRole::Main, 90, slow),
            curve("chart-yesterday", CurveRole::Usual, 90, usual),
        ],
        marks: vec![
            mark("chart-mark-deploy", 44, false),
            mark("chart-mark-symptom", 39, true),
        ],
        ..chart(
            "chart-title-latency",
            "payment-service",
            conclusion,
            Unit::Seconds,
            90,
        )
    }
}

fn errors() -> Chart {
    let conclusion = Message::new("chart-errors-usual")
        .with("now", Arg::Percent(0.22))
        .with("usual", Arg::Percent(0.001));
    let failing = |left: f64| {
        Some(if left > 9.0 {
            0.001
        } else {
            0.22_f64.min((9.0 - left) * 0.09)
        })
    };
    Chart {
        series: vec![
            curve("chart-now", CurveRole::Main, 60, failing),
            curve("chart-yesterday", CurveRole::Usual, 60, |_| Some(0.001)),
        ],
        levels: vec![level("chart-threshold", 0.05, true)],
        marks: vec![mark("chart-mark-symptom", 9, true)],
        ..chart(
            "chart-title-errors",
            "session-service",
            conclusion,
            Unit::Share,
            60,
        )
    }
}

fn disk() -> Chart {
    let conclusion = Message::new("chart-filling-soon")
        .with("now", Arg::Percent(0.96))
        .with("span", Arg::Span(2_100));
    Chart {
        series: vec![curve("chart-now", CurveRole::Main, 180, |left| {
            Some(0.96 - left * 0.0017)
        })],
        levels: vec![level("chart-full", 1.0, true)],
        ..chart(
            "chart-title-volume",
            "data-orders-db-0",
            conclusion,
            Unit::Share,
            180,
        )
    }
}

fn replicas() -> Chart {
    let conclusion = Message::new("chart-replicas-max").with("max", 10);
    let mut series = curve("chart-now", CurveRole::Main, 120, |left| {
        Some((3.0 + (100.0 - left) / 10.0).floor().clamp(3.0, 10.0))
    });
    series
        .points
        .iter_mut()
        .for_each(|(_, value)| *value = value.round());
    Chart {
        series: vec![series],
        levels: vec![level("chart-maximum", 10.0, true)],
        ..chart(
            "chart-title-replicas",
            "checkout",
            conclusion,
            Unit::Count,
            120,
        )
    }
}

fn requests() -> Chart {
    let conclusion = Message::new("chart-requests-usual")
        .with("now", 1_240.0)
        .with("usual", 310.0);
    let surge = |left: f64| {
        Some(if left > 20.0 {
            320.0
        } else {
            1250.0 - 930.0 * (-(20.0 - left) / 4.0).exp()
        })
    };
    Chart {
        series: vec![
            curve("chart-now", CurveRole::Main, 60, surge),
            curve("chart-yesterday", CurveRole::Usual, 60, |left| {
                Some(310.0 + 20.0 * (left / 9.0).sin())
            }),
        ],
        marks: vec![mark("chart-mark-symptom", 20, true)],
        ..chart(
            "chart-title-requests",
            "catalogue",
            conclusion,
            Unit::PerSecond,
            60,
        )
    }
}

fn connections() -> Chart {
    let conclusion = Message::new("chart-connections-max")
        .with("now", 1000)
        .with("max", 1000);
    let mut series = curve("chart-now", CurveRole::Main, 60, |left| {
        Some(if left > 20.0 {
            412.0
        } else {
            (412.0 + (20.0 - left) * 54.0).min(1000.0)
        })
    });
    series
        .points
        .iter_mut()
        .for_each(|(_, value)| *value = value.min(1000.0));
    Chart {
        series: vec![series],
        levels: vec![level("chart-maximum", 1000.0, true)],
        marks: vec![mark("chart-mark-symptom", 9, true)],
        ..chart(
            "chart-title-connections",
            "redis-master",
            conclusion,
            Unit::Count,
            60,
        )
    }
}

/// The exporter was away twice, and one scrape stands alone.
pub(super) fn gaps() -> Chart {
    let conclusion = Message::new("chart-memory-near")
        .with("share", Arg::Percent(0.93))
        .with("limit", Arg::Bytes(1 << 30));
    let holed = |left: f64| {
        let away = left > 52.0 || (25.0..38.0).contains(&left) && !(31.0..31.4).contains(&left);
        (!away).then_some((955.0 - left * 6.0) * MIB)
    };
    Chart {
        series: vec![curve("chart-now", CurveRole::Main, 60, holed)],
        levels: vec![
            level("chart-limit", 1024.0 * MIB, true),
            level("chart-request", 512.0 * MIB, false),
        ],
        marks: vec![
            mark("chart-mark-deploy", 57, false),
            mark("chart-mark-symptom", 54, true),
            mark("chart-mark-killed", 51, true),
        ],
        ..chart(
            "chart-title-memory",
            "session-service",
            conclusion,
            Unit::Bytes,
            60,
        )
    }
}
