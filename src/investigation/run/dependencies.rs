//! Rounds 3 and 5: the pods behind an object, and the objects it calls, over at most three hops.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::{services_near, workload_of};
use crate::finding::{Cause, Finding, Kind, Subject};
use crate::investigation::case::{
    Case, Facts, Looked, Scope, Workload, calls, containers, is_ready, labels_of, owner_of, reach,
    selects, service_subject, workloads,
};
use crate::investigation::gather::{self, Reader};
use crate::investigation::{judge, rank};

/// Dependencies are followed this far.
const HOPS: usize = 3;
/// Dependencies followed in one hop.
const EACH_HOP: usize = 4;
/// Workloads that are looked at because a Service may have been meant for them.
const FEW: usize = 2;
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
    let selector = selector.unwrap_or_default();
    let own = |pod: &&Pod| selects(&selector, labels_of(&pod.metadata));
    let selected: Vec<&Pod> = case.pods.within(&namespace).filter(own).collect();
    let (none, ailing) = (
        selected.is_empty(),
        selected.iter().any(|pod| !is_ready(pod)),
    );
    if ailing {
        // Why they are not ready, the kubelet says in events.
        gather::warnings(reader, case, &namespace).await;
    }
    if none {
        meant(reader, case, service, &selector).await;
    }
}

/// Reads the workload that bears a Service's name, with its pods; else those that carry a part of what it selects.
async fn meant(
    reader: &Reader,
    case: &mut Case,
    service: &Subject,
    selector: &BTreeMap<String, String>,
) {
    let namespace = service.namespace.clone().unwrap_or_default();
    // All of them: a workload of another name may be the one it selects, and have no pods.
    gather::workloads_in(reader, case, &namespace).await;
    for kind in [Kind::Deployment, Kind::StatefulSet] {
        let subject = Subject::new(kind, &namespace, &service.name);
        if let Some(labels) = own_labels(case, &subject) {
            gather::pods_and_revisions(reader, case, &namespace, &labels, &[]).await;
            return;
        }
    }
    for labels in in_part(case, &namespace, selector) {
        gather::pods_and_revisions(reader, case, &namespace, &labels, &[]).await;
    }
}

/// The selectors of workloads whose pods were not read and carry one of these labels: what a Service was meant for
/// that asks for one label too many.
fn in_part(
    case: &Case,
    namespace: &str,
    selector: &BTreeMap<String, String>,
) -> Vec<BTreeMap<String, String>> {
    let carries = |workload: &Workload<'_>| {
        let own = workload.labels();
        let mut asked = selector.iter();
        asked.any(|(key, value)| own.get(key) == Some(value))
    };
    let all = workloads(case).into_iter();
    let part = all.filter(|it| it.namespace() == namespace && it.pods.is_empty() && carries(it));
    let subjects: Vec<Subject> = part.map(|it| it.subject).take(FEW).collect();
    let labels = subjects.iter().filter_map(|one| own_labels(case, one));
    labels.collect()
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
    awaited(reader, case).await;
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

/// The Jobs that a step waits for, with their pods and why these failed.
async fn awaited(reader: &Reader, case: &mut Case) {
    let waits = |pod: &Pod| {
        let all = containers(pod);
        all.iter()
            .any(|it| it.is_step() && it.running_since().is_some())
    };
    if !case.pods.iter().any(waits) {
        return;
    }
    let mut jobs: Vec<Subject> = found(case)
        .into_iter()
        .filter(|finding| finding.cause == Cause::InitContainerFailing)
        .flat_map(|finding| finding.blames)
        .filter(|blamed| blamed.kind == Kind::Job)
        .collect();
    jobs.dedup();
    for job in jobs.into_iter().take(EACH_HOP) {
        gather::fetch(reader, case, &job).await;
        gather::jobs_of(reader, case, &job).await;
        let wanted = gather::suspicious(case, false);
        gather::logs_of(reader, case, &wanted).await;
    }
}

/// After a sweep: what is behind the Services outside of it that something in it blames, over two hops. Whether there
/// was any.
pub(super) async fn follow_out(reader: &Reader, case: &mut Case) -> bool {
    if case.scope == Scope::Cluster {
        return false;
    }
    let mut done: Vec<Subject> = Vec::new();
    for _ in 0..2 {
        let mut next = blamed(&found(case));
        next.retain(|service| {
            let namespace = service.namespace.as_deref().unwrap_or_default();
            !done.contains(service) && !case.pods.knows(namespace)
        });
        next.dedup();
        next.truncate(EACH_HOP);
        if next.is_empty() || reader.left().is_zero() {
            break;
        }
        for service in next {
            behind(reader, case, &service).await;
            done.push(service);
        }
        let wanted = gather::suspicious(case, false);
        gather::logs_of(reader, case, &wanted).await;
    }
    !done.is_empty()
}

/// What the builds looked at lead to in this cluster.
pub(super) async fn of_builds(reader: &Reader, case: &mut Case) {
    registries(reader, case).await;
    if judge::misses_agents(case) {
        controllers(reader, case).await;
    }
}

/// The controller of Jenkins and its log, where it runs in this cluster.
async fn controllers(reader: &Reader, case: &mut Case) {
    let wanted = gather::jenkins_controllers(reader, case).await;
    let namespaces: BTreeSet<&String> = wanted.iter().map(|one| &one.namespace).collect();
    for namespace in namespaces {
        owners(reader, case, namespace).await;
    }
    gather::logs_of(reader, case, &wanted).await;
}

/// What is behind a registry of this cluster that did not take what a build pushed, and what it says of that.
async fn registries(reader: &Reader, case: &mut Case) {
    for service in judge::registries(case).into_iter().take(1) {
        behind(reader, case, &service).await;
        let namespace = service.namespace.as_deref().unwrap_or_default();
        let found = case.services.look(namespace, &service.name).found();
        let selector = found.and_then(|found| found.spec.as_ref()?.selector.clone());
        let Some(selector) = selector else { continue };
        let serves = |pod: &&Pod| selects(&selector, labels_of(&pod.metadata));
        let pods = case.pods.within(namespace).filter(serves);
        let names: Vec<String> = pods.filter_map(|pod| pod.metadata.name.clone()).collect();
        let own = |it: &gather::Wanted| it.namespace == namespace && names.contains(&it.pod);
        let mut wanted = gather::suspicious_among(case, own);
        wanted.truncate(1);
        gather::logs_of(reader, case, &wanted).await;
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

/// The Services that findings blame.
fn blamed(findings: &[Finding]) -> Vec<Subject> {
    findings
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
        .collect()
}

/// The Services to look behind next: those that a failing object complains about first; those that a
/// well-looking object calls, when nothing was found at all.
fn next_hop(case: &Case, done: &[Subject]) -> Vec<Subject> {
    let findings = found(case);
    let blamed = blamed(&findings);
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
