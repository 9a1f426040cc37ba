//! The Ingress controllers that stand before what was asked about, where they are not well: whoever cannot come in sees
//! nothing of the application.

use chrono::TimeDelta;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::networking::v1::Ingress;

use super::{
    Case, containers, controller_of, ingress_backends, is_ingress_controller, is_ready, labels_of,
    owner_of,
};
use crate::finding::{Kind, Subject};

/// A controller that died this lately is not well, also where it is ready again.
const RECENT: TimeDelta = TimeDelta::minutes(30);

/// The workloads of failing controllers whose class an Ingress has that leads to these objects.
pub(super) fn failing_controllers(case: &Case, asked: &[Subject]) -> Vec<Subject> {
    let mut found = Vec::new();
    for ingress in case.ingresses.iter().filter(|it| leads_to(it, asked)) {
        let pods = case.pods.iter().filter(|pod| is_ingress_controller(pod));
        let serving = pods.filter(|pod| serves(case, ingress, pod) && is_failing(case, pod));
        for owner in serving.map(owner_of) {
            if !found.contains(&owner) {
                found.push(owner);
            }
        }
    }
    found
}

fn leads_to(ingress: &Ingress, asked: &[Subject]) -> bool {
    let meta = &ingress.metadata;
    let services: Vec<&str> = ingress_backends(ingress).collect();
    asked
        .iter()
        .filter(|it| it.namespace == meta.namespace)
        .any(|it| match it.kind {
            Kind::Ingress => meta.name.as_ref() == Some(&it.name),
            Kind::Service => services.contains(&it.name.as_str()),
            _ => false,
        })
}

/// Whether a controller's pod serves the class of an Ingress; where the class was not read, it may.
fn serves(case: &Case, ingress: &Ingress, pod: &Pod) -> bool {
    let name = labels_of(&pod.metadata).get("app.kubernetes.io/name");
    let own = match name.map_or("", String::as_str) {
        "nginx-ingress" => "nginx.org",
        "kubernetes-ingress" => "haproxy.org",
        name => name,
    };
    controller_of(case, ingress).is_none_or(|it| it.contains(own))
}

fn is_failing(case: &Case, pod: &Pod) -> bool {
    let died = |exit: super::ExitView| {
        exit.code != 0 && exit.finished.is_some_and(|at| case.now - at <= RECENT)
    };
    !is_ready(pod)
        || containers(pod)
            .iter()
            .any(|container| container.last_exit().is_some_and(died))
}
