//! Who suffers, and how much: what puts the answers to a wide question in order. Certainty alone would name an
//! image that cannot be pulled beside two replicas that serve before a database with none.

use std::collections::BTreeMap;

use super::super::case::Facts;
use crate::finding::{Kind, Subject};

/// A workload that wants replicas and has none ready.
const DOWN: f64 = 1.0;
/// One that lacks some.
const SHORT: f64 = 0.85;
/// Nobody lacks anything (yet).
const NOBODY: f64 = 0.7;

/// The workloads that lack ready replicas.
#[derive(Default)]
pub(super) struct Harm {
    /// By workload: whether all of its replicas are gone.
    short: BTreeMap<Subject, bool>,
    known: bool,
}

impl Harm {
    /// Of every workload that was read with its pods.
    pub(super) fn of(case: &Facts<'_>) -> Self {
        let lacking = case.workloads().iter().filter(|workload| {
            let known = case
                .pods
                .knows_selected(workload.namespace(), workload.labels());
            let lasting = !matches!(workload.subject.kind, Kind::Job | Kind::CronJob);
            known && lasting && workload.ready() < workload.wanted()
        });
        Self {
            short: lacking
                .map(|workload| (workload.subject.clone(), workload.ready() == 0))
                .collect(),
            known: true,
        }
    }

    /// By how much a finding counts when these suffer from it.
    pub(super) fn factor(&self, suffering: &[&Subject]) -> f64 {
        if !self.known {
            return 1.0;
        }
        let of = |subject: &&Subject| {
            let all = self.short.iter();
            all.filter(|(short, _)| short.same_object(subject))
                .map(|(_, down)| if *down { DOWN } else { SHORT })
                .fold(NOBODY, f64::max)
        };
        suffering.iter().map(of).fold(NOBODY, f64::max)
    }
}
