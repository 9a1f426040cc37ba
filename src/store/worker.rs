//! The thread that owns the engine. It takes what has gathered in its queue (up to 256 commands),
//! writes their changes in one go, makes sure that they are on disk, and only then answers. After a
//! failed write nothing is trusted: the engine is dropped and opened again before the next command.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use futures::channel::oneshot;

use super::commands::waiting;
use super::rows::{Changes, Engine, Rows};
use super::sentinel::Sentinel;
use super::{Answer, Health, StoreError};

/// Commands written in one go.
const GROUP: usize = 256;

/// Told once the group is on disk, or why it is not.
type Reply = Box<dyn FnOnce(Option<&StoreError>) + Send>;
/// A command: changes rows, and knows whom to tell.
type Job = Box<dyn FnOnce(&mut Rows<'_>) -> Reply + Send>;
/// Opens the engine anew.
pub(super) type Reopen<E> = Box<dyn FnMut() -> Result<(E, Sentinel), StoreError> + Send>;

/// The way to the thread. Dropping it ends the thread once its queue is empty.
pub(super) struct Worker {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    health: Arc<Mutex<Health>>,
}

impl Worker {
    /// Starts the thread on an engine that was opened and checked.
    pub fn start<E: Engine + 'static>(
        engine: E,
        sentinel: Sentinel,
        reopen: Reopen<E>,
    ) -> Result<Self, StoreError> {
        let (jobs, queue) = channel();
        let health = Arc::new(Mutex::new(Health {
            writable: true,
            problem: None,
            sequence: sentinel.sequence(),
            open_incidents: sentinel.open(),
            inbox: 0,
            bytes: engine.bytes(),
        }));
        let state = State {
            engine: Some((engine, sentinel)),
            reopen,
            health: Arc::clone(&health),
        };
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || state.run(&queue))
            .map_err(|error| StoreError::Io(error.to_string()))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            health,
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
        self.health
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            let _ended = thread.join();
        }
    }
}

struct State<E> {
    engine: Option<(E, Sentinel)>,
    reopen: Reopen<E>,
    health: Arc<Mutex<Health>>,
}

impl<E: Engine> State<E> {
    fn run(mut self, queue: &Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            let mut jobs = vec![first];
            jobs.extend(queue.try_iter().take(GROUP - 1));
            self.group(jobs);
        }
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
        for reply in replies {
            reply(failure.as_ref());
        }
    }

    fn engine(&mut self) -> Result<&mut (E, Sentinel), StoreError> {
        if self.engine.is_none() {
            self.engine = Some((self.reopen)()?);
        }
        self.engine.as_mut().ok_or(StoreError::Closed)
    }

    fn report(&mut self, outcome: &Result<Written, StoreError>) {
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
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
                self.engine = None;
            }
        }
    }
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
