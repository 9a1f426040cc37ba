//! What the kubelet says in so many words when a container does not start: a key that is not in its ConfigMap, an
//! image that cannot be had, a volume or a network that cannot be set up. The sentences are those of the kubelet
//! (`pkg/kubelet/kuberuntime`, `pkg/kubelet/images`, `pkg/volume`), of containerd and CRI-O, and of the registries.

use k8s_openapi::api::core::v1::Pod;
use std::collections::BTreeMap;

use super::{Complaint, complaints};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Facts, Workload, containers};
use crate::investigation::judge::facts::{
    NOT_STARTED, argument, is_live, kubectl, quote_end, replicas,
};
use crate::investigation::judge::phrase::{Phrase, phrase};
use crate::text::Message;

/// The first group, where there is one, is the name or key it is about, the second the object. The most exact first: the first that matches is what is said.
static PHRASES: [Phrase; 11] = [
    phrase!(
        ConfigMapKeyMissing,
        "cause-configmap-key-missing",
        "why-configmap-key-missing",
        0.97,
        r"couldn't find key (\S+) in ConfigMap [^/\s]+/([a-z0-9.-]*[a-z0-9])"
    ),
    phrase!(
        SecretKeyMissing,
        "cause-secret-key-missing",
        "why-secret-key-missing",
        0.97,
        r"couldn't find key (\S+) in Secret [^/\s]+/([a-z0-9.-]*[a-z0-9])"
    ),
    phrase!(
        ConfigMapKeyMissing,
        "cause-configmap-key-missing",
        "why-configmap-key-missing",
        0.93,
        r"references non-existent config key: (\S+)"
    ),
    phrase!(
        SecretKeyMissing,
        "cause-secret-key-missing",
        "why-secret-key-missing",
        0.93,
        r"references non-existent secret key: (\S+)"
    ),
    phrase!(
        ImageNameInvalid,
        "cause-image-name-invalid",
        "why-image-name-invalid",
        0.97,
        r"(?:couldn't parse image (?:name|reference)|InvalidImageName|invalid reference format)"
    ),
    phrase!(
        ImageNeverPulled,
        "cause-image-never-pulled",
        "why-image-never-pulled",
        0.97,
        r"is not present with pull policy of Never"
    ),
    phrase!(
        ImagePullRateLimited,
        "cause-image-pull-rate-limited",
        "why-image-pull-rate-limited",
        0.95,
        r"(?i)toomanyrequests|429 too many requests|reached your (?:unauthenticated )?pull rate limit"
    ),
    phrase!(
        ImageArchitectureMismatch,
        "cause-image-architecture-mismatch",
        "why-image-architecture-mismatch",
        0.96,
        r"(?i)no match for platform in manifest|no (?:matching manifest|image found) (?:for|in (?:manifest list|image index) for)"
    ),
    phrase!(
        ImageNotFound,
        "cause-image-not-found",
        "why-image-not-found",
        0.95,
        r"(?i)name unknown|NAME_UNKNOWN|repository name not known|repository \S+ not found"
    ),
    phrase!(
        VolumeAttachFailed,
        "cause-volume-attach-failed",
        "why-volume-attach-failed",
        0.93,
        r#"(?:Multi-Attach error for volume|AttachVolume\.Attach failed for volume) "([^"]+)""#
    ),
    phrase!(
        SandboxNetworkFailed,
        "cause-sandbox-network-failed",
        "why-sandbox-network-failed",
        0.93,
        r"(?i)(?:failed to (?:setup|set up) network for sandbox|failed to create pod (?:network )?sandbox[^\n]*(?:cni|network|plugin type=))"
    ),
];

/// A sentence about a workload's pods.
struct Told<'a> {
    phrase: &'static Phrase,
    name: Option<String>,
    complaint: Complaint,
    workload: &'a Workload<'a>,
    pod: &'a Pod,
    pods: usize,
}

/// One finding each subject and cause.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut told: BTreeMap<(Cause, Subject), Told<'_>> = BTreeMap::new();
    for workload in all {
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            let Some((key, one)) = first(case, workload, pod) else {
                continue;
            };
            told.entry(key).or_insert(one).pods += 1;
        }
    }
    told.into_iter()
        .map(|((_, subject), told)| finding(case, &subject, &told))
        .collect()
}

/// The most exact sentence about a pod.
fn first<'a>(
    case: &Facts<'_>,
    workload: &'a Workload<'a>,
    pod: &'a Pod,
) -> Option<((Cause, Subject), Told<'a>)> {
    let complaints = complaints(case, pod);
    for phrase in &PHRASES {
        for complaint in &complaints {
            let Some(found) = phrase.read(&complaint.words) else {
                continue;
            };
            let group = |at: usize| found.get(at).map(|one| one.as_str().to_owned());
            let subject = subject(
                case,
                phrase.cause,
                workload,
                pod,
                (group(1), group(2)),
                &complaint.words,
            );
            let told = Told {
                phrase,
                name: group(1),
                complaint: Complaint {
                    words: complaint.words.clone(),
                    source: complaint.source.clone(),
                    ..*complaint
                },
                workload,
                pod,
                pods: 0,
            };
            return Some(((phrase.cause, subject), told));
        }
    }
    None
}

