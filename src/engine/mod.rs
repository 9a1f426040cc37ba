//! The loop: what arrived is decided and saved, what is due is claimed and performed, what came of
//! it is saved again. Intents first; pages before everything else that is sent.
//!
//! ```text
//! arrival ─► intents.rs ─► apply ─► store ─► effects.rs ─► Slack · webhook · an investigation
//!    ▲                                             │
//!    └────────────── events: sent, refused, unclear, investigated
//! ```
//!
//! Everything it knows in memory is derived: `records` is rebuilt from the store at every start,
//! a deadline is a field of a saved record, and a message is sent under a claim that was saved first.

mod alerts;
mod arrivals;
mod attach;
mod audit;
mod direct;
mod effects;
mod find;
mod house;
mod intents;
mod investigate;
mod links;
mod looks;
mod maintenance;
mod pages;
mod react;
mod recollect;
mod records;
mod refusals;
mod run;
mod say;
mod time;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, Semaphore, watch};

pub(crate) use crate::crash::crash_point;

pub use alerts::desk::{Active, Desk, NoSilence, Silence};
pub use audit::{Auditor, Facts, Failure, Proof, judge};
pub use looks::{Look, Looked, Looks, Named, PastOf, Progress, could_not_look};
pub use recollect::note_loss;
pub use time::{OtherClock, TrustedClock};

use crate::clients::pager::Pager;
use crate::clients::slack::Slack;
use crate::escalation::Policy;
use crate::finding::Diagnosis;
use crate::incident::{OwnerId, Purpose};
use crate::intake::access::Doorkeeper;
use crate::intake::slack::Us;
use crate::intent::Vocabulary;
use crate::store::Store;
use crate::text::{Language, Redactor};
use records::Records;

/// Investigations that run at the same time.
const LOOKS_AT_ONCE: usize = 8;

