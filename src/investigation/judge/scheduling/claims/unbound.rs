//! A claim that exists and that no volume is bound to: what it asks for, against the classes and volumes
//! there are. The rules are the volume controller's (`pkg/controller/volume/persistentvolume`).

use k8s_openapi::api::core::v1::{
    PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimSpec,
};
use k8s_openapi::api::storage::v1::StorageClass;

use super::{Needed, class, provisioning, volume};
use crate::finding::Finding;
use crate::investigation::case::{Facts, Looked};

/// Annotation of the class that claims without one get.
pub(super) const DEFAULT: &str = "storageclass.kubernetes.io/is-default-class";
/// Its old name.
const DEFAULT_BETA: &str = "storageclass.beta.kubernetes.io/is-default-class";
/// Where a claim's class was written before it was a field.
const CLASS_BETA: &str = "volume.beta.kubernetes.io/storage-class";
/// The provisioner of classes whose volumes are made by hand.
const BY_HAND: &str = "kubernetes.io/no-provisioner";

/// A claim that waits, and what it asks for.
pub(super) struct Unbound<'a> {
    pub(super) claim: &'a PersistentVolumeClaim,
    pub(super) spec: &'a PersistentVolumeClaimSpec,
    /// The class asked for; empty for none.
    pub(super) class: &'a str,
}

/// Judges a claim that is not bound; silent on what is about to be bound or waits for its pod.
pub(super) fn judge(needed: &Needed<'_>, claim: &PersistentVolumeClaim) -> Option<Finding> {
    let phase = claim.status.as_ref()?.phase.as_deref();
    if phase != Some("Pending") || claim.metadata.deletion_timestamp.is_some() {
        return None;
    }
    let spec = claim.spec.as_ref()?;
    let unbound = Unbound {
        claim,
        spec,
        class: class_of(needed.case, claim),
    };
    if spec.volume_name.as_deref().is_some_and(|it| !it.is_empty()) {
        return volume::asked_by_name(needed, &unbound);
    }
    let case = needed.case;
    let by_class = |it: &&PersistentVolume| class_of_volume(it) == unbound.class;
    let volumes: Vec<&PersistentVolume> = case.volumes.iter().filter(by_class).collect();
    let known = case.volumes.knows("") && case.storage_classes.knows("");
    match found(case, unbound.class) {
        _ if !known => provisioning::judge(needed, &unbound, None),
        Looked::Found(class) if class.provisioner != BY_HAND => {
            provisioning::judge(needed, &unbound, Some(class))
        }
        _ if !volumes.is_empty() => volume::among(needed, &unbound, &volumes),
        Looked::Found(class) => Some(provisioning::by_hand(needed, &unbound, class)),
        _ => Some(class::missing(needed, &unbound)),
    }
}

fn found<'a>(case: &'a Facts<'a>, class: &str) -> Looked<&'a StorageClass> {
    if class.is_empty() {
        Looked::Absent
    } else {
        case.storage_classes.look("", class)
    }
}

/// The claim's class; a claim without one gets the default, as soon as there is one.
fn class_of<'a>(case: &'a Facts<'a>, claim: &'a PersistentVolumeClaim) -> &'a str {
    let annotations = claim.metadata.annotations.as_ref();
    let beta = annotations.and_then(|all| all.get(CLASS_BETA));
    let spec = claim.spec.as_ref();
    let named = spec.and_then(|spec| spec.storage_class_name.as_ref());
    match beta.or(named) {
        Some(class) => class,
        None => default_class(case)
            .and_then(|class| class.metadata.name.as_deref())
            .unwrap_or_default(),
    }
}

/// The class that claims without one get.
pub(super) fn default_class<'a>(case: &'a Facts<'a>) -> Option<&'a StorageClass> {
    case.storage_classes.iter().find(|class| {
        let annotations = class.metadata.annotations.iter().flatten();
        annotations
            .into_iter()
            .any(|(key, value)| [DEFAULT, DEFAULT_BETA].contains(&key.as_str()) && value == "true")
    })
}

/// The class a volume is of; empty for none.
pub(super) fn class_of_volume(volume: &PersistentVolume) -> &str {
    let spec = volume.spec.as_ref();
    spec.and_then(|spec| spec.storage_class_name.as_deref())
        .unwrap_or_default()
}
