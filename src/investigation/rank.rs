//! Rank: findings and the edges between them → root causes, best first, with a confidence. A root is
//! a relevant finding that no other finding explains. Pure.

mod expected;
mod harm;
mod measured;
mod pipeline;
mod verdict;

use std::collections::BTreeSet;

pub use verdict::{Conclusion, conclude};

use chrono::TimeDelta;

use self::harm::Harm;
use super::case::{Case, Facts, Scope};
use super::judge::last_change;
use crate::finding::{Cause, Change, Finding, RootCause, Subject, Tier};

/// What a finding loses for each call between it and the object that was asked about, when nothing
/// on that object points at it.
const PER_CALL: f64 = 0.85;
/// What it loses when it explains none of the symptoms that were named.
const OTHER_SYMPTOM: f64 = 0.85;
/// What every root loses when something that matters could not be read.
const GAP: f64 = 0.95;
/// A change this long before the trouble may be its reason.
const SHORTLY: TimeDelta = TimeDelta::hours(2);
/// Clocks of nodes and of the control plane differ by seconds.
const SLACK: TimeDelta = TimeDelta::seconds(30);
/// What a memory that grows steadily proves at least.
const GROWING: f64 = 0.7;
/// Roots far below the best one are left as findings.
const NEAR_BEST: f64 = 0.6;

/// The findings that have to do with the question: all of them for a wide one.
#[must_use]
pub fn relevant(case: &Facts<'_>, findings: &[Finding]) -> Vec<Finding> {
    let reached = case.reach();
    let wide = !matches!(case.scope, Scope::Object(_));
    let near = |finding: &&Finding| wide || distance(finding, reached).is_some();
    with_blamed(findings, findings.iter().filter(near).cloned().collect())
}

/// The relevant findings, and the roots among them, best first.
#[must_use]
pub fn roots(case: &Facts<'_>, findings: &[Finding]) -> (Vec<Finding>, Vec<RootCause>) {
    let wide = !matches!(case.scope, Scope::Object(_));
    let relevant = relevant(case, findings);
    let explained_by = closed(&edges(&relevant));
    let harms = if wide {
        Harm::of(case)
    } else {
        Harm::default()
    };
    let mut roots: Vec<(f64, RootCause)> = (0..relevant.len())
        .filter(|index| is_root(*index, &explained_by, &relevant))
        .map(|index| {
            let root = root(case, &relevant, &explained_by, index);
            let suffering = suffering(index, &explained_by, &relevant);
            (root.confidence * harms.factor(&suffering), root)
        })
        .collect();
    if !wide {
        yields(&mut roots);
    }
    roots.sort_by(order);
    let best = roots.iter().map(|(_, root)| root.confidence);
    let best = best.fold(0.0, f64::max);
    roots.retain(|(_, root)| root.confidence >= best * NEAR_BEST);
    (relevant, roots.into_iter().map(|(_, root)| root).collect())
}

/// What relevant findings blame is relevant too, wherever it is: the DNS server that a name was asked of.
fn with_blamed(findings: &[Finding], mut relevant: Vec<Finding>) -> Vec<Finding> {
    let mut at = 0;
    while let Some(effect) = relevant.get(at).cloned() {
        let blamed = findings.iter().filter(|cause| {
            effect
                .blames
                .iter()
                .any(|it| it.same_object(&cause.subject))
        });
        let new: Vec<Finding> = blamed
            .filter(|it| !relevant.contains(it))
            .cloned()
            .collect();
        relevant.extend(new);
        at += 1;
    }
    relevant
}

/// A number of the object that was asked about says that something is wrong, and not what: beside a cause it is
/// what that cause does.
fn yields(roots: &mut Vec<(f64, RootCause)>) {
    let vague = |root: &RootCause| {
        root.finding.cause.tier() == Tier::Indicator && !is_a_leak(&root.finding)
    };
    if roots.iter().any(|(_, root)| !vague(root)) {
        roots.retain(|(_, root)| !vague(root));
    }
}

/// Memory that grows steadily to its limit is a fault of its own, and surer than one that is merely high.
fn is_a_leak(finding: &Finding) -> bool {
    finding.cause == Cause::MemoryNearLimit && finding.strength >= GROWING
}

/// Whoever suffers from a finding: its subject, what it hits, and the same of all that it explains.
fn suffering<'a>(
    index: usize,
    explained_by: &[BTreeSet<usize>],
    findings: &'a [Finding],
) -> Vec<&'a Subject> {
    let effects = (0..findings.len()).filter(|effect| explained_by[*effect].contains(&index));
    let all = effects.chain([index]).map(|at| &findings[at]);
    all.flat_map(|finding| std::iter::once(&finding.subject).chain(&finding.hits))
        .collect()
}

