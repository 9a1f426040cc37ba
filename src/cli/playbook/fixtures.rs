//! Where the fixtures of `vigie playbook test` come from: `tests/<playbook>/*.yaml` beside the playbooks.

use std::path::{Path, PathBuf};

use crate::config::{ConfigError, playbook_files};
use crate::playbook::{BUILT_IN_FIXTURES, Playbook, Source};

/// Fixtures of a built-in playbook.
pub(super) fn built_in(name: &str) -> Vec<Source> {
    let folder = format!("tests/{name}/");
    let own = BUILT_IN_FIXTURES.iter();
    own.filter(|(file, _)| file.starts_with(&folder))
        .map(|(file, text)| Source {
            file: (*file).to_owned(),
            text: (*text).to_owned(),
        })
        .collect()
}

/// Where the fixtures of a playbook are: beside its folder, or beside its file.
fn place(playbooks: &Path, name: &str) -> PathBuf {
    let folder = match playbooks.parent() {
        Some(parent) if playbooks.is_file() => parent,
        _ => playbooks,
    };
    folder.join("tests").join(name)
}

/// Fixtures of a playbook of a folder, or of the one file; none when there is no such subfolder.
pub(super) fn of(playbooks: &Path, name: &str) -> Result<Vec<Source>, ConfigError> {
    let folder = place(playbooks, name);
    if folder.is_dir() {
        playbook_files(&folder)
    } else {
        Ok(Vec::new())
    }
}

/// How to write the first fixture of a playbook that has none: one that the loader reads, with the playbook's own names.
pub(super) fn how_to(playbooks: &Path, playbook: &Playbook) -> String {
    let folder = place(playbooks, &playbook.name);
    format!(
        "\n{}: no fixture yet. Write one file for each case below {}, for example fires.yaml:\n\n{}\n\
         and another in which the rules stay quiet: name them under `quiet` instead of `notes`.\n",
        playbook.name,
        folder.display(),
        example(playbook)
    )
}

fn example(playbook: &Playbook) -> String {
    let first = |names: Option<&String>| names.cloned().unwrap_or_default();
    let rule = first(playbook.rules.first().map(|rule| &rule.name));
    let query = playbook.queries.first().map(|query| &query.name);
    let symptom = playbook
        .symptoms
        .first()
        .map(|one| format!("\n  symptoms: [{}]", one.code()));
    let metrics = query.map(|name| format!("metrics:            # the numbers of your queries; one left out has no data\n  {name}: 1.0\n"));
    format!(
        "case:\n  namespace: production\n  workload: payment-service\n  verdict: unknown    # healthy, cause-found, …{}\n{}\
         notes: [{rule}]     # rules that must give their note\nquiet: []           # rules that must not\n",
        symptom.unwrap_or_default(),
        metrics.unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook;

    /// The example is a fixture: it is read, and what it names is there.
    #[test]
    fn the_example_is_read_as_a_fixture_of_its_playbook() {
        for playbook in playbook::built_in().unwrap() {
            let text = example(&playbook);
            let file = "tests/x/fires.yaml".to_owned();
            let replayed = playbook::replay(
                &playbook,
                &[Source {
                    file,
                    text: text.clone(),
                }],
            );
            let unread = |line: &&String| {
                line.contains("there is no")
                    || line.contains("unknown field")
                    || line.contains("missing field")
            };
            let wrong: Vec<&String> = replayed.failures.iter().filter(unread).collect();
            let named = !playbook.rules.is_empty();
            assert!(
                wrong.is_empty() || !named,
                "{}: {wrong:?}\n{text}",
                playbook.name
            );
        }
    }

    #[test]
    fn one_file_has_its_fixtures_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mine.yaml");
        std::fs::write(&file, "").unwrap();
        let beside = folder.path().join("tests/mine");
        assert_eq!(place(&file, "mine"), beside);
        assert_eq!(place(folder.path(), "mine"), beside);
    }
}
