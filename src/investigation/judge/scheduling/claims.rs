//! A claim that a pod mounts and that does not exist: said by the scheduler, or known because the
//! namespace's claims were all read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod};

use super::{said, waiting, words};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Case, Looked, Workload};
use crate::investigation::judge::facts::{NOT_STARTED, kubectl, quote};
use crate::text::Message;

/// Names nearer than this are offered as what may have been meant.
const NEAR: f64 = 0.8;

struct Missing<'a> {
    workload: &'a Workload<'a>,
    /// The scheduler's words, where they were read.
    said: Option<(String, String, Option<DateTime<Utc>>)>,
    since: Option<DateTime<Utc>>,
    pods: usize,
}

/// One finding each claim that does not exist.
pub(super) fn judge(case: &Case, all: &[Workload<'_>]) -> Vec<Finding> {
    let mut missing: BTreeMap<Subject, Missing<'_>> = BTreeMap::new();
    for workload in all {
        for pod in waiting(workload) {
            let said = said(case, pod);
            let words = said.as_ref().map_or("", |said| said.words.as_str());
            let named = words::missing_claims(words);
            for claim in claims_of(pod) {
                let told = named.contains(&claim);
                let gone = match case.claims.look(workload.namespace(), claim) {
                    Looked::Found(_) => false,
                    Looked::Absent => true,
                    Looked::Unknown => told,
                };
                if !gone {
                    continue;
                }
                let subject =
                    Subject::new(Kind::PersistentVolumeClaim, workload.namespace(), claim);
                let entry = missing.entry(subject).or_insert_with(|| Missing {
                    workload,
                    said: said
                        .as_ref()
                        .filter(|_| told)
                        .map(|said| (said.words.clone(), said.source.clone(), said.at)),
                    since: said.as_ref().and_then(|said| said.since),
                    pods: 0,
                });
                entry.pods += 1;
            }
        }
    }
    let finding =
        |(subject, missing): (Subject, Missing<'_>)| finding(case, all, subject, &missing);
    missing.into_iter().map(finding).collect()
}

/// The claims a pod mounts by name.
fn claims_of(pod: &Pod) -> Vec<&str> {
    let volumes = pod
        .spec
        .iter()
        .flat_map(|spec| spec.volumes.iter().flatten());
    volumes
        .filter_map(|volume| Some(volume.persistent_volume_claim.as_ref()?.claim_name.as_str()))
        .collect()
}

fn finding(case: &Case, all: &[Workload<'_>], subject: Subject, missing: &Missing<'_>) -> Finding {
    let workload = &missing.workload.subject;
    let namespace = missing.workload.namespace();
    let summary = Message::new("cause-pvc-missing")
        .with("name", &subject.name)
        .with("namespace", namespace)
        .with("workload", &workload.name)
        .with("pods", missing.pods);
    let absent = case.claims.look(namespace, &subject.name).is_absent();
    let strength = if absent { 0.97 } else { 0.93 };
    let mounting = all.iter().filter(|other| {
        let pods = other.pods.iter().flat_map(|pod| claims_of(pod));
        other.namespace() == namespace && pods.into_iter().any(|claim| claim == subject.name)
    });
    let hits: Vec<Subject> = mounting.map(|other| other.subject.clone()).collect();
    let near = nearest(case, namespace, &subject.name);
    let mut finding = Finding::new(Cause::PvcMissing, subject.clone(), strength, summary);
    if let Some((words, source, at)) = &missing.said {
        let line = quote(words.split(" preemption:").next().unwrap_or_default());
        let fact = Message::new("fact-scheduler-says").with("line", line);
        finding = finding.evidence(fact, source.as_str(), *at);
    }
    if absent {
        let there = case.claims.within(namespace).count();
        let fact = Message::new("fact-claim-absent")
            .with("name", &subject.name)
            .with("namespace", namespace)
            .with("claims", there);
        let source = format!("persistentvolumeclaims in {namespace}");
        finding = finding.evidence(fact, source, Some(case.now));
    }
    finding
        .hits(hits)
        .explains(NOT_STARTED)
        .since(missing.since)
        .affected(missing.pods)
        .fix(fix(workload, subject, near))
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

fn nearest<'a>(case: &'a Case, namespace: &'a str, name: &str) -> Option<&'a str> {
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
