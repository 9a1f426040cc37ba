//! The temp folder of one run, and the removal of what killed runs left behind.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// What the folders' names begin with; the owner's process id follows.
const PREFIX: &str = "vigie-cluster-";

/// A new folder for this process, after clearing up behind dead ones.
pub fn create() -> std::io::Result<TempDir> {
    sweep(&std::env::temp_dir());
    tempfile::Builder::new()
        .prefix(&format!("{PREFIX}{}-", std::process::id()))
        .tempdir()
}

/// Removes the folders whose process is gone, and ends what still runs in them.
fn sweep(parent: &Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(owner) = owner(&name) else { continue };
        if !alive(owner) {
            end_programs(&entry.path());
            // Another run may be sweeping the same folder: gone is gone.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// The process id in a folder's name.
fn owner(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split_once('-')?.0.parse().ok()
}

/// Whether a process of this id runs; one that only waits to be reaped does not.
/// On a machine without `/proc` all count as running, so that nothing of anybody
/// else's is ever removed.
pub fn alive(pid: u32) -> bool {
    if !Path::new("/proc/self/stat").exists() {
        return true;
    }
    // The state follows the command's name, which is in parentheses.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, state)| !state.starts_with('Z'))
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
