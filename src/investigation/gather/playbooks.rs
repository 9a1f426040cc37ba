//! The numbers that playbooks ask for: one value per query, the highest of its series. No series gives
//! no number, which is not a zero; an error is a ledger line.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use super::Reader;
use super::prometheus::status;
use crate::clients::kube::ReadError;
use crate::clients::prometheus::Series;
use crate::finding::LedgerStatus;
use crate::playbook::Values;

/// Name of the step in the ledger.
const STEP: &str = "playbooks";

/// One query of one playbook, its names put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Name of the playbook.
    pub playbook: String,
    /// Name of the query.
    pub query: String,
    /// The expression.
    pub expression: String,
    /// How long ago the number is wanted of.
    pub ago: TimeDelta,
}

/// Asks them all at once.
pub async fn measures(reader: &Reader, now: DateTime<Utc>, wanted: &[Measure]) -> Values {
    let mut values = Values::new();
    if wanted.is_empty() {
        return values;
    }
    let Some(prometheus) = &reader.sources.prometheus else {
        reader.not_configured("prometheus");
        return values;
    };
    let started = Instant::now();
    let reads = wanted
        .iter()
        .map(|measure| prometheus.instant(&measure.expression, now - measure.ago));
    let results = tokio::time::timeout(reader.left(), futures::future::join_all(reads)).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let Ok(results) = results else {
        let why = ReadError::TimedOut(started.elapsed()).to_string();
        reader
            .ledger
            .not_read(STEP, LedgerStatus::TimedOut, Some(why), ms);
        return values;
    };
    let (mut count, mut answered) = (0, 0);
    for (measure, result) in wanted.iter().zip(results) {
        let series = match result {
            Ok(series) => series,
            Err(error) => {
                let why = format!("{}/{}: {error}", measure.playbook, measure.query);
                reader.ledger.not_read(STEP, status(&error), Some(why), ms);
                continue;
            }
        };
        answered += 1;
        if let Some(value) = highest(&series) {
            count += 1;
            let of = values.entry(measure.playbook.clone()).or_default();
            of.insert(measure.query.clone(), value);
        }
    }
    reader.ledger.read(STEP, count, ms, answered, 0);
    values
}

fn highest(series: &[Series]) -> Option<f64> {
    series.iter().filter_map(Series::last).reduce(f64::max)
}
