//! Messages to one person: whether they can be reached at all, their conversation with the bot, and
//! what it means when there is none.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use super::Shared;
use super::effects::{Place, slack_priority};
use super::refusals::{self, Failure};
use crate::clients::slack::SlackError;
use crate::escalation::{Skip, UserId};
use crate::incident::{Effect, IncidentId, Key, Outgoing, Priority, Refusal};
use crate::store::StoreError;

impl Shared {
    /// Sends a direct message.
    pub(super) async fn direct(
        &self,
        id: &IncidentId,
        out: &Outgoing,
        to: &UserId,
    ) -> Result<(), StoreError> {
        let channel = match self.dm(to, out.priority).await {
            Ok(channel) => channel,
            Err(error) => return self.unreachable(id, &out.key, &error).await,
        };
        let Ok(permit) = self.permit(&channel, out.priority).await else {
            return Ok(());
        };
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        let Effect::Dm { content, .. } = held.out.effect.clone() else {
            return Ok(());
        };
        let place = Place {
            channel,
            thread: None,
        };
        self.send(held, permit, place, &content).await
    }

    /// The direct conversation with a person who can be called: checked at send time (I22).
    pub(super) async fn dm(&self, to: &UserId, priority: Priority) -> Result<String, SlackError> {
        let priority = slack_priority(priority);
        let user = self.parts.slack.user(to.as_str(), priority).await;
        let gone = |error: &str| SlackError::Refused {
            error: error.to_owned(),
            detail: Vec::new(),
        };
        match user {
            Ok(user) if user.deleted => return Err(gone("user_disabled")),
            Ok(user) if user.is_bot => return Err(gone("cannot_dm_bot")),
            Err(error @ SlackError::Refused { .. }) if error.code() == Some("user_not_found") => {
                return Err(error);
            }
            // Not knowing is no reason not to call.
            _ => {}
        }
        if let Some(channel) = self.dms().get(to.as_str()).cloned() {
            return Ok(channel);
        }
        let channel = self.parts.slack.open_dm(to.as_str(), priority).await?;
        self.dms().insert(to.as_str().to_owned(), channel.clone());
        Ok(channel)
    }

    fn dms(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.dms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The conversation with a person could not be opened: nothing was sent, whatever the error.
    pub(super) async fn unreachable(
        &self,
        id: &IncidentId,
        key: &Key,
        error: &SlackError,
    ) -> Result<(), StoreError> {
        let Some(held) = self.claim(id, key).await? else {
            return Ok(());
        };
        let refusal = match refusals::sort_direct(error, self.now()) {
            Failure::Refused(refusal) => refusal,
            Failure::Unclear => Refusal::Temporary {
                code: error.outcome().to_owned(),
            },
            Failure::TryPlain(code) => Refusal::Recipient(Skip::Refused { code }),
        };
        self.refused(&held, refusal).await
    }
}
