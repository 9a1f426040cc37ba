//! The server behind an address: who listens there, and what a client says of it that is the server's own trouble.

use super::place::quoted;
use super::right::show;
use super::{Complaint, meant};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Address, Facts, Place, references, service_subject};
use crate::investigation::judge::container::patterns::CONNECTION_NUMBER;
use crate::investigation::judge::container::setting;
use crate::text::Message;

/// Who listens at an address: the workload behind the Service, the Service, or a host outside.
fn server_at(case: &Facts<'_>, place: &Place<'_>, address: &Address) -> Subject {
    match place {
        Place::Service(service) => case
            .behind(service)
            .into_iter()
            .next()
            .unwrap_or_else(|| service_subject(service)),
        _ => Subject::cluster(Kind::External, show(address)),
    }
}

/// The server that a workload is told to use.
pub(in crate::investigation::judge) struct Told {
    /// Who listens there.
    pub server: Subject,
    /// The host, as its variable has it.
    pub host: String,
    /// The variable.
    pub variable: String,
}

impl Told {
    /// Whether the host is called after what only answers to reads. The operators of databases name their Services so:
    /// `-ro` and `-r` beside `-rw` (`CloudNativePG`), `-replica`, `-repl`, `-read`.
    pub fn is_replica(&self) -> bool {
        const WORDS: [&str; 13] = [
            "replica",
            "replicas",
            "repl",
            "ro",
            "r",
            "read",
            "reader",
            "readonly",
            "reads",
            "slave",
            "standby",
            "secondary",
            "follower",
        ];
        let name = self.host.split('.').next().unwrap_or_default();
        let mut words = name.split(['-', '_']).skip(1);
        words.any(|word| WORDS.contains(&word))
    }
}

/// The database that a line of a workload's log means, where its env says which one it is told to use.
pub(in crate::investigation::judge) fn told_of(
    case: &Facts<'_>,
    client: &Subject,
    line: &str,
) -> Option<Told> {
    let all = case.workloads();
    let workload = all.iter().find(|one| one.subject.same_object(client))?;
    let told = references(case, workload);
    let (reference, place) = meant(&told, &format!("database: {line}"))?;
    Some(Told {
        server: server_at(case, place, &reference.address),
        host: reference.address.host.clone(),
        variable: reference.variable.clone(),
    })
}

/// A client says that the server has no connection left: the server is the subject.
pub(super) fn server_full(
    case: &Facts<'_>,
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

#[cfg(test)]
mod tests {
    use super::Told;
    use crate::finding::{Kind, Subject};

    #[test]
    fn a_replica_is_called_so() {
        let told = |host: &str| Told {
            server: Subject::new(Kind::Service, "shop", host),
            host: host.to_owned(),
            variable: "DB_HOST".to_owned(),
        };
        for host in [
            "orders-pg-replica",
            "orders-pg-ro.data.svc",
            "orders_read",
            "mysql-secondary",
        ] {
            assert!(told(host).is_replica(), "{host}");
        }
        for host in [
            "orders-pg",
            "orders-pg-rw",
            "reader-db",
            "thread-db",
            "10.0.0.4",
        ] {
            assert!(!told(host).is_replica(), "{host}");
        }
    }
}
