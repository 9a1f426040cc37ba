//! What Prometheus says of itself, and what the Prometheus Operator is told: only for a question about metrics.

use std::collections::BTreeMap;
use std::time::Instant;

use kube::api::ListParams;
use serde_json::Value;

use super::Reader;
use super::prometheus::status;
use crate::clients::kube::ReadError;
use crate::clients::prometheus::{Prometheus, QueryError, Selector};
use crate::finding::{LedgerStatus, Symptom};
use crate::investigation::case::{Area, Case, Samples, ServiceMonitor, Watching};

/// Reads monitors, targets, rules and sample counts, where the question is about metrics.
pub async fn watching(reader: &Reader, case: &mut Case) {
    if !case.symptoms.contains(&Symptom::NoMetrics) {
        return;
    }
    reader
        .list::<ServiceMonitor>(
            "servicemonitors",
            None,
            ListParams::default(),
            Area::Cluster,
        )
        .await
        .shelve(&mut case.service_monitors);
    if let Some(recorded) = &reader.sources.recorded {
        case.watching = recorded.watching.clone();
        return;
    }
    let Some(prometheus) = &reader.sources.prometheus else {
        return;
    };
    let started = Instant::now();
    let read = tokio::time::timeout(reader.left(), ask(prometheus, case)).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match read {
        Ok(Ok(found)) => {
            let count = found.active_targets.as_ref().map_or(0, Vec::len);
            reader.ledger.read("targets", count, ms, 4, 0);
            case.watching = found;
        }
        Ok(Err(error)) => {
            reader
                .ledger
                .not_read("targets", status(&error), Some(error.to_string()), ms);
        }
        Err(_) => {
            let late = ReadError::TimedOut(started.elapsed()).to_string();
            reader
                .ledger
                .not_read("targets", LedgerStatus::TimedOut, Some(late), ms);
        }
    }
}

/// Rules and samples may fail without the targets.
async fn ask(prometheus: &Prometheus, case: &Case) -> Result<Watching, QueryError> {
    let active = [("state", "active".to_owned())];
    let scraped = Selector::metric("scrape_samples_scraped").text();
    let kept = Selector::metric("scrape_samples_post_metric_relabeling").text();
    let (targets, rules, scraped, kept) = futures::join!(
        prometheus.data("/api/v1/targets", &active),
        prometheus.data("/api/v1/rules", &[]),
        prometheus.instant(&scraped, case.now),
        prometheus.instant(&kept, case.now),
    );
    let targets = targets?;
    let mut samples: BTreeMap<BTreeMap<String, String>, Samples> = BTreeMap::new();
    let unnamed = |mut labels: BTreeMap<String, String>| {
        labels.remove("__name__");
        labels
    };
    for series in scraped.unwrap_or_default() {
        let value = series.last();
        let labels = unnamed(series.labels);
        let entry = samples.entry(labels.clone()).or_default();
        (entry.labels, entry.scraped) = (labels, value);
    }
    for series in kept.unwrap_or_default() {
        let value = series.last();
        let labels = unnamed(series.labels);
        let entry = samples.entry(labels.clone()).or_default();
        (entry.labels, entry.kept) = (labels, value);
    }
    Ok(Watching {
        active_targets: read(&targets["activeTargets"]),
        groups: rules.ok().and_then(|rules| read(&rules["groups"])),
        samples: samples.into_values().collect(),
    })
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}
