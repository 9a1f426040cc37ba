//! One outgoing message or act: a turn at the limiter, a saved claim, a search if an earlier attempt
//! was unclear, the send, and what came of it. No store call is open while Slack is asked.

use std::time::Instant;

use chrono::{DateTime, Utc};

use super::refusals::{self, Failure};
use super::{Happened, Shared, crash_point};
use crate::clients::slack::{self, Edit, NewMessage, Permit, SlackError};
use crate::escalation::UserId;
use crate::incident::{
    ChannelId, Claim, Content, Effect, Event, Incident, IncidentId, Key, OutState, Outgoing,
    Priority, Receipt, Refusal, ThreadRef, Ts,
};
use crate::store::StoreError;

/// A message under our claim.
pub(super) struct Held {
    pub incident: Incident,
    pub out: Outgoing,
    pub claim: Claim,
    pub since: Instant,
}

/// Where a message goes.
pub(super) struct Place {
    pub channel: String,
    pub thread: Option<String>,
}

impl Shared {
    /// Does what an outgoing row says.
    pub(super) async fn perform(&self, id: &IncidentId, out: Outgoing) -> Result<(), StoreError> {
        match &out.effect {
            Effect::Post { thread, .. } => self.post(id, &out, thread).await,
            Effect::Dm { to, .. } => self.direct(id, &out, to).await,
            Effect::Update { of, .. } => self.update(id, &out, of).await,
            Effect::Ephemeral { thread, to, .. } => self.whisper_saved(id, &out, thread, to).await,
            Effect::Webhook { page } => self.webhook(id, &out, page).await,
            Effect::Attach { thread, .. } => self.attach(id, &out, thread).await,
            Effect::React { .. } => self.react(id, &out).await,
            Effect::Silence { .. } => self.silence(id, &out).await,
            Effect::Investigate { .. } => self.investigate(id, &out).await,
        }
    }

    /// Takes the right to send one message; `None` if it may not be sent now.
    pub(super) async fn claim(
        &self,
        id: &IncidentId,
        key: &Key,
    ) -> Result<Option<Held>, StoreError> {
        crash_point("claim-before");
        let since = Instant::now();
        let event = Event::Claim {
            key: key.clone(),
            owner: self.owner.clone(),
        };
        let Some(decision) = self.records.change(id, event).await? else {
            return Ok(None);
        };
        if !decision.changed() {
            return Ok(None);
        }
        crash_point("claim-committed");
        let incident = decision.incident;
        let Some(out) = incident.outgoing(key).cloned() else {
            return Ok(None);
        };
        let OutState::Claimed(claim) = out.state.clone() else {
            return Ok(None);
        };
        Ok((claim.owner == self.owner).then_some(Held {
            incident,
            out,
            claim,
            since,
        }))
    }

    async fn post(
        &self,
        id: &IncidentId,
        out: &Outgoing,
        thread: &ThreadRef,
    ) -> Result<(), StoreError> {
        let channel = thread.channel.as_str();
        let Ok(permit) = self.permit(channel, out.priority).await else {
            return Ok(());
        };
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        // The record may have moved the thread since the row was listed.
        let Effect::Post { thread, content } = &held.out.effect else {
            return Ok(());
        };
        let place = Place {
            channel: thread.channel.as_str().to_owned(),
            thread: thread.ts.as_ref().map(|ts| ts.as_str().to_owned()),
        };
        let content = content.clone();
        self.send(held, permit, place, &content).await
    }

    pub(super) async fn permit(
        &self,
        channel: &str,
        priority: Priority,
    ) -> Result<Permit, SlackError> {
        self.parts
            .slack
            .permit_post(channel, slack_priority(priority))
            .await
    }

