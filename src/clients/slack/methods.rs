//! The methods the bot uses, one function each. Each waits for its turn at the limiter.

use std::time::Duration;

use serde_json::{Value, json};

use super::api::Slack;
use super::error::SlackError;
use super::gate::Permit;
use super::limiter::{Method, Priority};
use super::types::{Channel, Edit, HistoryPage, Identity, NewMessage, Posted, User};

/// A bot in more channels than this should be given a list.
const MANY_CHANNELS: usize = 1_000;

impl Slack {
    /// Posts a message with a permit of [`Slack::permit_post`].
    pub async fn post(&self, permit: Permit, message: &NewMessage) -> Result<Posted, SlackError> {
        let body = self.post_json(permit, message.payload()).await?;
        let (Some(channel), Some(ts)) = (body["channel"].as_str(), body["ts"].as_str()) else {
            // `ok: true` without a ts: it is there, and we do not know where.
            return Err(SlackError::Unclear(
                "the answer names no message".to_owned(),
            ));
        };
        Ok(Posted {
            channel: channel.to_owned(),
            ts: ts.to_owned(),
            thread_ts: body["message"]["thread_ts"].as_str().map(str::to_owned),
        })
    }

    /// Sets the state of a message of ours. While several states of one message wait, only the
    /// newest is sent; the others return [`SlackError::Superseded`].
    pub async fn update(&self, priority: Priority, edit: &Edit) -> Result<(), SlackError> {
        let message = (edit.channel.clone(), edit.ts.clone());
        let permit = self
            .permit(Method::Update, Some(&edit.channel), priority, Some(message))
            .await?;
        self.post_json(permit, edit.payload()).await.map(drop)
    }

    /// How long a new message in that channel would wait for its turn now, and how long an edit would when so many
    /// edits were decided and are not in the queue yet.
    pub async fn backlogs(&self, channel: &str, edits: usize) -> (Duration, Duration) {
        (
            self.backlog(Method::PostMessage, channel, 0).await,
            self.backlog(Method::Update, channel, edits).await,
        )
    }

    /// Removes a message of ours. One that is already gone counts as removed.
    pub async fn delete(&self, channel: &str, ts: &str) -> Result<(), SlackError> {
        let permit = self
            .permit(Method::Delete, Some(channel), Priority::Answer, None)
            .await?;
        let payload = json!({"channel": channel, "ts": ts});
        match self.post_json(permit, payload).await {
            Err(error) if error.code() == Some("message_not_found") => Ok(()),
            other => other.map(drop),
        }
    }

    /// Puts an emoji under a message, by its name. One that is there already counts as put.
    pub async fn react(
        &self,
        priority: Priority,
        channel: &str,
        ts: &str,
        name: &str,
    ) -> Result<(), SlackError> {
        let permit = self
            .permit(Method::AddReaction, Some(channel), priority, None)
            .await?;
        let payload = json!({"channel": channel, "timestamp": ts, "name": name});
        match self.post_json(permit, payload).await {
            Err(error) if error.code() == Some("already_reacted") => Ok(()),
            other => other.map(drop),
        }
    }

    /// Shows a line to one person only; Slack does not promise that they see it.
    pub async fn ephemeral(
        &self,
        channel: &str,
        thread_ts: Option<&str>,
        user: &str,
        text: &str,
    ) -> Result<(), SlackError> {
        let permit = self
            .permit(Method::Ephemeral, Some(channel), Priority::FirstReply, None)
            .await?;
        let mut payload = json!({"channel": channel, "user": user, "text": text});
        if let Some(thread_ts) = thread_ts {
            payload["thread_ts"] = json!(thread_ts);
        }
        self.post_json(permit, payload).await.map(drop)
    }

    /// The direct conversation with a person, opened if need be.
    pub async fn open_dm(&self, user: &str, priority: Priority) -> Result<String, SlackError> {
        let permit = self.permit(Method::OpenDm, None, priority, None).await?;
        let body = self.post_json(permit, json!({"users": user})).await?;
        text_of(&body["channel"]["id"])
    }

    /// The link to a message.
    pub async fn permalink(
        &self,
        channel: &str,
        ts: &str,
        priority: Priority,
    ) -> Result<String, SlackError> {
        let permit = self.permit(Method::Permalink, None, priority, None).await?;
        let params = [
            ("channel", Some(channel.to_owned())),
            ("message_ts", Some(ts.to_owned())),
        ];
        let body = self.get(permit, &params).await?;
        text_of(&body["permalink"])
    }

    /// Who we are; the first call of every start.
    pub async fn identity(&self) -> Result<Identity, SlackError> {
        let permit = self
            .permit(Method::AuthTest, None, Priority::FirstReply, None)
            .await?;
        let body = self.get(permit, &[]).await?;
        Ok(Identity {
            team_id: text_of(&body["team_id"])?,
            user_id: text_of(&body["user_id"])?,
            bot_id: body["bot_id"].as_str().map(str::to_owned),
        })
    }

