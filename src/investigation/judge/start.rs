//! Container cannot start: a `ConfigMap` or a Secret that does not exist, an image that cannot be
//! pulled.

mod image;
mod mount;
mod phrases;
mod pull_secret;
mod references;
mod registry;
mod runtime;
mod told;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::core::v1::Pod;

use self::references::{Reference, references};
use super::facts::{NOT_STARTED, is_live, kubectl, pod_name, quote, recent_events};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{
    Container, Facts, Workload, containers, events_of, is_ready, utc,
};
use crate::text::Message;

/// Judges every pod that does not start.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut findings = missing_objects(case);
    findings.extend(image::judge(case));
    findings.extend(pull_secret::judge(case));
    findings.extend(told::judge(case));
    findings.extend(mount::judge(case));
    findings.extend(runtime::judge(case));
    findings
}

/// A sentence of the kubelet about a pod: what, where it was read, when.
struct Complaint {
    words: String,
    source: String,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
}

/// One object that does not exist, and the pods that wait for it.
struct Missing<'a> {
    complaint: Complaint,
    workload: &'a Workload<'a>,
    reference: Option<Reference>,
    pods: usize,
}

fn missing_objects(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut missing: BTreeMap<Subject, Missing<'_>> = BTreeMap::new();
    for workload in all {
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            let mut of_pod = BTreeMap::new();
            for complaint in complaints(case, pod) {
                for (kind, name) in phrases::not_found(&complaint.words) {
                    let subject = Subject::new(kind, workload.namespace(), name);
                    of_pod.entry(subject).or_insert_with(|| Complaint {
                        words: complaint.words.clone(),
                        source: complaint.source.clone(),
                        ..complaint
                    });
                }
            }
            for (subject, complaint) in of_pod {
                let uses: Vec<Reference> = pod.spec.as_ref().map(references).unwrap_or_default();
                let mut uses = uses.into_iter().filter(|used| used.names(&subject));
                let reference = uses.clone().find(|used| !used.optional);
                // Every reference is optional: the kubelet goes on without it.
                if reference.is_none() && uses.next().is_some() {
                    continue;
                }
                let entry = missing.entry(subject).or_insert(Missing {
                    complaint,
                    workload,
                    reference,
                    pods: 0,
                });
                entry.pods += 1;
            }
        }
    }
    let finding = |(subject, missing): (Subject, Missing<'_>)| {
        let hits = referencing(all, &subject, missing.workload);
        missing_finding(case, subject, &missing, hits)
    };
    missing.into_iter().map(finding).collect()
}

/// What the kubelet says against a pod's start: container states first (they are of now), then events.
fn complaints(case: &Facts<'_>, pod: &Pod) -> Vec<Complaint> {
    if is_ready(pod) {
        return Vec::new();
    }
    let all = containers(pod);
    let mut found = Vec::new();
    for container in &all {
        if let Some((reason, message)) = container.waiting()
            && !message.is_empty()
        {
            found.push(Complaint {
                words: message.to_owned(),
                source: waiting_source(container, reason),
                at: None,
                since: None,
            });
        }
        found.extend(start_error(container));
    }
    let held = all.is_empty() || all.iter().any(is_held);
    found.extend(attach_failed(case, pod).filter(|_| held));
    for event in recent_events(case, pod).into_iter().filter(|_| held) {
        found.push(Complaint {
            words: event.message.to_owned(),
            source: format!("event {} pod {}", event.reason, pod_name(pod)),
            at: event.last,
            since: event.first,
        });
    }
    found
}

/// The attach controller says it once and goes on trying in silence; the kubelet only says that the time was up. What
/// was said since this pod was made holds as long as it waits.
fn attach_failed(case: &Facts<'_>, pod: &Pod) -> Option<Complaint> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let made = pod.metadata.creation_timestamp.as_ref().map(utc)?;
    let events = events_of(case, "Pod", namespace, pod_name(pod));
    let event = events.into_iter().find(|event| {
        event.reason == "FailedAttachVolume" && event.last.is_some_and(|at| at >= made)
    })?;
    Some(Complaint {
        words: event.message.to_owned(),
        source: format!("event {} pod {}", event.reason, pod_name(pod)),
        at: event.last,
        since: event.first,
    })
}

/// What the runtime said when the start itself failed; a back-off does not repeat it.
fn start_error(container: &Container<'_>) -> Option<Complaint> {
    let exit = container
        .last_exit()
        .filter(|_| container.running_since().is_none())?;
    let failed = matches!(exit.reason.as_str(), "StartError" | "ContainerCannotRun");
    (failed && !exit.message.is_empty()).then(|| Complaint {
        words: exit.message.clone(),
        source: format!(
            "pod {} status.containerStatuses[{}].lastState",
            pod_name(container.pod),
            container.name()
        ),
        at: exit.finished,
        since: exit.finished,
    })
}

