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
mod tls;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;

use port::wrong_target_port;

use crate::finding::{Cause, Finding, Fix, Subject, Symptom};
use crate::investigation::case::{
    Case, Workload, is_ready, selects, service_subject, workloads, workloads_behind,
};
use crate::text::Message;

/// What broken traffic explains.
const BROKEN: [Symptom; 4] = [
    Symptom::MissingData,
    Symptom::Unavailable,
    Symptom::Errors,
    Symptom::Slow,
];

/// Judges every Service with a selector, where all pods it could select were read.
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    let all = workloads(case);
    let services = case.services.iter();
    let mut findings: Vec<Finding> = services
        .filter_map(|service| judge_service(case, &all, service))
        .collect();
    findings.extend(ingress::judge(case, &all));
    findings.extend(class::judge(case));
    findings.extend(tls::judge(case));
    findings.extend(conflict::judge(case));
    findings.extend(protocol::judge(case));
    findings.extend(gateway::judge(case));
    findings.extend(balancer::judge(case));
    findings.extend(isolated::judge(case));
    findings.extend(dns::judge(case, &all));
    findings.extend(proxy::judge(case, &all));
    hops::told(case, findings)
}

/// Whoever suffers when nobody gets to a Service: itself and the workloads behind it.
fn behind(case: &Case, service: &Service) -> Vec<Subject> {
    let mut all = workloads_behind(case, service);
    all.push(service_subject(service));
    all
}

