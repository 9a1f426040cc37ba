//! The lines of a message that name labels: lists of one alert each, and lines or fields of what all have
//! in common.
//!
//! ```text
//! *Details:*                    Labels:                 Namespace: production
//!  • *pod:* `payment-0`          - pod = payment-0       *Pod:* `payment-0`
//! ```

use std::sync::LazyLock;

use regex::Regex;

use super::keys::{self, Key};
use super::mrkdwn::{cut, unmarked};
use super::pieces::Pieces;
use super::tokens::is_word;
use super::{MAX_LABELS, MAX_VALUE};
use crate::alert::{Labels, State};
use crate::text::{Untrusted, pattern};

/// One alert of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// Its labels.
    pub labels: Labels,
    /// Its annotations.
    pub annotations: Labels,
    /// The state of the part of the list it is in.
    pub state: Option<State>,
}

/// What the lines say.
#[derive(Debug, Default, PartialEq)]
pub struct Body {
    /// Alerts with lists of their own.
    pub listed: Vec<Listed>,
    /// Labels said outside of a list.
    pub common: Labels,
    /// Annotations said outside of a list.
    pub annotations: Labels,
    /// `Status: firing`.
    pub state: Option<State>,
}

/// ` - pod = payment-0`.
static DASH: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^\s*[-•*]\s+([A-Za-z_][\w./-]{0,127}) =(?: (.*))?$").ok());
/// `• *pod:* …`, `• pod: …`, Robusta's ``● pod `…` ``.
static BULLET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^\s*(?:[•●▪◦]\s*|[*-]\s+)[*_`]{0,2}([A-Za-z_][\w./-]{0,127})(?:[*_`]{0,2}\s?:[*_]{0,2}\s*(.*)|\s`([^`]*)`\s*)$",
    )
    .ok()
});
/// `*Severity:* …`, `:bell: Type: …`.
static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"^[^\w:*`]*(?::[\w+-]{1,60}:\s*)?[*_]{0,2}([A-Za-z][\w -]{0,40}?)[*_]{0,2}\s?:[*_]{0,2}(?:\s+(.*))?$")
        .ok()
});
/// `**Firing**`, `Alerts Resolved:`.
static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)^[\s*_]*(?:alerts?\s+)?(?:(firing)|(resolved))(?:\s+alerts?)?\s*(?:\(\d+\))?[\s*_:]*$")
        .ok()
});

/// Reads all bodies; the top-level text only when they named nothing.
pub fn read(pieces: &Pieces) -> Body {
    let mut reader = Reader::default();
    for body in &pieces.bodies {
        reader.text(body);
    }
    if reader.is_empty() {
        reader.text(&pieces.summary);
    }
    reader.finish();
    for (name, value) in &pieces.fields {
        reader.key(name, value);
    }
    reader.body
}

/// Where a line that is none of the known ones would belong.
#[derive(Clone, Debug, Default, PartialEq)]
enum Last {
    #[default]
    Nothing,
    Label(String),
    Annotation(String),
    /// A value whose back-tick is still open.
    Open(String),
}

#[derive(Default)]
struct Reader {
    body: Body,
    current: Listed,
    part: Option<State>,
    in_annotations: bool,
    last: Last,
}

impl Reader {
    fn is_empty(&self) -> bool {
        self.body == Body::default() && self.current == Listed::default()
    }

    fn text(&mut self, text: &str) {
        for line in text.lines() {
            self.line(line);
        }
        self.last = Last::Nothing;
    }

    fn line(&mut self, line: &str) {
        if let Last::Open(name) = self.last.clone() {
            self.more_of(name, line);
        } else if !(self.part(line) || self.dash(line) || self.bullet(line) || self.named(line)) {
            self.more(line);
        }
    }

    fn part(&mut self, line: &str) -> bool {
        let Some(found) = PART.as_ref().and_then(|part| part.captures(line)) else {
            return false;
        };
        self.finish();
        self.part = Some(if found.get(1).is_some() {
            State::Firing
        } else {
            State::Resolved
        });
        true
    }

    fn dash(&mut self, line: &str) -> bool {
        let Some(found) = DASH.as_ref().and_then(|dash| dash.captures(line)) else {
            return false;
        };
        let value = found.get(2).map_or("", |value| value.as_str());
        self.entry(&found[1], value.trim_end());
        true
    }

    fn bullet(&mut self, line: &str) -> bool {
        let Some(found) = BULLET.as_ref().and_then(|bullet| bullet.captures(line)) else {
            return false;
        };
        self.in_annotations = false;
        let Some(name) = listed_name(&found[1]) else {
            return true;
        };
        if let Some(code) = found.get(3) {
            // Robusta's tables hold other things too, under names with capitals.
            if is_own_name(&name) {
                self.entry(&name, code.as_str());
            }
            return true;
        }
        let value = found.get(2).map_or("", |value| value.as_str()).trim();
        match value.strip_prefix('`') {
            Some(open) if !open.ends_with('`') => {
                self.entry(&name, open);
                self.last = Last::Open(name);
            }
            Some(code) => self.entry(&name, code.trim_end_matches('`')),
            None => self.entry(&name, unmarked(value)),
        }
        true
    }

    /// One name and value of a list. A name that is there already begins the next alert.
    fn entry(&mut self, name: &str, value: &str) {
        let annotation = keys::annotation(name).filter(|_| !self.in_annotations);
        if self.in_annotations || annotation.is_some() {
            put(&mut self.current.annotations, name, value);
            self.last = Last::Annotation(name.to_owned());
            return;
        }
        if self.current.labels.contains_key(name) {
            self.finish();
        }
        put(&mut self.current.labels, name, value);
        self.last = Last::Label(name.to_owned());
    }

