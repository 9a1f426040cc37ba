//! That nothing keeps running when the tests end, however they end.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cluster::{ControlPlane, POLL, folder, shared};

#[tokio::test]
async fn dropping_it_ends_its_programs() {
    let Some(cluster) = ControlPlane::start().await else {
        return;
    };
    let (pids, folder) = (cluster.pids(), cluster.admin_kubeconfig());
    assert_eq!(pids.len(), 5);
    drop(cluster);
    assert!(!pids.iter().any(|&pid| folder::alive(pid)));
    assert!(!folder.exists());
}

/// Not a test of its own: what the next one runs in another process and kills.
#[tokio::test]
#[ignore = "runs until it is killed"]
async fn runs_until_killed() {
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
            .any(|pid| folder::alive(pid.parse().unwrap()))
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while running() {
        assert!(Instant::now() < deadline, "still running: {pids}");
        tokio::time::sleep(POLL).await;
    }
}
