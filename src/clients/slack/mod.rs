//! Slack: the Web API behind one limiter ([`Slack`]), and Socket Mode ([`socket`]).
//!
//! slack-morphism carries the bytes; its models are not used, because they lose content without
//! an error (attachments' links, whole bodies with one odd field). Every payload that leaves passes
//! the redactor that [`Slack::new`] is given, and nothing is ever unfurled.

mod api;
mod error;
mod files;
mod frame;
mod gate;
mod limiter;
mod methods;
pub mod socket;
mod sockets;
mod types;

pub use api::{Observed, Observer, Scrub, Slack, SlackSettings, SlackSetupError};
pub use error::SlackError;
pub use files::{Upload, Uploaded, carries_file};
pub use gate::Permit;
pub use limiter::{Limits, Method, Priority, Rate};
pub use types::{Channel, Edit, HistoryPage, Identity, NewMessage, Posted, User, time_of};

/// Log targets that print tickets and message bodies: a subscriber must switch them off.
pub const SENSITIVE_LOG_TARGETS: &[&str] = &["slack_morphism", "tungstenite", "hyper"];

#[cfg(test)]
mod tests;
