//! What `NetworkPolicies` allow, worked out as the API defines it: a pod that no policy of a direction selects is
//! open in that direction; one that is selected is open to what any rule of those policies allows.

mod peer;

use chrono::{DateTime, Utc};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

pub(super) use peer::{Other, matches};

use crate::finding::{Kind, Subject};
use crate::investigation::case::{Facts, containers, utc};

/// Into the pods that a policy selects, or out of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ingress,
    Egress,
}

/// Whether a connection may be made.
#[derive(Debug)]
pub(super) enum Way<'a> {
    /// No policy stands in its way.
    Open,
    /// These select the pod, and no rule of theirs allows it; the one most meant for it first.
    Shut(Vec<&'a NetworkPolicy>),
    /// Policies were not read, or a rule depends on something that was not.
    Unknown,
}

/// One connection, seen from the pod whose policies are asked.
pub(super) struct Meeting<'a> {
    /// The pod whose policies count.
    pub pod: &'a Pod,
    /// Who is at the other end.
    pub other: Other<'a>,
    /// The pod that listens, for ports by name.
    pub server: Option<&'a Pod>,
    /// The port on it.
    pub port: i32,
    /// TCP, UDP or SCTP.
    pub protocol: &'a str,
}

/// A rule's peers and ports, of whichever direction.
type Rule<'a> = (
    Option<&'a Vec<NetworkPolicyPeer>>,
    Option<&'a Vec<NetworkPolicyPort>>,
);

/// What the policies say of a connection.
pub(super) fn way<'a>(case: &'a Facts<'a>, meeting: &Meeting<'_>, direction: Direction) -> Way<'a> {
    let namespace = meeting
        .pod
        .metadata
        .namespace
        .as_deref()
        .unwrap_or_default();
    if !case.network_policies.knows(namespace) {
        return Way::Unknown;
    }
    let mut all = selecting(case, meeting.pod, direction);
    if all.is_empty() {
        return Way::Open;
    }
    let mut sure = true;
    for policy in &all {
        for rule in rules(policy, direction) {
            match allows(case, namespace, meeting, rule) {
                Some(true) => return Way::Open,
                Some(false) => {}
                None => sure = false,
            }
        }
    }
    all.sort_by_key(|policy| std::cmp::Reverse(meant_for(policy, meeting, direction)));
    if sure { Way::Shut(all) } else { Way::Unknown }
}

/// The policies of a direction that select a pod.
pub(super) fn selecting<'a>(
    case: &'a Facts<'a>,
    pod: &Pod,
    direction: Direction,
) -> Vec<&'a NetworkPolicy> {
    let namespace = pod.metadata.namespace.clone().unwrap_or_default();
    let labels = pod.metadata.labels.clone().unwrap_or_default();
    let mut all: Vec<&NetworkPolicy> = Vec::new();
    for policy in case.network_policies.iter() {
        let here = policy.metadata.namespace.as_deref() == Some(namespace.as_str());
        let selector = policy
            .spec
            .as_ref()
            .and_then(|spec| spec.pod_selector.as_ref());
        if here && selector.is_none_or(|it| matches(it, &labels)) && governs(policy, direction) {
            all.push(policy);
        }
    }
    all
}

/// `policyTypes`; left out it is Ingress, and Egress where there are egress rules (API reference).
fn governs(policy: &NetworkPolicy, direction: Direction) -> bool {
    let Some(spec) = &policy.spec else {
        return false;
    };
    let named = spec.policy_types.as_ref().filter(|types| !types.is_empty());
    match (named, direction) {
        (Some(types), Direction::Ingress) => types.iter().any(|it| it == "Ingress"),
        (Some(types), Direction::Egress) => types.iter().any(|it| it == "Egress"),
        (None, Direction::Ingress) => true,
        (None, Direction::Egress) => spec.egress.iter().flatten().next().is_some(),
    }
}

/// The rules of a policy in a direction.
pub(super) fn rules(policy: &NetworkPolicy, direction: Direction) -> Vec<Rule<'_>> {
    let Some(spec) = &policy.spec else {
        return Vec::new();
    };
    match direction {
        Direction::Ingress => {
            let all = spec.ingress.iter().flatten();
            all.map(|rule| (rule.from.as_ref(), rule.ports.as_ref()))
                .collect()
        }
        Direction::Egress => {
            let all = spec.egress.iter().flatten();
            all.map(|rule| (rule.to.as_ref(), rule.ports.as_ref()))
                .collect()
        }
    }
}

/// No peers are all peers, no ports are all ports.
fn allows(
    case: &Facts<'_>,
    namespace: &str,
    meeting: &Meeting<'_>,
    (peers, ports): Rule<'_>,
) -> Option<bool> {
    if !on_port(meeting, ports) {
        return Some(false);
    }
    let Some(peers) = peers.filter(|peers| !peers.is_empty()) else {
        return Some(true);
    };
    let mut sure = true;
    for one in peers {
        match peer::is(case, namespace, one, meeting.other) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => sure = false,
        }
    }
    sure.then_some(false)
}

fn on_port(meeting: &Meeting<'_>, ports: Option<&Vec<NetworkPolicyPort>>) -> bool {
    let Some(ports) = ports.filter(|ports| !ports.is_empty()) else {
        return true;
    };
    ports.iter().any(|allowed| {
        let protocol = allowed.protocol.as_deref().unwrap_or("TCP") == meeting.protocol;
        let number = match &allowed.port {
            None => true,
            Some(IntOrString::Int(first)) => {
                let last = allowed.end_port.unwrap_or(*first);
                (*first..=last).contains(&meeting.port)
            }
            Some(IntOrString::String(name)) => meeting
                .server
                .is_some_and(|server| named_port(server, name) == Some(meeting.port)),
        };
        protocol && number
    })
}

/// The number of a container port by its name.
pub(super) fn named_port(pod: &Pod, name: &str) -> Option<i32> {
    let all = containers(pod);
    let mut ports = all
        .iter()
        .flat_map(|container| container.spec.ports.iter().flatten());
    ports
        .find(|port| port.name.as_deref() == Some(name))
        .map(|port| port.container_port)
}

/// How much a policy looks like the one that was to allow this: it has a rule for the port, it selects by
/// labels, it came last; of several that came together the one that allows least.
fn meant_for(
    policy: &NetworkPolicy,
    meeting: &Meeting<'_>,
    direction: Direction,
) -> (bool, usize, Option<DateTime<Utc>>, std::cmp::Reverse<usize>) {
    let rules = rules(policy, direction);
    let for_port = rules.iter().any(|(_, ports)| on_port(meeting, *ports));
    let selector = policy
        .spec
        .as_ref()
        .and_then(|spec| spec.pod_selector.as_ref());
    let labels = selector.map_or(0, |it| {
        it.match_labels.iter().flatten().count() + it.match_expressions.iter().flatten().count()
    });
    (
        for_port && labels > 0,
        labels,
        policy.metadata.creation_timestamp.as_ref().map(utc),
        std::cmp::Reverse(rules.len()),
    )
}

/// The policy as a subject.
pub(super) fn subject(policy: &NetworkPolicy) -> Subject {
    let meta = &policy.metadata;
    Subject::new(
        Kind::NetworkPolicy,
        meta.namespace.clone().unwrap_or_default(),
        meta.name.clone().unwrap_or_default(),
    )
}
