//! Several expressions in one request: each result bears the number of its expression as a label, and `or`
//! puts them side by side. A dozen indicators at four times are four requests, and not forty. What is
//! refused together, or takes too long together, is asked again one by one: one bad expression costs no other.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;

use super::queries::Query;
use super::{Answer, HISTORY, STEP, millis, status};
use crate::clients::prometheus::{Prometheus, QueryError, Series};
use crate::investigation::gather::Reader;

/// The label with the number.
const MARK: &str = "vigie_query";
/// Expressions in one request: Prometheus works them off one after the other.
const MOST: usize = 6;

/// What a request asks about.
#[derive(Clone, Copy)]
enum Time {
    /// One moment.
    At(DateTime<Utc>),
    /// The hours of a history, until then.
    Until(DateTime<Utc>),
}

/// Whom to ask.
#[derive(Clone, Copy)]
pub(super) struct Asker<'a> {
    /// Deadline and ledger.
    pub reader: &'a Reader,
    /// The server.
    pub prometheus: &'a Prometheus,
}

impl Asker<'_> {
    /// The answers to these queries, in their order. A history ends now: what has one is not asked about this
    /// moment too, unless only the history was refused.
    pub async fn all(self, queries: &[Query], now: DateTime<Utc>) -> Vec<Answer> {
        let which = |wanted: fn(&Query) -> bool| queries.iter().map(wanted).collect::<Vec<_>>();
        let day = |days| Time::At(now - TimeDelta::days(days));
        let (histories, moments) = (which(|one| one.history), which(|one| !one.history));
        let (days, weeks) = (
            which(|one| one.days.contains(&1)),
            which(|one| one.days.contains(&7)),
        );
        let (history, today, yesterday, week) = futures::join!(
            self.those(queries, &histories, Time::Until(now)),
            self.those(queries, &moments, day(0)),
            self.those(queries, &days, day(1)),
            self.those(queries, &weeks, day(7)),
        );
        let answers = today.iter().chain(&yesterday).any(Option::is_some);
        let refused = histories.iter().zip(&history);
        let refused = refused.map(|(wanted, told)| *wanted && told.is_none() && answers);
        let refused: Vec<bool> = refused.collect();
        let again = self.those(queries, &refused, day(0)).await;
        let all = history.into_iter().zip(today).zip(yesterday).zip(week);
        let all = all.zip(again);
        all.map(|((((history, today), yesterday), week), again)| Answer {
            now: history
                .as_deref()
                .map(|one| ends(one, now))
                .or(today)
                .or(again),
            yesterday,
            week,
            history,
        })
        .collect()
    }

    /// The answers to the queries that are wanted; `None` for all others.
    async fn those(
        self,
        queries: &[Query],
        wanted: &[bool],
        time: Time,
    ) -> Vec<Option<Vec<Series>>> {
        let pairs = queries.iter().zip(wanted).filter(|(_, wanted)| **wanted);
        let texts: Vec<&str> = pairs.map(|(query, _)| query.expression.as_str()).collect();
        let mut answers = self.ask(&texts, time).await.into_iter();
        let each = wanted.iter();
        each.map(|wanted| answers.by_ref().take(usize::from(*wanted)).next().flatten())
            .collect()
    }

    /// The answers to these expressions, in their order; `None` where there was none.
    async fn ask(self, expressions: &[&str], time: Time) -> Vec<Option<Vec<Series>>> {
        let parts = expressions.chunks(MOST);
        let asked = join_all(parts.map(|part| self.part(part, time))).await;
        asked.into_iter().flatten().collect()
    }

    async fn part(self, expressions: &[&str], time: Time) -> Vec<Option<Vec<Series>>> {
        let patience = self.reader.sources.waits.numbers;
        if let [one] = expressions {
            return vec![self.noted(one, time, patience).await];
        }
        let started = Instant::now();
        // Half of the time is left for asking one by one.
        match self.read(&joined(expressions), time, patience / 2).await {
            Ok(series) => {
                let ledger = &self.reader.ledger;
                ledger.read(STEP, series.len(), millis(started), 1, 0);
                let each = apart(series, expressions.len());
                each.into_iter().map(Some).collect()
            }
            Err(QueryError::BadQuery(_) | QueryError::TooLarge(_) | QueryError::TimedOut(_)) => {
                let each = expressions.iter();
                join_all(each.map(|one| self.noted(one, time, patience / 2))).await
            }
            Err(error) => {
                self.missed(&error, started);
                vec![None; expressions.len()]
            }
        }
    }

    /// One read under the deadline, with its line in the ledger.
    async fn noted(self, expression: &str, time: Time, patience: Duration) -> Option<Vec<Series>> {
        let started = Instant::now();
        match self.read(expression, time, patience).await {
            Ok(series) => {
                let ledger = &self.reader.ledger;
                ledger.read(STEP, series.len(), millis(started), 1, 0);
                Some(series)
            }
            Err(error) => {
                self.missed(&error, started);
                None
            }
        }
    }

    fn missed(self, error: &QueryError, started: Instant) {
        let why = Some(error.to_string());
        let ledger = &self.reader.ledger;
        ledger.not_read(STEP, status(error), why, millis(started));
    }

    async fn read(
        self,
        expression: &str,
        time: Time,
        patience: Duration,
    ) -> Result<Vec<Series>, QueryError> {
        let patience = self.reader.left().min(patience);
        let read = async {
            match time {
                Time::At(when) => self.prometheus.instant(expression, when).await,
                Time::Until(end) => {
                    let (back, step) = HISTORY;
                    self.prometheus
                        .range(expression, end - back, end, step)
                        .await
                }
            }
        };
        let read = tokio::time::timeout(patience, read).await;
        read.unwrap_or(Err(QueryError::TimedOut(patience)))
    }
}

