//! A container that runs, never gets ready, and says in its log why: it goes on trying where another
//! would end.

use chrono::{DateTime, TimeDelta, Utc};

use super::crash::missing_env;
use super::{Death, recent_exit, words};
use crate::finding::{Cause, Finding};
use crate::investigation::case::{
    Container, ExitView, Facts, Level, LogRead, Workload, containers,
};
use crate::investigation::judge::facts::{is_live, pod_name};

/// A start may be loud for so long.
const STARTING: TimeDelta = TimeDelta::seconds(60);
/// What it says must be of now.
const NOW: TimeDelta = TimeDelta::minutes(10);

/// One finding each workload and container.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for workload in case.workloads() {
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            for container in containers(pod) {
                let subject = workload.subject.clone().container(container.name());
                if findings.iter().any(|known| known.subject == subject) {
                    continue;
                }
                findings.extend(unready(case, workload, container));
            }
        }
    }
    findings
}

fn unready<'a>(
    case: &'a Facts<'a>,
    workload: &Workload<'a>,
    container: Container<'a>,
) -> Option<Finding> {
    let since = container.running_since()?;
    let starting = case.now - since < STARTING;
    if container.init || container.ready() || starting || recent_exit(case, &container).is_some() {
        return None;
    }
    let log = case.log(
        workload.namespace(),
        pod_name(container.pod),
        container.name(),
        false,
    )?;
    let reason = log.reason()?;
    let old = reason.at.is_some_and(|at| case.now - at > NOW);
    if old || reason.level < Level::Error {
        return None;
    }
    let death = running(workload, container, log, since);
    missing_env(&death)
        .or_else(|| words::by_log(case, &death))
        // A port it could not get on one line, and goes on without, is no reason.
        .filter(|finding| finding.cause != Cause::PortConflict)
}

/// A container that runs, as the judges of deaths see it.
pub(super) fn running<'a>(
    workload: &Workload<'a>,
    container: Container<'a>,
    log: &'a LogRead,
    since: DateTime<Utc>,
) -> Death<'a> {
    let alike = workload.pods.iter().flat_map(|pod| containers(pod));
    let like =
        |it: &Container<'_>| it.name() == container.name() && it.ready() == container.ready();
    Death {
        subject: workload.subject.clone().container(container.name()),
        pods: workload.wanted().max(workload.pods.len()),
        ready: workload.ready(),
        exit: ExitView {
            code: 0,
            reason: String::new(),
            message: String::new(),
            started: Some(since),
            finished: None,
        },
        log: Some(log),
        affected: alike.filter(like).count(),
        runs: true,
        serves: container.ready(),
        container,
    }
}
