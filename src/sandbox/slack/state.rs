//! What the workspace holds, and the changes to it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::deliver::Delivery;
use super::fault::{Call, SlackFault};
use super::files::File;
use super::model::{BOT_USER, Channel, Edit, Kind, Message, Person};
use super::rates::Rates;
use crate::sandbox::fault::Faults;

/// A Web API call the workspace got.
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    /// `chat.postMessage`.
    pub method: String,
    /// The arguments, however they came.
    pub args: Value,
    /// By the sandbox clock.
    pub at: DateTime<Utc>,
}

/// A message that only one person sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Ephemeral {
    /// Its id and time.
    pub ts: String,
    /// Where.
    pub channel: String,
    /// Who sees it.
    pub user: String,
    /// The thread, if in one.
    pub thread_ts: Option<String>,
    /// Its text.
    pub text: String,
    /// Its blocks.
    pub blocks: Vec<Value>,
}

/// A modal that was opened.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Who sees it.
    pub user: String,
    /// The view as sent.
    pub view: Value,
}

/// Where a click happened: what its `trigger_id` and `response_url` stand for.
#[derive(Clone, Debug)]
pub(crate) struct Click {
    pub user: String,
    pub channel: String,
    pub ts: String,
    pub at: DateTime<Utc>,
    pub uses: u32,
    pub exchanged: bool,
}

/// A message to be: everything but its place in time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub user: String,
    pub bot_id: Option<String>,
    pub subtype: Option<String>,
    pub thread_ts: Option<String>,
    pub text: String,
    pub blocks: Vec<Value>,
    pub attachments: Vec<Value>,
    pub metadata: Option<Value>,
    pub files: Vec<Value>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub people: BTreeMap<String, Person>,
    pub channels: BTreeMap<String, Channel>,
    pub groups: BTreeMap<String, Vec<String>>,
    pub faults: Faults<Call, SlackFault>,
    pub rates: Option<Rates>,
    pub scopes: Vec<String>,
    pub called: Vec<Called>,
    pub ephemerals: Vec<Ephemeral>,
    pub views: Vec<View>,
    pub clicks: HashMap<String, Click>,
    pub deliveries: Vec<Delivery>,
    pub files: BTreeMap<String, File>,
    /// Other apps: by token, the id of their bot.
    pub apps: BTreeMap<String, String>,
    used: HashSet<i64>,
    serial: u64,
}

impl State {
    pub fn new(people: Vec<Person>, channels: Vec<Channel>) -> Self {
        Self {
            people: people.into_iter().map(|p| (p.id.clone(), p)).collect(),
            channels: channels.into_iter().map(|c| (c.id.clone(), c)).collect(),
            groups: BTreeMap::new(),
            faults: Faults::default(),
            rates: None,
            scopes: super::scopes::MANIFEST
                .iter()
                .map(|s| (*s).to_owned())
                .collect(),
            called: Vec::new(),
            ephemerals: Vec::new(),
            views: Vec::new(),
            clicks: HashMap::new(),
            deliveries: Vec::new(),
            files: BTreeMap::new(),
            apps: BTreeMap::new(),
            used: HashSet::new(),
            serial: 0,
        }
    }

    /// A number nobody had before.
    pub fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// A message id: the time, made unique.
    pub fn ts(&mut self, now: DateTime<Utc>) -> String {
        let mut micros = now.timestamp_micros();
        while !self.used.insert(micros) {
            micros += 1;
        }
        format!(
            "{}.{:06}",
            micros.div_euclid(1_000_000),
            micros.rem_euclid(1_000_000)
        )
    }

    /// Adds a message. A thread whose root is gone turns it into a top-level one, as in Slack.
    pub fn add(&mut self, channel: &str, draft: Draft, now: DateTime<Utc>) -> Option<Message> {
        let ts = self.ts(now);
        let blocks = self.with_ids(draft.blocks);
        let channel = self.channels.get_mut(channel)?;
        let root = |ts: &String| {
            let root = channel.live(ts).filter(|root| root.thread_ts.is_none());
            root.map(|root| root.ts.clone())
        };
        let message = Message {
            channel: channel.id.clone(),
            ts: ts.clone(),
            thread_ts: draft.thread_ts.as_ref().and_then(root),
            user: draft.user,
            bot_id: draft.bot_id,
            subtype: draft.subtype,
            text: draft.text,
            blocks,
            attachments: draft.attachments,
            reactions: Vec::new(),
            edits: Vec::new(),
            deleted: false,
            metadata: draft.metadata,
            files: draft.files,
        };
        channel.messages.insert(ts, message.clone());
        Some(message)
    }

