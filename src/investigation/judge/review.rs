//! How a workload is set up, for who asks: what is missing, in order of risk, each with the field and an example value.
//! Never part of an incident's answer.

mod container;
mod workload;

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::intent;
use crate::investigation::case::{Facts, Scope, Workload};
use crate::text::Message;

/// What such a lack leads to; nothing is wrong yet.
const LEADS_TO: [Symptom; 2] = [Symptom::Unavailable, Symptom::Slow];

/// Judges the family.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let asked = all.iter().filter(|one| is_asked(case, one));
    let mut found = Vec::new();
    for one in asked {
        found.extend(container::judge(case, one));
        found.extend(workload::judge(case, one));
    }
    found
}

/// Workloads that run on, and that the question means.
fn is_asked(case: &Facts<'_>, workload: &Workload<'_>) -> bool {
    let lasting = matches!(
        workload.subject.kind,
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet
    );
    lasting
        && workload.template.is_some()
        && match &case.scope {
            Scope::Object(_) => case
                .reach()
                .iter()
                .any(|(near, hops)| *hops == 0 && near.same_object(&workload.subject)),
            Scope::Namespaces(names) => names.iter().any(|name| name == workload.namespace()),
            Scope::Cluster => !workload.namespace().starts_with("kube-"),
        }
}

/// Whether a namespace is called after an environment where one replica without autoscaling is what one wants.
fn is_small(namespace: &str) -> bool {
    let is = |environment: &str| {
        let words = intent::words_for(environment);
        namespace
            .split(['-', '_', '.'])
            .any(|part| words.contains(&part))
    };
    !is("production") && (is("dev") || is("staging"))
}

/// One lack: the sentence, the fact, and the change.
fn lack(
    facts: &Facts<'_>,
    (cause, risk): (Cause, f64),
    subject: Subject,
    fact: Message,
    (field, from, to): (&str, Option<String>, &str),
) -> Finding {
    let (said, why) = texts(cause);
    let mut summary = Message::new(said).with("workload", &subject.name);
    if let Some(container) = &subject.container {
        summary = summary.with("container", container);
    }
    let source = format!("{} spec", subject.label());
    let fix = Fix::new(subject.clone(), field, Message::new(why)).change(from, Some(to));
    Finding::new(cause, subject, risk, summary)
        .evidence(fact, source, Some(facts.now))
        .explains(LEADS_TO)
        .fix(fix)
}

/// The sentence of a lack, and why it matters.
fn texts(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::NoLivenessProbe => ("cause-no-liveness-probe", "why-no-liveness-probe"),
        Cause::NoReadinessProbe => ("cause-no-readiness-probe", "why-no-readiness-probe"),
        Cause::NoResourceLimits => ("cause-no-resource-limits", "why-no-resource-limits"),
        Cause::NoResourceRequests => ("cause-no-resource-requests", "why-no-resource-requests"),
        Cause::NoAutoscaler => ("cause-no-autoscaler", "why-no-autoscaler"),
        Cause::SingleReplica => ("cause-single-replica", "why-single-replica"),
        Cause::LatestTag => ("cause-latest-tag", "why-latest-tag"),
        Cause::NoPdb => ("cause-no-pdb", "why-no-pdb"),
        Cause::RunsAsRoot => ("cause-runs-as-root", "why-runs-as-root"),
        _ => ("cause-secret-in-env-literal", "why-secret-in-env-literal"),
    }
}
