//! Answers about more than the one object that a question names: several that it may mean, and everything around
//! a name that nobody bears.

use super::found::Found;
use super::{Outcome, without_ready_replica};
use crate::finding::{Diagnosis, Subject, Verdict};
use crate::intent::{Candidate, Phrase, Stress};
use crate::investigation::case::{Case, Scope};
use crate::investigation::gather::Reader;
use crate::text::{Arg, Message};

/// What is told of what nobody asked about is at least this likely.
pub(super) const LIKELY: f64 = 0.6;

impl Found<'_> {
    /// The words of the question are the name of nothing, and may be none: what is wrong around is told with that
    /// said first. Where nothing is, the name is what the answer is about.
    pub(super) fn instead(&self, reader: &Reader, case: &Case, nearest: &[Candidate]) -> Outcome {
        let mut diagnosis = self.concluded(reader, case);
        if diagnosis.root_causes.is_empty() {
            return self.not_found(reader, nearest);
        }
        diagnosis.headline = Message::new("headline-instead")
            .with("name", self.asked())
            .with("summary", diagnosis.headline);
        Outcome::Diagnosed(Box::new(diagnosis), without_ready_replica(case))
    }

    /// Whether an object that is well may not be the one that is meant: nobody wrote its name, and something is said
    /// to be wrong.
    pub(super) fn may_mean_another(&self, own: &Diagnosis) -> bool {
        let ask = &self.question.ask;
        let main = ask.object.as_ref().and_then(|it| it.phrases.first());
        let name = own.target.name.as_deref().unwrap_or_default();
        // "Catalogue" for `catalog-service` is its name; "paniers" for `cart` is a translation.
        let part = |word: &str| {
            let mut parts = name.split('-');
            parts.any(|part| part.starts_with(word) || word.starts_with(part))
        };
        let written = |it: &Phrase| it.words.iter().any(|word| part(word));
        let loose = main.is_some_and(|it| it.stress != Stress::Named && !written(it));
        let chosen = self.question.chosen.is_some() || self.question.alert.is_some();
        own.verdict == Verdict::Healthy && loose && !chosen && !ask.symptoms.is_empty()
    }

    /// What is surely wrong around an object that is well.
    pub(super) fn around(&self, reader: &Reader, case: &Case, own: &Diagnosis) -> Option<Outcome> {
        let mut diagnosis = self.concluded(reader, case);
        let sure = diagnosis.root_causes.first()?.confidence >= LIKELY;
        if !sure {
            return None;
        }
        diagnosis.headline = Message::new("headline-around")
            .with("name", own.target.name.clone().unwrap_or_default())
            .with("summary", diagnosis.headline);
        Some(Outcome::Diagnosed(
            Box::new(diagnosis),
            without_ready_replica(case),
        ))
    }

    /// The answer about several objects: the causes of all of them, best first; the worst verdict where there are none.
    pub(super) fn of_several(
        &self,
        reader: &Reader,
        case: &mut Case,
        subjects: &[Subject],
    ) -> Outcome {
        let mut each: Vec<Diagnosis> = Vec::new();
        for subject in subjects {
            case.scope = Scope::Object(subject.clone());
            each.push(self.concluded(reader, case));
        }
        each.sort_by(|a, b| {
            best(b)
                .total_cmp(&best(a))
                .then(gravity(b).cmp(&gravity(a)))
        });
        let mut all = each.into_iter();
        let Some(mut first) = all.next() else {
            return self.not_found(reader, &[]);
        };
        for other in all {
            merge(&mut first, other);
        }
        let unmeasured = first.headline.id == "headline-unmeasured";
        if first.verdict == Verdict::Healthy && !unmeasured {
            let names: Vec<&str> = subjects
                .iter()
                .map(|subject| subject.name.as_str())
                .collect();
            let checks = first.ruled_out.len();
            first.headline = Message::new("headline-several-healthy")
                .with("targets", Arg::from(names))
                .with("checks", checks);
        }
        Outcome::Diagnosed(Box::new(first), without_ready_replica(case))
    }
}

/// Confidence of the best root; nothing found is less than any.
fn best(diagnosis: &Diagnosis) -> f64 {
    let roots = diagnosis.root_causes.first();
    roots.map_or(-1.0, |root| root.confidence)
}

/// How bad a verdict is, where no cause was found.
fn gravity(diagnosis: &Diagnosis) -> u8 {
    match diagnosis.verdict {
        Verdict::CauseFound => 5,
        Verdict::Unknown => 4,
        Verdict::CouldNotLook => 3,
        Verdict::Recovered => 2,
        Verdict::Expected => 1,
        Verdict::Healthy | Verdict::TargetNotFound => 0,
    }
}

/// Adds what another diagnosis found to the one that leads.
fn merge(first: &mut Diagnosis, mut other: Diagnosis) {
    let (changes, checks) = (
        std::mem::take(&mut other.changes),
        std::mem::take(&mut other.ruled_out),
    );
    add_causes(first, other);
    first.changes.extend(changes);
    for check in checks {
        if !first.ruled_out.contains(&check) {
            first.ruled_out.push(check);
        }
    }
}

/// Adds the causes of another diagnosis, and what they follow from.
pub(super) fn add_causes(first: &mut Diagnosis, other: Diagnosis) {
    for root in other.root_causes {
        let known = first.root_causes.iter().any(|known| {
            known.finding.cause == root.finding.cause
                && known.finding.subject == root.finding.subject
        });
        if !known {
            first.root_causes.push(root);
        }
    }
    for finding in other.findings {
        if !first.findings.contains(&finding) {
            first.findings.push(finding);
        }
    }
}