/// Something the metrics want to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    /// A message was taken: its language, what it wants, what became of it.
    Question(Language, &'static str, &'static str),
    /// Somebody was refused, and why.
    Denied(&'static str),
    /// The first sign of life in a thread, this long after it was decided.
    FirstReply(Duration),
    /// Alerts were placed: opened an incident, joined one, dropped; how many.
    Alerts(&'static str, usize),
    /// An investigation ended.
    Investigated(Purpose, Box<Diagnosis>),
    /// A call for the lead ended: sent, refused, unclear.
    Page(&'static str),
    /// An arrival of a trusted sender of alerts was read: its source, `parsed` or `unparsed`.
    Parsed(&'static str, &'static str),
    /// An arrival that could not be handled was put aside: nobody answers it.
    PutAside,
    /// The auditor looked.
    Audited {
        /// When (UTC).
        at: DateTime<Utc>,
        /// Codes of the proofs that failed; none: all is well.
        failed: Vec<&'static str>,
    },
    /// The heartbeat's receiver was called: sent, refused, no-answer.
    Heartbeat(&'static str),
    /// The Watchdog alert of a cluster was heard last at that time (UTC); told each minute, and when it is heard.
    Watchdog(String, DateTime<Utc>),
}

/// Receives what happens.
pub type Observer = Arc<dyn Fn(Happened) + Send + Sync>;

/// Everything an engine is made of.
pub struct Parts {
    /// Where incidents live.
    pub store: Arc<dyn Store>,
    /// The Web API.
    pub slack: Slack,
    /// Who may ask.
    pub doorkeeper: Doorkeeper,
    /// Who we are.
    pub us: Us,
    /// The time to decide by.
    pub time: TrustedClock,
    /// Another clock, asked when the machine's jumped ahead.
    pub other_clock: Option<OtherClock>,
    /// When whom to call.
    pub policy: Policy,
    /// Names of the leads by their Slack id: foretelling a call must not be one.
    pub lead_names: HashMap<String, String>,
    /// The words of this installation.
    pub vocabulary: Vocabulary,
    /// Takes secrets out of what is said.
    pub redactor: Redactor,
    /// Language where a question's cannot be told.
    pub language: Language,
    /// What looks at the world.
    pub looks: Arc<dyn Looks>,
    /// Speaks with Alertmanager, and knows what alerts are about.
    pub desk: Arc<dyn Desk>,
    /// Where alerts come from, and where they are told.
    pub alerts: crate::config::Alerts,
    /// The usual length of an investigation.
    pub look_within: Duration,
    /// The way out when no lead can be reached in Slack.
    pub pager: Option<Pager>,
    /// What may be shown, per channel.
    pub channels: crate::config::Channels,
    /// Turned true once Slack was read for what the store lost: the catch-up goes on from there.
    pub recollected: watch::Sender<bool>,
    /// Rung when something was saved for us.
    pub arrived: Arc<Notify>,
    /// Told what happens.
    pub observer: Observer,
    /// Called each time the loop goes round, for `/livez`.
    pub beat: Arc<dyn Fn() + Send + Sync>,
}

/// The engine. Cloning shares it.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

/// What all its tasks share.
pub(crate) struct Shared {
    pub parts: Parts,
    pub records: Records,
    pub owner: OwnerId,
    pub looking: Semaphore,
    /// One picture is drawn at a time: each takes several MiB while it is, and every thread that drew one keeps some.
    pub drawing: Semaphore,
    /// Keys, messages and arrivals that a task of this process is busy with.
    busy: Mutex<HashSet<String>>,
    /// Links to threads.
    links: links::Links,
    /// Direct conversations by person.
    dms: Mutex<HashMap<String, String>>,
    /// Environments whose Alertmanager let messages of alerts wait too long, and when (UTC).
    unheard: Mutex<HashMap<Option<String>, DateTime<Utc>>>,
    /// Whether the log says already that the app may not react.
    told_of_scope: AtomicBool,
    /// Looks that are over and whose answers are not saved yet.
    answering: AtomicUsize,
    turns: Turns,
}

/// Held from reading to saving what is kept outside of the incidents: no two changes undo each other.
#[derive(Default)]
struct Turns {
    /// Absences and maintenance windows.
    house: tokio::sync::Mutex<()>,
    /// Watchdogs, and where alerts are placed.
    alerts: tokio::sync::Mutex<()>,
    /// Advice that was given.
    advice: tokio::sync::Mutex<()>,
}

impl Engine {
    /// Ready to run.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let records = Records::new(
            Arc::clone(&parts.store),
            parts.time.clone(),
            parts.policy.clone(),
        );
        let owner = OwnerId::new(format!("{:016x}", fastrand::u64(..)));
        Self {
            shared: Arc::new(Shared {
                parts,
                records,
                owner,
                looking: Semaphore::new(LOOKS_AT_ONCE),
                drawing: Semaphore::new(1),
                busy: Mutex::default(),
                links: links::Links::default(),
                dms: Mutex::default(),
                unheard: Mutex::default(),
                told_of_scope: AtomicBool::new(false),
                answering: AtomicUsize::new(0),
                turns: Turns::default(),
            }),
        }
    }
}

impl Shared {
    fn now(&self) -> DateTime<Utc> {
        self.parts.time.now()
    }

    /// Takes a name for one task; `None` if another one has it. Dropping the guard gives it back.
    fn take_up(self: &Arc<Self>, name: String) -> Option<Busy> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.insert(name.clone()).then(|| Busy {
            name,
            shared: Arc::clone(self),
        })
    }

    fn observe(&self, happened: Happened) {
        (self.parts.observer)(happened);
    }
}

/// A name held by one task.
pub(crate) struct Busy {
    name: String,
    shared: Arc<Shared>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut busy = self
            .shared
            .busy
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        busy.remove(&self.name);
        drop(busy);
        self.shared.records.changed.notify_one();
    }
}
