//! What stands before a Service: classes and controllers of Ingresses, routes and gateways of the Gateway API. Read
//! where something leads there, or where nothing else is known to.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use kube::api::ListParams;
use serde_json::Value;

use super::cluster::ingress_classes;
use super::logs::{Wanted, logs_of};
use super::reader::shelve_all;
use super::{Reader, namespaces_of};
use crate::finding::{Kind, Subject};
use crate::intent::Candidate;
use crate::investigation::case::{
    Area, Case, Gateway, HttpRoute, INGRESS_CONTROLLERS, Scope, ingress_backends,
    is_ingress_controller, is_ready, reach,
};

/// What leads to the asked object: the class and controller of its Ingress, or the routes of its namespace.
pub async fn entrances(reader: &Reader, case: &mut Case) {
    let Scope::Object(subject) = case.scope.clone() else {
        return;
    };
    let namespace = subject.namespace.clone().unwrap_or_default();
    if is_led(case, &subject) {
        ingress_classes(reader, case).await;
        if !case.symptoms.is_empty() {
            controllers(reader, case).await;
        }
    } else if subject.kind == Kind::HttpRoute || (!case.symptoms.is_empty() && has_service(case)) {
        http_routes(reader, case, &[namespace]).await;
    }
}

/// Whether the asked object is called at all.
fn has_service(case: &Case) -> bool {
    let near = reach(case);
    near.iter()
        .any(|(it, hops)| *hops == 0 && it.kind == Kind::Service)
}

/// Whether an Ingress is asked about, or leads to what is.
fn is_led(case: &Case, asked: &Subject) -> bool {
    let near = reach(case);
    let services: BTreeSet<&str> = near
        .iter()
        .filter(|(it, hops)| *hops == 0 && it.kind == Kind::Service)
        .map(|(it, _)| it.name.as_str())
        .collect();
    let namespace = asked.namespace.as_deref().unwrap_or_default();
    asked.kind == Kind::Ingress
        || case
            .ingresses
            .within(namespace)
            .any(|ingress| ingress_backends(ingress).any(|name| services.contains(name)))
}

/// The pods of the usual Ingress controllers, and the log of one: it says which Secrets it misses.
async fn controllers(reader: &Reader, case: &mut Case) {
    let names = format!(
        "app.kubernetes.io/name in ({})",
        INGRESS_CONTROLLERS.join(",")
    );
    let params = ListParams::default().labels(&names);
    let found = reader
        .list::<Pod>("pods", None, params, Area::Cluster)
        .await;
    if !found.worked() {
        return;
    }
    found.shelve_named(&mut case.pods);
    if let Some(wanted) = controller_log(case) {
        logs_of(reader, case, &[wanted]).await;
    }
}

/// The log of a controller, where an Ingress has a certificate to show.
fn controller_log(case: &Case) -> Option<Wanted> {
    let mut tls = case
        .ingresses
        .iter()
        .filter_map(|it| it.spec.as_ref()?.tls.as_ref());
    if !tls.any(|tls| !tls.is_empty()) {
        return None;
    }
    let pod = case
        .pods
        .iter()
        .find(|pod| is_ingress_controller(pod) && is_ready(pod))?;
    Some(Wanted {
        namespace: pod.metadata.namespace.clone()?,
        pod: pod.metadata.name.clone()?,
        container: pod.spec.as_ref()?.containers.first()?.name.clone(),
        previous: false,
    })
}

/// The HTTP routes of these namespaces, and the gateways they hang on. Where the API is not served there are none.
pub async fn http_routes(reader: &Reader, case: &mut Case, namespaces: &[String]) {
    let routes = reader.list_all::<HttpRoute>("httproutes", namespaces, ListParams::default());
    shelve_all(routes.await, &mut case.http_routes);
    let parents: BTreeSet<String> = case.http_routes.iter().flat_map(gateways_of).collect();
    let wanted: Vec<String> = parents
        .into_iter()
        .filter(|it| !case.gateways.knows(it))
        .collect();
    if !wanted.is_empty() {
        let gateways = reader.list_all::<Gateway>("gateways", &wanted, ListParams::default());
        shelve_all(gateways.await, &mut case.gateways);
    }
}

/// The namespaces of the gateways that a route hangs on.
fn gateways_of(route: &HttpRoute) -> Vec<String> {
    let own = route.metadata.namespace.clone().unwrap_or_default();
    let parents = route.spec.get("parentRefs").and_then(Value::as_array);
    let named = |parent: &Value| {
        parent
            .get("namespace")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let all = parents.into_iter().flatten();
    all.map(|parent| named(parent).unwrap_or_else(|| own.clone()))
        .collect()
}

/// Routes as what a question may name: by their hosts.
pub async fn route_candidates(
    reader: &Reader,
    case: &mut Case,
    namespaces: &[String],
) -> Vec<Candidate> {
    http_routes(reader, case, namespaces).await;
    let candidate = |route: &HttpRoute| {
        let namespace = route.metadata.namespace.clone().unwrap_or_default();
        let name = route.metadata.name.clone().unwrap_or_default();
        let hosts = route.spec.get("hostnames").and_then(Value::as_array);
        let hosts = hosts.into_iter().flatten().filter_map(Value::as_str);
        Candidate {
            hosts: hosts.map(str::to_owned).collect(),
            ..Candidate::new(Kind::HttpRoute, namespace, name)
        }
    };
    case.http_routes.iter().map(candidate).collect()
}

/// The network policies of namespaces that were not read yet, and the labels of namespaces where they matter.
pub async fn policies(reader: &Reader, case: &mut Case, namespaces: &[String]) {
    let mut wanted = namespaces.to_vec();
    wanted.retain(|it| !case.network_policies.knows(it));
    if !wanted.is_empty() {
        let all =
            reader.list_all::<NetworkPolicy>("networkpolicies", &wanted, ListParams::default());
        shelve_all(all.await, &mut case.network_policies);
    }
    if !case.namespaces.knows("") && case.network_policies.iter().any(by_namespace) {
        namespaces_of(reader, case).await;
    }
}

fn by_namespace(policy: &NetworkPolicy) -> bool {
    let Some(spec) = &policy.spec else {
        return false;
    };
    let from = spec
        .ingress
        .iter()
        .flatten()
        .flat_map(|rule| rule.from.iter().flatten());
    let to = spec
        .egress
        .iter()
        .flatten()
        .flat_map(|rule| rule.to.iter().flatten());
    from.chain(to).any(|peer| peer.namespace_selector.is_some())
}
