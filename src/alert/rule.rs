//! The rule behind an alert, as the configured Prometheus tells it. An expression from a message or a link is
//! never one of these.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Alert;

/// The expression of an alerting rule, from `GET /api/v1/rules` of the configured Prometheus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleExpr(String);

/// An alert that asks for a look, and its rule where Prometheus told it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alerted {
    /// The alert.
    pub alert: Alert,
    /// Its rule.
    #[serde(default)]
    pub rule: Option<RuleExpr>,
}

/// Words of PromQL that are no metrics.
const WORDS: [&str; 13] = [
    "and",
    "or",
    "unless",
    "atan2",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "offset",
    "bool",
    "inf",
];

impl RuleExpr {
    /// Takes the `query` of a rule out of the answer of the configured Prometheus' rules API.
    #[must_use]
    pub fn from_rules_api(query: impl Into<String>) -> Self {
        Self(query.into())
    }

    /// The expression.
    #[must_use]
    pub fn expression(&self) -> &str {
        &self.0
    }

    /// The metrics it uses.
    #[must_use]
    pub fn metrics(&self) -> BTreeSet<String> {
        metrics(&self.0)
    }
}

/// The metrics that a PromQL expression uses. Structural: words that are neither functions, keywords, labels
/// of a grouping nor inside of braces, brackets or strings; and `__name__="…"`.
#[must_use]
pub fn metrics(expression: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = expression;
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '"' | '\'' | '`' => after_string(rest, c),
            '{' => {
                let (inside, after) = braces(rest);
                found.extend(name_matcher(inside));
                after
            }
            '[' => rest.split_once(']').map_or("", |(_, after)| after),
            '#' => rest.split_once('\n').map_or("", |(_, after)| after),
            _ if c.is_ascii_digit() => rest.trim_start_matches(is_word),
            _ if is_word(c) => word(rest, &mut found),
            _ => &rest[c.len_utf8()..],
        };
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':' || c == '.'
}

/// Behind a word: a metric is kept, the labels of a grouping are passed over.
fn word<'a>(text: &'a str, found: &mut BTreeSet<String>) -> &'a str {
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    let lower = name.to_ascii_lowercase();
    let next = after.trim_start();
    if [
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
    ]
    .contains(&lower.as_str())
    {
        let list = next.strip_prefix('(').and_then(|list| list.split_once(')'));
        return list.map_or(after, |(_, behind)| behind);
    }
    let aggregates = ["by", "without"].into_iter().any(|word| {
        let behind = next.strip_prefix(word);
        behind.is_some_and(|behind| behind.trim_start().starts_with('('))
    });
    if !next.starts_with('(') && !aggregates && !WORDS.contains(&lower.as_str()) && lower != "nan" {
        found.insert(name.to_owned());
    }
    after
}

/// Behind the string that begins here.
fn after_string(text: &str, quote: char) -> &str {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote != '`' {
            chars.next();
        } else if c == quote {
            return &text[at + 1..];
        }
    }
    ""
}

/// What stands between the braces that begin here, and behind them.
fn braces(text: &str) -> (&str, &str) {
    let mut rest = &text[1..];
    while let Some(c) = rest.chars().next() {
        rest = match c {
            '"' | '\'' | '`' => after_string(rest, c),
            '}' => return (&text[1..text.len() - rest.len()], &rest[1..]),
            _ => &rest[c.len_utf8()..],
        };
    }
    (&text[1..], "")
}

/// The metric of `__name__="…"`.
fn name_matcher(inside: &str) -> Option<String> {
    let (_, after) = inside.split_once("__name__")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let name = value.strip_prefix('"')?.split('"').next()?;
    (!name.is_empty() && name.chars().all(is_word)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(expression: &str) -> String {
        let all: Vec<String> = metrics(expression).into_iter().collect();
        all.join(" ")
    }

    #[test]
    fn metrics_are_told_from_functions_labels_and_strings() {
        assert_eq!(
            of(
                "sum by (namespace, pod) (rate(container_cpu_usage_seconds_total{pod=~\"up|down\"}[5m])) > 0.9"
            ),
            "container_cpu_usage_seconds_total"
        );
        assert_eq!(
            of(
                "node:cpu:sum / on (node) group_left(team) kube_node_labels unless ignoring(x) up offset 1h"
            ),
            "kube_node_labels node:cpu:sum up"
        );
        assert_eq!(
            of("{__name__=\"http_5xx\",a='}'} > bool 1e3 # up"),
            "http_5xx"
        );
        assert_eq!(of("sum(a) by (b) and absent(c == 1)"), "a c");
        assert_eq!(of("vector(1)"), "");
    }

    #[test]
    fn odd_text_ends() {
        for text in ["\"", "{", "a{b=\"", "[", "by (", "é{}[", "'\\"] {
            let _ = metrics(text);
        }
    }
}
