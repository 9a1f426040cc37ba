//! A claim that a pod mounts and that does not exist: said by the scheduler, or known because the
//! namespace's claims were all read.

use k8s_openapi::api::core::v1::PersistentVolumeClaim;

use super::Needed;
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::Facts;
use crate::investigation::judge::facts::kubectl;
use crate::text::Message;

/// Names nearer than this are offered as what may have been meant.
const NEAR: f64 = 0.8;

/// One finding for a claim that is not there.
pub(super) fn judge(needed: &Needed<'_>) -> Finding {
    let (case, subject) = (needed.case, &needed.subject);
    let namespace = needed.workload.namespace();
    let workload = &needed.workload.subject;
    let absent = case.claims.look(namespace, &subject.name).is_absent();
    let strength = if absent { 0.97 } else { 0.93 };
    let near = nearest(case, namespace, &subject.name);
    let summary = Message::new("cause-pvc-missing").with("namespace", namespace);
    let mut finding = needed.finding(subject.clone(), Cause::PvcMissing, strength, summary);
    if absent {
        let there = case.claims.within(namespace).count();
        let fact = Message::new("fact-claim-absent")
            .with("name", &subject.name)
            .with("namespace", namespace)
            .with("claims", there);
        let source = format!("persistentvolumeclaims in {namespace}");
        finding = finding.evidence(fact, source, Some(case.now));
    }
    finding.fix(fix(workload, subject.clone(), near))
}

/// A near name is what was meant; else the claim has to be made.
fn fix(workload: &Subject, claim: Subject, near: Option<&str>) -> Fix {
    let Some(near) = near else {
        let command = format!("{} get persistentvolumeclaims", kubectl(&claim));
        let why = Message::new("why-pvc-missing").with("workload", &workload.name);
        return Fix::new(claim, "", why).command(command);
    };
    Fix::new(
        workload.clone(),
        "volumes.persistentVolumeClaim.claimName",
        Message::new("why-pvc-near").with("near", near),
    )
    .change(Some(claim.name), Some(near))
}

fn nearest<'a>(case: &'a Facts<'a>, namespace: &'a str, name: &str) -> Option<&'a str> {
    let named = |claim: &'a PersistentVolumeClaim| claim.metadata.name.as_deref();
    let scored = case
        .claims
        .within(namespace)
        .filter_map(named)
        .map(|other| {
            let score = strsim::jaro_winkler(name, other);
            (score, other)
        });
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(score, _)| *score >= NEAR)
        .map(|(_, other)| other)
}
