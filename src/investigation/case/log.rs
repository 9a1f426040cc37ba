//! A container's log as records: timestamps off, ANSI off, JSON understood, stack traces whole.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;
use serde::{Deserialize, Serialize};

use self::level::loudness;
use self::structured::structured;

use crate::text::pattern;

#[path = "log_level.rs"]
mod level;
#[path = "log_structured.rs"]
mod structured;

/// Longest line kept; the rest says nothing a person would read.
const MAX_LINE: usize = 4096;

/// How loud a record is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// Debug, trace, or nothing that can be told.
    #[default]
    Quiet,
    /// Info.
    Info,
    /// Warning.
    Warning,
    /// Error.
    Error,
    /// Fatal, panic, critical.
    Fatal,
}

/// One line as it was written, without timestamp prefix and ANSI codes.
pub type Line = String;

/// One record: its first line and what belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// When the runtime wrote it.
    pub at: Option<DateTime<Utc>>,
    /// How loud it is.
    pub level: Level,
    /// The sentence.
    pub text: Line,
    /// The rest of a stack trace, in order.
    pub trace: Vec<Line>,
}

/// One log that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogRead {
    /// Namespace of the pod.
    pub namespace: String,
    /// Pod.
    pub pod: String,
    /// Container.
    pub container: String,
    /// Whether it is the previous run's log.
    pub previous: bool,
    /// Records, oldest first.
    pub records: Vec<Record>,
}

static ANSI: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\x1b\[[0-9;?]*[ -/]*[@-~]").ok());
static SUMMARY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(?:application run failed|application startup failed|startup failed|(?:shutting|shut) down|shutdown|exiting|terminating|giving up|aborting)[.! ]*(?:\(?(?:with )?(?:exit )?(?:code|status)[ :=]*\d+\)?)?[.! ]*$").ok()
});
/// What wrappers and supervisors say of an end that they did not cause.
static HOLLOW: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)^npm (?:ERR!|error) (?:code|path|command|errno|signal|syscall|workspace|location|lifecycle|Failed at|Exit status|A complete log|This is probably|There is likely|\s*$)",
        r"|^npm (?:ERR!|error)\s+\S+@\S+ \w+: `",
        r"|Command failed with exit code \d+|(?:main )?process exited|exited with (?:code|status)|exit status \d+\s*$",
        r"|Worker failed to boot|HaltServer|Shutting down: Master|Worker \(pid:\d+\) (?:exited|was sent)|FPM initialization failed",
        r"|Error starting ApplicationContext|APPLICATION FAILED TO START|Stopping service \[|triggerUncaughtException",
        r"|FATAL ERROR in native method|java\.lang\.instrument ASSERTION FAILED",
        r"|failed to wait for .*caches? to sync|stopped with error\s*$|FAILURE: Build failed"
    ))
    .ok()
});
/// Words of a line that says why without being loud: usage errors, names that are not there.
static HINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)not defined|unknown (?:flag|option|command|argument)|unrecogni[sz]ed|not found|no such|invalid|missing|required").ok()
});

impl LogRead {
    /// The record that says why, chosen over the one that is loudest: the last fatal one, else the
    /// last error, else the last line.
    #[must_use]
    pub fn reason(&self) -> Option<&Record> {
        let last = |level: Level| {
            self.records
                .iter()
                .rev()
                .find(|record| record.level >= level)
        };
        let telling = |level: Level| {
            let mut loud = self.records.iter().rev();
            loud.find(|record| record.level >= level && !is_summary(record))
        };
        telling(Level::Fatal)
            .or_else(|| telling(Level::Error))
            .or_else(|| last(Level::Fatal))
            .or_else(|| last(Level::Error))
            .or_else(|| {
                let mut all = self.records.iter().rev();
                all.find(|record| HINT.as_ref().is_some_and(|it| it.is_match(&record.text)))
            })
            .or_else(|| self.records.last())
    }

