//! What an incident waits for: the questions that the engine asks about a saved record.

use chrono::{DateTime, Utc};

use super::{
    Button, ButtonAction, Context, Effect, Incident, InvestigationState, Key, OutState, Outgoing,
    Status, ThreadRef, Topic,
};
use crate::escalation::Next;

impl Incident {
    /// What may be claimed now, the most urgent first.
    #[must_use]
    pub fn claimable(&self, now: DateTime<Utc>) -> Vec<&Outgoing> {
        let mut ready: Vec<&Outgoing> = self
            .outbox
            .iter()
            .filter(|out| self.allows(out, now))
            .collect();
        ready.sort_by_key(|out| (out.priority, out.created_at));
        ready
    }

    /// Whether the message of that key may be claimed now.
    pub(super) fn is_ready(&self, key: &Key, now: DateTime<Utc>) -> bool {
        self.outgoing(key).is_some_and(|out| self.allows(out, now))
    }

    /// When something has to be done about it next, if nothing else happens (UTC).
    #[must_use]
    pub fn next_wake(&self, context: &Context<'_>) -> Option<DateTime<Utc>> {
        let step = match super::apply::next(self, context) {
            Next::Wait { until } => Some(until),
            Next::Done => None,
            Next::LookAgain { .. } | Next::Hold { .. } | Next::Page(_) => Some(context.now),
        };
        let sends = self.outbox.iter().filter(|out| self.is_possible(out));
        let send = sends.filter_map(|out| match &out.state {
            OutState::Due => Some(out.not_before),
            OutState::Claimed(claim) => Some(claim.until),
            _ => None,
        });
        send.chain(step).chain(self.settles_at).min()
    }

    /// The buttons that an answer shows at `now`.
    #[must_use]
    pub fn live_buttons(&self, investigation: u32, now: DateTime<Utc>) -> Vec<&Button> {
        self.buttons
            .iter()
            .filter(|button| button.investigation == investigation && button.is_live(now))
            .filter(|button| self.makes_sense(button))
            .collect()
    }

    fn makes_sense(&self, button: &Button) -> bool {
        let joined = matches!(self.status, Status::Joined { .. });
        let look = self.investigation(button.investigation);
        match button.action {
            ButtonAction::Acknowledge => self.status == Status::Open,
            ButtonAction::Resolve => self.is_open(),
            ButtonAction::Escalate => self.topic == Topic::Problem && !joined,
            ButtonAction::RunAgain => !joined,
            ButtonAction::Silence => {
                self.is_open() && self.firing().any(|told| told.held.is_none())
            }
            ButtonAction::WrongAnswer => look.is_some_and(|look| look.wrong.is_none()),
            ButtonAction::Choose(_) => {
                look.is_some_and(|look| look.state == InvestigationState::Ambiguous)
            }
        }
    }

    fn allows(&self, out: &Outgoing, now: DateTime<Utc>) -> bool {
        out.is_claimable(now) && self.is_possible(out)
    }

    /// An edit needs its message to be out; of the messages for a thread that is not open yet only
    /// one may go, and opens it.
    fn is_possible(&self, out: &Outgoing) -> bool {
        match &out.effect {
            Effect::Update { of, .. } => {
                let target = self.outgoing(of).map(|target| &target.state);
                matches!(target, Some(OutState::Sent(receipt)) if receipt.ts.is_some())
            }
            Effect::Post { thread, .. } if thread.ts.is_none() => self
                .opener(thread)
                .is_none_or(|opener| opener.key == out.key),
            Effect::Ephemeral { thread, .. } | Effect::Attach { thread, .. } => thread.ts.is_some(),
            _ => true,
        }
    }

    /// The message that opens a thread: the one being sent, else the most urgent.
    fn opener(&self, thread: &ThreadRef) -> Option<&Outgoing> {
        let into =
            |out: &&Outgoing| matches!(&out.effect, Effect::Post { thread: t, .. } if t == thread);
        let waiting = || {
            self.outbox
                .iter()
                .filter(into)
                .filter(|out| !out.state.is_final())
        };
        waiting()
            .find(|out| matches!(out.state, OutState::Claimed(_)))
            .or_else(|| waiting().min_by_key(|out| (out.priority, out.created_at)))
    }
}
