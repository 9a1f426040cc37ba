//! From files to cases: worlds included, names and times put in.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;
use thiserror::Error;

use super::file::CaseFile;
use super::macros;
use super::short::AppSpec;

/// Lists of a world that are put before those of the case.
const LISTS: [&str; 6] = ["apps", "objects", "patches", "events", "logs", "readings"];

/// Why a case cannot be read.
#[derive(Debug, Error)]
#[error("{}: {why}", path.display())]
pub struct LoadError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

/// A case and where it is from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The file.
    pub path: PathBuf,
    /// Folder and file name without the ending: `oom-killed/sick`.
    pub name: String,
    /// The case.
    pub file: CaseFile,
}

/// Reads every case below a folder, in the order of their paths; `worlds/` are no cases. A single file is one case.
///
/// # Errors
/// The first file that cannot be read.
pub fn load_all(folder: &Path) -> Result<Vec<Loaded>, LoadError> {
    let mut paths = Vec::new();
    if folder.is_file() {
        paths.push(folder.to_owned());
    } else {
        walk(folder, &mut paths)?;
    }
    paths.sort();
    paths.iter().map(|path| load(path)).collect()
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    let broken = |error: std::io::Error| LoadError {
        path: folder.to_owned(),
        why: error.to_string(),
    };
    for entry in fs::read_dir(folder).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "worlds") {
                walk(&path, into)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            into.push(path);
        }
    }
    Ok(())
}

/// Reads one case.
///
/// # Errors
/// What is wrong with the file or a world it includes.
pub fn load(path: &Path) -> Result<Loaded, LoadError> {
    let wrong = |why: String| LoadError {
        path: path.to_owned(),
        why,
    };
    let mut value = read(path).map_err(wrong)?;
    include(path, &mut value).map_err(wrong)?;
    let now = match &value["now"] {
        Value::String(text) => text.parse().map_err(|why| wrong(format!("now: {why}")))?,
        _ => super::file::when(),
    };
    expand(&mut value, now).map_err(wrong)?;
    let file = serde_json::from_value(value).map_err(|why| wrong(why.to_string()))?;
    Ok(Loaded {
        path: path.to_owned(),
        name: name(path),
        file,
    })
}

fn name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    format!("{}/{stem}", folder.to_string_lossy())
}

fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    serde_saphyr::from_str(&text).map_err(|error| error.to_string())
}

/// Puts the lists of the worlds before the case's own.
fn include(path: &Path, value: &mut Value) -> Result<(), String> {
    let wanted: Vec<String> = value["include"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    for world in wanted.iter().rev() {
        let mut world = read(&find(path, world)?)?;
        for list in LISTS {
            let Value::Array(mut theirs) = world[list].take() else {
                continue;
            };
            if let Value::Array(own) = value[list].take() {
                theirs.extend(own);
            }
            value[list] = theirs.into();
        }
    }
    Ok(())
}

/// The world of that name in the nearest `worlds/` folder.
fn find(path: &Path, world: &str) -> Result<PathBuf, String> {
    let places = path
        .ancestors()
        .map(|folder| folder.join("worlds").join(world));
    let found = places.into_iter().find(|place| place.is_file());
    found.ok_or_else(|| format!("there is no worlds/{world}"))
}

fn expand(value: &mut Value, now: DateTime<Utc>) -> Result<(), String> {
    let apps: Vec<AppSpec> = match &value["apps"] {
        Value::Null => Vec::new(),
        apps => serde_json::from_value(apps.clone()).map_err(|why| format!("apps: {why}"))?,
    };
    let names = macros::names(&apps, &workers(value));
    macros::expand(value, &names, now)
}

/// The nodes that a `DaemonSet` runs on: those without a taint.
pub(super) fn workers(value: &Value) -> Vec<String> {
    let objects = value["objects"].as_array().into_iter().flatten();
    let nodes =
        objects.filter(|object| object["kind"] == "Node" && object["spec"]["taints"].is_null());
    let mut names: Vec<String> = Vec::new();
    for node in nodes.filter_map(|node| node["metadata"]["name"].as_str()) {
        if !names.iter().any(|known| known == node) {
            names.push(node.to_owned());
        }
    }
    names
}
