//! The only ways out for [`Untrusted`] text. Each escaper first cleans (terminal escapes, control
//! characters, text-direction tricks, invisible characters), then neutralises the markup of the
//! place the text is going to. Nothing an outsider writes becomes a mention, a link or a colour.

use std::borrow::Cow;

use super::Untrusted;

/// Longest piece of outside text shown inside one of our sentences, in characters.
pub const MAX_INLINE: usize = 400;
/// Longest line of a quoted block (log lines), in characters.
pub const MAX_LINE: usize = 500;
/// What stands where text was cut.
pub const CUT: &str = "[…]";

impl Untrusted {
    /// For Slack mrkdwn outside a code span: `&`, `<`, `>` become entities, and the markers that
    /// Slack cannot escape (`` ` ``, `*`, `~`) become look-alikes.
    #[must_use]
    pub fn to_slack(&self) -> String {
        slack_entities(&replace_markers(
            &inline(self.raw()),
            &[('*', '∗'), ('~', '∼')],
        ))
    }

    /// For the inside of a Slack code span: entities escaped, back-ticks replaced, the rest kept.
    #[must_use]
    pub fn to_slack_code(&self) -> String {
        slack_entities(&replace_markers(&inline(self.raw()), &[]))
    }

    /// For a terminal or any place without markup: one line, no control characters.
    #[must_use]
    pub fn to_plain(&self) -> String {
        inline(self.raw())
    }

    /// For a quoted block without markup (Slack's `rich_text_preformatted`, a terminal): line
    /// breaks are kept, each line is capped.
    #[must_use]
    pub fn to_block(&self) -> String {
        block(self.raw())
    }

    /// For Markdown outside a code span: every character with a meaning gets a backslash, `&` and
    /// `<` become entities.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        for c in inline(self.raw()).chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '@' => {
                    out.push('\\');
                    out.push(c);
                }
                _ => out.push(c),
            }
        }
        // Bare addresses are auto-linked by GitHub and others: break the scheme.
        out.replace("://", "\\://")
    }

    /// For the inside of a Markdown code span: back-ticks replaced, the rest is literal there. A
    /// `|` would still end a table cell, so it becomes a look-alike.
    #[must_use]
    pub fn to_markdown_code(&self) -> String {
        replace_markers(&inline(self.raw()), &[('|', '∣')])
    }
}

/// `&`, `<` and `>` as Slack wants them, in that order, and nothing else. For text that is already
/// clean; text from outside goes through [`Untrusted::to_slack`].
#[must_use]
pub fn slack_entities(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// For inside a PromQL double-quoted string: no value ends it. A value for a regular expression is
/// escaped for that first.
#[must_use]
pub fn promql_string(value: &str) -> String {
    value
        .replace('\\', r"\\")
        .replace('"', "\\\"")
        .replace('\n', r"\n")
}

/// The three entities back into characters, for reading what Slack delivers.
#[must_use]
pub fn from_slack_entities(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// At most `max` characters; what was cut is marked with `[…]`.
#[must_use]
pub fn cap(text: &str, max: usize) -> Cow<'_, str> {
    if text.chars().count() <= max {
        return Cow::Borrowed(text);
    }
    let keep = max.saturating_sub(CUT.chars().count());
    let mut short: String = text.chars().take(keep).collect();
    short.push_str(CUT);
    Cow::Owned(short)
}

/// Removes terminal escapes, control and invisible characters; keeps line breaks, turns tabs into
/// spaces and every Unicode line separator into `\n`.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\u{9b}' => skip_csi(&mut chars),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if is_stripped(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether a character never reaches a reader: controls, text-direction overrides, zero-width and
/// tag characters, and the private marks of `post`.
fn is_stripped(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e000}'..='\u{e005}' | '\u{e0000}'..='\u{e007f}')
}

/// After ESC: a CSI sequence (`[…m`), an OSC string (`]…BEL`), or one more character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            skip_csi(chars);
        }
        Some(']') => skip_osc(chars),
        // A two-character escape; anything else is not part of it and stays.
        Some('(' | ')') => {
            chars.next();
            chars.next();
        }
        Some('@'..='Z' | '\\' | '^' | '_' | '7' | '8' | '=' | '>' | 'c') => {
            chars.next();
        }
        _ => {}
    }
}

/// Parameters and intermediates up to the final byte of a control sequence.
fn skip_csi(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(&c) = chars.peek() {
        match c {
            '\u{20}'..='\u{3f}' => {
                chars.next();
            }
            '\u{40}'..='\u{7e}' => {
                chars.next();
                return;
            }
            _ => return,
        }
    }
}

/// An operating-system command (window titles, terminal hyperlinks) up to BEL or ST; at most the
/// rest of the line, so that an unclosed one cannot swallow a whole log.
fn skip_osc(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    while let Some(&c) = chars.peek() {
        if c == '\n' {
            return;
        }
        chars.next();
        match c {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' if chars.peek() == Some(&'\\') => {
                chars.next();
                return;
            }
            _ => {}
        }
    }
}

fn inline(text: &str) -> String {
    let clean = clean(text);
    let mut out = String::with_capacity(clean.len());
    for word in clean
        .split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    cap(&out, MAX_INLINE).into_owned()
}

fn block(text: &str) -> String {
    clean(text)
        .split('\n')
        .map(|line| cap(line.trim_end(), MAX_LINE))
        .collect::<Vec<_>>()
        .join("\n")
        .trim_matches('\n')
        .to_owned()
}

fn replace_markers(text: &str, more: &[(char, char)]) -> String {
    text.chars()
        .map(|c| match more.iter().find(|(from, _)| *from == c) {
            Some((_, to)) => *to,
            None if c == '`' => 'ˋ',
            None => c,
        })
        .collect()
}

#[cfg(test)]
mod tests;
