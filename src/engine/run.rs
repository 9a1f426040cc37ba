//! The loop itself. No sleep holds a promise: it wakes for what arrived, for what changed, for the
//! next deadline, and once a second in any case.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::alerts::POLL_EVERY;
use super::arrivals::Arrivals;
use super::{Engine, Shared};
use crate::incident::{Content, Effect, Event, Incident, Outgoing, Priority, batch_pages};
use crate::store::StoreError;
use crate::telemetry::intent_span;

/// Everything is looked at this often, whatever the alarms say.
const SCAN: Duration = Duration::from_secs(1);
/// How long a shutdown waits for what is on its way, pages first.
const DRAIN: Duration = Duration::from_secs(12);
/// How long the loop waits for what a lost store held, so that a "resolved" in an old thread finds it.
const RECOLLECT: Duration = Duration::from_secs(10);
/// Between attempts to read the store at the start.
const RETRY_STORE: Duration = Duration::from_secs(1);
/// A look at the alerts that is due while the last one goes on is tried again after this.
const POLL_RETRY: TimeDelta = TimeDelta::seconds(1);
/// What is old is forgotten this often.
const PRUNE_EVERY: TimeDelta = TimeDelta::hours(1);

impl Engine {
    /// Runs until `stop` turns true; then finishes what is on its way and sends the pages that are due.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let shared = self.shared;
        shared.begin().await;
        let reading = Arc::clone(&shared);
        let mut recollecting = tokio::spawn(async move { reading.recollect().await });
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => {}
            _ = &mut recollecting => {}
            // Many channels, or a slow Slack: it goes on beside the loop, which has its own to do.
            () = tokio::time::sleep(RECOLLECT) => {}
        }
        let mut tasks = JoinSet::new();
        let mut arrivals = Arrivals::default();
        let mut prune_at = shared.now() + PRUNE_EVERY;
        let mut poll_at = shared.now();
        while !*stop.borrow_and_update() {
            (shared.parts.beat)();
            shared.take_arrivals(&mut arrivals, &mut tasks).await;
            shared.tick().await;
            shared.start(&mut tasks, Priority::Progress);
            if shared.now() >= prune_at {
                shared.prune().await;
                prune_at = shared.now() + PRUNE_EVERY;
            }
            if shared.now() >= poll_at {
                let next = if shared.start_poll(&mut tasks) {
                    POLL_EVERY
                } else {
                    POLL_RETRY
                };
                // Whatever rang for it: nothing waits longer than this.
                arrivals.look_again();
                poll_at = shared.now() + next;
            }
            let wake = shared.next_wake().min(poll_at);
            tokio::select! {
                _ = stop.changed() => {}
                () = shared.parts.arrived.notified() => arrivals.look_again(),
                () = shared.records.changed.notified() => {}
                () = shared.parts.time.clock().sleep_until(wake) => {}
                () = tokio::time::sleep(arrivals.gathering().map_or(SCAN, |left| left.min(SCAN))) => {}
                Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
            }
        }
        shared.drain(&mut tasks).await;
        recollecting.abort();
    }
}

