//! The TLS Secret of an Ingress. Secrets are not read: that one is missing is known from the Ingress controller, by
//! its events or its log.

use std::sync::LazyLock;

use k8s_openapi::api::networking::v1::Ingress;
use regex::Regex;

use super::behind;
use super::route::{ingress_subject, routes};
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, events_of};
use crate::investigation::judge::facts::{is_recent, kubectl, quote};
use crate::text::{Message, pattern};

/// ingress-nginx: `Error getting SSL certificate "ns/name": local SSL certificate ns/name was not found. Using default
/// certificate`; Traefik: `secret ns/name does not exist`; GKE: `secret "name" does not exist`; Kong, Contour,
/// `HAProxy`: `Secret "name" not found`, `no object matching key`.
static MISSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)not found|does(?:n't| not) exist|no object matching key|is missing").ok()
});
/// The controller found it after all.
static ADDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)adding secret to local store|updating (?:local copy of )?(?:ssl certificate|secret)",
    )
    .ok()
});

/// One finding each Secret that a controller misses.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for ingress in case.ingresses.iter() {
        let tls = ingress
            .spec
            .iter()
            .flat_map(|spec| spec.tls.iter().flatten());
        for secret in tls.filter_map(|tls| tls.secret_name.as_deref()) {
            findings.extend(of(case, ingress, secret));
        }
    }
    findings.dedup_by(|a, b| a.subject == b.subject);
    findings
}

/// Whether the words say that this Secret is missing, and no other.
fn says_missing(words: &str, namespace: &str, secret: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let mut tokens = words.split(|c| !name(c)).map(|it| it.trim_matches('.'));
    let full = format!("{namespace}/{secret}");
    let slashed = words.contains(&full) || !words.contains(&format!("/{secret}"));
    tokens.any(|token| token == secret)
        && slashed
        && MISSING
            .as_ref()
            .is_some_and(|missing| missing.is_match(words))
}

fn of(case: &Facts<'_>, ingress: &Ingress, secret: &str) -> Option<Finding> {
    let subject = ingress_subject(ingress);
    let namespace = subject.namespace.clone()?;
    let event = events_of(case, "Ingress", &namespace, &subject.name)
        .into_iter()
        .find(|it| is_recent(case, it.last) && says_missing(it.message, &namespace, secret));
    if let Some(event) = event {
        let source = format!("{} event {}", subject.label(), event.reason);
        return Some(finding(
            case,
            ingress,
            secret,
            event.message,
            &source,
            event.last,
        ));
    }
    let full = format!("{namespace}/{secret}");
    let mut controllers = case
        .logs
        .iter()
        .filter(|log| log.namespace != namespace || log.container == "controller");
    controllers.find_map(|log| {
        let (record, line) = log.find(|line| {
            line.contains(&full)
                && (says_missing(line, &namespace, secret)
                    || ADDED.as_ref().is_some_and(|added| added.is_match(line)))
        })?;
        if ADDED.as_ref().is_some_and(|added| added.is_match(line)) {
            return None;
        }
        let source = format!("pod {} container {} log", log.pod, log.container);
        Some(finding(case, ingress, secret, line, &source, record.at))
    })
}

fn finding(
    case: &Facts<'_>,
    ingress: &Ingress,
    secret: &str,
    words: &str,
    source: &str,
    at: Option<chrono::DateTime<chrono::Utc>>,
) -> Finding {
    let own = ingress_subject(ingress);
    let namespace = own.namespace.clone().unwrap_or_default();
    let subject = Subject::new(Kind::Secret, &namespace, secret);
    let summary = Message::new("cause-ingress-tls-secret-missing")
        .with("ingress", &own.name)
        .with("secret", secret)
        .with("namespace", &namespace);
    let said = Message::new("fact-traffic-controller-says").with("line", quote(words));
    let wanted = Message::new("fact-ingress-tls")
        .with("ingress", &own.name)
        .with("secret", secret);
    let command = format!("{} get secret {secret}", kubectl(&own));
    let fix = Fix::new(
        subject.clone(),
        "",
        Message::new("why-ingress-tls").with("secret", secret),
    )
    .command(command);
    let services = routes(ingress)
        .into_iter()
        .filter_map(|route| case.services.look(&namespace, route.service).found());
    let hits: Vec<_> = services.flat_map(|service| behind(case, service)).collect();
    let wants = format!("{} spec.tls", own.label());
    Finding::new(Cause::IngressTlsSecretMissing, subject, 0.95, summary)
        .evidence(said, source, at)
        .evidence(wanted, wants, Some(case.now))
        .hits([own])
        .hits(hits)
        .explains([Symptom::Errors, Symptom::Unavailable])
        .since(at)
        .fix(fix)
}
