//! Both languages say the same things, the code says nothing else, and nothing is left unsaid.

#![expect(clippy::unwrap_used, reason = "a panic in a test is the report")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

const LOCALES: &str = "src/post/locales";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|ext| ext == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every message of a language: its file and the variables it uses.
fn messages(language: &str) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let id = Regex::new(r"^([a-z][a-z0-9-]*) =").unwrap();
    let variable = Regex::new(r"\$([a-z][a-z0-9-]*)").unwrap();
    let mut all = BTreeMap::new();
    for path in files(&root().join(LOCALES).join(language), "ftl") {
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut current = None;
        for line in fs::read_to_string(&path).unwrap().lines() {
            if line.starts_with('#') {
                continue;
            }
            if let Some(found) = id.captures(line) {
                let old = all.insert(found[1].to_owned(), (file.clone(), BTreeSet::new()));
                assert_eq!(
                    old, None,
                    "{language}/{file}: `{}` is there twice",
                    &found[1]
                );
                current = Some(found[1].to_owned());
            }
            if let Some(message) = &current {
                let used = variable.captures_iter(line).map(|name| name[1].to_owned());
                all.get_mut(message).unwrap().1.extend(used);
            }
        }
    }
    all
}

fn sources() -> String {
    let code = files(&root().join("src"), "rs");
    code.iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_variables() {
    assert_eq!(messages("en"), messages("fr"));
}

#[test]
fn every_locale_file_is_well_formed_and_compiled_in() {
    let list = fs::read_to_string(root().join("src/post/locales.rs")).unwrap();
    for language in ["en", "fr"] {
        for path in files(&root().join(LOCALES).join(language), "ftl") {
            let text = fs::read_to_string(&path).unwrap();
            let parsed = fluent_bundle::FluentResource::try_new(text);
            assert!(
                parsed.is_ok(),
                "{}: {:?}",
                path.display(),
                parsed.err().map(|(_, errors)| errors)
            );
            let name = path.file_stem().unwrap().to_str().unwrap();
            let listed = list.matches(&format!("\"{name}\"")).count();
            assert_eq!(listed, 2, "`{name}` is in both lists of locales.rs");
        }
    }
}

#[test]
fn every_message_the_code_says_exists() {
    let known = messages("en");
    let said = Regex::new(r#"(?:Message::new|\bmsg!)\(\s*"([a-z0-9-]+)""#).unwrap();
    let missing: BTreeSet<String> = sources_without_tests()
        .iter()
        .flat_map(|code| {
            said.captures_iter(code)
                .map(|id| id[1].to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|id| !known.contains_key(id))
        .collect();
    assert_eq!(missing, BTreeSet::new(), "ids without a sentence");
}

/// Tests may invent ids.
fn sources_without_tests() -> Vec<String> {
    let is_test = |path: &Path| {
        path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests")
    };
    let code = files(&root().join("src"), "rs");
    code.iter()
        .filter(|path| !is_test(path))
        .map(|path| fs::read_to_string(path).unwrap())
        .map(|code| {
            code.split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

#[test]
fn no_message_is_left_unsaid() {
    let code = sources();
    let unsaid: Vec<String> = messages("en")
        .into_keys()
        .filter(|id| !code.contains(&format!("\"{id}\"")))
        .collect();
    assert_eq!(unsaid, Vec::<String>::new(), "sentences that nothing says");
}
