//! A workload that complains about something it calls: the dependency does not answer, or the
//! workload is told an address that nothing offers. The dependency's own trouble is judged where it
//! is; this finding blames it.

mod right;
mod who;

use chrono::{DateTime, TimeDelta, Utc};

use right::{address_fix, near_service, show, with_port, wrong_port};

pub(super) use who::answering;
use who::is_at_fault;

use super::container::patterns::{CONNECTION_LIMIT, CONNECTION_NUMBER, NO_SUCH_HOST, UNREACHABLE};
use super::container::{is_server, setting};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{
    Address, Case, LogRead, Place, Reference, Workload, addresses_in_text, containers, references,
    resolve, service_subject, workloads, workloads_behind,
};
use crate::text::Message;

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
struct Complaint<'a> {
    workload: &'a Workload<'a>,
    subject: Subject,
    log: &'a LogRead,
    line: &'a str,
    at: Option<DateTime<Utc>>,
    ready: usize,
}

/// Judges every workload's newest complaint, and addresses that cannot work even where no log was read.
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    let all = workloads(case);
    let mut findings = Vec::new();
    for workload in &all {
        let complaints = complaints(case, workload);
        for complaint in &complaints {
            findings.extend(judge_complaint(case, complaint));
        }
        if complaints.is_empty()
            && (workload.ready() < workload.wanted() || !case.symptoms.is_empty())
        {
            findings.extend(configured_wrong(case, workload));
        }
    }
    findings
}

fn complaints<'a>(case: &'a Case, workload: &'a Workload<'a>) -> Vec<Complaint<'a>> {
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

fn judge_complaint(case: &Case, complaint: &Complaint<'_>) -> Option<Finding> {
    let said = addresses_in_text(complaint.line);
    let told = references(case, complaint.workload);
    let named = said
        .into_iter()
        .find(|address| !is_dns_server(complaint.line, address));
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
        return nowhere(case, complaint);
    };
    if is_own(&address) {
        return own_address(case, complaint, &address);
    }
    let place = resolve(case, complaint.workload.namespace(), &address);
    if CONNECTION_LIMIT.in_line(complaint.line) {
        return Some(server_full(case, complaint, &place, &address));
    }
    Some(judge_place(
        case,
        complaint,
        reference.as_ref(),
        &address,
        &place,
    ))
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

fn judge_place(
    case: &Case,
    complaint: &Complaint<'_>,
    reference: Option<&Reference>,
    address: &Address,
    place: &Place<'_>,
) -> Finding {
    match place {
        Place::Service(service) => match wrong_port(service, address) {
            Some(offered) => wrong_address(
                complaint,
                reference,
                address,
                &with_port(address, offered),
                0.95,
            ),
            None => unreachable(
                complaint,
                address,
                Some(service_subject(service)),
                workloads_behind(case, service),
            ),
        },
        Place::NoSuchService { namespace, name } => {
            match near_service(case, namespace, name, address.port) {
                Some(near) => wrong_address(complaint, reference, address, &near, 0.94),
                None => unreachable(
                    complaint,
                    address,
                    Some(Subject::new(Kind::Service, namespace, name)),
                    Vec::new(),
                ),
            }
        }
        Place::NotRead { namespace, name } => unreachable(
            complaint,
            address,
            Some(Subject::new(Kind::Service, namespace, name)),
            Vec::new(),
        ),
        Place::Outside(host) => unreachable(
            complaint,
            address,
            Some(Subject::cluster(Kind::External, host)),
            Vec::new(),
        ),
    }
}

fn quoted(finding: Finding, complaint: &Complaint<'_>) -> Finding {
    let fact = Message::new("fact-log-says").with("line", complaint.line.trim());
    let run = if complaint.log.previous {
        "previous log"
    } else {
        "log"
    };
    let source = format!(
        "pod {} container {} {run}",
        complaint.log.pod, complaint.log.container
    );
    let ready = Message::new("fact-replicas-ready")
        .with("ready", complaint.ready)
        .with("wanted", complaint.workload.wanted());
    finding
        .evidence(fact, source, complaint.at)
        .evidence(
            ready,
            format!("{} pods", complaint.workload.subject.label()),
            None,
        )
        .explains(BROKEN)
        .since(complaint.at)
        .affected(complaint.workload.pods.len())
}

