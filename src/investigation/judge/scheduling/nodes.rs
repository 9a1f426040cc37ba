//! What a node offers a pod: taints, labels, room. The rules are the scheduler's.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Node, NodeSelectorRequirement, NodeSelectorTerm, PersistentVolume, Pod, PodSpec, Taint,
    Toleration,
};

/// Taints of nodes that run the cluster itself.
const CONTROL_PLANE: [&str; 2] = [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
];
/// Taints by which Kubernetes marks nodes in trouble or cordoned.
const CONDITION: &str = "node.kubernetes.io/";
/// Labels that say where a node or a volume is.
pub(super) const PLACES: [&str; 4] = [
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
];

/// Name of a node.
pub(super) fn name(node: &Node) -> &str {
    node.metadata.name.as_deref().unwrap_or_default()
}

/// A taint that keeps the pod away: one that a person set before one that marks the node's condition.
pub(super) fn untolerated<'a>(node: &'a Node, spec: &PodSpec) -> Option<&'a Taint> {
    let taints = node.spec.as_ref()?.taints.as_ref()?;
    let tolerations: Vec<&Toleration> = spec.tolerations.iter().flatten().collect();
    let keeping = taints.iter().filter(|taint| {
        taint.effect != "PreferNoSchedule" && !tolerations.iter().any(|it| tolerates(it, taint))
    });
    keeping.min_by_key(|taint| is_condition(&taint.key))
}

fn tolerates(toleration: &Toleration, taint: &Taint) -> bool {
    let effect = toleration.effect.as_deref().unwrap_or_default();
    if !effect.is_empty() && effect != taint.effect {
        return false;
    }
    let key = toleration.key.as_deref().unwrap_or_default();
    let exists = toleration.operator.as_deref() == Some("Exists");
    if key.is_empty() {
        return exists;
    }
    let value = toleration.value.as_deref().unwrap_or_default();
    key == taint.key && (exists || value == taint.value.as_deref().unwrap_or_default())
}

/// Whether the taint is of the control plane.
pub(super) fn is_control_plane(taint: &Taint) -> bool {
    CONTROL_PLANE.contains(&taint.key.as_str())
}

/// Whether Kubernetes put the taint there because of the node's condition, or `kubectl cordon` did.
pub(super) fn is_condition(key: &str) -> bool {
    key.starts_with(CONDITION)
}

/// Whether the node is meant to take no new pod: cordoned.
pub(super) fn is_cordoned(node: &Node) -> bool {
    node.spec.as_ref().and_then(|spec| spec.unschedulable) == Some(true)
}

/// Whether the node's kubelet does not answer or is not ready, by its taints.
pub(super) fn is_down(node: &Node) -> bool {
    let down = [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ];
    let taints = node
        .spec
        .iter()
        .flat_map(|spec| spec.taints.iter().flatten());
    taints
        .into_iter()
        .any(|taint| down.contains(&taint.key.as_str()))
}

/// Whether the volume can be reached from the node: its node affinity, and its zone labels, which the
/// cloud providers' old volumes have instead (`VolumeZone` in `pkg/scheduler/framework/plugins`).
pub(super) fn reaches(node: &Node, volume: &PersistentVolume) -> bool {
    let affinity = volume
        .spec
        .as_ref()
        .and_then(|spec| spec.node_affinity.as_ref()?.required.as_ref());
    let by_affinity = affinity.is_none_or(|required| {
        required
            .node_selector_terms
            .iter()
            .any(|term| fits(node, term))
    });
    by_affinity && in_zone(node, volume)
}

fn in_zone(node: &Node, volume: &PersistentVolume) -> bool {
    let of_volume = volume.metadata.labels.iter().flatten();
    of_volume
        .filter(|(key, _)| PLACES.contains(&key.as_str()))
        // Several zones of one volume are written `a__b`.
        .all(|(key, zones)| {
            labels(node)
                .get(key)
                .is_none_or(|zone| zones.split("__").any(|one| one == zone))
        })
}

/// Whether the node's labels are those the pod's `nodeSelector` asks for.
pub(super) fn is_selected(node: &Node, spec: &PodSpec) -> bool {
    let wanted = spec.node_selector.iter().flatten();
    let labels = labels(node);
    wanted
        .into_iter()
        .all(|(key, value)| labels.get(key) == Some(value))
}

/// The terms of the pod's required node affinity, one of which a node has to satisfy.
pub(super) fn affinity_terms(pod: &Pod) -> Option<&[NodeSelectorTerm]> {
    let affinity = pod.spec.as_ref()?.affinity.as_ref()?;
    let required = affinity
        .node_affinity
        .as_ref()?
        .required_during_scheduling_ignored_during_execution
        .as_ref()?;
    Some(&required.node_selector_terms)
}

/// Whether the node satisfies the pod's required node affinity.
pub(super) fn has_affinity(node: &Node, pod: &Pod) -> bool {
    affinity_terms(pod).is_none_or(|terms| terms.iter().any(|term| fits(node, term)))
}

/// Whether the node satisfies a term: all of its expressions. An empty term selects nothing.
pub(super) fn fits(node: &Node, term: &NodeSelectorTerm) -> bool {
    let labels = labels(node);
    let by_label = term.match_expressions.iter().flatten();
    let by_field = term.match_fields.iter().flatten();
    by_label
        .into_iter()
        .all(|it| holds(it, labels.get(&it.key).map(String::as_str)))
        && by_field.into_iter().all(|it| holds(it, Some(name(node))))
}

/// Whether one expression holds for the value a node has.
pub(super) fn holds(requirement: &NodeSelectorRequirement, value: Option<&str>) -> bool {
    let values = requirement.values.as_deref().unwrap_or_default();
    let listed = value.is_some_and(|value| values.iter().any(|it| it == value));
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i64>().ok());
    let bound = number(values.first().map(String::as_str));
    match requirement.operator.as_str() {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => number(value) > bound && bound.is_some(),
        "Lt" => number(value).is_some() && number(value) < bound,
        _ => false,
    }
}

/// A node's labels.
pub(super) fn labels(node: &Node) -> &BTreeMap<String, String> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    node.metadata.labels.as_ref().unwrap_or(&NONE)
}

/// The values nodes carry for a label, each once.
pub(super) fn values<'a>(nodes: &[&'a Node], key: &str) -> Vec<&'a str> {
    let mut values: Vec<&str> = nodes
        .iter()
        .filter_map(|node| node.metadata.labels.as_ref()?.get(key))
        .map(String::as_str)
        .collect();
    values.sort_unstable();
    values.dedup();
    values
}
