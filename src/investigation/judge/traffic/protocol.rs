//! TLS where plain text is spoken and the other way round: what a ready probe proves against what the Ingress is told.

use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::networking::v1::Ingress;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::route::{Route, annotation, ingress_subject, routes};
use super::{BROKEN, behind};
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{Facts, containers, controller_of, is_ready, labels_of, selects};
use crate::investigation::judge::policy::named_port;
use crate::text::Message;

/// How ingress-nginx is told what the pods speak; HTTP when it is not told.
const PROTOCOL: &str = "nginx.ingress.kubernetes.io/backend-protocol";
const NGINX: &str = "k8s.io/ingress-nginx";

/// One finding each Ingress of ingress-nginx that speaks to the pods as they do not speak.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.ingresses.iter().filter(|it| is_nginx(case, it));
    let found = all.filter_map(|it| routes(it).iter().find_map(|route| of(case, route)));
    found.collect()
}

fn is_nginx(case: &Facts<'_>, ingress: &Ingress) -> bool {
    controller_of(case, ingress) == Some(NGINX)
        && annotation(ingress, "nginx.ingress.kubernetes.io/ssl-passthrough").is_none()
}

fn of(case: &Facts<'_>, route: &Route<'_>) -> Option<Finding> {
    let namespace = route.ingress.metadata.namespace.as_deref()?;
    let service = case.services.look(namespace, route.service).found()?;
    let told = annotation(route.ingress, PROTOCOL)
        .unwrap_or("HTTP")
        .to_ascii_uppercase();
    let speaks = probed(case, service, route)?;
    let secure = matches!(told.as_str(), "HTTPS" | "GRPCS");
    if !matches!(told.as_str(), "HTTP" | "HTTPS") || secure == (speaks == "HTTPS") {
        return None;
    }
    let ingress = ingress_subject(route.ingress);
    let summary = Message::new("cause-service-protocol-mismatch-ingress")
        .with("ingress", &ingress.name)
        .with("service", route.service)
        .with("told", &told)
        .with("speaks", speaks);
    let fact = Message::new("fact-probe-scheme")
        .with("service", route.service)
        .with("scheme", speaks);
    let field = format!("metadata.annotations[{PROTOCOL}]");
    let from = annotation(route.ingress, PROTOCOL);
    let fix = Fix::new(ingress.clone(), field, Message::new("why-ingress-protocol"))
        .change(from, Some(speaks));
    let source = format!("Service {namespace}/{} pods", route.service);
    Some(
        Finding::new(Cause::ServiceProtocolMismatch, ingress, 0.92, summary)
            .evidence(fact, source, Some(case.now))
            .hits(behind(case, service))
            .explains(BROKEN)
            .fix(fix),
    )
}

/// What a probe on the very port speaks, in a pod that is ready with it.
fn probed(case: &Facts<'_>, service: &Service, route: &Route<'_>) -> Option<&'static str> {
    let spec = service.spec.as_ref()?;
    let selector = spec.selector.as_ref()?;
    let pod = case
        .pods
        .within(service.metadata.namespace.as_deref()?)
        .find(|pod| is_ready(pod) && selects(selector, labels_of(&pod.metadata)))?;
    let port = spec.ports.iter().flatten().find(|one| {
        let wanted = route.port;
        wanted.is_none_or(|it| {
            it.number == Some(one.port) || (it.name.is_some() && it.name == one.name)
        })
    })?;
    let number = |port: &IntOrString| match port {
        IntOrString::Int(number) => Some(*number),
        IntOrString::String(name) => named_port(pod, name),
    };
    let target = number(
        &port
            .target_port
            .clone()
            .unwrap_or(IntOrString::Int(port.port)),
    )?;
    let all = containers(pod);
    let get = all.iter().find_map(|container| {
        let get = container.spec.readiness_probe.as_ref()?.http_get.as_ref()?;
        (number(&get.port) == Some(target)).then_some(get)
    })?;
    Some(if get.scheme.as_deref() == Some("HTTPS") {
        "HTTPS"
    } else {
        "HTTP"
    })
}
