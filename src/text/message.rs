//! What vigie says, before it is said: a message id of the locale files and its arguments.
//! The language and the escaping (Slack, Markdown, terminal) are chosen when it is rendered.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Untrusted, Wording};

/// One sentence or label of the locale files (`src/post/locales`), with its arguments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Fluent message id, kebab-case: `cause-oom-killed`.
    pub id: Cow<'static, str>,
    /// Arguments by their Fluent variable name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<Cow<'static, str>, Arg>,
}

/// A value inside a [`Message`]. Text is always untrusted: it is escaped for where it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arg {
    /// A name, a quoted log line, a host: anything that is not a number or a time.
    Text(Untrusted),
    /// A whole number; Fluent may choose a plural by it.
    Count(i64),
    /// A number shown with up to two decimals in the reader's notation.
    Number(f64),
    /// A share between 0 and 1, shown as a percentage.
    Percent(f64),
    /// Bytes, shown as Kubernetes writes them: `512Mi`.
    Bytes(u64),
    /// Thousandths of a CPU, shown as Kubernetes writes them: `250m`, `2`.
    Millicores(u64),
    /// A point in time, shown in the reader's zone where the medium can, else in UTC.
    Time(DateTime<Utc>),
    /// A length of time in seconds, shown in its one or two largest units: `1 h 5 min`.
    Span(i64),
    /// A Slack user id (`U012AB3CD`), shown as a mention in Slack. Only an id that Slack gave us:
    /// anything else is shown as text.
    Person(String),
    /// An address of ours: a Slack permalink, or below a configured base URL. Those that came in as data are
    /// an alert's runbook and graph: their label names the host they lead to.
    Link {
        /// `https://…`; anything else is shown without a link.
        url: String,
        /// What it is called; a message without markup.
        label: Box<Message>,
    },
    /// Another message inside this one.
    Message(Box<Message>),
    /// A sentence of a playbook.
    Wording(Box<Wording>),
    /// Several values, joined the way the language joins them (`a, b and c`).
    List(Vec<Arg>),
}

impl Message {
    /// A message without arguments yet.
    pub fn new(id: impl Into<Cow<'static, str>>) -> Self {
        Self {
            id: id.into(),
            args: BTreeMap::new(),
        }
    }

    /// The same message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.insert(Cow::Borrowed(name), value.into());
        self
    }
}

macro_rules! arg_from {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for Arg {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}
arg_from!(&str => Text, String => Text, &String => Text, Untrusted => Text, i64 => Count, i32 => Count, u32 => Count,
    f64 => Number, DateTime<Utc> => Time);

impl From<&Untrusted> for Arg {
    fn from(value: &Untrusted) -> Self {
        Self::Text(value.clone())
    }
}

impl From<usize> for Arg {
    fn from(value: usize) -> Self {
        Self::Count(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<Message> for Arg {
    fn from(value: Message) -> Self {
        Self::Message(Box::new(value))
    }
}

impl<T: Into<Arg>> From<Vec<T>> for Arg {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}
