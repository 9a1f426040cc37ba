//! A volume that is there, on the right node, and cannot be mounted. The kubelet's own words
//! (`pkg/kubelet/volumemanager`, `pkg/volume/util/hostutil`, `subpath`) around those of `mount(8)`,
//! `mount.nfs` and the storage drivers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Pod, Volume};
use regex::Regex;

use super::phrases::not_found;
use super::{Complaint, complaints};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Facts, Workload};
use crate::investigation::judge::facts::{NOT_STARTED, argument, is_live, kubectl, quote_end};
use crate::text::{Message, pattern};

/// One sort of failure: the name its sentence has, how much it proves, the words. Group `what` is the
/// path, server, device or driver.
struct Sort {
    how: &'static str,
    strength: f64,
    pattern: LazyLock<Option<Regex>>,
}

macro_rules! sort {
    ($how:literal, $strength:literal, $pattern:literal) => {
        Sort {
            how: $how,
            strength: $strength,
            pattern: LazyLock::new(|| pattern($pattern).ok()),
        }
    };
}

/// The most exact first. Names of servers and paths are read as ASCII: tables for all of Unicode are a megabyte.
static SORTS: [Sort; 9] = [
    sort!(
        "host-path",
        0.96,
        r"hostPath type check failed: (?P<what>[!-~]+) is not "
    ),
    sort!(
        "sub-path",
        0.94,
        r#"(?:failed to (?:prepare|create) subPath(?: directory)? for volumeMount "(?P<what>[^"]+)"|volume-subpaths/(?P<path>[^/"]+)/|error mounting "[^"]+" to rootfs at "(?P<mount>[^"]+)"|Are you trying to mount a directory onto a file)"#
    ),
    sort!(
        "driver",
        0.95,
        r"driver name (?P<what>[!-~]+) not found in the list of registered CSI drivers"
    ),
    sort!(
        "nfs-denied",
        0.95,
        r"mount\.nfs4?: access denied by server while mounting (?P<what>[!-9;-~]+:[!-~]+)"
    ),
    sort!(
        "nfs-path",
        0.95,
        r"(?s)mount\.nfs4?: mounting (?P<what>[!-9;-~]+:[!-~]+) failed, reason given by server: No such file"
    ),
    sort!(
        "helper",
        0.94,
        r"you might need a (?P<what>/sbin/mount\.<?[a-z0-9_]+>?) helper program"
    ),
    sort!(
        "nfs",
        0.94,
        r"(?s)(?:-t nfs4?\b[^\n]*?\s(?P<what>[A-Za-z0-9.-]+:/[!-~]*)[^\n]*.*|mount\.nfs4?: .*)(?:Connection timed out|Connection refused|No route to host|Network is unreachable|Host is down|Failed to resolve server|Name or service not known|portmap query)"
    ),
    sort!(
        "file-system",
        0.94,
        r"(?i)(?:wrong fs type, bad option, bad superblock on (?P<what>[!-+\--~]+)|unrecognized filesystem|can't read superblock on (?P<dev>[!-+\-/-~]+)|structure needs cleaning|'fsck' found errors on device (?P<bad>[!-~]+))"
    ),
    sort!(
        "other",
        0.86,
        r"Mount(?:Volume\.(?:SetUp|MountDevice|NodeExpandVolume|WaitForAttach) failed|volume\.\w+ failed)"
    ),
];

/// `MountVolume.SetUp failed for volume "data" : …`.
static VOLUME: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"MountVolume\.\w+ failed for volume "([^"]+)""#).ok());
/// The sync loop's summary, in the words of before and after 1.27.
static WAITED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"unmounted volumes=\[([^\]]+)\].*(?:timed out waiting for the condition|context deadline exceeded)").ok()
});
/// Another cause's words, or those of a start that only takes its time.
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"Multi-Attach error|AttachVolume\.Attach failed|non-existent (?:config|secret) key|couldn't find key").ok()
});
static PASSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"failed to sync (?:configmap|secret) cache|object .* not registered|failed to fetch token|operation with the given Volume ID .* already exists").ok()
});

/// One volume that does not come, and the pods that wait for it.
struct Mount<'a> {
    how: &'static str,
    strength: f64,
    volume: String,
    what: String,
    complaint: Complaint,
    workload: &'a Workload<'a>,
    pods: usize,
}

/// One finding each claim, or each workload where the volume is written into it.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut found: BTreeMap<Subject, Mount<'_>> = BTreeMap::new();
    for workload in all {
        for pod in workload.pods.iter().filter(|pod| is_live(pod)) {
            if let Some(mount) = of_pod(case, workload, pod) {
                let subject = subject(case, workload, pod, &mount.volume);
                found.entry(subject).or_insert(mount).pods += 1;
            }
        }
    }
    found
        .iter()
        .map(|(subject, mount)| finding(case, subject, mount))
        .collect()
}

fn is(pattern: &LazyLock<Option<Regex>>, words: &str) -> bool {
    pattern.as_ref().is_some_and(|it| it.is_match(words))
}

fn of_pod<'a>(case: &Facts<'_>, workload: &'a Workload<'a>, pod: &Pod) -> Option<Mount<'a>> {
    let told = complaints(case, pod);
    let elsewhere = |it: &Complaint| is(&ELSEWHERE, &it.words) || !not_found(&it.words).is_empty();
    if told.iter().any(elsewhere) {
        return None;
    }
    let mut sorts = SORTS.iter();
    let exact = sorts.find_map(|sort| {
        let mut lasting = told.iter().filter(|it| !is(&PASSING, &it.words));
        lasting.find_map(|it| read(sort, it, pod, workload))
    });
    exact.or_else(|| told.iter().find_map(|it| waited(it, workload)))
}

