//! oom-killed: by the kernel at the limit, or by the runtime that ran out of heap below it.

use super::crash::{found, quoted};
use super::patterns::OUT_OF_MEMORY;
use super::{Death, log_source, status_source};
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Facts, Indicator, LogRead, Record, show_bytes};
use crate::text::{Arg, Message};

/// Judges one death.
pub(super) fn judge(case: &Facts<'_>, death: &Death<'_>) -> Option<Finding> {
    let limit = death.container.memory_limit();
    let killed = death.exit.reason == "OOMKilled";
    let heap = death.log.and_then(heap_line);
    // 137 is SIGKILL: by the kernel for memory, or by the kubelet for something else. Alone it proves nothing.
    if !killed && heap.is_none() {
        return None;
    }
    let strength = match (killed, heap.is_some(), limit.is_some()) {
        (true, _, true) | (_, true, true) => 0.97,
        (true, _, false) => 0.85,
        _ => 0.8,
    };
    let subject = death.subject.clone();
    let mut finding = Finding::new(Cause::OomKilled, subject, strength, summary(death, limit))
        .evidence(
            exit_fact(death, limit),
            status_source(&death.container),
            death.exit.finished,
        )
        .explains([
            Symptom::Slow,
            Symptom::Restarting,
            Symptom::Errors,
            Symptom::Unavailable,
            Symptom::NotReady,
        ])
        .since(death.exit.started.or(death.exit.finished))
        .affected(death.affected)
        .fix(fix(case, death, limit));
    if let (Some(line), Some(log)) = (heap, death.log) {
        finding = finding.evidence(
            Message::new("fact-log-says").with("line", line),
            log_source(log),
            at(log, line),
        );
    }
    finding = finding.evidence(
        Message::new("fact-replicas-ready")
            .with("ready", death.ready)
            .with("wanted", death.pods),
        format!("{} pods", death.subject.label()),
        Some(case.now),
    );
    if let Some(peak) = peak(case, death) {
        let fact = Message::new("fact-memory-peak")
            .with("peak", Arg::Bytes(peak))
            .with("limit", Arg::Bytes(limit.unwrap_or(peak)));
        finding = finding.evidence(
            fact,
            "Prometheus container_memory_working_set_bytes, 24 h",
            Some(case.now),
        );
    }
    Some(finding)
}

/// A container that lives on: its runtime throws away what it is asked for want of memory.
pub(super) fn starved(
    case: &Facts<'_>,
    death: &Death<'_>,
    log: &LogRead,
    record: &Record,
) -> Option<Finding> {
    let line = record.lines().find(|line| OUT_OF_MEMORY.in_line(line))?;
    let limit = death.container.memory_limit();
    let summary = Message::new("cause-oom-killed-starved")
        .with("workload", &death.subject.name)
        .with("container", death.container.name())
        .with("known", if limit.is_some() { "yes" } else { "no" })
        .with("limit", limit.map_or(Arg::from("-"), Arg::Bytes));
    let finding = found(death, Cause::OomKilled, 0.92, summary).fix(fix(case, death, limit));
    Some(quoted(finding, log, line))
}

fn heap_line(log: &LogRead) -> Option<&str> {
    log.find(|line| OUT_OF_MEMORY.in_line(line))
        .map(|(_, line)| line.trim())
}

fn at(log: &LogRead, line: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    log.find(|candidate| candidate.trim() == line)?.0.at
}

fn summary(death: &Death<'_>, limit: Option<u64>) -> Message {
    let message = match limit {
        Some(limit) => Message::new("cause-oom-killed").with("limit", Arg::Bytes(limit)),
        None => Message::new("cause-oom-killed-no-limit"),
    };
    message
        .with("container", death.container.name())
        .with("workload", &death.subject.name)
        .with("restarts", death.container.restarts())
        .with("ready", death.ready)
        .with("wanted", death.pods)
}

fn exit_fact(death: &Death<'_>, limit: Option<u64>) -> Message {
    let fact = Message::new("fact-container-killed")
        .with("reason", &death.exit.reason)
        .with("code", death.exit.code)
        .with("restarts", death.container.restarts());
    let request = death.container.memory_request();
    fact.with("limit", limit.map_or(Arg::from("-"), Arg::Bytes))
        .with("request", request.map_or(Arg::from("-"), Arg::Bytes))
}

/// Highest working set of the last day over the workload's containers of that name, bytes.
fn peak(case: &Facts<'_>, death: &Death<'_>) -> Option<u64> {
    let of_container = case.readings.iter().filter(|reading| {
        reading.indicator == Indicator::MemoryPeak
            && Some(&reading.namespace) == death.subject.namespace.as_ref()
            && reading.workload == death.subject.name
            && reading.container.as_deref() == Some(death.container.name())
    });
    of_container
        .map(|reading| reading.now)
        .reduce(f64::max)
        .map(whole)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a byte count, checked to be positive"
)]
fn whole(value: f64) -> u64 {
    value.max(0.0) as u64
}

/// New limit: the peak of the last day × 1.5 where it is known and was not cut off by the limit, else
/// twice the limit; rounded up to 256Mi. A judgement, and said to be one.
fn fix(case: &Facts<'_>, death: &Death<'_>, limit: Option<u64>) -> Fix {
    let object = death.subject.clone();
    let field = "resources.limits.memory";
    let Some(limit) = limit else {
        return Fix::new(object, field, Message::new("why-memory-set-limit"));
    };
    let from_peak = peak(case, death)
        // A peak at the limit was cut off there: how much it wanted is not known.
        .filter(|peak| *peak < limit / 100 * 95)
        .map(|peak| peak / 2 * 3)
        .filter(|wanted| *wanted > limit);
    let step: u64 = 256 << 20;
    let new = from_peak.unwrap_or(limit * 2).div_ceil(step) * step;
    let why = if from_peak.is_some() {
        "why-memory-from-peak"
    } else {
        "why-memory-doubled"
    };
    let command = format!(
        "kubectl -n {} set resources {}/{} -c {} --limits=memory={}",
        death.subject.namespace.as_deref().unwrap_or_default(),
        death.subject.kind.as_str().to_ascii_lowercase(),
        death.subject.name,
        death.container.name(),
        show_bytes(new)
    );
    Fix::new(object, field, Message::new(why))
        .change(Some(show_bytes(limit)), Some(show_bytes(new)))
        .command(command)
}
