//! Whether a load comes, goes or stays: CPU over the last hour, and at the same time yesterday.

use super::container::whole;
use crate::investigation::case::{Case, Indicator, Reading, Workload};
use crate::text::{Arg, Message};

/// A fifth more or less is a change.
const CHANGE: f64 = 1.2;
/// Points of an hour below which nobody can tell.
const FEW: usize = 6;

/// Where the last hour went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    Rising,
    Falling,
    Steady,
}

/// An hour before now, in unix seconds.
pub(super) fn an_hour_ago(case: &Case) -> f64 {
    seconds(case) - 3600.0
}

#[expect(clippy::cast_precision_loss, reason = "a time of this century")]
fn seconds(case: &Case) -> f64 {
    case.now.timestamp() as f64
}

/// The course of the workload's CPU, where Prometheus has it.
pub(super) fn course(case: &Case, workload: &Workload<'_>) -> Option<Course> {
    Some(Hour::of(case, workload)?.course())
}

/// The course in words, with what was used at the same time yesterday.
pub(super) fn line(case: &Case, workload: &Workload<'_>) -> Option<Message> {
    let hour = Hour::of(case, workload)?;
    let id = match (hour.course(), hour.usual) {
        (Course::Rising, _) => "sizing-trend-rising",
        (Course::Falling, _) => "sizing-trend-falling",
        (Course::Steady, Some(usual)) if hour.last <= usual * CHANGE => "sizing-trend-usual",
        (Course::Steady, _) => "sizing-trend-steady",
    };
    let line = Message::new(id)
        .with("first", cpus(hour.first))
        .with("last", cpus(hour.last));
    let usual = hour
        .usual
        .map_or_else(|| Arg::from(Message::new("sizing-not-known")), cpus);
    Some(line.with("usual", usual))
}

fn cpus(value: f64) -> Arg {
    Arg::Millicores(whole(value * 1000.0))
}

/// The beginning and the end of an hour, CPUs of a pod on average.
struct Hour {
    first: f64,
    last: f64,
    usual: Option<f64>,
}

impl Hour {
    fn of(case: &Case, workload: &Workload<'_>) -> Option<Self> {
        let from = an_hour_ago(case);
        let own: Vec<&Reading> = case
            .readings
            .iter()
            .filter(|one| {
                one.indicator == Indicator::CpuUsed
                    && one.namespace == workload.namespace()
                    && one.workload == workload.subject.name
            })
            .collect();
        let ends: Vec<(f64, f64)> = own
            .iter()
            .filter_map(|it| ends(&it.history, from))
            .collect();
        let usual: Vec<f64> = own.iter().filter_map(|it| it.usual).collect();
        Some(Self {
            first: mean(ends.iter().map(|it| it.0))?,
            last: mean(ends.iter().map(|it| it.1))?,
            usual: mean(usual.into_iter()),
        })
    }

    fn course(&self) -> Course {
        if self.last > self.first * CHANGE {
            Course::Rising
        } else if self.last * CHANGE < self.first {
            Course::Falling
        } else {
            Course::Steady
        }
    }
}

/// The means of the first and of the last third.
fn ends(history: &[(f64, f64)], from: f64) -> Option<(f64, f64)> {
    let points = history.iter().filter(|(at, _)| *at >= from);
    let values: Vec<f64> = points.map(|(_, value)| *value).collect();
    let third = values.len() / 3;
    if values.len() < FEW {
        return None;
    }
    let first = mean(values[..third].iter().copied())?;
    Some((first, mean(values[values.len() - third..].iter().copied())?))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(values: &[f64]) -> Option<Course> {
        let points: Vec<(f64, f64)> = values
            .iter()
            .zip(0_u32..)
            .map(|(value, n)| (f64::from(n) * 300.0, *value))
            .collect();
        let (first, last) = ends(&points, 0.0)?;
        let hour = Hour {
            first,
            last,
            usual: None,
        };
        Some(hour.course())
    }

    #[test]
    fn an_hour_comes_goes_or_stays() {
        assert_eq!(hour(&[0.2, 0.2, 0.3, 0.4, 0.5, 0.5]), Some(Course::Rising));
        assert_eq!(hour(&[0.5, 0.5, 0.4, 0.3, 0.2, 0.2]), Some(Course::Falling));
        let flat = [0.44, 0.47, 0.45, 0.46, 0.44, 0.47];
        assert_eq!(hour(&flat), Some(Course::Steady));
        assert_eq!(hour(&[0.1, 0.9]), None, "two points tell nothing");
    }
}