/// The object to change: where the key belongs, the claim, the node, else the container that names the image.
fn subject(
    case: &Facts<'_>,
    code: Cause,
    workload: &Workload<'_>,
    pod: &Pod,
    (name, object): (Option<String>, Option<String>),
    words: &str,
) -> Subject {
    let namespace = workload.namespace();
    let own = || workload.subject.clone();
    match code {
        Cause::ConfigMapKeyMissing | Cause::SecretKeyMissing => {
            let kind = if code == Cause::SecretKeyMissing {
                Kind::Secret
            } else {
                Kind::ConfigMap
            };
            let object = object.or_else(|| mounted(pod, kind, name.as_deref()?));
            object.map_or_else(own, |object| Subject::new(kind, namespace, object))
        }
        Cause::VolumeAttachFailed => {
            let of_volume = |claim: &&k8s_openapi::api::core::v1::PersistentVolumeClaim| {
                claim
                    .spec
                    .as_ref()
                    .and_then(|spec| spec.volume_name.as_ref())
                    == name.as_ref()
            };
            let claim = case.claims.within(namespace).find(of_volume);
            let claim = claim.and_then(|claim| claim.metadata.name.clone());
            claim.map_or_else(own, |claim| {
                Subject::new(Kind::PersistentVolumeClaim, namespace, claim)
            })
        }
        Cause::SandboxNetworkFailed => {
            let node = pod.spec.as_ref().and_then(|spec| spec.node_name.clone());
            node.map_or_else(own, |node| Subject::cluster(Kind::Node, node))
        }
        _ => {
            let all = containers(pod);
            let named = all.iter().find(|one| words.contains(one.image()));
            let waits = || all.iter().find(|one| one.waiting().is_some());
            let container = named.or_else(waits);
            container.map_or_else(own, |one| own().container(one.name()))
        }
    }
}

/// The object of that kind whose volume asks for the key.
fn mounted(pod: &Pod, kind: Kind, key: &str) -> Option<String> {
    let volumes = pod.spec.as_ref()?.volumes.iter().flatten();
    let mut asking = volumes.filter_map(|volume| {
        if kind == Kind::Secret {
            let secret = volume.secret.as_ref()?;
            let mut items = secret.items.iter().flatten();
            return items
                .any(|item| item.key == key)
                .then(|| secret.secret_name.clone())?;
        }
        let map = volume.config_map.as_ref()?;
        let mut items = map.items.iter().flatten();
        items.any(|item| item.key == key).then(|| map.name.clone())
    });
    asking.next()
}

fn finding(case: &Facts<'_>, subject: &Subject, told: &Told<'_>) -> Finding {
    let workload = &told.workload.subject;
    let all = containers(told.pod);
    let container = all
        .iter()
        .find(|one| Some(one.name()) == subject.container.as_deref());
    let image = container.map_or("", |container| container.image());
    let args = |message: Message| {
        message
            .with("name", told.name.clone().unwrap_or_default())
            .with("object", &subject.name)
            .with("image", image)
            .with("workload", &workload.name)
            .with("pods", told.pods)
    };
    let why = told.phrase.why;
    let mut fix = Fix::new(subject.clone(), "", args(Message::new(why)));
    fix = fix.command(command(told.phrase.cause, subject, workload));
    let complaint = &told.complaint;
    let fact = Message::new("fact-kubelet-says").with("line", quote_end(&complaint.words));
    let at = complaint.at.or(Some(case.now));
    let finding = Finding::new(
        told.phrase.cause,
        subject.clone(),
        told.phrase.strength,
        args(Message::new(told.phrase.says)),
    )
    .evidence(fact, complaint.source.as_str(), at)
    .explains(NOT_STARTED)
    .since(complaint.since)
    .affected(told.pods)
    .hits((!workload.same_object(subject)).then(|| workload.clone()))
    .fix(fix);
    let wanted = told.workload.wanted().max(told.pods);
    let own = Subject {
        container: None,
        ..workload.clone()
    };
    let ready = Message::new("fact-replicas-ready")
        .with("ready", told.workload.ready())
        .with("wanted", wanted);
    if own.same_object(subject) {
        return replicas(finding, case, told.workload.ready(), wanted);
    }
    finding.evidence(ready, format!("{} pods", own.label()), Some(case.now))
}

/// What to look at or to run; names come from the API server.
fn command(cause: Cause, subject: &Subject, workload: &Subject) -> String {
    match cause {
        Cause::ConfigMapKeyMissing => {
            format!("{} edit configmap {}", kubectl(subject), subject.name)
        }
        Cause::SecretKeyMissing => format!("{} edit secret {}", kubectl(subject), subject.name),
        Cause::VolumeAttachFailed => format!("{} describe {}", kubectl(subject), argument(subject)),
        Cause::SandboxNetworkFailed => format!("kubectl describe node {}", subject.name),
        _ => format!("{} rollout undo {}", kubectl(workload), argument(workload)),
    }
}
