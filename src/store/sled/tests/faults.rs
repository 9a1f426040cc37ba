//! A disk that refuses: a full one for the real engine, a failing one for the worker.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::crash::{acknowledged, all_of, child, folder_of_child};
use super::{Folder, SledStore};
use crate::store::conformance::{Bench, arrival};
use crate::store::rows::{Changes, Engine, Row};
use crate::store::sentinel::{Memory, Sentinel};
use crate::store::worker::Worker;
use crate::store::{Accepted, Store, StoreError, commands};

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

/// An engine in memory whose disk can be switched off: then it half-applies and fails.
struct Fragile {
    rows: Changes,
    disk: Arc<std::sync::Mutex<Changes>>,
    broken: Arc<AtomicBool>,
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
        self.rows.extend(changes.clone());
        if self.broken.load(Ordering::SeqCst) {
            return Err(StoreError::Io("no space left on device".to_owned()));
        }
        self.disk.lock().unwrap().extend(changes.clone());
        Ok(())
    }

    fn bytes(&self) -> Option<u64> {
        None
    }
}

#[tokio::test]
async fn after_a_failed_write_nothing_is_trusted_and_the_engine_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let disk = Arc::new(std::sync::Mutex::new(Changes::new()));
    let broken = Arc::new(AtomicBool::new(false));
    let path = folder.path().join("sentinel.json");
    let open = {
        let (disk, broken) = (Arc::clone(&disk), Arc::clone(&broken));
        move || -> Result<(Fragile, Sentinel), StoreError> {
            let (disk, broken) = (Arc::clone(&disk), Arc::clone(&broken));
            let rows = disk.lock().unwrap().clone();
            let memory = Memory {
                store: "s".to_owned(),
                sequence: 0,
                open: 0,
            };
            Ok((
                Fragile { rows, disk, broken },
                Sentinel::place(path.clone(), memory)?,
            ))
        }
    };
    let (engine, sentinel) = open().unwrap();
    let worker = Worker::start(engine, sentinel, Box::new(open)).unwrap();
    let accept = |name: &str| {
        let arrival = arrival(&[name]);
        worker.ask(move |rows| commands::accept(rows, arrival))
    };
    let pending = || worker.ask(|rows| commands::pending(rows));

    accept("event/1").await.unwrap();
    broken.store(true, Ordering::SeqCst);
    assert!(matches!(accept("event/2").await, Err(StoreError::Io(_))));
    assert!(!worker.health().writable);
    assert_eq!(
        pending().await.unwrap().len(),
        1,
        "what was refused is not there"
    );
    broken.store(false, Ordering::SeqCst);
    assert!(
        matches!(accept("event/2").await, Ok(Accepted::New(_))),
        "and can be sent again"
    );
    assert!(worker.health().writable);
    assert_eq!(pending().await.unwrap().len(), 2);
}
