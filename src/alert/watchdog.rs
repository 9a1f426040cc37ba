//! The alert that always fires. Prometheus sends `Watchdog` all the time, and Alertmanager repeats it each
//! `repeat_interval`: when it is no longer heard, no other alert will be either. Its interval is learned from
//! what is heard, because nothing in the alert says it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Alert, State};

/// What it is called: kube-prometheus' name, and those of other rule sets.
const NAMES: [&str; 3] = ["watchdog", "deadmansswitch", "deadmanswitch"];
/// Two closer than this are one: replicas of Alertmanager both tell.
const TWIN: TimeDelta = TimeDelta::seconds(30);
/// How many gaps are remembered. A Watchdog that shares its group with other alerts is also told when one of those
/// changes: a hundred such changes are eight hours of one each five minutes.
const GAPS: usize = 100;
/// Gaps that make an interval known.
const ENOUGH: usize = 2;
/// After a start of our own it may take this long until it is heard again: Alertmanager tries what it could not
/// deliver again each `group_interval`.
const AFTER_START: TimeDelta = TimeDelta::hours(1);
/// Until then: the longest `repeat_interval` that is usual (kube-prometheus' 12 hours).
const UNKNOWN: TimeDelta = TimeDelta::hours(12);
/// Sources kept in a document; more are somebody else's invention.
const MAX_SOURCES: usize = 50;

/// Whether an alert is one that always fires.
#[must_use]
pub fn is_watchdog(alert: &Alert) -> bool {
    let name = alert.name.raw().to_lowercase();
    NAMES.contains(&name.as_str())
}

/// Where an alert comes from, so that one cluster's silence is not hidden by another's voice: its `cluster`, else
/// the `prometheus` that kube-prometheus adds, else nothing.
#[must_use]
pub fn source(alert: &Alert) -> String {
    let label = alert.label("cluster").or_else(|| alert.label("prometheus"));
    label.unwrap_or_default().chars().take(200).collect()
}

/// How long is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long it may be silent, where the configuration says it; none: twice the interval that is learned.
    pub every: Option<TimeDelta>,
    /// Added to two learned intervals before anything is said: one may be lost on the way.
    pub grace: TimeDelta,
    /// When this process began to listen (UTC). What was not heard before then was not missing.
    pub listening_since: DateTime<Utc>,
}

/// Something to tell, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is not heard any more, or was reported as resolved.
    Stopped {
        /// When it was heard last (UTC).
        since: DateTime<Utc>,
        /// The interval it was expected in.
        every: TimeDelta,
    },
    /// It is heard again.
    Back {
        /// When it was heard last before that (UTC).
        since: DateTime<Utc>,
    },
}

/// What is known of one source; a part of the saved document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watchdog {
    /// When it was heard last (UTC).
    heard: DateTime<Utc>,
    /// It was reported as resolved then: it does not fire any more.
    #[serde(default)]
    resolved: bool,
    /// The last gaps between two times it was heard, in seconds, oldest first.
    #[serde(default)]
    gaps: Vec<i64>,
    /// Its silence was told.
    #[serde(default)]
    told: bool,
    /// The last gap whose silence was told, in seconds: an outage, unless the next one is as long.
    #[serde(default)]
    outage: Option<i64>,
}

impl Watchdog {
    fn new(at: DateTime<Utc>) -> Self {
        Self {
            heard: at,
            resolved: false,
            gaps: Vec::new(),
            told: false,
            outage: None,
        }
    }

    /// It was told about at `at`, the time of receipt.
    fn hear(&mut self, state: State, at: DateTime<Utc>, patience: &Patience) -> Option<Change> {
        if state == State::Resolved {
            self.resolved = true;
            return self.look(at, patience);
        }
        let since = self.heard;
        let gap = at - since;
        // A clock that was set back, or a pause of our own, says nothing about the sender.
        if gap >= TWIN && since >= patience.listening_since && !self.resolved {
            self.learn(gap.num_seconds());
        }
        if gap >= TWIN || gap < TimeDelta::zero() {
            self.heard = at;
        }
        self.resolved = false;
        std::mem::take(&mut self.told).then_some(Change::Back { since })
    }

