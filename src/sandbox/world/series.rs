//! What Prometheus knows of the world: usage, traffic, errors and answer times of every service,
//! and how the incidents show in them. The label names are those of kube-prometheus and of a usual
//! HTTP instrumentation.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Scenario;
use super::build::Build;
use super::pod::stamp;
use crate::sandbox::kube::fnv;
use crate::sandbox::prometheus::{Metrics, Scripted, Shape};

/// Requests by status.
const REQUESTS: &str = "http_requests_total";
/// Answer times.
const LATENCY: &str = "http_request_duration_seconds_bucket";
const CPU: &str = "container_cpu_usage_seconds_total";
const MEMORY: &str = "container_memory_working_set_bytes";
const THROTTLED: &str = "container_cpu_cfs_throttled_periods_total";
const RESTARTS: &str = "kube_pod_container_status_restarts_total";

/// Scripts the healthy values of everything that runs.
pub(crate) fn install(build: Build<'_>, metrics: &Metrics) {
    for pod in build.cluster.list("Pod", "") {
        if pod["spec"]["nodeName"].is_string() {
            of_pod(build, metrics, &pod);
        }
    }
    let target = |job: &str, health: &str, error: &str| {
        json!({
            "discoveredLabels": {}, "labels": { "job": job, "instance": "10.0.0.11:9100" },
            "scrapePool": job, "scrapeUrl": "http://10.0.0.11:9100/metrics", "health": health,
            "lastError": error, "lastScrape": stamp(build.now),
        })
    };
    let targets = vec![
        target("node-exporter", "up", ""),
        target("kubelet", "up", ""),
    ];
    metrics.set_rules(Vec::new(), Vec::new(), targets);
}

fn of_pod(build: Build<'_>, metrics: &Metrics, pod: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let meta = &pod["metadata"];
    let (namespace, name) = (text(&meta["namespace"]), text(&meta["name"]));
    let app = text(&meta["labels"]["app"]);
    let labels = [
        ("namespace", namespace.as_str()),
        ("pod", &name),
        ("container", "app"),
        ("service", &app),
        ("app", &app),
        ("job", &app),
    ];
    let put = |metric: &str, shape: Shape, value: f64| {
        metrics.script(Scripted::steady(metric, shape, &labels, value));
    };
    let status = &pod["status"]["containerStatuses"][0];
    put(
        RESTARTS,
        Shape::Raw,
        status["restartCount"].as_f64().unwrap_or_default(),
    );
    put(
        "up",
        Shape::Raw,
        if status["ready"] == true { 1.0 } else { 0.0 },
    );
    if let Some(memory) = teeth(status, &labels) {
        metrics.script(memory);
    }
    let usage = build.cluster.get("PodMetrics", &namespace, &name);
    let Some(usage) = usage.map(|u| u["containers"][0]["usage"].clone()) else {
        return;
    };
    let (cpu, memory) = (millicores(&usage["cpu"]), mebibytes(&usage["memory"]));
    put(CPU, Shape::Rate, cpu / 1000.0);
    put(MEMORY, Shape::Raw, memory * MIB);
    put(MEMORY, Shape::MaxOverTime, memory * MIB * 1.1);
    put(THROTTLED, Shape::Ratio, 0.004);
    // The same service always has the same traffic.
    let busy = spread(&app, 1);
    put(REQUESTS, Shape::Rate, 8.0 + 40.0 * busy);
    put(REQUESTS, Shape::Ratio, 0.001);
    put(LATENCY, Shape::Quantile(0.99), 0.12 + 0.2 * spread(&app, 2));
    put(LATENCY, Shape::Quantile(0.5), 0.02 + 0.03 * spread(&app, 2));
}

/// The working set of a container that is killed for memory again and again: flat for days, then a tooth for each
/// run, up to its limit of 512Mi. The payment service's only: other limits would need other teeth.
fn teeth(status: &Value, labels: &[(&str, &str)]) -> Option<Scripted> {
    let end = &status["lastState"]["terminated"];
    let payment = labels.contains(&("service", "payment-service"));
    if !payment || end["reason"] != "OOMKilled" {
        return None;
    }
    let time = |name: &str| DateTime::parse_from_rfc3339(end[name].as_str()?).ok();
    let (began, ended) = (time("startedAt")?.to_utc(), time("finishedAt")?.to_utc());
    let mut memory = Scripted::steady(MEMORY, Shape::Raw, labels, 236.0 * MIB);
    for run in 0..status["restartCount"].as_i64().unwrap_or_default() {
        let back = TimeDelta::seconds(run * 87);
        for second in (0..=(ended - began).num_seconds()).step_by(4) {
            #[expect(clippy::cast_precision_loss, reason = "seconds of one run")]
            let part = second as f64 / (ended - began).num_seconds().max(1) as f64;
            let value = (200.0 + 311.0 * part) * MIB;
            memory = memory.then(began - back + TimeDelta::seconds(second), value);
        }
        memory = memory.then(ended - back + SECOND, 60.0 * MIB);
    }
    Some(memory)
}

