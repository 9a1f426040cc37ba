//! Links to threads. A link never changes, so Slack is asked once for each: when many questions turn
//! out to be one incident, all of their answers name the same thread, and `chat.getPermalink` is limited.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Shared;
use super::effects::slack_priority;
use crate::incident::{Priority, ThreadRef};
use crate::intake::turns::Turns;

/// More links than this are not kept.
const MANY: usize = 1_000;

/// The links that are known.
#[derive(Default)]
pub(super) struct Links {
    known: Mutex<HashMap<ThreadRef, String>>,
    turns: Turns,
}

impl Links {
    fn recall(&self, thread: &ThreadRef) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(thread).cloned()
    }

    fn remember(&self, thread: &ThreadRef, link: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MANY {
            known.clear();
        }
        known.insert(thread.clone(), link.to_owned());
    }
}

impl Shared {
    /// The link to a thread, when Slack tells it.
    pub(super) async fn link(&self, thread: &ThreadRef, priority: Priority) -> Option<String> {
        let ts = thread.ts.as_ref()?;
        let channel = thread.channel.as_str();
        // One who is in a hurry does not wait for the turn of one who is not.
        let name = format!("{priority:?} {channel} {}", ts.as_str());
        let _turn = self.links.turns.take(&name).await;
        if let Some(link) = self.links.recall(thread) {
            return Some(link);
        }
        let slack = &self.parts.slack;
        let link = slack.permalink(channel, ts.as_str(), slack_priority(priority));
        let link = link.await;
        let link = link.inspect_err(|error| tracing::warn!(%error, "no link to a thread"));
        let link = link.ok()?;
        self.links.remember(thread, &link);
        Some(link)
    }
}