    /// Searches if need be, sends, and saves what came of it.
    pub(super) async fn send(
        &self,
        held: Held,
        permit: Permit,
        place: Place,
        content: &Content,
    ) -> Result<(), StoreError> {
        if held.claim.look_first || held.claim.look_only {
            let found = self
                .find(
                    &place.channel,
                    place.thread.as_deref(),
                    &held.out.key,
                    held.out.created_at,
                )
                .await;
            match found {
                Ok(Some(ts)) => return self.sent(&held, Some(place.channel), Some(ts)).await,
                Ok(None) if held.claim.look_only => return self.not_found(&held).await,
                Ok(None) => {}
                // Not having been able to look is no reason to send: the claim expires.
                Err(error) => {
                    tracing::warn!(%error, "cannot look for an earlier attempt");
                    return Ok(());
                }
            }
        }
        if !held.claim.may_send(held.since.elapsed()) {
            return Ok(());
        }
        let incident = &held.incident;
        // A first attempt that searched, because the store was lost, found nothing and repeats nothing.
        let repeat = held.claim.look_first && held.out.generation > 1;
        let said = self.say(incident, content, &held.out, repeat).await;
        let message = NewMessage {
            channel: place.channel.clone(),
            thread_ts: place.thread.clone(),
            text: said.text.clone(),
            blocks: said.blocks.clone().into(),
            broadcast: false,
        };
        crash_point("send-before");
        let mut result = self.parts.slack.post(permit, &message).await;
        if let Err(error) = &result
            && let Failure::TryPlain(code) = refusals::sort(error, self.now())
        {
            tracing::warn!(code, "Slack refused the blocks: sending plain text");
            result = self.post_plain(&message).await;
        }
        crash_point("send-after");
        self.settle(&held, &place, result).await
    }

    /// The same message as plain text: blocks are an enhancement, never a failure.
    async fn post_plain(&self, message: &NewMessage) -> Result<slack::Posted, SlackError> {
        let permit = self
            .parts
            .slack
            .permit_post(&message.channel, slack::Priority::FirstReply)
            .await?;
        let plain = NewMessage {
            blocks: plain_blocks(&message.text, &message.blocks),
            ..message.clone()
        };
        self.parts.slack.post(permit, &plain).await
    }

    async fn settle(
        &self,
        held: &Held,
        place: &Place,
        result: Result<slack::Posted, SlackError>,
    ) -> Result<(), StoreError> {
        match result {
            Ok(posted) if place.thread.is_some() && posted.thread_ts.is_none() => {
                // The thread's first message is gone, and Slack made a top-level post of the reply.
                tracing::warn!("a reply became a top-level message: removing it");
                if let Err(error) = self.parts.slack.delete(&posted.channel, &posted.ts).await {
                    tracing::warn!(%error, "the stray message could not be removed");
                }
                self.refused(held, Refusal::ThreadGone).await
            }
            Ok(posted) => self.sent(held, Some(posted.channel), Some(posted.ts)).await,
            Err(error) => self.failed(held, &error).await,
        }
    }

    async fn update(&self, id: &IncidentId, out: &Outgoing, of: &Key) -> Result<(), StoreError> {
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        let Effect::Update { content, .. } = &held.out.effect else {
            return Ok(());
        };
        let target = held.incident.outgoing(of).map(|target| &target.state);
        let Some(OutState::Sent(Receipt {
            channel: Some(channel),
            ts: Some(ts),
            ..
        })) = target
        else {
            return Ok(());
        };
        let (channel, ts) = (channel.as_str().to_owned(), ts.as_str().to_owned());
        let said = self.say(&held.incident, content, &held.out, false).await;
        let mut edit = Edit {
            channel: channel.clone(),
            ts: ts.clone(),
            text: said.text.clone(),
            blocks: said.blocks.clone().into(),
        };
        let priority = slack_priority(out.priority);
        crash_point("send-before");
        let mut result = self.parts.slack.update(priority, &edit).await;
        if let Err(error) = &result
            && let Failure::TryPlain(code) = refusals::sort(error, self.now())
        {
            tracing::warn!(
                code,
                "Slack refused the blocks of an edit: sending plain text"
            );
            edit.blocks = plain_blocks(&edit.text, &edit.blocks);
            result = self.parts.slack.update(priority, &edit).await;
        }
        crash_point("send-after");
        match result {
            Ok(()) | Err(SlackError::Superseded) => self.sent(&held, Some(channel), Some(ts)).await,
            Err(error) => self.failed(&held, &error).await,
        }
    }

