//! A container's log as records: timestamps off, ANSI off, JSON understood, stack traces whole.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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

static ANSI: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\x1b\[[0-9;?]*[ -/]*[@-~]").ok());
static LOUD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(fatal|panic|panicked|critical|emerg|alert)\b|\b(error|exception|err|severe|failed|failure|refused|cannot|could not|unable to|denied|traceback)\b|(?:[a-z]Error\b|[a-z]Exception\b)|\b(warn|warning)\b|\b(info|notice)\b").ok()
});

static SUMMARY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:application run failed|application startup failed|startup failed|(?:shutting|shut) down|shutdown|exiting|terminating|giving up|aborting)[.! ]*(?:\(?(?:with )?(?:exit )?(?:code|status)[ :=]*\d+\)?)?[.! ]*$").ok()
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
        caused
            .map(str::trim)
            .or(rust.map(|line| line.trim()))
            .or(python.map(|line| line.trim()))
            .unwrap_or(self.text.trim())
    }
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
        if records.last().is_some_and(|open| continues(open, &line)) {
            if let Some(open) = records.last_mut() {
                open.trace.push(line);
            }
            continue;
        }
        records.push(record(at, line));
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
        && (trimmed.starts_with("goroutine ") || line.starts_with('\t') || trimmed.ends_with(')'));
    // .NET, Node.js, PHP and Rust.
    let inner = indented && inner_cause(line).is_some() || trimmed.starts_with("--- End of inner");
    let php = line == "Stack trace:" || line.strip_prefix('#').is_some_and(starts_with_digit);
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
        || (indented && !open.trace.is_empty())
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn record(at: Option<DateTime<Utc>>, line: Line) -> Record {
    if line.starts_with('{')
        && let Ok(Value::Object(fields)) = serde_json::from_str(&line)
    {
        return json_record(at, &fields, line);
    }
    Record {
        at,
        level: loudness(&line),
        text: line,
        trace: Vec::new(),
    }
}

/// The common field names of structured loggers (zap, logrus, pino, bunyan, logback, serilog, structlog).
fn json_record(
    at: Option<DateTime<Utc>>,
    fields: &serde_json::Map<String, Value>,
    line: Line,
) -> Record {
    let text = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| fields.get(*name)?.as_str().map(str::to_owned))
    };
    let message = text(&["message", "msg", "@m", "log", "event", "Message"]);
    let error = text(&["error", "err", "exception", "error.message", "cause"]).or_else(|| {
        fields
            .get("err")
            .and_then(|err| err.get("message")?.as_str().map(str::to_owned))
    });
    let level = text(&["level", "severity", "lvl", "@l", "log.level", "Level"]);
    let number = fields.get("level").and_then(Value::as_i64);
    let level = level
        .map(|level| loudness(&level))
        .or(number.map(pino_level))
        .unwrap_or_default();
    let stack = text(&["stack_trace", "stacktrace", "stack", "error.stack_trace"]);
    let sentence = match (message, error) {
        (Some(message), Some(error)) if !message.contains(&error) => format!("{message}: {error}"),
        (Some(message), _) => message,
        (None, Some(error)) => error,
        (None, None) => line,
    };
    let level = level.max(if level == Level::Quiet {
        loudness(&sentence)
    } else {
        level
    });
    let trace = stack
        .iter()
        .flat_map(|stack| stack.lines())
        .map(clean)
        .collect();
    Record {
        at,
        level,
        text: clean(&sentence),
        trace,
    }
}

/// pino and bunyan number their levels: 30 info, 40 warn, 50 error, 60 fatal.
fn pino_level(level: i64) -> Level {
    match level {
        60.. => Level::Fatal,
        50..60 => Level::Error,
        40..50 => Level::Warning,
        30..40 => Level::Info,
        _ => Level::Quiet,
    }
}

fn loudness(line: &str) -> Level {
    let Some(pattern) = LOUD.as_ref() else {
        return Level::Quiet;
    };
    // A line that says its level says it near its start; "0 errors" at the end of an info line is not one.
    let declared = line.get(..line.len().min(64)).unwrap_or(line);
    let info = pattern
        .captures(declared)
        .is_some_and(|found| found.get(4).is_some());
    if info {
        return Level::Info;
    }
    match pattern.captures(line) {
        Some(found) if found.get(1).is_some() => Level::Fatal,
        Some(found) if found.get(3).is_some() => Level::Warning,
        Some(found) if found.get(4).is_some() => Level::Info,
        Some(_) => Level::Error,
        None if line.starts_with('E')
            && line
                .get(1..5)
                .is_some_and(|day| day.bytes().all(|b| b.is_ascii_digit())) =>
        {
            Level::Error
        }
        None => Level::Quiet,
    }
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
