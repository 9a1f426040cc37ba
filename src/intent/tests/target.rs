//! Words against live objects: which one, which ones to ask about, which come near.

use super::world::{candidates, vocabulary};
use crate::finding::Kind;
use crate::intent::{Candidate, Resolution, Scope, Vocabulary, parse, resolve};

fn among(text: &str, live: &[Candidate]) -> Resolution {
    let ask = parse(text, &Vocabulary::default(), None);
    resolve(
        ask.object.as_ref(),
        live,
        &Scope::of(&ask, &Vocabulary::default()),
    )
}

fn deployments(names: &[&str]) -> Vec<Candidate> {
    names
        .iter()
        .map(|name| Candidate::new(Kind::Deployment, "shop", *name))
        .collect()
}

#[test]
fn an_exact_name_beats_a_partial_one() {
    let live = deployments(&["payment-worker", "payment", "payment-service"]);
    assert_eq!(among("payment is slow", &live), Resolution::One(1));
}

#[test]
fn a_name_with_its_dashes_stands_out_of_the_words_around_it() {
    let live = deployments(&["vehicle-api", "payment"]);
    let text = "rolled back vehicle-api and it never gets ready";
    assert_eq!(among(text, &live), Resolution::One(0));
    let parcel = deployments(&["parcel-tracker", "parcel-labels"]);
    assert_eq!(among("suivi colis KO", &parcel), Resolution::One(0));
}

#[test]
fn a_sibling_is_a_question_and_an_auxiliary_is_not() {
    let live = deployments(&["payment-worker", "payment-service"]);
    assert_eq!(
        among("payment is slow", &live),
        Resolution::Ambiguous(vec![1, 0])
    );
    assert_eq!(among("service payment is slow", &live), Resolution::One(1));
    assert_eq!(
        among("the payment worker is slow", &live),
        Resolution::One(0)
    );
    let live = deployments(&["payment-redis", "payment-service"]);
    assert_eq!(among("payment is slow", &live), Resolution::One(1));
}

#[test]
fn a_deployment_and_its_service_are_one_thing() {
    let live = vec![
        Candidate::new(Kind::Service, "shop", "payment"),
        Candidate::new(Kind::Ingress, "shop", "payment"),
        Candidate::new(Kind::Deployment, "shop", "payment-service"),
        Candidate::new(Kind::HorizontalPodAutoscaler, "shop", "payment-service"),
    ];
    assert_eq!(among("payment is slow", &live), Resolution::One(2));
    assert_eq!(
        among("the payment ingress is slow", &live),
        Resolution::One(1)
    );
}

#[test]
fn a_service_without_a_workload_stands_for_itself() {
    let live = vec![Candidate::new(Kind::Service, "shop", "payment")];
    assert_eq!(among("payment is slow", &live), Resolution::One(0));
}

#[test]
fn the_environment_decides_between_namespaces() {
    let live = vec![
        Candidate::new(Kind::Deployment, "shop-prod", "payment"),
        Candidate::new(Kind::Deployment, "shop-staging", "payment"),
    ];
    assert_eq!(
        among("payment is slow", &live),
        Resolution::Ambiguous(vec![0, 1])
    );
    assert_eq!(
        among("payment is slow in staging", &live),
        Resolution::One(1)
    );
    assert_eq!(
        among("payment is slow in production", &live),
        Resolution::One(0)
    );
    assert_eq!(
        among("payment is slow in namespace shop-staging", &live),
        Resolution::One(1)
    );
}

#[test]
fn an_environment_that_no_namespace_is_called_after_rules_nothing_out() {
    let live = deployments(&["payment"]);
    assert_eq!(
        among("payment is slow in production", &live),
        Resolution::One(0)
    );
}

#[test]
fn labels_releases_and_hosts_name_an_object() {
    let mut live = deployments(&["srv-a", "srv-b", "srv-c", "srv-d"]);
    live[0].app_name = Some("catalog".to_owned());
    live[1].app = Some("inventory".to_owned());
    live[2].release = Some("billing".to_owned());
    live[3].hosts = vec!["shop.example.com".to_owned()];
    assert_eq!(among("le catalogue est lent", &live), Resolution::One(0));
    assert_eq!(among("le stock est lent", &live), Resolution::One(1));
    assert_eq!(among("la facturation est lente", &live), Resolution::One(2));
    assert_eq!(
        among(
            "<https://shop.example.com/cart|shop.example.com> is slow",
            &live
        ),
        Resolution::One(3)
    );
}

