//! The dead man's switch (I23): an auditor beside the sending path, which shares nothing with it but the store
//! and the clock. Each minute it reads the store itself, proves that pages go out, and only then calls the
//! heartbeat's receiver outside. A proof that fails, a hang, a crash: no call, and the outside notices.

mod judge;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

pub use judge::{Facts, Failure, Proof, judge};

use super::{Happened, Observer, TrustedClock};
use crate::clients::heartbeat::{HeartbeatError, HeartbeatReceiver};
use crate::clients::slack::socket::SocketState;
use crate::http::Heartbeat;
use crate::incident::Incident;
use crate::store::Store;

/// How often it proves.
const EVERY: Duration = Duration::from_mins(1);
/// The store answers in milliseconds or is in trouble.
const STORE_WITHIN: Duration = Duration::from_secs(5);

/// What an auditor is made of.
pub struct Auditor {
    /// Where incidents live; read anew each time, never through the engine's memory.
    pub store: Arc<dyn Store>,
    /// The time that deadlines are decided by.
    pub time: TrustedClock,
    /// When the engine's loop last went round.
    pub heartbeat: Heartbeat,
    /// What the sockets do.
    pub sockets: watch::Receiver<SocketState>,
    /// Whom to call while all is well; none: the proofs are made and told all the same.
    pub receiver: Option<HeartbeatReceiver>,
    /// Told what came of it.
    pub observer: Observer,
}

/// Since when Slack has not been seen connected. A reconnect between two looks counts as seen.
struct Slack {
    hellos: u64,
    gone_since: Option<DateTime<Utc>>,
}

impl Slack {
    fn look(&mut self, state: SocketState, now: DateTime<Utc>) {
        let seen = state.live > 0 || state.hellos != self.hellos;
        self.hellos = state.hellos;
        self.gone_since = if seen {
            None
        } else {
            self.gone_since.or(Some(now))
        };
    }
}

impl Auditor {
    /// Proves once a minute until `stop` turns true. The first proof comes after a minute, when what was
    /// overdue at the start must be out.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut slack = Slack {
            hellos: self.sockets.borrow().hellos,
            gone_since: Some(self.time.now()),
        };
        loop {
            let minute = TimeDelta::from_std(EVERY).unwrap_or_default();
            let next = self.time.clock().now() + minute;
            let audited = async {
                tokio::select! {
                    // The sandbox moves the one; a clock that is set back does not stop the other.
                    () = self.time.clock().sleep_until(next) => {}
                    () = tokio::time::sleep(EVERY) => {}
                }
                self.audit(&mut slack).await;
            };
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = audited => {}
            }
        }
    }

    async fn audit(&self, slack: &mut Slack) {
        let store = self.read_store().await;
        let now = self.time.now();
        slack.look(*self.sockets.borrow(), now);
        let facts = Facts {
            store,
            loop_silent_for: self.heartbeat.age(),
            slack_gone_since: slack.gone_since,
        };
        let failures = judge(&facts, now);
        for failure in &failures {
            let (proof, detail) = (failure.proof.code(), &failure.detail);
            tracing::error!(proof, %detail, "no heartbeat: it cannot be proven that pages go out");
        }
        let failed = failures
            .iter()
            .map(|failure| failure.proof.code())
            .collect();
        (self.observer)(Happened::Audited { at: now, failed });
        if let (true, Some(receiver)) = (failures.is_empty(), &self.receiver) {
            self.feed(receiver).await;
        }
    }

    async fn read_store(&self) -> Result<Vec<Incident>, String> {
        let reading = async {
            self.store.prove().await?;
            self.store.load_live().await
        };
        match tokio::time::timeout(STORE_WITHIN, reading).await {
            Ok(read) => read.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no answer within {} s", STORE_WITHIN.as_secs())),
        }
    }

    async fn feed(&self, receiver: &HeartbeatReceiver) {
        let fed = receiver.feed().await;
        let outcome = match &fed {
            Ok(()) => "sent",
            Err(HeartbeatError::Refused(_)) => "refused",
            Err(HeartbeatError::NoAnswer(_)) => "no-answer",
        };
        if let Err(error) = fed {
            tracing::warn!(%error, "all is well, and the heartbeat could not be told");
        }
        (self.observer)(Happened::Heartbeat(outcome));
    }
}
