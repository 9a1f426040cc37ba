//! A `ServiceMonitor` that fits its Service and that Prometheus does not take.

use super::{subject, told};
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{Facts, ServiceMonitor, Workload};
use crate::investigation::judge::facts::kubectl;
use crate::text::Message;

/// Everything matches and there is no target: Prometheus does not take this monitor. Only where its targets were read.
pub(super) fn judge(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    monitor: &ServiceMonitor,
) -> Option<Finding> {
    let targets = case
        .watching
        .active_targets
        .as_ref()
        .filter(|all| !all.is_empty())?;
    let taken = |one: &&ServiceMonitor| {
        let own = subject(one);
        targets
            .iter()
            .filter_map(|target| target.monitor())
            .any(|(namespace, name)| {
                own.name == name && own.namespace.as_deref() == Some(namespace)
            })
    };
    let taken: Vec<&ServiceMonitor> = case.service_monitors.iter().filter(taken).collect();
    let own = subject(monitor);
    let labels = monitor.metadata.labels.clone().unwrap_or_default();
    let first = taken.first()?.metadata.labels.clone().unwrap_or_default();
    let shared = first.into_iter().find(|(name, value)| {
        let everywhere = taken
            .iter()
            .all(|one| one.metadata.labels.as_ref().and_then(|all| all.get(name)) == Some(value));
        everywhere && labels.get(name) != Some(value)
    });
    let (name, value) = shared?;
    let label = format!("{name}={value}");
    let summary = Message::new("cause-target-missing-ignored")
        .with("workload", &workload.subject.name)
        .with("monitor", &own.name)
        .with("label", label.as_str());
    let fact = Message::new("fact-monitors-taken")
        .with("count", taken.len())
        .with("label", label);
    let command = format!(
        "{} label servicemonitor/{} {name}={value} --overwrite",
        kubectl(&own),
        own.name
    );
    let fix = Fix::new(
        own.clone(),
        "metadata.labels",
        Message::new("why-monitor-label"),
    )
    .change(
        labels.get(&name).map(|has| format!("{name}: {has}")),
        Some(format!("{name}: {value}")),
    )
    .command(command);
    // The selector of the Prometheus object itself is not read: what its monitors share is a strong hint, no more.
    let finding = Finding::new(Cause::TargetMissing, own, 0.84, summary)
        .evidence(fact, "servicemonitors", Some(case.now))
        .fix(fix);
    Some(told(case, finding, workload))
}
