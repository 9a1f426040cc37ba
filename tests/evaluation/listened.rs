//! Wide questions whose answer stands in a log alone: in a namespace with more workloads than one round of logs reads,
//! beside another fault, and in the words of the server that two services complain about.

use std::path::Path;
use std::time::Duration;

use vigie::evaluation::{Replayed, build, load, replay_on};

async fn answer(name: &str) -> Replayed {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cases");
    let case = load(&folder.join(name)).unwrap_or_else(|error| panic!("{error}"));
    let cluster = build(&case.file).unwrap();
    replay_on(&case.file, &cluster, Duration::from_mins(1))
        .await
        .unwrap()
}

/// The roots, as `code on Kind/namespace/name`, in the order of their names.
fn roots(replayed: &Replayed) -> Vec<String> {
    let Some(diagnosis) = replayed.diagnosis.as_ref() else {
        panic!("no answer");
    };
    let mut all: Vec<String> = diagnosis
        .root_causes
        .iter()
        .map(|root| {
            let (cause, subject) = (root.finding.cause.code(), root.finding.subject.label());
            format!("{cause} on {subject}")
        })
        .collect();
    all.sort();
    all
}

#[tokio::test]
async fn the_ninth_workload_of_a_namespace_is_heard_too() {
    let replayed = answer("wide/password-turned-under-running-pods.yaml").await;
    let expected = ["database-auth-failed on Deployment depot/stock"];
    assert_eq!(roots(&replayed), expected);
    assert!(replayed.requests <= 50, "{} requests", replayed.requests);
    // It runs for nine days, and says this for minutes.
    let diagnosis = replayed.diagnosis.unwrap();
    let since = diagnosis.root_causes[0].finding.since.unwrap();
    let minutes = (diagnosis.started_at - since).num_minutes();
    assert!((0..60).contains(&minutes), "since {minutes} minutes");
}

#[tokio::test]
async fn a_fault_that_only_a_log_tells_is_named_beside_one_that_shows() {
    let replayed = answer("several/full-connections-and-a-moved-health-page.yaml").await;
    let expected = [
        "connection-limit-reached on StatefulSet vinyl/main-pg",
        "liveness-probe-wrong-path on Deployment vinyl/search",
    ];
    assert_eq!(roots(&replayed), expected);
}

#[tokio::test]
async fn a_database_that_is_read_only_since_its_disk_is_full_has_one_cause() {
    let replayed = answer("wide/read-only-since-its-volume-is-full.yaml").await;
    let expected = ["disk-full on StatefulSet clinique/dossiers-mysql"];
    assert_eq!(roots(&replayed), expected);
}

#[tokio::test]
async fn a_namespace_in_which_all_speak_well_is_healthy() {
    for name in [
        "healthy/everything-is-broken-says-one.yaml",
        "healthy/restarts-of-last-week.yaml",
    ] {
        let replayed = answer(name).await;
        assert!(roots(&replayed).is_empty(), "{name}: {replayed:?}");
        assert!(replayed.requests <= 60, "{} requests", replayed.requests);
    }
}
