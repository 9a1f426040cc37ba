//! The target port of a Service against the ports its pods serve.

use k8s_openapi::api::core::v1::{Pod, Service, ServicePort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::BROKEN;
use super::route::routes;
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::{
    Facts, Place, Workload, addresses_in_text, containers, is_ready, references, selects,
    service_subject,
};
use crate::text::Message;

/// A port that containers declare.
struct Declared {
    name: String,
    number: i32,
    protocol: String,
}

/// What is wrong with one port of a Service.
enum Wrong {
    /// No container port has that name.
    Name(String),
    /// Containers serve another number.
    Number(i32),
    /// The port is there under another protocol.
    Protocol(String),
}

/// The surest of a Service's ports that leads nowhere: a name no container has, a number other than the one the
/// containers declare or say they listen on, another protocol. Declared ports are documentation only, so a number
/// is judged wrong only when the log or a ready probe speaks for another one.
pub(super) fn wrong_target_port(
    case: &Facts<'_>,
    all: &[Workload<'_>],
    service: &Service,
    pods: &[&Pod],
) -> Option<Finding> {
    let ports = service.spec.as_ref()?.ports.as_ref()?;
    // While a rollout renames a port, the pods of one revision serve.
    let pod = *pods.iter().find(|pod| is_ready(pod)).or(pods.first())?;
    let ready: Vec<&&Pod> = pods.iter().filter(|pod| is_ready(pod)).collect();
    let found = ports.iter().enumerate().filter_map(|(at, port)| {
        let (wrong, strength) = judge_port(case, pod, port)?;
        // The same number under both protocols (DNS): one of the two declared is usual.
        let twin = ports
            .iter()
            .any(|it| it.port == port.port && it.protocol != port.protocol);
        if twin && matches!(wrong, Wrong::Protocol(_)) {
            return None;
        }
        let served = ready
            .iter()
            .any(|other| judge_port(case, other, port).is_none());
        if served {
            return None;
        }
        // Of several ports one may be a leftover that nobody calls.
        let counts = ports.len() == 1 || at == 0 || is_used(case, all, service, port);
        if !counts && case.symptoms.is_empty() {
            return None;
        }
        let strength = if counts { strength } else { 0.55 };
        mismatch(case, all, service, port, &wrong, &declared(pod), strength)
    });
    found.max_by(|a, b| a.strength.total_cmp(&b.strength))
}

fn judge_port(case: &Facts<'_>, pod: &Pod, port: &ServicePort) -> Option<(Wrong, f64)> {
    let protocol = port.protocol.as_deref().unwrap_or("TCP");
    let declared = declared(pod);
    let other = |mut same: Vec<&Declared>| {
        let fits = same.iter().any(|it| it.protocol == protocol);
        let first = same.pop()?;
        (!fits).then(|| Wrong::Protocol(first.protocol.clone()))
    };
    match port
        .target_port
        .clone()
        .unwrap_or(IntOrString::Int(port.port))
    {
        // The endpoints controller looks for name and protocol (`FindPort`).
        IntOrString::String(name) => {
            let same: Vec<&Declared> = declared.iter().filter(|it| it.name == name).collect();
            if same.is_empty() {
                return Some((Wrong::Name(name), 0.96));
            }
            other(same).map(|wrong| (wrong, 0.95))
        }
        IntOrString::Int(number) => {
            let same: Vec<&Declared> = declared.iter().filter(|it| it.number == number).collect();
            if declared.is_empty() {
                return None;
            }
            if same.is_empty() {
                let spoken_for = declared.iter().any(|it| is_served(case, pod, it.number));
                return Some((Wrong::Number(number), if spoken_for { 0.94 } else { 0.75 }));
            }
            let served = is_served(case, pod, number);
            match other(same) {
                // A TCP or HTTP probe on it succeeds: what is declared as UDP is served as TCP all the same.
                Some(_) if protocol == "TCP" && served => None,
                // A declaration alone proves little.
                Some(wrong) => Some((wrong, if served { 0.94 } else { 0.6 })),
                None => None,
            }
        }
    }
}

/// Whether an Ingress or a workload's environment names that port of the Service.
fn is_used(case: &Facts<'_>, all: &[Workload<'_>], service: &Service, port: &ServicePort) -> bool {
    let own = service_subject(service);
    let by_ingress = case.ingresses.iter().flat_map(routes).any(|route| {
        let same = Some(route.service) == service.metadata.name.as_deref()
            && route.ingress.metadata.namespace == service.metadata.namespace;
        let number = route.port.and_then(|it| it.number) == Some(port.port);
        let name = port.name.is_some() && route.port.and_then(|it| it.name.clone()) == port.name;
        same && (number || name)
    });
    let mut told = all.iter().flat_map(|workload| references(case, workload));
    by_ingress
        || told.any(|(reference, place)| match place {
            Place::Service(called) => {
                let number = reference.address.port.map_or(80, i32::from);
                service_subject(called).same_object(&own) && number == port.port
            }
            _ => false,
        })
}

/// The ports the containers declare, those of sidecars included (init containers that go on running).
fn declared(pod: &Pod) -> Vec<Declared> {
    let all = containers(pod);
    let ports = all
        .iter()
        .filter(|it| !it.init || it.spec.restart_policy.as_deref() == Some("Always"))
        .flat_map(|container| container.spec.ports.iter().flatten());
    ports
        .map(|port| Declared {
            name: port.name.clone().unwrap_or_default(),
            number: port.container_port,
            protocol: port.protocol.clone().unwrap_or_else(|| "TCP".to_owned()),
        })
        .collect()
}

/// Whether something speaks for that port being served: a probe on it in a ready container, or a log line.
fn is_served(case: &Facts<'_>, pod: &Pod, port: i32) -> bool {
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

fn show(declared: &[Declared]) -> String {
    let one = |it: &Declared| {
        let name = if it.name.is_empty() {
            String::new()
        } else {
            format!("{}=", it.name)
        };
        let protocol = if it.protocol == "TCP" {
            String::new()
        } else {
            format!("/{}", it.protocol)
        };
        format!("{name}{}{protocol}", it.number)
    };
    declared.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn mismatch(
    case: &Facts<'_>,
    all: &[Workload<'_>],
    service: &Service,
    port: &ServicePort,
    wrong: &Wrong,
    of_pods: &[Declared],
    strength: f64,
) -> Option<Finding> {
    let subject = service_subject(service);
    let ports = show(of_pods);
    let protocol = port.protocol.as_deref().unwrap_or("TCP");
    let wanted = match wrong {
        Wrong::Name(name) => name.clone(),
        Wrong::Number(number) => number.to_string(),
        Wrong::Protocol(_) => format!("{}/{protocol}", port.port),
    };
    let (cause, says) = match wrong {
        Wrong::Name(_) if of_pods.is_empty() => (
            Cause::ServicePortNameMismatch,
            "cause-service-port-name-mismatch-none",
        ),
        Wrong::Name(_) => (
            Cause::ServicePortNameMismatch,
            "cause-service-port-name-mismatch",
        ),
        Wrong::Number(_) => (
            Cause::ServiceTargetPortMismatch,
            "cause-service-target-port-mismatch",
        ),
        Wrong::Protocol(_) => (
            Cause::ServiceProtocolMismatch,
            "cause-service-protocol-mismatch",
        ),
    };
    let summary = Message::new(says)
        .with("service", &subject.name)
        .with("port", &wanted)
        .with("declared", &ports);
    let selector = service.spec.as_ref()?.selector.clone().unwrap_or_default();
    let behind = all.iter().filter(|w| {
        Some(w.namespace()) == subject.namespace.as_deref() && selects(&selector, w.labels())
    });
    let fact = if of_pods.is_empty() {
        Message::new("fact-ports-none").with("port", &wanted)
    } else {
        Message::new("fact-ports-declared")
            .with("ports", &ports)
            .with("port", &wanted)
    };
    let fix = fix(&subject, port, wrong, of_pods);
    let source = format!("{} spec.ports", subject.label());
    Some(
        Finding::new(cause, subject.clone(), strength, summary)
            .evidence(fact, source, Some(case.now))
            .hits(behind.map(|workload| workload.subject.clone()))
            .explains(BROKEN)
            .fix(fix),
    )
}

/// The name nearest to the one asked for, the number declared, or the protocol.
fn fix(subject: &Subject, port: &ServicePort, wrong: &Wrong, declared: &[Declared]) -> Fix {
    let field = |end: &str| {
        let which = port.name.clone().unwrap_or_else(|| port.port.to_string());
        format!("spec.ports[{which}].{end}")
    };
    let near = |name: &str| {
        let named = declared.iter().filter(|it| !it.name.is_empty());
        let score = |it: &Declared| strsim::jaro_winkler(&it.name, name);
        named
            .max_by(|a, b| score(a).total_cmp(&score(b)))
            .map(|it| it.name.clone())
    };
    let number = || declared.first().map(|it| it.number.to_string());
    let why = Message::new("why-target-port");
    match wrong {
        Wrong::Name(name) => Fix::new(subject.clone(), field("targetPort"), why)
            .change(Some(name), near(name).or_else(number)),
        Wrong::Number(from) => Fix::new(subject.clone(), field("targetPort"), why)
            .change(Some(from.to_string()), number()),
        Wrong::Protocol(right) => {
            let why = Message::new("why-service-protocol");
            let from = port.protocol.clone().unwrap_or_else(|| "TCP".to_owned());
            Fix::new(subject.clone(), field("protocol"), why).change(Some(from), Some(right))
        }
    }
}
