//! Indicators of one workload from Prometheus: memory peak, CPU throttling, requests, errors, latency,
//! each with its value at the same time yesterday. Metric names of cAdvisor and the plain `http_*`
//! conventions; what is not there gives no reading, and is not a zero.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use super::Reader;
use crate::clients::kube::ReadError;
use crate::clients::prometheus::{Prometheus, QueryError, Selector, Series};
use crate::finding::{LedgerStatus, Subject};
use crate::investigation::case::{Case, Indicator, Reading, services_of, workloads};
use crate::playbook::pods;

/// An indicator and its expression.
#[derive(Clone)]
struct Query {
    indicator: Indicator,
    expression: String,
    /// Whether yesterday's value is a useful comparison.
    compare: bool,
    /// Whether the last hours are read too: to tell what was before a change from what came after.
    history: bool,
}

impl Query {
    /// Now, and at the same time yesterday.
    fn of(indicator: Indicator, expression: String) -> Self {
        Self {
            indicator,
            expression,
            compare: true,
            history: false,
        }
    }
}

/// How far back a history goes, and the distance of its points: the window of the expressions.
const HISTORY: (TimeDelta, TimeDelta) = (TimeDelta::hours(2), TimeDelta::minutes(5));

/// What one query gave.
#[derive(Default)]
struct Answer {
    now: Vec<Series>,
    usual: Vec<Series>,
    history: Vec<Series>,
}

/// Reads the indicators of a workload into the case.
pub async fn indicators(reader: &Reader, case: &mut Case, subject: &Subject) {
    if let Some(recorded) = &reader.sources.recorded {
        let own = recorded.readings.iter().filter(|one| {
            one.workload == subject.name && subject.namespace.as_ref() == Some(&one.namespace)
        });
        case.readings.extend(own.cloned());
        return;
    }
    let Some(prometheus) = &reader.sources.prometheus else {
        reader.not_configured("prometheus");
        return;
    };
    let Some(namespace) = subject.namespace.clone() else {
        return;
    };
    let mut queries = of_containers(&namespace, subject).to_vec();
    queries.extend(of_requests(&namespace, &services(case, subject)));
    let started = Instant::now();
    let reads = queries.iter().map(|query| ask(prometheus, query, case.now));
    let results = tokio::time::timeout(reader.left(), futures::future::join_all(reads)).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let Ok(results) = results else {
        reader.ledger.not_read(
            "prometheus",
            LedgerStatus::TimedOut,
            Some(ReadError::TimedOut(started.elapsed()).to_string()),
            ms,
        );
        return;
    };
    let mut count = 0;
    for (query, result) in queries.iter().zip(results) {
        match result {
            Ok(answer) => {
                count += answer.now.len();
                let read = readings(query.indicator, &namespace, &subject.name, &answer);
                case.readings.extend(read);
            }
            Err(error) => {
                reader
                    .ledger
                    .not_read("prometheus", status(&error), Some(error.to_string()), ms);
            }
        }
    }
    reader.ledger.read(
        "prometheus",
        count,
        ms,
        u32::try_from(queries.len()).unwrap_or_default(),
        0,
    );
}

async fn ask(
    prometheus: &Prometheus,
    query: &Query,
    now: DateTime<Utc>,
) -> Result<Answer, QueryError> {
    let yesterday = async {
        if !query.compare {
            return Ok(Vec::new());
        }
        prometheus
            .instant(&query.expression, now - TimeDelta::days(1))
            .await
    };
    let history = async {
        if !query.history {
            return Ok(Vec::new());
        }
        let (back, step) = HISTORY;
        prometheus
            .range(&query.expression, now - back, now, step)
            .await
    };
    let today = prometheus.instant(&query.expression, now);
    let (now, usual, history) = futures::join!(today, yesterday, history);
    // Without yesterday there is still today.
    Ok(Answer {
        now: now?,
        usual: usual.unwrap_or_default(),
        history: history.unwrap_or_default(),
    })
}

