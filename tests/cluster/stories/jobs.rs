//! Jobs that the real controller gives up, for each of its reasons, in its own words.

use chrono::{SecondsFormat, TimeDelta, Utc};
use k8s_openapi::api::batch::v1::Job;
use kube::api::Api;
use serde_json::{Value, json};
use vigie::finding::{Cause, Kind};

use super::{Answer, Bot, app};
use crate::cluster::{ControlPlane, shared};

/// A Job of one pod, whose status the test writes; `spec` is merged into the Job's.
pub fn job(namespace: &str, name: &str, spec: &Value) -> Value {
    let container = json!({
        "name": "run", "image": format!("registry.example/{name}:12"),
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}},
    });
    let mut job = json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"template": {
            "metadata": {"annotations": {"vigie.test/manual": "true"}},
            "spec": {"restartPolicy": "Never", "containers": [container]},
        }},
    });
    for (key, value) in spec.as_object().into_iter().flatten() {
        job["spec"][key] = value.clone();
    }
    job
}

/// What a kubelet says of a container that ended like this.
pub fn ended(exit_code: i32) -> Value {
    let at = |seconds| {
        (Utc::now() - TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Secs, true)
    };
    let terminated = json!({
        "reason": "Error", "exitCode": exit_code, "startedAt": at(4), "finishedAt": at(1),
    });
    json!({
        "phase": "Failed", "startTime": at(5),
        "containerStatuses": [{
            "name": "run", "image": "run", "imageID": "", "ready": false, "restartCount": 0,
            "state": {"terminated": terminated},
        }],
    })
}

/// What a kubelet says of a container that goes on.
fn running() -> Value {
    let at = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({
        "phase": "Running", "startTime": at,
        "containerStatuses": [{
            "name": "run", "image": "run", "imageID": "", "ready": true, "restartCount": 0,
            "started": true, "state": {"running": {"startedAt": at}},
        }],
    })
}

/// Ends each new pod of the Job like this, with this log, until the Job has failed.
pub async fn end(
    cluster: &ControlPlane,
    namespace: &str,
    name: &str,
    status: impl Fn() -> Value,
    log: &str,
) {
    let jobs = Api::<Job>::namespaced(cluster.admin(), namespace);
    let mut told = std::collections::BTreeSet::new();
    cluster
        .until(&format!("{name} to fail"), async || {
            for pod in cluster.pods(namespace, &format!("job-name={name}")).await {
                let placed = pod.spec.is_some_and(|spec| spec.node_name.is_some());
                let pod = pod.metadata.name.unwrap();
                if placed && told.insert(pod.clone()) {
                    if !log.is_empty() {
                        cluster.logs(namespace, &pod, "run", log, None).await;
                    }
                    cluster.pod_status(namespace, &pod, status()).await;
                }
            }
            let status = jobs.get(name).await.unwrap().status.unwrap_or_default();
            let mut conditions = status.conditions.iter().flatten();
            conditions.any(|one| one.type_ == "Failed" && one.status == "True")
        })
        .await;
    let found = jobs.get(name).await.unwrap().status.unwrap();
    eprintln!("{}", serde_json::to_string(&found).unwrap());
}

/// The same, and asks.
async fn failed(
    cluster: &ControlPlane,
    namespace: &str,
    name: &str,
    status: impl Fn() -> Value,
    log: &str,
) -> Answer {
    end(cluster, namespace, name, status, log).await;
    app::settled(cluster, namespace).await;
    let bot = Bot::shipped(cluster, "production", namespace).await;
    let answer = bot
        .ask(&format!("le job {name} a échoué en production"))
        .await;
    eprintln!("{answer}");
    answer
}

#[tokio::test]
async fn a_job_is_out_of_retries() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("retries").await;
    let spec = json!({"backoffLimit": 1});
    let object = job("retries", "import-tarifs", &spec);
    cluster.apply(&object.to_string()).await.unwrap();
    let answer = failed(cluster, "retries", "import-tarifs", || ended(2), "").await;
    let root = answer.names(Cause::JobBackoffExceeded, Kind::Job, "import-tarifs");
    assert!(root.confidence >= 0.9, "{answer}");
    answer
        .says(&["Job has reached the specified backoff limit", "code 2"])
        .read_within(30);
}

