//! Pods that a pod of higher priority pushed off their node, and whose replacements wait now.

use chrono::{DateTime, TimeDelta, Utc};
use k8s_openapi::api::core::v1::{Event, Pod};

use super::Unplaced;
use super::words::Reason;
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{Facts, events_of, owner_of};
use crate::investigation::judge::facts::pod_name;
use crate::text::Message;

/// The replacement is made when the victim begins to end, or after its grace period.
const SOON: TimeDelta = TimeDelta::minutes(10);
/// Clocks of the control plane differ by seconds.
const SLACK: TimeDelta = TimeDelta::seconds(30);

/// The event of a victim: reason `Preempted`, `Preempted by pod UID on node NAME` since 1.29, `Preempted
/// by a pod on node NAME` before (`pkg/scheduler/framework/preemption`). It is of type `Normal`.
struct Preemption<'a> {
    victim: &'a str,
    words: &'a str,
    at: Option<DateTime<Utc>>,
    by: Option<&'a Pod>,
}

/// Judges a workload that lost its place and finds no other.
pub(super) fn judge(unplaced: &Unplaced<'_>) -> Option<Finding> {
    // Its replacement waits for room; what keeps it away otherwise was there before.
    let reasons = &unplaced.reasons.counts;
    let room = |reason: &Reason| matches!(reason, Reason::Lacks(_) | Reason::Ports);
    if !reasons.keys().any(room) {
        return None;
    }
    let preemption = preemption(unplaced)?;
    let priority = |pod: &Pod| pod.spec.as_ref().and_then(|spec| spec.priority);
    let own = priority(unplaced.pod).unwrap_or_default();
    let mut summary = Message::new("cause-preempted").with("priority", own);
    if let Some(by) = preemption.by {
        summary = Message::new("cause-preempted-by")
            .with("priority", own)
            .with("by", owner_of(by).name)
            .with("theirs", priority(by).unwrap_or_default());
    }
    let fact = Message::new("fact-preempted")
        .with("victim", preemption.victim)
        .with("line", preemption.words);
    let source = format!("event Preempted pod {}", preemption.victim);
    let finding =
        unplaced
            .finding(Cause::Preempted, 0.93, summary)
            .evidence(fact, source, preemption.at);
    let class = unplaced.pod.spec.as_ref();
    let class = class.and_then(|spec| spec.priority_class_name.clone());
    let subject = unplaced.workload.subject.clone();
    let why = Message::new("why-preempted");
    let fix = Fix::new(subject, "priorityClassName", why).change(class, None::<String>);
    Some(unplaced.ruled_out(finding).fix(fix))
}

fn preemption<'a>(unplaced: &Unplaced<'a>) -> Option<Preemption<'a>> {
    let case = unplaced.case;
    let family = family(unplaced.pod);
    let made = unplaced.pod.metadata.creation_timestamp.as_ref();
    let made = made.map(crate::investigation::case::utc);
    let victims = case.events.iter().filter_map(|event| {
        let about = &event.involved_object;
        let name = about.name.as_deref()?;
        let here = about.namespace == unplaced.pod.metadata.namespace;
        let sibling = |rest: &str| !rest.contains('-');
        let of_it = name == pod_name(unplaced.pod)
            || family.is_some_and(|it| name.strip_prefix(it).is_some_and(sibling));
        let at = events_of(case, "Pod", about.namespace.as_deref()?, name)
            .into_iter()
            .find(|it| it.reason == "Preempted")
            .and_then(|it| it.last);
        // The pod that waits is the victim's replacement, or the victim's neighbour that came later.
        let then = match (at, made) {
            (Some(at), Some(made)) => made >= at - SLACK && made - at <= SOON,
            _ => true,
        };
        let is = event.reason.as_deref() == Some("Preempted") && here && of_it && then;
        is.then_some((event, name, at))
    });
    let (event, victim, at) = victims.max_by_key(|(_, _, at)| *at)?;
    Some(Preemption {
        victim,
        words: event.message.as_deref().unwrap_or_default(),
        at,
        by: preemptor(case, event),
    })
}

/// `report-66d9fb7c4-` of a pod `report-66d9fb7c4-4kxr8`: its replacement has the same beginning.
fn family(pod: &Pod) -> Option<&str> {
    let made = pod.metadata.generate_name.as_deref();
    made.or_else(|| {
        let name = pod.metadata.name.as_deref()?;
        let random = name.rfind('-').filter(|at| name.len() - at == 6)?;
        name.get(..=random)
    })
}

/// The pod that took the place, where it is still there and was read.
fn preemptor<'a>(case: &'a Facts<'a>, event: &Event) -> Option<&'a Pod> {
    let related = event.related.as_ref();
    let words = event.message.as_deref().unwrap_or_default();
    let is = |pod: &&Pod| {
        let meta = &pod.metadata;
        let named =
            related.is_some_and(|it| it.name == meta.name && it.namespace == meta.namespace);
        let by_uid = meta.uid.as_deref().is_some_and(|uid| words.contains(uid));
        named || by_uid
    };
    case.pods.iter().chain(case.neighbours.iter()).find(is)
}
