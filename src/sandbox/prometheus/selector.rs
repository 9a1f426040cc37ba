//! Vector selectors: a metric, label matchers, an offset.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use regex::Regex;

/// A label matcher.
#[derive(Clone, Debug)]
pub(crate) struct Matcher {
    pub label: String,
    pub pattern: Pattern,
    pub negated: bool,
}

/// What a matcher compares with.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    Text(String),
    Regex(Regex),
}

impl Matcher {
    /// Whether the labels satisfy it; a label that is not there is empty. In a ratio the two sides
    /// differ in labels that the scripted result does not have: those are not looked at.
    pub fn holds(&self, labels: &BTreeMap<String, String>, ratio: bool) -> bool {
        let value = match labels.get(&self.label) {
            Some(value) => value.as_str(),
            None if ratio => return true,
            None => "",
        };
        self.means(value)
    }

    /// Whether the value satisfies it.
    pub fn means(&self, value: &str) -> bool {
        let equal = match &self.pattern {
            Pattern::Text(text) => text == value,
            Pattern::Regex(regex) => regex.is_match(value),
        };
        equal != self.negated
    }
}

/// A vector selector.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    pub metric: String,
    pub matchers: Vec<Matcher>,
    pub offset: TimeDelta,
}

/// `5m`, `1d`, `1h30m`.
pub(crate) fn duration(text: &str) -> Option<TimeDelta> {
    let mut total = TimeDelta::zero();
    let mut digits = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let number: i64 = digits.parse().ok()?;
        digits.clear();
        total += match c {
            'm' if chars.peek() == Some(&'s') => {
                chars.next();
                TimeDelta::milliseconds(number)
            }
            's' => TimeDelta::seconds(number),
            'm' => TimeDelta::minutes(number),
            'h' => TimeDelta::hours(number),
            'd' => TimeDelta::days(number),
            'w' => TimeDelta::weeks(number),
            _ => return None,
        };
    }
    (digits.is_empty() && !text.is_empty()).then_some(total)
}
