//! What an application says of its own start: the port it listens on, how long it took.

use std::sync::LazyLock;

use regex::Regex;

use crate::investigation::case::{LogRead, Record};
use crate::text::pattern;

/// `listening on :8080`, `Tomcat started on port 8080`, `Uvicorn running on http://0.0.0.0:8000`,
/// `Now listening on: http://[::]:8080`, `Running mode=standalone, port=6379`.
static LISTENING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b(?:listen(?:ing|s)?|serving|serve|running|started|starting|bound|binding|accepting)\b",
        r"[^\n]*?(?:(?P<host>[a-z0-9.\-]*|\[[0-9a-f:]*\]|\*):|\bport(?:\(s\))?(?:\s+is)?[\s:=]+)(?P<port>\d{2,5})(?:[^0-9:.a-z]|\.(?:\s|$)|$)"
    ))
    .ok()
});
/// A line about a connection to elsewhere names somebody else's port.
static CLIENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\bconnect(?:ed|ing|ion)?\b|\bupstream\b|\bforward").ok());
/// `Started PaymentApplication in 48.213 seconds`, `started in 912 ms`.
static STARTED_IN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:started|ready|startup|initialized|booted)\b[^\n]{0,80}? in:? (\d+(?:\.\d+)?) ?(ms|milliseconds|s|sec|seconds)\b").ok()
});

/// A port an application says it listens on.
#[derive(Clone, Debug)]
pub(super) struct Heard<'a> {
    pub(super) port: u16,
    /// Only from inside the pod: a probe cannot reach it.
    pub(super) loopback: bool,
    pub(super) log: &'a LogRead,
    pub(super) record: &'a Record,
}

/// The ports a log says its application listens on, each once.
pub(super) fn ports_heard(log: &LogRead) -> Vec<Heard<'_>> {
    let mut heard: Vec<Heard<'_>> = Vec::new();
    for record in &log.records {
        let Some((port, loopback)) = port_in(&record.text) else {
            continue;
        };
        if !heard.iter().any(|known| known.port == port) {
            heard.push(Heard {
                port,
                loopback,
                log,
                record,
            });
        }
    }
    heard
}

fn port_in(line: &str) -> Option<(u16, bool)> {
    if CLIENT.as_ref()?.is_match(line) {
        return None;
    }
    let found = LISTENING.as_ref()?.captures(line)?;
    let port = found.name("port")?.as_str().parse().ok()?;
    let host = found.name("host").map_or("", |host| host.as_str());
    // Digits alone before a colon are a time of day.
    if !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let loopback = host == "localhost" || host.starts_with("127.") || host == "[::1]";
    Some((port, loopback))
}

/// How long the application says it needed to start, in seconds.
pub(super) fn started_in(log: &LogRead) -> Option<f64> {
    log.records.iter().rev().find_map(|record| {
        let found = STARTED_IN.as_ref()?.captures(&record.text)?;
        let number: f64 = found.get(1)?.as_str().parse().ok()?;
        let milli = found.get(2)?.as_str().to_ascii_lowercase().starts_with('m');
        Some(if milli { number / 1000.0 } else { number })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_say_where_they_listen() {
        let cases = [
            ("listening on :8080", Some((8080, false))),
            ("Server is running on port 3000", Some((3000, false))),
            (
                "Tomcat started on port(s): 8080 (http) with context path ''",
                Some((8080, false)),
            ),
            (
                "Tomcat started on port 8080 (http) with context path '/'",
                Some((8080, false)),
            ),
            (
                "Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)",
                Some((8000, false)),
            ),
            (
                "[INFO] Listening at: http://0.0.0.0:8000 (1)",
                Some((8000, false)),
            ),
            ("Now listening on: http://[::]:8080", Some((8080, false))),
            (
                "listening on IPv4 address \"0.0.0.0\", port 5432",
                Some((5432, false)),
            ),
            ("Running mode=standalone, port=6379.", Some((6379, false))),
            ("Starting HTTP server on 127.0.0.1:8080", Some((8080, true))),
            ("listening on localhost:3000", Some((3000, true))),
            ("connected to the broker running on kafka:9092", None),
            ("started worker at 12:30:45", None),
            ("Started PaymentApplication in 48.213 seconds", None),
        ];
        for (line, wanted) in cases {
            assert_eq!(port_in(line), wanted, "{line}");
        }
    }

    #[test]
    fn applications_say_how_long_they_took() {
        let log = |text: &str| LogRead {
            namespace: "n".into(),
            pod: "p".into(),
            container: "c".into(),
            previous: false,
            records: crate::investigation::case::parse_log(text.as_bytes()),
        };
        let read = |text: &str| started_in(&log(text));
        assert_eq!(
            read("Started PaymentApplication in 48.213 seconds (process running for 50.1)"),
            Some(48.213)
        );
        assert_eq!(read("ready - started server in 912 ms"), Some(0.912));
        assert_eq!(read("job started"), None);
    }
}
