//! What came out against what should have.

use super::file::{Expect, Root, subject};
use super::replay::Replayed;
use crate::finding::{Cause, Diagnosis, RootCause, Verdict};

/// How one case went.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "five questions, five answers"
)]
pub struct Score {
    /// The first answer is right: an expected root, or the expected verdict where none is.
    pub first: bool,
    /// An expected root is among the first three (or as `first`).
    pub in_three: bool,
    /// Every expected root is named.
    pub complete: bool,
    /// Something is named that must not be: a forbidden cause, a spared subject, any cause where all is well.
    pub false_alarm: bool,
    /// Whether a root was expected at all.
    pub sick: bool,
    /// Confidence of the first answer, where it named a root.
    pub confidence: Option<f64>,
    /// What was answered, in one line.
    pub answer: String,
}

impl Score {
    /// Right in every way.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.first && self.complete && !self.false_alarm
    }
}

/// Scores an answer.
#[must_use]
pub fn score(expect: &Expect, replayed: &Replayed) -> Score {
    if !expect.says.is_empty() {
        return plain(expect, replayed.plain.as_deref().unwrap_or("a diagnosis"));
    }
    let wanted = expect.roots();
    let Some(diagnosis) = &replayed.diagnosis else {
        let names: Vec<String> = replayed
            .candidates
            .iter()
            .map(crate::finding::Subject::label)
            .collect();
        return Score {
            first: false,
            in_three: false,
            complete: false,
            false_alarm: false,
            sick: !wanted.is_empty(),
            confidence: None,
            answer: format!("asked which: {}", names.join(", ")),
        };
    };
    let roots = &diagnosis.root_causes;
    let is_wanted = |root: &RootCause| wanted.iter().any(|want| names(root, want));
    let verdict = expect.verdict.unwrap_or(Verdict::CauseFound);
    let well = wanted.is_empty();
    let first = if well {
        diagnosis.verdict == verdict
    } else {
        roots.first().is_some_and(is_wanted)
    };
    Score {
        first,
        in_three: if well {
            first
        } else {
            roots.iter().take(3).any(is_wanted)
        },
        complete: wanted
            .iter()
            .all(|want| roots.iter().any(|root| names(root, want))),
        false_alarm: roots.iter().any(|root| is_forbidden(expect, root))
            || (well && verdict != Verdict::CauseFound && !roots.is_empty()),
        sick: !well,
        confidence: roots.first().map(|root| root.confidence),
        answer: answer(diagnosis),
    }
}

/// A plain answer is right when it says everything it must, and nothing it must not.
fn plain(expect: &Expect, answer: &str) -> Score {
    let right = expect.says.iter().all(|words| answer.contains(words));
    Score {
        first: right,
        in_three: right,
        complete: right,
        false_alarm: expect.omits.iter().any(|words| answer.contains(words)),
        sick: false,
        confidence: None,
        answer: answer.to_owned(),
    }
}

fn names(root: &RootCause, want: &Root) -> bool {
    let finding = &root.finding;
    let same = subject(&want.subject).is_none_or(|wanted| finding.subject.same_object(&wanted));
    finding.cause == want.cause
        && same
        && (want.container.is_none() || finding.subject.container == want.container)
}

fn is_forbidden(expect: &Expect, root: &RootCause) -> bool {
    let cause: Cause = root.finding.cause;
    let spared = expect.spared.iter().filter_map(|text| subject(text));
    expect.forbidden.contains(&cause)
        || spared
            .into_iter()
            .any(|one| one.same_object(&root.finding.subject))
}

fn answer(diagnosis: &Diagnosis) -> String {
    let one = |root: &RootCause| {
        let finding = &root.finding;
        format!(
            "{} on {} ({:.2})",
            finding.cause.code(),
            finding.subject.label(),
            root.confidence
        )
    };
    let roots: Vec<String> = diagnosis.root_causes.iter().map(one).collect();
    if roots.is_empty() {
        format!("{:?}", diagnosis.verdict)
    } else {
        roots.join("; ")
    }
}
