//! Opening the embedded store: the lock, the scan that proves that it can be read, the repair of
//! what sled cannot repair itself, and the comparison with the sentinel.

use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::SledEngine;
use crate::store::rows::{Engine, LAYOUT, Rows, read_head};
use crate::store::sentinel::{Memory, Sentinel, compare};
use crate::store::{StoreError, commands};

/// What to do with a store that holds less than its sentinel remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnLoss {
    Refuse,
    Accept,
}

/// Name of the sentinel's file.
const SENTINEL: &str = "sentinel.json";
/// Name of the engine's folder.
const DATA: &str = "sled";

pub(super) type Opened = (SledEngine, Sentinel);

/// How long a lock that somebody holds is waited for.
const LOCK_PATIENCE: Duration = Duration::from_secs(2);
/// How often it is tried meanwhile.
const LOCK_POLL: Duration = Duration::from_millis(20);
/// Pages that sled keeps in memory.
const CACHE: u64 = 16 * 1024 * 1024;

/// Opens the store in `folder`.
pub(super) fn open(folder: &Path, on_loss: OnLoss) -> Result<Opened, StoreError> {
    fs::create_dir_all(folder).map_err(|error| io(folder, &error))?;
    let data = folder.join(DATA);
    let sentinel = folder.join(SENTINEL);
    let memory = match (Sentinel::read(&sentinel), on_loss) {
        (Err(StoreError::Unreadable { .. }), OnLoss::Accept) => None,
        (read, _) => read?,
    };
    let engine = match recover(folder, &data) {
        Err(StoreError::Corrupt { .. }) if on_loss == OnLoss::Accept => anew(folder, &data)?,
        opened => opened?,
    };
    let found = remembered(&engine)?;
    let lost = memory
        .as_ref()
        .and_then(|memory| compare(memory, found.as_ref()).err());
    if let Some(loss) = lost {
        if on_loss == OnLoss::Refuse {
            let path = folder.display().to_string();
            return Err(StoreError::Lost { path, loss });
        }
        tracing::error!(%loss, "the store lost its memory; going on with what is left");
    }
    let (engine, memory) = with_identity(engine)?;
    Ok((engine, Sentinel::place(sentinel, memory)?))
}

/// Opens a store that was open in this process: its files must still be there, a new one would have
/// forgotten everything.
pub(super) fn again(folder: &Path) -> Result<Opened, StoreError> {
    still_there(&folder.join(DATA))?;
    open(folder, OnLoss::Refuse)
}

/// Refuses to write where somebody removed the files: sled would go on in a file that no start finds
/// again, and a record too large for a page, which it keeps in a file of its own under `blobs`, would
/// fail half-way and leave it unable to close.
pub(super) fn still_there(data: &Path) -> Result<(), StoreError> {
    if data.join("db").is_file() && data.join("blobs").is_dir() {
        return Ok(());
    }
    let data = data.display();
    Err(StoreError::Io(format!("{data}: the files are gone")))
}

/// Compares an open store with the sentinel's file. Gone is as bad as ahead: somebody changed the folder.
pub(super) fn prove(folder: &Path, rows: &Rows<'_>) -> Result<(), StoreError> {
    let Some(memory) = Sentinel::read(&folder.join(SENTINEL))? else {
        return Err(StoreError::Unreadable {
            what: "the sentinel".to_owned(),
            detail: "its file is gone".to_owned(),
        });
    };
    let found = said(rows)?;
    compare(&memory, found.as_ref()).map_err(|loss| StoreError::Lost {
        path: folder.display().to_string(),
        loss,
    })
}

/// What the store says about itself; `None` for an engine that never was a store.
fn remembered(engine: &SledEngine) -> Result<Option<Memory>, StoreError> {
    said(&Rows::of(engine))
}

fn said(rows: &Rows<'_>) -> Result<Option<Memory>, StoreError> {
    let Some(store) = rows.text("m/id")? else {
        return Ok(None);
    };
    Ok(Some(Memory {
        store,
        sequence: rows.counter("sequence")?,
        open: rows.counter("open")?,
    }))
}

/// Gives a new store its identity.
fn with_identity(mut engine: SledEngine) -> Result<(SledEngine, Memory), StoreError> {
    if remembered(&engine)?.is_none() {
        let mut rows = Rows::of(&engine);
        let id = format!("{:032x}", fastrand::u128(..));
        rows.attempt(|rows| {
            commands::found(rows, &id);
            Ok(())
        })?;
        let changes = rows.finish();
        engine.write(&changes)?;
    }
    let memory = remembered(&engine)?.ok_or(StoreError::Closed)?;
    Ok((engine, memory))
}

/// Why an attempt to open failed.
enum Failed {
    /// The data is damaged.
    Damaged(String),
    /// Anything else.
    Other(StoreError),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Other(error)
    }
}

