//! What every engine of [`Store`] must do. An engine calls [`suite!`] with a bench that opens it in
//! a place of its own, again and again.

mod fixtures;

use chrono::TimeDelta;

pub(crate) use self::fixtures::{arrival, incident, next};
use self::fixtures::{context, noon, number, thread};
use super::{Accepted, Commit, Limits, Store, StoreError, Watermark, aside_document, put_aside};
use crate::escalation::{Policy, UserId};
use crate::incident::{
    ChannelId, Command, Event, FORMAT, IncidentId, Origin, ThreadRef, Ts, apply,
};

/// A place for one store.
pub(crate) trait Bench {
    /// Opens it; the one opened before was dropped.
    fn open(&self) -> Result<Box<dyn Store>, StoreError>;
}

/// One test per property of the contract.
macro_rules! suite {
    ($bench:expr; $($property:ident)*) => {$(
        #[tokio::test]
        async fn $property() {
            crate::store::conformance::$property(&$bench).await;
        }
    )*};
    ($bench:expr) => {
        suite! { $bench;
            what_is_committed_is_there_after_reopening i05_only_the_next_version_replaces_a_record
            a_commit_is_all_or_nothing i16_an_arrival_is_taken_once_by_any_of_its_names
            arrivals_wait_in_order_until_consumed keys_are_kept_a_day_and_then_forgotten
            threads_lead_to_their_incident live_and_recent_records_are_found
            watermarks_never_go_back documents_are_replaced_and_removed
            i25_a_newer_format_is_neither_read_nor_overwritten
            a_snapshot_moves_to_an_empty_store_and_only_there concurrent_changes_let_one_win
            i16_an_arrival_has_one_effect what_was_put_aside_is_forgotten_after_ninety_days health_counts
        }
    };
}
pub(crate) use suite;

pub(crate) async fn what_is_committed_is_there_after_reopening(bench: &impl Bench) {
    let (one, two) = (incident(1), incident(2));
    let store = bench.open().unwrap();
    store
        .commit(Commit::of(one.clone()).and(two.clone()))
        .await
        .unwrap();
    let waiting = number(store.accept(arrival(&["event/1"])).await.unwrap());
    drop(store);
    let store = bench.open().unwrap();
    assert_eq!(store.load(&one.id).await.unwrap(), Some(one));
    assert_eq!(store.load(&two.id).await.unwrap(), Some(two));
    assert_eq!(store.pending().await.unwrap()[0].id, waiting);
    assert_eq!(store.load(&IncidentId::new("none")).await.unwrap(), None);
}

pub(crate) async fn i05_only_the_next_version_replaces_a_record(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let first = incident(1);
    let second = next(&first, Command::Acknowledge);
    let skipped = store.commit(Commit::of(second.clone())).await;
    assert!(matches!(
        skipped,
        Err(StoreError::Conflict {
            expected: 1,
            found: 0,
            ..
        })
    ));
    store.commit(Commit::of(first.clone())).await.unwrap();
    assert!(
        store.commit(Commit::of(first)).await.is_err(),
        "twice the same"
    );
    store.commit(Commit::of(second.clone())).await.unwrap();
    let stale = store.commit(Commit::of(second.clone())).await;
    assert!(matches!(
        stale,
        Err(StoreError::Conflict {
            expected: 1,
            found: 2,
            ..
        })
    ));
    assert_eq!(store.load(&second.id).await.unwrap(), Some(second));
}

