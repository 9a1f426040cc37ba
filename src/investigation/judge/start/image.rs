//! Images that cannot be pulled: no such tag, no credentials, no registry. The telling message is in
//! an event or shows only now and then in the container's state: both are read.

use chrono::{DateTime, Utc};
use k8s_openapi::api::apps::v1::ReplicaSet;

use super::phrases::{PullFailure, pull_failure};
use super::registry::{registry, tag};
use super::waiting_source;
use crate::finding::{Cause, Finding, Fix, Kind};
use crate::investigation::case::{Container, Facts, Workload, containers, revision};
use crate::investigation::judge::facts::{
    NOT_STARTED, argument, has_rollouts, is_live, kubectl, pod_name, quote_end, recent_events,
    replicas,
};
use crate::text::Message;

/// One container whose image does not come.
struct Pull<'a> {
    workload: &'a Workload<'a>,
    container: Container<'a>,
    failure: PullFailure,
    words: String,
    source: String,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
    pods: usize,
}

/// Judges every container that waits for its image: one finding each workload and container.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut findings = Vec::new();
    for workload in all {
        let mut pulls: Vec<Pull<'_>> = Vec::new();
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            for container in containers(pod) {
                let Some(pull) = pull(case, workload, container) else {
                    continue;
                };
                match pulls
                    .iter_mut()
                    .find(|known| known.container.name() == container.name())
                {
                    Some(known) => known.pods += 1,
                    None => pulls.push(pull),
                }
            }
        }
        let without = |pull: &&Pull<'_>| {
            pull.failure == PullFailure::Unauthorized
                && !super::pull_secret::missing(case, pull.container.pod).is_empty()
        };
        let known = pulls.iter().filter(|pull| !without(pull));
        findings.extend(known.map(|pull| finding(case, pull)));
    }
    findings
}

/// Whether the kubelet waits for the container's image, in any of its words for it.
pub(super) fn is_waiting(container: &Container<'_>) -> bool {
    let reasons = ["ErrImagePull", "ImagePullBackOff", "RegistryUnavailable"];
    container
        .waiting()
        .is_some_and(|(reason, _)| reasons.contains(&reason))
}

fn pull<'a>(
    case: &Facts<'_>,
    workload: &'a Workload<'a>,
    container: Container<'a>,
) -> Option<Pull<'a>> {
    if !is_waiting(&container) {
        return None;
    }
    let about = |words: &str| words.contains(&format!("\"{}\"", container.image()));
    let events = recent_events(case, container.pod);
    let event = events.iter().find_map(|event| {
        let ours = event.container == Some(container.name())
            || event.container.is_none() && about(event.message);
        let failure = pull_failure(event.message).filter(|_| ours && event.reason == "Failed")?;
        Some((failure, event))
    });
    let found = |failure, words: &str, source, at, since| Pull {
        workload,
        container,
        failure,
        words: words.to_owned(),
        source,
        at,
        since,
        pods: 1,
    };
    if let Some((failure, event)) = event {
        let source = format!("event {} pod {}", event.reason, pod_name(container.pod));
        return Some(found(
            failure,
            event.message,
            source,
            event.last,
            event.first,
        ));
    }
    let (reason, message) = container.waiting()?;
    let failure = pull_failure(message)?;
    let source = waiting_source(&container, reason);
    Some(found(failure, message, source, Some(case.now), None))
}

fn finding(case: &Facts<'_>, pull: &Pull<'_>) -> Finding {
    let (failed, sentence, strength) = match pull.failure {
        PullFailure::NoTag => (Cause::ImageTagNotFound, "cause-image-tag-not-found", 0.97),
        PullFailure::Unauthorized => (
            Cause::ImagePullUnauthorized,
            "cause-image-pull-unauthorized",
            0.95,
        ),
        PullFailure::Unreachable => (
            Cause::ImageRegistryUnreachable,
            "cause-image-registry-unreachable",
            0.95,
        ),
    };
    let image = pull.container.image();
    let summary = Message::new(sentence)
        .with("workload", &pull.workload.subject.name)
        .with("container", pull.container.name())
        .with("image", image)
        .with("tag", tag(image).map_or(image, |(_, tag)| tag))
        .with("registry", registry(image));
    let subject = pull
        .workload
        .subject
        .clone()
        .container(pull.container.name());
    let mut finding = Finding::new(failed, subject, strength, summary)
        .evidence(
            Message::new("fact-kubelet-says").with("line", quote_end(&pull.words)),
            pull.source.as_str(),
            pull.at,
        )
        .explains(NOT_STARTED)
        .since(pull.since)
        .affected(pull.pods);
    finding = match pull.failure {
        PullFailure::NoTag => previous_image(case, pull, finding),
        PullFailure::Unauthorized => pull_secrets(case, pull, finding),
        PullFailure::Unreachable => same_registry(case, pull, finding),
    };
    let wanted = pull.workload.wanted().max(pull.pods);
    replicas(finding, case, pull.workload.ready(), wanted)
}

