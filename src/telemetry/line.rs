//! One log line: what it holds, and how it looks as JSON and for people.

use std::fmt::{self, Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value};
use tracing::Level;
use tracing::field::{Field, Visit};

/// Longest value of one field; what is longer is cut. Logs are for facts, not for bodies.
const MAX_VALUE: usize = 2000;

/// Fields of a span or an event, in the order they were recorded.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(pub Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    /// Adds another's fields over these.
    pub fn extend(&mut self, other: &Self) {
        let copies = other
            .0
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()));
        self.0.extend(copies);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, cut(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, cut(value.to_owned()));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.put(field, cut(value.to_string()));
    }
}

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_VALUE) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// A log line.
pub(super) struct Line {
    pub at: DateTime<Utc>,
    pub level: Level,
    pub target: String,
    /// Fields of the spans around it and its own; `message` is the text.
    pub fields: Fields,
}

impl Line {
    /// One JSON object: `ts`, `level`, `msg`, `target`, then the fields, which cannot replace these.
    pub fn json(mut self) -> String {
        let head = [
            ("ts", self.at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            ("level", self.level.as_str().to_lowercase()),
            ("msg", self.message()),
            ("target", std::mem::take(&mut self.target)),
        ];
        for (name, _) in &head {
            self.fields.0.remove(*name);
        }
        let head = head.map(|(name, text)| format!("\"{name}\":{}", Value::from(text)));
        let fields = self.fields.0.iter();
        let rest = fields.map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())));
        let parts: Vec<String> = head.into_iter().chain(rest).collect();
        format!("{{{}}}", parts.join(","))
    }

    /// `07:01:02.345 WARN  text  field=value …`, without control characters.
    pub fn text(mut self) -> String {
        let message = self.message();
        let at = self.at.format("%H:%M:%S%.3f");
        let mut line = format!("{at} {:<5} {}", self.level.as_str(), plain(&message));
        for (name, value) in &self.fields.0 {
            // Writing to a String cannot fail.
            let _ = match value {
                Value::String(text) => write!(line, "  {name}={:?}", plain(text)),
                other => write!(line, "  {name}={other}"),
            };
        }
        line
    }

    fn message(&mut self) -> String {
        match self.fields.0.remove("message") {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }
}

/// Without what a terminal would act on.
fn plain(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(visible).collect()
}
