//! The parts of a playbook: when it applies, its queries, its rules, its links.

use serde_saphyr::Spanned;

use super::{Lint, facts, place};
use crate::finding::{Kind, Symptom};
use crate::playbook::alerts::KEY;
use crate::playbook::promql::Template;
use crate::playbook::rules::Condition;
use crate::playbook::schema::{FileLink, FileQuery, FileRule, FileWhen, Text, Unit};
use crate::playbook::{Query, Rule};
use crate::text::Wording;

/// Longest address, in characters.
const MAX_URL: usize = 500;

impl Lint<'_> {
    pub(super) fn when(&mut self, when: &FileWhen) -> (Vec<Symptom>, Vec<Kind>) {
        let found = self.symptoms(&when.symptoms);
        let kinds = when.kinds.iter().filter_map(|text| {
            let kind = Kind::parse(text.value.trim());
            if kind.is_none() {
                let fix = "write it as Kubernetes does: Deployment, StatefulSet, DaemonSet, Job, Service, …";
                self.wrong(text, format!("the kind {:?} is not known", text.value), fix);
            }
            kind
        });
        (found, kinds.collect())
    }

    pub(super) fn symptoms(&mut self, all: &[Text]) -> Vec<Symptom> {
        let symptoms: Vec<&str> = Symptom::ALL.iter().map(|symptom| symptom.code()).collect();
        let known = |word: &str| Symptom::ALL.into_iter().find(|one| one.code() == word);
        let found = all.iter().filter_map(|text| {
            let symptom = known(text.value.trim());
            if symptom.is_none() {
                let fix = format!("write one of: {}", symptoms.join(", "));
                self.wrong(
                    text,
                    format!("the symptom {:?} is not known", text.value),
                    fix,
                );
            }
            symptom
        });
        found.collect()
    }

    pub(super) fn queries(
        &mut self,
        queries: &[Spanned<FileQuery>],
        trusted: &[&str],
    ) -> Vec<Query> {
        let reserved = facts::COMMON.iter().chain(&KEY);
        let mut known: Vec<String> = reserved.map(|name| (*name).to_owned()).collect();
        let mut found = Vec::new();
        for entry in queries {
            let query = &entry.value;
            let name = self.required(query.name.as_ref(), "name", place(entry));
            if let Some(text) = &query.name {
                self.identifier(text, '_');
                self.twice(text, &known);
            }
            known.push(name.to_owned());
            let unit = self.unit(query.unit.as_ref(), place(entry));
            let text = self.required(query.promql.as_ref(), "promql", place(entry));
            let promql = query.promql.as_ref().filter(|_| !text.is_empty());
            let template = promql.and_then(|promql| self.template(promql, trusted));
            // A query with a mistake still has its name, so that its rules are not blamed too.
            found.push(Query {
                name: name.to_owned(),
                promql: template.unwrap_or_else(Template::empty),
                unit: unit.unwrap_or(Unit::Number),
            });
        }
        found
    }

    /// An expression whose labels of the alert are all trusted.
    pub(super) fn template(&mut self, promql: &Text, trusted: &[&str]) -> Option<Template> {
        let template = self.compiled(promql, Template::parse(promql.value.trim()))?;
        for label in template.labels() {
            if !trusted.contains(&label) {
                let what = format!("the label {label:?} of the alert is not trusted here");
                let fix = format!("add {label} to about: or labels: of the alert");
                self.wrong(promql, what, fix);
            }
        }
        Some(template)
    }

    pub(super) fn unit(&mut self, value: Option<&Text>, owner: (u64, u64)) -> Option<Unit> {
        let word = self.required(value, "unit", owner);
        let unit = Unit::ALL.into_iter().find(|(known, _)| *known == word);
        if let (None, Some(value), false) = (unit, value, word.is_empty()) {
            let words = Unit::ALL.map(|(word, _)| word).join(", ");
            self.wrong(
                value,
                format!("the unit {word:?} is not known"),
                format!("write one of: {words}"),
            );
        }
        unit.map(|(_, unit)| unit)
    }

    pub(super) fn rules(
        &mut self,
        rules: &[Spanned<FileRule>],
        queries: &[&str],
        known: &[&str],
    ) -> Vec<Rule> {
        let mut names: Vec<String> = Vec::new();
        let mut found = Vec::new();
        for entry in rules {
            let rule = &entry.value;
            let name = self.required(rule.name.as_ref(), "name", place(entry));
            if let Some(text) = &rule.name {
                self.identifier(text, '-');
                self.twice(text, &names);
            }
            names.push(name.to_owned());
            let source = self.required(rule.when.as_ref(), "when", place(entry));
            let when = rule.when.as_ref().filter(|_| !source.is_empty());
            let when = when.and_then(|when| self.compiled(when, Condition::parse(source, queries)));
            let say = match &rule.say {
                Some(say) => self.words(Some(say), place(say), known),
                None => self.words(None, place(entry), known),
            };
            if let Some(when) = when {
                found.push(Rule {
                    name: name.to_owned(),
                    when,
                    say,
                });
            }
        }
        found
    }

    pub(super) fn link(&mut self, entry: &Spanned<FileLink>) -> (Wording, String) {
        let title = self.title(entry.value.title.as_ref(), place(entry));
        let url = self.required(entry.value.url.as_ref(), "url", place(entry));
        if let Some(value) = entry.value.url.as_ref().filter(|_| !url.is_empty()) {
            self.url(value);
        }
        (title, url.to_owned())
    }

    /// An address that may become a link.
    pub(super) fn url(&mut self, value: &Text) -> String {
        let url = value.value.trim();
        if let Some((what, fix)) = bad_url(url) {
            self.wrong(value, what, fix);
        }
        url.to_owned()
    }
}

/// Only an address of the web, in characters that no medium reads as markup, without a login.
fn bad_url(url: &str) -> Option<(&'static str, &'static str)> {
    let web = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let Some(rest) = web else {
        return Some((
            "the link is none of the web",
            "begin it with https:// or http://",
        ));
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() {
        return Some(("the link names no host", "write https://host/path"));
    }
    if host.contains('@') {
        return Some(("the link holds a login", "remove what stands before the @"));
    }
    let plain = |c: char| c.is_ascii_graphic() && !"<>|()[]{}\"`\\".contains(c);
    if !url.chars().all(plain) || url.len() > MAX_URL {
        return Some((
            "the link has characters that an address does not have, or is too long",
            "percent-encode them; at most 500 characters",
        ));
    }
    None
}
