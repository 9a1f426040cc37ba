//! What the endpoints controllers do: from a Service's selector and the pods to the addresses
//! behind it, in both APIs.

use serde_json::{Value, json};

use super::app::suffix;
use super::control::{owner, ready};
use crate::sandbox::kube::Cluster;

/// Writes the addresses of one Service.
pub(super) fn reconcile(cluster: &Cluster, service: &Value, pods: &[Value]) {
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
