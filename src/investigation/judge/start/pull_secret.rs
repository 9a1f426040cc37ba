//! A Secret named in `imagePullSecrets` that does not exist. The kubelet pulls without it and says so
//! (`FailedToRetrieveImagePullSecret`, `pkg/kubelet/kubelet_pods.go`); it is a cause only where the
//! registry then refuses the image. Many clusters carry such a name and pull public images.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use k8s_openapi::api::core::v1::Pod;
use regex::Regex;

use super::image::is_waiting;
use super::phrases::{PullFailure, pull_failure};
use super::registry::registry;
use super::{Complaint, complaints};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Container, Facts, Workload, containers};
use crate::investigation::judge::facts::{
    NOT_STARTED, is_live, kubectl, pod_name, quote_end, recent_events,
};
use crate::text::{Message, pattern};

static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"Unable to retrieve some image pull secrets \(([a-z0-9., -]+)\)").ok()
});

/// One Secret that is not there, and the pods whose pull fails for it.
struct Missing<'a> {
    workloads: Vec<&'a Workload<'a>>,
    image: &'a str,
    event: Complaint,
    refusal: Option<Complaint>,
    /// The pod names other Secrets, which may be the ones that matter.
    others: bool,
    pods: usize,
}

/// The pull Secrets of a pod that the kubelet could not find.
pub(super) fn missing(case: &Facts<'_>, pod: &Pod) -> Vec<String> {
    not_retrieved(case, pod).map_or_else(Vec::new, |(names, _)| names)
}

fn not_retrieved(case: &Facts<'_>, pod: &Pod) -> Option<(Vec<String>, Complaint)> {
    recent_events(case, pod).into_iter().find_map(|event| {
        let found = NAMES.as_ref()?.captures(event.message)?;
        let names = found.get(1)?.as_str().split(", ").map(str::to_owned);
        let complaint = Complaint {
            words: event.message.to_owned(),
            source: format!("event {} pod {}", event.reason, pod_name(pod)),
            at: event.last,
            since: event.first,
        };
        Some((names.collect(), complaint))
    })
}

/// One finding each Secret.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut missing: BTreeMap<Subject, Missing<'_>> = BTreeMap::new();
    for workload in all {
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            let waiting = containers(pod).into_iter().find(is_waiting);
            let Some((container, (names, event))) = waiting.zip(not_retrieved(case, pod)) else {
                continue;
            };
            let Some(refusal) = refusal(case, pod) else {
                continue;
            };
            add(
                &mut missing,
                workload,
                &container,
                &names,
                (&event, refusal),
            );
        }
    }
    missing
        .iter()
        .map(|(subject, missing)| finding(case, subject, missing))
        .collect()
}

fn add<'a>(
    missing: &mut BTreeMap<Subject, Missing<'a>>,
    workload: &'a Workload<'a>,
    container: &Container<'a>,
    names: &[String],
    (event, refusal): (&Complaint, Option<Complaint>),
) {
    let spec = container.pod.spec.as_ref();
    let named = spec.and_then(|spec| spec.image_pull_secrets.as_ref());
    let others = named.is_some_and(|all| all.len() > names.len());
    for name in names {
        let subject = Subject::new(Kind::Secret, workload.namespace(), name);
        let entry = missing.entry(subject).or_insert_with(|| Missing {
            workloads: Vec::new(),
            image: container.image(),
            event: copy(event),
            refusal: refusal.as_ref().map(copy),
            others,
            pods: 0,
        });
        entry.pods += 1;
        let known = |it: &&Workload<'_>| it.subject == workload.subject;
        if !entry.workloads.iter().any(known) {
            entry.workloads.push(workload);
        }
    }
}

fn copy(complaint: &Complaint) -> Complaint {
    Complaint {
        words: complaint.words.clone(),
        source: complaint.source.clone(),
        ..*complaint
    }
}

/// The registry's refusal (`Some(None)` where nothing but a back-off is known); `None` where the pull
/// fails for another reason: a tag that is not there, a registry that does not answer, a limit.
#[expect(
    clippy::option_option,
    reason = "three answers: refused, not known, failed otherwise"
)]
fn refusal(case: &Facts<'_>, pod: &Pod) -> Option<Option<Complaint>> {
    let told = complaints(case, pod);
    let tried = told
        .iter()
        .any(|it| it.words.contains("ailed to pull") || it.words.contains("rpc error"));
    let refused = told
        .into_iter()
        .find(|it| pull_failure(&it.words) == Some(PullFailure::Unauthorized));
    (refused.is_some() || !tried).then_some(refused)
}

fn finding(case: &Facts<'_>, subject: &Subject, missing: &Missing<'_>) -> Finding {
    let names: Vec<&str> = missing
        .workloads
        .iter()
        .map(|it| it.subject.name.as_str())
        .collect();
    let host = registry(missing.image);
    let args = |message: Message| {
        message
            .with("name", &subject.name)
            .with("namespace", subject.namespace.clone().unwrap_or_default())
            .with("registry", host)
            .with("image", missing.image)
            .with("pods", missing.pods)
            .with("workloads", names.clone())
    };
    let strength = match (&missing.refusal, missing.others) {
        (Some(_), false) => 0.96,
        (Some(_), true) => 0.86,
        (None, _) => 0.75,
    };
    let command = format!(
        "{} create secret docker-registry {} --docker-server={host} --docker-username=… --docker-password=…",
        kubectl(subject),
        subject.name
    );
    let fix = Fix::new(
        subject.clone(),
        "",
        args(Message::new("why-image-pull-secret-missing")),
    );
    let says = |complaint: &Complaint| {
        Message::new("fact-kubelet-says").with("line", quote_end(&complaint.words))
    };
    let mut finding = Finding::new(
        Cause::ImagePullSecretMissing,
        subject.clone(),
        strength,
        args(Message::new("cause-image-pull-secret-missing")),
    )
    .evidence(
        says(&missing.event),
        missing.event.source.as_str(),
        missing.event.at,
    )
    .explains(NOT_STARTED)
    .since(missing.event.since)
    .affected(missing.pods)
    .hits(missing.workloads.iter().map(|it| it.subject.clone()))
    .fix(fix.command(command));
    if let Some(refusal) = &missing.refusal {
        let at = refusal.at.or(Some(case.now));
        finding = finding.evidence(says(refusal), refusal.source.as_str(), at);
    }
    finding
}
