//! By webhook: from a container that is killed for its memory to the answer with its picture, and to the end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chrono::{TimeDelta, Utc};
use serde_json::json;
use vigie::incident::Status;
use vigie::sandbox::slack::{File, Message};

use super::house::{House, config, readable, threads};
use super::memory::Memory;
use crate::cluster::monitoring::{Installation, Monitoring};
use crate::cluster::stories::payment;
use crate::cluster::{Alertmanager, exporter, shared};
use crate::stories::house::INCIDENTS;

const NAMESPACE: &str = "chain-webhook";
/// The README's picture.
const README: &str = "deploy/alert.png";
/// From the alert to the answer, on a machine that does everything else at the same time.
const ANSWERED: TimeDelta = TimeDelta::seconds(15);

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told to its end")]
async fn from_a_killed_container_to_the_answer_with_its_picture_and_to_the_end() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace(NAMESPACE).await;
    let app = payment::healthy(NAMESPACE);
    app.install(cluster).await.ready(cluster, 3).await;
    let pods = app.placed(cluster).await;
    let memory = Arc::new(Memory::of(NAMESPACE, &pods));
    let house = House::open(NAMESPACE).await;
    // A pair of Alertmanagers, as in production: both tell everything.
    let own = [format!("namespace = {NAMESPACE}")];
    let settings = config(&own, &["namespace"], house.by_webhook());
    let Some(debian) = Alertmanager::start(&settings).await else {
        return;
    };
    let current = Alertmanager::of(cluster.program("alertmanager"), &settings, &[]).await;
    let Some(past) = memory.past() else {
        return;
    };
    let told = Arc::clone(&memory);
    let kubelet = [
        exporter::serve(String::new()).await,
        exporter::serve_each(Arc::new(move || told.text())).await,
    ];
    let data = past.path().join("data");
    let to = [&debian, &current];
    let watching = Monitoring::over(
        cluster,
        &[NAMESPACE],
        Installation::KubePrometheus,
        kubelet,
        &to,
        Some(&data),
    );
    let watching = watching.await.unwrap();
    house.shown(cluster, &watching.prometheus, &debian).await;
    cluster
        .until("Prometheus to see the pods", async || {
            let ready = format!(
                "kube_deployment_status_replicas_ready{{namespace=\"{NAMESPACE}\"}} == 3 and on () count(container_memory_working_set_bytes{{pod=\"{}\"}})",
                pods[0]
            );
            !watching.ask(&ready).await.is_empty()
        })
        .await;

    let broken = Instant::now();
    payment::killed(cluster, NAMESPACE, &pods[0]).await;
    memory.ends();
    let first = house
        .wait("the answer", |scene| {
            threads(scene, INCIDENTS)
                .into_iter()
                .find(|one| one.visible().contains("512Mi"))
        })
        .await;
    let posted = Utc::now();
    let opened = house.incidents().await.remove(0);
    let took = posted - opened.opened_at;
    eprintln!("broken to answered: {:?}", broken.elapsed());
    eprintln!("alert received to answered: {} ms", took.num_milliseconds());
    assert!(took < ANSWERED, "{took}");
    answers(&first);

    let picture = house
        .wait("the picture", |scene| {
            let thread = scene.thread(INCIDENTS, &first.ts);
            let own = thread.into_iter().filter(Message::from_bot);
            own.flat_map(|one| one.files)
                .find_map(|file| file["id"].as_str().map(str::to_owned))
        })
        .await;
    let picture = house.slack.file(&picture).unwrap();
    eprintln!("broken to picture: {:?}: {}", broken.elapsed(), picture.alt);
    shows(&picture);

    let repaired = Instant::now();
    let memory = json!({"limits": {"memory": "1Gi"}});
    let app = app.container(json!({"resources": memory}));
    app.install(cluster).await.ready(cluster, 3).await;
    house
        .wait("the end", |scene| {
            let thread = scene.thread(INCIDENTS, &first.ts);
            let mut all = thread.iter().map(Message::visible);
            all.find(|text| text.contains("the alert is over"))
        })
        .await;
    eprintln!("repaired to closed: {:?}", repaired.elapsed());
    let all = house.settled().await;
    let scene = house.slack.scene();
    let thread = scene.thread(INCIDENTS, &first.ts);
    eprintln!("{}", readable(&thread));
    assert_eq!(all.len(), 1, "one incident, of two Alertmanagers: {all:#?}");
    assert!(!all[0].is_open(), "{:#?}", all[0].status);
    assert!(matches!(all[0].status, Status::Resolved { .. }));
    assert_eq!(threads(&scene, INCIDENTS).len(), 1, "one thread:\n{scene}");
    let pictures = thread.iter().filter(|one| !one.files.is_empty()).count();
    assert_eq!(pictures, 1, "the picture comes once:\n{scene}");
    house.close().await;
}

/// What the asker of S1 is owed, without having asked.
fn answers(first: &Message) {
    let text = first.visible();
    for word in [
        "payment-service",
        "512Mi",
        "1Gi",
        "137",
        "KubePodCrashLooping",
    ] {
        assert!(text.contains(word), "it does not say {word:?}:\n{text}");
    }
}

/// A picture that can be looked at, and says in words what is to be seen on it.
fn shows(picture: &File) {
    let bytes = picture.bytes.as_deref().unwrap();
    let drawn = tiny_skia::Pixmap::decode_png(bytes).unwrap();
    eprintln!(
        "{} x {}, {} bytes",
        drawn.width(),
        drawn.height(),
        bytes.len()
    );
    assert!(drawn.width() >= 800 && drawn.height() >= 400);
    assert!(bytes.len() < 200_000, "{} bytes", bytes.len());
    for word in ["payment-service", "512Mi", "killed 4 times"] {
        assert!(picture.alt.contains(word), "{word}: {}", picture.alt);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut places: Vec<PathBuf> = vec![root.join("target/pictures/alert.png")];
    if std::env::var_os("VIGIE_UPDATE_PICTURE").is_some() {
        places.push(root.join(README));
    }
    for place in places {
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
}
