//! The thread that owns the engine. It takes what has gathered in its queue (up to 256 commands),
//! writes their changes in one go, makes sure that they are on disk, and only then answers. After a
//! failed write nothing is trusted: the engine is closed and opened again before the next command.
//!
//! A disk can make the engine hang: sled waits for ever for a write that failed half-way. So closing
//! has an end here, and the health says how long the thread has been at one thing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;
use std::time::{Duration, Instant};

use futures::channel::oneshot;

use super::commands::waiting;
use super::rows::{Changes, Engine, Rows};
use super::sentinel::Sentinel;
use super::{Answer, Health, StoreError};

/// Commands written in one go.
const GROUP: usize = 256;

/// How long is waited for what may never end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For an engine to close.
    pub close: Duration,
    /// For an answer, before the store counts as not writable.
    pub answer: Duration,
}

/// A slow disk takes a second. With what the engine takes to drain it is less than the pod's 45 s to stop.
pub(super) const PATIENCE: Patience = Patience {
    close: Duration::from_secs(8),
    answer: Duration::from_secs(10),
};

/// Told once the group is on disk, or why it is not.
type Reply = Box<dyn FnOnce(Option<&StoreError>) + Send>;
/// A command: changes rows, and knows whom to tell.
type Job = Box<dyn FnOnce(&mut Rows<'_>) -> Reply + Send>;
/// Opens the engine anew.
pub(super) type Reopen<E> = Box<dyn FnMut() -> Result<(E, Sentinel), StoreError> + Send>;

/// The way to the thread. Dropping it ends the thread once its queue is empty.
pub(super) struct Worker {
    jobs: Option<Sender<Job>>,
    /// Nothing ever comes; it closes when the thread has ended.
    ended: Mutex<Receiver<()>>,
    watched: Watched,
    patience: Patience,
}

/// What is known of the thread from outside.
#[derive(Clone)]
struct Watched(Arc<Mutex<(Health, Option<Instant>)>>);

impl Watched {
    fn lock(&self) -> MutexGuard<'_, (Health, Option<Instant>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The thread begins something, or goes on with what it could not end.
    fn begin(&self) {
        self.lock().1.get_or_insert_with(Instant::now);
    }

    /// It is done.
    fn end(&self) {
        self.lock().1 = None;
    }
}

impl Worker {
    /// Starts the thread on an engine that was opened and checked.
    pub fn start<E: Engine + 'static>(
        engine: E,
        sentinel: Sentinel,
        reopen: Reopen<E>,
        patience: Patience,
    ) -> Result<Self, StoreError> {
        let (jobs, queue) = channel();
        let health = Health {
            writable: true,
            problem: None,
            sequence: sentinel.sequence(),
            open_incidents: sentinel.open(),
            inbox: 0,
            bytes: engine.bytes(),
            busy: Duration::ZERO,
        };
        let watched = Watched(Arc::new(Mutex::new((health, None))));
        let state = State {
            engine: Some((engine, sentinel)),
            closing: None,
            broken: None,
            reopen,
            watched: watched.clone(),
            patience,
        };
        let (ends, ended) = channel();
        let run = move || {
            state.run(&queue);
            drop(ends);
        };
        Builder::new()
            .name("store".to_owned())
            .spawn(run)
            .map_err(|error| StoreError::Io(error.to_string()))?;
        Ok(Self {
            jobs: Some(jobs),
            ended: Mutex::new(ended),
            watched,
            patience,
        })
    }

    /// Hands a command to the thread; the answer comes when its changes are on disk.
    pub fn ask<T: Send + 'static>(
        &self,
        command: impl FnOnce(&mut Rows<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Answer<'static, T> {
        let (tell, answer) = oneshot::channel();
        let job: Job = Box::new(move |rows: &mut Rows<'_>| {
            let result = rows.attempt(command);
            let reply: Reply = Box::new(move |failure| {
                // Nobody waits any more: nothing to tell.
                let _gone = tell.send(match failure {
                    None => result,
                    Some(error) => Err(error.clone()),
                });
            });
            reply
        });
        let sent = self
            .jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(job).is_ok());
        Box::pin(async move {
            if !sent {
                return Err(StoreError::Closed);
            }
            answer.await.unwrap_or(Err(StoreError::Closed))
        })
    }

    /// How the store is; answered even when the engine is not.
    pub fn health(&self) -> Health {
        let (mut health, since) = self.watched.lock().clone();
        health.busy = since.map_or(Duration::ZERO, |since| since.elapsed());
        if health.busy >= self.patience.answer {
            let seconds = health.busy.as_secs();
            health.writable = false;
            health
                .problem
                .get_or_insert_with(|| format!("at one thing for {seconds} s"));
        }
        health
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.jobs.take());
        let patience = self.patience.close + self.patience.answer;
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        if ended.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            tracing::error!(
                "the store does not close: left as it is, nothing acknowledged is lost"
            );
        }
    }
}

struct State<E> {
    engine: Option<(E, Sentinel)>,
    /// An engine that did not close in time; the channel closes when it has.
    closing: Option<Receiver<()>>,
    /// Why the store cannot be opened again, where trying once more would help nothing.
    broken: Option<StoreError>,
    reopen: Reopen<E>,
    watched: Watched,
    patience: Patience,
}

