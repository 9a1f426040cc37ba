//! A small file beside the store that remembers what the store should hold. An embedded engine can
//! open damaged data as an empty database without an error; for a pager that is every pending page
//! lost in silence. The sentinel makes it loud.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Loss, StoreError};

/// While the number of open incidents stays the same, it is written at most this often.
const EVERY: Duration = Duration::from_secs(1);

/// What the file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Memory {
    /// Id of the store it stands beside.
    pub store: String,
    /// Sequence when it was written; the store is at this or later.
    pub sequence: u64,
    /// Open incidents then.
    pub open: u64,
}

/// The file, and what it says.
#[derive(Debug)]
pub(super) struct Sentinel {
    path: PathBuf,
    memory: Memory,
    written: Option<Instant>,
}

impl Sentinel {
    /// Reads the file; `None` where there is none. One that cannot be read is an error, not a
    /// fresh start.
    pub fn read(path: &Path) -> Result<Option<Memory>, StoreError> {
        match fs::read(path) {
            Ok(bytes) => super::rows::from_json("the sentinel", &bytes).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io(path, &error)),
        }
    }

    /// Writes the file for a store that was found to hold this.
    pub fn place(path: PathBuf, memory: Memory) -> Result<Self, StoreError> {
        let mut sentinel = Self {
            path,
            memory,
            written: None,
        };
        sentinel.write()?;
        Ok(sentinel)
    }

    pub fn sequence(&self) -> u64 {
        self.memory.sequence
    }

    pub fn open(&self) -> u64 {
        self.memory.open
    }

    /// Follows the store, after its write is on disk.
    pub fn follow(&mut self, sequence: u64, open: u64) -> Result<(), StoreError> {
        let same = self.memory.open == open;
        self.memory.sequence = sequence;
        self.memory.open = open;
        if same && self.written.is_some_and(|at| at.elapsed() < EVERY) {
            return Ok(());
        }
        self.write()
    }

    /// Temporary file, sync, rename, sync of the folder: the file is always whole.
    fn write(&mut self) -> Result<(), StoreError> {
        let temporary = self.path.with_extension("tmp");
        let json = super::rows::to_json("the sentinel", &self.memory)?;
        let write = || {
            let mut file = File::create(&temporary)?;
            file.write_all(&json)?;
            file.sync_all()?;
            fs::rename(&temporary, &self.path)?;
            let folder = self.path.parent().unwrap_or(Path::new("."));
            File::open(folder)?.sync_all()
        };
        write().map_err(|error| io(&self.path, &error))?;
        self.written = Some(Instant::now());
        Ok(())
    }
}

/// Compares what the sentinel remembers with what was found.
pub(super) fn compare(memory: &Memory, found: Option<&Memory>) -> Result<(), Loss> {
    let Some(found) = found else {
        return Err(Loss::Empty {
            open: memory.open,
            sequence: memory.sequence,
        });
    };
    if found.store != memory.store {
        let (expected, found) = (memory.store.clone(), found.store.clone());
        return Err(Loss::Foreign { expected, found });
    }
    if found.sequence < memory.sequence {
        return Err(Loss::Older {
            expected: memory.sequence,
            found: found.sequence,
        });
    }
    Ok(())
}

fn io(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Io(format!("{}: {error}", path.display()))
}
