//! A host port that is taken on every node the pod could run on.

use std::collections::BTreeSet;

use super::Unplaced;
use super::nodes::name;
use super::peers::{holder, host_ports};
use super::table::Sieve;
use crate::finding::{Cause, Finding, Fix, Subject};
use crate::investigation::case::owner_of;
use crate::text::Message;

/// Names the port, and who holds it where the pods of the cluster were read.
pub(super) fn judge(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>, strength: f64) -> Finding {
    let spec = unplaced.pod.spec.as_ref();
    let asked = spec.map(host_ports).unwrap_or_default();
    let holders: Vec<_> = sieve
        .ready
        .iter()
        .filter_map(|node| Some((*node, holder(unplaced.case, unplaced.pod, node)?)))
        .collect();
    let first = asked.first().and_then(|port| port.host_port);
    let held = holders.first().map(|(_, (_, port))| *port);
    let port = held.or(first).unwrap_or_default().to_string();
    let owners: BTreeSet<Subject> = holders.iter().map(|(_, (pod, _))| owner_of(pod)).collect();
    let own = owners.contains(&unplaced.workload.subject);
    let id = if own && owners.len() == 1 {
        "cause-host-port-unavailable-own"
    } else {
        "cause-host-port-unavailable"
    };
    let summary = Message::new(id)
        .with("port", &port)
        .with("candidates", sieve.ready.len());
    let mut finding = unplaced.finding(Cause::HostPortUnavailable, strength, summary);
    if let Some((node, (pod, port))) = holders.first() {
        let fact = Message::new("fact-host-port-held")
            .with("port", port.to_string())
            .with("node", name(node))
            .with("owner", owner_of(pod).name)
            .with("count", holders.len());
        let source = format!("pods on node {}", name(node));
        finding = finding.evidence(fact, source, Some(unplaced.case.now));
    }
    let why = Message::new("why-host-port").with("port", &port);
    let fix = Fix::new(unplaced.workload.subject.clone(), "ports.hostPort", why)
        .change(Some(&port), None::<String>);
    unplaced.ruled_out(finding).fix(fix)
}
