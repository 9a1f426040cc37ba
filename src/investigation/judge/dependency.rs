//! A workload that complains about something it calls: the dependency does not answer, or the
//! workload is told an address that nothing offers. The dependency's own trouble is judged where it
//! is; this finding blames it.

mod configured;
mod name;
mod place;
mod policy;
mod right;
mod server;
mod unnamed;
mod who;

use chrono::{DateTime, TimeDelta, Utc};

pub(super) use place::no_service;
pub(super) use right::near_service;
pub(super) use server::{Told, told_of};

pub(super) use who::answering;
use who::is_at_fault;

use super::container::is_server;
use super::container::patterns::{ATTEMPT, CONNECTION_LIMIT, NO_SUCH_HOST, UNREACHABLE};
use crate::finding::{Cause, Finding, Subject, Symptom};
use crate::investigation::case::{
    Address, Case, Facts, LogRead, Place, Record, Reference, Workload, addresses_in_text,
    containers, references, resolve,
};

/// A running container's complaint older than this is history; a dead container's last words never are.
const RECENT: TimeDelta = TimeDelta::minutes(30);
/// Complaints of several dependencies this near to each other are of one time.
const TOGETHER: TimeDelta = TimeDelta::minutes(2);
/// Dependencies that one container is heard about.
const MOST: usize = 3;
/// What a complaint proves that is not the newest: enough to look there.
const BESIDE: f64 = 0.5;
/// What a broken call explains.
const BROKEN: [Symptom; 7] = [
    Symptom::Errors,
    Symptom::Unavailable,
    Symptom::MissingData,
    Symptom::Slow,
    Symptom::Restarting,
    Symptom::NotReady,
    Symptom::DeployFailed,
];

/// One complaint in a log.
pub(super) struct Complaint<'a> {
    pub(super) workload: &'a Workload<'a>,
    pub(super) subject: Subject,
    pub(super) log: &'a LogRead,
    pub(super) line: &'a str,
    /// All that was said with it: a stack trace may name what the line does not.
    pub(super) record: &'a Record,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) ready: usize,
}

/// Judges every workload's newest complaint, and addresses that cannot work even where no log was read.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut findings = Vec::new();
    for workload in all {
        let complaints = complaints(case, workload);
        let before = findings.len();
        for (at, complaint) in complaints.iter().enumerate() {
            let beside = at > 0 && std::ptr::eq(complaint.log, complaints[at - 1].log);
            let found = judge_complaint(case, complaint).map(|mut found| {
                if beside && found.cause == Cause::DependencyUnreachable {
                    found.strength = found.strength.min(BESIDE);
                }
                found
            });
            findings.extend(found);
        }
        // A complaint that leads nowhere may be about an address that cannot work.
        if findings.len() == before
            && (workload.ready() < workload.wanted() || !case.symptoms.is_empty())
        {
            findings.extend(configured::judge(case, workload));
        }
    }
    findings
}

/// The Services, with their namespaces, that complaints mean (`redis.cache`, `db.data.svc`), where the namespace is not
/// known yet: names that do not resolve, and names behind which nobody answers. Of the latter only what may be a
/// Service's: the host of a namespace that surely does not exist is outside.
pub(in crate::investigation) fn foreign_services(case: &Case) -> Vec<(String, String)> {
    let facts = Facts::of(case);
    let all = facts.workloads().iter();
    let mut found: Vec<(String, String)> = Vec::new();
    for complaint in all.flat_map(|workload| complaints(&facts, workload)) {
        let unresolved = NO_SUCH_HOST.in_line(complaint.line);
        for address in meant_addresses(&facts, &complaint) {
            let parts: Vec<&str> = address.host.trim_end_matches('.').split('.').collect();
            let ([name, of] | [name, of, "svc", ..]) = parts.as_slice() else {
                continue;
            };
            let outside = !unresolved && case.namespaces.look("", of).is_absent();
            if !outside && !case.services.knows(of) && !found.iter().any(|(_, known)| known == of) {
                found.push(((*name).to_owned(), (*of).to_owned()));
            }
        }
    }
    found
}

/// The addresses in a complaint, and those that its workload is told with the same port: a log may show only an IP.
fn meant_addresses(case: &Facts<'_>, complaint: &Complaint<'_>) -> Vec<Address> {
    let mut all = addresses_in_text(complaint.line);
    let ports: Vec<u16> = all.iter().filter_map(|it| it.port).collect();
    let told = references(case, complaint.workload).into_iter();
    let same = told.map(|(reference, _)| reference.address);
    all.extend(same.filter(|it| it.port.is_some_and(|port| ports.contains(&port))));
    all
}

