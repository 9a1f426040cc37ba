//! What is missing around a workload: replicas, autoscaler, disruption budget.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::{is_small, lack};
use crate::finding::{Cause, Finding, Kind};
use crate::investigation::case::{Facts, Workload, selects};
use crate::text::Message;

pub(super) fn judge(case: &Facts<'_>, workload: &Workload<'_>) -> Vec<Finding> {
    let replicated = matches!(workload.subject.kind, Kind::Deployment | Kind::StatefulSet);
    if !replicated || is_small(workload.namespace()) || workload.wanted() == 0 {
        return Vec::new();
    }
    let single = workload.wanted() == 1;
    let mut found = Vec::new();
    if single {
        let fact = Message::new("fact-replicas").with("replicas", workload.wanted());
        let change = ("spec.replicas", Some("1".to_owned()), "2");
        found.push(lack(
            case,
            (Cause::SingleReplica, 0.95),
            workload.subject.clone(),
            fact,
            change,
        ));
    }
    found.extend(budget(case, workload).filter(|_| !single));
    found.extend(autoscaler(case, workload));
    found
}

/// No budget selects the pods; "could not look" is not "none".
fn budget(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    let namespace = workload.namespace();
    let labels = workload.labels();
    let all = |selector: &LabelSelector| {
        let by_labels = selector.match_labels.clone().unwrap_or_default();
        // Expressions are not evaluated: a budget that has nothing else may well be the one.
        by_labels.is_empty() || selects(&by_labels, labels)
    };
    let mut budgets = case.disruption_budgets.within(namespace);
    let covered = budgets.any(|one| {
        one.spec
            .as_ref()
            .and_then(|spec| spec.selector.as_ref())
            .is_some_and(all)
    });
    if covered || !case.disruption_budgets.knows(namespace) {
        return None;
    }
    let fact = Message::new("fact-no-budget").with("namespace", namespace);
    let change = ("PodDisruptionBudget.spec.maxUnavailable", None, "1");
    Some(lack(
        case,
        (Cause::NoPdb, 0.76),
        workload.subject.clone(),
        fact,
        change,
    ))
}

/// Only Deployments: what scales a `StatefulSet` is a decision of its own.
fn autoscaler(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    let namespace = workload.namespace();
    let mut scalers = case.autoscalers.within(namespace);
    let scaled = scalers.any(|one| {
        let target = &one.spec.scale_target_ref;
        target.name == workload.subject.name && target.kind == workload.subject.kind.as_str()
    });
    let deployment = workload.subject.kind == Kind::Deployment;
    if scaled || !deployment || !case.autoscalers.knows(namespace) {
        return None;
    }
    let fact = Message::new("fact-no-autoscaler").with("namespace", namespace);
    let change = (
        "HorizontalPodAutoscaler.spec",
        None,
        "{minReplicas: 2, maxReplicas: 6, cpu: 70 %}",
    );
    Some(lack(
        case,
        (Cause::NoAutoscaler, 0.72),
        workload.subject.clone(),
        fact,
        change,
    ))
}
