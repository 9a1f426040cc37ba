//! The API server refused a pod for another reason than a quota: pod security, limit ranges, admission webhooks, a
//! `ServiceAccount` that does not exist. The words are those of the admission plugins (`plugin/pkg/admission`,
//! `pod-security-admission`), quoted by whoever tried: in events and in the conditions of Deployments.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentCondition};
use regex::Regex;

use super::bounds::bounds;
use super::{REFUSED, is_short, workload_of};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Facts, events_of, utc};
use crate::investigation::judge::facts::{argument, is_recent, kubectl, quote};
use crate::investigation::judge::phrase::{Phrase, phrase};
use crate::text::{Arg, Message, pattern};

/// Groups `name` and `why` where the words have them.
static REFUSALS: [Phrase; 7] = [
    phrase!(
        ServiceAccountMissing,
        "cause-service-account-missing",
        "why-service-account-missing",
        0.97,
        r#"error looking up service account (?P<why>[^/\s]+)/(?P<name>[^:\s]+): serviceaccounts? "[^"]+" not found"#
    ),
    phrase!(
        PodSecurityDenied,
        "cause-pod-security-denied",
        "why-pod-security-denied",
        0.97,
        r#"violates PodSecurity "(?P<name>[^"]+)": (?P<why>.+)"#
    ),
    phrase!(
        LimitRangeViolated,
        "cause-limit-range-violated",
        "why-limit-range-violated",
        0.97,
        r"is forbidden: \[?(?P<why>(?:maximum|minimum) (?P<name>\S+) usage per (?:Container|Pod|PersistentVolumeClaim) is [^\]]+|(?:\S+ )?max limit to request ratio per [^\]]+)"
    ),
    // The webhook answers, with a certificate that its configuration does not trust.
    phrase!(
        AdmissionWebhookUnavailable,
        "cause-admission-webhook-certificate",
        "why-admission-webhook-certificate",
        0.95,
        r#"failed calling webhook "(?P<name>[^"]+)": (?P<why>.*(?:x509:|tls: failed to verify).*)"#
    ),
    phrase!(
        AdmissionWebhookUnavailable,
        "cause-admission-webhook-unavailable",
        "why-admission-webhook-unavailable",
        0.95,
        r#"failed calling webhook "(?P<name>[^"]+)": (?P<why>.+)"#
    ),
    phrase!(
        AdmissionWebhookDenied,
        "cause-admission-webhook-denied",
        "why-admission-webhook-denied",
        0.95,
        r#"admission webhook "(?P<name>[^"]+)" denied the request(?:: ?| without explanation)(?P<why>.*)"#
    ),
    // `staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go`.
    phrase!(
        AdmissionWebhookDenied,
        "cause-admission-policy-denied",
        "why-admission-webhook-denied",
        0.95,
        r"ValidatingAdmissionPolicy '(?P<name>[^']+)' with binding '[^']+' denied request: (?P<why>.+)"
    ),
];

/// The Service behind a webhook, as the API server writes its address.
static SERVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"https://([a-z0-9-]+)\.([a-z0-9-]+)\.svc[:/]|no endpoints available for service "([a-z0-9-]+)""#).ok()
});

struct Told {
    phrase: &'static Phrase,
    name: String,
    why: String,
    words: String,
    source: String,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
    workloads: Vec<Subject>,
}

/// One finding each subject and cause, with everyone who is refused.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut told: BTreeMap<(Cause, Subject), Told> = BTreeMap::new();
    let mut add = |one: Told, workload: Subject| {
        let subject = subject(case, &one, &workload);
        let entry = told.entry((one.phrase.cause, subject)).or_insert(one);
        if !entry.workloads.contains(&workload) {
            entry.workloads.push(workload);
        }
    };
    for (one, workload) in by_condition(case) {
        add(one, workload);
    }
    for (one, workload) in by_event(case) {
        add(one, workload);
    }
    told.into_iter()
        .map(|((_, subject), told)| finding(&subject, &told).blames(behind(case, &subject)))
        .collect()
}