/// The address exists: whatever is wrong with what is behind it is the cause.
fn unreachable(
    complaint: &Complaint<'_>,
    address: &Address,
    service: Option<Subject>,
    behind: Vec<Subject>,
) -> Finding {
    let unresolved = NO_SUCH_HOST.in_line(complaint.line);
    let id = if unresolved {
        "cause-dependency-unreachable-no-name"
    } else {
        "cause-dependency-unreachable"
    };
    let summary = Message::new(id)
        .with("workload", &complaint.subject.name)
        .with("address", show(address));
    let finding = Finding::new(
        Cause::DependencyUnreachable,
        complaint.subject.clone(),
        0.75,
        summary,
    )
    .blames(service.into_iter().chain(behind));
    let object = finding
        .blames
        .first()
        .cloned()
        .unwrap_or_else(|| complaint.subject.clone());
    quoted(finding, complaint).fix(Fix::new(
        object,
        "",
        Message::new("why-dependency-look").with("address", show(address)),
    ))
}

fn wrong_address(
    complaint: &Complaint<'_>,
    reference: Option<&Reference>,
    address: &Address,
    right: &Address,
    strength: f64,
) -> Finding {
    let summary = Message::new("cause-dependency-wrong-address")
        .with("workload", &complaint.subject.name)
        .with("address", show(address))
        .with("right", show(right));
    let finding = Finding::new(
        Cause::DependencyWrongAddress,
        complaint.subject.clone(),
        strength,
        summary,
    );
    quoted(finding, complaint).fix(address_fix(&complaint.subject, reference, address, right))
}

/// It calls itself: nothing in its pod listens there, so the real address was never configured.
fn own_address(case: &Case, complaint: &Complaint<'_>, address: &Address) -> Option<Finding> {
    let pod = complaint.workload.pods.first()?;
    let listens = containers(pod)
        .iter()
        .filter(|c| c.name() != complaint.log.container)
        .any(|container| {
            container
                .spec
                .ports
                .iter()
                .flatten()
                .any(|port| Some(port.container_port) == address.port.map(i32::from))
        });
    if listens {
        return None;
    }
    let namespace = complaint.workload.namespace();
    let offering = case.services.within(namespace).find(|service| {
        let ports = service.spec.as_ref().and_then(|spec| spec.ports.as_ref());
        ports
            .into_iter()
            .flatten()
            .any(|port| Some(port.port) == address.port.map(i32::from))
    });
    let Some(name) = offering.and_then(|service| service.metadata.name.clone()) else {
        return Some(unreachable(complaint, address, None, Vec::new()));
    };
    let right = Address {
        host: name,
        port: address.port,
    };
    let reference = references(case, complaint.workload)
        .into_iter()
        .map(|(reference, _)| reference)
        .find(|r| r.address.host == address.host);
    Some(wrong_address(
        complaint,
        reference.as_ref(),
        address,
        &right,
        0.85,
    ))
}

/// Neither the line nor the environment says where: only that something does not answer.
fn nowhere(case: &Case, complaint: &Complaint<'_>) -> Option<Finding> {
    let crashed = complaint.log.previous || complaint.ready < complaint.workload.wanted();
    if !crashed {
        return None;
    }
    let missing = missing_variable(complaint.line);
    let summary = Message::new("cause-dependency-unreachable-unnamed")
        .with("workload", &complaint.subject.name)
        .with("error", complaint.line.trim());
    let finding = Finding::new(
        Cause::DependencyUnreachable,
        complaint.subject.clone(),
        0.6,
        summary,
    );
    let fix = Fix::new(
        complaint.subject.clone(),
        format!("env.{missing}"),
        Message::new("why-dependency-unnamed"),
    );
    let told = references(case, complaint.workload).len();
    let fact = Message::new("fact-no-address").with("count", told);
    Some(
        quoted(finding, complaint)
            .evidence(
                fact,
                format!("{} spec.template", complaint.subject.label()),
                None,
            )
            .fix(fix),
    )
}

