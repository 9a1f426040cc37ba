//! Other pods that decide where a pod may go: those it has to be near or away from, those that have to
//! be away from it, those that hold a host port. The rules are the scheduler's (`interpodaffinity` and
//! `nodeports` in `pkg/scheduler/framework/plugins`).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ContainerPort, Node, Pod, PodAffinityTerm, PodSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::nodes::{labels, name};
use crate::investigation::case::{Facts, labels_of};
use crate::investigation::judge::facts::is_finished;
use crate::investigation::judge::resources::Resource;

/// Pods the pod requires near it.
pub(super) fn near(pod: &Pod) -> &[PodAffinityTerm] {
    let affinity = pod.spec.as_ref().and_then(|spec| spec.affinity.as_ref());
    let required = affinity
        .and_then(|affinity| affinity.pod_affinity.as_ref())
        .and_then(|it| {
            it.required_during_scheduling_ignored_during_execution
                .as_deref()
        });
    required.unwrap_or_default()
}

/// Pods the pod requires away from it.
pub(super) fn apart(pod: &Pod) -> &[PodAffinityTerm] {
    let affinity = pod.spec.as_ref().and_then(|spec| spec.affinity.as_ref());
    let required = affinity
        .and_then(|affinity| affinity.pod_anti_affinity.as_ref())
        .and_then(|it| {
            it.required_during_scheduling_ignored_during_execution
                .as_deref()
        });
    required.unwrap_or_default()
}

/// Whether labels are those a selector asks for. None selects nothing, an empty one everything.
pub(super) fn selected(
    selector: Option<&LabelSelector>,
    labels: &BTreeMap<String, String>,
) -> bool {
    let Some(selector) = selector else {
        return false;
    };
    let mut exact = selector.match_labels.iter().flatten();
    let mut expressions = selector.match_expressions.iter().flatten();
    exact.all(|(key, value)| labels.get(key) == Some(value))
        && expressions.all(|it| {
            let value = labels.get(&it.key);
            let listed = value.is_some_and(|value| it.values.iter().flatten().any(|v| v == value));
            match it.operator.as_str() {
                "In" => listed,
                "NotIn" => !listed,
                "Exists" => value.is_some(),
                "DoesNotExist" => value.is_none(),
                _ => false,
            }
        })
}

/// A selector as kubectl writes it: `app=cache,tier in (a, b)`.
pub(super) fn show(selector: Option<&LabelSelector>) -> String {
    let exact = selector
        .iter()
        .flat_map(|it| it.match_labels.iter().flatten());
    let mut parts: Vec<String> = exact.map(|(key, value)| format!("{key}={value}")).collect();
    let expressions = selector
        .iter()
        .flat_map(|it| it.match_expressions.iter().flatten());
    parts.extend(expressions.map(|it| {
        let values = it.values.clone().unwrap_or_default();
        match it.operator.as_str() {
            "In" if values.len() == 1 => format!("{}={}", it.key, values.join("")),
            "In" => format!("{} in ({})", it.key, values.join(", ")),
            "NotIn" => format!("{} notin ({})", it.key, values.join(", ")),
            "Exists" => it.key.clone(),
            _ => format!("!{}", it.key),
        }
    }));
    parts.join(",")
}

/// Whether a term of a pod of `namespace` is about `other`.
pub(super) fn is_about(
    case: &Facts<'_>,
    namespace: &str,
    term: &PodAffinityTerm,
    other: &Pod,
) -> bool {
    let theirs = other.metadata.namespace.as_deref().unwrap_or_default();
    let named = term.namespaces.as_deref().unwrap_or_default();
    let here = match &term.namespace_selector {
        Some(selector) => {
            let found = case.namespaces.look("", theirs).found();
            let labels = found.and_then(|it| it.metadata.labels.clone());
            selected(Some(selector), &labels.unwrap_or_default())
        }
        None => named.is_empty() && theirs == namespace,
    };
    let labels = labels_of(&other.metadata);
    (here || named.iter().any(|it| it == theirs)) && selected(term.label_selector.as_ref(), labels)
}

/// The pods on nodes that a term is about; `None` where not all that it may be about were read.
pub(super) fn peers<'a>(
    case: &'a Facts<'a>,
    pod: &Pod,
    term: &PodAffinityTerm,
) -> Option<Vec<&'a Pod>> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let own = term.namespace_selector.is_none()
        && term.namespaces.iter().flatten().all(|it| it == namespace);
    let all = match case.pods_of_cluster() {
        Some(all) => all,
        None if own && case.pods.knows(namespace) => case.pods.iter().collect(),
        None => return None,
    };
    let about = |other: &&Pod| on_node(other) && is_about(case, namespace, term, other);
    Some(all.into_iter().filter(about).collect())
}

fn on_node(pod: &Pod) -> bool {
    !is_finished(pod) && node_of(pod).is_some()
}

/// The node a pod is on.
pub(super) fn node_of(pod: &Pod) -> Option<&str> {
    pod.spec.as_ref()?.node_name.as_deref()
}

/// Whether a pod is in the same zone (or whatever the key says) as a node.
pub(super) fn shares(case: &Facts<'_>, key: &str, node: &Node, pod: &Pod) -> bool {
    let Some(place) = labels(node).get(key) else {
        return false;
    };
    let theirs = node_of(pod).and_then(|name| case.nodes.look("", name).found());
    theirs.is_some_and(|theirs| labels(theirs).get(key) == Some(place))
}

