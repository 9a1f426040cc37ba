//! Saved arrivals, each handled by one task: in order within a thread, in parallel across threads.

use std::collections::{BTreeMap, HashMap};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{Happened, Shared, crash_point};
use crate::incident::ThreadRef;
use crate::intake::receive::ALERTS;
use crate::intake::slack::{self, Inbound};
use crate::store::{Commit, Inbox, InboxId, StoreError, aside_document};
use crate::telemetry::intent_span;

/// Arrivals handled at the same time.
const AT_ONCE: usize = 32;
/// An arrival that panics this often is put aside.
const PANICS: u32 = 3;
/// Alerts are taken one batch after the other: which incident one belongs to follows from those before it.
const ALERTS_LANE: &str = "alerts";
/// Arrivals with alerts in one batch.
const BATCH: usize = 256;
/// While a storm lasts, its alerts are placed this far apart: each time its whole record is written, and what
/// arrives meanwhile waits for the disk. One that comes alone waits for nothing.
const GATHER: Duration = Duration::from_secs(1);
/// Pause of an arrival that could not be handled.
const PAUSE: Duration = Duration::from_secs(1);

/// What became of an attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tried {
    Handled,
    /// An error: it is tried again.
    Stays,
    Panicked,
}

/// What waits to be handled.
pub(super) struct Arrivals {
    /// Set before what stays leaves `running`, so that nothing of its lane goes first.
    stale: Arc<AtomicBool>,
    waiting: BTreeMap<InboxId, (String, Inbox)>,
    running: Arc<Mutex<HashMap<InboxId, String>>>,
    panics: Arc<Mutex<HashMap<InboxId, u32>>>,
    /// Before then no further alerts are placed.
    alerts_from: Instant,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self {
            stale: Arc::new(AtomicBool::new(true)),
            waiting: BTreeMap::new(),
            running: Arc::default(),
            panics: Arc::default(),
            alerts_from: Instant::now(),
        }
    }
}

impl Arrivals {
    /// Something new may be in the store.
    pub fn look_again(&mut self) {
        self.stale.store(true, Ordering::SeqCst);
    }

    /// How long alerts wait for others to be placed with; `None` when they do not, or when a batch is full.
    pub fn gathering(&self) -> Option<Duration> {
        let left = self.alerts_from.checked_duration_since(Instant::now())?;
        let waiting = self.waiting.values();
        let alerts = waiting.filter(|(lane, _)| lane == ALERTS_LANE).count();
        (alerts < BATCH).then_some(left)
    }

    /// Takes the others that wait for the same lane, the oldest first.
    fn take_more(&mut self, lane: &str) -> Vec<Inbox> {
        let same = self.waiting.iter().filter(|(_, (other, _))| other == lane);
        let ids: Vec<InboxId> = same.map(|(id, _)| *id).take(BATCH).collect();
        let waiting = &mut self.waiting;
        ids.iter()
            .filter_map(|id| Some(waiting.remove(id)?.1))
            .collect()
    }

    /// What is being handled, with its lane.
    fn under_way(&self) -> HashMap<InboxId, String> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.clone()
    }

    /// Takes over what a read found. What was under way when the read began may be done by now; its
    /// row was read all the same, and must not have its effect twice.
    fn found(
        &mut self,
        pending: Vec<Inbox>,
        under_way: &HashMap<InboxId, String>,
        lane: impl Fn(&Inbox) -> String,
    ) {
        for inbox in pending {
            if !under_way.contains_key(&inbox.id) && !self.waiting.contains_key(&inbox.id) {
                self.waiting.insert(inbox.id, (lane(&inbox), inbox));
            }
        }
    }
}