    async fn whisper_saved(
        &self,
        id: &IncidentId,
        out: &Outgoing,
        thread: &ThreadRef,
        to: &UserId,
    ) -> Result<(), StoreError> {
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        let Effect::Ephemeral { content, .. } = &held.out.effect else {
            return Ok(());
        };
        let said = self.say(&held.incident, content, &held.out, false).await;
        let channel = thread.channel.as_str();
        let ts = thread.ts.as_ref().map(Ts::as_str);
        let sent = self
            .parts
            .slack
            .ephemeral(channel, ts, to.as_str(), &said.text)
            .await;
        match sent {
            Ok(()) => self.sent(&held, Some(channel.to_owned()), None).await,
            Err(error) => self.failed(&held, &error).await,
        }
    }

    /// Saves that a message is out.
    pub(super) async fn sent(
        &self,
        held: &Held,
        channel: Option<String>,
        ts: Option<String>,
    ) -> Result<(), StoreError> {
        self.sent_with(held, channel, ts, None).await
    }

    /// The same, for a message that another one carried.
    pub(super) async fn sent_with(
        &self,
        held: &Held,
        channel: Option<String>,
        ts: Option<String>,
        carried_by: Option<Key>,
    ) -> Result<(), StoreError> {
        let at = self.now();
        self.note(held, "sent", at);
        let event = Event::Sent {
            key: held.out.key.clone(),
            generation: held.claim.generation,
            receipt: Receipt {
                at,
                channel: channel.map(ChannelId::new),
                ts: ts.map(Ts::new),
            },
            carried_by,
        };
        self.records.change(&held.incident.id, event).await?;
        crash_point("sent-committed");
        Ok(())
    }

    pub(super) async fn not_found(&self, held: &Held) -> Result<(), StoreError> {
        let event = Event::NotFound {
            key: held.out.key.clone(),
            generation: held.claim.generation,
        };
        self.records.change(&held.incident.id, event).await?;
        Ok(())
    }

    /// Saves what an error means.
    pub(super) async fn failed(&self, held: &Held, error: &SlackError) -> Result<(), StoreError> {
        let direct = matches!(held.out.effect, Effect::Dm { .. });
        let sorted = if direct {
            refusals::sort_direct(error, self.now())
        } else {
            refusals::sort(error, self.now())
        };
        tracing::warn!(key = held.out.key.as_str(), %error, "a message was not sent");
        match sorted {
            Failure::Refused(refusal) => self.refused(held, refusal).await,
            Failure::TryPlain(code) => self.refused(held, Refusal::Permanent { code }).await,
            Failure::Unclear => self.unclear(held).await,
        }
    }

    pub(super) async fn refused(&self, held: &Held, refusal: Refusal) -> Result<(), StoreError> {
        self.note(held, "refused", self.now());
        let event = Event::Refused {
            key: held.out.key.clone(),
            generation: held.claim.generation,
            refusal,
        };
        self.records.change(&held.incident.id, event).await?;
        Ok(())
    }

    pub(super) async fn unclear(&self, held: &Held) -> Result<(), StoreError> {
        self.note(held, "unclear", self.now());
        let event = Event::Unclear {
            key: held.out.key.clone(),
            generation: held.claim.generation,
        };
        self.records.change(&held.incident.id, event).await?;
        Ok(())
    }

    fn note(&self, held: &Held, outcome: &'static str, now: DateTime<Utc>) {
        if held.out.page().is_some() {
            tracing::info!(key = held.out.key.as_str(), outcome, "page");
            self.observe(Happened::Page(outcome));
        }
        let first = held.out.priority == Priority::FirstReply;
        if first && outcome == "sent" && matches!(held.out.effect, Effect::Post { .. }) {
            let took = (now - held.out.created_at).to_std().unwrap_or_default();
            self.observe(Happened::FirstReply(took));
        }
    }
}

/// One section with the notification text, under the id that lets the message be found.
fn plain_blocks(text: &str, blocks: &serde_json::Value) -> serde_json::Value {
    let block_id = blocks[0]["block_id"].clone();
    let text: String = text.chars().take(2_900).collect();
    serde_json::json!([{"type": "section", "block_id": block_id,
        "text": {"type": "plain_text", "text": text, "emoji": false}}])
}

/// The limiter's word for an outgoing's priority.
pub(super) fn slack_priority(priority: Priority) -> slack::Priority {
    match priority {
        Priority::Page => slack::Priority::Page,
        Priority::FirstReply => slack::Priority::FirstReply,
        Priority::Answer => slack::Priority::Answer,
        Priority::Progress => slack::Priority::Progress,
    }
}