fn read<'a>(
    sort: &Sort,
    complaint: &Complaint,
    pod: &Pod,
    workload: &'a Workload<'a>,
) -> Option<Mount<'a>> {
    let found = sort.pattern.as_ref()?.captures(&complaint.words)?;
    let what = ["what", "path", "mount", "dev", "bad"]
        .iter()
        .find_map(|name| found.name(name))
        .map_or("", |what| what.as_str())
        .trim_end_matches([',', ':', ';']);
    let said = VOLUME.as_ref()?.captures(&complaint.words);
    let said = said.and_then(|it| it.get(1)).map(|it| it.as_str());
    let volume = said
        .map(str::to_owned)
        .or_else(|| mounted(pod, what))
        .unwrap_or_else(|| what.to_owned());
    Some(mount(
        sort.how,
        sort.strength,
        volume,
        what,
        complaint,
        workload,
    ))
}

/// Only that the time was up: what holds it, nobody said.
fn waited<'a>(complaint: &Complaint, workload: &'a Workload<'a>) -> Option<Mount<'a>> {
    let found = WAITED.as_ref()?.captures(&complaint.words)?;
    let volume = found.get(1)?.as_str().split([' ', ',']).next()?.to_owned();
    Some(mount("waited", 0.7, volume, "", complaint, workload))
}

fn mount<'a>(
    how: &'static str,
    strength: f64,
    volume: String,
    what: &str,
    complaint: &Complaint,
    workload: &'a Workload<'a>,
) -> Mount<'a> {
    Mount {
        how,
        strength,
        volume,
        what: what.to_owned(),
        complaint: Complaint {
            words: complaint.words.clone(),
            source: complaint.source.clone(),
            ..*complaint
        },
        workload,
        pods: 0,
    }
}

/// The volume that is mounted at a path, or bears the name.
fn mounted(pod: &Pod, what: &str) -> Option<String> {
    let spec = pod.spec.as_ref()?;
    let all = spec
        .init_containers
        .iter()
        .flatten()
        .chain(&spec.containers);
    let mut mounts = all.flat_map(|container| container.volume_mounts.iter().flatten());
    let found = mounts.find(|mount| mount.mount_path == what || mount.name == what)?;
    Some(found.name.clone())
}

/// The claim behind the volume; where the pod's own spec says what to mount, the workload.
fn subject(case: &Facts<'_>, workload: &Workload<'_>, pod: &Pod, volume: &str) -> Subject {
    let volumes = || {
        pod.spec
            .iter()
            .flat_map(|spec| spec.volumes.iter().flatten())
    };
    let claim_of =
        |volume: &Volume| Some(volume.persistent_volume_claim.as_ref()?.claim_name.clone());
    let named = volumes().find(|it| it.name == volume);
    let bound = |claim: &&PersistentVolumeClaim| {
        let spec = claim.spec.as_ref();
        spec.and_then(|spec| spec.volume_name.as_deref()) == Some(volume)
    };
    let by_volume = || {
        let claim = case.claims.within(workload.namespace()).find(bound)?;
        claim.metadata.name.clone()
    };
    let only = || {
        let mut claims = volumes().filter_map(claim_of);
        claims.next().filter(|_| claims.next().is_none())
    };
    let claim = match named {
        Some(named) => claim_of(named),
        None => by_volume().or_else(only),
    };
    claim.map_or_else(
        || workload.subject.clone(),
        |claim| Subject::new(Kind::PersistentVolumeClaim, workload.namespace(), claim),
    )
}

fn finding(case: &Facts<'_>, subject: &Subject, mount: &Mount<'_>) -> Finding {
    let workload = &mount.workload.subject;
    let args = |message: Message| {
        message
            .with("how", mount.how)
            .with("volume", &mount.volume)
            .with("what", &mount.what)
            .with("workload", &workload.name)
            .with("pods", mount.pods)
    };
    let command = format!("{} describe {}", kubectl(subject), argument(subject));
    let fix = Fix::new(
        subject.clone(),
        field(mount),
        args(Message::new("why-volume-mount-failed")),
    );
    let complaint = &mount.complaint;
    let fact = Message::new("fact-kubelet-says").with("line", last_line(&complaint.words));
    let pods = mount.workload.wanted().max(mount.pods);
    let ready = Message::new("fact-replicas-ready")
        .with("ready", mount.workload.ready())
        .with("wanted", pods);
    Finding::new(
        Cause::VolumeMountFailed,
        subject.clone(),
        mount.strength,
        args(Message::new("cause-volume-mount-failed")),
    )
    .evidence(
        fact,
        complaint.source.as_str(),
        complaint.at.or(Some(case.now)),
    )
    .evidence(ready, format!("{} pods", workload.label()), Some(case.now))
    .explains(NOT_STARTED)
    .since(complaint.since)
    .affected(mount.pods)
    .hits((!workload.same_object(subject)).then(|| workload.clone()))
    .fix(fix.command(command))
}

fn field(mount: &Mount<'_>) -> String {
    match mount.how {
        "host-path" => format!("volumes[{}].hostPath", mount.volume),
        "sub-path" => format!("volumeMounts[{}].subPath", mount.volume),
        _ => String::new(),
    }
}

/// `mount(8)` says last what was wrong.
fn last_line(words: &str) -> String {
    let last = words
        .trim()
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty());
    quote_end(last.unwrap_or_default())
}
