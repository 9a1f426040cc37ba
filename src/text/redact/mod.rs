//! Takes secrets out of text before it is stored, cut, grouped or sent: `[redacted:rule]` stands
//! where a key, a password or a token was, and nothing of the value is kept.
//!
//! Redact whole texts rather than single lines, and before truncating: a private key spans lines,
//! and half a token is still half a secret. Redacting twice changes nothing.

mod credentials;
mod gate;
mod own;
mod rules;
mod tokens;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use own::OwnSecrets;
use rules::{OWN, RuleSet};

/// Takes secrets out of text. Cheap to clone; clones share the counts.
#[derive(Clone, Default)]
pub struct Redactor {
    own: Arc<OwnSecrets>,
    counts: Arc<Counts>,
}

struct Counts(Vec<AtomicU64>);

impl Default for Counts {
    fn default() -> Self {
        Self((0..=OWN).map(|_| AtomicU64::new(0)).collect())
    }
}

/// A part of a text to take out, and the rule that says so.
type Hit = (Range<usize>, usize);

impl Redactor {
    /// A redactor that also knows the bot's own secrets (Slack tokens, API tokens): these are taken
    /// out wherever they stand, also in Base64 and URL-encoded.
    #[must_use]
    pub fn new<S: AsRef<str>>(own_secrets: impl IntoIterator<Item = S>) -> Self {
        Self {
            own: Arc::new(OwnSecrets::new(own_secrets)),
            counts: Arc::default(),
        }
    }

    /// The text without secrets; borrowed when there were none.
    #[must_use]
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let set = RuleSet::get();
        let own = self.replace(Cow::Borrowed(text), |text| {
            self.own.find(text).map(|hit| (hit, OWN)).collect()
        });
        let blocks = self.replace(own, |text| set.block_hits(text));
        self.replace(blocks, |text| set.line_hits(text))
    }

    /// Redacts every string of a JSON value in place; keys are left alone, they are ours. Every
    /// outgoing Slack payload and every stored answer goes through it.
    pub fn redact_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(clean) = self.redact(text) {
                    *text = clean;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact_json(item)),
            Value::Object(fields) => fields.values_mut().for_each(|item| self.redact_json(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// How often each rule found something since the start, for `vigie_redactions_total{rule}`.
    pub fn counts(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.counts
            .0
            .iter()
            .enumerate()
            .map(|(rule, count)| (rules::name(rule), count.load(Ordering::Relaxed)))
    }

    fn replace<'a>(&self, text: Cow<'a, str>, find: impl FnOnce(&str) -> Vec<Hit>) -> Cow<'a, str> {
        let mut hits = find(&text);
        if hits.is_empty() {
            return text;
        }
        hits.sort_by_key(|(range, rule)| (range.start, std::cmp::Reverse(range.end), *rule));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (range, rule) in hits {
            let start = text.floor_char_boundary(range.start);
            let end = text.ceil_char_boundary(range.end);
            if start < done {
                // Overlaps the one before: what sticks out goes too.
                done = done.max(end);
                continue;
            }
            out.push_str(&text[done..start]);
            out.push_str("[redacted:");
            out.push_str(rules::name(rule));
            out.push(']');
            self.counts.0[rule].fetch_add(1, Ordering::Relaxed);
            done = end;
        }
        out.push_str(&text[done..]);
        Cow::Owned(out)
    }
}

#[cfg(test)]
mod tests;
