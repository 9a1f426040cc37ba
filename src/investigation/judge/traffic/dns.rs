//! The cluster's DNS server: when none of its pods is ready no name resolves.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Pod;

use super::BROKEN;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Workload, containers, is_ready, owner_of};
use crate::investigation::judge::container::patterns::NO_SUCH_HOST;
use crate::investigation::judge::dependency::complaints;
use crate::investigation::judge::facts::{argument, is_live, kubectl};
use crate::text::Message;

/// Where kubeadm, the clouds and most distributions run it, and the label its Service selects by.
const NAMESPACE: &str = "kube-system";
const LABEL: (&str, &str) = ("k8s-app", "kube-dns");
/// Reasons that a pod's own finding tells better.
const OWN_TROUBLE: [&str; 6] = [
    "ImagePullBackOff",
    "ErrImagePull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "RunContainerError",
    "OOMKilled",
];

/// The pods of the cluster's DNS server, as far as they were read.
pub(in crate::investigation::judge) fn pods<'a>(
    case: &'a Facts<'a>,
) -> impl Iterator<Item = &'a Pod> {
    case.pods.within(NAMESPACE).filter(|pod| {
        let labels = pod.metadata.labels.as_ref();
        is_live(pod) && labels.and_then(|all| all.get(LABEL.0)).map(String::as_str) == Some(LABEL.1)
    })
}

/// Whose trouble a name that does not resolve may be: the DNS server's workload and Service.
pub(in crate::investigation::judge) fn subjects(case: &Facts<'_>) -> Vec<Subject> {
    let mut all: Vec<Subject> = pods(case).map(owner_of).collect();
    all.dedup();
    all.push(Subject::new(Kind::Service, NAMESPACE, LABEL.1));
    all
}

/// Whether all of its pods are known.
fn is_known(case: &Facts<'_>) -> bool {
    let labels = BTreeMap::from([(LABEL.0.to_owned(), LABEL.1.to_owned())]);
    case.pods.knows_selected(NAMESPACE, &labels)
}

/// No pod of it is ready, or its workload has none at all.
pub(super) fn judge(case: &Facts<'_>, all: &[Workload<'_>]) -> Vec<Finding> {
    if !is_known(case) || pods(case).any(is_ready) {
        return Vec::new();
    }
    let mut own = all.iter().filter(|one| {
        one.namespace() == NAMESPACE
            && one.labels().get(LABEL.0).map(String::as_str) == Some(LABEL.1)
    });
    let Some(workload) = own.next() else {
        return Vec::new();
    };
    // Clouds with a DNS service of their own keep an empty Deployment.
    let finding = finding(case, all, workload);
    let missed = workload.desired != Some(0) || finding.evidence.len() > 1;
    missed.then_some(finding).into_iter().collect()
}

/// Set to none, or its pods say themselves why they do not run.
fn has_own_trouble(workload: &Workload<'_>) -> bool {
    workload.desired == Some(0)
        || workload.pods.iter().any(|pod| {
            containers(pod).iter().any(|container| {
                let waits = container
                    .waiting()
                    .is_some_and(|(it, _)| OWN_TROUBLE.contains(&it));
                let killed = container
                    .last_exit()
                    .is_some_and(|it| it.reason == "OOMKilled");
                waits || killed
            })
        })
}

fn finding(case: &Facts<'_>, all: &[Workload<'_>], workload: &Workload<'_>) -> Finding {
    let callers: Vec<(Subject, String)> = all
        .iter()
        .filter_map(|caller| {
            let told = complaints(case, caller);
            let line = told.iter().find(|one| NO_SUCH_HOST.in_line(one.line))?;
            Some((caller.subject.clone(), line.line.trim().to_owned()))
        })
        .collect();
    let strength = if callers.is_empty() { 0.9 } else { 0.95 };
    let summary = Message::new("cause-dns-service-down")
        .with("workload", &workload.subject.name)
        .with("pods", workload.pods.len());
    let fact = Message::new("fact-replicas-ready")
        .with("ready", 0)
        .with("wanted", workload.wanted());
    let own = workload.subject.clone();
    let mut finding =
        if has_own_trouble(workload) {
            let service = Subject::new(Kind::Service, NAMESPACE, LABEL.1);
            Finding::new(Cause::DnsServiceDown, service, strength - 0.1, summary)
                .blames([own.clone()])
        } else {
            Finding::new(Cause::DnsServiceDown, own.clone(), strength, summary)
                .hits([Subject::new(Kind::Service, NAMESPACE, LABEL.1)])
        };
    finding = finding.evidence(fact, format!("{} pods", own.label()), Some(case.now));
    if let Some((caller, line)) = callers.first() {
        let said = Message::new("fact-caller-says")
            .with("caller", &caller.name)
            .with("line", line);
        finding = finding.evidence(said, format!("{} log", caller.label()), None);
    }
    let command = format!("{} rollout restart {}", kubectl(&own), argument(&own));
    let fix = Fix::new(own, "", Message::new("why-dns-service-down")).command(command);
    finding
        .hits(callers.into_iter().map(|(caller, _)| caller))
        .explains(BROKEN)
        .explains([Symptom::Restarting, Symptom::NotReady])
        .affected(workload.wanted())
        .fix(fix)
}
