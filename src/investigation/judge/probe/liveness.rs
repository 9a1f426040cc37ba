//! A liveness probe that kills a container which would serve if it were left alone. Without a kill
//! there is no cause here: a probe that fails once and then succeeds did no harm.

use super::listen::{ports_heard, started_in};
use super::port::{Mismatch, mismatch, unknown_name};
use super::words::Complaint;
use super::{Failing, fix};
use crate::finding::{Cause, Finding};
use crate::investigation::case::{ExitView, Level, containers};
use crate::investigation::judge::container::patterns::STILL_STARTING;
use crate::investigation::judge::facts::pod_name;
use crate::text::{Arg, Message};

/// Time between the decision to kill and the end: the grace period and some slack.
pub(super) const GRACE: i64 = 45;

/// Judges one failing liveness probe.
pub(super) fn judge(failing: &Failing<'_>) -> Option<Finding> {
    let exit = failing.killed()?;
    let found = match (failing.complaint, failing.speaks()) {
        (_, Some(speaks)) => {
            let summary = Message::new("cause-liveness-probe-wrong-protocol")
                .with("handler", failing.handler())
                .with("line", super::quote(failing.event.message));
            failing
                .finding(Cause::LivenessProbeWrongProtocol, 0.95, summary)
                .fix(fix::protocol(failing, speaks))
        }
        (Complaint::NoSuchPort, _) => wrong_port(failing, &unknown_name(failing)),
        (Complaint::Refused, _) => match mismatch(failing) {
            Some(mismatch) => wrong_port(failing, &mismatch),
            None => too_early(failing, &exit)?,
        },
        (Complaint::Status(404), _) => {
            let path = failing.path()?;
            let summary = Message::new("cause-liveness-probe-wrong-path").with("path", path);
            failing
                .finding(Cause::LivenessProbeWrongPath, 0.94, summary)
                .fix(fix::path(failing))
        }
        (Complaint::NoAnswer, _) if has_started(failing, &exit) => too_strict(failing),
        // A command that fails without a word says nothing of a server that had come up.
        (Complaint::Silent, _) if has_started(failing, &exit) => return None,
        (Complaint::NoAnswer | Complaint::Silent | Complaint::Status(500..), _) => {
            too_early(failing, &exit)?
        }
        _ => return None,
    };
    Some(failing.with_replicas(with_exit(failing, found, &exit)))
}

/// The exit as the kubelet's doing, and the log that shows no fault of the application's own.
pub(super) fn with_exit(failing: &Failing<'_>, finding: Finding, exit: &ExitView) -> Finding {
    let pod = pod_name(failing.container.pod);
    let fact = Message::new("fact-container-killed-by-probe")
        .with("code", exit.code)
        .with("restarts", failing.container.restarts());
    let source = format!(
        "pod {pod} status.containerStatuses[{}].lastState",
        failing.container.name()
    );
    finding.evidence(fact, source, exit.finished)
}

fn wrong_port(failing: &Failing<'_>, mismatch: &Mismatch<'_>) -> Finding {
    let summary = port_summary(
        mismatch,
        "cause-liveness-probe-wrong-port-to",
        "cause-liveness-probe-wrong-port",
    );
    let finding = failing.finding(Cause::LivenessProbeWrongPort, mismatch.strength, summary);
    with_ports(failing, finding, mismatch)
}

/// The first sentence says the right port, the second one is for when it is not known.
pub(super) fn port_summary(
    mismatch: &Mismatch<'_>,
    known: &'static str,
    unknown: &'static str,
) -> Message {
    match mismatch.actual {
        Some(actual) => Message::new(known)
            .with("asked", &mismatch.asked)
            .with("actual", actual.to_string()),
        None => Message::new(unknown).with("asked", &mismatch.asked),
    }
}

/// The log line and the declared ports that prove the mismatch, and the fix.
pub(super) fn with_ports(
    failing: &Failing<'_>,
    mut finding: Finding,
    mismatch: &Mismatch<'_>,
) -> Finding {
    if let Some(heard) = &mismatch.heard {
        finding = finding.evidence(
            Message::new("fact-log-says").with("line", heard.record.text.trim()),
            log_source(heard.log),
            heard.record.at,
        );
    }
    let ports: Vec<String> = mismatch.declared.iter().map(u16::to_string).collect();
    let source = format!("{} spec.template", failing.workload.subject.label());
    let fact = Message::new("fact-container-ports")
        .with("ports", ports)
        .with("asked", &mismatch.asked);
    finding
        .evidence(fact, source, None)
        .fix(fix::port(failing, mismatch))
}

/// `pod NAME container CONTAINER log (previous)`.
pub(super) fn log_source(log: &crate::investigation::case::LogRead) -> String {
    let run = if log.previous { "previous log" } else { "log" };
    format!("pod {} container {} {run}", log.pod, log.container)
}

