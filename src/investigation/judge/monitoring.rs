//! Why there are no metrics: what Prometheus says of its targets and rules, and the chain `ServiceMonitor` → Service →
//! port → target computed from the objects. Only for a question about metrics: elsewhere it explains nothing.

mod chain;
mod rule;
mod selector;
mod target;

use crate::finding::{Finding, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Scope, Target, Workload, services_of};

/// What all of it explains.
const UNSEEN: [Symptom; 2] = [Symptom::NoMetrics, Symptom::MissingData];

/// Judges the family.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    if !case.symptoms.contains(&Symptom::NoMetrics) {
        return Vec::new();
    }
    let all = case.workloads();
    let mut found = rule::judge(case);
    for workload in all.iter().filter(|one| is_asked(case, one)) {
        let targets = targets_of(case, workload);
        let mut own = target::judge(case, workload, &targets);
        if own.is_empty() && targets.is_empty() {
            own.extend(chain::judge(case, workload));
        }
        found.extend(own);
    }
    found
}

/// The workload asked about, or each of a wide question.
fn is_asked(case: &Facts<'_>, workload: &Workload<'_>) -> bool {
    let lasting = !matches!(workload.subject.kind, Kind::Job | Kind::CronJob | Kind::Pod);
    match &case.scope {
        Scope::Object(_) => case
            .reach()
            .iter()
            .any(|(near, hops)| *hops == 0 && near.same_object(&workload.subject)),
        Scope::Namespaces(names) => {
            lasting && names.iter().any(|name| name == workload.namespace())
        }
        Scope::Cluster => lasting,
    }
}

/// The active targets that are this workload's: by its pods, else by its Services.
fn targets_of<'a>(case: &'a Facts<'a>, workload: &Workload<'_>) -> Vec<&'a Target> {
    let services = services_of(case, workload);
    let named = |name: &str| {
        let mut all = services
            .iter()
            .filter_map(|one| one.metadata.name.as_deref());
        !name.is_empty() && all.any(|one| one == name)
    };
    let running = |name: &str| {
        let mut all = workload
            .pods
            .iter()
            .filter_map(|pod| pod.metadata.name.as_deref());
        all.any(|one| one == name)
    };
    let own = |target: &&Target| {
        let is = |names: [&str; 2], of: &dyn Fn(&str) -> bool| {
            names.iter().any(|name| of(target.label(name)))
        };
        let here = |name: &str| name == workload.namespace();
        is(["namespace", "kubernetes_namespace"], &here)
            && (is(["pod", "kubernetes_pod_name"], &running)
                || is(["service", "kubernetes_name"], &named))
    };
    case.watching
        .active_targets
        .iter()
        .flatten()
        .filter(own)
        .collect()
}

/// The `ServiceMonitor` a target comes from, else the workload.
fn monitor_of(target: &Target, workload: &Subject) -> Subject {
    let monitor = target.monitor();
    monitor.map_or_else(
        || workload.clone(),
        |(namespace, name)| Subject::new(Kind::ServiceMonitor, namespace, name),
    )
}
