//! From a Slack message or a terminal question to what someone wants: an [`Ask`], and from its words
//! to the live objects they mean. No model, no network: French and English word lists. Pure.

mod ask;
mod target;
mod vocabulary;

pub use ask::{Ask, Change, Danger, ObjectWords, Period, Phrase, Stress, Until, Want};
pub use target::{Candidate, Resolution, Scope};
pub use vocabulary::{EnvironmentWords, Vocabulary};
