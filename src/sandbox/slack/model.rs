//! People, channels and messages of the workspace.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// The workspace of the company.
pub const TEAM: &str = "T0SANDBOX";
/// The workspace that the stranger belongs to.
pub const OTHER_TEAM: &str = "T0PARTNER";
/// The bot's app.
pub const APP: &str = "A0VIGIE";
/// The bot as a user: `@devops`.
pub const BOT_USER: &str = "U0DEVOPS";
/// The bot as a bot.
pub const BOT: &str = "B0DEVOPS";

/// Someone in the workspace. Tests may change what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one flag of users.info each, as Slack has them"
)]
pub struct Person {
    /// `U0ALICE`.
    pub id: String,
    /// `alice`.
    pub name: String,
    /// `Alice Martin`.
    pub real_name: String,
    /// The workspace they belong to.
    pub team: String,
    /// `fr-FR`.
    pub locale: String,
    /// Deactivated.
    pub deleted: bool,
    /// Multi-channel guest.
    pub is_restricted: bool,
    /// Single-channel guest.
    pub is_ultra_restricted: bool,
    /// From another workspace.
    pub is_stranger: bool,
    /// An app's user.
    pub is_bot: bool,
    /// Not to be disturbed now.
    pub dnd: bool,
}

impl Person {
    /// A full member who writes French.
    #[must_use]
    pub fn member(name: &str, real_name: &str) -> Self {
        Self {
            id: format!("U0{}", name.to_uppercase()),
            name: name.to_owned(),
            real_name: real_name.to_owned(),
            team: TEAM.to_owned(),
            locale: "fr-FR".to_owned(),
            deleted: false,
            is_restricted: false,
            is_ultra_restricted: false,
            is_stranger: false,
            is_bot: false,
            dnd: false,
        }
    }

    /// As `users.info` shows them.
    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id, "team_id": self.team, "name": self.name, "deleted": self.deleted,
            "real_name": self.real_name, "locale": self.locale, "tz": "Europe/Paris",
            "tz_label": "Central European Time", "tz_offset": 3600, "is_admin": false,
            "is_owner": false, "is_primary_owner": false, "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted, "is_stranger": self.is_stranger,
            "is_bot": self.is_bot, "is_app_user": false, "updated": 1_788_000_000,
            "profile": {
                "real_name": self.real_name, "display_name": self.name,
                "real_name_normalized": self.real_name, "display_name_normalized": self.name,
                "team": self.team,
            },
        })
    }
}

/// What sort of conversation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `message.channels`.
    Public,
    /// `message.groups`.
    Private,
    /// `message.im`: between the bot and one person.
    Direct,
}

impl Kind {
    /// `channel_type` of events.
    pub(crate) fn event_type(self) -> &'static str {
        match self {
            Self::Public => "channel",
            Self::Private => "group",
            Self::Direct => "im",
        }
    }
}

/// A conversation.
#[derive(Clone, Debug)]
pub struct Channel {
    /// `C0INCIDENTS`, `D0ALICE`.
    pub id: String,
    /// `incidents`; the person's id for a direct one.
    pub name: String,
    /// Public, private, direct.
    pub kind: Kind,
    /// User ids.
    pub members: BTreeSet<String>,
    /// No one may post any more.
    pub archived: bool,
    /// Shared with another workspace.
    pub ext_shared: bool,
    /// By `ts`; deleted ones stay, marked.
    pub(crate) messages: BTreeMap<String, Message>,
}

impl Channel {
    pub(crate) fn new(id: &str, name: &str, kind: Kind) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            members: BTreeSet::new(),
            archived: false,
            ext_shared: false,
            messages: BTreeMap::new(),
        }
    }

    /// A message that is still there.
    pub(crate) fn live(&self, ts: &str) -> Option<&Message> {
        self.messages.get(ts).filter(|message| !message.deleted)
    }

    /// Replies to a message, oldest first.
    pub(crate) fn replies(&self, parent: &str) -> impl Iterator<Item = &Message> {
        self.messages
            .values()
            .filter(move |m| m.thread_ts.as_deref() == Some(parent) && m.ts != parent)
            .filter(|m| !m.deleted)
    }

    /// As `conversations.info` shows it.
    pub(crate) fn json(&self) -> Value {
        let direct = self.kind == Kind::Direct;
        let mut channel = json!({
            "id": self.id, "is_im": direct, "is_channel": self.kind == Kind::Public,
            "is_group": self.kind == Kind::Private, "is_mpim": false,
            "is_private": self.kind != Kind::Public, "is_archived": self.archived,
            "is_ext_shared": self.ext_shared, "is_shared": self.ext_shared,
            "is_org_shared": false, "is_pending_ext_shared": false, "created": 1_788_000_000,
            "context_team_id": TEAM, "is_member": self.members.contains(BOT_USER),
        });
        if direct {
            channel["user"] = self.name.as_str().into();
            channel["is_open"] = true.into();
        } else {
            channel["name"] = self.name.as_str().into();
            channel["name_normalized"] = self.name.as_str().into();
            channel["num_members"] = self.members.len().into();
            channel["topic"] = json!({ "value": "", "creator": "", "last_set": 0 });
            channel["purpose"] = json!({ "value": "", "creator": "", "last_set": 0 });
        }
        channel
    }
}

/// What a message was before an edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// When it was changed, by the sandbox clock.
    pub at: DateTime<Utc>,
    /// The text before.
    pub text: String,
    /// The blocks before.
    pub blocks: Vec<Value>,
}

