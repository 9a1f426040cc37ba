//! What manages an object: the Helm release and the Argo CD Application that brought it, and the hooks of both.

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::{Application, Case, Workload};
use crate::finding::{Kind, Subject};

/// Label by which charts and Argo CD name the instance.
const INSTANCE: &str = "app.kubernetes.io/instance";
/// Argo CD's own mark: `APP:GROUP/KIND:NAMESPACE/NAME`.
const TRACKING: &str = "argocd.argoproj.io/tracking-id";

/// A label or an annotation of an object.
fn mark<'a>(meta: &'a ObjectMeta, name: &str) -> Option<&'a str> {
    let of = |all: &'a Option<std::collections::BTreeMap<String, String>>| {
        all.as_ref()?.get(name).map(String::as_str)
    };
    of(&meta.annotations).or_else(|| of(&meta.labels))
}

/// The Helm release that installed an object, by the annotations Helm 3 writes on each.
#[must_use]
pub fn release_of(meta: &ObjectMeta) -> Option<Subject> {
    let name = mark(meta, "meta.helm.sh/release-name")?;
    let namespace = mark(meta, "meta.helm.sh/release-namespace").or(meta.namespace.as_deref())?;
    Some(Subject::new(Kind::HelmRelease, namespace, name))
}

/// The name of the Argo CD Application an object says it belongs to. The label alone is what any chart sets too: it
/// counts where Helm itself did not install the object.
#[must_use]
pub fn tracked_by(meta: &ObjectMeta) -> Option<&str> {
    let by_id = mark(meta, TRACKING).and_then(|id| id.split(':').next());
    by_id.or_else(|| {
        let helm = release_of(meta).is_some();
        mark(meta, INSTANCE).filter(|_| !helm)
    })
}

/// An Application as a subject.
#[must_use]
pub fn application_subject(app: &Application) -> Subject {
    let meta = &app.metadata;
    Subject::new(
        Kind::Application,
        meta.namespace.clone().unwrap_or_default(),
        meta.name.clone().unwrap_or_default(),
    )
}

/// Where an Application deploys to.
#[must_use]
pub fn destination(app: &Application) -> &str {
    app.spec["destination"]["namespace"]
        .as_str()
        .unwrap_or_default()
}

/// One object of an Application's `status.resources`.
#[must_use]
pub fn resource_subject(app: &Application, resource: &Value) -> Option<Subject> {
    let kind = Kind::parse(resource["kind"].as_str()?)?;
    let name = resource["name"].as_str()?;
    let namespace = resource["namespace"].as_str().filter(|it| !it.is_empty());
    Some(Subject::new(
        kind,
        namespace.unwrap_or_else(|| destination(app)),
        name,
    ))
}

/// The objects an Application manages, as far as the catalogue has their kinds.
#[must_use]
pub fn managed(app: &Application) -> Vec<Subject> {
    let resources = app.status["resources"].as_array().into_iter().flatten();
    resources
        .filter_map(|one| resource_subject(app, one))
        .collect()
}

/// The Applications that manage an object: they list it, or it bears their mark.
#[must_use]
pub fn applications_of(case: &Case, object: &Subject, meta: Option<&ObjectMeta>) -> Vec<Subject> {
    let named = meta.and_then(tracked_by);
    let manages = |app: &&Application| {
        let own = application_subject(app);
        let marked = named.is_some_and(|name| {
            let here = object.namespace.as_deref() == Some(destination(app));
            let with_namespace = own
                .namespace
                .as_ref()
                .is_some_and(|namespace| name == format!("{namespace}_{}", own.name));
            here && (name == own.name || with_namespace)
        });
        marked || managed(app).iter().any(|one| one.same_object(object))
    };
    case.applications
        .iter()
        .filter(manages)
        .map(application_subject)
        .collect()
}

/// The phases a Job is a Helm hook for, tests left out; none for a Job that is no hook of Helm's.
#[must_use]
pub fn hook_phases(job: &Job) -> Vec<&str> {
    let own =
        mark(&job.metadata, "helm.sh/hook").filter(|_| mark(&job.metadata, TRACKING).is_none());
    let phases = own.into_iter().flat_map(|all| all.split(','));
    let phases = phases
        .map(str::trim)
        .filter(|phase| !phase.is_empty() && !phase.starts_with("test"));
    phases.collect()
}

/// The release a hook belongs to, as charts label it: Helm marks no hook itself.
#[must_use]
pub fn release_of_hook(job: &Job) -> Option<&str> {
    mark(&job.metadata, "meta.helm.sh/release-name")
        .or_else(|| mark(&job.metadata, INSTANCE))
        .or_else(|| mark(&job.metadata, "release"))
}

/// What manages these objects, and the hooks of it: they stand as near to the question as the objects themselves.
pub(super) fn managers(case: &Case, all: &[Workload<'_>], near: &[Subject]) -> Vec<Subject> {
    let mut found: Vec<Subject> = Vec::new();
    for subject in near {
        let workload = all.iter().find(|one| one.subject.same_object(subject));
        let meta = workload.and_then(|one| one.meta);
        found.extend(meta.and_then(release_of));
        found.extend(applications_of(case, subject, meta));
    }
    let hooks = case.jobs.iter().filter(|job| {
        let release = release_of_hook(job);
        !hook_phases(job).is_empty()
            && found.iter().any(|one| {
                one.kind == Kind::HelmRelease
                    && one.namespace == job.metadata.namespace
                    && release == Some(one.name.as_str())
            })
    });
    let hooks = hooks.map(|job| {
        let meta = &job.metadata;
        let name = meta.name.clone().unwrap_or_default();
        Subject::new(Kind::Job, meta.namespace.clone().unwrap_or_default(), name)
    });
    let hooks: Vec<Subject> = hooks.collect();
    found.extend(hooks);
    found
}
