//! Rounds 3 and 5: the pods behind an object, and the objects it calls, over at most three hops.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::{services_near, workload_of};
use crate::finding::{Cause, Finding, Kind, Subject};
use crate::investigation::case::{
    Case, Facts, Looked, calls, is_ready, owner_of, reach, selects, service_subject,
};
use crate::investigation::gather::{self, Reader};
use crate::investigation::{judge, rank};

/// Dependencies are followed this far.
const HOPS: usize = 3;
/// Dependencies followed in one hop.
const EACH_HOP: usize = 4;
/// A finding this strong on the object itself makes the rest unnecessary.
const ENOUGH: f64 = 0.9;
/// A finding this strong says what is wrong.
const TOLD: f64 = 0.6;

/// Reads the pods of an object: by its own selector, or for a Service by the Service's.
pub async fn pods_of(reader: &Reader, case: &mut Case, subject: &Subject) {
    let namespace = subject.namespace.clone().unwrap_or_default();
    if subject.kind == Kind::Pod {
        return owners(reader, case, &namespace).await;
    }
    if let Some(labels) = own_labels(case, subject) {
        let services = workload_of(case, subject)
            .map(|workload| services_near(case, &workload))
            .unwrap_or_default();
        gather::pods_and_revisions(reader, case, &namespace, &labels, &services).await;
        return;
    }
    for service in services_meant(case, subject) {
        behind(reader, case, &service).await;
    }
}

/// The selector of a workload that was read.
fn own_labels(case: &Case, subject: &Subject) -> Option<BTreeMap<String, String>> {
    let namespace = subject.namespace.as_deref()?;
    let selector: Option<&LabelSelector> = match subject.kind {
        Kind::Deployment => case
            .deployments
            .look(namespace, &subject.name)
            .found()
            .map(|object| &object.spec.selector),
        Kind::StatefulSet => case
            .stateful_sets
            .look(namespace, &subject.name)
            .found()
            .map(|object| &object.spec.selector),
        Kind::DaemonSet => case
            .daemon_sets
            .look(namespace, &subject.name)
            .found()
            .map(|object| &object.spec.selector),
        _ => None,
    };
    selector?.match_labels.clone()
}

/// The Services a Service or an Ingress stands for.
fn services_meant(case: &Case, subject: &Subject) -> Vec<Subject> {
    if subject.kind == Kind::Service {
        return vec![subject.clone()];
    }
    reach(case)
        .into_iter()
        .map(|(near, _)| near)
        .filter(|near| near.kind == Kind::Service)
        .take(EACH_HOP)
        .collect()
}

/// Reads what is behind a Service: its pods by its selector, its endpoints, and the workload that
/// owns them. Where the selector matches nothing, the workload of the same name it was meant for.
async fn behind(reader: &Reader, case: &mut Case, service: &Subject) {
    let namespace = service.namespace.clone().unwrap_or_default();
    if let Looked::Unknown = case.services.look(&namespace, &service.name) {
        gather::fetch(reader, case, service).await;
    }
    let selector = case
        .services
        .look(&namespace, &service.name)
        .found()
        .and_then(|found| found.spec.as_ref()?.selector.clone());
    if let Some(selector) = &selector {
        gather::pods_and_revisions(
            reader,
            case,
            &namespace,
            selector,
            std::slice::from_ref(&service.name),
        )
        .await;
    }
    owners(reader, case, &namespace).await;
    let selected = selector.is_some_and(|selector| {
        case.pods
            .within(&namespace)
            .any(|pod| selects(&selector, &pod.metadata.labels.clone().unwrap_or_default()))
    });
    if !selected {
        meant(reader, case, &namespace, &service.name).await;
    }
}

/// Reads the workload that bears a Service's name, with its pods.
async fn meant(reader: &Reader, case: &mut Case, namespace: &str, name: &str) {
    // All of them: a workload of another name may be the one it selects, and have no pods.
    gather::workloads_in(reader, case, namespace).await;
    for kind in [Kind::Deployment, Kind::StatefulSet] {
        let subject = Subject::new(kind, namespace, name);
        if let Some(labels) = own_labels(case, &subject) {
            gather::pods_and_revisions(reader, case, namespace, &labels, &[]).await;
            return;
        }
    }
}

/// Reads the owners of pods whose owner was not read yet.
async fn owners(reader: &Reader, case: &mut Case, namespace: &str) {
    let mut wanted: Vec<Subject> = Vec::new();
    for owner in case
        .pods
        .within(namespace)
        .map(owner_of)
        .filter(|owner| owner.kind != Kind::Pod)
    {
        let known = match owner.kind {
            Kind::Deployment => !matches!(
                case.deployments.look(namespace, &owner.name),
                Looked::Unknown
            ),
            Kind::StatefulSet => !matches!(
                case.stateful_sets.look(namespace, &owner.name),
                Looked::Unknown
            ),
            Kind::DaemonSet => !matches!(
                case.daemon_sets.look(namespace, &owner.name),
                Looked::Unknown
            ),
            _ => true,
        };
        if !known && !wanted.contains(&owner) {
            wanted.push(owner);
        }
    }
    for owner in wanted.into_iter().take(EACH_HOP) {
        gather::fetch(reader, case, &owner).await;
    }
}

