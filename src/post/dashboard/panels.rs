//! The panels of a dashboard: requests, errors and answer times first, then the resources with their limits, then what
//! else the workload can run out of. A panel without a metric that exists is left out.

use super::select::Select;
use crate::finding::{Dashboard, Kind, Requests};

/// The window of rates: Grafana chooses it so that two scrapes fit.
const WINDOW: &str = "[$__rate_interval]";
/// Half of the grid, and a third.
const HALF: u32 = 12;
const THIRD: u32 = 8;

/// One panel.
pub(super) struct Panel {
    /// Message id of its title.
    pub title: &'static str,
    /// Grafana's name of the unit.
    pub unit: &'static str,
    /// Columns of the grid.
    pub wide: u32,
    /// Its curves.
    pub targets: Vec<Target>,
}

/// One curve.
pub(super) struct Target {
    /// In PromQL, with Grafana's variables.
    pub expression: String,
    /// A message id (`dashboard-…`), or a template of Grafana's.
    pub legend: &'static str,
}

fn target(legend: &'static str, expression: impl Into<String>) -> Target {
    Target {
        expression: expression.into(),
        legend,
    }
}

fn panel(title: &'static str, unit: &'static str, targets: Vec<Target>) -> Option<Panel> {
    let wide = HALF;
    (!targets.is_empty()).then_some(Panel {
        title,
        unit,
        wide,
        targets,
    })
}

/// The panels that have something to show.
pub(super) fn all(facts: &Dashboard) -> Vec<Panel> {
    let requests = facts.requests.iter();
    let red = requests.flat_map(|requests| red(facts, requests));
    let own = [
        cpu(facts),
        throttling(facts),
        memory(facts),
        restarts(facts),
        replicas(facts),
        network(facts),
        connections(facts),
        collector(facts),
        heap(facts),
        runtime(facts),
        files(facts),
    ];
    red.chain(own.into_iter().flatten()).collect()
}

/// Rate, errors, duration.
fn red(facts: &Dashboard, requests: &Requests) -> Vec<Panel> {
    let select = Select(facts);
    let rate = |condition: &str| {
        let series = select.requests(&requests.counter, requests.by, condition);
        format!("rate({series}{WINDOW})")
    };
    let all = format!("sum({})", rate(""));
    // Which label holds the status differs from exporter to exporter; a series that meets two counts once.
    let failed: Vec<String> = requests
        .status
        .iter()
        .map(|label| rate(&format!(",{label}=~\"5..\"")))
        .collect();
    let errors = (!failed.is_empty()).then(|| {
        let failed = format!("sum({})", failed.join(" or "));
        target("dashboard-failed", format!("{failed} / {all}"))
    });
    let panels = [
        panel(
            "dashboard-requests",
            "reqps",
            vec![target("dashboard-all", all.clone())],
        ),
        panel(
            "dashboard-errors",
            "percentunit",
            errors.into_iter().collect(),
        ),
        panel(
            "dashboard-latency",
            if requests.millis { "ms" } else { "s" },
            latency(select, requests),
        ),
    ];
    let third = |panel| Panel {
        wide: THIRD,
        ..panel
    };
    panels.into_iter().flatten().map(third).collect()
}

fn latency(select: Select<'_>, requests: &Requests) -> Vec<Target> {
    let Some(buckets) = &requests.buckets else {
        return Vec::new();
    };
    let series = select.requests(buckets, requests.by, "");
    let quantile = |legend, share: &str| {
        let expression =
            format!("histogram_quantile({share}, sum by (le) (rate({series}{WINDOW})))");
        target(legend, expression)
    };
    vec![
        quantile("p50", "0.5"),
        quantile("p95", "0.95"),
        quantile("p99", "0.99"),
    ]
}

/// Usage by pod, and what one pod may use.
fn with_bounds(facts: &Dashboard, usage: Target, resource: &str) -> Vec<Target> {
    let select = Select(facts);
    let bound = |legend, metric: &str| {
        let series = select.resource(metric, resource);
        let expression = format!("max(sum by (pod) ({series}))");
        facts.has(metric).then(|| target(legend, expression))
    };
    let bounds = [
        bound("dashboard-request", "kube_pod_container_resource_requests"),
        bound("dashboard-limit", "kube_pod_container_resource_limits"),
    ];
    std::iter::once(usage)
        .chain(bounds.into_iter().flatten())
        .collect()
}

