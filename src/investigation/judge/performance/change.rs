//! regression-after-change: a number got worse, and a change came just before.

use chrono::{DateTime, TimeDelta, Utc};

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;

use super::measured::Measured;
use super::{FAILING, WORSE, callee, readings};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Indicator, Reading, Workload};
use crate::investigation::judge::last_change;
use crate::text::{Arg, Message};

/// A change this long before the question can be the reason.
const SHORTLY: TimeDelta = TimeDelta::hours(2);
/// More requests than this share of the usual are more traffic.
const GROWN: f64 = 1.3;
/// A number that turns this soon after a change turned because of it, most likely.
const SOON: TimeDelta = TimeDelta::minutes(20);

/// The autoscalers that a dearer request keeps busy: those of the workload, where its traffic is known to be the usual.
fn scalers(case: &Facts<'_>, workload: &Workload<'_>) -> Vec<Subject> {
    let usual = readings(case, workload, Indicator::RequestRate)
        .any(|rate| rate.pod.is_none() && rate.normal().is_some_and(|it| rate.now <= it * GROWN));
    let own = case.autoscalers.iter().filter(|hpa| {
        let target = &hpa.spec.scale_target_ref;
        hpa.metadata.namespace.as_deref() == Some(workload.namespace())
            && target.kind == workload.subject.kind.as_str()
            && target.name == workload.subject.name
    });
    let subject = |hpa: &HorizontalPodAutoscaler| {
        let name = hpa.metadata.name.as_deref()?;
        let kind = Kind::HorizontalPodAutoscaler;
        Some(Subject::new(kind, workload.namespace(), name))
    };
    own.filter(|_| usual).filter_map(subject).collect()
}

/// Latency or errors well above the usual, and a change shortly before: the change is named.
#[expect(clippy::too_many_lines, reason = "one finding, told in one go")]
pub(super) fn regressed(measured: &Measured<'_>, all: &[Measured<'_>]) -> Option<Finding> {
    let (case, workload) = (measured.case, &measured.workload);
    if workload.subject.kind != Kind::Deployment {
        return None;
    }
    let change = last_change(case, &workload.subject, None)
        .filter(|change| case.now - change.when < SHORTLY)?;
    let worse = |indicator| {
        readings(case, workload, indicator).find(|r| {
            r.normal().is_some_and(|usual| {
                // No failure at all is a normal to fall from; no time at all is no measurement.
                let known = usual > 0.0 || indicator == Indicator::ErrorRate;
                known && r.now > usual * WORSE && !was_worse(r, change.when, usual)
            })
        })
    };
    let (reading, symptom) = worse(Indicator::LatencyP99)
        .filter(|_| callee::of(measured, all).is_none())
        .map(|r| (r, Symptom::Slow))
        .or_else(|| {
            worse(Indicator::ErrorRate)
                .filter(|r| r.now > FAILING / 5.0)
                .map(|r| (r, Symptom::Errors))
        })?;
    let (now, usual) = (
        shown(reading, reading.now),
        shown(reading, reading.normal().unwrap_or_default()),
    );
    let id = if symptom == Symptom::Slow {
        "fact-latency-usual"
    } else {
        "fact-error-rate-usual"
    };
    let fact = match symptom {
        Symptom::Slow => Message::new(id).with("value", now).with("usual", usual),
        _ => Message::new(id).with("share", now).with("usual", usual),
    };
    let summary = Message::new("cause-regression-after-change")
        .with("workload", &workload.subject.name)
        .with("at", change.when)
        .with("change", change.what.clone());
    let subject: Subject = workload.subject.clone();
    // The number left its usual level right after the change: told by the history, where there is one.
    let turned = turned(reading).filter(|at| *at >= change.when && *at - change.when <= SOON);
    let strength = if turned.is_some() { 0.8 } else { 0.72 };
    let undo = format!(
        "kubectl -n {} rollout undo deployment/{}",
        workload.namespace(),
        subject.name
    );
    let mut finding = Finding::new(
        Cause::RegressionAfterChange,
        subject.clone(),
        strength,
        summary,
    )
    .evidence(
        fact,
        "Prometheus, 5 min against the same time yesterday",
        Some(case.now),
    )
    .explains([symptom])
    .hits(scalers(case, workload))
    .since(Some(change.when))
    .fix(Fix::new(subject, "", Message::new("why-regression")).command(undo));
    finding.changed = Some(change);
    Some(finding)
}

/// When the number left its usual level for good: the first bad point after the last good one.
fn turned(reading: &Reading) -> Option<DateTime<Utc>> {
    let bad = reading.normal()? * WORSE;
    let points = reading.history.iter().rev();
    let (at, _) = points.take_while(|(_, value)| *value > bad).last()?;
    let first = reading.history.first()?.0;
    #[expect(clippy::cast_possible_truncation, reason = "Unix seconds")]
    let seconds = *at as i64;
    // Bad as far back as was read: when it began is not known.
    (*at > first).then(|| DateTime::from_timestamp(seconds, 0))?
}

/// Whether it was as bad before the change: then the change is not the reason, and may be the cure,
/// which the window of the query does not show yet. Without a history nobody knows.
fn was_worse(reading: &Reading, change: DateTime<Utc>, usual: f64) -> bool {
    let at = change.timestamp();
    #[expect(clippy::cast_precision_loss, reason = "Unix seconds fit into an f64")]
    let before = reading
        .history
        .iter()
        .rev()
        .find(|(when, _)| *when <= at as f64);
    before.is_some_and(|(_, value)| *value > usual * WORSE)
}

fn shown(reading: &Reading, value: f64) -> Arg {
    if reading.indicator == Indicator::ErrorRate {
        Arg::Percent(value)
    } else {
        Arg::Number(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_not_blamed_for_what_was_bad_before_it() {
        let change = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let reading = |history: &[(f64, f64)]| Reading {
            indicator: Indicator::LatencyP99,
            namespace: "production".to_owned(),
            workload: "payment-service".to_owned(),
            pod: None,
            container: None,
            node: None,
            now: 2.4,
            usual: Some(0.3),
            week: None,
            history: history.to_vec(),
        };
        let (before, after) = (1_799_999_900.0, 1_800_000_200.0);
        assert!(!was_worse(
            &reading(&[(before, 0.31), (after, 2.4)]),
            change,
            0.3
        ));
        // The fix, asked about before the window of the query has left the bad time behind.
        assert!(was_worse(
            &reading(&[(before, 2.2), (after, 2.4)]),
            change,
            0.3
        ));
        // Nothing known of the time before: the change stays the suspect it was.
        assert!(!was_worse(&reading(&[(after, 2.4)]), change, 0.3));
        assert!(!was_worse(&reading(&[]), change, 0.3));
        let at = DateTime::from_timestamp(1_800_000_200, 0);
        assert_eq!(turned(&reading(&[(before, 0.31), (after, 2.4)])), at);
        assert_eq!(turned(&reading(&[(after, 2.4)])), None);
    }
}
