//! A volume that is free, fits the claim, and can be used only where the pod cannot run: local disks of
//! nodes that are gone, mostly.

use k8s_openapi::api::core::v1::PersistentVolume;

use super::Needed;
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::judge::scheduling::nodes::reaches;
use crate::investigation::judge::scheduling::zone::place;
use crate::text::Message;

/// One that fits is about to be bound, unless it can be used only where the pod cannot run. A cordoned
/// node there is judged with the nodes.
pub(super) fn judge(needed: &Needed<'_>, volume: &PersistentVolume) -> Option<Finding> {
    let said = needed.words();
    let away = said.contains("find available persistent volumes to bind")
        && !said.contains("were unschedulable");
    let tied = volume.spec.as_ref()?.node_affinity.is_some();
    let nodes = needed.case.nodes.knows("");
    if !(away && tied && nodes) {
        return None;
    }
    let place = place(volume);
    let nodes = needed.case.nodes.iter();
    let there = nodes.filter(|node| reaches(node, volume)).count();
    let id = if there > 0 {
        "cause-volume-zone-conflict-labels"
    } else {
        "cause-volume-zone-conflict"
    };
    let name = volume.metadata.name.clone().unwrap_or_default();
    let summary = Message::new(id).with("place", &place).with("there", there);
    let fact = Message::new("fact-volume-place")
        .with("volume", &name)
        .with("place", &place)
        .with("there", there);
    let subject = needed.subject.clone();
    let why = Message::new("why-volume-zone").with("place", &place);
    let source = format!("persistentvolume {name} spec.nodeAffinity");
    let strength = if there > 0 { 0.85 } else { 0.93 };
    Some(
        needed
            .finding(
                subject.clone(),
                Cause::VolumeZoneConflict,
                strength,
                summary,
            )
            .evidence(fact, source, Some(needed.case.now))
            .fix(Fix::new(subject, "", why)),
    )
}