/// The Services whose requests count as the workload's: those that select it, else one of its name.
fn services(case: &Case, subject: &Subject) -> Vec<String> {
    let all = workloads(case);
    let own = all.iter().find(|one| one.subject.same_object(subject));
    let selecting = own.map_or_else(Vec::new, |workload| services_of(case, workload));
    let names = selecting
        .into_iter()
        .filter_map(|one| one.metadata.name.clone());
    let mut names: Vec<String> = names.collect();
    if names.is_empty() {
        names.push(subject.name.clone());
    }
    names
}

fn of_containers(namespace: &str, workload: &Subject) -> [Query; 3] {
    let pods = pods(workload.kind, &workload.name);
    let container = |metric: &'static str| {
        Selector::metric(metric)
            .eq("namespace", namespace)
            .pattern("pod", &pods)
            .ne("container", "")
            .text()
    };
    let memory = container("container_memory_working_set_bytes");
    let throttled = container("container_cpu_cfs_throttled_periods_total");
    let periods = container("container_cpu_cfs_periods_total");
    let used = container("container_cpu_usage_seconds_total");
    [
        Query {
            compare: false,
            ..Query::of(
                Indicator::MemoryPeak,
                format!("max by (container) (max_over_time({memory}[24h]))"),
            )
        },
        Query::of(
            Indicator::CpuThrottled,
            format!(
                "sum by (container) (increase({throttled}[5m])) / sum by (container) (increase({periods}[5m]))"
            ),
        ),
        Query::of(
            Indicator::CpuUsed,
            format!("sum by (container) (rate({used}[5m]))"),
        ),
    ]
}

fn of_requests(namespace: &str, services: &[String]) -> [Query; 3] {
    let http = |metric: &'static str| {
        Selector::metric(metric)
            .eq("namespace", namespace)
            .one_of("service", services)
    };
    let all = http("http_requests_total").text();
    let failed = http("http_requests_total").matches("status", "5..").text();
    let failed_code = http("http_requests_total").matches("code", "5..").text();
    let buckets = http("http_request_duration_seconds_bucket").text();
    let errors =
        format!("(sum(rate({failed}[5m])) or sum(rate({failed_code}[5m]))) / sum(rate({all}[5m]))");
    let latency = format!("histogram_quantile(0.99, sum by (le) (rate({buckets}[5m])))");
    [
        Query::of(Indicator::RequestRate, format!("sum(rate({all}[5m]))")),
        Query {
            history: true,
            ..Query::of(Indicator::ErrorRate, errors)
        },
        Query {
            history: true,
            ..Query::of(Indicator::LatencyP99, latency)
        },
    ]
}

fn readings(
    indicator: Indicator,
    namespace: &str,
    workload: &str,
    answer: &Answer,
) -> Vec<Reading> {
    let same = |all: &'_ [Series], series: &Series| {
        let found = all.iter().find(|other| other.labels == series.labels);
        found.cloned()
    };
    let reading = |series: &Series| {
        Some(Reading {
            indicator,
            namespace: namespace.to_owned(),
            workload: workload.to_owned(),
            pod: series.labels.get("pod").cloned(),
            container: series.labels.get("container").cloned(),
            now: series.last()?,
            usual: same(&answer.usual, series).and_then(|series| series.last()),
            history: same(&answer.history, series).map_or_else(Vec::new, |series| series.points),
        })
    };
    answer.now.iter().filter_map(reading).collect()
}

pub(super) fn status(error: &QueryError) -> LedgerStatus {
    match error {
        QueryError::Forbidden => LedgerStatus::NotPermitted,
        QueryError::Unreachable(_) | QueryError::TimedOut(_) | QueryError::Server(_) => {
            LedgerStatus::TimedOut
        }
        QueryError::BadQuery(_) | QueryError::Unreadable(_) => LedgerStatus::Problem,
    }
}
