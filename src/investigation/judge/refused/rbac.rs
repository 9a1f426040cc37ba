//! A `ServiceAccount` without a right its pods need. The API server's words are the same wherever a
//! client logs them (`staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go`).

mod handed_on;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;

use self::handed_on::handed_on;
use super::workload_of;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{
    Facts, Level, LogRead, Record, application_subject, containers, events_of,
};
use crate::investigation::judge::facts::{is_recent, quote};
use crate::text::{Message, pattern};

/// What pods without a right explain.
const FORBIDDEN: [Symptom; 7] = [
    Symptom::Errors,
    Symptom::Restarting,
    Symptom::NotReady,
    Symptom::Unavailable,
    Symptom::MissingData,
    Symptom::DeployFailed,
    Symptom::JobFailed,
];

/// Names are taken only as Kubernetes lets them be: they stand in a command.
static DENIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"User \\?"system:serviceaccount:(?P<ns>[a-z0-9-]+):(?P<sa>[a-z0-9.-]+)\\?" cannot (?P<verb>[a-z*]+) (?:resource \\?"(?P<resource>[a-z0-9./*-]+)\\?" in API group \\?"(?P<group>[a-z0-9.-]*)\\?"(?: in the namespace \\?"(?P<in>[a-z0-9-]+)\\?"| at the cluster scope)|path \\?"(?P<path>[A-Za-z0-9/._*-]+)\\?")"#).ok()
});
/// A binding whose role is not there: the authorizer adds it to its words.
static NO_ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"RBAC: (clusterrole|role)\.rbac\.authorization\.k8s\.io \\?"([A-Za-z0-9.:-]+)\\?" not found"#).ok()
});

/// One right that is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Right {
    verb: String,
    /// `pods`, `deployments.apps`, `pods/log`, or a path.
    resource: String,
    /// `None`: in the whole cluster.
    namespace: Option<String>,
}

/// What is said of one account.
struct Denied {
    rights: Vec<Right>,
    no_role: Option<(String, String)>,
    /// The role it wants to hand on, where that is what was refused: empty where the words do not name it.
    grants: Option<String>,
    line: String,
    source: String,
    at: Option<DateTime<Utc>>,
    strength: f64,
    workloads: Vec<Subject>,
}

/// One finding each account.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut denied: BTreeMap<Subject, Denied> = BTreeMap::new();
    by_log(case, &mut denied);
    by_event(case, &mut denied);
    by_status(case, &mut denied);
    denied
        .iter()
        .map(|(subject, denied)| finding(subject, denied))
        .collect()
}

/// What is still so, by the newest logs of each container.
fn by_log(case: &Facts<'_>, denied: &mut BTreeMap<Subject, Denied>) {
    let all = case.workloads();
    for workload in all {
        for container in workload.pods.iter().flat_map(|pod| containers(pod)) {
            let pod = container.pod.metadata.name.as_deref().unwrap_or_default();
            let Some(log) = case.last_words(workload.namespace(), pod, container.name()) else {
                continue;
            };
            let dead = container.running_since().is_none() || log.previous;
            for (at, record) in log.records.iter().enumerate() {
                if !dead && !is_recent(case, record.at) {
                    continue;
                }
                let strength = strength(log, record, dead, container.ready());
                let run = if log.previous { "previous log" } else { "log" };
                let source = format!("pod {} container {} {run}", log.pod, log.container);
                let words = with_rules(log, at);
                grant(
                    denied,
                    &words,
                    (source.clone(), record.at),
                    strength,
                    &workload.subject,
                );
                for line in record.lines() {
                    let source = source.clone();
                    add(
                        denied,
                        line,
                        (source, record.at),
                        strength,
                        &workload.subject,
                    );
                }
            }
        }
    }
}

/// A record with the rules that follow it on lines of their own.
fn with_rules(log: &LogRead, at: usize) -> String {
    let rules = log.records.iter().skip(at + 1);
    let rules = rules.take_while(|next| {
        next.text.starts_with("{APIGroups:") || next.text.starts_with("{NonResourceURLs:")
    });
    let own = log.records.iter().skip(at).take(1);
    let lines: Vec<&str> = own.chain(rules).flat_map(Record::lines).collect();
    lines.join("\n")
}

/// It ended by it, it runs and is not ready, or it runs and does without.
#[expect(clippy::match_same_arms, reason = "a table")]
fn strength(log: &LogRead, record: &Record, dead: bool, ready: bool) -> f64 {
    let reason = log.reason().is_some_and(|reason| {
        std::ptr::eq(reason, record) || reason.lines().any(|line| read(line).is_some())
    });
    let loud = record.level >= Level::Error || reason;
    match (dead, ready) {
        (true, _) if reason => 0.95,
        (true, _) => 0.8,
        (false, false) if loud => 0.92,
        (false, false) => 0.8,
        (false, true) => 0.6,
    }
}

fn by_event(case: &Facts<'_>, denied: &mut BTreeMap<Subject, Denied>) {
    let mut seen = std::collections::BTreeSet::new();
    for event in case.events.iter() {
        let object = &event.involved_object;
        let kind = object.kind.as_deref().unwrap_or_default();
        let namespace = object.namespace.as_deref().unwrap_or_default();
        let name = object.name.as_deref().unwrap_or_default();
        let Some(workload) = workload_of(case, kind, namespace, name) else {
            continue;
        };
        if !seen.insert((kind, namespace, name)) {
            continue;
        }
        for view in events_of(case, kind, namespace, name) {
            if is_recent(case, view.last) {
                let source = format!("event {} {} {name}", view.reason, kind.to_ascii_lowercase());
                grant(
                    denied,
                    view.message,
                    (source.clone(), view.last),
                    0.85,
                    &workload,
                );
                add(denied, view.message, (source, view.last), 0.85, &workload);
            }
        }
    }
}

/// What Argo CD was told when it applied a role.
fn by_status(case: &Facts<'_>, denied: &mut BTreeMap<Subject, Denied>) {
    for app in case.applications.iter() {
        let operation = &app.status["operationState"];
        if !matches!(
            operation["phase"].as_str(),
            Some("Failed" | "Error" | "Running")
        ) {
            continue;
        }
        let subject = application_subject(app);
        let results = operation["syncResult"]["resources"].as_array();
        let results = results.into_iter().flatten().map(|one| &one["message"]);
        for words in results.chain([&operation["message"]]) {
            let words = words.as_str().unwrap_or_default();
            let source = format!("{} status.operationState", subject.label());
            grant(denied, words, (source, None), 0.92, &subject);
        }
    }
}

fn grant(
    denied: &mut BTreeMap<Subject, Denied>,
    words: &str,
    (source, at): (String, Option<DateTime<Utc>>),
    strength: f64,
    workload: &Subject,
) {
    let Some((account, role, rights)) = handed_on(words) else {
        return;
    };
    let entry = denied.entry(account).or_insert_with(|| Denied {
        rights: Vec::new(),
        no_role: None,
        grants: None,
        line: words.lines().next().unwrap_or_default().to_owned(),
        source,
        at,
        strength,
        workloads: Vec::new(),
    });
    entry.strength = entry.strength.max(strength);
    entry.grants.get_or_insert(role);
    for right in rights {
        if !entry.rights.contains(&right) {
            entry.rights.push(right);
        }
    }
    if !entry.workloads.contains(workload) {
        entry.workloads.push(workload.clone());
    }
}

/// The account and the right a line is about.
fn read(line: &str) -> Option<(Subject, Right)> {
    let found = DENIED.as_ref()?.captures(line)?;
    let group = |name: &str| found.name(name).map(|it| it.as_str());
    let account = Subject::new(Kind::ServiceAccount, group("ns")?, group("sa")?);
    let resource = match (group("resource"), group("group").unwrap_or_default()) {
        (Some(resource), "") => resource.to_owned(),
        (Some(resource), group) => match resource.split_once('/') {
            Some((resource, part)) => format!("{resource}.{group}/{part}"),
            None => format!("{resource}.{group}"),
        },
        (None, _) => group("path")?.to_owned(),
    };
    let right = Right {
        verb: group("verb")?.to_owned(),
        resource,
        namespace: group("in").map(str::to_owned),
    };
    Some((account, right))
}

fn add(
    denied: &mut BTreeMap<Subject, Denied>,
    line: &str,
    (source, at): (String, Option<DateTime<Utc>>),
    strength: f64,
    workload: &Subject,
) {
    let Some((account, right)) = read(line) else {
        return;
    };
    let no_role = NO_ROLE.as_ref().and_then(|it| it.captures(line));
    let no_role = no_role.and_then(|it| {
        Some((
            it.get(1)?.as_str().to_owned(),
            it.get(2)?.as_str().to_owned(),
        ))
    });
    let entry = denied.entry(account).or_insert_with(|| Denied {
        rights: Vec::new(),
        no_role: None,
        grants: None,
        line: line.to_owned(),
        source,
        at,
        strength,
        workloads: Vec::new(),
    });
    entry.strength = entry.strength.max(strength);
    entry.no_role = entry.no_role.take().or(no_role);
    if !entry.rights.contains(&right) {
        entry.rights.push(right);
    }
    if !entry.workloads.contains(workload) {
        entry.workloads.push(workload.clone());
    }
}

fn finding(subject: &Subject, denied: &Denied) -> Finding {
    let (sentence, why) = match denied.grants {
        Some(_) => ("cause-rbac-handed-on", "why-rbac-handed-on"),
        None => ("cause-rbac-forbidden", "why-rbac-forbidden"),
    };
    let names: Vec<&str> = denied.workloads.iter().map(|it| it.name.as_str()).collect();
    let namespace = denied.rights.first().and_then(|it| it.namespace.as_deref());
    let rights: Vec<String> = denied
        .rights
        .iter()
        .map(|right| format!("{} {}", right.verb, right.resource))
        .collect();
    let (kind, role) = match (&denied.no_role, &denied.grants) {
        (Some((kind, role)), _) => (kind.as_str(), role.as_str()),
        (None, Some(role)) => ("", role.as_str()),
        (None, None) => ("", ""),
    };
    let args = |message: Message| {
        message
            .with("name", &subject.name)
            .with("namespace", subject.namespace.clone().unwrap_or_default())
            .with("in", namespace.unwrap_or_default())
            .with(
                "scope",
                if namespace.is_some() {
                    "namespace"
                } else {
                    "cluster"
                },
            )
            .with("role", role)
            .with("named", if role.is_empty() { "no" } else { "yes" })
            .with("lost", if kind.is_empty() { "no" } else { "yes" })
            .with("rights", rights.clone())
            .with("workloads", names.clone())
    };
    let mut fix = Fix::new(subject.clone(), "", args(Message::new(why)));
    if let Some(command) = command(subject, denied) {
        fix = fix.command(command);
    }
    Finding::new(
        Cause::RbacForbidden,
        subject.clone(),
        denied.strength,
        args(Message::new(sentence)),
    )
    .evidence(
        Message::new("fact-log-says").with("line", quote(&denied.line)),
        denied.source.as_str(),
        denied.at,
    )
    .explains(FORBIDDEN)
    .since(denied.at)
    .affected(denied.workloads.len())
    .hits(denied.workloads.clone())
    .fix(fix)
}

/// The role and its binding; for a role that is lost, where to look.
fn command(subject: &Subject, denied: &Denied) -> Option<String> {
    let first = denied.rights.first()?;
    let of_scope = |right: &&Right| {
        right.namespace == first.namespace
            && (denied.grants.is_none() || right.verb == first.verb)
            && right.resource.starts_with('/') == first.resource.starts_with('/')
    };
    let unique = |of: fn(&Right) -> &str| {
        let mut all: Vec<&str> = denied.rights.iter().filter(of_scope).map(of).collect();
        all.sort_unstable();
        all.dedup();
        all.join(",")
    };
    let verbs = unique(|right| &right.verb);
    let resources = unique(|right| &right.resource);
    let what = if first.resource.starts_with('/') {
        "--non-resource-url"
    } else {
        "--resource"
    };
    let account = format!("{}:{}", subject.namespace.as_deref()?, subject.name);
    let name = &subject.name;
    Some(match &first.namespace {
        Some(namespace) => format!(
            "kubectl -n {namespace} create role {name} --verb={verbs} {what}={resources} && kubectl -n {namespace} create rolebinding {name} --role={name} --serviceaccount={account}"
        ),
        None => format!(
            "kubectl create clusterrole {name} --verb={verbs} {what}={resources} && kubectl create clusterrolebinding {name} --clusterrole={name} --serviceaccount={account}"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_servers_words_in_the_mouths_of_its_clients() {
        let cases = [
            (
                r#"pods is forbidden: User "system:serviceaccount:shop:reporter" cannot list resource "pods" in API group "" in the namespace "shop""#,
                Some(("reporter", "list", "pods", Some("shop"))),
            ),
            (
                r#"E1126 08:00:01.1 1 reflector.go:158] "Unhandled Error" err="failed to list *v1.Deployment: deployments.apps is forbidden: User \"system:serviceaccount:ops:watcher\" cannot list resource \"deployments\" in API group \"apps\" at the cluster scope""#,
                Some(("watcher", "list", "deployments.apps", None)),
            ),
            (
                r#"User "system:serviceaccount:a:b" cannot get resource "pods/log" in API group "" in the namespace "c""#,
                Some(("b", "get", "pods/log", Some("c"))),
            ),
            (
                r#"forbidden: User "system:serviceaccount:a:b" cannot get path "/metrics""#,
                Some(("b", "get", "/metrics", None)),
            ),
            (
                r#"User "jane" cannot list resource "pods" in API group """#,
                None,
            ),
            (
                r#"User "system:serviceaccount:a:b; rm -rf /" cannot list resource "pods" in API group """#,
                None,
            ),
        ];
        for (line, wanted) in cases {
            let found = read(line);
            let found = found.as_ref().map(|(account, right)| {
                (
                    account.name.as_str(),
                    right.verb.as_str(),
                    right.resource.as_str(),
                    right.namespace.as_deref(),
                )
            });
            assert_eq!(found, wanted, "{line}");
        }
    }
}
