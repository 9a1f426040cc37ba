//! Kubernetes objects: candidates for a name, one object and what belongs to it, or a whole sweep.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use futures::join;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{
    Event, LimitRange, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod,
    ResourceQuota, Service,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::networking::v1::{Ingress, IngressClass, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::storage::v1::StorageClass;
use kube::api::ListParams;

use super::reader::shelve_all;
use super::routes::http_routes;
use super::usage::usage;
use super::{Reader, placement};
use crate::clients::kube::{Meta, ReadError};
use crate::finding::{Kind, Subject};
use crate::intent::Candidate;
use crate::investigation::case::{Area, Case, is_ready};

/// Nodes to read one by one before a list is cheaper.
pub(super) const FEW_NODES: usize = 3;

/// Label by which an `EndpointSlice` names its Service (API reference, discovery.k8s.io/v1).
const SERVICE_NAME: &str = "kubernetes.io/service-name";

/// Every namespace, into the case.
pub async fn namespaces_of(reader: &Reader, case: &mut Case) {
    let batch = reader.list::<Namespace>("namespaces", None, ListParams::default(), Area::Cluster);
    batch.await.shelve(&mut case.namespaces);
}

/// The objects a name may mean, in these namespaces (none: in the cluster), by metadata alone;
/// Ingresses whole, for their hosts.
///
/// # Errors
/// When workloads cannot be listed at all.
pub async fn candidates(
    reader: &Reader,
    case: &mut Case,
    namespaces: &[String],
) -> Result<Vec<Candidate>, ReadError> {
    let (deployments, stateful, daemons, crons, jobs, services, ingresses) = join!(
        reader.list_meta::<Deployment>("deployments", namespaces),
        reader.list_meta::<StatefulSet>("statefulsets", namespaces),
        reader.list_meta::<DaemonSet>("daemonsets", namespaces),
        reader.list_meta::<CronJob>("cronjobs", namespaces),
        reader.list_meta::<Job>("jobs", namespaces),
        reader.list_all::<Service>("services", namespaces, ListParams::default()),
        reader.list_all::<Ingress>("ingresses", namespaces, ListParams::default()),
    );
    shelve_all(services, &mut case.services);
    shelve_all(ingresses, &mut case.ingresses);
    let workloads = [
        (Kind::Deployment, deployments),
        (Kind::StatefulSet, stateful),
        (Kind::DaemonSet, daemons),
        (Kind::CronJob, crons),
        (
            Kind::Job,
            jobs.map(|all| all.into_iter().filter(is_own).collect()),
        ),
    ];
    let failed = workloads.iter().all(|(_, metas)| metas.is_err());
    let mut all = Vec::new();
    let mut first_error = None;
    for (kind, metas) in workloads {
        match metas {
            Ok(metas) => all.extend(metas.iter().map(|meta| candidate(kind, meta))),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    all.extend(case.services.iter().map(|service| {
        candidate(
            Kind::Service,
            &Meta {
                metadata: service.metadata.clone(),
            },
        )
    }));
    all.extend(case.ingresses.iter().map(ingress));
    match first_error {
        Some(error) if failed => Err(error),
        _ => Ok(all),
    }
}

/// A run of a `CronJob` goes by the name of that one.
fn is_own(job: &Meta) -> bool {
    let mut owners = job.metadata.owner_references.iter().flatten();
    !owners.any(|owner| owner.kind == "CronJob")
}

fn candidate(kind: Kind, meta: &Meta) -> Candidate {
    let meta = &meta.metadata;
    let label = |key: &str| {
        meta.labels
            .as_ref()
            .and_then(|labels| labels.get(key).cloned())
    };
    let annotation = |key: &str| {
        meta.annotations
            .as_ref()
            .and_then(|all| all.get(key).cloned())
    };
    Candidate {
        app_name: label("app.kubernetes.io/name"),
        app: label("app").or_else(|| label("k8s-app")),
        release: label("app.kubernetes.io/instance")
            .or_else(|| annotation("meta.helm.sh/release-name")),
        ..Candidate::new(
            kind,
            meta.namespace.clone().unwrap_or_default(),
            meta.name.clone().unwrap_or_default(),
        )
    }
}

fn ingress(object: &Ingress) -> Candidate {
    let rules = object.spec.as_ref().and_then(|spec| spec.rules.as_ref());
    let hosts = rules
        .into_iter()
        .flatten()
        .filter_map(|rule| rule.host.clone())
        .collect();
    Candidate {
        hosts,
        ..candidate(
            Kind::Ingress,
            &Meta {
                metadata: object.metadata.clone(),
            },
        )
    }
}

/// One object by kind and name, with what its namespace says about it.
pub async fn object(reader: &Reader, case: &mut Case, subject: &Subject) {
    let Some(namespace) = &subject.namespace else {
        // Nothing is said of it in any namespace.
        return fetch(reader, case, subject).await;
    };
    let namespaces = std::slice::from_ref(namespace);
    let (mut own, mut around) = (Case::default(), Case::default());
    join!(
        rules(reader, &mut around, namespaces),
        fetch(reader, &mut own, subject)
    );
    merge_object(case, own);
    merge_rules(case, around);
}

/// What these namespaces (none: the cluster) say about everything in them: events, quotas, limits, budgets,
/// policies, autoscalers.
pub async fn rules(reader: &Reader, case: &mut Case, namespaces: &[String]) {
    let all = ListParams::default;
    let (events, quotas, limits, budgets, policies, autoscalers) = join!(
        reader.list_all::<Event>("events", namespaces, not_normal()),
        reader.list_all::<ResourceQuota>("quotas", namespaces, all()),
        reader.list_all::<LimitRange>("limitranges", namespaces, all()),
        reader.list_all::<PodDisruptionBudget>("disruptionbudgets", namespaces, all()),
        reader.list_all::<NetworkPolicy>("networkpolicies", namespaces, all()),
        reader.list_all::<HorizontalPodAutoscaler>("autoscalers", namespaces, all()),
    );
    shelve_all(events, &mut case.events);
    shelve_all(quotas, &mut case.quotas);
    shelve_all(limits, &mut case.limit_ranges);
    shelve_all(budgets, &mut case.disruption_budgets);
    shelve_all(policies, &mut case.network_policies);
    shelve_all(autoscalers, &mut case.autoscalers);
}

/// The warnings of a namespace, once.
pub async fn warnings(reader: &Reader, case: &mut Case, namespace: &str) {
    if !case.events.knows(namespace) {
        let namespaces = [namespace.to_owned()];
        let events = reader.list_all::<Event>("events", &namespaces, not_normal());
        shelve_all(events.await, &mut case.events);
    }
}

/// Moves what [`rules`] read into the case.
fn merge_rules(case: &mut Case, around: Case) {
    case.events.extend(around.events);
    case.quotas.extend(around.quotas);
    case.limit_ranges.extend(around.limit_ranges);
    case.disruption_budgets.extend(around.disruption_budgets);
    case.network_policies.extend(around.network_policies);
    case.autoscalers.extend(around.autoscalers);
}

/// Reads the object alone.
pub async fn fetch(reader: &Reader, case: &mut Case, subject: &Subject) {
    let namespace = subject.namespace.as_deref();
    let name = &subject.name;
    match subject.kind {
        Kind::Deployment => reader
            .get("deployments", namespace, name)
            .await
            .shelve(&mut case.deployments),
        Kind::StatefulSet => reader
            .get("statefulsets", namespace, name)
            .await
            .shelve(&mut case.stateful_sets),
        Kind::DaemonSet => reader
            .get("daemonsets", namespace, name)
            .await
            .shelve(&mut case.daemon_sets),
        Kind::CronJob => reader
            .get("cronjobs", namespace, name)
            .await
            .shelve(&mut case.cron_jobs),
        Kind::Job => reader
            .get("jobs", namespace, name)
            .await
            .shelve(&mut case.jobs),
        Kind::Pod => reader
            .get("pods", namespace, name)
            .await
            .shelve(&mut case.pods),
        Kind::Service => reader
            .get("services", namespace, name)
            .await
            .shelve(&mut case.services),
        Kind::Node => reader
            .get("nodes", None, name)
            .await
            .shelve(&mut case.nodes),
        Kind::Ingress => reader
            .get("ingresses", namespace, name)
            .await
            .shelve(&mut case.ingresses),
        Kind::HttpRoute => reader
            .get("httproutes", namespace, name)
            .await
            .shelve(&mut case.http_routes),
        _ => {}
    }
}

/// The pods that are placed on a node, of all namespaces.
pub async fn pods_on(reader: &Reader, case: &mut Case, node: &str) {
    let there = ListParams::default().fields(&format!("spec.nodeName={node}"));
    let pods = reader.list::<Pod>("pods", None, there, Area::Cluster);
    pods.await.shelve_named(&mut case.pods);
}

/// Every Deployment and `StatefulSet` of a namespace.
pub async fn workloads_in(reader: &Reader, case: &mut Case, namespace: &str) {
    let namespaces = [namespace.to_owned()];
    let (deployments, stateful) = join!(
        reader.list_all::<Deployment>("deployments", &namespaces, ListParams::default()),
        reader.list_all::<StatefulSet>("statefulsets", &namespaces, ListParams::default()),
    );
    shelve_all(deployments, &mut case.deployments);
    shelve_all(stateful, &mut case.stateful_sets);
}

/// Moves what [`fetch`] read into the case.
fn merge_object(case: &mut Case, own: Case) {
    case.deployments.extend(own.deployments);
    case.stateful_sets.extend(own.stateful_sets);
    case.daemon_sets.extend(own.daemon_sets);
    case.cron_jobs.extend(own.cron_jobs);
    case.jobs.extend(own.jobs);
    case.pods.extend(own.pods);
    case.services.extend(own.services);
    case.nodes.extend(own.nodes);
    case.ingresses.extend(own.ingresses);
    case.http_routes.extend(own.http_routes);
}

/// Warnings only: `Normal` events are most of them and prove nothing.
fn not_normal() -> ListParams {
    ListParams::default().fields("type!=Normal")
}

/// The pods behind labels, their revisions, the endpoints of the Services named, and usage.
pub async fn pods_and_revisions(
    reader: &Reader,
    case: &mut Case,
    namespace: &str,
    labels: &BTreeMap<String, String>,
    services: &[String],
) {
    if labels.is_empty() {
        return;
    }
    let area = || Area::Selected(namespace.to_owned(), labels.clone());
    let by_labels = ListParams::default().labels(&selector(labels));
    let slices =
        ListParams::default().labels(&format!("{SERVICE_NAME} in ({})", services.join(",")));
    let usage_path = format!("/apis/metrics.k8s.io/v1beta1/namespaces/{namespace}/pods");
    let (pods, revisions, slices, usage) = join!(
        reader.list::<Pod>("pods", Some(namespace), by_labels.clone(), area()),
        reader.list::<ReplicaSet>("replicasets", Some(namespace), by_labels.clone(), area()),
        async {
            if services.is_empty() {
                return None;
            }
            Some(
                reader
                    .list::<EndpointSlice>(
                        "endpoints",
                        Some(namespace),
                        slices,
                        Area::Selected(namespace.to_owned(), BTreeMap::new()),
                    )
                    .await,
            )
        },
        usage(reader, &usage_path, by_labels.clone()),
    );
    pods.shelve(&mut case.pods);
    revisions.shelve(&mut case.replica_sets);
    if let Some(slices) = slices {
        let read = slices.worked();
        slices.shelve_named(&mut case.endpoint_slices);
        if read {
            case.endpoints_read
                .extend(services.iter().map(|name| format!("{namespace}/{name}")));
        }
    }
    case.usage.extend(usage);
}

fn selector(labels: &BTreeMap<String, String>) -> String {
    labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join(",")
}

/// Nodes: the ones that unready pods run on, or all of them when a pod has no node, or when many do.
pub async fn nodes(reader: &Reader, case: &mut Case) {
    let mut wanted: Vec<String> = Vec::new();
    let mut unplaced = false;
    for pod in case.pods.iter().filter(|pod| !is_ready(pod)) {
        match pod.spec.as_ref().and_then(|spec| spec.node_name.clone()) {
            Some(node) if !wanted.contains(&node) => wanted.push(node),
            Some(_) => {}
            None => unplaced = true,
        }
    }
    if unplaced || wanted.len() > FEW_NODES {
        reader
            .list::<Node>("nodes", None, ListParams::default(), Area::Cluster)
            .await
            .shelve(&mut case.nodes);
        return;
    }
    let reads = wanted
        .iter()
        .map(|name| reader.get::<Node>("nodes", None, name));
    for batch in futures::future::join_all(reads).await {
        batch.shelve(&mut case.nodes);
    }
}

/// All nodes.
pub async fn all_nodes(reader: &Reader, case: &mut Case) {
    let list = reader.list::<Node>("nodes", None, ListParams::default(), Area::Cluster);
    list.await.shelve(&mut case.nodes);
}

/// The volume claims of a namespace, when a pod waits for one; with the volumes and classes of the
/// cluster, when a claim waits itself.
pub async fn claims(reader: &Reader, case: &mut Case, namespace: &str) {
    let namespaces = [namespace.to_owned()];
    for batch in reader
        .list_all::<PersistentVolumeClaim>("claims", &namespaces, ListParams::default())
        .await
    {
        batch.shelve(&mut case.claims);
    }
    volumes(reader, case).await;
}

/// Volumes and storage classes, when a claim is not bound, or the pod of a bound one waits for a node.
pub async fn volumes(reader: &Reader, case: &mut Case) {
    let unbound = |claim: &PersistentVolumeClaim| {
        let status = claim.status.as_ref();
        status.and_then(|status| status.phase.as_deref()) != Some("Bound")
    };
    let held = case.pods.iter().any(placement::waits_with_claim);
    if !(held || case.claims.iter().any(unbound)) || case.volumes.knows("") {
        return;
    }
    let (volumes, classes) = join!(
        reader.list::<PersistentVolume>("volumes", None, ListParams::default(), Area::Cluster),
        reader.list::<StorageClass>("storageclasses", None, ListParams::default(), Area::Cluster),
    );
    volumes.shelve(&mut case.volumes);
    classes.shelve(&mut case.storage_classes);
}

/// The Ingress classes, when there are Ingresses.
pub async fn ingress_classes(reader: &Reader, case: &mut Case) {
    if case.ingresses.is_empty() || !case.ingress_classes.is_empty() {
        return;
    }
    reader
        .list::<IngressClass>("ingressclasses", None, ListParams::default(), Area::Cluster)
        .await
        .shelve(&mut case.ingress_classes);
}

/// Everything in these namespaces (none: in the cluster), in one round of lists. Boxed: a dozen lists at a time
/// are a large future.
pub fn sweep<'a>(
    reader: &'a Reader,
    case: &'a mut Case,
    namespaces: &'a [String],
) -> BoxFuture<'a, ()> {
    Box::pin(swept(reader, case, namespaces))
}

/// The `CronJob`s of a namespace.
pub async fn crons(reader: &Reader, case: &mut Case, namespace: &str) {
    let area = Area::Namespace(namespace.to_owned());
    let all = ListParams::default();
    let list = reader.list::<CronJob>("cronjobs", Some(namespace), all, area);
    list.await.shelve(&mut case.cron_jobs);
}

async fn swept(reader: &Reader, case: &mut Case, namespaces: &[String]) {
    let all = ListParams::default;
    let mut around = Case::default();
    let ((), (deployments, stateful, daemons, jobs, crons, pods, services)) =
        join!(rules(reader, &mut around, namespaces), async {
            join!(
                reader.list_all::<Deployment>("deployments", namespaces, all()),
                reader.list_all::<StatefulSet>("statefulsets", namespaces, all()),
                reader.list_all::<DaemonSet>("daemonsets", namespaces, all()),
                reader.list_all::<Job>("jobs", namespaces, all()),
                reader.list_all::<CronJob>("cronjobs", namespaces, all()),
                reader.list_all::<Pod>("pods", namespaces, all()),
                reader.list_all::<Service>("services", namespaces, all()),
            )
        });
    let (slices, claims, ingresses, nodes) = join!(
        reader.list_all::<EndpointSlice>("endpoints", namespaces, all()),
        reader.list_all::<PersistentVolumeClaim>("claims", namespaces, all()),
        reader.list_all::<Ingress>("ingresses", namespaces, all()),
        reader.list::<Node>("nodes", None, all(), Area::Cluster),
    );
    shelve_all(deployments, &mut case.deployments);
    shelve_all(stateful, &mut case.stateful_sets);
    shelve_all(daemons, &mut case.daemon_sets);
    shelve_all(jobs, &mut case.jobs);
    shelve_all(crons, &mut case.cron_jobs);
    shelve_all(pods, &mut case.pods);
    shelve_all(services, &mut case.services);
    shelve_all(slices, &mut case.endpoint_slices);
    shelve_all(claims, &mut case.claims);
    shelve_all(ingresses, &mut case.ingresses);
    nodes.shelve(&mut case.nodes);
    merge_rules(case, around);
    http_routes(reader, case, namespaces).await;
    join_rest(reader, case).await;
}

/// What only some clusters need: volumes of waiting claims, classes of Ingresses.
async fn join_rest(reader: &Reader, case: &mut Case) {
    volumes(reader, case).await;
    ingress_classes(reader, case).await;
}

/// The revisions of some Deployments of a sweep, by namespace and selector.
pub async fn revisions(
    reader: &Reader,
    case: &mut Case,
    wanted: Vec<(String, BTreeMap<String, String>)>,
) {
    let reads = wanted.into_iter().map(|(namespace, labels)| async move {
        let params = ListParams::default().labels(&selector(&labels));
        let area = Area::Selected(namespace.clone(), labels);
        let read = reader.list::<ReplicaSet>("replicasets", Some(&namespace), params, area);
        read.await
    });
    shelve_all(
        futures::future::join_all(reads).await,
        &mut case.replica_sets,
    );
}
