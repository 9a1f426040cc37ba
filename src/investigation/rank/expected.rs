//! What looks like trouble and is a cluster at work: a rollout that goes on, pods that have only just started, an
//! autoscaler that changed its mind.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{Node, Pod};

use super::super::case::{Case, Scope, Workload, asleep, containers, is_ready, since, utc};
use crate::finding::{Kind, Symptom, Verdict};
use crate::text::{Arg, Message};

/// A container that runs no longer than this has only just started.
const STARTING: TimeDelta = TimeDelta::minutes(2);
/// What somebody notices of a rollout.
const PODS: [Symptom; 4] = [
    Symptom::Restarting,
    Symptom::NotReady,
    Symptom::Pending,
    Symptom::DeployFailed,
];
/// An autoscaler's decision this old is what somebody may be asking about.
const SCALED: TimeDelta = TimeDelta::minutes(30);

/// A pod with a shorter grace period than this is gone before somebody asks.
const DRAINS: TimeDelta = TimeDelta::minutes(2);

/// Taints of a node that its maker takes back.
const RETURNED: [(&str, &str); 3] = [
    ("karpenter.sh/disrupted", "Karpenter"),
    ("karpenter.sh/disruption", "Karpenter"),
    ("ToBeDeletedByClusterAutoscaler", "cluster-autoscaler"),
];

/// What goes on, where it explains all that is seen.
pub(super) fn in_progress(case: &Case, looked: &[&Workload<'_>]) -> Option<Message> {
    if let Some(node) = leaving(case) {
        return Some(node);
    }
    let Scope::Object(_) = &case.scope else {
        // Of a whole namespace only what goes on now and what was asked about: pods that come and go.
        let noticed = case.symptoms.iter().any(|it| PODS.contains(it));
        let mut all = looked.iter().filter(|_| noticed);
        return all.find_map(|one| rolling(case, one));
    };
    let each =
        |workload: &&Workload<'_>| rolling(case, workload).or_else(|| starting(case, workload));
    let going = looked.iter().find_map(each);
    let slept = || looked.iter().find_map(|workload| sleeping(case, workload));
    let drained = || looked.iter().find_map(|workload| draining(case, workload));
    going
        .or_else(slept)
        .or_else(drained)
        .or_else(|| looked.iter().find_map(|workload| scaled(case, workload)))
}

/// A node that the question speaks of is given back by whoever made it, and told so by a taint: nothing new is placed
/// there, and what ran there was moved.
fn leaving(case: &Case) -> Option<Message> {
    let meant = |node: &&Node| {
        let name = node.metadata.name.as_ref();
        name.is_some_and(|name| case.nodes_meant.contains(name))
    };
    case.nodes.iter().filter(meant).find_map(|node| {
        let taints = node.spec.as_ref()?.taints.iter().flatten();
        let (taint, by) = { taints }.find_map(|taint| {
            let by = RETURNED.iter().find(|(key, _)| *key == taint.key)?;
            Some((&taint.key, by.1))
        })?;
        let say = Message::new("expected-node-leaving").with("taint", taint);
        Some(say.with("by", by).with("node", node.metadata.name.clone()?))
    })
}

/// KEDA put it to sleep: there is nothing to do.
fn sleeping(case: &Case, workload: &Workload<'_>) -> Option<Message> {
    let at = asleep(case, workload)?;
    let ago = since(case.now, at).num_seconds();
    Some(Message::new("expected-asleep").with("ago", Arg::Span(ago)))
}

/// Old pods that finish what they do: they are in Terminating, and the grace period that their template gives them
/// (`metadata.deletionTimestamp` is its end) is not over.
fn draining(case: &Case, workload: &Workload<'_>) -> Option<Message> {
    if workload.ready() < workload.wanted() || !case.symptoms.iter().all(|it| PODS.contains(it)) {
        return None;
    }
    let end = |pod: &&Pod| {
        let end = utc(pod.metadata.deletion_timestamp.as_ref()?);
        let grace = pod.metadata.deletion_grace_period_seconds?;
        (end > case.now && grace >= DRAINS.num_seconds()).then_some(end)
    };
    let ends: Vec<DateTime<Utc>> = workload
        .pods
        .iter()
        .copied()
        .filter_map(|pod| end(&pod))
        .collect();
    let last = ends.iter().max()?;
    Some(
        Message::new("expected-draining")
            .with("pods", ends.len())
            .with("left", Arg::Span((*last - case.now).num_seconds())),
    )
}

/// A Job that ended well, a `CronJob` whose last run did: no pod of theirs runs, as it should be.
pub(super) fn finished(case: &Case) -> Option<(Verdict, Message)> {
    let Scope::Object(subject) = &case.scope else {
        return None;
    };
    let namespace = subject.namespace.as_deref()?;
    let ended = |id: &'static str, at: DateTime<Utc>| {
        Message::new(id)
            .with("target", &subject.name)
            .with("ago", Arg::Span(since(case.now, at).num_seconds()))
    };
    match subject.kind {
        Kind::Job => {
            let job = case.jobs.look(namespace, &subject.name).found()?;
            let at = job.status.as_ref()?.completion_time.as_ref().map(utc)?;
            Some((Verdict::Expected, ended("headline-job-done", at)))
        }
        Kind::CronJob => {
            let cron = case.cron_jobs.look(namespace, &subject.name).found()?;
            let status = cron.status.as_ref()?;
            let at = status.last_successful_time.as_ref().map(utc)?;
            let last = status.last_schedule_time.as_ref().map(utc);
            let well = last.is_none_or(|last| at >= last);
            well.then(|| (Verdict::Healthy, ended("headline-cron-well", at)))
        }
        _ => None,
    }
}