    /// A person, with their locale.
    pub async fn user(&self, id: &str, priority: Priority) -> Result<User, SlackError> {
        let permit = self.permit(Method::UserInfo, None, priority, None).await?;
        let params = [
            ("user", Some(id.to_owned())),
            ("include_locale", Some("true".to_owned())),
        ];
        let body = self.get(permit, &params).await?;
        User::parse(&body["user"]).ok_or_else(not_slack)
    }

    /// A conversation.
    pub async fn channel(&self, id: &str, priority: Priority) -> Result<Channel, SlackError> {
        let permit = self
            .permit(Method::ChannelInfo, None, priority, None)
            .await?;
        let body = self
            .get(permit, &[("channel", Some(id.to_owned()))])
            .await?;
        Channel::parse(&body["channel"]).ok_or_else(not_slack)
    }

    /// Whether a look-up of one conversation would have to wait for its turn.
    pub async fn would_wait_for_a_channel(&self) -> bool {
        !self.backlog(Method::ChannelInfo, "", 0).await.is_zero()
    }

    /// Ids of the channels the bot was invited to, public and private.
    pub async fn my_channels(&self) -> Result<Vec<String>, SlackError> {
        let channels = self.conversations(Priority::Progress).await?;
        Ok(channels.into_iter().map(|(id, _)| id).collect())
    }

    /// Ids of the bot's direct conversations.
    pub async fn my_direct_messages(&self) -> Result<Vec<String>, SlackError> {
        let direct = self.mine("im", Priority::Progress).await?;
        Ok(direct.into_iter().map(|(id, _)| id).collect())
    }

    /// The channels the bot was invited to, public and private: one call for two hundred. Nothing is
    /// known of a channel of which Slack does not say whether it is shared.
    pub async fn conversations(
        &self,
        priority: Priority,
    ) -> Result<Vec<(String, Option<Channel>)>, SlackError> {
        self.mine("public_channel,private_channel", priority).await
    }

    /// Conversations of these types that the bot is in.
    async fn mine(
        &self,
        types: &str,
        priority: Priority,
    ) -> Result<Vec<(String, Option<Channel>)>, SlackError> {
        let mut all = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let permit = self
                .permit(Method::MyConversations, None, priority, None)
                .await?;
            let params = [
                ("types", Some(types.to_owned())),
                ("exclude_archived", Some("true".to_owned())),
                ("limit", Some("200".to_owned())),
                ("cursor", cursor.take()),
            ];
            let body = self.get(permit, &params).await?;
            let channels = body["channels"].as_array().into_iter().flatten();
            all.extend(
                channels
                    .filter_map(|one| Some((one["id"].as_str()?.to_owned(), Channel::listed(one)))),
            );
            cursor = body["response_metadata"]["next_cursor"]
                .as_str()
                .filter(|cursor| !cursor.is_empty())
                .map(str::to_owned);
            if cursor.is_none() || all.len() > MANY_CHANNELS {
                return Ok(all);
            }
        }
    }

    /// A page of a channel's top-level messages newer than `oldest`, newest first.
    pub async fn history(
        &self,
        channel: &str,
        oldest: Option<&str>,
        cursor: Option<&str>,
        priority: Priority,
    ) -> Result<HistoryPage, SlackError> {
        let permit = self.permit(Method::History, None, priority, None).await?;
        let params = [
            ("channel", Some(channel.to_owned())),
            ("oldest", oldest.map(str::to_owned)),
            ("cursor", cursor.map(str::to_owned)),
            ("limit", Some("200".to_owned())),
        ];
        Ok(page_of(self.get(permit, &params).await?))
    }

    /// A page of a thread's messages newer than `oldest`, the thread's first message included.
    pub async fn replies(
        &self,
        channel: &str,
        thread_ts: &str,
        oldest: Option<&str>,
        cursor: Option<&str>,
        priority: Priority,
    ) -> Result<HistoryPage, SlackError> {
        let permit = self.permit(Method::Replies, None, priority, None).await?;
        let params = [
            ("channel", Some(channel.to_owned())),
            ("ts", Some(thread_ts.to_owned())),
            ("oldest", oldest.map(str::to_owned)),
            ("cursor", cursor.map(str::to_owned)),
            ("limit", Some("200".to_owned())),
        ];
        Ok(page_of(self.get(permit, &params).await?))
    }
}

fn page_of(mut body: Value) -> HistoryPage {
    let next_cursor = body["response_metadata"]["next_cursor"]
        .as_str()
        .filter(|cursor| !cursor.is_empty())
        .map(str::to_owned);
    let messages = match body["messages"].take() {
        Value::Array(messages) => messages,
        _ => Vec::new(),
    };
    HistoryPage {
        messages,
        next_cursor,
    }
}

fn text_of(value: &Value) -> Result<String, SlackError> {
    value.as_str().map(str::to_owned).ok_or_else(not_slack)
}

fn not_slack() -> SlackError {
    SlackError::Unclear("the answer lacks what the method promises".to_owned())
}
