//! Alerts and their playbooks: the rows of the catalogue, which one an alert is, and which of its labels may
//! be trusted. An alert is known by its name, else by the metrics of its rule, else by its labels; an
//! expression that came with a message is never looked at.

mod choice;
mod likeness;

use std::collections::BTreeSet;
use std::fmt;

pub use choice::{Choice, How};
pub(super) use likeness::{matches, plain};

use super::promql::Template;
use super::schema::Unit;
use crate::alert::{Way, metrics};
use crate::finding::Symptom;
use crate::text::Wording;

/// Names that the key expression's numbers have in conditions: now, a day ago, seven days ago.
pub const KEY: [&str; 3] = ["key", "key_yesterday", "key_last_week"];

/// Which class an alert's incident gets, besides what the policy says of environment and severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escalation {
    /// As the policy says.
    #[default]
    ByPolicy,
    /// Nobody is ever called: plumbing.
    Never,
    /// At once: data or the control plane may be lost.
    AtOnce,
}

impl Escalation {
    /// Every class and its word.
    pub(super) const ALL: [(&'static str, Self); 3] = [
        ("policy", Self::ByPolicy),
        ("never", Self::Never),
        ("at-once", Self::AtOnce),
    ];
}

impl fmt::Display for Escalation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Self::ALL.iter().find(|(_, known)| known == self);
        f.write_str(word.map_or("policy", |(word, _)| word))
    }
}

/// One alert of the catalogue.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name, as the rules write it.
    pub name: String,
    /// Other names of the same condition; with `*`, patterns.
    pub aliases: Vec<String>,
    /// Labels that have to be there: families whose names are a team's own.
    pub with: Vec<String>,
    /// How its subject is found, the surest way first.
    pub about: Vec<Way>,
    /// Further labels that may be trusted.
    pub labels: Vec<String>,
    /// What a person would have said: the look is the one for these.
    pub symptoms: Vec<Symptom>,
    /// What it means, for its page; English.
    pub means: String,
    /// What an on-call engineer does first.
    pub first: Wording,
    /// When it fires although nothing is wrong.
    pub harmless: Option<Wording>,
    /// Address of its public runbook.
    pub runbook: Option<String>,
    /// The number behind it.
    pub key: Option<Key>,
    /// How its incident is escalated.
    pub escalation: Escalation,
}

/// The number behind an alert.
#[derive(Clone, Debug)]
pub struct Key {
    /// The expression.
    pub promql: Template,
    /// As it is written.
    pub source: String,
    /// How the number is shown.
    pub unit: Unit,
}

impl Row {
    /// The labels that may be trusted, in the order of the row, each once.
    #[must_use]
    pub fn trusted(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        let ways = self.about.iter().flat_map(Way::labels);
        let more = self.labels.iter().chain(&self.with).map(String::as_str);
        for label in ways.chain(more) {
            if !all.contains(&label) {
                all.push(label);
            }
        }
        all
    }

    /// The metrics of its key expression.
    pub(super) fn metrics(&self) -> BTreeSet<String> {
        let key = self.key.as_ref();
        key.map(|key| metrics(&key.source)).unwrap_or_default()
    }
}
