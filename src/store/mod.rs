//! Where incidents live. The engine talks to [`Store`]; an engine of it passes the conformance
//! suite. Shaped for one replica with an embedded database and for several with `PostgreSQL`: one
//! versioned record per incident, compare-and-swap on commit, everything of one decision in one
//! commit, durable when the call returns.

mod aside;
mod commands;
mod error;
mod export;
mod hang;
mod rows;
mod sentinel;
mod sled;
mod types;
mod worker;

#[cfg(test)]
mod conformance;

pub use self::sled::SledStore;
pub(crate) use aside::document as aside_document;
pub use aside::{Aside, put_aside};
pub use error::{Loss, StoreError};
pub use export::{export, import};
pub use hang::hangs;
pub use types::{
    Accepted, Answer, Arrival, Commit, Health, Inbox, InboxId, Limits, Snapshot, Store, Watermark,
};