    /// One long silence teaches nothing; a second one after it is a slower interval.
    fn learn(&mut self, gap: i64) {
        if self.told && self.outage.take().is_none_or(|before| gap < before / 2) {
            self.outage = Some(gap);
            return;
        }
        self.outage = None;
        self.gaps.push(gap);
        let old = self.gaps.len().saturating_sub(GAPS);
        self.gaps.drain(..old);
    }

    /// Says once that it is silent.
    fn look(&mut self, now: DateTime<Utc>, patience: &Patience) -> Option<Change> {
        let since = self.silent_since(now, patience)?;
        let every = self.every(patience);
        let first = !std::mem::replace(&mut self.told, true);
        first.then_some(Change::Stopped { since, every })
    }

    /// When it was heard last, if that is too long ago (UTC).
    #[must_use]
    pub fn silent_since(&self, now: DateTime<Utc>, patience: &Patience) -> Option<DateTime<Utc>> {
        let limit = match patience.every {
            Some(limit) => limit,
            None => self.every(patience) * 2 + patience.grace,
        };
        let silent = now - self.heard > limit;
        let could_hear = now - patience.listening_since > limit.min(AFTER_START);
        (self.resolved || silent && could_hear).then_some(self.heard)
    }

    /// The interval it is expected in: the configured one, else the longest of the last gaps; while too few are known,
    /// at least the longest usual one.
    #[must_use]
    pub fn every(&self, patience: &Patience) -> TimeDelta {
        if let Some(every) = patience.every {
            return every;
        }
        let longest = self.gaps.iter().max().copied().unwrap_or_default();
        let longest = TimeDelta::try_seconds(longest).unwrap_or(UNKNOWN);
        if self.gaps.len() < ENOUGH {
            longest.max(UNKNOWN)
        } else {
            longest
        }
    }
}

/// Every source that was ever heard: the saved document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Watchdogs(BTreeMap<String, Watchdog>);

impl Watchdogs {
    /// Name of the document in the store.
    pub const DOCUMENT: &str = "watchdogs";

    /// Reads the document; one that cannot be read is as good as none, since it is learned again.
    #[must_use]
    pub fn read(document: Option<&str>) -> Self {
        let read = document.and_then(|text| serde_json::from_str(text).ok());
        read.unwrap_or_default()
    }

    /// The document to save.
    #[must_use]
    pub fn document(&self) -> String {
        // Strings, numbers and times always have a JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A Watchdog of that source was told about at `at` (UTC, the time of receipt). Returns what to tell.
    pub fn hear(
        &mut self,
        source: &str,
        state: State,
        at: DateTime<Utc>,
        patience: &Patience,
    ) -> Option<Change> {
        if let Some(known) = self.0.get_mut(source) {
            return known.hear(state, at, patience);
        }
        // One that was never heard cannot stop.
        if state == State::Firing && self.0.len() < MAX_SOURCES {
            self.0.insert(source.to_owned(), Watchdog::new(at));
        }
        None
    }

    /// Every source that fell silent and whose silence was not told yet. Save before telling.
    pub fn look(&mut self, now: DateTime<Utc>, patience: &Patience) -> Vec<(String, Change)> {
        let silent = self
            .0
            .iter_mut()
            .filter_map(|(source, one)| Some((source.clone(), one.look(now, patience)?)));
        silent.collect()
    }

    /// Every source, and when it was heard last (UTC).
    pub fn heard(&self) -> impl Iterator<Item = (&str, DateTime<Utc>)> {
        self.0
            .iter()
            .map(|(source, one)| (source.as_str(), one.heard))
    }

    /// One source.
    #[must_use]
    pub fn get(&self, source: &str) -> Option<&Watchdog> {
        self.0.get(source)
    }
}

#[cfg(test)]
mod tests;
