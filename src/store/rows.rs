//! The layout of a store as ordered rows of bytes, and what each method of [`super::Store`] does to
//! them. Knows no engine: it sees rows through [`Engine`] and leaves changes in a group that the
//! worker writes at once. Records are JSON; their format number is read before anything else.
//!
//! | row | holds |
//! | --- | --- |
//! | `i/<id>` | the incident |
//! | `l/<id>`, `o/<id>` | it has something left to do; it is open |
//! | `t/<channel>/<ts>` | id of the incident a thread belongs to |
//! | `a/<number>` | an arrival that waits |
//! | `k/<key>` | name of an arrival, with the time it was first seen |
//! | `w/<channel>` | how far a channel was read |
//! | `d/<name>` | a named document |
//! | `m/…` | store id, sequence, counters, layout version |

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::incident::{FORMAT, Incident, IncidentId};

/// Version of this layout.
pub(super) const LAYOUT: u32 = 1;

/// One row: key and value.
pub(super) type Row = (Vec<u8>, Vec<u8>);
/// Changes to write at once; `None` removes a row.
pub(super) type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// An engine under the rows. One thread owns it.
pub(super) trait Engine: Send {
    /// The row of that key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// The rows whose key begins so, in the order of their keys.
    fn scan(&self, prefix: &[u8]) -> Result<Vec<Row>, StoreError>;
    /// Writes all of it or nothing; what it reports as done survives a crash.
    fn write(&mut self, changes: &Changes) -> Result<(), StoreError>;
    /// Size on disk in bytes.
    fn bytes(&self) -> Option<u64>;
}

/// The rows as one command sees them: what is stored, what earlier commands of the group changed,
/// and what it changed itself.
pub(super) struct Rows<'e> {
    engine: &'e dyn Engine,
    group: Changes,
    own: Changes,
}

impl<'e> Rows<'e> {
    pub fn of(engine: &'e dyn Engine) -> Self {
        Self {
            engine,
            group: Changes::new(),
            own: Changes::new(),
        }
    }

    /// Runs one command: its changes join the group if it succeeds, and are dropped if not.
    pub fn attempt<T>(
        &mut self,
        command: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = command(self);
        let own = std::mem::take(&mut self.own);
        if result.is_ok() {
            self.group.extend(own);
        }
        result
    }

    /// The changes of the whole group.
    pub fn finish(self) -> Changes {
        self.group
    }

    pub fn is_unchanged(&self) -> bool {
        self.group.is_empty()
    }

    pub fn bytes(&self) -> Option<u64> {
        self.engine.bytes()
    }

    pub fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let changed = self
            .own
            .get(key.as_bytes())
            .or_else(|| self.group.get(key.as_bytes()));
        match changed {
            Some(value) => Ok(value.clone()),
            None => self.engine.get(key.as_bytes()),
        }
    }

    pub fn scan(&self, prefix: &str) -> Result<Vec<Row>, StoreError> {
        let mut rows: BTreeMap<_, _> = self.engine.scan(prefix.as_bytes())?.into_iter().collect();
        for (key, value) in self.group.iter().chain(&self.own) {
            if key.starts_with(prefix.as_bytes()) {
                match value {
                    Some(value) => drop(rows.insert(key.clone(), value.clone())),
                    None => drop(rows.remove(key)),
                }
            }
        }
        Ok(rows.into_iter().collect())
    }

    pub fn put(&mut self, key: &str, value: impl Into<Vec<u8>>) {
        self.own.insert(key.as_bytes().to_vec(), Some(value.into()));
    }

    pub fn remove(&mut self, key: &str) {
        self.own.insert(key.as_bytes().to_vec(), None);
    }

    /// A counter of `m/`; 0 where there is none.
    pub fn counter(&self, name: &str) -> Result<u64, StoreError> {
        let key = format!("m/{name}");
        let Some(value) = self.get(&key)? else {
            return Ok(0);
        };
        let bytes = value
            .as_slice()
            .try_into()
            .map_err(|_| unreadable(&key, "not a counter"))?;
        Ok(u64::from_be_bytes(bytes))
    }

    pub fn set_counter(&mut self, name: &str, value: u64) {
        self.put(&format!("m/{name}"), value.to_be_bytes());
    }

    /// A row of text; the keys of this layout are text too.
    pub fn text(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.get(key)?.map(|value| text(key, value)).transpose()
    }

    pub fn incident(&self, id: &str) -> Result<Option<Incident>, StoreError> {
        let key = format!("i/{id}");
        self.get(&key)?
            .map(|value| read_incident(&key, &value))
            .transpose()
    }
}

