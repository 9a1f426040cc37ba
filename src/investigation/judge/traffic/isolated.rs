//! Pods that a `NetworkPolicy` closes to whoever the question is about, where no caller's log was there to say so:
//! weaker, and only for an object that is said not to answer.

use k8s_openapi::api::core::v1::{Pod, Service};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::controller::controllers;
use super::route::{ingress_subject, routes};
use super::{BROKEN, behind};
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Facts, Scope, is_ready, labels_of, selects, service_subject};
use crate::investigation::judge::facts::kubectl;
use crate::investigation::judge::policy::{
    Direction, Meeting, Other, Way, named_port, rules, subject, way,
};
use crate::text::Message;

/// One finding each Service of the asked object whose pods are ready and closed.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let told = [
        Symptom::Unavailable,
        Symptom::Errors,
        Symptom::Slow,
        Symptom::MissingData,
    ];
    let asked = matches!(case.scope, Scope::Object(_));
    if !asked || !case.symptoms.iter().any(|it| told.contains(it)) {
        return Vec::new();
    }
    let near = case.reach();
    let own = case.services.iter().filter(|service| {
        let subject = service_subject(service);
        near.iter()
            .any(|(it, hops)| *hops == 0 && it.same_object(&subject))
    });
    own.filter_map(|service| of(case, service)).collect()
}

fn of(case: &Facts<'_>, service: &Service) -> Option<Finding> {
    let spec = service.spec.as_ref()?;
    let selector = spec.selector.as_ref()?;
    let namespace = service.metadata.namespace.as_deref()?;
    let target = case
        .pods
        .within(namespace)
        .find(|pod| is_ready(pod) && selects(selector, labels_of(&pod.metadata)))?;
    through_ingress(case, service, target).or_else(|| closed(case, service, target))
}

/// From the Ingress controller's pods, where an Ingress leads to the Service.
fn through_ingress(case: &Facts<'_>, service: &Service, target: &Pod) -> Option<Finding> {
    let own = service_subject(service);
    let led = case.ingresses.iter().find(|ingress| {
        ingress.metadata.namespace == own.namespace
            && routes(ingress)
                .iter()
                .any(|route| route.service == own.name)
    })?;
    let port = service.spec.as_ref()?.ports.as_ref()?.first()?;
    let number = match &port.target_port {
        None => port.port,
        Some(IntOrString::Int(number)) => *number,
        Some(IntOrString::String(name)) => named_port(target, name)?,
    };
    let controller = controllers(case).next()?;
    // On the node's network it has the node's address: no label of a policy means it.
    if controller.spec.as_ref()?.host_network == Some(true) {
        return None;
    }
    let meeting = Meeting {
        pod: target,
        other: Other::Pod(controller),
        server: Some(target),
        port: number,
        protocol: port.protocol.as_deref().unwrap_or("TCP"),
    };
    let Way::Shut(all) = way(case, &meeting, Direction::Ingress) else {
        return None;
    };
    let policy = *all.first()?;
    let caller = controller.metadata.namespace.clone().unwrap_or_default();
    let summary = Message::new("cause-network-policy-blocks-ingress")
        .with("policy", policy.metadata.name.clone().unwrap_or_default())
        .with("service", &own.name)
        .with("namespace", &caller);
    let hit = ingress_subject(led);
    Some(finding(case, service, policy, 0.92, summary).hits([hit]))
}

/// Policies select the pods and have no rule at all: nobody may reach them.
fn closed(case: &Facts<'_>, service: &Service, target: &Pod) -> Option<Finding> {
    let namespace = target.metadata.namespace.as_deref()?;
    if !case.network_policies.knows(namespace) {
        return None;
    }
    let all = super::super::policy::selecting(case, target, Direction::Ingress);
    let any = all
        .iter()
        .any(|policy| !rules(policy, Direction::Ingress).is_empty());
    let policy = *all.first().filter(|_| !any)?;
    let own = service_subject(service);
    let summary = Message::new("cause-network-policy-blocks-all")
        .with("policy", policy.metadata.name.clone().unwrap_or_default())
        .with("service", &own.name);
    Some(finding(case, service, policy, 0.86, summary))
}

fn finding(
    case: &Facts<'_>,
    service: &Service,
    policy: &k8s_openapi::api::networking::v1::NetworkPolicy,
    strength: f64,
    summary: Message,
) -> Finding {
    let own = subject(policy);
    let to = service_subject(service);
    let fact = Message::new("fact-policy-closes")
        .with("policy", &own.name)
        .with("service", &to.name);
    let command = format!("{} get networkpolicy {} -o yaml", kubectl(&own), own.name);
    let why = Message::new("why-network-policy-open").with("service", &to.name);
    let fix = Fix::new(own.clone(), "spec.ingress", why).command(command);
    let source = format!("{} spec", own.label());
    Finding::new(Cause::NetworkPolicyBlocks, own, strength, summary)
        .evidence(fact, source, Some(case.now))
        .hits(behind(case, service))
        .explains(BROKEN)
        .fix(fix)
}