/// Confidence times harm, then what changed first, then how many suffer, then a stable name.
fn order((a_weight, a): &(f64, RootCause), (b_weight, b): &(f64, RootCause)) -> std::cmp::Ordering {
    let since = |root: &RootCause| {
        root.finding
            .since
            .unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
    };
    b_weight
        .total_cmp(a_weight)
        .then_with(|| since(a).cmp(&since(b)))
        .then_with(|| b.finding.affected.cmp(&a.finding.affected))
        .then_with(|| a.finding.subject.cmp(&b.finding.subject))
        .then_with(|| a.finding.cause.cmp(&b.finding.cause))
}

/// Calls between the asked object and the finding's subject or what it hits; `None`: out of reach.
fn distance(finding: &Finding, reached: &[(Subject, usize)]) -> Option<usize> {
    let own = std::iter::once(&finding.subject).chain(&finding.hits);
    own.filter_map(|subject| {
        reached
            .iter()
            .find(|(known, _)| known.same_object(subject))
            .map(|(_, hops)| *hops)
    })
    .min()
}

/// For each finding, the findings that explain it directly.
fn edges(findings: &[Finding]) -> Vec<BTreeSet<usize>> {
    let by = |effect: &Finding| {
        (0..findings.len())
            .filter(|cause| {
                !std::ptr::eq(&raw const findings[*cause], std::ptr::from_ref(effect))
                    && (explains(&findings[*cause], effect)
                        || is_backed(&findings[*cause], effect, findings))
            })
            .collect()
    };
    findings.iter().map(by).collect()
}

/// Whether `cause` explains `effect`: a deeper tier on the same object; an object that `effect` blames;
/// or an object that `cause` hits, where `effect` is a consequence.
fn explains(cause: &Finding, effect: &Finding) -> bool {
    let deeper = cause.cause.tier() < effect.cause.tier();
    if is_of_another_container(cause, effect) || is_no_reason_to_grow(cause, effect) {
        return false;
    }
    let same = cause.subject.same_object(&effect.subject);
    let blamed = effect.blames.iter().any(|blamed| {
        blamed.same_object(&cause.subject) || cause.hits.iter().any(|hit| hit.same_object(blamed))
    });
    let hit = cause
        .hits
        .iter()
        .any(|hit| hit.same_object(&effect.subject));
    (same
        && (deeper
            || is_of_a_dependency(cause, effect)
            || is_out_of_room(cause, effect)
            || is_why_no_name_resolves(cause, effect)))
        || (!same && blamed)
        || (hit && (deeper || is_waiting(cause, effect) || is_following(cause, effect)))
}

/// Two containers of a pod that die each of its own: the one's end explains nothing of the other's.
fn is_of_another_container(cause: &Finding, effect: &Finding) -> bool {
    let crash = effect.cause.code().starts_with("crash-");
    let other = match (&cause.subject.container, &effect.subject.container) {
        (Some(cause), Some(effect)) => cause != effect,
        _ => false,
    };
    crash && other && cause.subject.same_object(&effect.subject)
}

/// Whoever gets no answer fails at once: that fills no memory.
fn is_no_reason_to_grow(cause: &Finding, effect: &Finding) -> bool {
    let calls = [
        Cause::DependencyUnreachable,
        Cause::DependencyWrongAddress,
        Cause::DnsResolutionFailed,
    ];
    is_a_leak(effect) && calls.contains(&cause.cause)
}

/// A database whose disk is full takes no writes: it protects what it has.
fn is_out_of_room(cause: &Finding, effect: &Finding) -> bool {
    cause.cause == Cause::DiskFull && effect.cause == Cause::DatabaseReadOnly
}

/// That nobody answers for names is what the DNS server's own end does: what its pods say of that goes before.
fn is_why_no_name_resolves(cause: &Finding, effect: &Finding) -> bool {
    let other = ![Cause::DnsServiceDown, Cause::DnsResolutionFailed].contains(&cause.cause);
    effect.cause == Cause::DnsServiceDown && other && cause.cause.tier() == Tier::Mechanism
}

/// A change made each request cost more, with the traffic of every day: the autoscaler at its maximum only follows.
fn is_following(cause: &Finding, effect: &Finding) -> bool {
    cause.cause == Cause::RegressionAfterChange && effect.cause == Cause::HpaAtMax
}

/// A probe times out where the application waits for a server that gives no connection: the probe is right.
fn is_waiting(cause: &Finding, effect: &Finding) -> bool {
    let probe = [
        Cause::LivenessProbeTooStrict,
        Cause::LivenessProbeTooEarly,
        Cause::ReadinessProbeFailing,
    ];
    cause.cause == Cause::ConnectionLimitReached && probe.contains(&effect.cause)
}