/// Whether the container has not come to run (yet), as opposed to one that ran and died.
fn is_held(container: &Container<'_>) -> bool {
    container.running_since().is_none()
        && container
            .waiting()
            .is_none_or(|(reason, _)| reason != "CrashLoopBackOff")
        && container.last_exit().is_none_or(|exit| exit.code != 0)
}

fn waiting_source(container: &Container<'_>, reason: &str) -> String {
    format!(
        "pod {} status.containerStatuses[{}].state.waiting ({reason})",
        pod_name(container.pod),
        container.name()
    )
}

/// The workloads that cannot start a pod without the object.
fn referencing(all: &[Workload<'_>], subject: &Subject, first: &Workload<'_>) -> Vec<Subject> {
    let mut hits = vec![first.subject.clone()];
    for workload in all {
        let same_namespace = workload.subject.namespace == subject.namespace;
        if !same_namespace || hits.contains(&workload.subject) {
            continue;
        }
        let template = workload
            .template
            .and_then(|template| template.spec.as_ref())
            .or_else(|| workload.pods.first().and_then(|pod| pod.spec.as_ref()));
        let needs = template.is_some_and(|spec| {
            let mut uses = references(spec).into_iter();
            uses.any(|used| used.names(subject) && !used.optional)
        });
        if needs {
            hits.push(workload.subject.clone());
        }
    }
    hits
}

fn missing_finding(
    case: &Facts<'_>,
    subject: Subject,
    missing: &Missing<'_>,
    hits: Vec<Subject>,
) -> Finding {
    let (missed, sentence, why) = match subject.kind {
        Kind::Secret => (
            Cause::SecretMissing,
            "cause-secret-missing",
            "why-secret-missing",
        ),
        _ => (
            Cause::ConfigMapMissing,
            "cause-configmap-missing",
            "why-configmap-missing",
        ),
    };
    let workload = &missing.workload.subject;
    let summary = Message::new(sentence)
        .with("name", &subject.name)
        .with("namespace", missing.workload.namespace())
        .with("workload", &workload.name)
        .with("pods", missing.pods);
    // A name that the pod's spec does not mention came from elsewhere: an injected volume, say.
    let strength = if missing.reference.is_some() {
        0.97
    } else {
        0.85
    };
    let complaint = &missing.complaint;
    let fix = Fix::new(
        subject.clone(),
        "",
        Message::new(why)
            .with("name", &subject.name)
            .with("workload", &workload.name),
    )
    .command(create_command(&subject, missing.reference.as_ref()));
    let mut finding = Finding::new(missed, subject, strength, summary)
        .evidence(
            Message::new("fact-kubelet-says").with("line", quote(&complaint.words)),
            complaint.source.as_str(),
            complaint.at.or(Some(case.now)),
        )
        .explains(NOT_STARTED)
        .since(complaint.since)
        .affected(missing.pods)
        .fix(fix);
    if let Some(reference) = &missing.reference {
        finding = with_reference(finding, workload, reference, &hits);
    }
    let ready = missing.workload.ready();
    let wanted = missing.workload.wanted().max(missing.pods);
    let fact = Message::new("fact-replicas-ready")
        .with("ready", ready)
        .with("wanted", wanted);
    finding
        .evidence(fact, format!("{} pods", workload.label()), Some(case.now))
        .hits(hits)
}

/// Where the spec asks for the object, and who else does.
fn with_reference(
    finding: Finding,
    workload: &Subject,
    reference: &Reference,
    hits: &[Subject],
) -> Finding {
    let others: Vec<String> = hits.iter().skip(1).map(Subject::label).collect();
    let fact = Message::new("fact-referenced-by")
        .with("workload", workload.label())
        .with("field", reference.field.as_str())
        .with("count", others.len())
        .with("others", others);
    finding.evidence(fact, format!("{} spec.template", workload.label()), None)
}

/// The contents are not ours to know: the command carries an ellipsis where they go.
fn create_command(subject: &Subject, reference: Option<&Reference>) -> String {
    let kubectl = kubectl(subject);
    let from = if reference.is_some_and(|reference| reference.is_volume) {
        "--from-file=…"
    } else {
        "--from-env-file=…"
    };
    match subject.kind {
        Kind::Secret => format!("{kubectl} create secret generic {} {from}", subject.name),
        _ => format!("{kubectl} create configmap {} {from}", subject.name),
    }
}
