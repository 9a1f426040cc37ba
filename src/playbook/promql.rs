//! PromQL with typed placeholders. A placeholder stands only inside a double-quoted string and is put in
//! with that string's escaping, so that no name ends the string or the matcher. The check is structural
//! (strings, brackets, placeholders); for the built-in playbooks CI asks `promtool` too.

mod read;

use read::Reader;

use std::collections::BTreeMap;

use crate::finding::Kind;
use crate::text::promql_string;

/// Longest expression, in characters.
const MAX: usize = 1_000;
/// A generated name's base is cut at this length by the API server (`maxGeneratedNameLength`).
const MAX_BASE: usize = 58;
/// `-<pod-template-hash>-`, at its longest.
const HASH: usize = 12;

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// The namespace.
    Namespace,
    /// The name of the workload.
    Workload,
    /// A pattern that matches the workload's pods.
    Pods,
    /// The name of the node.
    Node,
    /// The value of a label of the alert, one that may be trusted.
    Label(String),
}

impl Value {
    /// The value of that name: `namespace`, `labels.pod`.
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "namespace" => Self::Namespace,
            "workload" => Self::Workload,
            "pods" => Self::Pods,
            "node" => Self::Node,
            _ => {
                let label = name.strip_prefix("labels.")?;
                let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let named = !label.is_empty() && label.chars().all(word);
                return named.then(|| Self::Label(label.to_owned()));
            }
        })
    }
}

/// The names that are put in; what is not known has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Namespace of the object.
    pub namespace: Option<String>,
    /// The workload: kind and name.
    pub workload: Option<(Kind, String)>,
    /// The node.
    pub node: Option<String>,
    /// The alert's labels that may be trusted.
    pub labels: BTreeMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// A placeholder, and whether its string is a regular expression.
    Put(Value, bool),
}

/// An expression with its placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

/// What is wrong, and what to write instead.
pub(super) type Wrong = (String, String);

impl Template {
    /// Reads an expression; `Err` has everything that is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<Wrong>> {
        let mut reader = Reader::default();
        if text.trim().is_empty() {
            reader.wrong("the expression is empty", "write the PromQL");
        }
        if text.chars().count() > MAX {
            reader.wrong(
                &format!("the expression is longer than {MAX} characters"),
                "shorten it, or make a recording rule of it in Prometheus",
            );
            return Err(reader.problems);
        }
        reader.read(text.trim());
        reader.end();
        if reader.problems.is_empty() {
            Ok(Self(reader.parts))
        } else {
            Err(reader.problems)
        }
    }

    /// Asks for nothing: stands in for one that could not be read.
    pub(super) fn empty() -> Self {
        Self(Vec::new())
    }

    /// The labels of the alert that it needs.
    pub(super) fn labels(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Put(Value::Label(label), _) => Some(label.as_str()),
            _ => None,
        })
    }

    /// The expression for these names; `None` when one that it needs is not known.
    #[must_use]
    pub fn fill(&self, names: &Names) -> Option<String> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Put(value, regex) => out.push_str(&put(value, *regex, names)?),
            }
        }
        Some(out)
    }
}

fn put(value: &Value, regex: bool, names: &Names) -> Option<String> {
    let name = match value {
        Value::Namespace => names.namespace.as_deref()?,
        Value::Workload => &names.workload.as_ref()?.1,
        Value::Node => names.node.as_deref()?,
        Value::Label(label) => names.labels.get(label)?,
        Value::Pods => {
            let (kind, name) = names.workload.as_ref()?;
            return Some(promql_string(&pods(*kind, name)));
        }
    };
    Some(if regex {
        promql_string(&regex::escape(name))
    } else {
        promql_string(name)
    })
}

/// The letters of hashes and suffixes in names of pods (`SafeEncodeString` and `rand.String` of
/// apimachinery): no vowels and nothing that reads as one, so no word and no ordinal 0 or 1 passes for one.
const SAFE: &str = "[bcdfghjklmnpqrstvwxz2456789]";

/// The names that controllers give to the pods of a workload. `payment` does not match the pods of
/// `payment-worker`.
#[must_use]
pub fn pods(kind: Kind, name: &str) -> String {
    let safe = regex::escape(name);
    if name.len() + HASH > MAX_BASE {
        let base: String = name.chars().take(MAX_BASE).collect();
        return format!("{}.*", regex::escape(&base));
    }
    match kind {
        Kind::Deployment => format!("{safe}-{SAFE}{{1,10}}-{SAFE}{{5}}"),
        Kind::StatefulSet => format!("{safe}-[0-9]+"),
        Kind::CronJob => format!("{safe}-[0-9]+-{SAFE}{{5}}"),
        Kind::Pod => safe,
        // An indexed Job puts the index before the suffix.
        _ => format!("{safe}-([0-9]+-)?{SAFE}{{5}}"),
    }
}