/// The pods whose presence keeps the pod away from a node, by its own rule or by theirs.
pub(super) fn repelling<'a>(case: &'a Facts<'a>, pod: &Pod, node: &Node) -> Option<Vec<&'a Pod>> {
    let mut found = Vec::new();
    for term in apart(pod) {
        let near = peers(case, pod, term)?;
        found.extend(
            near.into_iter()
                .filter(|it| shares(case, &term.topology_key, node, it)),
        );
    }
    found.extend(excluding(case, pod, node)?);
    Some(found)
}

/// The pods near a node that do not want the pod there.
pub(super) fn excluding<'a>(case: &'a Facts<'a>, pod: &Pod, node: &Node) -> Option<Vec<&'a Pod>> {
    let excludes = |other: &&Pod| {
        let namespace = other.metadata.namespace.as_deref().unwrap_or_default();
        on_node(other)
            && apart(other).iter().any(|term| {
                is_about(case, namespace, term, pod)
                    && shares(case, &term.topology_key, node, other)
            })
    };
    Some(
        case.pods_of_cluster()?
            .into_iter()
            .filter(excludes)
            .collect(),
    )
}

/// Whether every pod that has to be near is near the node. The first of a group that wants to be near
/// itself may go anywhere.
fn is_near(case: &Facts<'_>, pod: &Pod, node: &Node) -> Option<bool> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    for term in near(pod) {
        let all = peers(case, pod, term)?;
        let first = all.is_empty() && is_about(case, namespace, term, pod);
        if !first
            && !all
                .iter()
                .any(|it| shares(case, &term.topology_key, node, it))
        {
            return Some(false);
        }
    }
    Some(true)
}

/// The host ports a pod asks for.
pub(super) fn host_ports(spec: &PodSpec) -> Vec<&ContainerPort> {
    let init = spec.init_containers.iter().flatten();
    let sidecars = init.filter(|it| it.restart_policy.as_deref() == Some("Always"));
    let all = spec.containers.iter().chain(sidecars);
    all.flat_map(|container| container.ports.iter().flatten())
        .filter(|port| port.host_port.is_some_and(|port| port > 0))
        .collect()
}

/// The pod on the node that holds a host port which the pod asks for, and the port.
pub(super) fn holder<'a>(case: &'a Facts<'a>, pod: &Pod, node: &Node) -> Option<(&'a Pod, i32)> {
    let wanted = pod.spec.as_ref().map(host_ports)?;
    let all = case.pods_of_cluster()?;
    let mut here = all
        .into_iter()
        .filter(|other| !is_finished(other) && node_of(other) == Some(name(node)));
    here.find_map(|other| {
        let held = host_ports(other.spec.as_ref()?);
        let taken = wanted
            .iter()
            .find(|port| held.iter().any(|it| collide(it, port)))?;
        Some((other, taken.host_port?))
    })
}

fn collide(a: &ContainerPort, b: &ContainerPort) -> bool {
    let protocol = |port: &ContainerPort| port.protocol.clone().unwrap_or_else(|| "TCP".to_owned());
    let any = |ip: &str| ip.is_empty() || ip == "0.0.0.0";
    let ip = |port: &ContainerPort| port.host_ip.clone().unwrap_or_default();
    let (one, other) = (ip(a), ip(b));
    a.host_port == b.host_port
        && protocol(a) == protocol(b)
        && (any(&one) || any(&other) || one == other)
}

/// Whether a node would take the pod but for being cordoned: room, ports and other pods. `None` where
/// not every pod of the cluster is known.
pub(super) fn would_fit(case: &Facts<'_>, pod: &Pod, node: &Node) -> Option<bool> {
    case.pods_of_cluster()?;
    let room = wants(pod).into_iter().all(|resource| {
        let resource = Resource::named(resource);
        let asked = resource.requested(pod);
        let rooms = resource.rooms(case, &[node]);
        asked == 0
            || rooms
                .iter()
                .any(|room| room.free.is_some_and(|it| it >= asked))
    });
    let alone = repelling(case, pod, node)?.is_empty();
    Some(room && alone && is_near(case, pod, node)? && holder(case, pod, node).is_none())
}

/// Whether a node is large enough for the pod, were it empty.
pub(super) fn is_large_enough(pod: &Pod, node: &Node) -> bool {
    wants(pod).into_iter().all(|resource| {
        let resource = Resource::named(resource);
        let asked = resource.requested(pod);
        // What a node does not tell of itself is not held against it, but for what only some have.
        let common = ["cpu", "memory", "pods", "ephemeral-storage"].contains(&resource.name());
        match resource.allocatable(node) {
            Some(there) => there >= asked,
            None => asked == 0 || common,
        }
    })
}

/// The resources a pod asks for, by name; a place among the pods included.
pub(super) fn wants(pod: &Pod) -> Vec<&str> {
    let containers = pod.spec.iter().flat_map(|spec| {
        let init = spec.init_containers.iter().flatten();
        spec.containers.iter().chain(init)
    });
    let asked = containers
        .filter_map(|it| it.resources.as_ref())
        .flat_map(|it| it.requests.iter().chain(&it.limits).flatten())
        .map(|(name, _)| name.as_str());
    let mut all: Vec<&str> = asked.chain(["pods"]).collect();
    all.sort_unstable();
    all.dedup();
    all
}
