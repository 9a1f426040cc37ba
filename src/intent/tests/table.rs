//! The tables of phrasings, read and checked.

use super::world::{candidates, vocabulary};
use crate::finding::Symptom;
use crate::intent::{
    Ask, Candidate, Change, Danger, Period, Resolution, Scope, Talk, Until, Want, parse, resolve,
};

const FRENCH: &str = include_str!("phrasings_fr.txt");
const ENGLISH: &str = include_str!("phrasings_en.txt");

/// `(text, expectation)` pairs: an expectation is indented and belongs to the lines above it.
pub(super) fn cases(table: &str) -> Vec<(String, String)> {
    let mut cases = Vec::new();
    let mut text: Vec<&str> = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            Some(expected) => {
                cases.push((text.join("\n"), expected.to_owned()));
                text.clear();
            }
            None => text.push(line),
        }
    }
    assert!(text.is_empty(), "no expectation for {text:?}");
    cases
}

/// An ask in the words of the table, without its object.
fn described(ask: &Ask) -> String {
    let mut words = vec![ask.language.code().to_owned(), want(&ask.want)];
    if !ask.symptoms.is_empty() {
        let codes: Vec<&str> = ask.symptoms.iter().copied().map(Symptom::code).collect();
        words.push(codes.join(","));
    }
    words.extend(ask.environment.iter().map(|name| format!("@{name}")));
    words.extend(ask.namespace.iter().map(|name| format!("ns={name}")));
    words.extend(ask.danger.map(|danger| {
        let name = match danger {
            Danger::DataLoss => "data-loss",
            Danger::Security => "security",
            Danger::Irreversible => "irreversible",
        };
        format!("danger={name}")
    }));
    words.join(" ")
}

pub(super) fn want(want: &Want) -> String {
    match want {
        Want::Problem => "problem",
        Want::Status => "status",
        Want::Logs => "logs",
        Want::Version => "version",
        Want::Changes { period } => {
            return match period {
                Period::Today => "changes".to_owned(),
                Period::Yesterday => "changes:yesterday".to_owned(),
                Period::Week => "changes:week".to_owned(),
                Period::Seconds(seconds) => format!("changes:{seconds}"),
            };
        }
        Want::Usage => "usage",
        Want::Sizing => "sizing",
        Want::Review => "review",
        Want::Dashboard => "dashboard",
        Want::Help => "help",
        Want::TestPage => "test-page",
        Want::Maintenance { seconds: Some(n) } => return format!("maintenance:{n}"),
        Want::Silence { seconds: Some(n) } => return format!("silence:{n}"),
        Want::Silence { seconds: None } => "silence",
        Want::Maintenance { seconds: None } => "maintenance",
        Want::MaintenanceOver => "maintenance-over",
        Want::MaintenanceLater { seconds: Some(n) } => return format!("maintenance-later:{n}"),
        Want::MaintenanceLater { seconds: None } => "maintenance-later",
        Want::OnCall => "on-call",
        Want::Acknowledge => "acknowledge",
        Want::Resolve => "resolve",
        Want::Escalate => "escalate",
        Want::RunAgain => "run-again",
        Want::WrongAnswer => "wrong-answer",
        Want::Absence { until, .. } => {
            return match until {
                Some(Until::Date { day, month, .. }) => format!("absence:{day}/{month}"),
                Some(Until::Weekday(0)) => "absence:mon".to_owned(),
                other => format!("absence:{other:?}"),
            };
        }
        Want::AbsenceOver { .. } => "absence-over",
        Want::Act { change } => match change {
            Change::Restart => "act:restart",
            Change::Rollback => "act:rollback",
            Change::Scale => "act:scale",
            Change::Deploy => "act:deploy",
            Change::Delete => "act:delete",
        },
        Want::Talk { about: Talk::Hello } => "hello",
        Want::Talk {
            about: Talk::Thanks,
        } => "thanks",
        Want::Talk { about: Talk::Term } => "term",
        Want::Nothing => "nothing",
    }
    .to_owned()
}

fn resolved(ask: &Ask, candidates: &[Candidate]) -> String {
    let label = |n: &usize| {
        let one = &candidates[*n];
        let namespace = if one.namespace.is_empty() {
            String::new()
        } else {
            format!("{}/", one.namespace)
        };
        format!("{namespace}{}", one.name)
    };
    let labels = |all: &[usize]| all.iter().map(label).collect::<Vec<_>>().join(" ");
    match resolve(
        ask.object.as_ref(),
        candidates,
        &Scope::of(ask, &vocabulary()),
    ) {
        Resolution::One(n) => label(&n),
        Resolution::Ambiguous(all) => format!("ask {}", labels(&all)),
        Resolution::NotFound { nearest } => {
            assert!(nearest.len() <= 3);
            "not-found".to_owned()
        }
        Resolution::Wide => "wide".to_owned(),
    }
}

/// Checks every case and reports all failures at once.
fn check(table: &str) -> usize {
    let (candidates, vocabulary) = (candidates(), vocabulary());
    let cases = cases(table);
    let mut wrong = Vec::new();
    for (text, expected) in &cases {
        let (said, object) = expected.split_once(" => ").unwrap();
        let ask = parse(text, &vocabulary, None);
        let found = resolved(&ask, &candidates);
        let object_fits = object == "-" || object == found;
        if described(&ask) != said || !object_fits {
            wrong.push(format!(
                "{text}\n    expected {expected}\n    got      {} => {found}   {:?}",
                described(&ask),
                ask.object
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    cases.len()
}

#[test]
fn french_phrasings_are_understood() {
    assert!(check(FRENCH) >= 100);
}

#[test]
fn english_phrasings_are_understood() {
    assert!(check(ENGLISH) >= 100);
}
