//! Pods that no node takes, and why: the rules of the scheduler's filters, asked of the objects, with the
//! scheduler's own words to confirm them.
//!
//! The scheduler counts for each node the first reason that rules it out. Which reason a person must
//! change is another question: nodes that were never meant for the pod (control planes, dedicated
//! nodes, nodes that it does not select) are set aside, and the reason of the rest counts.

mod attached;
mod claims;
mod cordoned;
mod gated;
mod labels;
mod nodes;
mod others;
mod peers;
mod ports;
mod preempted;
mod room;
mod spread;
mod table;
mod taint;
mod verdict;
mod words;
mod zone;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use k8s_openapi::api::core::v1::Pod;

use self::words::{Reason, Reasons};
use super::facts::{NOT_STARTED, is_live, pod_name, quote, recent_events, replicas};
use crate::finding::{Cause, Finding, Subject};
use crate::investigation::case::{Facts, Workload, utc};
use crate::text::Message;

/// Judges every pod that waits for a node: one finding each workload (and each missing claim).
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut findings = claims::judge(case, all);
    let explained: BTreeSet<Subject> = findings
        .iter()
        .flat_map(|finding| finding.hits.iter().cloned())
        .collect();
    for workload in all.iter().filter(|it| !explained.contains(&it.subject)) {
        findings.extend(gated::judge(case, workload));
        if let Some(unplaced) = unplaced(case, workload) {
            let found = preempted::judge(&unplaced).or_else(|| verdict::judge(&unplaced));
            findings.extend(found.map(|it| unplaced.with_replicas(it)));
        }
    }
    findings
}

/// A pod that waits for a node, and what the scheduler says about it.
struct Unplaced<'a> {
    case: &'a Facts<'a>,
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

fn unplaced<'a>(case: &'a Facts<'a>, workload: &'a Workload<'a>) -> Option<Unplaced<'a>> {
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
#[derive(Clone)]
struct Said {
    words: String,
    source: String,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
}

/// The `PodScheduled` condition is of now; an event may be all there is when it was not read.
fn said(case: &Facts<'_>, pod: &Pod) -> Option<Said> {
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
        self.finding_on(self.workload.subject.clone(), cause, strength, summary)
    }

    /// The same about another object, which keeps the workload waiting.
    fn finding_on(&self, on: Subject, cause: Cause, strength: f64, summary: Message) -> Finding {
        let summary = summary
            .with("workload", &self.workload.subject.name)
            .with("pods", self.pods)
            .with("nodes", self.reasons.nodes);
        let line = quote(words::without_remarks(&self.words));
        let fact = Message::new("fact-scheduler-says").with("line", line);
        Finding::new(cause, on, strength, summary)
            .evidence(fact, self.source.as_str(), self.at)
            .explains(NOT_STARTED)
            .since(self.since)
            .affected(self.pods)
    }

    /// How many replicas are ready, where the finding is about the workload itself.
    fn with_replicas(&self, finding: Finding) -> Finding {
        if finding.subject != self.workload.subject {
            return finding;
        }
        let wanted = self.workload.wanted().max(self.pods);
        replicas(finding, self.case, self.workload.ready(), wanted)
    }

    /// How many nodes each reason rules out.
    fn ruled_out(&self, finding: Finding) -> Finding {
        let reasons = &self.reasons;
        let part = |(reason, count): (&Reason, &i64)| {
            let message = Message::new(ruled_out_by(reason)).with("count", *count);
            match reason {
                Reason::Lacks(resource) => message.with("resource", resource),
                _ => message,
            }
        };
        let parts: Vec<Message> = reasons.counts.iter().map(part).collect();
        let fact = Message::new("fact-nodes-ruled-out")
            .with("nodes", reasons.nodes)
            .with("reasons", parts);
        finding.evidence(fact, self.source.as_str(), self.at)
    }
}

/// The words for a reason.
fn ruled_out_by(reason: &Reason) -> &'static str {
    match reason {
        Reason::Cordoned => "ruled-out-cordoned",
        Reason::Taint => "ruled-out-taint",
        Reason::Labels => "ruled-out-selector",
        Reason::Ports => "ruled-out-ports",
        Reason::Lacks(resource) => match resource.as_str() {
            "cpu" => "ruled-out-cpu",
            "memory" => "ruled-out-memory",
            "pods" => "ruled-out-pods",
            _ => "ruled-out-resource",
        },
        Reason::Attached => "ruled-out-attached",
        Reason::VolumeNode => "ruled-out-volume",
        Reason::VolumeBind => "ruled-out-volume-bind",
        Reason::Spread => "ruled-out-spread",
        Reason::Affinity => "ruled-out-affinity",
        Reason::AntiAffinity => "ruled-out-anti-affinity",
        Reason::OthersAntiAffinity => "ruled-out-others",
        Reason::Other => "ruled-out-other",
    }
}
