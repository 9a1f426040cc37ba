//! A volume of the pod can be used on some nodes only, and none of those is left.

use k8s_openapi::api::core::v1::PersistentVolume;

use super::Unplaced;
use super::claims::claims_of;
use super::nodes::{PLACES, reaches};
use super::table::Sieve;
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::text::Message;

/// Names the claim whose volume is elsewhere.
pub(super) fn judge(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>) -> Option<Finding> {
    let namespace = unplaced.workload.namespace();
    let elsewhere =
        |volume: &PersistentVolume| !sieve.labelled.iter().any(|node| reaches(node, volume));
    let found = sieve
        .volumes
        .iter()
        .find(|(_, volume)| elsewhere(volume))
        .or_else(|| sieve.volumes.first());
    let Some((claim, volume)) = found.filter(|_| !sieve.labelled.is_empty()) else {
        return by_words(unplaced, namespace);
    };
    let place = place(volume);
    let claim = claim.metadata.name.as_deref().unwrap_or_default();
    let subject = Subject::new(Kind::PersistentVolumeClaim, namespace, claim);
    // Whether nodes are there at all, which the pod's labels rule out, or there are none any more.
    let there = sieve
        .all
        .iter()
        .filter(|node| reaches(node, volume))
        .count();
    let id = if there > 0 {
        "cause-volume-zone-conflict-labels"
    } else {
        "cause-volume-zone-conflict"
    };
    let summary = Message::new(id)
        .with("name", claim)
        .with("place", &place)
        .with("there", there);
    let volume = volume.metadata.name.as_deref().unwrap_or_default();
    let fact = Message::new("fact-volume-place")
        .with("volume", volume)
        .with("place", &place)
        .with("there", there);
    let source = format!("persistentvolume {volume} spec.nodeAffinity");
    let why = Message::new("why-volume-zone").with("place", &place);
    let finding = unplaced
        .finding_on(subject.clone(), Cause::VolumeZoneConflict, 0.95, summary)
        .evidence(fact, source, Some(unplaced.case.now))
        .hits([unplaced.workload.subject.clone()]);
    Some(unplaced.ruled_out(finding).fix(Fix::new(subject, "", why)))
}

/// The volumes were not read: the scheduler's words, and the claim where there is only one.
fn by_words(unplaced: &Unplaced<'_>, namespace: &str) -> Option<Finding> {
    let claims = claims_of(unplaced.pod);
    let subject = match claims.as_slice() {
        [] => return None,
        [claim] => Subject::new(Kind::PersistentVolumeClaim, namespace, claim.as_str()),
        _ => unplaced.workload.subject.clone(),
    };
    let summary = Message::new("cause-volume-zone-conflict-words").with("claims", claims);
    let why = Message::new("why-volume-zone-words");
    let finding = unplaced
        .finding_on(subject.clone(), Cause::VolumeZoneConflict, 0.82, summary)
        .hits([unplaced.workload.subject.clone()]);
    Some(unplaced.ruled_out(finding).fix(Fix::new(subject, "", why)))
}

/// Where a volume is, as its rules say: the values of their first expression, or its zone label.
pub(super) fn place(volume: &PersistentVolume) -> String {
    let terms = volume
        .spec
        .iter()
        .filter_map(|spec| spec.node_affinity.as_ref()?.required.as_ref())
        .flat_map(|required| &required.node_selector_terms);
    let by_rule = terms
        .flat_map(|term| term.match_expressions.iter().flatten())
        .find_map(|rule| Some(rule.values.as_ref()?.join(", ")));
    let labels = volume.metadata.labels.iter().flatten();
    by_rule
        .or_else(|| {
            labels
                .into_iter()
                .find(|(key, _)| PLACES.contains(&key.as_str()))
                .map(|(_, zone)| zone.clone())
        })
        .unwrap_or_default()
}
