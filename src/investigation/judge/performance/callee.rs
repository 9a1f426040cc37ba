//! latency-from-dependency: slow because what it calls is slow. The callee is the subject: what ails it
//! is the root, and where nothing is known of that, it is at least the place to look.

use super::measured::Measured;
use crate::finding::{Cause, Finding, Fix, Kind, Symptom};
use crate::investigation::case::{Facts, Looked, Reading, calls};
use crate::investigation::judge::facts::{argument, kubectl};
use crate::text::{Arg, Message};

/// The callee's extra time makes up at least this much of the caller's.
const PART: f64 = 0.3;

/// The slow workload that makes this one slow, with its answer time.
pub(super) fn of<'m, 'a>(
    caller: &Measured<'_>,
    all: &'m [Measured<'a>],
) -> Option<(&'m Measured<'a>, &'m Reading)> {
    let own = caller.slow()?;
    let lost = own.now - own.normal().unwrap_or_default();
    let called = called(caller.case, caller);
    let slow = all.iter().filter(|one| {
        called.contains(one.subject()) && !one.subject().same_object(caller.subject())
    });
    let slow = slow.filter_map(|one| Some((one, one.slow()?)));
    let extra = |reading: &Reading| reading.now - reading.normal().unwrap_or_default();
    slow.filter(|(_, reading)| extra(reading) >= lost * PART)
        .max_by(|(_, a), (_, b)| extra(a).total_cmp(&extra(b)))
}

/// The workloads behind the Services that it calls.
fn called(case: &Facts<'_>, caller: &Measured<'_>) -> Vec<crate::finding::Subject> {
    let services = calls(case, caller.workload)
        .into_iter()
        .filter(|one| one.kind == Kind::Service);
    let behind = services.filter_map(|service| {
        let namespace = service.namespace.as_deref()?;
        match case.services.look(namespace, &service.name) {
            Looked::Found(found) => Some(case.behind(found)),
            _ => None,
        }
    });
    behind.flatten().collect()
}

/// The finding, about the callee.
pub(super) fn slow(caller: &Measured<'_>, all: &[Measured<'_>]) -> Option<Finding> {
    let (callee, theirs) = of(caller, all)?;
    let own = caller.slow()?;
    let subject = callee.subject().clone();
    let summary = Message::new("cause-latency-from-dependency")
        .with("workload", &caller.subject().name)
        .with("callee", &subject.name)
        .with("value", Arg::Number(theirs.now))
        .with("usual", Arg::Number(theirs.normal().unwrap_or_default()));
    let fact = |name: &str, reading: &Reading| {
        Message::new("fact-latency-of")
            .with("workload", name)
            .with("value", Arg::Number(reading.now))
            .with("usual", Arg::Number(reading.normal().unwrap_or_default()))
    };
    let source = "Prometheus 99th percentile, 5 min against other days";
    let deeper = of(callee, all).map(|(next, _)| next.subject().clone());
    let look = format!(
        "{} logs {} --tail=100",
        kubectl(&subject),
        argument(&subject)
    );
    Some(
        Finding::new(Cause::LatencyFromDependency, subject.clone(), 0.8, summary)
            .evidence(fact(&subject.name, theirs), source, Some(caller.case.now))
            .evidence(
                fact(&caller.subject().name, own),
                source,
                Some(caller.case.now),
            )
            .explains([Symptom::Slow, Symptom::Errors])
            .affected(callee.workload.pods.len())
            .hits([caller.subject().clone()])
            .blames(deeper)
            .fix(Fix::new(subject, "", Message::new("why-callee")).command(look)),
    )
}
