//! The revisions of a Deployment, as its `ReplicaSet`s tell them: what differs, and when it came.

mod compare;
mod topic;

use chrono::{DateTime, Utc};
use k8s_openapi::api::apps::v1::ReplicaSet;

pub(super) use compare::compared;
pub use compare::differences;

use crate::finding::{Cause, Change, Kind, Subject};
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

/// The newest change of a Deployment, told for a cause: what is likeliest to have brought it first.
#[must_use]
pub fn last_change(case: &Case, subject: &Subject, cause: Option<Cause>) -> Option<Change> {
    let all = revisions(case, subject);
    let [new, old, ..] = all.as_slice() else {
        return None;
    };
    let before = old.set.metadata.creation_timestamp.as_ref().map(utc);
    let at = new.set.metadata.creation_timestamp.as_ref().map(utc)?;
    let differences = compared(old.set, new.set, cause);
    // A rollback reuses an older ReplicaSet: its creation says nothing about when it came back.
    if before > Some(at) {
        let when = came_back(case, new, before?)?;
        return Some(change(new, "change-rollback", &differences, when));
    }
    Some(change(new, "change-revision", &differences, at))
}

/// When an older revision came back: when its oldest pod of now was made.
fn came_back(case: &Case, revision: &Revision<'_>, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let meta = &revision.set.metadata;
    let namespace = meta.namespace.as_deref()?;
    let own = case.pods.within(namespace).filter(|pod| {
        let mut owners = pod.metadata.owner_references.iter().flatten();
        owners.any(|owner| owner.kind == "ReplicaSet" && Some(&owner.name) == meta.name.as_ref())
    });
    let made = own.filter_map(|pod| pod.metadata.creation_timestamp.as_ref().map(utc));
    made.filter(|at| *at >= after).min()
}

/// A revision as a change: what is different in it.
pub(super) fn change(
    revision: &Revision<'_>,
    id: &'static str,
    differences: &[Message],
    when: DateTime<Utc>,
) -> Change {
    let unknown = if id == "change-rollback" {
        "change-rollback-unknown"
    } else {
        "change-revision-unknown"
    };
    let what = match told(differences) {
        Some(what) => Message::new(id).with("what", what),
        None => Message::new(unknown),
    };
    Change {
        what: what.with("revision", revision.shown()),
        when,
    }
}

/// The first difference, and how many more there are.
#[must_use]
pub fn told(differences: &[Message]) -> Option<Message> {
    match differences {
        [] => None,
        [only] => Some(only.clone()),
        [first, more @ ..] => Some(
            Message::new("fact-differs-more")
                .with("first", first.clone())
                .with("more", more.len()),
        ),
    }
}
