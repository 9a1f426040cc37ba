//! The controllers themselves are silent: nobody makes pods of a workload, or nobody places them. Proof is in the
//! lease each of them renews every few seconds, and in what is left undone.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Beat, Case, Scope, beat, owner_of, since, utc};
use crate::investigation::judge::facts::{is_live, pod_name, recent_events};
use crate::text::{Arg, Message};

/// Where the control plane keeps its leases.
const NAMESPACE: &str = "kube-system";
/// Work that is younger than this is not late.
const LATE: TimeDelta = TimeDelta::minutes(2);

/// Judges the controller manager and the schedulers.
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    let mut findings = schedulers(case);
    findings.extend(controller_manager(case));
    findings
}

/// The Deployments whose wishes nobody acts on.
pub(in crate::investigation) fn ignored(case: &Case) -> Vec<Subject> {
    let of = |deployment: &Deployment| {
        let meta = &deployment.metadata;
        let subject = Subject::new(
            Kind::Deployment,
            meta.namespace.clone()?,
            meta.name.clone()?,
        );
        let status = deployment.status.as_ref();
        let observed = status.and_then(|status| status.observed_generation);
        let never = observed.is_none() && meta.generation.is_some();
        let lags = observed
            .zip(meta.generation)
            .is_some_and(|(seen, now)| seen < now);
        let made = meta.creation_timestamp.as_ref().map(utc);
        let old = made.is_none_or(|at| case.now - at > LATE);
        (old && (never || lags)).then_some(subject)
    };
    case.deployments.iter().filter_map(of).collect()
}

/// Pods that nobody has said a word about, by the scheduler they wait for.
pub(in crate::investigation) fn unseen(case: &Case) -> Vec<(&Pod, &str)> {
    let of = |pod: &'_ Pod| -> Option<bool> {
        let spec = pod.spec.as_ref()?;
        let conditions = pod
            .status
            .iter()
            .flat_map(|it| it.conditions.iter().flatten());
        let mut placed = conditions.filter(|it| it.type_ == "PodScheduled");
        let gated = spec
            .scheduling_gates
            .as_ref()
            .is_some_and(|gates| !gates.is_empty());
        let made = pod.metadata.creation_timestamp.as_ref().map(utc)?;
        let waits = is_live(pod) && spec.node_name.is_none() && case.now - made > LATE;
        Some(waits && !gated && placed.next().is_none() && recent_events(case, pod).is_empty())
    };
    let unseen = case.pods.iter().filter(|pod| of(pod) == Some(true));
    unseen
        .map(|pod| {
            let name = pod
                .spec
                .as_ref()
                .and_then(|spec| spec.scheduler_name.as_deref());
            (pod, name.unwrap_or("default-scheduler"))
        })
        .collect()
}

/// The lease of a scheduler: the default one is called `kube-scheduler` there.
pub(in crate::investigation) fn lease_of(scheduler: &str) -> &str {
    if scheduler == "default-scheduler" {
        "kube-scheduler"
    } else {
        scheduler
    }
}

fn schedulers(case: &Case) -> Vec<Finding> {
    let unseen = unseen(case);
    let mut names: Vec<&str> = unseen.iter().map(|(_, name)| *name).collect();
    names.push("default-scheduler");
    names.sort_unstable();
    names.dedup();
    let of = |name: &&str| {
        let pods: Vec<&Pod> = unseen
            .iter()
            .filter(|(_, waits_for)| waits_for == name)
            .map(|(pod, _)| *pod)
            .collect();
        scheduler(case, name, &pods)
    };
    names.iter().filter_map(of).collect()
}

fn scheduler(case: &Case, name: &str, pods: &[&Pod]) -> Option<Finding> {
    let silent = beat(case, NAMESPACE, lease_of(name));
    let own = name != "default-scheduler";
    // Other schedulers may hold no lease: of those, only the waiting pods are known. Events tell more than
    // the condition, and were not read everywhere.
    let strength = match (&silent, pods.is_empty()) {
        (Beat::Silent(_), false) => 0.96,
        (Beat::Silent(_), true) => silent_alone(case)?,
        (Beat::Unknown, false) if own => 0.85,
        (Beat::Unknown, false) if case.events.gaps().is_empty() => 0.6,
        _ => return None,
    };
    let shown = lease_of(name);
    let id = if own {
        "cause-scheduler-unknown"
    } else {
        "cause-scheduler-down"
    };
    let summary = Message::new(id)
        .with("scheduler", shown)
        .with("pods", pods.len());
    let mut hits: Vec<Subject> = pods.iter().map(|pod| owner_of(pod)).collect();
    hits.dedup();
    let mut finding = finding(
        case,
        Cause::SchedulerDown,
        strength,
        summary,
        shown,
        &silent,
    )
    .explains([Symptom::Pending])
    .affected(pods.len())
    .hits(hits);
    if let Some(pod) = pods.first() {
        let fact = Message::new("fact-no-scheduler-word")
            .with("pod", pod_name(pod))
            .with("pods", pods.len())
            .with("scheduler", name);
        let source = format!("pod {} status.conditions", pod_name(pod));
        finding = finding.evidence(fact, source, Some(case.now));
    }
    Some(finding)
}

/// A silent lease with nothing left undone matters to who asks about everything.
fn silent_alone(case: &Case) -> Option<f64> {
    (case.scope == Scope::Cluster).then_some(0.85)
}

fn controller_manager(case: &Case) -> Option<Finding> {
    let name = "kube-controller-manager";
    let ignored = ignored(case);
    let silent = beat(case, NAMESPACE, name);
    let strength = match (&silent, ignored.is_empty()) {
        (Beat::Silent(_), false) => 0.96,
        (Beat::Silent(_), true) => silent_alone(case)?,
        (Beat::Unknown, false) => 0.5,
        _ => return None,
    };
    let summary = Message::new("cause-controller-manager-down").with("workloads", ignored.len());
    let mut finding = finding(
        case,
        Cause::ControllerManagerDown,
        strength,
        summary,
        name,
        &silent,
    )
    .affected(ignored.len());
    if let Some(first) = ignored.first() {
        let fact = Message::new("fact-not-observed").with("workload", &first.name);
        let source = format!("{} status.observedGeneration", first.label());
        finding = finding.evidence(fact, source, Some(case.now));
    }
    Some(finding.hits(ignored))
}

fn finding(
    case: &Case,
    cause: Cause,
    strength: f64,
    summary: Message,
    name: &str,
    silent: &Beat,
) -> Finding {
    let subject = Subject::cluster(Kind::Cluster, name);
    let command = format!("kubectl -n {NAMESPACE} get pods,leases -o wide");
    let why = Message::new("why-control-plane").with("name", name);
    let finding = Finding::new(cause, subject.clone(), strength, summary)
        .explains([
            Symptom::DeployFailed,
            Symptom::Unavailable,
            Symptom::NotReady,
            Symptom::NotScaling,
            Symptom::JobFailed,
        ])
        .fix(Fix::new(subject, "", why).command(command));
    match silent {
        Beat::Silent(at) => with_lease(case, finding, name, *at),
        _ => finding,
    }
}

fn with_lease(case: &Case, finding: Finding, name: &str, at: DateTime<Utc>) -> Finding {
    let fact = Message::new("fact-lease-silent")
        .with("lease", name)
        .with("lasting", Arg::Span(since(case.now, at).num_seconds()));
    let source = format!("lease {NAMESPACE}/{name} spec.renewTime");
    finding.evidence(fact, source, Some(at)).since(Some(at))
}
