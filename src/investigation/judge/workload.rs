//! Workload and rollout: scaled to zero, and a new revision that fails where the old one worked.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Container as Spec, PodSpec};

use crate::finding::{Cause, Change, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Case, Workload, revision, selects, utc, workloads};
use crate::text::Message;

/// What a failing rollout explains.
const FAILING: [Symptom; 5] = [
    Symptom::DeployFailed,
    Symptom::Unavailable,
    Symptom::Errors,
    Symptom::NotReady,
    Symptom::Restarting,
];

/// Judges every workload.
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    let all = workloads(case);
    let zero = all
        .iter()
        .filter_map(|workload| scaled_to_zero(case, workload));
    zero.chain(
        case.deployments
            .iter()
            .filter_map(|deployment| bad_revision(case, deployment)),
    )
    .collect()
}

/// Set to zero replicas: the cause when somebody asks for it or calls it, not by itself.
fn scaled_to_zero(case: &Case, workload: &Workload<'_>) -> Option<Finding> {
    if !matches!(workload.subject.kind, Kind::Deployment | Kind::StatefulSet)
        || workload.desired != Some(0)
    {
        return None;
    }
    let services: Vec<Subject> = case
        .services
        .within(workload.namespace())
        .filter(|service| {
            service
                .spec
                .as_ref()
                .and_then(|spec| spec.selector.as_ref())
                .is_some_and(|s| selects(s, &workload.labels()))
        })
        .map(crate::investigation::case::service_subject)
        .collect();
    let summary = Message::new("cause-scaled-to-zero").with("workload", &workload.subject.name);
    let kind = workload.subject.kind.as_str().to_ascii_lowercase();
    let command = format!(
        "kubectl -n {} scale {kind}/{} --replicas=1",
        workload.namespace(),
        workload.subject.name
    );
    // Nobody calls it and nobody asked: somebody's choice.
    let strength = if services.is_empty() { 0.6 } else { 0.92 };
    Some(
        Finding::new(
            Cause::ScaledToZero,
            workload.subject.clone(),
            strength,
            summary,
        )
        .evidence(
            Message::new("fact-zero-replicas"),
            format!("{} spec.replicas", workload.subject.label()),
            Some(case.now),
        )
        .hits(services)
        .explains([
            Symptom::Unavailable,
            Symptom::Errors,
            Symptom::MissingData,
            Symptom::Slow,
        ])
        .fix(
            Fix::new(
                workload.subject.clone(),
                "spec.replicas",
                Message::new("why-scale"),
            )
            .change(Some("0"), Some("1"))
            .command(command),
        ),
    )
}

/// The newest revision has pods that do not get ready while the one before has, or had.
fn bad_revision(case: &Case, deployment: &Deployment) -> Option<Finding> {
    let meta = &deployment.metadata;
    let (namespace, name) = (meta.namespace.clone()?, meta.name.clone()?);
    let mut revisions: Vec<(u64, &ReplicaSet)> = case
        .replica_sets
        .within(&namespace)
        .filter(|set| {
            set.metadata
                .owner_references
                .iter()
                .flatten()
                .any(|owner| owner.kind == "Deployment" && owner.name == name)
        })
        .filter_map(|set| Some((revision(set)?, set)))
        .collect();
    revisions.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    let [(new_number, new), (old_number, old), ..] = revisions.as_slice() else {
        return None;
    };
    let status = |set: &ReplicaSet| {
        let status = set.status.as_ref();
        (
            status.map_or(0, |status| status.replicas),
            status
                .and_then(|status| status.ready_replicas)
                .unwrap_or_default(),
        )
    };
    let (replicas, ready) = status(new);
    let wanted = deployment.spec.replicas.unwrap_or(1);
    // None of the new pods is ready, or the controller gave up on it.
    let stuck = deployment.status.as_ref().is_some_and(|status| {
        status
            .conditions
            .iter()
            .flatten()
            .any(|c| c.reason.as_deref() == Some("ProgressDeadlineExceeded"))
    });
    if wanted == 0 || ready >= wanted || (ready > 0 && !stuck) || (replicas == 0 && !stuck) {
        return None;
    }
    let subject = Subject::new(Kind::Deployment, &namespace, &name);
    let (old_replicas, old_ready) = status(old);
    let differences = differences(old, new);
    let at = new.metadata.creation_timestamp.as_ref().map(utc);
    let young = at.is_some_and(|at| case.now - at < chrono::TimeDelta::hours(24));
    let strength = if old_ready > 0 {
        0.8
    } else if young {
        0.6
    } else {
        0.4
    };
    let summary = Message::new("cause-rollout-bad-revision")
        .with("workload", &name)
        .with("revision", i64::try_from(*new_number).unwrap_or_default())
        .with("ready", ready)
        .with("wanted", wanted);
    let fact = Message::new("fact-revisions")
        .with("new", i64::try_from(*new_number).unwrap_or_default())
        .with("new_ready", ready)
        .with("old", i64::try_from(*old_number).unwrap_or_default())
        .with("old_ready", old_ready)
        .with("old_replicas", old_replicas);
    let mut finding = Finding::new(
        Cause::RolloutBadRevision,
        subject.clone(),
        strength,
        summary,
    )
    .evidence(fact, format!("{} ReplicaSets", subject.label()), at)
    .explains(FAILING)
    .since(at)
    .affected(usize::try_from(replicas).unwrap_or_default());
    for difference in &differences {
        finding = finding.evidence(
            difference.clone(),
            format!("ReplicaSet revisions {old_number} and {new_number}"),
            at,
        );
    }
    finding.changed = at.map(|when| change(*new_number, &differences, when));
    let undo =
        format!("kubectl -n {namespace} rollout undo deployment/{name} --to-revision={old_number}");
    let fix = Fix::new(
        subject,
        "",
        Message::new("why-rollback")
            .with("revision", i64::try_from(*old_number).unwrap_or_default()),
    )
    .command(undo);
    Some(finding.fix(fix))
}

