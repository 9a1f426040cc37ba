//! Scripted values: what a metric shows in one shape, for one set of labels, over time.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::query::{Aggregation, Parts, Query, Shape};
use super::selector::Selector;

/// Of a window this short the highest value is looked for in the series itself.
const CLOSE: TimeDelta = TimeDelta::minutes(5);

/// The value of one indicator: a metric, what is computed from it, its labels, and its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Scripted {
    pub(crate) metric: String,
    pub(crate) shape: Shape,
    pub(crate) labels: BTreeMap<String, String>,
    /// The value from each time on, oldest first.
    steps: Vec<(DateTime<Utc>, f64)>,
}

impl Scripted {
    /// That value, always.
    #[must_use]
    pub fn steady(metric: &str, shape: Shape, labels: &[(&str, &str)], value: f64) -> Self {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            metric: metric.to_owned(),
            shape,
            labels: labels.iter().map(own).collect(),
            steps: vec![(DateTime::UNIX_EPOCH, value)],
        }
    }

    /// Another value from that time on.
    #[must_use]
    pub fn then(mut self, from: DateTime<Utc>, value: f64) -> Self {
        self.step(from, value);
        self
    }

    /// Another value from that time on.
    pub fn step(&mut self, from: DateTime<Utc>, value: f64) {
        self.steps.push((from, value));
        self.steps.sort_by_key(|(at, _)| *at);
    }

    /// The highest value from one time to another.
    fn most(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<f64> {
        let within = self.steps.iter().filter(|(at, _)| from < *at && *at <= to);
        let values = within.map(|(_, value)| *value).chain(self.at(from));
        values.reduce(f64::max)
    }

    fn at(&self, time: DateTime<Utc>) -> Option<f64> {
        let known = self.steps.iter().rev().find(|(from, _)| *from <= time);
        known.map(|(_, value)| *value)
    }

    /// Whether the selector means it.
    pub(crate) fn meets(&self, selector: &Selector, ratio: bool) -> bool {
        let named = selector.metric.is_empty() || self.metric == selector.metric;
        named
            && selector.matchers.iter().all(|m| match m.label.as_str() {
                "__name__" => m.means(&self.metric),
                _ => m.holds(&self.labels, ratio),
            })
    }
}

/// One result: labels and value.
pub(crate) type Sample = (BTreeMap<String, String>, f64);

/// The answers to queries side by side at a time, each with its label.
pub(crate) fn evaluate_parts(
    scripted: &[Scripted],
    parts: &Parts,
    time: DateTime<Utc>,
) -> Vec<Sample> {
    let each = parts.iter().flat_map(|(label, query)| {
        let samples = evaluate(scripted, query, time).into_iter();
        samples.map(move |(mut labels, value)| {
            labels.extend(label.clone());
            (labels, value)
        })
    });
    each.collect()
}

/// The answer to a query at a time.
pub(crate) fn evaluate(scripted: &[Scripted], query: &Query, time: DateTime<Utc>) -> Vec<Sample> {
    if !query.unknown.is_empty() {
        return Vec::new();
    }
    let ratio = query.shape == Shape::Ratio;
    let counts = if ratio { 1 } else { usize::MAX };
    let found = query
        .selectors
        .iter()
        .take(counts)
        .map(|selector| select(scripted, selector, query, time))
        .find(|samples| !samples.is_empty())
        .unwrap_or_default();
    let mut samples = match &query.aggregation {
        Some(aggregation) => aggregate(&found, aggregation, query.shape),
        None => found,
    };
    if let Some((comparison, limit)) = query.filter {
        samples.retain(|(_, value)| compare(*value, comparison, limit));
    }
    samples
}

/// What one selector means.
fn select(
    scripted: &[Scripted],
    selector: &Selector,
    query: &Query,
    time: DateTime<Utc>,
) -> Vec<Sample> {
    let at = time - selector.offset;
    let close = query.window.filter(|window| *window <= CLOSE);
    let (shape, window) = match (query.shape, close) {
        (Shape::MaxOverTime, Some(window)) => (Shape::Raw, window),
        (shape, _) => (shape, TimeDelta::zero()),
    };
    scripted
        .iter()
        .filter(|series| series.shape == shape && series.meets(selector, shape == Shape::Ratio))
        .filter_map(|series| {
            let mut labels = series.labels.clone();
            if query.shape == Shape::Raw {
                labels.insert("__name__".to_owned(), series.metric.clone());
            }
            Some((labels, series.most(at - window, at)?))
        })
        .collect()
}

/// Groups and combines. Ratios and quantiles of parts have no sum: theirs is the mean.
fn aggregate(samples: &[Sample], by: &Aggregation, shape: Shape) -> Vec<Sample> {
    let mut groups: BTreeMap<BTreeMap<String, String>, Vec<f64>> = BTreeMap::new();
    for (labels, value) in samples {
        let kept = labels
            .iter()
            .filter(|(name, _)| *name != "__name__" && by.labels.contains(name) != by.without)
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        groups.entry(kept).or_default().push(*value);
    }
    let mean_only = matches!(shape, Shape::Ratio | Shape::Quantile(_));
    groups
        .into_iter()
        .map(|(labels, values)| {
            let operator = if mean_only {
                "avg"
            } else {
                by.operator.as_str()
            };
            (labels, combine(operator, &values))
        })
        .collect()
}

fn combine(operator: &str, values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a handful of series")]
    let count = values.len() as f64;
    match operator {
        "min" => values.iter().copied().fold(f64::INFINITY, f64::min),
        "max" => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "avg" => values.iter().sum::<f64>() / count,
        "count" => count,
        _ => values.iter().sum(),
    }
}

fn compare(value: f64, comparison: &str, limit: f64) -> bool {
    let equal = (value - limit).abs() < f64::EPSILON;
    match comparison {
        "==" => equal,
        "!=" => !equal,
        ">=" => value >= limit,
        "<=" => value <= limit,
        ">" => value > limit,
        _ => value < limit,
    }
}
