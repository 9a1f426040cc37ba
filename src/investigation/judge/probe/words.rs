//! What the kubelet says of a failed probe. Its wording: `pkg/kubelet/prober/prober.go` and
//! `pkg/probe/{http,tcp,grpc,exec}` of Kubernetes; the rest is Go's `net/http` and `net`.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

/// Which probe failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// Its failure kills the container.
    Liveness,
    /// Its failure takes the pod out of its Services.
    Readiness,
    /// It holds the other two back, and its failure kills the container too.
    Startup,
}

/// What the probe got instead of what it wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Complaint {
    /// Nothing listens on the port.
    Refused,
    /// No answer within the probe's time-out.
    NoAnswer,
    /// An HTTP status of 400 or more.
    Status(u16),
    /// The other side speaks another protocol.
    Protocol(Speaks),
    /// The probe names a port that the container does not declare.
    NoSuchPort,
    /// The connection was closed without an answer.
    Closed,
    /// The probe's command failed without a word.
    Silent,
    /// The application says that it does not serve, or something else.
    Other,
}

/// The protocol found in place of the one the probe speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaks {
    /// Plain HTTP where TLS was expected.
    Http,
    /// TLS where plain HTTP was expected.
    Tls,
    /// HTTP/2 (gRPC) where HTTP/1.1 was expected.
    Grpc,
    /// Not the gRPC health protocol.
    NoGrpcHealth,
}

/// `Liveness probe failed: …`, `Readiness probe errored and resulted in unknown state: …`.
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?s)^(Liveness|Readiness|Startup) probe (?:failed|errored)[^:]*: (.*)$").ok()
});
static STATUS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"HTTP probe failed with statuscode: (\d{3})").ok());
static NO_PORT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\bport \S+ not found\b").ok());

/// Phrases and what they mean, the most specific first.
const PHRASES: [(&str, Complaint); 20] = [
    (
        "gave HTTP response to HTTPS client",
        Complaint::Protocol(Speaks::Http),
    ),
    (
        "first record does not look like a TLS handshake",
        Complaint::Protocol(Speaks::Http),
    ),
    (
        r#"malformed HTTP response "\x15\x03"#,
        Complaint::Protocol(Speaks::Tls),
    ),
    ("malformed HTTP response", Complaint::Protocol(Speaks::Grpc)),
    (
        "malformed HTTP status code",
        Complaint::Protocol(Speaks::Grpc),
    ),
    (
        "does not implement the grpc health protocol",
        Complaint::Protocol(Speaks::NoGrpcHealth),
    ),
    (
        "error reading server preface",
        Complaint::Protocol(Speaks::NoGrpcHealth),
    ),
    (
        "looked like an HTTP/1.1 header",
        Complaint::Protocol(Speaks::NoGrpcHealth),
    ),
    ("connection refused", Complaint::Refused),
    // The gRPC dialer waits for a connection and hides the refusals behind its own time-out.
    ("timeout: failed to connect service", Complaint::Refused),
    ("context deadline exceeded", Complaint::NoAnswer),
    ("Client.Timeout exceeded", Complaint::NoAnswer),
    ("timeout: health rpc did not complete", Complaint::NoAnswer),
    ("i/o timeout", Complaint::NoAnswer),
    ("TLS handshake timeout", Complaint::NoAnswer),
    ("timed out", Complaint::NoAnswer),
    ("connection reset by peer", Complaint::Closed),
    ("server closed idle connection", Complaint::Closed),
    ("broken pipe", Complaint::Closed),
    ("EOF", Complaint::Closed),
];

/// Reads the message of an `Unhealthy` event. `exec` says that the probe runs a command: its output
/// is the application's and proves nothing about the probe's own port.
pub(super) fn read(message: &str, exec: bool) -> Option<(Sort, Complaint)> {
    let found = HEAD.as_ref()?.captures(message)?;
    let sort = match found.get(1)?.as_str() {
        "Liveness" => Sort::Liveness,
        "Startup" => Sort::Startup,
        _ => Sort::Readiness,
    };
    let words = found.get(2)?.as_str();
    let complaint = if exec {
        of_command(words)
    } else {
        of_network(words)
    };
    Some((sort, complaint))
}

