//! From `vigie.yaml` as it is written to the policy: each value is checked where it stands, and all
//! wrong ones are collected.

use std::ops::RangeInclusive;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use reqwest::Url;

use super::duration;
use super::file::Text;
use super::problem::Problem;
use super::suggest;
use super::vars::Variable;

/// Collects what is wrong in one file.
pub(super) struct Checker<'a> {
    path: &'a str,
    pub problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    pub fn new(path: &'a str) -> Self {
        Self {
            path,
            problems: Vec::new(),
        }
    }

    /// Notes that the value at that place is wrong.
    pub fn wrong(&mut self, at: &Text, what: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem {
            place: format!(
                "{}:{}:{}",
                self.path,
                at.referenced.line(),
                at.referenced.column()
            ),
            value: Some(at.value.clone()),
            what: what.into(),
            fix: fix.into(),
        });
    }

    /// The meaning of one of a few words; the default when it is none of them.
    pub fn word<T: Copy + Default>(
        &mut self,
        at: Option<&Text>,
        field: &str,
        of: &[(&str, T)],
    ) -> T {
        let Some(at) = at else {
            return T::default();
        };
        let wanted = at.value.trim().to_lowercase();
        if let Some((_, meaning)) = of.iter().find(|(word, _)| *word == wanted) {
            return *meaning;
        }
        let words: Vec<&str> = of.iter().map(|(word, _)| *word).collect();
        self.wrong(
            at,
            format!("{field} has a value that is not known"),
            suggest::one_of(&wanted, &words),
        );
        T::default()
    }

    /// A length of time inside a range.
    pub fn duration(
        &mut self,
        at: Option<&Text>,
        field: &str,
        range: RangeInclusive<Duration>,
        default: Duration,
    ) -> Duration {
        let Some(at) = at else { return default };
        let limits = format!(
            "write a length of time from {} to {} with its unit, or remove the line for the default ({})",
            duration::show(*range.start()),
            duration::show(*range.end()),
            duration::show(default)
        );
        match duration::parse(&at.value) {
            Ok(length) if range.contains(&length) => return length,
            Ok(_) => self.wrong(at, format!("{field} is out of range"), limits),
            Err(why) => self.wrong(at, format!("{field} {why}"), limits),
        }
        default
    }

    /// A Slack ID that begins with one of `letters`.
    pub fn slack_id(
        &mut self,
        at: &Text,
        field: &str,
        letters: &str,
        where_to_find: &str,
    ) -> String {
        let id = at.value.trim();
        let known_letter = id.chars().next().is_some_and(|c| letters.contains(c));
        let plain = id
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if !known_letter || !plain || id.len() < 3 {
            let letters: Vec<String> = letters.chars().map(|c| format!("{c}…")).collect();
            self.wrong(
                at,
                format!("{field} is not a Slack ID"),
                format!("write the ID ({}): {where_to_find}", letters.join(" or ")),
            );
        }
        id.to_owned()
    }

    /// A Kubernetes name (RFC 1123, at most 253 characters).
    pub fn object_name(&mut self, at: &Text, field: &str) -> String {
        let name = at.value.trim();
        let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let valid = (1..=253).contains(&name.len())
            && name.chars().all(|c| edge(c) || c == '-' || c == '.')
            && name.starts_with(edge)
            && name.ends_with(edge);
        if !valid {
            self.wrong(
                at,
                format!("{field} is not a Kubernetes name"),
                "write it as kubectl shows it: lower-case letters, digits and dashes",
            );
        }
        name.to_owned()
    }

    /// Text that is not blank.
    pub fn text(&mut self, at: &Text, field: &str) -> String {
        let text = at.value.trim();
        if text.is_empty() {
            self.wrong(
                at,
                format!("{field} is empty"),
                "write a value or remove the line",
            );
        }
        text.to_owned()
    }

    /// The name of a configured environment.
    pub fn environment(&mut self, at: &Text, field: &str, known: &[&str]) -> String {
        let name = at.value.trim();
        if !known.contains(&name) {
            let fix = if known.is_empty() {
                "add it to environments, or remove the line".to_owned()
            } else {
                suggest::one_of(name, known)
            };
            self.wrong(
                at,
                format!("{field} names no environment of this file"),
                fix,
            );
        }
        name.to_owned()
    }

    /// A date (00:00 UTC of that day) or a time in RFC 3339.
    pub fn time(&mut self, at: &Text, field: &str) -> Option<DateTime<Utc>> {
        let text = at.value.trim();
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(|date| date.and_time(NaiveTime::MIN).and_utc());
        let time = DateTime::parse_from_rfc3339(text).map(|time| time.with_timezone(&Utc));
        let read = date.or(time).ok();
        if read.is_none() {
            self.wrong(
                at,
                format!("{field} is not a date"),
                "write 2026-12-01, or 2026-12-01T08:00:00+01:00",
            );
        }
        read
    }

    /// An http(s) address without credentials; `common` is the variable of the common one.
    pub fn url(&mut self, at: &Text, field: &str, common: &Variable) -> Option<Url> {
        match http_url(&at.value) {
            Ok(url) if url.username().is_empty() && url.password().is_none() => Some(url),
            Ok(_) => {
                self.problems.push(Problem {
                    place: format!("{}:{}", self.path, at.referenced.line()),
                    value: None,
                    what: format!("{field} holds credentials"),
                    fix: format!("put the address with its credentials into {}", common.name),
                });
                None
            }
            Err(why) => {
                self.wrong(
                    at,
                    format!("{field} {why}"),
                    format!("write an address such as {}", common.example),
                );
                None
            }
        }
    }
}

/// Parses an http(s) address and drops what follows its path.
pub(super) fn http_url(text: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(text.trim()).map_err(|_| "is not an address")?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("is not an http or https address");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment");
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}
