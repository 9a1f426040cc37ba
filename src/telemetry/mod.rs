//! What the bot says about itself: log lines and metrics. No message bodies, no user and no channel
//! as a metric label, and every log line passes the redactor.

mod labels;
mod line;
mod logs;
mod metrics;
mod panics;
#[cfg(test)]
mod tests;

pub use logs::{intent_span, start};
pub use metrics::{Metrics, Trigger};
