//! Investigations through the sandbox world: the real clients against its servers.

use std::time::Duration;

use vigie::clients::kube::KubeClient;
use vigie::clients::prometheus::Prometheus;
use vigie::finding::{Cause, Diagnosis, Kind, Verdict};
use vigie::intent::{self, Vocabulary};
use vigie::investigation::case::Case;
use vigie::investigation::gather::{Ci, Sources, Waits};
use vigie::investigation::run::{self, Environment, Outcome, Question};
use vigie::post::{self, TextOptions};
use vigie::sandbox::World;
use vigie::text::Redactor;

mod address;
mod alerts;
mod captured;
mod dashboard;
mod logs;
mod past;
mod picture;
mod pipeline;
mod wide;

/// The sandbox's servers are in this process: only a busy machine lets anybody wait.
const PATIENCE: Duration = Duration::from_mins(1);

/// Asks the world's cluster, as `vigie ask` does.
pub async fn ask(world: &World, text: &str) -> Outcome {
    ask_where(world, text, Vec::new()).await
}

/// The same, with environments set up.
async fn ask_where(world: &World, text: &str, environments: Vec<Environment>) -> Outcome {
    ask_keeping(world, text, environments).await.0
}

/// The same, with what was read.
async fn ask_keeping(world: &World, text: &str, environments: Vec<Environment>) -> (Outcome, Case) {
    let sources = sources(world).await;
    let question = Question {
        environments,
        ..question(asked(text))
    };
    run::run_keeping(sources, &question, world.clock.now(), &|_| {}).await
}

/// The world's cluster, read with the real client; no Prometheus.
async fn sources(world: &World) -> Sources {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let kubeconfig = kube::config::Kubeconfig::read_from(world.kubeconfig()).unwrap();
    let config = kube::Config::from_custom_kubeconfig(
        kubeconfig,
        &kube::config::KubeConfigOptions::default(),
    )
    .await
    .unwrap();
    let client = kube::Client::try_from(config).unwrap();
    Sources {
        kube: KubeClient::new(client, "sandbox", PATIENCE),
        prometheus: None,
        recorded: None,
        ci: Ci::default(),
        playbooks: vigie::config::Config::default().playbooks,
        redactor: std::sync::Arc::new(Redactor::new(Vec::<String>::new())),
        waits: Waits::each(PATIENCE),
    }
}

/// The world's Prometheus.
fn prometheus(url: &str) -> Prometheus {
    Prometheus::new(url, None, PATIENCE).unwrap()
}

/// A question for which there is time.
fn question(ask: intent::Ask) -> Question {
    Question {
        budget: PATIENCE * 2,
        ..Question::new(ask, Vec::new())
    }
}

/// The words of a question, understood.
fn asked(text: &str) -> intent::Ask {
    intent::parse(text, &Vocabulary::default(), None)
}

