//! The cluster's DNS server: when none of its pods is ready no name resolves.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::TimeDelta;
use k8s_openapi::api::core::v1::Pod;
use regex::Regex;

use super::BROKEN;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Case, Facts, Workload, containers, is_ready, owner_of};
use crate::investigation::judge::container::patterns::NO_SUCH_HOST;
use crate::investigation::judge::dependency::complaints;
use crate::investigation::judge::facts::{argument, is_live, kubectl, pod_name};
use crate::text::{Message, pattern};

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

/// The names of the DNS server's pods.
pub(in crate::investigation) fn servers(case: &Case) -> Vec<String> {
    let facts = Facts::of(case);
    pods(&facts).map(|pod| pod_name(pod).to_owned()).collect()
}

/// The resolver that does not answer: `[ERROR] plugin/errors: 2 api.example.com. A: read udp
/// 10.0.1.4:41210->10.0.0.2:53: i/o timeout` (plugin `errors` of `CoreDNS`).
static UPSTREAM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"plugin/errors: 2 (\S+)\. [A-Z]+: .*?(\d+\.\d+\.\d+\.\d+):53: .*(?:i/o timeout|refused|no route|unreachable)").ok()
});
/// What its log says must be of now.
const NOW: TimeDelta = TimeDelta::minutes(15);

/// It runs, and whoever it asks for names outside the cluster does not answer.
fn upstream(case: &Facts<'_>) -> Option<Finding> {
    let server = pods(case).find(|pod| is_ready(pod))?;
    let own = owner_of(server);
    let log = case
        .logs
        .iter()
        .find(|log| log.namespace == NAMESPACE && pods(case).any(|pod| pod_name(pod) == log.pod))?;
    let recent = log
        .records
        .iter()
        .filter(|it| it.at.is_none_or(|at| case.now - at <= NOW));
    let told: Vec<_> = recent
        .filter_map(|record| Some((record, UPSTREAM.as_ref()?.captures(&record.text)?)))
        .collect();
    let ((record, found), true) = (told.last()?, told.len() > 1) else {
        return None;
    };
    let resolver = found.get(2).map_or("", |it| it.as_str());
    let summary = Message::new("cause-dns-service-upstream")
        .with("workload", &own.name)
        .with("resolver", resolver);
    let says = Message::new("fact-log-says").with("line", record.text.trim());
    let why = Message::new("why-dns-service-upstream").with("resolver", resolver);
    let source = format!("pod {} log", log.pod);
    Some(
        Finding::new(Cause::DnsServiceDown, own.clone(), 0.88, summary)
            .evidence(says, source, record.at)
            .explains(BROKEN)
            .since(told.first().and_then(|(record, _)| record.at))
            .fix(Fix::new(own, "", why)),
    )
}

/// No pod of it is ready, or its workload has none at all; or it asks somebody who does not answer.
pub(super) fn judge(case: &Facts<'_>, all: &[Workload<'_>]) -> Vec<Finding> {
    if pods(case).any(is_ready) {
        return upstream(case).into_iter().collect();
    }
    if !is_known(case) {
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
