//! What clusters hold that nobody plans for: thousands of events, logs of 50 MB, binary, clocks an hour apart, fields
//! and versions from the future, objects without a status, dependencies in a circle. The answer stays the same, or
//! becomes an honest "unknown"; nothing panics, nothing takes long.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use vigie::evaluation::{Loaded, Replayed, build, load, replay_on};
use vigie::finding::Cause;
use vigie::sandbox::kube::{Cluster, ContainerLog, Lines};

/// Longest answer, on a busy machine and without optimisation.
const SOON: Duration = Duration::from_mins(6);
/// The server is in this process: only a busy machine lets it wait.
const PATIENCE: Duration = Duration::from_mins(2);

fn case(name: &str) -> Loaded {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/causes");
    load(&folder.join(format!("{name}.yaml"))).unwrap_or_else(|error| panic!("{error}"))
}

/// The answer to a case once something was done to its cluster.
async fn after(name: &str, change: impl FnOnce(&Cluster, DateTime<Utc>)) -> Replayed {
    let case = case(name);
    let cluster = build(&case.file).unwrap();
    change(&cluster, case.file.now);
    let replayed = replay_on(&case.file, &cluster, PATIENCE).await.unwrap();
    assert!(replayed.took < SOON, "took {:?}", replayed.took);
    replayed
}

/// The first root, as `code on Kind/namespace/name`.
fn first(replayed: &Replayed) -> String {
    let diagnosis = replayed.diagnosis.as_ref().unwrap();
    let root = diagnosis.root_causes.first();
    root.map_or_else(
        || format!("{:?}", diagnosis.verdict),
        |root| {
            let (cause, subject) = (root.finding.cause.code(), root.finding.subject.label());
            format!("{cause} on {subject}")
        },
    )
}

/// Everything that is true of the case, roots and consequences.
fn all(replayed: &Replayed) -> Vec<String> {
    let findings = replayed.diagnosis.iter().flat_map(|one| &one.findings);
    findings
        .map(|one| format!("{} on {}", one.cause.code(), one.subject.label()))
        .collect()
}

async fn usual(name: &str) -> String {
    first(&after(name, |_, _| {}).await)
}

