//! What goes to Slack and what comes back, as far as the bot reads it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// A message to post. `text` is what phones show, `blocks` what the thread shows; both say the conclusion.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMessage {
    /// Channel or direct-message id.
    pub channel: String,
    /// The thread's first message; nothing for a top-level post.
    pub thread_ts: Option<String>,
    /// The notification.
    pub text: String,
    /// Block Kit blocks.
    pub blocks: Value,
    /// Whether the reply is shown in the channel too.
    pub broadcast: bool,
}

impl NewMessage {
    pub(super) fn payload(&self) -> Value {
        let mut payload = json!({
            "channel": self.channel,
            "text": self.text,
            "blocks": self.blocks,
            "unfurl_links": false,
            "unfurl_media": false,
        });
        if let Some(thread_ts) = &self.thread_ts {
            payload["thread_ts"] = json!(thread_ts);
            if self.broadcast {
                payload["reply_broadcast"] = json!(true);
            }
        }
        payload
    }
}

/// The new state of a message of ours.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Channel or direct-message id.
    pub channel: String,
    /// The message.
    pub ts: String,
    /// The notification text.
    pub text: String,
    /// Block Kit blocks, with `block_id`s that differ from the previous state's.
    pub blocks: Value,
}

impl Edit {
    pub(super) fn payload(&self) -> Value {
        json!({
            "channel": self.channel,
            "ts": self.ts,
            "text": self.text,
            "blocks": self.blocks,
            "unfurl_links": false,
            "unfurl_media": false,
        })
    }
}

/// A message that Slack has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Where it is.
    pub channel: String,
    /// Its id.
    pub ts: String,
    /// The thread it landed in: absent when Slack made a top-level post of it, which happens
    /// without an error when the thread's first message is gone.
    pub thread_ts: Option<String>,
}

/// Who we are in the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Workspace id.
    pub team_id: String,
    /// The bot user's id, as mentions write it.
    pub user_id: String,
    /// The bot's id, as its messages carry it.
    pub bot_id: Option<String>,
}

/// A person, as far as rights depend on it. What Slack does not say counts against them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of Slack's user object"
)]
pub struct User {
    /// User id.
    pub id: String,
    /// Home workspace.
    pub team_id: Option<String>,
    /// Deactivated.
    pub deleted: bool,
    /// A bot user.
    pub is_bot: bool,
    /// A guest, single- or multi-channel.
    pub is_guest: bool,
    /// From another organisation, through Slack Connect.
    pub is_stranger: bool,
    /// `fr-FR`.
    pub locale: Option<String>,
    /// The name they go by: display name, else real name; empty where neither is told.
    pub name: String,
    /// Seconds east of UTC where they are now.
    pub tz_offset: Option<i32>,
}

impl User {
    pub(super) fn parse(value: &Value) -> Option<Self> {
        let flag = |name: &str| value[name].as_bool().unwrap_or(false);
        Some(Self {
            id: value["id"].as_str()?.to_owned(),
            team_id: value["team_id"].as_str().map(str::to_owned),
            deleted: flag("deleted"),
            is_bot: flag("is_bot") || value["id"] == "USLACKBOT",
            is_guest: flag("is_restricted") || flag("is_ultra_restricted"),
            is_stranger: flag("is_stranger"),
            locale: value["locale"].as_str().map(str::to_owned),
            name: [
                "/profile/display_name",
                "/real_name",
                "/profile/real_name",
                "/name",
            ]
            .iter()
            .filter_map(|path| value.pointer(path)?.as_str())
            .find(|name| !name.is_empty())
            .unwrap_or_default()
            .to_owned(),
            tz_offset: value["tz_offset"]
                .as_i64()
                .and_then(|it| it.try_into().ok()),
        })
    }
}

/// A conversation, as far as rights depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of Slack's conversation object"
)]
pub struct Channel {
    /// Conversation id.
    pub id: String,
    /// Name without `#`; absent for direct messages.
    pub name: Option<String>,
    /// Shared with another organisation, or about to be.
    pub is_shared_outside: bool,
    /// The bot is in it.
    pub is_member: bool,
    /// A direct conversation with one person.
    pub is_im: bool,
    /// Nobody can post there any more.
    pub is_archived: bool,
}

impl Channel {
    pub(super) fn parse(value: &Value) -> Option<Self> {
        let flag = |name: &str| value[name].as_bool().unwrap_or(false);
        Some(Self {
            id: value["id"].as_str()?.to_owned(),
            name: value["name"].as_str().map(str::to_owned),
            is_shared_outside: flag("is_ext_shared") || flag("is_pending_ext_shared"),
            is_member: flag("is_member"),
            is_im: flag("is_im"),
            is_archived: flag("is_archived"),
        })
    }

    /// An entry of the list of the bot's own conversations, which does not repeat that it is in them.
    /// Unlike `conversations.info`, lists are documented as "limited": an entry that does not say
    /// whether it is shared says nothing.
    pub(super) fn listed(value: &Value) -> Option<Self> {
        value["is_ext_shared"].as_bool()?;
        let channel = Self::parse(value)?;
        Some(Self {
            is_member: true,
            ..channel
        })
    }
}

/// A page of messages, as Slack sends them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistoryPage {
    /// Raw message objects; history gives the newest first, replies the oldest.
    pub messages: Vec<Value>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

/// The time a Slack `ts` stands for.
#[must_use]
pub fn time_of(ts: &str) -> Option<DateTime<Utc>> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, "0"));
    let seconds: i64 = seconds.parse().ok()?;
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let micros: u32 = digits.parse().ok()?;
    DateTime::from_timestamp(seconds, micros * 1000)
}
