//! A case as a cluster: its objects in our own API server, in the state the file says.

use std::collections::BTreeSet;
use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::apps;
use super::file::{CaseFile, Log, place};
use super::macros::span;
use super::short::EventSpec;
use crate::clock::Clock;
use crate::sandbox::kube::{Cluster, ContainerLog, KubeFault, Lines, Resource, Target};
use crate::sandbox::world::{Build, Note, settle};

/// What can be wrong with a case besides its syntax.
type Wrong = String;

/// Starts a server that holds the case.
///
/// # Errors
/// When something in the case cannot be: a patch of nothing, a span that is none, a pod without an owner.
pub fn build(file: &CaseFile) -> Result<Cluster, Wrong> {
    let clock = Clock::system();
    clock.set_offset(file.now - clock.now());
    let cluster = Cluster::start(clock).map_err(|error: io::Error| error.to_string())?;
    let build = Build {
        cluster: &cluster,
        now: file.now,
    };
    let workers = workers(&file.objects);
    put_first(&cluster, &file.objects);
    for app in &file.apps {
        apps::install(build, app, &workers)?;
    }
    settle_all(&cluster, file);
    put_rest(&cluster, &file.objects);
    for app in &file.apps {
        apps::finish(&cluster, app);
    }
    for object in &file.without {
        take(&cluster, object)?;
    }
    for patch in &file.patches {
        change(&cluster, &patch.object, &patch.merge)?;
    }
    for mut pod in cluster.list("Pod", "") {
        with_container_ids(&mut pod);
        cluster.put(pod);
    }
    for event in &file.events {
        tell(build, event)?;
    }
    logs(&cluster, file)?;
    usage(build, file)?;
    if file.objects.iter().any(is_release) {
        cluster.grant(Target::resource("secrets"));
    }
    for kind in &file.unread {
        let resource = Resource::named(kind).ok_or_else(|| format!("no kind {kind:?}"))?;
        cluster.fault(Target::resource(resource.plural), KubeFault::Forbidden);
    }
    Ok(cluster)
}

/// A revision of a Helm release. The shipped role reads no Secrets: a case that has one is asked by a person who may.
fn is_release(object: &Value) -> bool {
    object["kind"] == "Secret" && object["metadata"]["labels"]["owner"] == "helm"
}

/// `worker-1` and its like: nodes without a taint, in the order of the file.
fn workers(objects: &[Value]) -> Vec<String> {
    super::load::workers(&json!({ "objects": objects }))
}

/// Namespaces, nodes and Services come before the workloads: pods and endpoints follow from them.
fn is_first(object: &Value) -> bool {
    matches!(
        object["kind"].as_str(),
        Some("Namespace" | "Node" | "Service")
    )
}

fn put_first(cluster: &Cluster, objects: &[Value]) {
    for object in objects.iter().filter(|object| is_first(object)) {
        put(cluster, object);
    }
}

fn put_rest(cluster: &Cluster, objects: &[Value]) {
    for object in objects {
        put(cluster, object);
    }
}

/// The objects of a case whose kind nobody would read, as `Kind/namespace/name (apiVersion)`. People paste what kubectl
/// prints: these are left out, and said.
#[must_use]
pub fn left_out(file: &CaseFile) -> Vec<String> {
    let unread = file.objects.iter().filter(|object| !is_read(object));
    let label = |object: &Value| {
        let meta = &object["metadata"];
        format!(
            "{}/{}/{} ({})",
            text_of(object, "kind"),
            text_of(meta, "namespace"),
            text_of(meta, "name"),
            text_of(object, "apiVersion")
        )
    };
    unread.map(label).collect()
}

/// Whether our API server has objects of that kind: it serves what vigie reads.
fn is_read(object: &Value) -> bool {
    Resource::of_kind(text_of(object, "apiVersion"), text_of(object, "kind")).is_some()
}

fn put(cluster: &Cluster, object: &Value) {
    if !is_read(object) {
        return;
    }
    let mut object = object.clone();
    if text_of(&object, "kind") == "Pod" {
        with_container_ids(&mut object);
    }
    cluster.put(object);
}

fn text_of<'a>(object: &'a Value, field: &str) -> &'a str {
    object[field].as_str().unwrap_or_default()
}

/// A run that was has an id; files leave it out, and the kubelet's answer about logs depends on it.
pub(super) fn with_container_ids(pod: &mut Value) {
    for list in ["containerStatuses", "initContainerStatuses"] {
        for status in pod["status"][list].as_array_mut().into_iter().flatten() {
            for (state, how) in [("state", "terminated"), ("lastState", "terminated")] {
                if status[state][how].is_object() && status[state][how]["containerID"].is_null() {
                    status[state][how]["containerID"] = "containerd://0".into();
                }
            }
        }
    }
}

