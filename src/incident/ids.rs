//! Names of things: Slack's, and ours. Types of their own, so that two strings cannot be swapped.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes it as it came.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text of it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

name! {
    /// A Slack conversation: `C…`, `G…` or `D…`.
    ChannelId
}
name! {
    /// A Slack message timestamp, which is the message's id in its channel: `1700000000.000100`.
    Ts
}
name! {
    /// An incident. It follows from what opened it, so the same message never opens two.
    IncidentId
}
name! {
    /// The idempotency key of one outgoing message or act: unique over all incidents, sent with
    /// the message, searched for when it is unclear whether the message arrived.
    Key
}
name! {
    /// A running process that claims outgoing messages. New at every start.
    OwnerId
}

impl Ts {
    /// The moment it stands for; `None` for something that is not a Slack timestamp.
    #[must_use]
    pub fn at(&self) -> Option<DateTime<Utc>> {
        let (seconds, fraction) = self.0.split_once('.').unwrap_or((&self.0, "0"));
        let micros: u32 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
        DateTime::from_timestamp(seconds.parse().ok()?, micros * 1000)
    }
}

impl IncidentId {
    /// The incident that a message opens.
    #[must_use]
    pub fn of_message(channel: &ChannelId, ts: &Ts) -> Self {
        Self(format!("{}-{}", channel.0, ts.0))
    }

    /// The record of an emoji under a message. Not the message's own: that may open an incident yet.
    #[must_use]
    pub fn of_mark(channel: &ChannelId, ts: &Ts) -> Self {
        Self(format!("mark-{}-{}", channel.0, ts.0))
    }

    /// The one of the same message in another environment.
    #[must_use]
    pub fn within(&self, environment: &str) -> Self {
        Self(format!("{}-{environment}", self.0))
    }

    /// The incident that an alert of the webhook opens: its fingerprint and the time it started.
    #[must_use]
    pub fn of_alert(fingerprint: &str, starts_at: DateTime<Utc>) -> Self {
        Self(format!(
            "alert-{fingerprint}-{}",
            starts_at.timestamp_millis()
        ))
    }
}

/// Begins the name of a storm's incident.
const STORM: &str = "storm-";

impl IncidentId {
    /// The incident of a storm of alerts that began then in an environment.
    #[must_use]
    pub fn of_storm(environment: Option<&str>, at: DateTime<Utc>) -> Self {
        let name = environment.unwrap_or("all");
        Self(format!("{STORM}{name}-{}", at.timestamp_millis()))
    }

    /// Whether it is the one of a storm: it has alerts of all sorts, and never joins another.
    #[must_use]
    pub fn is_storm(&self) -> bool {
        self.0.starts_with(STORM)
    }
}

impl Key {
    /// The key of `what` in an incident: `C1-1700000000.000100/answer-1`.
    #[must_use]
    pub fn of(incident: &IncidentId, what: &str) -> Self {
        Self(format!("{}/{what}", incident.0))
    }
}

/// A thread in Slack. Without `ts` it is not open yet: the first message posted opens it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ThreadRef {
    /// Channel it is in.
    pub channel: ChannelId,
    /// Timestamp of its first message.
    pub ts: Option<Ts>,
}

impl ThreadRef {
    /// The thread under an existing message.
    #[must_use]
    pub fn under(channel: ChannelId, ts: Ts) -> Self {
        Self {
            channel,
            ts: Some(ts),
        }
    }
}
