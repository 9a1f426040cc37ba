//! Objects out of descriptions: a workload becomes its Deployment, replica sets, pods and Service,
//! as if it had been rolled out long ago; scenarios then change what is wrong.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::app::{App, suffix};
use super::control;
use super::pod::{self, PodState, stamp};
use crate::sandbox::kube::{Cluster, uid};

/// Name and address of the worker nodes.
pub(crate) const WORKERS: [(&str, &str); 3] = [
    ("worker-1", "10.0.0.11"),
    ("worker-2", "10.0.0.12"),
    ("worker-3", "10.0.0.13"),
];

/// Puts things into a cluster, with times relative to `now`.
#[derive(Clone, Copy, Debug)]
pub struct Build<'a> {
    /// Where.
    pub cluster: &'a Cluster,
    /// The moment the scenario shows.
    pub now: DateTime<Utc>,
}

impl<'a> Build<'a> {
    /// Builds as of the sandbox clock's now.
    #[must_use]
    pub fn new(cluster: &'a Cluster) -> Self {
        let now = cluster.now();
        Self { cluster, now }
    }

    /// That long before now.
    #[must_use]
    pub fn ago(&self, ago: TimeDelta) -> DateTime<Utc> {
        self.now - ago
    }

    /// Installs a workload, all of it healthy. Returns the pods' names.
    #[must_use]
    pub fn install(&self, app: &App) -> Vec<String> {
        self.service_account(app);
        let (image, age) = app
            .revisions
            .last()
            .cloned()
            .unwrap_or_else(|| (String::new(), TimeDelta::zero()));
        let template = app.template(&image);
        self.workload(app, &template);
        let pods = match app.kind {
            "Deployment" => self.replica_sets(app, self.ago(age)),
            "StatefulSet" => self.numbered(app, &template, self.ago(age)),
            _ => self.one_per_node(app, &template, self.ago(age)),
        };
        if app.service {
            self.service(
                &app.namespace,
                &app.name,
                &app.selector(),
                app.port,
                app.port,
            );
        }
        control::settle(self.cluster, &app.namespace);
        pods
    }

    fn service_account(&self, app: &App) {
        self.cluster.put(json!({
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": { "namespace": app.namespace, "name": app.name },
        }));
    }

    fn workload(&self, app: &App, template: &Value) {
        let oldest = app.revisions.first().map_or(TimeDelta::zero(), |r| r.1);
        let revision = app.revisions.len().to_string();
        let mut spec = json!({
            "selector": { "matchLabels": app.selector() }, "template": template,
            "revisionHistoryLimit": 10,
        });
        match app.kind {
            "Deployment" => {
                spec["replicas"] = app.replicas.into();
                spec["progressDeadlineSeconds"] = 600.into();
                spec["strategy"] = json!({
                    "type": "RollingUpdate",
                    "rollingUpdate": { "maxSurge": "25%", "maxUnavailable": "25%" },
                });
            }
            "StatefulSet" => {
                spec["replicas"] = app.replicas.into();
                spec["serviceName"] = app.name.as_str().into();
                spec["podManagementPolicy"] = "OrderedReady".into();
                spec["updateStrategy"] = json!({ "type": "RollingUpdate" });
            }
            _ => spec["updateStrategy"] = json!({ "type": "RollingUpdate" }),
        }
        self.cluster.put(json!({
            "apiVersion": "apps/v1", "kind": app.kind,
            "metadata": {
                "namespace": app.namespace, "name": app.name, "labels": app.release_labels(),
                "generation": app.revisions.len(),
                "creationTimestamp": stamp(self.ago(oldest)),
                "annotations": {
                    "deployment.kubernetes.io/revision": revision,
                    "meta.helm.sh/release-name": app.name,
                    "meta.helm.sh/release-namespace": app.namespace,
                },
            },
            "spec": spec, "status": {},
        }));
    }

