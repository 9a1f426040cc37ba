//! The moments that a picture shows: when something was changed, and when the trouble began.

use chrono::{DateTime, TimeDelta, Utc};

use super::Plan;
use crate::finding::{Cause, Kind, Mark, Subject};
use crate::investigation::case::{Case, containers, utc, workloads};
use crate::text::Message;

/// Two moments nearer than this are one.
const SAME: TimeDelta = TimeDelta::minutes(1);

/// When the newest revision came; a workload that never had another one was not changed by it.
pub(super) fn rolled_out(case: &Case, subject: &Subject) -> Option<DateTime<Utc>> {
    if subject.kind != Kind::Deployment {
        return None;
    }
    let owned = case.replica_sets.iter().filter(|one| {
        let meta = &one.metadata;
        let owner = |it: &k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference| {
            it.kind == "Deployment" && it.name == subject.name
        };
        meta.namespace == subject.namespace && meta.owner_references.iter().flatten().any(owner)
    });
    let created = owned.filter_map(|one| one.metadata.creation_timestamp.as_ref().map(utc));
    let mut created: Vec<DateTime<Utc>> = created.collect();
    created.sort();
    match &created[..] {
        [_, .., newest] => Some(*newest),
        _ => None,
    }
}

/// The plan's marks within the time it shows.
pub(super) fn marks(case: &Case, plan: &Plan) -> Vec<Mark> {
    let killed = (plan.cause == Some(Cause::OomKilled))
        .then(|| killed(case, &plan.subject))
        .flatten();
    let (trouble, label) = match killed {
        Some(at) => (Some(at), "chart-mark-killed"),
        None => (plan.since, "chart-mark-symptom"),
    };
    // What began with the change says so by the change's mark.
    let trouble = trouble.filter(|at| {
        plan.changed
            .is_none_or(|changed| (*at - changed).abs() > SAME)
    });
    let mark = |at: Option<DateTime<Utc>>, label, trouble| {
        let at = at.filter(|at| (plan.from..=plan.to).contains(at))?;
        let label = Message::new(label);
        Some(Mark { label, at, trouble })
    };
    let all = [
        mark(plan.changed, "chart-mark-deploy", false),
        mark(trouble, label, true),
    ];
    all.into_iter().flatten().collect()
}

/// When a container of the workload was first killed, as far as the kubelet still knows.
fn killed(case: &Case, subject: &Subject) -> Option<DateTime<Utc>> {
    let workload = workloads(case)
        .into_iter()
        .find(|one| one.subject.same_object(subject))?;
    let ends = workload
        .pods
        .into_iter()
        .flat_map(containers)
        .filter_map(|one| one.last_exit());
    let killed = ends.filter(|end| end.reason == "OOMKilled");
    killed.filter_map(|end| end.finished).min()
}
