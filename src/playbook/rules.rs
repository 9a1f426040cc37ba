//! The conditions of rules, in CEL. CEL has no cost limit here, so what could be costly is refused when a
//! playbook is loaded: length, nesting, long chains, and every loop. What is left is a walk over at most 500
//! characters.

mod check;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use cel::{Context, Program};
use check::Check;

use super::facts::Facts;
use super::promql::Wrong;

/// Longest condition, in characters.
const MAX: usize = 500;
/// Signs that can nest, at most: every one may be one call deeper in the parser and in the evaluation,
/// and 31 additions in a row take more than 1 MiB of stack in a debug build.
const MAX_SIGNS: usize = 24;
/// Brackets among them, which cost the parser more.
const MAX_BRACKETS: usize = 8;

/// A condition over [`Facts`].
#[derive(Clone)]
pub struct Condition {
    source: String,
    program: Arc<Program>,
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({:?})", self.source)
    }
}

impl Condition {
    /// Reads a condition over the numbers of these queries; `Err` has everything that is wrong with it.
    pub(super) fn parse(source: &str, queries: &[&str]) -> Result<Self, Vec<Wrong>> {
        too_much(source)?;
        let program = Program::compile(source).map_err(|errors| {
            let all = errors.errors.iter();
            all.map(|error| {
                let what = first_line(&error.msg);
                // What would have been possible instead is a list of every token.
                let what = what.split(" expecting {").next().unwrap_or_default();
                let (line, column) = error.pos;
                let fix = format!("see character {column} of line {line} of the condition");
                (format!("the condition is not CEL: {what}"), fix)
            })
            .collect::<Vec<_>>()
        })?;
        let mut check = Check {
            queries,
            problems: Vec::new(),
        };
        check.expression(program.expression());
        if check.problems.is_empty() {
            check.types(program.expression());
        }
        if !check.problems.is_empty() {
            check.problems.dedup();
            return Err(check.problems);
        }
        Ok(Self {
            source: source.to_owned(),
            program: Arc::new(program),
        })
    }

    /// Whether it holds. Something missing, a division by zero: it does not.
    pub(super) fn holds(&self, context: &Context<'_, '_>) -> bool {
        matches!(self.program.execute(context), Ok(cel::Value::Bool(true)))
    }
}

/// What the parser would have to recurse into is counted before it sees the text.
fn too_much(source: &str) -> Result<(), Vec<Wrong>> {
    let wrong = |what: String, fix: &str| Err(vec![(what, fix.to_owned())]);
    if source.trim().is_empty() {
        return wrong("the condition is empty".to_owned(), "write a condition");
    }
    if source.chars().count() > MAX {
        let what = format!("the condition is longer than {MAX} characters");
        return wrong(what, "split the rule into several");
    }
    let (signs, brackets) = signs(source);
    if signs > MAX_SIGNS || brackets > MAX_BRACKETS {
        let what =
            format!("the condition has more than {MAX_SIGNS} operators or {MAX_BRACKETS} brackets");
        return wrong(what, "split the rule into several");
    }
    Ok(())
}

/// How many signs of a condition can nest, and how many of them are brackets. `&&` and `||` are left out:
/// the parser balances their chains. A point in a number is none; signs inside strings count too, which
/// does no harm.
fn signs(source: &str) -> (usize, usize) {
    let all: Vec<char> = source.chars().collect();
    let (mut signs, mut brackets) = (0, 0);
    for (at, c) in all.iter().enumerate() {
        let next = all.get(at + 1).copied().unwrap_or(' ');
        match c {
            '(' | '[' | '{' => brackets += 1,
            '?' | '!' | '-' | '+' | '*' | '/' | '%' => signs += 1,
            // `==`, `<=` and their like are one sign.
            '=' | '<' | '>' if next != '=' => signs += 1,
            '.' if !next.is_ascii_digit() => signs += 1,
            _ => {}
        }
    }
    signs += source
        .split_whitespace()
        .filter(|word| *word == "in")
        .count();
    (signs + brackets, brackets)
}

/// The variables of a condition for one case.
pub(super) fn context(facts: &Facts, metrics: &BTreeMap<String, f64>) -> Context<'static, 'static> {
    let mut context = Context::default();
    let numbers = |pairs: &[(&'static str, i64)]| {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value));
        pairs.collect::<HashMap<String, i64>>()
    };
    let pods = facts.pods.map_or_else(HashMap::new, |pods| {
        numbers(&[
            ("total", pods.total),
            ("ready", pods.ready),
            ("restarts", pods.restarts),
        ])
    });
    let replicas = facts.replicas.map_or_else(HashMap::new, |replicas| {
        numbers(&[("wanted", replicas.wanted), ("ready", replicas.ready)])
    });
    let metrics: HashMap<String, f64> = metrics
        .iter()
        .map(|(name, value)| (name.clone(), *value))
        .collect();
    let codes = |all: &[crate::finding::Cause]| {
        let codes = all.iter().map(|cause| cause.code().to_owned());
        codes.collect::<Vec<String>>()
    };
    let symptoms = facts.symptoms.iter();
    let symptoms: Vec<String> = symptoms.map(|symptom| symptom.code().to_owned()).collect();
    let kind = facts.kind.map_or("", crate::finding::Kind::as_str);
    context.add_variable_from_value("metrics", metrics);
    context.add_variable_from_value("pods", pods);
    context.add_variable_from_value("replicas", replicas);
    context.add_variable_from_value("verdict", word(facts.verdict));
    context.add_variable_from_value("causes", codes(&facts.causes));
    context.add_variable_from_value("findings", codes(&facts.findings));
    context.add_variable_from_value("symptoms", symptoms);
    context.add_variable_from_value("kind", kind.to_owned());
    let alert = facts.alert.clone().unwrap_or_default();
    context.add_variable_from_value("alert", alert);
    context
}

/// The public word of a verdict.
fn word(verdict: crate::finding::Verdict) -> String {
    let value = serde_json::to_value(verdict).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
