//! Does Prometheus answer, and does it have what the answers are made of?

use std::collections::BTreeSet;

use chrono::Utc;
use secrecy::ExposeSecret as _;

use super::WITHIN;
use super::check::{Area, Check};
use crate::clients::prometheus::{Prometheus, Series};
use crate::config::{self, Config};

/// Metrics the answers are made of: expression, where they come from, and how to get them.
const WANTED: &[(&str, &str, &str)] = &[
    (
        "count(kube_pod_info)",
        "kube-state-metrics",
        "install kube-state-metrics and scrape it: restarts and replicas over time come from there",
    ),
    (
        "count(container_memory_working_set_bytes)",
        "cAdvisor",
        "scrape the kubelets' /metrics/cadvisor: memory, CPU and throttling come from there",
    ),
];

pub(super) async fn checks(config: &Config) -> Vec<Check> {
    let mut servers: Vec<config::Endpoint> = config.prometheus.iter().cloned().collect();
    let own = config
        .environments
        .iter()
        .filter(|e| e.prometheus.is_some());
    servers.extend(own.filter_map(|e| config.prometheus_of(Some(&e.name))));
    let mut seen = BTreeSet::new();
    servers.retain(|server| seen.insert(server.url.clone()));
    if servers.is_empty() {
        let found = "not configured: answers have no numbers over time, and say so";
        return vec![Check::skipped(
            Area::Prometheus,
            "VIGIE_PROMETHEUS_URL",
            found,
        )];
    }
    let mut checks = Vec::new();
    for server in &servers {
        checks.extend(server_checks(server).await);
    }
    checks
}

async fn server_checks(server: &config::Endpoint) -> Vec<Check> {
    let name = server.url.as_str();
    let built = Prometheus::new(server.address().expose_secret(), server.token(), WITHIN);
    let client = match built {
        Ok(client) => client,
        Err(error) => {
            let fix = "install ca-certificates, or set SSL_CERT_FILE";
            return vec![Check::failed(
                Area::Prometheus,
                name,
                error.to_string(),
                fix,
            )];
        }
    };
    let mut checks = match client.version().await {
        Ok(version) => vec![Check::ok(
            Area::Prometheus,
            name,
            format!("version {version}"),
        )],
        Err(error) => {
            let fix = "check VIGIE_PROMETHEUS_URL, its login, and the NetworkPolicy: curl ADDRESS/api/v1/status/buildinfo must answer";
            return vec![Check::failed(
                Area::Prometheus,
                name,
                error.to_string(),
                fix,
            )];
        }
    };
    for (expression, source, fix) in WANTED {
        let title = format!("{name}: {source}");
        checks.push(match client.instant(expression, Utc::now()).await {
            Ok(series) => match series.first().and_then(Series::last) {
                Some(count) => Check::ok(Area::Prometheus, &title, format!("{count} series")),
                None => Check::warning(Area::Prometheus, &title, "no series", *fix),
            },
            Err(error) => Check::warning(Area::Prometheus, &title, error.to_string(), *fix),
        });
    }
    checks
}
