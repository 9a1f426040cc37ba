//! Puts what was found into words and shapes: the locale files, the [`Report`](crate::finding::Report)
//! of `--output json`, the terminal, Markdown, and Slack messages. Pure: values in, text out; `now`
//! is an argument. Text from outside is escaped for where it is shown.

mod locales;
mod localise;
mod quantity;

mod parts;
pub mod replies;
mod report;
mod rule_advice;
pub mod said;

pub mod chart;
pub mod dashboard;
mod markdown;
mod text;

mod alerts;
mod block_kit;
mod blocks;
mod buttons;
mod front;
mod render;
mod transcript;

pub use alerts::lines as alert_lines;
pub use block_kit::{Button, Style};
pub use blocks::SlackMessage;
pub use buttons::button;
pub use front::Front;
pub use localise::{Medium, Words};
pub use markdown::markdown;
pub use render::{
    AnswerContext, Approval, NextPage, PageContext, Plain, answer, line, looking, page, plain,
    several, which,
};
pub use report::{redacted, report};
pub use text::{TextOptions, text};
pub use transcript::transcript;

#[cfg(test)]
mod advice_tests;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
