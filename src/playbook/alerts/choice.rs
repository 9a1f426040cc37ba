//! Which row and playbook an alert is: by exact name, alias, likeness of the name, labels of a family, the
//! metrics of its rule, pattern, labels, and the playbook for unknown alerts last.

use std::collections::BTreeMap;

use super::{Escalation, Row, matches, plain};
use crate::alert::{About, Alert, RuleExpr, Way, about, guess, guesses};
use crate::finding::Symptom;
use crate::playbook::{Playbook, Playbooks};

/// The playbook for what no other one knows.
pub const UNKNOWN: &str = "unknown-alert";
/// Longest value of a label that is used; longer ones name nothing.
const MAX_VALUE: usize = 300;

/// How an alert was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By its name.
    Name,
    /// By another name of the row.
    Alias,
    /// By a name that differs in prefix, case or separators.
    Likeness,
    /// By the labels of a family.
    Family,
    /// By the metrics of its rule.
    Metrics,
    /// By a pattern of names.
    Pattern,
    /// By its labels.
    Labels,
    /// Not at all.
    Unknown,
}

/// What an alert is.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// Its playbook.
    pub playbook: &'a Playbook,
    /// Its row, where one says what it is.
    pub row: Option<&'a Row>,
    /// How it was recognised.
    pub how: How,
}

impl Choice<'_> {
    /// Whether the row was written for this very alert, so that its labels are those of the row.
    fn is_exact(&self) -> bool {
        matches!(self.how, How::Name | How::Alias | How::Likeness)
    }

    /// The ways to its subject.
    fn ways(&self) -> Vec<Way> {
        match self.row {
            Some(row) => row.about.clone(),
            None => guesses(),
        }
    }

    /// What it is about.
    #[must_use]
    pub fn about(&self, alert: &Alert) -> About {
        match self.row {
            Some(row) if self.is_exact() => about(alert, &row.about),
            _ => guess(alert, &self.ways()),
        }
    }

    /// The labels that may be trusted, with their values.
    #[must_use]
    pub fn trusted(&self, alert: &Alert) -> BTreeMap<String, String> {
        let ways = self.ways();
        let ways = ways
            .iter()
            .filter(|way| self.is_exact() || !way.is_foreign(alert));
        let mut names: Vec<&str> = ways.flat_map(Way::labels).collect();
        names.extend(
            self.row
                .iter()
                .flat_map(|row| row.labels.iter().map(String::as_str)),
        );
        names.extend(
            self.row
                .iter()
                .flat_map(|row| row.with.iter().map(String::as_str)),
        );
        let value = |name: &str| alert.label(name).filter(|value| value.len() <= MAX_VALUE);
        let known = names.into_iter();
        known
            .filter_map(|name| Some((name.to_owned(), value(name)?.to_owned())))
            .collect()
    }

    /// What a person would have said.
    #[must_use]
    pub fn symptoms(&self) -> &[Symptom] {
        self.row.map_or(&[], |row| &row.symptoms)
    }

    /// How its incident is escalated.
    #[must_use]
    pub fn escalation(&self) -> Escalation {
        self.row.map_or(Escalation::ByPolicy, |row| row.escalation)
    }
}

