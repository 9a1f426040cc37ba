//! cpu-saturated: containers that use all the CPU of their limit, and nodes that have none left.

use super::measured::{Measured, hottest, whole};
use super::{THROTTLED, readings};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, Indicator, show_millicores};
use crate::investigation::judge::facts::{argument, kubectl};
use crate::text::{Arg, Message};

/// This share of the limit is all a container gets: the quota is enforced in slices of 100 ms.
const FULL: f64 = 0.9;
/// A node busier than this has nothing left to give; kernel and kubelet need the rest.
const NODE_FULL: f64 = 0.95;

const SUFFERING: [Symptom; 3] = [Symptom::Slow, Symptom::Errors, Symptom::NotReady];

/// A container at its limit, where users suffer and throttling was not measured.
pub(super) fn saturated(measured: &Measured<'_>) -> Option<Finding> {
    let suffers = measured.suffers().filter(|_| measured.serves())?;
    let throttled = readings(measured.case, measured.workload, Indicator::CpuThrottled)
        .any(|reading| reading.now >= THROTTLED);
    let all = measured.cpu();
    let (used, share) = hottest(&all).filter(|(_, share)| *share >= FULL && !throttled)?;
    // As busy at this time on other days, when nobody complained: not what is wrong today.
    if used
        .normal_share()
        .is_some_and(|normal| normal >= FULL * 0.95)
    {
        return None;
    }
    let name = used.container.name();
    let subject = measured.subject().clone().container(name);
    let limit = whole(used.limit?);
    let new = (limit * 2).div_ceil(100) * 100;
    let hot = all
        .iter()
        .filter(|one| one.share().is_some_and(|s| s >= FULL))
        .count();
    let fact = Message::new("fact-cpu-of-limit")
        .with(
            "pod",
            used.container
                .pod
                .metadata
                .name
                .as_deref()
                .unwrap_or_default(),
        )
        .with("used", Arg::Millicores(whole(used.now)))
        .with("limit", Arg::Millicores(limit));
    let command = format!(
        "{} set resources {} -c {name} --limits=cpu={}",
        kubectl(&subject),
        argument(&subject),
        show_millicores(new)
    );
    let strength = if used.averaged { 0.78 } else { 0.66 } * suffers;
    let summary = Message::new("cause-cpu-saturated")
        .with("workload", &subject.name)
        .with("container", name)
        .with("share", Arg::Percent(share.min(1.0)))
        .with("limit", Arg::Millicores(limit));
    let source = used.source("Prometheus container_cpu_usage_seconds_total, 5 min");
    Some(
        Finding::new(Cause::CpuSaturated, subject.clone(), strength, summary)
            .evidence(fact, source, Some(measured.case.now))
            .explains(SUFFERING)
            .affected(hot)
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

/// Nodes with no CPU left, and the workloads on them.
pub(super) fn nodes(case: &Facts<'_>, all: &[Measured<'_>]) -> Vec<Finding> {
    let full = case.readings.iter().filter(|reading| {
        reading.indicator == Indicator::NodeCpu
            && reading.now >= NODE_FULL
            && reading
                .normal()
                .is_none_or(|normal| normal < NODE_FULL * 0.95)
    });
    full.filter_map(|reading| node(case, all, reading.node.as_deref()?, reading.now))
        .collect()
}

fn node(case: &Facts<'_>, all: &[Measured<'_>], name: &str, share: f64) -> Option<Finding> {
    let there = all.iter().filter(|one| one.runs_on(name));
    let hits: Vec<Subject> = there.map(|one| one.subject().clone()).collect();
    let subject = Subject::cluster(Kind::Node, name);
    let said = |id| {
        Message::new(id)
            .with("node", name)
            .with("share", Arg::Percent(share))
    };
    let fix = Fix::new(subject.clone(), "", Message::new("why-cpu-node"))
        .command(format!("kubectl describe node {name}"));
    let source = "Prometheus node_cpu_seconds_total, 5 min";
    (!hits.is_empty()).then(|| {
        Finding::new(
            Cause::CpuSaturated,
            subject,
            0.78,
            said("cause-cpu-saturated-node"),
        )
        .evidence(said("fact-node-cpu"), source, Some(case.now))
        .explains(SUFFERING)
        .affected(hits.len())
        .hits(hits)
        .fix(fix)
    })
}
