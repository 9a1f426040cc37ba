//! Tests of the embedded store: the conformance suite, kill -9, damage, a full disk, a second
//! process, and a store that lost its memory.

mod crash;
mod damage;
mod faults;

use std::path::PathBuf;
use std::time::Instant;

use super::SledStore;
use crate::store::conformance::{Bench, incident, suite};
use crate::store::{Commit, Store, StoreError};

/// A store in a temporary folder.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("data")
    }
}

impl Bench for Folder {
    fn open(&self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(SledStore::open(&self.path())?))
    }
}

suite!(Folder::new());

#[test]
fn a_second_opening_is_refused_and_names_the_way_out() {
    let folder = Folder::new();
    let first = SledStore::open(&folder.path()).unwrap();
    let second = SledStore::open(&folder.path()).err().unwrap();
    assert!(matches!(second, StoreError::Locked { .. }), "{second}");
    assert!(second.to_string().contains("PostgreSQL"));
    drop(first);
    SledStore::open(&folder.path()).unwrap();
}

#[tokio::test]
async fn ten_thousand_open_incidents_are_loaded_in_two_seconds() {
    let folder = Folder::new();
    let store = folder.open().unwrap();
    for chunk in (0..10_000_u32).collect::<Vec<_>>().chunks(500) {
        let incidents = chunk.iter().map(|n| incident(*n)).collect();
        store
            .commit(Commit {
                incidents,
                ..Commit::default()
            })
            .await
            .unwrap();
    }
    drop(store);
    let started = Instant::now();
    let store = folder.open().unwrap();
    assert_eq!(store.load_live().await.unwrap().len(), 10_000);
    let took = started.elapsed();
    // The promise is about the released binary; an unoptimised one is given more.
    let allowed = if cfg!(debug_assertions) { 20 } else { 2 };
    assert!(
        took.as_secs() < allowed,
        "opening and loading took {took:?}"
    );
    eprintln!("opening and loading 10,000 open incidents took {took:?}");
}
