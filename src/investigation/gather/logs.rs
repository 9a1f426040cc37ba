//! Logs of containers that look suspicious: previous run first, current one when there is none.

use kube::api::LogParams;

use super::Reader;
use crate::finding::Subject;
use crate::investigation::case::{
    Case, Container, LogRead, containers, is_ready, owner_of, parse_log,
};

/// Lines asked of one log; fewer, where that many are more than [`BYTES`]: the kubelet counts the lines
/// from the end and the bytes from the first of those, so that the limit takes the last words away
/// (`ReadLogs` in pkg/kubelet/kuberuntime/logs).
const LINES: [i64; 3] = [200, 24, 2];
/// Bytes asked of one log.
const BYTES: i64 = 128 << 10;
/// Containers whose logs are read in one round; one or two of each workload tell the story.
const MOST: usize = 8;
/// Containers of one workload whose logs are read.
const EACH: usize = 1;

/// A log worth reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Namespace of the pod.
    pub namespace: String,
    /// Pod.
    pub pod: String,
    /// Container.
    pub container: String,
    /// Whether the previous run is asked first.
    pub previous: bool,
}

/// The containers whose logs may tell why: those that died, wait after a crash, run without getting
/// ready; the ones that restarted most first, one each workload and container name.
#[must_use]
pub fn suspicious(case: &Case, everything: bool) -> Vec<Wanted> {
    chosen(case, everything, |_| true)
}

/// The same among all that run, of workloads none of whose logs was read yet: one round does not reach all of a large
/// namespace.
#[must_use]
pub fn unheard(case: &Case) -> Vec<Wanted> {
    let owner = |namespace: &str, pod: &str| {
        let mut pods = case.pods.within(namespace);
        let own = pods.find(|one| one.metadata.name.as_deref() == Some(pod));
        own.map(owner_of)
    };
    let logs = case.logs.iter();
    let heard: Vec<(Option<Subject>, &str)> = logs
        .map(|log| (owner(&log.namespace, &log.pod), log.container.as_str()))
        .collect();
    chosen(case, true, |one| {
        let of = owner(&one.namespace, &one.pod);
        !heard.contains(&(of, one.container.as_str()))
    })
}

/// The same among all that run, as far as they are wanted.
#[must_use]
pub fn suspicious_among(case: &Case, is_wanted: impl Fn(&Wanted) -> bool) -> Vec<Wanted> {
    chosen(case, true, is_wanted)
}

fn chosen(case: &Case, everything: bool, is_wanted: impl Fn(&Wanted) -> bool) -> Vec<Wanted> {
    let mut all: Vec<(Container<'_>, i64)> = Vec::new();
    for container in case.pods.iter().flat_map(containers) {
        let score = suspicion(case, &container);
        if score > 0 || (everything && container.running_since().is_some() && !container.init) {
            all.push((container, score));
        }
    }
    all.sort_by_key(|(container, score)| {
        (
            std::cmp::Reverse(*score),
            container.is_proxy(),
            container.pod.metadata.name.clone(),
        )
    });
    let mut wanted: Vec<(String, Wanted)> = Vec::new();
    for (container, _) in all {
        let key = format!(
            "{}/{}/{}",
            owner_of(container.pod).label(),
            container.name(),
            revision(&container)
        );
        let item = Wanted {
            namespace: container.pod.metadata.namespace.clone().unwrap_or_default(),
            pod: container.pod.metadata.name.clone().unwrap_or_default(),
            container: container.name().to_owned(),
            // What it died of is history once it is well again: then its own log says what is wrong now.
            previous: container.restarts() > 0 && !container.has_settled(case.now),
        };
        let known = case
            .log(&item.namespace, &item.pod, &item.container, false)
            .is_some()
            || case
                .log(&item.namespace, &item.pod, &item.container, true)
                .is_some();
        if !known
            && is_wanted(&item)
            && wanted.iter().filter(|(other, _)| *other == key).count() < EACH
            && wanted.len() < MOST
        {
            wanted.push((key, item));
        }
    }
    wanted.into_iter().map(|(_, item)| item).collect()
}

/// The revision of a container that is well: what the one before wrote tells what is new.
fn revision<'a>(container: &Container<'a>) -> &'a str {
    let labels = container.pod.metadata.labels.as_ref();
    let hash = labels.and_then(|labels| labels.get("pod-template-hash"));
    hash.filter(|_| container.ready())
        .map_or("", String::as_str)
}

