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
pub(super) use server::database_of;

pub(super) use who::answering;
use who::is_at_fault;

use super::container::is_server;
use super::container::patterns::{CONNECTION_LIMIT, NO_SUCH_HOST, UNREACHABLE};
use crate::finding::{Finding, Subject, Symptom};
use crate::investigation::case::{
    Address, Case, Facts, LogRead, Place, Record, Reference, Workload, addresses_in_text,
    containers, references, resolve,
};

/// A running container's complaint older than this is history; a dead container's last words never are.
const RECENT: TimeDelta = TimeDelta::minutes(30);
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
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) ready: usize,
}

/// Judges every workload's newest complaint, and addresses that cannot work even where no log was read.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut findings = Vec::new();
    for workload in all {
        let complaints = complaints(case, workload);
        for complaint in &complaints {
            findings.extend(judge_complaint(case, complaint));
        }
        if complaints.is_empty()
            && (workload.ready() < workload.wanted() || !case.symptoms.is_empty())
        {
            findings.extend(configured::judge(case, workload));
        }
    }
    findings
}

/// The namespaces that names which do not resolve are of (`redis.cache`, `db.data.svc`), where they are not known yet.
pub(in crate::investigation) fn foreign_namespaces(case: &Case) -> Vec<String> {
    let facts = Facts::of(case);
    let unresolved = facts
        .workloads()
        .iter()
        .flat_map(|workload| complaints(&facts, workload))
        .filter(|complaint| NO_SUCH_HOST.in_line(complaint.line));
    let mut found: Vec<String> = Vec::new();
    for complaint in unresolved {
        for address in addresses_in_text(complaint.line) {
            let parts: Vec<&str> = address.host.trim_end_matches('.').split('.').collect();
            let ([_, of] | [_, of, "svc", ..]) = parts.as_slice() else {
                continue;
            };
            if !case.services.knows(of) && !found.iter().any(|known| known == of) {
                found.push((*of).to_owned());
            }
        }
    }
    found
}

/// The newest complaint of each container of a workload.
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
            let Some((record, line)) = log.find(|line| UNREACHABLE.in_line(line) || limit(line))
            else {
                continue;
            };
            let dead = log.previous || container.running_since().is_none();
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
                at: record.at,
                ready: workload.ready(),
            });
        }
    }
    all
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
        None => meant(&told, complaint.line).map(|(reference, _)| reference.clone()),
    };
    let address = named.or_else(|| {
        reference
            .as_ref()
            .map(|reference| reference.address.clone())
    });
    let Some(address) = address else {
        return unnamed::nowhere(case, complaint);
    };
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
    let mut later = later.filter(|record| !record.lines().any(|line| UNREACHABLE.in_line(line)));
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
            .filter(|(reference, _)| reference.address.port == first.port)
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

/// The reference a line without an address means: by the words of its variable (`database` → `DB_HOST`).
fn meant<'a>(told: &'a [(Reference, Place<'a>)], line: &str) -> Option<&'a (Reference, Place<'a>)> {
    const WORDS: [(&str, &[&str]); 6] = [
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
        ("rabbit", &["RABBIT", "AMQP"]),
    ];
    let line = line.to_ascii_lowercase();
    let by_word = WORDS
        .iter()
        .filter(|(word, _)| line.contains(word))
        .find_map(|(_, names)| {
            told.iter().find(|(reference, _)| {
                reference
                    .variable
                    .split('_')
                    .any(|part| names.contains(&part))
            })
        });
    by_word.or(if told.len() == 1 { told.first() } else { None })
}
