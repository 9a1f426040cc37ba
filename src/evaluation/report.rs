//! The figures of an evaluation, as a table for people and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::file::CaseFile;
use super::score::Score;

/// Answers of this confidence or more are meant to be right 95 times in 100.
const SURE: f64 = 0.9;

/// One case of the report.
#[derive(Clone, Debug)]
struct Row {
    name: String,
    group: String,
    score: Score,
    requests: usize,
    took: Duration,
}

/// Everything that was replayed.
#[derive(Clone, Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

/// Counts of a group.
#[derive(Default)]
struct Sum {
    cases: usize,
    first: usize,
    three: usize,
    alarms: usize,
}

impl Report {
    /// Adds a case.
    pub fn add(
        &mut self,
        name: &str,
        file: &CaseFile,
        score: Score,
        requests: usize,
        took: Duration,
    ) {
        let group = file
            .expect
            .cause
            .map_or("no cause", crate::finding::Cause::code);
        self.rows.push(Row {
            name: name.to_owned(),
            group: group.to_owned(),
            score,
            requests,
            took,
        });
    }

    /// How many cases.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Share of cases whose first answer is right.
    #[must_use]
    pub fn first_right(&self) -> f64 {
        share(self.sum(|_| true).first, self.len())
    }

    /// Cases where all is well and a cause was named.
    #[must_use]
    pub fn false_alarms(&self) -> Vec<String> {
        self.alarms(false)
    }

    /// Cases in which something is wrong, and something was named that must not be.
    #[must_use]
    pub fn forbidden(&self) -> Vec<String> {
        self.alarms(true)
    }

    fn alarms(&self, sick: bool) -> Vec<String> {
        let all = self.rows.iter();
        all.filter(|row| row.score.false_alarm && row.score.sick == sick)
            .map(|row| format!("{}: {}", row.name, row.score.answer))
            .collect()
    }

    /// Share of right ones among the answers that were sure, and how many were.
    #[must_use]
    pub fn calibration(&self) -> (f64, usize) {
        let sure: Vec<&Row> = self
            .rows
            .iter()
            .filter(|row| row.score.confidence.is_some_and(|it| it >= SURE))
            .collect();
        let right = sure.iter().filter(|row| row.score.first).count();
        (share(right, sure.len()), sure.len())
    }

    /// What went wrong, a line each.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let wrong = self.rows.iter().filter(|row| !row.score.passed());
        wrong
            .map(|row| format!("{}: {}", row.name, row.score.answer))
            .collect()
    }

    fn sum(&self, wanted: impl Fn(&Row) -> bool) -> Sum {
        let mut sum = Sum::default();
        for row in self.rows.iter().filter(|row| wanted(row)) {
            sum.cases += 1;
            sum.first += usize::from(row.score.first);
            sum.three += usize::from(row.score.in_three);
            sum.alarms += usize::from(row.score.false_alarm);
        }
        sum
    }

    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let all = self.sum(|_| true);
        let well = self.sum(|row| !row.score.sick);
        let (sure, count) = self.calibration();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "cases               {}", all.cases);
        let _ = writeln!(
            text,
            "first answer right  {}",
            percent(all.first, all.cases)
        );
        let _ = writeln!(
            text,
            "right in three      {}",
            percent(all.three, all.cases)
        );
        let _ = writeln!(
            text,
            "nothing wrong       {} cases, {} false alarms",
            well.cases, well.alarms
        );
        let _ = writeln!(text, "forbidden answers   {}", all.alarms - well.alarms);
        let _ = writeln!(
            text,
            "sure (≥ {SURE})        {count} answers, {:.1} % right",
            sure * 100.0
        );
        let _ = writeln!(
            text,
            "time                median {} ms, p95 {} ms",
            self.time(50),
            self.time(95)
        );
        let _ = writeln!(
            text,
            "API requests        median {}, most {}",
            self.requests(50),
            self.requests(100)
        );
        let _ = writeln!(
            text,
            "\n{:<34} {:>5} {:>6} {:>6}",
            "cause", "cases", "first", "three"
        );
        for (group, sum) in self.groups() {
            let _ = writeln!(
                text,
                "{group:<34} {:>5} {:>6} {:>6}",
                sum.cases, sum.first, sum.three
            );
        }
        for failure in self.failures() {
            let _ = writeln!(text, "wrong: {failure}");
        }
        text
    }

    /// For programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let all = self.sum(|_| true);
        let (sure, count) = self.calibration();
        let rows: Vec<Value> = self.rows.iter().map(Row::json).collect();
        json!({
            "cases": all.cases, "first_right": all.first, "right_in_three": all.three,
            "false_alarms": self.false_alarms(), "forbidden": self.forbidden(), "sure": { "answers": count, "right": sure },
            "median_ms": self.time(50), "p95_ms": self.time(95), "rows": rows,
        })
    }

    fn groups(&self) -> BTreeMap<String, Sum> {
        let names = self.rows.iter().map(|row| row.group.clone());
        names
            .map(|name| (name.clone(), self.sum(|row| row.group == name)))
            .collect()
    }

    fn time(&self, percentile: usize) -> u128 {
        at(
            self.rows.iter().map(|row| row.took.as_millis()).collect(),
            percentile,
        )
    }

    fn requests(&self, percentile: usize) -> usize {
        at(
            self.rows.iter().map(|row| row.requests).collect(),
            percentile,
        )
    }
}

impl Row {
    fn json(&self) -> Value {
        json!({
            "case": self.name, "cause": self.group, "right": self.score.passed(),
            "first": self.score.first, "in_three": self.score.in_three,
            "confidence": self.score.confidence, "answer": self.score.answer,
            "requests": self.requests, "ms": self.took.as_millis(),
        })
    }
}

fn at<T: Ord + Copy + Default>(mut values: Vec<T>, percentile: usize) -> T {
    values.sort_unstable();
    let last = values.len().saturating_sub(1);
    values
        .get(last * percentile / 100)
        .copied()
        .unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases")]
fn share(part: usize, of: usize) -> f64 {
    if of == 0 {
        1.0
    } else {
        part as f64 / of as f64
    }
}

fn percent(part: usize, of: usize) -> String {
    format!("{part} of {of} ({:.1} %)", share(part, of) * 100.0)
}