/// As [`ask`], for a question that must be diagnosed.
pub async fn diagnose(world: &World, text: &str) -> Diagnosis {
    match ask(world, text).await {
        Outcome::Diagnosed(diagnosis, _) => *diagnosis,
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

/// Asks one question of the whole world and expects one root cause on one object.
async fn expect(world: &World, text: &str, cause: Cause, subject: (Kind, &str), says: &[&str]) {
    let diagnosis = diagnose(world, text).await;
    let shown = show(&diagnosis);
    let root = diagnosis
        .root_causes
        .first()
        .unwrap_or_else(|| panic!("no root cause\n{shown}"));
    assert_eq!(root.finding.cause, cause, "{shown}");
    assert_eq!(
        (
            root.finding.subject.kind,
            root.finding.subject.name.as_str()
        ),
        subject,
        "{shown}"
    );
    for words in says {
        assert!(shown.contains(words), "does not say {words:?}:\n{shown}");
    }
    let requests: u32 = diagnosis.ledger.iter().map(|line| line.requests).sum();
    assert!(requests <= 35, "{requests} requests\n{shown}");
}

#[tokio::test]
async fn s1_payment_is_slow_because_it_is_killed_for_memory() {
    let world = World::start().await.unwrap();
    let question = "Service payment est lent en production";
    let says = ["512Mi → 1Gi", "2 réplicas prêts sur 3", "OutOfMemoryError"];
    expect(
        &world,
        question,
        Cause::OomKilled,
        (Kind::Deployment, "payment-service"),
        &says,
    )
    .await;
}

#[tokio::test]
async fn the_environment_follows_from_the_namespace_where_the_question_names_none() {
    let world = World::start().await.unwrap();
    let environment = |name: &str, namespaces: &[&str]| Environment {
        name: name.to_owned(),
        namespaces: namespaces.iter().map(|&name| name.to_owned()).collect(),
    };
    let question = "user-service ne démarre pas";
    let cases = [
        (vec![environment("live", &["production"])], Some("live")),
        // Claimed twice, or by nobody: not known.
        (
            vec![
                environment("a", &["production"]),
                environment("b", &["production"]),
            ],
            None,
        ),
        (vec![environment("staging", &["staging"])], None),
        // Set up without namespaces, or nothing set up: the namespace bears its name, as for a question that says it.
        (
            vec![environment("production", &[]), environment("staging", &[])],
            Some("production"),
        ),
        (vec![environment("live", &[])], Some("live")),
        (Vec::new(), Some("production")),
    ];
    for (environments, expected) in cases {
        match ask_where(&world, question, environments).await {
            Outcome::Diagnosed(diagnosis, _) => {
                assert_eq!(diagnosis.target.environment.as_deref(), expected);
            }
            Outcome::Ambiguous(candidates) => panic!("ambiguous: {candidates:?}"),
        }
    }
}

#[tokio::test]
async fn s2_the_dashboard_shows_no_orders_because_a_service_selects_nothing() {
    let world = World::start().await.unwrap();
    let question = "Le dashboard n'affiche plus les commandes";
    expect(
        &world,
        question,
        Cause::ServiceSelectorMismatch,
        (Kind::Service, "orders-service"),
        &["spec.selector"],
    )
    .await;
}

#[tokio::test]
async fn s4_billing_crashes_because_of_what_its_database_lacks() {
    let world = World::start().await.unwrap();
    let question = "billing-service crash en boucle en production";
    let diagnosis = diagnose(&world, question).await;
    let shown = show(&diagnosis);
    let root = diagnosis
        .root_causes
        .first()
        .unwrap_or_else(|| panic!("no root cause\n{shown}"));
    assert_eq!(root.finding.cause, Cause::SecretMissing, "{shown}");
    assert_eq!(root.finding.subject.kind, Kind::Secret, "{shown}");
    assert!(
        root.explains
            .iter()
            .any(|code| code == "dependency-unreachable"),
        "{shown}"
    );
}

#[tokio::test]
async fn s5_user_service_waits_for_a_config_map_that_does_not_exist() {
    let world = World::start().await.unwrap();
    let question = "user-service does not start in production";
    expect(
        &world,
        question,
        Cause::ConfigMapMissing,
        (Kind::ConfigMap, "user-service-config"),
        &[],
    )
    .await;
}

#[tokio::test]
async fn s6_redis_has_no_connection_left() {
    let world = World::start().await.unwrap();
    let question = "redis-master crashes in production";
    let diagnosis = diagnose(&world, question).await;
    let shown = show(&diagnosis);
    let root = diagnosis
        .root_causes
        .first()
        .unwrap_or_else(|| panic!("no root cause\n{shown}"));
    assert_eq!(root.finding.cause, Cause::ConnectionLimitReached, "{shown}");
    assert_eq!(root.finding.subject.name, "redis-master", "{shown}");
    assert!(shown.contains("1000 → 2000"), "{shown}");
}

#[tokio::test]
async fn s12_the_new_tag_does_not_exist() {
    let world = World::start().await.unwrap();
    let question = "le déploiement de notification-service est coincé en production";
    expect(
        &world,
        question,
        Cause::ImageTagNotFound,
        (Kind::Deployment, "notification-service"),
        &[],
    )
    .await;
}

#[tokio::test]
async fn s15_report_generator_fits_on_no_node() {
    let world = World::start().await.unwrap();
    let question = "report-generator bloqué en Pending en production";
    expect(
        &world,
        question,
        Cause::InsufficientCpu,
        (Kind::Deployment, "report-generator"),
        &[],
    )
    .await;
}

#[tokio::test]
async fn a_healthy_service_is_called_healthy_with_numbers() {
    let world = World::start().await.unwrap();
    let diagnosis = diagnose(&world, "catalog est lent en production").await;
    let shown = show(&diagnosis);
    assert_eq!(diagnosis.verdict, Verdict::Healthy, "{shown}");
    assert!(diagnosis.root_causes.is_empty(), "{shown}");
    assert!(!diagnosis.ruled_out.is_empty(), "{shown}");
}

#[tokio::test]
async fn a_wide_question_names_every_root_and_no_consequence() {
    let world = World::start().await.unwrap();
    let diagnosis = diagnose(&world, "tout est cassé en production").await;
    let shown = show(&diagnosis);
    let named: Vec<(Cause, &str)> = diagnosis
        .root_causes
        .iter()
        .map(|root| (root.finding.cause, root.finding.subject.name.as_str()))
        .collect();
    for wanted in [
        (Cause::OomKilled, "payment-service"),
        (Cause::ServiceSelectorMismatch, "orders-service"),
        (Cause::ConfigMapMissing, "user-service-config"),
        (Cause::ImageTagNotFound, "notification-service"),
        (Cause::InsufficientCpu, "report-generator"),
    ] {
        assert!(
            named.contains(&wanted),
            "{wanted:?} not among {named:?}\n{shown}"
        );
    }
    for consequence in [
        Cause::DependencyUnreachable,
        Cause::ServiceNoReadyEndpoints,
        Cause::RolloutBadRevision,
    ] {
        assert!(
            !named.iter().any(|(cause, _)| *cause == consequence),
            "{consequence:?}\n{shown}"
        );
    }
    let requests: u32 = diagnosis.ledger.iter().map(|line| line.requests).sum();
    assert!(requests <= 40, "{requests} requests\n{shown}");
}

#[tokio::test]
async fn an_unknown_name_gets_the_nearest() {
    let world = World::start().await.unwrap();
    let diagnosis = diagnose(&world, "le service zebra-quantum est down en production").await;
    assert_eq!(diagnosis.verdict, Verdict::TargetNotFound);
    assert!(diagnosis.suggestions.len() <= 3);
}

#[tokio::test]
async fn workloads_without_a_ready_replica_are_named_for_the_pager() {
    let world = World::start().await.unwrap();
    let down = |outcome| match outcome {
        Outcome::Diagnosed(_, down) => down,
        Outcome::Ambiguous(candidates) => panic!("ambiguous: {candidates:?}"),
    };
    let redis = down(ask(&world, "redis-master crashes in production").await);
    assert!(
        redis.iter().any(|subject| subject.name == "redis-master"),
        "{redis:?}"
    );
    // Two of its three replicas are ready: bad, and not down.
    let payment = down(ask(&world, "Service payment est lent en production").await);
    assert!(
        !payment
            .iter()
            .any(|subject| subject.name == "payment-service"),
        "{payment:?}"
    );
}

#[tokio::test]
async fn our_own_sentence_about_a_secret_is_not_taken_for_one() {
    let world = World::start().await.unwrap();
    let shown = show(&diagnose(&world, "billing-service keeps crashing in production").await);
    assert!(shown.contains("postgres-billing-credentials"), "{shown}");
    assert!(!shown.contains("[redacted"), "{shown}");
}
