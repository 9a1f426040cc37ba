//! Regular expressions that take little memory. The crate lets each one build up to 2 MiB of states while it searches,
//! and keeps them for the next search: some hundred patterns over logs are tens of MiB that nobody needs.

use regex::{Error, Regex, RegexBuilder};

/// States that one pattern may keep, in bytes. What does not fit is built again.
pub(crate) const STATES: usize = 128 << 10;

/// Compiles a pattern.
///
/// # Errors
/// It is no regular expression of the crate `regex`, or a too large one.
pub fn pattern(text: &str) -> Result<Regex, Error> {
    RegexBuilder::new(text).dfa_size_limit(STATES).build()
}