fn of_command(words: &str) -> Complaint {
    let late = words.contains("timed out after") || words.contains("context deadline exceeded");
    if late {
        Complaint::NoAnswer
    } else if words.trim().is_empty() {
        Complaint::Silent
    } else {
        Complaint::Other
    }
}

fn of_network(words: &str) -> Complaint {
    let status = STATUS.as_ref().and_then(|it| it.captures(words));
    if let Some(code) = status.and_then(|found| found.get(1)?.as_str().parse().ok()) {
        return Complaint::Status(code);
    }
    if NO_PORT.as_ref().is_some_and(|it| it.is_match(words)) {
        return Complaint::NoSuchPort;
    }
    let known = PHRASES.iter().find(|(phrase, _)| words.contains(phrase));
    known.map_or(Complaint::Other, |(_, complaint)| *complaint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [(&str, Complaint); 13] = [
        (
            r#"Get "http://10.1.2.3:8081/healthz": dial tcp 10.1.2.3:8081: connect: connection refused"#,
            Complaint::Refused,
        ),
        (
            "dial tcp 10.1.2.3:5432: connect: connection refused",
            Complaint::Refused,
        ),
        (
            r#"timeout: failed to connect service "10.1.2.3:9090" within 1s: context deadline exceeded"#,
            Complaint::Refused,
        ),
        (
            "HTTP probe failed with statuscode: 404",
            Complaint::Status(404),
        ),
        (
            r#"Get "http://10.1.2.3:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"#,
            Complaint::NoAnswer,
        ),
        (
            "timeout: health rpc did not complete within 1s",
            Complaint::NoAnswer,
        ),
        (
            r#"Get "https://10.1.2.3:8080/healthz": http: server gave HTTP response to HTTPS client"#,
            Complaint::Protocol(Speaks::Http),
        ),
        (
            r#"Get "http://10.1.2.3:8443/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\x15\x03\x01\x00\x02\x02""#,
            Complaint::Protocol(Speaks::Tls),
        ),
        (
            r#"Get "http://10.1.2.3:50051/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x05\x00\x00@\x00""#,
            Complaint::Protocol(Speaks::Grpc),
        ),
        (
            "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service",
            Complaint::Protocol(Speaks::NoGrpcHealth),
        ),
        (
            r#"service unhealthy (responded with "NOT_SERVING")"#,
            Complaint::Other,
        ),
        (
            r#"Get "http://10.1.2.3:8080/healthz": read tcp 10.1.0.1:4->10.1.2.3:8080: read: connection reset by peer"#,
            Complaint::Closed,
        ),
        (
            r#"Get "http://10.1.2.3:8080/healthz": EOF"#,
            Complaint::Closed,
        ),
    ];

    #[test]
    fn the_kubelets_wording_of_each_handler() {
        for (words, wanted) in WORDS {
            let message = format!("Liveness probe failed: {words}");
            assert_eq!(
                read(&message, false),
                Some((Sort::Liveness, wanted)),
                "{words}"
            );
        }
        assert_eq!(
            read(
                "Readiness probe errored and resulted in unknown state: port http-admin not found",
                false
            ),
            Some((Sort::Readiness, Complaint::NoSuchPort))
        );
        assert_eq!(
            read("Startup probe failed: EOF", false),
            Some((Sort::Startup, Complaint::Closed))
        );
        assert_eq!(read("Readiness probe warning: redirects", false), None);
    }

    #[test]
    fn the_output_of_a_command_is_the_applications() {
        let refused = "Readiness probe failed: Could not connect to Redis at 127.0.0.1:6379: Connection refused";
        assert_eq!(
            read(refused, true),
            Some((Sort::Readiness, Complaint::Other))
        );
        let late = r#"Liveness probe failed: command timed out: "pg_isready" timed out after 1s"#;
        assert_eq!(
            read(late, true),
            Some((Sort::Liveness, Complaint::NoAnswer))
        );
    }
}