    /// A line `Name: value`.
    fn named(&mut self, line: &str) -> bool {
        let Some(found) = LINE.as_ref().and_then(|shape| shape.captures(line)) else {
            return false;
        };
        let (name, value) = (
            found[1].trim(),
            found.get(2).map_or("", |v| v.as_str()).trim(),
        );
        let heading = name.to_ascii_lowercase();
        if heading == "annotations" && value.is_empty() {
            self.in_annotations = true;
        } else if let Some(key) = keys::of(name) {
            self.begin(&heading, &key);
            self.say(key, value);
        } else {
            return false;
        }
        if heading != "annotations" {
            self.in_annotations = false;
        }
        true
    }

    /// Some lines begin the next alert of a list.
    fn begin(&mut self, heading: &str, key: &Key) {
        let begins =
            *key == Key::Alert || ["labels", "details", "value", "summary"].contains(&heading);
        if begins && !self.current.labels.is_empty() {
            self.finish();
        }
        self.last = Last::Nothing;
    }

    /// A line or field of its own.
    fn key(&mut self, name: &str, value: &str) {
        if value.trim().is_empty() {
            return;
        }
        match keys::of(name) {
            Some(key) => self.say(key, value),
            // A field under a label's own name: lower case, no spaces.
            None if is_own_name(name) && value.trim().parse::<f64>().is_err() => {
                put(&mut self.body.common, name, unmarked(value));
            }
            None => {}
        }
    }

    fn say(&mut self, key: Key, value: &str) {
        let bare = unmarked(value);
        match key {
            Key::Label(name) => put(&mut self.body.common, &name, word(bare)),
            Key::Alert if is_word(bare) => put(&mut self.body.common, "alertname", bare),
            Key::Alert => self.alert(value),
            Key::Annotation(name) => {
                put(&mut self.current.annotations, name, bare);
                put(&mut self.body.annotations, name, bare);
                self.last = Last::Annotation(name.to_owned());
            }
            Key::State => self.body.state = self.body.state.or(state(bare)),
            Key::Resource => self.resource(bare),
            Key::Other => {}
        }
    }

    /// ``*Alert:* summary - `severity` ``.
    fn alert(&mut self, value: &str) {
        let summary = match value.rsplit_once(" - `") {
            Some((summary, _)) if value.ends_with('`') => summary,
            _ => value,
        };
        put(&mut self.current.annotations, "summary", unmarked(summary));
        put(&mut self.body.annotations, "summary", unmarked(summary));
    }

    /// `Pod/production/payment-0`.
    fn resource(&mut self, value: &str) {
        let parts: Vec<&str> = value.split('/').map(str::trim).collect();
        if let [kind, namespace, name] = parts[..]
            && kind.chars().all(|c| c.is_ascii_alphabetic())
        {
            put(&mut self.body.common, "namespace", namespace);
            put(&mut self.body.common, &kind.to_ascii_lowercase(), name);
        }
    }

    /// A line that continues the value before it: values may have several.
    fn more(&mut self, line: &str) {
        if line.trim().is_empty() {
            self.last = Last::Nothing;
            return;
        }
        let (to, name) = match &self.last {
            Last::Label(name) => (&mut self.current.labels, name),
            Last::Annotation(name) => (&mut self.current.annotations, name),
            _ => return,
        };
        append(to, name, line.trim_end());
    }

    fn more_of(&mut self, name: String, line: &str) {
        let end = line.trim_end();
        append(&mut self.current.labels, &name, end.trim_end_matches('`'));
        if end.ends_with('`') {
            self.last = Last::Label(name);
        }
    }

    fn finish(&mut self) {
        let mut done = std::mem::take(&mut self.current);
        self.in_annotations = false;
        self.last = Last::Nothing;
        if done.labels.is_empty() {
            // What was said before a list belongs to it.
            self.current.annotations = done.annotations;
            return;
        }
        done.state = self.part;
        self.body.listed.push(done);
    }
}

/// A label's own name: lower case, no spaces.
fn is_own_name(name: &str) -> bool {
    keys::is_label_name(name) && !name.contains(char::is_uppercase)
}

/// The label a bullet names, capitals aside. `None` for what is no label.
fn listed_name(name: &str) -> Option<String> {
    if is_own_name(name) {
        return Some(name.to_owned());
    }
    match keys::of(name) {
        Some(Key::Label(label)) => Some(label),
        Some(Key::Annotation(annotation)) => Some(annotation.to_owned()),
        Some(Key::Alert) => Some("alertname".to_owned()),
        Some(Key::State | Key::Resource | Key::Other) => None,
        None => Some(name.to_owned()),
    }
}

fn put(to: &mut Labels, name: &str, value: &str) {
    if !value.is_empty() && to.len() < MAX_LABELS {
        to.insert(name.to_owned(), Untrusted::from(cut(value, MAX_VALUE)));
    }
}

fn append(to: &mut Labels, name: &str, line: &str) {
    if let Some(value) = to
        .get_mut(name)
        .filter(|value| value.raw().len() < MAX_VALUE)
    {
        let longer = format!("{}\n{line}", value.raw());
        *value = Untrusted::from(cut(&longer, MAX_VALUE));
    }
}

/// A value behind its emoji: `🔴 High`.
fn word(value: &str) -> &str {
    value.trim_start_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '/' | '_' | '-' | '{' | '"')
    })
}

fn state(value: &str) -> Option<State> {
    match word(value).to_ascii_lowercase().as_str() {
        "firing" | "alerting" | "triggered" | "problem" | "open" | "down" | "active" => {
            Some(State::Firing)
        }
        "resolved" | "ok" | "recovered" | "closed" | "up" | "inactive" => Some(State::Resolved),
        _ => None,
    }
}
