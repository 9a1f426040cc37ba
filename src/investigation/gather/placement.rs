//! What is on the nodes, and who pushed whom off them: read when a pod waits for a node.

use futures::join;
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::api::ListParams;

use super::Reader;
use crate::investigation::case::{Area, Case};

/// In larger clusters the pods of all nodes are too much for what they tell.
const MANY_NODES: usize = 200;

/// Every pod that is on a node, and the preemptions in the namespaces of the pods that wait.
pub async fn placement(reader: &Reader, case: &mut Case) {
    let mut namespaces: Vec<String> = case
        .pods
        .iter()
        .filter(|pod| waits(pod))
        .filter_map(|pod| pod.metadata.namespace.clone())
        .collect();
    namespaces.sort();
    namespaces.dedup();
    namespaces.truncate(2);
    if namespaces.is_empty() {
        return;
    }
    let there = case.pods_of_cluster().is_some() || case.nodes.len() > MANY_NODES;
    let running = ListParams::default().fields("status.phase!=Succeeded,status.phase!=Failed");
    let preempted = ListParams::default().fields("reason=Preempted");
    let (pods, events) = join!(
        async {
            if there {
                return None;
            }
            let read = reader.list::<Pod>("pods", None, running, Area::Cluster);
            Some(read.await)
        },
        reader.list_all::<Event>("events", &namespaces, preempted),
    );
    // What could not be read here is no gap: the scheduler's words stand in.
    if let Some(pods) = pods.filter(super::reader::Batch::worked) {
        pods.shelve(&mut case.neighbours);
    }
    for events in events.into_iter().filter(super::reader::Batch::worked) {
        events.shelve_named(&mut case.events);
    }
}

/// Whether the scheduler looked at the pod and found no node.
fn waits(pod: &Pod) -> bool {
    let placed = pod
        .spec
        .as_ref()
        .is_some_and(|spec| spec.node_name.is_some());
    let conditions = pod
        .status
        .iter()
        .flat_map(|status| status.conditions.iter().flatten());
    let mut unschedulable = conditions.filter(|condition| {
        condition.type_ == "PodScheduled" && condition.reason.as_deref() == Some("Unschedulable")
    });
    !placed && unschedulable.next().is_some()
}

/// Whether it waits and mounts a claim.
pub(super) fn waits_with_claim(pod: &Pod) -> bool {
    let volumes = pod
        .spec
        .iter()
        .flat_map(|spec| spec.volumes.iter().flatten());
    let mut claims = volumes.filter(|it| it.persistent_volume_claim.is_some());
    waits(pod) && claims.next().is_some()
}
