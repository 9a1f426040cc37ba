//! The API server, read by kube-rs.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{Event, Node, Pod, Secret, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::api::{ApiResource, DynamicObject, ListParams, LogParams};
use kube::core::GroupVersionKind;
use kube::{Api, Client, Config};
use vigie::sandbox::{Scenario, World};

/// A client made from the world's kubeconfig file, as the bot makes it.
pub async fn client(world: &World) -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    let file = kube::config::Kubeconfig::read_from(world.kubeconfig()).unwrap();
    let options = kube::config::KubeConfigOptions::default();
    let mut config = Config::from_custom_kubeconfig(file, &options)
        .await
        .unwrap();
    // One request, one answer: what is tested here is the server.
    config.default_retry = false;
    Client::try_from(config).unwrap()
}

async fn payment() -> (World, Client) {
    let world = World::with(&[Scenario::PaymentOutOfMemory]).await.unwrap();
    let client = client(&world).await;
    (world, client)
}

fn code(error: &kube::Error) -> u16 {
    match error {
        kube::Error::Api(status) => status.code,
        other => panic!("not an API error: {other}"),
    }
}

fn message(error: kube::Error) -> String {
    match error {
        kube::Error::Api(status) => status.message,
        other => panic!("not an API error: {other}"),
    }
}

/// The pods of payment-service: the sick one, and the others.
async fn payment_pods(client: &Client) -> (Pod, Vec<Pod>) {
    let pods: Api<Pod> = Api::namespaced(client.clone(), "production");
    let wanted = ListParams::default().labels("app=payment-service");
    let (mut sick, well): (Vec<Pod>, Vec<Pod>) = pods
        .list(&wanted)
        .await
        .unwrap()
        .items
        .into_iter()
        .partition(|pod| restarts(pod) > 0);
    assert_eq!(sick.len(), 1);
    (sick.remove(0), well)
}

fn restarts(pod: &Pod) -> i32 {
    pod.status
        .as_ref()
        .unwrap()
        .container_statuses
        .as_ref()
        .unwrap()[0]
        .restart_count
}

fn name(pod: &Pod) -> String {
    pod.metadata.name.clone().unwrap()
}

#[tokio::test]
async fn s1_looks_like_a_memory_kill_in_every_object() {
    let (_world, client) = payment().await;
    let (sick, well) = payment_pods(&client).await;
    assert_eq!((restarts(&sick), well.len()), (4, 2));
    let status = sick
        .status
        .as_ref()
        .unwrap()
        .container_statuses
        .as_ref()
        .unwrap()[0]
        .clone();
    let last = status.last_state.unwrap().terminated.unwrap();
    assert_eq!(
        (last.reason.as_deref(), last.exit_code),
        (Some("OOMKilled"), 137)
    );
    let waiting = status.state.unwrap().waiting.unwrap();
    assert_eq!(waiting.reason.as_deref(), Some("CrashLoopBackOff"));

    let owner = &sick.metadata.owner_references.as_ref().unwrap()[0];
    let sets: Api<ReplicaSet> = Api::namespaced(client.clone(), "production");
    let set = sets.get(&owner.name).await.unwrap();
    assert_eq!(set.metadata.uid.as_ref(), Some(&owner.uid));
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), "production");
    let deployment = deployments.get("payment-service").await.unwrap();
    let parent = &set.metadata.owner_references.as_ref().unwrap()[0];
    assert_eq!(deployment.metadata.uid.as_ref(), Some(&parent.uid));
    assert_eq!(deployment.status.unwrap().ready_replicas, Some(2));
    let all_sets = sets
        .list(&ListParams::default().labels("app=payment-service"))
        .await
        .unwrap();
    assert_eq!(all_sets.items.len(), 2, "the older revision is still known");

    let slices: Api<EndpointSlice> = Api::namespaced(client.clone(), "production");
    let wanted = ListParams::default().labels("kubernetes.io/service-name=payment-service");
    let endpoints = slices
        .list(&wanted)
        .await
        .unwrap()
        .items
        .remove(0)
        .endpoints;
    let ready = endpoints
        .unwrap()
        .iter()
        .filter(|e| e.conditions.as_ref().unwrap().ready == Some(true))
        .count();
    assert_eq!(ready, 2);
}

