//! Messages into sentences. The locale files use two marks only, `` `code` `` and `*bold*`; each
//! medium writes them its own way, and arguments are escaped for where they end up: inside a code
//! span other rules hold than outside.
//!
//! A formatted sentence first carries private marks round everything that came from outside and in
//! place of every time; a second pass writes it for the medium.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, Utc};
use fluent_bundle::{FluentArgs, FluentValue};

use super::{locales, quantity};
use crate::text::{Arg, Language, Message, Untrusted, Wording, slack_entities};

/// Opens text from outside.
const OUTSIDE: char = '\u{e000}';
/// Closes text from outside, or a time.
const END: char = '\u{e001}';
/// Opens a time in Unix seconds.
const TIME: char = '\u{e002}';
/// Opens a Slack user id.
const PERSON: char = '\u{e003}';
/// Opens an address, its label after [`LABEL`].
const LINK: char = '\u{e004}';
/// Stands between an address and its label.
const LABEL: char = '\u{e005}';
/// Items of a list shown before `and 4 more`.
const LIST_MAX: usize = 8;

/// Where a sentence is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// Slack mrkdwn.
    Slack,
    /// Markdown, as GitHub and Confluence read it.
    Markdown,
    /// Without markup: a terminal, JSON, Slack's `plain_text`.
    Text,
}

/// Says messages in one language, as of one moment.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    language: Language,
    now: DateTime<Utc>,
}

impl Words {
    /// Words of a language. Times of another day than `now` are shown with their date.
    #[must_use]
    pub fn new(language: Language, now: DateTime<Utc>) -> Self {
        Self { language, now }
    }

    /// The language spoken.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// The moment the words are said at.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The message as one sentence of the language, escaped for the medium. An id that no locale
    /// file has (a record of a newer version) is shown as the id with its arguments.
    #[must_use]
    pub fn say(&self, message: &Message, medium: Medium) -> String {
        self.write(&self.format(message), medium, true)
    }

    /// As [`Self::say`] without the bold marks, for a place that is bold as a whole.
    #[must_use]
    pub fn say_unmarked(&self, message: &Message, medium: Medium) -> String {
        self.write(&self.format(message), medium, false)
    }

    /// A label without arguments, without markup.
    #[must_use]
    pub fn label(&self, id: &'static str) -> String {
        self.say(&Message::new(id), Medium::Text)
    }

    /// A point in time: `14:02 UTC`, with the date when it is not today's; in Slack in each
    /// reader's own zone.
    #[must_use]
    pub fn time(&self, at: DateTime<Utc>, medium: Medium) -> String {
        let plain = self.plain_time(at);
        if medium != Medium::Slack {
            return plain;
        }
        let format = if at.date_naive() == self.now.date_naive() {
            "{time}"
        } else {
            "{date_short_pretty} {time}"
        };
        format!("<!date^{}^{format}|{plain}>", at.timestamp())
    }

    fn plain_time(&self, at: DateTime<Utc>) -> String {
        let time = at.format("%H:%M UTC");
        if at.date_naive() == self.now.date_naive() {
            return time.to_string();
        }
        let month = self.label(MONTHS[at.month0() as usize]);
        if at.year() == self.now.year() {
            format!("{} {month} {time}", at.day())
        } else {
            format!("{} {month} {} {time}", at.day(), at.year())
        }
    }

    /// The sentence with the private marks still in it.
    fn format(&self, message: &Message) -> String {
        let mut args = FluentArgs::new();
        for (name, arg) in &message.args {
            args.set(name.as_ref(), self.value(arg));
        }
        let bundle = locales::bundle(self.language);
        let pattern = bundle
            .get_message(&message.id)
            .and_then(|found| found.value());
        let Some(pattern) = pattern else {
            return self.unknown(message);
        };
        let mut errors = Vec::new();
        bundle
            .format_pattern(pattern, Some(&args), &mut errors)
            .into_owned()
    }

    fn unknown(&self, message: &Message) -> String {
        let mut text = outside(&message.id);
        for (name, arg) in &message.args {
            let _ = write!(text, " {}={}", outside(name), self.marked(arg));
        }
        text
    }