    /// Gives every block an id, as Slack does.
    pub fn with_ids(&mut self, mut blocks: Vec<Value>) -> Vec<Value> {
        for block in &mut blocks {
            if block["block_id"].is_null() {
                block["block_id"] = format!("b{:05}", self.serial()).into();
            }
        }
        blocks
    }

    /// Changes a message; returns what it was, as JSON, and what it is.
    pub fn edit(
        &mut self,
        channel: &str,
        ts: &str,
        text: &str,
        (blocks, attachments): (Vec<Value>, Vec<Value>),
        now: DateTime<Utc>,
    ) -> Option<(Value, Message)> {
        let blocks = self.with_ids(blocks);
        let channel = self.channels.get_mut(channel)?;
        let before = channel.live(ts)?.json(channel);
        let message = channel.messages.get_mut(ts)?;
        message.edits.push(Edit {
            at: now,
            text: std::mem::replace(&mut message.text, text.to_owned()),
            blocks: std::mem::replace(&mut message.blocks, blocks),
        });
        message.attachments = attachments;
        Some((before, message.clone()))
    }

    /// Marks a message deleted; returns what it was.
    pub fn delete(&mut self, channel: &str, ts: &str) -> Option<Value> {
        let channel = self.channels.get_mut(channel)?;
        let before = channel.live(ts)?.json(channel);
        channel.messages.get_mut(ts)?.deleted = true;
        Some(before)
    }

    /// The direct channel between the bot and a person, opened if need be.
    pub fn direct(&mut self, user: &str) -> String {
        let id = format!("D{}", &user[1..]);
        self.channels.entry(id.clone()).or_insert_with(|| {
            let mut channel = Channel::new(&id, user, Kind::Direct);
            channel.members = [user.to_owned(), BOT_USER.to_owned()].into();
            channel
        });
        id
    }

    /// The id behind `#incidents`, `@alice`'s direct channel is `@alice`, and ids are themselves.
    pub fn channel_id(&self, name: &str) -> Option<String> {
        if self.channels.contains_key(name) {
            return Some(name.to_owned());
        }
        if let Some(person) = name.strip_prefix('@') {
            let user = self.user_id(person)?;
            return Some(format!("D{}", &user[1..]));
        }
        let bare = name.trim_start_matches('#');
        let found = self.channels.values().find(|c| c.name == bare);
        found.map(|channel| channel.id.clone())
    }

    /// The id behind `@alice`, `alice` or an id.
    pub fn user_id(&self, name: &str) -> Option<String> {
        let bare = name.trim_start_matches('@');
        self.people
            .values()
            .find(|person| person.name == bare || person.id == bare)
            .map(|person| person.id.clone())
    }

    /// What a person types, as Slack stores it: escaped, `@alice` as a mention.
    pub fn typed(&self, text: &str) -> String {
        let mut text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let mut people: Vec<&Person> = self.people.values().collect();
        // Longer names first: `@lead2` is not `@lead` and a 2.
        people.sort_by_key(|person| std::cmp::Reverse(person.name.len()));
        for person in people {
            text = text.replace(&format!("@{}", person.name), &format!("<@{}>", person.id));
        }
        text
    }
}

/// The block that Slack's editor makes of a typed text.
pub(crate) fn rich_text(text: &str) -> Value {
    let mut elements = Vec::new();
    let mut rest = text;
    let plain = |text: &str| {
        let text = text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        json!({ "type": "text", "text": text })
    };
    while let Some(at) = rest.find("<@") {
        let Some(end) = rest[at..].find('>') else {
            break;
        };
        if at > 0 {
            elements.push(plain(&rest[..at]));
        }
        elements.push(json!({ "type": "user", "user_id": rest[at + 2..at + end] }));
        rest = &rest[at + end + 1..];
    }
    if !rest.is_empty() {
        elements.push(plain(rest));
    }
    json!({
        "type": "rich_text",
        "elements": [{ "type": "rich_text_section", "elements": elements }],
    })
}
