//! That nothing keeps running when the tests end, however they end.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cluster::{ControlPlane, POLL, shared};

/// Whether a process of this id runs; one that only waits to be reaped does not.
fn runs(pid: u32) -> bool {
    // The state follows the command's name, which is in parentheses.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ")
        .is_some_and(|(_, state)| !state.starts_with('Z'))
}

#[tokio::test]
async fn dropping_it_ends_its_programs() {
    let Some(cluster) = ControlPlane::start().await else {
        return;
    };
    let (pids, folder) = (cluster.pids(), cluster.admin_kubeconfig());
    assert_eq!(pids.len(), 5);
    drop(cluster);
    assert!(!pids.iter().any(|&pid| runs(pid)));
    assert!(!folder.exists());
}

/// Set where the control plane is meant to run until it is killed.
const UNTIL_KILLED: &str = "VIGIE_TEST_UNTIL_KILLED";

/// Not a test of its own: what the next one runs in another process and kills.
#[tokio::test]
#[ignore = "part of another test"]
async fn runs_until_killed() {
    if std::env::var_os(UNTIL_KILLED).is_none() {
        return;
    }
    let Some(cluster) = shared().await else {
        return;
    };
    eprintln!("pids {:?}", cluster.pids());
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn killing_the_tests_ends_the_programs() {
    let Some(_built) = shared().await else { return };
    let mut tests = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--nocapture", "runs_until_killed"])
        .env(UNTIL_KILLED, "1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(tests.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let pids = lines.find_map(|line| Some(line.split_once("pids [")?.1.to_owned()));
    tests.kill().unwrap();
    tests.wait().unwrap();
    let pids = pids.expect("it started");
    let running = || {
        pids.trim_end_matches(']')
            .split(", ")
            .any(|pid| runs(pid.parse().unwrap()))
    };
    let deadline = Instant::now() + Duration::from_mins(1);
    while running() {
        assert!(Instant::now() < deadline, "still running: {pids}");
        tokio::time::sleep(POLL).await;
    }
}
