//! Slack's JSON → what somebody said or pressed, or why it is none of our business. Pure.
//!
//! Events of the socket and messages of a catch-up take the same road: a message found by the
//! catch-up is dressed as the event it would have been ([`as_event`]).

mod alerts;

pub use alerts::Alerted;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::clients::slack::time_of;
use crate::escalation::UserId;
use crate::incident::{ButtonId, ChannelId, ThreadRef, Ts};
use crate::text::Untrusted;

/// Who we are in the workspace: our own words must never start anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Us {
    /// Workspace id.
    pub team_id: String,
    /// The bot user's id.
    pub user_id: String,
    /// The bot's id, as its messages carry it.
    pub bot_id: Option<String>,
    /// Whose messages are alerts, by channel: bots (`B…`) and apps (`A…`).
    pub alert_senders: Vec<(String, Vec<String>)>,
}

impl Us {
    /// Whether a message as Slack tells it is ours. Somebody else's cannot pass for it.
    #[must_use]
    pub fn wrote(&self, message: &Value) -> bool {
        let bot = self.bot_id.as_deref();
        message["user"] == self.user_id.as_str() || bot.is_some_and(|bot| message["bot_id"] == bot)
    }
}

/// Something that reached us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inbound {
    /// Somebody wrote something that may be for us.
    Said(Said),
    /// Somebody pressed a button.
    Pressed(Pressed),
    /// A bot that is believed posted alerts, or edited what it had posted.
    Alerted(Alerted),
    /// Nothing for us.
    Ignored(Why),
}

/// How a message addresses us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// It mentions us.
    Mention,
    /// It is in the direct conversation with us.
    Direct,
    /// It is a reply in some thread; ours only if the thread is.
    Reply,
}

/// A message of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Workspace of the writer, as far as the event tells.
    pub team: Option<String>,
    /// Conversation it is in.
    pub channel: ChannelId,
    /// Who wrote it.
    pub user: UserId,
    /// The message.
    pub ts: Ts,
    /// The thread it is in, when it is a reply.
    pub parent: Option<Ts>,
    /// How it addresses us.
    pub address: Address,
    /// The words, as Slack sends them (`&amp;`, `<@U…>`).
    pub text: Untrusted,
}

impl Said {
    /// The thread to answer in: the one it is in, else the one it starts.
    #[must_use]
    pub fn thread(&self) -> ThreadRef {
        let root = self.parent.as_ref().unwrap_or(&self.ts);
        ThreadRef::under(self.channel.clone(), root.clone())
    }

    /// When it was written, by Slack's clock (UTC).
    #[must_use]
    pub fn at(&self) -> Option<DateTime<Utc>> {
        time_of(self.ts.as_str())
    }
}

/// A button pressed by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// Workspace of the person, as far as the event tells.
    pub team: Option<String>,
    /// Conversation the message with the button is in.
    pub channel: ChannelId,
    /// Who pressed it.
    pub user: UserId,
    /// The message with the button.
    pub message: Ts,
    /// The thread that message is in, when it is a reply.
    pub parent: Option<Ts>,
    /// Which button.
    pub button: ButtonId,
    /// When, by Slack's clock.
    pub at: Option<DateTime<Utc>>,
}

impl Pressed {
    /// The thread to answer in.
    #[must_use]
    pub fn thread(&self) -> ThreadRef {
        let root = self.parent.as_ref().unwrap_or(&self.message);
        ThreadRef::under(self.channel.clone(), root.clone())
    }
}

/// Why something is none of our business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Our own message, or one that only quotes ours.
    OurOwn,
    /// Another bot's message.
    Bot,
    /// An edit or a deletion: people fix typos, and a look is not made twice for it.
    Edited,
    /// Talk in a channel that does not address us.
    NotForUs,
    /// A line of Slack itself: joins, topics, pins.
    System,
    /// A button of ours that carries no id, or a menu.
    NotAButton,
    /// Something the bot has no use for.
    Unused,
    /// It lacks what every event has: who, where, when.
    Incomplete,
}