pub(crate) async fn a_commit_is_all_or_nothing(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let waiting = number(store.accept(arrival(&["event/1"])).await.unwrap());
    let (good, stale) = (incident(1), next(&incident(2), Command::Acknowledge));
    let mut commit = Commit::of(good.clone()).and(stale).consuming(waiting);
    commit
        .documents
        .push(("a".to_owned(), Some("1".to_owned())));
    commit.watermarks.push(Watermark {
        channel: ChannelId::new("C1"),
        ts: Ts::new("1.0"),
    });
    assert!(store.commit(commit).await.is_err());
    drop(store);
    let store = bench.open().unwrap();
    assert_eq!(store.load(&good.id).await.unwrap(), None);
    assert_eq!(store.pending().await.unwrap().len(), 1);
    assert_eq!(store.document("a").await.unwrap(), None);
    assert!(store.watermarks().await.unwrap().is_empty());
    assert!(store.load_live().await.unwrap().is_empty());
}

pub(crate) async fn i16_an_arrival_is_taken_once_by_any_of_its_names(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let id = number(
        store
            .accept(arrival(&["event/1", "message/C1/1"]))
            .await
            .unwrap(),
    );
    // The same message as another event, from the catch-up, and again after it was consumed.
    let again = [
        &["event/2", "message/C1/1"][..],
        &["message/C1/1"],
        &["event/2"],
        &["event/1"],
    ];
    for names in again {
        assert_eq!(
            store.accept(arrival(names)).await.unwrap(),
            Accepted::Duplicate,
            "{names:?}"
        );
    }
    store.commit(Commit::default().consuming(id)).await.unwrap();
    drop(store);
    let store = bench.open().unwrap();
    assert_eq!(
        store.accept(arrival(&["event/2"])).await.unwrap(),
        Accepted::Duplicate
    );
    assert!(store.pending().await.unwrap().is_empty());
    number(store.accept(arrival(&["event/3"])).await.unwrap());
}

pub(crate) async fn arrivals_wait_in_order_until_consumed(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let mut ids = Vec::new();
    for n in 0..12 {
        ids.push(number(
            store
                .accept(arrival(&[&format!("event/{n}")]))
                .await
                .unwrap(),
        ));
    }
    store
        .commit(Commit::default().consuming(ids[5]))
        .await
        .unwrap();
    drop(store);
    let store = bench.open().unwrap();
    ids.remove(5);
    let waiting: Vec<_> = store
        .pending()
        .await
        .unwrap()
        .iter()
        .map(|inbox| inbox.id)
        .collect();
    assert_eq!(waiting, ids);
    let later = number(store.accept(arrival(&["event/x"])).await.unwrap());
    assert!(later > ids[10], "numbers are never used again");
}

pub(crate) async fn keys_are_kept_a_day_and_then_forgotten(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let id = number(store.accept(arrival(&["event/1"])).await.unwrap());
    store.commit(Commit::default().consuming(id)).await.unwrap();
    let limits = Limits {
        keys: TimeDelta::seconds(1),
        ..Limits::default()
    };
    store
        .prune(limits, noon() + TimeDelta::hours(24))
        .await
        .unwrap();
    assert_eq!(
        store.accept(arrival(&["event/1"])).await.unwrap(),
        Accepted::Duplicate
    );
    let forgotten = store
        .prune(limits, noon() + TimeDelta::hours(25))
        .await
        .unwrap();
    assert_eq!(forgotten, 1);
    number(store.accept(arrival(&["event/1"])).await.unwrap());
}

pub(crate) async fn i16_an_arrival_has_one_effect(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let waiting = number(store.accept(arrival(&["event/1"])).await.unwrap());
    let (first, second) = (incident(1), incident(2));
    let consuming = |one| Commit::of(one).consuming(waiting);
    store.commit(consuming(first.clone())).await.unwrap();
    let again = store.commit(consuming(second.clone())).await;
    assert_eq!(again, Err(StoreError::Consumed));
    assert_eq!(store.load(&second.id).await.unwrap(), None, "nothing of it");
    // What has no effect may say once more that it is done.
    let done = Commit::default().consuming(waiting);
    store.commit(done).await.unwrap();
    assert_eq!(store.health().await.unwrap().inbox, 0);
}

