//! An emoji under somebody else's message. It is an extra: what Slack refuses for good is given up.

use std::sync::atomic::Ordering;

use super::effects::{Held, slack_priority};
use super::refusals::{self, Failure};
use super::{Shared, crash_point};
use crate::clients::slack::SlackError;
use crate::incident::{Effect, IncidentId, Outgoing, Refusal};
use crate::store::StoreError;

/// What Slack answers an app that was installed with an older manifest.
const NO_SCOPE: &str = "missing_scope";

impl Shared {
    /// Puts it there, and saves what came of it.
    pub(super) async fn react(&self, id: &IncidentId, out: &Outgoing) -> Result<(), StoreError> {
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        let Effect::React { channel, ts, name } = &held.out.effect else {
            return Ok(());
        };
        let (channel, ts) = (channel.as_str(), ts.as_str());
        let priority = slack_priority(out.priority);
        crash_point("send-before");
        let put = self.parts.slack.react(priority, channel, ts, name).await;
        crash_point("send-after");
        match put {
            Ok(()) => self.sent(&held, Some(channel.to_owned()), None).await,
            Err(error) => self.not_put(&held, &error).await,
        }
    }

    async fn not_put(&self, held: &Held, error: &SlackError) -> Result<(), StoreError> {
        let scope = error.code() == Some(NO_SCOPE);
        if !scope {
            tracing::warn!(key = held.out.key.as_str(), %error, "an emoji was not put under a message");
        } else if !self.told_of_scope.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the Slack app lacks the scope reactions:write: paste deploy/slack-manifest.yaml and reinstall it"
            );
        }
        match refusals::sort(error, self.now()) {
            Failure::Refused(Refusal::Workspace { code }) if scope => {
                self.refused(held, Refusal::Permanent { code }).await
            }
            Failure::Refused(refusal) => self.refused(held, refusal).await,
            Failure::TryPlain(code) => self.refused(held, Refusal::Permanent { code }).await,
            Failure::Unclear => self.unclear(held).await,
        }
    }
}
