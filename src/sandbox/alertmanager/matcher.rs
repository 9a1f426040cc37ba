//! Matchers: read off a filter or the JSON of a silence, and applied to labels.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Value, json};

/// One condition on one label.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    name: String,
    value: String,
    equal: bool,
    pattern: Option<Regex>,
}

impl Matcher {
    fn new(name: &str, value: &str, equal: bool, is_regex: bool) -> Result<Self, String> {
        let anchored = format!("^(?:{value})$");
        let pattern = is_regex.then(|| Regex::new(&anchored)).transpose();
        Ok(Self {
            name: name.to_owned(),
            value: value.to_owned(),
            equal,
            pattern: pattern.map_err(|error| format!("invalid regular expression: {error}"))?,
        })
    }

    /// Reads `name="value"`, one of the four operators, the value quoted or not.
    pub fn read(text: &str) -> Result<Self, String> {
        let bad = || format!("bad matcher format: {text}");
        let at = text.find(['=', '!']).ok_or_else(bad)?;
        let (name, rest) = text.split_at(at);
        let operators = [
            ("=~", true, true),
            ("!~", false, true),
            ("!=", false, false),
            ("=", true, false),
        ];
        let (value, equal, is_regex) = operators
            .into_iter()
            .find_map(|(operator, equal, is_regex)| {
                Some((rest.strip_prefix(operator)?, equal, is_regex))
            })
            .ok_or_else(bad)?;
        let name = name.trim();
        if name.is_empty()
            || !name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_:".contains(c))
        {
            return Err(bad());
        }
        Self::new(
            name,
            &unquoted(value.trim()).ok_or_else(bad)?,
            equal,
            is_regex,
        )
    }

    /// Reads the object of a silence.
    pub fn of(value: &Value) -> Result<Self, String> {
        let text = |key: &str| {
            value[key]
                .as_str()
                .ok_or(format!("{key} in body is required"))
        };
        let is_regex = value["isRegex"].as_bool();
        let is_regex = is_regex.ok_or("isRegex in body is required")?;
        let equal = value["isEqual"].as_bool().unwrap_or(true);
        Self::new(text("name")?, text("value")?, equal, is_regex)
    }

    /// Whether it holds for these labels; a missing label is an empty one.
    pub fn holds(&self, labels: &BTreeMap<String, String>) -> bool {
        self.holds_for(labels.get(&self.name).map_or("", String::as_str))
    }

    /// Whether it holds for a label that is not there.
    pub fn holds_for_nothing(&self) -> bool {
        self.holds_for("")
    }

    fn holds_for(&self, value: &str) -> bool {
        let same = match &self.pattern {
            Some(pattern) => pattern.is_match(value),
            None => self.value == value,
        };
        same == self.equal
    }

    /// As the API shows it.
    pub fn json(&self) -> Value {
        json!({
            "name": self.name, "value": self.value,
            "isEqual": self.equal, "isRegex": self.pattern.is_some(),
        })
    }
}

/// The value of a quoted string; an unquoted one is itself. `None` where a quote is not closed.
fn unquoted(text: &str) -> Option<String> {
    let Some(inner) = text.strip_prefix('"') else {
        return (!text.contains('"')).then(|| text.to_owned());
    };
    let mut value = String::new();
    let mut chars = inner.chars();
    loop {
        match chars.next()? {
            '"' => return chars.as_str().is_empty().then_some(value),
            '\\' => match chars.next()? {
                'n' => value.push('\n'),
                c @ ('"' | '\\') => value.push(c),
                other => value.extend(['\\', other]),
            },
            c => value.push(c),
        }
    }
}
