//! Playbooks: what a team knows of its symptoms, in YAML. A playbook says when it applies, which numbers
//! to ask Prometheus for, which notes to add when a condition holds, what to look at next and where the
//! runbook is. It adds to an answer and never changes its conclusion. Pure: the folder is read by
//! `config`, the numbers by `investigation`.

mod alerts;
mod builtin;
mod choose;
mod facts;
mod lint;
mod load;
mod promql;
mod replay;
mod rules;
mod schema;

#[cfg(test)]
mod tests;

pub use alerts::{Choice, Escalation, How, KEY, Key, Row};
pub use builtin::{BUILT_IN, BUILT_IN_FIXTURES, built_in};
pub(crate) use choose::queries;
pub use choose::{MAX_QUERIES, advise};
pub use facts::{Facts, Pods, Replicas, Values};
pub use load::{MAX_FILE, Source, load};
pub use promql::{Names, Template, Value, pods};
pub use replay::{Replayed, replay};
pub use rules::Condition;
pub use schema::{Unit, schema};

use std::fmt;

use crate::finding::{Kind, Symptom};
use crate::text::Wording;

/// The playbooks in use, by name.
#[derive(Clone, Debug, Default)]
pub struct Playbooks(Vec<Playbook>);

impl Playbooks {
    /// The playbooks in the order of their names; of several with one name the last one counts.
    #[must_use]
    pub fn new(all: Vec<Playbook>) -> Self {
        let mut kept: Vec<Playbook> = Vec::with_capacity(all.len());
        for playbook in all {
            kept.retain(|known| known.name != playbook.name);
            kept.push(playbook);
        }
        kept.sort_by(|a, b| a.name.cmp(&b.name));
        Self(kept)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Playbook> {
        self.0.iter()
    }

    /// The one of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Playbook> {
        self.0.iter().find(|playbook| playbook.name == name)
    }
}

/// One playbook, checked and compiled.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// Its name, which is its file's name.
    pub name: String,
    /// The file it was read from.
    pub file: String,
    /// The file's text.
    pub text: String,
    /// Its title.
    pub title: Wording,
    /// Symptoms it applies to; empty: any.
    pub symptoms: Vec<Symptom>,
    /// Kinds of object it applies to; empty: any.
    pub kinds: Vec<Kind>,
    /// Numbers to ask for.
    pub queries: Vec<Query>,
    /// Notes and their conditions.
    pub rules: Vec<Rule>,
    /// What to look at next when no cause was found, or none that is sure.
    pub next: Vec<Wording>,
    /// Runbooks: title and address.
    pub links: Vec<(Wording, String)>,
    /// Alerts it answers.
    pub alerts: Vec<Row>,
    /// Patterns of metrics: an alert of no row whose rule uses one of them is its own.
    pub metrics: Vec<String>,
    /// Labels: an alert that nothing else tells is its own when it has one of them.
    pub labels: Vec<String>,
    /// When its alerts fire although nothing is wrong.
    pub harmless: Vec<Wording>,
    /// Whether an alert chooses it; without symptoms of its own, nothing else does.
    pub for_alerts: bool,
    /// Whether it came with vigie.
    pub built_in: bool,
}

/// A number to ask Prometheus for.
#[derive(Clone, Debug)]
pub struct Query {
    /// Its name in conditions (`metrics.<name>`) and texts (`{ $name }`).
    pub name: String,
    /// The expression with its placeholders.
    pub promql: Template,
    /// How the number is shown.
    pub unit: Unit,
}

/// A note and its condition.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// When it is said.
    pub when: Condition,
    /// What is said.
    pub say: Wording,
}

/// Something wrong in a playbook: where, what, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// Line, from 1; 0 for the file as a whole.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub fix: String,
}

impl Mistake {
    /// `slow.yaml:14:5`, or the file alone.
    #[must_use]
    pub fn place(&self) -> String {
        match self.line {
            0 => self.file.clone(),
            line => format!("{}:{line}:{}", self.file, self.column),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    fix: {}", self.place(), self.what, self.fix)
    }
}
