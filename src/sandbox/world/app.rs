//! A workload as its chart would describe it; the builder turns it into the objects of a cluster.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::sandbox::kube::fnv;

/// A workload to be installed: one container named `app`, defaults as a decent chart has them.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) replicas: usize,
    /// Images of all revisions with their age, oldest first; the last one runs.
    pub(crate) revisions: Vec<(String, TimeDelta)>,
    pub(crate) port: u16,
    /// Whether a Service of the same name stands before it.
    pub(crate) service: bool,
    pub(crate) container: Value,
    pub(crate) pod: Value,
    /// Containers beside the first.
    pub(crate) sidecars: Vec<Value>,
    /// Labels of the pods besides the usual ones.
    pub(crate) labels: Vec<(String, String)>,
}

impl App {
    /// A Deployment of two replicas, six days old, listening on 8080, behind a Service.
    #[must_use]
    pub fn new(namespace: &str, name: &str, image: &str) -> Self {
        Self {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            kind: "Deployment",
            replicas: 2,
            revisions: vec![(image.to_owned(), TimeDelta::days(6))],
            port: 8080,
            service: true,
            container: json!({
                "name": "app", "imagePullPolicy": "IfNotPresent", "env": [],
                "resources": {
                    "requests": { "cpu": "100m", "memory": "128Mi" },
                    "limits": { "cpu": "500m", "memory": "256Mi" },
                },
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
            }),
            pod: json!({
                "restartPolicy": "Always", "terminationGracePeriodSeconds": 30,
                "dnsPolicy": "ClusterFirst", "serviceAccountName": name,
                "schedulerName": "default-scheduler", "securityContext": { "runAsNonRoot": true },
            }),
            sidecars: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// A StatefulSet instead.
    #[must_use]
    pub fn stateful(mut self) -> Self {
        self.kind = "StatefulSet";
        self
    }

    /// A DaemonSet instead, without a Service.
    #[must_use]
    pub fn daemon(mut self) -> Self {
        self.kind = "DaemonSet";
        self.service = false;
        self
    }

    /// How many pods are wanted (a DaemonSet has one per worker node).
    #[must_use]
    pub fn replicas(mut self, replicas: usize) -> Self {
        self.replicas = replicas;
        self
    }

    /// When the running revision was rolled out.
    #[must_use]
    pub fn age(mut self, age: TimeDelta) -> Self {
        if let Some(last) = self.revisions.last_mut() {
            last.1 = age;
        }
        self
    }

    /// An older revision, for the history.
    #[must_use]
    pub fn before(mut self, image: &str, age: TimeDelta) -> Self {
        self.revisions.insert(0, (image.to_owned(), age));
        self
    }

    /// The port the container listens on; 0 for none, and then no Service either.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self.service = self.service && port > 0;
        self
    }

    /// No Service of the same name.
    #[must_use]
    pub fn without_service(mut self) -> Self {
        self.service = false;
        self
    }

    /// Requests and limits of CPU and memory: `("250m", "256Mi"), ("1", "512Mi")`.
    #[must_use]
    pub fn resources(mut self, requests: (&str, &str), limits: (&str, &str)) -> Self {
        self.container["resources"] = json!({
            "requests": { "cpu": requests.0, "memory": requests.1 },
            "limits": { "cpu": limits.0, "memory": limits.1 },
        });
        self
    }

    /// A plain environment variable.
    #[must_use]
    pub fn env(self, name: &str, value: &str) -> Self {
        self.env_entry(json!({ "name": name, "value": value }))
    }

    /// An environment variable from a Secret's key.
    #[must_use]
    pub fn env_secret(self, name: &str, secret: &str, key: &str) -> Self {
        let from = json!({ "secretKeyRef": { "name": secret, "key": key } });
        self.env_entry(json!({ "name": name, "valueFrom": from }))
    }

    fn env_entry(mut self, entry: Value) -> Self {
        if let Some(env) = self.container["env"].as_array_mut() {
            env.push(entry);
        }
        self
    }

    /// All keys of a ConfigMap as environment.
    #[must_use]
    pub fn env_from_config(mut self, config_map: &str) -> Self {
        self.container["envFrom"] = json!([{ "configMapRef": { "name": config_map } }]);
        self
    }

    /// Arguments of the container.
    #[must_use]
    pub fn args(mut self, args: &[&str]) -> Self {
        self.container["args"] = json!(args);
        self
    }

    /// Liveness and readiness probes by HTTP on the container's port.
    #[must_use]
    pub fn http_probes(mut self, live: &str, ready: &str) -> Self {
        let probe = |path: &str| {
            json!({
                "httpGet": { "path": path, "port": self.port, "scheme": "HTTP" },
                "initialDelaySeconds": 10, "periodSeconds": 10, "timeoutSeconds": 1,
                "successThreshold": 1, "failureThreshold": 3,
            })
        };
        let (live, ready) = (probe(live), probe(ready));
        self.container["livenessProbe"] = live;
        self.container["readinessProbe"] = ready;
        self
    }

    /// Liveness and readiness probes by TCP on the container's port.
    #[must_use]
    pub fn tcp_probes(mut self) -> Self {
        let probe = json!({
            "tcpSocket": { "port": self.port }, "initialDelaySeconds": 5, "periodSeconds": 10,
            "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3,
        });
        self.container["livenessProbe"] = probe.clone();
        self.container["readinessProbe"] = probe;
        self
    }

    /// A volume from a claim, mounted at that path.
    #[must_use]
    pub fn claim(mut self, claim: &str, path: &str) -> Self {
        self.container["volumeMounts"] = json!([{ "name": "data", "mountPath": path }]);
        self.pod["volumes"] = json!([
            { "name": "data", "persistentVolumeClaim": { "claimName": claim } }
        ]);
        self
    }

    /// The labels that select the pods.
    pub(crate) fn selector(&self) -> Value {
        json!({ "app": self.name })
    }

    /// The labels of every object of the release.
    pub(crate) fn release_labels(&self) -> Value {
        json!({
            "app": self.name, "app.kubernetes.io/name": self.name,
            "app.kubernetes.io/instance": self.name,
            "app.kubernetes.io/managed-by": "Helm",
            "helm.sh/chart": format!("{}-1.4.0", self.name),
        })
    }

    /// The pod template of a revision.
    pub(crate) fn template(&self, image: &str) -> Value {
        let mut container = self.container.clone();
        container["image"] = image.into();
        if self.port > 0 && container["ports"].is_null() {
            container["ports"] = json!([
                { "name": "http", "containerPort": self.port, "protocol": "TCP" }
            ]);
        }
        let mut spec = self.pod.clone();
        let beside = self.sidecars.iter().cloned();
        spec["containers"] = std::iter::once(container).chain(beside).collect();
        let mut labels = json!({
            "app": self.name, "app.kubernetes.io/name": self.name,
            "app.kubernetes.io/instance": self.name,
        });
        for (name, value) in &self.labels {
            labels[name] = value.as_str().into();
        }
        json!({ "metadata": { "labels": labels }, "spec": spec })
    }
}

/// The characters Kubernetes makes names of: no vowels, nothing to misread.
const ALPHABET: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// `length` characters that look random and are the same for the same text.
pub(crate) fn suffix(text: &str, length: usize) -> String {
    let base = ALPHABET.len() as u64;
    let mut number = fnv(text, 7);
    (0..length)
        .map(|_| {
            let at = usize::try_from(number % base).unwrap_or_default();
            number = (number / base) ^ fnv(text, number);
            char::from(ALPHABET[at])
        })
        .collect()
}