impl Shared {
    /// Starts a task for every arrival whose thread nobody is busy with.
    pub(super) async fn take_arrivals(
        self: &Arc<Self>,
        arrivals: &mut Arrivals,
        tasks: &mut JoinSet<()>,
    ) {
        // Before anything is read: what ends meanwhile counts as under way once more.
        let under_way = arrivals.under_way();
        if arrivals.stale.swap(false, Ordering::SeqCst) {
            match self.records.store().pending().await {
                Ok(pending) => arrivals.found(pending, &under_way, |inbox| lane(inbox, self)),
                Err(error) => {
                    tracing::error!(%error, "arrivals cannot be read");
                    return arrivals.look_again();
                }
            }
        }
        let mut lanes: Vec<String> = under_way.into_values().collect();
        if arrivals.gathering().is_some() {
            lanes.push(ALERTS_LANE.to_owned());
        }
        let ready: Vec<InboxId> = arrivals
            .waiting
            .iter()
            .filter(|(_, (lane, _))| {
                let free = lanes.len() < AT_ONCE && !lanes.contains(lane);
                if free {
                    lanes.push(lane.clone());
                }
                free
            })
            .map(|(id, _)| *id)
            .collect();
        for id in ready {
            let Some((lane, inbox)) = arrivals.waiting.remove(&id) else {
                continue;
            };
            let mut batch = vec![inbox];
            if lane == ALERTS_LANE {
                batch.extend(arrivals.take_more(&lane));
                if self.storm_lasts() {
                    arrivals.alerts_from = Instant::now() + GATHER;
                }
            }
            self.start_arrival(arrivals, tasks, &lane, batch);
        }
    }

    fn storm_lasts(&self) -> bool {
        let live = self.records.live();
        live.iter().any(|one| one.id.is_storm() && one.is_open())
    }

    fn start_arrival(
        self: &Arc<Self>,
        arrivals: &Arrivals,
        tasks: &mut JoinSet<()>,
        lane: &str,
        batch: Vec<Inbox>,
    ) {
        let running = Arc::clone(&arrivals.running);
        let panics = Arc::clone(&arrivals.panics);
        let stale = Arc::clone(&arrivals.stale);
        let ids: Vec<InboxId> = batch.iter().map(|inbox| inbox.id).collect();
        running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(ids.iter().map(|id| (*id, lane.to_owned())));
        let shared = Arc::clone(self);
        let span = intent_span("arrival");
        let handling = async move {
            let stays = shared.handle_safely(&batch, &panics).await;
            if stays {
                stale.store(true, Ordering::SeqCst);
            }
            running
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .retain(|id, _| !ids.contains(id));
            shared.records.changed.notify_one();
        };
        tasks.spawn(handling.instrument(span));
    }

    /// Whether something stays that has to be read again.
    async fn handle_safely(&self, batch: &[Inbox], panics: &Mutex<HashMap<InboxId, u32>>) -> bool {
        let tried = self.tried(batch).await;
        if tried == Tried::Handled {
            return false;
        }
        match batch {
            [inbox] => self.note_panic(inbox, tried, panics).await,
            // One that cannot be handled does not keep the others.
            _ => {
                for inbox in batch {
                    let tried = self.tried(std::slice::from_ref(inbox)).await;
                    self.note_panic(inbox, tried, panics).await;
                }
            }
        }
        tokio::time::sleep(PAUSE).await;
        true
    }

    async fn tried(&self, batch: &[Inbox]) -> Tried {
        let handling = AssertUnwindSafe(self.handle(batch)).catch_unwind();
        let count = batch.len();
        match handling.await {
            Ok(Ok(())) => Tried::Handled,
            // Saved before, by a write that was on disk although it was refused.
            Ok(Err(error)) if count == 1 && is_consumed(&error) => Tried::Handled,
            Ok(Err(error)) => {
                tracing::error!(%error, count, "an arrival could not be handled: it stays");
                Tried::Stays
            }
            Err(_) => {
                tracing::error!(count, "handling an arrival panicked");
                Tried::Panicked
            }
        }
    }

