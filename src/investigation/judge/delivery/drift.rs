//! Fields of a workload that Helm manages and that somebody changed by hand after Helm's last write. Told by
//! `managedFields`: a write takes the ownership of the fields it changes (API concepts, server-side apply).

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ManagedFieldsEntry, ObjectMeta};
use serde_json::Value;

use super::{is_asked, is_meant};
use crate::finding::{Cause, Finding, Fix, Subject, Symptom};
use crate::investigation::case::{Facts, release_of, utc};
use crate::investigation::judge::facts::{argument, kubectl};
use crate::text::Message;

/// Fields of a container that somebody may have set by hand, and of the workload itself.
const CONTAINER: [&str; 8] = [
    "f:image",
    "f:env",
    "f:resources",
    "f:livenessProbe",
    "f:readinessProbe",
    "f:startupProbe",
    "f:command",
    "f:args",
];

/// A change by hand.
struct Change<'a> {
    manager: &'a str,
    at: DateTime<Utc>,
    helm: DateTime<Utc>,
    fields: Vec<String>,
}

pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let drifted = all.iter().filter_map(|workload| {
        let meta = workload.meta?;
        let release = release_of(meta)?;
        let meant = is_meant(case, &[workload.namespace()]);
        let change = by_hand(meta).filter(|_| meant)?;
        let strength = strength(case, &change)?;
        Some(finding(&workload.subject, release, &change, strength))
    });
    drifted.collect()
}

/// An old change explains little: everything ran with it since.
fn strength(case: &Facts<'_>, change: &Change<'_>) -> Option<f64> {
    let age = case.now - change.at;
    if is_asked(case) {
        return Some(if age <= TimeDelta::days(7) { 0.85 } else { 0.6 });
    }
    (age <= TimeDelta::days(1)).then_some(0.65)
}

/// The newest change by hand, when it is newer than Helm's own.
fn by_hand(meta: &ObjectMeta) -> Option<Change<'_>> {
    let entries = || meta.managed_fields.iter().flatten();
    let at = |entry: &ManagedFieldsEntry| entry.time.as_ref().map(utc);
    let helm = entries()
        .filter(|entry| is_helm(entry))
        .filter_map(at)
        .max()?;
    let changes = entries().filter_map(|entry| {
        let (manager, at) = (entry.manager.as_deref()?, at(entry)?);
        let fields = entry
            .fields_v1
            .as_ref()
            .map(|fields| changed(&fields.0))
            .unwrap_or_default();
        let own = is_person(manager) && at > helm && !fields.is_empty();
        own.then_some(Change {
            manager,
            at,
            helm,
            fields,
        })
    });
    changes.max_by_key(|change| change.at)
}

fn is_helm(entry: &ManagedFieldsEntry) -> bool {
    let manager = entry
        .manager
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    manager.contains("helm")
}

/// Tools in which a person's hand moves: `kubectl-edit`, `kubectl-set`, `kubectl-patch`, `kubectl` (scale), k9s, Lens.
/// `kubectl rollout restart` writes an annotation only, and is no such field.
fn is_person(manager: &str) -> bool {
    let manager = manager.to_ascii_lowercase();
    ["kubectl", "k9s", "lens", "dashboard", "rancher"]
        .iter()
        .any(|tool| manager.starts_with(tool))
}

/// The fields of the catalogue among those that an entry owns.
fn changed(fields: &Value) -> Vec<String> {
    let spec = &fields["f:spec"];
    let mut all = Vec::new();
    if !spec["f:replicas"].is_null() {
        all.push("spec.replicas".to_owned());
    }
    let pod = &spec["f:template"]["f:spec"];
    for list in ["f:containers", "f:initContainers"] {
        for (key, owned) in pod[list].as_object().into_iter().flatten() {
            let name = key.split('"').nth(3).unwrap_or_default();
            let own = CONTAINER.iter().filter(|field| !owned[**field].is_null());
            all.extend(own.map(|field| format!("{name}.{}", field.trim_start_matches("f:"))));
        }
    }
    all
}

fn finding(workload: &Subject, release: Subject, change: &Change<'_>, strength: f64) -> Finding {
    let fields = || change.fields.clone();
    let summary = Message::new("cause-helm-values-drift")
        .with("workload", &workload.name)
        .with("release", &release.name)
        .with("fields", fields())
        .with("manager", change.manager);
    let fact = Message::new("fact-drift")
        .with("fields", fields())
        .with("manager", change.manager);
    let source = format!("{} metadata.managedFields", workload.label());
    let before = Message::new("fact-drift-helm");
    let helm = kubectl(&release).replacen("kubectl", "helm", 1);
    let command = format!("{helm} get values {}", release.name);
    let look = format!(
        "{} get {} -o yaml --show-managed-fields",
        kubectl(workload),
        argument(workload)
    );
    Finding::new(Cause::HelmValuesDrift, release.clone(), strength, summary)
        .evidence(fact, source.as_str(), Some(change.at))
        .evidence(before, source.as_str(), Some(change.helm))
        .blames([workload.clone()])
        .hits([workload.clone()])
        .explains([
            Symptom::DeployFailed,
            Symptom::Errors,
            Symptom::Slow,
            Symptom::Unavailable,
            Symptom::NotScaling,
        ])
        .since(Some(change.at))
        .fix(Fix::new(release, "", Message::new("why-drift-keep")).command(command))
        .fix(Fix::new(workload.clone(), "", Message::new("why-drift-look")).command(look))
}
