//! Slack messages. Every one begins with the conclusion, because the first block is what a phone
//! shows; what follows is evidence, what to do, what was not seen, and what happens next. Functions
//! take plain values, so that they can be read and tested without an incident.

mod answer;
mod page;
mod reply;

pub(in crate::post) use answer::lead;
pub use answer::{AnswerContext, Approval, NextPage, answer};
pub use page::{PageContext, page, several};
pub use reply::{Plain, line, looking, plain, which};

use super::{Medium, Words};
use crate::text::{Message, slack_entities};

/// The notification: a sign or a mention of ours, then plain text, which Slack still reads as
/// mrkdwn, so its entities are escaped.
fn notice(words: &Words, signs: &[&str], message: &Message) -> String {
    let text = slack_entities(&words.say(message, Medium::Text));
    let mut parts: Vec<&str> = signs.to_vec();
    parts.push(&text);
    parts.join(" ")
}

/// Messages of a list as Slack lines.
fn lines<'a>(words: &Words, messages: impl IntoIterator<Item = &'a Message>) -> Vec<String> {
    messages
        .into_iter()
        .map(|message| words.say(message, Medium::Slack))
        .collect()
}

/// Small print: its parts joined by dots.
fn small(words: &Words, parts: &[Message]) -> String {
    lines(words, parts).join(" · ")
}

#[cfg(test)]
mod tests;
