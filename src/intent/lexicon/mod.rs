//! The word lists: what a run of words says. One table, French and English side by side, matched in
//! one pass by [`Patterns`]; stop words and the bilingual names of things have files of their own.

mod concepts;
mod en;
mod fr;
mod stop;

use std::collections::HashSet;
use std::sync::LazyLock;

pub(super) use concepts::{compound, concept, is_concept, is_sort_of, near_concept};
pub(super) use stop::{is_stop, stop_language};

use super::ask::{Change, Danger};
use super::pattern::Patterns;
use crate::finding::Symptom;
use crate::text::Language;

/// What a matched pattern says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Symptom(Symptom),
    /// Something is wrong, and the words do not tell what.
    Trouble,
    Danger(Danger),
    Logs,
    Version,
    Changes,
    Usage,
    Sizing,
    Review,
    Dashboard,
    Help,
    TestPage,
    OnCall,
    Maintenance,
    MaintenanceOver,
    Acknowledge,
    Resolve,
    Escalate,
    RunAgain,
    WrongAnswer,
    Silence,
    Absent,
    Back,
    Act(Change),
    /// "How is it": asks for a look and claims nothing.
    Status,
    /// "It works": the opposite of a symptom.
    Fine,
    /// "Show me": what follows is wanted, not complained about.
    Request,
    /// Talk between people.
    Chatter,
    /// A greeting and nothing more.
    Greeting,
    /// "Are you there?": about the bot itself.
    Hail,
    /// "What is a": asks what a word means.
    Define,
}

/// One line of the table: what it says, and patterns separated by `;`.
pub(super) type Line = (Tag, &'static str);

/// The table, compiled once.
pub(super) struct Lexicon {
    /// The patterns; their numbers index `lines`.
    pub patterns: Patterns,
    /// What each pattern says, the language it is in, and whether "not" before it undoes it.
    pub lines: Vec<(Tag, Option<Language>, bool)>,
    /// Words of four letters and more, by length, for misspelt ones.
    by_length: Vec<Vec<&'static str>>,
    known: HashSet<&'static str>,
}

/// The compiled table.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

/// Words that make a pattern negative by itself: another "not" before it is the first half of the same one.
const NEGATIVE: &[&str] = &[
    "plus",
    "pas",
    "rien",
    "aucun",
    "aucune",
    "jamais",
    "sans",
    "not",
    "no",
    "never",
    "nothing",
    "isnt",
    "doesnt",
    "arent",
    "dont",
    "cant",
    "cannot",
    "wont",
    "without",
    "stopped",
    "impossible",
    "manque",
];

impl Lexicon {
    fn build() -> Self {
        let mut lexicon = Self {
            patterns: Patterns::default(),
            lines: Vec::new(),
            by_length: Vec::new(),
            known: HashSet::new(),
        };
        for (lines, language) in [
            (fr::LINES, Some(Language::Fr)),
            (en::LINES, Some(Language::En)),
            (en::SHARED, None),
        ] {
            for (tag, sources) in lines {
                for source in sources.split(';').map(str::trim).filter(|s| !s.is_empty()) {
                    lexicon.patterns.add(source);
                    let negative = source
                        .split(['|', ' '])
                        .any(|word| NEGATIVE.contains(&word));
                    lexicon.lines.push((*tag, language, !negative));
                }
            }
        }
        let words: HashSet<&'static str> = lexicon.patterns.words().collect();
        for word in &words {
            let length = word.len();
            if length >= 4 && word.is_ascii() {
                if lexicon.by_length.len() <= length {
                    lexicon.by_length.resize(length + 1, Vec::new());
                }
                lexicon.by_length[length].push(word);
            }
        }
        for words in &mut lexicon.by_length {
            words.sort_unstable();
        }
        lexicon.known = words;
        lexicon
    }

    /// Whether the word stands in a pattern.
    pub fn knows(&self, word: &str) -> bool {
        self.known.contains(word)
    }

    /// The word of four letters with two neighbours in the wrong order: `lnet`. Any other slip in so short a
    /// word makes too many others.
    fn swapped(&self, word: &str) -> Option<&'static str> {
        let letters = word.as_bytes();
        let mut near = self.by_length.get(4)?.iter();
        let is = |known: &[u8]| {
            known[0] == letters[0]
                && (1..3).any(|at| {
                    let mut other = letters.to_vec();
                    other.swap(at, at + 1);
                    other == known
                })
        };
        near.find(|known| is(known.as_bytes())).copied()
    }

    /// The word itself, as the lists have it.
    pub fn word(&self, word: &str) -> Option<&'static str> {
        self.known.get(word).copied()
    }

    /// The word of the lists that a misspelt one means: one slip in five to seven letters, two in more,
    /// and never in the first letter.
    pub fn correct(&self, word: &str) -> Option<&'static str> {
        let length = word.len();
        if length < 4 || !word.is_ascii() {
            return None;
        }
        if length == 4 {
            return self.swapped(word);
        }
        let allowed = if length < 8 { 1 } else { 2 };
        let near = self
            .by_length
            .iter()
            .skip((length - allowed).max(5))
            .take(length + allowed + 1 - (length - allowed).max(5))
            .flatten();
        near.filter(|known| known.as_bytes()[0] == word.as_bytes()[0])
            .map(|known| (strsim::osa_distance(known, word), *known))
            .filter(|(distance, _)| *distance <= allowed)
            .min()
            .map(|(_, known)| known)
    }
}
