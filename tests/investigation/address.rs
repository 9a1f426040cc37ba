//! A question about a web address: host and path choose the Service that is looked at.

use serde_json::{Value, json};
use vigie::finding::{Cause, Diagnosis, Kind, Verdict};
use vigie::sandbox::World;

use super::{diagnose, show};

/// A shop whose paths lead to three Services of the company.
async fn shop() -> World {
    let world = World::start().await.unwrap();
    let path = |path: &str, service: &str| -> Value {
        json!({ "path": path, "pathType": "Prefix",
                "backend": { "service": { "name": service, "port": { "number": 8080 } } } })
    };
    world.cluster.put(json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": { "namespace": "production", "name": "shop" },
        "spec": { "ingressClassName": "nginx", "rules": [{ "host": "shop.example.com", "http": { "paths": [
            path("/", "dashboard"), path("/api", "catalog-service"), path("/api/pay", "payment-service"),
        ] } }] },
        "status": { "loadBalancer": { "ingress": [{ "ip": "203.0.113.11" }] } },
    }));
    world
}

fn target(diagnosis: &Diagnosis) -> (Option<Kind>, &str) {
    let target = &diagnosis.target;
    (target.kind, target.name.as_deref().unwrap_or_default())
}

#[tokio::test]
async fn a_502_of_an_address_leads_to_the_service_of_its_path() {
    let world = shop().await;
    for question in [
        "https://shop.example.com/api/pay renvoie 502 en production",
        "<https://shop.example.com/api/pay/42?x=1|shop.example.com/api/pay/42> gives 504 in production",
        "shop.example.com/api/pay renvoie 502",
    ] {
        let diagnosis = diagnose(&world, question).await;
        let shown = show(&diagnosis);
        assert_eq!(
            target(&diagnosis),
            (Some(Kind::Service), "payment-service"),
            "{shown}"
        );
        let root = diagnosis
            .root_causes
            .first()
            .unwrap_or_else(|| panic!("{shown}"));
        assert_eq!(root.finding.cause, Cause::OomKilled, "{shown}");
        assert_eq!(root.finding.subject.name, "payment-service", "{shown}");
    }
}

#[tokio::test]
async fn a_path_beside_it_is_another_service_and_its_trouble_is_not_blamed() {
    let world = shop().await;
    let diagnosis = diagnose(
        &world,
        "https://shop.example.com/api/payments renvoie 502 en production",
    )
    .await;
    let shown = show(&diagnosis);
    assert_eq!(
        target(&diagnosis),
        (Some(Kind::Service), "catalog-service"),
        "{shown}"
    );
    assert_eq!(diagnosis.verdict, Verdict::Healthy, "{shown}");
}

#[tokio::test]
async fn a_service_named_beside_an_address_is_what_is_asked_about() {
    let world = shop().await;
    let question =
        "user-service ne répond plus en production, voir https://shop.example.com/api/pay";
    let diagnosis = diagnose(&world, question).await;
    assert_eq!(target(&diagnosis).1, "user-service", "{}", show(&diagnosis));
}
