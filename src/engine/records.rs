//! The live records: decided on, saved, and only then seen by the rest of the engine. The index in
//! memory is derived from the store and rebuilt at every start.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;

use super::time::TrustedClock;
use crate::escalation::Policy;
use crate::incident::{Context, Decision, Event, Incident, IncidentId, Status, ThreadRef, apply};
use crate::store::{Commit, Store, StoreError};

/// An alert that fires again within this time belongs to the incident it had.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);
/// What was committed longer ago than this does not come late any more.
const LATE: TimeDelta = TimeDelta::hours(1);
/// Ended records that are remembered before the old ones are forgotten.
const CEASED: usize = 1000;
/// Attempts at a change that others keep overtaking.
const ATTEMPTS: usize = 20;

/// The incidents the engine still has to do something about.
pub(crate) struct Records {
    store: Arc<dyn Store>,
    time: TrustedClock,
    policy: RwLock<Arc<Policy>>,
    watching_since: DateTime<Utc>,
    live: Mutex<BTreeMap<IncidentId, Arc<Incident>>>,
    /// Versions in which records ceased to be live: an older one that comes late does not bring them back.
    ceased: Mutex<HashMap<IncidentId, (u64, DateTime<Utc>)>>,
    /// A write failed: what was refused may be on disk all the same.
    doubted: AtomicBool,
    /// Incidents that ended within [`REMEMBERED`], by the fingerprints of their alerts.
    ended: Mutex<HashMap<String, (IncidentId, DateTime<Utc>)>>,
    /// Rung after every commit.
    pub changed: Notify,
}

impl Records {
    pub fn new(store: Arc<dyn Store>, time: TrustedClock, policy: Policy) -> Self {
        let watching_since = time.now();
        Self {
            store,
            time,
            policy: RwLock::new(Arc::new(policy)),
            watching_since,
            live: Mutex::default(),
            ceased: Mutex::default(),
            doubted: AtomicBool::new(false),
            ended: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Reads everything that is live from the store.
    pub async fn rebuild(&self) -> Result<usize, StoreError> {
        let found = self.store.load_live().await?;
        for incident in self.store.load_since(self.time.now() - REMEMBERED).await? {
            self.note_end(&incident);
        }
        let mut live = self.lock();
        live.clear();
        live.extend(found.into_iter().map(|one| (one.id.clone(), Arc::new(one))));
        Ok(live.len())
    }

    /// Incidents that ended lately, by the fingerprints of their alerts: one that fires again opens its own.
    pub fn ended(&self) -> HashMap<String, IncidentId> {
        let since = self.time.now() - REMEMBERED;
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, (_, at)| *at > since);
        let all = ended.iter();
        all.map(|(print, (id, _))| (print.clone(), id.clone()))
            .collect()
    }

    fn note_end(&self, incident: &Incident) {
        let over = !incident.is_open() && !matches!(incident.status, Status::Joined { .. });
        if !over || incident.alerts.is_empty() {
            return;
        }
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        for told in &incident.alerts {
            let now = (incident.id.clone(), incident.updated_at);
            ended.insert(told.fingerprint.clone(), now);
        }
        for print in &incident.beyond {
            ended.insert(print.clone(), (incident.id.clone(), incident.updated_at));
        }
    }

    /// The live records as last committed.
    pub fn live(&self) -> Vec<Arc<Incident>> {
        self.lock().values().cloned().collect()
    }

    /// One live record as last committed.
    pub fn get(&self, id: &IncidentId) -> Option<Arc<Incident>> {
        self.lock().get(id).cloned()
    }

    /// When this process began to watch (UTC).
    pub fn watching_since(&self) -> DateTime<Utc> {
        self.watching_since
    }

    /// The record, or the one that it became part of; `overtaken` as for [`load`](Self::load).
    pub async fn current(
        &self,
        id: &IncidentId,
        overtaken: bool,
    ) -> Result<Option<Incident>, StoreError> {
        let mut id = id.clone();
        for _ in 0..ATTEMPTS {
            match self.load(&id, overtaken).await? {
                Some(Incident {
                    status: Status::Joined { into, .. },
                    ..
                }) => id = into,
                found => return Ok(found),
            }
        }
        Ok(None)
    }

    /// The record of a thread: its own, else the one that what was reported there is part of by now.
    pub async fn of_thread(&self, thread: &ThreadRef) -> Result<Option<Incident>, StoreError> {
        match self.store.find_by_thread(thread).await? {
            Some(record) if record.root != *thread => self.current(&record.id, true).await,
            found => Ok(found),
        }
    }

    /// The policy in force.
    pub fn policy(&self) -> Arc<Policy> {
        let policy = self.policy.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&policy)
    }