pub(crate) async fn what_was_put_aside_is_forgotten_after_ninety_days(bench: &impl Bench) {
    let store = bench.open().unwrap();
    store.accept(arrival(&["event/1"])).await.unwrap();
    let waiting = store.pending().await.unwrap().remove(0);
    let mut commit = Commit::default().consuming(waiting.id);
    let (name, text) = aside_document(&waiting);
    commit.documents.push((name, Some(text)));
    store.commit(commit).await.unwrap();
    for (days, left) in [(90, 1), (91, 0)] {
        let then = noon() + TimeDelta::days(days);
        store.prune(Limits::default(), then).await.unwrap();
        let aside = put_aside(store.as_ref()).await.unwrap();
        assert_eq!(aside.len(), left, "after {days} days");
    }
}

pub(crate) async fn threads_lead_to_their_incident(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let first = incident(1);
    let other = thread("1700000000.000200");
    let reported = Event::ReportedAgain {
        thread: other.clone(),
        by: Origin::Person(UserId::new("U2")),
        at: noon(),
        because: None,
        tell: true,
    };
    let second = apply(&first, reported, &context(&Policy::default())).incident;
    store.commit(Commit::of(first.clone())).await.unwrap();
    store.commit(Commit::of(second.clone())).await.unwrap();
    assert_eq!(
        store.find_by_thread(&first.root).await.unwrap(),
        Some(second.clone())
    );
    assert_eq!(store.find_by_thread(&other).await.unwrap(), Some(second));
    assert_eq!(store.find_by_thread(&thread("1.1")).await.unwrap(), None);
    let unopened = ThreadRef {
        ts: None,
        ..first.root
    };
    assert_eq!(store.find_by_thread(&unopened).await.unwrap(), None);
}

pub(crate) async fn live_and_recent_records_are_found(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let (live, mut over) = (incident(1), incident(2));
    store
        .commit(Commit::of(live.clone()).and(over.clone()))
        .await
        .unwrap();
    assert_eq!(store.load_live().await.unwrap().len(), 2);
    over = next(&over, Command::Resolve);
    over.outbox.clear();
    assert!(!over.is_live());
    store.commit(Commit::of(over.clone())).await.unwrap();
    assert_eq!(
        store.load_live().await.unwrap(),
        std::slice::from_ref(&live)
    );
    assert_eq!(store.load_since(noon()).await.unwrap().len(), 2);
    let named = |name: &str| store.load_naming(vec![name.to_owned()], noon());
    let id = live.id.as_str();
    assert_eq!(named(id).await.unwrap(), std::slice::from_ref(&live));
    assert_eq!(
        named(&id[..id.len() - 1]).await.unwrap(),
        [],
        "a part of a name is none"
    );
    assert_eq!(named("a \"name\" nobody has").await.unwrap(), []);
    assert!(
        store
            .load_since(noon() + TimeDelta::hours(1))
            .await
            .unwrap()
            .is_empty()
    );
    store
        .prune(Limits::default(), noon() + TimeDelta::days(91))
        .await
        .unwrap();
    assert_eq!(store.load(&over.id).await.unwrap(), None, "long over");
    assert_eq!(store.find_by_thread(&over.root).await.unwrap(), None);
    assert_eq!(
        store.load(&live.id).await.unwrap(),
        Some(live),
        "never one that is live"
    );
}

pub(crate) async fn watermarks_never_go_back(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let mark = |ts: &str| {
        let watermarks = vec![Watermark {
            channel: ChannelId::new("C1"),
            ts: Ts::new(ts),
        }];
        Commit {
            watermarks,
            ..Commit::default()
        }
    };
    for ts in ["999999999.000200", "1800000000.000100", "1700000000.000900"] {
        store.commit(mark(ts)).await.unwrap();
    }
    drop(store);
    let marks = bench.open().unwrap().watermarks().await.unwrap();
    assert_eq!(marks, mark("1800000000.000100").watermarks);
}

