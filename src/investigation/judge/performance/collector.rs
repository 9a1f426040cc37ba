//! garbage-collection-pressure: the runtime is busy with its memory instead of with requests.

use super::measured::Measured;
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Indicator, Reading};
use crate::text::{Arg, Message};

/// A tenth of the time in pauses is felt; healthy services spend under 2 %.
const PRESSURE: f64 = 0.1;
/// Against other days it has to be a change, unless it is this much.
const TIMES: f64 = 1.5;

/// The pod with most of its time in collection.
pub(super) fn pressure(measured: &Measured<'_>) -> Option<Finding> {
    let suffers = measured.suffers().filter(|_| measured.serves())?;
    let all = measured.by_pod(Indicator::GarbageCollection);
    let bad = |reading: &&&Reading| {
        let usual = reading.normal().unwrap_or(0.0);
        reading.now >= PRESSURE && reading.now >= usual * TIMES
    };
    let count = all.iter().filter(bad).count();
    let worst = all
        .iter()
        .filter(bad)
        .max_by(|a, b| a.now.total_cmp(&b.now))?;
    let subject = measured.subject().clone();
    let pod = worst.pod.as_deref().unwrap_or_default();
    let summary = Message::new("cause-garbage-collection-pressure")
        .with("workload", &subject.name)
        .with("share", Arg::Percent(worst.now));
    let id = if worst.normal().is_some() {
        "fact-collection-usual"
    } else {
        "fact-collection"
    };
    let fact = Message::new(id)
        .with("pod", pod)
        .with("share", Arg::Percent(worst.now))
        .with("usual", Arg::Percent(worst.normal().unwrap_or_default()));
    let fix = Fix::new(
        subject.clone(),
        "resources.limits.memory",
        Message::new("why-collection"),
    );
    Some(
        Finding::new(
            Cause::GarbageCollectionPressure,
            subject,
            0.82 * suffers,
            summary,
        )
        .evidence(
            fact,
            "Prometheus garbage collection time, 5 min",
            Some(measured.case.now),
        )
        .explains([Symptom::Slow, Symptom::Errors, Symptom::NotReady])
        .affected(count)
        .fix(fix),
    )
}
