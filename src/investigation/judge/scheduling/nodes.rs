//! What a node offers a pod: taints, labels, room. The rules are the scheduler's.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Node, NodeSelectorRequirement, NodeSelectorTerm, Pod, PodSpec, Taint, Toleration,
};

/// Taints of nodes that run the cluster itself.
const CONTROL_PLANE: [&str; 2] = [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
];
/// Taints by which Kubernetes marks nodes in trouble or cordoned.
const CONDITION: &str = "node.kubernetes.io/";

/// Name of a node.
pub(super) fn name(node: &Node) -> &str {
    node.metadata.name.as_deref().unwrap_or_default()
}

/// The first taint that keeps the pod away.
pub(super) fn untolerated<'a>(node: &'a Node, spec: &PodSpec) -> Option<&'a Taint> {
    let taints = node.spec.as_ref()?.taints.as_ref()?;
    let tolerations: Vec<&Toleration> = spec.tolerations.iter().flatten().collect();
    taints.iter().find(|taint| {
        taint.effect != "PreferNoSchedule" && !tolerations.iter().any(|it| tolerates(it, taint))
    })
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

/// Whether the node is in trouble or cordoned, by its taints.
pub(super) fn is_out(node: &Node) -> bool {
    let taints = node
        .spec
        .iter()
        .flat_map(|spec| spec.taints.iter().flatten());
    is_cordoned(node) || taints.into_iter().any(|taint| is_condition(&taint.key))
}

/// Whether the node's labels are those the pod's `nodeSelector` asks for.
pub(super) fn is_selected(node: &Node, spec: &PodSpec) -> bool {
    let wanted = spec.node_selector.iter().flatten();
    let labels = labels(node);
    wanted
        .into_iter()
        .all(|(key, value)| labels.get(key) == Some(value))
}

/// Whether the node satisfies the pod's required node affinity.
pub(super) fn has_affinity(node: &Node, pod: &Pod) -> bool {
    let affinity = pod.spec.as_ref().and_then(|spec| spec.affinity.as_ref());
    let required = affinity
        .and_then(|affinity| affinity.node_affinity.as_ref())
        .and_then(|it| {
            it.required_during_scheduling_ignored_during_execution
                .as_ref()
        });
    required.is_none_or(|required| {
        required
            .node_selector_terms
            .iter()
            .any(|term| fits(node, term))
    })
}

fn fits(node: &Node, term: &NodeSelectorTerm) -> bool {
    let labels = labels(node);
    let by_label = term.match_expressions.iter().flatten();
    let by_field = term.match_fields.iter().flatten();
    by_label
        .into_iter()
        .all(|it| holds(it, labels.get(&it.key).map(String::as_str)))
        && by_field.into_iter().all(|it| holds(it, Some(name(node))))
}

fn holds(requirement: &NodeSelectorRequirement, value: Option<&str>) -> bool {
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

fn labels(node: &Node) -> &BTreeMap<String, String> {
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