/// The variable that usually says where such a thing is.
fn missing_variable(line: &str) -> &'static str {
    let line = line.to_ascii_lowercase();
    if line.contains("redis") {
        "REDIS_HOST"
    } else if line.contains("kafka") {
        "KAFKA_BROKERS"
    } else {
        "DB_HOST"
    }
}

/// Who listens at an address: the workload behind the Service, the Service, or a host outside.
fn server_at(case: &Case, place: &Place<'_>, address: &Address) -> Subject {
    match place {
        Place::Service(service) => workloads_behind(case, service)
            .into_iter()
            .next()
            .unwrap_or_else(|| service_subject(service)),
        _ => Subject::cluster(Kind::External, show(address)),
    }
}

/// The database that a line of a workload's log means, where its env says which one it is told to use.
pub(super) fn database_of(case: &Case, client: &Subject, line: &str) -> Option<Subject> {
    let all = workloads(case);
    let workload = all.iter().find(|one| one.subject.same_object(client))?;
    let told = references(case, workload);
    let (reference, place) = meant(&told, &format!("database: {line}"))?;
    Some(server_at(case, place, &reference.address))
}

/// A client says that the server has no connection left: the server is the subject.
fn server_full(
    case: &Case,
    complaint: &Complaint<'_>,
    place: &Place<'_>,
    address: &Address,
) -> Finding {
    let server = server_at(case, place, address);
    let limit = CONNECTION_NUMBER
        .capture(complaint.line)
        .and_then(|number| number.parse::<i64>().ok());
    let id = if limit.is_some() {
        "cause-connection-limit-reached"
    } else {
        "cause-connection-limit-reached-unknown"
    };
    let summary = Message::new(id)
        .with("workload", &server.name)
        .with("limit", limit.unwrap_or_default());
    let finding = Finding::new(Cause::ConnectionLimitReached, server.clone(), 0.9, summary)
        .hits([complaint.workload.subject.clone()]);
    let fix = Fix::new(
        server.clone(),
        setting(&server.name),
        Message::new("why-connection-limit"),
    )
    .change(
        limit.map(|limit| limit.to_string()),
        limit.map(|limit| (limit * 2).to_string()),
    );
    quoted(finding, complaint).fix(fix)
}

/// An address in the environment that cannot work, where no log says so yet: weaker, for a workload
/// that is not well or is asked about.
fn configured_wrong(case: &Case, workload: &Workload<'_>) -> Vec<Finding> {
    let wrong = |(reference, place): (Reference, Place<'_>)| {
        let right = match &place {
            Place::Service(service) => {
                with_port(&reference.address, wrong_port(service, &reference.address)?)
            }
            Place::NoSuchService { namespace, name } => {
                near_service(case, namespace, name, reference.address.port)?
            }
            Place::NotRead { .. } | Place::Outside(_) => return None,
        };
        let summary = Message::new("cause-dependency-wrong-address")
            .with("workload", &workload.subject.name)
            .with("address", show(&reference.address))
            .with("right", show(&right));
        let fact = Message::new("fact-address-configured")
            .with("variable", &reference.variable)
            .with("address", show(&reference.address));
        let finding = Finding::new(
            Cause::DependencyWrongAddress,
            workload.subject.clone(),
            0.7,
            summary,
        );
        let finding = finding.evidence(
            fact,
            format!("{} spec.template", workload.subject.label()),
            None,
        );
        Some(
            finding
                .explains(BROKEN)
                .affected(workload.pods.len())
                .fix(address_fix(
                    &workload.subject,
                    Some(&reference),
                    &reference.address,
                    &right,
                )),
        )
    };
    references(case, workload)
        .into_iter()
        .filter_map(wrong)
        .collect()
}
