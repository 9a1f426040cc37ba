//! The nodes, sieved as the scheduler sieves them: which carry the labels the pod asks for, from which
//! its volumes can be reached, which no taint keeps for others, which take pods at all.

use k8s_openapi::api::core::v1::{Node, PersistentVolume, PersistentVolumeClaim, Pod};

use super::claims::{claims_of, volume_of};
use super::nodes::{
    affinity_terms, has_affinity, is_condition, is_control_plane, is_cordoned, is_down,
    is_selected, reaches, untolerated,
};
use crate::investigation::case::Facts;

/// Labels by which nodes have roles.
const ROLE: &str = "node-role.kubernetes.io/";

/// Each step keeps some of the nodes of the step before.
pub(super) struct Sieve<'a> {
    /// Every node.
    pub(super) all: Vec<&'a Node>,
    /// Without control planes, unless the pod is made for them or there is nothing else.
    pub(super) workers: Vec<&'a Node>,
    /// With the labels the pod selects and requires.
    pub(super) labelled: Vec<&'a Node>,
    /// From which every bound volume can be reached.
    pub(super) reaching: Vec<&'a Node>,
    /// That no taint keeps for others: meant for the pod.
    pub(super) meant: Vec<&'a Node>,
    /// Cordoned ones among those that are in order otherwise.
    pub(super) cordoned: Vec<&'a Node>,
    /// Nodes in trouble among those meant for the pod.
    pub(super) down: Vec<&'a Node>,
    /// That take pods: what keeps the pod away from them is room, ports or other pods.
    pub(super) ready: Vec<&'a Node>,
    /// The bound volumes of the pod that are tied to some nodes, with their claims.
    pub(super) volumes: Vec<(&'a PersistentVolumeClaim, &'a PersistentVolume)>,
}

impl<'a> Sieve<'a> {
    /// Sieves the nodes for a pod. Some nodes say nothing about the rest: empty unless all were read.
    pub(super) fn of(case: &'a Facts<'a>, pod: &Pod) -> Self {
        let all_known = case.nodes.knows("");
        let all: Vec<&Node> = case.nodes.iter().filter(|_| all_known).collect();
        let volumes = tied(case, pod);
        let spec = pod.spec.clone().unwrap_or_default();
        let keep = |of: &[&'a Node], keeps: &dyn Fn(&Node) -> bool| -> Vec<&'a Node> {
            of.iter().filter(|node| keeps(node)).copied().collect()
        };
        let workers = workers(&all, pod);
        let labelled = keep(&workers, &|node| {
            is_selected(node, &spec) && has_affinity(node, pod)
        });
        let reaching = keep(&labelled, &|node| {
            volumes.iter().all(|(_, volume)| reaches(node, volume))
        });
        let meant = keep(&reaching, &|node| {
            untolerated(node, &spec).is_none_or(|taint| is_condition(&taint.key))
        });
        let troubled = |node: &Node| {
            let taint = untolerated(node, &spec);
            taint.is_some_and(|taint| taint.key != "node.kubernetes.io/unschedulable")
        };
        // `kubectl cordon` sets the field, and the controller adds the taint, which the pod may tolerate.
        let shut = |node: &Node| is_cordoned(node) && !tolerates_cordon(&spec);
        let down = keep(&meant, &|node| {
            is_down(node) || (troubled(node) && !shut(node))
        });
        let cordoned = keep(&meant, &|node| shut(node) && !is_down(node));
        let ready = keep(&meant, &|node| {
            !shut(node) && !is_down(node) && untolerated(node, &spec).is_none()
        });
        Self {
            all,
            workers,
            labelled,
            reaching,
            meant,
            cordoned,
            down,
            ready,
            volumes,
        }
    }
}

/// The nodes that are not the control plane's. A pod that tolerates its taint or selects nodes by their role
/// is made for it.
fn workers<'a>(all: &[&'a Node], pod: &Pod) -> Vec<&'a Node> {
    let spec = pod.spec.clone().unwrap_or_default();
    let selects = spec.node_selector.iter().flatten();
    let terms = affinity_terms(pod).unwrap_or_default();
    let requires = terms
        .iter()
        .flat_map(|term| term.match_expressions.iter().flatten());
    let by_role = selects
        .map(|(key, _)| key)
        .chain(requires.map(|it| &it.key))
        .any(|key| key.starts_with(ROLE));
    let reserved = |node: &Node| {
        let taint = untolerated(node, &spec);
        taint.is_some_and(is_control_plane)
    };
    let open: Vec<&Node> = all.iter().filter(|node| !reserved(node)).copied().collect();
    if by_role || open.is_empty() {
        all.to_vec()
    } else {
        open
    }
}

/// Daemons tolerate the taint of a cordoned node, and the scheduler places them there.
fn tolerates_cordon(spec: &k8s_openapi::api::core::v1::PodSpec) -> bool {
    spec.tolerations.iter().flatten().any(|toleration| {
        let key = toleration.key.as_deref().unwrap_or_default();
        let exists = toleration.operator.as_deref() == Some("Exists");
        let effect = toleration.effect.as_deref().unwrap_or("NoSchedule");
        effect == "NoSchedule"
            && (key == "node.kubernetes.io/unschedulable" || (key.is_empty() && exists))
    })
}

/// The bound claims of a pod with their volumes.
fn tied<'a>(
    case: &'a Facts<'a>,
    pod: &Pod,
) -> Vec<(&'a PersistentVolumeClaim, &'a PersistentVolume)> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let bound = |claim: &String| {
        let claim = case.claims.look(namespace, claim).found()?;
        Some((claim, volume_of(case, claim)?))
    };
    claims_of(pod).iter().filter_map(bound).collect()
}
