//! The curve of a picture: one range query, two where yesterday or a maximum stands beside it, under a short time-out.
//! It comes last, and an investigation never fails by it.

use std::collections::BTreeMap;
use std::time::Instant;

use chrono::TimeDelta;

use super::queries::{self, Names, Query, Unit};
use super::{STEP, discover, millis, services, status};
use crate::clients::prometheus::{Prometheus, QueryError, Selector, Series};
use crate::finding::{LedgerStatus, Subject};
use crate::investigation::case::{Case, Indicator};
use crate::investigation::gather::Reader;
use crate::investigation::judge::{Line, Measured, Plan, Topic};
use crate::playbook::pods;

/// Most pods whose curves are kept.
const MANY: usize = 50;
/// Filesystems that are no disk.
const NO_DISK: &str = "tmpfs|overlay|squashfs|ramfs|nsfs|iso9660|fuse.*";

/// What is asked for one picture.
struct Asked {
    /// The expression of the curve.
    expression: String,
    /// From the answer to the curve's unit.
    unit: Unit,
    /// Whether its series are parts of one curve.
    adds: bool,
    /// The expression of the maximum, where it is measured.
    most: Option<String>,
}

impl Asked {
    /// One expression, each of its series a curve.
    fn alone(expression: String, unit: Unit) -> Self {
        Self {
            expression,
            unit,
            adds: false,
            most: None,
        }
    }
}

/// Measures what a plan is about; `None` when Prometheus is not set up, did not answer before, or does not now.
pub(in crate::investigation) async fn curves(
    reader: &Reader,
    case: &Case,
    plan: &Plan,
) -> Option<Measured> {
    let prometheus = reader.sources.prometheus.as_ref()?;
    // Whoever did not answer in time a moment ago is not waited for once more.
    let lines = reader.ledger.lines();
    let ill = lines
        .iter()
        .find(|line| line.step == STEP)
        .is_some_and(|line| line.status == LedgerStatus::TimedOut);
    if ill || reader.left().is_zero() {
        return None;
    }
    let patience = reader.left().min(reader.sources.waits.picture);
    let started = Instant::now();
    let measure = measure(reader, prometheus, case, plan);
    let Ok(measured) = tokio::time::timeout(patience, measure).await else {
        let why = Some(QueryError::TimedOut(patience).to_string());
        reader
            .ledger
            .not_read("picture", LedgerStatus::TimedOut, why, millis(started));
        return None;
    };
    measured
}

async fn measure(
    reader: &Reader,
    prometheus: &Prometheus,
    case: &Case,
    plan: &Plan,
) -> Option<Measured> {
    let asked = asked(reader, prometheus, case, plan).await?;
    let day = TimeDelta::days(1);
    let curve = range(
        reader,
        prometheus,
        &asked.expression,
        plan,
        TimeDelta::zero(),
    );
    let usual = async {
        if plan.beside_yesterday() {
            range(reader, prometheus, &asked.expression, plan, day).await
        } else {
            None
        }
    };
    let most = async {
        let expression = asked.most.as_ref()?;
        let series = prometheus.instant(expression, plan.to).await;
        noted(reader, series, Instant::now())?
            .iter()
            .filter_map(Series::last)
            .reduce(f64::max)
    };
    let (curve, usual, most) = futures::join!(curve, usual, most);
    Some(Measured {
        now: lines(&curve?, &asked, TimeDelta::zero()),
        yesterday: lines(&usual.unwrap_or_default(), &asked, day),
        most,
    })
}

async fn range(
    reader: &Reader,
    prometheus: &Prometheus,
    expression: &str,
    plan: &Plan,
    back: TimeDelta,
) -> Option<Vec<Series>> {
    let started = Instant::now();
    let series = prometheus
        .range(expression, plan.from - back, plan.to - back, plan.step)
        .await;
    noted(reader, series, started)
}

fn noted(
    reader: &Reader,
    result: Result<Vec<Series>, QueryError>,
    started: Instant,
) -> Option<Vec<Series>> {
    match result {
        Ok(series) => {
            reader
                .ledger
                .read("picture", series.len(), millis(started), 1, 0);
            Some(series)
        }
        Err(error) => {
            reader.ledger.not_read(
                "picture",
                status(&error),
                Some(error.to_string()),
                millis(started),
            );
            None
        }
    }
}

/// The curves of the answer, in the plan's unit and time.
fn lines(series: &[Series], asked: &Asked, back: TimeDelta) -> Vec<Line> {
    let points = |series: &Series| -> Vec<(i64, f64)> {
        let own = series.points.iter().filter(|(_, value)| value.is_finite());
        own.map(|(at, value)| (seconds(*at) + back.num_seconds(), asked.unit.of(*value)))
            .collect()
    };
    if !asked.adds {
        return series
            .iter()
            .take(MANY)
            .map(|one| Line {
                points: points(one),
            })
            .collect();
    }
    let mut sum: BTreeMap<i64, f64> = BTreeMap::new();
    for (at, value) in series.iter().flat_map(points) {
        *sum.entry(at).or_default() += value;
    }
    vec![Line {
        points: sum.into_iter().collect(),
    }]
}

#[expect(clippy::cast_possible_truncation, reason = "Unix seconds")]
fn seconds(at: f64) -> i64 {
    at as i64
}

