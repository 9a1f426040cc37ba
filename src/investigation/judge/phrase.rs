//! A sentence that names a cause in so many words, as a component, a driver or an application says it.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::finding::Cause;

/// One sort of sentence, what it proves, and how that is said.
pub(super) struct Phrase {
    /// What it names.
    pub(super) cause: Cause,
    /// The cause's sentence.
    pub(super) says: &'static str,
    /// The reason of the fix.
    pub(super) why: &'static str,
    /// How much the words alone prove.
    pub(super) strength: f64,
    /// The words; groups are what they are about.
    pub(super) pattern: LazyLock<Option<Regex>>,
}

impl Phrase {
    /// What the words are about, where they are of this sort.
    pub(super) fn read<'a>(&self, words: &'a str) -> Option<Captures<'a>> {
        self.pattern.as_ref()?.captures(words)
    }
}

macro_rules! phrase {
    ($cause:ident, $says:literal, $why:literal, $strength:literal, $pattern:literal) => {
        $crate::investigation::judge::phrase::Phrase {
            cause: $crate::finding::Cause::$cause,
            says: $says,
            why: $why,
            strength: $strength,
            pattern: std::sync::LazyLock::new(|| $crate::text::pattern($pattern).ok()),
        }
    };
}
pub(super) use phrase;
