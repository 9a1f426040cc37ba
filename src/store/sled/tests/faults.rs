//! A disk that refuses: a full one for the real engine, a failing one for the worker.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::super::open;
use super::crash::{acknowledged, all_of, child, folder_of_child};
use super::{Folder, SledStore};
use crate::store::conformance::{Bench, arrival};
use crate::store::rows::{Changes, Engine, Row};
use crate::store::sentinel::{Memory, Sentinel};
use crate::store::worker::{PATIENCE, Patience, Worker};
use crate::store::{Accepted, Answer, Health, Store, StoreError, commands, hangs};

#[tokio::test]
#[ignore = "the writer of the full-disk test, run by it in a process of its own"]
async fn fills_the_disk() {
    let Some(folder) = folder_of_child() else {
        return;
    };
    let store = SledStore::open(&folder).unwrap();
    for n in 0..100_000 {
        let mut arrival = arrival(&[&format!("event/{n}")]);
        arrival.payload = (0..20_000).map(|_| fastrand::alphanumeric()).collect();
        match store.accept(arrival).await {
            Ok(_) => acknowledged(&format!("arrival event/{n}")),
            Err(StoreError::Io(_)) => {
                assert!(
                    !store.health().await.unwrap().writable,
                    "readiness goes off"
                );
                acknowledged("refused");
                return;
            }
            Err(error) => panic!("not the error for a full disk: {error}"),
        }
    }
}

#[tokio::test]
async fn f42_a_full_disk_is_said_and_loses_nothing_acknowledged() {
    let folder = Folder::new();
    drop(folder.open().unwrap());
    let limits = "trap '' XFSZ; ulimit -f 6000";
    let said = all_of(child(
        "store::sled::tests::faults::fills_the_disk",
        &folder.path(),
        Some(limits),
    ));
    let acks: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("ACK "))
        .collect();
    assert_eq!(acks.last(), Some(&"refused"), "{said}");
    assert!(acks.len() > 10);
    let store = folder.open().unwrap();
    for name in acks.iter().filter_map(|ack| ack.strip_prefix("arrival ")) {
        assert_eq!(
            store.accept(arrival(&[name])).await.unwrap(),
            Accepted::Duplicate,
            "{name}"
        );
    }
}

/// What sled cannot get over: a record too large for a page failed in the middle of its own file.
#[tokio::test]
#[ignore = "the process of the test of a write that failed half-way"]
async fn fails_half_way() {
    let Some(folder) = folder_of_child() else {
        return;
    };
    let patience = Patience {
        close: Duration::from_millis(50),
        answer: Duration::from_millis(50),
    };
    let opened = open::open(&folder, open::OnLoss::Refuse).unwrap();
    let store = SledStore::start(&folder, opened, patience).unwrap();
    let accept = async |name: &str, size: usize| {
        let mut arrival = arrival(&[name]);
        arrival.payload = (0..size).map(|_| fastrand::alphanumeric()).collect();
        store.accept(arrival).await
    };
    accept("event/small", 1000).await.unwrap();
    acknowledged("small");
    for name in ["event/large", "event/next"] {
        let size = if name == "event/large" { 5_000_000 } else { 10 };
        let refused = accept(name, size).await.unwrap_err();
        acknowledged(&format!("{name} {refused}"));
    }
    let hung = hangs(&store, Duration::from_millis(300));
    tokio::time::timeout(Duration::from_mins(1), hung)
        .await
        .unwrap();
    let health = store.health().await.unwrap();
    acknowledged(&format!(
        "writable {} {:?}",
        health.writable, health.problem
    ));
    drop(store);
    acknowledged("ended");
}

