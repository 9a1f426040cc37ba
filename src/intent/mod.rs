//! From a Slack message or a terminal question to what someone wants: an [`Ask`], and from its words
//! to the live objects they mean. No model, no network: French and English word lists. Pure.
//!
//! `markup` (Slack's signs taken out) → `token` (words) → `reading` (what the `lexicon` finds in them)
//! → `environment`, `suspect`, `phrase` (names), `want` → [`parse()`]. Then `target`: names → [`Candidate`]s.

mod address;
mod ask;
mod vocabulary;

mod fold;
mod markup;
mod token;

mod lexicon;
mod pattern;
mod reading;
mod suspect;

mod environment;
mod language;
mod phrase;
mod talk;
mod topic;
mod want;
mod when;
mod whole;

mod parse;
mod target;

#[cfg(test)]
mod tests;

pub use ask::{
    Ask, Change, Danger, ObjectWords, Period, Phrase, Stress, Talk, Until, Want, WebAddress,
};
pub use environment::words_for;
pub use parse::parse;
pub use target::{Candidate, Resolution, Scope, is_akin, mentioned, resolve};
pub use topic::{speaks_of_gate, speaks_of_pipeline};
pub use vocabulary::{EnvironmentWords, Vocabulary};
