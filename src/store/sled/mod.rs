//! The embedded engine: sled 0.34.7, pinned. Its `transaction` and `insert` return before anything
//! is on disk, and its `flush` is no fsync on Linux; here a write is one atomic batch, then
//! `flush()`, then `fdatasync` of the file, and only then done. One process, one thread.

mod open;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::rows::{Changes, Engine, Row, read_incident};
use super::worker::{PATIENCE, Patience, Worker};
use super::{
    Accepted, Answer, Arrival, Commit, Health, Inbox, Limits, Snapshot, Store, StoreError,
    Watermark, commands,
};
use crate::incident::{Incident, IncidentId, ThreadRef};

/// The embedded store in a folder of its own.
pub struct SledStore {
    worker: Worker,
    folder: PathBuf,
    /// After the worker: what must outlast it.
    #[cfg(feature = "sandbox")]
    kept: Option<std::sync::Arc<dyn std::any::Any + Send + Sync>>,
}

impl SledStore {
    /// Opens the store in `folder`, or makes one where there never was one. Refuses one that is
    /// in use, damaged beyond help, written by a newer vigie, or that holds less than its sentinel
    /// remembers ([`StoreError::Lost`]). Blocks while it reads everything once.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::start(folder, open::open(folder, open::OnLoss::Refuse)?, PATIENCE)
    }

    /// Opens it although it lost its memory, with what is left; data that cannot be read at all is
    /// kept aside. The caller tells the lead, and rebuilds from Slack.
    pub fn open_after_loss(folder: &Path) -> Result<Self, StoreError> {
        Self::start(folder, open::open(folder, open::OnLoss::Accept)?, PATIENCE)
    }

    fn start(folder: &Path, opened: open::Opened, patience: Patience) -> Result<Self, StoreError> {
        let folder: PathBuf = folder.to_owned();
        let own = folder.clone();
        let reopen = move || open::again(&own);
        let (engine, sentinel) = opened;
        Ok(Self {
            worker: Worker::start(engine, sentinel, Box::new(reopen), patience)?,
            folder,
            #[cfg(feature = "sandbox")]
            kept: None,
        })
    }

    /// Keeps something until the store is closed: a temporary folder must outlast what is written to it.
    #[cfg(feature = "sandbox")]
    #[must_use]
    pub fn keeping(mut self, what: std::sync::Arc<dyn std::any::Any + Send + Sync>) -> Self {
        self.kept = Some(what);
        self
    }
}

impl Store for SledStore {
    fn accept(&self, arrival: Arrival) -> Answer<'_, Accepted> {
        self.worker.ask(|rows| commands::accept(rows, arrival))
    }

    fn pending(&self) -> Answer<'_, Vec<Inbox>> {
        let rows = self.worker.ask(|rows| commands::pending(rows));
        Box::pin(async move { commands::arrivals(&rows.await?) })
    }

    fn commit(&self, commit: Commit) -> Answer<'_, ()> {
        match commands::Ready::of(commit) {
            Ok(ready) => self.worker.ask(|rows| commands::commit(rows, ready)),
            Err(error) => Box::pin(async { Err(error) }),
        }
    }

    fn load(&self, id: &IncidentId) -> Answer<'_, Option<Incident>> {
        let key = format!("i/{}", id.as_str());
        let name = key.clone();
        let row = self.worker.ask(move |rows| rows.get(&name));
        Box::pin(async move {
            let row = row.await?;
            row.map(|value| read_incident(&key, &value)).transpose()
        })
    }

    fn load_live(&self) -> Answer<'_, Vec<Incident>> {
        self.worker.ask(|rows| commands::load_live(rows))
    }

    fn load_since(&self, since: DateTime<Utc>) -> Answer<'_, Vec<Incident>> {
        self.worker
            .ask(move |rows| commands::load_since(rows, since))
    }

    fn load_naming(&self, names: Vec<String>, since: DateTime<Utc>) -> Answer<'_, Vec<Incident>> {
        self.worker
            .ask(move |rows| commands::load_naming(rows, &names, since))
    }

    fn find_by_thread(&self, thread: &ThreadRef) -> Answer<'_, Option<Incident>> {
        let thread = thread.clone();
        self.worker
            .ask(move |rows| commands::find_by_thread(rows, &thread))
    }

    fn watermarks(&self) -> Answer<'_, Vec<Watermark>> {
        self.worker.ask(|rows| commands::watermarks(rows))
    }

    fn document(&self, name: &str) -> Answer<'_, Option<String>> {
        let key = format!("d/{name}");
        self.worker.ask(move |rows| rows.text(&key))
    }

    fn documents(&self, prefix: &str) -> Answer<'_, Vec<(String, String)>> {
        let prefix = prefix.to_owned();
        self.worker
            .ask(move |rows| commands::documents(rows, &prefix))
    }

    fn prune(&self, limits: Limits, now: DateTime<Utc>) -> Answer<'_, u64> {
        self.worker
            .ask(move |rows| commands::prune(rows, limits, now))
    }

    fn prove(&self) -> Answer<'_, ()> {
        let folder = self.folder.clone();
        // On the store's own thread: the sentinel is not written meanwhile.
        self.worker.ask(move |rows| open::prove(&folder, rows))
    }

    fn health(&self) -> Answer<'_, Health> {
        let health = self.worker.health();
        Box::pin(async move { Ok(health) })
    }

    fn snapshot(&self) -> Answer<'_, Snapshot> {
        self.worker.ask(|rows| commands::snapshot(rows))
    }

    fn restore(&self, snapshot: Snapshot) -> Answer<'_, ()> {
        self.worker.ask(|rows| commands::restore(rows, snapshot))
    }
}

/// sled behind the rows.
pub(super) struct SledEngine {
    db: sled::Db,
    /// The data file, for the fsync that sled's flush is not.
    file: File,
    /// The folder of its files.
    data: PathBuf,
}

impl Engine for SledEngine {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let value = self.db.get(key).map_err(failed)?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn scan(&self, prefix: &[u8]) -> Result<Vec<Row>, StoreError> {
        let rows = self.db.scan_prefix(prefix);
        rows.map(|row| row.map(|(k, v)| (k.to_vec(), v.to_vec())).map_err(failed))
            .collect()
    }

    fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let mut batch = sled::Batch::default();
        for (key, value) in changes {
            match value {
                Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                None => batch.remove(key.as_slice()),
            }
        }
        open::still_there(&self.data)?;
        self.db.apply_batch(batch).map_err(failed)?;
        self.db.flush().map_err(failed)?;
        self.file
            .sync_data()
            .map_err(|error| StoreError::Io(error.to_string()))
    }

    fn bytes(&self) -> Option<u64> {
        self.file.metadata().ok().map(|file| file.len())
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function to map errors with"
)]
fn failed(error: sled::Error) -> StoreError {
    StoreError::Io(error.to_string())
}
