//! Finds and reads `vigie.yaml`, and turns the parser's errors into problems with a fix.

use std::path::Path;
use std::{fs, io};

use serde_saphyr::Error as YamlError;

use super::file::File;
use super::problem::{ConfigError, Problem};
use super::suggest;
use super::vars::{self, Vars};

/// The text of a file that may not be there.
pub(super) fn optional(path: &Path) -> Result<Option<String>, ConfigError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ConfigError::one(unreadable(path, &error))),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem {
        place: path.display().to_string(),
        value: None,
        what: format!("cannot be read ({error})"),
        fix: "name a text file that this user may read".to_owned(),
    }
}

/// The text of the file named by `VIGIE_CONFIG`, else of the first that exists in the usual places.
pub(super) fn find(vars: &Vars, problems: &mut Vec<Problem>) -> Option<(String, String)> {
    if let Some(named) = vars.get(&vars::CONFIG, problems) {
        let path = Path::new(named.text.trim());
        return match fs::read_to_string(path) {
            Ok(text) => Some((path.display().to_string(), text)),
            Err(error) => {
                problems.push(unreadable(path, &error));
                None
            }
        };
    }
    for path in ["vigie.yaml", "/etc/vigie/vigie.yaml"] {
        match optional(Path::new(path)) {
            Ok(Some(text)) => return Some((path.to_owned(), text)),
            Ok(None) => {}
            Err(error) => problems.extend(error.problems),
        }
    }
    None
}

/// Reads the file into its types; a file of comments only is an empty one.
pub(super) fn read(yaml: Option<&(String, String)>, problems: &mut Vec<Problem>) -> File {
    let Some((path, text)) = yaml else {
        return File::default();
    };
    let content = |line: &str| !line.trim_start().is_empty() && !line.trim_start().starts_with('#');
    if !text.lines().any(content) {
        return File::default();
    }
    let mut text = text.clone();
    loop {
        match serde_saphyr::from_str(&text) {
            Ok(file) => return file,
            Err(error) => {
                problems.push(yaml_problem(path, &error));
                match without_unknown(&text, &error) {
                    Some(rest) => text = rest,
                    None => return File::default(),
                }
            }
        }
    }
}

/// The text without the key that is not known and what stands under it, on lines of the same numbers: the parser
/// stops at the first one, and whoever wrote three wants to hear of three. None for anything but a line of its own.
fn without_unknown(text: &str, error: &YamlError) -> Option<String> {
    let error = error.without_snippet();
    let YamlError::SerdeUnknownField { .. } = error else {
        return None;
    };
    let at = error.location()?;
    let (line, indent) = (
        usize::try_from(at.line()).ok()?,
        usize::try_from(at.column()).ok()?,
    );
    let (line, indent) = (line.checked_sub(1)?, indent.checked_sub(1)?);
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut lines: Vec<&str> = text.lines().collect();
    if depth(lines.get(line)?) != indent {
        return None;
    }
    let under = lines[line + 1..].iter().take_while(|next| {
        let content = next.trim_start();
        content.is_empty()
            || depth(next) > indent
            || (depth(next) == indent && content.starts_with("- "))
    });
    let end = line + 1 + under.count();
    lines[line..end].fill("");
    Some(lines.join("\n"))
}

fn yaml_problem(path: &str, error: &YamlError) -> Problem {
    let error = error.without_snippet();
    let place = match error.location() {
        Some(at) if at.line() > 0 => format!("{path}:{}:{}", at.line(), at.column()),
        _ => path.to_owned(),
    };
    let (what, value, fix) = match error {
        YamlError::SerdeUnknownField {
            field, expected, ..
        } => (
            "this key is not known here".to_owned(),
            Some(field.clone()),
            suggest::one_of(field, expected),
        ),
        YamlError::SerdeMissingField { field, .. } => (
            format!("the key {field} is missing"),
            None,
            format!("add {field}: to this entry"),
        ),
        YamlError::DuplicateMappingKey { key, .. } => (
            "this key stands here twice".to_owned(),
            key.clone(),
            "keep one of the two".to_owned(),
        ),
        other => (
            first_line(&other.render_with_formatter(&serde_saphyr::UserMessageFormatter)),
            None,
            "compare with deploy/vigie.example.yaml; indent with spaces".to_owned(),
        ),
    };
    Problem {
        place,
        value,
        what,
        fix,
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