/// A message in a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Where.
    pub channel: String,
    /// Its id and time.
    pub ts: String,
    /// The root of its thread; its own `ts` never stands here.
    pub thread_ts: Option<String>,
    /// The author's user id; empty for an incoming webhook.
    pub user: String,
    /// Set when an app wrote it.
    pub bot_id: Option<String>,
    /// `bot_message`, `thread_broadcast`.
    pub subtype: Option<String>,
    /// As Slack keeps it: `<@U…>`, `&amp;`.
    pub text: String,
    /// Blocks, each with its `block_id`.
    pub blocks: Vec<Value>,
    /// Legacy attachments.
    pub attachments: Vec<Value>,
    /// Emoji name and user id.
    pub reactions: Vec<(String, String)>,
    /// What it was before each edit, oldest first.
    pub edits: Vec<Edit>,
    /// Deleted since.
    pub deleted: bool,
    /// Message metadata, if any was sent.
    pub metadata: Option<Value>,
    /// Files it shows, as Slack describes them: `id`, `name`, `title`, `alt_txt`.
    pub files: Vec<Value>,
}

impl Message {
    /// Whether the bot wrote it.
    #[must_use]
    pub fn from_bot(&self) -> bool {
        self.bot_id.as_deref() == Some(BOT)
    }

    /// Every `block_id` in it.
    #[must_use]
    pub fn block_ids(&self) -> Vec<&str> {
        self.blocks
            .iter()
            .filter_map(|block| block["block_id"].as_str())
            .collect()
    }

    /// The buttons in it, in reading order.
    #[must_use]
    pub fn buttons(&self) -> Vec<Button> {
        let mut found = Vec::new();
        for block in &self.blocks {
            collect_buttons(
                block,
                block["block_id"].as_str().unwrap_or_default(),
                &mut found,
            );
        }
        found
    }

    /// The whole text a reader sees: `text`, then the blocks' texts.
    #[must_use]
    pub fn visible(&self) -> String {
        let mut all = String::new();
        for block in &self.blocks {
            super::limits::texts(block, &mut |text| {
                all.push_str(text);
                all.push('\n');
            });
        }
        if all.is_empty() {
            self.text.clone()
        } else {
            all
        }
    }

    /// As `conversations.history` shows it; replies are counted by the channel.
    pub(crate) fn json(&self, channel: &Channel) -> Value {
        let mut message = json!({
            "type": "message", "ts": self.ts, "text": self.text, "blocks": self.blocks,
        });
        if !self.user.is_empty() {
            message["user"] = self.user.as_str().into();
            message["team"] = TEAM.into();
        }
        if let Some(bot) = &self.bot_id {
            message["bot_id"] = bot.as_str().into();
            if bot == BOT {
                message["app_id"] = APP.into();
                message["bot_profile"] = json!({
                    "id": BOT, "app_id": APP, "name": "devops", "deleted": false, "team_id": TEAM,
                });
            }
        }
        if let Some(thread) = &self.thread_ts {
            message["thread_ts"] = thread.as_str().into();
            let parent = channel.messages.get(thread).map(|m| m.user.clone());
            message["parent_user_id"] = parent.unwrap_or_default().into();
        }
        if let Some(subtype) = &self.subtype {
            message["subtype"] = subtype.as_str().into();
        }
        if !self.attachments.is_empty() {
            message["attachments"] = self.attachments.clone().into();
        }
        if let Some(metadata) = &self.metadata {
            message["metadata"] = metadata.clone();
        }
        if !self.files.is_empty() {
            message["files"] = self.files.clone().into();
        }
        if let Some(edit) = self.edits.last() {
            let at = format!("{}.000000", edit.at.timestamp());
            message["edited"] = json!({ "user": self.user, "ts": at });
        }
        self.add_reactions(&mut message);
        self.add_thread(&mut message, channel);
        message
    }

    fn add_reactions(&self, message: &mut Value) {
        let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, user) in &self.reactions {
            by_name.entry(name).or_default().push(user);
        }
        if !by_name.is_empty() {
            message["reactions"] = by_name
                .into_iter()
                .map(|(name, users)| json!({ "name": name, "count": users.len(), "users": users }))
                .collect();
        }
    }

    fn add_thread(&self, message: &mut Value, channel: &Channel) {
        let replies: Vec<&Self> = channel.replies(&self.ts).collect();
        if let Some(latest) = replies.last() {
            message["thread_ts"] = self.ts.as_str().into();
            message["reply_count"] = replies.len().into();
            message["latest_reply"] = latest.ts.as_str().into();
            let users: BTreeSet<&str> = replies.iter().map(|m| m.user.as_str()).collect();
            message["reply_users_count"] = users.len().into();
            message["reply_users"] = users.into_iter().collect::<Vec<_>>().into();
        }
    }
}

/// A button of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Button {
    /// Its label.
    pub text: String,
    /// Its action.
    pub action_id: String,
    /// The block it stands in.
    pub block_id: String,
    /// Where it leads, if it is a link.
    pub url: Option<String>,
    /// The whole element.
    pub element: Value,
}

fn collect_buttons(node: &Value, block_id: &str, found: &mut Vec<Button>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match node {
        Value::Object(fields) => {
            let action = ["button", "feedback_buttons"]
                .iter()
                .any(|kind| node["type"] == *kind);
            if action {
                found.push(Button {
                    text: text(&node["text"]["text"]),
                    action_id: text(&node["action_id"]),
                    block_id: block_id.to_owned(),
                    url: node["url"].as_str().map(str::to_owned),
                    element: node.clone(),
                });
                return;
            }
            let inner = node["block_id"].as_str().unwrap_or(block_id);
            for (name, value) in fields {
                if name != "confirm" {
                    collect_buttons(value, inner, found);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_buttons(item, block_id, found);
            }
        }
        _ => {}
    }
}
