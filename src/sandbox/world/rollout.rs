//! Rollouts as the Deployment and StatefulSet controllers end them, and pods that start when what
//! they waited for appears.

use serde_json::Value;

use super::app::suffix;
use super::build::{Build, WORKERS};
use super::control::{replica_set, rewrite, settle};
use super::event::Note;
use super::pod::PodState;
use crate::sandbox::kube::{Cluster, uid};

/// Changes a workload's pod template and rolls it out to the end: a new revision whose pods run
/// and are ready, the old ones gone. Returns the new pods.
pub fn roll_out(
    cluster: &Cluster,
    kind: &str,
    (namespace, name): (&str, &str),
    change: impl FnOnce(&mut Value),
) -> Vec<String> {
    let build = Build::new(cluster);
    let Some(mut workload) = cluster.get(kind, namespace, name) else {
        return Vec::new();
    };
    change(&mut workload["spec"]["template"]);
    let generation = workload["metadata"]["generation"].as_u64().unwrap_or(1) + 1;
    workload["metadata"]["generation"] = generation.into();
    let annotations = &mut workload["metadata"]["annotations"];
    let revision = annotations["deployment.kubernetes.io/revision"]
        .as_str()
        .and_then(|r| r.parse::<usize>().ok())
        .unwrap_or(1)
        + 1;
    annotations["deployment.kubernetes.io/revision"] = revision.to_string().into();
    let template = workload["spec"]["template"].clone();
    let replicas = workload["spec"]["replicas"].as_u64().unwrap_or(1);
    let replicas = usize::try_from(replicas).unwrap_or(1);
    cluster.put(workload);
    let old = remove_pods(cluster, kind, namespace, name);
    let (owner, pods) = if kind == "Deployment" {
        let place = (namespace, name);
        let set = replica_set(cluster, place, &template, (revision, replicas), build.now);
        let named = |n| format!("{set}-{}", suffix(&format!("{set}{n}"), 5));
        let pods = (0..replicas).map(named).collect();
        (("ReplicaSet", set), pods)
    } else {
        ((kind, name.to_owned()), old)
    };
    for (number, pod) in pods.iter().enumerate() {
        let state = PodState::healthy(build.now);
        build.pod((namespace, pod), (owner.0, &owner.1), number, &state);
    }
    if kind == "Deployment" {
        let message = format!("Scaled up replica set {} from 0 to {replicas}", owner.1);
        let note = Note::warning("ScalingReplicaSet", &message, chrono::TimeDelta::zero())
            .normal()
            .by("deployment-controller");
        build.event((kind, namespace, name), &note);
    }
    settle(cluster, namespace);
    pods
}

/// Removes a workload's pods and scales its replica sets to none. Returns the pods' names.
fn remove_pods(cluster: &Cluster, kind: &str, namespace: &str, name: &str) -> Vec<String> {
    let mut owners = vec![uid(kind, namespace, name)];
    for set in cluster.list("ReplicaSet", namespace) {
        if set["metadata"]["ownerReferences"][0]["uid"] == owners[0].as_str() {
            owners.extend(set["metadata"]["uid"].as_str().map(str::to_owned));
            rewrite(cluster, "ReplicaSet", &set, |set| {
                set["spec"]["replicas"] = 0.into();
                set["metadata"]["annotations"]["deployment.kubernetes.io/desired-replicas"] =
                    "0".into();
            });
        }
    }
    let mut gone = Vec::new();
    for pod in cluster.list("Pod", namespace) {
        let owner = pod["metadata"]["ownerReferences"][0]["uid"].as_str();
        let pod = pod["metadata"]["name"].as_str().unwrap_or_default();
        if owner.is_some_and(|uid| owners.iter().any(|o| o == uid)) {
            cluster.delete("Pod", namespace, pod);
            gone.push(pod.to_owned());
        }
    }
    gone
}

/// Makes every waiting pod of a workload run, as when what it waited for appears.
pub fn start_waiting(cluster: &Cluster, namespace: &str, app: &str) {
    let build = Build::new(cluster);
    for pod in cluster.list("Pod", namespace) {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        let waits = pod["status"]["phase"] == "Pending"
            || pod["status"]["containerStatuses"][0]["state"]["waiting"].is_object();
        if pod["metadata"]["labels"]["app"] == app && waits {
            if pod["spec"]["nodeName"].is_null() {
                cluster.update("Pod", namespace, name, |pod| {
                    pod["spec"]["nodeName"] = WORKERS[0].0.into();
                });
            }
            build.set_state(namespace, name, &PodState::healthy(build.now));
        }
    }
    settle(cluster, namespace);
}
