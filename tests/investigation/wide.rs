//! Wide questions with a Prometheus: what the numbers of pods, collectors and nodes tell, found among
//! everything in the namespace.

use chrono::TimeDelta;
use serde_json::Value;
use vigie::finding::Diagnosis;
use vigie::investigation::run::{self, Outcome, Question};
use vigie::sandbox::World;
use vigie::sandbox::prometheus::{PromFault, Scripted, Shape};

use super::{prometheus, question, show, sources};

const LATENCY: &str = "http_request_duration_seconds_bucket";
const COLLECTOR: &str = "jvm_gc_pause_seconds_sum";
const SLOW: &str = "quelque chose est lent en production";

async fn asked(world: &World) -> Diagnosis {
    let mut sources = sources(world).await;
    sources.prometheus = Some(prometheus(&world.prometheus.url()));
    let question = Question {
        picture: false,
        ..question(super::asked(SLOW))
    };
    match run::run(sources, &question, world.clock.now(), &|_| {}).await {
        Outcome::Diagnosed(diagnosis, _) => *diagnosis,
        Outcome::Ambiguous(candidates) => panic!("ambiguous: {candidates:?}"),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A Deployment of production with a Service, and its pods with their nodes.
fn one(world: &World) -> (String, Vec<(String, String)>) {
    let deployments = world.cluster.list("Deployment", "production");
    let pods = world.cluster.list("Pod", "production");
    let of = |app: &str| -> Vec<(String, String)> {
        let own = pods
            .iter()
            .filter(|pod| pod["metadata"]["labels"]["app"] == app);
        own.map(|pod| {
            (
                text(&pod["metadata"]["name"]),
                text(&pod["spec"]["nodeName"]),
            )
        })
        .collect()
    };
    let names = deployments.iter().map(|one| text(&one["metadata"]["name"]));
    let mut served =
        names.filter(|name| world.cluster.get("Service", "production", name).is_some());
    let found =
        served.find_map(|name| Some((name.clone(), of(&name))).filter(|(_, pods)| pods.len() > 1));
    found.unwrap()
}

/// Its answers take three seconds since ten minutes ago.
fn slows_down(world: &World, app: &str) {
    let began = world.clock.now() - TimeDelta::minutes(10);
    let quantile = Shape::Quantile(0.99);
    world
        .prometheus
        .step(LATENCY, quantile, ("service", app), began, 3.0);
}

fn roots(diagnosis: &Diagnosis) -> Vec<String> {
    let roots = diagnosis.root_causes.iter().map(|root| &root.finding);
    roots
        .map(|one| format!("{} on {}", one.cause.code(), one.subject.label()))
        .collect()
}

fn requests(diagnosis: &Diagnosis) -> u32 {
    diagnosis.ledger.iter().map(|line| line.requests).sum()
}

#[tokio::test]
async fn a_collector_that_stops_the_world_is_found_and_named() {
    let world = World::with(&[]).await.unwrap();
    let (app, pods) = one(&world);
    slows_down(&world, &app);
    let began = world.clock.now() - TimeDelta::minutes(10);
    for (pod, _) in &pods {
        let labels = [("namespace", "production"), ("pod", pod.as_str())];
        let time = Scripted::steady(COLLECTOR, Shape::Rate, &labels, 0.01);
        world.prometheus.script(time.then(began, 0.42));
    }
    let diagnosis = asked(&world).await;
    let wanted = format!("garbage-collection-pressure on Deployment production/{app}");
    assert_eq!(
        roots(&diagnosis).first(),
        Some(&wanted),
        "{}",
        show(&diagnosis)
    );
    assert!(requests(&diagnosis) <= 40, "{}", show(&diagnosis));
}

#[tokio::test]
async fn a_node_without_cpu_is_found_under_the_pods() {
    let world = World::with(&[]).await.unwrap();
    let (app, pods) = one(&world);
    slows_down(&world, &app);
    let node = &pods[0].1;
    let address = |name: &str| {
        let node = world.cluster.get("Node", "", name).unwrap();
        text(&node["status"]["addresses"][0]["address"])
    };
    let began = world.clock.now() - TimeDelta::minutes(10);
    for name in ["worker-1", "worker-2", "worker-3"] {
        let instance = format!("{}:9100", address(name));
        let labels = [
            ("instance", instance.as_str()),
            ("mode", "idle"),
            ("cpu", "0"),
        ];
        let idle = Scripted::steady("node_cpu_seconds_total", Shape::Rate, &labels, 0.6);
        let sick = if name == node {
            idle.then(began, 0.01)
        } else {
            idle
        };
        world.prometheus.script(sick);
    }
    let diagnosis = asked(&world).await;
    let wanted = format!("cpu-saturated on Node {node}");
    assert_eq!(
        roots(&diagnosis).first(),
        Some(&wanted),
        "{}",
        show(&diagnosis)
    );
}

#[tokio::test]
async fn the_pod_that_takes_all_requests_is_found() {
    let world = World::with(&[]).await.unwrap();
    let (app, pods) = one(&world);
    slows_down(&world, &app);
    let began = world.clock.now() - TimeDelta::minutes(10);
    let rate = "http_requests_total";
    world
        .prometheus
        .step(rate, Shape::Rate, ("pod", &pods[0].0), began, 60.0);
    for (pod, _) in &pods[1..] {
        world
            .prometheus
            .step(rate, Shape::Rate, ("pod", pod), began, 0.5);
    }
    let diagnosis = asked(&world).await;
    let wanted = format!("uneven-load on Deployment production/{app}");
    assert_eq!(
        roots(&diagnosis).first(),
        Some(&wanted),
        "{}",
        show(&diagnosis)
    );
    assert!(show(&diagnosis).contains(&pods[0].0));
}

#[tokio::test]
async fn numbers_that_are_as_on_every_day_are_no_cause() {
    let world = World::with(&[]).await.unwrap();
    let (_, pods) = one(&world);
    for (pod, _) in &pods {
        let labels = [("namespace", "production"), ("pod", pod.as_str())];
        world
            .prometheus
            .script(Scripted::steady(COLLECTOR, Shape::Rate, &labels, 0.12));
    }
    for address in ["10.0.0.11", "10.0.0.12", "10.0.0.13"] {
        let labels = [("instance", address), ("mode", "idle")];
        let idle = Scripted::steady("node_cpu_seconds_total", Shape::Rate, &labels, 0.04);
        world.prometheus.script(idle);
    }
    let diagnosis = asked(&world).await;
    // What is scaled to zero in the world is told as a lead; it has nothing to do with these numbers.
    let named = roots(&diagnosis);
    let slow = ["cpu-", "garbage-", "uneven-", "network-"];
    assert!(
        !named
            .iter()
            .any(|one| slow.iter().any(|cause| one.starts_with(cause))),
        "{}",
        show(&diagnosis)
    );
}

#[tokio::test]
async fn what_is_refused_together_is_asked_one_by_one() {
    let world = World::with(&[]).await.unwrap();
    let (app, pods) = one(&world);
    slows_down(&world, &app);
    let began = world.clock.now() - TimeDelta::minutes(10);
    for (pod, _) in &pods {
        let labels = [("namespace", "production"), ("pod", pod.as_str())];
        let time = Scripted::steady(COLLECTOR, Shape::Rate, &labels, 0.01);
        world.prometheus.script(time.then(began, 0.42));
    }
    // As many as there are requests for several at once, so that each of them is refused.
    world
        .prometheus
        .fault("/api/v1/query", PromFault::Unprocessable, Some(5));
    let diagnosis = asked(&world).await;
    assert!(
        roots(&diagnosis)
            .iter()
            .any(|one| one.starts_with("garbage-collection-pressure")),
        "{}",
        show(&diagnosis)
    );
}