    /// The newest record for which `matches` holds, on its sentence or its trace.
    pub fn find(&self, mut matches: impl FnMut(&str) -> bool) -> Option<(&Record, &str)> {
        self.records.iter().rev().find_map(|record| {
            record
                .lines()
                .find(|line| matches(line))
                .map(|line| (record, line))
        })
    }
}

impl Record {
    /// All lines of it.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.text.as_str()).chain(self.trace.iter().map(String::as_str))
    }

    /// The line of a stack trace that says why: the innermost `Caused by:` (Java), `--->` (.NET) or
    /// `[cause]:` (Node.js), the first error of a Python chain, else the sentence itself.
    #[must_use]
    pub fn why(&self) -> &str {
        let caused = self.trace.iter().rev().find_map(|line| inner_cause(line));
        let python = self
            .text
            .starts_with("Traceback")
            .then(|| first_error(&self.trace))
            .flatten();
        let rust = (self.text.contains("panicked at") && self.text.ends_with(':'))
            .then(|| self.trace.first())
            .flatten();
        let dotnet = is_header(&self.text).then(|| self.trace.first()).flatten();
        caused
            .map(str::trim)
            .or(dotnet.map(|line| line.trim()))
            .or(rust.map(|line| line.trim()))
            .or(python.map(|line| line.trim()))
            .unwrap_or(self.text.trim())
    }
}

/// The first line of a record of .NET's console logger; what it says stands on the next, indented.
fn is_header(text: &str) -> bool {
    let named = ["fail: ", "crit: ", "warn: ", "info: ", "dbug: ", "trce: "];
    named.iter().any(|start| text.starts_with(start)) && text.trim_end().ends_with(']')
}

/// What an inner exception says, where the line begins one.
fn inner_cause(line: &str) -> Option<&str> {
    let line = line.trim();
    ["Caused by:", "---> ", "[cause]: "]
        .iter()
        .find_map(|start| line.strip_prefix(start))
        .map(|cause| cause.trim_end_matches(" {"))
}

/// The error of the first traceback of a chain: the later ones happened while it was handled.
fn first_error(trace: &[Line]) -> Option<&Line> {
    let end = trace.iter().position(|line| is_python_chain(line));
    end.map_or(trace.last(), |end| trace.get(..end)?.last())
}

/// The sentence between two tracebacks of a chain (`traceback` module of Python).
fn is_python_chain(line: &str) -> bool {
    line.starts_with("During handling of the above exception")
        || line.starts_with("The above exception was the direct cause")
}

/// A record that only says that the end has come, without a trace that would say why.
fn is_summary(record: &Record) -> bool {
    // `could not bind port 80, exiting` says why itself.
    const WHYS: [&str; 8] = [
        "cannot",
        "could not",
        "unable",
        "failed to",
        "denied",
        "refused",
        "invalid",
        "missing",
    ];
    if HOLLOW.as_ref().is_some_and(|it| it.is_match(&record.text)) {
        return record.trace.is_empty();
    }
    let lower = record.text.to_ascii_lowercase();
    SUMMARY
        .as_ref()
        .is_some_and(|summary| summary.is_match(&record.text))
        && !WHYS.iter().any(|why| lower.contains(why))
        && !record.trace.iter().any(|line| inner_cause(line).is_some())
}

/// Splits a log (read with `timestamps=true`) into records.
#[must_use]
pub fn parse_log(bytes: &[u8]) -> Vec<Record> {
    let text = String::from_utf8_lossy(bytes);
    let mut records: Vec<Record> = Vec::new();
    for raw in text.lines() {
        let (at, rest) = split_time(raw);
        let line = clean(rest);
        if line.trim().is_empty() {
            continue;
        }
        if let Some(open) = records.last_mut()
            && is_unfinished(open)
        {
            open.text = format!("{} {}", open.text, line.trim());
            continue;
        }
        if records.last().is_some_and(|open| continues(open, &line)) {
            if let Some(open) = records.last_mut() {
                open.trace.push(line);
            }
            continue;
        }
        records.push(record(at, &line));
    }
    records
}

