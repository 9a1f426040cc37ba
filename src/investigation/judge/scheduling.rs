//! Pods that no node takes: too little CPU or memory free, labels no node carries, taints, a claim
//! that does not exist.
//!
//! The scheduler counts for each node the first reason that rules it out. Which reason a person must
//! change is another question: nodes that were never meant for the pod (control planes, dedicated
//! nodes, cordoned ones) are set aside, and the reason of the rest counts.

mod claims;
mod nodes;
mod verdict;
mod words;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use k8s_openapi::api::core::v1::Pod;

use self::words::Reasons;
use super::facts::{NOT_STARTED, is_live, pod_name, quote, recent_events, replicas};
use crate::finding::{Cause, Finding, Subject};
use crate::investigation::case::{Case, Workload, utc, workloads};
use crate::text::Message;

/// Judges every pod that waits for a node: one finding each workload (and each missing claim).
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    let all = workloads(case);
    let mut findings = claims::judge(case, &all);
    let explained: BTreeSet<Subject> = findings
        .iter()
        .flat_map(|finding| finding.hits.iter().cloned())
        .collect();
    for workload in all.iter().filter(|it| !explained.contains(&it.subject)) {
        if let Some(unplaced) = unplaced(case, workload) {
            findings.extend(verdict::judge(&unplaced));
        }
    }
    findings
}

/// A pod that waits for a node, and what the scheduler says about it.
struct Unplaced<'a> {
    case: &'a Case,
    workload: &'a Workload<'a>,
    pod: &'a Pod,
    reasons: Reasons,
    words: String,
    source: String,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
    /// Pods of the workload that wait.
    pods: usize,
}

/// Pods without a node that the kubelet cannot have seen yet.
fn waiting<'a>(workload: &Workload<'a>) -> Vec<&'a Pod> {
    let unbound = |pod: &&&Pod| {
        let spec = pod.spec.as_ref();
        is_live(pod) && spec.is_some_and(|spec| spec.node_name.is_none())
    };
    workload.pods.iter().filter(unbound).copied().collect()
}

fn unplaced<'a>(case: &'a Case, workload: &'a Workload<'a>) -> Option<Unplaced<'a>> {
    let pods = waiting(workload);
    let (pod, said) = pods.iter().find_map(|pod| Some((*pod, said(case, pod)?)))?;
    Some(Unplaced {
        case,
        workload,
        pod,
        reasons: words::read(&said.words)?,
        words: said.words,
        source: said.source,
        at: said.at,
        since: said.since,
        pods: pods.len(),
    })
}

/// The scheduler's words about a pod.
struct Said {
    words: String,
    source: String,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
}

/// The `PodScheduled` condition is of now; an event may be all there is when it was not read.
fn said(case: &Case, pod: &Pod) -> Option<Said> {
    let conditions = pod.status.as_ref().and_then(|it| it.conditions.as_ref());
    let condition = conditions.into_iter().flatten().find(|condition| {
        condition.type_ == "PodScheduled"
            && condition.status == "False"
            && condition.reason.as_deref() == Some("Unschedulable")
    });
    let of_condition = condition.and_then(|condition| {
        Some(Said {
            words: condition.message.clone()?,
            source: format!("pod {} status.conditions[PodScheduled]", pod_name(pod)),
            at: Some(case.now),
            since: condition.last_transition_time.as_ref().map(utc),
        })
    });
    of_condition.or_else(|| {
        let events = recent_events(case, pod);
        let event = events
            .iter()
            .find(|event| event.reason == "FailedScheduling")?;
        Some(Said {
            words: event.message.to_owned(),
            source: format!("event FailedScheduling pod {}", pod_name(pod)),
            at: event.last,
            since: event.first,
        })
    })
}

impl Unplaced<'_> {
    /// The finding with what all of them have.
    fn finding(&self, cause: Cause, strength: f64, summary: Message) -> Finding {
        let summary = summary
            .with("workload", &self.workload.subject.name)
            .with("pods", self.pods)
            .with("nodes", self.reasons.nodes);
        let fact = Message::new("fact-scheduler-says").with("line", self.line());
        let subject = self.workload.subject.clone();
        Finding::new(cause, subject, strength, summary)
            .evidence(fact, self.source.as_str(), self.at)
            .explains(NOT_STARTED)
            .since(self.since)
            .affected(self.pods)
    }

    fn with_replicas(&self, finding: Finding) -> Finding {
        let wanted = self.workload.wanted().max(self.pods);
        replicas(finding, self.case, self.workload.ready(), wanted)
    }

    /// The scheduler's sentence without its remarks on preemption.
    fn line(&self) -> String {
        quote(self.words.split(" preemption:").next().unwrap_or_default())
    }
}