const MIB: f64 = 1024.0 * 1024.0;

/// A number from 0 to 1 that is the same for the same text.
fn spread(text: &str, seed: u64) -> f64 {
    f64::from(u16::try_from(fnv(text, seed) % 1000).unwrap_or_default()) / 1000.0
}

fn millicores(quantity: &Value) -> f64 {
    let text = quantity.as_str().unwrap_or_default();
    text.trim_end_matches('m').parse().unwrap_or_default()
}

fn mebibytes(quantity: &Value) -> f64 {
    let text = quantity.as_str().unwrap_or_default();
    text.trim_end_matches("Mi").parse().unwrap_or_default()
}

/// How one indicator of a service changes with an incident.
struct Change {
    service: &'static str,
    metric: &'static str,
    shape: Shape,
    /// During the incident.
    sick: f64,
    /// After its repair.
    well: f64,
}

const fn change(
    service: &'static str,
    metric: &'static str,
    shape: Shape,
    sick: f64,
    well: f64,
) -> Change {
    Change {
        service,
        metric,
        shape,
        sick,
        well,
    }
}

const PAYMENT: &[Change] = &[
    change("payment-service", LATENCY, Shape::Quantile(0.99), 2.4, 0.14),
    change("payment-service", LATENCY, Shape::Quantile(0.5), 0.61, 0.02),
    change("payment-service", REQUESTS, Shape::Ratio, 0.031, 0.001),
    change(
        "payment-service",
        MEMORY,
        Shape::MaxOverTime,
        511.0 * MIB,
        604.0 * MIB,
    ),
];
const ORDERS: &[Change] = &[
    change("dashboard", REQUESTS, Shape::Ratio, 0.43, 0.001),
    change("orders-service", REQUESTS, Shape::Rate, 0.0, 20.0),
];
const REDIS: &[Change] = &[
    change("session-service", REQUESTS, Shape::Ratio, 0.22, 0.001),
    change(
        "redis-master",
        "redis_connected_clients",
        Shape::Raw,
        1000.0,
        455.0,
    ),
    change(
        "redis-master",
        "redis_config_maxclients",
        Shape::Raw,
        1000.0,
        2000.0,
    ),
];

/// What changes with an incident, and how many minutes ago it began.
fn changes(scenario: Scenario) -> (&'static [Change], i64) {
    match scenario {
        Scenario::PaymentOutOfMemory => (PAYMENT, 6),
        Scenario::OrdersSelector => (ORDERS, 18),
        Scenario::RedisConnections => (REDIS, 9),
        Scenario::BillingDatabase
        | Scenario::UserConfig
        | Scenario::NotificationTag
        | Scenario::ReportsPending => (&[], 0),
    }
}

/// How an incident shows, from its beginning on.
pub(crate) fn show(scenario: Scenario, now: DateTime<Utc>, metrics: &Metrics) {
    if scenario == Scenario::RedisConnections {
        let labels = [("namespace", "production"), ("service", "redis-master")];
        for (metric, value) in [
            ("redis_connected_clients", 412.0),
            ("redis_config_maxclients", 1000.0),
        ] {
            metrics.script(Scripted::steady(metric, Shape::Raw, &labels, value));
        }
    }
    let (changes, minutes) = changes(scenario);
    let began = now - TimeDelta::minutes(minutes);
    for c in changes {
        metrics.step(c.metric, c.shape, ("service", c.service), began, c.sick);
    }
}

/// Queries name whole seconds: what changes now has to show in a query made in the same second.
const SECOND: TimeDelta = TimeDelta::seconds(1);

/// How it shows from now on, whatever was before: an incident that came back after its repair.
pub(crate) fn now(scenario: Scenario, now: DateTime<Utc>, metrics: &Metrics) {
    for c in changes(scenario).0 {
        let from = now - SECOND;
        metrics.step(c.metric, c.shape, ("service", c.service), from, c.sick);
    }
}

/// How its end shows.
pub(crate) fn end(scenario: Scenario, now: DateTime<Utc>, metrics: &Metrics) {
    for c in changes(scenario).0 {
        let from = now - SECOND;
        metrics.step(c.metric, c.shape, ("service", c.service), from, c.well);
    }
}
