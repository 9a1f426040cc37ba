//! Namespaces and nodes: one control plane, three workers of four cores.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::build::{Build, WORKERS};
use super::pod::stamp;

/// What a worker can give to pods.
const ALLOCATABLE: (&str, &str) = ("3920m", "15013944Ki");

/// Creates them.
pub(crate) fn install(build: Build<'_>) {
    for name in [
        "default",
        "kube-system",
        "monitoring",
        "production",
        "staging",
    ] {
        build.namespace(name);
    }
    let taint = json!([{ "key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule" }]);
    node(build, ("control-plane-1", "10.0.0.10"), Some(taint));
    for worker in WORKERS {
        node(build, worker, None);
    }
}

fn node(build: Build<'_>, (name, address): (&str, &str), taints: Option<Value>) {
    let since = stamp(build.ago(TimeDelta::days(120)));
    let beat = stamp(build.ago(TimeDelta::seconds(20)));
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({
            "type": kind, "status": status, "reason": reason, "message": message,
            "lastHeartbeatTime": beat, "lastTransitionTime": since,
        })
    };
    let mut labels = json!({
        "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/zone": "eu-west-1a",
    });
    let mut spec = json!({ "podCIDR": "10.244.0.0/24" });
    if let Some(taints) = taints {
        labels["node-role.kubernetes.io/control-plane"] = "".into();
        spec["taints"] = taints;
    }
    build.cluster.put(json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": { "name": name, "labels": labels, "creationTimestamp": since },
        "spec": spec,
        "status": {
            "capacity": { "cpu": "4", "memory": "16316408Ki", "pods": "110", "ephemeral-storage": "103079844Ki" },
            "allocatable": {
                "cpu": ALLOCATABLE.0, "memory": ALLOCATABLE.1, "pods": "110",
                "ephemeral-storage": "94998384074",
            },
            "conditions": [
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
            ],
            "addresses": [
                { "type": "InternalIP", "address": address }, { "type": "Hostname", "address": name },
            ],
            "nodeInfo": {
                "kubeletVersion": "v1.34.1", "osImage": "Debian GNU/Linux 12 (bookworm)",
                "kernelVersion": "6.1.0-40-amd64", "containerRuntimeVersion": "containerd://2.1.4",
                "architecture": "amd64", "operatingSystem": "linux",
            },
        },
    }));
    build.cluster.put(json!({
        "apiVersion": "metrics.k8s.io/v1beta1", "kind": "NodeMetrics",
        "metadata": { "name": name }, "timestamp": beat, "window": "20s",
        "usage": { "cpu": "812345678n", "memory": "5213944Ki" },
    }));
}
