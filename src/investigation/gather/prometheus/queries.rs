//! The expressions: one an indicator, built from typed selectors.

use super::names::{By, Dialect, Known};
use crate::clients::prometheus::Selector;
use crate::finding::{Kind, Subject};
use crate::investigation::case::Indicator;
use crate::playbook::pods;

/// An indicator and its expression.
#[derive(Clone, Debug)]
pub(super) struct Query {
    /// What it measures.
    pub indicator: Indicator,
    /// In `PromQL`.
    pub expression: String,
    /// Days back that are useful to compare with.
    pub days: &'static [i64],
    /// Whether the last hours are read too: to tell what was before a change from what came after.
    pub history: bool,
    /// Whether its series are parts that add up to the workload's.
    pub adds: bool,
    /// Makes the indicator's unit of the answer's.
    pub unit: Unit,
}

/// From the answer to the indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// The same.
    Same,
    /// Thousandths.
    Thousandth,
    /// What is missing to one: of idle CPU.
    Rest,
}

impl Unit {
    /// The value in the indicator's unit.
    pub fn of(self, value: f64) -> f64 {
        match self {
            Self::Same => value,
            Self::Thousandth => value / 1000.0,
            Self::Rest => (1.0 - value).clamp(0.0, 1.0),
        }
    }
}

/// Yesterday and a week ago.
const BOTH: &[i64] = &[1, 7];

impl Query {
    /// Now and at the same time yesterday.
    pub(super) fn of(indicator: Indicator, expression: String) -> Self {
        Self {
            indicator,
            expression,
            days: &[1],
            history: false,
            adds: false,
            unit: Unit::Same,
        }
    }
}

/// The workload as metrics know it.
pub(super) struct Names<'a> {
    /// Its namespace.
    pub namespace: &'a str,
    /// The workload.
    pub workload: &'a Subject,
    /// Its Services.
    pub services: &'a [String],
}

impl Names<'_> {
    /// What has to be asked about before anything else: every series that may be the workload's.
    pub fn selectors(&self) -> Vec<String> {
        let any = || Selector::metric("");
        let pods = any()
            .eq("namespace", self.namespace)
            .pattern("pod", &self.pods());
        let services = any()
            .eq("namespace", self.namespace)
            .one_of("service", self.services);
        let mut all = vec![pods.text(), services.text()];
        all.extend(self.replicas().map(|selector| selector.text()));
        for dialect in super::names::DIALECTS
            .iter()
            .filter(|one| one.by != By::Target)
        {
            all.extend(
                self.of(dialect.requests, *dialect)
                    .iter()
                    .map(Selector::text),
            );
        }
        all
    }

    fn pods(&self) -> String {
        pods(self.workload.kind, &self.workload.name)
    }

    /// The selectors of a metric in its dialect; a series may meet several.
    pub fn of(&self, metric: &'static str, dialect: Dialect) -> Vec<Selector> {
        let one = || Selector::metric(metric);
        match dialect.by {
            By::Target => vec![
                one()
                    .eq("namespace", self.namespace)
                    .one_of("service", self.services),
                one()
                    .eq("namespace", self.namespace)
                    .pattern("pod", &self.pods()),
            ],
            By::Istio => vec![
                one()
                    .eq("reporter", "destination")
                    .eq("destination_workload_namespace", self.namespace)
                    .eq("destination_workload", &self.workload.name),
            ],
            By::Ingress => vec![
                one()
                    .eq("exported_namespace", self.namespace)
                    .one_of("exported_service", self.services),
                one()
                    .eq("namespace", self.namespace)
                    .one_of("service", self.services),
            ],
        }
    }

    fn replicas(&self) -> Option<Selector> {
        let (metric, label) = match self.workload.kind {
            Kind::Deployment => ("kube_deployment_status_replicas_ready", "deployment"),
            Kind::StatefulSet => ("kube_statefulset_status_replicas_ready", "statefulset"),
            _ => return None,
        };
        let selector = Selector::metric(metric).eq("namespace", self.namespace);
        Some(selector.eq(label, &self.workload.name))
    }

    /// The containers' own series: neither the pod's sum nor its sandbox, which CRI-O exports too.
    fn container(&self, metric: &'static str) -> String {
        Selector::metric(metric)
            .eq("namespace", self.namespace)
            .pattern("pod", &self.pods())
            .ne("container", "")
            .ne("container", "POD")
            .text()
    }
}