impl Why {
    /// The word for metrics and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OurOwn => "our-own",
            Self::Bot => "bot",
            Self::Edited => "edited",
            Self::NotForUs => "not-for-us",
            Self::System => "system",
            Self::NotAButton => "not-a-button",
            Self::Unused => "unused",
            Self::Incomplete => "incomplete",
        }
    }
}

/// Longer messages are cut before they are looked at; Slack cuts at 40,000 characters itself.
const MAX_TEXT: usize = 12_000;

/// Reads an envelope of the socket, or the dressed-up message of a catch-up.
#[must_use]
pub fn read(envelope: &Value, us: &Us) -> Inbound {
    let payload = &envelope["payload"];
    match envelope["type"].as_str() {
        Some("events_api") => event(payload, us),
        Some("interactive") => interaction(payload),
        _ => Inbound::Ignored(Why::Unused),
    }
}

/// The names of an envelope: any of them seen before means that it was. `app_mention` and `message`
/// are two events for one message, and a catch-up finds it a third time: they share the message's name.
#[must_use]
pub fn keys(envelope: &Value) -> Vec<String> {
    let payload = &envelope["payload"];
    let mut keys = Vec::new();
    if let Some(id) = payload["event_id"].as_str() {
        keys.push(format!("event/{id}"));
    }
    let event = &payload["event"];
    if let (Some(channel), Some(ts)) = (event["channel"].as_str(), event["ts"].as_str()) {
        keys.push(format!("message/{channel}/{ts}"));
        // An event tells an edit, and later a catch-up may find it.
        let (of, edited) = (&event["message"]["ts"], &event["message"]["edited"]["ts"]);
        if let (Some(of), Some(edited)) = (of.as_str(), edited.as_str()) {
            keys.push(format!("edit/{channel}/{of}/{edited}"));
        }
    }
    for action in payload["actions"].as_array().into_iter().flatten() {
        if let (Some(user), Some(id), Some(ts)) = (
            payload["user"]["id"].as_str(),
            action["value"].as_str().or(action["action_id"].as_str()),
            action["action_ts"].as_str(),
        ) {
            keys.push(format!("press/{user}/{id}/{ts}"));
        }
    }
    if keys.is_empty()
        && let Some(id) = envelope["envelope_id"].as_str()
    {
        keys.push(format!("envelope/{id}"));
    }
    keys
}

/// Dresses a message of `conversations.history` or `.replies` as the event it would have been.
#[must_use]
pub fn as_event(mut message: Value, channel: &str, team: &str) -> Value {
    if let Some(fields) = message.as_object_mut() {
        fields.insert("channel".to_owned(), json!(channel));
        fields.entry("type").or_insert_with(|| json!("message"));
    }
    json!({"type": "events_api", "caught_up": true, "payload": {"team_id": team, "event": message}})
}

/// Dresses a message as the event that told its last edit; `None` when it was never edited.
#[must_use]
pub fn as_edit(message: &Value, channel: &str, team: &str) -> Option<Value> {
    let edited = message["edited"]["ts"].as_str()?;
    let event =
        json!({"type": "message", "subtype": "message_changed", "ts": edited, "message": message});
    Some(as_event(event, channel, team))
}

fn event(payload: &Value, us: &Us) -> Inbound {
    let event = &payload["event"];
    match event["type"].as_str() {
        Some("message" | "app_mention") => message(payload, event, us),
        Some(_) => Inbound::Ignored(Why::Unused),
        None => Inbound::Ignored(Why::Incomplete),
    }
}