/// Of now: what the Deployment controller repeats in its conditions.
fn by_condition(case: &Facts<'_>) -> Vec<(Told, Subject)> {
    let of = |object: &Deployment| {
        let conditions = object.status.as_ref()?.conditions.iter().flatten();
        let failed = |it: &&DeploymentCondition| {
            let stuck = it.reason.as_deref() == Some("ReplicaSetCreateError");
            (it.type_ == Some("ReplicaFailure".into()) && it.status.as_deref() == Some("True"))
                || stuck
        };
        let condition = { conditions }.find(failed)?;
        let name = object.metadata.name.clone()?;
        let one = Told {
            source: format!("deployment {name} status.conditions"),
            at: Some(case.now),
            since: condition.last_transition_time.as_ref().map(utc),
            ..read(condition.message.as_deref()?)?
        };
        let namespace = object.metadata.namespace.clone()?;
        Some((one, Subject::new(Kind::Deployment, namespace, name)))
    };
    case.deployments.iter().filter_map(of).collect()
}

/// Whoever tried says it: the workload controllers (`FailedCreate`), the Deployment controller
/// (`ReplicaSetCreateError`), a `CronJob`'s, a `GitOps` tool's.
fn by_event(case: &Facts<'_>) -> Vec<(Told, Subject)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for event in case.events.iter() {
        let object = &event.involved_object;
        let kind = object.kind.as_deref().unwrap_or_default();
        let namespace = object.namespace.as_deref().unwrap_or_default();
        let name = object.name.as_deref().unwrap_or_default();
        if read(event.message.as_deref().unwrap_or_default()).is_none()
            || !seen.insert((kind, namespace, name))
            || !is_short(case, kind, namespace, name)
        {
            continue;
        }
        let Some(workload) = workload_of(case, kind, namespace, name) else {
            continue;
        };
        for view in events_of(case, kind, namespace, name) {
            let Some(one) = read(view.message).filter(|_| is_recent(case, view.last)) else {
                continue;
            };
            let one = Told {
                source: format!("event {} {} {name}", view.reason, kind.to_ascii_lowercase()),
                at: view.last,
                since: view.first,
                ..one
            };
            found.push((one, workload.clone()));
        }
    }
    found
}

fn read(words: &str) -> Option<Told> {
    REFUSALS.iter().find_map(|phrase| {
        let found = phrase.read(words)?;
        let group = |name: &str| {
            found
                .name(name)
                .map_or_else(String::new, |one| one.as_str().trim().to_owned())
        };
        Some(Told {
            phrase,
            name: group("name"),
            why: group("why"),
            words: words.to_owned(),
            source: String::new(),
            at: None,
            since: None,
            workloads: Vec::new(),
        })
    })
}

/// The object to change: the account that should be there, the Service that does not answer, else the workload.
fn subject(case: &Facts<'_>, told: &Told, workload: &Subject) -> Subject {
    let namespace = workload.namespace.clone().unwrap_or_default();
    match told.phrase.cause {
        Cause::ServiceAccountMissing => Subject::new(Kind::ServiceAccount, namespace, &told.name),
        Cause::AdmissionWebhookUnavailable if told.phrase.says.ends_with("certificate") => {
            configuration(case, &told.name).unwrap_or_else(|| workload.clone())
        }
        Cause::AdmissionWebhookUnavailable => {
            let found = SERVICE
                .as_ref()
                .and_then(|pattern| pattern.captures(&told.words));
            let group = |at| {
                found
                    .as_ref()
                    .and_then(|found| found.get(at))
                    .map(|one| one.as_str())
            };
            match (group(1), group(2)) {
                (Some(service), Some(namespace)) => {
                    let left = is_left_behind(case, namespace, service);
                    let registered = left.then(|| configuration(case, &told.name)).flatten();
                    registered.unwrap_or_else(|| Subject::new(Kind::Service, namespace, service))
                }
                _ => workload.clone(),
            }
        }
        _ => workload.clone(),
    }
}

/// Whether nothing is left of what answered for a webhook: neither its Service nor any workload beside it.
fn is_left_behind(case: &Facts<'_>, namespace: &str, service: &str) -> bool {
    case.services.look(namespace, service).is_absent()
        && case.deployments.knows(namespace)
        && case.deployments.within(namespace).next().is_none()
        && case.stateful_sets.knows(namespace)
        && case.stateful_sets.within(namespace).next().is_none()
}

