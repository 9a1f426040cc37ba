//! Scaled to zero: the cause when somebody asks for it or calls it, not by itself.

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Scope, Workload, calls, selects};
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
    let strength = match &case.scope {
        Scope::Object(_) => 0.92,
        // Nobody asked and nobody calls it: somebody's choice, not an incident.
        _ if is_called(case, &services) => 0.9,
        _ => 0.5,
    };
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

/// Whether some other workload is told to call one of these Services.
fn is_called(case: &Facts<'_>, services: &[Subject]) -> bool {
    let all = case.workloads();
    let mut called = all
        .iter()
        .filter(|workload| !workload.pods.is_empty())
        .flat_map(|workload| calls(case, workload));
    called.any(|subject| services.iter().any(|service| service.same_object(&subject)))
}
