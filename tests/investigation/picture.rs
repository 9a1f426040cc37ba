//! The picture of an incident, from the question to the PNG; and when there is none.

use std::time::{Duration, Instant};

use vigie::finding::{Chart, CurveRole, Diagnosis, Finding, LedgerStatus};
use vigie::intent::{self, Vocabulary};
use vigie::investigation::gather::{Sources, Waits};
use vigie::investigation::run::{self, Outcome, Question};
use vigie::post::chart::{View, alt, draw};
use vigie::sandbox::World;
use vigie::sandbox::fault::Wire;
use vigie::sandbox::prometheus::PromFault;
use vigie::text::Language;

use super::{prometheus, question, sources};

/// Asks with the world's Prometheus.
async fn asked(world: &World, text: &str, picture: bool) -> Diagnosis {
    asked_of(sources(world).await, world, text, picture).await
}

async fn asked_of(mut sources: Sources, world: &World, text: &str, picture: bool) -> Diagnosis {
    sources.prometheus = Some(prometheus(&world.prometheus.url()));
    let ask = intent::parse(text, &Vocabulary::default(), None);
    let question = Question {
        picture,
        ..question(ask)
    };
    match run::run(sources, &question, world.clock.now(), &|_| {}).await {
        Outcome::Diagnosed(diagnosis, _) => *diagnosis,
        Outcome::Ambiguous(candidates) => panic!("ambiguous: {candidates:?}"),
    }
}

const PAYMENT: &str = "Service payment est lent en production";

/// The root causes and their objects.
fn named(diagnosis: &Diagnosis) -> Vec<String> {
    let roots = diagnosis.root_causes.iter().map(|root| &root.finding);
    let name = |one: &Finding| format!("{} on {}", one.cause.code(), one.subject.label());
    roots.map(name).collect()
}

fn only(diagnosis: &Diagnosis) -> &Chart {
    let [chart] = &diagnosis.charts[..] else {
        panic!("{:?} {:?}", diagnosis.charts, diagnosis.ledger);
    };
    chart
}

#[tokio::test]
async fn a_container_killed_for_memory_shows_as_a_saw_tooth_under_its_limit() {
    let world = World::start().await.unwrap();
    let diagnosis = asked(&world, PAYMENT, true).await;
    let chart = only(&diagnosis);
    let said = alt(chart, Language::Fr);
    assert!(said.contains("Mémoire de payment-service"), "{said}");
    assert!(said.contains("512Mi") && said.contains("4 fois"), "{said}");
    let levels: Vec<f64> = chart
        .levels
        .iter()
        .map(|level| level.value / 1_048_576.0)
        .collect();
    assert_eq!(levels, [512.0, 256.0]);
    let first = &chart.series[0];
    assert_eq!(first.role, CurveRole::Main);
    let peak = first
        .points
        .iter()
        .map(|(_, value)| *value)
        .fold(0.0, f64::max);
    assert!(
        peak > 400.0 * 1_048_576.0 && peak <= 512.0 * 1_048_576.0,
        "{peak}"
    );
    assert!(chart.series.len() > 1, "the other pods stand beside it");
    assert!(
        chart.marks.iter().any(|mark| mark.trouble),
        "{:?}",
        chart.marks
    );
    let line = diagnosis
        .ledger
        .iter()
        .find(|line| line.step == "picture")
        .unwrap();
    assert_eq!((line.status, line.requests), (LedgerStatus::Ok, 1));
    let png = draw(chart, View::default()).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn connections_climb_to_their_maximum() {
    let world = World::start().await.unwrap();
    let diagnosis = asked(&world, "redis-master is down", true).await;
    let said = alt(only(&diagnosis), Language::En);
    assert!(said.contains("1000 of 1000 connections"), "{said}");
}

#[tokio::test]
async fn a_cause_without_a_curve_shows_by_the_failures_it_leads_to() {
    let world = World::start().await.unwrap();
    let diagnosis = asked(&world, "Le dashboard n'affiche plus les commandes", true).await;
    let said = alt(only(&diagnosis), Language::Fr);
    assert!(said.contains("échec de dashboard"), "{said}");
    assert!(said.contains("hier à la même heure"), "{said}");
}

#[tokio::test]
async fn what_shows_in_no_curve_has_no_picture() {
    let world = World::start().await.unwrap();
    for text in [
        "user-service ne démarre pas",
        "report-generator est pending",
    ] {
        let diagnosis = asked(&world, text, true).await;
        assert!(!diagnosis.root_causes.is_empty(), "{text}");
        assert_eq!(diagnosis.charts, [], "{text}");
        assert!(
            diagnosis.ledger.iter().all(|line| line.step != "picture"),
            "{text}"
        );
    }
    let unwanted = asked(&world, PAYMENT, false).await;
    assert_eq!(unwanted.charts, []);
}

#[tokio::test]
async fn a_prometheus_that_fails_costs_the_picture_and_not_the_diagnosis() {
    let world = World::start().await.unwrap();
    let whole = asked(&world, PAYMENT, true).await;
    for fault in [
        PromFault::Unprocessable,
        PromFault::TimedOut,
        PromFault::Wire(Wire::Status(200, "<html>Sign in</html>".to_owned())),
        PromFault::Wire(Wire::Hang),
    ] {
        world
            .prometheus
            .fault("/api/v1/query_range", fault.clone(), None);
        let begun = Instant::now();
        let mut sources = sources(&world).await;
        if matches!(fault, PromFault::Wire(Wire::Hang)) {
            sources.waits = Waits::default();
        }
        let diagnosis = asked_of(sources, &world, PAYMENT, true).await;
        assert_eq!(diagnosis.charts, [], "{fault:?}");
        assert_eq!(named(&diagnosis), named(&whole), "{fault:?}");
        // The history of the indicators hangs too, for the patience of a query; the picture adds nothing to it.
        assert!(
            begun.elapsed() < Duration::from_secs(45),
            "{fault:?} {:?}",
            begun.elapsed()
        );
        world.prometheus.clear_faults();
    }
}

/// The teeth are as long as three steps: whether a peak falls on a point of the curve is chance, and a picture is not.
#[tokio::test]
async fn whenever_it_is_asked_the_saw_tooth_shows() {
    let world = World::start().await.unwrap();
    for _ in 0..12 {
        let diagnosis = asked(&world, PAYMENT, true).await;
        let said = alt(only(&diagnosis), Language::Fr);
        assert!(said.contains("4 fois"), "{said}");
        world.clock.advance(chrono::TimeDelta::seconds(5));
    }
}
