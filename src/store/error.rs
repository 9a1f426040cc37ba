//! What can go wrong in a store, by what the caller has to do about it.

use thiserror::Error;

use crate::incident::IncidentId;

/// Why a store did not do what was asked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StoreError {
    /// Somebody changed the incident in between: load it, decide again.
    #[error("{} changed meanwhile: expected version {expected}, found {found}", id.as_str())]
    Conflict {
        /// The incident.
        id: IncidentId,
        /// Version the decision was made on; 0 for "does not exist yet".
        expected: u64,
        /// Version in the store; 0 for "does not exist".
        found: u64,
    },
    /// Another process has the store open.
    #[error(
        "the store in {path} is open in another process: the embedded store serves one replica \
         (strategy Recreate, one volume); several replicas need PostgreSQL"
    )]
    Locked {
        /// Its folder.
        path: String,
    },
    /// The store holds less than it did: do not start as if nothing had happened.
    #[error("the store in {path} lost its memory: {loss}")]
    Lost {
        /// Its folder.
        path: String,
        /// What is missing.
        loss: Loss,
    },
    /// The store is damaged, and what could be saved was not enough.
    #[error("the store in {path} is damaged ({detail}); a copy was kept in {copy}")]
    Corrupt {
        /// Its folder.
        path: String,
        /// Where the untouched copy is.
        copy: String,
        /// What the engine said.
        detail: String,
    },
    /// Written by a newer vigie: this one must not touch it.
    #[error("{what} has format {found}, this version reads up to {known}: run the newer version")]
    NewerFormat {
        /// The record or the export.
        what: String,
        /// Its format.
        found: u32,
        /// The newest this version knows.
        known: u32,
    },
    /// A record cannot be read.
    #[error("{what} cannot be read: {detail}")]
    Unreadable {
        /// Which.
        what: String,
        /// Why.
        detail: String,
    },
    /// The disk is full, read-only or broken. Nothing was acknowledged; what was in memory is
    /// dropped and the store opened again, so load before deciding again.
    #[error("the store cannot write: {0}")]
    Io(String),
    /// An arrival that the commit consumes is gone: what came of it is saved already. Nothing of this
    /// commit was.
    #[error("the arrival was handled before")]
    Consumed,
    /// A snapshot goes into an empty store only.
    #[error("the store is not empty")]
    NotEmpty,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
}

/// What a store lost, as its sentinel tells.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Loss {
    /// There was a store, and now it is empty.
    #[error("it is empty, and had {open} open incidents at sequence {sequence}")]
    Empty {
        /// Open incidents when the sentinel was written.
        open: u64,
        /// Sequence then.
        sequence: u64,
    },
    /// It is an older state (a restored backup, a lost tail).
    #[error("it is at sequence {found}, and had been at {expected}")]
    Older {
        /// Sequence the sentinel knows.
        expected: u64,
        /// Sequence found.
        found: u64,
    },
    /// It is another store than the one the sentinel stands beside.
    #[error("it is another store ({found}) than the one here before ({expected})")]
    Foreign {
        /// Id the sentinel knows.
        expected: String,
        /// Id found.
        found: String,
    },
}
