//! Whether the probe asks a port on which the application listens: by what the log says, else by
//! the ports the container declares.

use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::Failing;
use super::listen::{Heard, ports_heard};
use crate::investigation::case::{Container, containers};

/// A probe that asks a port nothing listens on.
pub(super) struct Mismatch<'a> {
    /// The port as the spec writes it: a number or a name.
    pub(super) asked: String,
    /// The port the application serves, where it is clear which.
    pub(super) actual: Option<u16>,
    /// The log line that says so.
    pub(super) heard: Option<Heard<'a>>,
    /// The ports the container declares.
    pub(super) declared: Vec<u16>,
    /// How sure it is.
    pub(super) strength: f64,
}

/// The TCP ports a container declares.
pub(super) fn declared(container: &Container<'_>) -> Vec<u16> {
    let ports = container.spec.ports.iter().flatten();
    ports
        .filter(|port| {
            port.protocol
                .as_deref()
                .is_none_or(|protocol| protocol == "TCP")
        })
        .filter_map(|port| u16::try_from(port.container_port).ok())
        .collect()
}

/// The number behind the probe's port.
fn number(failing: &Failing<'_>) -> Option<u16> {
    match failing.port()? {
        IntOrString::Int(port) => u16::try_from(port).ok(),
        IntOrString::String(name) => {
            let mut ports = failing.container.spec.ports.iter().flatten();
            let named = ports.find(|port| port.name.as_deref() == Some(&name));
            named.map_or_else(
                || name.parse().ok(),
                |port| u16::try_from(port.container_port).ok(),
            )
        }
    }
}

/// The name the container gives to the port its probe asks.
pub(super) fn declared_name<'a>(failing: &Failing<'a>) -> Option<&'a str> {
    let asked = number(failing)?;
    let ports = failing.container.spec.ports.iter().flatten();
    let mut named = ports.filter(|port| u16::try_from(port.container_port) == Ok(asked));
    named.find_map(|port| port.name.as_deref())
}

/// The probe names a port that the container does not declare at all.
pub(super) fn unknown_name<'a>(failing: &Failing<'a>) -> Mismatch<'a> {
    let declared = declared(&failing.container);
    Mismatch {
        asked: show(failing.port()),
        actual: single(&declared),
        heard: None,
        declared,
        strength: 0.96,
    }
}

/// Whether a refused probe asked the wrong port.
pub(super) fn mismatch<'a>(failing: &Failing<'a>) -> Option<Mismatch<'a>> {
    let asked = number(failing)?;
    let declared = declared(&failing.container);
    let heard: Vec<Heard<'a>> = failing.logs().into_iter().flat_map(ports_heard).collect();
    if heard.iter().any(|heard| heard.port == asked) {
        return None;
    }
    let outside: Vec<&Heard<'a>> = heard.iter().filter(|heard| !heard.loopback).collect();
    if outside.is_empty() {
        return by_declaration(failing, asked, declared);
    }
    let ports: Vec<u16> = outside.iter().map(|heard| heard.port).collect();
    let both: Vec<u16> = ports
        .iter()
        .copied()
        .filter(|port| declared.contains(port))
        .collect();
    let actual = single(&both).or_else(|| single(&ports));
    let said = outside
        .iter()
        .find(|heard| actual.is_none_or(|port| port == heard.port));
    Some(Mismatch {
        asked: show(failing.port()),
        actual,
        heard: said.map(|heard| (*heard).clone()),
        declared,
        strength: 0.96,
    })
}

/// The log does not say: then the ports that the pod's containers declare speak, and the probe of
/// the other sort, if that one succeeds.
fn by_declaration<'a>(
    failing: &Failing<'a>,
    asked: u16,
    declared: Vec<u16>,
) -> Option<Mismatch<'a>> {
    let all: Vec<u16> = containers(failing.container.pod)
        .iter()
        .flat_map(self::declared)
        .collect();
    if declared.is_empty() || all.contains(&asked) {
        return None;
    }
    Some(Mismatch {
        asked: show(failing.port()),
        actual: single(&declared),
        heard: None,
        declared,
        strength: 0.86,
    })
}

fn single(ports: &[u16]) -> Option<u16> {
    match ports {
        [port] => Some(*port),
        _ => None,
    }
}

fn show(port: Option<IntOrString>) -> String {
    match port {
        Some(IntOrString::Int(port)) => port.to_string(),
        Some(IntOrString::String(name)) => name,
        None => String::new(),
    }
}
