//! Scaled to zero: the cause when somebody asks for it or calls it, not by itself.

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{
    Facts, Scope, Workload, asleep, calls, is_scaled_by_keda, selects,
};
use crate::text::Message;

/// Set to zero replicas: the cause when somebody asks for it or calls it, not by itself.
pub(super) fn scaled_to_zero(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    if !matches!(workload.subject.kind, Kind::Deployment | Kind::StatefulSet)
        || workload.desired != Some(0)
    {
        return None;
    }
    let services: Vec<Subject> = case
        .services
        .within(workload.namespace())
        .filter(|service| {
            service
                .spec
                .as_ref()
                .and_then(|spec| spec.selector.as_ref())
                .is_some_and(|s| selects(s, workload.labels()))
        })
        .map(crate::investigation::case::service_subject)
        .collect();
    let summary = Message::new("cause-scaled-to-zero").with("workload", &workload.subject.name);
    let kind = workload.subject.kind.as_str().to_ascii_lowercase();
    let command = format!(
        "kubectl -n {} scale {kind}/{} --replicas=1",
        workload.namespace(),
        workload.subject.name
    );
    let strength = strength(case, workload, &services)?;
    Some(
        Finding::new(
            Cause::ScaledToZero,
            workload.subject.clone(),
            strength,
            summary,
        )
        .evidence(
            Message::new("fact-zero-replicas"),
            format!("{} spec.replicas", workload.subject.label()),
            Some(case.now),
        )
        .hits(services)
        .explains([
            Symptom::Unavailable,
            Symptom::Errors,
            Symptom::MissingData,
            Symptom::Slow,
        ])
        .fix(
            Fix::new(
                workload.subject.clone(),
                "spec.replicas",
                Message::new("why-scale"),
            )
            .change(Some("0"), Some("1"))
            .command(command),
        ),
    )
}

/// How much it matters that there are none; none where that is how it should be.
fn strength(case: &Facts<'_>, workload: &Workload<'_>, services: &[Subject]) -> Option<f64> {
    let called = is_called(case, services);
    if !called && is_relieved(case, workload) {
        return None;
    }
    match &case.scope {
        // KEDA put it to sleep, and nobody calls it: it wakes up when there is work.
        Scope::Object(_) if asleep(case, workload).is_some() && !called => None,
        Scope::Object(_) => Some(0.92),
        // Nobody asked and nobody calls it: somebody's choice, not an incident.
        _ if called => Some(0.9),
        // Something else decides how many there are, and today it is none.
        _ if is_scaled_by_keda(case, workload) => None,
        _ => Some(0.5),
    }
}

/// Names of the slots of which one serves and the other sleeps until the next release.
const SLOTS: &[&str] = &[
    "blue", "green", "bleu", "bleue", "vert", "verte", "active", "preview", "stable", "canary",
];

/// Whether its other slot serves in its place: blue for green, and the `-primary` that Flagger runs instead of
/// what it was given (its documentation: the target is scaled to zero once the canary is initialised).
fn is_relieved(case: &Facts<'_>, workload: &Workload<'_>) -> bool {
    let name = &workload.subject.name;
    let is_other = |other: &str| {
        let primary = other.strip_suffix("-primary") == Some(name.as_str());
        let parts = || name.split('-').zip(other.split('-'));
        let same_length = name.split('-').count() == other.split('-').count();
        let mut differ = parts().filter(|(own, other)| own != other);
        let slots = |(own, other): (&str, &str)| SLOTS.contains(&own) && SLOTS.contains(&other);
        primary || (same_length && differ.next().is_some_and(slots) && differ.next().is_none())
    };
    let all = case.workloads();
    let mut beside = all
        .iter()
        .filter(|other| other.namespace() == workload.namespace() && other.ready() > 0);
    beside.any(|other| is_other(&other.subject.name))
}

/// Whether some other workload is told to call one of these Services.
fn is_called(case: &Facts<'_>, services: &[Subject]) -> bool {
    let all = case.workloads();
    let mut called = all
        .iter()
        .filter(|workload| !workload.pods.is_empty())
        .flat_map(|workload| calls(case, workload));
    called.any(|subject| services.iter().any(|service| service.same_object(&subject)))
}
