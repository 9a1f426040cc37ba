//! A picture before it is drawn: one curve beside what it is measured against, and when things happened.
//! A diagnosis keeps it as values; `post::chart` draws it in the reader's language and time zone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text::Message;

/// One picture: a measure over time, its limits, and the moments that matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// What is measured, of what: `Memory of payment-service`.
    pub title: Message,
    /// What the picture shows, as one sentence without clock times: it is the alternative text too.
    pub conclusion: Message,
    /// What the values are.
    pub unit: Unit,
    /// Beginning of the time shown.
    pub from: DateTime<Utc>,
    /// End of the time shown.
    pub to: DateTime<Utc>,
    /// Seconds between two points: where more than two steps are without one, nothing was measured.
    pub step: i64,
    /// The curves, the one that matters first; at most [`Chart::MAX_SERIES`].
    pub series: Vec<Curve>,
    /// Horizontal lines.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// Moments.
    #[serde(default)]
    pub marks: Vec<Mark>,
}

/// What a value means; each is drawn in the notation of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Bytes, as Kubernetes quantities.
    Bytes,
    /// CPUs; shown as Kubernetes quantities.
    Cpus,
    /// A part of a whole, 0 to 1; shown as a percentage.
    Share,
    /// Seconds.
    Seconds,
    /// Something per second.
    PerSecond,
    /// Whole things: replicas, connections.
    Count,
}

/// One curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What it is called at its end: `today`, `yesterday`, a pod's name.
    pub label: Message,
    /// How it is drawn.
    pub role: CurveRole,
    /// Unix seconds and value, oldest first, finite values only; at most [`Chart::MAX_POINTS`].
    pub points: Vec<(i64, f64)>,
}

/// What a curve is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CurveRole {
    /// It shows the trouble.
    Main,
    /// It shows what is normal: the same hours of another day.
    Usual,
    /// It stands beside the main one: the other pods.
    Other,
}

/// A horizontal line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// What it is called: `limit`, `request`. Its value is written beside it.
    pub label: Message,
    /// Where it is, in the chart's unit.
    pub value: f64,
    /// Whether reaching it is the trouble (a limit, a maximum, a threshold), or it is there to compare.
    pub bound: bool,
}

/// A moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// What it is called: `deploy`, `first kill`. Its time is written beside it.
    pub label: Message,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the trouble shows from here on, or something was changed.
    pub trouble: bool,
}

impl Chart {
    /// Most curves of one picture.
    pub const MAX_SERIES: usize = 4;
    /// Most points of one curve.
    pub const MAX_POINTS: usize = 150;

    /// Most lines across, and most moments.
    pub const MAX_LINES: usize = 4;

    /// Keeps what a record may hold: few curves, few points, finite values of six digits, in order. Points
    /// outside the time shown are dropped, and of too many only every second (third, …) stays.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let (from, to) = (self.from.timestamp(), self.to.timestamp());
        self.series.truncate(Self::MAX_SERIES);
        self.levels.retain(|level| level.value.is_finite());
        self.levels.truncate(Self::MAX_LINES);
        self.marks.truncate(Self::MAX_LINES);
        for curve in &mut self.series {
            curve
                .points
                .retain(|(at, value)| value.is_finite() && (from..=to).contains(at));
            curve.points.sort_by_key(|(at, _)| *at);
            curve.points.dedup_by_key(|(at, _)| *at);
            let every = curve.points.len().div_ceil(Self::MAX_POINTS).max(1);
            let mut number = 0;
            curve.points.retain(|_| {
                number += 1;
                (number - 1) % every == 0
            });
            if every > 1 {
                self.step = self
                    .step
                    .max(1)
                    .saturating_mul(i64::try_from(every).unwrap_or(1));
            }
            for (_, value) in &mut curve.points {
                *value = six_digits(*value);
            }
        }
        self.series.retain(|curve| !curve.points.is_empty());
        self
    }
}

/// A value as a picture can show it: a record need not keep seventeen digits of each point.
fn six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn chart(points: Vec<(i64, f64)>) -> Chart {
        let from = DateTime::UNIX_EPOCH;
        Chart {
            title: Message::new("a"),
            conclusion: Message::new("b"),
            unit: Unit::Count,
            from,
            to: from + TimeDelta::seconds(1000),
            step: 1,
            series: vec![Curve {
                label: Message::new("c"),
                role: CurveRole::Main,
                points,
            }],
            levels: Vec::new(),
            marks: Vec::new(),
        }
    }

    #[test]
    fn a_record_keeps_a_small_picture_whatever_was_read() {
        let many = (0..1000).map(|n| (n, f64::from(i32::try_from(n).unwrap()) / 3.0));
        let chart = chart(many.collect()).bounded();
        let kept = &chart.series[0].points;
        assert!(kept.len() <= Chart::MAX_POINTS, "{}", kept.len());
        assert_eq!(kept[1], (7, 2.33333));
        assert_eq!(chart.step, 7, "a wider distance is no gap");
        assert!(serde_json::to_string(&chart).unwrap().len() < 5_000);
    }

    #[test]
    fn what_is_no_value_and_what_is_outside_is_dropped() {
        let read = vec![
            (5, 2.0),
            (3, f64::NAN),
            (4, 1.0),
            (4, 9.0),
            (-1, 1.0),
            (2000, 1.0),
            (6, f64::INFINITY),
        ];
        let kept = chart(read).bounded();
        assert_eq!(kept.series[0].points, [(4, 1.0), (5, 2.0)]);
        let nothing = chart(vec![(1, f64::NAN)]).bounded();
        assert!(nothing.series.is_empty(), "a curve without a point is none");
    }

    #[test]
    fn a_record_of_an_older_version_has_no_lines_and_no_marks() {
        let mut json = serde_json::to_value(chart(vec![(1, 1.0)])).unwrap();
        let fields = json.as_object_mut().unwrap();
        fields.remove("levels");
        fields.remove("marks");
        let read: Chart = serde_json::from_value(json).unwrap();
        assert_eq!(read, chart(vec![(1, 1.0)]));
    }
}