/// The queries that can answer.
pub(super) fn of_workload(names: &Names<'_>, known: &Known) -> Vec<Query> {
    let mut all = of_containers(names, known);
    if let Some(dialect) = known.dialect() {
        all.extend(of_requests(names, dialect));
    }
    if let Some(collector) = known.collectors().next() {
        let time = Selector::metric(collector)
            .eq("namespace", names.namespace)
            .pattern("pod", &names.pods());
        all.push(Query::of(
            Indicator::GarbageCollection,
            format!("sum by (pod) (rate({}[5m]))", time.text()),
        ));
    }
    if let Some(replicas) = names.replicas().filter(|_| {
        known.has("kube_deployment_status_replicas_ready")
            || known.has("kube_statefulset_status_replicas_ready")
    }) {
        let expression = format!("max by (namespace) ({})", replicas.text());
        all.push(Query {
            days: BOTH,
            ..Query::of(Indicator::ReadyReplicas, expression)
        });
    }
    all
}

fn of_containers(names: &Names<'_>, known: &Known) -> Vec<Query> {
    let mut all = Vec::new();
    if known.has("container_memory_working_set_bytes") {
        let memory = names.container("container_memory_working_set_bytes");
        all.push(Query {
            days: &[],
            ..Query::of(
                Indicator::MemoryPeak,
                format!("max by (container) (max_over_time({memory}[24h]))"),
            )
        });
        all.push(Query {
            history: true,
            ..Query::of(
                Indicator::MemoryUsed,
                format!("max by (pod, container) ({memory})"),
            )
        });
    }
    if known.has("container_cpu_cfs_periods_total")
        || known.has("container_cpu_cfs_throttled_periods_total")
    {
        let throttled = names.container("container_cpu_cfs_throttled_periods_total");
        let periods = names.container("container_cpu_cfs_periods_total");
        all.push(Query::of(
            Indicator::CpuThrottled,
            format!(
                "sum by (pod, container) (increase({throttled}[5m])) / sum by (pod, container) (increase({periods}[5m]))"
            ),
        ));
    }
    if known.has("container_cpu_usage_seconds_total") {
        let used = names.container("container_cpu_usage_seconds_total");
        all.push(Query {
            history: true,
            ..Query::of(
                Indicator::CpuUsed,
                format!("sum by (pod, container) (rate({used}[5m]))"),
            )
        });
    }
    all
}

/// `rate(a[5m]) or rate(b[5m])`: a series that meets both selectors counts once.
fn rates(selectors: &[Selector]) -> String {
    let each = selectors
        .iter()
        .map(|one| format!("rate({}[5m])", one.text()));
    each.collect::<Vec<_>>().join(" or ")
}

fn of_requests(names: &Names<'_>, dialect: Dialect) -> Vec<Query> {
    let all = names.of(dialect.requests, dialect);
    // Which label holds the status differs from exporter to exporter, and within one workload too.
    let failed: Vec<Selector> = all
        .iter()
        .flat_map(|one| {
            dialect
                .status
                .iter()
                .map(move |label| one.clone().matches(label, "5.."))
        })
        .collect();
    let buckets = names.of(dialect.buckets, dialect);
    let rate = match dialect.by {
        // The pod of these series is the controller's.
        By::Ingress => format!("sum({})", rates(&all)),
        _ => format!("sum by (pod) ({})", rates(&all)),
    };
    let errors = format!("sum({}) / sum({})", rates(&failed), rates(&all));
    let latency = format!(
        "histogram_quantile(0.99, sum by (le) ({}))",
        rates(&buckets)
    );
    let unit = if dialect.millis {
        Unit::Thousandth
    } else {
        Unit::Same
    };
    let with = |indicator, expression| Query {
        days: BOTH,
        ..Query::of(indicator, expression)
    };
    vec![
        Query {
            adds: true,
            ..with(Indicator::RequestRate, rate)
        },
        Query {
            history: true,
            ..with(Indicator::ErrorRate, errors)
        },
        Query {
            history: true,
            unit,
            ..with(Indicator::LatencyP99, latency)
        },
    ]
}
