//! A claim against the volumes that are there: too small, another mode, other labels, taken, or still
//! held by a claim that is gone.

use k8s_openapi::api::core::v1::{ObjectReference, PersistentVolume};

use super::unbound::{Unbound, class_of_volume};
use super::{Needed, elsewhere};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::bytes;
use crate::investigation::judge::scheduling::peers::{selected, show};
use crate::text::{Arg, Message};

/// Why a volume is not for a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Barrier {
    /// Its claim is gone, and it is kept.
    Released,
    /// Too small.
    Capacity,
    /// Not all of the access modes.
    Mode,
    /// Block device for file system, or the other way round.
    VolumeMode,
    /// Not the labels.
    Selector,
    /// Another class.
    Class,
    /// Bound to, or kept for, another claim.
    Taken,
}

/// Judges a claim that names its volume (`spec.volumeName`).
pub(super) fn asked_by_name(needed: &Needed<'_>, unbound: &Unbound<'_>) -> Option<Finding> {
    let volume = super::volume_of(needed.case, unbound.claim)?;
    let barriers = barriers(needed, unbound, volume);
    // Who holds it comes first: the rest is asked only of a volume that is free.
    let held = [Barrier::Taken, Barrier::Released];
    let first = barriers
        .iter()
        .find(|barrier| held.contains(barrier))
        .or_else(|| barriers.first())?;
    Some(finding(needed, unbound, volume, *first, 0.96))
}

/// Judges a claim against the volumes of its class: the one nearest to what it asks for.
pub(super) fn among(
    needed: &Needed<'_>,
    unbound: &Unbound<'_>,
    volumes: &[&PersistentVolume],
) -> Option<Finding> {
    let mut near: Vec<(Vec<Barrier>, &PersistentVolume)> = volumes
        .iter()
        .filter(|volume| volume.metadata.deletion_timestamp.is_none())
        .map(|volume| (barriers(needed, unbound, volume), *volume))
        .collect();
    if let Some((_, volume)) = near.iter().find(|(barriers, _)| barriers.is_empty()) {
        return elsewhere::judge(needed, volume);
    }
    near.sort_by_key(|(barriers, volume)| {
        let kept_for_it = barriers.first() == Some(&Barrier::Released)
            && reference(volume).is_some_and(|it| is_named(needed, it));
        let taken = barriers.contains(&Barrier::Taken);
        let rank = barriers.first().copied();
        (
            taken,
            !(kept_for_it && barriers.len() == 1),
            barriers.len(),
            rank,
        )
    });
    let (barriers, volume) = near.first()?;
    let first = *barriers.first()?;
    let others = near
        .iter()
        .filter(|(other, _)| other.len() == 1 && !other.contains(&Barrier::Taken))
        .any(|(other, _)| other.first() != Some(&first));
    // That volumes of a class are taken is what they are there for: none is left.
    let strength = match (barriers.len(), others) {
        _ if first == Barrier::Taken => 0.85,
        (1, false) => 0.95,
        (1, true) => 0.88,
        _ => 0.85,
    };
    Some(finding(needed, unbound, volume, first, strength))
}

/// What stands between a claim and a volume.
fn barriers(needed: &Needed<'_>, unbound: &Unbound<'_>, volume: &PersistentVolume) -> Vec<Barrier> {
    let spec = volume.spec.clone().unwrap_or_default();
    let asked = unbound.spec;
    let phase = volume.status.as_ref().and_then(|it| it.phase.as_deref());
    let released = matches!(phase, Some("Released" | "Failed"));
    let taken = !released
        && spec
            .claim_ref
            .as_ref()
            .is_some_and(|it| is_other(needed, unbound, it));
    let modes = spec.access_modes.clone().unwrap_or_default();
    let mut wanted = asked.access_modes.iter().flatten();
    let mode = |mode: Option<&String>| mode.cloned().unwrap_or_else(|| "Filesystem".to_owned());
    let labels = volume.metadata.labels.clone().unwrap_or_default();
    let chosen = asked.selector.is_none() || selected(asked.selector.as_ref(), &labels);
    let large = capacity(volume).is_none_or(|there| there >= request(unbound).unwrap_or_default());
    let other_mode = mode(spec.volume_mode.as_ref()) != mode(asked.volume_mode.as_ref());
    [
        (released, Barrier::Released),
        (!large, Barrier::Capacity),
        (!wanted.all(|mode| modes.contains(mode)), Barrier::Mode),
        (other_mode, Barrier::VolumeMode),
        (!chosen, Barrier::Selector),
        (class_of_volume(volume) != unbound.class, Barrier::Class),
        (taken, Barrier::Taken),
    ]
    .into_iter()
    .filter_map(|(stands, barrier)| stands.then_some(barrier))
    .collect()
}

fn is_named(needed: &Needed<'_>, reference: &ObjectReference) -> bool {
    reference.name.as_deref() == Some(needed.subject.name.as_str())
        && reference.namespace == needed.subject.namespace
}

/// Whether a volume is kept for another claim; a claim made anew under the same name has another uid.
fn is_other(needed: &Needed<'_>, unbound: &Unbound<'_>, reference: &ObjectReference) -> bool {
    let uid = |uid: &Option<String>| uid.clone().filter(|uid| !uid.is_empty());
    let (held, own) = (uid(&reference.uid), uid(&unbound.claim.metadata.uid));
    !is_named(needed, reference) || (held.is_some() && own.is_some() && held != own)
}

fn reference(volume: &PersistentVolume) -> Option<&ObjectReference> {
    volume.spec.as_ref()?.claim_ref.as_ref()
}

fn capacity(volume: &PersistentVolume) -> Option<u64> {
    let capacity = volume.spec.as_ref()?.capacity.as_ref()?;
    bytes(capacity.get("storage")?)
}