/// The kubelet prefixes each line with an RFC 3339 time and a space when asked to.
fn split_time(raw: &str) -> (Option<DateTime<Utc>>, &str) {
    let Some((stamp, rest)) = raw.split_once(' ') else {
        return (None, raw);
    };
    match DateTime::parse_from_rfc3339(stamp) {
        Ok(at) => (Some(at.with_timezone(&Utc)), rest),
        Err(_) => (None, raw),
    }
}

fn clean(line: &str) -> Line {
    // A line of a megabyte is not searched whole for colours.
    let line = start_of(line, 4 * MAX_LINE);
    let plain = ANSI
        .as_ref()
        .map_or_else(|| line.into(), |ansi| ansi.replace_all(line, ""));
    let kept = start_of(&plain, MAX_LINE).trim_end();
    kept.chars().filter(|c| *c != '\0').collect()
}

/// The first bytes of a text, at a border of characters.
fn start_of(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Redis says over four lines what is wrong with its file: that, which line it is, its words, and why.
fn is_unfinished(open: &Record) -> bool {
    const WHY: &str = ">>> '";
    let Some((_, said)) = open.text.split_once("FATAL CONFIG FILE ERROR") else {
        return false;
    };
    match said.split_once(WHY) {
        None => said.len() < 200,
        Some((_, line)) => line.ends_with('\''),
    }
}

/// Whether the line belongs to the record before it.
fn continues(open: &Record, line: &str) -> bool {
    let trimmed = line.trim_start();
    let indented = line.len() > trimmed.len();
    let java = ["Caused by:", "Suppressed:", "... "]
        .iter()
        .any(|start| trimmed.starts_with(start));
    let frame = indented
        && (trimmed.starts_with("at ")
            || trimmed.starts_with("File \"")
            || trimmed.starts_with("from "));
    let in_python = open.text.starts_with("Traceback")
        && (indented
            || is_python_chain(line)
            || open
                .trace
                .last()
                .is_some_and(|last| last.starts_with(' ') || is_python_chain(last))
            || line.starts_with("Traceback (most recent call last)"));
    let in_go = open.text.starts_with("panic:")
        && (trimmed.starts_with("goroutine ")
            || trimmed.starts_with("[signal ")
            || line.starts_with('\t')
            || trimmed.ends_with(')'));
    // .NET, Node.js, PHP and Rust.
    let inner = indented && inner_cause(line).is_some() || trimmed.starts_with("--- End of inner");
    let laravel = line == "[stacktrace]" || line.trim_end() == "\"}";
    let php =
        laravel || line == "Stack trace:" || line.strip_prefix('#').is_some_and(starts_with_digit);
    // PostgreSQL's clients write what belongs to an error on lines of its own.
    let detail = ["DETAIL:", "HINT:", "CONTEXT:", "STATEMENT:", "QUERY:"]
        .iter()
        .any(|start| line.starts_with(start));
    let in_rust = open.text.contains("panicked at")
        && (open.trace.is_empty() && open.text.ends_with(':')
            || trimmed.starts_with("stack backtrace:")
            || trimmed.starts_with("note: "));
    java || frame
        || in_python
        || in_go
        || inner
        || php
        || in_rust
        || detail
        || (indented && is_header(&open.text))
        || (indented && !open.trace.is_empty())
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn record(at: Option<DateTime<Utc>>, line: &Line) -> Record {
    if let Some(told) = structured(line) {
        return Record {
            at,
            level: told.level,
            text: clean(&told.text),
            trace: told.trace.iter().map(|line| clean(line)).collect(),
        };
    }
    let (level, rest) = level::priority(line);
    Record {
        at,
        level: level.unwrap_or_else(|| loudness(rest)),
        text: rest.to_owned(),
        trace: Vec::new(),
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
