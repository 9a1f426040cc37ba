//! What stands before Services: Ingress controllers by their usual labels, and the backends of HTTP routes.

use k8s_openapi::api::core::v1::Pod;
use serde_json::Value;

use super::HttpRoute;
use crate::finding::{Kind, Subject};

/// `app.kubernetes.io/name` of the pods of the usual Ingress controllers, as their charts set it.
pub const INGRESS_CONTROLLERS: [&str; 6] = [
    "ingress-nginx",
    "nginx-ingress",
    "traefik",
    "haproxy-ingress",
    "kubernetes-ingress",
    "kong",
];

/// Whether a pod is one of an Ingress controller.
#[must_use]
pub fn is_ingress_controller(pod: &Pod) -> bool {
    let labels = pod.metadata.labels.as_ref();
    let name = labels.and_then(|all| all.get("app.kubernetes.io/name"));
    name.is_some_and(|name| INGRESS_CONTROLLERS.contains(&name.as_str()))
}

/// The Services a route sends to, with the ports it names.
#[must_use]
pub fn http_backends(route: &HttpRoute) -> Vec<(Subject, Option<u16>)> {
    let own = route.metadata.namespace.clone().unwrap_or_default();
    let list = |value: &Value, key: &str| -> Vec<Value> {
        let found = value.get(key).and_then(Value::as_array);
        found.cloned().unwrap_or_default()
    };
    let mut all = Vec::new();
    for backend in list(&route.spec, "rules")
        .iter()
        .flat_map(|rule| list(rule, "backendRefs"))
    {
        let text = |key: &str| {
            backend
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        if !matches!(text("kind").as_str(), "" | "Service") || text("name").is_empty() {
            continue;
        }
        let namespace = Some(text("namespace")).filter(|it| !it.is_empty());
        let namespace = namespace.unwrap_or_else(|| own.clone());
        let port = backend.get("port").and_then(Value::as_u64);
        let port = port.and_then(|port| u16::try_from(port).ok());
        let one = (Subject::new(Kind::Service, namespace, text("name")), port);
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}
