//! Looks in Slack for a message of ours by its key: the only way to learn whether a send that had
//! no clear answer arrived.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::Shared;
use crate::clients::slack::{HistoryPage, Priority, SlackError};
use crate::incident::{Key, Stamp};
use crate::intake::slack::Us;

/// `conversations.replies` may lag behind by seconds: asked twice, this far apart.
const LAG: TimeDelta = TimeDelta::seconds(3);
/// The message cannot be older than the decision to send it, but clocks differ.
const EARLIER: TimeDelta = TimeDelta::minutes(2);
/// Pages read in one search.
const MANY_PAGES: usize = 20;

impl Shared {
    /// The `ts` of the message that carries the key, if it is there.
    pub(super) async fn find(
        &self,
        channel: &str,
        thread: Option<&str>,
        key: &Key,
        since: DateTime<Utc>,
    ) -> Result<Option<String>, SlackError> {
        if let Some(ts) = self.find_once(channel, thread, key, since).await? {
            return Ok(Some(ts));
        }
        let clock = self.parts.time.clock();
        clock.sleep_until(clock.now() + LAG).await;
        self.find_once(channel, thread, key, since).await
    }

    async fn find_once(
        &self,
        channel: &str,
        thread: Option<&str>,
        key: &Key,
        since: DateTime<Utc>,
    ) -> Result<Option<String>, SlackError> {
        let oldest = format!("{}.000000", (since - EARLIER).timestamp());
        let mut cursor: Option<String> = None;
        for _ in 0..MANY_PAGES {
            let page = self
                .page(channel, thread, &oldest, cursor.as_deref())
                .await?;
            let found = page
                .messages
                .iter()
                .find(|message| carries(message, key, &self.parts.us));
            if let Some(ts) = found.and_then(|message| message["ts"].as_str()) {
                return Ok(Some(ts.to_owned()));
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        Ok(None)
    }

    async fn page(
        &self,
        channel: &str,
        thread: Option<&str>,
        oldest: &str,
        cursor: Option<&str>,
    ) -> Result<HistoryPage, SlackError> {
        let (slack, priority) = (&self.parts.slack, Priority::Page);
        match thread {
            Some(thread) => {
                slack
                    .replies(channel, thread, Some(oldest), cursor, priority)
                    .await
            }
            None => slack.history(channel, Some(oldest), cursor, priority).await,
        }
    }
}

/// Whether a message is ours and carries the key.
fn carries(message: &Value, key: &Key, us: &Us) -> bool {
    let blocks = message["blocks"].as_array().into_iter().flatten();
    us.wrote(message)
        && blocks
            .filter_map(|block| Stamp::parse(block["block_id"].as_str()?))
            .any(|found| found.key == key.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_our_own_message_counts() {
        let us = Us {
            team_id: "T1".into(),
            user_id: "UBOT".into(),
            bot_id: Some("BBOT".into()),
            ..Us::default()
        };
        let key = Key::new("C1-1.0/answer-1");
        let block_id = Stamp {
            key: key.as_str(),
            version: 3,
            trace: Some("production.1.1700000000.open"),
        }
        .block_id();
        let by = |who: Value| {
            let mut message = json!({"ts": "2.0", "blocks": [
                {"type": "section", "block_id": "x"}, {"type": "section", "block_id": block_id}]});
            message
                .as_object_mut()
                .unwrap()
                .extend(who.as_object().unwrap().clone());
            carries(&message, &key, &us)
        };
        assert!(by(json!({"user": "UBOT"})));
        assert!(by(json!({"bot_id": "BBOT"})));
        assert!(!by(json!({"user": "U1"})));
        let other = Key::new("C1-1.0/answer-10");
        let message = json!({"user": "UBOT", "blocks": [{"block_id": block_id}]});
        assert!(!carries(&message, &other, &us));
    }
}