/// Opens and reads everything; on damage keeps a copy and tries once more without sled's snapshot,
/// from which it can recover by replaying its log.
fn recover(folder: &Path, data: &Path) -> Result<SledEngine, StoreError> {
    let detail = match attempt(data) {
        Ok(engine) => return Ok(engine),
        Err(Failed::Other(error)) => return Err(error),
        Err(Failed::Damaged(detail)) => detail,
    };
    let copy = aside(folder, "damaged");
    copy_folder(data, &copy).map_err(|error| io(&copy, &error))?;
    tracing::error!(%detail, copy = %copy.display(), "the store is damaged; trying without its snapshot");
    remove_snapshots(data).map_err(|error| io(data, &error))?;
    attempt(data).map_err(|failed| match failed {
        Failed::Other(error) => error,
        Failed::Damaged(detail) => StoreError::Corrupt {
            path: folder.display().to_string(),
            copy: copy.display().to_string(),
            detail,
        },
    })
}

/// Moves what is left aside and begins an empty engine.
fn anew(folder: &Path, data: &Path) -> Result<SledEngine, StoreError> {
    let lost = aside(folder, "lost");
    fs::rename(data, &lost).map_err(|error| io(&lost, &error))?;
    attempt(data).map_err(|failed| match failed {
        Failed::Other(error) => error,
        Failed::Damaged(detail) => StoreError::Io(detail),
    })
}

/// sled may panic on damaged data: that is damage, not the end of the process.
fn attempt(data: &Path) -> Result<SledEngine, Failed> {
    let open = || -> Result<SledEngine, Failed> {
        let engine = open_engine(data)?;
        scan(&engine)?;
        Ok(engine)
    };
    catch_unwind(AssertUnwindSafe(open))
        .unwrap_or_else(|_| Err(Failed::Damaged("sled panicked while reading".to_owned())))
}

fn open_engine(data: &Path) -> Result<SledEngine, Failed> {
    let config = sled::Config::new()
        .path(data)
        .mode(sled::Mode::LowSpace)
        .cache_capacity(CACHE)
        .flush_every_ms(Some(500));
    let db = open_locked(&config).map_err(|error| refused(data, error))?;
    let path = data.join("db");
    let file = File::open(&path).map_err(|error| Failed::Other(io(&path, &error)))?;
    let data = data.to_owned();
    Ok(SledEngine { db, file, data })
}

/// Opens, with a little patience for the lock: sled's own threads may hold the file for a moment
/// after a store was closed, and a process that is being replaced needs one to end.
fn open_locked(config: &sled::Config) -> Result<sled::Db, sled::Error> {
    let started = Instant::now();
    loop {
        match config.open() {
            Err(error) if is_locked(&error) && started.elapsed() < LOCK_PATIENCE => {
                std::thread::sleep(LOCK_POLL);
            }
            opened => return opened,
        }
    }
}

fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().contains("could not acquire lock"))
}

fn refused(data: &Path, error: sled::Error) -> Failed {
    match error {
        error if is_locked(&error) => Failed::Other(StoreError::Locked {
            path: data.display().to_string(),
        }),
        sled::Error::Io(error) if is_damage(&error) => Failed::Damaged(error.to_string()),
        sled::Error::Io(error) => Failed::Other(io(data, &error)),
        error => Failed::Damaged(error.to_string()),
    }
}

/// A file shorter than sled expects is damage; a disk that does not answer is not.
fn is_damage(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::InvalidData
    )
}

/// Reads every row, and the head of every record.
fn scan(engine: &SledEngine) -> Result<(), Failed> {
    let damaged = |error: sled::Error| Failed::Damaged(error.to_string());
    for row in engine.db.iter() {
        let (key, value) = row.map_err(damaged)?;
        if key.starts_with(b"i/") {
            read_head(&String::from_utf8_lossy(&key), &value).map_err(|error| match error {
                StoreError::Unreadable { what, detail } => {
                    Failed::Damaged(format!("{what}: {detail}"))
                }
                error => Failed::Other(error),
            })?;
        }
    }
    let layout = Rows::of(engine).counter("layout")?;
    let found = u32::try_from(layout).unwrap_or(u32::MAX);
    if found > LAYOUT {
        let what = "the store".to_owned();
        return Err(Failed::Other(StoreError::NewerFormat {
            what,
            found,
            known: LAYOUT,
        }));
    }
    Ok(())
}

/// A name beside the data that is not taken.
fn aside(folder: &Path, what: &str) -> PathBuf {
    let names = (1_u32..).map(|n| folder.join(format!("{what}-{n}")));
    names
        .into_iter()
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.join(what))
}

pub(super) fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn remove_snapshots(data: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn io(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Io(format!("{}: {error}", path.display()))
}
