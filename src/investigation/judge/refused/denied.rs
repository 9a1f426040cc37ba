//! The API server refused a pod for another reason than a quota: pod security, limit ranges, admission webhooks, a
//! `ServiceAccount` that does not exist. The words are those of the admission plugins (`plugin/pkg/admission`,
//! `pod-security-admission`), quoted by the controller that tried in `FailedCreate` events.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;

use super::{REFUSED, is_short, workload_of};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Case, events_of};
use crate::investigation::judge::facts::{argument, is_recent, kubectl, quote};
use crate::investigation::judge::phrase::{Phrase, phrase};
use crate::text::{Arg, Message};

/// Groups `name` and `why` where the words have them.
static REFUSALS: [Phrase; 5] = [
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
];

/// The Service behind a webhook, as the API server writes its address.
static SERVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"https://([a-z0-9-]+)\.([a-z0-9-]+)\.svc[:/]|no endpoints available for service "([a-z0-9-]+)""#).ok()
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
pub(super) fn judge(case: &Case) -> Vec<Finding> {
    let mut told: BTreeMap<(Cause, Subject), Told> = BTreeMap::new();
    for event in case
        .events
        .iter()
        .filter(|event| event.reason.as_deref() == Some("FailedCreate"))
    {
        let object = &event.involved_object;
        let kind = object.kind.as_deref().unwrap_or_default();
        let namespace = object.namespace.as_deref().unwrap_or_default();
        let name = object.name.as_deref().unwrap_or_default();
        if !is_short(case, kind, namespace, name) {
            continue;
        }
        let Some(workload) = workload_of(case, kind, namespace, name) else {
            continue;
        };
        for view in events_of(case, kind, namespace, name) {
            let Some(one) = read(view.message).filter(|_| is_recent(case, view.last)) else {
                continue;
            };
            let subject = subject(&one, &workload);
            let entry = told.entry((one.phrase.cause, subject)).or_insert(Told {
                source: format!("event {} {} {name}", view.reason, kind.to_ascii_lowercase()),
                at: view.last,
                since: view.first,
                ..one
            });
            if !entry.workloads.contains(&workload) {
                entry.workloads.push(workload.clone());
            }
        }
    }
    told.into_iter()
        .map(|((_, subject), told)| finding(&subject, &told))
        .collect()
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
fn subject(told: &Told, workload: &Subject) -> Subject {
    let namespace = workload.namespace.clone().unwrap_or_default();
    match told.phrase.cause {
        Cause::ServiceAccountMissing => Subject::new(Kind::ServiceAccount, namespace, &told.name),
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
                (Some(service), Some(namespace)) => Subject::new(Kind::Service, namespace, service),
                _ => workload.clone(),
            }
        }
        _ => workload.clone(),
    }
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
    let why = told.phrase.why;
    let fix = Fix::new(subject.clone(), "", args(Message::new(why)))
        .command(command(told.phrase.cause, subject));
    let hits = told
        .workloads
        .iter()
        .filter(|one| !one.same_object(subject))
        .cloned();
    Finding::new(
        told.phrase.cause,
        subject.clone(),
        told.phrase.strength,
        args(Message::new(told.phrase.says)),
    )
    .evidence(
        Message::new("fact-api-refused").with("line", quote(&told.words)),
        told.source.as_str(),
        told.at,
    )
    .explains(REFUSED)
    .since(told.since)
    .affected(told.workloads.len())
    .hits(hits)
    .fix(fix)
}

fn command(cause: Cause, subject: &Subject) -> String {
    let kubectl = kubectl(subject);
    match cause {
        Cause::ServiceAccountMissing => format!("{kubectl} create serviceaccount {}", subject.name),
        Cause::LimitRangeViolated => format!("{kubectl} describe limitrange"),
        Cause::AdmissionWebhookUnavailable => {
            format!("{kubectl} get {} -o wide", argument(subject))
        }
        _ => format!("{kubectl} edit {}", argument(subject)),
    }
}
