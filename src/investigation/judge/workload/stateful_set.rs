//! A `StatefulSet` whose ordered rollout waits for one pod: it creates and replaces its pods one by one, and goes
//! no further while one is not ready (API reference, `podManagementPolicy: OrderedReady`).

use chrono::TimeDelta;
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::Pod;

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Workload, containers, is_ready, since, utc};
use crate::investigation::judge::facts::{is_live, kubectl, pod_name, recent_events};
use crate::text::{Arg, Message};

/// A pod may take this long to get ready.
const STARTING: TimeDelta = TimeDelta::minutes(5);
/// Label in which the controller writes a pod's revision.
const REVISION: &str = "controller-revision-hash";

/// Judges every `StatefulSet`.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let of = |set: &StatefulSet| {
        let name = set.metadata.name.as_deref()?;
        let namespace = set.metadata.namespace.as_deref()?;
        let subject = Subject::new(Kind::StatefulSet, namespace, name);
        let workload = all.iter().find(|one| one.subject.same_object(&subject))?;
        stuck(case, set, workload)
    };
    case.stateful_sets.iter().filter_map(of).collect()
}

fn stuck(case: &Facts<'_>, set: &StatefulSet, workload: &Workload<'_>) -> Option<Finding> {
    let spec = &set.spec;
    if spec.pod_management_policy.as_deref() == Some("Parallel") {
        return None;
    }
    let pod = first_unready(workload)?;
    let at = unready_since(pod)?;
    let made = pod.metadata.creation_timestamp.as_ref().map(utc)?;
    if since(case.now, made) < STARTING {
        return None;
    }
    let waiting = usize::try_from(spec.replicas.unwrap_or(1)).ok()?;
    if let Some((old, new)) = left_behind(set, pod) {
        let fact = Message::new("fact-pod-revision")
            .with("pod", pod_name(pod))
            .with("old", old)
            .with("new", new);
        let finding = finding(
            case,
            workload,
            pod,
            (0.97, "cause-statefulset-left-behind"),
            fact,
        );
        return Some(finding.since(Some(made)));
    }
    let missing = waiting.saturating_sub(workload.pods.len());
    if since(case.now, at) < STARTING || missing == 0 || is_explained(case, pod) {
        return None;
    }
    let fact = Message::new("fact-ordinals-missing")
        .with("pod", pod_name(pod))
        .with("lasting", Arg::Span(since(case.now, at).num_seconds()))
        .with("missing", missing);
    let told = (0.65, "cause-statefulset-ordinal-stuck");
    Some(finding(case, workload, pod, told, fact).since(Some(at)))
}

/// The lowest ordinal that is not ready; the controller waits for that one.
fn first_unready<'a>(workload: &Workload<'a>) -> Option<&'a Pod> {
    let ordinal = |pod: &Pod| pod_name(pod).rsplit('-').next()?.parse::<u32>().ok();
    let unready = workload
        .pods
        .iter()
        .filter(|pod| is_live(pod) && !is_ready(pod));
    unready
        .filter_map(|pod| Some((ordinal(pod)?, *pod)))
        .min_by_key(|(ordinal, _)| *ordinal)
        .map(|(_, pod)| pod)
}

fn unready_since(pod: &Pod) -> Option<chrono::DateTime<chrono::Utc>> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let ready = conditions.iter().find(|it| it.type_ == "Ready");
    let changed = ready.and_then(|it| it.last_transition_time.as_ref());
    changed
        .or(pod.metadata.creation_timestamp.as_ref())
        .map(utc)
}

/// The pod is of a revision that is not wanted any more, and never got ready: the controller does not replace it
/// by itself (Kubernetes documentation, `StatefulSet`, forced rollback).
fn left_behind<'a>(set: &'a StatefulSet, pod: &'a Pod) -> Option<(&'a str, &'a str)> {
    let new = set.status.as_ref()?.update_revision.as_deref()?;
    let old = pod.metadata.labels.as_ref()?.get(REVISION)?;
    let strategy = set.spec.update_strategy.as_ref();
    let by_hand = strategy.is_some_and(|it| it.type_.as_deref() == Some("OnDelete"));
    // A partition leaves the lower ordinals at the old revision on purpose.
    let partition = strategy.and_then(|it| it.rolling_update.as_ref()?.partition);
    let held = partition.unwrap_or_default() > 0;
    (old != new && !by_hand && !held).then_some((old.as_str(), new))
}

/// Something is said about the pod that other judges read better.
fn is_explained(case: &Facts<'_>, pod: &Pod) -> bool {
    let bad = |one: &crate::investigation::case::Container<'_>| {
        one.waiting().is_some() || one.restarts() > 0
    };
    let placed = pod
        .spec
        .as_ref()
        .is_some_and(|spec| spec.node_name.is_some());
    !placed || containers(pod).iter().any(bad) || !recent_events(case, pod).is_empty()
}

fn finding(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    pod: &Pod,
    (strength, sentence): (f64, &'static str),
    fact: Message,
) -> Finding {
    let subject = workload.subject.clone();
    let summary = Message::new(sentence)
        .with("workload", &subject.name)
        .with("pod", pod_name(pod))
        .with("ready", workload.ready())
        .with("wanted", workload.wanted());
    let (why, verb) = if sentence == "cause-statefulset-left-behind" {
        ("why-statefulset-left-behind", "delete")
    } else {
        ("why-statefulset-ordinal-stuck", "describe")
    };
    let command = format!("{} {verb} pod {}", kubectl(&subject), pod_name(pod));
    let source = format!("{} status, pod {}", subject.label(), pod_name(pod));
    Finding::new(
        Cause::StatefulSetOrdinalStuck,
        subject.clone(),
        strength,
        summary,
    )
    .evidence(fact, source, Some(case.now))
    .explains([
        Symptom::DeployFailed,
        Symptom::NotReady,
        Symptom::Unavailable,
        Symptom::Restarting,
        Symptom::Errors,
        Symptom::Pending,
    ])
    .affected(workload.wanted().saturating_sub(workload.ready()))
    .fix(Fix::new(subject, "", Message::new(why)).command(command))
}
