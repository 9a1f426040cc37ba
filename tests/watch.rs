//! Ends a run in which a test stands still, and says where every thread was. The harness has no limit of its own:
//! without this a run that waits for ever shows nothing but tests that passed.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

/// No test takes this long, on the slowest machine; the slowest is under four minutes on a busy one.
const LONGEST: Duration = Duration::from_mins(20);
const LOOK: Duration = Duration::from_secs(10);
/// The run's exit status.
const HUNG: i32 = 86;

/// Starts to watch, once for the process. Linux only: it reads `/proc`.
pub fn start() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let watching = std::thread::Builder::new().name("watch".to_owned());
        watching.spawn(watch).unwrap();
    });
}

fn watch() {
    let mut seen: HashMap<String, Instant> = HashMap::new();
    loop {
        let running = tests();
        seen.retain(|test, _| running.contains(test));
        for test in running {
            let since = *seen.entry(test.clone()).or_insert_with(Instant::now);
            if since.elapsed() > LONGEST {
                tell(&test);
                std::process::exit(HUNG);
            }
        }
        std::thread::sleep(LOOK);
    }
}

/// The threads that run tests, by number, name and start: the harness names them after the test.
fn tests() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task");
    let tasks = tasks.into_iter().flatten().flatten();
    tasks
        .filter_map(|task| {
            let stat = std::fs::read_to_string(task.path().join("stat")).ok()?;
            // `TID (NAME) STATE …`, proc_pid_stat(5): the start is the 22nd field.
            let (head, rest) = stat.rsplit_once(") ")?;
            let start = rest.split(' ').nth(19)?;
            head.contains("::").then(|| format!("{head}) {start}"))
        })
        .collect()
}

/// Past the harness, which keeps what a test prints until the test has ended.
fn tell(test: &str) {
    let text = format!("\n== no end within {LONGEST:?}: {test}\n{}\n", stacks());
    drop(std::io::stderr().write_all(text.as_bytes()));
    // For `.ci/run`, which tells this end from a red test.
    if let Some(file) = std::env::var_os("VIGIE_HUNG") {
        drop(std::fs::write(Path::new(&file), text));
    }
}

/// Through a file: a debugger that writes into a pipe waits for the reader, which it has stopped.
fn stacks() -> String {
    let shown = tempfile::NamedTempFile::new().unwrap();
    let into = shown.reopen().unwrap();
    let said = Command::new("gdb")
        .args(["-batch", "-ex", "thread apply all bt 40", "-p"])
        .arg(std::process::id().to_string())
        .stdin(Stdio::null())
        .stdout(into)
        .stderr(Stdio::null())
        .status();
    match said {
        Ok(_) => std::fs::read_to_string(shown.path()).unwrap_or_default(),
        Err(error) => format!("no stacks without gdb: {error}"),
    }
}
