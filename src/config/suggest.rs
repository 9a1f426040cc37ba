//! "Did you mean": the nearest of the words that would have been right.

use crate::text::is_near;

/// The candidate most like `word`, when one is like enough to be a slip of the keyboard.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (candidate.to_lowercase(), candidate))
        .filter(|(lower, _)| is_near(&word, lower))
        .map(|(lower, candidate)| (strsim::jaro_winkler(&word, &lower), candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// The fix for a word that is none of `allowed`.
pub(super) fn one_of(word: &str, allowed: &[&str]) -> String {
    let list = allowed.join(", ");
    match nearest(word, allowed.iter().copied()) {
        Some(near) => format!("did you mean {near:?}? Allowed: {list}"),
        None if allowed.is_empty() => "remove it".to_owned(),
        None => format!("write one of: {list}"),
    }
}
