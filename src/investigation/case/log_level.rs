//! How loud a line is: as it declares itself, else by the words in it.

use std::sync::LazyLock;

use regex::Regex;

use super::Level;
use crate::text::pattern;

static LOUD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)\b(fatal|panic|panicked|critical|emerg|alert|crit)\b|\b(error|exception|err|severe|fail|failed|failure|refused|cannot|could not|couldn't|unable to|denied|forbidden|traceback|errno)\b|(?:[a-z]Error\b|[a-z]Exception\b)|\b(warn|warning)\b|\b(info|notice)\b").ok()
});
/// Errors that are none: `0 errors`, `without failures`, the names of fields.
static NONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:0|no|zero|without|any) (?:errors?|failures?|warnings?|failed)\b|\b(?:errors?|failed|failures?|err)[=:] ?(?:0\b|null|nil|none|<nil>|false)|/[\w/.-]*error[\w/.-]*").ok()
});
/// `"GET /x HTTP/1.1" 502`, the common log format and what resembles it.
static ACCESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r#"HTTP/[0-9.]+" ([1-5])\d\d\b"#).ok());
/// klog's header: `E1126 08:00:01.420310       1 main.go:52] …`.
static KLOG: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^([IWEF])\d{4} \d\d:\d\d:\d\d").ok());

/// The priority of a syslog line (`<3>…`, RFC 5424: facility × 8 + severity), and the rest of it.
pub(super) fn priority(line: &str) -> (Option<Level>, &str) {
    let Some((number, rest)) = line.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
        return (None, line);
    };
    match number.parse::<u8>() {
        Ok(number) if number < 192 && number.to_string().len() == number_length(number) => {
            (Some(severity(number % 8)), rest.trim_start())
        }
        _ => (None, line),
    }
}

fn number_length(number: u8) -> usize {
    match number {
        0..10 => 1,
        10..100 => 2,
        _ => 3,
    }
}

/// Severities of syslog, and of systemd.
fn severity(number: u8) -> Level {
    match number {
        0..=2 => Level::Fatal,
        3 => Level::Error,
        4 => Level::Warning,
        5 | 6 => Level::Info,
        _ => Level::Quiet,
    }
}

/// The level that a word names: `error`, `ERR`, `E`, `crit`.
pub(super) fn named(word: &str) -> Option<Level> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "f" | "fatal" | "panic" | "dpanic" | "critical" | "crit" | "emerg" | "emergency"
        | "alert" => Level::Fatal,
        "e" | "err" | "error" | "severe" | "fail" => Level::Error,
        "w" | "wrn" | "warn" | "warning" => Level::Warning,
        "i" | "inf" | "info" | "information" | "notice" => Level::Info,
        "d" | "dbg" | "debug" | "t" | "trace" | "verbose" => Level::Quiet,
        _ => return None,
    })
}

/// How loud a line is.
pub(super) fn loudness(line: &str) -> Level {
    let group = |pattern: &'static LazyLock<Option<Regex>>| {
        let found = pattern.as_ref()?.captures(line)?;
        Some(found.get(1)?.as_str())
    };
    if let Some(level) = group(&KLOG).and_then(named) {
        return level;
    }
    match group(&ACCESS) {
        Some("5") => return Level::Error,
        Some("4") => return Level::Warning,
        Some(_) => return Level::Info,
        None => {}
    }
    let Some(pattern) = LOUD.as_ref() else {
        return Level::Quiet;
    };
    let said = NONE
        .as_ref()
        .map_or_else(|| line.into(), |none| none.replace_all(line, ""));
    match pattern.captures(&said) {
        Some(found) if found.get(1).is_some() => Level::Fatal,
        Some(found) if found.get(3).is_some() => Level::Warning,
        Some(found) if found.get(4).is_some() => Level::Info,
        // A line that says its level says it near its start; a word like `failed` may come before it.
        Some(_) if declares_info(&said) => Level::Info,
        Some(_) => Level::Error,
        None => Level::Quiet,
    }
}

fn declares_info(line: &str) -> bool {
    let start = line.get(..line.len().min(64)).unwrap_or(line);
    let found = LOUD.as_ref().and_then(|pattern| pattern.captures(start));
    found.is_some_and(|found| found.get(4).is_some())
}
