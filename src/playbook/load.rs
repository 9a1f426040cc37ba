//! From the text of files to playbooks: every mistake of every file is told, not the first one.

use std::collections::BTreeMap;

use serde_saphyr::Error as YamlError;

use super::lint::Lint;
use super::schema::File;
use super::{Mistake, Playbook};

/// Longest file, in bytes.
pub const MAX_FILE: usize = 64 << 10;
/// Mistakes of shape looked for in one file, at most.
const MAX_SHAPE: usize = 20;

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path for messages; the name before `.yaml` is the playbook's.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// Reads the files of one folder.
///
/// # Errors
/// Everything that is wrong in them, by file and line.
pub fn load(sources: &[Source]) -> Result<Vec<Playbook>, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut playbooks: Vec<Playbook> = Vec::new();
    for source in sources {
        let mut lint = Lint::new(&source.file);
        let playbook = one(source, &mut lint);
        mistakes.append(&mut lint.mistakes);
        let Some(playbook) = playbook else { continue };
        match playbooks.iter().find(|known| known.name == playbook.name) {
            Some(known) => mistakes.push(Mistake {
                file: source.file.clone(),
                line: 0,
                column: 0,
                what: format!("the name {:?} is taken by {}", playbook.name, known.file),
                fix: "give one of the two another name and file name".to_owned(),
            }),
            None => playbooks.push(playbook),
        }
    }
    mistakes.extend(taken(&playbooks));
    mistakes.sort();
    if mistakes.is_empty() {
        Ok(playbooks)
    } else {
        Err(mistakes)
    }
}

/// Names of alerts that two files of one folder claim.
fn taken(playbooks: &[Playbook]) -> Vec<Mistake> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for playbook in playbooks {
        let names = playbook.alerts.iter();
        for name in names.flat_map(|row| std::iter::once(&row.name).chain(&row.aliases)) {
            let Some(other) = known.insert(name, &playbook.file) else {
                continue;
            };
            mistakes.push(Mistake {
                file: playbook.file.clone(),
                line: 0,
                column: 0,
                what: format!("the alert {name:?} is taken by {other}"),
                fix: "keep it in one of the two".to_owned(),
            });
        }
    }
    mistakes
}

fn one(source: &Source, lint: &mut Lint<'_>) -> Option<Playbook> {
    if source.text.len() > MAX_FILE {
        let what = format!("the file is longer than {} KiB", MAX_FILE >> 10);
        lint.whole(&what, "split it into several playbooks");
        return None;
    }
    let file = read(&source.text, lint)?;
    lint.playbook(file, &source.text)
}

/// Reads a file into its types. A value of the wrong shape is noted and blanked, and the rest is read
/// again, so that one slip does not hide the next; the places of the rest do not move.
fn read(text: &str, lint: &mut Lint<'_>) -> Option<File> {
    let content = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    if !text.lines().any(content) {
        lint.whole(
            "the file is empty",
            "see playbooks/slow.yaml for an example",
        );
        return None;
    }
    let mut text = text.to_owned();
    for _ in 0..MAX_SHAPE {
        let error = match serde_saphyr::from_str::<File>(&text) {
            Ok(file) => return Some(file),
            Err(error) => error,
        };
        let error = error.without_snippet();
        let place = error.location().map(|at| (at.line(), at.column()));
        let again = lint.shape(error, place.unwrap_or_default());
        let blanked = place.and_then(|(line, column)| blank(&text, line, column));
        match blanked.filter(|blanked| again && *blanked != text) {
            Some(blanked) => text = blanked,
            None => return None,
        }
    }
    None
}

/// The text with the entry at that place, and what is indented below it, blanked.
fn blank(text: &str, line: u64, column: u64) -> Option<String> {
    let line = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let first = lines.get_mut(line)?;
    // The place may be that of the value: the entry begins where the line's own key does.
    let own = first.len() - first.trim_start_matches([' ', '-']).len();
    let keep = own.min(column);
    first.truncate(first.char_indices().nth(keep)?.0);
    for below in lines.iter_mut().skip(line + 1) {
        let indent = below.len() - below.trim_start().len();
        let list = indent == keep && below.trim_start().starts_with("- ");
        if !below.trim().is_empty() && indent <= keep && !list {
            break;
        }
        below.clear();
    }
    Some(lines.join("\n"))
}

/// What a parser's error says in one line.
pub(super) fn first_line(error: &YamlError) -> String {
    let text = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
    // The place is told already.
    let first = text.lines().next().unwrap_or_default();
    first
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned()
}
