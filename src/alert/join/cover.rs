//! Which known alerts give this title: `[FIRING:n] <group's values> (<other common values>)`.
//!
//! First exactly: a set of labels whose values, in Alertmanager's order, are the words before the bracket
//! makes a group of all alerts that share them; the values they have in common must be the words in the
//! bracket, and the count must fit. Where some of the group are over, which the API no longer knows, the words in
//! the bracket are fewer than what the others have in common. Else by covering: each word is a word of a value, the name of the alert
//! is among them, and exactly as many alerts fit as are said to fire (resolved ones of the group, which the
//! API no longer knows, had a part in the bracket). Several answers are none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::alert::text::{Heard, Tokens, fold};
use crate::alert::{Alert, State};

/// Most ways to read the words before the bracket as values of one alert.
const MAX_READINGS: usize = 8;
/// Most groups that are tried.
const MAX_GROUPS: usize = 64;
/// Most labels of an alert that may be in a title, and the longest group part, in bytes.
const MAX_LABELS: usize = 64;
const MAX_GROUP: usize = 1_024;

/// Words that templates put between values.
const FILLERS: [&str; 10] = ["for", "on", "in", "at", "is", "-", "|", ":", "alert", "/"];

/// The alerts of the title; `None` when no set or several fit.
pub fn find<'a>(heard: &Heard, known: &[&'a Alert]) -> Option<Vec<&'a Alert>> {
    let known: Vec<Values<'a>> = distinct(known).into_iter().map(Values::of).collect();
    let words = counted(heard.tokens.words());
    if words.is_empty() {
        return None;
    }
    let fitting: Vec<usize> = (0..known.len())
        .filter(|at| known[*at].cover(&words))
        .collect();
    let count = match heard.state {
        State::Firing => heard.firing,
        State::Resolved => heard.resolved,
    };
    let by_group = |some_over| exact(&heard.tokens, count, &known, &fitting, some_over);
    let mut answer = by_group(false);
    if matches!(answer, Exact::None) && heard.state == State::Firing {
        answer = by_group(true);
    }
    let found = match answer {
        Exact::One(group) => group,
        // Several give the very title: to guess among them would be to choose.
        Exact::Several => return None,
        Exact::None => covering(&heard.tokens, count, &known)?,
    };
    Some(found.into_iter().map(|at| known[at].alert).collect())
}

fn distinct<'a>(known: &[&'a Alert]) -> Vec<&'a Alert> {
    let mut seen = BTreeSet::new();
    known
        .iter()
        .copied()
        .filter(|alert| seen.insert(alert.fingerprint.as_str()))
        .collect()
}

/// An alert's values as a title shows them.
struct Values<'a> {
    alert: &'a Alert,
    /// In Alertmanager's order: `alertname` first, the others by name.
    ordered: Vec<(&'a str, String)>,
    words: HashMap<String, usize>,
}

impl<'a> Values<'a> {
    fn of(alert: &'a Alert) -> Self {
        let mut ordered: Vec<(&str, String)> = alert
            .labels
            .iter()
            .map(|(name, value)| (name.as_str(), fold(value.raw())))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        ordered.sort_by_key(|(name, _)| (*name != "alertname", *name));
        let mut words = HashMap::new();
        for word in ordered.iter().flat_map(|(_, value)| value.split(' ')) {
            *words.entry(word.to_owned()).or_insert(0) += 1;
        }
        Self {
            alert,
            ordered,
            words,
        }
    }

    /// Whether all these words, as often as they come, are words of its values.
    fn cover(&self, words: &BTreeMap<&str, usize>) -> bool {
        words
            .iter()
            .all(|(word, count)| self.words.get(*word).is_some_and(|has| has >= count))
    }

    fn has(&self, (name, value): &(&str, &str)) -> bool {
        self.ordered
            .iter()
            .any(|(own, its)| own == name && its == value)
    }

    /// The sets of labels whose values are this text.
    fn readings(&self, text: &str) -> Vec<Vec<usize>> {
        let mut readings = Readings {
            ordered: &self.ordered,
            text,
            found: Vec::new(),
            dead: BTreeSet::new(),
        };
        if self.ordered.len() <= MAX_LABELS && text.len() <= MAX_GROUP {
            readings.from(0, 0, &mut Vec::new());
        }
        readings.found
    }
}

struct Readings<'a> {
    ordered: &'a [(&'a str, String)],
    text: &'a str,
    found: Vec<Vec<usize>>,
    /// Places from which nothing was found: visited once.
    dead: BTreeSet<(usize, usize)>,
}

