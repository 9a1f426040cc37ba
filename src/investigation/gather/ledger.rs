//! What was read, what was not, and what it took.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::clients::kube::ReadError;
use crate::finding::{LedgerLine, LedgerStatus};
use crate::text::Message;

/// Steps that ask Prometheus.
const BESIDE: [&str; 2] = ["prometheus", "playbooks"];

/// One read.
struct Entry {
    status: LedgerStatus,
    count: usize,
    why: Option<String>,
    ms: u64,
    requests: u32,
    bytes: u64,
}

/// Collects the reads of one investigation; shared by the reads that run at the same time.
#[derive(Default)]
pub struct Ledger {
    entries: Mutex<BTreeMap<(usize, &'static str), Vec<Entry>>>,
}

impl Ledger {
    /// Notes a read that worked.
    pub fn read(&self, step: &'static str, count: usize, ms: u64, requests: u32, bytes: u64) {
        self.push(
            step,
            Entry {
                status: LedgerStatus::Ok,
                count,
                why: None,
                ms,
                requests,
                bytes,
            },
        );
    }

    /// Notes a read that failed.
    pub fn failed(&self, step: &'static str, error: &ReadError, ms: u64) {
        self.not_read(step, status_of(error), Some(error.to_string()), ms);
    }

    /// Notes a read that failed or was left out, with the reason in the source's own words.
    pub fn not_read(&self, step: &'static str, status: LedgerStatus, why: Option<String>, ms: u64) {
        let requests = u32::from(!matches!(
            status,
            LedgerStatus::NotConfigured | LedgerStatus::Skipped
        ));
        self.push(
            step,
            Entry {
                status,
                count: 0,
                why,
                ms,
                requests,
                bytes: 0,
            },
        );
    }

    /// Requests so far that the cluster's API server had to answer.
    #[must_use]
    pub fn requests_of_the_cluster(&self) -> u32 {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let own = entries
            .iter()
            .filter(|((_, step), _)| !BESIDE.contains(step));
        own.flat_map(|(_, entries)| entries)
            .map(|entry| entry.requests)
            .sum()
    }

    /// Whether something was asked of the cluster and nothing was answered, not even that a right is missing.
    #[must_use]
    pub fn unreachable(&self) -> bool {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let own = entries
            .iter()
            .filter(|((_, step), _)| !BESIDE.contains(step));
        let mut asked = own
            .flat_map(|(_, entries)| entries)
            .filter(|entry| entry.requests > 0)
            .peekable();
        asked.peek().is_some() && asked.all(|entry| entry.status == LedgerStatus::TimedOut)
    }

    /// The first reason something was not read, in the source's words.
    #[must_use]
    pub fn first_reason(&self) -> Option<String> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .values()
            .flatten()
            .find_map(|entry| entry.why.clone())
    }

    /// One line a step, in the order of the first read.
    #[must_use]
    pub fn lines(&self) -> Vec<LedgerLine> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .iter()
            .map(|((_, step), entries)| line(step, entries))
            .collect()
    }

    fn push(&self, step: &'static str, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let known = entries.keys().find(|(_, name)| *name == step).copied();
        let key = known.unwrap_or((entries.len(), step));
        entries.entry(key).or_default().push(entry);
    }
}

/// The worst status of a step's reads tells how the step went.
fn line(step: &str, entries: &[Entry]) -> LedgerLine {
    let rank = |status: LedgerStatus| match status {
        LedgerStatus::Ok => 0,
        LedgerStatus::Skipped => 1,
        LedgerStatus::NotConfigured => 2,
        LedgerStatus::Problem => 3,
        LedgerStatus::TimedOut => 4,
        LedgerStatus::NotPermitted => 5,
    };
    let worst = entries.iter().max_by_key(|entry| rank(entry.status));
    let status = worst.map_or(LedgerStatus::Skipped, |entry| entry.status);
    let count: usize = entries.iter().map(|entry| entry.count).sum();
    let detail = match worst.and_then(|entry| entry.why.as_deref()) {
        Some(why) => Message::new("ledger-failed")
            .with("why", why)
            .with("count", count),
        None if status == LedgerStatus::NotConfigured => Message::new("ledger-not-configured"),
        None if status == LedgerStatus::Skipped => Message::new("ledger-skipped"),
        None => Message::new("ledger-read").with("count", count),
    };
    LedgerLine {
        step: step.to_owned(),
        status,
        detail,
        ms: entries
            .iter()
            .map(|entry| entry.ms)
            .max()
            .unwrap_or_default(),
        requests: entries.iter().map(|entry| entry.requests).sum(),
        bytes: entries.iter().map(|entry| entry.bytes).sum(),
    }
}

/// The ledger's word for an error.
pub(super) fn status_of(error: &ReadError) -> LedgerStatus {
    match error {
        ReadError::Forbidden(_) => LedgerStatus::NotPermitted,
        ReadError::TimedOut(_)
        | ReadError::Unreachable(_)
        | ReadError::Server(_)
        | ReadError::Unreadable(_) => LedgerStatus::TimedOut,
        ReadError::NotFound | ReadError::BadRequest(_) | ReadError::InvalidName => {
            LedgerStatus::Problem
        }
    }
}
