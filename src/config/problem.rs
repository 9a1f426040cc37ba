//! What is wrong with the configuration, said so that it can be repaired without a manual.

use std::fmt;

/// One wrong value: where, what, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `vigie.yaml:14:5`, `.env:3 VIGIE_HTTP_ADDR`, or the variable's name.
    pub place: String,
    /// The value as it was written; `None` when there is none, or when it is a secret.
    pub value: Option<String>,
    /// What is wrong with it.
    pub what: String,
    /// What to write instead.
    pub fix: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)?;
        if let Some(value) = &self.value {
            write!(f, ": {value:?}")?;
        }
        write!(f, "\n    fix: {}", self.fix)
    }
}

/// The configuration cannot be used. Prints every problem, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the configuration has {}:\n{}", count(.problems), list(.problems))]
pub struct ConfigError {
    /// What is wrong, in the order of the sources; never empty.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// An error out of one problem.
    #[must_use]
    pub fn one(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

fn count(problems: &[Problem]) -> String {
    match problems.len() {
        1 => "a problem".to_owned(),
        n => format!("{n} problems"),
    }
}

fn list(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|p| format!("  {p}")).collect();
    lines.join("\n")
}