async fn asked(
    reader: &Reader,
    prometheus: &Prometheus,
    case: &Case,
    plan: &Plan,
) -> Option<Asked> {
    let indicator = match plan.topic {
        Topic::Latency => Indicator::LatencyP99,
        Topic::Errors => Indicator::ErrorRate,
        Topic::Requests => Indicator::RequestRate,
        _ => return direct(case, plan),
    };
    // How requests are called depends on the instrumentation.
    let services = services(case, &plan.subject);
    let names = Names {
        namespace: plan.subject.namespace.as_deref()?,
        workload: &plan.subject,
        services: &services,
    };
    let known = discover(reader, prometheus, &names.selectors(), plan.to).await?;
    let all = queries::of_workload(&names, &known);
    let query: Query = all.into_iter().find(|query| query.indicator == indicator)?;
    Some(Asked {
        expression: query.expression,
        unit: query.unit,
        adds: query.adds,
        most: None,
    })
}

/// What is called the same everywhere: by the kubelet, kube-state-metrics, node-exporter and the servers' exporters.
fn direct(case: &Case, plan: &Plan) -> Option<Asked> {
    let subject = &plan.subject;
    let own = |metric| of_container(metric, subject);
    let one = |expression: String| Some(Asked::alone(expression, Unit::Same));
    match &plan.topic {
        // The highest of each step: what is killed at its limit is there for a moment, between two points. Where a step
        // has no sample of its own, the last one.
        Topic::Memory => {
            let (used, step) = (own("container_memory_working_set_bytes")?, plan.step);
            one(format!(
                "max by (pod, container) (max_over_time({used}[{}s]) or {used})",
                step.num_seconds()
            ))
        }
        Topic::Cpu => one(format!(
            "sum by (pod, container) (rate({}[5m]))",
            own("container_cpu_usage_seconds_total")?
        )),
        Topic::Volumes(claims) => {
            let namespace = subject.namespace.as_deref()?;
            let of = |metric| {
                Selector::metric(metric)
                    .eq("namespace", namespace)
                    .one_of("persistentvolumeclaim", claims)
                    .text()
            };
            let (used, all) = (
                of("kubelet_volume_stats_used_bytes"),
                of("kubelet_volume_stats_capacity_bytes"),
            );
            one(format!("max by (persistentvolumeclaim) ({used} / {all})"))
        }
        Topic::Replicas(hpa, _) => {
            let current = Selector::metric("kube_horizontalpodautoscaler_status_current_replicas")
                .eq("namespace", subject.namespace.as_deref()?)
                .eq("horizontalpodautoscaler", hpa);
            one(format!(
                "max by (horizontalpodautoscaler) ({})",
                current.text()
            ))
        }
        Topic::NodeDisk | Topic::NodeMemory | Topic::NodeCpu => Some(of_machine(case, plan)),
        Topic::Connections => connections(case, subject),
        Topic::Latency | Topic::Errors | Topic::Requests => None,
    }
}

/// What node-exporter tells of a machine: all of it is asked for as what is left.
fn of_machine(case: &Case, plan: &Plan) -> Asked {
    let one = |metric| of_node(case, metric, &plan.subject);
    let least = |left: Selector, all: Selector| {
        format!("min by (instance) ({} / {})", left.text(), all.text())
    };
    let expression = match plan.topic {
        Topic::NodeDisk => {
            let disk = |metric| one(metric).not_matches("fstype", NO_DISK);
            least(
                disk("node_filesystem_avail_bytes"),
                disk("node_filesystem_size_bytes"),
            )
        }
        Topic::NodeMemory => least(
            one("node_memory_MemAvailable_bytes"),
            one("node_memory_MemTotal_bytes"),
        ),
        _ => {
            let idle = one("node_cpu_seconds_total").eq("mode", "idle");
            format!("avg by (instance) (rate({}[5m]))", idle.text())
        }
    };
    Asked::alone(expression, Unit::Rest)
}

fn of_container(metric: &'static str, subject: &Subject) -> Option<String> {
    let selector = Selector::metric(metric)
        .eq("namespace", subject.namespace.as_deref()?)
        .pattern("pod", &pods(subject.kind, &subject.name));
    let selector = match &subject.container {
        Some(container) => selector.eq("container", container),
        None => selector.ne("container", ""),
    };
    Some(selector.text())
}

/// A node as exporters call it: by its name or one of its addresses, with or without a port.
fn of_node(case: &Case, metric: &'static str, subject: &Subject) -> Selector {
    let node = case
        .nodes
        .iter()
        .find(|node| node.metadata.name.as_ref() == Some(&subject.name));
    let addresses = node.and_then(|node| node.status.as_ref()?.addresses.as_ref());
    let addresses = addresses
        .into_iter()
        .flatten()
        .map(|one| one.address.as_str());
    let names: Vec<String> = std::iter::once(subject.name.as_str())
        .chain(addresses)
        .map(regex::escape)
        .collect();
    Selector::metric(metric).pattern("instance", &format!("({})(:[0-9]+)?", names.join("|")))
}

/// Connections of Redis, PostgreSQL or MySQL, whichever the server is: the others have no series.
fn connections(case: &Case, subject: &Subject) -> Option<Asked> {
    let namespace = subject.namespace.as_deref()?;
    let services = services(case, subject);
    let either = |metric| {
        let own = || Selector::metric(metric).eq("namespace", namespace);
        let (service, pod) = (
            own().one_of("service", &services),
            own().pattern("pod", &pods(subject.kind, &subject.name)),
        );
        format!("({} or {})", service.text(), pod.text())
    };
    let any = |parts: [(&str, &'static str); 3]| {
        let each = parts.map(|(operator, metric)| format!("{operator}{}", either(metric)));
        each.join(" or ")
    };
    Some(Asked {
        expression: any([
            ("max", "redis_connected_clients"),
            ("sum", "pg_stat_activity_count"),
            ("max", "mysql_global_status_threads_connected"),
        ]),
        unit: Unit::Same,
        adds: false,
        most: Some(any([
            ("max", "redis_config_maxclients"),
            ("max", "pg_settings_max_connections"),
            ("max", "mysql_global_variables_max_connections"),
        ])),
    })
}
