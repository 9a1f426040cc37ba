//! What the API server does wrong on request, as kube-rs sees it.

use std::time::Duration;

use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
    SelfSubjectRulesReview, SelfSubjectRulesReviewSpec,
};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{ListParams, LogParams, PostParams};
use kube::{Api, Client};
use vigie::sandbox::World;
use vigie::sandbox::fault::Wire;
use vigie::sandbox::kube::{KubeFault, Target};

use super::kube_api::client;

async fn noise() -> (World, Client, Api<Pod>) {
    let world = World::with(&[]).await.unwrap();
    let client = client(&world).await;
    let pods = Api::namespaced(client.clone(), "production");
    (world, client, pods)
}

fn code(error: kube::Error) -> u16 {
    match error {
        kube::Error::Api(status) => status.code,
        other => panic!("not an API error: {other}"),
    }
}

async fn may(client: &Client, verb: &str, resource: &str, sub: Option<&str>) -> bool {
    let review = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(ResourceAttributes {
                namespace: Some("production".to_owned()),
                verb: Some(verb.to_owned()),
                resource: Some(resource.to_owned()),
                subresource: sub.map(str::to_owned),
                ..ResourceAttributes::default()
            }),
            ..SelfSubjectAccessReviewSpec::default()
        },
        ..SelfSubjectAccessReview::default()
    };
    let api: Api<SelfSubjectAccessReview> = Api::all(client.clone());
    let answer = api.create(&PostParams::default(), &review).await.unwrap();
    answer.status.unwrap().allowed
}

#[tokio::test]
async fn reviews_agree_with_what_is_refused() {
    let (world, client, pods) = noise().await;
    assert!(may(&client, "list", "pods", None).await);
    assert!(may(&client, "get", "pods", Some("log")).await);
    for (verb, resource) in [("list", "secrets"), ("delete", "pods"), ("get", "unicorns")] {
        assert!(
            !may(&client, verb, resource, None).await,
            "{verb} {resource}"
        );
    }
    world
        .cluster
        .fault(Target::resource("pods/log"), KubeFault::Forbidden);
    assert!(!may(&client, "get", "pods", Some("log")).await);
    let name = pods.list(&ListParams::default()).await.unwrap().items[0]
        .metadata
        .name
        .clone();
    let refused = pods
        .logs(&name.unwrap(), &LogParams::default())
        .await
        .unwrap_err();
    assert_eq!(code(refused), 403);
    world
        .cluster
        .grant(Target::resource("secrets").verb("list"));
    assert!(may(&client, "list", "secrets", None).await);

    let review = SelfSubjectRulesReview {
        spec: SelfSubjectRulesReviewSpec {
            namespace: Some("production".to_owned()),
        },
        ..SelfSubjectRulesReview::default()
    };
    let api: Api<SelfSubjectRulesReview> = Api::all(client);
    let rules = api
        .create(&PostParams::default(), &review)
        .await
        .unwrap()
        .status
        .unwrap();
    let verbs = |resource: &str| {
        let named = |rule: &&k8s_openapi::api::authorization::v1::ResourceRule| {
            rule.resources
                .as_ref()
                .unwrap()
                .iter()
                .any(|r| r == resource)
        };
        rules
            .resource_rules
            .iter()
            .find(named)
            .map(|rule| rule.verbs.clone())
    };
    assert_eq!(verbs("configmaps").unwrap(), ["get", "list", "watch"]);
    assert_eq!(verbs("secrets").unwrap(), ["list"]);
    assert_eq!(verbs("pods/log"), None);
}

#[tokio::test]
async fn faults_meet_only_the_requests_they_are_for() {
    let (world, _client, pods) = noise().await;
    let all = ListParams::default();
    let codes = [
        (KubeFault::ServerError, 500),
        (KubeFault::Unavailable, 503),
        (KubeFault::TooManyRequests(7), 429),
        (KubeFault::Forbidden, 403),
    ];
    for (fault, expected) in codes {
        world
            .cluster
            .fault_once(Target::resource("pods").verb("list"), fault);
        assert_eq!(code(pods.list(&all).await.unwrap_err()), expected);
        assert!(pods.list(&all).await.is_ok(), "once means once");
    }
    world.cluster.fault(
        Target::resource("pods").namespace("staging"),
        KubeFault::ServerError,
    );
    assert!(pods.list(&all).await.is_ok());

    world
        .cluster
        .fault_once(Target::resource("pods"), KubeFault::Expired);
    let page = pods.list(&all.clone().limit(2)).await.unwrap();
    let next = all
        .clone()
        .limit(2)
        .continue_token(&page.metadata.continue_.unwrap());
    assert_eq!(code(pods.list(&next).await.unwrap_err()), 410);
}

#[tokio::test]
async fn the_wire_breaks_in_every_way() {
    let (world, _client, pods) = noise().await;
    let all = ListParams::default();
    for wire in [Wire::Cut, Wire::Garbage, Wire::Html, Wire::Huge(1 << 20)] {
        world
            .cluster
            .fault_once(Target::any(), KubeFault::Wire(wire.clone()));
        assert!(pods.list(&all).await.is_err(), "{wire:?}");
        assert!(pods.list(&all).await.is_ok());
    }
    world
        .cluster
        .fault_once(Target::any(), KubeFault::Wire(Wire::Hang));
    let hung = tokio::time::timeout(Duration::from_millis(50), pods.list(&all)).await;
    assert!(hung.is_err());
    // On a busy machine it may have ended before it was heard.
    world.cluster.clear_faults();

    let hour = chrono::TimeDelta::hours(1);
    world
        .cluster
        .fault_once(Target::any(), KubeFault::Wire(Wire::ClockDelay(hour)));
    let before = world.clock.now();
    let listing = pods.list(&all);
    tokio::pin!(listing);
    let listed = loop {
        tokio::select! {
            listed = &mut listing => break listed,
            () = tokio::task::yield_now() => world.clock.advance(chrono::TimeDelta::minutes(1)),
        }
    };
    assert!(world.clock.now() - before >= hour);
    assert!(listed.is_ok());

    world.cluster.server().refuse();
    assert!(pods.list(&all).await.is_err());
    world.cluster.server().restore().unwrap();
    assert!(pods.list(&all).await.is_ok());
}

#[tokio::test]
async fn a_stranger_gets_401() {
    let (world, _client, _pods) = noise().await;
    let response = reqwest::get(format!("{}/api/v1/pods", world.cluster.url()))
        .await
        .unwrap();
    assert_eq!(response.status(), 401);
    let ready = reqwest::get(format!("{}/readyz", world.cluster.url()))
        .await
        .unwrap();
    assert_eq!(ready.text().await.unwrap(), "ok");
}
