//! Text that crosses a border: what came from outside is [`Untrusted`], what vigie says is a
//! [`Message`] (an id and its arguments, not a string), and every string that leaves the process
//! passes the redactor. Pure; imports nothing of the house.

mod language;
mod message;
mod untrusted;

pub use language::Language;
pub use message::{Arg, Message};
pub use untrusted::Untrusted;