    /// Numbers stay numbers, so that a sentence can choose its plural by them.
    fn value(&self, arg: &Arg) -> FluentValue<'static> {
        match arg {
            Arg::Count(count) => FluentValue::from(*count),
            other => FluentValue::from(self.marked(other)),
        }
    }

    fn marked(&self, arg: &Arg) -> String {
        match arg {
            Arg::Text(text) => outside(text.raw()),
            Arg::Count(count) => count.to_string(),
            Arg::Number(value) => quantity::number(*value, 2, self.language),
            Arg::Percent(share) => quantity::percent(*share, self.language),
            Arg::Bytes(bytes) => quantity::bytes(*bytes),
            Arg::Millicores(millicores) => quantity::millicores(*millicores),
            Arg::Time(at) => format!("{TIME}{}{END}", at.timestamp()),
            Arg::Span(seconds) => quantity::span(*seconds, self.language),
            Arg::Person(id) => format!("{PERSON}{}{END}", unmarked(id)),
            Arg::Link { url, label } => {
                // The label is written plainly first: its own marks would end the link's.
                let label = self.write(&self.format(label), Medium::Text, false);
                format!("{LINK}{}{LABEL}{}{END}", unmarked(url), unmarked(&label))
            }
            Arg::Message(message) => self.format(message),
            Arg::Wording(wording) => self.wording(wording),
            Arg::List(items) => self.list(items),
        }
    }

    /// A sentence of a playbook. Its text is the operator's and may use our two marks; where it cannot be
    /// read as Fluent (the linter refuses that) it is shown as plain text.
    fn wording(&self, wording: &Wording) -> String {
        let mut args = FluentArgs::new();
        for (name, arg) in &wording.args {
            args.set(name.as_str(), self.value(arg));
        }
        let text = unmarked(wording.text(self.language));
        locales::say_once(self.language, Wording::resource(&text), &args)
            .unwrap_or_else(|| outside(&text))
    }

    /// `a`, `a and b`, `a, b and c`, `a, b, … and 4 more`.
    fn list(&self, items: &[Arg]) -> String {
        let shown = if items.len() > LIST_MAX {
            LIST_MAX - 1
        } else {
            items.len()
        };
        let mut parts: Vec<String> = items[..shown]
            .iter()
            .map(|item| self.marked(item))
            .collect();
        if shown < items.len() {
            let more = Message::new("list-more").with("count", items.len() - shown);
            parts.push(self.format(&more));
        }
        let Some(last) = parts.pop() else {
            return self.format(&Message::new("list-empty"));
        };
        if parts.is_empty() {
            return last;
        }
        let and = self.format(&Message::new("list-and"));
        format!("{} {and} {last}", parts.join(", "))
    }

    /// Second pass: the private marks and the two marks of the locale files, for the medium.
    fn write(&self, marked: &str, medium: Medium, bold: bool) -> String {
        let mut out = String::with_capacity(marked.len() + 16);
        let mut code = false;
        let mut rest = marked;
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                OUTSIDE | TIME | PERSON | LINK => {
                    let (inner, after) = rest.split_once(END).unwrap_or((rest, ""));
                    rest = after;
                    // Slack shows its own syntax literally inside a code span.
                    let live = if code { Medium::Text } else { medium };
                    out.push_str(&match c {
                        TIME => self.marked_time(inner, live),
                        PERSON => person(inner, live),
                        LINK => link(inner, live),
                        _ => escape(inner, medium, code),
                    });
                }
                '`' => {
                    code = !code;
                    if medium != Medium::Text {
                        out.push('`');
                    }
                }
                '*' if !code => match medium {
                    Medium::Slack if bold => out.push('*'),
                    Medium::Markdown if bold => out.push_str("**"),
                    _ => {}
                },
                c => push_own(&mut out, c, medium, code),
            }
        }
        out
    }

    fn marked_time(&self, seconds: &str, medium: Medium) -> String {
        let at = seconds.parse().ok().and_then(DateTime::from_timestamp_secs);
        at.map_or_else(String::new, |at| self.time(at, medium))
    }
}

/// Label ids of the months, January first.
const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];

/// Marks text from outside. What needs no escaping anywhere goes bare, so that a sentence can
/// choose a variant by it (`{ $resource -> [cpu] … }`).
fn outside(text: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/' | ' ');
    if text.len() <= 63 && text.chars().all(harmless) {
        return text.to_owned();
    }
    format!("{OUTSIDE}{}{END}", unmarked(text))
}

/// Text without any of the private marks.
fn unmarked(text: &str) -> String {
    text.replace([OUTSIDE, END, TIME, PERSON, LINK, LABEL], "")
}

/// A mention in Slack, a name elsewhere; only for what is shaped like a user id.
fn person(id: &str, medium: Medium) -> String {
    let is_id = id.len() > 2
        && id.starts_with(['U', 'W'])
        && id
            .bytes()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    match (is_id, medium) {
        (true, Medium::Slack) => format!("<@{id}>"),
        (true, _) => format!("@{id}"),
        (false, _) => escape(id, medium, false),
    }
}

/// A labelled link, or the label alone where the address is none of the web.
fn link(inner: &str, medium: Medium) -> String {
    let (url, label) = inner.split_once(LABEL).unwrap_or(("", inner));
    let web = url.starts_with("https://") || url.starts_with("http://");
    let clean = url
        .chars()
        .all(|c| c.is_ascii_graphic() && !"<>|()[]\"`\\".contains(c));
    let text = escape(label, medium, false);
    match (web && clean, medium) {
        (false, _) => text,
        (true, Medium::Slack) => {
            format!("<{}|{}>", slack_entities(url), text.replace('|', "∣"))
        }
        (true, Medium::Markdown) => format!("[{text}]({url})"),
        (true, Medium::Text) => format!("{text} ({url})"),
    }
}

fn escape(text: &str, medium: Medium, code: bool) -> String {
    let text = Untrusted::new(text);
    match (medium, code) {
        (Medium::Slack, false) => text.to_slack(),
        (Medium::Slack, true) => text.to_slack_code(),
        (Medium::Markdown, false) => text.to_markdown(),
        (Medium::Markdown, true) => text.to_markdown_code(),
        (Medium::Text, _) => text.to_plain(),
    }
}

/// A character of our own sentences: only what would be read as an entity or a tag changes.
fn push_own(out: &mut String, c: char, medium: Medium, code: bool) {
    match (medium, code) {
        (Medium::Slack, _) | (Medium::Markdown, false) => {
            out.push_str(&slack_entities(c.encode_utf8(&mut [0; 4])));
        }
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests;
