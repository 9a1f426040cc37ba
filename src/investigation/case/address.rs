//! Addresses a workload is told to call or complains about, and the Services behind them.
//! Of an env value only host and port are kept: the rest may be a secret.

use std::sync::LazyLock;

use k8s_openapi::api::core::v1::Service;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::{Case, Container, Looked};
use crate::text::pattern;

/// A host and, where it was written, a port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    /// Host name or IP address, lower case.
    pub host: String,
    /// TCP port.
    pub port: Option<u16>,
}

/// An address and the variable (or pair of variables) that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Where it points.
    pub address: Address,
    /// The variable that holds the host.
    pub variable: String,
    /// The variable that holds the port, when it is another one.
    pub port_variable: Option<String>,
}

/// What an address leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Place<'a> {
    /// A Service that exists.
    Service(&'a Service),
    /// A Service name in a namespace that was read, and no such Service is there.
    NoSuchService {
        /// Namespace the name belongs to.
        namespace: String,
        /// The name.
        name: String,
    },
    /// A Service name in a namespace that was not read.
    NotRead {
        /// Namespace the name belongs to.
        namespace: String,
        /// The name.
        name: String,
    },
    /// A host outside the cluster, or an IP address of no known Service.
    Outside(String),
}

/// `host=db port=5432 dbname=shop` (libpq), `Server=db;Port=3306;Database=shop` (ADO.NET).
static DSN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(?:^|[\s;])(?:host|server|data source)=([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?:[^\n]*?[\s;]port=(\d{1,5}))?(?:[\s;]|$)").ok()
});
static URL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)[a-z][a-z0-9+.]*://(?:[^/@\s]*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?",
    )
    .ok()
});
/// `Failed to connect to pricing port 8080` (libcurl).
static CURL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)connect to ([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?) port (\d{1,5})").ok()
});
static HOST_PORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"(?i)(?:^|[\s,;(\[='"`<@/])([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?):(\d{2,5})(?:$|\D)"#)
        .ok()
});
static LOOKUP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"(?i)(?:lookup|resolve(?: host)?(?: name)?|getaddrinfo (?:ENOTFOUND|EAI_AGAIN)|getaddrinfo for|could not resolve host:|unknown ?host(?:exception)?:?|host name|translate host name|host not found in upstream|bad address|failed to resolve)\s+["']?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)["']?"#).ok()
});

/// Host and port apart: libpq (`server at "db" (10.1.2.3), port 5432`), MySQL clients
/// (`MySQL server on 'db' (111)`).
static APART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"(?i)(?:server at|server on|to host|connect to host|host)\s+["']([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)["'](?:\s*\([^)]*\))?(?:,?\s+(?:and accepting TCP/IP connections on\s+)?port\s+(\d{1,5}))?"#).ok()
});

/// Endings of variable names whose whole value is a host.
const HOST_NAMES: [&str; 7] = [
    "HOST", "HOSTNAME", "ADDR", "ADDRESS", "ENDPOINT", "SERVER", "SERVICE",
];

/// The addresses in a container's literal env values.
#[must_use]
pub fn addresses_in_env(container: &Container<'_>) -> Vec<Reference> {
    let mut found = Vec::new();
    for env in container.spec.env.iter().flatten() {
        let Some(value) = env
            .value
            .as_deref()
            .map(str::trim)
            .filter(|value| !value.is_empty())
        else {
            continue;
        };
        let addresses = addresses_in_value(&env.name, value);
        found.extend(
            addresses
                .into_iter()
                .map(|address| with_port(container, &env.name, address)),
        );
    }
    found
}

/// The addresses in the value of a variable of that name.
#[must_use]
pub fn addresses_in_value(variable: &str, value: &str) -> Vec<Address> {
    let upper = variable.to_ascii_uppercase();
    let is_host = HOST_NAMES.iter().any(|end| upper.ends_with(end));
    in_value(value.trim(), is_host)
}

fn in_value(value: &str, is_host: bool) -> Vec<Address> {
    let urls = captures(URL.as_ref(), value);
    if !urls.is_empty() {
        return urls;
    }
    let dsn = captures(DSN.as_ref(), value);
    if !dsn.is_empty() {
        return dsn;
    }
    let pairs = captures(HOST_PORT.as_ref(), value);
    if !pairs.is_empty() {
        return pairs;
    }
    if is_host && is_host_name(value) {
        vec![Address {
            host: value.to_ascii_lowercase(),
            port: None,
        }]
    } else {
        Vec::new()
    }
}

/// `DB_HOST` and `DB_PORT` belong together.
fn with_port(container: &Container<'_>, variable: &str, mut address: Address) -> Reference {
    let mut port_variable = None;
    if address.port.is_none() {
        // `DB_HOST` and `DB_PORT`, `PGHOST` and `PGPORT`.
        let name = match variable.rsplit_once('_') {
            Some((stem, _)) => format!("{stem}_PORT"),
            None => format!("{}PORT", variable.strip_suffix("HOST").unwrap_or_default()),
        };
        if let Some(port) = container
            .env(&name)
            .and_then(|value| value.trim().parse().ok())
        {
            address.port = Some(port);
            port_variable = Some(name);
        }
    }
    Reference {
        address,
        variable: variable.to_owned(),
        port_variable,
    }
}

/// The addresses a log line names, the most explicit first.
#[must_use]
pub fn addresses_in_text(line: &str) -> Vec<Address> {
    let mut found = captures(URL.as_ref(), line);
    found.extend(captures(CURL.as_ref(), line));
    found.extend(captures(APART.as_ref(), line));
    // Of `lookup db on 10.96.0.10:53` the name is what is missing, not the DNS server.
    let looked_up = captures(LOOKUP.as_ref(), line);
    found.extend(looked_up.into_iter().filter(|it| !is_remark(&it.host)));
    found.extend(captures(HOST_PORT.as_ref(), line));
    let mut seen = Vec::new();
    found.retain(|address| {
        let new = !seen.contains(address);
        seen.push(address.clone());
        new
    });
    found
}

fn captures(pattern: Option<&Regex>, text: &str) -> Vec<Address> {
    let Some(pattern) = pattern else {
        return Vec::new();
    };
    let address = |found: regex::Captures<'_>| {
        let host = found.get(1)?.as_str().to_ascii_lowercase();
        let port = found.get(2).and_then(|port| port.as_str().parse().ok());
        is_host_name(&host).then_some(Address { host, port })
    };
    pattern.captures_iter(text).filter_map(address).collect()
}

/// Endings of files that stand before a line number.
const FILES: [&str; 24] = [
    ".java",
    ".py",
    ".js",
    ".ts",
    ".go",
    ".rs",
    ".rb",
    ".php",
    ".cs",
    ".kt",
    ".mjs",
    ".cjs",
    ".tsx",
    ".jsx",
    ".scala",
    ".ex",
    ".conf",
    ".yaml",
    ".yml",
    ".json",
    ".toml",
    ".ini",
    ".xml",
    ".properties",
];
/// What follows "lookup" and is not looked up: `price lookup failed`.
fn is_remark(word: &str) -> bool {
    const WORDS: [&str; 12] = [
        "failed", "failure", "error", "errors", "timeout", "timed", "for", "of", "on", "in",
        "took", "returned",
    ];
    WORDS.contains(&word)
}

/// What is resolved and is no host.
const WORDS: [&str; 10] = [
    "placeholder",
    "the",
    "host",
    "name",
    "reference",
    "module",
    "dependency",
    "dependencies",
    "import",
    "symbol",
];

/// A name with at least one letter, or an IPv4 address; not a time of day, a version or a file.
fn is_host_name(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    let characters = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    let ip = text.parse::<std::net::Ipv4Addr>().is_ok();
    let file = FILES.iter().any(|end| text.ends_with(end)) || WORDS.contains(&text);
    let letter_first = text.starts_with(|c: char| c.is_ascii_alphabetic());
    characters && !file && text.len() <= 253 && text.split('.').all(label) && (ip || letter_first)
}

/// What an address leads to, seen from a namespace: `db`, `db.data`, `db.data.svc.cluster.local`,
/// a cluster IP, or a host outside.
#[must_use]
pub fn resolve<'a>(case: &'a Case, namespace: &str, address: &Address) -> Place<'a> {
    let host = address.host.trim_end_matches('.');
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        let behind = case.services.iter().find(|service| {
            service
                .spec
                .as_ref()
                .and_then(|spec| spec.cluster_ip.as_deref())
                == Some(host)
        });
        return behind.map_or_else(|| Place::Outside(host.to_owned()), Place::Service);
    }
    let parts: Vec<&str> = host.split('.').collect();
    let known = |name: &str| case.namespaces.look("", name).found().is_some();
    let there = |namespace: &str, name: &str| case.services.look(namespace, name).found().is_some();
    // The cluster's own domain is `cluster.local` unless somebody chose another; a pod of a StatefulSet stands
    // before the Service that governs it.
    let (name, namespace) = match parts.as_slice() {
        [name] => (*name, namespace),
        [name, of, "svc", ..] | [_, name, of, "svc", ..] => (*name, *of),
        [_, name] if !known(name) && there(namespace, name) => (*name, namespace),
        [name, of] if known(of) || there(of, name) => (*name, *of),
        _ => return Place::Outside(host.to_owned()),
    };
    match case.services.look(namespace, name) {
        Looked::Found(service) => Place::Service(service),
        Looked::Absent => Place::NoSuchService {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        },
        Looked::Unknown => Place::NotRead {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(line: &str) -> Vec<String> {
        let show = |a: Address| {
            a.port
                .map_or(a.host.clone(), |port| format!("{}:{port}", a.host))
        };
        addresses_in_text(line).into_iter().map(show).collect()
    }

    #[test]
    fn a_data_source_name_of_keys_and_values_is_an_address() {
        let read = |value: &str| {
            let all = addresses_in_value("DB_DSN", value);
            all.into_iter().map(|it| (it.host, it.port)).next()
        };
        let libpq = "host=rates-db port=5432 dbname=rates user=quotes";
        assert_eq!(read(libpq), Some(("rates-db".into(), Some(5432))));
        let ado = "Server=orders-db;Port=3306;Database=orders";
        assert_eq!(read(ado), Some(("orders-db".into(), Some(3306))));
        let bare = "dbname=rates host=rates-db";
        assert_eq!(read(bare), Some(("rates-db".into(), None)));
        assert_eq!(read("ghost=a vhost=b"), None);
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn the_ways_languages_name_a_dependency() {
        let cases = [
            (
                "dial tcp 10.96.12.7:5432: connect: connection refused",
                "10.96.12.7:5432",
            ),
            (
                "dial tcp: lookup orders-db on 10.96.0.10:53: no such host",
                "orders-db",
            ),
            ("Error: connect ECONNREFUSED 10.0.0.8:6379", "10.0.0.8:6379"),
            ("getaddrinfo ENOTFOUND redis-master", "redis-master"),
            (
                "connection to server at \"db\" (10.1.2.3), port 5432 failed: Connection refused",
                "db:5432",
            ),
            (
                "(HY000/2003): Can't connect to MySQL server on 'orders-db' (111)",
                "orders-db",
            ),
            (
                "could not connect to server: Connection refused Is the server running on host \"pg\" (10.0.0.3) and accepting TCP/IP connections on port 5432?",
                "pg:5432",
            ),
            (
                "php_network_getaddresses: getaddrinfo for mysql failed: Name or service not known",
                "mysql",
            ),
            (
                "curl: (6) Could not resolve host: orders-service",
                "orders-service",
            ),
            (
                "It was not possible to connect to the redis server(s). UnableToConnect on redis:6379/Interactive",
                "redis:6379",
            ),
            (
                "Bootstrap broker kafka:9092 (id: -1 rack: null) disconnected",
                "kafka:9092",
            ),
            (
                "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp 10.96.3.4:50051: connect: connection refused\"",
                "10.96.3.4:50051",
            ),
            (
                "connect() failed (111: Connection refused) while connecting to upstream, client: 10.1.1.1, server: _, upstream: \"http://10.96.7.7:8080/api\"",
                "10.96.7.7:8080",
            ),
            (
                "MongoServerSelectionError: connect ECONNREFUSED 10.96.8.8:27017",
                "10.96.8.8:27017",
            ),
            ("dial error: \"orders-db:5432\" refused", "orders-db:5432"),
            ("java.net.UnknownHostException: orders-db", "orders-db"),
            (
                "Could not connect to redis-master.cache.svc:6379: Connection refused",
                "redis-master.cache.svc:6379",
            ),
            (
                "psycopg2.OperationalError: could not translate host name \"db\" to address",
                "db",
            ),
            (
                "POST http://orders-service:8080/v1/orders failed: timeout",
                "orders-service:8080",
            ),
            (
                "jdbc:postgresql://orders-db:5432/orders?user=x",
                "orders-db:5432",
            ),
        ];
        for (line, wanted) in cases {
            assert!(
                hosts(line).iter().any(|host| host == wanted),
                "{line} -> {:?}",
                hosts(line)
            );
        }
    }

    #[test]
    fn times_traces_and_versions_are_no_addresses() {
        for line in [
            "2026-11-23T08:15:42Z INFO started in 3.2 s",
            "at com.acme.Payment.run(Payment.java:42)",
            "File main.py:10 in <module>",
            "listening on :8080",
            "version 1.2.3:04",
        ] {
            assert_eq!(hosts(line), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn what_follows_a_lookup_is_not_always_looked_up() {
        let line = "price lookup failed: dns: A record lookup error: lookup pricing.pricing.svc.cluster.local on 172.20.0.10:53: no such host";
        let found = hosts(line);
        let first = found.first().map(String::as_str);
        assert_eq!(first, Some("pricing.pricing.svc.cluster.local"));
    }

    #[test]
    fn credentials_in_a_url_are_not_kept() {
        let found = addresses_in_text("postgres://app:FAKE-password@orders-db:5432/orders");
        assert_eq!(
            found[0],
            Address {
                host: "orders-db".into(),
                port: Some(5432)
            }
        );
    }
}
