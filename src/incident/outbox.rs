//! The life of one outgoing message: claim, send, mark. A message is sent under a claim that was
//! saved first; after an unclear reply nothing happens until the claim expires, and the next one
//! looks in Slack before it sends. The model in `model_tests.rs` shows why each rule is there.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Claim, Effect, Ignored, Key, OutState, Outgoing, OwnerId, Receipt};
use crate::escalation::CancelReason;

/// How long a claim keeps others away. Must exceed [`HTTP_TIMEOUT`] plus the longest pause of a
/// process plus the time a request can live in the network; beyond that a message can double
/// (labelled as a repeat), never be lost.
pub const CLAIM_TTL: TimeDelta = TimeDelta::seconds(60);
/// The same for what may be done twice without harm: after a crash it is done again sooner.
const IDEMPOTENT_TTL: TimeDelta = TimeDelta::seconds(20);
/// How long a send may wait for Slack's reply.
pub const HTTP_TIMEOUT: Duration = Duration::from_secs(10);
/// A claim with less than this left must not begin to send.
pub const MIN_VALIDITY: Duration = Duration::from_secs(15);
/// First pause after a passing error; doubles up to [`MAX_PAUSE`].
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(1);
/// Longest pause after passing errors.
const MAX_PAUSE: TimeDelta = TimeDelta::seconds(60);

impl Claim {
    /// Whether its owner may begin to send now. `elapsed` is the monotonic time since the owner
    /// asked for the claim, so a clock that is set cannot stretch it.
    #[must_use]
    pub fn may_send(&self, elapsed: Duration) -> bool {
        let lifetime = (self.until - self.at).to_std().unwrap_or_default();
        !self.look_only && elapsed + MIN_VALIDITY <= lifetime
    }
}

impl Outgoing {
    /// Takes the right to send it. The caller commits before sending.
    pub(super) fn claim(&mut self, owner: OwnerId, now: DateTime<Utc>) -> Result<(), Ignored> {
        if !self.is_claimable(now) {
            return Err(Ignored::NotClaimable);
        }
        // Whoever held it went silent: the message may be in Slack.
        self.unclear |= matches!(self.state, OutState::Claimed(_));
        self.generation += 1;
        self.state = OutState::Claimed(Claim {
            owner,
            generation: self.generation,
            at: now,
            until: now + self.effect.claim_ttl(),
            look_first: self.unclear && self.effect.can_be_found(),
            look_only: self.unwanted.is_some(),
        });
        Ok(())
    }

    /// The claim of that generation, if it is the current one.
    pub(super) fn claim_of(&self, generation: u64) -> Result<&Claim, Ignored> {
        match &self.state {
            OutState::Claimed(claim) if claim.generation == generation => Ok(claim),
            _ => Err(Ignored::StaleClaim),
        }
    }

    /// Marks it as out.
    pub(super) fn mark_sent(&mut self, receipt: Receipt, carried_by: Option<Key>) {
        self.state = match carried_by {
            Some(into) if into != self.key => OutState::Coalesced {
                at: receipt.at,
                into,
            },
            _ => OutState::Sent(receipt),
        };
    }

    /// Gives it back, to be claimed again from `retry_at`, or after a pause that grows.
    pub(super) fn release(&mut self, retry_at: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        let doubled = FIRST_PAUSE * (1 << self.refused.min(6));
        self.refused += 1;
        self.not_before = retry_at.unwrap_or(now + doubled.min(MAX_PAUSE));
        self.state = OutState::Due;
    }

    /// Stops it. One that is being sent cannot be stopped: it is remembered as unwanted, so that
    /// it is edited when it arrives, and never sent again.
    pub(super) fn stop(&mut self, why: CancelReason, now: DateTime<Utc>) {
        match self.state {
            OutState::Due => self.state = OutState::Cancelled { at: now, why },
            OutState::Claimed(_) => self.unwanted = Some(why),
            _ => {}
        }
    }
}

impl Effect {
    /// The word for logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Post { .. } => "post",
            Self::Update { .. } => "update",
            Self::Dm { .. } => "direct-message",
            Self::Ephemeral { .. } => "ephemeral",
            Self::Webhook { .. } => "webhook",
            Self::Attach { .. } => "attach",
            Self::React { .. } => "react",
            Self::Silence { .. } => "silence",
            Self::Investigate { .. } => "investigate",
        }
    }

    /// Whether Slack can be asked if it arrived.
    fn can_be_found(&self) -> bool {
        matches!(
            self,
            Self::Post { .. } | Self::Dm { .. } | Self::Attach { .. }
        )
    }

    fn claim_ttl(&self) -> TimeDelta {
        if self.is_idempotent() {
            IDEMPOTENT_TTL
        } else {
            CLAIM_TTL
        }
    }

    /// Whether doing it twice does no harm, so that it is simply done again when unclear.
    pub(super) fn is_idempotent(&self) -> bool {
        matches!(
            self,
            Self::Update { .. }
                | Self::Webhook { .. }
                | Self::React { .. }
                | Self::Silence { .. }
                | Self::Investigate { .. }
        )
    }
}
