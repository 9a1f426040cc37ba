//! That the control plane is a real one, and leaves nothing behind.

mod access;
mod alerts;
mod kubelet;
mod lifetime;
mod workloads;

/// A deployment of `replicas` pods with the container `app`; `template` is put
/// into its pods' metadata and `spec` into their spec, both in flow style.
pub(super) fn deployment(namespace: &str, replicas: u32, metadata: &str, spec: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {namespace}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}, annotations: {{{metadata}}}}}
    spec:
      {spec}
      containers:
        - name: app
          image: registry.example/web:1
          resources: {{requests: {{cpu: 100m, memory: 64Mi}}}}
"
    )
}
