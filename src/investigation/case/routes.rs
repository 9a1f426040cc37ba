//! What stands before Services: Ingresses with their backends and controllers, and the backends of HTTP routes.

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::networking::v1::Ingress;
use serde_json::Value;

use super::{Case, HttpRoute};
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

/// The names of the Services that an Ingress sends to, its default one last.
pub fn ingress_backends(ingress: &Ingress) -> impl Iterator<Item = &str> {
    let spec = ingress.spec.as_ref();
    let rules = spec
        .into_iter()
        .flat_map(|spec| spec.rules.iter().flatten());
    let paths = rules
        .filter_map(|rule| rule.http.as_ref())
        .flat_map(|http| &http.paths);
    let default = spec.and_then(|spec| spec.default_backend.as_ref());
    let all = paths.map(|path| &path.backend).chain(default);
    all.filter_map(|backend| Some(backend.service.as_ref()?.name.as_str()))
}

/// What `spec.controller` of an Ingress' class says; not known where the class was not read.
#[must_use]
pub fn controller_of<'a>(case: &'a Case, ingress: &Ingress) -> Option<&'a str> {
    let class = ingress.spec.as_ref()?.ingress_class_name.as_deref()?;
    let class = case.ingress_classes.look("", class).found()?;
    class.spec.as_ref()?.controller.as_deref()
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
