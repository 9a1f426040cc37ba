//! A start-up probe that gives a container up: it asks the wrong thing, or for a shorter time than the start
//! takes. While it is at its first attempt nothing is wrong yet.

use super::liveness::{GRACE, port_summary, run, startup, with_exit, with_ports};
use super::port::{Mismatch, mismatch, unknown_name};
use super::words::Complaint;
use super::{Failing, fix};
use crate::finding::{Cause, Finding};
use crate::investigation::case::{ExitView, Level, LogRead};
use crate::investigation::judge::container::patterns::UNREACHABLE;
use crate::investigation::judge::dependency::complaints;
use crate::investigation::judge::facts::quote;
use crate::text::{Arg, Message};

/// Failures in a row that are no coincidence, where the log says another port.
const SEVERAL: i32 = 3;

/// Judges one failing start-up probe.
pub(super) fn judge(failing: &Failing<'_>) -> Option<Finding> {
    let status = failing.container.status?;
    if status.started == Some(true) || failing.container.ready() {
        return None;
    }
    let exit = failing.killed();
    let found = match (wrong(failing, exit.is_some()), &exit) {
        (Some(wrong), _) => wrong,
        (None, Some(exit)) => too_short(failing, exit)?,
        (None, None) => return None,
    };
    let found = match &exit {
        Some(exit) => with_exit(failing, found, exit),
        None => found,
    };
    Some(failing.with_replicas(found))
}

/// What it asks is wrong: without a kill only where the log itself says so.
fn wrong(failing: &Failing<'_>, killed: bool) -> Option<Finding> {
    let cause = Cause::StartupProbeFailing;
    match (failing.complaint, failing.speaks()) {
        (_, Some(speaks)) if killed => {
            let summary = Message::new("cause-startup-probe-failing-protocol")
                .with("handler", failing.handler())
                .with("line", quote(failing.event.message));
            Some(
                failing
                    .finding(cause, 0.94, summary)
                    .fix(fix::protocol(failing, speaks)),
            )
        }
        (Complaint::NoSuchPort, _) => Some(port(failing, &unknown_name(failing))),
        (Complaint::Refused, _) => {
            let wrong = mismatch(failing)?;
            let sure = wrong.heard.is_some() && failing.event.count >= SEVERAL;
            (killed || sure).then(|| port(failing, &wrong))
        }
        (Complaint::Status(404), _) if killed => {
            let summary =
                Message::new("cause-startup-probe-failing-path").with("path", failing.path()?);
            Some(
                failing
                    .finding(cause, 0.94, summary)
                    .fix(fix::path(failing)),
            )
        }
        _ => None,
    }
}

fn port(failing: &Failing<'_>, mismatch: &Mismatch<'_>) -> Finding {
    let summary = port_summary(
        mismatch,
        "cause-startup-probe-failing-port-to",
        "cause-startup-probe-failing-port",
    );
    let finding = failing.finding(Cause::StartupProbeFailing, mismatch.strength, summary);
    with_ports(failing, finding, mismatch)
}

/// Killed just when its budget ends, without an error that would say why it does not come up.
#[expect(clippy::match_same_arms, reason = "a table")]
fn too_short(failing: &Failing<'_>, exit: &ExitView) -> Option<Finding> {
    let window = failing.window();
    let run = run(exit)?;
    let last = failing.logs().into_iter().next();
    let stuck = |log: &LogRead| log.find(|line| UNREACHABLE.in_line(line)).is_some();
    let waits = || {
        let all = complaints(failing.case, failing.workload);
        let name = failing.container.name();
        all.iter().any(|it| it.log.container == name)
    };
    if run > window + GRACE || run + GRACE < window || last.is_some_and(stuck) || waits() {
        return None;
    }
    let loud = last.is_some_and(|log| log.records.iter().any(|it| it.level >= Level::Error));
    let startup = startup(failing).filter(|seconds| *seconds > window);
    let summary = match startup {
        Some(seconds) => Message::new("cause-startup-probe-failing-budget-measured")
            .with("startup", Arg::Span(seconds)),
        None => Message::new("cause-startup-probe-failing-budget"),
    };
    let strength = match (startup.is_some(), loud) {
        (true, false) => 0.93,
        (true, true) => 0.8,
        (false, false) => 0.8,
        (false, true) => 0.5,
    };
    let fact = Message::new("fact-probe-window")
        .with("window", Arg::Span(window))
        .with("run", Arg::Span(run));
    let source = format!("{} spec.template", failing.workload.subject.label());
    let summary = summary.with("window", Arg::Span(window));
    let finding = failing
        .finding(Cause::StartupProbeFailing, strength, summary)
        .evidence(fact, source, exit.finished)
        .fix(fix::budget(failing, startup));
    Some(super::liveness::last_line(failing, finding))
}
