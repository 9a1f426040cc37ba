//! The target port of a Service against the ports its pods serve.

use k8s_openapi::api::core::v1::{Pod, Service, ServicePort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::BROKEN;
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{
    Case, Workload, addresses_in_text, containers, selects, service_subject,
};
use crate::text::Message;

/// The Service sends to a named port no container has, or to a number other than the one the
/// containers declare or say they listen on. Declared ports are documentation only, so a number is
/// judged wrong only when the log or a ready probe speaks for another one.
pub(super) fn wrong_target_port(
    case: &Case,
    all: &[Workload<'_>],
    service: &Service,
    pods: &[&Pod],
) -> Option<Finding> {
    let ports = service.spec.as_ref()?.ports.as_ref()?;
    ports.iter().find_map(|port| {
        let wanted = port
            .target_port
            .clone()
            .unwrap_or(IntOrString::Int(port.port));
        let pod = pods.first()?;
        let declared = declared(pod);
        match &wanted {
            IntOrString::String(name) if declared.iter().any(|(known, _)| known == name) => None,
            IntOrString::String(name) => mismatch(case, all, service, port, name, &declared, 0.96),
            IntOrString::Int(number)
                if declared.is_empty() || declared.iter().any(|(_, known)| known == number) =>
            {
                None
            }
            IntOrString::Int(number) => {
                let spoken_for = declared
                    .iter()
                    .any(|(_, known)| is_served(case, pod, *known));
                let strength = if spoken_for { 0.94 } else { 0.75 };
                mismatch(
                    case,
                    all,
                    service,
                    port,
                    &number.to_string(),
                    &declared,
                    strength,
                )
            }
        }
    })
}

/// Names and numbers of the ports the containers declare.
fn declared(pod: &Pod) -> Vec<(String, i32)> {
    let all = containers(pod);
    let ports = all
        .iter()
        .filter(|container| !container.init)
        .flat_map(|container| container.spec.ports.iter().flatten());
    ports
        .map(|port| (port.name.clone().unwrap_or_default(), port.container_port))
        .collect()
}

/// Whether something speaks for that port being served: a probe on it in a ready container, or a log line.
fn is_served(case: &Case, pod: &Pod, port: i32) -> bool {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    containers(pod).iter().any(|container| {
        let probe = container
            .spec
            .readiness_probe
            .as_ref()
            .or(container.spec.liveness_probe.as_ref());
        let on = |target: &IntOrString| match target {
            IntOrString::Int(number) => *number == port,
            IntOrString::String(name) => container
                .spec
                .ports
                .iter()
                .flatten()
                .any(|p| p.name.as_ref() == Some(name) && p.container_port == port),
        };
        let probed = probe.is_some_and(|probe| {
            probe.http_get.as_ref().is_some_and(|get| on(&get.port))
                || probe.tcp_socket.as_ref().is_some_and(|tcp| on(&tcp.port))
        });
        let said = case
            .log(namespace, name, container.name(), false)
            .is_some_and(|log| {
                log.records.iter().any(|record| {
                    let text = record.text.to_ascii_lowercase();
                    (text.contains("listen") || text.contains("started on port"))
                        && (text.contains(&format!(":{port}"))
                            || text.contains(&format!("port {port}"))
                            || addresses_in_text(&text)
                                .iter()
                                .any(|address| address.port.map(i32::from) == Some(port)))
                })
            });
        (probed && container.ready()) || said
    })
}

fn mismatch(
    case: &Case,
    all: &[Workload<'_>],
    service: &Service,
    port: &ServicePort,
    wanted: &str,
    declared: &[(String, i32)],
    strength: f64,
) -> Option<Finding> {
    let subject = service_subject(service);
    let (name, number) = declared.first()?;
    let right = if wanted.parse::<i32>().is_err() && !name.is_empty() {
        name.clone()
    } else {
        number.to_string()
    };
    let show_declared = declared.iter().map(|(name, number)| {
        if name.is_empty() {
            number.to_string()
        } else {
            format!("{name}={number}")
        }
    });
    let ports = show_declared.collect::<Vec<_>>().join(", ");
    let summary = Message::new("cause-service-target-port-mismatch")
        .with("service", &subject.name)
        .with("port", wanted)
        .with("declared", &ports);
    let selector = service.spec.as_ref()?.selector.clone().unwrap_or_default();
    let behind = all.iter().filter(|w| {
        Some(w.namespace()) == subject.namespace.as_deref() && selects(&selector, &w.labels())
    });
    let fact = Message::new("fact-ports-declared")
        .with("ports", &ports)
        .with("port", wanted);
    let field = format!(
        "spec.ports[{}].targetPort",
        port.name.clone().unwrap_or_else(|| port.port.to_string())
    );
    Some(
        Finding::new(
            Cause::ServiceTargetPortMismatch,
            subject.clone(),
            strength,
            summary,
        )
        .evidence(
            fact,
            format!("{} spec.ports", subject.label()),
            Some(case.now),
        )
        .hits(behind.map(|workload| workload.subject.clone()))
        .explains(BROKEN)
        .fix(
            Fix::new(subject, field, Message::new("why-target-port"))
                .change(Some(wanted), Some(right)),
        ),
    )
}
