//! A dashboard for a workload of the sandbox: the metrics it has are found, and what nobody could say is said.

use std::time::Duration;

use vigie::clients::prometheus::Prometheus;
use vigie::finding::{Dashboard, RequestsBy, Shares};
use vigie::incident::PlainAnswer;
use vigie::intent::Want;
use vigie::investigation::plain::{Plain, answer};
use vigie::investigation::run::Question;
use vigie::post::dashboard::dashboard;
use vigie::sandbox::World;
use vigie::text::Language;

use super::{asked, sources};

async fn ask(world: &World, text: &str, url: Option<&str>) -> PlainAnswer {
    let mut sources = sources(world).await;
    let patience = Duration::from_secs(5);
    sources.prometheus = url.map(|url| Prometheus::new(url, None, patience).unwrap());
    let question = Question::new(asked(text), Vec::new());
    assert_eq!(question.ask.want, Want::Dashboard);
    match answer(sources, &question, Shares::ALL, world.clock.now()).await {
        Plain::Answer(answer) => *answer,
        Plain::Ambiguous(all) | Plain::NotFound(all) => panic!("{all:?}"),
        Plain::CouldNotLook(why) => panic!("{why}"),
    }
}

fn ids(answer: &PlainAnswer) -> Vec<String> {
    answer
        .lines
        .iter()
        .map(|line| line.id.to_string())
        .collect()
}

fn facts(answer: &PlainAnswer) -> &Dashboard {
    answer.dashboard.as_deref().unwrap()
}

#[tokio::test]
async fn it_is_made_of_the_metrics_that_the_workload_has() {
    let world = World::start().await.unwrap();
    let url = world.prometheus.url();
    let answer = ask(
        &world,
        "un dashboard pour payment en production ?",
        Some(&url),
    )
    .await;
    let facts = facts(&answer);
    assert!(facts.verified, "{:?}", answer.lines);
    assert_eq!(facts.workload.name, "payment-service");
    assert!(
        facts.has("container_memory_working_set_bytes"),
        "{:?}",
        facts.metrics
    );
    assert!(
        !facts.has("hikaricp_connections_active"),
        "{:?}",
        facts.metrics
    );
    let requests = facts.requests.as_ref().unwrap();
    assert_eq!(requests.counter, "http_requests_total");
    assert!(matches!(requests.by, RequestsBy::Pod | RequestsBy::Service));
    assert!(
        ids(&answer).contains(&"dashboard-verified".to_owned()),
        "{:?}",
        ids(&answer)
    );
    let file = dashboard(facts, Language::Fr).to_string();
    assert!(
        file.contains("\"production\"") && file.contains("http_requests_total{"),
        "{file}"
    );
    // What it does not have is not drawn.
    assert!(
        !file.contains("hikaricp") && !file.contains("istio"),
        "{file}"
    );
}

#[tokio::test]
async fn without_a_prometheus_the_usual_names_are_given_and_called_unverified() {
    let world = World::start().await.unwrap();
    let text = "dashboard for payment in production";
    let answer = ask(&world, text, None).await;
    assert!(!facts(&answer).verified);
    assert!(
        ids(&answer).contains(&"dashboard-unasked".to_owned()),
        "{:?}",
        ids(&answer)
    );
    let file = dashboard(facts(&answer), Language::En);
    assert!(
        file["title"].as_str().unwrap().contains("not checked"),
        "{file}"
    );
    assert!(file["panels"].as_array().unwrap().len() >= 6);
    // One that does not answer is not one that has no series.
    let answer = ask(&world, text, Some("http://127.0.0.1:9")).await;
    assert!(!facts(&answer).verified);
    assert!(
        ids(&answer).contains(&"dashboard-unverified".to_owned()),
        "{:?}",
        ids(&answer)
    );
}
