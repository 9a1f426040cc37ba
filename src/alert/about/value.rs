//! What the value of a label may be: a name that Kubernetes would take, an endpoint, an address. Whatever is
//! anything else names nothing.

use std::net::{IpAddr, SocketAddr};

/// Longest name of an object (RFC 1123 subdomain, as the API server checks it).
const MAX_NAME: usize = 253;
/// Longest endpoint or address.
const MAX_ADDRESS: usize = 500;

/// A name as the API server takes it: lower-case letters, digits, `-` and `.`, a letter or digit at both ends.
pub(super) fn is_name(text: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.len() <= MAX_NAME
        && text.chars().all(|c| word(c) || c == '-' || c == '.')
        && text.starts_with(word)
        && text.ends_with(word)
}

/// A name that a team chose, or a job of Jenkins: printable, short.
pub(super) fn is_plain(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "-_./ :".contains(c);
    text.len() <= MAX_NAME && !text.trim().is_empty() && text.chars().all(fits)
}

/// `host`, `host:port` or `[v6]:port`.
pub(super) fn is_endpoint(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.:[]".contains(c);
    !text.is_empty() && text.len() <= MAX_ADDRESS && text.chars().all(fits)
}

/// A name without a port, and no address: kube-prometheus puts the node's name into `instance`.
pub(super) fn is_node_name(text: &str) -> bool {
    let address = text.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok();
    !address && is_name(text)
}

/// An address of the web, or `host[:port][/path]`: it is shown and matched, never fetched.
pub(super) fn is_address(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_graphic() && !"<>|\"`{}\\".contains(c);
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    !rest.is_empty() && text.len() <= MAX_ADDRESS && text.chars().all(fits)
}

/// An exporter that a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exporter {
    /// It tells of objects anywhere: its own namespace says nothing.
    OfOthers,
    /// It stands beside what it watches, as a rule.
    Beside,
}

/// The exporter that a pod, Service, container or scrape job of this name is.
pub(super) fn exporter(name: &str) -> Option<Exporter> {
    const OF_OTHERS: [&str; 6] = [
        "kube-state-metrics",
        "kube-rbac-proxy-main",
        "node-exporter",
        "blackbox-exporter",
        "pushgateway",
        "cloudwatch-exporter",
    ];
    if OF_OTHERS.iter().any(|known| name.contains(known)) {
        return Some(Exporter::OfOthers);
    }
    name.contains("-exporter").then_some(Exporter::Beside)
}
