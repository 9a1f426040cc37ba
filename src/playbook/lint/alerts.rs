//! The alerts of a playbook: what each is called, what it is about, what is done first, and its number.

use serde_saphyr::Spanned;

use super::{Lint, facts, place};
use crate::alert::Way;
use crate::playbook::alerts::{Escalation, Key, Row, plain};
use crate::playbook::schema::{FileAlert, FileEvery, Text, Unit};

/// Longest name or pattern, in characters.
const MAX_ALERT: usize = 100;
/// Longest meaning.
const MAX_MEANS: usize = 500;

impl Lint<'_> {
    pub(super) fn alerts(&mut self, rows: &[Spanned<FileAlert>], every: &FileEvery) -> Vec<Row> {
        let mut taken: Vec<String> = Vec::new();
        let common = self.about(&every.about);
        let mut found = Vec::new();
        for entry in rows {
            let mut row = self.row(entry, every);
            if row.about.is_empty() {
                row.about.clone_from(&common);
            }
            if row.about.is_empty() {
                let fix =
                    "add about: [pod], [node], [namespace], [cluster] …, here or under every:";
                self.at(place(entry), "nothing says what the alert is about", fix);
            }
            row.key = self.key(&entry.value, every, &row);
            self.first(entry, &mut row);
            self.names(&entry.value, &mut taken);
            found.push(row);
        }
        found
    }

    /// What does not depend on the rest of the row.
    fn row(&mut self, entry: &Spanned<FileAlert>, every: &FileEvery) -> Row {
        let file = &entry.value;
        let mut labels = self.labels(&file.labels);
        labels.extend(self.labels(&every.labels));
        let symptoms = if file.symptoms.is_empty() {
            self.symptoms(&every.symptoms)
        } else {
            self.symptoms(&file.symptoms)
        };
        let means = file.means.as_ref().map(|text| text.value.trim().to_owned());
        let means = means.unwrap_or_default();
        if let Some(text) = file
            .means
            .as_ref()
            .filter(|_| means.chars().count() > MAX_MEANS)
        {
            let what = format!("the meaning is longer than {MAX_MEANS} characters");
            self.wrong(text, what, "say it in a sentence or two");
        }
        let escalation = file.escalation.as_ref().or(every.escalation.as_ref());
        Row {
            name: self
                .required(file.name.as_ref(), "name", place(entry))
                .to_owned(),
            aliases: self.patterns(&file.aliases),
            with: self.labels(&file.with),
            about: self.about(&file.about),
            labels,
            symptoms,
            means,
            first: crate::text::Wording::default(),
            harmless: None,
            runbook: file.runbook.as_ref().map(|url| self.url(url)),
            key: None,
            escalation: escalation.map_or_else(Escalation::default, |word| self.escalation(word)),
        }
    }

    /// The texts, which may use what the row trusts.
    fn first(&mut self, entry: &Spanned<FileAlert>, row: &mut Row) {
        let trusted = row.trusted();
        let known: Vec<&str> = facts::OBJECT.into_iter().chain(trusted).collect();
        let Some(first) = &entry.value.first else {
            let fix = "add first: with en: and fr:, what an on-call engineer does first";
            return self.at(place(entry), "the key \"first\" is missing", fix);
        };
        let harmless = entry.value.harmless.as_ref();
        let harmless = harmless.map(|words| self.words(Some(words), place(words), &known));
        let first = self.words(Some(first), place(first), &known);
        row.first = first;
        row.harmless = harmless;
    }

    fn key(&mut self, file: &FileAlert, every: &FileEvery, row: &Row) -> Option<Key> {
        let promql = file.promql.as_ref()?;
        let unit = file.unit.as_ref().or(every.unit.as_ref());
        let unit = self.unit(unit, place(promql)).unwrap_or(Unit::Number);
        Some(Key {
            promql: self.template(promql, &row.trusted())?,
            source: promql.value.trim().to_owned(),
            unit,
        })
    }

    /// Whether its names are taken by another row of the file.
    fn names(&mut self, file: &FileAlert, taken: &mut Vec<String>) {
        for name in file.name.iter().chain(&file.aliases) {
            let own = name.value.trim();
            if own.is_empty()
                || own.chars().count() > MAX_ALERT
                || own.chars().any(char::is_control)
            {
                let fix = format!("write a name of at most {MAX_ALERT} characters");
                self.wrong(name, format!("{own:?} is no alert's name"), fix);
            }
            if taken.iter().any(|one| one == own) {
                let what = format!("the alert {own:?} stands in this file twice");
                self.wrong(name, what, "keep one of the two");
            } else if plain(own).is_empty() {
                self.wrong(
                    name,
                    format!("{own:?} has no letters"),
                    "write the alert's name",
                );
            }
            taken.push(own.to_owned());
        }
    }

    fn about(&mut self, ways: &[Text]) -> Vec<Way> {
        let read = ways.iter().filter_map(|text| {
            let way = Way::parse(text.value.trim());
            if way.is_none() {
                let what = format!("{:?} leads to no subject", text.value);
                let words = Way::words().join(", ");
                let fix =
                    format!("write one of: {words}; `pod=label@namespace_label` for other labels");
                self.wrong(text, what, fix);
            }
            way
        });
        read.collect()
    }

    pub(super) fn labels(&mut self, names: &[Text]) -> Vec<String> {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        for text in names {
            let name = text.value.trim();
            if name.is_empty() || !name.chars().all(word) {
                let fix = "use letters, digits and `_`, as Prometheus does";
                self.wrong(text, format!("{name:?} is no label"), fix);
            }
        }
        names
            .iter()
            .map(|text| text.value.trim().to_owned())
            .collect()
    }

    pub(super) fn patterns(&mut self, all: &[Text]) -> Vec<String> {
        for text in all {
            if text.value.trim().trim_matches('*').is_empty() {
                let fix = "write a name, or a part of it between `*`";
                self.wrong(text, "the pattern fits everything", fix);
            }
        }
        all.iter()
            .map(|text| text.value.trim().to_owned())
            .collect()
    }

    fn escalation(&mut self, word: &Text) -> Escalation {
        let known = Escalation::ALL.into_iter();
        let found = known.clone().find(|(known, _)| *known == word.value.trim());
        if found.is_none() {
            let words: Vec<&str> = known.map(|(word, _)| word).collect();
            let what = format!("the escalation {:?} is not known", word.value);
            self.wrong(word, what, format!("write one of: {}", words.join(", ")));
        }
        found.map(|(_, class)| class).unwrap_or_default()
    }
}
