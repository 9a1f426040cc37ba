//! Calls for the lead outside the thread: direct messages, several incidents in one where they come
//! together, and the webhook when nobody can be reached in Slack.

use std::sync::Arc;

use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::effects::Held;
use super::say::literal;
use super::{Happened, Shared, crash_point};
use crate::clients::pager::{Call, PagerError};
use crate::clients::slack::NewMessage;
use crate::incident::{Batch, IncidentId, Outgoing, PageFacts, Priority, Refusal, Stamp};
use crate::post::{self, Medium, SlackMessage, Words};
use crate::store::StoreError;
use crate::telemetry::intent_span;
use crate::text::Message;

/// More than this do not fit into one message; the others go in the next.
const MOST: usize = 20;

impl Shared {
    /// Starts a task for one direct message to one lead.
    pub(super) fn start_batch(self: &Arc<Self>, tasks: &mut JoinSet<()>, mut batch: Batch) {
        batch.pages.truncate(MOST);
        let names = batch.pages.iter().map(|(_, key)| key.as_str().to_owned());
        let busy: Vec<_> = names.filter_map(|name| self.take_up(name)).collect();
        if busy.len() < batch.pages.len() {
            // Another task has one of them: it comes again when that is done.
            return;
        }
        let shared = Arc::clone(self);
        let span = intent_span("page");
        let calling = async move {
            if let Err(error) = shared.call(&batch).await {
                tracing::error!(%error, "what came of a page could not be saved");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
            drop(busy);
        };
        tasks.spawn(calling.instrument(span));
    }

    async fn call(&self, batch: &Batch) -> Result<(), StoreError> {
        if let [(id, key)] = batch.pages.as_slice() {
            let Some(incident) = self.records.get(id) else {
                return Ok(());
            };
            let Some(out) = incident.outgoing(key).cloned() else {
                return Ok(());
            };
            return self.perform(id, out).await;
        }
        self.call_for_several(batch).await
    }

    /// One message for several incidents. Each key travels with it, so that each can be found.
    async fn call_for_several(&self, batch: &Batch) -> Result<(), StoreError> {
        let channel = match self.dm(&batch.to, Priority::Page).await {
            Ok(channel) => channel,
            Err(error) => {
                for (id, key) in &batch.pages {
                    self.unreachable(id, key, &error).await?;
                }
                return Ok(());
            }
        };
        let Ok(permit) = self.permit(&channel, Priority::Page).await else {
            return Ok(());
        };
        let mut held = Vec::new();
        for (id, key) in &batch.pages {
            held.extend(self.claim(id, key).await?);
        }
        // What has to be searched for first goes alone, later: its claim expires.
        held.retain(|one: &Held| !one.claim.look_first && !one.claim.look_only);
        let Some(first) = held.first() else {
            return Ok(());
        };
        if !held
            .iter()
            .all(|one| one.claim.may_send(one.since.elapsed()))
        {
            return Ok(());
        }
        let said = self.say_several(batch.to.as_str(), &held).await;
        let message = NewMessage {
            channel: channel.clone(),
            thread_ts: None,
            text: said.text,
            blocks: said.blocks.into(),
            broadcast: false,
        };
        crash_point("send-before");
        let result = self.parts.slack.post(permit, &message).await;
        crash_point("send-after");
        let carrier = first.out.key.clone();
        for one in &held {
            match &result {
                Ok(posted) => {
                    let (channel, ts) = (posted.channel.clone(), posted.ts.clone());
                    self.sent_with(one, Some(channel), Some(ts), Some(carrier.clone()))
                        .await?;
                }
                Err(error) => self.failed(one, error).await?,
            }
        }
        Ok(())
    }

    async fn say_several(&self, to: &str, held: &[Held]) -> SlackMessage {
        let language = held
            .first()
            .map_or(self.parts.language, |one| one.incident.ask.language);
        let words = Words::new(language, self.now());
        let redactor = &self.parts.redactor;
        let lines: Vec<Message> = held.iter().map(headline).collect();
        let stamp = |one: &'_ Held| (one.out.key.as_str().to_owned(), one.incident.version);
        let stamps: Vec<(String, u64)> = held.iter().map(stamp).collect();
        let first = Stamp {
            key: stamps.first().map_or("", |(key, _)| key.as_str()),
            version: 0,
            trace: None,
        };
        let mut message = post::several(to, &lines, first, &words, redactor);
        message.blocks.truncate(1);
        for ((one, line), (key, version)) in held.iter().zip(&lines).zip(&stamps) {
            let stamp = Stamp {
                key,
                version: *version,
                trace: None,
            };
            message
                .blocks
                .extend(post::line(line, &[], stamp, &words, redactor).blocks);
            if let Some(link) = self.link(&one.incident.root, Priority::Page).await {
                let label = words.say(&Message::new("page-thread"), Medium::Slack);
                message.blocks.push(serde_json::json!({"type": "context",
                    "elements": [{"type": "mrkdwn", "text": format!("<{link}|{label}>")}]}));
            }
        }
        message
    }

    /// Calls over `escalation.webhook`.
    pub(super) async fn webhook(
        &self,
        id: &IncidentId,
        out: &Outgoing,
        page: &PageFacts,
    ) -> Result<(), StoreError> {
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        let Some(pager) = &self.parts.pager else {
            let code = "no-webhook".to_owned();
            return self.refused(&held, Refusal::Permanent { code }).await;
        };
        let call = self.facts(&held, page).await;
        crash_point("send-before");
        let result = pager.call(&call).await;
        crash_point("send-after");
        match result {
            Ok(()) => self.sent(&held, None, None).await,
            Err(PagerError::Refused(code)) => {
                self.observe(Happened::Page("webhook-refused"));
                let code = format!("http_{code}");
                self.refused(&held, Refusal::Permanent { code }).await
            }
            Err(PagerError::Unclear(why)) => {
                tracing::warn!(why, "no clear answer from the webhook");
                self.unclear(&held).await
            }
        }
    }

    async fn facts(&self, held: &Held, page: &PageFacts) -> Call {
        let incident = &held.incident;
        let words = Words::new(incident.ask.language, self.now());
        let plain = |message: &Message| words.say(message, Medium::Text);
        let redact = |text: String| self.parts.redactor.redact(&text).into_owned();
        let because: Vec<String> = page
            .because
            .iter()
            .map(|why| plain(&post::said::reason(why)))
            .collect();
        Call {
            key: held.out.key.as_str().to_owned(),
            summary: redact(plain(&headline(held))),
            because: because.iter().map(|why| redact(why.clone())).collect(),
            incident: incident.id.as_str().to_owned(),
            environment: incident.environment.clone(),
            opened_at: incident.opened_at,
            link: self.link(&incident.root, Priority::Page).await,
        }
    }
}

/// The incident in one sentence.
fn headline(held: &Held) -> Message {
    let incident = &held.incident;
    match incident.diagnosis() {
        Some(diagnosis) => diagnosis.headline.clone(),
        None => literal(incident.ask.text.clone()),
    }
}
