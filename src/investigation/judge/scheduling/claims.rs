//! Claims that pods wait for: one that does not exist, and one that no volume is bound to.

mod class;
mod elsewhere;
mod missing;
mod provisioning;
mod unbound;
mod volume;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim, Pod, Volume};

use super::{Said, said, waiting, words};
use crate::finding::{Cause, Finding, Kind, Subject};
use crate::investigation::case::{Facts, Looked, Workload};
use crate::investigation::judge::facts::{NOT_STARTED, quote};
use crate::text::Message;

/// A claim that pods without a node mount.
struct Needed<'a> {
    case: &'a Facts<'a>,
    workload: &'a Workload<'a>,
    subject: Subject,
    /// The scheduler's words, where they are about claims.
    said: Option<Said>,
    since: Option<DateTime<Utc>>,
    pods: usize,
    /// Every workload that mounts it.
    mounting: Vec<Subject>,
}

/// One finding each claim that keeps pods waiting.
pub(super) fn judge(case: &Facts<'_>, all: &[Workload<'_>]) -> Vec<Finding> {
    let mut needed: BTreeMap<Subject, Needed<'_>> = BTreeMap::new();
    for workload in all {
        for pod in waiting(workload) {
            let said = said(case, pod);
            for claim in claims_of(pod) {
                let subject =
                    Subject::new(Kind::PersistentVolumeClaim, workload.namespace(), &claim);
                let entry = needed.entry(subject.clone()).or_insert_with(|| Needed {
                    case,
                    workload,
                    since: said.as_ref().and_then(|said| said.since),
                    said: said.clone(),
                    mounting: mounting(all, workload.namespace(), &claim),
                    subject,
                    pods: 0,
                });
                entry.pods += 1;
            }
        }
    }
    needed.values().filter_map(Needed::judge).collect()
}

fn mounting(all: &[Workload<'_>], namespace: &str, claim: &str) -> Vec<Subject> {
    let mounts = |other: &&Workload<'_>| {
        let mut pods = other.pods.iter();
        other.namespace() == namespace
            && pods.any(|pod| claims_of(pod).iter().any(|it| it == claim))
    };
    all.iter()
        .filter(mounts)
        .map(|other| other.subject.clone())
        .collect()
}

/// The claims a pod mounts: by name, or made for it (`ephemeral`: named after the pod and the volume).
pub(super) fn claims_of(pod: &Pod) -> Vec<String> {
    let pod_name = pod.metadata.name.as_deref().unwrap_or_default();
    let claim = |volume: &Volume| match &volume.persistent_volume_claim {
        Some(source) => Some(source.claim_name.clone()),
        None => volume
            .ephemeral
            .as_ref()
            .map(|_| format!("{pod_name}-{}", volume.name)),
    };
    let volumes = pod
        .spec
        .iter()
        .flat_map(|spec| spec.volumes.iter().flatten());
    volumes.filter_map(claim).collect()
}

/// The volume a claim is bound to, or is to be.
pub(super) fn volume_of<'a>(
    case: &'a Facts<'a>,
    claim: &PersistentVolumeClaim,
) -> Option<&'a PersistentVolume> {
    let name = claim.spec.as_ref()?.volume_name.as_deref()?;
    case.volumes.look("", name).found()
}

impl Needed<'_> {
    fn judge(&self) -> Option<Finding> {
        let namespace = self.workload.namespace();
        match self.case.claims.look(namespace, &self.subject.name) {
            Looked::Found(claim) => unbound::judge(self, claim),
            Looked::Absent => (!self.is_made_for_pod()).then(|| missing::judge(self)),
            Looked::Unknown => self.is_named_missing().then(|| missing::judge(self)),
        }
    }

    fn words(&self) -> &str {
        self.said.as_ref().map_or("", |said| said.words.as_str())
    }

    fn is_named_missing(&self) -> bool {
        words::missing_claims(self.words()).contains(&self.subject.name.as_str())
    }

    /// A claim that a controller makes for the pod may be on its way.
    fn is_made_for_pod(&self) -> bool {
        let volumes = self.workload.pods.iter().filter_map(|pod| {
            let name = pod.metadata.name.as_deref()?;
            let volumes = pod.spec.as_ref()?.volumes.as_ref()?;
            Some(volumes.iter().any(|volume| {
                volume.ephemeral.is_some() && self.subject.name == format!("{name}-{}", volume.name)
            }))
        });
        volumes.into_iter().any(|made| made)
    }

    /// A finding with what all of them have: who waits, and the scheduler's words where they are of claims.
    fn finding(&self, subject: Subject, cause: Cause, strength: f64, summary: Message) -> Finding {
        let summary = summary
            .with("name", &self.subject.name)
            .with("workload", &self.workload.subject.name)
            .with("pods", self.pods);
        let mut finding = Finding::new(cause, subject, strength, summary);
        let about_claims =
            |said: &&Said| said.words.contains("ersistent") || said.words.contains("olume");
        if let Some(said) = self.said.as_ref().filter(about_claims) {
            let fact = Message::new("fact-scheduler-says")
                .with("line", quote(words::without_remarks(&said.words)));
            finding = finding.evidence(fact, said.source.as_str(), said.at);
        }
        finding
            .hits(self.mounting.iter().cloned())
            .explains(NOT_STARTED)
            .since(self.since)
            .affected(self.pods)
    }
}
