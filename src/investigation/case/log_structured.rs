//! Lines that are records themselves: JSON as the common loggers write it (zap, zerolog, logrus, pino,
//! bunyan, winston, logback, log4j, serilog, structlog, python-json-logger, tracing, `MongoDB`), and logfmt.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use super::Level;
use super::level::{loudness, named};
use crate::text::pattern;

/// What a structured line says.
pub(super) struct Told {
    pub(super) level: Level,
    pub(super) text: String,
    pub(super) trace: Vec<String>,
}

const MESSAGES: [&str; 11] = [
    "message",
    "msg",
    "@m",
    "RenderedMessage",
    "short_message",
    "log",
    "event",
    "Message",
    "@mt",
    "MessageTemplate",
    "text",
];
const ERRORS: [&str; 15] = [
    "error",
    "err",
    "exception",
    "error.message",
    "errorMessage",
    "cause",
    "reason",
    "Exception",
    "@x",
    "thrown",
    "exc_info",
    "details",
    "error_message",
    "exception.message",
    // The registry of Docker says in `err.message` that it is unknown.
    "err.detail",
];
const LEVELS: [&str; 10] = [
    "level",
    "severity",
    "lvl",
    "@l",
    "log.level",
    "Level",
    "levelname",
    "loglevel",
    "s",
    "log_level",
];
const STACKS: [&str; 9] = [
    "stack_trace",
    "stacktrace",
    "stack",
    "error.stack_trace",
    "exc_info",
    "@x",
    "Exception",
    "traceback",
    "errorVerbose",
];

/// `key=value` or `key="quoted value"`.
static PAIR: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"(?:^|\s)([A-Za-z_][\w.-]*)=(?:"((?:[^"\\]|\\.)*)"|(\S*))"#).ok());

/// The record in the line, where it is one.
pub(super) fn structured(line: &str) -> Option<Told> {
    let line = line.trim();
    if line.starts_with('{') {
        let Ok(Value::Object(fields)) = serde_json::from_str(line) else {
            return None;
        };
        return Some(of_fields(&fields, line));
    }
    logfmt(line)
}

fn text(fields: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| spoken(fields.get(*name)?))
}

/// A string, or the message of an object that stands for an error.
fn spoken(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Object(inner) => {
            let message = ["message", "msg", "error", "what", "errmsg", "reason"];
            let message = message.iter().find_map(|name| inner.get(*name)?.as_str())?;
            let class = ["type", "name", "class"]
                .iter()
                .find_map(|name| inner.get(*name)?.as_str());
            match class.filter(|class| !message.contains(class)) {
                Some(class) => format!("{class}: {message}"),
                None => message.to_owned(),
            }
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn of_fields(fields: &Map<String, Value>, line: &str) -> Told {
    // tracing keeps what was said under `fields`, MongoDB's details stand under `attr`.
    let inner = ["fields", "attr", "data", "context"]
        .iter()
        .filter_map(|name| fields.get(*name)?.as_object());
    let inner: Vec<&Map<String, Value>> = inner.collect();
    let within = |names: &[&str]| inner.iter().find_map(|fields| text(fields, names));
    let message = text(fields, &MESSAGES).or_else(|| within(&MESSAGES));
    let error = text(fields, &ERRORS).or_else(|| within(&ERRORS));
    let stack = text(fields, &STACKS).or_else(|| {
        let nested = ERRORS
            .iter()
            .find_map(|name| fields.get(*name)?.as_object());
        nested.and_then(|error| {
            text(
                error,
                &["stack", "stack_trace", "stacktrace", "extendedStackTrace"],
            )
        })
    });
    // Of an exception with its whole trace only the first line is the sentence.
    let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let error = error.map(|error| {
        if error.starts_with("Traceback") {
            error.lines().last().unwrap_or_default().to_owned()
        } else {
            first(error)
        }
    });
    let sentence = match (message.map(first), error) {
        (Some(message), Some(error)) if !message.contains(&error) => format!("{message}: {error}"),
        (Some(message), _) => message,
        (None, Some(error)) => error,
        (None, None) => line.to_owned(),
    };
    let said = LEVELS.iter().find_map(|name| level(fields.get(*name)?));
    Told {
        level: said.unwrap_or_else(|| loudness(&sentence)),
        text: sentence,
        trace: trace(stack.as_deref()),
    }
}

fn trace(stack: Option<&str>) -> Vec<String> {
    let lines = stack.unwrap_or_default().lines();
    let kept = lines.filter(|line| !line.trim().is_empty()).take(60);
    let kept: Vec<String> = kept.map(str::to_owned).collect();
    if kept.len() > 1 { kept } else { Vec::new() }
}

/// A name, or a number: pino's and bunyan's (30 info … 60 fatal), syslog's below 8.
#[expect(
    clippy::match_same_arms,
    reason = "a table, in the order of the numbers"
)]
fn level(value: &Value) -> Option<Level> {
    match value {
        Value::String(word) => {
            named(word).or_else(|| level(&Value::from(word.parse::<i64>().ok()?)))
        }
        Value::Number(number) => Some(match number.as_i64()? {
            60.. => Level::Fatal,
            50..60 => Level::Error,
            40..50 => Level::Warning,
            30..40 => Level::Info,
            7..30 => Level::Quiet,
            5 | 6 => Level::Info,
            4 => Level::Warning,
            3 => Level::Error,
            // Graylog's emergencies, and the everyday 0 of other loggers.
            _ => return None,
        }),
        _ => None,
    }
}

/// logfmt: `level=error msg="…" err="…"`. A line with a level and a message is taken for one.
fn logfmt(line: &str) -> Option<Told> {
    if !line.contains("msg=") && !line.contains("message=") {
        return None;
    }
    let pattern = PAIR.as_ref()?;
    let mut fields = Map::new();
    for found in pattern.captures_iter(line).take(64) {
        let value = found.get(2).or_else(|| found.get(3))?.as_str();
        let value = value.replace("\\\"", "\"").replace("\\n", "\n");
        fields.insert(found.get(1)?.as_str().to_owned(), Value::String(value));
    }
    let declared = LEVELS
        .iter()
        .any(|name| fields.get(*name).and_then(level).is_some());
    (declared && text(&fields, &MESSAGES).is_some()).then(|| of_fields(&fields, line))
}
