//! Which playbooks apply, and what they have to say of a case.

use std::collections::BTreeMap;

use super::alerts::{KEY, Key, Row};
use super::facts::{Facts, Values, shown};
use super::{Playbook, Playbooks, Query, Unit};
use crate::alert::metrics;
use crate::finding::{Advice, Kind, Note, RunbookLink, Symptom, Verdict};
use crate::text::{Arg, Message, Wording};

/// Most queries that all playbooks of one investigation ask together.
pub const MAX_QUERIES: usize = 8;

impl Playbooks {
    /// The playbooks for these symptoms and kinds: those for the first symptom first, those for any
    /// symptom last. `kinds` holds the object asked about and the workload behind it; a wide question
    /// has none.
    #[must_use]
    pub fn chosen(&self, symptoms: &[Symptom], kinds: &[Kind]) -> Vec<&Playbook> {
        let kind = |playbook: &&Playbook| {
            playbook.kinds.is_empty() || kinds.iter().any(|kind| playbook.kinds.contains(kind))
        };
        let rank = |playbook: &Playbook| {
            if playbook.symptoms.is_empty() {
                return (!playbook.for_alerts).then_some(symptoms.len());
            }
            let meant = |symptom: &Symptom| playbook.symptoms.contains(symptom);
            symptoms.iter().position(meant)
        };
        let mut ranked: Vec<(usize, &Playbook)> = self
            .iter()
            .filter(kind)
            .filter_map(|playbook| Some((rank(playbook)?, playbook)))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, playbook)| playbook).collect()
    }
}

/// The queries of the chosen playbooks, in their order, at most [`MAX_QUERIES`].
pub(crate) fn queries<'a>(chosen: &[&'a Playbook]) -> Vec<(&'a Playbook, &'a Query)> {
    let all = chosen
        .iter()
        .flat_map(|playbook| playbook.queries.iter().map(|query| (*playbook, query)));
    all.take(MAX_QUERIES).collect()
}

/// What the chosen playbooks say of the case; a playbook with nothing to say is left out.
#[must_use]
pub fn advise(chosen: &[&Playbook], facts: &Facts, values: &Values) -> Vec<Advice> {
    let none = BTreeMap::new();
    let of = |playbook: &&Playbook| {
        let metrics = values.get(&playbook.name).unwrap_or(&none);
        let advice = one(playbook, facts, metrics);
        let empty = advice.notes.is_empty() && advice.next.is_empty() && advice.links.is_empty();
        (!empty).then_some(advice)
    };
    chosen.iter().filter_map(of).collect()
}

fn one(playbook: &Playbook, facts: &Facts, metrics: &BTreeMap<String, f64>) -> Advice {
    let args = facts.args(playbook, metrics);
    let context = super::rules::context(facts, metrics);
    let holding = playbook
        .rules
        .iter()
        .filter(|rule| rule.when.holds(&context));
    let row = facts.alert.as_ref();
    let row = row.and_then(|name| playbook.alerts.iter().find(|row| row.name == *name));
    let mut notes: Vec<Note> = beside_normal(row, facts, metrics).into_iter().collect();
    notes.extend(holding.filter_map(|rule| {
        Some(Note {
            rule: rule.name.clone(),
            says: said(&rule.say, &args)?,
        })
    }));
    let lost = facts.unsure || matches!(facts.verdict, Verdict::Unknown | Verdict::CouldNotLook);
    let first = row.map(|row| &row.first);
    let next = first.into_iter().chain(&playbook.next).filter(|_| lost);
    let calm = matches!(
        facts.verdict,
        Verdict::Healthy | Verdict::Expected | Verdict::Recovered
    );
    if calm && facts.alert.is_some() {
        let own = row.and_then(|row| row.harmless.as_ref());
        let harmless = own.into_iter().chain(&playbook.harmless);
        notes.extend(harmless.filter_map(|words| {
            Some(Note {
                rule: Note::HARMLESS.to_owned(),
                says: said(words, &args)?,
            })
        }));
    }
    let links = playbook.links.iter().filter(|_| !calm || !notes.is_empty());
    Advice {
        playbook: playbook.name.clone(),
        title: playbook.title.clone(),
        next: next.filter_map(|text| said(text, &args)).collect(),
        links: runbook(row)
            .filter(|_| !calm)
            .into_iter()
            .chain(links.map(|(title, url)| RunbookLink {
                title: title.clone(),
                url: url.clone(),
            }))
            .collect(),
        notes,
    }
}

/// The public runbook of an alert.
fn runbook(row: Option<&Row>) -> Option<RunbookLink> {
    let row = row?;
    let name = &row.name;
    Some(RunbookLink {
        title: Wording {
            en: format!("Runbook of {name}"),
            fr: format!("Runbook de {name}"),
            args: BTreeMap::new(),
        },
        url: row.runbook.clone()?,
    })
}

/// The number behind the alert, beside those of a day and of seven days ago.
fn beside_normal(
    row: Option<&Row>,
    facts: &Facts,
    metrics: &BTreeMap<String, f64>,
) -> Option<Note> {
    let unit = match row {
        Some(row) => row.key.as_ref()?.unit,
        None => Unit::Number,
    };
    facts.alert.as_ref()?;
    let [now, day, week] = KEY.map(|name| metrics.get(name).map(|value| shown(unit, *value)));
    let said = match (day, week) {
        (Some(day), Some(week)) => Message::new("alert-number-both")
            .with("day", day)
            .with("week", week),
        (Some(day), None) => Message::new("alert-number-day").with("day", day),
        (None, Some(week)) => Message::new("alert-number-week").with("week", week),
        (None, None) => Message::new("alert-number"),
    };
    let text = "{ $said }".to_owned();
    let source = row.and_then(|row| row.key.as_ref());
    let said = said.with("now", now?).with("what", what(source));
    let said = Arg::from(said);
    Some(Note {
        rule: Note::KEY.to_owned(),
        says: Wording {
            en: text.clone(),
            fr: text,
            args: BTreeMap::from([("said".to_owned(), said)]),
        },
    })
}

/// What the number is, as far as its expression tells: two that everybody knows, else the metrics it is made of.
fn what(key: Option<&Key>) -> Message {
    let Some(key) = key else {
        return Message::new("number-of-rule");
    };
    if key.source.contains("histogram_quantile(0.99") {
        return Message::new("number-p99");
    }
    if key.unit == Unit::Ratio && key.source.contains("=~\"5..\"") {
        return Message::new("number-errors");
    }
    let names: Vec<Message> = (metrics(&key.source).into_iter())
        .map(|name| Message::new("value").with("value", name))
        .collect();
    Message::new("number-of").with("metrics", names)
}

/// The text with the variables it uses; `None` when one of them is not known: a sentence with a hole
/// is not said.
fn said(text: &Wording, args: &BTreeMap<String, Arg>) -> Option<Wording> {
    let mut used = BTreeMap::new();
    for name in text.variables() {
        used.insert(name.to_owned(), args.get(name)?.clone());
    }
    Some(Wording {
        args: used,
        ..text.clone()
    })
}
