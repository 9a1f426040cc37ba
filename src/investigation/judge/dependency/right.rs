//! The address that would work: another port of the same Service, a Service with a near name, and the
//! variable to change.

use k8s_openapi::api::core::v1::Service;
use strsim::jaro_winkler;

use crate::finding::{Fix, Subject};
use crate::investigation::case::{Address, Facts, Reference};
use crate::text::Message;

/// Names nearer than this are taken for a typing error.
const NEAR: f64 = 0.88;

/// A port of the Service to use instead, when the one addressed is not offered.
pub(super) fn wrong_port(service: &Service, address: &Address) -> Option<u16> {
    let ports = service.spec.as_ref()?.ports.as_ref()?;
    let wanted = address.port?;
    let offered: Vec<u16> = ports
        .iter()
        .filter_map(|port| u16::try_from(port.port).ok())
        .collect();
    if offered.contains(&wanted) {
        None
    } else {
        offered.first().copied()
    }
}

pub(super) fn with_port(address: &Address, port: u16) -> Address {
    Address {
        host: address.host.clone(),
        port: Some(port),
    }
}

/// A Service of the namespace with a near name that offers the port asked for; else the Service of exactly that
/// name in another namespace.
pub(in crate::investigation::judge) fn near_service(
    case: &Facts<'_>,
    namespace: &str,
    name: &str,
    port: Option<u16>,
) -> Option<Address> {
    let offers = |service: &Service| offers(service, port);
    let near = case.services.within(namespace).filter_map(|service| {
        let candidate = service.metadata.name.as_deref()?;
        let slip = slip(candidate, name);
        // `redis` may mean `redis-master`; another program of the same family listens elsewhere.
        let meant = slip || (relative(candidate, name) && offers(service));
        let score = jaro_winkler(candidate, name) + if offers(service) { 0.1 } else { 0.0 };
        meant.then_some((score, candidate))
    });
    let best = near
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.to_owned());
    let elsewhere = || {
        let mut all = case.services.iter();
        let same = all.find(|it| it.metadata.name.as_deref() == Some(name) && offers(it))?;
        let other = same
            .metadata
            .namespace
            .as_deref()
            .filter(|other| *other != namespace)?;
        Some(format!("{name}.{other}"))
    };
    best.or_else(elsewhere).map(|host| Address { host, port })
}

/// Whether a Service has that port, where one is said.
pub(super) fn offers(service: &Service, port: Option<u16>) -> bool {
    let ports = service.spec.as_ref().and_then(|spec| spec.ports.as_ref());
    let mut all = ports.into_iter().flatten();
    port.is_none_or(|port| all.any(|offered| offered.port == i32::from(port)))
}

/// A typing error: two letters of a name that is not short, and the words that differ are the same word.
fn slip(candidate: &str, name: &str) -> bool {
    let most = if name.len().min(candidate.len()) < 6 {
        1
    } else {
        2
    };
    let alike = || {
        let mut pairs = candidate.split('-').zip(name.split('-'));
        candidate.split('-').count() != name.split('-').count()
            || pairs.all(|(a, b)| a == b || jaro_winkler(a, b) >= NEAR)
    };
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let numbered = digits(candidate) != digits(name);
    !numbered && strsim::osa_distance(candidate, name) <= most && alike()
}

/// One is a word of the other, or its beginning: `redis` and `redis-master`, `db` and `orders-db`.
fn relative(candidate: &str, name: &str) -> bool {
    let word = |whole: &str, word: &str| whole.split('-').any(|piece| piece == word);
    word(candidate, name)
        || word(name, candidate)
        || candidate.starts_with(&format!("{name}-"))
        || name.starts_with(&format!("{candidate}-"))
}

pub(super) fn show(address: &Address) -> String {
    address.port.map_or_else(
        || address.host.clone(),
        |port| format!("{}:{port}", address.host),
    )
}

/// Old → new of the variable that is wrong: the one that holds the host, or the one of the port.
pub(super) fn address_fix(
    subject: &Subject,
    reference: Option<&Reference>,
    address: &Address,
    right: &Address,
) -> Fix {
    let port_only = address.host == right.host;
    let variable = reference.map(|reference| match &reference.port_variable {
        Some(port) if port_only => (port.clone(), true),
        _ => (reference.variable.clone(), false),
    });
    let (field, from, to) = match variable {
        Some((name, true)) => (
            format!("env.{name}"),
            address.port.map(|port| port.to_string()),
            right.port.map(|port| port.to_string()),
        ),
        Some((name, false)) if reference.is_some_and(|r| r.port_variable.is_some()) => (
            format!("env.{name}"),
            Some(address.host.clone()),
            Some(right.host.clone()),
        ),
        Some((name, false)) => (
            format!("env.{name}"),
            Some(show(address)),
            Some(show(right)),
        ),
        None => (String::new(), Some(show(address)), Some(show(right))),
    };
    Fix::new(subject.clone(), field, Message::new("why-address")).change(from, to)
}
