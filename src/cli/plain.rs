//! Plain answers in the terminal: the sentence, the rows, the quote, and the command that tells the same.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::ask::Output;
use crate::incident::PlainAnswer;
use crate::post::{Medium, Words, dashboard};
use crate::text::{Language, Redactor, Untrusted};

/// Renders it, redacted.
pub(super) fn render(
    answer: &PlainAnswer,
    output: Output,
    language: Language,
    redactor: &Redactor,
    now: DateTime<Utc>,
) -> String {
    let words = Words::new(language, now);
    let medium = if output == Output::Markdown {
        Medium::Markdown
    } else {
        Medium::Text
    };
    let say =
        |message: &crate::text::Message| redactor.redact(&words.say(message, medium)).into_owned();
    let clean = |text: &Untrusted| Untrusted::new(redactor.redact(text.raw())).to_block();
    let (headline, lines): (String, Vec<String>) = (
        say(&answer.headline),
        answer.lines.iter().map(say).collect(),
    );
    let (quote, command) = (
        answer.verbatim.as_ref().map(clean),
        answer.command.as_ref().map(clean),
    );
    let file = answer.dashboard.as_ref().map(|facts| {
        let mut file = dashboard::dashboard(facts, language);
        redactor.redact_json(&mut file);
        file
    });
    if output == Output::Json {
        let mut value = json!({"answer": headline, "lines": lines, "verbatim": quote, "command": command, "language": language});
        if let Some(file) = file {
            value["dashboard"] = file;
        }
        return format!("{value:#}\n");
    }
    let fence = if output == Output::Markdown {
        "```"
    } else {
        ""
    };
    let mut text = format!("{headline}\n");
    for line in lines {
        let _ = writeln!(text, "  - {line}");
    }
    let file = file.map(|file| format!("{file:#}"));
    for (mark, part) in [("", quote), ("$ ", command), ("", file)] {
        if let Some(part) = part {
            let _ = write!(text, "\n{fence}\n{mark}{part}\n{fence}");
        }
    }
    text.trim_end().to_owned() + "\n"
}
