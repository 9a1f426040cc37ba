//! The class of an Ingress: named and not there, or not named where no class is the default one. Nobody serves it.

use chrono::TimeDelta;
use k8s_openapi::api::networking::v1::{Ingress, IngressClass};

use super::behind;
use super::route::{annotation, ingress_subject, is_published, routes};
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Facts, Looked, utc};
use crate::investigation::judge::facts::kubectl;
use crate::text::Message;

/// The annotation classes were named by before `spec.ingressClassName`; controllers take it without the object.
const ANNOTATION: &str = "kubernetes.io/ingress.class";
const DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";
/// A controller needs some seconds to publish an address.
const SETTLED: TimeDelta = TimeDelta::minutes(3);

/// One finding each Ingress whose class is missing.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let gone = |it: &Ingress| it.metadata.deletion_timestamp.is_some();
    let all = case.ingresses.iter().filter(|it| !gone(it));
    all.filter_map(|ingress| of(case, ingress)).collect()
}

fn of(case: &Facts<'_>, ingress: &Ingress) -> Option<Finding> {
    if annotation(ingress, ANNOTATION).is_some() {
        return None;
    }
    let spec = ingress.spec.as_ref()?;
    match spec.ingress_class_name.as_deref() {
        Some(class) => unknown_class(case, ingress, class),
        None => no_class(case, ingress),
    }
}

fn names<'a>(case: &'a Facts<'a>) -> Vec<&'a str> {
    let all = case.ingress_classes.iter();
    all.filter_map(|class| class.metadata.name.as_deref())
        .collect()
}

fn unknown_class(case: &Facts<'_>, ingress: &Ingress, class: &str) -> Option<Finding> {
    if !matches!(case.ingress_classes.look("", class), Looked::Absent) {
        return None;
    }
    // A controller took it once: some go on serving when the class is gone.
    if is_published(ingress) && case.symptoms.is_empty() {
        return None;
    }
    let strength = if is_published(ingress) { 0.75 } else { 0.95 };
    let subject = ingress_subject(ingress);
    let there = names(case).join(", ");
    let summary = Message::new("cause-ingress-class-missing")
        .with("ingress", &subject.name)
        .with("class", class);
    let scored = names(case)
        .into_iter()
        .map(|name| (strsim::jaro_winkler(name, class), name));
    let near = scored
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let right = near.map(|(_, name)| name).or(match names(case).as_slice() {
        [only] => Some(*only),
        _ => None,
    });
    let fix = Fix::new(
        subject.clone(),
        "spec.ingressClassName",
        Message::new("why-ingress-class"),
    )
    .change(Some(class), right);
    let fix = match right {
        Some(right) => fix.command(format!(
            r#"{} patch ingress {} --type=merge -p '{{"spec":{{"ingressClassName":"{right}"}}}}'"#,
            kubectl(&subject),
            subject.name
        )),
        None => fix,
    };
    let fact = Message::new("fact-ingress-classes")
        .with("count", names(case).len())
        .with("classes", there);
    Some(finish(case, ingress, strength, summary, fact).fix(fix))
}

fn no_class(case: &Facts<'_>, ingress: &Ingress) -> Option<Finding> {
    let known = case.ingress_classes.look("", "").is_absent();
    let is_default = |class: &IngressClass| {
        let annotations = class.metadata.annotations.as_ref();
        annotations
            .and_then(|all| all.get(DEFAULT))
            .map(String::as_str)
            == Some("true")
    };
    let created = ingress.metadata.creation_timestamp.as_ref().map(utc);
    let young = created.is_some_and(|at| case.now - at < SETTLED);
    // A controller that watches Ingresses without a class publishes their address.
    if !known || young || is_published(ingress) || case.ingress_classes.iter().any(is_default) {
        return None;
    }
    let subject = ingress_subject(ingress);
    let there = names(case).join(", ");
    let summary = Message::new("cause-ingress-class-missing-none").with("ingress", &subject.name);
    let right = match names(case).as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let fix = Fix::new(
        subject,
        "spec.ingressClassName",
        Message::new("why-ingress-class"),
    )
    .change(None::<String>, right);
    let fact = Message::new("fact-ingress-no-default")
        .with("count", names(case).len())
        .with("classes", there);
    Some(finish(case, ingress, 0.93, summary, fact).fix(fix))
}

fn finish(
    case: &Facts<'_>,
    ingress: &Ingress,
    strength: f64,
    summary: Message,
    fact: Message,
) -> Finding {
    let subject = ingress_subject(ingress);
    let namespace = subject.namespace.clone().unwrap_or_default();
    let services = routes(ingress)
        .into_iter()
        .filter_map(|route| case.services.look(&namespace, route.service).found());
    let hits: Vec<_> = services.flat_map(|service| behind(case, service)).collect();
    let published = Message::new(if is_published(ingress) {
        "fact-ingress-published"
    } else {
        "fact-ingress-no-address"
    })
    .with("ingress", &subject.name);
    let source = format!("{} status.loadBalancer", subject.label());
    Finding::new(Cause::IngressClassMissing, subject, strength, summary)
        .evidence(fact, "ingressclasses", Some(case.now))
        .evidence(published, source, Some(case.now))
        .hits(hits)
        // Not slow, not half broken: nothing answers, or the controller's own 404.
        .explains([Symptom::Unavailable, Symptom::Errors, Symptom::DeployFailed])
}
