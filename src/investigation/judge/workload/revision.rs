//! The revisions of a Deployment, as its `ReplicaSet`s tell them: what differs, and when it came.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::{Container as Spec, PodSpec};

use crate::finding::{Change, Kind, Subject};
use crate::investigation::case::{Case, revision, utc};
use crate::text::Message;

/// One revision.
#[derive(Clone, Copy)]
pub(super) struct Revision<'a> {
    /// Its number, as the Deployment controller counts.
    pub number: u64,
    /// Its `ReplicaSet`.
    pub set: &'a ReplicaSet,
}

impl Revision<'_> {
    /// The number for a message.
    pub fn shown(&self) -> i64 {
        i64::try_from(self.number).unwrap_or_default()
    }

    /// Pods it has, and pods of it that are ready.
    pub fn pods(&self) -> (i32, i32) {
        let status = self.set.status.as_ref();
        let ready = status
            .and_then(|status| status.ready_replicas)
            .unwrap_or_default();
        (status.map_or(0, |status| status.replicas), ready)
    }
}

/// The revisions of a Deployment, newest first.
pub(super) fn revisions<'a>(case: &'a Case, subject: &'a Subject) -> Vec<Revision<'a>> {
    if subject.kind != Kind::Deployment {
        return Vec::new();
    }
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let owned = |set: &&ReplicaSet| {
        let mut owners = set.metadata.owner_references.iter().flatten();
        owners.any(|owner| owner.kind == "Deployment" && owner.name == subject.name)
    };
    let sets = case.replica_sets.within(namespace).filter(owned);
    let mut all: Vec<Revision<'a>> = sets
        .filter_map(|set| {
            Some(Revision {
                number: revision(set)?,
                set,
            })
        })
        .collect();
    all.sort_by_key(|revision| std::cmp::Reverse(revision.number));
    all
}

/// The newest change of a Deployment.
#[must_use]
pub fn last_change(case: &Case, subject: &Subject) -> Option<Change> {
    let all = revisions(case, subject);
    let [new, old, ..] = all.as_slice() else {
        return None;
    };
    let (before, at) = (
        &old.set.metadata.creation_timestamp,
        new.set.metadata.creation_timestamp.as_ref()?,
    );
    // A rollback reuses an older ReplicaSet: its creation says nothing about when it came back.
    if before.as_ref() > Some(at) {
        return None;
    }
    Some(change(new, &differences(old.set, new.set), utc(at)))
}

/// A revision as a change: what is different in it.
pub(super) fn change(
    revision: &Revision<'_>,
    differences: &[Message],
    when: chrono::DateTime<chrono::Utc>,
) -> Change {
    let what = match differences.first() {
        Some(first) => Message::new("change-revision").with("what", first.clone()),
        None => Message::new("change-revision-unknown"),
    };
    Change {
        what: what.with("revision", revision.shown()),
        when,
    }
}

/// What differs between two revisions: image, resources, command, probes, env names. Never env values.
#[must_use]
pub fn differences(old: &ReplicaSet, new: &ReplicaSet) -> Vec<Message> {
    let (Some(old), Some(new)) = (pod_spec(old), pod_spec(new)) else {
        return Vec::new();
    };
    let before: BTreeMap<&str, &Spec> = old
        .containers
        .iter()
        .map(|spec| (spec.name.as_str(), spec))
        .collect();
    let known = new
        .containers
        .iter()
        .filter_map(|new| Some((*before.get(new.name.as_str())?, new)));
    known
        .flat_map(|(old, new)| differences_of(old, new))
        .collect()
}

fn pod_spec(set: &ReplicaSet) -> Option<&PodSpec> {
    set.spec.template.as_ref()?.spec.as_ref()
}

fn differences_of(old: &Spec, new: &Spec) -> Vec<Message> {
    let fields = fields(old).into_iter().zip(fields(new));
    let mut found: Vec<Message> = fields
        .filter(|((_, from), (_, to))| from != to)
        .map(|((what, from), (_, to))| differs(new, &what, from, to))
        .collect();
    found.extend(env_differences(old, new));
    if old.liveness_probe != new.liveness_probe || old.readiness_probe != new.readiness_probe {
        found.push(Message::new("fact-probe-changed").with("container", &new.name));
    }
    found
}

fn differs(container: &Spec, what: &str, from: Option<String>, to: Option<String>) -> Message {
    let dash = || "–".to_owned();
    Message::new("fact-differs")
        .with("container", &container.name)
        .with("what", what)
        .with("from", from.unwrap_or_else(dash))
        .with("to", to.unwrap_or_else(dash))
}

/// The fields people change, by path, with their values.
fn fields(spec: &Spec) -> Vec<(String, Option<String>)> {
    let joined = |words: &Option<Vec<String>>| words.as_ref().map(|words| words.join(" "));
    let resources = spec.resources.as_ref();
    let limits = resources.and_then(|resources| resources.limits.as_ref());
    let requests = resources.and_then(|resources| resources.requests.as_ref());
    let mut all = vec![("image".to_owned(), spec.image.clone())];
    for (part, map) in [("limits", limits), ("requests", requests)] {
        for key in ["memory", "cpu"] {
            let value = map
                .and_then(|map| map.get(key))
                .map(|quantity| quantity.0.clone());
            all.push((format!("resources.{part}.{key}"), value));
        }
    }
    all.push(("command".to_owned(), joined(&spec.command)));
    all.push(("args".to_owned(), joined(&spec.args)));
    all
}

/// Variables that came or went, by name, and those whose literal value changed, by name too.
fn env_differences(old: &Spec, new: &Spec) -> Vec<Message> {
    let names = |spec: &Spec| {
        spec.env
            .iter()
            .flatten()
            .map(|env| env.name.clone())
            .collect::<Vec<_>>()
    };
    let (before, after) = (names(old), names(new));
    let only = |these: &[String], others: &[String]| {
        let list: Vec<String> = these
            .iter()
            .filter(|name| !others.contains(name))
            .cloned()
            .collect();
        (!list.is_empty()).then(|| list.join(", "))
    };
    let (gone, come) = (only(&before, &after), only(&after, &before));
    let mut found = Vec::new();
    if gone.is_some() || come.is_some() {
        found.push(differs(new, "env", gone, come));
    }
    for env in new.env.iter().flatten() {
        let other = old
            .env
            .iter()
            .flatten()
            .find(|other| other.name == env.name);
        if other.is_some_and(|other| other.value != env.value) {
            let fact = Message::new("fact-env-changed").with("container", &new.name);
            found.push(fact.with("variable", &env.name));
        }
    }
    found
}
