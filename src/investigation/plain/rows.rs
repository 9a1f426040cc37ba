//! The rows of two tables: what changed, and what is used.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::Pod;

use super::{ROWS, kubectl, place, said};
use crate::incident::PlainAnswer;
use crate::intent::Period;
use crate::investigation::case::{
    Case, Container, containers, revision, show_bytes, show_millicores, utc,
};
use crate::investigation::judge::{differences, told};
use crate::text::{Arg, Message};

/// Since when a question about changes looks, in UTC.
pub(super) fn since(period: Period, now: DateTime<Utc>) -> DateTime<Utc> {
    let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    match period {
        Period::Today => midnight,
        Period::Yesterday => midnight - Days::new(1),
        Period::Week => now - Days::new(7),
        Period::Seconds(seconds) => {
            now - TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1000))
        }
    }
}

/// New revisions of Deployments since then, newest first.
pub(super) fn changes(case: &Case, since: DateTime<Utc>) -> PlainAnswer {
    let mut all: Vec<(DateTime<Utc>, Message)> = case
        .replica_sets
        .iter()
        .filter_map(|set| change(case, set, since))
        .collect();
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let command = kubectl(
        case,
        "get replicasets",
        "--sort-by=.metadata.creationTimestamp",
    );
    let id = if all.is_empty() {
        "changes-none"
    } else {
        "changes-headline"
    };
    let mut headline = Message::new(id)
        .with("place", place(case))
        .with("time", since);
    if !all.is_empty() {
        headline = headline.with("count", all.len());
    }
    said(
        headline,
        all.into_iter().map(|(_, line)| line).take(ROWS).collect(),
        command,
    )
}

fn change(case: &Case, set: &ReplicaSet, since: DateTime<Utc>) -> Option<(DateTime<Utc>, Message)> {
    let at = set
        .metadata
        .creation_timestamp
        .as_ref()
        .map(utc)
        .filter(|at| *at >= since)?;
    let owner = set
        .metadata
        .owner_references
        .iter()
        .flatten()
        .find(|owner| owner.kind == "Deployment")?;
    let number = revision(set)?;
    let namespace = set.metadata.namespace.as_deref().unwrap_or_default();
    let before = case.replica_sets.within(namespace).filter(|other| {
        other
            .metadata
            .owner_references
            .iter()
            .flatten()
            .any(|other| other.uid == owner.uid)
            && revision(other).is_some_and(|other| other < number)
    });
    let before = before.max_by_key(|other| revision(other));
    let shown = i64::try_from(number).unwrap_or_default();
    let differences = before.map(|before| differences(before, set));
    let what = match told(&differences.unwrap_or_default()) {
        Some(what) => Message::new("change-revision")
            .with("revision", shown)
            .with("what", what),
        None => Message::new("change-revision-unknown").with("revision", shown),
    };
    Some((
        at,
        Message::new("change-line")
            .with("time", at)
            .with("workload", &owner.name)
            .with("what", what),
    ))
}

pub(super) fn usage(case: &Case, may_show: bool) -> PlainAnswer {
    let command = kubectl(case, "top pods", "--containers --sort-by=memory");
    if !may_show {
        return said(Message::new("usage-withheld"), Vec::new(), command);
    }
    if case.usage.is_empty() {
        return said(
            Message::new("usage-unavailable").with("place", place(case)),
            Vec::new(),
            command,
        );
    }
    let mut rows: Vec<(u64, Message)> = case
        .pods
        .iter()
        .flat_map(|pod| usage_rows(case, pod))
        .collect();
    rows.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
    let headline = Message::new("usage-headline").with("place", place(case));
    said(
        headline,
        rows.into_iter().map(|(_, row)| row).take(ROWS).collect(),
        command,
    )
}

fn usage_rows(case: &Case, pod: &Pod) -> Vec<(u64, Message)> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    let row = |container: &Container<'_>| {
        let usage = case
            .usage
            .get(&format!("{namespace}/{name}/{}", container.name()))?;
        let limit = |shown: Option<String>| {
            shown.map_or_else(|| Arg::from(Message::new("no-limit")), Arg::from)
        };
        let row = Message::new("usage-line-limits")
            .with("pod", name)
            .with("cpu", Arg::Millicores(usage.millicores))
            .with("memory", Arg::Bytes(usage.bytes))
            .with(
                "cpu-limit",
                limit(container.cpu_limit().map(show_millicores)),
            )
            .with(
                "memory-limit",
                limit(container.memory_limit().map(show_bytes)),
            );
        Some((usage.bytes, row))
    };
    containers(pod).iter().filter_map(row).collect()
}
