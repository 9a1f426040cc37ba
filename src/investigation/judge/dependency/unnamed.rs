//! A complaint that names no address, or only the workload's own.

use super::Complaint;
use super::place::{quoted, unreachable, wrong_address};
use crate::finding::{Cause, Finding, Fix};
use crate::investigation::case::{Address, Facts, containers, references};
use crate::text::Message;

/// It calls itself: nothing in its pod listens there, so the real address was never configured.
pub(super) fn own_address(
    case: &Facts<'_>,
    complaint: &Complaint<'_>,
    address: &Address,
) -> Option<Finding> {
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
pub(super) fn nowhere(case: &Facts<'_>, complaint: &Complaint<'_>) -> Option<Finding> {
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
