//! The words of the kubelet and of the container runtimes when a container cannot start: what does
//! not exist, and why an image was not pulled (containerd, CRI-O, Docker).

use std::sync::LazyLock;

use regex::Regex;

use crate::finding::Kind;
use crate::text::pattern;

/// `configmap "user-service-config" not found` in a container's state or an event; the API server's
/// own errors use the plural. A missing key has other words ("couldn't find key", "references
/// non-existent config key") and is another cause.
static NOT_FOUND: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"\b(configmap|secret)s? \\?"([^"\\]+)\\?" not found"#).ok());

/// The registry could not be reached: transport errors of Go's HTTP client and gateways in between,
/// and the kubelet's own code for it. `dial unix` is the runtime's socket, not a registry.
static UNREACHABLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)no such host|server misbehaving|temporary failure in name resolution|dial tcp[^\n]*(?:i/o timeout|connection refused|no route to host|network is unreachable|connection timed out|connection reset|operation timed out)|TLS handshake timeout|Client\.Timeout exceeded|request canceled while waiting for connection|RegistryUnavailable|unexpected status[^\n]*: 50[234]\b|received unexpected HTTP status: 50[234]\b|(?:failed to do request|pinging container registry)[^\n]*(?:\bEOF\b|context deadline exceeded)").ok()
});

/// The registry answers and wants other credentials.
static UNAUTHORIZED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)pull access denied|insufficient_scope|authorization failed|no basic auth credentials|unauthorized|authentication required|requested access to the resource is denied|\b40[13] (?:unauthorized|forbidden)|\bstatus(?: code)?:? 40[13]\b|invalid username/password|access forbidden|\bdenied:|authorization token has expired").ok()
});

/// The registry answers, knows the caller, and has no such tag.
static NO_TAG: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)manifest unknown|manifest for \S+ not found|failed to resolve (?:reference|image) [^\n]*: not found|failed to resolve image [^\n]*: [^\n]*not found|reading manifest \S+ in [^\n]*(?:not found|unknown)|\btag [^\n]*(?:not found|does not exist)|code = NotFound desc = [^\n]*failed to resolve",
    )
    .ok()
});

/// A 404 that says something else: no image for this architecture, a lost layer, no such repository.
static OTHER_404: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)no match for platform|httpReadSeeker|name unknown|repository name not known|NAME_UNKNOWN|repository \S+ not found").ok()
});

/// Rate limits and certificates: the registry is reachable, and credentials are not what it lacks.
static OTHER_REFUSAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)toomanyrequests|too many requests|rate limit|x509:|certificate|gave HTTP response to HTTPS client|dial unix").ok()
});

/// Why an image was not pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PullFailure {
    /// The tag does not exist.
    NoTag,
    /// Credentials are missing or refused.
    Unauthorized,
    /// The registry does not answer.
    Unreachable,
}

/// The objects a sentence says do not exist; several for a projected volume.
pub(super) fn not_found(words: &str) -> Vec<(Kind, &str)> {
    let Some(pattern) = NOT_FOUND.as_ref() else {
        return Vec::new();
    };
    let object = |found: regex::Captures<'_>| {
        let kind = match found.get(1)?.as_str() {
            "secret" => Kind::Secret,
            _ => Kind::ConfigMap,
        };
        let range = found.get(2)?.range();
        Some((kind, &words[range]))
    };
    pattern.captures_iter(words).filter_map(object).collect()
}

/// What a pull error says; `None` for errors of another sort and for a bare "Back-off pulling image".
pub(super) fn pull_failure(words: &str) -> Option<PullFailure> {
    let says = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|it| it.is_match(words));
    if says(&OTHER_REFUSAL) || says(&OTHER_404) {
        return None;
    }
    if says(&UNREACHABLE) {
        return Some(PullFailure::Unreachable);
    }
    if says(&UNAUTHORIZED) {
        return Some(PullFailure::Unauthorized);
    }
    says(&NO_TAG).then_some(PullFailure::NoTag)
}

#[cfg(test)]
mod tests;
