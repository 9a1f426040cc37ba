//! A dashboard for a workload of the sandbox: the metrics it has are found, and what nobody could say is said.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use vigie::finding::{Dashboard, RequestsBy, Shares};
use vigie::incident::PlainAnswer;
use vigie::intent::Want;
use vigie::investigation::plain::{Plain, answer};
use vigie::post::dashboard::dashboard;
use vigie::sandbox::World;
use vigie::sandbox::fault::Wire;
use vigie::sandbox::prometheus::PromFault;
use vigie::text::Language;

use super::{asked, prometheus, question, sources};

async fn ask(world: &World, text: &str, url: Option<&str>) -> PlainAnswer {
    let mut sources = sources(world).await;
    sources.prometheus = url.map(prometheus);
    let question = question(asked(text));
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

/// What a Prometheus that knows the pods' series says of the Services' and of others'.
type Rest = Result<Vec<&'static str>, u16>;

/// A Prometheus that tells names of metrics: the pods' own, and those that are asked for by other labels.
async fn telling(own: Vec<&'static str>, rest: Rest) -> String {
    let names = move |RawQuery(query): RawQuery| {
        let pods = query.unwrap_or_default().contains("replicaset");
        let told = if pods { Ok(own.clone()) } else { rest.clone() };
        async move {
            match told {
                Ok(names) => Json(json!({"status": "success", "data": names})).into_response(),
                Err(status) => StatusCode::from_u16(status).unwrap().into_response(),
            }
        }
    };
    let nothing = json!({"status": "success", "data": {"resultType": "vector", "result": []}});
    let router = Router::new()
        .route(
            "/api/v1/label/__name__/values",
            get(names.clone()).post(names),
        )
        .fallback(move || async { Json(nothing) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

#[tokio::test]
async fn no_series_and_no_answer_are_told_apart() {
    const MEMORY: &str = "container_memory_working_set_bytes";
    let world = World::start().await.unwrap();
    let text = "dashboard for payment in production";
    let said = async |own: Vec<&'static str>, rest: Rest| {
        let url = telling(own, rest).await;
        let answer = ask(&world, text, Some(&url)).await;
        let verified = facts(&answer).verified;
        (verified, ids(&answer))
    };
    let has = |said: &(bool, Vec<String>), id: &str| said.1.iter().any(|one| one == id);
    // It answers, and there is nothing.
    let nothing = said(Vec::new(), Ok(Vec::new())).await;
    assert!(
        !nothing.0 && has(&nothing, "dashboard-without-series"),
        "{nothing:?}"
    );
    // It has the pods' series, and nobody counts requests.
    let silent = said(vec![MEMORY], Ok(Vec::new())).await;
    assert!(
        silent.0 && has(&silent, "dashboard-without-requests"),
        "{silent:?}"
    );
    assert!(has(&silent, "dashboard-without-state"), "{silent:?}");
    // It has the pods' series, and does not say whether somebody counts requests.
    for status in [422, 503] {
        let untold = said(vec![MEMORY], Err(status)).await;
        assert!(
            untold.0 && has(&untold, "dashboard-requests-untold"),
            "{untold:?}"
        );
        assert!(!has(&untold, "dashboard-without-requests"), "{untold:?}");
    }
}

#[tokio::test]
async fn what_is_no_answer_of_prometheus_is_called_unverified() {
    let world = World::start().await.unwrap();
    let url = world.prometheus.url();
    let ways = [
        PromFault::Unprocessable,
        PromFault::Wire(Wire::Status(503, "upstream is not there".to_owned())),
        PromFault::Wire(Wire::Html),
        PromFault::Wire(Wire::Status(200, String::new())),
        PromFault::Wire(Wire::Huge(200 << 20)),
    ];
    for way in ways {
        world.prometheus.fault("/api/v1/", way.clone(), None);
        let answer = ask(&world, "dashboard for payment in production", Some(&url)).await;
        assert!(!facts(&answer).verified, "{way:?}");
        let ids = ids(&answer);
        assert!(
            ids.contains(&"dashboard-unverified".to_owned()),
            "{way:?}: {ids:?}"
        );
        assert!(
            !ids.iter().any(|id| id.contains("without")),
            "{way:?}: {ids:?}"
        );
        world.prometheus.clear_faults();
    }
}
