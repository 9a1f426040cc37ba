//! The documentation is in step with the code: a page for each cause, complete, and an index made from the catalogue;
//! a page for each alert, made from the playbooks.

mod alerts;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use vigie::finding::{Cause, Family};

/// What every page answers.
const SECTIONS: [&str; 4] = ["Symptom", "Evidence", "Confirm by hand", "Fix"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/causes")
}

#[test]
fn every_cause_has_a_complete_page() {
    let mut wrong = Vec::new();
    for cause in Cause::ALL {
        let (code, page) = (cause.code(), cause.page());
        let opening = format!("# {code}\n\n{}\n\n", cause.about());
        if !page.starts_with(&opening) {
            wrong.push(format!("{code}: does not open with {opening:?}"));
        }
        for section in SECTIONS {
            let body = page.split(&format!("## {section}\n")).nth(1);
            let body = body.and_then(|rest| rest.split("\n## ").next());
            if body.is_none_or(|body| body.trim().len() < 40) {
                wrong.push(format!("{code}: says nothing under {section}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_page_is_left_over() {
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let known = stem == "README" || Cause::ALL.iter().any(|cause| cause.code() == stem);
        assert!(known, "{}", path.display());
    }
}

/// The index: every cause under its family, with its page.
fn index() -> String {
    let mut text = String::from(
        "# Causes\n\nWhat vigie can name as a root cause. Made from the catalogue in the code \
         (`VIGIE_UPDATE_DOCS=1 cargo test --test it docs`); `vigie causes CODE` prints a page.\n",
    );
    for family in Family::ALL {
        let title = family.title();
        let _ = write!(text, "\n## {title}\n\n| cause | meaning |\n| --- | --- |\n");
        for cause in Cause::ALL.iter().filter(|cause| cause.family() == family) {
            let (code, about) = (cause.code(), cause.about());
            let _ = writeln!(text, "| [{code}]({code}.md) | {about} |");
        }
    }
    text
}

#[test]
fn the_index_is_made_from_the_catalogue() {
    let path = folder().join("README.md");
    if std::env::var_os("VIGIE_UPDATE_DOCS").is_some() {
        fs::write(&path, index()).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(there, index(), "run with VIGIE_UPDATE_DOCS=1");
}