/// Endpoints and status of everything that came from a short form. A Service whose slices stand in the file
/// keeps those.
fn settle_all(cluster: &Cluster, file: &CaseFile) {
    let namespaces: BTreeSet<&str> = file.apps.iter().map(|app| app.namespace.as_str()).collect();
    for namespace in namespaces {
        settle(cluster, namespace);
    }
    let label = "kubernetes.io/service-name";
    for slice in file
        .objects
        .iter()
        .filter(|object| object["kind"] == "EndpointSlice")
    {
        let meta = &slice["metadata"];
        let namespace = meta["namespace"].as_str().unwrap_or_default();
        for made in cluster.list("EndpointSlice", namespace) {
            if made["metadata"]["labels"][label] == meta["labels"][label] {
                let name = made["metadata"]["name"].as_str().unwrap_or_default();
                cluster.delete("EndpointSlice", namespace, name);
            }
        }
    }
}

fn take(cluster: &Cluster, object: &str) -> Result<(), Wrong> {
    let (kind, namespace, name) =
        place(object).ok_or_else(|| format!("{object:?}: not Kind/namespace/name"))?;
    if cluster.delete(kind, namespace, name) {
        Ok(())
    } else {
        Err(format!("there is no {object} to take away"))
    }
}

fn change(cluster: &Cluster, object: &str, patch: &Value) -> Result<(), Wrong> {
    let (kind, namespace, name) =
        place(object).ok_or_else(|| format!("{object:?}: not Kind/namespace/name"))?;
    if cluster.update(kind, namespace, name, |object| merge(object, patch)) {
        Ok(())
    } else {
        Err(format!("there is no {object} to patch"))
    }
}

/// JSON merge patch, RFC 7396.
pub(super) fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        if !patch.is_null() {
            *target = patch.clone();
        }
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in fields {
        if value.is_null() {
            if let Some(target) = target.as_object_mut() {
                target.remove(name);
            }
        } else {
            merge(&mut target[name], value);
        }
    }
}

fn tell(build: Build<'_>, event: &EventSpec) -> Result<(), Wrong> {
    let about =
        place(&event.about).ok_or_else(|| format!("{:?}: not Kind/namespace/name", event.about))?;
    let last = span(&event.last)?;
    let first = event.first.as_deref().map_or(Ok(last), span)?;
    build.event(
        about,
        &Note {
            kind: &event.kind,
            reason: &event.reason,
            message: &event.message,
            component: &event.by,
            first,
            last,
            count: event.count,
        },
    );
    Ok(())
}

/// Logs of the file, and of the pods of its short forms.
fn logs(cluster: &Cluster, file: &CaseFile) -> Result<(), Wrong> {
    let mut all: Vec<Log> = apps::logs(file, &workers(&file.objects));
    all.extend(file.logs.iter().cloned());
    for log in &all {
        let (current, previous): (Vec<&Log>, Vec<&Log>) = all
            .iter()
            .filter(|other| same(other, log))
            .partition(|one| !one.previous);
        if cluster.get("Pod", &log.namespace, &log.pod).is_none() {
            return Err(format!(
                "there is no pod {}/{} to have a log",
                log.namespace, log.pod
            ));
        }
        let lines = |logs: &[&Log]| logs.last().map(|log| lines(&log.text, file.now));
        let log_of = ContainerLog {
            current: lines(&current).unwrap_or_default(),
            previous: lines(&previous),
        };
        cluster.put_log(&log.namespace, &log.pod, &log.container, log_of);
    }
    Ok(())
}

fn same(a: &Log, b: &Log) -> bool {
    (&a.namespace, &a.pod, &a.container) == (&b.namespace, &b.pod, &b.container)
}

/// Lines with their own times, or a second apart with the last one a few seconds old.
fn lines(text: &str, now: DateTime<Utc>) -> Lines {
    let stamped = |line: &str| {
        let (stamp, rest) = line.split_once(' ')?;
        let at = DateTime::parse_from_rfc3339(stamp).ok()?;
        Some((at.with_timezone(&Utc), rest.to_owned()))
    };
    let own: Option<Vec<_>> = text.lines().map(stamped).collect();
    match own {
        Some(lines) if !lines.is_empty() => Lines::new(lines),
        _ => Lines::ending(now - TimeDelta::seconds(5), TimeDelta::seconds(1), text),
    }
}

/// metrics-server: there when the case says something of it, else not installed.
fn usage(build: Build<'_>, file: &CaseFile) -> Result<(), Wrong> {
    let mut all = apps::usage(file, &workers(&file.objects));
    all.extend(file.usage.clone());
    if all.is_empty() {
        build.cluster.remove_api("metrics.k8s.io");
    }
    let mut pods: std::collections::BTreeMap<(String, String), Vec<Value>> =
        std::collections::BTreeMap::new();
    for (key, usage) in &all {
        let (namespace, pod, container) =
            place(key).ok_or_else(|| format!("{key:?}: not namespace/pod/container"))?;
        pods.entry((namespace.to_owned(), pod.to_owned()))
            .or_default()
            .push(
                json!({ "name": container, "usage": { "cpu": usage.cpu, "memory": usage.memory } }),
            );
    }
    for ((namespace, pod), containers) in pods {
        build.usage(&namespace, &pod, &containers);
    }
    Ok(())
}
