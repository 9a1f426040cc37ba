//! A panic is a log line like any other: JSON, redacted, and not a raw message on stderr.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, PanicHookInfo};
use std::thread;

use crate::text::Redactor;

/// Replaces the standard hook, which prints the message as it is.
pub(super) fn log_them(redactor: Redactor) {
    panic::set_hook(Box::new(move |info| {
        let message = redactor.redact(message_of(info)).into_owned();
        let at = info.location().map(ToString::to_string);
        let current = thread::current();
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then_some(backtrace);
        tracing::error!(
            at = at.as_deref(),
            thread = current.name(),
            backtrace = backtrace.map(|trace| trace.to_string()),
            "panic: {message}"
        );
    }));
}

fn message_of<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    info.payload_as_str().unwrap_or("no message")
}
