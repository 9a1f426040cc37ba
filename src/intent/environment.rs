//! Which environment and which namespace a message names.

use super::Vocabulary;
use super::fold::fold;
use super::lexicon::{LEXICON, is_stop};
use super::token::{Break, Token};

/// The usual words for the usual sorts of environment; the first is the name where none is configured.
const SORTS: &[&[&str]] = &[
    &["production", "prod", "prd", "prods", "live"],
    &[
        "staging",
        "stg",
        "stage",
        "preprod",
        "preproduction",
        "pprod",
        "recette",
        "uat",
        "homologation",
        "homol",
        "qualif",
    ],
    &[
        "dev",
        "development",
        "developpement",
        "devel",
        "integration",
        "int",
    ],
];

/// All the usual words for an environment of the same sort as `name`; none where it is of no usual sort.
#[must_use]
pub fn words_for(name: &str) -> &'static [&'static str] {
    let sort = SORTS.iter().find(|words| words.contains(&name));
    sort.copied().unwrap_or_default()
}

/// Words of [`SORTS`] that mean an environment only after such a preposition.
const ORDINARY: &[&str] = &["live", "stage", "integration", "int", "uat", "qualif"];
const PREPOSITIONS: &[&str] = &[
    "en",
    "in",
    "sur",
    "on",
    "dans",
    "env",
    "environnement",
    "environment",
    "d",
];
/// Of those, the ones that mean nothing else where they stand apart: `uat : plus rien ne marche`.
const APART: &[&str] = &["uat", "qualif"];
/// Words before `dev` that make it a person.
const PEOPLE: &[&str] = &[
    "un", "le", "les", "des", "a", "the", "our", "my", "nos", "notre", "mon",
];

/// A place where an environment is named.
#[derive(Debug)]
pub(super) struct Mention {
    pub start: usize,
    pub end: usize,
    pub name: String,
}

/// Every environment named, in the order of the text.
pub(super) fn mentions(tokens: &[Token], vocabulary: &Vocabulary) -> Vec<Mention> {
    let known = known(vocabulary);
    let mut found: Vec<Mention> = Vec::new();
    for at in 0..tokens.len() {
        if tokens[at].quoted || found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let exact = known
            .iter()
            .filter(|(words, _)| {
                words.len() <= tokens.len() - at
                    && words.iter().zip(&tokens[at..]).all(|(w, t)| *w == t.text)
            })
            .max_by_key(|(words, _)| words.len())
            .filter(|(words, _)| words.len() > 1 || means_environment(tokens, at));
        let near = || known.iter().find(|(words, _)| is_near(words, &tokens[at]));
        if let Some((words, name)) = exact.or_else(near) {
            found.push(Mention {
                start: at,
                end: at + words.len(),
                name: name.clone(),
            });
        }
    }
    found
}

/// Words, and the environment they name: configured ones first, then the usual ones not taken.
fn known(vocabulary: &Vocabulary) -> Vec<(Vec<String>, String)> {
    let split = |text: &str| -> Vec<String> {
        fold(text)
            .split_whitespace()
            .map(ToOwned::to_owned)
            .collect()
    };
    let mut known: Vec<(Vec<String>, String)> = Vec::new();
    for environment in &vocabulary.environments {
        for words in std::iter::once(&environment.name).chain(&environment.aliases) {
            let words = split(words);
            if !words.is_empty() {
                known.push((words, environment.name.clone()));
            }
        }
    }
    for sort in SORTS {
        let name = known
            .iter()
            .find(|(words, _)| matches!(words.as_slice(), [word] if sort.contains(&word.as_str())))
            .map_or_else(|| sort[0].to_owned(), |(_, name)| name.clone());
        for word in *sort {
            if !known
                .iter()
                .any(|(words, _)| matches!(words.as_slice(), [w] if w == word))
            {
                known.push((vec![(*word).to_owned()], name.clone()));
            }
        }
        if sort[0] == "staging" {
            for second in ["prod", "production"] {
                known.push((vec!["pre".to_owned(), second.to_owned()], name.clone()));
            }
        }
    }
    known
}

/// Whether it is a usual word for an environment.
pub(super) fn is_usual(word: &str) -> bool {
    SORTS.iter().any(|sort| sort.contains(&word))
}

/// Whether two words name the same sort of environment: `prod` and `production`.
pub(super) fn same_sort(word: &str, name: &str) -> bool {
    word == name
        || SORTS
            .iter()
            .any(|sort| sort.contains(&word) && sort.contains(&fold(name).as_str()))
}

fn means_environment(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |b| tokens[b].text.as_str());
    let word = tokens[at].text.as_str();
    if ORDINARY.contains(&word) {
        let apart = at == 0 || tokens[at].breaks > Break::None;
        return PREPOSITIONS.contains(&before) || (apart && APART.contains(&word));
    }
    word != "dev" || !PEOPLE.contains(&before)
}

/// `producion`, `stagging`: one slip in seven letters, two in more.
fn is_near(words: &[String], token: &Token) -> bool {
    let [word] = words else { return false };
    let text = token.text.as_str();
    text.len() >= 6
        && word.len() >= 6
        && !ORDINARY.contains(&word.as_str())
        && !token.name_like
        && !is_stop(text)
        && !LEXICON.knows(text)
        && text.as_bytes()[0] == word.as_bytes()[0]
        && strsim::osa_distance(word, text) <= if text.len() < 8 { 1 } else { 2 }
}

/// The one environment a message is about. "It works in staging but not in production" names two:
/// the one said to be fine is left out.
pub(super) fn choose<'a>(
    mentions: &'a [Mention],
    tokens: &[Token],
    fine: &[usize],
) -> Option<&'a Mention> {
    let said_fine = |mention: &Mention| {
        fine.iter().any(|&at| {
            at < mention.start
                && mention.start - at <= 4
                && tokens[at + 1..=mention.start].iter().all(|t| {
                    t.breaks == Break::None
                        && !["mais", "but", "pas", "not"].contains(&t.text.as_str())
                })
        })
    };
    mentions
        .iter()
        .find(|mention| !said_fine(mention))
        .or(mentions.first())
}

/// The namespace named as such, and the places of its words: `namespace payments`, `payments namespace`,
/// `-n payments`, or a configured one before a slash.
pub(super) fn namespace(tokens: &[Token], vocabulary: &Vocabulary) -> Option<(String, Vec<usize>)> {
    let nameable = |at: usize| {
        let token = tokens.get(at)?;
        let name = token.shown.to_lowercase();
        (is_dns_label(&name) && (!is_stop(&token.text) || token.name_like)).then_some(name)
    };
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| !token.quoted) {
        let configured = vocabulary
            .environments
            .iter()
            .flat_map(|environment| &environment.namespaces)
            .find(|namespace| **namespace == token.shown);
        if tokens.get(at + 1).is_some_and(|next| next.slash) && configured.is_some() {
            return Some((token.shown.clone(), vec![at]));
        }
        if !["namespace", "namespaces", "ns"].contains(&token.text.as_str()) {
            continue;
        }
        let follows = |n: usize| tokens.get(n).is_some_and(|t| t.breaks < Break::Sentence);
        if let Some(name) = nameable(at + 1).filter(|_| follows(at + 1)) {
            return Some((name, vec![at, at + 1]));
        }
        if let Some(before) = at.checked_sub(1)
            && token.breaks == Break::None
            && let Some(name) = nameable(before)
        {
            return Some((name, vec![before, at]));
        }
    }
    None
}

/// Whether Kubernetes would take it as a name of a namespace.
fn is_dns_label(name: &str) -> bool {
    name.len() <= 63
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}
