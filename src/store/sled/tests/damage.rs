//! Damaged files: the store opens with everything in it, or says what it lost. Never less in silence.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use super::{Folder, SledStore};
use crate::store::conformance::{Bench, incident};
use crate::store::{Commit, Loss, Store, StoreError};

/// Records in the store that is damaged.
const RECORDS: u32 = 300;

async fn filled() -> Folder {
    let folder = Folder::new();
    let store = folder.open().unwrap();
    for n in 0..RECORDS {
        store.commit(Commit::of(incident(n))).await.unwrap();
    }
    drop(store);
    folder
}

fn db(folder: &Path) -> PathBuf {
    folder.join("sled/db")
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

fn cut(path: &Path, to: u64) {
    OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(to)
        .unwrap();
}

fn zero_tail(path: &Path, bytes: u64) {
    let whole = length(path);
    cut(path, whole.saturating_sub(bytes));
    cut(path, whole);
}

fn snapshots(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder.join("sled"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("snap.")
        })
        .collect()
}

/// How a damaged store opened.
#[derive(Debug, PartialEq)]
enum Fate {
    Whole,
    Lost,
    Corrupt,
}

async fn fate(folder: &Folder) -> Fate {
    match SledStore::open(&folder.path()) {
        Ok(store) => {
            let live = store.load_live().await.unwrap();
            assert_eq!(live.len(), RECORDS as usize, "less, and nobody was told");
            Fate::Whole
        }
        Err(StoreError::Lost { .. }) => Fate::Lost,
        Err(StoreError::Corrupt { copy, .. }) => {
            assert!(Path::new(&copy).exists(), "an untouched copy is kept");
            Fate::Corrupt
        }
        Err(error) => panic!("not an answer to damage: {error}"),
    }
}

/// After any loss the caller may go on, knowingly, and the store works.
async fn goes_on(folder: &Folder) {
    let store = SledStore::open_after_loss(&folder.path()).unwrap();
    let new = incident(RECORDS + 1);
    store.commit(Commit::of(new.clone())).await.unwrap();
    drop(store);
    let store = folder.open().unwrap();
    assert_eq!(store.load(&new.id).await.unwrap(), Some(new));
}

#[tokio::test]
async fn f45_cut_and_zeroed_files_are_whole_or_said() {
    let mut fates = Vec::new();
    for part in [64 * 1024, 1024 * 1024, u64::MAX] {
        for zero in [false, true] {
            let folder = filled().await;
            let path = db(&folder.path());
            let part = part.min(length(&path) / 2);
            if zero {
                zero_tail(&path, part);
            } else {
                cut(&path, length(&path) - part);
            }
            let fate = fate(&folder).await;
            if fate != Fate::Whole {
                goes_on(&folder).await;
            }
            fates.push((part, zero, fate));
        }
    }
    let lost = fates
        .iter()
        .filter(|(_, _, fate)| *fate != Fate::Whole)
        .count();
    assert!(lost > 0, "half a file cannot be whole: {fates:?}");
}

#[tokio::test]
async fn f45_a_damaged_snapshot_costs_nothing() {
    for garbage in [&b""[..], b"garbage that is no snapshot at all"] {
        let folder = filled().await;
        // sled writes one when it opens.
        drop(folder.open().unwrap());
        let found = snapshots(&folder.path());
        assert!(
            !found.is_empty(),
            "sled wrote no snapshot: this test shows nothing"
        );
        for path in found {
            fs::write(path, garbage).unwrap();
        }
        assert_eq!(fate(&folder).await, Fate::Whole);
    }
}

#[tokio::test]
async fn f45_a_vanished_store_is_not_a_new_one() {
    for what in ["sled/db", "sled"] {
        let folder = filled().await;
        let path = folder.path().join(what);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else {
            fs::remove_file(path).unwrap();
        }
        for _ in 0..2 {
            // The second start must not take the empty store of the first for its own.
            let error = SledStore::open(&folder.path()).err().unwrap();
            let StoreError::Lost {
                loss: Loss::Empty { open, sequence },
                ..
            } = error
            else {
                panic!("{what}: {error}");
            };
            assert_eq!(open, u64::from(RECORDS));
            assert!(sequence >= u64::from(RECORDS));
        }
        goes_on(&folder).await;
    }
}

#[tokio::test]
async fn f47_a_store_from_a_backup_is_older_and_says_so() {
    let folder = Folder::new();
    let store = folder.open().unwrap();
    store.commit(Commit::of(incident(1))).await.unwrap();
    drop(store);
    let backup = folder.path().join("sled");
    let kept = folder.path().join("backup");
    super::super::open::copy_folder(&backup, &kept).unwrap();
    let store = folder.open().unwrap();
    store.commit(Commit::of(incident(2))).await.unwrap();
    drop(store);
    fs::remove_dir_all(&backup).unwrap();
    fs::rename(&kept, &backup).unwrap();
    let error = SledStore::open(&folder.path()).err().unwrap();
    assert!(
        matches!(
            error,
            StoreError::Lost {
                loss: Loss::Older { .. },
                ..
            }
        ),
        "{error}"
    );
    let store = SledStore::open_after_loss(&folder.path()).unwrap();
    assert_eq!(
        store.load_live().await.unwrap().len(),
        1,
        "what is left is used"
    );
}

#[tokio::test]
async fn another_stores_data_is_not_taken_for_its_own() {
    let (one, two) = (filled().await, Folder::new());
    drop(two.open().unwrap());
    fs::remove_dir_all(one.path().join("sled")).unwrap();
    fs::rename(two.path().join("sled"), one.path().join("sled")).unwrap();
    let error = SledStore::open(&one.path()).err().unwrap();
    assert!(
        matches!(
            error,
            StoreError::Lost {
                loss: Loss::Foreign { .. },
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_damaged_sentinel_stops_the_start() {
    let folder = filled().await;
    fs::write(folder.path().join("sentinel.json"), "").unwrap();
    let error = SledStore::open(&folder.path()).err().unwrap();
    assert!(matches!(error, StoreError::Unreadable { .. }), "{error}");
    let store = SledStore::open_after_loss(&folder.path()).unwrap();
    assert_eq!(store.load_live().await.unwrap().len(), RECORDS as usize);
}

#[tokio::test]
async fn i23_a_running_store_is_proven_against_its_sentinel() {
    let folder = filled().await;
    let store = SledStore::open(&folder.path()).unwrap();
    store.prove().await.unwrap();
    let path = folder.path().join("sentinel.json");
    let right = fs::read_to_string(&path).unwrap();
    let changed = |field: &str, value: serde_json::Value| {
        let mut memory: serde_json::Value = serde_json::from_str(&right).unwrap();
        memory[field] = value;
        fs::write(&path, memory.to_string()).unwrap();
    };
    changed("sequence", 1_000_000.into());
    let error = store.prove().await.unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Lost {
                loss: Loss::Older { .. },
                ..
            }
        ),
        "{error}"
    );
    changed("store", "another".into());
    let error = store.prove().await.unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Lost {
                loss: Loss::Foreign { .. },
                ..
            }
        ),
        "{error}"
    );
    fs::write(&path, "{").unwrap();
    assert!(matches!(
        store.prove().await,
        Err(StoreError::Unreadable { .. })
    ));
    fs::remove_file(&path).unwrap();
    assert!(matches!(
        store.prove().await,
        Err(StoreError::Unreadable { .. })
    ));
    fs::write(&path, right).unwrap();
    store.prove().await.unwrap();
}
