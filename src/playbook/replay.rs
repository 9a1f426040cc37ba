//! Replays a playbook's fixtures: a small case each, the notes it must give and those it must not. A
//! rule counts as tested once a fixture fires it and another keeps it quiet.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::choose::advise;
use super::{Facts, Playbook, Source, Values};

/// One fixture: `tests/<playbook>/<what>.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    /// The case.
    case: Facts,
    /// The numbers of the playbook's queries; one that is left out has no data.
    #[serde(default)]
    metrics: BTreeMap<String, f64>,
    /// Rules that must give their note.
    #[serde(default)]
    notes: Vec<String>,
    /// Rules that must stay quiet.
    #[serde(default)]
    quiet: Vec<String>,
}

/// What came of replaying the fixtures of one playbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Fixtures that were replayed.
    pub fixtures: usize,
    /// What went wrong, one line each; empty: everything passed.
    pub failures: Vec<String>,
}

/// Replays the fixtures of one playbook.
#[must_use]
pub fn replay(playbook: &Playbook, fixtures: &[Source]) -> Replayed {
    let mut done = Replayed::default();
    let (mut fired, mut kept_quiet) = (BTreeSet::new(), BTreeSet::new());
    for source in fixtures {
        done.fixtures += 1;
        let fixture: Fixture = match serde_saphyr::from_str(&source.text) {
            Ok(fixture) => fixture,
            Err(error) => {
                let why = super::load::first_line(error.without_snippet());
                done.failures.push(format!("{}: {why}", source.file));
                continue;
            }
        };
        for line in one(playbook, &fixture) {
            done.failures.push(format!("{}: {line}", source.file));
        }
        fired.extend(fixture.notes);
        kept_quiet.extend(fixture.quiet);
    }
    for rule in &playbook.rules {
        for (seen, what) in [(&fired, "fires"), (&kept_quiet, "keeps quiet")] {
            if !seen.contains(&rule.name) {
                let line = format!(
                    "{}: no fixture {what} the rule {}",
                    playbook.name, rule.name
                );
                done.failures.push(line);
            }
        }
    }
    done
}

fn one(playbook: &Playbook, fixture: &Fixture) -> Vec<String> {
    let mut failures = Vec::new();
    let rules: Vec<&str> = playbook
        .rules
        .iter()
        .map(|rule| rule.name.as_str())
        .collect();
    let queries: Vec<&str> = playbook
        .queries
        .iter()
        .map(|query| query.name.as_str())
        .collect();
    for name in fixture.notes.iter().chain(&fixture.quiet) {
        if !rules.contains(&name.as_str()) {
            failures.push(format!("there is no rule {name}"));
        }
    }
    for name in fixture.metrics.keys() {
        if !queries.contains(&name.as_str()) && !super::KEY.contains(&name.as_str()) {
            failures.push(format!("there is no query {name}"));
        }
    }
    let values = Values::from([(playbook.name.clone(), fixture.metrics.clone())]);
    let advice = advise(&[playbook], &fixture.case, &values);
    let said: Vec<&str> = advice
        .iter()
        .flat_map(|advice| advice.notes.iter().map(|note| note.rule.as_str()))
        // These are no rules.
        .filter(|rule| !["key", "harmless"].contains(rule))
        .collect();
    for name in fixture
        .notes
        .iter()
        .filter(|name| !said.contains(&name.as_str()))
    {
        failures.push(format!("{name} should have given its note"));
    }
    for name in fixture
        .quiet
        .iter()
        .filter(|name| said.contains(&name.as_str()))
    {
        failures.push(format!("{name} should have stayed quiet"));
    }
    for name in said
        .iter()
        .filter(|name| !fixture.notes.iter().any(|one| one == *name))
    {
        if !fixture.quiet.iter().any(|one| one == name) {
            failures.push(format!("{name} gave a note that the fixture does not name"));
        }
    }
    failures
}
