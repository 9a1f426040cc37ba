//! Traffic to a Service: the Ingress or route before it, its selector, its endpoints, its target port, the policies and
//! the proxies on the way, and the names it is called by.

mod balancer;
mod class;
mod conflict;
mod controller;
pub(super) mod dns;
mod gateway;
mod hops;
mod ingress;
mod isolated;
mod port;
mod protocol;
mod proxy;
mod route;
mod selector;
mod tls;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Pod, Service};

pub(in crate::investigation) use dns::servers as dns_servers;
use port::wrong_target_port;
use selector::selects_nothing;

use crate::finding::{Cause, Finding, Fix, Subject, Symptom};
use crate::investigation::case::{Facts, Workload, is_ready, labels_of, selects, service_subject};
use crate::text::Message;

/// What broken traffic explains.
const BROKEN: [Symptom; 4] = [
    Symptom::MissingData,
    Symptom::Unavailable,
    Symptom::Errors,
    Symptom::Slow,
];

/// Judges every Service with a selector, where all pods it could select were read.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let services = case.services.iter();
    let mut findings: Vec<Finding> = services
        .filter_map(|service| judge_service(case, all, service))
        .collect();
    findings.extend(ingress::judge(case, all));
    findings.extend(class::judge(case));
    findings.extend(tls::judge(case));
    findings.extend(conflict::judge(case));
    findings.extend(protocol::judge(case));
    findings.extend(gateway::judge(case));
    findings.extend(balancer::judge(case));
    findings.extend(isolated::judge(case));
    findings.extend(dns::judge(case, all));
    findings.extend(proxy::judge(case, all));
    hops::told(case, findings)
}

/// Whoever suffers when nobody gets to a Service: itself and the workloads behind it.
fn behind(case: &Facts<'_>, service: &Service) -> Vec<Subject> {
    let mut all = case.behind(service);
    all.push(service_subject(service));
    all
}

fn judge_service(case: &Facts<'_>, all: &[Workload<'_>], service: &Service) -> Option<Finding> {
    let spec = service.spec.as_ref()?;
    let selector = spec
        .selector
        .as_ref()
        .filter(|selector| !selector.is_empty())?;
    if spec.type_.as_deref() == Some("ExternalName") {
        return None;
    }
    let namespace = service.metadata.namespace.as_deref()?;
    let pods: Vec<&Pod> = case
        .pods
        .within(namespace)
        .filter(|pod| selects(selector, labels_of(&pod.metadata)))
        .collect();
    if pods.is_empty() {
        return selects_nothing(case, all, service, selector);
    }
    if !pods.iter().any(|pod| is_ready(pod)) {
        return Some(nobody_ready(all, service, selector, &pods));
    }
    wrong_target_port(case, all, service, &pods)
}

fn show(labels: &BTreeMap<String, String>) -> String {
    labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join(",")
}

/// Adds what the endpoint slices say, where they were read.
fn with_endpoints(
    finding: Finding,
    case: &Facts<'_>,
    subject: &Subject,
    selector: &BTreeMap<String, String>,
) -> Finding {
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let fact = if case.knows_endpoints(namespace, &subject.name) {
        let (ready, all) = endpoints(case, namespace, &subject.name);
        Message::new("fact-endpoints")
            .with("service", &subject.name)
            .with("ready", ready)
            .with("all", all)
            .with("selector", show(selector))
    } else {
        Message::new("fact-selector")
            .with("service", &subject.name)
            .with("selector", show(selector))
    };
    finding
        .evidence(
            fact,
            format!("{} endpoints", subject.label()),
            Some(case.now),
        )
        .explains(BROKEN)
}

/// Ready and all addresses of a Service's slices. `ready` absent means ready (API reference,
/// discovery.k8s.io/v1 `EndpointConditions`).
fn endpoints(case: &Facts<'_>, namespace: &str, service: &str) -> (usize, usize) {
    let own = case.endpoint_slices.within(namespace).filter(|slice| {
        slice
            .metadata
            .labels
            .as_ref()
            .and_then(|labels| labels.get("kubernetes.io/service-name"))
            .map(String::as_str)
            == Some(service)
    });
    let mut ready = 0;
    let mut all = 0;
    for endpoint in own.flat_map(|slice| slice.endpoints.iter().flatten()) {
        all += endpoint.addresses.len();
        if endpoint
            .conditions
            .as_ref()
            .and_then(|conditions| conditions.ready)
            .unwrap_or(true)
        {
            ready += endpoint.addresses.len();
        }
    }
    (ready, all)
}

/// There are pods, and none is ready: what is wrong with them is the cause.
fn nobody_ready(
    all: &[Workload<'_>],
    service: &Service,
    selector: &BTreeMap<String, String>,
    pods: &[&Pod],
) -> Finding {
    let subject = service_subject(service);
    let behind = all.iter().filter(|workload| {
        workload.namespace() == subject.namespace.as_deref().unwrap_or_default()
            && selects(selector, workload.labels())
    });
    let summary = Message::new("cause-service-no-ready-endpoints")
        .with("service", &subject.name)
        .with("pods", pods.len());
    let fact = Message::new("fact-no-pod-ready")
        .with("pods", pods.len())
        .with("selector", show(selector));
    Finding::new(
        Cause::ServiceNoReadyEndpoints,
        subject.clone(),
        0.8,
        summary,
    )
    .evidence(fact, format!("{} pods", subject.label()), None)
    .blames(behind.map(|workload| workload.subject.clone()))
    .explains(BROKEN)
    .affected(pods.len())
    .fix(Fix::new(subject, "", Message::new("why-endpoints-look")))
}
