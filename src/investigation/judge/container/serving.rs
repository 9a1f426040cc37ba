//! A container that is ready and fails at what it is asked: its log says, now and more than once or as its last
//! word, that the database refuses it or takes no writes, that a disk is full, that a certificate is not accepted,
//! that its memory, its pool or a variable lacks. Once is enough only where somebody complains, or a server speaks of
//! its own disk, and nothing went well since.

use chrono::TimeDelta;

use super::ailing::running;
use super::crash::variable_missing;
use super::{Death, is_server, memory, recent_exit, words};
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
    let died = recent_exit(case, &container).is_some();
    if container.init || !container.ready() || container.is_proxy() {
        return None;
    }
    let (namespace, pod) = (workload.namespace(), pod_name(container.pod));
    let log = case.log(namespace, pod, container.name(), false)?;
    let server = is_server(container.image());
    let death = running(workload, container, log, since);
    let mut went_on = 0;
    let mut all: Vec<(usize, Finding)> = Vec::new();
    for record in log.records.iter().rev().take(LATEST) {
        match told(case, &death, log, record, server) {
            Some(mut found) => {
                // It began to fail long after it began to run.
                found.since = record.at.or(found.since);
                all.push((went_on, found));
            }
            // What fails after it is no sign that it was handled.
            None if record.level >= Level::Warning => {}
            // Neither is that it takes no writes since.
            None if is_trouble(case, &death, log, record) => {}
            None => went_on += 1,
        }
    }
    let (age, mut found) = all.first().cloned()?;
    let alike = || all.iter().filter(|(_, one)| one.cause == found.cause);
    let again = alike().count() > 1;
    let first = alike().filter_map(|(_, one)| one.since).min();
    // Said once and gone on from is handled; said by nobody's complaint alone is not enough.
    let complained = !case.symptoms.is_empty() || !matches!(case.scope, Scope::Object(_));
    let own_disk = server && found.cause == Cause::DiskFull;
    let complained = complained || own_disk;
    // What it died of is told by its end.
    let told_twice = died && found.cause == Cause::OomKilled;
    if told_twice || (!again && (age > 0 || !complained)) {
        return None;
    }
    found.since = first;
    found.strength *= SERVES;
    Some(found)
}

/// Whether a record tells of trouble, be it one that does not count here.
fn is_trouble(case: &Facts<'_>, death: &Death<'_>, log: &LogRead, record: &Record) -> bool {
    words::of_record(case, death, log, record).is_some()
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
    let loud = record.level >= Level::Error || record.lines().any(is_exception);
    let of_itself = || {
        let starved = memory::starved(case, death, log, record);
        starved.or_else(|| variable_missing(death, log, record))
    };
    let own = (loud && !server).then(of_itself).flatten();
    let found = own.or_else(|| words::of_record(case, death, log, record))?;
    // A server repeats what its clients do wrong; of its own disk it says the truth, however quietly.
    let counts = match found.cause {
        Cause::DatabaseAuthFailed | Cause::DatabaseReadOnly => !server,
        Cause::DiskFull | Cause::OomKilled | Cause::CrashMissingEnv => true,
        Cause::TlsCertificateInvalid
        | Cause::PermissionDenied
        | Cause::VolumePermissionDenied
        | Cause::ConnectionLimitReached => loud && !server,
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
