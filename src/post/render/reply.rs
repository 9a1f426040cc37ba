//! The short messages: looking, which one, plain answers, single lines.

use super::{lines, notice};
use crate::incident::Stamp;
use crate::post::block_kit::{Button, actions, context, preformatted};
use crate::post::blocks::{Draft, SlackMessage};
use crate::post::{Medium, Words};
use crate::text::{Message, Redactor, Untrusted};

/// The placeholder, posted within a second: what is looked at, and a line per finished round.
#[must_use]
pub fn looking(
    target: &Message,
    progress: &[Message],
    stamp: Stamp<'_>,
    words: &Words,
    redactor: &Redactor,
) -> SlackMessage {
    let headline = Message::new("looking").with("target", target.clone());
    let mut draft = Draft::new(*words);
    draft.section(&format!("👀 {}", words.say(&headline, Medium::Slack)));
    draft.list(1, "", lines(words, progress), 8, "more-lines");
    let mut message = draft.finish(&notice(words, &["👀"], &headline), stamp);
    message.redact(redactor);
    message
}

/// "Which one do you mean?", with a button per choice.
#[must_use]
pub fn which(
    question: &Message,
    choices: &[Button],
    stamp: Stamp<'_>,
    words: &Words,
    redactor: &Redactor,
) -> SlackMessage {
    let mut draft = Draft::new(*words);
    let asked = words.say_unmarked(question, Medium::Slack);
    draft.section(&format!("❔ *{asked}*"));
    draft.fixed(actions(choices, words));
    draft.fixed(context(
        &words.say(&Message::new("which-hint"), Medium::Slack),
    ));
    let mut message = draft.finish(&notice(words, &["❔"], question), stamp);
    message.redact(redactor);
    message
}

/// The answer to a plain question, as values.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    /// The answer in one sentence.
    pub headline: &'a Message,
    /// Further lines.
    pub lines: &'a [Message],
    /// Text to quote as it is (log lines).
    pub verbatim: Option<&'a Untrusted>,
    /// The command that would have told the same.
    pub command: Option<&'a Untrusted>,
}

/// The answer to a plain question, redacted.
#[must_use]
pub fn plain(
    answer: Plain<'_>,
    stamp: Stamp<'_>,
    words: &Words,
    redactor: &Redactor,
) -> SlackMessage {
    let quote = |text: &Untrusted| Untrusted::new(redactor.redact(text.raw())).to_block();
    let mut draft = Draft::new(*words);
    draft.section(&words.say(answer.headline, Medium::Slack));
    draft.fixed(answer.verbatim.and_then(|text| preformatted(&quote(text))));
    draft.list(5, "", lines(words, answer.lines), 25, "more-lines");
    if let Some(block) = answer.command.and_then(|text| preformatted(&quote(text))) {
        let by_hand = words.say(&Message::new("by-hand"), Medium::Slack);
        draft.fixed(context(&by_hand));
        draft.fixed(Some(block));
    }
    let mut message = draft.finish(&notice(words, &[], answer.headline), stamp);
    message.redact(redactor);
    message
}

/// One line, with buttons where it asks something.
#[must_use]
pub fn line(
    message: &Message,
    buttons: &[Button],
    stamp: Stamp<'_>,
    words: &Words,
    redactor: &Redactor,
) -> SlackMessage {
    let mut draft = Draft::new(*words);
    draft.section(&words.say(message, Medium::Slack));
    draft.fixed(actions(buttons, words));
    let mut message = draft.finish(&notice(words, &[], message), stamp);
    message.redact(redactor);
    message
}
