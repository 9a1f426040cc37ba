//! The temp folder of one run, and the removal of what killed runs left behind.
//!
//! A folder's owner holds a lock on a file in it. The system drops the lock when
//! the owner ends in whatever way, so a lock that can be had marks a dead run.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// What the folders' names begin with.
const PREFIX: &str = "vigie-cluster-";

/// A folder of this process; dropping it removes it.
pub struct Folder {
    /// The folder itself.
    folder: TempDir,
    /// Keeps other runs from clearing the folder up.
    _lock: File,
}

impl Folder {
    /// Makes a folder, after clearing up behind dead runs.
    pub fn create() -> io::Result<Self> {
        sweep(&std::env::temp_dir());
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        // Locked before it has the name that others look for: a folder in the
        // making must not look like a dead one.
        let lock = File::create(folder.path().join("lock.new"))?;
        lock.lock()?;
        std::fs::rename(folder.path().join("lock.new"), folder.path().join("lock"))?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders whose owner is gone, and ends what still runs in them.
fn sweep(parent: &Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if named && abandoned(&entry.path()) {
            end_programs(&entry.path());
            // Another run may be sweeping the same folder: gone is gone.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether the lock of a folder's owner is free.
fn abandoned(folder: &Path) -> bool {
    File::open(folder.join("lock")).is_ok_and(|lock| lock.try_lock().is_ok())
}

/// Ends the programs that a folder's `pids` file names. An id may have gone to
/// another process since, so only a command line that names the folder counts.
fn end_programs(folder: &Path) {
    let pids = std::fs::read_to_string(folder.join("pids")).unwrap_or_default();
    for pid in pids.lines().filter_map(|line| line.parse::<u32>().ok()) {
        let command = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&command).contains(&*folder.to_string_lossy()) {
            let _ = Command::new("kill")
                .args(["-KILL", &pid.to_string()])
                .status();
        }
    }
}