fn warning(number: usize, now: DateTime<Utc>) -> Value {
    let at = (now - TimeDelta::seconds(i64::try_from(number).unwrap())).to_rfc3339();
    json!({
        "apiVersion": "v1", "kind": "Event",
        "metadata": {"namespace": "production", "name": format!("batch-{number}.17c0ffee")},
        "type": "Warning", "reason": "BackoffLimitExceeded", "count": 3,
        "message": "Job has reached the specified backoff limit",
        "firstTimestamp": at, "lastTimestamp": at,
        "involvedObject": {"kind": "Job", "namespace": "production", "name": format!("batch-{number}")},
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_events_hide_nothing() {
    for name in ["configmap-missing/sick", "insufficient-cpu/sick"] {
        let crowded = after(name, |cluster, now| {
            (0..5_000).for_each(|number| cluster.put(warning(number, now)));
        });
        assert_eq!(first(&crowded.await), usual(name).await);
    }
}

/// Every log of the cluster with these lines before its own.
fn preface(cluster: &Cluster, pod_prefix: &str, now: DateTime<Utc>, lines: &[String], last: &str) {
    for pod in cluster.list("Pod", "production") {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        if !name.starts_with(pod_prefix) {
            continue;
        }
        let mut all: Vec<(DateTime<Utc>, String)> = lines
            .iter()
            .map(|line| (now - TimeDelta::minutes(9), line.clone()))
            .collect();
        all.push((now - TimeDelta::seconds(20), last.to_owned()));
        for container in pod["spec"]["containers"].as_array().into_iter().flatten() {
            let container = container["name"].as_str().unwrap_or_default();
            let log = ContainerLog {
                current: Lines::new(all.clone()),
                previous: Some(Lines::new(all.clone())),
            };
            cluster.put_log("production", name, container, log);
        }
    }
}

const REFUSED: &str = "FATAL: password authentication failed for user \"billing\"";

/// The subject's own first word is what its pods are called.
fn app_of(case: &Loaded) -> String {
    let about = case.file.about.clone().unwrap_or_default();
    about.rsplit('/').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_words_of_a_huge_log_are_read() {
    let name = "database-auth-failed/sick";
    let app = app_of(&case(name));
    let wide = "{\"level\":\"info\",\"message\":\"request served\",\"body\":\"".to_owned()
        + &"x".repeat(4_000)
        + "\"}";
    // 50 MB in lines of 4 KB: 200 of those are more than is asked of one log.
    let lines: Vec<String> = std::iter::repeat_n(wide, 12_500).collect();
    let replayed = after(name, |cluster, now| {
        preface(cluster, &app, now, &lines, REFUSED);
    })
    .await;
    assert_eq!(first(&replayed), usual(name).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_of_one_line_or_of_bytes_is_no_reason_to_fall() {
    let name = "database-auth-failed/sick";
    let app = app_of(&case(name));
    let one_line = vec!["y".repeat(50 << 20)];
    let replayed = after(name, |cluster, now| {
        preface(cluster, &app, now, &one_line, "");
    })
    .await;
    assert_ne!(first(&replayed), "Healthy");
    let bytes: String = (0..20_000_u32)
        .filter_map(|n| char::from_u32(n % 0xd7ff))
        .collect();
    let binary = vec![bytes, "\u{0}\u{1}\u{fffd}\u{202e}\u{1b}[31m".repeat(500)];
    let replayed = after(name, |cluster, now| {
        preface(cluster, &app, now, &binary, REFUSED);
    })
    .await;
    assert_eq!(first(&replayed), usual(name).await);
}

/// Moves every time in these fields of an object by an hour.
fn skew(value: &mut Value, by: TimeDelta) {
    match value {
        Value::String(text) => {
            if let Ok(at) = DateTime::parse_from_rfc3339(text) {
                *text = (at + by).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| skew(one, by)),
        Value::Object(all) => all.values_mut().for_each(|one| skew(one, by)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_an_hour_apart_change_no_answer() {
    for name in [
        "oom-killed/sick",
        "configmap-missing/sick",
        "liveness-probe-wrong-port/sick",
    ] {
        let before = after(name, |_, _| {}).await;
        let usual = first(&before);
        for by in [TimeDelta::hours(1), -TimeDelta::hours(1)] {
            let replayed = after(name, |cluster, _| {
                // A node's clock is in its pods' statuses and in its kubelet's events.
                for kind in ["Pod", "Event"] {
                    for mut object in cluster.list(kind, "production") {
                        skew(&mut object, by);
                        cluster.put(object);
                    }
                }
            });
            let now = first(&replayed.await);
            // An end that seems an hour old may be one that is over: then less is said, and nothing untrue.
            let less = by < TimeDelta::zero() && (now == "Unknown" || all(&before).contains(&now));
            assert!(now == usual || less, "{name} {by}: {now}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_from_the_future_are_passed_over() {
    let name = "oom-killed/sick";
    let replayed = after(name, |cluster, _| {
        for kind in [
            "Deployment",
            "Pod",
            "Service",
            "Node",
            "ReplicaSet",
            "EndpointSlice",
        ] {
            for mut object in cluster.list(kind, "") {
                object["spec"]["inventedLater"] = json!({"deep": [1, "two", {"three": null}]});
                object["status"]["inventedLater"] = json!(["x"]);
                cluster.put(object);
            }
        }
    });
    assert_eq!(first(&replayed.await), usual(name).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_object_without_status_is_not_a_cause() {
    for name in [
        "oom-killed/healthy",
        "service-no-ready-endpoints/healthy",
        "node-not-ready/healthy",
    ] {
        let replayed = after(name, |cluster, _| {
            for kind in [
                "Deployment",
                "StatefulSet",
                "ReplicaSet",
                "Node",
                "Job",
                "Namespace",
            ] {
                for mut object in cluster.list(kind, "") {
                    object.as_object_mut().map(|all| all.remove("status"));
                    cluster.put(object);
                }
            }
        });
        let replayed = replayed.await;
        let sure = replayed.diagnosis.iter().flat_map(|one| &one.root_causes);
        let sure: Vec<_> = sure.filter(|root| root.confidence >= 0.9).collect();
        assert!(sure.is_empty(), "{name}: {sure:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_circle_of_dependencies_ends() {
    let circle = r"
question: tout est cassé en production
namespace: production
expect: {verdict: unknown}
apps:
- {name: alpha, container: {env: [{name: NEXT, value: 'http://beta:8080'}]}, pods: [{crash: {exit: 1, restarts: 4}, previous: 'ERROR connect to http://beta:8080: connection refused', count: 2}]}
- {name: beta, container: {env: [{name: NEXT, value: 'http://gamma:8080'}]}, pods: [{crash: {exit: 1, restarts: 4}, previous: 'ERROR connect to http://gamma:8080: connection refused', count: 2}]}
- {name: gamma, container: {env: [{name: NEXT, value: 'http://alpha:8080'}]}, pods: [{crash: {exit: 1, restarts: 4}, previous: 'ERROR connect to http://alpha:8080: connection refused', count: 2}]}
";
    let folder = tempfile::tempdir().unwrap();
    for (at, question) in [
        "tout est cassé en production",
        "alpha ne répond plus en production",
    ]
    .iter()
    .enumerate()
    {
        let path = folder.path().join(format!("circle-{at}.yaml"));
        std::fs::write(
            &path,
            circle.replace("tout est cassé en production", question),
        )
        .unwrap();
        let case = load(&path).unwrap_or_else(|error| panic!("{error}"));
        let cluster = build(&case.file).unwrap();
        let replayed = replay_on(&case.file, &cluster, PATIENCE).await.unwrap();
        assert!(
            replayed.took < SOON && replayed.requests <= 60,
            "{replayed:?}"
        );
        let roots = &replayed.diagnosis.as_ref().expect("an answer").root_causes;
        assert!(
            roots
                .iter()
                .any(|root| root.finding.cause == Cause::DependencyUnreachable),
            "{:?}",
            roots
                .iter()
                .map(|r| (r.finding.cause, &r.finding.subject.name, r.confidence))
                .collect::<Vec<_>>()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_namespace_of_two_thousand_pods_is_swept() {
    let name = "oom-killed/sick";
    let mut wide = case(name);
    wide.file.question = "tout est cassé en production".to_owned();
    wide.file.namespace = Some("production".to_owned());
    let cluster = build(&wide.file).unwrap();
    let model = cluster.list("Pod", "production");
    let calm = model
        .iter()
        .find(|pod| pod["status"]["containerStatuses"][0]["ready"] == true)
        .expect("a ready pod");
    for number in 0..2_000 {
        let mut pod = calm.clone();
        pod["metadata"]["name"] = json!(format!("steady-{number}"));
        pod["metadata"]["uid"] = json!(format!("uid-{number}"));
        pod["metadata"]["ownerReferences"] = json!([{
            "apiVersion": "apps/v1", "kind": "StatefulSet", "name": format!("steady-{}", number / 50), "uid": "x", "controller": true,
        }]);
        pod["metadata"]["labels"] = json!({"app": format!("steady-{}", number / 50)});
        cluster.put(pod);
    }
    let replayed = replay_on(&wide.file, &cluster, PATIENCE).await.unwrap();
    assert!(
        replayed.took < SOON && replayed.requests <= 40,
        "{:?}, {}",
        replayed.took,
        replayed.requests
    );
    assert!(
        first(&replayed).starts_with("oom-killed"),
        "{}",
        first(&replayed)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_workloads_that_are_well_cost_forty_requests_at_most() {
    let mut wide = case("oom-killed/healthy");
    wide.file.question = "tout est cassé en production".to_owned();
    wide.file.namespace = Some("production".to_owned());
    let cluster = build(&wide.file).unwrap();
    let named = |object: &Value| object["metadata"]["name"].as_str().unwrap().to_owned();
    let deployments = cluster.list("Deployment", "production");
    let calm = named(&deployments[0]);
    for kind in ["Deployment", "ReplicaSet", "Pod"] {
        for object in cluster.list(kind, "production") {
            if !named(&object).starts_with(&calm) {
                continue;
            }
            for number in 0..60 {
                let text = object
                    .to_string()
                    .replace(&calm, &format!("steady-{number}"));
                let mut copy: Value = serde_json::from_str(&text).unwrap();
                copy["metadata"]["uid"] = json!(format!("{}-{number}", copy["metadata"]["uid"]));
                cluster.put(copy);
            }
        }
    }
    assert!(cluster.list("Deployment", "production").len() > 60);
    let replayed = replay_on(&wide.file, &cluster, PATIENCE).await.unwrap();
    assert!(replayed.requests <= 40, "{}", replayed.requests);
    assert!(replayed.diagnosis.unwrap().root_causes.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_is_wrong_the_last_change_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cases/changed");
    let case =
        load(&folder.join("nothing-but-a-rollout.yaml")).unwrap_or_else(|error| panic!("{error}"));
    let cluster = build(&case.file).unwrap();
    let replayed = replay_on(&case.file, &cluster, PATIENCE).await.unwrap();
    let diagnosis = replayed.diagnosis.expect("an answer");
    let redactor = vigie::text::Redactor::new(Vec::<String>::new());
    let options = vigie::post::TextOptions {
        width: None,
        color: false,
    };
    let shown = vigie::post::text(&diagnosis, vigie::text::Language::Fr, &redactor, options);
    assert!(
        shown.contains("pricing") && shown.contains("7.2.9") && shown.contains("il y a 8"),
        "{shown}"
    );
    assert!(!shown.contains("wishlist"), "{shown}");
}
