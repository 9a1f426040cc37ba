//! Investigations through the sandbox world: the real clients against its servers.

use std::time::Duration;

use vigie::clients::kube::KubeClient;
use vigie::finding::{Cause, Diagnosis, Kind};
use vigie::intent::{self, Vocabulary};
use vigie::investigation::gather::Sources;
use vigie::investigation::run::{self, Outcome, Question};
use vigie::post::{self, TextOptions};
use vigie::sandbox::World;
use vigie::text::Redactor;

/// Asks the world's cluster, as `vigie ask` does.
pub async fn ask(world: &World, text: &str) -> Outcome {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kubeconfig = kube::config::Kubeconfig::read_from(world.kubeconfig()).unwrap();
    let config = kube::Config::from_custom_kubeconfig(
        kubeconfig,
        &kube::config::KubeConfigOptions::default(),
    )
    .await
    .unwrap();
    let client = kube::Client::try_from(config).unwrap();
    let sources = Sources {
        kube: KubeClient::new(client, "sandbox", Duration::from_secs(5)),
        prometheus: None,
        redactor: std::sync::Arc::new(Redactor::new(Vec::<String>::new())),
    };
    let question = Question::new(
        intent::parse(text, &Vocabulary::default(), None),
        Vec::new(),
    );
    run::run(sources, &question, world.clock.now(), &|_| {}).await
}

/// As [`ask`], for a question that must be diagnosed.
pub async fn diagnose(world: &World, text: &str) -> Diagnosis {
    match ask(world, text).await {
        Outcome::Diagnosed(diagnosis) => *diagnosis,
        Outcome::Ambiguous(candidates) => panic!("ambiguous: {candidates:?}"),
    }
}

fn show(diagnosis: &Diagnosis) -> String {
    let redactor = Redactor::new(Vec::<String>::new());
    post::text(
        diagnosis,
        diagnosis.language,
        &redactor,
        TextOptions {
            width: None,
            color: false,
        },
    )
}

#[tokio::test]
async fn s1_payment_is_slow_because_it_is_killed_for_memory() {
    let world = World::start().await.unwrap();
    let diagnosis = diagnose(&world, "Service payment est lent en production").await;
    let text = show(&diagnosis);
    let root = diagnosis.root_causes.first().expect(&text);
    assert_eq!(root.finding.cause, Cause::OomKilled, "{text}");
    assert_eq!(
        (
            root.finding.subject.kind,
            root.finding.subject.name.as_str()
        ),
        (Kind::Deployment, "payment-service")
    );
    assert!(root.confidence >= 0.9, "{text}");
    let requests: u32 = diagnosis.ledger.iter().map(|line| line.requests).sum();
    assert!(requests <= 25, "{requests} requests\n{text}");
    eprintln!("{text}");
}