    fn replica_sets(&self, app: &App, started: DateTime<Utc>) -> Vec<String> {
        let current = app.revisions.len();
        let mut pods = Vec::new();
        for (at, (image, age)) in app.revisions.iter().enumerate() {
            let revision = at + 1;
            let replicas = if revision == current { app.replicas } else { 0 };
            let set = control::replica_set(
                self.cluster,
                (&app.namespace, &app.name),
                &app.template(image),
                (revision, replicas),
                self.ago(*age),
            );
            if revision == current {
                for number in 0..app.replicas {
                    let name = format!("{set}-{}", suffix(&format!("{set}{number}"), 5));
                    let place = (app.namespace.as_str(), name.as_str());
                    let owner = ("ReplicaSet", set.as_str());
                    self.pod(place, owner, number, &PodState::healthy(started));
                    pods.push(name);
                }
            }
        }
        pods
    }

    fn numbered(&self, app: &App, template: &Value, started: DateTime<Utc>) -> Vec<String> {
        let pods: Vec<String> = (0..app.replicas)
            .map(|n| format!("{}-{n}", app.name))
            .collect();
        self.direct(app, template, started, &pods);
        pods
    }

    fn one_per_node(&self, app: &App, template: &Value, started: DateTime<Utc>) -> Vec<String> {
        let name =
            |node: &str| format!("{}-{}", app.name, suffix(&format!("{}{node}", app.name), 5));
        let pods: Vec<String> = WORKERS.iter().map(|(node, _)| name(node)).collect();
        self.direct(app, template, started, &pods);
        pods
    }

    /// Pods that belong to the workload without a ReplicaSet between them, and the revision
    /// that their hash label names.
    fn direct(&self, app: &App, template: &Value, started: DateTime<Utc>, pods: &[String]) {
        let hash = suffix(&template.to_string(), 10);
        let (namespace, name) = (app.namespace.as_str(), app.name.as_str());
        let owner = control::owner(app.kind, namespace, name);
        self.cluster.put(json!({
            "apiVersion": "apps/v1", "kind": "ControllerRevision",
            "metadata": {
                "namespace": namespace, "name": format!("{name}-{hash}"), "labels": app.selector(),
                "ownerReferences": [owner], "creationTimestamp": stamp(started),
            },
            "revision": app.revisions.len(), "data": { "spec": { "template": template } },
        }));
        for (number, pod) in pods.iter().enumerate() {
            let place = (namespace, pod.as_str());
            self.pod(place, (app.kind, name), number, &PodState::healthy(started));
            self.cluster.update("Pod", namespace, pod, |pod| {
                pod["metadata"]["labels"]["controller-revision-hash"] =
                    format!("{name}-{hash}").into();
            });
        }
    }

    /// The workload object, its `ServiceAccount` and Service, without revisions and pods.
    pub(crate) fn objects_of(&self, app: &App, template: &Value) {
        self.service_account(app);
        self.workload(app, template);
        if app.service {
            let (namespace, name) = (&app.namespace, &app.name);
            self.service(namespace, name, &app.selector(), app.port, app.port);
        }
    }

    /// A revision of a Deployment by its hash: number and replicas. Returns the `ReplicaSet`'s name.
    pub(crate) fn revision(
        &self,
        app: &App,
        template: &Value,
        hash: &str,
        revision: (usize, usize),
        created: DateTime<Utc>,
    ) -> String {
        let place = (app.namespace.as_str(), app.name.as_str());
        control::named_replica_set(self.cluster, place, hash, template, revision, created)
    }

    /// A pod made from its owner's template on that node, without a state yet.
    pub(crate) fn pod_on(
        &self,
        place: (&str, &str),
        owner: (&str, &str),
        node: &str,
        created: DateTime<Utc>,
    ) {
        control::make_pod(self.cluster, place, owner, node, created);
    }

    /// A pod made from its owner's template, in that state, on the worker of that number.
    pub(crate) fn pod(
        &self,
        place: (&str, &str),
        owner: (&str, &str),
        number: usize,
        state: &PodState,
    ) {
        let since = match state {
            PodState::Running { since, .. } => *since,
            _ => self.now,
        };
        control::make_pod(self.cluster, place, owner, WORKERS[number % 3].0, since);
        self.set_state(place.0, place.1, state);
    }

    /// Puts an existing pod into that state. Call [`control::settle`] afterwards.
    pub fn set_state(&self, namespace: &str, pod: &str, state: &PodState) {
        let now = self.now;
        self.cluster.update("Pod", namespace, pod, |object| {
            let node = object["spec"]["nodeName"].as_str();
            let worker = WORKERS.iter().find(|(name, _)| Some(*name) == node);
            let address = worker.unwrap_or(&WORKERS[0]).1;
            let node = node.unwrap_or(WORKERS[0].0).to_owned();
            pod::apply(object, state, (&node, address), now);
        });
    }