/// The configuration that registers a webhook of that name.
fn configuration(case: &Facts<'_>, webhook: &str) -> Option<Subject> {
    let validating = case.validating_webhooks.iter().find(|it| {
        let mut hooks = it.webhooks.iter().flatten();
        hooks.any(|hook| hook.name == webhook)
    });
    let mutating = || {
        case.mutating_webhooks.iter().find(|it| {
            let mut hooks = it.webhooks.iter().flatten();
            hooks.any(|hook| hook.name == webhook)
        })
    };
    let of = |kind, name: &Option<String>| Some(Subject::cluster(kind, name.clone()?));
    match validating {
        Some(it) => of(Kind::ValidatingWebhookConfiguration, &it.metadata.name),
        None => of(
            Kind::MutatingWebhookConfiguration,
            &mutating()?.metadata.name,
        ),
    }
}

/// Who should answer behind the Service of a webhook: what keeps that from running is the cause.
fn behind(case: &Facts<'_>, subject: &Subject) -> Vec<Subject> {
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let service = case.services.look(namespace, &subject.name).found();
    let service = service.filter(|_| subject.kind == Kind::Service);
    service.map_or_else(Vec::new, |service| case.behind(service))
}

/// What is said and what is advised; a configuration whose webhook was uninstalled has words of its own.
fn sentences(subject: &Subject, told: &Told) -> (&'static str, &'static str) {
    let registered = matches!(
        subject.kind,
        Kind::ValidatingWebhookConfiguration | Kind::MutatingWebhookConfiguration
    );
    if registered && told.phrase.says == "cause-admission-webhook-unavailable" {
        return (
            "cause-admission-webhook-left-behind",
            "why-admission-webhook-left-behind",
        );
    }
    (told.phrase.says, told.phrase.why)
}

fn finding(subject: &Subject, told: &Told) -> Finding {
    let names: Vec<&str> = told.workloads.iter().map(|one| one.name.as_str()).collect();
    let why = if told.why.is_empty() {
        Arg::from(Message::new("refused-without-reason"))
    } else {
        Arg::from(quote(&told.why))
    };
    let args = |message: Message| {
        message
            .with("name", &told.name)
            .with("why", why.clone())
            .with("subject", &subject.name)
            .with("namespace", subject.namespace.clone().unwrap_or_default())
            .with("workloads", names.clone())
    };
    let (says, advice) = sentences(subject, told);
    let fixes = fixes(subject, told, &args(Message::new(advice)));
    let hits = told
        .workloads
        .iter()
        .filter(|one| !one.same_object(subject))
        .cloned();
    let finding = Finding::new(
        told.phrase.cause,
        subject.clone(),
        told.phrase.strength,
        args(Message::new(says)),
    )
    .evidence(
        Message::new("fact-api-refused").with("line", quote(&told.words)),
        told.source.as_str(),
        told.at,
    )
    .explains(REFUSED)
    .since(told.since)
    .affected(told.workloads.len())
    .hits(hits);
    fixes.into_iter().fold(finding, Finding::fix)
}

/// For a limit range each number with what is allowed; else the one thing to do.
fn fixes(subject: &Subject, told: &Told, why: &Message) -> Vec<Fix> {
    let command = command(told.phrase.cause, subject);
    let bounds = if told.phrase.cause == Cause::LimitRangeViolated {
        bounds(&told.words)
    } else {
        Vec::new()
    };
    if bounds.is_empty() {
        return vec![Fix::new(subject.clone(), "", why.clone()).command(command)];
    }
    let fix = |bound: super::bounds::Bound| {
        Fix::new(subject.clone(), bound.field, why.clone()).change(bound.from, bound.to)
    };
    let mut all: Vec<Fix> = bounds.into_iter().map(fix).collect();
    if let Some(last) = all.pop() {
        all.push(last.command(command));
    }
    all
}

fn command(cause: Cause, subject: &Subject) -> String {
    let kubectl = kubectl(subject);
    match cause {
        Cause::ServiceAccountMissing => format!("{kubectl} create serviceaccount {}", subject.name),
        Cause::LimitRangeViolated => format!("{kubectl} describe limitrange"),
        Cause::AdmissionWebhookUnavailable => {
            let wide = subject.kind == Kind::Service;
            format!(
                "{kubectl} get {} -o {}",
                argument(subject),
                if wide { "wide" } else { "yaml" }
            )
        }
        _ => format!("{kubectl} edit {}", argument(subject)),
    }
}