fn request(unbound: &Unbound<'_>) -> Option<u64> {
    let requests = unbound.spec.resources.as_ref()?.requests.as_ref()?;
    bytes(requests.get("storage")?)
}

fn finding(
    needed: &Needed<'_>,
    unbound: &Unbound<'_>,
    volume: &PersistentVolume,
    barrier: Barrier,
    strength: f64,
) -> Finding {
    let name = volume.metadata.name.as_deref().unwrap_or_default();
    let on_volume = Subject::cluster(Kind::PersistentVolume, name);
    let on_claim = needed.subject.clone();
    let (cause, id, subject) = match barrier {
        Barrier::Released => (Cause::PvReleased, "cause-pv-released", on_volume),
        Barrier::Capacity => (
            Cause::PvcCapacityMismatch,
            "cause-pvc-capacity-mismatch",
            on_claim,
        ),
        Barrier::Mode => (
            Cause::PvcAccessModeMismatch,
            "cause-pvc-access-mode-mismatch",
            on_claim,
        ),
        Barrier::VolumeMode => (
            Cause::PvcAccessModeMismatch,
            "cause-pvc-access-mode-mismatch-volume-mode",
            on_claim,
        ),
        Barrier::Selector => (
            Cause::PvcSelectorMismatch,
            "cause-pvc-selector-mismatch",
            on_claim,
        ),
        Barrier::Class => (
            Cause::PvcStorageClassMissing,
            "cause-pvc-storage-class-missing-other",
            on_claim,
        ),
        Barrier::Taken => (
            Cause::PvBoundElsewhere,
            "cause-pv-bound-elsewhere",
            on_claim,
        ),
    };
    let summary = described(Message::new(id), needed, unbound, volume);
    let fact = described(Message::new("fact-volume-gives"), needed, unbound, volume);
    let asks = described(Message::new("fact-claim-asks"), needed, unbound, volume);
    let source = format!("persistentvolume {name}");
    let claim = format!("persistentvolumeclaim {}", needed.subject.name);
    needed
        .finding(subject, cause, strength, summary)
        .evidence(fact, source, Some(needed.case.now))
        .evidence(asks, claim, Some(needed.case.now))
        .fix(fix(needed, unbound, volume, barrier))
}

/// What a claim asks for and a volume gives.
fn described(
    message: Message,
    needed: &Needed<'_>,
    unbound: &Unbound<'_>,
    volume: &PersistentVolume,
) -> Message {
    let spec = volume.spec.clone().unwrap_or_default();
    let holder = reference(volume).map(|it| {
        let namespace = it.namespace.clone().unwrap_or_default();
        format!("{namespace}/{}", it.name.clone().unwrap_or_default())
    });
    let file_system = || "Filesystem".to_owned();
    let phase = volume.status.as_ref().and_then(|it| it.phase.clone());
    message
        .with("name", &needed.subject.name)
        .with("volume", volume.metadata.name.clone().unwrap_or_default())
        .with("holder", holder.unwrap_or_default())
        .with("phase", phase.unwrap_or_default())
        .with(
            "requested",
            Arg::Bytes(request(unbound).unwrap_or_default()),
        )
        .with("capacity", Arg::Bytes(capacity(volume).unwrap_or_default()))
        .with(
            "modes",
            unbound.spec.access_modes.clone().unwrap_or_default(),
        )
        .with("given", spec.access_modes.unwrap_or_default())
        .with(
            "mode",
            unbound.spec.volume_mode.clone().unwrap_or_else(file_system),
        )
        .with("other", spec.volume_mode.unwrap_or_else(file_system))
        .with("selector", show(unbound.spec.selector.as_ref()))
        .with("class", unbound.class)
        .with("theirs", class_of_volume(volume))
}

/// Claims cannot be changed once made, volumes can.
fn fix(
    needed: &Needed<'_>,
    unbound: &Unbound<'_>,
    volume: &PersistentVolume,
    barrier: Barrier,
) -> Fix {
    let name = volume.metadata.name.clone().unwrap_or_default();
    let on_volume = Subject::cluster(Kind::PersistentVolume, &name);
    let claim = needed.subject.clone();
    let size =
        |value: Option<u64>| crate::investigation::case::show_bytes(value.unwrap_or_default());
    let join = |modes: Option<&Vec<String>>| modes.map(|all| all.join(", ")).unwrap_or_default();
    let why = |id: &'static str| described(Message::new(id), needed, unbound, volume);
    let spec = volume.spec.as_ref();
    match barrier {
        Barrier::Released => Fix::new(on_volume, "spec.claimRef", why("why-pv-released")).command(
            format!(r#"kubectl patch persistentvolume {name} --type=json -p '[{{"op":"remove","path":"/spec/claimRef"}}]'"#),
        ),
        Barrier::Capacity => Fix::new(claim, "spec.resources.requests.storage", why("why-pvc-capacity"))
            .change(Some(size(request(unbound))), Some(size(capacity(volume)))),
        Barrier::Mode => Fix::new(claim, "spec.accessModes", why("why-pvc-mode")).change(
            Some(join(unbound.spec.access_modes.as_ref())),
            Some(join(spec.and_then(|spec| spec.access_modes.as_ref()))),
        ),
        Barrier::VolumeMode => Fix::new(claim, "spec.volumeMode", why("why-pvc-volume-mode")),
        Barrier::Selector => Fix::new(claim, "spec.selector", why("why-pvc-selector")),
        Barrier::Class => Fix::new(claim, "spec.storageClassName", why("why-pvc-class-other"))
            .change(Some(unbound.class), Some(class_of_volume(volume))),
        Barrier::Taken => Fix::new(claim, "spec.volumeName", why("why-pv-bound-elsewhere")),
    }
}
