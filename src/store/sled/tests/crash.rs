//! kill -9 in the middle of writing, again and again: what was acknowledged is there, and nothing
//! is half there. The writer is this test binary in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};

use super::{Folder, SledStore};
use crate::incident::{Command, IncidentId};
use crate::store::conformance::{Bench, arrival, incident, next};
use crate::store::{Accepted, Commit, Store};

/// Tells the child where to write.
const FOLDER: &str = "VIGIE_TEST_CRASH_FOLDER";
/// Writers of the child.
const WRITERS: u32 = 8;

/// Runs a test of this binary as a process, under `shell` limits if given.
pub(super) fn child(test: &str, folder: &Path, limits: Option<&str>) -> Child {
    let this = std::env::current_exe().unwrap();
    let mut process = match limits {
        Some(limits) => {
            let mut shell = Process::new("sh");
            shell
                .arg("-c")
                .arg(format!("{limits}; exec \"$0\" \"$@\""))
                .arg(this);
            shell
        }
        None => Process::new(this),
    };
    process
        .args([
            "--exact",
            test,
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

pub(super) fn folder_of_child() -> Option<std::path::PathBuf> {
    std::env::var_os(FOLDER).map(Into::into)
}

/// Says on standard error (the test harness writes on the other) what was acknowledged.
pub(super) fn acknowledged(what: &str) {
    let mut out = std::io::stderr().lock();
    writeln!(out, "ACK {what}").unwrap();
}

/// One writer: an arrival, then the next version of its incident, which consumes it and writes a
/// document of the same number in the same commit.
async fn write_for_ever(store: &dyn Store, writer: u32, run: u32) {
    let id = incident(writer).id;
    let mut current = store.load(&id).await.unwrap().map(bump);
    for n in 0_u64.. {
        let name = format!("event/{run}/{writer}/{n}");
        let Accepted::New(waiting) = store.accept(arrival(&[&name])).await.unwrap() else {
            panic!("a duplicate of what was never sent");
        };
        acknowledged(&format!("arrival {name}"));
        let newer = match &current {
            None => incident(writer),
            Some(old) => next(old, Command::WrongAnswer),
        };
        let version = newer.version;
        let document = (format!("version/{writer}"), Some(version.to_string()));
        let mut commit = Commit::of(newer.clone()).consuming(waiting);
        commit.documents.push(document);
        store.commit(commit).await.unwrap();
        acknowledged(&format!("version {} {version}", id.as_str()));
        current = Some(bump(newer));
    }
}

/// The record as the next commit changes it: only its marks, so that it can go on for ever.
fn bump(mut incident: crate::incident::Incident) -> crate::incident::Incident {
    incident.audit.truncate(3);
    incident.outbox.truncate(3);
    incident
        .investigations
        .iter_mut()
        .for_each(|one| one.wrong = None);
    incident
}

#[tokio::test]
#[ignore = "the writer of the crash test, run by it in a process of its own"]
async fn writer() {
    let Some(folder) = folder_of_child() else {
        return;
    };
    let run = std::process::id();
    acknowledged("opening");
    let store = SledStore::open(&folder).unwrap();
    futures::future::join_all((0..WRITERS).map(|n| write_for_ever(&store, n, run))).await;
}

#[tokio::test]
async fn i02_i04_what_was_acknowledged_survives_kill_nine() {
    let folder = Folder::new();
    let mut total = 0;
    for round in 0..15 {
        let mut child = child("store::sled::tests::crash::writer", &folder.path(), None);
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // Every third one dies while it opens the store that the last one left behind.
        let enough = if round % 3 == 2 {
            1
        } else {
            40 + fastrand::usize(0..400)
        };
        let mut acks = Vec::new();
        let mut rest = lines.map_while(Result::ok);
        while acks.len() < enough {
            let line = rest
                .next()
                .unwrap_or_else(|| panic!("the writer ended early: {acks:?}"));
            acks.extend(line.strip_prefix("ACK ").map(str::to_owned));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        acks.extend(rest.filter_map(|line| line.strip_prefix("ACK ").map(str::to_owned)));
        total += acks.len();
        verify(&folder, &acks, round).await;
    }
    assert!(total > 400);
}

async fn verify(folder: &Folder, acks: &[String], round: u32) {
    let store = folder.open().unwrap();
    let pending = store.pending().await.unwrap();
    for ack in acks {
        let words: Vec<&str> = ack.split(' ').collect();
        match words[..] {
            ["arrival", name] => {
                let again = store.accept(arrival(&[name])).await.unwrap();
                assert_eq!(again, Accepted::Duplicate, "round {round}: lost {name}");
            }
            ["version", id, version] => {
                let found = store.load(&IncidentId::new(id)).await.unwrap();
                let found = found.map_or(0, |incident| incident.version);
                let version: u64 = version.parse().unwrap();
                assert!(
                    found >= version,
                    "round {round}: {id} fell from {version} to {found}"
                );
            }
            _ => {}
        }
    }
    for writer in 0..WRITERS {
        let version = store
            .load(&incident(writer).id)
            .await
            .unwrap()
            .map(|one| one.version.to_string());
        let document = store.document(&format!("version/{writer}")).await.unwrap();
        assert_eq!(version, document, "round {round}: half of a commit");
    }
    assert!(pending.len() <= (WRITERS * (round + 1)) as usize);
}

/// Everything the child said, once it has ended.
pub(super) fn all_of(mut child: Child) -> String {
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    child.wait().unwrap();
    said
}
