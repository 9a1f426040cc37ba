//! Performance: what the numbers say of a workload, of its pods and of the nodes under them. Readings
//! come from Prometheus, usage from metrics-server where there is none.

mod callee;
mod change;
mod collector;
mod cpu;
mod load;
mod measured;
mod memory;
mod network;

use self::measured::Measured;
use super::facts::kubectl;
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{
    Facts, Indicator, Reading, Workload, containers, show_millicores,
};
use crate::text::{Arg, Message};

/// A container throttled in more than a quarter of its periods is held back noticeably (the
/// kubernetes-mixin's `CPUThrottlingHigh` fires above 25 %).
const THROTTLED: f64 = 0.25;
/// Share of failing requests that is high by itself.
const FAILING: f64 = 0.05;
/// Slower or failing more than this many times the usual is a change for the worse.
const WORSE: f64 = 2.0;

/// Judges every workload and node that has readings.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all: Vec<Measured<'_>> = case
        .workloads()
        .iter()
        .map(|workload| Measured { case, workload })
        .collect();
    let mut found: Vec<Finding> = all.iter().flat_map(|one| of_workload(one, &all)).collect();
    found.extend(cpu::nodes(case, &all));
    found.extend(network::judge(case, &all));
    found
}

fn of_workload(measured: &Measured<'_>, all: &[Measured<'_>]) -> Vec<Finding> {
    let (case, workload) = (measured.case, &measured.workload);
    let found = [
        throttled(case, workload),
        cpu::saturated(measured),
        memory::near_limit(measured),
        load::surge(measured),
        load::too_few(measured),
        load::uneven(measured),
        collector::pressure(measured),
        callee::slow(measured, all),
        failing(case, workload),
        change::regressed(measured, all),
    ];
    found.into_iter().flatten().collect()
}

fn readings<'a>(
    case: &'a Facts<'a>,
    workload: &'a Workload<'_>,
    indicator: Indicator,
) -> impl Iterator<Item = &'a Reading> {
    case.readings.iter().filter(move |reading| {
        reading.indicator == indicator
            && reading.node.is_none()
            && reading.now.is_finite()
            && reading.namespace == workload.namespace()
            && reading.workload == workload.subject.name
    })
}

fn throttled(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
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
        "{} set resources {}/{} -c {name} --limits=cpu={}",
        kubectl(&workload.subject),
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

fn failing(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    let reading = readings(case, workload, Indicator::ErrorRate).next()?;
    let usual = reading.normal().unwrap_or(0.0);
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
