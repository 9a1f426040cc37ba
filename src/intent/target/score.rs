//! How well a phrase fits a name, 0 to 1.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Candidate;
use crate::intent::ask::Phrase;
use crate::intent::fold::{fold, singular};
use crate::intent::lexicon::{concept, is_concept, is_sort_of, near_concept};
use crate::text::is_near;

/// Below this a name is not the one meant.
pub(super) const HIT: f64 = 0.6;
/// For a name written with its dashes.
pub(super) const WRITTEN: f64 = 0.78;
/// From this on there is no doubt about the words, however the sentence puts them.
pub(super) const SURE: f64 = 0.85;

/// The share of the words asked for; the rest is the share of the name's own words.
const ASKED: f64 = 0.7;

/// Words that say "this is a program" and nothing else: `payment-service` is `payment`.
const IDENTITY: &[&str] = &[
    "service",
    "svc",
    "api",
    "app",
    "application",
    "server",
    "deployment",
    "deploy",
    "microservice",
    "ms",
    "srv",
    "main",
    "statefulset",
    "sts",
    "component",
];
/// Words for another program of the same thing: `payment-worker` stands beside `payment-service`.
const SIBLING: &[&str] = &[
    "worker",
    "consumer",
    "producer",
    "frontend",
    "backend",
    "gateway",
    "web",
    "scheduler",
    "processor",
    "master",
    "primary",
    "replica",
    "ui",
    "admin",
    "mobile",
    "core",
    "node",
    "agent",
    "controller",
    "operator",
    "manager",
    "engine",
];

/// Words for a sort of environment in a name.
const ENVIRONMENT: &[&str] = &[
    "prod",
    "production",
    "prd",
    "staging",
    "stg",
    "preprod",
    "dev",
    "recette",
    "main",
];

/// How much a word counts when the other side does not have it.
fn weight(word: &str) -> f64 {
    let version = word.strip_prefix('v').unwrap_or(word);
    if IDENTITY.contains(&word) || version.chars().all(|c| c.is_ascii_digit()) {
        0.05
    } else if ENVIRONMENT.contains(&word) {
        0.1
    } else if SIBLING.contains(&word) {
        0.3
    } else {
        0.8
    }
}

/// Letters of a word and words of a name that are looked at; Kubernetes allows 63 letters in most names.
const LONGEST: usize = 63;
const MOST_WORDS: usize = 10;

/// A word in its one form, and as it is spelled (for slips).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Word {
    pub name: String,
    pub spelled: String,
}

/// A name as words: split at dashes, dots, underscores and capitals.
pub(super) fn words_of(name: &str) -> Vec<Word> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && lower) {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.last_mut().into_iter().for_each(|word| word.push(c));
        }
        lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words
        .iter()
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(|word| {
            let folded: String = fold(word).chars().take(LONGEST).collect();
            Word {
                name: concept(&folded),
                spelled: singular(&folded),
            }
        })
        .collect()
}

/// The words of a name that tell it from others of its sort; all of them if none does.
pub(super) fn essence(name: &str) -> Vec<String> {
    let words: Vec<String> = words_of(name).into_iter().map(|word| word.name).collect();
    let own: Vec<String> = words
        .iter()
        .filter(|word| !IDENTITY.contains(&word.as_str()))
        .cloned()
        .collect();
    if own.is_empty() { words } else { own }
}

/// A phrase ready to be compared, remembering how its words fit the words of names: a cluster uses
/// few words many times.
pub(super) struct Asked {
    words: Vec<Word>,
    remembered: RefCell<HashMap<(usize, Word), f64>>,
}

impl Asked {
    /// The words of a phrase.
    pub fn new(phrase: &Phrase) -> Self {
        let words = phrase.words.iter().flat_map(|word| words_of(word));
        Self {
            words: words.take(MOST_WORDS).map(put_right).collect(),
            remembered: RefCell::default(),
        }
    }

    /// How well the candidate fits, by its name or by what its labels and hosts call it.
    pub fn score(&self, candidate: &Candidate) -> f64 {
        let other = |name: &Option<String>, share: f64| {
            name.as_deref().map_or(0.0, |name| self.fit(name) * share)
        };
        let hosts = candidate.hosts.iter().map(|host| self.fit_host(host));
        [
            self.fit(&candidate.name),
            other(&candidate.app_name, 0.95),
            other(&candidate.app, 0.95),
            other(&candidate.release, 0.85),
            hosts.fold(0.0, f64::max),
        ]
        .into_iter()
        .fold(0.0, f64::max)
    }

    /// How well a name fits.
    fn fit(&self, name: &str) -> f64 {
        let own = words_of(name);
        if own.is_empty() || self.words.is_empty() {
            return 0.0;
        }
        if own.len() == self.words.len()
            && own.iter().zip(&self.words).all(|(a, b)| a.name == b.name)
        {
            return 1.0;
        }
        let asked = share(&self.words, |n, _| {
            own.iter()
                .map(|word| self.like(n, word))
                .fold(0.0, f64::max)
        });
        let had = share(&own, |_, word| {
            (0..self.words.len())
                .map(|n| self.like(n, word))
                .fold(0.0, f64::max)
        });
        let by_words = (ASKED * asked + (1.0 - ASKED) * had) * 0.99;
        by_words.max(same_letters(&self.words, &own))
    }

