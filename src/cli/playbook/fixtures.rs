//! Where the fixtures of `vigie playbook test` come from: `tests/<playbook>/*.yaml` beside the playbooks.

use std::path::Path;

use crate::config::{ConfigError, playbook_files};
use crate::playbook::{BUILT_IN_FIXTURES, Source};

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

/// Fixtures of a playbook of a folder; none when it has no such subfolder.
pub(super) fn of(folder: &Path, name: &str) -> Result<Vec<Source>, ConfigError> {
    let folder = folder.join("tests").join(name);
    if folder.is_dir() {
        playbook_files(&folder)
    } else {
        Ok(Vec::new())
    }
}
