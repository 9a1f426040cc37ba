//! Applications as their charts describe them: a Deployment and the Service before it.

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Node, Pod, Service};
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointSlice};
use kube::api::{Api, ListParams};
use serde_json::{Value, json};

use crate::cluster::ControlPlane;

/// One application; the container is called `app` and serves 8080.
pub struct App {
    /// Where it is.
    pub namespace: String,
    name: String,
    deployment: Value,
    service: Value,
}

impl App {
    /// One replica of `name:1.0.0` with small requests, behind a Service of the same name.
    pub fn new(namespace: &str, name: &str) -> Self {
        let labels = json!({"app": name});
        let container = json!({
            "name": "app",
            "image": format!("registry.example/{name}:1.0.0"),
            "ports": [{"name": "http", "containerPort": 8080}],
            "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}},
        });
        let metadata = json!({"name": name, "namespace": namespace, "labels": labels});
        let deployment = json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
            "spec": {
                "replicas": 1, "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        });
        let service = json!({
            "apiVersion": "v1", "kind": "Service", "metadata": metadata,
            "spec": {"selector": labels, "ports": [{"name": "http", "port": 8080, "targetPort": "http"}]},
        });
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            deployment,
            service,
        }
    }

    /// Sets the number of replicas.
    pub fn replicas(mut self, replicas: u32) -> Self {
        self.deployment["spec"]["replicas"] = replicas.into();
        self
    }

    /// Merges into the pods' spec, as a values file would.
    pub fn pod(mut self, spec: Value) -> Self {
        merge(&mut self.deployment["spec"]["template"]["spec"], spec);
        self
    }

    /// Merges into the container.
    pub fn container(mut self, container: Value) -> Self {
        let containers = &mut self.deployment["spec"]["template"]["spec"]["containers"];
        merge(&mut containers[0], container);
        self
    }

    /// Has the Service select other labels.
    pub fn selected_by(mut self, labels: Value) -> Self {
        self.service["spec"]["selector"] = labels;
        self
    }

    /// Has the Service offer other ports.
    pub fn offering(mut self, ports: Value) -> Self {
        self.service["spec"]["ports"] = ports;
        self
    }

    /// Has the Service be of another type.
    pub fn of_type(mut self, kind: &str) -> Self {
        self.service["spec"]["type"] = kind.into();
        self
    }

    /// Has no Service: nobody calls it.
    pub fn uncalled(mut self) -> Self {
        self.service = Value::Null;
        self
    }

    /// Leaves the pods' status to the test: KWOK does not touch them.
    pub fn manual(mut self) -> Self {
        let metadata = &mut self.deployment["spec"]["template"]["metadata"];
        metadata["annotations"] = json!({"vigie.test/manual": "true"});
        self
    }

    /// Installs it.
    pub async fn install(&self, cluster: &ControlPlane) -> &Self {
        let yaml = format!("{}\n---\n{}\n", self.deployment, self.service);
        cluster.apply(&yaml).await.expect("the app is valid");
        self
    }

    /// Waits until so many of its replicas are ready, and its Deployment knows.
    pub async fn ready(&self, cluster: &ControlPlane, replicas: i32) -> &Self {
        let what = format!("{replicas} ready replicas of {}", self.name);
        let deployments = Api::<Deployment>::namespaced(cluster.admin(), &self.namespace);
        cluster
            .until(&what, async || {
                let found = deployments.get(&self.name).await.unwrap();
                let status = found.status.unwrap_or_default();
                status.observed_generation == found.metadata.generation
                    && status.ready_replicas.unwrap_or_default() == replicas
                    && status.available_replicas.unwrap_or_default() == replicas
            })
            .await;
        self
    }

    /// Waits until its Service has so many ready endpoints.
    pub async fn serves(&self, cluster: &ControlPlane, endpoints: usize) -> &Self {
        let slices = Api::<EndpointSlice>::namespaced(cluster.admin(), &self.namespace);
        let params =
            ListParams::default().labels(&format!("kubernetes.io/service-name={}", self.name));
        cluster
            .until(&format!("endpoints of {}", self.name), async || {
                let slices = slices.list(&params).await.unwrap().items;
                let all = slices
                    .iter()
                    .flat_map(|slice| slice.endpoints.iter().flatten());
                let ready = |it: &&Endpoint| {
                    it.conditions
                        .as_ref()
                        .is_some_and(|it| it.ready == Some(true))
                };
                all.filter(ready).count() == endpoints
            })
            .await;
        self
    }

    /// Its pods' names, once all of them are on a node.
    pub async fn placed(&self, cluster: &ControlPlane) -> Vec<String> {
        let wanted = self.deployment["spec"]["replicas"].as_u64();
        let mut names = Vec::new();
        cluster
            .until(&format!("pods of {} on nodes", self.name), async || {
                let pods = cluster
                    .pods(&self.namespace, &format!("app={}", self.name))
                    .await;
                names = pods.iter().filter_map(on_node).collect();
                u64::try_from(names.len()).ok() == wanted
            })
            .await;
        names.sort();
        names
    }
}

/// A pod's name, when it is on a node.
fn on_node(pod: &Pod) -> Option<String> {
    pod.spec.as_ref()?.node_name.as_ref()?;
    pod.metadata.name.clone()
}

/// Puts the keys of one object into another, deeply.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

/// Waits until cached reads see what was written: consistent reads make the API server's caches
/// catch up, and the bot reads from those caches.
pub async fn settled(cluster: &ControlPlane, namespace: &str) {
    let client = cluster.admin();
    seen::<Pod>(&client, namespace).await;
    seen::<Deployment>(&client, namespace).await;
    seen::<ReplicaSet>(&client, namespace).await;
    seen::<Service>(&client, namespace).await;
    seen::<EndpointSlice>(&client, namespace).await;
    seen::<Event>(&client, namespace).await;
    let nodes = Api::<Node>::all(client).list(&ListParams::default()).await;
    nodes.expect("an administrator can read");
}

/// Reads a kind consistently.
async fn seen<K>(client: &kube::Client, namespace: &str)
where
    K: kube::Resource<Scope = NamespaceResourceScope, DynamicType = ()>,
    K: Clone + std::fmt::Debug + serde::de::DeserializeOwned,
{
    let all = Api::<K>::namespaced(client.clone(), namespace);
    let read = all.list(&ListParams::default()).await;
    read.expect("an administrator can read");
}
