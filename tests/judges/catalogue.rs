//! The catalogue and the fixtures in step, and every fixture judged.

use std::collections::BTreeSet;
use std::fs;

use vigie::finding::{Cause, Finding, Verdict};
use vigie::investigation::judge::judge;
use vigie::investigation::rank::conclude;

use super::case::case;
use super::fixture::{Expect, Fixture, folder, load, subject};

/// `(code, kind, fixture)` of every file there is.
pub fn all() -> Vec<(String, String, Fixture)> {
    let mut all = Vec::new();
    for code in codes() {
        let mut kinds: Vec<String> = fs::read_dir(folder().join(&code))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        kinds.sort();
        for kind in kinds {
            let fixture = load(&code, &kind);
            all.push((code.clone(), kind, fixture));
        }
    }
    all
}

fn codes() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    let names = entries
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name != "worlds").collect()
}

#[test]
fn every_cause_has_a_sick_case_and_a_look_alike() {
    let catalogue: BTreeSet<String> = Cause::ALL.iter().map(|it| it.code().to_owned()).collect();
    assert_eq!(codes(), catalogue);
    for code in &catalogue {
        let sick = load(code, "sick").expect;
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
        let healthy = load(code, "healthy").expect;
        assert_ne!(
            healthy.cause.map(Cause::code),
            Some(code.as_str()),
            "{code}/healthy"
        );
    }
}

#[test]
fn the_judges_find_the_cause_of_each_sick_case() {
    let mut wrong = Vec::new();
    for (code, kind, fixture) in all() {
        let Some(cause) = fixture.expect.cause else {
            continue;
        };
        let findings = judge(&case(&fixture));
        if !findings
            .iter()
            .any(|it| it.cause == cause && is_about(it, &fixture.expect))
        {
            wrong.push(format!("{code}/{kind}: {}", show(&findings)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_judges_do_not_find_the_cause_in_its_look_alike() {
    let mut wrong = Vec::new();
    for (code, kind, fixture) in all() {
        let findings = judge(&case(&fixture));
        let well = matches!(
            fixture.expect.verdict,
            Some(Verdict::Healthy | Verdict::Expected)
        );
        let own = |it: &&Finding| kind == "healthy" && it.cause.code() == code;
        if well && !findings.is_empty() || findings.iter().any(|it| own(&it)) {
            wrong.push(format!("{code}/{kind}: {}", show(&findings)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_cause_of_each_case_is_its_root() {
    let mut wrong = Vec::new();
    for (code, kind, fixture) in all() {
        let case = case(&fixture);
        let findings = judge(&case);
        let conclusion = conclude(&case, &findings);
        let expect = &fixture.expect;
        let root = conclusion.root_causes.first().map(|root| &root.finding);
        let right = match expect.cause {
            Some(wanted) => root.is_some_and(|it| it.cause == wanted && is_about(it, expect)),
            None => expect.verdict == Some(conclusion.verdict),
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
                "{code}/{kind}: {verdict:?}, {}; of {}",
                show(&roots),
                show(&findings)
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn is_about(finding: &Finding, expect: &Expect) -> bool {
    let same = expect
        .subject
        .as_deref()
        .is_none_or(|wanted| finding.subject.same_object(&subject(wanted)));
    same && (expect.container.is_none() || finding.subject.container == expect.container)
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