impl Readings<'_> {
    /// Reads the text from `at` with the labels from `label` on. At most as deep as there are labels.
    fn from(&mut self, label: usize, at: usize, taken: &mut Vec<usize>) {
        if at >= self.text.len() {
            self.found.push(taken.clone());
            return;
        }
        if label >= self.ordered.len()
            || self.found.len() >= MAX_READINGS
            || self.dead.contains(&(label, at))
        {
            return;
        }
        let before = self.found.len();
        if let Some(next) = self.after(label, at) {
            taken.push(label);
            self.from(label + 1, next, taken);
            taken.pop();
        }
        self.from(label + 1, at, taken);
        if self.found.len() == before {
            self.dead.insert((label, at));
        }
    }

    /// Where the text goes on when this label's value stands at `at`.
    fn after(&self, label: usize, at: usize) -> Option<usize> {
        let rest = self
            .text
            .get(at..)?
            .strip_prefix(self.ordered[label].1.as_str())?;
        let end = self.text.len() - rest.len();
        if rest.is_empty() {
            return Some(end);
        }
        rest.starts_with(' ').then_some(end + 1)
    }
}

/// How many groups give a title again.
enum Exact {
    /// None does.
    None,
    /// This one.
    One(Vec<usize>),
    /// Several, or too many to try.
    Several,
}

/// The groups that give the title again.
fn exact(
    tokens: &Tokens,
    count: Option<u64>,
    known: &[Values<'_>],
    fitting: &[usize],
    some_over: bool,
) -> Exact {
    let mut groups = BTreeSet::new();
    let mut answers = BTreeSet::new();
    for at in fitting {
        for reading in known[*at].readings(tokens.group.raw()) {
            let by: Vec<(&str, &str)> = reading
                .iter()
                .map(|label| {
                    (
                        known[*at].ordered[*label].0,
                        known[*at].ordered[*label].1.as_str(),
                    )
                })
                .collect();
            if !groups.insert(by.clone()) {
                continue;
            }
            if groups.len() > MAX_GROUPS {
                return Exact::Several;
            }
            answers.extend(
                groups_by(&by, known)
                    .into_iter()
                    .filter(|group| gives(group, &by, tokens, count, known, some_over)),
            );
        }
    }
    let mut answers = answers.into_iter();
    match (answers.next(), answers.next()) {
        (None, _) => Exact::None,
        (Some(one), None) => Exact::One(one),
        (Some(_), Some(_)) => Exact::Several,
    }
}

/// The groups these values make: all alerts that share them; and, as the labels a group is made by may be
/// missing from its alerts, those of them that lack one label others have.
fn groups_by(by: &[(&str, &str)], known: &[Values<'_>]) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..known.len())
        .filter(|at| by.iter().all(|pair| known[*at].has(pair)))
        .collect();
    let names: BTreeSet<&str> = all
        .iter()
        .flat_map(|at| known[*at].ordered.iter().map(|(name, _)| *name))
        .collect();
    let mut groups = vec![all];
    for name in names.into_iter().take(MAX_LABELS) {
        let lacking: Vec<usize> = groups[0]
            .iter()
            .copied()
            .filter(|at| !known[*at].ordered.iter().any(|(other, _)| *other == name))
            .collect();
        if !lacking.is_empty() && !groups.contains(&lacking) {
            groups.push(lacking);
        }
    }
    groups
}

/// Whether a group has this count, and this in its bracket; with `some_over`, at least this, and by a group that is
/// named.
fn gives(
    group: &[usize],
    by: &[(&str, &str)],
    tokens: &Tokens,
    count: Option<u64>,
    known: &[Values<'_>],
    some_over: bool,
) -> bool {
    let Some(first) = group.first() else {
        return false;
    };
    if count.is_some_and(|count| count != group.len() as u64) {
        return false;
    }
    let common = known[*first].ordered.iter().filter(|(name, value)| {
        let pair = (*name, value.as_str());
        !by.contains(&pair) && group.iter().all(|at| known[*at].has(&pair))
    });
    let shown: Vec<&str> = common.map(|(_, value)| value.as_str()).collect();
    if some_over {
        let told = counted(
            tokens
                .common
                .raw()
                .split(' ')
                .filter(|word| !word.is_empty()),
        );
        let has = counted(shown.iter().flat_map(|value| value.split(' ')));
        let all = told
            .iter()
            .all(|(word, count)| has.get(word).is_some_and(|has| has >= count));
        return all && !by.is_empty() && count.is_some() && !tokens.is_cut;
    }
    let (shown, told) = (shown.join(" "), tokens.common.raw());
    shown == told || (tokens.is_cut && shown.starts_with(told))
}

/// The alerts all words fit, if they are as many as are said to fire.
fn covering(tokens: &Tokens, count: Option<u64>, known: &[Values<'_>]) -> Option<Vec<usize>> {
    let words = tokens.words().filter(|word| !FILLERS.contains(word));
    let words = counted(words);
    let fitting: Vec<usize> = (0..known.len())
        .filter(|at| known[*at].cover(&words))
        .filter(|at| {
            let name = fold(known[*at].alert.name.raw());
            !name.is_empty() && name.split(' ').all(|word| words.contains_key(word))
        })
        .collect();
    let is_all = !fitting.is_empty() && count == Some(fitting.len() as u64);
    is_all.then_some(fitting)
}

fn counted<'w>(words: impl Iterator<Item = &'w str>) -> BTreeMap<&'w str, usize> {
    let mut counted = BTreeMap::new();
    for word in words {
        *counted.entry(word).or_insert(0) += 1;
    }
    counted
}
