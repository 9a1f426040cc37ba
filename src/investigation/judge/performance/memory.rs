//! memory-near-limit: a container that is about to be killed; with its growth, where it is known.

use super::measured::{Measured, Used, hottest, whole};
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::show_bytes;
use crate::investigation::judge::facts::{argument, kubectl};
use crate::text::{Arg, Message};

/// Close to the limit.
const NEAR: f64 = 0.9;
/// So close that it is said of one that does not grow steadily too.
const AT: f64 = 0.95;
/// Grown by this much over the history, and hardly ever back: a leak is suspected.
const GROWN: f64 = 1.15;

/// A container close to its limit that was not so close before.
#[expect(clippy::too_many_lines, reason = "one finding, told in one go")]
pub(super) fn near_limit(measured: &Measured<'_>) -> Option<Finding> {
    let all = measured.memory();
    let (used, share) = hottest(&all).filter(|(_, share)| *share >= NEAR && measured.serves())?;
    let left = growth(used);
    // A cache or a heap that has filled what it was given stays there, and is well.
    let steady = used.normal.is_some_and(|normal| normal >= used.now * AT);
    // And without a past nobody knows: metrics-server has only the moment.
    let unsaid = steady || share < AT || flat(used) || !used.averaged;
    if left.is_none() && unsaid {
        return None;
    }
    let name = used.container.name();
    let subject = measured.subject().clone().container(name);
    let limit = whole(used.limit?);
    let step: u64 = 256 << 20;
    let new = (limit / 2 * 3).div_ceil(step) * step;
    let mut finding = Finding::new(
        Cause::MemoryNearLimit,
        subject.clone(),
        if left.is_some() { 0.76 } else { 0.62 },
        Message::new(if left.is_some() {
            "cause-memory-near-limit-growing"
        } else {
            "cause-memory-near-limit"
        })
        .with("workload", &subject.name)
        .with("container", name)
        .with("share", Arg::Percent(share.min(1.0)))
        .with("limit", Arg::Bytes(limit))
        .with("left", Arg::Span(left.unwrap_or_default())),
    )
    .evidence(
        Message::new("fact-memory-of-limit")
            .with(
                "pod",
                used.container
                    .pod
                    .metadata
                    .name
                    .as_deref()
                    .unwrap_or_default(),
            )
            .with("used", Arg::Bytes(whole(used.now)))
            .with("limit", Arg::Bytes(limit)),
        used.source("Prometheus container_memory_working_set_bytes"),
        Some(measured.case.now),
    )
    .explains([Symptom::Slow, Symptom::Restarting, Symptom::Errors])
    .affected(
        all.iter()
            .filter(|one| one.share().is_some_and(|s| s >= NEAR))
            .count(),
    );
    if let (Some(_), Some((_, first))) = (left, used.history.first()) {
        let fact = Message::new("fact-memory-grows")
            .with("from", Arg::Bytes(whole(*first)))
            .with("to", Arg::Bytes(whole(used.now)));
        finding = finding.evidence(
            fact,
            "Prometheus container_memory_working_set_bytes, 2 h",
            None,
        );
    }
    let command = format!(
        "{} set resources {} -c {name} --limits=memory={}",
        kubectl(&subject),
        argument(&subject),
        show_bytes(new)
    );
    let why = if left.is_some() {
        "why-memory-leak"
    } else {
        "why-memory-near"
    };
    Some(
        finding.fix(
            Fix::new(subject, "resources.limits.memory", Message::new(why))
                .change(Some(show_bytes(limit)), Some(show_bytes(new)))
                .command(command),
        ),
    )
}

/// A history that stays where it is.
fn flat(used: &Used<'_>) -> bool {
    used.history.len() >= 4
        && used
            .history
            .first()
            .is_some_and(|(_, first)| *first >= used.now * AT)
}

/// Seconds until the limit at the present growth, where it grows steadily: most steps up, none of them
/// far down (what a collector gives back).
fn growth(used: &Used<'_>) -> Option<i64> {
    let (points, limit) = (used.history, used.limit?);
    let (first, last) = (points.first()?, points.last()?);
    let falls = points.windows(2).any(|pair| match pair {
        [before, after] => after.1 < before.1 * 0.97,
        _ => false,
    });
    let rate = (last.1 - first.1) / (last.0 - first.0).max(1.0);
    if points.len() < 4 || falls || last.1 < first.1 * GROWN || rate <= 0.0 {
        return None;
    }
    i64::try_from(whole((limit - used.now).max(0.0) / rate)).ok()
}
