//! Indicators from Prometheus: of one workload, its pods and containers, and of the nodes under it, each
//! with its value on other days. Which metrics there are is asked first; what is not there gives no
//! reading, and is not a zero.

mod board;
mod curves;
mod names;
mod nodes;
mod queries;
mod read;
#[cfg(test)]
mod tests;
mod together;
mod wide;

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

pub use self::board::{Checked, board};
pub(in crate::investigation) use self::curves::curves;
pub use self::wide::overview;

use self::names::Known;
use self::queries::Names;
use self::together::Asker;
use super::Reader;
use crate::clients::prometheus::{Prometheus, QueryError, Series};
use crate::finding::{LedgerStatus, Subject};
use crate::investigation::case::{Case, Workload, services_of, workloads};

const STEP: &str = "prometheus";
/// How far back a history goes, and the distance of its points: the window of the expressions.
const HISTORY: (TimeDelta, TimeDelta) = (TimeDelta::hours(2), TimeDelta::minutes(5));

/// What one query gave: `None` where it was not asked or not answered.
#[derive(Default)]
struct Answer {
    now: Option<Vec<Series>>,
    yesterday: Option<Vec<Series>>,
    week: Option<Vec<Series>>,
    history: Option<Vec<Series>>,
}

/// Reads the indicators of a workload and of its nodes into the case.
pub async fn indicators(reader: &Reader, case: &mut Case, subject: &Subject) {
    if reader.sources.recorded.is_some() {
        return recorded(reader, case, subject);
    }
    let Some(prometheus) = &reader.sources.prometheus else {
        reader.not_configured(STEP);
        return;
    };
    let Some(namespace) = subject.namespace.clone() else {
        return;
    };
    let services = services(case, subject);
    let names = Names {
        namespace: &namespace,
        workload: subject,
        services: &services,
    };
    let under = read::nodes_of(case, subject);
    let called = read::names_of(&under);
    let mut selectors = names.selectors();
    if !called.is_empty() {
        selectors.extend(nodes::selectors(&called));
    }
    let Some(known) = discover(reader, prometheus, &selectors, case.now).await else {
        return;
    };
    let mut queries = queries::of_workload(&names, &known);
    if !called.is_empty() {
        queries.extend(nodes::queries(&called, &known));
    }
    let asker = Asker { reader, prometheus };
    let answers = asker.all(&queries, case.now).await;
    let read = read::readings(&queries, &answers, (&namespace, &subject.name), &under);
    case.readings.extend(read);
}

/// What a replayed case has instead of a server.
fn recorded(reader: &Reader, case: &mut Case, subject: &Subject) {
    let nodes = read::nodes_of(case, subject);
    let all = reader.sources.recorded.iter().flat_map(|all| &all.readings);
    let own = all.filter(|one| match &one.node {
        Some(node) => nodes.iter().any(|(name, _)| name == node),
        None => one.workload == subject.name && subject.namespace.as_ref() == Some(&one.namespace),
    });
    for reading in own {
        if !case.readings.contains(reading) {
            case.readings.push(reading.clone());
        }
    }
}

/// Which metrics there are. Where nobody can say, the usual ones are tried; where the server does not
/// answer at all, nothing is.
async fn discover(
    reader: &Reader,
    prometheus: &Prometheus,
    selectors: &[String],
    now: DateTime<Utc>,
) -> Option<Known> {
    let started = Instant::now();
    let ask = Known::ask(prometheus, selectors, now);
    let patience = reader.left().min(reader.sources.waits.numbers);
    let result = tokio::time::timeout(patience, ask).await;
    let result = result.unwrap_or(Err(QueryError::TimedOut(patience)));
    match result {
        Ok(known) => {
            if known.is_empty() {
                let why = "no data: no series is this workload's".to_owned();
                reader
                    .ledger
                    .not_read(STEP, LedgerStatus::Problem, Some(why), millis(started));
            } else {
                reader.ledger.read(STEP, 0, millis(started), 1, 0);
            }
            Some(known)
        }
        Err(error) => {
            let gone = matches!(
                error,
                QueryError::Unreachable(_) | QueryError::TimedOut(_) | QueryError::Forbidden
            );
            let why = Some(error.to_string());
            reader
                .ledger
                .not_read(STEP, status(&error), why, millis(started));
            (!gone).then(Known::default)
        }
    }
}

/// One read under the deadline, with its line in the ledger.
async fn noted(
    reader: &Reader,
    read: impl Future<Output = Result<Vec<Series>, QueryError>>,
) -> Option<Vec<Series>> {
    let started = Instant::now();
    let patience = reader.left().min(reader.sources.waits.numbers);
    let result = tokio::time::timeout(patience, read).await;
    match result.unwrap_or(Err(QueryError::TimedOut(patience))) {
        Ok(series) => {
            reader
                .ledger
                .read(STEP, series.len(), millis(started), 1, 0);
            Some(series)
        }
        Err(error) => {
            let why = Some(error.to_string());
            reader
                .ledger
                .not_read(STEP, status(&error), why, millis(started));
            None
        }
    }
}

fn millis(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The workload of that subject, among those read.
fn workload<'a>(case: &'a Case, subject: &Subject) -> Option<Workload<'a>> {
    let mut all = workloads(case).into_iter();
    all.find(|one| one.subject.same_object(subject))
}

/// The Services whose requests count as the workload's: those that select it, else one of its name.
fn services(case: &Case, subject: &Subject) -> Vec<String> {
    let own = workload(case, subject);
    let selecting = own.map_or_else(Vec::new, |workload| services_of(case, &workload));
    let names = selecting
        .into_iter()
        .filter_map(|one| one.metadata.name.clone());
    let mut names: Vec<String> = names.collect();
    if names.is_empty() {
        names.push(subject.name.clone());
    }
    names
}

pub(super) fn status(error: &QueryError) -> LedgerStatus {
    match error {
        QueryError::Forbidden => LedgerStatus::NotPermitted,
        QueryError::Unreachable(_) | QueryError::TimedOut(_) | QueryError::Server(_) => {
            LedgerStatus::TimedOut
        }
        QueryError::BadQuery(_) | QueryError::Unreadable(_) | QueryError::TooLarge(_) => {
            LedgerStatus::Problem
        }
    }
}