impl Shared {
    /// Reads what the last process left.
    async fn begin(&self) {
        loop {
            match self.recall().await {
                Ok(live) => {
                    tracing::info!(live, "took up where the last process stopped");
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "the store cannot be read");
                    tokio::time::sleep(RETRY_STORE).await;
                }
            }
        }
    }

    async fn recall(&self) -> Result<usize, StoreError> {
        self.recall_house().await?;
        self.records.rebuild().await
    }

    /// Looks at the deadlines.
    async fn tick(self: &Arc<Self>) {
        self.check_clock();
        if let Err(error) = self.records.take_over_refused().await {
            tracing::error!(%error, "what a failed write left cannot be read");
        }
        for incident in self.records.live() {
            let due = self.records.decide(|context| {
                incident
                    .next_wake(context)
                    .is_some_and(|at| at <= context.now)
            });
            if !due {
                continue;
            }
            let span = intent_span("deadline");
            span.record("incident", incident.id.as_str());
            // Hundreds may be due on a slow disk: that is no hang.
            (self.parts.beat)();
            let saving = self.records.change(&incident.id, Event::Tick);
            if let Err(error) = saving.instrument(span.clone()).await {
                span.in_scope(|| tracing::error!(%error, "a deadline could not be saved"));
            }
        }
    }

    /// Asks another clock when the machine's jumped ahead.
    fn check_clock(&self) {
        if !self.parts.time.doubts() {
            return;
        }
        if let Some(other) = &self.parts.other_clock {
            let (asking, time) = (other(), self.parts.time.clone());
            tokio::spawn(async move {
                if let Some(now) = asking.await {
                    time.compare(now);
                }
            });
        }
    }

    /// Starts a task for everything that may be claimed now, down to a priority.
    pub(super) fn start(self: &Arc<Self>, tasks: &mut JoinSet<()>, down_to: Priority) {
        let now = self.now();
        let live = self.records.live();
        for batch in batch_pages(live.iter().map(AsRef::as_ref), now) {
            if batch.send_at <= now {
                self.start_batch(tasks, batch);
            }
        }
        for incident in &live {
            for out in incident.claimable(now) {
                if out.priority <= down_to && !is_batched(out) {
                    self.start_one(tasks, incident, out);
                }
            }
        }
    }

    fn start_one(self: &Arc<Self>, tasks: &mut JoinSet<()>, incident: &Incident, out: &Outgoing) {
        // Two edits of one message must not overtake each other.
        let lane = match &out.effect {
            Effect::Update { of, .. } => format!("edit {}", of.as_str()),
            _ => out.key.as_str().to_owned(),
        };
        let Some(busy) = self.take_up(lane) else {
            return;
        };
        let (shared, id, out) = (Arc::clone(self), incident.id.clone(), out.clone());
        let span = intent_span(out.effect.code());
        span.record("incident", id.as_str());
        let performing = async move {
            let key = out.key.clone();
            if let Err(error) = shared.perform(&id, out).await {
                tracing::error!(key = key.as_str(), %error, "what came of a message could not be saved");
                // The claim stands and expires; the next one looks first.
                tokio::time::sleep(RETRY_STORE).await;
            }
            drop(busy);
        };
        tasks.spawn(performing.instrument(span));
    }

    /// Asks Alertmanager about the alerts of open incidents; `false` while it is being asked.
    fn start_poll(self: &Arc<Self>, tasks: &mut JoinSet<()>) -> bool {
        let Some(busy) = self.take_up("poll".to_owned()) else {
            return false;
        };
        let shared = Arc::clone(self);
        tasks.spawn(async move {
            shared.poll_alerts().await;
            if let Err(error) = shared.look_for_silence().await {
                tracing::error!(%error, "whether a Watchdog is silent could not be looked up");
            }
            drop(busy);
        });
        true
    }

    /// When something is due next, as far as it is not due already.
    fn next_wake(&self) -> DateTime<Utc> {
        let live = self.records.live();
        let now = self.now();
        let batches = batch_pages(live.iter().map(AsRef::as_ref), now);
        let sends = batches.iter().map(|batch| batch.send_at);
        let wakes = live
            .iter()
            .filter_map(|incident| self.records.decide(|context| incident.next_wake(context)));
        let next = wakes.chain(sends).filter(|at| *at > now).min();
        next.unwrap_or(now + TimeDelta::minutes(1))
    }

    async fn prune(&self) {
        let limits = crate::store::Limits::default();
        match self.records.store().prune(limits, self.now()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "forgot what is old"),
            Err(error) => tracing::warn!(%error, "cannot forget what is old"),
        }
    }

    /// Finishes what is on its way and sends the pages that are due. What does not finish is taken up
    /// again by the next process, because all of it is saved.
    async fn drain(self: &Arc<Self>, tasks: &mut JoinSet<()>) {
        let draining = async {
            loop {
                self.start(tasks, Priority::Page);
                if tasks.join_next().await.is_none() {
                    return;
                }
            }
        };
        if tokio::time::timeout(DRAIN, draining).await.is_err() {
            tracing::warn!(
                left = tasks.len(),
                "stopped with work under way: the next start takes it up"
            );
        }
        tasks.shutdown().await;
    }
}

/// Direct messages that call a lead go through the batches.
fn is_batched(out: &Outgoing) -> bool {
    matches!(
        &out.effect,
        Effect::Dm {
            content: Content::Page(_),
            ..
        }
    )
}
