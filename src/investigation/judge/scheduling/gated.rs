//! Pods with scheduling gates: the scheduler does not look at them until whoever set the gates takes
//! them away (KEP-3521).

use chrono::TimeDelta;
use k8s_openapi::api::core::v1::Pod;

use super::waiting;
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{Facts, Workload, utc};
use crate::investigation::judge::facts::{NOT_STARTED, pod_name, replicas};
use crate::text::Message;

/// A gate is there to be lifted: controllers that set one take a moment.
const SOON: TimeDelta = TimeDelta::minutes(2);

/// Judges a workload whose pods are gated.
pub(super) fn judge(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    let made = |pod: &Pod| pod.metadata.creation_timestamp.as_ref().map(utc);
    let late = |pod: &&Pod| made(pod).is_none_or(|at| case.now - at >= SOON);
    let gated: Vec<&Pod> = waiting(workload)
        .into_iter()
        .filter(|pod| !gates(pod).is_empty())
        .filter(late)
        .collect();
    let pod = *gated.first()?;
    let names = gates(pod);
    let summary = Message::new("cause-scheduling-gated")
        .with("workload", &workload.subject.name)
        .with("gates", names.clone())
        .with("pods", gated.len());
    let fact = Message::new("fact-scheduling-gates").with("gates", names.clone());
    let source = format!("pod {} spec.schedulingGates", pod_name(pod));
    let template = workload.template.and_then(|it| it.spec.as_ref());
    let own = template.is_some_and(|spec| spec.scheduling_gates.iter().flatten().next().is_some());
    let why = Message::new(if own {
        "why-gate-in-template"
    } else {
        "why-gate-of-controller"
    })
    .with("gates", names);
    let fix = Fix::new(workload.subject.clone(), "schedulingGates", why);
    let since = gated.iter().filter_map(|pod| made(pod)).min();
    let subject = workload.subject.clone();
    let finding = Finding::new(Cause::SchedulingGated, subject, 0.95, summary)
        .evidence(fact, source, Some(case.now))
        .explains(NOT_STARTED)
        .since(since)
        .affected(gated.len())
        .fix(fix);
    let wanted = workload.wanted().max(gated.len());
    Some(replicas(finding, case, workload.ready(), wanted))
}

fn gates(pod: &Pod) -> Vec<&str> {
    let all = pod
        .spec
        .iter()
        .flat_map(|spec| spec.scheduling_gates.iter().flatten());
    all.map(|gate| gate.name.as_str()).collect()
}
