//! A class that makes volumes, and a provisioner that fails to, refuses what the claim asks for, or does
//! not answer.

use chrono::TimeDelta;
use k8s_openapi::api::core::v1::PersistentVolumeClaim;
use k8s_openapi::api::storage::v1::StorageClass;

use super::Needed;
use super::unbound::Unbound;
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{EventView, events_of, utc};
use crate::investigation::judge::facts::{is_recent, quote};
use crate::text::Message;

/// A provisioner that made nothing for this long does not answer: most take seconds.
const SILENT: TimeDelta = TimeDelta::minutes(5);
/// Where the scheduler writes the node it chose, for classes that wait for their first consumer.
const NODE_CHOSEN: &str = "volume.kubernetes.io/selected-node";
/// Where the volume controller writes whose turn it is.
const PROVISIONER: [&str; 2] = [
    "volume.kubernetes.io/storage-provisioner",
    "volume.beta.kubernetes.io/storage-provisioner",
];

/// What the provisioner said, or that it says nothing.
pub(super) fn judge(
    needed: &Needed<'_>,
    unbound: &Unbound<'_>,
    class: Option<&StorageClass>,
) -> Option<Finding> {
    let subject = &needed.subject;
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let events = events_of(
        needed.case,
        "PersistentVolumeClaim",
        namespace,
        &subject.name,
    );
    let failed = events
        .iter()
        .find(|event| event.reason == "ProvisioningFailed" && is_recent(needed.case, event.last));
    match failed {
        Some(event) if class.is_none() && is_about_class(event.message) => {
            Some(super::class::missing(needed, unbound))
        }
        Some(event) => Some(said(needed, unbound, event)),
        None => silent(needed, unbound, class?),
    }
}

/// `storageclass.storage.k8s.io "fast" not found`, of the volume controller.
fn is_about_class(words: &str) -> bool {
    words.contains("storageclass") && words.contains("not found")
}

/// The provisioner's words: most are its own trouble, some refuse what the claim asks for.
fn said(needed: &Needed<'_>, unbound: &Unbound<'_>, event: &EventView<'_>) -> Finding {
    let (cause, id, strength) = refusal(event.message);
    let modes = unbound.spec.access_modes.clone().unwrap_or_default();
    let summary = Message::new(id)
        .with("class", unbound.class)
        .with("modes", modes)
        .with(
            "selector",
            super::super::peers::show(unbound.spec.selector.as_ref()),
        )
        .with("line", quote(event.message));
    let fact = Message::new("fact-provisioner-says")
        .with("line", quote(event.message))
        .with("count", event.count);
    let source = format!(
        "event ProvisioningFailed persistentvolumeclaim {}",
        needed.subject.name
    );
    let (field, why) = match cause {
        Cause::PvcAccessModeMismatch => ("spec.accessModes", "why-provisioner-mode"),
        Cause::PvcSelectorMismatch => ("spec.selector", "why-provisioner-selector"),
        _ => ("", "why-provisioning-failed"),
    };
    let why = Message::new(why).with("class", unbound.class);
    needed
        .finding(needed.subject.clone(), cause, strength, summary)
        .evidence(fact, source, event.last)
        .fix(Fix::new(needed.subject.clone(), field, why))
}

/// What provisioners say when a claim asks for what they do not make: the CSI drivers' and the local path
/// provisioner's words.
fn refusal(words: &str) -> (Cause, &'static str, f64) {
    let low = words.to_lowercase();
    let has = |all: &[&str]| all.iter().all(|word| low.contains(word));
    let mode = has(&["access mode"]) || has(&["accessmode"]) || low.contains("multi_node");
    let refused = [
        "not support",
        "only support",
        "unsupported",
        "invalid",
        "not allow",
    ]
    .iter()
    .any(|word| low.contains(word));
    if (mode || has(&["readwriteonce", "only support"])) && refused {
        return (
            Cause::PvcAccessModeMismatch,
            "cause-pvc-access-mode-mismatch-provisioner",
            0.92,
        );
    }
    if has(&["selector"]) && refused {
        return (
            Cause::PvcSelectorMismatch,
            "cause-pvc-selector-mismatch-provisioner",
            0.92,
        );
    }
    (
        Cause::PvcProvisioningFailed,
        "cause-pvc-provisioning-failed",
        0.95,
    )
}

/// Nobody made the volume and nobody said why. A class that waits for its first consumer waits rightly
/// until the scheduler has chosen a node.
fn silent(needed: &Needed<'_>, unbound: &Unbound<'_>, class: &StorageClass) -> Option<Finding> {
    let late = class.volume_binding_mode.as_deref() == Some("WaitForFirstConsumer");
    let annotation = |key: &str| unbound.claim.metadata.annotations.as_ref()?.get(key);
    let due = !late || annotation(NODE_CHOSEN).is_some();
    let asked = PROVISIONER.iter().any(|key| annotation(key).is_some());
    let age = age(needed, unbound.claim)?;
    if !due || !asked || age < SILENT {
        return None;
    }
    let summary = Message::new("cause-pvc-provisioning-failed-silent")
        .with("class", unbound.class)
        .with("provisioner", &class.provisioner)
        .with("minutes", age.num_minutes());
    let fact = Message::new("fact-provisioner-silent")
        .with("provisioner", &class.provisioner)
        .with("minutes", age.num_minutes());
    let source = format!("persistentvolumeclaim {}", needed.subject.name);
    let why = Message::new("why-provisioner-silent").with("provisioner", &class.provisioner);
    let subject = needed.subject.clone();
    Some(
        needed
            .finding(subject.clone(), Cause::PvcProvisioningFailed, 0.85, summary)
            .evidence(fact, source, Some(needed.case.now))
            .fix(Fix::new(subject, "", why)),
    )
}

fn age(needed: &Needed<'_>, claim: &PersistentVolumeClaim) -> Option<TimeDelta> {
    let made = claim.metadata.creation_timestamp.as_ref().map(utc)?;
    // A claim may be old and its pod young: it is due since the pod waits.
    let since = needed.since.map_or(made, |since| since.max(made));
    Some(needed.case.now - since)
}

/// A class whose volumes are made by hand, and there is none.
pub(super) fn by_hand(needed: &Needed<'_>, unbound: &Unbound<'_>, class: &StorageClass) -> Finding {
    let summary =
        Message::new("cause-pvc-provisioning-failed-by-hand").with("class", unbound.class);
    let fact = Message::new("fact-class-by-hand")
        .with("class", unbound.class)
        .with("provisioner", &class.provisioner);
    let class = Subject::cluster(Kind::StorageClass, unbound.class);
    let why = Message::new("why-class-by-hand").with("class", unbound.class);
    let subject = needed.subject.clone();
    needed
        .finding(subject.clone(), Cause::PvcProvisioningFailed, 0.88, summary)
        .evidence(fact, class.label(), Some(needed.case.now))
        .fix(Fix::new(subject, "", why))
}