/// A rollout that goes on and is not late.
fn rolling(case: &Case, workload: &Workload<'_>) -> Option<Message> {
    let name = &workload.subject.name;
    let namespace = workload.namespace();
    let (updated, wanted) = match workload.subject.kind {
        Kind::Deployment => deployment_rolls(case.deployments.look(namespace, name).found()?),
        Kind::StatefulSet => set_rolls(
            case,
            case.stateful_sets.look(namespace, name).found()?,
            workload,
        ),
        _ => None,
    }?;
    Some(
        Message::new("expected-rollout")
            .with("updated", updated)
            .with("wanted", wanted),
    )
}

/// `Progressing` with `ReplicaSetUpdated`: the controller is at it, within its deadline (Deployment
/// API reference). Complete rollouts say `NewReplicaSetAvailable`.
fn deployment_rolls(deployment: &Deployment) -> Option<(i32, i32)> {
    let status = deployment.status.as_ref()?;
    let wanted = deployment.spec.replicas.unwrap_or(1);
    let updated = status.updated_replicas.unwrap_or_default();
    let progressing = status.conditions.iter().flatten().filter(|condition| {
        condition.type_.as_deref() == Some("Progressing")
            && condition.status.as_deref() == Some("True")
    });
    let at_it = progressing
        .filter_map(|condition| condition.reason.as_deref())
        .any(|reason| matches!(reason, "ReplicaSetUpdated" | "NewReplicaSetCreated"));
    let available = status.available_replicas.unwrap_or_default();
    // A surge makes all new pods at once: it goes on until the old ones are gone and the new ones serve.
    let old = status.replicas.unwrap_or_default() > updated;
    let unready = status.unavailable_replicas.unwrap_or_default();
    let serving = updated - unready.min(updated);
    let done = if updated < wanted { updated } else { serving };
    let going = updated < wanted || old || unready > 0;
    (at_it && going && available > 0).then_some((done, wanted))
}

/// Its pods are replaced one by one: not all have the newest revision, and whichever is not ready has only just started.
fn set_rolls(case: &Case, set: &StatefulSet, workload: &Workload<'_>) -> Option<(i32, i32)> {
    let status = set.status.as_ref()?;
    let changing =
        status.update_revision.is_some() && status.update_revision != status.current_revision;
    let young = workload
        .pods
        .iter()
        .filter(|pod| !is_ready(pod))
        .all(|pod| is_young(case, pod));
    let wanted = set.spec.replicas.unwrap_or(1);
    let updated = status.updated_replicas.unwrap_or_default();
    (changing && young && updated <= wanted).then_some((updated, wanted))
}

/// Whatever is not ready runs for less than two minutes and has not died yet.
fn starting(case: &Case, workload: &Workload<'_>) -> Option<Message> {
    let unready: Vec<&&Pod> = workload.pods.iter().filter(|pod| !is_ready(pod)).collect();
    let all_there = workload.pods.len() >= workload.wanted();
    if unready.is_empty() || !all_there || !unready.iter().all(|pod| is_young(case, pod)) {
        return None;
    }
    Some(
        Message::new("expected-starting")
            .with("starting", unready.len())
            .with("wanted", workload.wanted()),
    )
}

/// Placed, never ended, and no older than [`STARTING`].
fn is_young(case: &Case, pod: &Pod) -> bool {
    let placed = pod
        .spec
        .as_ref()
        .is_some_and(|spec| spec.node_name.is_some());
    let all = containers(pod);
    let fresh = all
        .iter()
        .filter(|container| !container.init)
        .all(|container| {
            let running = container.running_since();
            container.restarts() == 0 && running.is_none_or(|at| since(case.now, at) <= STARTING)
        });
    let created = pod.metadata.creation_timestamp.as_ref().map(utc);
    placed && fresh && created.is_some_and(|at| since(case.now, at) <= STARTING)
}

/// Its autoscaler changed the number of replicas a short while ago, and all of them are well: what is asked about
/// where nothing but pods was said to be wrong.
fn scaled(case: &Case, workload: &Workload<'_>) -> Option<Message> {
    let about_pods = |symptom: &Symptom| {
        matches!(
            symptom,
            Symptom::NotReady | Symptom::Pending | Symptom::Unavailable
        )
    };
    if workload.ready() < workload.wanted() || !case.symptoms.iter().all(about_pods) {
        return None;
    }
    let autoscaler = case.autoscalers.within(workload.namespace()).find(|one| {
        let target = &one.spec.scale_target_ref;
        target.kind == workload.subject.kind.as_str() && target.name == workload.subject.name
    })?;
    let status = autoscaler.status.as_ref()?;
    let at = status.last_scale_time.as_ref().map(utc)?;
    let ago = since(case.now, at);
    (ago <= SCALED).then(|| {
        Message::new("expected-scaled")
            .with("replicas", status.desired_replicas)
            .with("ago", Arg::Span(ago.num_seconds()))
    })
}
