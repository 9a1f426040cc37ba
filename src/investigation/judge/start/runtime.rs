//! The kubelet or its runtime cannot create the container, for a reason that is neither its command nor
//! its configuration objects. The words are runc's and crun's, containerd's and CRI-O's, and the
//! kubelet's own checks (`pkg/kubelet/kuberuntime/security_context.go`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use k8s_openapi::api::core::v1::Pod;
use regex::Regex;

use super::phrases::not_found;
use super::{Complaint, complaints};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Container, Facts, Workload, containers};
use crate::investigation::judge::facts::{
    NOT_STARTED, argument, has_rollouts, is_live, kubectl, quote_end,
};
use crate::text::{Message, pattern};

/// One sort of words: the name its sentence has, whether the node is at fault, how much they prove.
/// Group `what` is the device, the user, the profile, the directory.
struct Sort {
    how: &'static str,
    node: bool,
    strength: f64,
    field: &'static str,
    pattern: LazyLock<Option<Regex>>,
}

macro_rules! sort {
    ($how:literal, $node:literal, $strength:literal, $field:literal, $pattern:literal) => {
        Sort {
            how: $how,
            node: $node,
            strength: $strength,
            field: $field,
            pattern: LazyLock::new(|| pattern($pattern).ok()),
        }
    };
}

/// The most exact first.
static SORTS: [Sort; 11] = [
    sort!(
        "memory",
        false,
        0.95,
        "resources.limits.memory",
        r"(?i)container init was OOM-killed|memory limit too low|minimum memory limit"
    ),
    sort!(
        "root",
        false,
        0.95,
        "securityContext.runAsUser",
        r"container has runAsNonRoot and image (?:will run as root|has non-numeric user \((?P<what>[^)]+)\))"
    ),
    sort!(
        "user",
        false,
        0.94,
        "securityContext.runAsUser",
        r"unable to find (?:user|group) (?P<what>[^:\s]+)|no matching entries in (?:passwd|group) file|no users found"
    ),
    sort!(
        "workdir",
        false,
        0.94,
        "workingDir",
        r#"chdir to cwd \("(?P<what>[^"]+)"\)"#
    ),
    sort!(
        "device",
        false,
        0.93,
        "resources.limits",
        r#"(?i)error gathering device information[^"]*"(?P<what>[^"]+)"|could not select device driver "[^"]*" with capabilities: (?P<caps>\S+)|unresolvable CDI devices? (?P<cdi>[^\s:]+)"#
    ),
    sort!(
        "profile",
        false,
        0.93,
        "securityContext",
        r#"(?i)(?:cannot load|load|localhost) (?:seccomp|apparmor) profile "?(?P<what>[^"\s:]*)|apparmor profile (?:not found )?"?(?P<armor>[\w./-]+)|seccomp profile[^\n]*no such file"#
    ),
    sort!(
        "gpu",
        true,
        0.9,
        "",
        r"nvidia-container-cli: (?P<what>[^\n]{0,80})"
    ),
    sort!("disk", true, 0.93, "", r"no space left on device"),
    sort!(
        "name",
        true,
        0.85,
        "",
        r#"failed to reserve container name|is reserved for "|container name "[^"]+" is already in use"#
    ),
    sort!(
        "cgroup",
        true,
        0.85,
        "",
        r"(?i)unable to apply cgroup|error setting cgroup config|failed to write[^\n]*cgroup|cgroup[^\n]*(?:no such file|permission denied|not permitted|device or resource busy)"
    ),
    sort!(
        "slow",
        true,
        0.8,
        "",
        r"^\s*context deadline exceeded|DeadlineExceeded desc = context deadline exceeded"
    ),
];
/// Anything else that a runtime says.
static OTHER: Sort = sort!(
    "other",
    false,
    0.8,
    "",
    r"(?i)OCI runtime|runc create failed|crun:|failed to create containerd|failed to create shim|create container"
);

/// The command, its file, a volume, a key: other causes' words.
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r#"executable file|exec(?:: "|\s+/)|exec format error|error mounting|volume-subpaths|subPath|couldn't find key|failed to pull|invalid reference"#).ok()
});

/// Reasons of a container that was not created, or did not start.
const NOT_CREATED: [&str; 4] = [
    "CreateContainerError",
    "RunContainerError",
    "CreateContainerConfigError",
    "StartError",
];

struct Told<'a> {
    sort: &'static Sort,
    what: String,
    complaint: Complaint,
    workload: &'a Workload<'a>,
    container: &'a str,
    image: &'a str,
    pods: usize,
}

