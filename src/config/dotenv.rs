//! `.env`: read without touching the process's environment, keeping the line of each name.

use super::problem::Problem;
use super::vars::{Value, Vars};

/// Adds what `.env` says to what the process's environment says; the latter wins.
pub(super) fn read(path: &str, text: &str, vars: &mut Vars, problems: &mut Vec<Problem>) {
    let mut last_good = 0;
    for item in dotenvy::from_read_iter(text.as_bytes()) {
        let Ok((name, value)) = item else {
            problems.push(unreadable(path, text, last_good));
            return;
        };
        let line = line_of(text, &name);
        last_good = line.unwrap_or(last_good);
        let place = match line {
            Some(line) => format!("{path}:{line} {name}"),
            None => format!("{path} {name}"),
        };
        vars.add(name, Value { text: value, place });
    }
}

/// The first line that sets the name, counted from 1; it is the one that counts.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let sets = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        line.strip_prefix(name)
            .is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    text.lines().position(sets).map(|index| index + 1)
}

/// The parser's own message quotes the value, which may be a secret, so only the place is told.
fn unreadable(path: &str, text: &str, last_good: usize) -> Problem {
    let says_something = |line: &str| !line.trim().is_empty() && !line.trim().starts_with('#');
    let after = text.lines().skip(last_good).position(says_something);
    Problem {
        place: after.map_or(path.to_owned(), |skipped| {
            format!("{path}:{}", last_good + skipped + 1)
        }),
        value: None,
        what: "is not a line of the form NAME=value".to_owned(),
        fix: "put the value in single quotes if it holds spaces, quotes or $".to_owned(),
    }
}