fn message(payload: &Value, event: &Value, us: &Us) -> Inbound {
    if let Some(alerted) = alerts::read(event, us) {
        return Inbound::Alerted(alerted);
    }
    if let Some(why) = not_a_persons(event, us) {
        return Inbound::Ignored(why);
    }
    let (Some(channel), Some(user), Some(ts)) = (
        event["channel"].as_str(),
        event["user"].as_str(),
        event["ts"].as_str().filter(|ts| time_of(ts).is_some()),
    ) else {
        return Inbound::Ignored(Why::Incomplete);
    };
    let text: String = event["text"]
        .as_str()
        .unwrap_or_default()
        .chars()
        .take(MAX_TEXT)
        .collect();
    let parent = event["thread_ts"].as_str().filter(|parent| *parent != ts);
    let direct = event["channel_type"] == "im" || channel.starts_with('D');
    let mentioned = event["type"] == "app_mention" || text.contains(&format!("<@{}", us.user_id));
    let address = match (direct, mentioned, parent) {
        (true, ..) => Address::Direct,
        (_, true, _) => Address::Mention,
        (.., Some(_)) => Address::Reply,
        (.., None) => return Inbound::Ignored(Why::NotForUs),
    };
    Inbound::Said(Said {
        team: team_of(&event["user_team"], event, payload),
        channel: ChannelId::new(channel),
        user: UserId::new(user),
        ts: Ts::new(ts),
        parent: parent.map(Ts::new),
        address,
        text: Untrusted::new(text),
    })
}

/// Why a message is not a person's new message, if it is not. An infinite answer to oneself is the
/// classic fault of bots: the author is looked for wherever Slack may put a message.
fn not_a_persons(event: &Value, us: &Us) -> Option<Why> {
    let subtype = event["subtype"].as_str();
    let author = [
        "/user",
        "/message/user",
        "/root/user",
        "/previous_message/user",
    ]
    .iter()
    .find_map(|path| event.pointer(path)?.as_str());
    let bot = ["/bot_id", "/message/bot_id", "/previous_message/bot_id"]
        .iter()
        .find_map(|path| event.pointer(path)?.as_str());
    if author == Some(us.user_id.as_str()) || (bot.is_some() && bot == us.bot_id.as_deref()) {
        return Some(Why::OurOwn);
    }
    match subtype {
        Some("message_changed" | "message_deleted" | "message_replied") => Some(Why::Edited),
        Some("bot_message") => Some(Why::Bot),
        None | Some("file_share" | "thread_broadcast" | "me_message") => {
            let by_bot =
                bot.is_some() || event["bot_profile"].is_object() || author == Some("USLACKBOT");
            by_bot.then_some(Why::Bot)
        }
        Some(_) => Some(Why::System),
    }
}

fn interaction(payload: &Value) -> Inbound {
    if payload["type"] != "block_actions" {
        return Inbound::Ignored(Why::Unused);
    }
    let container = &payload["container"];
    let channel = payload["channel"]["id"]
        .as_str()
        .or(container["channel_id"].as_str());
    let message = payload["message"]["ts"]
        .as_str()
        .or(container["message_ts"].as_str());
    let (Some(channel), Some(user), Some(message)) =
        (channel, payload["user"]["id"].as_str(), message)
    else {
        return Inbound::Ignored(Why::Incomplete);
    };
    let action = &payload["actions"][0];
    // Links are buttons too, and carry nothing of ours.
    let Some(button) = action["value"].as_str().filter(|id| is_button_id(id)) else {
        return Inbound::Ignored(Why::NotAButton);
    };
    let parent = payload["message"]["thread_ts"]
        .as_str()
        .or(container["thread_ts"].as_str())
        .filter(|parent| *parent != message);
    Inbound::Pressed(Pressed {
        team: team_of(&payload["user"]["team_id"], &payload["team"], payload),
        channel: ChannelId::new(channel),
        user: UserId::new(user),
        message: Ts::new(message),
        parent: parent.map(Ts::new),
        button: ButtonId::new(button),
        at: action["action_ts"].as_str().and_then(time_of),
    })
}

/// Button ids are ours: letters and digits. Anything else was not made by this bot.
fn is_button_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The writer's own workspace first: on Slack Connect the event carries ours as `team_id`.
fn team_of(own: &Value, inner: &Value, payload: &Value) -> Option<String> {
    [own, &inner["team"], &inner["id"], &payload["team_id"]]
        .into_iter()
        .find_map(|team| team.as_str().filter(|team| team.starts_with(['T', 'E'])))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
