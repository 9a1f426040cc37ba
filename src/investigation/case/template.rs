//! Log lines that differ only in their numbers, as one template with a count. The parser is Drain (He, Zhu,
//! Zheng, Lyu, ICWS 2017): a tree of fixed depth, first by the number of words, then by the first words,
//! and in each leaf the most similar template. Deterministic; memory is bounded by the constants below.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::pattern;

/// Words at the start of a line that lead to its leaf.
const DEPTH: usize = 2;
/// Share of equal words from which a line is of a template.
const SIMILAR: f64 = 0.5;
/// Words of a line that are looked at.
const WORDS: usize = 48;
/// Children of a node; further ones share the wildcard's.
const CHILDREN: usize = 64;
/// Templates kept; lines of further ones are not counted.
const TEMPLATES: usize = 512;
/// What stands for whatever differs.
const ANY: &str = "<*>";

/// What differs from line to line whatever the line says: ids, addresses, times, numbers.
static MASKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        r"|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b",
        r"|\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?",
        r"|\b0x[0-9a-f]+\b",
        r"|\b[0-9a-f]*\d[0-9a-f]{7,}\b",
        r"|\d+(?:[.,:]\d+)*"
    ))
    .ok()
});

/// Lines of one sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The words, with `<*>` where they differ.
    pub text: String,
    /// How many lines.
    pub count: usize,
    /// The position of its last line among those given.
    pub last: usize,
}

struct Group {
    words: Vec<String>,
    count: usize,
    last: usize,
}

/// The templates being built.
#[derive(Default)]
struct Drain {
    leaves: BTreeMap<(usize, Vec<String>), Vec<usize>>,
    children: BTreeMap<(usize, Vec<String>), usize>,
    groups: Vec<Group>,
}

/// The templates of lines, the most frequent first, then the newest.
pub fn templates<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<Template> {
    let mut drain = Drain::default();
    for (at, line) in lines.into_iter().enumerate() {
        drain.add(at, line);
    }
    let mut all: Vec<Template> = drain
        .groups
        .into_iter()
        .map(|group| Template {
            text: group.words.join(" "),
            count: group.count,
            last: group.last,
        })
        .collect();
    all.sort_by_key(|it| (std::cmp::Reverse(it.count), std::cmp::Reverse(it.last)));
    all
}

/// Whether a template of one log is one of another: the same words, wildcards aside.
#[must_use]
pub fn same_template(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    a.len() == b.len() && similarity(&a, &b) >= SIMILAR
}

fn similarity(a: &[&str], b: &[&str]) -> f64 {
    let equal = a
        .iter()
        .zip(b)
        .filter(|(a, b)| a == b && **a != ANY)
        .count();
    let fixed = a
        .iter()
        .zip(b)
        .filter(|(a, b)| **a != ANY && **b != ANY)
        .count();
    ratio(equal, fixed.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "at most 48 words")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn words(line: &str) -> Vec<String> {
    let masked = MASKS
        .as_ref()
        .map_or_else(|| line.into(), |masks| masks.replace_all(line, ANY));
    masked
        .split_whitespace()
        .take(WORDS)
        .map(str::to_owned)
        .collect()
}

impl Drain {
    fn add(&mut self, at: usize, line: &str) {
        let words = words(line);
        if words.is_empty() {
            return;
        }
        let leaf = (words.len(), self.path(&words));
        let of_leaf = self.leaves.entry(leaf).or_default();
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut best: Option<(f64, usize)> = None;
        for index in of_leaf.iter().copied() {
            let Some(group) = self.groups.get(index) else {
                continue;
            };
            let known: Vec<&str> = group.words.iter().map(String::as_str).collect();
            let score = similarity(&known, &plain);
            if score >= SIMILAR && best.is_none_or(|(top, _)| score > top) {
                best = Some((score, index));
            }
        }
        if let Some(group) = best.and_then(|(_, index)| self.groups.get_mut(index)) {
            for (known, word) in group.words.iter_mut().zip(&words) {
                if known != word {
                    ANY.clone_into(known);
                }
            }
            group.count += 1;
            group.last = at;
        } else if self.groups.len() < TEMPLATES {
            of_leaf.push(self.groups.len());
            self.groups.push(Group {
                words,
                count: 1,
                last: at,
            });
        }
    }

    /// The first words; one with a digit or a mask in it, and one too many, is the wildcard.
    fn path(&mut self, words: &[String]) -> Vec<String> {
        let mut path: Vec<String> = Vec::new();
        for word in words.iter().take(DEPTH) {
            let variable = word.contains(ANY);
            let mut key = path.clone();
            key.push(word.clone());
            let key = (words.len(), key);
            let parent = (words.len(), path.clone());
            let known = self
                .leaves
                .keys()
                .any(|(length, known)| *length == key.0 && known.starts_with(&key.1));
            let full =
                !known && self.children.get(&parent).copied().unwrap_or_default() >= CHILDREN;
            if variable || full {
                path.push(ANY.to_owned());
                continue;
            }
            if !known {
                *self.children.entry(parent).or_default() += 1;
            }
            path = key.1;
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_in_their_numbers_are_one_template() {
        let lines = [
            "order 4711 of user 8f14e45f-ceea-467f-a9d7-0d2f1c9c1f10 failed: timeout after 3000 ms",
            "order 4712 of user 45c48cce-2e2d-4fbd-8a2b-8a1f1d1a1b1c failed: timeout after 3000 ms",
            "cache warmed in 12 ms",
            "order 4713 of user 6512bd43-d9ca-46e0-ac99-0b0a82652dca failed: timeout after 2999 ms",
        ];
        let found = templates(lines);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].count, 3);
        assert_eq!(
            found[0].text,
            "order <*> of user <*> failed: timeout after <*> ms"
        );
        assert_eq!(found[0].last, 3);
    }

    #[test]
    fn words_that_differ_become_wildcards_and_other_sentences_stay_apart() {
        let found = templates([
            "cannot read table users now",
            "cannot read table orders now",
            "cannot write the index at all",
        ]);
        let texts: Vec<&str> = found.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(
            texts,
            ["cannot read table <*> now", "cannot write the index at all"]
        );
        assert!(same_template("a b <*> d", "a b c d"));
        assert!(!same_template("a b", "x y"));
    }

    #[test]
    fn memory_is_bounded_whatever_comes() {
        let lines: Vec<String> = (0..5000)
            .map(|at| {
                format!(
                    "{} {} {}",
                    letters(at),
                    letters(at * 7 + 1),
                    letters(at * 3)
                )
            })
            .collect();
        let found = templates(lines.iter().map(String::as_str));
        assert!(found.len() <= TEMPLATES);
        assert_eq!(templates(["", "   "]), Vec::new());
    }

    fn letters(mut number: usize) -> String {
        let mut text = String::new();
        loop {
            text.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
            number /= 26;
            if number == 0 {
                return text;
            }
        }
    }
}
