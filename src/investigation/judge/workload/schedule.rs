//! Cron schedules: when the next run is due. The five fields of cron(5) as the `CronJob` controller reads them
//! (robfig/cron, standard parser), and its words for the usual ones.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};

/// A parsed schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Either day field is a star: then both must fit, else one is enough.
    any_day: bool,
}

/// No schedule is looked further ahead than this: every date comes within eight years.
const FAR: TimeDelta = TimeDelta::days(8 * 366);

/// Names of months and of days of the week, as schedules write them.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Reads a schedule; `None` for what is none, or what is not understood here (`@every 5m`).
pub(super) fn parse(text: &str) -> Option<Schedule> {
    let usual = match text.trim() {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        other => other,
    };
    let fields: Vec<&str> = usual.split_whitespace().collect();
    let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
        return None;
    };
    let star = |field: &str| field.starts_with('*') || field.starts_with('?');
    Some(Schedule {
        minutes: set(minutes, 0, 59, &[])?,
        hours: set(hours, 0, 23, &[])?,
        days: set(days, 1, 31, &[])?,
        months: set(months, 1, 12, &MONTHS)?,
        weekdays: set(weekdays, 0, 6, &DAYS)?,
        any_day: star(days) || star(weekdays),
    })
}

/// One field as a set of bits.
fn set(field: &str, low: u32, high: u32, names: &[&str]) -> Option<u64> {
    let mut all = 0;
    for part in field.split(',') {
        let (range, step) = part
            .split_once('/')
            .map_or((part, None), |(r, s)| (r, Some(s)));
        let step: u32 = step.map_or(Some(1), |step| step.parse().ok())?;
        let number = |text: &str| {
            let lower = text.to_ascii_lowercase();
            let named = names.iter().position(|name| *name == lower);
            let named = named
                .and_then(|at| u32::try_from(at).ok())
                .map(|at| at + low);
            named.or_else(|| text.parse().ok())
        };
        let (from, to) = match range {
            "*" | "?" => (low, high),
            range => match range.split_once('-') {
                Some((from, to)) => (number(from)?, number(to)?),
                None if part.contains('/') => (number(range)?, high),
                None => (number(range)?, number(range)?),
            },
        };
        if step == 0 || from < low || to > high || from > to {
            return None;
        }
        let mut at = from;
        while at <= to {
            all |= 1_u64 << at;
            at += step;
        }
    }
    Some(all)
}

impl Schedule {
    /// The first run after that time; `None` where none ever comes.
    pub(super) fn after(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let end = time + FAR;
        let mut at = time.with_second(0)?.with_nanosecond(0)? + TimeDelta::minutes(1);
        while at <= end {
            if !self.on(at) {
                at = at.with_hour(0)?.with_minute(0)? + TimeDelta::days(1);
            } else if !has(self.hours, at.hour()) {
                at = at.with_minute(0)? + TimeDelta::hours(1);
            } else if has(self.minutes, at.minute()) {
                return Some(at);
            } else {
                at += TimeDelta::minutes(1);
            }
        }
        None
    }

    /// Runs due after `from` and until `to`, at most `most`.
    pub(super) fn due(&self, from: DateTime<Utc>, to: DateTime<Utc>, most: usize) -> usize {
        let mut at = from;
        for count in 0..most {
            match self.after(at) {
                Some(next) if next <= to => at = next,
                _ => return count,
            }
        }
        most
    }

    fn on(&self, at: DateTime<Utc>) -> bool {
        let day = has(self.days, at.day());
        let weekday = has(self.weekdays, at.weekday().num_days_from_sunday());
        let fits = if self.any_day {
            day && weekday
        } else {
            day || weekday
        };
        has(self.months, at.month()) && fits
    }
}

fn has(set: u64, at: u32) -> bool {
    set & (1_u64 << at) != 0
}

#[cfg(test)]
mod tests {
    use super::parse;
    use chrono::{DateTime, Utc};

    fn next(schedule: &str, after: &str) -> Option<String> {
        let after: DateTime<Utc> = after.parse().ok()?;
        let next = parse(schedule)?.after(after)?;
        Some(next.format("%F %R").to_string())
    }

    #[test]
    fn the_next_run_is_found() {
        let monday = "2026-11-23T09:14:30Z";
        assert_eq!(
            next("*/5 * * * *", monday).as_deref(),
            Some("2026-11-23 09:15")
        );
        assert_eq!(
            next("0 3 * * *", monday).as_deref(),
            Some("2026-11-24 03:00")
        );
        assert_eq!(
            next("30 6 * * 1-5", monday).as_deref(),
            Some("2026-11-24 06:30")
        );
        assert_eq!(
            next("0 0 1 JAN *", monday).as_deref(),
            Some("2027-01-01 00:00")
        );
        assert_eq!(
            next("0 0 13 * 5", monday).as_deref(),
            Some("2026-11-27 00:00")
        );
        assert_eq!(next("@hourly", monday).as_deref(), Some("2026-11-23 10:00"));
        assert_eq!(
            next("0 0 29 2 *", monday).as_deref(),
            Some("2028-02-29 00:00")
        );
    }

    #[test]
    fn what_never_comes_or_is_no_schedule_has_no_next_run() {
        let monday = "2026-11-23T09:14:30Z";
        assert_eq!(next("0 0 31 2 *", monday), None);
        assert!(parse("0 25 * * *").is_none());
        assert!(parse("every day").is_none());
        assert!(parse("*/0 * * * *").is_none());
    }

    #[test]
    fn missed_runs_are_counted() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap_or_default();
        let hourly = parse("0 * * * *");
        let due =
            hourly.map(|it| it.due(at("2026-11-23T05:00:00Z"), at("2026-11-23T09:14:00Z"), 50));
        assert_eq!(due, Some(4));
    }
}
