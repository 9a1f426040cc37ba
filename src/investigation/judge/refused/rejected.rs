//! Pods that the API server and the scheduler let pass and the kubelet rejects for what they ask of its kernel
//! (`pkg/kubelet/sysctl`, `pkg/security/apparmor`).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Pod;

use super::REFUSED;
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::{Facts, owner_of, utc};
use crate::investigation::judge::facts::{is_recent, pod_name, quote, replicas};
use crate::text::Message;

/// `status.reason` of pods that were rejected for what they ask of the kernel.
const REASONS: [&str; 2] = ["SysctlForbidden", "AppArmor"];

/// One finding each workload that lacks replicas for it.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut all: BTreeMap<Subject, &Pod> = BTreeMap::new();
    for pod in case.pods.iter().filter(|pod| is_rejected(case, pod)) {
        all.entry(owner_of(pod)).or_insert(pod);
    }
    let mut findings = Vec::new();
    for (owner, pod) in all {
        let known = case.workloads();
        let Some(workload) = known.iter().find(|it| it.subject.same_object(&owner)) else {
            continue;
        };
        let (ready, wanted) = (workload.ready(), workload.wanted());
        if ready < wanted {
            findings.push(replicas(finding(case, owner, pod), case, ready, wanted));
        }
    }
    findings
}

fn is_rejected(case: &Facts<'_>, pod: &Pod) -> bool {
    let reason = pod.status.as_ref().and_then(|it| it.reason.as_deref());
    let made = pod.metadata.creation_timestamp.as_ref().map(utc);
    reason.is_some_and(|reason| REASONS.contains(&reason)) && is_recent(case, made)
}

fn finding(case: &Facts<'_>, owner: Subject, pod: &Pod) -> Finding {
    let status = pod.status.as_ref();
    let said = status
        .and_then(|it| it.message.as_deref())
        .unwrap_or_default();
    let args = |message: Message| {
        message
            .with("workload", &owner.name)
            .with("why", quote(said))
    };
    let reason = status.and_then(|it| it.reason.as_deref());
    let fact = Message::new("fact-controller-says")
        .with("reason", reason.unwrap_or_default())
        .with("line", quote(said));
    let summary = args(Message::new("cause-pod-security-kubelet"));
    let fix = Fix::new(
        owner.clone(),
        "spec.template.spec.securityContext",
        Message::new("why-pod-security-kubelet"),
    );
    Finding::new(Cause::PodSecurityDenied, owner, 0.94, summary)
        .evidence(
            fact,
            format!("pod {} status", pod_name(pod)),
            Some(case.now),
        )
        .explains(REFUSED)
        .since(pod.metadata.creation_timestamp.as_ref().map(utc))
        .fix(fix)
}
