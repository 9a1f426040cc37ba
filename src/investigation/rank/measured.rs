//! Whether what was asked was measured at all: "it is slow" is not answered by healthy pods alone.

use super::super::case::{Facts, Indicator, Reading, Scope, Workload};
use crate::finding::Symptom;
use crate::text::{Arg, Message};

/// Below this many times its normal a number is not worse.
const AS_USUAL: f64 = 2.0;
/// A share of failing requests below this is normal.
const FEW: f64 = 0.01;

/// What a person feels, the number that says so, and how it is called where nobody measures it.
const FELT: [(Symptom, Indicator, &str); 2] = [
    (Symptom::Slow, Indicator::LatencyP99, "measure-latency"),
    (Symptom::Errors, Indicator::ErrorRate, "measure-errors"),
];

/// What was asked about an object and not measured. An alert brings a number of its own.
pub(super) fn missing(case: &Facts<'_>, looked: &[&Workload<'_>]) -> Option<Arg> {
    let own = case.alert.is_none() && matches!(case.scope, Scope::Object(_));
    let missing = FELT.iter().filter(|(symptom, indicator, _)| {
        case.symptoms.contains(symptom) && worst(case, looked, *indicator).is_none()
    });
    let missing: Vec<Message> = missing.map(|(.., id)| Message::new(*id)).collect();
    (own && !looked.is_empty() && !missing.is_empty()).then(|| Arg::from(missing))
}

/// What was asked, measured, and found as it usually is.
pub(super) fn checks(case: &Facts<'_>, looked: &[&Workload<'_>]) -> Vec<Message> {
    let asked = FELT
        .iter()
        .filter(|(symptom, ..)| case.symptoms.contains(symptom));
    let read = asked.filter_map(|(_, indicator, _)| worst(case, looked, *indicator));
    read.filter_map(check).collect()
}

fn check(reading: &Reading) -> Option<Message> {
    let errors = reading.indicator == Indicator::ErrorRate;
    let shown = |value: f64| {
        if errors {
            Arg::Percent(value)
        } else {
            Message::new("seconds").with("seconds", value).into()
        }
    };
    let message = |id: &'static str| Message::new(id).with("now", shown(reading.now));
    match (reading.normal(), errors) {
        (Some(normal), false) if reading.now <= normal * AS_USUAL => {
            Some(message("checked-latency").with("usual", shown(normal)))
        }
        (Some(normal), true) if reading.now < FEW => {
            Some(message("checked-errors").with("usual", shown(normal)))
        }
        (None, true) if reading.now < FEW => Some(message("checked-errors-now")),
        // Nobody knows whether it is much.
        _ => None,
    }
}

/// The highest reading of the workloads that were asked about.
fn worst<'a>(
    case: &'a Facts<'_>,
    looked: &[&Workload<'_>],
    indicator: Indicator,
) -> Option<&'a Reading> {
    let own = |reading: &&Reading| {
        looked.iter().any(|workload| {
            reading.namespace == workload.namespace() && reading.workload == workload.subject.name
        })
    };
    let all = case.readings.iter().filter(|reading| {
        reading.indicator == indicator && reading.node.is_none() && reading.now.is_finite()
    });
    all.filter(own).max_by(|a, b| a.now.total_cmp(&b.now))
}