pub(super) fn text(key: &str, value: Vec<u8>) -> Result<String, StoreError> {
    String::from_utf8(value).map_err(|_| unreadable(key, "not UTF-8"))
}

pub(super) fn unreadable(what: &str, detail: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable {
        what: what.to_owned(),
        detail: detail.to_string(),
    }
}

/// The name after the prefix of a key.
pub(super) fn name_of(key: &[u8]) -> Result<String, StoreError> {
    let key = text("key", key.to_vec())?;
    Ok(key
        .split_once('/')
        .map_or(key.clone(), |(_, name)| name.to_owned()))
}

/// The part of a record that is read before the rest.
#[derive(Deserialize)]
pub(super) struct Head {
    pub format: u32,
    pub version: u64,
}

/// Reads format and version, and refuses a record of a newer vigie.
pub(super) fn read_head(what: &str, value: &[u8]) -> Result<Head, StoreError> {
    let head: Head = from_json(what, value)?;
    if head.format > FORMAT {
        let what = what.to_owned();
        return Err(StoreError::NewerFormat {
            what,
            found: head.format,
            known: FORMAT,
        });
    }
    Ok(head)
}

pub(super) fn read_incident(what: &str, value: &[u8]) -> Result<Incident, StoreError> {
    read_head(what, value)?;
    from_json(what, value)
}

pub(super) fn from_json<T: DeserializeOwned>(what: &str, value: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(value).map_err(|error| unreadable(what, error))
}

pub(super) fn to_json<T: serde::Serialize>(what: &str, value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|error| unreadable(what, error))
}

/// A record as its rows will hold it. It is made where the commit comes from: a storm's record has half a
/// megabyte, and whoever has an arrival to save waits for the store's thread.
pub(super) struct Written {
    id: IncidentId,
    version: u64,
    json: Vec<u8>,
    is_live: bool,
    is_open: bool,
    /// Keys of its own thread, and of those that joined.
    root: Option<String>,
    joined: Vec<String>,
}

impl Written {
    pub fn of(incident: &Incident) -> Result<Self, StoreError> {
        let joined = incident.joined.iter();
        Ok(Self {
            id: incident.id.clone(),
            version: incident.version,
            json: to_json(incident.id.as_str(), incident)?,
            is_live: incident.is_live(),
            is_open: incident.is_open(),
            root: thread_key(&incident.root),
            joined: joined.filter_map(|one| thread_key(&one.thread)).collect(),
        })
    }
}

/// Replaces a record by its next version, with everything that is derived from it.
pub(super) fn put_incident(rows: &mut Rows<'_>, incident: Written) -> Result<(), StoreError> {
    let id = incident.id.as_str();
    let key = format!("i/{id}");
    let found = match rows.get(&key)? {
        Some(value) => read_head(&key, &value)?.version,
        None => 0,
    };
    let expected = incident.version.saturating_sub(1);
    if found != expected {
        return Err(StoreError::Conflict {
            id: incident.id,
            expected,
            found,
        });
    }
    rows.put(&key, incident.json);
    mark(rows, &format!("l/{id}"), incident.is_live);
    let (was_open, is_open) = (rows.get(&format!("o/{id}"))?.is_some(), incident.is_open);
    mark(rows, &format!("o/{id}"), is_open);
    let open = rows.counter("open")? + u64::from(is_open);
    rows.set_counter("open", open.saturating_sub(u64::from(was_open)));
    // A thread leads to its own record, else to the one it joined.
    for key in incident.joined {
        if rows.get(&key)?.is_none() {
            rows.put(&key, id);
        }
    }
    if let Some(key) = incident.root {
        rows.put(&key, id);
    }
    Ok(())
}

fn mark(rows: &mut Rows<'_>, key: &str, set: bool) {
    if set {
        rows.put(key, "");
    } else {
        rows.remove(key);
    }
}

pub(super) fn thread_key(thread: &crate::incident::ThreadRef) -> Option<String> {
    let ts = thread.ts.as_ref()?;
    Some(format!("t/{}/{}", thread.channel.as_str(), ts.as_str()))
}
