//! Slack's markup taken out of a message: mentions, links and emoji become plain text, code blocks
//! and quotations are told apart. Text typed in a terminal passes unchanged.

use super::Vocabulary;
use super::address::bare_host;

/// Only so much of a message is read; the rest cannot change the ask. Characters.
const MAX_CHARS: usize = 4_000;

/// The message as a person reads it: without the mention that addressed the bot, and with the three
/// characters that Slack escapes. What was typed in a terminal, where the bot has no Slack id, stays.
pub(super) fn as_read(text: &str, vocabulary: &Vocabulary) -> String {
    if vocabulary.bot_user_ids.is_empty() {
        return text.to_owned();
    }
    let mentions = vocabulary.bot_user_ids.iter();
    let without = mentions.fold(text.to_owned(), |text, id| {
        text.replace(&format!("<@{id}>"), "")
    });
    let plain = without
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    plain.trim().to_owned()
}

/// How a piece of a message was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Ordinary text.
    Plain,
    /// Between single backticks: most likely a name.
    Code,
    /// A code block or a quotation: somebody else's words, a log, an error.
    Quoted,
}

/// A message without markup.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// Its pieces in order.
    pub pieces: Vec<(Style, String)>,
    /// Slack ids of the people mentioned, the bot left out.
    pub people: Vec<String>,
}

/// Reads Slack's markup. Never fails: what is not markup stays as text.
pub(super) fn plain(text: &str, vocabulary: &Vocabulary) -> Plain {
    let end = text
        .char_indices()
        .nth(MAX_CHARS)
        .map_or(text.len(), |(at, _)| at);
    let mut plain = Plain::default();
    for (n, block) in text[..end].split("```").enumerate() {
        if n % 2 == 1 {
            let words = unslack(block, vocabulary, &mut plain.people);
            plain.pieces.push((Style::Quoted, words));
            continue;
        }
        for line in block.split_inclusive('\n') {
            read_line(line, vocabulary, &mut plain);
        }
    }
    plain
}

fn read_line(line: &str, vocabulary: &Vocabulary, plain: &mut Plain) {
    let start = line.trim_start();
    if start.starts_with("&gt;") || start.starts_with('>') {
        let words = unslack(line, vocabulary, &mut plain.people);
        plain.pieces.push((Style::Quoted, words));
        return;
    }
    let closed = line.matches('`').count() / 2 * 2;
    for (n, part) in line.splitn(closed + 1, '`').enumerate() {
        let style = if n % 2 == 1 {
            Style::Code
        } else {
            Style::Plain
        };
        let words = unslack(part, vocabulary, &mut plain.people);
        plain.pieces.push((style, words));
    }
}

/// Replaces `<…>` tags and `:emoji:`, then the three entities, in one pass.
fn unslack(text: &str, vocabulary: &Vocabulary, people: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let inner = &tail[1..];
        // A tag holds no other `<`; looking no further keeps this linear.
        let Some(close) = inner
            .find(['>', '<'])
            .filter(|&at| inner[at..].starts_with('>'))
        else {
            out.push(' ');
            rest = inner;
            continue;
        };
        out.push_str(&tag(&inner[..close], vocabulary, people));
        rest = &inner[close + 1..];
    }
    out.push_str(rest);
    let out = out
        .replace("&lt;", " < ")
        .replace("&gt;", " > ")
        .replace("&amp;", "&");
    emoji(&out)
}

/// What a tag says in plain words: a link its label, a person or a channel nothing.
fn tag(inner: &str, vocabulary: &Vocabulary, people: &mut Vec<String>) -> String {
    let (target, label) = inner.split_once('|').unwrap_or((inner, ""));
    match target.chars().next() {
        Some('@') => {
            let id = &target[1..];
            let slack_id = id.starts_with(['U', 'W']) && id.chars().all(char::is_alphanumeric);
            if slack_id && !vocabulary.bot_user_ids.iter().any(|bot| bot == id) {
                people.push(id.to_owned());
            }
            " ".to_owned()
        }
        Some('#' | '!') => " ".to_owned(),
        _ if target.contains("://") || target.starts_with("mailto:") => {
            let shown = if label.is_empty() { target } else { label };
            format!(" {} ", host(shown))
        }
        _ => format!(" {inner} "),
    }
}

/// The host of an address, or the text itself: a path names no object.
fn host(shown: &str) -> &str {
    let after = shown.split_once("://").map_or(shown, |(_, rest)| rest);
    if after.len() == shown.len() && !shown.contains('/') {
        return shown;
    }
    after.split(['/', '?', '#', ':']).next().unwrap_or(after)
}

/// Drops `:shortcodes:`; fire is a word people use for an outage.
fn emoji(text: &str) -> String {
    let text = text.replace('\u{1f525}', " enfeu ");
    let mut out = String::with_capacity(text.len());
    for (n, part) in text.split(char::is_whitespace).enumerate() {
        if n > 0 {
            out.push(if part.is_empty() { '\n' } else { ' ' });
        }
        if part.contains("://") {
            out.push_str(host(part));
            continue;
        }
        if let Some(host) = bare_host(part) {
            out.push_str(host);
            continue;
        }
        match part.trim_matches(':') {
            "fire" if part.starts_with(':') => out.push_str("enfeu"),
            code if part.len() >= code.len() + 2
                && part.starts_with(':')
                && !code.is_empty()
                && code
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_+-:".contains(c)) => {}
            _ => out.push_str(part),
        }
    }
    out
}
