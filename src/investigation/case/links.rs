//! Who depends on whom, as the objects and logs say it: Services select pods, env values and logs name
//! Services, pods run on nodes. And from there: what the question's object reaches.

use std::collections::{BTreeMap, VecDeque};

use k8s_openapi::api::core::v1::Service;

use super::{
    Case, Looked, Place, Reference, Scope, Workload, addresses_in_env, addresses_in_text,
    containers, http_backends, resolve, selects, workloads,
};
use crate::finding::{Kind, Subject};

/// Dependencies are followed this far.
const HOPS: usize = 3;

/// The Service as a subject.
#[must_use]
pub fn service_subject(service: &Service) -> Subject {
    let meta = &service.metadata;
    Subject::new(
        Kind::Service,
        meta.namespace.clone().unwrap_or_default(),
        meta.name.clone().unwrap_or_default(),
    )
}

/// The Services that select a workload's pods.
#[must_use]
pub fn services_of<'a>(case: &'a Case, workload: &Workload<'_>) -> Vec<&'a Service> {
    let labels = workload.labels();
    let selecting = |service: &&Service| {
        let selector = service
            .spec
            .as_ref()
            .and_then(|spec| spec.selector.as_ref());
        service.metadata.namespace.as_deref() == Some(workload.namespace())
            && selector.is_some_and(|selector| selects(selector, labels))
    };
    case.services.iter().filter(selecting).collect()
}

/// The workloads a Service sends to; where its selector matches nothing, the workload that bears its
/// name, which it was meant for.
#[must_use]
pub fn workloads_behind(case: &Case, service: &Service) -> Vec<Subject> {
    behind(&workloads(case), service)
}

/// The same among workloads that are known already.
pub(super) fn behind(all: &[Workload<'_>], service: &Service) -> Vec<Subject> {
    let namespace = service.metadata.namespace.as_deref().unwrap_or_default();
    let none = BTreeMap::new();
    let selector = service
        .spec
        .as_ref()
        .and_then(|spec| spec.selector.as_ref())
        .unwrap_or(&none);
    let here = || {
        all.iter()
            .filter(|workload| workload.namespace() == namespace)
    };
    let selected: Vec<Subject> = here()
        .filter(|workload| selects(selector, workload.labels()))
        .map(|workload| workload.subject.clone())
        .collect();
    if !selected.is_empty() {
        return selected;
    }
    let name = service.metadata.name.as_deref().unwrap_or_default();
    here()
        .filter(|workload| workload.subject.name == name)
        .map(|workload| workload.subject.clone())
        .collect()
}

/// Every address a workload is told to call, and what it leads to.
#[must_use]
pub fn references<'a>(case: &'a Case, workload: &Workload<'_>) -> Vec<(Reference, Place<'a>)> {
    let mut all: Vec<(Reference, Place<'a>)> = Vec::new();
    let pods = workload.pods.iter().take(1).flat_map(|pod| containers(pod));
    for reference in pods.flat_map(|container| addresses_in_env(&container)) {
        let place = resolve(case, workload.namespace(), &reference.address);
        if !all
            .iter()
            .any(|(known, _)| known.address == reference.address)
        {
            all.push((reference, place));
        }
    }
    all
}

/// The Services a workload calls: by its env, and by its logs where they complain.
#[must_use]
pub fn calls(case: &Case, workload: &Workload<'_>) -> Vec<Subject> {
    let mut called: Vec<Subject> = Vec::new();
    let mut add = |place: Place<'_>| {
        let subject = match place {
            Place::Service(service) => service_subject(service),
            Place::NoSuchService { namespace, name } | Place::NotRead { namespace, name } => {
                Subject::new(Kind::Service, namespace, name)
            }
            Place::Outside(host) => Subject::cluster(Kind::External, host),
        };
        if !called.contains(&subject) {
            called.push(subject);
        }
    };
    for (_, place) in references(case, workload) {
        add(place);
    }
    for log in case
        .logs
        .iter()
        .filter(|log| log.namespace == workload.namespace())
    {
        if !workload
            .pods
            .iter()
            .any(|pod| pod.metadata.name.as_deref() == Some(log.pod.as_str()))
        {
            continue;
        }
        for address in log
            .records
            .iter()
            .rev()
            .take(50)
            .flat_map(|record| addresses_in_text(&record.text))
        {
            add(resolve(case, workload.namespace(), &address));
        }
    }
    called
}

/// The objects the question's object depends on, with how many calls away they are; itself at 0.
/// Empty for a wide question: there everything counts.
#[must_use]
pub fn reach(case: &Case) -> Vec<(Subject, usize)> {
    match &case.scope {
        Scope::Object(_) => reach_among(case, &workloads(case)),
        _ => Vec::new(),
    }
}