#[tokio::test]
async fn a_write_that_failed_half_way_is_said_and_holds_nobody_up() {
    let folder = Folder::new();
    drop(folder.open().unwrap());
    let limits = "trap '' XFSZ; ulimit -f 4000";
    let this = "store::sled::tests::faults::fails_half_way";
    let said = all_of(child(this, &folder.path(), Some(limits)));
    let acks: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("ACK "))
        .collect();
    let [small, large, next, health, ended] = acks[..] else {
        panic!("{said}");
    };
    assert_eq!((small, ended), ("small", "ended"));
    assert!(large.contains("File too large"), "{large}");
    assert!(next.ends_with("what failed does not close"), "{next}");
    assert!(health.starts_with("writable false Some"), "{health}");
    let store = folder.open().unwrap();
    assert_eq!(
        store.accept(arrival(&["event/small"])).await.unwrap(),
        Accepted::Duplicate
    );
    let again = store.accept(arrival(&["event/large"])).await.unwrap();
    assert!(
        matches!(again, Accepted::New(_)),
        "what was refused is not there"
    );
}

#[tokio::test]
async fn files_that_somebody_removed_are_not_written_to_nor_made_anew() {
    let folder = Folder::new();
    let store = SledStore::open(&folder.path()).unwrap();
    store.accept(arrival(&["event/1"])).await.unwrap();
    let aside = folder.path().with_extension("aside");
    std::fs::rename(folder.path(), &aside).unwrap();
    for again in ["event/2", "event/2"] {
        let refused = store.accept(arrival(&[again])).await.unwrap_err();
        assert!(
            refused.to_string().ends_with("the files are gone"),
            "{refused}"
        );
        assert!(!store.health().await.unwrap().writable);
    }
    assert!(!folder.path().exists(), "an empty store in its place");
    std::fs::rename(&aside, folder.path()).unwrap();
    let known = store.accept(arrival(&["event/1"])).await.unwrap();
    assert_eq!(
        known,
        Accepted::Duplicate,
        "they came back, with what they held"
    );
}

/// A disk in memory that can be switched off, and be held up.
#[derive(Clone, Default)]
struct Disk {
    rows: Arc<Mutex<Changes>>,
    broken: Arc<AtomicBool>,
    /// Whoever holds it holds up writes.
    writes: Arc<tokio::sync::Mutex<()>>,
    /// The same for closing.
    closes: Arc<tokio::sync::Mutex<()>>,
}

impl Disk {
    fn open(&self, sentinel: PathBuf) -> Result<(Fragile, Sentinel), StoreError> {
        let rows = self.rows.lock().unwrap().clone();
        let memory = Memory {
            store: "s".to_owned(),
            sequence: 0,
            open: 0,
        };
        let disk = self.clone();
        Ok((Fragile { rows, disk }, Sentinel::place(sentinel, memory)?))
    }

    fn worker(&self, folder: &Path, patience: Patience) -> Worker {
        let (disk, path) = (self.clone(), folder.join("sentinel.json"));
        let (engine, sentinel) = disk.open(path.clone()).unwrap();
        let open = move || disk.open(path.clone());
        Worker::start(engine, sentinel, Box::new(open), patience).unwrap()
    }
}

/// An engine on it: a write that fails is half applied in memory.
struct Fragile {
    rows: Changes,
    disk: Disk,
}

impl Drop for Fragile {
    fn drop(&mut self) {
        let _held = self.disk.closes.blocking_lock();
    }
}

impl Engine for Fragile {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.rows.get(key).cloned().flatten())
    }

    fn scan(&self, prefix: &[u8]) -> Result<Vec<Row>, StoreError> {
        let rows = self.rows.iter().filter(|(key, _)| key.starts_with(prefix));
        Ok(rows
            .filter_map(|(key, value)| Some((key.clone(), value.clone()?)))
            .collect())
    }

    fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let _held = self.disk.writes.blocking_lock();
        self.rows.extend(changes.clone());
        if self.disk.broken.load(Ordering::SeqCst) {
            return Err(StoreError::Io("no space left on device".to_owned()));
        }
        self.disk.rows.lock().unwrap().extend(changes.clone());
        Ok(())
    }

    fn bytes(&self) -> Option<u64> {
        None
    }
}

fn accept(worker: &Worker, name: &str) -> Answer<'static, Accepted> {
    let arrival = arrival(&[name]);
    worker.ask(move |rows| commands::accept(rows, arrival))
}