    /// Counts a panic of one arrival; after [`PANICS`] it is put aside.
    async fn note_panic(&self, inbox: &Inbox, tried: Tried, panics: &Mutex<HashMap<InboxId, u32>>) {
        if tried != Tried::Panicked {
            return;
        }
        let times = {
            let mut panics = panics.lock().unwrap_or_else(PoisonError::into_inner);
            let times = panics.entry(inbox.id).or_default();
            *times += 1;
            *times
        };
        if times >= PANICS {
            self.put_aside(inbox).await;
        }
    }

    /// An arrival nobody can handle is consumed, and kept under a name for whoever looks for the fault.
    async fn put_aside(&self, inbox: &Inbox) {
        let (name, text) = aside_document(inbox);
        let mut commit = Commit::default().consuming(inbox.id);
        commit.documents.push((name, Some(text)));
        if let Err(error) = self.records.save(commit).await {
            tracing::error!(%error, "an arrival could not be put aside");
            return;
        }
        let (id, kind) = (inbox.id.0, inbox.kind.as_str());
        tracing::error!(id, kind, "an arrival was put aside: nobody answers it");
        self.observe(Happened::PutAside);
    }

    async fn handle(&self, batch: &[Inbox]) -> anyhow::Result<()> {
        crash_point("intent-before");
        let [inbox] = batch else {
            return Ok(self.alerts(batch).await?);
        };
        if inbox.kind == ALERTS {
            return Ok(self.alerts(batch).await?);
        }
        match serde_json::from_str::<Value>(&inbox.payload)
            .map(|envelope| slack::read(&envelope, &self.parts.us))
        {
            Ok(Inbound::Said(said)) => self.said(&said, inbox).await?,
            Ok(Inbound::Pressed(pressed)) => self.pressed(&pressed, inbox).await?,
            Ok(Inbound::Alerted(_)) => self.alerts(batch).await?,
            Ok(Inbound::Ignored(_)) | Err(_) => {
                self.records
                    .save(Commit::default().consuming(inbox.id))
                    .await?;
            }
        }
        Ok(())
    }
}

fn is_consumed(error: &anyhow::Error) -> bool {
    error.downcast_ref() == Some(&StoreError::Consumed)
}

/// Arrivals of one lane keep their order: those of one thread.
fn lane(inbox: &Inbox, shared: &Shared) -> String {
    if inbox.kind == ALERTS {
        return ALERTS_LANE.to_owned();
    }
    let name = |thread: ThreadRef| format!("{thread:?}");
    let Ok(envelope) = serde_json::from_str::<Value>(&inbox.payload) else {
        return format!("unreadable {}", inbox.id.0);
    };
    match slack::read(&envelope, &shared.parts.us) {
        Inbound::Said(said) => name(said.thread()),
        Inbound::Pressed(pressed) => name(pressed.thread()),
        Inbound::Alerted(_) => ALERTS_LANE.to_owned(),
        Inbound::Ignored(_) => format!("ignored {}", inbox.id.0),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn inbox(id: u64) -> Inbox {
        Inbox {
            id: InboxId(id),
            kind: "event".to_owned(),
            payload: String::new(),
            received_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_was_under_way_when_the_read_began_has_no_second_effect() {
        let mut arrivals = Arrivals::default();
        let lane = |_: &Inbox| "thread".to_owned();
        let running = Arc::clone(&arrivals.running);
        running
            .lock()
            .unwrap()
            .insert(InboxId(1), "thread".to_owned());
        let under_way = arrivals.under_way();
        // It ends, and is consumed, while the list that still has it is on its way.
        running.lock().unwrap().clear();
        arrivals.found(vec![inbox(1), inbox(2)], &under_way, lane);
        assert_eq!(
            arrivals.waiting.keys().copied().collect::<Vec<_>>(),
            [InboxId(2)]
        );
        // What stays is read again, and then it is taken.
        let under_way = arrivals.under_way();
        arrivals.found(vec![inbox(1)], &under_way, lane);
        assert_eq!(arrivals.waiting.len(), 2);
    }
}
