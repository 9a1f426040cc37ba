//! One incident, one thread: the record, what may happen to it, and what it wants sent.
//! [`apply()`] is the only place where its state changes; everything it wants done in the world is a
//! row of its outbox, saved in the same commit and performed afterwards by the engine. Pure.
//!
//! Plain questions and test pages use the same record with nothing armed, so that "nothing is sent
//! that was not saved" holds for every reply; [`Incident::is_incident`] tells them apart.

mod alerts;
mod apply;
mod batch;
mod button;
mod cut;
mod decision;
mod due;
mod effect;
mod event;
mod ids;
mod join;
pub mod noise;
mod outbox;
mod record;
mod stamp;
mod trace;

#[cfg(test)]
mod tests;

pub use alerts::{Held, News, Told};
pub use apply::{Remembered, announce, apply, mark, notice, open, remember};
pub use batch::{BATCH_WINDOW, Batch, batch_pages};
pub use button::{Button, ButtonAction, ButtonId, Choice};
pub use cut::Cut;
pub use decision::{Context, Decision, Ignored, Outcome};
pub use effect::{
    Attachment, Claim, Content, Effect, Line, OutState, Outgoing, PageFacts, PlainAnswer, Priority,
    Purpose, Receipt,
};
pub use event::{Actor, Arrived, Asked, Command, Event, Refusal};
pub use ids::{ChannelId, IncidentId, Key, OwnerId, ThreadRef, Ts};
pub use join::JoinKey;
pub use outbox::{CLAIM_TTL, HTTP_TIMEOUT, MIN_VALIDITY};
pub use record::{
    AuditLine, FORMAT, Incident, Investigation, InvestigationState, Joined, Origin, Status, Topic,
    Who,
};
pub use stamp::Stamp;
pub use trace::{Promise, Standing, Trace};