/// Follows calls from the asked object while nothing on it is proof enough, each Service once.
pub(super) async fn follow(reader: &Reader, case: &mut Case) {
    let mut done: Vec<Subject> = Vec::new();
    for _ in 0..HOPS {
        let next = next_hop(case, &done);
        if next.is_empty() || reader.left().is_zero() {
            return;
        }
        for service in next {
            behind(reader, case, &service).await;
            done.push(service);
        }
        let mut wanted = gather::suspicious(case, false);
        if wanted.is_empty() && !is_told(case) {
            // Whatever looks well may still say what it suffers from.
            wanted = gather::suspicious(case, true);
            wanted.truncate(EACH_HOP);
        }
        gather::logs_of(reader, case, &wanted).await;
        gather::nodes(reader, case).await;
        places(reader, case).await;
    }
}

/// The claims and the placement of pods behind a dependency that wait for a node or for a volume, each namespace once.
async fn places(reader: &Reader, case: &mut Case) {
    let waits = |pod: &&Pod| {
        pod.spec.as_ref().is_some_and(|spec| {
            let mut volumes = spec.volumes.iter().flatten();
            let mounts = volumes.any(|volume| volume.persistent_volume_claim.is_some());
            spec.node_name.is_none() || (mounts && !is_ready(pod))
        })
    };
    let mut namespaces: Vec<String> = case
        .pods
        .iter()
        .filter(waits)
        .filter_map(|pod| pod.metadata.namespace.clone())
        .filter(|namespace| !case.claims.knows(namespace))
        .collect();
    namespaces.sort();
    namespaces.dedup();
    if namespaces.is_empty() {
        return;
    }
    for namespace in namespaces.iter().take(2) {
        gather::claims(reader, case, namespace).await;
    }
    gather::placement(reader, case).await;
}

/// What was found so far that has to do with the question; an Ingress of somebody else's proves nothing here.
pub(super) fn found(case: &Case) -> Vec<Finding> {
    let facts = Facts::of(case);
    rank::relevant(&facts, &judge::judge(&facts))
}

/// Whether something found so far is proof enough.
pub(super) fn is_settled(case: &Case) -> bool {
    proves(&found(case))
}

fn proves(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.strength >= ENOUGH && finding.blames.is_empty())
}

/// Whether something was found that says more than that there are errors.
pub(super) fn is_told(case: &Case) -> bool {
    let vague = [
        Cause::ErrorRateHigh,
        Cause::ApplicationErrorsInLog,
        Cause::DependencyUnreachable,
    ];
    let findings = found(case);
    findings
        .iter()
        .any(|finding| finding.strength >= TOLD && !vague.contains(&finding.cause))
}

/// The Services to look behind next: those that a failing object complains about first; those that a
/// well-looking object calls, when nothing was found at all.
fn next_hop(case: &Case, done: &[Subject]) -> Vec<Subject> {
    let findings = found(case);
    let blamed: Vec<Subject> = findings
        .iter()
        .filter(|finding| {
            matches!(
                finding.cause,
                Cause::DependencyUnreachable
                    | Cause::InitContainerFailing
                    | Cause::ServiceNoReadyEndpoints
                    | Cause::ConnectionLimitReached
                    | Cause::DatabaseReadOnly
                    | Cause::AdmissionWebhookUnavailable
            )
        })
        // A Service that is the subject itself stands for a workload that was not read yet.
        .flat_map(|finding| finding.blames.iter().chain([&finding.subject]).cloned())
        .filter(|blamed| blamed.kind == Kind::Service)
        .collect();
    let settled = proves(&findings);
    let called = || {
        let own = reach(case)
            .into_iter()
            .filter_map(|(subject, _)| workload_of(case, &subject));
        own.flat_map(|workload| calls(case, &workload))
            .collect::<Vec<_>>()
    };
    let mut next = if !blamed.is_empty() {
        blamed
    } else if settled {
        Vec::new()
    } else {
        called()
    };
    next.retain(|service| {
        service.kind == Kind::Service && !done.contains(service) && !looked_behind(case, service)
    });
    next.dedup();
    next.truncate(EACH_HOP);
    next
}

/// Whether the endpoints and pods behind a Service were read already.
fn looked_behind(case: &Case, service: &Subject) -> bool {
    let namespace = service.namespace.as_deref().unwrap_or_default();
    let pods = case
        .services
        .look(namespace, &service.name)
        .found()
        .and_then(|found| {
            debug_assert!(service_subject(found).same_object(service));
            found.spec.as_ref()?.selector.clone()
        });
    let ready = pods.is_some_and(|selector| {
        case.pods.within(namespace).any(|pod| {
            is_ready(pod) && selects(&selector, &pod.metadata.labels.clone().unwrap_or_default())
        })
    });
    ready && case.knows_endpoints(namespace, &service.name)
}
