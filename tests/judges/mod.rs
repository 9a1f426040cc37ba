//! Judges on fixtures: each cause of the catalogue has one sick case in which it is the root cause, and
//! one look-alike in which it is not. The format is described in `tests/fixtures/README.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic is how a test reports"
)]

mod catalogue;
mod texts;