/// Whoever ends because what it calls does not answer has no fault of its own: neither its error nor, unless
/// that is surer, its revision.
fn is_of_a_dependency(cause: &Finding, effect: &Finding) -> bool {
    let own = [
        Cause::CrashApplicationError,
        Cause::RolloutBadRevision,
        Cause::ReadinessProbeFailing,
    ];
    // A step that fails is what is wrong with the revision.
    let step = cause.cause == Cause::InitContainerFailing
        && effect.cause == Cause::RolloutBadRevision
        && cause.strength > effect.strength;
    step || cause.cause == Cause::DependencyUnreachable
        && own.contains(&effect.cause)
        && (cause.strength > effect.strength
            || (cause.strength >= effect.strength && effect.cause == Cause::CrashApplicationError))
}

/// A revision that waits for somebody else is not at fault where that one's own trouble is surer than the suspicion.
fn is_backed(cause: &Finding, effect: &Finding, findings: &[Finding]) -> bool {
    let waits = matches!(
        cause.cause,
        Cause::DependencyUnreachable | Cause::InitContainerFailing
    );
    waits
        && effect.cause == Cause::RolloutBadRevision
        && cause.subject.same_object(&effect.subject)
        && findings.iter().any(|other| {
            let blamed = cause.blames.iter().any(|it| it.same_object(&other.subject));
            blamed && other.strength > effect.strength
        })
}

/// Nothing explains it, or only findings that it explains itself (a circle): then the strongest of
/// the circle is the root.
fn is_root(index: usize, explained_by: &[BTreeSet<usize>], findings: &[Finding]) -> bool {
    explained_by[index].iter().all(|cause| {
        let circle = explained_by[*cause].contains(&index);
        // A Service without endpoints shows what its pods suffer from, and starts no circle.
        let says = |at: usize| {
            let shows = findings[at].cause == Cause::ServiceNoReadyEndpoints;
            if shows { 0.0 } else { findings[at].strength }
        };
        let stronger = |a: usize, b: usize| (says(a), b) > (says(b), a);
        circle && stronger(index, *cause)
    })
}

/// For each finding, everything that explains it, directly or not.
fn closed(explained_by: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let all = 0..explained_by.len();
    all.map(|index| above(index, explained_by)).collect()
}

fn above(index: usize, explained_by: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![index];
    while let Some(next) = open.pop() {
        for cause in &explained_by[next] {
            if *cause != index && seen.insert(*cause) {
                open.push(*cause);
            }
        }
    }
    seen
}

fn root(
    case: &Facts<'_>,
    findings: &[Finding],
    explained_by: &[BTreeSet<usize>],
    index: usize,
) -> RootCause {
    let reached = case.reach();
    let finding = &findings[index];
    let effects: Vec<&Finding> = (0..findings.len())
        .filter(|effect| explained_by[*effect].contains(&index))
        .map(|effect| &findings[effect])
        .collect();
    let mut explained: BTreeSet<String> = effects
        .iter()
        .map(|effect| effect.cause.code().to_owned())
        .collect();
    explained.remove(finding.cause.code());
    let all = effects
        .iter()
        .flat_map(|effect| &effect.explains)
        .chain(&finding.explains);
    let mut explains: Vec<String> = explained.into_iter().collect();
    for symptom in all.clone() {
        if !explains.iter().any(|known| known == symptom.code()) {
            explains.push(symptom.code().to_owned());
        }
    }
    // A chain of proof from the asked object (a log line that names the dependency) makes distance harmless.
    let linked = effects
        .iter()
        .any(|effect| distance(effect, reached) == Some(0));
    let calls = if linked {
        0
    } else {
        distance(finding, reached).unwrap_or_default()
    };
    let fits =
        case.symptoms.is_empty() || all.clone().any(|symptom| case.symptoms.contains(symptom));
    let mut confidence = finding.strength * PER_CALL.powi(i32::try_from(calls).unwrap_or(i32::MAX));
    confidence *= if fits { 1.0 } else { OTHER_SYMPTOM };
    confidence *= if verdict::has_gaps(case) { GAP } else { 1.0 };
    let mut finding = finding.clone();
    finding.changed = finding
        .changed
        .or_else(|| change_before(case, &findings[index]));
    RootCause {
        finding,
        confidence: (confidence * 100.0).round() / 100.0,
        explains,
    }
}

/// The subject's newest revision, when it came shortly before the trouble began.
fn change_before(case: &Case, finding: &Finding) -> Option<Change> {
    let change = last_change(case, &finding.subject, Some(finding.cause))?;
    let began = finding.since.unwrap_or(case.now);
    (change.when <= began + SLACK && began - change.when <= SHORTLY).then_some(change)
}
