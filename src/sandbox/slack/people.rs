//! The people: what they post, and what tests see over their shoulders.

use std::time::Duration;

use serde_json::Value;

use super::Workspace;
use super::model::{Channel, Message, Person};
use super::scene::{Scene, TimedOut};
use super::state::{Draft, rich_text};

impl Workspace {
    /// A person writes in a channel (`#incidents`, or `@alice` for her direct channel with the
    /// bot). `@name` in the text becomes a mention. Returns the message's `ts`.
    ///
    /// # Panics
    /// When there is no such channel or person: the test is wrong.
    pub fn post(&self, channel: &str, user: &str, text: &str) -> String {
        self.say(channel, user, text, None)
    }

    /// A person answers in a thread.
    ///
    /// # Panics
    /// As [`Self::post`].
    pub fn reply(&self, channel: &str, thread_ts: &str, user: &str, text: &str) -> String {
        self.say(channel, user, text, Some(thread_ts))
    }

    /// A person writes to the bot directly.
    ///
    /// # Panics
    /// When there is no such person.
    pub fn dm(&self, user: &str, text: &str) -> String {
        let id = self.user(user);
        let channel = self.inner.change(|state| state.direct(&id));
        self.say(&channel, user, text, None)
    }

    fn say(&self, channel: &str, user: &str, text: &str, thread: Option<&str>) -> String {
        let channel = self.channel(channel);
        let user = self.user(user);
        let typed = self.inner.look(|state| state.typed(text));
        let draft = Draft {
            user,
            thread_ts: thread.map(str::to_owned),
            blocks: vec![rich_text(&typed)],
            text: typed,
            ..Draft::default()
        };
        self.put(&channel, draft)
    }

    /// An app or an incoming webhook writes: `bot_id` and `attachments` as Alertmanager's. Without
    /// a `user`, it is a `bot_message`.
    ///
    /// # Panics
    /// When there is no such channel.
    pub fn post_as_bot(
        &self,
        channel: &str,
        bot_id: &str,
        text: &str,
        attachments: Vec<Value>,
    ) -> String {
        let draft = Draft {
            bot_id: Some(bot_id.to_owned()),
            subtype: Some("bot_message".to_owned()),
            text: text.to_owned(),
            attachments,
            ..Draft::default()
        };
        self.put(&self.channel(channel), draft)
    }

    fn put(&self, channel: &str, draft: Draft) -> String {
        let now = self.inner.clock.now();
        let added = self.inner.change(|state| state.add(channel, draft, now));
        let Some(message) = added else {
            panic!("no channel {channel}");
        };
        self.inner.announce(&message);
        message.ts
    }

    /// A person changes their message.
    ///
    /// # Panics
    /// When there is no such message.
    pub fn edit(&self, channel: &str, ts: &str, text: &str) {
        let channel = self.channel(channel);
        let typed = self.inner.look(|state| state.typed(text));
        let blocks = vec![rich_text(&typed)];
        assert!(
            self.inner.edit(&channel, ts, &typed, (blocks, Vec::new())),
            "no message {ts} in {channel}"
        );
    }

    /// A bot changes its message, as `chat.update` does with attachments.
    ///
    /// # Panics
    /// When there is no such message.
    pub fn edit_as_bot(&self, channel: &str, ts: &str, attachments: Vec<Value>) {
        let channel = self.channel(channel);
        assert!(
            self.inner.edit(&channel, ts, "", (Vec::new(), attachments)),
            "no message {ts} in {channel}"
        );
    }

    /// A message is deleted.
    ///
    /// # Panics
    /// When there is no such message.
    pub fn delete(&self, channel: &str, ts: &str) {
        let channel = self.channel(channel);
        assert!(
            self.inner.remove(&channel, ts),
            "no message {ts} in {channel}"
        );
    }

    /// Changes what a person is: deactivated, a guest, not to be disturbed.
    ///
    /// # Panics
    /// When there is no such person.
    pub fn change_person(&self, user: &str, change: impl FnOnce(&mut Person)) {
        let id = self.user(user);
        self.inner
            .change(|state| state.people.get_mut(&id).map(change));
    }

    /// Changes a channel: its members, archived, shared.
    ///
    /// # Panics
    /// When there is no such channel.
    pub fn change_channel(&self, channel: &str, change: impl FnOnce(&mut Channel)) {
        let id = self.channel(channel);
        self.inner
            .change(|state| state.channels.get_mut(&id).map(change));
    }

    /// Sets the members of a user group (`S0LEADS`).
    ///
    /// # Panics
    /// When there is no such person.
    pub fn set_group(&self, group: &str, users: &[&str]) {
        let users = users.iter().map(|user| self.user(user)).collect();
        self.inner
            .change(|state| state.groups.insert(group.to_owned(), users));
    }

    /// The id of `#incidents`, or of `@alice`'s direct channel.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn channel(&self, name: &str) -> String {
        let found = self.inner.look(|state| state.channel_id(name));
        found.unwrap_or_else(|| panic!("no channel {name}"))
    }

    /// Whether there is such a channel.
    #[must_use]
    pub fn has_channel(&self, name: &str) -> bool {
        self.inner.look(|state| state.channel_id(name)).is_some()
    }

    /// Whether there is such a person.
    #[must_use]
    pub fn has_user(&self, name: &str) -> bool {
        self.inner.look(|state| state.user_id(name)).is_some()
    }

    /// The id of `@alice`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn user(&self, name: &str) -> String {
        let found = self.inner.look(|state| state.user_id(name));
        found.unwrap_or_else(|| panic!("no person {name}"))
    }

    /// Everything as it is now.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let (open, opened) = self.inner.hub.count();
        self.inner.look(|state| Scene::of(state, open, opened))
    }

    /// The messages of a thread that are still there: the root first.
    ///
    /// # Panics
    /// When there is no such channel.
    #[must_use]
    pub fn thread(&self, channel: &str, ts: &str) -> Vec<Message> {
        let channel = self.channel(channel);
        self.scene().thread(&channel, ts)
    }

    /// Waits until `wanted` finds something; looks again at each change.
    ///
    /// # Errors
    /// [`TimedOut`] after ten seconds of real time.
    pub async fn wait_for<T>(
        &self,
        wanted: impl FnMut(&Scene) -> Option<T>,
    ) -> Result<T, TimedOut> {
        self.wait_within(Duration::from_secs(10), wanted).await
    }

    /// As [`Self::wait_for`], with another deadline.
    ///
    /// # Errors
    /// [`TimedOut`] after that much real time.
    pub async fn wait_within<T>(
        &self,
        deadline: Duration,
        mut wanted: impl FnMut(&Scene) -> Option<T>,
    ) -> Result<T, TimedOut> {
        let mut changes = self.inner.changes.subscribe();
        let found = tokio::time::timeout(deadline, async {
            loop {
                changes.mark_unchanged();
                if let Some(found) = wanted(&self.scene()) {
                    return found;
                }
                if changes.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        });
        found.await.map_err(|_| TimedOut {
            after: deadline,
            scene: self.scene().to_string(),
        })
    }
}
