//! Reads folders of playbooks: the operator's own, beside the built-in ones. A file of the same name
//! replaces a built-in one; a wrong one stops the start as a wrong `vigie.yaml` does.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::problem::{ConfigError, Problem};
use crate::playbook::{self, MAX_FILE, Mistake, Playbook, Playbooks, Source};

/// Files of one folder, at most.
const MAX_FILES: usize = 200;

/// The built-in playbooks, and those of a folder over them.
///
/// # Errors
/// When the folder cannot be read, and every mistake in it.
pub fn with_own(folder: Option<&Path>) -> Result<Playbooks, ConfigError> {
    let mut all = playbook::built_in().map_err(|mistakes| wrong(&mistakes))?;
    if let Some(folder) = folder {
        all.extend(own(folder)?);
    }
    Ok(Playbooks::new(all))
}

fn own(folder: &Path) -> Result<Vec<Playbook>, ConfigError> {
    let sources = playbook_files(folder)?;
    playbook::load(&sources).map_err(|mistakes| wrong(&mistakes))
}

fn wrong(mistakes: &[Mistake]) -> ConfigError {
    let problem = |mistake: &Mistake| Problem {
        place: mistake.place(),
        value: None,
        what: mistake.what.clone(),
        fix: mistake.fix.clone(),
    };
    ConfigError {
        problems: mistakes.iter().map(problem).collect(),
    }
}

/// The `*.yaml` of a folder, by name; or the one file that is named. What begins with a dot (`..data` of a mounted `ConfigMap`) and
/// subfolders are left out. Of a file that is too long, one byte too many is read, so that it is told.
///
/// # Errors
/// When the folder or a file cannot be read.
pub fn playbook_files(folder: &Path) -> Result<Vec<Source>, ConfigError> {
    let unreadable = |path: &Path, error: &io::Error| {
        ConfigError::one(Problem {
            place: path.display().to_string(),
            value: None,
            what: format!("cannot be read ({error})"),
            fix: "name a folder of playbooks (*.yaml) that this user may read".to_owned(),
        })
    };
    if folder.is_file() {
        let text = text(folder).map_err(|error| unreadable(folder, &error))?;
        let file = folder.display().to_string();
        return Ok(vec![Source { file, text }]);
    }
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_playbook(path))
        .collect();
    paths.sort();
    if paths.len() > MAX_FILES {
        return Err(ConfigError::one(Problem {
            place: folder.display().to_string(),
            value: None,
            what: format!("holds {} files, {MAX_FILES} is the most", paths.len()),
            fix: "name the folder that holds only playbooks".to_owned(),
        }));
    }
    let read = |path: PathBuf| {
        let text = text(&path).map_err(|error| unreadable(&path, &error))?;
        let file = path.display().to_string();
        Ok(Source { file, text })
    };
    paths.into_iter().map(read).collect()
}

fn is_playbook(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let yaml = path
        .extension()
        .is_some_and(|ext| ext == "yaml" || ext == "yml");
    yaml && path.is_file() && name.is_some_and(|name| !name.starts_with('.'))
}

fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let most = u64::try_from(MAX_FILE + 1).unwrap_or(u64::MAX);
    File::open(path)?.take(most).read_to_string(&mut text)?;
    Ok(text)
}