    /// Replaces the policy: an absence, a maintenance window. Deadlines that are armed stay.
    pub fn set_policy(&self, policy: Policy) {
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
        self.changed.notify_one();
    }

    /// Decides with the policy and the time of now.
    pub fn decide<T>(&self, decide: impl FnOnce(&Context<'_>) -> T) -> T {
        let policy = self.policy();
        decide(&Context {
            policy: &policy,
            now: self.time.now(),
            watching_since: self.watching_since,
            nonce: fastrand::u128(..),
        })
    }

    /// One record. What this process committed last is what the store has, unless somebody was faster:
    /// `overtaken` asks the store itself.
    pub async fn load(
        &self,
        id: &IncidentId,
        overtaken: bool,
    ) -> Result<Option<Incident>, StoreError> {
        match self.get(id) {
            Some(known) if !overtaken => Ok(Some(Incident::clone(&known))),
            _ => self.store.load(id).await,
        }
    }

    /// Applies one event to one record and saves what comes of it. `None`: there is no such record.
    pub async fn change(
        &self,
        id: &IncidentId,
        event: Event,
    ) -> Result<Option<Decision>, StoreError> {
        self.change_with(id, event, Commit::default()).await
    }

    /// The same, with more in the commit. If the event changes nothing, the rest is committed all the same.
    pub async fn change_with(
        &self,
        id: &IncidentId,
        event: Event,
        with: Commit,
    ) -> Result<Option<Decision>, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(incident) = self.store.load(id).await? else {
                return self.save(with).await.map(|()| None);
            };
            let decision = self.decide(|context| apply(&incident, event.clone(), context));
            let mut commit = with.clone();
            if decision.changed() {
                commit.incidents.push(decision.incident.clone());
            }
            match self.save(commit).await {
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(Some(decision)),
            }
        }
        Err(StoreError::Io(format!("{} changes too fast", id.as_str())))
    }

    /// Saves a commit and shows its records to the engine.
    pub async fn save(&self, commit: Commit) -> Result<(), StoreError> {
        if commit == Commit::default() {
            return Ok(());
        }
        let incidents = commit.incidents.clone();
        if let Err(error) = self.store.commit(commit).await {
            if matches!(error, StoreError::Io(_)) {
                self.doubted.store(true, Ordering::SeqCst);
            }
            return Err(error);
        }
        self.show(incidents);
        Ok(())
    }

    /// Shows records as they were committed to the rest of the engine.
    fn show(&self, incidents: Vec<Incident>) {
        let mut live = self.lock();
        let mut ceased = self.ceased.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.time.now();
        if ceased.len() > CEASED {
            ceased.retain(|_, (_, at)| now - *at < LATE);
        }
        for incident in incidents {
            // Commits finish out of order: an older version must not hide a newer one.
            let known = live.get(&incident.id).map(|known| known.version);
            let gone = ceased.get(&incident.id).map(|(version, _)| *version);
            if known.max(gone) > Some(incident.version) {
                continue;
            }
            self.note_end(&incident);
            if incident.is_live() {
                live.insert(incident.id.clone(), Arc::new(incident));
            } else {
                live.remove(&incident.id);
                ceased.insert(incident.id, (incident.version, now));
            }
        }
        drop((live, ceased));
        self.changed.notify_one();
    }

    /// After a failed write: takes over what is in the store although it was refused.
    pub async fn take_over_refused(&self) -> Result<(), StoreError> {
        if !self.doubted.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let read = self.store.load_since(self.time.now() - LATE).await;
        if read.is_err() {
            self.doubted.store(true, Ordering::SeqCst);
        }
        self.show(read?);
        Ok(())
    }

    /// The store behind it.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<IncidentId, Arc<Incident>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