/// How suspicious a container is; 0 is not at all.
fn suspicion(case: &Case, container: &Container<'_>) -> i64 {
    let waiting = container.waiting().map_or("", |(reason, _)| reason);
    if matches!(
        waiting,
        "ContainerCreating"
            | "PodInitializing"
            | "ImagePullBackOff"
            | "ErrImagePull"
            | "CreateContainerConfigError"
            | "InvalidImageName"
    ) {
        return 0;
    }
    let died = container.last_exit().is_some_and(|exit| {
        (exit.code != 0 || exit.reason == "OOMKilled")
            && exit
                .finished
                .is_none_or(|at| case.now - at < chrono::TimeDelta::hours(6))
    });
    let crashing = waiting == "CrashLoopBackOff" || waiting == "RunContainerError";
    let step = container.is_step();
    let unready = container.running_since().is_some() && !container.ready() && !step;
    let running_init = step && container.running_since().is_some();
    let mut score = 0;
    score += if crashing { 1000 } else { 0 };
    score += if died {
        500 + i64::from(container.restarts()).min(100)
    } else {
        0
    };
    score += if unready || running_init { 100 } else { 0 };
    if score == 0 && !is_ready(container.pod) && container.running_since().is_some() {
        10
    } else {
        score
    }
}

/// Reads those logs, redacted, into the case.
pub async fn logs_of(reader: &Reader, case: &mut Case, wanted: &[Wanted]) {
    let reads = wanted.iter().map(|item| one(reader, item));
    for reads in futures::future::join_all(reads).await {
        case.logs.extend(reads);
    }
}

/// The previous run's log if there is one, and the current one where that gave nothing. A container
/// that restarted may have lost its previous log: then the kubelet answers 400.
async fn one(reader: &Reader, item: &Wanted) -> Vec<LogRead> {
    let mut reads = Vec::new();
    if item.previous {
        reads.extend(read(reader, item, true).await);
    }
    let told = reads.iter().any(|log| !log.records.is_empty());
    if !told {
        reads.extend(read(reader, item, false).await);
    }
    reads
}

async fn read(reader: &Reader, item: &Wanted, previous: bool) -> Option<LogRead> {
    let mut bytes = None;
    for lines in LINES {
        let Some(answer) = tail(reader, item, previous, lines).await else {
            break;
        };
        let cut = i64::try_from(answer.len()).is_ok_and(|length| length >= BYTES);
        bytes = Some(answer);
        if !cut {
            break;
        }
    }
    let bytes = bytes?;
    let text = String::from_utf8_lossy(&bytes);
    let clean = reader.sources.redactor.redact(&text);
    Some(LogRead {
        namespace: item.namespace.clone(),
        pod: item.pod.clone(),
        container: item.container.clone(),
        previous,
        records: parse_log(clean.as_bytes()),
    })
}

/// The last lines of one run's log; nothing where the read failed (the ledger says why).
async fn tail(reader: &Reader, item: &Wanted, previous: bool, lines: i64) -> Option<Vec<u8>> {
    let params = LogParams {
        container: Some(item.container.clone()),
        previous,
        tail_lines: Some(lines),
        limit_bytes: Some(BYTES),
        timestamps: true,
        ..LogParams::default()
    };
    let kube = &reader.sources.kube;
    let read = kube.logs(&item.namespace, &item.pod, &params);
    Some(reader.timed("logs", read).await.ok()?.value)
}
