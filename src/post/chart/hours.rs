//! Times sideways: the reader's time zone, and where the axis has a line.

use chrono::{DateTime, FixedOffset, Offset as _, Utc};

/// A time zone as Slack gives it with a person (`users.info`, `tz_offset`): a distance from UTC that holds now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(FixedOffset);

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl Zone {
    /// No person's: UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self::east(0)
    }

    /// So many seconds east of UTC; what no place on earth has is UTC.
    #[must_use]
    pub fn east(seconds: i32) -> Self {
        let known = Some(seconds).filter(|it| it.abs() <= 14 * 3600);
        let offset = known.and_then(FixedOffset::east_opt);
        Self(offset.unwrap_or(Utc.fix()))
    }

    /// What is written beside the axis: `UTC`, `UTC+1`, `UTC+5:30`.
    pub(super) fn label(self) -> String {
        let minutes = self.0.local_minus_utc() / 60;
        let sign = if minutes < 0 { '−' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        match (hours, rest) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
        }
    }

    /// A time of day there: `14:02`.
    pub(super) fn time(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.0).format("%H:%M").to_string()
    }

    /// Unix times at which the axis has a line: round times of the zone, six at most.
    pub(super) fn ticks(self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<i64> {
        let (from, to) = (from.timestamp(), to.timestamp());
        let span = to.saturating_sub(from);
        let Some(step) = STEPS.into_iter().find(|step| span / step <= 6) else {
            return Vec::new();
        };
        let east = i64::from(self.0.local_minus_utc());
        let first = (from + east).div_euclid(step) * step - east;
        let all = (0..9).map(|n| first + n * step);
        all.filter(|at| (from..=to).contains(at)).collect()
    }
}

/// Distances of two lines, in seconds.
const STEPS: [i64; 12] = [
    60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 604_800,
];

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    #[test]
    fn the_axis_counts_in_round_times_of_the_reader() {
        let at = |hour, minute| Utc.with_ymd_and_hms(2026, 11, 26, hour, minute, 0).unwrap();
        let times = |zone: Zone, from, to| -> Vec<String> {
            let all = zone.ticks(from, to).into_iter();
            all.map(|at| zone.time(DateTime::from_timestamp(at, 0).unwrap()))
                .collect()
        };
        let paris = Zone::east(3600);
        assert_eq!(
            times(paris, at(13, 4), at(14, 4)),
            ["14:10", "14:20", "14:30", "14:40", "14:50", "15:00"]
        );
        assert_eq!(
            times(paris, at(11, 4), at(14, 4)),
            ["12:30", "13:00", "13:30", "14:00", "14:30", "15:00"]
        );
        let kolkata = Zone::east(19_800);
        assert_eq!(
            times(kolkata, at(10, 0), at(14, 0)),
            ["16:00", "17:00", "18:00", "19:00"]
        );
        assert_eq!(kolkata.label(), "UTC+5:30");
        assert_eq!(Zone::east(-12_600).label(), "UTC−3:30");
        assert_eq!(paris.label(), "UTC+1");
    }

    #[test]
    fn a_zone_that_cannot_be_is_utc_and_a_backward_time_has_no_lines() {
        for wrong in [i32::MAX, i32::MIN + 1, 86_400, 50_401] {
            assert_eq!(Zone::east(wrong).label(), "UTC", "{wrong}");
        }
        let (from, to) = (DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC);
        assert_eq!(
            Zone::utc().ticks(to, from),
            Vec::<i64>::new(),
            "far too long"
        );
        assert_eq!(
            Zone::utc().ticks(DateTime::UNIX_EPOCH, to),
            Vec::<i64>::new()
        );
    }
}
