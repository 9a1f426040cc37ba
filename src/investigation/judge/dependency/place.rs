//! What a complaint proves, by where the address leads: to a Service, to none, or out of the cluster.

use super::right::{address_fix, near_service, show, with_port, wrong_port};
use super::{BROKEN, Complaint, name, policy};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Address, Facts, Place, Reference, service_subject};
use crate::investigation::judge::container::patterns::NO_SUCH_HOST;
use crate::text::Message;

pub(super) fn judge(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    reference: Option<&Reference>,
    address: &Address,
    place: &Place<'_>,
) -> Finding {
    match place {
        Place::Service(service) => {
            if let Some(offered) = wrong_port(service, address) {
                let right = with_port(address, offered);
                return wrong_address(complaint, reference, address, &right, 0.95);
            }
            name::of_service(case, complaint, address, service)
                .or_else(|| policy::to_service(case, complaint, address, service))
                .unwrap_or_else(|| {
                    let own = Some(service_subject(service));
                    unreachable(complaint, address, own, case.behind(service))
                })
        }
        Place::NoSuchService { namespace, name } => {
            match near_service(case, namespace, name, address.port) {
                Some(near) => wrong_address(complaint, reference, address, &near, 0.94),
                None => missing(case, complaint, reference, (namespace, name)),
            }
        }
        Place::NotRead { namespace, name } => {
            let service = Subject::new(Kind::Service, namespace, name);
            unreachable(complaint, address, Some(service), Vec::new())
        }
        // Who may not ask for any name is told so before the name is.
        Place::Outside(host) => policy::to_dns(case, complaint)
            .or_else(|| name::of_outside(case, complaint, reference, address))
            .or_else(|| policy::to_outside(case, complaint, address))
            .unwrap_or_else(|| outside(complaint, address, host)),
    }
}

/// Nobody in the cluster bears that name, nor one near it: the Service is what is missing.
fn missing(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    reference: Option<&Reference>,
    (namespace, name): (&str, &str),
) -> Finding {
    // "Try again later" is what some resolvers make of a missing name, and what a sick DNS server says.
    let strength = if name::says_no(complaint.line) {
        0.93
    } else {
        0.85
    };
    let finding = no_service(case, namespace, name, strength, &complaint.workload.subject);
    let finding = match reference {
        Some(reference) => {
            let fact = Message::new("fact-address-configured")
                .with("variable", &reference.variable)
                .with("address", show(&reference.address));
            let source = format!("{} spec.template", complaint.subject.label());
            finding.evidence(fact, source, None)
        }
        None => finding,
    };
    let mut finding = quoted(finding, complaint);
    finding.evidence.rotate_right(2);
    finding
}

/// A Service that somebody needs and that is not there.
pub(in crate::investigation::judge) fn no_service(
    case: &Facts<'_>,
    namespace: &str,
    name: &str,
    strength: f64,
    caller: &Subject,
) -> Finding {
    let subject = Subject::new(Kind::Service, namespace, name);
    let all = case.workloads();
    let meant = all
        .iter()
        .find(|one| one.namespace() == namespace && one.subject.name == name);
    let summary = Message::new("cause-service-missing")
        .with("service", name)
        .with("namespace", namespace)
        .with("caller", &caller.name);
    let absent = Message::new("fact-service-absent")
        .with("service", name)
        .with("namespace", namespace)
        .with("services", case.services.within(namespace).count());
    let finding = Finding::new(Cause::ServiceMissing, subject.clone(), strength, summary)
        .hits([caller.clone()])
        .evidence(absent, format!("services in {namespace}"), Some(case.now));
    let Some(workload) = meant else {
        let why = Message::new("why-service-missing").with("service", name);
        return finding.fix(Fix::new(subject, "", why));
    };
    let fact = Message::new("fact-workload-without-service")
        .with("workload", &workload.subject.name)
        .with("ready", workload.ready());
    let why = Message::new("why-service-expose").with("workload", &workload.subject.name);
    let target = &workload.subject.name;
    let kind = workload.subject.kind.as_str().to_ascii_lowercase();
    finding
        .evidence(
            fact,
            format!("{} pods", workload.subject.label()),
            Some(case.now),
        )
        .hits([workload.subject.clone()])
        .fix(Fix::new(subject, "", why).command(format!(
            "kubectl -n {namespace} expose {kind} {target} --port=PORT"
        )))
}

/// A host outside by its name: it is the one that does not answer. An application that goes on without it is the
/// one to ask about; one that ended for want of it is not.
fn outside(complaint: &Complaint<'_>, address: &Address, host: &str) -> Finding {
    let external = Subject::cluster(Kind::External, host);
    let named = host.contains('.') && host.parse::<std::net::IpAddr>().is_err();
    let mut finding = unreachable(complaint, address, Some(external.clone()), Vec::new());
    if named && complaint.log.previous {
        finding.subject = external;
        finding.blames.clear();
        finding.strength = 0.8;
        finding.hits = vec![complaint.workload.subject.clone()];
    }
    finding
}

pub(super) fn quoted(finding: Finding, complaint: &Complaint<'_>) -> Finding {
    let fact = Message::new("fact-log-says").with("line", complaint.line.trim());
    let run = if complaint.log.previous {
        "previous log"
    } else {
        "log"
    };
    let source = format!(
        "pod {} container {} {run}",
        complaint.log.pod, complaint.log.container
    );
    let ready = Message::new("fact-replicas-ready")
        .with("ready", complaint.ready)
        .with("wanted", complaint.workload.wanted());
    finding
        .evidence(fact, source, complaint.at)
        .evidence(
            ready,
            format!("{} pods", complaint.workload.subject.label()),
            None,
        )
        .explains(BROKEN)
        .since(complaint.at)
        .affected(complaint.workload.pods.len())
}

/// The address exists: whatever is wrong with what is behind it is the cause.
pub(super) fn unreachable(
    complaint: &Complaint<'_>,
    address: &Address,
    service: Option<Subject>,
    behind: Vec<Subject>,
) -> Finding {
    let unresolved = NO_SUCH_HOST.in_line(complaint.line);
    let id = if unresolved {
        "cause-dependency-unreachable-no-name"
    } else {
        "cause-dependency-unreachable"
    };
    let summary = Message::new(id)
        .with("workload", &complaint.subject.name)
        .with("address", show(address));
    let finding = Finding::new(
        Cause::DependencyUnreachable,
        complaint.subject.clone(),
        0.75,
        summary,
    )
    .blames(service.into_iter().chain(behind));
    let object = finding
        .blames
        .first()
        .cloned()
        .unwrap_or_else(|| complaint.subject.clone());
    quoted(finding, complaint).fix(Fix::new(
        object,
        "",
        Message::new("why-dependency-look").with("address", show(address)),
    ))
}

pub(super) fn wrong_address(
    complaint: &Complaint<'_>,
    reference: Option<&Reference>,
    address: &Address,
    right: &Address,
    strength: f64,
) -> Finding {
    let summary = Message::new("cause-dependency-wrong-address")
        .with("workload", &complaint.subject.name)
        .with("address", show(address))
        .with("right", show(right));
    let finding = Finding::new(
        Cause::DependencyWrongAddress,
        complaint.subject.clone(),
        strength,
        summary,
    );
    quoted(finding, complaint).fix(address_fix(&complaint.subject, reference, address, right))
}
