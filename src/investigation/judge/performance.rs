//! Performance: what the numbers say. Indicators point at a workload; what explains them is judged
//! elsewhere.

use chrono::{DateTime, TimeDelta, Utc};

use super::workload::last_change;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{
    Case, Indicator, Reading, Workload, containers, show_millicores, workloads,
};
use crate::text::{Arg, Message};

/// A container throttled in more than a quarter of its periods is held back noticeably (the
/// kubernetes-mixin's `CPUThrottlingHigh` fires above 25 %).
const THROTTLED: f64 = 0.25;
/// Share of failing requests that is high by itself.
const FAILING: f64 = 0.05;
/// Slower or failing more than this many times the usual is a change for the worse.
const WORSE: f64 = 2.0;
/// A change this long before the question can be the reason.
const SHORTLY: TimeDelta = TimeDelta::hours(2);

/// Judges every workload that has readings.
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    let all = workloads(case);
    all.iter()
        .flat_map(|workload| {
            let found = [
                throttled(case, workload),
                failing(case, workload),
                regressed(case, workload),
            ];
            found.into_iter().flatten()
        })
        .collect()
}

fn readings<'a>(
    case: &'a Case,
    workload: &'a Workload<'_>,
    indicator: Indicator,
) -> impl Iterator<Item = &'a Reading> {
    case.readings.iter().filter(move |reading| {
        reading.indicator == indicator
            && reading.namespace == workload.namespace()
            && reading.workload == workload.subject.name
    })
}

fn throttled(case: &Case, workload: &Workload<'_>) -> Option<Finding> {
    let worst = readings(case, workload, Indicator::CpuThrottled)
        .filter(|r| r.now >= THROTTLED)
        .max_by(|a, b| a.now.total_cmp(&b.now))?;
    let name = worst.container.clone()?;
    let container = workload
        .pods
        .first()
        .and_then(|pod| containers(pod).into_iter().find(|c| c.name() == name))?;
    let limit = container.cpu_limit()?;
    let subject = workload.subject.clone().container(&name);
    let summary = Message::new("cause-cpu-throttled")
        .with("workload", &workload.subject.name)
        .with("container", &name)
        .with("share", Arg::Percent(worst.now))
        .with("limit", Arg::Millicores(limit));
    let fact = with_usual(
        Message::new(if worst.usual.is_some() {
            "fact-throttled-usual"
        } else {
            "fact-throttled"
        })
        .with("share", Arg::Percent(worst.now)),
        worst.usual.map(Arg::Percent),
    );
    let new = (limit * 2).div_ceil(100) * 100;
    let command = format!(
        "kubectl -n {} set resources {}/{} -c {name} --limits=cpu={}",
        workload.namespace(),
        workload.subject.kind.as_str().to_ascii_lowercase(),
        workload.subject.name,
        show_millicores(new)
    );
    Some(
        Finding::new(
            Cause::CpuThrottled,
            subject.clone(),
            0.55 + worst.now.min(1.0) * 0.4,
            summary,
        )
        .evidence(
            fact,
            "Prometheus container_cpu_cfs_throttled_periods_total, 5 min",
            Some(case.now),
        )
        .explains([Symptom::Slow, Symptom::NotReady])
        .affected(workload.pods.len())
        .fix(
            Fix::new(
                subject,
                "resources.limits.cpu",
                Message::new("why-cpu-limit"),
            )
            .change(Some(show_millicores(limit)), Some(show_millicores(new)))
            .command(command),
        ),
    )
}

fn with_usual(message: Message, usual: Option<Arg>) -> Message {
    match usual {
        Some(usual) => message.with("usual", usual),
        None => message,
    }
}

fn failing(case: &Case, workload: &Workload<'_>) -> Option<Finding> {
    let reading = readings(case, workload, Indicator::ErrorRate).next()?;
    let usual = reading.usual.unwrap_or(0.0);
    if reading.now < FAILING || reading.now < usual * WORSE {
        return None;
    }
    let summary = Message::new("cause-error-rate-high")
        .with("workload", &workload.subject.name)
        .with("share", Arg::Percent(reading.now));
    let id = if reading.usual.is_some() {
        "fact-error-rate-usual"
    } else {
        "fact-error-rate"
    };
    let fact = with_usual(
        Message::new(id).with("share", Arg::Percent(reading.now)),
        reading.usual.map(Arg::Percent),
    );
    Some(
        Finding::new(Cause::ErrorRateHigh, workload.subject.clone(), 0.5, summary)
            .evidence(
                fact,
                "Prometheus http_requests_total, 5 min",
                Some(case.now),
            )
            .explains([Symptom::Errors, Symptom::Unavailable, Symptom::MissingData])
            .fix(Fix::new(
                workload.subject.clone(),
                "",
                Message::new("why-error-rate"),
            )),
    )
}

/// Latency or errors well above the usual, and a change shortly before: the change is named.
fn regressed(case: &Case, workload: &Workload<'_>) -> Option<Finding> {
    if workload.subject.kind != Kind::Deployment {
        return None;
    }
    let change = last_change(case, &workload.subject, None)
        .filter(|change| case.now - change.when < SHORTLY)?;
    let worse = |indicator| {
        readings(case, workload, indicator).find(|r| {
            r.usual.is_some_and(|usual| {
                usual > 0.0 && r.now > usual * WORSE && !was_worse(r, change.when, usual)
            })
        })
    };
    let (reading, symptom) = worse(Indicator::LatencyP99)
        .map(|r| (r, Symptom::Slow))
        .or_else(|| {
            worse(Indicator::ErrorRate)
                .filter(|r| r.now > FAILING / 5.0)
                .map(|r| (r, Symptom::Errors))
        })?;
    let (now, usual) = (
        shown(reading, reading.now),
        shown(reading, reading.usual.unwrap_or_default()),
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
    let undo = format!(
        "kubectl -n {} rollout undo deployment/{}",
        workload.namespace(),
        subject.name
    );
    let mut finding = Finding::new(Cause::RegressionAfterChange, subject.clone(), 0.72, summary)
        .evidence(
            fact,
            "Prometheus, 5 min against the same time yesterday",
            Some(case.now),
        )
        .explains([symptom])
        .since(Some(change.when))
        .fix(Fix::new(subject, "", Message::new("why-regression")).command(undo));
    finding.changed = Some(change);
    Some(finding)
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
            now: 2.4,
            usual: Some(0.3),
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
    }
}