/// The image this container had before, from a pod that still runs it or the previous revision.
fn previous_image(case: &Facts<'_>, pull: &Pull<'_>, finding: Finding) -> Finding {
    let subject = finding.subject.clone();
    let image = pull.container.image();
    let fix = Fix::new(subject.clone(), "image", Message::new("why-image-tag"));
    let siblings = pull.workload.pods.iter().flat_map(|pod| containers(pod));
    let running: Vec<&str> = siblings
        .filter(|other| other.name() == pull.container.name() && other.running_since().is_some())
        .map(|other| other.image())
        .filter(|other| *other != image)
        .collect();
    let before = running.first().copied().map(str::to_owned);
    let before = before.or_else(|| image_of_last_revision(case, pull));
    let Some(before) = before else {
        return finding.fix(fix.change(Some(image), None::<String>));
    };
    let source = format!("{} pods", pull.workload.subject.label());
    let fact = Message::new(if running.is_empty() {
        "fact-image-before"
    } else {
        "fact-image-still-runs"
    })
    .with("image", &before)
    .with("pods", running.len());
    let mut fix = fix.change(Some(image), Some(before));
    if has_rollouts(&subject) {
        fix = fix.command(format!(
            "{} rollout undo {}",
            kubectl(&subject),
            argument(&subject)
        ));
    }
    finding.evidence(fact, source, Some(case.now)).fix(fix)
}

fn image_of_last_revision(case: &Facts<'_>, pull: &Pull<'_>) -> Option<String> {
    let subject = &pull.workload.subject;
    let owned = |set: &&ReplicaSet| {
        let owners = set.metadata.owner_references.iter().flatten();
        subject.kind == Kind::Deployment
            && owners
                .into_iter()
                .any(|owner| owner.kind == "Deployment" && owner.name == subject.name)
    };
    let image = |set: &ReplicaSet| {
        let spec = set.spec.template.as_ref()?.spec.as_ref()?;
        let container = spec
            .containers
            .iter()
            .find(|container| container.name == pull.container.name())?;
        container.image.clone()
    };
    let mut sets: Vec<&ReplicaSet> = case
        .replica_sets
        .within(pull.workload.namespace())
        .filter(owned)
        .collect();
    sets.sort_by_key(|set| std::cmp::Reverse(revision(set)));
    let mut images = sets.into_iter().filter_map(image);
    images.find(|image| image != pull.container.image())
}

/// With which credentials the pull was tried, and whether the kubelet found them.
fn pull_secrets(case: &Facts<'_>, pull: &Pull<'_>, finding: Finding) -> Finding {
    let spec = pull.container.pod.spec.as_ref();
    let names: Vec<&str> = spec
        .into_iter()
        .flat_map(|spec| spec.image_pull_secrets.iter().flatten())
        .map(|secret| secret.name.as_str())
        .collect();
    let subject = finding.subject.clone();
    let source = format!("pod {} spec.imagePullSecrets", pod_name(pull.container.pod));
    let fact = if names.is_empty() {
        Message::new("fact-no-pull-secret")
    } else {
        Message::new("fact-pull-secrets").with("names", names.clone())
    };
    let why = if names.is_empty() {
        "why-image-pull-secret-add"
    } else {
        "why-image-pull-secret-renew"
    };
    let fix = Fix::new(
        subject,
        "imagePullSecrets",
        Message::new(why).with("registry", registry(pull.container.image())),
    );
    finding.evidence(fact, source, Some(case.now)).fix(fix)
}

/// Whether other workloads wait for the same registry: then it is not one image's trouble.
fn same_registry(case: &Facts<'_>, pull: &Pull<'_>, finding: Finding) -> Finding {
    let host = registry(pull.container.image());
    let all = case.workloads();
    let waiting = |workload: &&Workload<'_>| {
        let mut containers = workload.pods.iter().flat_map(|pod| containers(pod));
        containers.any(|other| is_waiting(&other) && registry(other.image()) == host)
    };
    let others: Vec<String> = all
        .iter()
        .filter(|other| other.subject != pull.workload.subject)
        .filter(waiting)
        .map(|other| other.subject.label())
        .collect();
    let fix = Fix::new(
        finding.subject.clone(),
        "",
        Message::new("why-registry-unreachable").with("registry", host),
    );
    let finding = finding.fix(fix);
    if others.is_empty() {
        return finding;
    }
    let fact = Message::new("fact-registry-others")
        .with("registry", host)
        .with("others", others);
    finding.evidence(fact, "pods", Some(case.now))
}