/// A revision as a change: what is different in it.
fn change(number: u64, differences: &[Message], when: chrono::DateTime<chrono::Utc>) -> Change {
    let number = i64::try_from(number).unwrap_or_default();
    let what = match differences.first() {
        Some(first) => Message::new("change-revision")
            .with("revision", number)
            .with("what", first.clone()),
        None => Message::new("change-revision-unknown").with("revision", number),
    };
    Change { what, when }
}

/// The newest change of a Deployment, as its `ReplicaSet`s tell it.
#[must_use]
pub fn last_change(case: &Case, subject: &Subject) -> Option<Change> {
    let namespace = subject.namespace.as_deref()?;
    let mut revisions: Vec<(u64, &ReplicaSet)> = case
        .replica_sets
        .within(namespace)
        .filter(|set| {
            set.metadata
                .owner_references
                .iter()
                .flatten()
                .any(|owner| owner.kind == "Deployment" && owner.name == subject.name)
        })
        .filter_map(|set| Some((revision(set)?, set)))
        .collect();
    revisions.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    let [(number, new), (_, old), ..] = revisions.as_slice() else {
        return None;
    };
    // A rollback reuses an older ReplicaSet: its creation says nothing about when it came back.
    if old.metadata.creation_timestamp > new.metadata.creation_timestamp {
        return None;
    }
    Some(change(
        *number,
        &differences(old, new),
        utc(new.metadata.creation_timestamp.as_ref()?),
    ))
}

/// What differs between two revisions: image, resources, command, probes, env names. Never env values.
#[must_use]
pub fn differences(old: &ReplicaSet, new: &ReplicaSet) -> Vec<Message> {
    let (Some(old), Some(new)) = (pod_spec(old), pod_spec(new)) else {
        return Vec::new();
    };
    let before: BTreeMap<&str, &Spec> = old
        .containers
        .iter()
        .map(|container| (container.name.as_str(), container))
        .collect();
    new.containers
        .iter()
        .flat_map(|container| {
            before
                .get(container.name.as_str())
                .map(|old| differences_of(old, container))
                .unwrap_or_default()
        })
        .collect()
}

fn pod_spec(set: &ReplicaSet) -> Option<&PodSpec> {
    set.spec.template.as_ref()?.spec.as_ref()
}

fn differences_of(old: &Spec, new: &Spec) -> Vec<Message> {
    let mut found = Vec::new();
    let mut differs = |what: &str, from: Option<String>, to: Option<String>| {
        if from != to {
            let dash = || "–".to_owned();
            found.push(
                Message::new("fact-differs")
                    .with("container", &new.name)
                    .with("what", what)
                    .with("from", from.unwrap_or_else(dash))
                    .with("to", to.unwrap_or_else(dash)),
            );
        }
    };
    differs("image", old.image.clone(), new.image.clone());
    let quantity = |spec: &Spec, part: &str, key: &str| {
        let resources = spec.resources.as_ref()?;
        let map = if part == "limits" {
            resources.limits.as_ref()
        } else {
            resources.requests.as_ref()
        };
        Some(map?.get(key)?.0.clone())
    };
    for (part, key) in [
        ("limits", "memory"),
        ("limits", "cpu"),
        ("requests", "memory"),
        ("requests", "cpu"),
    ] {
        differs(
            &format!("resources.{part}.{key}"),
            quantity(old, part, key),
            quantity(new, part, key),
        );
    }
    let joined = |words: &Option<Vec<String>>| words.as_ref().map(|words| words.join(" "));
    differs("command", joined(&old.command), joined(&new.command));
    differs("args", joined(&old.args), joined(&new.args));
    let names = |spec: &Spec| {
        spec.env
            .iter()
            .flatten()
            .map(|env| env.name.clone())
            .collect::<Vec<_>>()
    };
    let (before, after) = (names(old), names(new));
    let gone: Vec<String> = before
        .iter()
        .filter(|name| !after.contains(name))
        .cloned()
        .collect();
    let come: Vec<String> = after
        .iter()
        .filter(|name| !before.contains(name))
        .cloned()
        .collect();
    differs(
        "env",
        Some(gone.join(", ")).filter(|g| !g.is_empty()),
        Some(come.join(", ")).filter(|c| !c.is_empty()),
    );
    let changed_value = new.env.iter().flatten().filter(|env| {
        old.env
            .iter()
            .flatten()
            .any(|other| other.name == env.name && other.value != env.value)
    });
    for env in changed_value {
        found.push(
            Message::new("fact-env-changed")
                .with("container", &new.name)
                .with("variable", &env.name),
        );
    }
    if old.liveness_probe != new.liveness_probe || old.readiness_probe != new.readiness_probe {
        found.push(Message::new("fact-probe-changed").with("container", &new.name));
    }
    found
}
