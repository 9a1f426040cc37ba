//! cpu-saturated: containers that use all the CPU of their limit, and nodes that have none left.

use std::collections::BTreeMap;

use super::measured::{Measured, hottest, whole};
use super::{THROTTLED, readings};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Case, Indicator, show_millicores};
use crate::investigation::judge::facts::{argument, kubectl};
use crate::text::{Arg, Message};

/// This share of the limit is all a container gets: the quota is enforced in slices of 100 ms.
const FULL: f64 = 0.9;
/// A node busier than this has nothing left to give; kernel and kubelet need the rest.
const NODE_FULL: f64 = 0.95;
/// A container that uses this much of its node's pods' CPU is the one that fills it.
const MOST: f64 = 0.5;

const SUFFERING: [Symptom; 3] = [Symptom::Slow, Symptom::Errors, Symptom::NotReady];

/// A container at its limit, where users suffer and throttling was not measured.
pub(super) fn saturated(measured: &Measured<'_>) -> Option<Finding> {
    let suffers = measured.suffers().filter(|_| measured.serves())?;
    let throttled = readings(measured.case, &measured.workload, Indicator::CpuThrottled)
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

/// Nodes with no CPU left: named themselves, or the one workload that takes most of it.
pub(super) fn nodes(case: &Case, all: &[Measured<'_>]) -> Vec<Finding> {
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

fn node(case: &Case, all: &[Measured<'_>], name: &str, share: f64) -> Option<Finding> {
    let used = on_node(all, name);
    let total: f64 = used.values().sum();
    let most = used.iter().max_by(|a, b| a.1.total_cmp(b.1));
    let hog = most.filter(|(_, cpu)| used.len() > 1 && **cpu >= total * MOST && total > 0.0);
    let subject = hog.map_or_else(
        || Subject::cluster(Kind::Node, name),
        |(one, _)| (*one).clone(),
    );
    let message = match hog {
        Some((one, cpu)) => Message::new("cause-cpu-saturated-by")
            .with("workload", &one.name)
            .with("used", Arg::Millicores(whole(*cpu))),
        None => Message::new("cause-cpu-saturated-node"),
    };
    let summary = message
        .with("node", name)
        .with("share", Arg::Percent(share));
    let fact = Message::new("fact-node-cpu")
        .with("node", name)
        .with("share", Arg::Percent(share));
    let hits: Vec<Subject> = used.keys().map(|one| (*one).clone()).collect();
    let fix = match hog {
        Some((one, _)) => Fix::new(
            (*one).clone(),
            "resources.limits.cpu",
            Message::new("why-cpu-hog"),
        ),
        None => Fix::new(subject.clone(), "", Message::new("why-cpu-node"))
            .command(format!("kubectl describe node {name}")),
    };
    (!hits.is_empty()).then(|| {
        Finding::new(Cause::CpuSaturated, subject, 0.78, summary)
            .evidence(
                fact,
                "Prometheus node_cpu_seconds_total, 5 min",
                Some(case.now),
            )
            .explains(SUFFERING)
            .affected(hits.len())
            .hits(hits)
            .fix(fix)
    })
}

/// What each workload uses on a node, millicores.
fn on_node<'a>(all: &'a [Measured<'_>], name: &str) -> BTreeMap<&'a Subject, f64> {
    let mut used = BTreeMap::new();
    for measured in all {
        let there = |pod: &&&k8s_openapi::api::core::v1::Pod| {
            pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) == Some(name)
        };
        if measured.workload.pods.iter().any(|pod| there(&pod)) {
            let cpu = measured.cpu();
            let here = cpu.iter().filter(|one| there(&&one.container.pod));
            used.insert(measured.subject(), here.map(|one| one.now).sum());
        }
    }
    used
}
