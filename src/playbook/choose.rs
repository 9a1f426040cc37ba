//! Which playbooks apply, and what they have to say of a case.

use std::collections::BTreeMap;

use super::facts::{Facts, Values};
use super::{Playbook, Playbooks, Query};
use crate::finding::{Advice, Kind, Note, RunbookLink, Symptom, Verdict};
use crate::text::{Arg, Wording};

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
                return Some(symptoms.len());
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
    let notes: Vec<Note> = holding
        .filter_map(|rule| {
            Some(Note {
                rule: rule.name.clone(),
                says: said(&rule.say, &args)?,
            })
        })
        .collect();
    let lost = facts.unsure || matches!(facts.verdict, Verdict::Unknown | Verdict::CouldNotLook);
    let next = playbook.next.iter().filter(|_| lost);
    let calm = matches!(
        facts.verdict,
        Verdict::Healthy | Verdict::Expected | Verdict::Recovered
    );
    let links = playbook.links.iter().filter(|_| !calm || !notes.is_empty());
    Advice {
        playbook: playbook.name.clone(),
        title: playbook.title.clone(),
        next: next.filter_map(|text| said(text, &args)).collect(),
        links: links
            .map(|(title, url)| RunbookLink {
                title: title.clone(),
                url: url.clone(),
            })
            .collect(),
        notes,
    }
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