/// Waits until the health is like this.
async fn until(worker: &Worker, is: impl Fn(&Health) -> bool) -> Health {
    let seen = async {
        loop {
            let health = worker.health();
            if is(&health) {
                return health;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), seen)
        .await
        .expect("never like this")
}

const SHORT: Patience = Patience {
    // Longer than a busy machine takes to run a thread that waits for nothing.
    close: Duration::from_millis(200),
    answer: Duration::from_millis(20),
};

#[tokio::test]
async fn after_a_failed_write_nothing_is_trusted_and_the_engine_is_opened_again() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let worker = disk.worker(folder.path(), PATIENCE);
    let pending = || worker.ask(|rows| commands::pending(rows));

    accept(&worker, "event/1").await.unwrap();
    disk.broken.store(true, Ordering::SeqCst);
    let refused = accept(&worker, "event/2").await;
    assert!(matches!(refused, Err(StoreError::Io(_))));
    assert!(!worker.health().writable);
    assert_eq!(
        pending().await.unwrap().len(),
        1,
        "what was refused is not there"
    );
    disk.broken.store(false, Ordering::SeqCst);
    assert!(
        matches!(accept(&worker, "event/2").await, Ok(Accepted::New(_))),
        "and can be sent again"
    );
    assert!(worker.health().writable);
    assert_eq!(pending().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_write_that_does_not_end_is_seen_from_outside() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let worker = disk.worker(folder.path(), SHORT);
    let held = disk.writes.lock().await;
    let answer = accept(&worker, "event/1");
    let health = until(&worker, |health| !health.writable).await;
    assert!(health.busy >= SHORT.answer);
    let problem = health.problem.unwrap();
    assert!(problem.starts_with("at one thing for "), "{problem}");
    drop(held);
    answer.await.unwrap();
    let health = until(&worker, |health| health.busy == Duration::ZERO).await;
    assert!(health.writable && health.problem.is_none(), "{health:?}");
}

#[tokio::test]
async fn an_engine_that_closes_late_is_opened_again_when_it_has() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let worker = disk.worker(folder.path(), SHORT);
    disk.broken.store(true, Ordering::SeqCst);
    let held = disk.closes.lock().await;
    assert!(accept(&worker, "event/1").await.is_err());
    let refused = accept(&worker, "event/1").await.unwrap_err();
    assert!(refused.to_string().ends_with("does not close"), "{refused}");
    assert!(
        until(&worker, |health| health.busy > SHORT.close)
            .await
            .problem
            .is_some()
    );
    disk.broken.store(false, Ordering::SeqCst);
    drop(held);
    until(&worker, |health| health.busy == Duration::ZERO).await;
    assert!(matches!(
        accept(&worker, "event/1").await,
        Ok(Accepted::New(_))
    ));
    let health = until(&worker, |health| health.busy == Duration::ZERO).await;
    assert!(health.writable, "{health:?}");
}

#[tokio::test]
async fn what_only_a_new_start_mends_is_tried_once_and_counts_as_a_hang() {
    let (folder, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let path = folder.path().join("sentinel.json");
    let (engine, sentinel) = disk.open(path).unwrap();
    let tries = Arc::new(AtomicUsize::new(0));
    let tried = Arc::clone(&tries);
    let open = move || {
        tried.fetch_add(1, Ordering::SeqCst);
        Err(StoreError::Corrupt {
            path: "data".to_owned(),
            copy: "data/damaged-1".to_owned(),
            detail: "the log".to_owned(),
        })
    };
    let worker = Worker::start::<Fragile>(engine, sentinel, Box::new(open), SHORT).unwrap();
    disk.broken.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        assert!(accept(&worker, "event/1").await.is_err());
    }
    assert_eq!(
        tries.load(Ordering::SeqCst),
        1,
        "each try would keep a copy"
    );
    let health = until(&worker, |health| health.busy > SHORT.answer).await;
    assert!(health.problem.unwrap().contains("is damaged"));
}