/// The same among workloads that are known already.
pub(super) fn reach_among(case: &Case, all: &[Workload<'_>]) -> Vec<(Subject, usize)> {
    let Scope::Object(start) = &case.scope else {
        return Vec::new();
    };
    let mut reached: Vec<(Subject, usize)> = vec![(start.clone(), 0)];
    let mut queue = VecDeque::from([(start.clone(), 0)]);
    while let Some((subject, hops)) = queue.pop_front() {
        for (next, cost) in neighbours(case, all, &subject) {
            let hops = hops + cost;
            if hops <= HOPS && !reached.iter().any(|(known, _)| known.same_object(&next)) {
                reached.push((next.clone(), hops));
                queue.push_back((next, hops));
            }
        }
    }
    let own: Vec<Subject> = reached
        .iter()
        .filter(|(_, hops)| *hops == 0)
        .map(|(near, _)| near.clone())
        .collect();
    for manager in super::managers::managers(case, all, &own) {
        if !reached.iter().any(|(known, _)| known.same_object(&manager)) {
            reached.push((manager, 0));
        }
    }
    for controller in super::entrances::failing_controllers(case, &own) {
        if !reached
            .iter()
            .any(|(known, _)| known.same_object(&controller))
        {
            reached.push((controller, 1));
        }
    }
    for deliverer in super::delivered_by(case) {
        if !reached
            .iter()
            .any(|(known, _)| known.same_object(&deliverer))
        {
            reached.push((deliverer, 0));
        }
    }
    reached
}

/// What an object directly depends on or is served by, and whether that is a call (1) or itself (0).
fn neighbours(case: &Case, all: &[Workload<'_>], subject: &Subject) -> Vec<(Subject, usize)> {
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    if subject.kind == Kind::Service {
        return match case.services.look(namespace, &subject.name) {
            Looked::Found(service) => behind(all, service)
                .into_iter()
                .map(|behind| (behind, 0))
                .collect(),
            _ => all
                .iter()
                .filter(|w| w.namespace() == namespace && w.subject.name == subject.name)
                .map(|w| (w.subject.clone(), 0))
                .collect(),
        };
    }
    if subject.kind == Kind::Application {
        let app = case.applications.look(namespace, &subject.name).found();
        let managed = app.map(super::managed).unwrap_or_default();
        return managed.into_iter().map(|one| (one, 0)).collect();
    }
    if subject.kind == Kind::Ingress {
        return behind_ingress(case, namespace, &subject.name)
            .into_iter()
            .map(|service| (service, 0))
            .collect();
    }
    if subject.kind == Kind::HttpRoute {
        let found = case.http_routes.look(namespace, &subject.name).found();
        let backends = found.map(http_backends).unwrap_or_default();
        return backends
            .into_iter()
            .map(|(service, _)| (service, 0))
            .collect();
    }
    if subject.kind == Kind::CronJob {
        return jobs_of(case, namespace, &subject.name);
    }
    let Some(workload) = all
        .iter()
        .find(|workload| workload.subject.same_object(subject))
    else {
        return Vec::new();
    };
    let same_name = case
        .services
        .look(namespace, &subject.name)
        .found()
        .map(service_subject);
    let own = services_of(case, workload)
        .into_iter()
        .map(service_subject)
        .chain(same_name);
    let nodes = workload
        .pods
        .iter()
        .filter_map(|pod| pod.spec.as_ref()?.node_name.clone());
    let nodes = nodes.map(|node| Subject::cluster(Kind::Node, node));
    own.chain(nodes)
        .map(|near| (near, 0))
        .chain(calls(case, workload).into_iter().map(|called| (called, 1)))
        .collect()
}

fn jobs_of(case: &Case, namespace: &str, cron: &str) -> Vec<(Subject, usize)> {
    let own = case.jobs.within(namespace).filter(|job| {
        let mut owners = job.metadata.owner_references.iter().flatten();
        owners.any(|owner| owner.kind == "CronJob" && owner.name == cron)
    });
    let names = own.filter_map(|job| job.metadata.name.as_deref());
    names
        .map(|name| (Subject::new(Kind::Job, namespace, name), 0))
        .collect()
}

fn behind_ingress(case: &Case, namespace: &str, name: &str) -> Vec<Subject> {
    let Looked::Found(ingress) = case.ingresses.look(namespace, name) else {
        return Vec::new();
    };
    super::ingress_backends(ingress)
        .map(|service| Subject::new(Kind::Service, namespace, service))
        .collect()
}