#[tokio::test]
async fn s1_has_the_events_that_belong_to_it() {
    let (_world, client) = payment().await;
    let (sick, _) = payment_pods(&client).await;
    let events: Api<Event> = Api::namespaced(client.clone(), "production");
    let wanted =
        ListParams::default().fields(&format!("involvedObject.name={},type=Warning", name(&sick)));
    let events = events.list(&wanted).await.unwrap().items;
    assert!(
        events
            .iter()
            .any(|e| e.reason.as_deref() == Some("BackOff"))
    );
    assert!(events.iter().all(|e| e.type_.as_deref() == Some("Warning")));
    assert!(
        events
            .iter()
            .all(|e| e.involved_object.uid == sick.metadata.uid)
    );
}

#[tokio::test]
async fn logs_answer_as_the_kubelet_does() {
    let (world, client) = payment().await;
    let (sick, well) = payment_pods(&client).await;
    let pods: Api<Pod> = Api::namespaced(client.clone(), "production");
    let previous = LogParams {
        previous: true,
        container: Some("app".to_owned()),
        ..LogParams::default()
    };
    let log = pods.logs(&name(&sick), &previous).await.unwrap();
    assert!(
        log.trim_end()
            .ends_with("java.lang.OutOfMemoryError: Java heap space"),
        "{log}"
    );

    let tail = LogParams {
        tail_lines: Some(2),
        timestamps: true,
        ..previous.clone()
    };
    let log = pods.logs(&name(&sick), &tail).await.unwrap();
    assert_eq!(log.lines().count(), 2);
    let (at, _) = log.lines().next_back().unwrap().split_once(' ').unwrap();
    let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
    assert!((world.clock.now() - at).num_seconds() < 120);

    let short = LogParams {
        limit_bytes: Some(10),
        ..previous.clone()
    };
    assert_eq!(pods.logs(&name(&sick), &short).await.unwrap().len(), 10);

    let healthy = name(&well[0]);
    assert_eq!(
        message(pods.logs(&healthy, &previous).await.unwrap_err()),
        format!("previous terminated container \"app\" in pod \"{healthy}\" not found")
    );
    let other = LogParams {
        container: Some("sidecar".to_owned()),
        ..LogParams::default()
    };
    assert_eq!(
        message(pods.logs(&healthy, &other).await.unwrap_err()),
        format!("container sidecar is not valid for pod {healthy}")
    );
}

#[tokio::test]
async fn lists_come_in_pages() {
    let (world, client) = payment().await;
    let pods: Api<Pod> = Api::namespaced(client.clone(), "production");
    let all = pods.list(&ListParams::default()).await.unwrap().items;
    world.cluster.forget_requests();
    let mut names = Vec::new();
    let mut params = ListParams::default().limit(4);
    loop {
        let page = pods.list(&params).await.unwrap();
        assert!(page.items.len() <= 4);
        names.extend(page.items.iter().map(name));
        let Some(token) = page.metadata.continue_.filter(|token| !token.is_empty()) else {
            assert_eq!(page.metadata.remaining_item_count, None);
            break;
        };
        let left = usize::try_from(page.metadata.remaining_item_count.unwrap()).unwrap();
        assert_eq!(left, all.len() - names.len());
        params = params.continue_token(&token);
    }
    assert_eq!(names, all.iter().map(name).collect::<Vec<_>>());
    assert_eq!(world.cluster.requests().len(), all.len().div_ceil(4));
    let url = format!("{}/api/v1/namespaces/production/pods", world.cluster.url());
    let cached: serde_json::Value = reqwest::Client::new()
        .get(format!("{url}?limit=4&resourceVersion=0"))
        .bearer_auth(world.cluster.token())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let listed = cached["items"].as_array().unwrap().len();
    assert_eq!(listed, all.len(), "a cached list ignores its limit");
}

