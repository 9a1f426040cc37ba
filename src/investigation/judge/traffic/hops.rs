//! The way from an Ingress or a Service to the pods, hop by hop: what is in order on it is said beside what is broken.

use k8s_openapi::api::core::v1::Service;

use super::endpoints;
use super::route::{Route, ingress_subject, routes};
use crate::finding::{Cause, Finding, Kind, Subject};
use crate::investigation::case::{Facts, Scope, service_subject};
use crate::text::Message;

/// Adds the hops that are fine to the findings on the way that was asked about.
pub(super) fn told(case: &Facts<'_>, mut findings: Vec<Finding>) -> Vec<Finding> {
    let Scope::Object(asked) = &case.scope else {
        return findings;
    };
    let ways: Vec<Route<'_>> = case.ingresses.iter().flat_map(routes).collect();
    for finding in &mut findings {
        let on_way = |route: &&Route<'_>| {
            let service = Subject::new(
                Kind::Service,
                route.ingress.metadata.namespace.clone().unwrap_or_default(),
                route.service,
            );
            let own = std::iter::once(&finding.subject).chain(&finding.hits);
            let ingress = ingress_subject(route.ingress);
            own.clone().any(|it| it.same_object(&service))
                && (asked.kind != Kind::Ingress || asked.same_object(&ingress))
        };
        let Some(route) = ways.iter().find(on_way) else {
            continue;
        };
        for (fact, source) in fine(case, route, finding.cause) {
            finding.evidence.push(crate::finding::Evidence {
                fact,
                source: source.into(),
                observed_at: Some(case.now),
            });
        }
    }
    findings
}

/// The hops before and behind the broken one that were looked at and are in order.
fn fine(case: &Facts<'_>, route: &Route<'_>, broken: Cause) -> Vec<(Message, String)> {
    let ingress = ingress_subject(route.ingress);
    let namespace = ingress.namespace.clone().unwrap_or_default();
    let mut hops = Vec::new();
    let Some(service) = case.services.look(&namespace, route.service).found() else {
        return hops;
    };
    let on_ingress = matches!(
        broken,
        Cause::IngressBackendMissing | Cause::IngressPortMismatch | Cause::ServiceMissing
    );
    if !on_ingress && offers(service, route) {
        let fact = Message::new("fact-hop-ingress")
            .with("ingress", &ingress.name)
            .with("way", route.shown())
            .with("service", route.service)
            .with("port", route.port_shown());
        hops.push((fact, format!("{} spec.rules", ingress.label())));
    }
    let (ready, all) = endpoints(case, &namespace, route.service);
    if ready > 0 && case.knows_endpoints(&namespace, route.service) {
        let fact = Message::new("fact-hop-endpoints")
            .with("service", route.service)
            .with("ready", ready)
            .with("all", all);
        hops.push((
            fact,
            format!("{} endpoints", service_subject(service).label()),
        ));
    }
    let policies = case.network_policies.within(&namespace).count();
    if broken != Cause::NetworkPolicyBlocks
        && case.network_policies.knows(&namespace)
        && policies == 0
    {
        let fact = Message::new("fact-hop-no-policy").with("namespace", &namespace);
        hops.push((fact, format!("networkpolicies in {namespace}")));
    }
    hops
}

fn offers(service: &Service, route: &Route<'_>) -> bool {
    let Some(port) = route.port else { return true };
    let ports = service
        .spec
        .iter()
        .flat_map(|spec| spec.ports.iter().flatten());
    ports
        .into_iter()
        .any(|one| Some(one.port) == port.number || (port.name.is_some() && one.name == port.name))
}