fn cpu(facts: &Dashboard) -> Option<Panel> {
    let metric = "container_cpu_usage_seconds_total";
    let series = Select(facts).containers(metric);
    let usage = target("{{pod}}", format!("sum by (pod) (rate({series}{WINDOW}))"));
    let targets = facts
        .has(metric)
        .then(|| with_bounds(facts, usage, "cpu"))?;
    panel("dashboard-cpu", "cores", targets)
}

fn throttling(facts: &Dashboard) -> Option<Panel> {
    let (throttled, periods) = (
        "container_cpu_cfs_throttled_periods_total",
        "container_cpu_cfs_periods_total",
    );
    let of = |metric| {
        let series = Select(facts).containers(metric);
        format!("sum by (pod, container) (rate({series}{WINDOW}))")
    };
    let share = format!("{} / {}", of(throttled), of(periods));
    let both = facts.has(throttled) && facts.has(periods);
    let targets = both.then(|| vec![target("{{pod}} {{container}}", share)])?;
    panel("dashboard-throttling", "percentunit", targets)
}

fn memory(facts: &Dashboard) -> Option<Panel> {
    let metric = "container_memory_working_set_bytes";
    let series = Select(facts).containers(metric);
    let usage = target("{{pod}}", format!("sum by (pod) ({series})"));
    let targets = facts
        .has(metric)
        .then(|| with_bounds(facts, usage, "memory"))?;
    panel("dashboard-memory", "bytes", targets)
}

fn restarts(facts: &Dashboard) -> Option<Panel> {
    let metric = "kube_pod_container_status_restarts_total";
    let series = Select(facts).pods(metric);
    let restarts = format!("sum by (pod, container) (increase({series}[1h]))");
    let targets = facts
        .has(metric)
        .then(|| vec![target("{{pod}} {{container}}", restarts)])?;
    panel("dashboard-restarts", "short", targets)
}

/// Ready and wanted replicas, beside what the autoscaler may ask for.
fn replicas(facts: &Dashboard) -> Option<Panel> {
    let select = Select(facts);
    let (kind, ready, wanted) = match facts.workload.kind {
        Kind::Deployment => (
            "deployment",
            "kube_deployment_status_replicas_ready",
            "kube_deployment_spec_replicas",
        ),
        Kind::StatefulSet => (
            "statefulset",
            "kube_statefulset_status_replicas_ready",
            "kube_statefulset_replicas",
        ),
        Kind::DaemonSet => (
            "daemonset",
            "kube_daemonset_status_number_ready",
            "kube_daemonset_status_desired_number_scheduled",
        ),
        _ => return None,
    };
    let own = |legend, metric: &str| {
        let series = Select::owned(metric, kind);
        facts
            .has(metric)
            .then(|| target(legend, format!("max({series})")))
    };
    let scaler = |legend, metric: &str| {
        let series = select.scaler(metric).filter(|_| facts.has(metric))?;
        Some(target(legend, format!("max({series})")))
    };
    let all = [
        own("dashboard-ready", ready),
        own("dashboard-wanted", wanted),
        scaler(
            "dashboard-scaler-max",
            "kube_horizontalpodautoscaler_spec_max_replicas",
        ),
        scaler(
            "dashboard-scaler-wanted",
            "kube_horizontalpodautoscaler_status_desired_replicas",
        ),
    ];
    panel(
        "dashboard-replicas",
        "short",
        all.into_iter().flatten().collect(),
    )
}

fn network(facts: &Dashboard) -> Option<Panel> {
    let flow = |legend, metric: &str| {
        let series = Select(facts).pods(metric);
        let expression = format!("sum by (pod) (rate({series}{WINDOW}))");
        facts.has(metric).then(|| target(legend, expression))
    };
    let all = [
        flow(
            "dashboard-received",
            "container_network_receive_bytes_total",
        ),
        flow("dashboard-sent", "container_network_transmit_bytes_total"),
    ];
    panel(
        "dashboard-network",
        "Bps",
        all.into_iter().flatten().collect(),
    )
}