impl Playbooks {
    /// The playbook and the row of an alert; `rule` is its rule as the configured Prometheus tells it. A
    /// team's own rows go before the built-in ones. `None` only without the built-in playbooks.
    #[must_use]
    pub fn for_alert(&self, alert: &Alert, rule: Option<&RuleExpr>) -> Option<Choice<'_>> {
        let name = alert.name.raw();
        let by_name = self
            .row_where(How::Name, |row| row.name == name)
            .or_else(|| self.row_where(How::Alias, |row| row.aliases.iter().any(|one| one == name)))
            .or_else(|| self.alike(name));
        by_name
            .or_else(|| self.row_where(How::Family, |row| is_family(row, alert)))
            .or_else(|| self.by_metrics(rule?))
            .or_else(|| self.row_where(How::Pattern, |row| fits_pattern(row, name)))
            .or_else(|| self.by_labels(alert))
            .or_else(|| Some(whole(self.get(UNKNOWN)?, How::Unknown)))
    }

    /// The row of that name and its playbook.
    #[must_use]
    pub fn row(&self, name: &str) -> Option<Choice<'_>> {
        self.row_where(How::Name, |row| row.name == name)
    }

    fn own_first(&self) -> impl Iterator<Item = &Playbook> {
        let own = self.iter().filter(|playbook| !playbook.built_in);
        own.chain(self.iter().filter(|playbook| playbook.built_in))
    }

    fn row_where(&self, how: How, fits: impl Fn(&Row) -> bool) -> Option<Choice<'_>> {
        self.own_first().find_map(|playbook| {
            let row = playbook.alerts.iter().find(|row| fits(row))?;
            Some(Choice {
                playbook,
                row: Some(row),
                how,
            })
        })
    }

    fn alike(&self, name: &str) -> Option<Choice<'_>> {
        let name = plain(name);
        let alike = |row: &Row| {
            let mut names = std::iter::once(&row.name).chain(&row.aliases);
            names.any(|one| !one.contains('*') && plain(one) == name)
        };
        (!name.is_empty()).then_some(())?;
        self.row_where(How::Likeness, alike)
    }

    /// The playbook whose patterns fit the rule's metrics closest, and in it the row that uses most of them.
    fn by_metrics(&self, rule: &RuleExpr) -> Option<Choice<'_>> {
        let used = rule.metrics();
        let closeness = |playbook: &Playbook| {
            let patterns = playbook.metrics.iter();
            let fitting = patterns.filter(|pattern| used.iter().any(|one| matches(pattern, one)));
            fitting.map(String::len).max()
        };
        let mut best: Option<(usize, &Playbook)> = None;
        for playbook in self.own_first() {
            let close = closeness(playbook);
            if let Some(close) = close.filter(|close| best.is_none_or(|(most, _)| *close > most)) {
                best = Some((close, playbook));
            }
        }
        let (_, playbook) = best?;
        let shared = |row: &Row| row.metrics().intersection(&used).count();
        let mut row: Option<(usize, &Row)> = None;
        for one in &playbook.alerts {
            let count = shared(one);
            if count > row.map_or(0, |(most, _)| most) {
                row = Some((count, one));
            }
        }
        Some(Choice {
            playbook,
            row: row.map(|(_, row)| row),
            how: How::Metrics,
        })
    }

    /// The playbook for what the alert is about, going by its labels alone.
    fn by_labels(&self, alert: &Alert) -> Option<Choice<'_>> {
        let leads = |way: &Way| !way.is_foreign(alert) && about_one(alert, way).is_some();
        let ways = guesses();
        let ways = ways.iter().filter(|way| leads(way));
        let labels: Vec<&str> = ways
            .filter_map(|way| way.labels().last().copied())
            .collect();
        labels.into_iter().find_map(|label| {
            let mut all = self.own_first();
            let playbook = all.find(|one| one.labels.iter().any(|known| known == label))?;
            Some(whole(playbook, How::Labels))
        })
    }
}

/// A playbook none of whose rows it is.
fn whole(playbook: &Playbook, how: How) -> Choice<'_> {
    let row = None;
    Choice { playbook, row, how }
}

fn about_one(alert: &Alert, way: &Way) -> Option<About> {
    let found = about(alert, std::slice::from_ref(way));
    (found != About::Cluster).then_some(found)
}

/// Whether the alert has every label of a family.
fn is_family(row: &Row, alert: &Alert) -> bool {
    !row.with.is_empty() && row.with.iter().all(|label| alert.label(label).is_some())
}

fn fits_pattern(row: &Row, name: &str) -> bool {
    let mut patterns = row.aliases.iter().filter(|one| one.contains('*'));
    patterns.any(|pattern| matches(pattern, name))
}
