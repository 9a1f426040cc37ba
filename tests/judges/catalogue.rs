//! The catalogue and the fixtures in step, and every fixture judged.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use vigie::evaluation::{CaseFile, Expect, Root, case, load, load_all};
use vigie::finding::{Cause, Finding, Kind, Subject, Verdict};
use vigie::investigation::case::{Case, Facts};
use vigie::investigation::judge::judge;
use vigie::investigation::rank::conclude;

/// The folder of the causes' cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/causes")
}

/// `(name, case)` of every file there is: `oom-killed/sick`.
pub fn all() -> Vec<(String, CaseFile)> {
    let all = load_all(&folder()).unwrap_or_else(|error| panic!("{error}"));
    all.into_iter().map(|one| (one.name, one.file)).collect()
}

/// The facts of a case, for the judges.
pub fn facts(name: &str, file: &CaseFile) -> Case {
    case(file).unwrap_or_else(|why| panic!("{name}: {why}"))
}

fn expect_of(code: &str, kind: &str) -> Expect {
    let path = folder().join(code).join(format!("{kind}.yaml"));
    load(&path)
        .unwrap_or_else(|error| panic!("{error}"))
        .file
        .expect
}

fn codes() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[tokio::test]
async fn every_cause_has_a_sick_case_and_a_look_alike() {
    let catalogue: BTreeSet<String> = Cause::ALL.iter().map(|it| it.code().to_owned()).collect();
    assert_eq!(codes(), catalogue);
    for code in &catalogue {
        let sick = expect_of(code, "sick");
        assert_eq!(
            sick.cause.map(Cause::code),
            Some(code.as_str()),
            "{code}/sick"
        );
        assert!(sick.subject.is_some(), "{code}/sick names no subject");
        assert!(
            !sick.forbidden.iter().any(|it| it.code() == code),
            "{code}/sick"
        );
        let healthy = expect_of(code, "healthy");
        assert_ne!(
            healthy.cause.map(Cause::code),
            Some(code.as_str()),
            "{code}/healthy"
        );
    }
}

#[tokio::test]
async fn the_judges_find_the_cause_of_each_sick_case() {
    let mut wrong = Vec::new();
    for (name, fixture) in all() {
        let findings = judge(&Facts::of(&facts(&name, &fixture)));
        for root in fixture.expect.roots() {
            if !findings.iter().any(|it| is(it, &root)) {
                wrong.push(format!("{name}: {}", show(&findings)));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_judges_do_not_find_the_cause_in_its_look_alike() {
    let mut wrong = Vec::new();
    for (name, fixture) in all() {
        let findings = judge(&Facts::of(&facts(&name, &fixture)));
        let well = matches!(
            fixture.expect.verdict,
            Some(Verdict::Healthy | Verdict::Expected)
        );
        let own = |it: &&Finding| name == format!("{}/healthy", it.cause.code());
        if well && !findings.is_empty() || findings.iter().any(|it| own(&it)) {
            wrong.push(format!("{name}: {}", show(&findings)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_cause_of_each_case_is_its_root() {
    let mut wrong = Vec::new();
    for (name, fixture) in all() {
        let case = facts(&name, &fixture);
        let facts = Facts::of(&case);
        let findings = judge(&facts);
        let conclusion = conclude(&facts, &findings);
        let expect = &fixture.expect;
        let root = conclusion.root_causes.first().map(|root| &root.finding);
        let wanted = expect.roots();
        let right = if wanted.is_empty() {
            expect.verdict == Some(conclusion.verdict)
        } else {
            root.is_some_and(|it| wanted.iter().any(|root| is(it, root)))
        };
        let named = conclusion.root_causes.iter().map(|root| root.finding.cause);
        let forbidden = named.filter(|it| expect.forbidden.contains(it)).count();
        if !right || forbidden > 0 {
            let roots: Vec<Finding> = conclusion
                .root_causes
                .into_iter()
                .map(|it| it.finding)
                .collect();
            let verdict = conclusion.verdict;
            wrong.push(format!(
                "{name}: {verdict:?}, {}; of {}",
                show(&roots),
                show(&findings)
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn is(finding: &Finding, root: &Root) -> bool {
    let same = finding.subject.same_object(&subject(&root.subject));
    let container = root.container.is_none() || finding.subject.container == root.container;
    finding.cause == root.cause && same && container
}

/// `Kind/namespace/name`.
fn subject(text: &str) -> Subject {
    let mut parts = text.splitn(3, '/');
    let mut next = || {
        parts
            .next()
            .unwrap_or_else(|| panic!("{text}: not Kind/namespace/name"))
    };
    let (kind, namespace, name) = (next(), next(), next());
    let kind = Kind::parse(kind).unwrap_or_else(|| panic!("{text}: no such kind"));
    if namespace.is_empty() {
        Subject::cluster(kind, name)
    } else {
        Subject::new(kind, namespace, name)
    }
}

/// The findings, for a message.
pub fn show(findings: &[Finding]) -> String {
    let one = |it: &Finding| {
        format!(
            "{} on {} ({:.2})",
            it.cause.code(),
            it.subject.label(),
            it.strength
        )
    };
    let all: Vec<String> = findings.iter().map(one).collect();
    if all.is_empty() {
        "nothing".into()
    } else {
        all.join("; ")
    }
}
