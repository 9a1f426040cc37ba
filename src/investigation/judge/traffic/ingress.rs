//! An Ingress: the Service its backend names, and the port of it.

use super::route::{Route, ingress_subject, routes};
use super::{BROKEN, behind};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Address, Facts, Looked, Workload, references, service_subject};
use crate::investigation::judge::dependency::{near_service, no_service};
use crate::text::Message;

/// Judges the backends of every Ingress, each Service and port once.
pub(super) fn judge(case: &Facts<'_>, all: &[Workload<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ingress in case.ingresses.iter() {
        if ingress.metadata.deletion_timestamp.is_some() {
            continue;
        }
        let mut seen: Vec<(&str, String)> = Vec::new();
        for route in routes(ingress) {
            let key = (route.service, route.port_shown());
            if !seen.contains(&key) {
                seen.push(key);
                findings.extend(backend(case, all, &route));
            }
        }
    }
    findings
}

fn backend(case: &Facts<'_>, all: &[Workload<'_>], route: &Route<'_>) -> Option<Finding> {
    let namespace = route.ingress.metadata.namespace.as_deref()?;
    match case.services.look(namespace, route.service) {
        Looked::Absent => Some(no_backend(case, all, route, namespace)),
        Looked::Found(service) => wrong_port(case, route, service),
        Looked::Unknown => None,
    }
}

/// The Service is missing where a workload or another caller counts on it; else the Ingress has the wrong name.
fn no_backend(
    case: &Facts<'_>,
    all: &[Workload<'_>],
    route: &Route<'_>,
    namespace: &str,
) -> Finding {
    let ingress = ingress_subject(route.ingress);
    let meant = all
        .iter()
        .any(|one| one.namespace() == namespace && one.subject.name == route.service);
    let near = near_service(case, namespace, route.service, route.number())
        .filter(|near| !near.host.contains('.'));
    let finding = if meant || (near.is_none() && is_called(case, all, namespace, route.service)) {
        no_service(case, namespace, route.service, 0.94, &ingress)
    } else {
        wrong_backend(case, route, &ingress, near.as_ref())
    };
    let fact = Message::new("fact-ingress-sends")
        .with("ingress", &ingress.name)
        .with("way", route.shown())
        .with("service", route.service)
        .with("port", route.port_shown());
    let source = format!("{} spec.rules", ingress.label());
    finding
        .evidence(fact, source, Some(case.now))
        .explains(BROKEN)
}

/// Whether a workload of the namespace is told to call that Service.
fn is_called(case: &Facts<'_>, all: &[Workload<'_>], namespace: &str, service: &str) -> bool {
    let here = all.iter().filter(|one| one.namespace() == namespace);
    let mut told = here.flat_map(|one| references(case, one));
    told.any(|(reference, _)| reference.address.host.split('.').next() == Some(service))
}

fn wrong_backend(
    case: &Facts<'_>,
    route: &Route<'_>,
    ingress: &Subject,
    near: Option<&Address>,
) -> Finding {
    let namespace = ingress.namespace.clone().unwrap_or_default();
    let id = match near {
        Some(_) => "cause-ingress-backend-missing-near",
        None => "cause-ingress-backend-missing",
    };
    let right = near.map(|near| near.host.clone());
    let summary = Message::new(id)
        .with("ingress", &ingress.name)
        .with("way", route.shown())
        .with("service", route.service)
        .with("right", right.clone().unwrap_or_default());
    let absent = Message::new("fact-service-absent")
        .with("service", route.service)
        .with("namespace", &namespace)
        .with("services", case.services.within(&namespace).count());
    let field = "spec.rules.http.paths.backend.service.name";
    let fix = Fix::new(ingress.clone(), field, Message::new("why-ingress-backend"))
        .change(Some(route.service), right.clone());
    let near = right.map(|name| Subject::new(Kind::Service, &namespace, name));
    let behind = near.iter().flat_map(|service| {
        let found = case.services.look(&namespace, &service.name).found();
        found.map(|found| case.behind(found)).unwrap_or_default()
    });
    let hits: Vec<Subject> = behind.chain(near.clone()).collect();
    Finding::new(Cause::IngressBackendMissing, ingress.clone(), 0.95, summary)
        .evidence(absent, format!("services in {namespace}"), Some(case.now))
        .hits(hits)
        .fix(fix)
}

/// The Service is there and has no such port, by number or by name.
fn wrong_port(
    case: &Facts<'_>,
    route: &Route<'_>,
    service: &k8s_openapi::api::core::v1::Service,
) -> Option<Finding> {
    let port = route.port?;
    let offered = service
        .spec
        .as_ref()?
        .ports
        .as_ref()
        .filter(|all| !all.is_empty())?;
    let has = offered.iter().any(|one| match (&port.name, port.number) {
        (Some(name), _) if !name.is_empty() => one.name.as_ref() == Some(name),
        (_, Some(number)) => one.port == number,
        _ => true,
    });
    if has {
        return None;
    }
    let ingress = ingress_subject(route.ingress);
    let named = |one: &k8s_openapi::api::core::v1::ServicePort| match &one.name {
        Some(name) => format!("{name}={}", one.port),
        None => one.port.to_string(),
    };
    let ports = offered.iter().map(named).collect::<Vec<_>>().join(", ");
    let summary = Message::new("cause-ingress-port-mismatch")
        .with("ingress", &ingress.name)
        .with("way", route.shown())
        .with("service", route.service)
        .with("port", route.port_shown())
        .with("ports", &ports);
    let fact = Message::new("fact-service-ports")
        .with("service", route.service)
        .with("ports", &ports);
    let right = offered.first().map(|one| one.port.to_string());
    let field = "spec.rules.http.paths.backend.service.port";
    let fix = Fix::new(ingress.clone(), field, Message::new("why-ingress-port")).change(
        Some(route.port_shown()),
        right.filter(|_| offered.len() == 1),
    );
    let subject = service_subject(service);
    let source = format!("{} spec.ports", subject.label());
    Some(
        Finding::new(Cause::IngressPortMismatch, ingress, 0.96, summary)
            .evidence(fact, source, Some(case.now))
            .hits(behind(case, service))
            .explains(BROKEN)
            .fix(fix),
    )
}
