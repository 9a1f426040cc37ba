//! Certificates that will run out: what cert-manager and programs say of them. Only what can be seen is said: no
//! Secret is ever read.

use std::sync::LazyLock;

use chrono::TimeDelta;
use k8s_openapi::api::networking::v1::Ingress;
use regex::Regex;

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{EventView, Facts, all_events, ingress_backends, owner_of};
use crate::investigation::judge::facts::{kubectl, quote};
use crate::text::{Message, pattern};

/// cert-manager tries again every hour, then less and less often.
const RECENT: TimeDelta = TimeDelta::hours(34);
/// Kinds of cert-manager.io and acme.cert-manager.io whose warnings mean that no certificate comes.
const KINDS: [&str; 4] = ["Certificate", "CertificateRequest", "Order", "Challenge"];
/// Reasons by which they say it.
const REASONS: [&str; 7] = [
    "Failed",
    "BadConfig",
    "ErrInitIssuer",
    "IssuerNotReady",
    "PresentError",
    "Denied",
    "BackoffLimitExceeded",
];
/// A program's own warning, with what is left in days or hours.
static EXPIRES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)certificate[^\n]{0,120}?\b(?:will expire|expires|is about to expire|expiring) in (\d+) ?(d|h|day|hour)").ok()
});

/// Judges what is said.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut findings = renewals(case);
    findings.extend(warnings(case));
    findings
}

/// One finding each certificate that cert-manager cannot renew.
fn renewals(case: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let failing = all_events(case).filter(|(event, view)| {
        let object = &event.involved_object;
        let kind = object.kind.as_deref().unwrap_or_default();
        let api = object.api_version.as_deref().unwrap_or("cert-manager.io");
        KINDS.contains(&kind)
            && api.contains("cert-manager.io")
            && REASONS.contains(&view.reason)
            && view.last.is_none_or(|at| case.now - at <= RECENT)
    });
    for (event, view) in failing {
        let Some(found) = renewal(case, event, &view) else {
            continue;
        };
        if !findings
            .iter()
            .any(|known| known.subject.same_object(&found.subject))
        {
            findings.push(found);
        }
    }
    findings
}

fn renewal(
    case: &Facts<'_>,
    event: &k8s_openapi::api::core::v1::Event,
    view: &EventView<'_>,
) -> Option<Finding> {
    let object = &event.involved_object;
    let namespace = object.namespace.as_deref()?;
    let name = certificate(case, namespace, object.name.as_deref()?);
    let ingress = ingress_of(case, namespace, &name);
    let subject = ingress.unwrap_or_else(|| Subject::new(Kind::Secret, namespace, &name));
    let summary = Message::new("cause-certificate-not-renewed")
        .with("certificate", &name)
        .with("object", subject.label());
    let fact = Message::new("fact-component-says").with("line", quote(view.message));
    let kind = object.kind.as_deref().unwrap_or_default();
    let source = format!(
        "event {} {kind} {}",
        view.reason,
        object.name.as_deref().unwrap_or_default()
    );
    let command = format!("{} describe certificate {name}", kubectl(&subject));
    let why = Message::new("why-certificate-not-renewed");
    let fix = Fix::new(subject.clone(), "", why).command(command);
    // When the one in use runs out is not in an event.
    Some(
        Finding::new(Cause::CertificateExpiring, subject, 0.8, summary)
            .evidence(fact, source, view.last)
            .explains([Symptom::Errors, Symptom::Unavailable, Symptom::DeployFailed])
            .since(view.first)
            .hits(served(case, namespace, &name))
            .fix(fix),
    )
}

/// The Services behind the Ingresses that serve with it.
fn served(case: &Facts<'_>, namespace: &str, certificate: &str) -> Vec<Subject> {
    let own = case
        .ingresses
        .within(namespace)
        .filter(|it| serves_with(it, certificate));
    own.flat_map(ingress_backends)
        .map(|service| Subject::new(Kind::Service, namespace, service))
        .collect()
}

fn serves_with(ingress: &Ingress, certificate: &str) -> bool {
    let mut tls = ingress
        .spec
        .iter()
        .flat_map(|spec| spec.tls.iter().flatten());
    tls.any(|tls| tls.secret_name.as_deref() == Some(certificate))
}

/// Requests, orders and challenges are called after their certificate, with numbers behind.
fn certificate(case: &Facts<'_>, namespace: &str, object: &str) -> String {
    let ingresses = case.ingresses.within(namespace);
    let secrets =
        ingresses.flat_map(|it| it.spec.iter().flat_map(|spec| spec.tls.iter().flatten()));
    let mut names = secrets.filter_map(|tls| tls.secret_name.clone());
    let own = names.find(|name| object == name || object.starts_with(&format!("{name}-")));
    own.unwrap_or_else(|| {
        let number = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        let mut name = object;
        while let Some((rest, last)) = name.rsplit_once('-') {
            if !number(last) {
                break;
            }
            name = rest;
        }
        name.to_owned()
    })
}

/// The Ingress that serves with it: cert-manager names a certificate after the Ingress' Secret.
fn ingress_of(case: &Facts<'_>, namespace: &str, certificate: &str) -> Option<Subject> {
    let mut all = case.ingresses.within(namespace);
    let serves = all.find(|ingress| serves_with(ingress, certificate))?;
    Some(Subject::new(
        Kind::Ingress,
        namespace,
        serves.metadata.name.as_deref()?,
    ))
}

/// Programs that warn of a certificate of theirs.
fn warnings(case: &Facts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for log in &case.logs {
        let warned = log.records.iter().rev().find_map(|line| {
            let found = EXPIRES.as_ref()?.captures(&line.text)?;
            let number: i64 = found.get(1)?.as_str().parse().ok()?;
            let hours = found.get(2)?.as_str().to_ascii_lowercase().starts_with('h');
            let days = if hours { number / 24 } else { number };
            (days <= 14).then_some((line, days))
        });
        let Some((line, days)) = warned else { continue };
        let pod = case.pods.look(&log.namespace, &log.pod).found();
        let subject = pod.map_or_else(
            || Subject::new(Kind::Pod, &log.namespace, &log.pod),
            owner_of,
        );
        let summary = Message::new("cause-certificate-expiring")
            .with("workload", &subject.name)
            .with("days", days);
        let fact = Message::new("fact-component-says").with("line", quote(&line.text));
        let source = format!("log {}/{}", log.pod, log.container);
        let fix = Fix::new(
            subject.clone(),
            "",
            Message::new("why-certificate-expiring"),
        );
        let found = Finding::new(Cause::CertificateExpiring, subject, 0.6, summary)
            .evidence(fact, source, line.at)
            .explains([Symptom::Errors, Symptom::Unavailable])
            .fix(fix);
        if !findings
            .iter()
            .any(|known| known.subject.same_object(&found.subject))
        {
            findings.push(found);
        }
    }
    findings
}
