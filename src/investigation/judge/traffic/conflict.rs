//! Two Ingresses of one class that claim the same host and path for different Services: which one answers is the
//! controller's choice (ingress-nginx takes the older one).

use k8s_openapi::api::networking::v1::Ingress;

use super::behind;
use super::route::{Route, annotation, ingress_subject, routes};
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Facts, utc};
use crate::text::Message;

/// Controllers merge such on purpose.
const ON_PURPOSE: [&str; 3] = [
    "nginx.ingress.kubernetes.io/canary",
    "nginx.org/mergeable-ingress-type",
    "traefik.ingress.kubernetes.io/router.priority",
];

/// One finding each pair; the younger Ingress is the one that came into the way.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut all: Vec<&Ingress> = case
        .ingresses
        .iter()
        .filter(|it| it.metadata.deletion_timestamp.is_none() && !is_on_purpose(it))
        .collect();
    all.sort_by_key(|it| {
        let created = it.metadata.creation_timestamp.as_ref().map(utc);
        (
            created,
            it.metadata.namespace.clone(),
            it.metadata.name.clone(),
        )
    });
    let mut findings = Vec::new();
    for (at, younger) in all.iter().enumerate() {
        let pair = all.iter().take(at).find_map(|older| clash(older, younger));
        findings.extend(pair.and_then(|(older, younger)| finding(case, &older, &younger)));
    }
    findings
}

fn is_on_purpose(ingress: &Ingress) -> bool {
    ON_PURPOSE
        .iter()
        .any(|key| annotation(ingress, key).is_some())
}

fn class(ingress: &Ingress) -> Option<&str> {
    let spec = ingress.spec.as_ref()?;
    let named = spec.ingress_class_name.as_deref();
    named.or_else(|| annotation(ingress, "kubernetes.io/ingress.class"))
}

/// The same host and path for another Service. With the AWS controller each Ingress has a load balancer of its own.
fn clash<'a>(older: &'a Ingress, younger: &'a Ingress) -> Option<(Route<'a>, Route<'a>)> {
    if class(older) != class(younger) || class(older) == Some("alb") {
        return None;
    }
    let same_namespace = older.metadata.namespace == younger.metadata.namespace;
    let plain = |path: &str| path.trim_end_matches('/').to_owned();
    routes(younger).into_iter().find_map(|new| {
        let other = routes(older).into_iter().find(|old| {
            let same = old.host == new.host && plain(old.path) == plain(new.path);
            let backend = old.service == new.service && same_namespace;
            same && !old.host.is_empty() && !backend
        })?;
        Some((other, new))
    })
}

fn finding(case: &Facts<'_>, older: &Route<'_>, younger: &Route<'_>) -> Option<Finding> {
    let (old, new) = (
        ingress_subject(older.ingress),
        ingress_subject(younger.ingress),
    );
    let created = younger
        .ingress
        .metadata
        .creation_timestamp
        .as_ref()
        .map(utc);
    // One that came today is what is wrong today; one that stood for weeks has been lived with.
    let fresh = created.is_none_or(|at| case.now - at < chrono::TimeDelta::days(2));
    if !fresh && case.symptoms.is_empty() {
        return None;
    }
    let strength = if fresh { 0.93 } else { 0.72 };
    let summary = Message::new("cause-ingress-host-conflict")
        .with("ingress", new.label())
        .with("other", old.label())
        .with("way", younger.shown())
        .with("service", younger.service)
        .with("before", older.service);
    let fact = |route: &Route<'_>, name: &str| {
        Message::new("fact-ingress-sends")
            .with("ingress", name)
            .with("way", route.shown())
            .with("service", route.service)
            .with("port", route.port_shown())
    };
    let both = [older, younger].into_iter().filter_map(|route| {
        let namespace = route.ingress.metadata.namespace.as_deref()?;
        case.services.look(namespace, route.service).found()
    });
    let hits: Vec<_> = both.flat_map(|service| behind(case, service)).collect();
    let why = Message::new("why-ingress-conflict").with("way", younger.shown());
    let sources = (
        format!("{} spec.rules", new.label()),
        format!("{} spec.rules", old.label()),
    );
    Some(
        Finding::new(Cause::IngressHostConflict, new.clone(), strength, summary)
            .evidence(fact(younger, &new.name), sources.0, created)
            .evidence(fact(older, &old.name), sources.1, Some(case.now))
            .hits([old])
            .hits(hits)
            .explains([Symptom::Errors, Symptom::Unavailable, Symptom::MissingData])
            .since(created)
            .fix(Fix::new(new, "spec.rules", why)),
    )
}
