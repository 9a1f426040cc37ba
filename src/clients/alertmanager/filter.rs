//! Matchers as Alertmanager reads them: in the `filter` of a question and in a silence. Values are escaped,
//! so that one from outside cannot end its string or become a second matcher.

use serde::{Deserialize, Serialize};

use crate::text::{Untrusted, promql_string};

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `=~`: the whole value matches (RE2).
    Matches,
    /// `!~`.
    MatchesNot,
}

/// One condition on one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
pub struct Matcher {
    /// Name of the label.
    pub name: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what; a regular expression for [`Comparison::Matches`] and [`Comparison::MatchesNot`].
    pub value: Untrusted,
}

/// A matcher in the JSON of a silence. `isEqual` came later than the others; without it, it is true.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    name: String,
    value: Untrusted,
    #[serde(default)]
    is_regex: bool,
    #[serde(default = "yes")]
    is_equal: bool,
}

fn yes() -> bool {
    true
}

impl From<Wire> for Matcher {
    fn from(wire: Wire) -> Self {
        let comparison = match (wire.is_regex, wire.is_equal) {
            (false, true) => Comparison::Equal,
            (false, false) => Comparison::NotEqual,
            (true, true) => Comparison::Matches,
            (true, false) => Comparison::MatchesNot,
        };
        Self {
            name: wire.name,
            comparison,
            value: wire.value,
        }
    }
}

impl From<Matcher> for Wire {
    fn from(matcher: Matcher) -> Self {
        use Comparison::{Equal, Matches, MatchesNot};
        Self {
            is_regex: matches!(matcher.comparison, Matches | MatchesNot),
            is_equal: matches!(matcher.comparison, Equal | Matches),
            name: matcher.name,
            value: matcher.value,
        }
    }
}

impl Matcher {
    /// The label has this value.
    #[must_use]
    pub fn equal(name: impl Into<String>, value: impl Into<Untrusted>) -> Self {
        Self {
            name: name.into(),
            comparison: Comparison::Equal,
            value: value.into(),
        }
    }

    /// The label has one of these values, taken literally.
    #[must_use]
    pub fn one_of<'a>(name: impl Into<String>, values: impl IntoIterator<Item = &'a str>) -> Self {
        let literal: Vec<String> = values.into_iter().map(regex::escape).collect();
        Self {
            name: name.into(),
            comparison: Comparison::Matches,
            value: literal.join("|").into(),
        }
    }

    /// As the `filter` parameter wants it: `name="value"`.
    #[must_use]
    pub fn text(&self) -> String {
        let operator = match self.comparison {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Matches => "=~",
            Comparison::MatchesNot => "!~",
        };
        let value = promql_string(self.value.raw());
        if is_plain(&self.name) {
            format!("{}{operator}\"{value}\"", self.name)
        } else {
            // A name beyond the classic alphabet is quoted (0.27 and later; older ones refuse it).
            format!("\"{}\"{operator}\"{value}\"", promql_string(&self.name))
        }
    }
}

fn is_plain(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// Which alerts are asked for. The default: all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertFilter {
    /// All of these hold.
    pub matchers: Vec<Matcher>,
    /// Those that fire and notify.
    pub active: bool,
    /// Those that a silence mutes.
    pub silenced: bool,
    /// Those that another alert mutes.
    pub inhibited: bool,
}

impl Default for AlertFilter {
    fn default() -> Self {
        Self {
            matchers: Vec::new(),
            active: true,
            silenced: true,
            inhibited: true,
        }
    }
}

impl AlertFilter {
    /// All alerts that meet these matchers.
    #[must_use]
    pub fn meeting(matchers: Vec<Matcher>) -> Self {
        Self {
            matchers,
            ..Self::default()
        }
    }

    pub(super) fn query(&self) -> Vec<(&'static str, String)> {
        let mut query = vec![
            ("active", self.active.to_string()),
            ("silenced", self.silenced.to_string()),
            ("inhibited", self.inhibited.to_string()),
        ];
        query.extend(self.matchers.iter().map(|one| ("filter", one.text())));
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_from_outside_stays_one_value() {
        let nasty = Matcher::equal("pod", "a\"} , job=\"b\\\n");
        assert_eq!(nasty.text(), r#"pod="a\"} , job=\"b\\\n""#);
        let several = Matcher::one_of("pod", ["a.b", "c|d"]);
        assert_eq!(several.text(), r#"pod=~"a\\.b|c\\|d""#);
        assert_eq!(Matcher::equal("k8s.pod", "x").text(), r#""k8s.pod"="x""#);
    }

    #[test]
    fn a_matcher_travels_both_ways_and_old_ones_are_equal() {
        for comparison in [
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Matches,
            Comparison::MatchesNot,
        ] {
            let matcher = Matcher {
                comparison,
                ..Matcher::equal("a", "b")
            };
            let json = serde_json::to_string(&matcher).unwrap();
            assert_eq!(serde_json::from_str::<Matcher>(&json).unwrap(), matcher);
        }
        let old = r#"{"name":"a","value":"b","isRegex":false}"#;
        let read: Matcher = serde_json::from_str(old).unwrap();
        assert_eq!(read, Matcher::equal("a", "b"));
    }
}