#[test]
fn full_pod_names_lead_to_their_workload() {
    let live = vec![
        Candidate::new(Kind::Deployment, "shop", "payment"),
        Candidate::new(Kind::Deployment, "shop", "payment-service"),
        Candidate::new(Kind::StatefulSet, "shop", "redis"),
        Candidate::new(Kind::DaemonSet, "shop", "fluent-bit"),
        Candidate::new(Kind::CronJob, "shop", "export"),
    ];
    assert_eq!(
        among("pod payment-service-7c9f8d6b5d-x2x4z crashes", &live),
        Resolution::One(1)
    );
    assert_eq!(
        among("payment-7c9f8d6b5d-x2x4z crashes", &live),
        Resolution::One(0)
    );
    assert_eq!(among("redis-0 crashes", &live), Resolution::One(2));
    assert_eq!(among("fluent-bit-8xk2p crashes", &live), Resolution::One(3));
    assert_eq!(
        among("export-28491234-8xk2p crashes", &live),
        Resolution::One(4)
    );
}

/// The names suggested for a name that nobody bears.
fn suggested(text: &str, live: &[Candidate]) -> Vec<String> {
    let ask = parse(text, &vocabulary(), None);
    match resolve(ask.object.as_ref(), live, &Scope::of(&ask, &vocabulary())) {
        Resolution::NotFound { nearest } => nearest.iter().map(|&n| live[n].name.clone()).collect(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn only_names_that_may_have_been_meant_are_suggested() {
    let live = candidates();
    for (name, meant) in [
        ("chekoot-legacy", vec!["checkout"]),
        ("recomendaton-v2-legacy", vec!["recommendation-engine"]),
        ("nightly-rapport-old", vec!["nightly-report"]),
        ("zebra-quantum", vec![]),
        ("kafka-mirror", vec![]),
        ("ledger-frobnicator", vec![]),
    ] {
        let french = format!("le service {name} est lent en production");
        let english = format!("the service {name} is slow in production");
        assert_eq!(suggested(&french, &live), meant, "{french}");
        assert_eq!(suggested(&english, &live), meant, "{english}");
    }
}

#[test]
fn never_more_than_three_and_each_name_once() {
    let names = [
        "billing-a",
        "billing-b",
        "billing-c",
        "billing-d",
        "billing-service",
        "billing",
    ];
    let live: Vec<Candidate> = names
        .iter()
        .map(|name| Candidate::new(Kind::Deployment, "production", *name))
        .collect();
    let near = suggested(
        "le service biling-legacy-zz-qq est lent en production",
        &live,
    );
    assert_eq!(near.len(), 3, "{near:?}");
}

#[test]
fn a_name_that_lives_elsewhere_is_suggested_not_taken() {
    let live = candidates();
    let ask = parse(
        "le service facturation est lent en staging",
        &vocabulary(),
        None,
    );
    let Resolution::NotFound { nearest } =
        resolve(ask.object.as_ref(), &live, &Scope::of(&ask, &vocabulary()))
    else {
        panic!("billing lives in production only");
    };
    assert!(live[nearest[0]].name.starts_with("billing"));
}

#[test]
fn another_name_does_not_take_the_place_of_the_one_asked_for() {
    let live = deployments(&["cart-api", "checkout"]);
    for text in ["chat-api is slow", "the kart-worker-legacy is slow"] {
        assert!(
            matches!(among(text, &live), Resolution::NotFound { .. }),
            "{text}"
        );
    }
}

#[test]
fn an_empty_cluster_answers_too() {
    assert_eq!(
        among("payment is slow", &[]),
        Resolution::NotFound {
            nearest: Vec::new()
        }
    );
    assert_eq!(among("everything is down", &[]), Resolution::Wide);
}
