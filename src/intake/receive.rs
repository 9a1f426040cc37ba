//! Saves what concerns us, so that it can be acknowledged: the step between the socket and the engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;
use tokio::sync::Notify;

use super::slack::{self, Inbound, Us, Why};
use crate::alert::{Group, fingerprint};
use crate::clients::slack::socket;
use crate::clock::Clock;
use crate::crash::crash_point;
use crate::store::{Accepted, Arrival, Store, StoreError};

/// Kind of an arrival that holds a Slack envelope.
pub const SLACK: &str = "slack";
/// Kind of an arrival that holds a [`Group`] of the alert webhook.
pub const ALERTS: &str = "alerts";

/// What became of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Saved; the engine will see it.
    New,
    /// Seen before: a retry, a twin, a catch-up of something that had arrived.
    Duplicate,
    /// None of our business.
    Ignored(Why),
}

impl Taken {
    /// The word for metrics.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Duplicate => "duplicate",
            Self::Ignored(why) => why.code(),
        }
    }
}

/// Where envelopes are saved. Cloning shares it.
#[derive(Clone)]
pub struct Receiver {
    store: Arc<dyn Store>,
    us: Arc<Us>,
    clock: Clock,
    arrived: Arc<Notify>,
    closed: Arc<AtomicBool>,
    count: Arc<dyn Fn(&'static str) + Send + Sync>,
}

impl Receiver {
    /// Saves into `store` and wakes whoever waits on `arrived`; `count` is told each outcome.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        us: Us,
        clock: Clock,
        arrived: Arc<Notify>,
        count: Arc<dyn Fn(&'static str) + Send + Sync>,
    ) -> Self {
        Self {
            store,
            us: Arc::new(us),
            clock,
            arrived,
            closed: Arc::default(),
            count,
        }
    }

    /// Who we are.
    #[must_use]
    pub fn us(&self) -> &Us {
        &self.us
    }

    /// Takes nothing more: what comes now is not acknowledged, and Slack repeats it to the next process.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Saves an envelope unless it is known or not for us.
    pub async fn take(&self, envelope: &Value) -> Result<Taken, StoreError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(StoreError::Closed);
        }
        let taken = match slack::read(envelope, &self.us) {
            Inbound::Ignored(why) => Taken::Ignored(why),
            Inbound::Said(_) | Inbound::Pressed(_) | Inbound::Alerted(_) => {
                self.save(envelope).await?
            }
        };
        (self.count)(taken.code());
        Ok(taken)
    }

    /// Saves alerts of the webhook. The same group twice within a minute is one: two Alertmanagers of a pair
    /// send it, or one that got no answer.
    pub async fn take_alerts(&self, group: &Group) -> Result<Taken, StoreError> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(StoreError::Closed);
        }
        let now = self.clock.now();
        let payload = serde_json::to_string(group).map_err(|error| StoreError::Unreadable {
            what: "a group of alerts".to_owned(),
            detail: error.to_string(),
        })?;
        // Not its link: each Alertmanager of a pair names itself.
        let same = format!("{}{:?}{}", group.key, group.alerts, group.truncated);
        let taken = self.keep(Arrival {
            keys: vec![format!(
                "alerts/{}/{}",
                fingerprint::of_parts([same.as_str()]),
                now.timestamp() / 60
            )],
            kind: ALERTS.to_owned(),
            payload,
            received_at: now,
        });
        let taken = taken.await?;
        (self.count)(taken.code());
        Ok(taken)
    }

    async fn save(&self, envelope: &Value) -> Result<Taken, StoreError> {
        self.keep(Arrival {
            keys: slack::keys(envelope),
            kind: SLACK.to_owned(),
            payload: envelope.to_string(),
            received_at: self.clock.now(),
        })
        .await
    }

    /// On a task of its own: whoever sent it may give up on a slow disk, and what is saved then is heard all the same.
    async fn keep(&self, arrival: Arrival) -> Result<Taken, StoreError> {
        crash_point("event-received");
        let (store, arrived) = (Arc::clone(&self.store), Arc::clone(&self.arrived));
        let saving = tokio::spawn(async move {
            let accepted = store.accept(arrival).await?;
            crash_point("event-saved");
            arrived.notify_one();
            Ok(match accepted {
                Accepted::New(_) => Taken::New,
                Accepted::Duplicate => Taken::Duplicate,
            })
        });
        match saving.await {
            Ok(taken) => taken,
            Err(ended) => match ended.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // Nobody aborts it but the runtime that ends.
                Err(_) => Err(StoreError::Closed),
            },
        }
    }
}

impl socket::Inbox for Receiver {
    fn save(&self, envelope: Value) -> BoxFuture<'_, Result<(), anyhow::Error>> {
        async move {
            self.take(&envelope).await?;
            Ok(())
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::FutureExt as _;

    use super::*;
    use crate::alert::{Labels, Sender, State};
    use crate::store::SledStore;

    fn group() -> Group {
        Group {
            sender: Sender::Alertmanager,
            key: "g1".to_owned(),
            state: State::Firing,
            alerts: Vec::new(),
            truncated: 0,
            labels: Labels::default(),
            receiver: None,
            sure: true,
            link: None,
        }
    }

    /// A disk that takes longer than the sender waits: what is saved afterwards is looked at, and not a minute later.
    #[tokio::test]
    async fn what_is_saved_after_its_sender_gave_up_is_heard() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SledStore::open(folder.path()).unwrap());
        let arrived = Arc::new(Notify::new());
        let (heard, clock) = (Arc::clone(&arrived), Clock::system());
        let us = Us::default();
        let receiver = Receiver::new(store.clone(), us, clock, heard, Arc::new(|_| ()));
        assert!(receiver.take_alerts(&group()).now_or_never().is_none());
        let rang = tokio::time::timeout(Duration::from_mins(1), arrived.notified());
        rang.await.expect("nobody is told of it");
        assert_eq!(store.pending().await.unwrap().len(), 1);
    }
}
