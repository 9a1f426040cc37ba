//! A call that a `NetworkPolicy` does not allow: the caller's log says that nothing answers, and the policies say
//! why. Without the log a policy is only what somebody wanted.

use std::net::Ipv4Addr;

use k8s_openapi::api::core::v1::{Pod, Service};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::Complaint;
use super::place::quoted;
use super::right::show;
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::{
    Address, Facts, containers, is_ready, labels_of, selects, service_subject,
};
use crate::investigation::judge::container::patterns::{NO_SUCH_HOST, TIMED_OUT};
use crate::investigation::judge::facts::kubectl;
use crate::investigation::judge::policy::{
    Direction, Meeting, Other, Way, named_port, subject, way,
};
use crate::text::Message;

/// Most plugins drop what is not allowed; a few answer with a reset or "prohibited", as a server that is down does.
fn strength(line: &str) -> f64 {
    let line_says = |words: &str| line.to_ascii_lowercase().contains(words);
    if TIMED_OUT.in_line(line) {
        0.95
    } else if line_says("no route to host") || line_says("ehostunreach") {
        0.85
    } else {
        0.72
    }
}

/// From the caller to the pods behind a Service: out of the one, into the others.
pub(super) fn to_service(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    address: &Address,
    service: &Service,
) -> Option<Finding> {
    let spec = service.spec.as_ref()?;
    let selector = spec.selector.as_ref()?;
    let namespace = service.metadata.namespace.as_deref()?;
    let caller = *complaint.workload.pods.first()?;
    let targets: Vec<&Pod> = case
        .pods
        .within(namespace)
        .filter(|pod| is_ready(pod) && selects(selector, labels_of(&pod.metadata)))
        .collect();
    let offered = spec.ports.iter().flatten().find(|port| {
        address
            .port
            .is_none_or(|wanted| port.port == i32::from(wanted))
    })?;
    if !is_like_dropped(complaint.line, &targets) {
        return None;
    }
    let mut shut: Option<(&NetworkPolicy, Direction)> = None;
    for target in &targets {
        let port = match &offered.target_port {
            None => offered.port,
            Some(IntOrString::Int(number)) => *number,
            Some(IntOrString::String(name)) => named_port(target, name)?,
        };
        let protocol = offered.protocol.as_deref().unwrap_or("TCP");
        let meeting = |pod, other| Meeting {
            pod,
            other: Other::Pod(other),
            server: Some(target),
            port,
            protocol,
        };
        let into = way(case, &meeting(target, caller), Direction::Ingress);
        let out = way(case, &meeting(caller, target), Direction::Egress);
        shut = match (into, out) {
            (Way::Shut(all), _) => Some((*all.first()?, Direction::Ingress)),
            (_, Way::Shut(all)) => Some((*all.first()?, Direction::Egress)),
            // One replica that may be reached is enough.
            _ => return None,
        };
    }
    let (policy, direction) = shut?;
    let behind = case.behind(service);
    let hits = behind.into_iter().chain([service_subject(service)]);
    let way = match direction {
        Direction::Ingress => "cause-network-policy-blocks",
        Direction::Egress => "cause-network-policy-blocks-egress",
    };
    let finding = blocked(case, complaint, policy, way, &show(address));
    Some(finding.hits(hits))
}

/// What a policy looks like from the caller: no connection. A read that times out had one; a refusal is the server's
/// own unless a probe succeeds there.
fn is_like_dropped(line: &str, targets: &[&Pod]) -> bool {
    let line = line.to_ascii_lowercase();
    let connected = [
        "read timed out",
        "awaiting headers",
        "reading response",
        "readtimeout",
    ];
    let probed = |pod: &&Pod| {
        let all = containers(pod);
        all.iter()
            .any(|container| container.spec.readiness_probe.is_some())
    };
    let refused = line.contains("refused") && !TIMED_OUT.in_line(&line);
    !connected.iter().any(|words| line.contains(words)) && (!refused || targets.iter().any(probed))
}

/// To the cluster's DNS server: forgotten by most first policies that govern egress.
pub(super) fn to_dns(case: &Facts<'_>, complaint: &Complaint<'_>) -> Option<Finding> {
    if !NO_SUCH_HOST.in_line(complaint.line) || super::name::says_no(complaint.line) {
        return None;
    }
    let caller = *complaint.workload.pods.first()?;
    let server = crate::investigation::judge::traffic::dns::pods(case).next();
    let other = server.map_or(Other::Outside(None), Other::Pod);
    let meeting = Meeting {
        pod: caller,
        other,
        server,
        port: 53,
        protocol: "UDP",
    };
    let Way::Shut(all) = way(case, &meeting, Direction::Egress) else {
        return None;
    };
    // Without the DNS server's pods, only policies that have no rule for port 53 at all are sure.
    let policy = *all.first()?;
    if server.is_none() && all.iter().any(|policy| has_dns_rule(policy)) {
        return None;
    }
    Some(blocked(
        case,
        complaint,
        policy,
        "cause-network-policy-blocks-dns",
        "53/UDP",
    ))
}

fn has_dns_rule(policy: &NetworkPolicy) -> bool {
    let rules = policy
        .spec
        .iter()
        .flat_map(|spec| spec.egress.iter().flatten());
    rules.into_iter().any(|rule| {
        let ports = rule.ports.as_ref().filter(|ports| !ports.is_empty());
        ports.is_none_or(|ports| {
            ports.iter().any(|port| {
                port.protocol.as_deref() == Some("UDP")
                    && port
                        .port
                        .as_ref()
                        .is_none_or(|it| *it == IntOrString::Int(53))
            })
        })
    })
}

/// To a host outside: no rule lets anything out of the cluster.
pub(super) fn to_outside(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    address: &Address,
) -> Option<Finding> {
    let caller = *complaint.workload.pods.first()?;
    let ip = address.host.parse::<Ipv4Addr>().ok();
    let port = address.port.map_or(443, i32::from);
    let meeting = Meeting {
        pod: caller,
        other: Other::Outside(ip),
        server: None,
        port,
        protocol: "TCP",
    };
    let Way::Shut(all) = way(case, &meeting, Direction::Egress) else {
        return None;
    };
    // An address of the cluster that no Service bears may be a pod's: that was not looked up.
    if ip.is_some_and(|ip| ip.is_private()) || !TIMED_OUT.in_line(complaint.line) {
        return None;
    }
    let policy = *all.first()?;
    let id = "cause-network-policy-blocks-egress";
    let mut finding = blocked(case, complaint, policy, id, &show(address));
    finding.strength = finding.strength.min(0.92);
    Some(finding)
}

fn blocked(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    policy: &NetworkPolicy,
    id: &'static str,
    to: &str,
) -> Finding {
    let own: Subject = subject(policy);
    let caller = &complaint.workload.subject;
    let summary = Message::new(id)
        .with("policy", &own.name)
        .with("caller", &caller.name)
        .with("to", to);
    let fact = Message::new("fact-policy-selects")
        .with("policy", &own.name)
        .with("caller", &caller.name)
        .with("to", to);
    let command = format!("{} get networkpolicy {} -o yaml", kubectl(&own), own.name);
    let why = Message::new("why-network-policy")
        .with("caller", &caller.name)
        .with("to", to);
    let source = format!("{} spec", own.label());
    let fix = Fix::new(own.clone(), "spec", why).command(command);
    let finding = Finding::new(
        Cause::NetworkPolicyBlocks,
        own,
        strength(complaint.line),
        summary,
    )
    .hits([caller.clone()])
    .evidence(fact, source, Some(case.now));
    quoted(finding, complaint).fix(fix)
}
