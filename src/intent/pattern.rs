//! Patterns of words, and finding them in a message in one pass.
//!
//! A pattern is a row of elements: `a|b` is either word, `a*` any word that begins so, `?` among the
//! alternatives makes the element optional, `~` lets up to three words of the same clause pass.

use std::collections::HashMap;

use super::token::{Break, Token};

/// Words that a `~` may skip.
const GAP: usize = 3;
/// Words that a `~` never skips: what follows is another statement.
const TURNS: &[&str] = &[
    "mais", "but", "depuis", "since", "because", "car", "parce", "while", "alors",
];

/// One element of a pattern.
#[derive(Debug)]
enum Element {
    Word {
        exact: Vec<&'static str>,
        prefixes: Vec<&'static str>,
        optional: bool,
    },
    Gap,
}

impl Element {
    fn compile(source: &'static str) -> Self {
        if source == "~" {
            return Self::Gap;
        }
        let (mut exact, mut prefixes, mut optional) = (Vec::new(), Vec::new(), false);
        for word in source.split('|') {
            match word.strip_suffix('*') {
                Some(prefix) => prefixes.push(prefix),
                None if word == "?" => optional = true,
                None => exact.push(word),
            }
        }
        Self::Word {
            exact,
            prefixes,
            optional,
        }
    }

    fn accepts(&self, word: &str) -> bool {
        match self {
            Self::Word {
                exact, prefixes, ..
            } => exact.contains(&word) || prefixes.iter().any(|prefix| word.starts_with(prefix)),
            Self::Gap => false,
        }
    }
}

/// A place where a pattern matches.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// Which of the patterns, by its place in the list given.
    pub pattern: usize,
    /// The words that matched, gaps left out, in order; never empty.
    pub words: Vec<usize>,
}

impl Hit {
    /// First word.
    pub fn start(&self) -> usize {
        self.words.first().copied().unwrap_or_default()
    }

    /// One past the last word.
    pub fn end(&self) -> usize {
        self.words.last().map_or(0, |last| last + 1)
    }
}

/// Patterns, indexed by their first word.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    compiled: Vec<Vec<Element>>,
    by_word: HashMap<&'static str, Vec<usize>>,
    by_prefix: Vec<(&'static str, usize)>,
}

impl Patterns {
    /// Adds a pattern; its number is the count of those before it.
    pub fn add(&mut self, source: &'static str) {
        let elements: Vec<Element> = source.split_whitespace().map(Element::compile).collect();
        let number = self.compiled.len();
        for element in &elements {
            let Element::Word {
                exact,
                prefixes,
                optional,
            } = element
            else {
                break;
            };
            for word in exact {
                self.by_word.entry(word).or_default().push(number);
            }
            self.by_prefix
                .extend(prefixes.iter().map(|prefix| (*prefix, number)));
            if !optional {
                break;
            }
        }
        self.compiled.push(elements);
    }

    /// Every word that stands whole in a pattern: what a misspelt word may have meant.
    pub fn words(&self) -> impl Iterator<Item = &'static str> {
        self.compiled
            .iter()
            .flatten()
            .flat_map(|element| match element {
                Element::Word {
                    exact, prefixes, ..
                } => exact.iter().chain(prefixes).copied().collect(),
                Element::Gap => Vec::new(),
            })
    }

    /// Every match, in the order of the text; for each pattern and place the nearest one.
    pub fn find(&self, tokens: &[Token]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for at in 0..tokens.len() {
            let word = tokens[at].text.as_str();
            let exact = self.by_word.get(word).into_iter().flatten().copied();
            let prefixed = self
                .by_prefix
                .iter()
                .filter(|(prefix, _)| word.starts_with(prefix))
                .map(|(_, number)| *number);
            let mut numbers: Vec<usize> = exact.chain(prefixed).collect();
            numbers.sort_unstable();
            numbers.dedup();
            for pattern in numbers {
                let mut words = Vec::new();
                if matches(&self.compiled[pattern], tokens, at, true, &mut words) {
                    hits.push(Hit { pattern, words });
                }
            }
        }
        hits
    }
}

/// Matches the elements from `at` on, writing the matched places to `words`.
fn matches(
    elements: &[Element],
    tokens: &[Token],
    at: usize,
    first: bool,
    words: &mut Vec<usize>,
) -> bool {
    let Some((element, rest)) = elements.split_first() else {
        return true;
    };
    if let Element::Gap = element {
        return (0..=GAP).any(|skip| {
            let clear = tokens.iter().skip(at).take(skip);
            clear.clone().count() == skip
                && clear.clone().all(|token| {
                    token.breaks == Break::None && !TURNS.contains(&token.text.as_str())
                })
                && tokens
                    .get(at + skip)
                    .is_none_or(|token| token.breaks == Break::None)
                && attempt(rest, tokens, at + skip, false, words)
        });
    }
    if let Some(token) = tokens.get(at)
        && (first || token.breaks < Break::Sentence)
        && element.accepts(&token.text)
    {
        words.push(at);
        if matches(rest, tokens, at + 1, false, words) {
            return true;
        }
        words.pop();
    }
    matches!(element, Element::Word { optional: true, .. })
        && attempt(rest, tokens, at, first, words)
}

/// [`matches()`], leaving `words` as it was when it fails.
fn attempt(
    elements: &[Element],
    tokens: &[Token],
    at: usize,
    first: bool,
    words: &mut Vec<usize>,
) -> bool {
    let before = words.len();
    let found = matches(elements, tokens, at, first, words);
    if !found {
        words.truncate(before);
    }
    found
}
