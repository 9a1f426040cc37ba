//! Text that crosses a border: what came from outside is [`Untrusted`], what vigie says is a
//! [`Message`] (an id and its arguments, not a string), and every string that leaves the process
//! passes the redactor. Pure; imports nothing of the house.

mod escape;
mod language;
mod message;
mod near;
pub(crate) mod pattern;
mod redact;
mod untrusted;
mod wording;

pub use escape::{
    CUT, MAX_INLINE, MAX_LINE, cap, clean, from_slack_entities, promql_string, slack_entities,
};
pub use language::Language;
pub use message::{Arg, Message};
pub use near::is_near;
pub use pattern::pattern;
pub use redact::Redactor;
pub use untrusted::Untrusted;
pub use wording::Wording;