/// Whether the application had come up in the run that was killed: it says so, or it lived far
/// longer than a container that never answers would.
fn has_started(failing: &Failing<'_>, exit: &ExitView) -> bool {
    let logs = failing.logs();
    let last = logs.first().and_then(|log| log.records.last());
    if last.is_some_and(|record| STILL_STARTING.in_line(&record.text)) {
        return false;
    }
    let says = logs
        .first()
        .is_some_and(|log| started_in(log).is_some() || !ports_heard(log).is_empty());
    let Some(run) = run(exit) else { return says };
    says || run > failing.window() + GRACE
}

/// How long the killed run lasted, in seconds.
pub(super) fn run(exit: &ExitView) -> Option<i64> {
    Some((exit.finished? - exit.started?).num_seconds())
}

/// Killed each time just when the probe's patience ends, and never Ready before: it was starting.
fn too_early(failing: &Failing<'_>, exit: &ExitView) -> Option<Finding> {
    let run = run(exit)?;
    let window = failing.window();
    let in_window = run <= window + GRACE;
    let ready_before = failing.container.ready();
    // A start-up probe would have held the liveness probe back until the start was over.
    if !in_window || ready_before || failing.container.spec.startup_probe.is_some() {
        return None;
    }
    let dies_alone = failing.logs().first().is_some_and(|log| {
        log.records
            .iter()
            .any(|record| record.level == Level::Fatal)
    });
    if dies_alone {
        return None;
    }
    let startup = startup(failing).filter(|seconds| *seconds > window / 2);
    let answers_badly = matches!(failing.complaint, Complaint::Status(_));
    if answers_badly && startup.is_none_or(|seconds| seconds < window) {
        return None;
    }
    let summary = match startup {
        Some(seconds) => Message::new("cause-liveness-probe-too-early-measured")
            .with("startup", Arg::Span(seconds)),
        None => Message::new("cause-liveness-probe-too-early"),
    }
    .with("window", Arg::Span(window));
    let strength = if startup.is_some() { 0.93 } else { 0.78 };
    let fact = Message::new("fact-probe-window")
        .with("window", Arg::Span(window))
        .with("run", Arg::Span(run));
    let source = format!("{} spec.template", failing.workload.subject.label());
    let finding = failing
        .finding(Cause::LivenessProbeTooEarly, strength, summary)
        .evidence(fact, source, exit.finished)
        .fix(fix::delay(failing, startup));
    Some(last_line(failing, finding))
}

/// The last line of the killed run: how far the start had come.
pub(super) fn last_line(failing: &Failing<'_>, finding: Finding) -> Finding {
    let logs = failing.logs();
    let Some((log, record)) = logs
        .first()
        .and_then(|log| Some((log, log.records.last()?)))
    else {
        return finding;
    };
    let fact = Message::new("fact-log-last-line").with("line", record.text.trim());
    finding.evidence(fact, log_source(log), record.at)
}

/// How long a start takes, in seconds: as the log says, else as a pod of the workload needed to
/// become Ready.
pub(super) fn startup(failing: &Failing<'_>) -> Option<i64> {
    let said = failing.logs().into_iter().find_map(started_in);
    #[expect(clippy::cast_possible_truncation, reason = "seconds of a start")]
    let said = said.map(|seconds| seconds.ceil() as i64);
    said.or_else(|| {
        let mut siblings = failing.workload.pods.iter().flat_map(|pod| containers(pod));
        siblings.find_map(|sibling| {
            let of_same_name = sibling.name() == failing.container.name();
            let began = sibling
                .running_since()
                .filter(|_| of_same_name && sibling.ready())?;
            let status = sibling.pod.status.as_ref()?;
            let conditions = status.conditions.as_ref()?;
            let ready = conditions
                .iter()
                .find(|condition| condition.type_ == "Ready")?;
            let at = crate::investigation::case::utc(ready.last_transition_time.as_ref()?);
            Some((at - began).num_seconds()).filter(|seconds| *seconds > 0)
        })
    })
}

/// It serves, and answers slower than the probe waits.
fn too_strict(failing: &Failing<'_>) -> Finding {
    let timeout = failing.probe.timeout_seconds.unwrap_or(1).max(1);
    let failures = failing.probe.failure_threshold.unwrap_or(3).max(1);
    let args = |message: Message| {
        message
            .with("timeout", Arg::Span(i64::from(timeout)))
            .with("failures", failures)
    };
    let summary = args(Message::new("cause-liveness-probe-too-strict"));
    let finding = failing.finding(Cause::LivenessProbeTooStrict, 0.86, summary);
    let source = format!("{} spec.template", failing.workload.subject.label());
    let fact = args(Message::new("fact-probe-patience"));
    let finding = finding
        .evidence(fact, source, None)
        .fix(fix::timeout(failing));
    last_line(failing, finding)
}
