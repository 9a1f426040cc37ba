//! An investigation kept as a case: it replays with the same answer, and nothing secret is in it.

use vigie::evaluation::{load, replay};
use vigie::investigation::capture::capture;
use vigie::investigation::run::Outcome;
use vigie::sandbox::World;
use vigie::sandbox::world::{App, Build};
use vigie::text::Redactor;

use super::ask_keeping;

/// Asks, writes the case, reads it back, replays it: the first root cause of both, and the text.
async fn there_and_back(world: &World, question: &str) -> (Option<String>, Option<String>, String) {
    let (outcome, case) = ask_keeping(world, question, Vec::new()).await;
    let Outcome::Diagnosed(diagnosis, _) = outcome else {
        panic!("{question}: asked which");
    };
    let value = capture(&case, &diagnosis, &Redactor::new(["FAKE-own-token"]));
    let text = serde_saphyr::to_string(&value).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.yaml");
    std::fs::write(&path, &text).unwrap();
    let loaded = load(&path).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let replayed = replay(&loaded.file).await.unwrap();
    let named = |diagnosis: &vigie::finding::Diagnosis| {
        let root = diagnosis.root_causes.first()?;
        Some(format!(
            "{} on {}",
            root.finding.cause.code(),
            root.finding.subject.label()
        ))
    };
    let again = replayed.diagnosis.as_ref().and_then(|one| named(one));
    (named(&diagnosis), again, text)
}

#[tokio::test]
async fn a_captured_incident_replays_with_the_same_answer() {
    let world = World::start().await.unwrap();
    for question in [
        "Service payment est lent en production",
        "Le dashboard n'affiche plus les commandes",
        "billing-service crashe en boucle",
        "user-service ne démarre pas",
        "redis-master is down",
        "report-generator est pending",
        "everything is broken in production",
    ] {
        let (asked, replayed, text) = there_and_back(&world, question).await;
        assert!(asked.is_some(), "{question}: nothing found");
        assert_eq!(asked, replayed, "{question}\n{text}");
    }
}

#[tokio::test]
async fn no_value_of_a_variable_is_captured_but_its_addresses() {
    let world = World::start().await.unwrap();
    let build = Build::new(&world.cluster);
    let app = App::new("production", "secretive", "registry.example/secretive:1")
        .env("API_TOKEN", "FAKE-hunter2-hunter2")
        .env(
            "DATABASE_URL",
            "postgres://root:FAKE-pass@db.production:5432/main",
        )
        .env("DB_PORT", "5432")
        .env("EMPTY", "")
        .args(&["--password=FAKE-argument"]);
    let pods = build.install(&app);
    world.cluster.update("Pod", "production", &pods[0], |pod| {
        pod["metadata"]["annotations"]["team.example/note"] = "FAKE-annotation".into();
    });
    let (_, _, text) = there_and_back(&world, "secretive est lent en production").await;
    for kept in ["secretive", "db.production:5432", "DB_PORT", "API_TOKEN"] {
        assert!(text.contains(kept), "{kept} is missing\n{text}");
    }
    for gone in [
        "FAKE-hunter2",
        "FAKE-pass",
        "FAKE-annotation",
        "FAKE-argument",
        "root:",
    ] {
        assert!(!text.contains(gone), "{gone} is there\n{text}");
    }
}