/// `sum by (pod)` of each metric that exists.
fn by_pod(facts: &Dashboard, metrics: &[(&'static str, &str)]) -> Vec<Target> {
    let known = metrics.iter().filter(|(_, metric)| facts.has(metric));
    let each = known.map(|(legend, metric)| {
        let series = Select(facts).pods(metric);
        target(legend, format!("sum by (pod) ({series})"))
    });
    each.collect()
}

/// The connection pool of the first library that the workload has.
fn connections(facts: &Dashboard) -> Option<Panel> {
    let pools: [&[(&'static str, &str)]; 4] = [
        &[
            ("dashboard-used", "hikaricp_connections_active"),
            ("dashboard-limit", "hikaricp_connections_max"),
            ("dashboard-waiting", "hikaricp_connections_pending"),
        ],
        &[
            ("dashboard-used", "go_sql_in_use_connections"),
            ("dashboard-limit", "go_sql_max_open_connections"),
        ],
        &[
            ("dashboard-used", "pgxpool_acquired_conns"),
            ("dashboard-limit", "pgxpool_max_conns"),
        ],
        &[
            ("dashboard-used", "db_client_connections_usage"),
            ("dashboard-limit", "db_client_connections_max"),
        ],
    ];
    let first = pools.into_iter().find(|pool| facts.has(pool[0].1))?;
    panel("dashboard-connections", "short", by_pod(facts, first))
}

/// The share of time that the runtime spends in collection.
fn collector(facts: &Dashboard) -> Option<Panel> {
    let names = [
        "jvm_gc_pause_seconds_sum",
        "jvm_gc_collection_seconds_sum",
        "jvm_gc_duration_seconds_sum",
        "nodejs_gc_duration_seconds_sum",
        "go_gc_duration_seconds_sum",
    ];
    let metric = names.into_iter().find(|name| facts.has(name))?;
    let series = Select(facts).pods(metric);
    let share = format!("sum by (pod) (rate({series}{WINDOW}))");
    panel(
        "dashboard-collector",
        "percentunit",
        vec![target("{{pod}}", share)],
    )
}

fn heap(facts: &Dashboard) -> Option<Panel> {
    let area = |legend, metric: &str| {
        let series = Select(facts).pods(metric);
        // The pattern of the pods has braces of its own: only the last one ends the selector.
        let series = format!("{},area=\"heap\"}}", series.trim_end_matches('}'));
        facts
            .has(metric)
            .then(|| target(legend, format!("sum by (pod) ({series})")))
    };
    let jvm = [
        area("dashboard-used", "jvm_memory_used_bytes"),
        area("dashboard-limit", "jvm_memory_max_bytes"),
    ];
    let mut all: Vec<Target> = jvm.into_iter().flatten().collect();
    all.extend(by_pod(
        facts,
        &[("dashboard-used", "nodejs_heap_size_used_bytes")],
    ));
    panel("dashboard-heap", "bytes", all)
}

/// Threads, goroutines or the delay of the event loop.
fn runtime(facts: &Dashboard) -> Option<Panel> {
    let ways = [
        (
            "dashboard-event-loop",
            "s",
            "nodejs_eventloop_lag_p99_seconds",
        ),
        ("dashboard-event-loop", "s", "nodejs_eventloop_lag_seconds"),
        ("dashboard-threads", "short", "jvm_threads_live_threads"),
        ("dashboard-goroutines", "short", "go_goroutines"),
    ];
    let mut known = ways.into_iter().filter(|(_, _, metric)| facts.has(metric));
    let (title, unit, metric) = known.next()?;
    panel(title, unit, by_pod(facts, &[("{{pod}}", metric)]))
}

fn files(facts: &Dashboard) -> Option<Panel> {
    let curves = [
        ("dashboard-used", "process_open_fds"),
        ("dashboard-limit", "process_max_fds"),
    ];
    let open = facts.has("process_open_fds");
    open.then(|| panel("dashboard-files", "short", by_pod(facts, &curves)))?
}
