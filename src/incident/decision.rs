//! What comes of an event: the new record, or the reason why nothing changed.

use chrono::{DateTime, Utc};

use super::Incident;
use crate::escalation::Policy;

/// What a decision may look at besides the record and the event.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The configuration's view of escalation.
    pub policy: &'a Policy,
    /// The time to decide by (UTC).
    pub now: DateTime<Utc>,
    /// When this process began to watch the deadlines (UTC).
    pub watching_since: DateTime<Utc>,
    /// Fresh randomness, for button ids.
    pub nonce: u128,
}

/// What comes of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The record as it is to be saved: its version is one higher than before if it changed.
    pub incident: Incident,
    /// What happened.
    pub outcome: Outcome,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The record changed: commit it before doing anything else.
    Changed,
    /// Nothing changed, and nothing is to be committed for it.
    Ignored(Ignored),
}

/// Why an event changed nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Ignored {
    /// Nothing is due.
    NothingDue,
    /// No investigation of that number waits for this.
    NoSuchInvestigation,
    /// No message of that key.
    NoSuchMessage,
    /// Somebody else has it, it is final, or it is not its time.
    NotClaimable,
    /// A claim of an older generation: its owner lost it.
    StaleClaim,
    /// The record is past this (joined, answered, resolved already).
    NotOpen,
    /// The same was said before.
    AlreadySo,
    /// Another alert's recovery, or one that says nothing about this incident.
    NotOurs,
    /// An event from before the incident was resolved does not open it again.
    Stale,
}

impl Decision {
    /// Whether there is something to commit.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.outcome == Outcome::Changed
    }
}
