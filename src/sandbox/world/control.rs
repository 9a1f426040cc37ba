//! What the controllers of a cluster would do: derive endpoints and workload status from pods,
//! and roll out a changed template.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::app::suffix;
use super::build::{Build, Note, WORKERS};
use super::pod::{PodState, stamp};
use crate::sandbox::kube::{Cluster, uid};

/// Brings endpoints and workload status in line with the pods of a namespace.
pub fn settle(cluster: &Cluster, namespace: &str) {
    let pods = cluster.list("Pod", namespace);
    for service in cluster.list("Service", namespace) {
        if service["spec"]["selector"].is_object() {
            endpoints(cluster, &service, &pods);
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

fn rewrite(cluster: &Cluster, kind: &str, object: &Value, change: impl FnOnce(&mut Value)) {
    let text = |field: &str| object["metadata"][field].as_str().unwrap_or_default();
    cluster.update(kind, text("namespace"), text("name"), change);
}

fn ready(pod: &Value) -> bool {
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

fn endpoints(cluster: &Cluster, service: &Value, pods: &[Value]) {
    let meant = |pod: &&Value| {
        let labels = &pod["metadata"]["labels"];
        let selector = service["spec"]["selector"].as_object();
        let running = pod["status"]["podIP"].is_string() && pod["status"]["phase"] != "Succeeded";
        running && selector.is_some_and(|s| s.iter().all(|(k, v)| labels[k] == *v))
    };
    let backends: Vec<&Value> = pods.iter().filter(meant).collect();
    let ports = ports(service, backends.first().copied());
    slice(cluster, &service["metadata"], &backends, &ports);
    old_endpoints(cluster, &service["metadata"], &backends, &ports);
}

fn reference(pod: &Value) -> Value {
    let meta = &pod["metadata"];
    json!({ "kind": "Pod", "namespace": meta["namespace"], "name": meta["name"], "uid": meta["uid"] })
}

fn slice(cluster: &Cluster, service: &Value, backends: &[&Value], ports: &[Value]) {
    let text = |field: &str| service[field].as_str().unwrap_or_default();
    let (namespace, name) = (text("namespace"), text("name"));
    let endpoint = |pod: &&Value| {
        json!({
            "addresses": [pod["status"]["podIP"]], "nodeName": pod["spec"]["nodeName"],
            "targetRef": reference(pod),
            "conditions": { "ready": ready(pod), "serving": ready(pod), "terminating": false },
        })
    };
    cluster.put(json!({
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
        "metadata": {
            "namespace": namespace, "name": format!("{name}-{}", suffix(name, 5)),
            "labels": {
                "kubernetes.io/service-name": name,
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            },
            "ownerReferences": [owner("Service", namespace, name)],
            "creationTimestamp": service["creationTimestamp"],
        },
        "addressType": "IPv4", "ports": ports,
        "endpoints": backends.iter().map(endpoint).collect::<Vec<_>>(),
    }));
}

fn old_endpoints(cluster: &Cluster, service: &Value, backends: &[&Value], ports: &[Value]) {
    let addresses = |wanted: bool| -> Vec<Value> {
        backends
            .iter()
            .filter(|pod| ready(pod) == wanted)
            .map(|pod| json!({ "ip": pod["status"]["podIP"], "targetRef": reference(pod) }))
            .collect()
    };
    let mut subset = json!({ "ports": ports });
    for (field, wanted) in [("addresses", true), ("notReadyAddresses", false)] {
        let list = addresses(wanted);
        if !list.is_empty() {
            subset[field] = list.into();
        }
    }
    let subsets = if backends.is_empty() {
        json!([])
    } else {
        json!([subset])
    };
    cluster.put(json!({
        "apiVersion": "v1", "kind": "Endpoints",
        "metadata": { "namespace": service["namespace"], "name": service["name"] },
        "subsets": subsets,
    }));
}

/// The Service's ports as numbers on the pods; a name that no container port has is left out.
fn ports(service: &Value, backend: Option<&Value>) -> Vec<Value> {
    let listed = service["spec"]["ports"].as_array();
    listed
        .into_iter()
        .flatten()
        .filter_map(|port| {
            let number = match &port["targetPort"] {
                Value::String(name) => backend?["spec"]["containers"]
                    .as_array()?
                    .iter()
                    .filter_map(|container| container["ports"].as_array())
                    .flatten()
                    .find(|p| p["name"] == name.as_str())?["containerPort"]
                    .clone(),
                Value::Null => port["port"].clone(),
                number => number.clone(),
            };
            Some(json!({ "name": port["name"], "port": number, "protocol": port["protocol"] }))
        })
        .collect()
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
    (revision, replicas): (usize, usize),
    created: DateTime<Utc>,
) -> String {
    let hash = suffix(&template.to_string(), 10);
    let name = format!("{deployment}-{hash}");
    let mut template = template.clone();
    template["metadata"]["labels"]["pod-template-hash"] = hash.as_str().into();
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
    (node, _): (&str, &str),
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
