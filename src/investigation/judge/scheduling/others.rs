//! Other pods keep the pod away: none of those it has to be near, or those it must not be near.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Pod, PodAffinityTerm};

use super::Unplaced;
use super::nodes::name;
use super::peers::{apart as rules, excluding, near as wanted, peers, shares, show};
use super::table::Sieve;
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::owner_of;
use crate::text::Message;

/// Pods that have to be near are nowhere, or only where the pod cannot go.
pub(super) fn near(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>, strength: f64) -> Finding {
    let terms = wanted(unplaced.pod);
    let there = |term: &PodAffinityTerm| peers(unplaced.case, unplaced.pod, term);
    let reachable = |term: &PodAffinityTerm, pods: &[&Pod]| {
        let near = |pod: &&Pod| {
            let ready = sieve.ready.iter();
            ready
                .clone()
                .any(|node| shares(unplaced.case, &term.topology_key, node, pod))
        };
        pods.iter().any(near)
    };
    let failing = terms
        .iter()
        .find(|term| there(term).is_some_and(|pods| !reachable(term, &pods)));
    let Some(term) = failing.or_else(|| terms.first()) else {
        let summary = Message::new("cause-pod-affinity-unsatisfied-words");
        let found = unplaced.finding(Cause::PodAffinityUnsatisfied, 0.8, summary);
        return unplaced.ruled_out(found);
    };
    let selector = show(term.label_selector.as_ref());
    let known = there(term);
    let id = match &known {
        Some(pods) if pods.is_empty() => "cause-pod-affinity-unsatisfied-absent",
        _ => "cause-pod-affinity-unsatisfied",
    };
    let summary = Message::new(id)
        .with("selector", &selector)
        .with("key", &term.topology_key);
    let mut finding = unplaced.finding(Cause::PodAffinityUnsatisfied, strength, summary);
    if let Some(pods) = known {
        let fact = Message::new("fact-pods-near")
            .with("selector", &selector)
            .with("count", pods.len());
        finding = finding.evidence(fact, "pods metadata.labels", Some(unplaced.case.now));
    }
    let field = "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution";
    let why = Message::new("why-pod-affinity").with("selector", &selector);
    let fix = Fix::new(unplaced.workload.subject.clone(), field, why);
    unplaced
        .ruled_out(finding)
        .fix(fix.change(Some(selector), None::<String>))
}

/// The pod's own rule: in each place it could go is one of those it must be away from.
pub(super) fn apart(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>, strength: f64) -> Finding {
    let terms = rules(unplaced.pod);
    let there = |term: &PodAffinityTerm| peers(unplaced.case, unplaced.pod, term);
    let standing = |term: &&PodAffinityTerm| there(term).is_some_and(|pods| !pods.is_empty());
    let Some(term) = terms.iter().find(standing).or_else(|| terms.first()) else {
        let summary = Message::new("cause-pod-anti-affinity-conflict-words");
        let found = unplaced.finding(Cause::PodAntiAffinityConflict, 0.8, summary);
        return unplaced.ruled_out(found);
    };
    let selector = show(term.label_selector.as_ref());
    let there = there(term);
    let mut owners: BTreeSet<Subject> = BTreeSet::new();
    owners.extend(there.iter().flatten().map(|pod| owner_of(pod)));
    let own = owners.len() == 1 && owners.contains(&unplaced.workload.subject);
    let id = if own {
        "cause-pod-anti-affinity-conflict-own"
    } else {
        "cause-pod-anti-affinity-conflict"
    };
    let summary = Message::new(id)
        .with("selector", &selector)
        .with("key", &term.topology_key)
        .with("candidates", sieve.ready.len());
    let mut finding = unplaced.finding(Cause::PodAntiAffinityConflict, strength, summary);
    if let Some(pods) = there.filter(|pods| !pods.is_empty()) {
        let mut on: Vec<&str> = pods
            .iter()
            .filter_map(|pod| super::peers::node_of(pod))
            .collect();
        on.sort_unstable();
        on.dedup();
        let fact = Message::new("fact-pods-apart")
            .with("selector", &selector)
            .with("count", pods.len())
            .with("nodes", on);
        finding = finding.evidence(fact, "pods spec.nodeName", Some(unplaced.case.now));
    }
    let field = "affinity.podAntiAffinity";
    let why = Message::new(if own {
        "why-pod-anti-affinity-own"
    } else {
        "why-pod-anti-affinity"
    });
    let fix = Fix::new(unplaced.workload.subject.clone(), field, why).change(
        Some("requiredDuringSchedulingIgnoredDuringExecution"),
        Some("preferredDuringSchedulingIgnoredDuringExecution"),
    );
    unplaced.ruled_out(finding).fix(fix)
}

/// A rule of pods that are there already. Whoever made that rule is to change it, where that is known.
pub(super) fn excluded(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>, strength: f64) -> Finding {
    let found = sieve.ready.iter().find_map(|node| {
        let pods = excluding(unplaced.case, unplaced.pod, node)?;
        Some((*node, owner_of(pods.first()?)))
    });
    let field = "affinity.podAntiAffinity";
    let why = Message::new("why-pod-anti-affinity-theirs");
    let Some((node, owner)) = found else {
        let summary = Message::new("cause-pod-anti-affinity-conflict-words");
        let found = unplaced.finding(Cause::PodAntiAffinityConflict, strength.min(0.85), summary);
        return unplaced.ruled_out(found).fix(Fix::new(
            unplaced.workload.subject.clone(),
            field,
            why,
        ));
    };
    let summary = Message::new("cause-pod-anti-affinity-conflict-theirs")
        .with("owner", &owner.name)
        .with("node", name(node));
    let fact = Message::new("fact-pods-excluding")
        .with("owner", &owner.name)
        .with("node", name(node));
    let finding = unplaced
        .finding_on(
            owner.clone(),
            Cause::PodAntiAffinityConflict,
            strength,
            summary,
        )
        .evidence(
            fact,
            format!("pods on node {}", name(node)),
            Some(unplaced.case.now),
        )
        .hits([unplaced.workload.subject.clone()]);
    unplaced.ruled_out(finding).fix(Fix::new(owner, field, why))
}