/// `label_replace(…, "vigie_query", "0", "", "") or …`: without a source label, the label is simply set.
fn joined(expressions: &[&str]) -> String {
    let each = expressions.iter().enumerate();
    let marked = each
        .map(|(at, text)| format!("label_replace({text}, \"{MARK}\", \"{at}\", \"\", \"\")"))
        .collect::<Vec<_>>();
    marked.join(" or ")
}

/// The series of each expression, as if it had been asked alone.
fn apart(series: Vec<Series>, count: usize) -> Vec<Vec<Series>> {
    let mut all = vec![Vec::new(); count];
    for mut one in series {
        let number = one.labels.remove(MARK).and_then(|text| text.parse().ok());
        if let Some(own) = number.and_then(|at: usize| all.get_mut(at)) {
            own.push(one);
        }
    }
    all
}

/// What a history ends with: its series that are still there. A server may move the end of a range back to
/// a multiple of the step.
pub(super) fn ends(history: &[Series], now: DateTime<Utc>) -> Vec<Series> {
    #[expect(clippy::cast_precision_loss, reason = "seconds of our era")]
    let still = (now - HISTORY.1).timestamp() as f64;
    let last = |one: &Series| {
        let point = one.points.last().filter(|(at, _)| *at > still)?;
        Some(Series {
            labels: one.labels.clone(),
            points: vec![*point],
        })
    };
    history.iter().filter_map(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(labels: &[(&str, &str)], points: &[(f64, f64)]) -> Series {
        let own = labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Series {
            labels: own.collect(),
            points: points.to_vec(),
        }
    }

    #[test]
    fn each_expression_gets_its_own_results_back() {
        let text = joined(&["up", "sum(a / b) > 0.1"]);
        assert_eq!(
            text,
            "label_replace(up, \"vigie_query\", \"0\", \"\", \"\") or label_replace(sum(a / b) > 0.1, \"vigie_query\", \"1\", \"\", \"\")"
        );
        let pod = ("pod", "cart-1");
        let marked = |mark| series(&[pod, (MARK, mark)], &[(1.0, 2.0)]);
        let each = apart(vec![marked("1"), marked("0"), marked("1"), marked("7")], 2);
        let plain = series(&[pod], &[(1.0, 2.0)]);
        assert_eq!(each, [vec![plain.clone()], vec![plain.clone(), plain]]);
    }

    #[test]
    fn a_series_that_ended_in_between_has_no_value_now() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let gone = series(&[("pod", "old")], &[(993_000.0, 1.0), (999_400.0, 2.0)]);
        let there = series(&[("pod", "new")], &[(999_700.0, 1.0), (1_000_000.0, 3.0)]);
        let moved = series(&[("pod", "moved")], &[(999_400.0, 1.0), (999_750.0, 4.0)]);
        let ends = ends(&[gone, there, moved], now);
        let last: Vec<_> = ends.iter().map(Series::last).collect();
        assert_eq!(last, [Some(3.0), Some(4.0)]);
    }
}