fn judge_service(case: &Case, all: &[Workload<'_>], service: &Service) -> Option<Finding> {
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
        .filter(|pod| selects(selector, &labels(pod)))
        .collect();
    if pods.is_empty() {
        return selects_nothing(case, all, service, selector);
    }
    if !pods.iter().any(|pod| is_ready(pod)) {
        return Some(nobody_ready(all, service, selector, &pods));
    }
    wrong_target_port(case, all, service, &pods)
}

fn labels(pod: &Pod) -> BTreeMap<String, String> {
    pod.metadata.labels.clone().unwrap_or_default()
}

/// No pod carries the labels. Scaled to zero is another cause: then a workload's template carries them.
fn selects_nothing(
    case: &Case,
    all: &[Workload<'_>],
    service: &Service,
    selector: &BTreeMap<String, String>,
) -> Option<Finding> {
    let subject = service_subject(service);
    let namespace = subject.namespace.clone()?;
    if !case.pods.knows_selected(&namespace, selector) && !is_empty_beside(case, all, &subject) {
        return None;
    }
    let here = || {
        all.iter()
            .filter(|workload| workload.namespace() == namespace)
    };
    let meant_for: Vec<Subject> = here()
        .filter(|w| selects(selector, &w.labels()))
        .map(|w| w.subject.clone())
        .collect();
    if !meant_for.is_empty() {
        let summary =
            Message::new("cause-service-no-ready-endpoints-no-pods").with("service", &subject.name);
        let finding = Finding::new(
            Cause::ServiceNoReadyEndpoints,
            subject.clone(),
            0.8,
            summary,
        )
        .blames(meant_for);
        return Some(with_endpoints(finding, case, &subject, selector));
    }
    let nearest = here()
        .filter(|workload| !workload.pods.is_empty())
        .filter_map(|workload| Some((nearness(workload, &subject.name, selector)?, workload)))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let finding = match nearest {
        Some((_, workload)) => meant_for_workload(case, &subject, selector, workload),
        None => meant_for_nobody(&subject, selector),
    };
    let mut finding = with_endpoints(finding, case, &subject, selector);
    finding.evidence.rotate_right(1);
    Some(finding)
}

/// The endpoints controller lists every pod that the selector finds and that has an address, ready or not. Nobody
/// in its slices, while pods of the workload of the same name run, says as much as reading all pods.
fn is_empty_beside(case: &Case, all: &[Workload<'_>], service: &Subject) -> bool {
    let namespace = service.namespace.as_deref().unwrap_or_default();
    let label = "kubernetes.io/service-name";
    let of_service = |slice: &&EndpointSlice| {
        let labels = slice.metadata.labels.as_ref();
        labels.and_then(|labels| labels.get(label)) == Some(&service.name)
    };
    let mut slices = case.endpoint_slices.within(namespace).filter(of_service);
    let runs = all.iter().any(|workload| {
        workload.namespace() == namespace
            && workload.subject.name == service.name
            && workload.ready() > 0
    });
    runs && case.knows_endpoints(namespace, &service.name)
        && slices.all(|slice| slice.endpoints.iter().flatten().next().is_none())
}

fn mismatch_summary(
    id: &'static str,
    subject: &Subject,
    selector: &BTreeMap<String, String>,
) -> Message {
    Message::new(id)
        .with("service", &subject.name)
        .with("selector", show(selector))
}

/// The labels are wrong by a little: the pods it was meant for are there.
fn meant_for_workload(
    case: &Case,
    subject: &Subject,
    selector: &BTreeMap<String, String>,
    workload: &Workload<'_>,
) -> Finding {
    let own = workload.labels();
    let summary = mismatch_summary("cause-service-selector-mismatch", subject, selector)
        .with("workload", &workload.subject.name);
    let fact = Message::new("fact-pods-labelled")
        .with("workload", &workload.subject.name)
        .with("labels", show(&own))
        .with("ready", workload.ready());
    let mut finding = Finding::new(
        Cause::ServiceSelectorMismatch,
        subject.clone(),
        0.96,
        summary,
    )
    .hits([workload.subject.clone()])
    .affected(workload.pods.len())
    .evidence(
        fact,
        format!("{} pods", workload.subject.label()),
        Some(case.now),
    );
    finding.fix = selector_fixes(subject, selector, &own);
    finding
}

/// No pod of the namespace looks like what it was meant for.
fn meant_for_nobody(subject: &Subject, selector: &BTreeMap<String, String>) -> Finding {
    let summary = mismatch_summary("cause-service-selector-mismatch-nothing", subject, selector);
    let fix = Fix::new(
        subject.clone(),
        "spec.selector",
        Message::new("why-selector"),
    );
    Finding::new(
        Cause::ServiceSelectorMismatch,
        subject.clone(),
        0.7,
        summary,
    )
    .fix(fix.change(Some(show(selector)), None::<String>))
}

/// How near a workload is to what a Service was meant for: shared labels and the name.
fn nearness(
    workload: &Workload<'_>,
    service: &str,
    selector: &BTreeMap<String, String>,
) -> Option<f64> {
    let own = workload.labels();
    let shared = selector
        .iter()
        .filter(|(key, value)| own.get(*key) == Some(value))
        .count();
    let same_key = selector
        .iter()
        .filter(|(key, value)| {
            own.get(*key)
                .is_some_and(|other| strsim::jaro_winkler(other, value) > 0.85)
        })
        .count();
    let name = strsim::jaro_winkler(&workload.subject.name, service);
    #[expect(clippy::cast_precision_loss, reason = "a handful of labels")]
    let score = shared as f64 + same_key as f64 * 0.5 + name;
    // A shared `part-of` or `tier` label alone makes nobody the target.
    (name > 0.8 || same_key > 0).then_some(score)
}

/// One fix for each selector label that the pods carry otherwise or not at all.
fn selector_fixes(
    subject: &Subject,
    selector: &BTreeMap<String, String>,
    own: &BTreeMap<String, String>,
) -> Vec<Fix> {
    let differing = selector
        .iter()
        .filter(|(key, value)| own.get(*key) != Some(value));
    differing
        .map(|(key, value)| {
            let patch = match own.get(key) {
                Some(right) => format!(r#"{{"spec":{{"selector":{{"{key}":"{right}"}}}}}}"#),
                None => format!(r#"{{"spec":{{"selector":{{"{key}":null}}}}}}"#),
            };
            let namespace = subject.namespace.as_deref().unwrap_or_default();
            Fix::new(
                subject.clone(),
                format!("spec.selector.{key}"),
                Message::new("why-selector"),
            )
            .change(Some(value), own.get(key))
            .command(format!(
                "kubectl -n {namespace} patch service {} -p '{patch}'",
                subject.name
            ))
        })
        .collect()
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
    case: &Case,
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
fn endpoints(case: &Case, namespace: &str, service: &str) -> (usize, usize) {
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
            && selects(selector, &workload.labels())
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