/// The newest complaint of each container of a workload, and what it says of others at the same time.
pub(super) fn complaints<'a>(
    case: &'a Facts<'a>,
    workload: &'a Workload<'a>,
) -> Vec<Complaint<'a>> {
    let mut all: Vec<Complaint<'a>> = Vec::new();
    for pod in &workload.pods {
        for container in containers(pod) {
            if container.is_proxy() && !is_at_fault(&container) {
                continue;
            }
            let name = pod.metadata.name.as_deref().unwrap_or_default();
            let Some(log) = case.last_words(workload.namespace(), name, container.name()) else {
                continue;
            };
            if all.iter().any(|known| known.log.container == log.container) {
                continue;
            }
            let limit =
                |line: &str| CONNECTION_LIMIT.in_line(line) && !is_server(container.image());
            let said = |line: &str| UNREACHABLE.in_line(line) || limit(line);
            // What the run before ended with is over where this one has been well for long.
            if log.previous && container.has_settled(case.now) {
                continue;
            }
            let dead = log.previous || container.running_since().is_none();
            for (record, line) in each(log, said) {
                if !dead && record.at.is_some_and(|at| case.now - at > RECENT) {
                    continue;
                }
                if !dead && container.ready() && is_mended(log, record, line) {
                    continue;
                }
                let subject = workload.subject.clone().container(container.name());
                all.push(Complaint {
                    workload,
                    subject,
                    log,
                    line,
                    record,
                    at: record.at,
                    ready: workload.ready(),
                });
            }
        }
    }
    all
}

/// The newest record that complains, and those shortly before it that complain of another address.
fn each(log: &LogRead, said: impl Fn(&str) -> bool) -> Vec<(&Record, &str)> {
    let mut found: Vec<(&Record, &str)> = Vec::new();
    let mut hosts: Vec<Address> = Vec::new();
    for record in log.records.iter().rev() {
        let Some(line) = record.lines().find(|line| said(line)) else {
            continue;
        };
        let first = addresses_in_text(line).into_iter().next();
        let Some((newest, _)) = found.first() else {
            hosts.extend(first);
            found.push((record, line));
            continue;
        };
        let near = newest
            .at
            .zip(record.at)
            .is_some_and(|(newest, at)| newest - at <= TOGETHER);
        match first {
            Some(address) if near && found.len() < MOST && !hosts.contains(&address) => {
                hosts.push(address);
                found.push((record, line));
            }
            _ => {}
        }
    }
    found
}

fn judge_complaint(case: &Facts<'_>, complaint: &Complaint<'_>) -> Option<Finding> {
    let said = addresses_in_text(complaint.line);
    let told = references(case, complaint.workload);
    let named = named(case, complaint, &told, said);
    let reference = match &named {
        Some(address) => told
            .iter()
            .find(|(known, _)| known.address.host == address.host)
            .map(|(reference, _)| reference.clone()),
        None => spelled(&told, complaint)
            .or_else(|| meant_by(&told, complaint))
            .map(|(reference, _)| reference.clone()),
    };
    let address = named.or_else(|| {
        reference
            .as_ref()
            .map(|reference| reference.address.clone())
    });
    let Some(mut address) = address else {
        return unnamed::nowhere(case, complaint);
    };
    if address.port.is_none() {
        // A name that is looked up has no port; the variable that holds it may.
        address.port = reference.as_ref().and_then(|it| it.address.port);
    }
    if is_own(&address) {
        return unnamed::own_address(case, complaint, &address);
    }
    let place = resolve(case, complaint.workload.namespace(), &address);
    if CONNECTION_LIMIT.in_line(complaint.line) {
        return Some(server::server_full(case, complaint, &place, &address));
    }
    Some(place::judge(
        case,
        complaint,
        reference.as_ref(),
        &address,
        &place,
    ))
}

/// Whether a later line speaks of the same host without complaint: the retry worked.
fn is_mended(log: &LogRead, complaint: &Record, line: &str) -> bool {
    let hosts: Vec<String> = addresses_in_text(line)
        .into_iter()
        .map(|it| it.host)
        .collect();
    let later = log
        .records
        .iter()
        .rev()
        .take_while(|record| !std::ptr::eq(*record, complaint));
    let mut later = later.filter(|record| {
        let fails = record.lines().any(|line| UNREACHABLE.in_line(line));
        !fails && !ATTEMPT.in_line(&record.text)
    });
    later.any(|record| hosts.iter().any(|host| record.text.contains(host.as_str())))
}

