//! Workloads with their pods: Deployments, `StatefulSet`s, `DaemonSet`s, Jobs, and pods that nothing
//! owns, all seen the same way.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::{Pod, PodTemplateSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::Case;
use crate::finding::{Kind, Subject};

/// Annotation in which the Deployment controller numbers its `ReplicaSet`s.
const REVISION: &str = "deployment.kubernetes.io/revision";
/// Label by which the Deployment controller tells its revisions' pods apart.
const TEMPLATE_HASH: &str = "pod-template-hash";

/// One workload and its pods.
#[derive(Clone, Debug)]
pub struct Workload<'a> {
    /// The object a person edits.
    pub subject: Subject,
    /// Its metadata; absent where only its pods were read.
    pub meta: Option<&'a ObjectMeta>,
    /// Replicas asked for; `None` where the object was not read.
    pub desired: Option<i32>,
    /// The pod template; absent where only pods were read.
    pub template: Option<&'a PodTemplateSpec>,
    /// Its pods, finished ones left out (except for Jobs).
    pub pods: Vec<&'a Pod>,
}

/// No labels.
static NONE: BTreeMap<String, String> = BTreeMap::new();

impl<'a> Workload<'a> {
    /// Namespace; empty only for what has none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.subject.namespace.as_deref().unwrap_or_default()
    }

    /// How many of its pods are Ready; those that end count no more, as in `status.readyReplicas`.
    #[must_use]
    pub fn ready(&self) -> usize {
        let stays = |pod: &&&Pod| pod.metadata.deletion_timestamp.is_none();
        let staying = self.pods.iter().filter(stays);
        staying.filter(|pod| is_ready(pod)).count()
    }

    /// Replicas asked for, else the pods there are.
    #[must_use]
    pub fn wanted(&self) -> usize {
        self.desired
            .and_then(|desired| usize::try_from(desired).ok())
            .unwrap_or(self.pods.len())
    }

    /// The labels its pods carry.
    #[must_use]
    pub fn labels(&self) -> &'a BTreeMap<String, String> {
        let template = self
            .template
            .and_then(|template| template.metadata.as_ref()?.labels.as_ref());
        let of_pod = || self.pods.first()?.metadata.labels.as_ref();
        template.or_else(of_pod).unwrap_or(&NONE)
    }
}

/// The labels of an object, without a copy.
#[must_use]
pub fn labels_of(meta: &ObjectMeta) -> &BTreeMap<String, String> {
    meta.labels.as_ref().unwrap_or(&NONE)
}

/// Whether the pod's Ready condition is true.
#[must_use]
pub fn is_ready(pod: &Pod) -> bool {
    let conditions = pod
        .status
        .as_ref()
        .and_then(|status| status.conditions.as_ref());
    conditions
        .into_iter()
        .flatten()
        .any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

/// Whether the labels carry everything the selector asks for. An empty selector selects nothing:
/// a Service without one has its endpoints managed by hand.
#[must_use]
pub fn selects(selector: &BTreeMap<String, String>, labels: &BTreeMap<String, String>) -> bool {
    !selector.is_empty()
        && selector
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
}

/// The revision number of a Deployment's `ReplicaSet`.
#[must_use]
pub fn revision(replica_set: &ReplicaSet) -> Option<u64> {
    replica_set
        .metadata
        .annotations
        .as_ref()?
        .get(REVISION)?
        .parse()
        .ok()
}

/// The object a person would edit to change this pod: the Deployment, not its `ReplicaSet`.
#[must_use]
pub fn owner_of(pod: &Pod) -> Subject {
    let namespace = pod.metadata.namespace.clone().unwrap_or_default();
    let own = || {
        Subject::new(
            Kind::Pod,
            namespace.clone(),
            pod.metadata.name.clone().unwrap_or_default(),
        )
    };
    let owner = pod
        .metadata
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.controller == Some(true));
    let Some(owner) = owner else { return own() };
    let hash = pod
        .metadata
        .labels
        .as_ref()
        .and_then(|labels| labels.get(TEMPLATE_HASH));
    let deployment = hash.and_then(|hash| owner.name.strip_suffix(&format!("-{hash}")));
    match (owner.kind.as_str(), deployment) {
        ("ReplicaSet", Some(deployment)) => Subject::new(Kind::Deployment, namespace, deployment),
        (kind, _) => Kind::parse(kind).map_or_else(own, |kind| {
            Subject::new(kind, namespace.clone(), &owner.name)
        }),
    }
}

/// Every workload that was read, with its pods, in a stable order.
#[must_use]
pub fn workloads(case: &Case) -> Vec<Workload<'_>> {
    let mut all: BTreeMap<Subject, Workload<'_>> = BTreeMap::new();
    for object in case.deployments.iter() {
        let desired = Some(object.spec.replicas.unwrap_or(1));
        insert(
            &mut all,
            Kind::Deployment,
            &object.metadata,
            desired,
            Some(&object.spec.template),
        );
    }
    for object in case.stateful_sets.iter() {
        let desired = Some(object.spec.replicas.unwrap_or(1));
        insert(
            &mut all,
            Kind::StatefulSet,
            &object.metadata,
            desired,
            Some(&object.spec.template),
        );
    }
    for object in case.daemon_sets.iter() {
        let desired = object
            .status
            .as_ref()
            .map(|status| status.desired_number_scheduled);
        insert(
            &mut all,
            Kind::DaemonSet,
            &object.metadata,
            desired,
            Some(&object.spec.template),
        );
    }
    for object in case.jobs.iter() {
        let desired = object.spec.as_ref().and_then(|spec| spec.parallelism);
        insert(
            &mut all,
            Kind::Job,
            &object.metadata,
            desired,
            object.spec.as_ref().map(|spec| &spec.template),
        );
    }
    for pod in case.pods.iter() {
        let owner = owner_of(pod);
        if owner.kind != Kind::Job && is_finished(pod) {
            continue;
        }
        let workload = all.entry(owner.clone()).or_insert_with(|| Workload {
            subject: owner,
            meta: None,
            desired: None,
            template: None,
            pods: Vec::new(),
        });
        workload.pods.push(pod);
    }
    all.into_values().collect()
}

fn insert<'a>(
    all: &mut BTreeMap<Subject, Workload<'a>>,
    kind: Kind,
    meta: &'a ObjectMeta,
    desired: Option<i32>,
    template: Option<&'a PodTemplateSpec>,
) {
    let subject = Subject::new(
        kind,
        meta.namespace.clone().unwrap_or_default(),
        meta.name.clone().unwrap_or_default(),
    );
    all.insert(
        subject.clone(),
        Workload {
            subject,
            meta: Some(meta),
            desired,
            template,
            pods: Vec::new(),
        },
    );
}

/// Succeeded or Failed: the kubelet is done with it (an evicted pod stays like that for hours).
fn is_finished(pod: &Pod) -> bool {
    let phase = pod
        .status
        .as_ref()
        .and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}
