//! What the delivery chain says: Argo CD Applications, the metadata of Helm's Secrets, hooks, and who wrote last to a
//! workload. Each only where it can matter: one request each.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::ListParams;

use super::Reader;
use super::reader::{Readable, shelve_all};
use crate::clients::kube::ReadError;
use crate::finding::{Kind, Subject, Symptom};
use crate::investigation::case::{
    Application, Area, Case, Gap, HelmSecret, destination, hook_phases, managed, release_of,
    tracked_by, workloads,
};

/// Failed hooks whose pods are read.
const HOOKS: usize = 3;

/// Reads for one object, when nothing found so far is proof enough.
pub async fn delivery(reader: &Reader, case: &mut Case, subject: &Subject, settled: bool) {
    let asked = case.symptoms.contains(&Symptom::DeployFailed);
    let meta = meta_of(case, subject);
    let release = meta.as_ref().and_then(release_of);
    let tracked = meta.as_ref().is_some_and(|meta| tracked_by(meta).is_some());
    if asked || (tracked && !settled) {
        applications(reader, case).await;
    }
    let namespaces: Vec<String> = subject.namespace.iter().cloned().collect();
    if asked {
        if release.is_some() && !settled {
            releases(reader, case, &namespaces).await;
        }
        let jobs = reader
            .list_all::<Job>("jobs", &namespaces, ListParams::default())
            .await;
        shelve_all(jobs, &mut case.jobs);
        hook_pods(reader, case).await;
    }
    if release.is_some() && (asked || !settled) {
        writers(reader, case, subject).await;
    }
}

/// Reads for a sweep: the Applications always, the releases when a delivery is what was asked about.
pub async fn delivery_of_all(reader: &Reader, case: &mut Case, namespaces: &[String]) {
    applications(reader, case).await;
    let of_helm = workloads(case)
        .iter()
        .any(|one| one.meta.and_then(release_of).is_some());
    if of_helm && case.symptoms.contains(&Symptom::DeployFailed) {
        releases(reader, case, namespaces).await;
    }
}

/// The metadata of the workload asked about.
fn meta_of(case: &Case, subject: &Subject) -> Option<ObjectMeta> {
    let all = workloads(case);
    let own = all.iter().find(|one| one.subject.same_object(subject));
    let own = own.or_else(|| {
        let behind = |one: &&crate::investigation::case::Workload<'_>| {
            one.subject.name == subject.name && one.subject.namespace == subject.namespace
        };
        all.iter().find(behind)
    });
    own.and_then(|one| one.meta).cloned()
}

/// Every Application, once: they live together in a namespace of their own, and say where they deploy to.
pub async fn applications(reader: &Reader, case: &mut Case) {
    if case.applications.knows("") || !case.applications.gaps().is_empty() {
        return;
    }
    reader
        .list::<Application>("applications", None, ListParams::default(), Area::Cluster)
        .await
        .shelve(&mut case.applications);
}

/// The labels of Helm's Secrets, and nothing of their data. The shipped role reads no Secrets, because rights know no
/// difference between the two: there the ledger says so, and the judges keep silent. Who asks with rights of their own
/// (`vigie ask`) gets the answer.
async fn releases(reader: &Reader, case: &mut Case, namespaces: &[String]) {
    let places: Vec<Option<&String>> = if namespaces.is_empty() {
        vec![None]
    } else {
        namespaces.iter().map(Some).collect()
    };
    for place in places {
        let area = place.map_or(Area::Cluster, |name| Area::Namespace(name.clone()));
        let params = ListParams::default().labels("owner=helm");
        let read = reader
            .sources
            .kube
            .list_meta::<HelmSecret>(place.map(String::as_str), params);
        match reader.timed("helm", read).await {
            Ok(answer) => {
                let found = answer.value.into_iter();
                case.releases.add(
                    area,
                    found
                        .map(|one| HelmSecret {
                            metadata: one.metadata,
                        })
                        .collect(),
                );
            }
            Err(ReadError::Forbidden(_)) => case.releases.miss(area, Gap::NotPermitted),
            Err(_) => case.releases.miss(area, Gap::NoAnswer),
        }
    }
}

/// The pods of failed hooks: their logs are read with the others'.
async fn hook_pods(reader: &Reader, case: &mut Case) {
    let failed = case.jobs.iter().filter(|job| {
        let status = job.status.as_ref();
        !hook_phases(job).is_empty()
            && status.and_then(|status| status.failed).unwrap_or_default() > 0
    });
    let names = failed
        .filter_map(|job| Some((job.metadata.namespace.clone()?, job.metadata.name.clone()?)));
    let names: Vec<(String, String)> = names.take(HOOKS).collect();
    for (namespace, name) in names {
        let label = ("job-name".to_owned(), name.clone());
        let area = Area::Selected(namespace.clone(), [label].into());
        let params = ListParams::default().labels(&format!("job-name={name}"));
        reader
            .list::<Pod>("pods", Some(&namespace), params, area)
            .await
            .shelve(&mut case.pods);
    }
}

/// Who wrote which field of the workload, and when: `managedFields`, which every other read leaves out.
async fn writers(reader: &Reader, case: &mut Case, subject: &Subject) {
    let namespace = subject.namespace.clone().unwrap_or_default();
    let name = &subject.name;
    match subject.kind {
        Kind::Deployment => {
            let found = case.deployments.look(&namespace, name).found().cloned();
            if let (Some(mut object), Some(meta)) =
                (found, owners::<Deployment>(reader, subject).await)
            {
                object.metadata.managed_fields = meta.managed_fields;
                case.deployments.put(object);
            }
        }
        Kind::StatefulSet => {
            let found = case.stateful_sets.look(&namespace, name).found().cloned();
            if let (Some(mut object), Some(meta)) =
                (found, owners::<StatefulSet>(reader, subject).await)
            {
                object.metadata.managed_fields = meta.managed_fields;
                case.stateful_sets.put(object);
            }
        }
        Kind::DaemonSet => {
            let found = case.daemon_sets.look(&namespace, name).found().cloned();
            if let (Some(mut object), Some(meta)) =
                (found, owners::<DaemonSet>(reader, subject).await)
            {
                object.metadata.managed_fields = meta.managed_fields;
                case.daemon_sets.put(object);
            }
        }
        _ => {}
    }
}

async fn owners<K: Readable>(reader: &Reader, subject: &Subject) -> Option<ObjectMeta> {
    let params = ListParams::default().fields(&format!("metadata.name={}", subject.name));
    let read = reader
        .sources
        .kube
        .list_meta::<K>(subject.namespace.as_deref(), params);
    let answer = reader.timed("managedfields", read).await.ok()?;
    answer.value.into_iter().next().map(|one| one.metadata)
}

/// An Application asked about by its name, and the namespaces it deploys to.
pub async fn application(reader: &Reader, case: &mut Case, subject: &Subject) -> Vec<String> {
    applications(reader, case).await;
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let Some(app) = case.applications.look(namespace, &subject.name).found() else {
        return Vec::new();
    };
    let own = managed(app).into_iter();
    let mut all: Vec<String> = own.filter_map(|one| one.namespace).collect();
    all.push(destination(app).to_owned());
    all.retain(|name| !name.is_empty());
    all.sort();
    all.dedup();
    all
}