/// The address a line is about: one that is a name or leads to a Service, before a bare address of the cluster's
/// network. Such an address, where no Service has it (any more), is the one reference to that port.
fn named(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    told: &[(Reference, Place<'_>)],
    said: Vec<Address>,
) -> Option<Address> {
    let namespace = complaint.workload.namespace();
    let bare = |address: &Address| {
        let ip = address.host.parse::<std::net::Ipv4Addr>();
        ip.is_ok_and(|ip| ip.is_private())
            && !matches!(resolve(case, namespace, address), Place::Service(_))
    };
    let mut all = said;
    all.retain(|address| {
        !is_dns_server(complaint.line, address) && !is_documentation(&address.host)
    });
    let speaking = all.iter().find(|address| !bare(address)).cloned();
    speaking.or_else(|| {
        let first = all.into_iter().next()?;
        let same: Vec<_> = told
            .iter()
            .filter(|(reference, place)| match reference.address.port {
                // `DB_HOST` alone means the port of its driver, which is the one its Service offers.
                None => matches!(place, Place::Service(it) if right::offers(it, first.port)),
                port => port == first.port,
            })
            .collect();
        // Several on that port: the one that the line calls by its name.
        let words = || {
            let part = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
            complaint.line.split(part)
        };
        let said: Vec<_> = same
            .iter()
            .filter(|(reference, _)| {
                let mut hosts = reference.address.host.split('.');
                hosts
                    .next()
                    .is_some_and(|name| words().any(|word| word == name))
            })
            .collect();
        let only = match (same.as_slice(), said.as_slice()) {
            ([only], _) => Some(*only),
            (_, [only]) => Some(**only),
            _ => None,
        };
        only.map(|(reference, _)| reference.address.clone())
            .or(Some(first))
    })
}

/// Where libraries explain their errors: nobody calls that.
fn is_documentation(host: &str) -> bool {
    const PAGES: [&str; 8] = [
        "curl.haxx.se",
        "curl.se",
        "nodejs.org",
        "docs.python.org",
        "docs.oracle.com",
        "go.dev",
        "learn.microsoft.com",
        "docs.microsoft.com",
    ];
    let host = host.strip_prefix("www.").unwrap_or(host);
    PAGES.contains(&host) || host.starts_with("docs.")
}

/// In `lookup db on 10.96.0.10:53: no such host` the second address is the DNS server's.
fn is_dns_server(line: &str, address: &Address) -> bool {
    address.port == Some(53) && NO_SUCH_HOST.in_line(line)
}

fn is_own(address: &Address) -> bool {
    matches!(address.host.as_str(), "localhost" | "127.0.0.1" | "0.0.0.0")
}

/// The reference that a complaint without an address means: by its line, else by the drivers in its stack trace.
fn meant_by<'a>(
    told: &'a [(Reference, Place<'a>)],
    complaint: &Complaint<'_>,
) -> Option<&'a (Reference, Place<'a>)> {
    let in_trace = || {
        let mut calls = complaint.record.trace.iter();
        calls.find_map(|call| by_word(told, call))
    };
    meant(told, complaint.line).or_else(in_trace)
}

/// The reference a line without an address means: by the words of its variable (`database` → `DB_HOST`); else the only
/// one there is.
fn meant<'a>(told: &'a [(Reference, Place<'a>)], line: &str) -> Option<&'a (Reference, Place<'a>)> {
    by_word(told, line).or(if told.len() == 1 { told.first() } else { None })
}

/// The reference whose variable has a word for what the line speaks of.
fn by_word<'a>(
    told: &'a [(Reference, Place<'a>)],
    line: &str,
) -> Option<&'a (Reference, Place<'a>)> {
    const WORDS: [(&str, &[&str]); 9] = [
        (
            "database",
            &[
                "DB", "DATABASE", "POSTGRES", "PG", "MYSQL", "MONGO", "SQL", "JDBC",
            ],
        ),
        ("postgres", &["DB", "DATABASE", "POSTGRES", "PG"]),
        ("mysql", &["DB", "DATABASE", "MYSQL"]),
        ("redis", &["REDIS", "CACHE"]),
        ("kafka", &["KAFKA", "BROKER"]),
        ("rabbit", &["RABBIT", "AMQP", "RABBITMQ"]),
        ("amqp", &["RABBIT", "AMQP", "RABBITMQ"]),
        ("s3", &["S3", "MINIO"]),
        ("elastic", &["ELASTIC", "ELASTICSEARCH", "OPENSEARCH", "ES"]),
    ];
    let line = line.to_ascii_lowercase();
    let mut spoken = WORDS.iter().filter(|(word, _)| line.contains(word));
    spoken.find_map(|(_, names)| {
        told.iter().find(|(reference, _)| {
            let mut parts = reference.variable.split('_');
            parts.any(|part| names.contains(&part))
        })
    })
}

/// The reference whose variable a stack trace names: `settings.FLEET_URL`.
fn spelled<'a>(
    told: &'a [(Reference, Place<'a>)],
    complaint: &Complaint<'_>,
) -> Option<&'a (Reference, Place<'a>)> {
    let part = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let has = |line: &str, name: &str| name.contains('_') && line.split(part).any(|it| it == name);
    told.iter().find(|(reference, _)| {
        let mut lines = complaint.record.lines();
        lines.any(|line| has(line, &reference.variable))
    })
}
