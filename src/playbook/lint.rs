//! Checks a playbook where it stands: each wrong value with its place and what to write instead.

mod alerts;
mod parts;
mod words;

use serde_saphyr::{Error as YamlError, Spanned};

use super::alerts::{KEY, Row};
use super::promql::Wrong;
use super::schema::{File, FileWords, Text};
use super::{Mistake, Playbook, facts};
use crate::text::Wording;

/// Parts of one playbook, at most.
const MOST: [(&str, usize); 6] = [
    ("queries", 8),
    ("rules", 20),
    ("next", 6),
    ("links", 5),
    ("alerts", 40),
    ("harmless", 4),
];
/// Longest name, in characters.
const MAX_NAME: usize = 40;
/// Collects what is wrong in one file.
pub(super) struct Lint<'a> {
    file: &'a str,
    pub mistakes: Vec<Mistake>,
}

impl<'a> Lint<'a> {
    pub fn new(file: &'a str) -> Self {
        Self {
            file,
            mistakes: Vec::new(),
        }
    }

    fn at(&mut self, (line, column): (u64, u64), what: impl Into<String>, fix: impl Into<String>) {
        self.mistakes.push(Mistake {
            file: self.file.to_owned(),
            line,
            column,
            what: what.into(),
            fix: fix.into(),
        });
    }

    /// Something wrong with the file as a whole.
    pub fn whole(&mut self, what: &str, fix: &str) {
        self.at((0, 0), what, fix);
    }

    fn wrong<T>(&mut self, at: &Spanned<T>, what: impl Into<String>, fix: impl Into<String>) {
        self.at(place(at), what, fix);
    }

    /// A key or value of the wrong shape; whether it is worth reading on behind it.
    pub fn shape(&mut self, error: &YamlError, at: (u64, u64)) -> bool {
        match error {
            YamlError::SerdeUnknownField {
                field, expected, ..
            } => {
                let list = expected.join(", ");
                let what = format!("the key {field:?} is not known here");
                self.at(at, what, format!("write one of: {list}"));
                true
            }
            YamlError::DuplicateMappingKey { key, .. } => {
                let key = key.as_deref().unwrap_or_default();
                self.at(
                    at,
                    format!("the key {key:?} stands here twice"),
                    "keep one of the two",
                );
                true
            }
            // Behind a first slip, what the parser stumbles over is the hole that was made there.
            _ if !self.mistakes.is_empty() => false,
            other => {
                let what = super::load::first_line(other);
                self.at(
                    at,
                    what,
                    "compare with playbooks/slow.yaml; indent with spaces",
                );
                false
            }
        }
    }

    /// Checks a file and compiles it; `None` when anything in it is wrong.
    pub fn playbook(&mut self, file: File, text: &str) -> Option<Playbook> {
        let name = self.file_name(file.name.as_ref());
        let title = self.title(file.title.as_ref(), (1, 1));
        let when = file.when.unwrap_or_default();
        let (symptoms, kinds) = self.when(&when);
        let metrics = self.patterns(&when.metrics);
        let labels = self.labels(&when.labels);
        let every = file.every.is_some();
        let common = file.every.unwrap_or_default();
        let alerts = self.alerts(&file.alerts, &common);
        let for_alerts = every
            || ![alerts.len(), metrics.len(), labels.len()]
                .iter()
                .all(|n| *n == 0);
        let counts = [
            file.queries.len(),
            file.rules.len(),
            file.next.len(),
            file.links.len(),
            file.alerts.len(),
            file.harmless.len(),
        ];
        for (count, (key, most)) in counts.iter().zip(MOST) {
            if *count > most {
                let what = format!("{key} has {count} entries, {most} is the most");
                self.whole(&what, "split the playbook into several");
            }
        }
        let trusted: Vec<&str> = alerts.iter().flat_map(Row::trusted).collect();
        let queries = self.queries(&file.queries, &trusted);
        let mut names: Vec<&str> = queries.iter().map(|query| query.name.as_str()).collect();
        names.dedup();
        let known = names.iter().copied().chain(facts::COMMON);
        let known: Vec<&str> = known.chain(trusted.iter().copied()).collect();
        let key: &[&str] = if for_alerts { &KEY } else { &[] };
        let numbers: Vec<&str> = names.iter().chain(key).copied().collect();
        let rules = self.rules(&file.rules, &numbers, &known);
        let object: Vec<&str> = facts::OBJECT.into_iter().chain(trusted).collect();
        let next = self.texts(&file.next, &object);
        let harmless = self.texts(&file.harmless, &object);
        let links = file.links.iter().map(|link| self.link(link)).collect();
        self.mistakes.is_empty().then(|| Playbook {
            name,
            file: self.file.to_owned(),
            text: text.to_owned(),
            title,
            symptoms,
            kinds,
            queries,
            rules,
            next,
            links,
            alerts,
            metrics,
            labels,
            harmless,
            for_alerts,
            built_in: false,
        })
    }

    fn texts(&mut self, all: &[Spanned<FileWords>], known: &[&str]) -> Vec<Wording> {
        let texts = all.iter();
        texts
            .map(|words| self.words(Some(words), place(words), known))
            .collect()
    }

    /// A required value; its absence is told at the place of what it belongs to.
    fn required<'t>(&mut self, value: Option<&'t Text>, key: &str, owner: (u64, u64)) -> &'t str {
        match value {
            Some(value) if !value.value.trim().is_empty() => return value.value.trim(),
            Some(value) => self.wrong(
                value,
                format!("{key} is empty"),
                "write it, or remove the entry",
            ),
            None => self.at(
                owner,
                format!("the key {key:?} is missing"),
                format!("add {key}: to this entry"),
            ),
        }
        ""
    }

    fn file_name(&mut self, value: Option<&Text>) -> String {
        let name = self.required(value, "name", (1, 1));
        let stem = self.file.rsplit('/').next().unwrap_or_default();
        let stem = stem.trim_end_matches(".yaml").trim_end_matches(".yml");
        if let Some(value) = value.filter(|_| !name.is_empty()) {
            self.identifier(value, '-');
            if name != stem {
                let fix = format!("write name: {stem}, or call the file {name}.yaml");
                self.wrong(value, format!("the name {name:?} is not the file's"), fix);
            }
        }
        name.to_owned()
    }

    /// A name of lower-case letters, digits and one joining character.
    fn identifier(&mut self, value: &Text, join: char) {
        let name = value.value.trim();
        let letter = name.starts_with(|c: char| c.is_ascii_lowercase());
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == join;
        if !letter || !name.chars().all(word) || name.len() > MAX_NAME {
            let fix = format!(
                "use lower-case letters, digits and `{join}`, a letter first, at most {MAX_NAME} characters"
            );
            self.wrong(value, format!("{name:?} is not a name"), fix);
        }
    }

    fn twice(&mut self, name: &Text, known: &[String]) {
        if known.iter().any(|one| one == name.value.trim()) {
            let what = format!("the name {:?} is taken", name.value);
            self.wrong(name, what, "give it another name");
        }
    }

    fn compiled<T>(&mut self, at: &Text, result: Result<T, Vec<Wrong>>) -> Option<T> {
        match result {
            Ok(compiled) => Some(compiled),
            Err(problems) => {
                for (what, fix) in problems {
                    self.wrong(at, what, fix);
                }
                None
            }
        }
    }
}

fn place<T>(at: &Spanned<T>) -> (u64, u64) {
    (at.referenced.line(), at.referenced.column())
}