    /// A Service with a cluster address.
    pub fn service(
        &self,
        namespace: &str,
        name: &str,
        selector: &Value,
        port: u16,
        target_port: impl Into<Value>,
    ) {
        let address = format!("10.96.{}.{}", name.len(), 1 + port % 250);
        self.cluster.put(json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": {
                "namespace": namespace, "name": name,
                "labels": { "app": name, "app.kubernetes.io/managed-by": "Helm" },
                "creationTimestamp": stamp(self.ago(TimeDelta::days(90))),
            },
            "spec": {
                "type": "ClusterIP", "clusterIP": address, "clusterIPs": [address],
                "sessionAffinity": "None", "ipFamilies": ["IPv4"], "selector": selector,
                "ports": [{
                    "name": "http", "port": port, "targetPort": target_port.into(),
                    "protocol": "TCP",
                }],
            },
            "status": { "loadBalancer": {} },
        }));
    }

    /// A namespace.
    pub fn namespace(&self, name: &str) {
        self.cluster.put(json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {
                "name": name, "labels": { "kubernetes.io/metadata.name": name },
                "creationTimestamp": stamp(self.ago(TimeDelta::days(400))),
            },
            "spec": { "finalizers": ["kubernetes"] }, "status": { "phase": "Active" },
        }));
    }

    /// A bound claim of the standard class, and its volume.
    pub fn claim(&self, namespace: &str, name: &str, size: &str) {
        let volume = format!("pvc-{}", uid("PersistentVolume", namespace, name));
        let modes = json!(["ReadWriteOnce"]);
        self.cluster.put(json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": { "namespace": namespace, "name": name },
            "spec": {
                "accessModes": modes, "storageClassName": "standard", "volumeName": volume,
                "resources": { "requests": { "storage": size } },
            },
            "status": { "phase": "Bound", "accessModes": modes, "capacity": { "storage": size } },
        }));
        self.cluster.put(json!({
            "apiVersion": "v1", "kind": "PersistentVolume",
            "metadata": { "name": volume },
            "spec": {
                "accessModes": modes, "storageClassName": "standard",
                "capacity": { "storage": size }, "persistentVolumeReclaimPolicy": "Delete",
                "claimRef": { "kind": "PersistentVolumeClaim", "namespace": namespace, "name": name },
            },
            "status": { "phase": "Bound" },
        }));
    }

    /// The pods of the workload of that name.
    #[must_use]
    pub fn pods(&self, namespace: &str, app: &str) -> Vec<String> {
        let all = self.cluster.list("Pod", namespace);
        all.iter()
            .filter(|pod| pod["metadata"]["labels"]["app"] == app)
            .filter_map(|pod| pod["metadata"]["name"].as_str().map(str::to_owned))
            .collect()
    }

    /// A ConfigMap.
    pub fn config_map(&self, namespace: &str, name: &str, data: &Value) {
        self.cluster.put(json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": { "namespace": namespace, "name": name },
            "data": data,
        }));
    }

    /// What metrics-server says a pod uses: CPU and memory.
    pub fn pod_metrics(&self, namespace: &str, pod: &str, usage: (&str, &str)) {
        let usage = json!({ "cpu": usage.0, "memory": usage.1 });
        self.usage(namespace, pod, &[json!({ "name": "app", "usage": usage })]);
    }

    /// What metrics-server says of each container of a pod.
    pub(crate) fn usage(&self, namespace: &str, pod: &str, containers: &[Value]) {
        let labels = self
            .cluster
            .get("Pod", namespace, pod)
            .map(|pod| pod["metadata"]["labels"].clone())
            .unwrap_or_default();
        self.cluster.put(json!({
            "apiVersion": "metrics.k8s.io/v1beta1", "kind": "PodMetrics",
            "metadata": { "namespace": namespace, "name": pod, "labels": labels },
            "timestamp": stamp(self.ago(TimeDelta::seconds(15))), "window": "15s",
            "containers": containers,
        }));
    }
}
