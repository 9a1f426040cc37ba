//! Which of the scheduler's reasons a person must change: the one that keeps the pod from the nodes that
//! were meant for it.

use k8s_openapi::api::core::v1::Pod;

use super::Unplaced;
use super::nodes::{affinity_terms, name};
use super::peers::{is_large_enough, would_fit};
use super::table::Sieve;
use super::words::Reason;
use super::{attached, cordoned, labels, others, ports, room, spread, taint, zone};
use crate::finding::{Finding, Kind, Subject};

/// Judges one workload whose pods wait for a node. What the objects say counts where the scheduler says
/// it too: the objects may have changed since it looked, or not all have been read.
pub(super) fn judge(unplaced: &Unplaced<'_>) -> Option<Finding> {
    let sieve = Sieve::of(unplaced.case, unplaced.pod);
    if sieve.all.is_empty() {
        return late(unplaced, &sieve).or_else(|| by_words(unplaced, &sieve));
    }
    early(unplaced, &sieve)
        .or_else(|| late(unplaced, &sieve))
        .or_else(|| {
            // The rest waits for nodes that are down, or for a volume that was not read.
            let zone = || zone::judge(unplaced, &sieve);
            let down = || (!sieve.down.is_empty()).then(|| taint::judge(unplaced, &sieve));
            let said = |reason| unplaced.reasons.has(&reason);
            let zone = || said(Reason::VolumeNode).then(zone).flatten();
            let down = || said(Reason::Taint).then(down).flatten().flatten();
            // The volumes are known and reached from the node that is down: the others were never the place.
            if sieve.volumes.is_empty() {
                zone().or_else(down)
            } else {
                down().or_else(zone)
            }
        })
}

/// No node is left, whatever is on them: labels, then volumes, then taints, then cordons.
fn early(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>) -> Option<Finding> {
    let said = |reason: Reason| unplaced.reasons.has(&reason);
    if sieve.labelled.is_empty() {
        return said(Reason::Labels)
            .then(|| labels::judge(unplaced, sieve))
            .flatten();
    }
    if sieve.reaching.is_empty() {
        return said(Reason::VolumeNode)
            .then(|| zone::judge(unplaced, sieve))
            .flatten();
    }
    // A node in the volume's zone that is kept for others was never meant for the pod, unless the pod selects it.
    let chosen = selects(unplaced.pod) && said(Reason::Taint);
    let tied = said(Reason::VolumeNode) && !sieve.volumes.is_empty();
    if sieve.meant.is_empty() && tied && !chosen {
        return zone::judge(unplaced, sieve);
    }
    if sieve.meant.is_empty() {
        return said(Reason::Taint)
            .then(|| taint::judge(unplaced, sieve))
            .flatten();
    }
    // A cordoned node counts when nothing else is left, or when the pod is known to fit there.
    let fits = |node: &&&k8s_openapi::api::core::v1::Node| {
        let fits = would_fit(unplaced.case, unplaced.pod, node);
        let alone = sieve.ready.is_empty() && is_large_enough(unplaced.pod, node);
        fits == Some(true) || (alone && fits.is_none())
    };
    let shut: Vec<_> = sieve.cordoned.iter().filter(fits).copied().collect();
    (said(Reason::Cordoned) && !shut.is_empty()).then(|| cordoned::judge(unplaced, sieve, &shut))
}

/// Whether the pod says which nodes it is meant for.
fn selects(pod: &Pod) -> bool {
    let spec = pod.spec.as_ref();
    let by_label = spec.and_then(|spec| spec.node_selector.as_ref());
    by_label.is_some_and(|labels| !labels.is_empty()) || affinity_terms(pod).is_some()
}

/// Nodes are left, and what is on them leaves no place: the reason that rules out most of them.
fn late(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>) -> Option<Finding> {
    let counts = &unplaced.reasons.counts;
    let late = counts.iter().filter(|(reason, _)| {
        !matches!(
            reason,
            Reason::Cordoned
                | Reason::Taint
                | Reason::Labels
                | Reason::VolumeNode
                | Reason::VolumeBind
                | Reason::Other
        )
    });
    // Room comes first among equals: it is what people run out of.
    let rank = |reason: &Reason| matches!(reason, Reason::Lacks(_));
    let (most, _) = late
        .clone()
        .max_by_key(|(reason, count)| (**count, rank(reason)))?;
    let alone = late.clone().all(|(reason, _)| rank(reason)) || late.count() == 1;
    let strength = match (alone, may_be_cordoned(unplaced, sieve)) {
        (true, false) => 0.95,
        (true, true) => 0.85,
        _ => 0.82,
    };
    let found = match most {
        Reason::Lacks(_) => return Some(room::judge(unplaced, sieve, strength)),
        Reason::Attached => attached::judge(unplaced, strength),
        Reason::Ports => ports::judge(unplaced, sieve, strength),
        Reason::Spread => spread::judge(unplaced, sieve, strength),
        Reason::Affinity => others::near(unplaced, sieve, strength),
        Reason::AntiAffinity => others::apart(unplaced, sieve, strength),
        Reason::OthersAntiAffinity => others::excluded(unplaced, sieve, strength),
        _ => return None,
    };
    // A node that is down may be the place that is missing.
    let down = sieve.down.iter();
    Some(found.blames(down.map(|node| Subject::cluster(Kind::Node, name(node)))))
}

/// Whether a cordoned node might take the pod: not all pods were read, so nobody knows.
fn may_be_cordoned(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>) -> bool {
    sieve.cordoned.iter().any(|node| {
        would_fit(unplaced.case, unplaced.pod, node).is_none()
            && is_large_enough(unplaced.pod, node)
    })
}

/// The nodes were not read: the scheduler's own words, where they name enough.
fn by_words(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>) -> Option<Finding> {
    let said = |reason: Reason| unplaced.reasons.has(&reason);
    let labels = said(Reason::Labels)
        .then(|| labels::judge(unplaced, sieve))
        .flatten();
    let taint = || {
        said(Reason::Taint)
            .then(|| taint::by_name(unplaced))
            .flatten()
    };
    let zone = || {
        said(Reason::VolumeNode)
            .then(|| zone::judge(unplaced, sieve))
            .flatten()
    };
    zone().or(labels).or_else(taint)
}
