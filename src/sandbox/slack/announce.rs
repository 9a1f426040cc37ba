//! What happens in the workspace, told to the bot as events.

use std::sync::Arc;

use serde_json::Value;

use super::model::{BOT_USER, Kind, Message};
use super::{Inner, events};

impl Inner {
    /// Sends the events of a new message, if the bot can see it.
    pub(crate) fn announce(self: &Arc<Self>, message: &Message) {
        let (seen, shared, events) = self.look(|state| {
            let Some(channel) = state.channels.get(&message.channel) else {
                return (false, false, Vec::new());
            };
            let mention = message.text.contains(&format!("<@{BOT_USER}>"))
                && channel.kind != Kind::Direct
                && !message.from_bot();
            let mut events = vec![events::message(channel, message)];
            if mention {
                events.insert(0, events::mention(channel, message));
            }
            if state
                .people
                .get(&message.user)
                .is_some_and(|p| p.is_stranger)
            {
                events.iter_mut().for_each(events::mark_stranger);
            }
            (
                channel.members.contains(BOT_USER),
                channel.ext_shared,
                events,
            )
        });
        if seen {
            for event in events {
                self.emit(&event, shared);
            }
        }
    }

    /// Sends one event.
    pub(crate) fn emit(self: &Arc<Self>, event: &Value, shared: bool) {
        let now = self.clock.now();
        let id = self.change(|state| format!("Ev0{:07}", state.serial()));
        self.deliver(events::callback(event, &id, now.timestamp(), shared));
    }

    /// Changes a message and says so; whether it was there.
    pub(crate) fn edit(
        self: &Arc<Self>,
        channel: &str,
        ts: &str,
        text: &str,
        content: (Vec<Value>, Vec<Value>),
    ) -> bool {
        let now = self.clock.now();
        let event = self.change(|state| {
            let (before, after) = state.edit(channel, ts, text, content, now)?;
            let event_ts = state.ts(now);
            let channel = state.channels.get(channel)?;
            let seen = channel.members.contains(BOT_USER);
            let event = events::changed(channel, &before, &after, &event_ts);
            Some((event, seen, channel.ext_shared))
        });
        self.tell(event)
    }

    /// Deletes a message and says so; whether it was there.
    pub(crate) fn remove(self: &Arc<Self>, channel: &str, ts: &str) -> bool {
        let now = self.clock.now();
        let event = self.change(|state| {
            let before = state.delete(channel, ts)?;
            let event_ts = state.ts(now);
            let channel = state.channels.get(channel)?;
            let seen = channel.members.contains(BOT_USER);
            Some((
                events::deleted(channel, &before, &event_ts),
                seen,
                channel.ext_shared,
            ))
        });
        self.tell(event)
    }

    fn tell(self: &Arc<Self>, event: Option<(Value, bool, bool)>) -> bool {
        match event {
            Some((event, true, shared)) => {
                self.emit(&event, shared);
                true
            }
            Some(_) => true,
            None => false,
        }
    }
}
