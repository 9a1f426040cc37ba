//! A person presses a button.

use std::fmt;

use serde_json::{Value, json};

use super::model::{APP, Button, Message, TEAM};
use super::state::Click;
use super::{Workspace, deliver};

/// There is no such button on that message; names those that are.
#[derive(Debug, PartialEq, Eq)]
pub struct NoSuchButton {
    wanted: String,
    there: Vec<String>,
}

impl fmt::Display for NoSuchButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no button \"{}\"; there are: {}",
            self.wanted,
            self.there.join(", ")
        )
    }
}

impl std::error::Error for NoSuchButton {}

impl Workspace {
    /// A person presses a button of a message, by its label or `action_id`, and says yes to its
    /// question if it asks one. Returns the click's `trigger_id`, by which its [`super::Delivery`]
    /// is found.
    ///
    /// # Errors
    /// When the message is gone or has no such button.
    ///
    /// # Panics
    /// When there is no such channel or person.
    pub fn press(
        &self,
        user: &str,
        channel: &str,
        ts: &str,
        button: &str,
    ) -> Result<String, NoSuchButton> {
        let (user, channel) = (self.user(user), self.channel(channel));
        let message = self.inner.look(|state| {
            let channel = state.channels.get(&channel)?;
            let message = channel.live(ts)?;
            Some((message.clone(), message.json(channel), channel.json()))
        });
        let buttons = message.as_ref().map(|m| m.0.buttons()).unwrap_or_default();
        let found = buttons
            .iter()
            .find(|b| b.text == button || b.action_id == button);
        let (Some((message, shown, place)), Some(found)) = (message, found) else {
            return Err(NoSuchButton {
                wanted: button.to_owned(),
                there: buttons.into_iter().map(|b| b.text).collect(),
            });
        };
        let (trigger, click) = self.click(&user, &message);
        let mut payload = self.payload(&user, &message, found);
        payload["message"] = shown;
        payload["channel"]["name"] = place["name"].as_str().unwrap_or("directmessage").into();
        payload["trigger_id"] = trigger.as_str().into();
        payload["response_url"] = format!("{}/response/{click}", self.server().url()).into();
        self.inner.deliver_click(trigger.clone(), &payload);
        Ok(trigger)
    }

    fn click(&self, user: &str, message: &Message) -> (String, String) {
        let (trigger, response) = (format!("FAKE.{}", deliver::uuid()), deliver::uuid());
        let click = Click {
            user: user.to_owned(),
            channel: message.channel.clone(),
            ts: message.ts.clone(),
            at: self.inner.clock.now(),
            uses: 0,
            exchanged: false,
        };
        self.inner.change(|state| {
            state.clicks.insert(trigger.clone(), click.clone());
            state.clicks.insert(response.clone(), click);
        });
        (trigger, response)
    }

    fn payload(&self, user: &str, message: &Message, button: &Button) -> Value {
        let name = self.inner.look(|state| {
            let person = state.people.get(user);
            person
                .map(|p| (p.name.clone(), p.team.clone()))
                .unwrap_or_default()
        });
        let mut container = json!({
            "type": "message", "message_ts": message.ts, "channel_id": message.channel,
            "is_ephemeral": false,
        });
        if let Some(thread) = &message.thread_ts {
            container["thread_ts"] = thread.as_str().into();
        }
        let mut action = button.element.clone();
        action["block_id"] = button.block_id.as_str().into();
        let now = self.inner.clock.now();
        action["action_ts"] =
            format!("{}.{:06}", now.timestamp(), now.timestamp_subsec_micros()).into();
        if let Some(fields) = action.as_object_mut() {
            fields.remove("confirm");
        }
        json!({
            "type": "block_actions", "api_app_id": APP, "token": "FAKE-verification-token",
            "user": { "id": user, "username": name.0, "name": name.0, "team_id": name.1 },
            "container": container, "team": { "id": TEAM, "domain": "sandbox" },
            "enterprise": null, "is_enterprise_install": false,
            "channel": { "id": message.channel }, "state": { "values": {} }, "actions": [action],
        })
    }
}
