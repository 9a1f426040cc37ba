//! The trait and what passes through it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::incident::{ChannelId, Incident, IncidentId, ThreadRef, Ts};

/// Number of a received event in the inbox; later ones are higher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InboxId(pub u64);

/// Something received, to be saved before it is acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Its names: `event/Ev123`, `message/C1/1700000000.000100`. Any one known means it is known.
    pub keys: Vec<String>,
    /// What sort of thing it is, for the reader: `slack-event`, `slack-interaction`, `alertmanager`.
    pub kind: String,
    /// It, as it came.
    pub payload: String,
    /// When (UTC).
    pub received_at: DateTime<Utc>,
}

/// A saved arrival that no commit has consumed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Its number.
    pub id: InboxId,
    /// What sort of thing it is.
    pub kind: String,
    /// It, as it came.
    pub payload: String,
    /// When (UTC).
    pub received_at: DateTime<Utc>,
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Saved under this number.
    New(InboxId),
    /// Known already, whether consumed or still waiting.
    Duplicate,
}

/// The newest message of a channel that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watermark {
    /// The channel.
    pub channel: ChannelId,
    /// Its newest message; an older one than stored changes nothing.
    pub ts: Ts,
}

/// Everything one decision changes: all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Commit {
    /// Records as [`crate::incident::apply`] returned them; each replaces the version before its own.
    pub incidents: Vec<Incident>,
    /// Arrivals that are done with.
    pub consumed: Vec<InboxId>,
    /// How far channels were read.
    pub watermarks: Vec<Watermark>,
    /// Small named documents (maintenance windows, absences, kept cases); `None` removes one.
    pub documents: Vec<(String, Option<String>)>,
}

impl Commit {
    /// The commit of one record.
    #[must_use]
    pub fn of(incident: Incident) -> Self {
        Self {
            incidents: vec![incident],
            ..Self::default()
        }
    }

    /// The same commit, with one more record.
    #[must_use]
    pub fn and(mut self, incident: Incident) -> Self {
        self.incidents.push(incident);
        self
    }

    /// The same commit, done with that arrival.
    #[must_use]
    pub fn consuming(mut self, id: InboxId) -> Self {
        self.consumed.push(id);
        self
    }
}

/// How the store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Whether the last write went through; false turns readiness off.
    pub writable: bool,
    /// What is wrong, when something is.
    pub problem: Option<String>,
    /// Commits and arrivals written so far, over all runs.
    pub sequence: u64,
    /// Open incidents, as written to the sentinel.
    pub open_incidents: u64,
    /// Arrivals that wait.
    pub inbox: u64,
    /// Size on disk in bytes, when the engine tells.
    pub bytes: Option<u64>,
    /// How long it has been at one thing: a write, or closing what failed. Milliseconds are usual, a
    /// minute is a hang.
    pub busy: Duration,
}

/// What to forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Names of arrivals older than this are forgotten; at least a day.
    pub keys: TimeDelta,
    /// Records that ended before this are forgotten.
    pub incidents: TimeDelta,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            keys: TimeDelta::days(2),
            incidents: TimeDelta::days(90),
        }
    }
}

/// Everything in a store, for export and import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Every record.
    pub incidents: Vec<Incident>,
    /// Every arrival that waits.
    pub inbox: Vec<Inbox>,
    /// Names of arrivals and when each was seen first (UTC).
    pub keys: BTreeMap<String, DateTime<Utc>>,
    /// How far channels were read.
    pub watermarks: Vec<Watermark>,
    /// The named documents.
    pub documents: BTreeMap<String, String>,
}

/// What a store returns: an answer, later.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// Where incidents live. What a method reports as done is on disk.
pub trait Store: Send + Sync {
    /// Saves an arrival unless it is known. Acknowledge it to its sender after this, never before.
    fn accept(&self, arrival: Arrival) -> Answer<'_, Accepted>;

    /// Arrivals that no commit has consumed, oldest first.
    fn pending(&self) -> Answer<'_, Vec<Inbox>>;

    /// Writes everything of one decision, or nothing ([`StoreError::Conflict`]).
    fn commit(&self, commit: Commit) -> Answer<'_, ()>;

    /// One record.
    fn load(&self, id: &IncidentId) -> Answer<'_, Option<Incident>>;

    /// Every record with something left to do ([`Incident::is_live`]).
    fn load_live(&self) -> Answer<'_, Vec<Incident>>;

    /// Every record opened or changed since then (UTC), oldest first.
    fn load_since(&self, since: DateTime<Utc>) -> Answer<'_, Vec<Incident>>;

    /// Of the records opened or changed since then (UTC) at least those that contain one of these texts, whole, as a
    /// value: the names of alerts.
    fn load_naming(&self, names: Vec<String>, since: DateTime<Utc>) -> Answer<'_, Vec<Incident>> {
        drop(names);
        self.load_since(since)
    }

    /// The record a thread belongs to: its own, or the one it joined.
    fn find_by_thread(&self, thread: &ThreadRef) -> Answer<'_, Option<Incident>>;

    /// How far channels were read.
    fn watermarks(&self) -> Answer<'_, Vec<Watermark>>;

    /// A named document.
    fn document(&self, name: &str) -> Answer<'_, Option<String>>;

    /// The named documents whose names begin so, with their names.
    fn documents(&self, prefix: &str) -> Answer<'_, Vec<(String, String)>> {
        let prefix = prefix.to_owned();
        Box::pin(async move {
            let all = self.snapshot().await?.documents.into_iter();
            Ok(all.filter(|(name, _)| name.starts_with(&prefix)).collect())
        })
    }

    /// Forgets what is old; returns how many things it forgot.
    fn prune(&self, limits: Limits, now: DateTime<Utc>) -> Answer<'_, u64>;

    /// Proves that the store can be read and holds at least what it is known to have held. For an engine that
    /// keeps no such knowledge beside itself, reading is the proof.
    fn prove(&self) -> Answer<'_, ()> {
        Box::pin(async { self.load_live().await.map(drop) })
    }

    /// How the store is.
    fn health(&self) -> Answer<'_, Health>;

    /// Everything in it.
    fn snapshot(&self) -> Answer<'_, Snapshot>;

    /// Puts a snapshot into an empty store.
    fn restore(&self, snapshot: Snapshot) -> Answer<'_, ()>;
}
