//! The workspace as tests see it: a copy of one moment, and what can be asked of it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::deliver::Delivery;
use super::model::Message;
use super::state::{Called, Ephemeral, State, View};

/// What was waited for did not happen in time; shows what did.
#[derive(Debug)]
pub struct TimedOut {
    pub(super) after: Duration,
    pub(super) scene: String,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not within {:?}; the workspace:\n{}",
            self.after, self.scene
        )
    }
}

impl std::error::Error for TimedOut {}

/// A copy of the workspace at one moment.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Every message, also the deleted ones, in the order of time.
    pub messages: Vec<Message>,
    /// Messages only one person sees.
    pub ephemerals: Vec<Ephemeral>,
    /// Modals.
    pub views: Vec<View>,
    /// Web API calls so far.
    pub called: Vec<Called>,
    /// What was sent to the bot.
    pub deliveries: Vec<Delivery>,
    /// Sockets open now.
    pub sockets: usize,
    /// Sockets opened ever.
    pub sockets_opened: u64,
}

impl Scene {
    pub(super) fn of(state: &State, sockets: usize, sockets_opened: u64) -> Self {
        let mut messages: Vec<Message> = state
            .channels
            .values()
            .flat_map(|channel| channel.messages.values().cloned())
            .collect();
        messages.sort_by(|a, b| a.ts.cmp(&b.ts));
        Self {
            messages,
            ephemerals: state.ephemerals.clone(),
            views: state.views.clone(),
            called: state.called.clone(),
            deliveries: state.deliveries.clone(),
            sockets,
            sockets_opened,
        }
    }

    /// A thread: the root, then the replies.
    #[must_use]
    pub fn thread(&self, channel: &str, ts: &str) -> Vec<Message> {
        let in_it = |m: &&Message| m.ts == ts || m.thread_ts.as_deref() == Some(ts);
        let all = self
            .messages
            .iter()
            .filter(|m| m.channel == channel && !m.deleted);
        all.filter(in_it).cloned().collect()
    }

    /// The bot's messages in a thread, oldest first.
    #[must_use]
    pub fn answers(&self, channel: &str, ts: &str) -> Vec<Message> {
        let mut thread = self.thread(channel, ts);
        thread.retain(Message::from_bot);
        thread
    }

    /// The oracle for doubles: for every `block_id` that starts with `prefix`, the bot's messages
    /// that ever carried it (also before an edit), as channel and `ts`.
    #[must_use]
    pub fn by_block_id(&self, prefix: &str) -> BTreeMap<String, Vec<(String, String)>> {
        let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for message in self.messages.iter().filter(|m| m.from_bot()) {
            let before = message.edits.iter().flat_map(|edit| &edit.blocks);
            let mut ids: Vec<&str> = message
                .blocks
                .iter()
                .chain(before)
                .filter_map(|block| block["block_id"].as_str())
                .filter(|id| id.starts_with(prefix))
                .collect();
            ids.sort_unstable();
            ids.dedup();
            for id in ids {
                let place = (message.channel.clone(), message.ts.clone());
                found.entry(id.to_owned()).or_default().push(place);
            }
        }
        found
    }

    /// How often a method was called.
    #[must_use]
    pub fn calls_of(&self, method: &str) -> usize {
        self.called
            .iter()
            .filter(|call| call.method == method)
            .count()
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} sockets, {} opened so far",
            self.sockets, self.sockets_opened
        )?;
        for m in self.messages.iter().filter(|m| !m.deleted) {
            let indent = if m.thread_ts.is_some() { "    " } else { "" };
            let author = if m.user.is_empty() {
                m.bot_id.as_deref()
            } else {
                Some(m.user.as_str())
            };
            // A message of Alertmanager has its words in an attachment.
            let title = || m.attachments.first()?["title"].as_str();
            let text = Some(m.text.as_str()).filter(|text| !text.is_empty());
            let first = text.or_else(title).unwrap_or_default().lines().next();
            let first = first.unwrap_or_default();
            writeln!(
                f,
                "{indent}{} {} {}: {first}",
                m.channel,
                m.ts,
                author.unwrap_or("?")
            )?;
        }
        let unheard = self.deliveries.iter().filter(|d| d.acked_after().is_none());
        for delivery in unheard {
            writeln!(f, "not acknowledged: {} {}", delivery.event, delivery.id)?;
        }
        Ok(())
    }
}
