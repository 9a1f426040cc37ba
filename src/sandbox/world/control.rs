//! What the controllers of a cluster would do: derive workload status from pods, and make replica
//! sets and pods from templates.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::app::suffix;
use super::endpoints;
use super::pod::stamp;
use crate::sandbox::kube::{Cluster, uid};

/// Brings endpoints and workload status in line with the pods of a namespace.
pub fn settle(cluster: &Cluster, namespace: &str) {
    let pods = cluster.list("Pod", namespace);
    for service in cluster.list("Service", namespace) {
        if service["spec"]["selector"].is_object() {
            endpoints::reconcile(cluster, &service, &pods);
        }
    }
    for set in cluster.list("ReplicaSet", namespace) {
        let (total, ready) = count(&pods, &set);
        rewrite(cluster, "ReplicaSet", &set, |set| {
            set["status"] = json!({
                "replicas": total, "fullyLabeledReplicas": total, "readyReplicas": ready,
                "availableReplicas": ready, "observedGeneration": 1,
            });
        });
    }
    for deployment in cluster.list("Deployment", namespace) {
        deployment_status(cluster, &deployment, &pods);
    }
    for kind in ["StatefulSet", "DaemonSet"] {
        for workload in cluster.list(kind, namespace) {
            let (total, ready) = count(&pods, &workload);
            rewrite(cluster, kind, &workload, |object| {
                object["status"] = if kind == "StatefulSet" {
                    json!({
                        "replicas": total, "readyReplicas": ready, "availableReplicas": ready,
                        "currentReplicas": total, "updatedReplicas": total,
                    })
                } else {
                    json!({
                        "desiredNumberScheduled": total, "currentNumberScheduled": total,
                        "numberReady": ready, "numberAvailable": ready,
                        "numberUnavailable": total - ready, "updatedNumberScheduled": total,
                        "numberMisscheduled": 0,
                    })
                };
            });
        }
    }
}

pub(super) fn rewrite(
    cluster: &Cluster,
    kind: &str,
    object: &Value,
    change: impl FnOnce(&mut Value),
) {
    let text = |field: &str| object["metadata"][field].as_str().unwrap_or_default();
    cluster.update(kind, text("namespace"), text("name"), change);
}

pub(super) fn ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    conditions
        .into_iter()
        .flatten()
        .any(|c| c["type"] == "Ready" && c["status"] == "True")
}

/// Pods owned by an object: all, and ready ones.
fn count(pods: &[Value], owner: &Value) -> (usize, usize) {
    let uid = &owner["metadata"]["uid"];
    let own: Vec<&Value> = pods
        .iter()
        .filter(|pod| pod["metadata"]["ownerReferences"][0]["uid"] == *uid)
        .collect();
    (own.len(), own.iter().filter(|pod| ready(pod)).count())
}

fn deployment_status(cluster: &Cluster, deployment: &Value, pods: &[Value]) {
    let meta = &deployment["metadata"];
    let namespace = meta["namespace"].as_str().unwrap_or_default();
    let revision = &meta["annotations"]["deployment.kubernetes.io/revision"];
    let (mut total, mut up, mut updated) = (0, 0, 0);
    for set in cluster.list("ReplicaSet", namespace) {
        if set["metadata"]["ownerReferences"][0]["uid"] != meta["uid"] {
            continue;
        }
        let (pods, ready) = count(pods, &set);
        total += pods;
        up += ready;
        if set["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == *revision {
            updated = pods;
        }
    }
    let wanted = deployment["spec"]["replicas"].as_u64().unwrap_or(1);
    let wanted = usize::try_from(wanted).unwrap_or_default();
    // A quarter may be missing, rounded down, as in the rollout strategy.
    let available = up >= wanted - wanted / 4;
    let condition = |kind: &str, holds: bool, reasons: (&str, &str)| {
        json!({
            "type": kind, "status": if holds { "True" } else { "False" },
            "reason": if holds { reasons.0 } else { reasons.1 },
            "message": if holds { "" } else { "Deployment does not have minimum availability." },
            "lastUpdateTime": stamp(cluster.now()), "lastTransitionTime": stamp(cluster.now()),
        })
    };
    let reasons = ("MinimumReplicasAvailable", "MinimumReplicasUnavailable");
    rewrite(cluster, "Deployment", deployment, |object| {
        object["status"] = json!({
            "observedGeneration": object["metadata"]["generation"], "replicas": total,
            "updatedReplicas": updated, "readyReplicas": up, "availableReplicas": up,
            "unavailableReplicas": total.max(wanted) - up,
            "conditions": [
                condition("Available", available, reasons),
                condition("Progressing", true, ("NewReplicaSetAvailable", "")),
            ],
        });
    });
}

/// A controlling owner reference.
pub(crate) fn owner(kind: &str, namespace: &str, name: &str) -> Value {
    let version = match kind {
        "Job" | "CronJob" => "batch/v1",
        "Service" => "v1",
        _ => "apps/v1",
    };
    json!({
        "apiVersion": version, "kind": kind, "name": name, "uid": uid(kind, namespace, name),
        "controller": true, "blockOwnerDeletion": true,
    })
}

/// Creates the ReplicaSet of a revision. Returns its name.
pub(crate) fn replica_set(
    cluster: &Cluster,
    (namespace, deployment): (&str, &str),
    template: &Value,
    revision: (usize, usize),
    created: DateTime<Utc>,
) -> String {
    let hash = suffix(&template.to_string(), 10);
    let place = (namespace, deployment);
    named_replica_set(cluster, place, &hash, template, revision, created)
}

/// The same, of that hash.
pub(crate) fn named_replica_set(
    cluster: &Cluster,
    (namespace, deployment): (&str, &str),
    hash: &str,
    template: &Value,
    (revision, replicas): (usize, usize),
    created: DateTime<Utc>,
) -> String {
    let name = format!("{deployment}-{hash}");
    let mut template = template.clone();
    template["metadata"]["labels"]["pod-template-hash"] = hash.into();
    let labels = template["metadata"]["labels"].clone();
    cluster.put(json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {
            "namespace": namespace, "name": name, "labels": labels, "generation": 1,
            "creationTimestamp": stamp(created),
            "annotations": {
                "deployment.kubernetes.io/revision": revision.to_string(),
                "deployment.kubernetes.io/desired-replicas": replicas.to_string(),
            },
            "ownerReferences": [owner("Deployment", namespace, deployment)],
        },
        "spec": {
            "replicas": replicas, "template": template,
            "selector": { "matchLabels": { "app": labels["app"], "pod-template-hash": hash } },
        },
        "status": {},
    }));
    name
}

/// Creates a pod from its owner's template, without a status yet.
pub(crate) fn make_pod(
    cluster: &Cluster,
    (namespace, name): (&str, &str),
    (kind, owned_by): (&str, &str),
    node: &str,
    created: DateTime<Utc>,
) {
    let template = cluster
        .get(kind, namespace, owned_by)
        .map(|owner| owner["spec"]["template"].clone())
        .unwrap_or_default();
    let mut spec = template["spec"].clone();
    spec["nodeName"] = node.into();
    let generate = format!("{owned_by}-");
    cluster.put(json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "namespace": namespace, "name": name, "generateName": generate,
            "labels": template["metadata"]["labels"], "creationTimestamp": stamp(created),
            "ownerReferences": [owner(kind, namespace, owned_by)],
        },
        "spec": spec, "status": {},
    }));
}
