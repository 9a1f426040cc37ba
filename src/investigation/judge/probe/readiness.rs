//! A readiness probe that asks the wrong thing, or an application that says it is not ready. Only
//! for containers that run and are not Ready now; a container that dies has another cause.

use super::liveness::{log_source, port_summary, with_ports};
use super::port::{Mismatch, mismatch, unknown_name};
use super::words::Complaint;
use super::{Failing, fix};
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::Level;
use crate::investigation::judge::facts::{is_recent, quote};
use crate::text::Message;

/// Seconds that an application may take to start, whatever its probe allows: a readiness probe that fails meanwhile
/// is what it is there for.
const STARTING: i64 = 90;

/// Judges one failing readiness probe.
pub(super) fn judge(failing: &Failing<'_>) -> Option<Finding> {
    let since = failing.container.running_since()?;
    if failing.container.ready() {
        return None;
    }
    let died = died_recently(failing);
    // Died by itself: the probe only notices.
    if died && failing.killed().is_none() {
        return None;
    }
    let wrong = match (failing.complaint, failing.speaks()) {
        (_, Some(speaks)) => {
            let summary = Message::new("cause-readiness-probe-wrong-protocol")
                .with("handler", failing.handler())
                .with("line", quote(failing.event.message));
            let cause = Cause::ReadinessProbeWrongProtocol;
            Some(
                failing
                    .finding(cause, 0.94, summary)
                    .fix(fix::protocol(failing, speaks)),
            )
        }
        (Complaint::NoSuchPort, _) => Some(wrong_port(failing, &unknown_name(failing))),
        (Complaint::Refused, _) => mismatch(failing).map(|it| wrong_port(failing, &it)),
        (Complaint::Status(404), _) => failing.path().map(|path| {
            let summary = Message::new("cause-readiness-probe-wrong-path").with("path", path);
            let cause = Cause::ReadinessProbeWrongPath;
            failing
                .finding(cause, 0.93, summary)
                .fix(fix::path(failing))
        }),
        _ => None,
    };
    let running = (failing.case.now - since).num_seconds();
    let starting = running <= failing.window().max(STARTING)
        || failing.container.status?.started == Some(false);
    let found = match wrong {
        Some(wrong) => wrong,
        None if died || starting => return None,
        None => not_ready(failing),
    };
    Some(failing.with_replicas(found))
}

fn died_recently(failing: &Failing<'_>) -> bool {
    let exit = failing.container.last_exit();
    exit.is_some_and(|exit| is_recent(failing.case, exit.finished))
}

fn wrong_port(failing: &Failing<'_>, mismatch: &Mismatch<'_>) -> Finding {
    let summary = port_summary(
        mismatch,
        "cause-readiness-probe-wrong-port-to",
        "cause-readiness-probe-wrong-port",
    );
    let strength = mismatch.strength - 0.01;
    let finding = failing.finding(Cause::ReadinessProbeWrongPort, strength, summary);
    with_ports(failing, finding, mismatch)
}

/// The probe asks the right thing, and the answer is no (or does not come).
fn not_ready(failing: &Failing<'_>) -> Finding {
    let summary = match failing.complaint {
        Complaint::Status(code) => Message::new("cause-readiness-probe-failing-status")
            .with("code", i32::from(code))
            .with("path", failing.path().unwrap_or_default()),
        Complaint::NoAnswer => Message::new("cause-readiness-probe-failing-no-answer"),
        Complaint::Refused => Message::new("cause-readiness-probe-failing-refused"),
        _ => Message::new("cause-readiness-probe-failing"),
    };
    let mut finding = failing.finding(Cause::ReadinessProbeFailing, 0.72, summary);
    let logs = failing.logs();
    let loud = logs.iter().rev().find_map(|log| {
        let loud = |record: &&crate::investigation::case::Record| record.level >= Level::Error;
        Some((log, log.records.iter().rev().find(loud)?))
    });
    if let Some((log, record)) = loud {
        finding = finding.evidence(
            Message::new("fact-log-says").with("line", record.why()),
            log_source(log),
            record.at,
        );
    }
    let fix = Fix::new(failing.subject(), "", Message::new("why-readiness-failing"));
    finding.fix(fix)
}
