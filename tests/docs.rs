//! The documentation is in step with the code: a page for each cause, complete, and an index made from the catalogue.

use std::fs;
use std::path::{Path, PathBuf};

use vigie::finding::Cause;

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
