//! Names that do not resolve although the Service is there, and names outside the cluster.

use std::sync::LazyLock;

use k8s_openapi::api::core::v1::{PodSpec, Service};
use regex::Regex;

use super::Complaint;
use super::place::quoted;
use super::right::show;
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{Address, Facts, Reference, is_ready, selects, utc};
use crate::investigation::judge::container::patterns::NO_SUCH_HOST;
use crate::investigation::judge::traffic::dns;
use crate::text::{Message, pattern};

/// The server of names did not answer, or could not: `EAI_AGAIN` is "try again", SERVFAIL "I failed".
static NO_ANSWER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)EAI_AGAIN|temporary failure in name resolution|try again|server misbehaving|SERVFAIL|timed? ?out|i/o timeout|:53: .*refused").ok()
});

/// Whether a line says that there is no such name, and not merely that nobody could say.
pub(super) fn says_no(line: &str) -> bool {
    NO_SUCH_HOST.in_line(line) && !NO_ANSWER.as_ref().is_some_and(|words| words.is_match(line))
}

/// The Service is there and its name does not resolve: the pod asks another DNS server, or may not ask, or the
/// cluster's own is down (that is judged where it is).
pub(super) fn of_service(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    address: &Address,
    service: &Service,
) -> Option<Finding> {
    if !NO_SUCH_HOST.in_line(complaint.line)
        || had_no_name(case, complaint, service)
        || is_of_a_pod_that_is_not_there(case, address, service)
    {
        return None;
    }
    if let Some(blocked) = super::policy::to_dns(case, complaint) {
        return Some(blocked);
    }
    let spec = complaint
        .workload
        .pods
        .first()
        .and_then(|pod| pod.spec.as_ref());
    if let Some(policy) = spec.and_then(other_dns) {
        let fact = Message::new("fact-dns-policy").with("policy", policy);
        let source = format!("{} spec.template.spec.dnsPolicy", complaint.subject.label());
        let subject = complaint.subject.clone();
        let right = if policy == "hostNetwork" {
            "ClusterFirstWithHostNet"
        } else {
            "ClusterFirst"
        };
        let fix = Fix::new(
            subject,
            "spec.template.spec.dnsPolicy",
            Message::new("why-dns-policy"),
        )
        .change(Some(policy).filter(|it| *it != "hostNetwork"), Some(right));
        let finding = failed(
            complaint,
            address,
            "cause-dns-resolution-failed-policy",
            0.93,
        );
        return Some(
            quoted(finding, complaint)
                .evidence(fact, source, Some(case.now))
                .fix(fix),
        );
    }
    let finding = failed(complaint, address, "cause-dns-resolution-failed", 0.72);
    let finding = finding.blames(dns::subjects(case));
    let fact = Message::new("fact-service-there").with("service", &address.host);
    let fix = Fix::new(
        complaint.subject.clone(),
        "",
        Message::new("why-dns-look").with("address", &address.host),
    );
    let source = format!("services in {}", complaint.workload.namespace());
    Some(
        quoted(finding, complaint)
            .evidence(fact, source, Some(case.now))
            .fix(fix),
    )
}

/// `mongo-1.mongo`: the name of a pod of a `StatefulSet`, which has one only while it is ready.
fn is_of_a_pod_that_is_not_there(case: &Facts<'_>, address: &Address, service: &Service) -> bool {
    let mut labels = address.host.split('.');
    let (Some(pod), Some(second)) = (labels.next(), labels.next()) else {
        return false;
    };
    let own = service.metadata.name.as_deref() == Some(second);
    let namespace = service.metadata.namespace.as_deref().unwrap_or_default();
    let found = case.pods.look(namespace, pod);
    own && (found.is_absent() || found.found().is_some_and(|pod| !is_ready(pod)))
}

/// A headless Service has a name only while a pod of it is ready; one that was made later had none then.
fn had_no_name(case: &Facts<'_>, complaint: &Complaint<'_>, service: &Service) -> bool {
    let created = service.metadata.creation_timestamp.as_ref().map(utc);
    let later = created
        .zip(complaint.at)
        .is_some_and(|(created, at)| created > at);
    let Some(spec) = &service.spec else {
        return later;
    };
    let headless = spec.cluster_ip.as_deref() == Some("None");
    let selector = spec.selector.clone().unwrap_or_default();
    let namespace = service.metadata.namespace.as_deref().unwrap_or_default();
    let served = || {
        case.pods.within(namespace).any(|pod| {
            let labels = pod.metadata.labels.clone().unwrap_or_default();
            is_ready(pod) && selects(&selector, &labels)
        })
    };
    later || (headless && !served())
}

/// `Default` asks the node's DNS server, which knows no Services; so does `ClusterFirst` on the node's network
/// (Pod API reference, `dnsPolicy`).
fn other_dns(spec: &PodSpec) -> Option<&'static str> {
    match spec.dns_policy.as_deref() {
        Some("Default") => Some("Default"),
        None | Some("ClusterFirst") if spec.host_network == Some(true) => Some("hostNetwork"),
        _ => None,
    }
}

/// A name outside the cluster: wrong, where the answer was "no such name".
pub(super) fn of_outside(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    reference: Option<&Reference>,
    address: &Address,
) -> Option<Finding> {
    let ip = address.host.parse::<std::net::IpAddr>().is_ok();
    if ip || !NO_SUCH_HOST.in_line(complaint.line) {
        return None;
    }
    let sure = says_no(complaint.line);
    let (id, strength) = if sure {
        ("cause-dns-resolution-failed-outside", 0.85)
    } else {
        ("cause-dns-resolution-failed-unanswered", 0.7)
    };
    let finding = failed(complaint, address, id, strength);
    let mut finding = quoted(finding, complaint);
    if !sure {
        finding = finding.blames(dns::subjects(case));
    }
    let field = reference.map_or_else(String::new, |it| format!("env.{}", it.variable));
    if let Some(reference) = reference {
        let fact = Message::new("fact-address-configured")
            .with("variable", &reference.variable)
            .with("address", show(&reference.address));
        let source = format!("{} spec.template", complaint.subject.label());
        finding = finding.evidence(fact, source, None);
    }
    let why = if sure {
        "why-dns-outside"
    } else {
        "why-dns-look"
    };
    let why = Message::new(why).with("address", &address.host);
    Some(finding.fix(Fix::new(complaint.subject.clone(), field, why)))
}

fn failed(
    complaint: &Complaint<'_>,
    address: &Address,
    id: &'static str,
    strength: f64,
) -> Finding {
    let summary = Message::new(id)
        .with("workload", &complaint.subject.name)
        .with("address", &address.host);
    let subject = complaint.subject.clone();
    Finding::new(Cause::DnsResolutionFailed, subject, strength, summary)
}
