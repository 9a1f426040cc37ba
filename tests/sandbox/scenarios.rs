//! The incidents of the domain as the cluster shows them, before and after their repair.

use serde_json::Value;
use vigie::sandbox::{Scenario, World};

async fn world(scenario: Scenario) -> World {
    World::with(&[scenario]).await.unwrap()
}

fn pods(world: &World, app: &str) -> Vec<Value> {
    let mut all = world.cluster.list("Pod", "production");
    all.retain(|pod| pod["metadata"]["labels"]["app"] == app);
    all
}

fn waiting(pod: &Value) -> &Value {
    &pod["status"]["containerStatuses"][0]["state"]["waiting"]
}

fn ready(world: &World, service: &str) -> usize {
    let mut slices = world.cluster.list("EndpointSlice", "production");
    slices.retain(|s| s["metadata"]["labels"]["kubernetes.io/service-name"] == service);
    let endpoints = slices[0]["endpoints"].as_array().unwrap().clone();
    endpoints
        .iter()
        .filter(|e| e["conditions"]["ready"] == true)
        .count()
}

fn has_event(world: &World, text: &str) -> bool {
    let events = world.cluster.list("Event", "production");
    events
        .iter()
        .any(|e| e["message"].as_str().is_some_and(|m| m.contains(text)))
}

#[tokio::test]
async fn s2_the_orders_service_selects_nothing() {
    let world = world(Scenario::OrdersSelector).await;
    assert_eq!(
        (ready(&world, "dashboard"), ready(&world, "orders-service")),
        (2, 0)
    );
    assert!(
        pods(&world, "orders-service")
            .iter()
            .all(|pod| waiting(pod).is_null())
    );
    world.repair(Scenario::OrdersSelector);
    assert_eq!(ready(&world, "orders-service"), 3);
}

#[tokio::test]
async fn s4_the_database_lacks_a_secret() {
    let world = world(Scenario::BillingDatabase).await;
    let database = pods(&world, "postgres-billing").remove(0);
    assert_eq!(waiting(&database)["reason"], "CreateContainerConfigError");
    assert_eq!(ready(&world, "postgres-billing"), 0);
    for pod in pods(&world, "billing-service") {
        assert_eq!(waiting(&pod)["reason"], "CrashLoopBackOff");
        assert_eq!(
            pod["status"]["containerStatuses"][0]["lastState"]["terminated"]["exitCode"],
            1
        );
    }
    assert!(has_event(
        &world,
        "secret \"postgres-billing-credentials\" not found"
    ));
    world.repair(Scenario::BillingDatabase);
    assert_eq!(
        (
            ready(&world, "postgres-billing"),
            ready(&world, "billing-service")
        ),
        (1, 2)
    );
}

#[tokio::test]
async fn s5_the_config_map_is_missing() {
    let world = world(Scenario::UserConfig).await;
    for pod in pods(&world, "user-service") {
        assert_eq!(
            waiting(&pod)["message"],
            "configmap \"user-service-config\" not found"
        );
    }
    let config = |world: &World| {
        world
            .cluster
            .get("ConfigMap", "production", "user-service-config")
    };
    assert!(config(&world).is_none());
    world.repair(Scenario::UserConfig);
    assert!(config(&world).is_some());
    assert_eq!(ready(&world, "user-service"), 2);
}

#[tokio::test]
async fn s6_redis_has_too_many_connections() {
    let world = world(Scenario::RedisConnections).await;
    assert_eq!(
        waiting(&pods(&world, "redis-master")[0])["reason"],
        "CrashLoopBackOff"
    );
    world.repair(Scenario::RedisConnections);
    let redis = &pods(&world, "redis-master")[0];
    assert_eq!(redis["metadata"]["name"], "redis-master-0");
    assert_eq!(redis["spec"]["containers"][0]["args"][2], "2000");
    assert_eq!(ready(&world, "redis-master"), 1);
}

#[tokio::test]
async fn s12_the_tag_is_missing_and_the_old_revision_serves() {
    let world = world(Scenario::NotificationTag).await;
    let all = pods(&world, "notification-service");
    let stuck = |pod: &&Value| waiting(pod)["reason"] == "ImagePullBackOff";
    assert_eq!((all.len(), all.iter().filter(stuck).count()), (3, 1));
    assert_eq!(ready(&world, "notification-service"), 2);
    assert!(has_event(
        &world,
        "registry.example.com/notification-service:1.8.2: not found"
    ));
    world.repair(Scenario::NotificationTag);
    let all = pods(&world, "notification-service");
    assert_eq!((all.len(), all.iter().filter(stuck).count()), (2, 0));
    assert_eq!(ready(&world, "notification-service"), 2);
}

#[tokio::test]
async fn s15_no_node_has_the_cpu_that_is_asked_for() {
    let world = world(Scenario::ReportsPending).await;
    let pod = pods(&world, "report-generator").remove(0);
    assert!(pod["spec"]["nodeName"].is_null());
    assert!(has_event(&world, "3 Insufficient cpu"));
    assert_eq!(millicores(&pod["spec"]), 3500);
    no_room_for(&world, 3500);
    world.repair(Scenario::ReportsPending);
    assert_eq!(ready(&world, "report-generator"), 1);
}

/// Every worker has less CPU left than that, and is not overfull itself.
fn no_room_for(world: &World, asked: u64) {
    for node in ["worker-1", "worker-2", "worker-3"] {
        let mut there = world.cluster.list("Pod", "");
        there
            .retain(|pod| pod["spec"]["nodeName"] == node && pod["status"]["phase"] != "Succeeded");
        let used: u64 = there.iter().map(|pod| millicores(&pod["spec"])).sum();
        assert!(used + asked > 3920, "{node} has room: {used} used");
        assert!(used < 3920, "{node} is overfull: {used} used");
    }
}

fn millicores(spec: &Value) -> u64 {
    let cpu = spec["containers"][0]["resources"]["requests"]["cpu"]
        .as_str()
        .unwrap();
    match cpu.strip_suffix('m') {
        Some(milli) => milli.parse().unwrap(),
        None => cpu.parse::<u64>().unwrap() * 1000,
    }
}

#[tokio::test]
async fn all_incidents_live_together_and_healthy_services_stay_healthy() {
    let world = World::start().await.unwrap();
    for healthy in ["catalog-service", "web-frontend", "checkout-service"] {
        assert!(ready(&world, healthy) >= 2, "{healthy}");
    }
    no_room_for(&world, 3500);
    for scenario in Scenario::ALL {
        assert_eq!(Scenario::named(scenario.workload()), Some(scenario));
        world.repair(scenario);
    }
    let mut sick = world.cluster.list("Pod", "");
    let well = |pod: &Value| {
        pod["status"]["phase"] == "Succeeded"
            || pod["status"]["containerStatuses"][0]["ready"] == true
    };
    sick.retain(|pod| !well(pod));
    let names: Vec<&Value> = sick.iter().map(|pod| &pod["metadata"]["name"]).collect();
    assert!(names.is_empty(), "{names:?}");
    let folder = world.folder().to_owned();
    let url = world.cluster.url();
    drop(world);
    assert!(!folder.exists());
    assert!(reqwest::get(format!("{url}/readyz")).await.is_err());
}
