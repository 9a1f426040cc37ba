//! A container that is ready and fails at what it is asked: its log says, now and more than once or as its last
//! word, that the database refuses it or takes no writes, that a disk is full, that a certificate is not accepted.
//! Once is enough only where somebody complains and nothing was written since.

use chrono::TimeDelta;

use super::ailing::running;
use super::{Death, is_server, words};
use crate::finding::{Cause, Finding};
use crate::investigation::case::{
    Container, Facts, Level, LogRead, Record, Scope, Workload, containers,
};
use crate::investigation::judge::facts::{is_live, pod_name};

/// What is said must be of now.
const NOW: TimeDelta = TimeDelta::minutes(15);
/// What a line proves of a container that serves, as a share of what it proves of one that died.
const SERVES: f64 = 0.88;
/// Records looked at, newest first.
const LATEST: usize = 60;

/// One finding each workload and container.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for workload in case.workloads() {
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            for container in containers(pod) {
                let found = serving(case, workload, container);
                let new = found.filter(|one| {
                    let same =
                        |known: &Finding| known.cause == one.cause && known.subject == one.subject;
                    !findings.iter().any(same)
                });
                findings.extend(new);
            }
        }
    }
    findings
}

fn serving<'a>(
    case: &'a Facts<'a>,
    workload: &Workload<'a>,
    container: Container<'a>,
) -> Option<Finding> {
    let since = container.running_since()?;
    if container.init || !container.ready() || container.is_proxy() {
        return None;
    }
    let (namespace, pod) = (workload.namespace(), pod_name(container.pod));
    let log = case.log(namespace, pod, container.name(), false)?;
    let server = is_server(container.image());
    let death = running(workload, container, log, since);
    let latest = log.records.iter().rev().take(LATEST).enumerate();
    let all: Vec<(usize, Finding)> = latest
        .filter_map(|(age, record)| Some((age, told(case, &death, log, record, server)?)))
        .collect();
    let (age, mut found) = all.first().cloned()?;
    let again = all
        .iter()
        .filter(|(_, one)| one.cause == found.cause)
        .count()
        > 1;
    // Said once and gone on from is handled; said by nobody's complaint alone is not enough.
    let complained = !case.symptoms.is_empty() || !matches!(case.scope, Scope::Object(_));
    if !again && (age > 0 || !complained) {
        return None;
    }
    found.strength *= SERVES;
    Some(found)
}

/// What a record of now says that means the same whoever writes it.
fn told(
    case: &Facts<'_>,
    death: &Death<'_>,
    log: &LogRead,
    record: &Record,
    server: bool,
) -> Option<Finding> {
    if record.at.is_some_and(|at| case.now - at > NOW) {
        return None;
    }
    let found = words::of_record(case, death, log, record)?;
    let loud = record.level >= Level::Error || record.lines().any(is_exception);
    // A server repeats what its clients do wrong; of its own disk it says the truth, however quietly.
    let counts = match found.cause {
        Cause::DatabaseAuthFailed | Cause::DatabaseReadOnly => !server,
        Cause::DiskFull => true,
        Cause::TlsCertificateInvalid => loud && !server,
        _ => false,
    };
    counts.then_some(found)
}

/// Exceptions of drivers, written without a level: `psycopg2.errors.…`, `org.postgresql.util.PSQLException: …`.
fn is_exception(line: &str) -> bool {
    let name = line
        .trim_start()
        .split([':', ' '])
        .next()
        .unwrap_or_default();
    name.contains('.') && (name.ends_with("Error") || name.ends_with("Exception"))
}