/// One finding each container, or each node that cannot create any.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut told: BTreeMap<Subject, Told<'_>> = BTreeMap::new();
    for workload in all {
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            for container in containers(pod).into_iter().filter(is_not_created) {
                if let Some(one) = of_container(case, workload, container) {
                    let subject = subject(workload, pod, &one);
                    told.entry(subject).or_insert(one).pods += 1;
                }
            }
        }
    }
    told.iter()
        .map(|(subject, told)| finding(case, subject, told))
        .collect()
}

fn is_not_created(container: &Container<'_>) -> bool {
    let waits = |reason: &str| NOT_CREATED.contains(&reason);
    let start_error = container
        .last_exit()
        .is_some_and(|exit| matches!(exit.reason.as_str(), "StartError" | "ContainerCannotRun"));
    container.running_since().is_none()
        && (container.waiting().is_some_and(|(reason, _)| waits(reason)) || start_error)
}

fn of_container<'a>(
    case: &Facts<'_>,
    workload: &'a Workload<'a>,
    container: Container<'a>,
) -> Option<Told<'a>> {
    let mut complaints = complaints(case, container.pod);
    complaints.retain(|it| {
        let foreign = ELSEWHERE
            .as_ref()
            .is_some_and(|one| one.is_match(&it.words));
        let of_pod = it.source.starts_with("event") && !it.source.starts_with("event Failed pod");
        !foreign && !of_pod && not_found(&it.words).is_empty()
    });
    let exact = SORTS.iter().find_map(|sort| {
        let mut all = complaints.iter();
        all.find_map(|it| Some((sort, it, sort.pattern.as_ref()?.captures(&it.words)?)))
    });
    let any = || {
        let mut all = complaints.iter();
        all.find_map(|it| Some((&OTHER, it, OTHER.pattern.as_ref()?.captures(&it.words)?)))
    };
    let (sort, complaint, found) = exact.or_else(any)?;
    let what = ["what", "caps", "cdi", "armor"]
        .iter()
        .find_map(|name| found.name(name));
    Some(Told {
        sort,
        what: what.map_or_else(String::new, |what| what.as_str().to_owned()),
        complaint: Complaint {
            words: complaint.words.clone(),
            source: complaint.source.clone(),
            ..*complaint
        },
        workload,
        container: container.name(),
        image: container.image(),
        pods: 0,
    })
}

/// The node, where the words are its own and no pod of the workload says the same elsewhere.
fn subject(workload: &Workload<'_>, pod: &Pod, told: &Told<'_>) -> Subject {
    let node = |pod: &Pod| pod.spec.as_ref().and_then(|spec| spec.node_name.clone());
    let own = || workload.subject.clone().container(told.container);
    let elsewhere = workload
        .pods
        .iter()
        .filter(|other| node(other) != node(pod))
        .flat_map(|other| containers(other))
        .any(|other| is_not_created(&other));
    match node(pod).filter(|_| told.sort.node && !elsewhere) {
        Some(node) => Subject::cluster(Kind::Node, node),
        None => own(),
    }
}

fn finding(case: &Facts<'_>, subject: &Subject, told: &Told<'_>) -> Finding {
    let workload = &told.workload.subject;
    let args = |message: Message| {
        message
            .with("how", told.sort.how)
            .with("what", &told.what)
            .with("workload", &workload.name)
            .with("container", told.container)
            .with("image", told.image)
            .with(
                "node",
                if subject.kind == Kind::Node {
                    subject.name.as_str()
                } else {
                    ""
                },
            )
    };
    let fix = Fix::new(
        subject.clone(),
        told.sort.field,
        args(Message::new("why-container-runtime-error")),
    );
    let fix = if subject.kind == Kind::Node {
        fix.command(format!("kubectl describe node {}", subject.name))
    } else if has_rollouts(workload) {
        fix.command(format!("{} edit {}", kubectl(workload), argument(workload)))
    } else {
        fix
    };
    let complaint = &told.complaint;
    let fact = Message::new("fact-runtime-says").with("line", quote_end(&complaint.words));
    let ready = Message::new("fact-replicas-ready")
        .with("ready", told.workload.ready())
        .with("wanted", told.workload.wanted().max(told.pods));
    Finding::new(
        Cause::ContainerRuntimeError,
        subject.clone(),
        told.sort.strength,
        args(Message::new("cause-container-runtime-error")),
    )
    .evidence(
        fact,
        complaint.source.as_str(),
        complaint.at.or(Some(case.now)),
    )
    .evidence(ready, format!("{} pods", workload.label()), Some(case.now))
    .explains(NOT_STARTED)
    .since(complaint.since)
    .affected(told.pods)
    .hits((!workload.same_object(subject)).then(|| workload.clone()))
    .fix(fix)
}
