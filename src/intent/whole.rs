//! Whether everything is said to be in trouble: "everything is weird in prod, …", "recette en vrac : …". What such a
//! message names afterwards is an example.

use super::environment::Mention;
use super::lexicon::Tag;
use super::reading::{Reading, Said};
use super::token::{Break, Token};
use crate::finding::Symptom;

/// Words for all there is, or for nothing of it.
const ALL: &[&str] = &["everything", "everythings", "tout", "rien", "nothing"];
/// Before an environment they only say where.
const WHERE: &[&str] = &[
    "en", "in", "sur", "on", "dans", "de", "du", "d", "of", "from",
];

/// Whether the message begins with a clause that complains of everything, or of an environment, and names nothing else.
pub(super) fn is_whole(reading: &Reading, places: &[Mention], loose: &[bool]) -> bool {
    let complains = |said: &&Said| match said.tag {
        Tag::Symptom(symptom) => symptom != Symptom::MissingData,
        tag => tag == Tag::Trouble,
    };
    let mut all = reading.hits.iter().filter(complains);
    all.any(|said| of_all(&reading.tokens, said, places, loose))
}

fn of_all(tokens: &[Token], said: &Said, places: &[Mention], loose: &[bool]) -> bool {
    let (at, end) = (said.hit.start(), said.hit.end());
    let paused = |n: &usize| tokens[*n].breaks > Break::None;
    let from = (0..=at).rev().find(paused).unwrap_or_default();
    let to = (end..tokens.len()).find(paused).unwrap_or(tokens.len());
    let named = |n: usize| {
        let number = tokens[n].text.starts_with(|c: char| c.is_ascii_digit());
        loose[n] && !number
    };
    let before = |n: usize| match n.checked_sub(1) {
        Some(before) if n > from => tokens[before].text.as_str(),
        _ => "",
    };
    let all = (from..=at).any(|n| ALL.contains(&tokens[n].text.as_str()) && before(n) != "du");
    let place = places
        .iter()
        .any(|it| from <= it.start && it.end <= at && !WHERE.contains(&before(it.start)))
        || places.iter().any(|it| {
            let article = ["la", "le", "the"].contains(&before(it.start));
            let earlier = it.start.checked_sub(2).filter(|n| *n >= from);
            let placed = earlier.is_some_and(|n| WHERE.contains(&tokens[n].text.as_str()));
            article && !placed && from <= it.start && it.end <= at
        });
    (all || place) && !(0..to).any(named)
}