    /// The host asked for, whatever stands beside it ("the certificate of shop.example.com"), or its first label.
    fn fit_host(&self, host: &str) -> f64 {
        let label = host.split('.').next().unwrap_or(host);
        let whole = words_of(host);
        let least = whole.len().max(1);
        if self.words.windows(least).any(|words| words == whole) {
            1.0
        } else {
            self.fit(label) * 0.9
        }
    }

    fn like(&self, asked: usize, word: &Word) -> f64 {
        if self.words[asked].name == word.name {
            return 1.0;
        }
        *self
            .remembered
            .borrow_mut()
            .entry((asked, word.clone()))
            .or_insert_with(|| like(&self.words[asked], word))
    }

    /// Whether the candidate may have been meant: it fits (elsewhere), or a word that tells it from others of its
    /// sort is a slip or a part of one that was asked for.
    pub fn is_near(&self, candidate: &Candidate) -> bool {
        let telling = |words: &[Word]| -> Vec<Word> {
            let own = words.iter().filter(|word| weight(&word.name) > 0.3);
            let own: Vec<Word> = own.cloned().collect();
            if own.is_empty() { words.to_vec() } else { own }
        };
        let joined =
            |words: &[Word]| -> String { words.iter().map(|word| word.spelled.as_str()).collect() };
        let near = |a: &Word, b: &Word| a.name == b.name || is_near(&a.spelled, &b.spelled);
        let (asked, own) = (telling(&self.words), telling(&words_of(&candidate.name)));
        self.score(candidate) >= HIT
            || asked.iter().any(|a| own.iter().any(|b| near(a, b)))
            || is_near(&joined(&asked), &joined(&own))
    }

    /// How near the name comes when nothing fits, for suggestions.
    pub fn nearness(&self, candidate: &Candidate) -> f64 {
        let own = words_of(&candidate.name);
        let telling = |words: &[Word]| -> Vec<String> {
            let telling = words.iter().filter(|word| weight(&word.name) > 0.1);
            telling.map(|word| word.spelled.clone()).collect()
        };
        let (asked, own) = (telling(&self.words), telling(&own));
        let best = asked
            .iter()
            .flat_map(|asked| own.iter().map(|own| strsim::jaro_winkler(asked, own)))
            .fold(0.0, f64::max);
        let whole = strsim::jaro_winkler(&asked.concat(), &own.concat());
        self.score(candidate).max(best.max(whole) * 0.9)
    }
}

/// Whether a name shares a word with a phrase that tells things apart: `sales-nightly` and "the report of the sales".
#[must_use]
pub fn is_akin(phrase: &Phrase, name: &str) -> bool {
    let asked = Asked::new(phrase);
    let telling = |word: &Word| weight(&word.name) > 0.3;
    let own: Vec<Word> = words_of(name).into_iter().filter(telling).collect();
    let mut words = (0..asked.words.len()).filter(|n| telling(&asked.words[*n]));
    words.any(|n| own.iter().any(|word| asked.like(n, word) >= SURE))
}

/// A misspelt French word finds the thing it means: `comandes` is `order`.
fn put_right(word: Word) -> Word {
    match near_concept(&word.spelled).filter(|_| !is_concept(&word.spelled)) {
        Some(name) => Word { name, ..word },
        None => word,
    }
}

/// The share of the words that are found, each by its weight.
fn share(words: &[Word], found: impl Fn(usize, &Word) -> f64) -> f64 {
    let all: f64 = words.iter().map(|word| weight(&word.name)).sum();
    let met: f64 = words
        .iter()
        .enumerate()
        .map(|(n, word)| weight(&word.name) * found(n, word))
        .sum();
    if all > 0.0 { met / all } else { 0.0 }
}

/// `userservice`, `check-out`: the same letters cut otherwise.
fn same_letters(asked: &[Word], own: &[Word]) -> f64 {
    let joined = |words: &[Word]| {
        words
            .iter()
            .map(|word| word.spelled.as_str())
            .collect::<String>()
    };
    let (asked, own) = (joined(asked), joined(own));
    match (
        asked == own,
        asked.len() >= 9 && asked.len().abs_diff(own.len()) <= 1,
    ) {
        (true, _) => 0.97,
        (false, true) if strsim::osa_distance(&asked, &own) <= 1 => 0.86,
        _ => 0.0,
    }
}

/// How like two words are: the same, one the start of the other, of one sort, or a slip apart.
fn like(asked: &Word, own: &Word) -> f64 {
    let (a, b) = (asked.spelled.as_str(), own.spelled.as_str());
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if short.chars().count() >= 4 && long.starts_with(short) {
        return 0.9;
    }
    if is_sort_of(&asked.name, &own.name) {
        return 0.87;
    }
    if IDENTITY.contains(&b) || IDENTITY.contains(&a) {
        return 0.0;
    }
    spelled_like(a, b)
}

/// One slip in four to six letters, two in more; the first letter is seldom the wrong one.
fn spelled_like(asked: &str, own: &str) -> f64 {
    let (asked_length, own_length) = (asked.chars().count(), own.chars().count());
    let length = asked_length.min(own_length);
    if length < 4 || asked_length.abs_diff(own_length) > 2 {
        return 0.0;
    }
    let slips = strsim::osa_distance(asked, own);
    let same_start = asked.chars().next() == own.chars().next();
    match slips {
        0 => 1.0,
        1 if length >= 5 || same_start => 0.88,
        2 if length >= 7 && same_start => 0.82,
        _ => 0.0,
    }
}