impl<E: Engine + 'static> State<E> {
    fn run(mut self, queue: &Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            let mut jobs = vec![first];
            jobs.extend(queue.try_iter().take(GROUP - 1));
            self.watched.begin();
            self.group(jobs);
            // What only a new start mends goes on counting as a hang.
            if self.closing.is_none() && self.broken.is_none() {
                self.watched.end();
            }
        }
        self.close();
    }

    /// Runs one group. An engine may panic on damaged data: that is a failed write like another.
    fn group(&mut self, jobs: Vec<Job>) {
        let mut replies = Vec::with_capacity(jobs.len());
        let outcome = match self.engine() {
            Ok(opened) => {
                let run = || write_group(opened, jobs, &mut replies);
                catch_unwind(AssertUnwindSafe(run))
                    .unwrap_or_else(|_| Err(StoreError::Io("the engine panicked".to_owned())))
            }
            Err(error) => {
                // Jobs that never ran are dropped, which answers `Closed`; tell them why instead.
                let nothing = Nothing(error.clone());
                let mut rows = Rows::of(&nothing);
                replies.extend(jobs.into_iter().map(|job| job(&mut rows)));
                Err(error)
            }
        };
        self.report(&outcome);
        let failure = outcome.err();
        if failure.is_some() {
            self.close();
        }
        for reply in replies {
            reply(failure.as_ref());
        }
    }

    /// Closes the engine on a thread of its own: sled writes what it still has, and after a write
    /// that failed half-way it waits for it for ever.
    fn close(&mut self) {
        let Some(engine) = self.engine.take() else {
            return;
        };
        let (ends, closed) = channel();
        let watched = self.watched.clone();
        let close = move || {
            drop(engine);
            watched.end();
            drop(ends);
        };
        if let Err(error) = Builder::new().name("store-close".to_owned()).spawn(close) {
            tracing::error!(%error, "no thread to close the store with: closed here");
        }
        self.wait_for(closed);
    }

    /// Waits for an engine that closes, for as long as there is patience.
    fn wait_for(&mut self, closed: Receiver<()>) {
        if closed.recv_timeout(self.patience.close) == Err(RecvTimeoutError::Timeout) {
            tracing::error!("the store's engine does not close in time");
            self.closing = Some(closed);
        }
    }

    fn engine(&mut self) -> Result<&mut (E, Sentinel), StoreError> {
        if let Some(closed) = self.closing.take() {
            self.wait_for(closed);
        }
        if self.closing.is_some() {
            return Err(StoreError::Io("what failed does not close".to_owned()));
        }
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        // The one that closed may have said that all is done.
        self.watched.begin();
        if self.engine.is_none() {
            let opened = (self.reopen)();
            self.broken = opened.as_ref().err().filter(|it| is_lasting(it)).cloned();
            self.engine = Some(opened?);
        }
        self.engine.as_mut().ok_or(StoreError::Closed)
    }

    fn report(&self, outcome: &Result<Written, StoreError>) {
        let health = &mut self.watched.lock().0;
        match outcome {
            Ok(written) => {
                health.writable = true;
                health.problem.clone_from(&written.problem);
                health.sequence = written.sequence;
                health.open_incidents = written.open;
                health.inbox = written.inbox;
                health.bytes = written.bytes;
            }
            Err(error) => {
                tracing::error!(%error, "the store cannot write: nothing is acknowledged");
                health.writable = false;
                health.problem = Some(error.to_string());
            }
        }
    }
}

/// Whether only a new start, which takes up from Slack what was lost, mends it. Each try would keep
/// one more copy of damaged data.
fn is_lasting(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Corrupt { .. } | StoreError::Lost { .. } | StoreError::Unreadable { .. }
    )
}

/// What a group left behind.
struct Written {
    sequence: u64,
    open: u64,
    inbox: u64,
    bytes: Option<u64>,
    problem: Option<String>,
}

fn write_group<E: Engine>(
    (engine, sentinel): &mut (E, Sentinel),
    jobs: Vec<Job>,
    replies: &mut Vec<Reply>,
) -> Result<Written, StoreError> {
    let mut rows = Rows::of(engine);
    replies.extend(jobs.into_iter().map(|job| job(&mut rows)));
    let changed = !rows.is_unchanged();
    let sequence = rows.counter("sequence")? + u64::from(changed);
    if changed {
        rows.attempt(|own| {
            own.set_counter("sequence", sequence);
            Ok(())
        })?;
    }
    let (open, bytes) = (rows.counter("open")?, rows.bytes());
    let inbox = waiting(&rows)?;
    let group: Changes = rows.finish();
    let mut problem = None;
    if changed {
        engine.write(&group)?;
        // The sentinel is never ahead of the store. That it cannot be written is no reason to
        // refuse what is on disk already, but it is one to say so.
        problem = sentinel
            .follow(sequence, open)
            .err()
            .map(|error| error.to_string());
    }
    Ok(Written {
        sequence,
        open,
        inbox,
        bytes,
        problem,
    })
}

/// Stands in for an engine that could not be opened: every read says why.
struct Nothing(StoreError);

impl Engine for Nothing {
    fn get(&self, _key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Err(self.0.clone())
    }

    fn scan(&self, _prefix: &[u8]) -> Result<Vec<super::rows::Row>, StoreError> {
        Err(self.0.clone())
    }

    fn write(&mut self, _changes: &Changes) -> Result<(), StoreError> {
        Err(self.0.clone())
    }

    fn bytes(&self) -> Option<u64> {
        None
    }
}