pub(crate) async fn documents_are_replaced_and_removed(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let set = |value: Option<&str>| Commit {
        documents: vec![("maintenance/x".to_owned(), value.map(str::to_owned))],
        ..Commit::default()
    };
    store.commit(set(Some("1"))).await.unwrap();
    store.commit(set(Some("2 é"))).await.unwrap();
    let all = |prefix: &'static str| store.documents(prefix);
    let kept = vec![("maintenance/x".to_owned(), "2 é".to_owned())];
    assert_eq!(all("maintenance/").await.unwrap(), kept);
    assert_eq!(all("aside/").await.unwrap(), Vec::new());
    assert_eq!(
        store.document("maintenance/x").await.unwrap().as_deref(),
        Some("2 é")
    );
    store.commit(set(None)).await.unwrap();
    assert_eq!(store.document("maintenance/x").await.unwrap(), None);
}

pub(crate) async fn i25_a_newer_format_is_neither_read_nor_overwritten(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let mut newer = incident(1);
    newer.format = FORMAT + 1;
    store.commit(Commit::of(newer.clone())).await.unwrap();
    let refused = |error: StoreError| matches!(error, StoreError::NewerFormat { .. });
    assert!(refused(store.load(&newer.id).await.unwrap_err()));
    newer.format = FORMAT;
    newer.version = 2;
    assert!(refused(store.commit(Commit::of(newer)).await.unwrap_err()));
    drop(store);
    assert!(bench.open().is_err_and(refused), "and the start is refused");
}

pub(crate) async fn a_snapshot_moves_to_an_empty_store_and_only_there(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let first = incident(1);
    let second = next(&first, Command::Acknowledge);
    store.commit(Commit::of(first)).await.unwrap();
    store.commit(Commit::of(second)).await.unwrap();
    number(
        store
            .accept(arrival(&["event/1", "message/1"]))
            .await
            .unwrap(),
    );
    let watermarks = vec![Watermark {
        channel: ChannelId::new("C1"),
        ts: Ts::new("1.5"),
    }];
    let documents = vec![("a".to_owned(), Some("line\nbreak".to_owned()))];
    store
        .commit(Commit {
            watermarks,
            documents,
            ..Commit::default()
        })
        .await
        .unwrap();
    let snapshot = store.snapshot().await.unwrap();
    let full = store.restore(snapshot.clone()).await;
    assert_eq!(full, Err(StoreError::NotEmpty));

    let mut lines = Vec::new();
    super::export(&snapshot, &mut lines).unwrap();
    let read = super::import(lines.as_slice()).unwrap();
    assert_eq!(read, snapshot);
}

pub(crate) async fn concurrent_changes_let_one_win(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let first = incident(1);
    store.commit(Commit::of(first.clone())).await.unwrap();
    let change = next(&first, Command::Acknowledge);
    let commits = (0..50).map(|_| store.commit(Commit::of(change.clone())));
    let results = futures::future::join_all(commits).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let takes = (0..50).map(|_| store.accept(arrival(&["event/1"])));
    let results = futures::future::join_all(takes).await;
    let new = |result: &&Result<Accepted, _>| matches!(result, Ok(Accepted::New(_)));
    assert_eq!(results.iter().filter(new).count(), 1);
}

pub(crate) async fn health_counts(bench: &impl Bench) {
    let store = bench.open().unwrap();
    let before = store.health().await.unwrap();
    let one = incident(1);
    store
        .commit(Commit::of(one.clone()).and(incident(2)))
        .await
        .unwrap();
    number(store.accept(arrival(&["event/1"])).await.unwrap());
    let after = store.health().await.unwrap();
    assert!(after.writable && after.problem.is_none());
    assert!(after.sequence > before.sequence);
    assert_eq!((after.open_incidents, after.inbox), (2, 1));
    store
        .commit(Commit::of(next(&one, Command::Resolve)))
        .await
        .unwrap();
    assert_eq!(store.health().await.unwrap().open_incidents, 1);
}