#[tokio::test]
async fn errors_are_worded_as_the_real_server_words_them() {
    let (_world, client) = payment().await;
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), "production");
    let missing = deployments.get("nope").await.unwrap_err();
    assert_eq!(code(&missing), 404);
    assert_eq!(message(missing), "deployments.apps \"nope\" not found");

    let secrets: Api<Secret> = Api::namespaced(client.clone(), "production");
    let refused = secrets.list(&ListParams::default()).await.unwrap_err();
    assert_eq!(code(&refused), 403);
    assert_eq!(
        message(refused),
        "secrets is forbidden: User \"system:serviceaccount:vigie:vigie\" cannot list resource \"secrets\" in API group \"\" in the namespace \"production\""
    );

    let pods: Api<Pod> = Api::namespaced(client.clone(), "production");
    let wrong = ListParams::default().fields("status.reason=Evicted");
    let wrong = pods.list(&wrong).await.unwrap_err();
    assert_eq!(code(&wrong), 400);
    assert!(message(wrong).ends_with("field label not supported: status.reason"));
}

#[tokio::test]
async fn the_rest_of_the_api_is_there() {
    let (world, client) = payment().await;
    assert_eq!(client.apiserver_version().await.unwrap().minor, "34");
    let groups = client.list_api_groups().await.unwrap().groups;
    assert!(groups.iter().any(|group| group.name == "metrics.k8s.io"));
    let nodes: Api<Node> = Api::all(client.clone());
    assert_eq!(
        nodes
            .list(&ListParams::default())
            .await
            .unwrap()
            .items
            .len(),
        4
    );
    let services: Api<Service> = Api::all(client.clone());
    let page = services
        .list_metadata(&ListParams::default())
        .await
        .unwrap();
    assert!(
        page.items
            .iter()
            .any(|s| s.metadata.name.as_deref() == Some("payment-service"))
    );

    let usage = ApiResource::from_gvk_with_plural(
        &GroupVersionKind::gvk("metrics.k8s.io", "v1beta1", "PodMetrics"),
        "pods",
    );
    let usage: Api<DynamicObject> = Api::namespaced_with(client.clone(), "production", &usage);
    let measured = usage
        .list(&ListParams::default().labels("app=payment-service"))
        .await
        .unwrap()
        .items;
    assert_eq!(measured.len(), 2, "the crashing pod has no usage");
    assert_eq!(
        measured[0].data["containers"][0]["usage"]["memory"],
        "471Mi"
    );
    world.cluster.remove_api("metrics.k8s.io");
    let gone = usage.list(&ListParams::default()).await.unwrap_err();
    assert_eq!(code(&gone), 404);
}

#[tokio::test]
async fn a_repair_rolls_out_a_new_revision() {
    let (world, client) = payment().await;
    world.repair(Scenario::PaymentOutOfMemory);
    let pods: Api<Pod> = Api::namespaced(client.clone(), "production");
    let wanted = ListParams::default().labels("app=payment-service");
    let now = pods.list(&wanted).await.unwrap().items;
    assert_eq!(now.len(), 3);
    for pod in &now {
        assert_eq!(restarts(pod), 0);
        let resources = pod.spec.as_ref().unwrap().containers[0]
            .resources
            .clone()
            .unwrap();
        assert_eq!(resources.limits.unwrap()["memory"].0, "1Gi");
    }
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), "production");
    let deployment = deployments.get("payment-service").await.unwrap();
    assert_eq!(deployment.status.unwrap().ready_replicas, Some(3));
    let revision = &deployment.metadata.annotations.unwrap()["deployment.kubernetes.io/revision"];
    assert_eq!(revision, "3");
}
