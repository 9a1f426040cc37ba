//! Who is only suspected: "nobody can upload any more. Could it be the new ocr?" asks about the uploads. What the
//! asker takes for the cause is no name of what is wrong; where it is the cause, a look finds it.

use std::ops::Range;

use super::environment::is_usual;
use super::lexicon::{Tag, is_stop};
use super::reading::Reading;
use super::token::{Break, Token};

/// How such a question begins.
const BEGINNINGS: &[&[&str]] = &[
    &["could", "it", "be"],
    &["can", "it", "be"],
    &["might", "it", "be"],
    &["could", "this", "be"],
    &["could", "that", "be"],
    &["is", "it"],
    &["is", "this"],
    &["is", "that"],
    &["its", "because", "of"],
    &["because", "of"],
    &["due", "to"],
    &["related", "to"],
    &["c", "est"],
    &["cest"],
    &["est-ce", "que", "c", "est"],
    &["est", "ce", "que", "c", "est"],
    &["serait", "ce"],
    &["serait-ce"],
    &["ce", "serait"],
    &["ca", "vient"],
    &["ca", "viendrait"],
    &["ca", "peut", "venir"],
    &["a", "cause"],
    &["lie", "a"],
];
/// Words before them that change nothing.
const BEFORE: &[&str] = &[
    "et",
    "and",
    "so",
    "or",
    "ou",
    "maybe",
    "perhaps",
    "peut-etre",
    "est-ce",
    "que",
    "do",
    "you",
    "think",
];

/// Words after them that ask for something else: "c'est quoi la version de payment ?"
const ASKS: &[&str] = &[
    "quoi", "koi", "qui", "quel", "quelle", "quand", "comment", "combien",
];

/// The sentences that only ask whether somebody is to blame, after one that says what is wrong.
pub(super) fn suspected(reading: &Reading) -> Vec<Range<usize>> {
    if !reading.question {
        return Vec::new();
    }
    let all = sentences(&reading.tokens);
    let guesses = |words: &&Range<usize>| {
        let reports = reading.tokens[..words.start].iter().any(is_telling);
        reports && is_guess(&reading.tokens[(*words).clone()]) && !complains(reading, words)
    };
    all.iter().filter(guesses).cloned().collect()
}

fn sentences(tokens: &[Token]) -> Vec<Range<usize>> {
    let begins = |at: &usize| *at == 0 || tokens[*at].breaks == Break::Sentence;
    let starts: Vec<usize> = (0..tokens.len()).filter(begins).collect();
    let ends = starts.iter().copied().skip(1).chain([tokens.len()]);
    let ends: Vec<usize> = ends.collect();
    starts
        .into_iter()
        .zip(ends)
        .map(|(from, to)| from..to)
        .collect()
}

/// Whether the word may tell what is wrong, or with what.
fn is_telling(token: &Token) -> bool {
    !token.quoted && !is_stop(&token.text) && !is_usual(&token.text)
}

fn is_guess(tokens: &[Token]) -> bool {
    let is_before = |token: &&Token| BEFORE.contains(&token.text.as_str());
    let skipped = tokens.iter().take_while(is_before).count();
    let begins = |from: usize| {
        let words = tokens[from..].iter().map(|it| it.text.as_str());
        let words: Vec<&str> = words.collect();
        let asks = |next: usize| words.get(next).is_some_and(|word| ASKS.contains(word));
        let mut all = BEGINNINGS.iter();
        all.any(|it| words.starts_with(it) && !asks(it.len()))
    };
    (0..=skipped).any(begins)
}

/// Whether they say more than a name: "is it payment that is down?" is about payment, and so is "is it normal that the
/// logs of payment are empty?".
fn complains(reading: &Reading, words: &Range<usize>) -> bool {
    let says = |tag: Tag| {
        !matches!(
            tag,
            Tag::Act(_) | Tag::Chatter | Tag::Hail | Tag::Define | Tag::Greeting | Tag::Request
        )
    };
    let mut all = reading.hits.iter().filter(|said| says(said.tag));
    all.any(|said| words.contains(&said.hit.start()))
}
