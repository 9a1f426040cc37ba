//! The values in a title, without their names: `[FIRING:2] production (KubePodCrashLooping app warning)`.

use unicode_normalization::UnicodeNormalization as _;

use crate::text::{Untrusted, clean};

/// What Alertmanager's title ends with when it was cut at 1,024 characters, after NFKC.
const CUT: &str = "...";

/// The two parts of the title behind its state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Values of the labels the group is made by, in the order of their names, `alertname` first; joined by
    /// spaces, and values may contain spaces.
    pub group: Untrusted,
    /// Values of the other labels all alerts have in common, in the same order: what is in the bracket.
    pub common: Untrusted,
    /// Whether the end is missing.
    pub is_cut: bool,
}

impl Tokens {
    /// Splits the rest of a title.
    pub(super) fn of(rest: &str) -> Self {
        let rest = fold(rest);
        let is_cut = rest.ends_with(CUT) && rest.len() >= 500;
        let rest = if is_cut {
            rest.trim_end_matches('.')
        } else {
            rest.as_str()
        };
        let (group, common) = halves(rest, is_cut);
        Self {
            group: Untrusted::from(group.trim()),
            common: Untrusted::from(common.trim()),
            is_cut,
        }
    }

    /// All words of both parts; the last one is left out where it may be half a word.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let words = self
            .group
            .raw()
            .split(' ')
            .chain(self.common.raw().split(' '));
        let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if self.is_cut {
            words.pop();
        }
        words.into_iter()
    }

    /// What looks like the name of an alert where the name would be: at the start of a part.
    pub(super) fn name(&self) -> Option<&str> {
        [&self.group, &self.common]
            .into_iter()
            .filter_map(|part| part.raw().split(' ').next())
            .find(|word| is_name(word))
    }

    /// The one word that is a common severity.
    pub(super) fn severity(&self) -> Option<&str> {
        let known = |word: &&str| {
            matches!(
                word.to_ascii_lowercase().as_str(),
                "critical" | "warning" | "info" | "none" | "error" | "page"
            )
        };
        let mut found = self.words().filter(known);
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }
}

/// The part before the bracket and the part in it. The bracket is the title's last thing; values may have
/// brackets of their own, so its beginning is the one that its end closes.
fn halves(rest: &str, is_cut: bool) -> (&str, &str) {
    let Some(whole) = rest.strip_suffix(')') else {
        return match (rest.strip_prefix('('), rest.split_once(" (")) {
            (Some(common), _) if is_cut => ("", common),
            (None, Some(halves)) if is_cut => halves,
            _ => (rest, ""),
        };
    };
    match opening(whole) {
        Some(0) => ("", &whole[1..]),
        Some(at) => (&whole[..at - 1], &whole[at + 1..]),
        None => (rest, ""),
    }
}

/// Where the bracket opens whose end was taken off; values may hold half a pair, then the first one counts.
fn opening(whole: &str) -> Option<usize> {
    let begins = |at: usize| at == 0 || whole[..at].ends_with(' ');
    let mut open = 1_u32;
    for (at, c) in whole.char_indices().rev() {
        match c {
            ')' => open += 1,
            '(' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return begins(at).then_some(at);
        }
    }
    whole
        .char_indices()
        .find(|(at, c)| *c == '(' && begins(*at))
        .map(|(at, _)| at)
}

/// `KubePodCrashLooping`, `etcdNoLeader`: one word with two capitals at least. And `Watchdog`.
pub fn is_name(word: &str) -> bool {
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    let has_small = word.chars().any(|c| c.is_ascii_lowercase());
    let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    word == "Watchdog" || (is_word(word) && is_plain && capitals >= 2 && has_small)
}

/// One word, where a shape has a place for a name.
pub fn is_word(word: &str) -> bool {
    (3..=200).contains(&word.len())
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

/// How two values are compared: as a reader sees them, spaces counted once.
pub fn fold(text: &str) -> String {
    let seen: String = clean(text).nfkc().collect();
    let mut out = String::with_capacity(seen.len());
    for word in seen.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
