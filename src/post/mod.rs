//! Puts what was found into words and shapes: the locale files, the [`Report`](crate::finding::Report)
//! of `--output json`, the terminal, Markdown, and Slack messages. Pure: values in, text out; `now`
//! is an argument. Text from outside is escaped for where it is shown.

mod locales;
mod localise;
mod quantity;

mod parts;
mod report;

mod markdown;
mod text;

pub use localise::{Medium, Words};
pub use markdown::markdown;
pub use report::{redacted, report};
pub use text::{TextOptions, text};

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