/// The Job gave up because of what its pods died of, and that is what has to be changed.
#[tokio::test]
async fn a_job_is_out_of_retries_because_its_database_is_not_there() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("lost").await;
    let object = job("lost", "invoices", &json!({"backoffLimit": 0}));
    cluster.apply(&object.to_string()).await.unwrap();
    let log = "2026-11-26T08:00:01Z INFO starting invoices 12\n\
               2026-11-26T08:00:02Z ERROR could not connect: dial tcp: lookup ledger-db.lost.svc.cluster.local: no such host\n";
    let answer = failed(cluster, "lost", "invoices", || ended(1), log).await;
    let root = answer.names(Cause::ServiceMissing, Kind::Service, "ledger-db");
    assert!(root.confidence >= 0.8, "{answer}");
    answer.says(&["ledger-db", "invoices"]).read_within(35);
}

#[tokio::test]
async fn a_job_is_out_of_time() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("deadline").await;
    let spec = json!({"backoffLimit": 2, "activeDeadlineSeconds": 4});
    let object = job("deadline", "reindex-search", &spec);
    cluster.apply(&object.to_string()).await.unwrap();
    let answer = failed(cluster, "deadline", "reindex-search", running, "").await;
    let root = answer.names(Cause::JobDeadlineExceeded, Kind::Job, "reindex-search");
    assert!(root.confidence >= 0.9, "{answer}");
    let fix = root.finding.fix.first().unwrap();
    assert_eq!(fix.field, "spec.activeDeadlineSeconds", "{answer}");
    answer
        .says(&["Job was active longer than specified deadline", "4"])
        .read_within(30);
}

/// A rule of the Job itself ended it at once: retries have nothing to do with it.
#[tokio::test]
async fn a_job_fails_by_a_rule_about_its_exit_code() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("ruling").await;
    let rule = json!({
        "action": "FailJob",
        "onExitCodes": {"containerName": "run", "operator": "In", "values": [42]},
    });
    let spec = json!({"backoffLimit": 6, "podFailurePolicy": {"rules": [rule]}});
    let object = job("ruling", "migrate", &spec);
    cluster.apply(&object.to_string()).await.unwrap();
    let answer = failed(cluster, "ruling", "migrate", || ended(42), "").await;
    answer.names(Cause::JobBackoffExceeded, Kind::Job, "migrate");
    answer.says(&["42", "FailJob"]).read_within(30);
    // Six more tries would have been allowed, and that is beside the point.
    assert!(!answer.text.contains("nouveaux essais"), "{answer}");
}

/// The healthy look-alike: a pod of it failed, another one did the work.
#[tokio::test]
async fn a_job_that_needed_a_second_try_is_done() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("second").await;
    let object = job("second", "cleanup", &json!({"backoffLimit": 3}));
    cluster.apply(&object.to_string()).await.unwrap();
    let mut first = None;
    cluster
        .until("the first pod of cleanup", async || {
            let pods = cluster.pods("second", "job-name=cleanup").await;
            let placed = pods
                .into_iter()
                .find(|pod| pod.spec.as_ref().is_some_and(|it| it.node_name.is_some()));
            first = placed.and_then(|pod| pod.metadata.name);
            first.is_some()
        })
        .await;
    cluster
        .pod_status("second", &first.unwrap(), ended(1))
        .await;
    let jobs = Api::<Job>::namespaced(cluster.admin(), "second");
    let mut done = std::collections::BTreeSet::new();
    cluster
        .until("cleanup to complete", async || {
            for pod in cluster.pods("second", "job-name=cleanup").await {
                let phase = pod.status.and_then(|it| it.phase).unwrap_or_default();
                let placed = pod.spec.is_some_and(|it| it.node_name.is_some());
                let name = pod.metadata.name.unwrap();
                if placed && phase == "Pending" && done.insert(name.clone()) {
                    let mut status = ended(0);
                    status["phase"] = json!("Succeeded");
                    cluster.pod_status("second", &name, status).await;
                }
            }
            let status = jobs
                .get("cleanup")
                .await
                .unwrap()
                .status
                .unwrap_or_default();
            let mut conditions = status.conditions.iter().flatten();
            conditions.any(|one| one.type_ == "Complete" && one.status == "True")
        })
        .await;
    app::settled(cluster, "second").await;
    let bot = Bot::shipped(cluster, "production", "second").await;
    let answer = bot.ask("le job cleanup a échoué en production").await;
    eprintln!("{answer}");
    assert!(answer.diagnosis.root_causes.is_empty(), "{answer}");
}
