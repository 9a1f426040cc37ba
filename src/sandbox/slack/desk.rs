//! The workspace over one person's shoulder: the channels they are in, their direct messages and
//! what is whispered to them, as JSON for a screen; and what they can do there besides writing.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::Workspace;
use super::model::{BOT_USER, Channel, Kind};
use super::state::State;

/// What one person sees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desk {
    /// Everyone: id, name, real name, whether an app.
    pub people: Vec<Value>,
    /// Their channels, direct ones last.
    pub channels: Vec<Value>,
    /// Messages and whispers by channel and `ts`, as `conversations.history` shows them, with
    /// `channel`, and `whisper` for what only they see. Deleted messages are not there.
    pub messages: BTreeMap<String, Value>,
}

/// The person or the place does not exist for whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not there: {0}")]
pub struct NotThere(pub &'static str);

impl Workspace {
    /// Changes whenever anything in the workspace does.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changes.subscribe()
    }

    /// What that person sees.
    ///
    /// # Errors
    /// When there is no such person, or it is an app.
    pub fn desk(&self, user: &str) -> Result<Desk, NotThere> {
        self.inner.look(|state| {
            let user = person(state, user)?;
            let mut desk = Desk {
                people: people(state),
                ..Desk::default()
            };
            for channel in state.channels.values() {
                if sees(channel, &user) {
                    desk.channels.push(place(channel));
                    desk.messages.extend(messages(channel));
                }
            }
            desk.channels
                .sort_by_key(|channel| channel["direct"] == true);
            let own = state.ephemerals.iter().filter(|one| one.user == user);
            desk.messages.extend(own.map(|one| {
                let shown = json!({
                    "channel": one.channel, "ts": one.ts, "thread_ts": one.thread_ts,
                    "user": BOT_USER, "text": one.text, "blocks": one.blocks, "whisper": true,
                });
                (format!("{}/{}", one.channel, one.ts), shown)
            }));
            Ok(desk)
        })
    }

    /// Checks that a person may write there, and in that thread if one is named.
    ///
    /// # Errors
    /// When one of them does not exist, or is not theirs.
    pub fn may_write(
        &self,
        user: &str,
        channel: &str,
        thread: Option<&str>,
    ) -> Result<(), NotThere> {
        self.inner.look(|state| {
            let user = person(state, user)?;
            let channel = state.channels.get(channel);
            let channel = channel.filter(|channel| sees(channel, &user));
            let channel = channel.ok_or(NotThere("channel"))?;
            match thread {
                Some(ts) if channel.live(ts).is_none() => Err(NotThere("thread")),
                _ => Ok(()),
            }
        })
    }

    /// A person adds a reaction, or takes theirs back. No event goes out: the app's manifest
    /// subscribes to none.
    ///
    /// # Errors
    /// When there is no such message for them.
    pub fn react(&self, user: &str, channel: &str, ts: &str, name: &str) -> Result<(), NotThere> {
        self.may_write(user, channel, None)?;
        self.inner.change(|state| {
            let reaction = (name.to_owned(), person(state, user)?);
            let message = state.channels.get_mut(channel);
            let message = message.and_then(|channel| channel.messages.get_mut(ts));
            let message = message.filter(|message| !message.deleted);
            let reactions = &mut message.ok_or(NotThere("message"))?.reactions;
            let before = reactions.len();
            reactions.retain(|one| *one != reaction);
            if reactions.len() == before {
                reactions.push(reaction);
            }
            Ok(())
        })
    }

    /// Opens a public channel with the members of `#incidents` in it. Returns its id.
    pub fn open_channel(&self, name: &str) -> String {
        let id = format!("C0{}", name.to_uppercase());
        self.inner.change(|state| {
            let mut channel = Channel::new(&id, name, Kind::Public);
            if let Some(incidents) = state.channels.get("C0INCIDENTS") {
                channel.members.clone_from(&incidents.members);
            }
            state.channels.entry(id.clone()).or_insert(channel);
        });
        id
    }

    /// Opens the direct channel between the bot and a person, as when they click on its name.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn open_direct(&self, user: &str) -> Result<String, NotThere> {
        let user = self.inner.look(|state| person(state, user))?;
        Ok(self.inner.change(|state| state.direct(&user)))
    }
}

/// The id of a person who is no app.
fn person(state: &State, name: &str) -> Result<String, NotThere> {
    let id = state.user_id(name).ok_or(NotThere("person"))?;
    let human = state.people.get(&id).is_some_and(|one| !one.is_bot);
    if human {
        Ok(id)
    } else {
        Err(NotThere("person"))
    }
}

fn sees(channel: &Channel, user: &str) -> bool {
    channel.members.contains(user)
}

fn people(state: &State) -> Vec<Value> {
    let shown = state.people.values().map(|one| {
        json!({
            "id": one.id, "name": one.name, "real_name": one.real_name, "bot": one.is_bot,
        })
    });
    shown.collect()
}

fn place(channel: &Channel) -> Value {
    json!({
        "id": channel.id, "name": channel.name, "direct": channel.kind == Kind::Direct,
        "shared": channel.ext_shared,
    })
}

fn messages(channel: &Channel) -> impl Iterator<Item = (String, Value)> {
    let live = channel.messages.values().filter(|one| !one.deleted);
    live.map(|message| {
        let mut shown = message.json(channel);
        // The root of a thread names itself there; on a screen it stands in the channel.
        shown["thread_ts"] = message.thread_ts.clone().into();
        shown["channel"] = channel.id.as_str().into();
        (format!("{}/{}", channel.id, message.ts), shown)
    })
}
