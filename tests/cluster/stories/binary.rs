//! `vigie ask` as people run it: the real binary, with the shipped account's kubeconfig.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::bot::installed;
use super::payment::payment;
use super::{App, app, kubelet};
use crate::cluster::{process, shared};

/// Runs `vigie ask` in an empty folder, with nothing in its environment but the kubeconfig.
async fn vigie(kubeconfig: &Path, args: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.arg("ask").args(args).env_clear();
    command.env("KUBECONFIG", kubeconfig);
    command
        .env("HOME", folder.path())
        .current_dir(folder.path());
    let run = move || command.output();
    tokio::task::spawn_blocking(run).await.unwrap().unwrap()
}

/// Standard output and standard error, for messages.
fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

/// The report on standard output, which must be what the published schema says.
fn report(output: &Output) -> Value {
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", said(output)));
    let schema = include_str!("../../../deploy/report.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let faults: Vec<String> = schema
        .iter_errors(&report)
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}\n{report:#}");
    report
}

#[tokio::test]
async fn ask_answers_with_a_report_and_status_0() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("binary").await;
    payment(cluster, "binary").await;
    let kubeconfig = installed(cluster).await;
    let question = "Service payment est lent en production";
    let args = [question, "--namespace", "binary", "--output", "json"];
    let output = vigie(kubeconfig, &args).await;
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let report = report(&output);
    assert_eq!(report["question"], question);
    assert_eq!(report["language"], "fr");
    assert_eq!(report["verdict"], "cause-found");
    assert_eq!(report["target"]["namespace"], "binary");
    assert_eq!(report["target"]["name"], "payment-service");
    let root = &report["root_causes"][0];
    assert_eq!(root["cause"], "oom-killed", "{report:#}");
    let subject = json!({
        "kind": "Deployment", "namespace": "binary", "name": "payment-service", "container": "app",
    });
    assert_eq!(root["subject"], subject);
    assert_eq!(root["fix"][0]["from"], "512Mi");
    assert_eq!(root["fix"][0]["to"], "1Gi");
    // Progress is for people who watch, not for the program that reads the answer.
    let progress = String::from_utf8_lossy(&output.stderr);
    assert!(progress.contains("[1] target"), "{progress}");
}

#[tokio::test]
async fn ask_says_with_its_status_that_it_cannot_say() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("riddle").await;
    let sphinx = App::new("riddle", "sphinx").uncalled().manual();
    sphinx.install(cluster).await;
    for pod in sphinx.placed(cluster).await {
        cluster
            .pod_status("riddle", &pod, kubelet::not_ready())
            .await;
        cluster
            .logs("riddle", &pod, "app", "listening\n", None)
            .await;
    }
    app::settled(cluster, "riddle").await;
    let kubeconfig = installed(cluster).await;
    let json = |question| ["-n", "riddle", "--output", "json", question];

    let unknown = vigie(kubeconfig, &json("why is sphinx not ready?")).await;
    assert_eq!(report(&unknown)["verdict"], "unknown", "{}", said(&unknown));
    assert_eq!(unknown.status.code(), Some(4));

    let absent = vigie(kubeconfig, &json("kraken is slow")).await;
    assert_eq!(report(&absent)["verdict"], "target-not-found");
    assert_eq!(absent.status.code(), Some(5));
}

#[tokio::test]
async fn ask_of_an_unreachable_cluster_ends_with_status_3() {
    let folder = tempfile::tempdir().unwrap();
    let [port] = process::free_ports().unwrap();
    let server = format!("http://127.0.0.1:{port}");
    let config = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "gone",
        "clusters": [{"name": "gone", "cluster": {"server": server}}],
        "users": [{"name": "nobody", "user": {}}],
        "contexts": [{"name": "gone", "context": {"cluster": "gone", "user": "nobody"}}],
    });
    let kubeconfig = folder.path().join("kubeconfig");
    std::fs::write(&kubeconfig, config.to_string()).unwrap();
    let question = "payment is slow in production";
    let output = vigie(&kubeconfig, &["--output", "json", question]).await;
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert_eq!(report(&output)["verdict"], "could-not-look");

    let nowhere = vigie(&folder.path().join("absent"), &[question]).await;
    assert_eq!(nowhere.status.code(), Some(3), "{}", said(&nowhere));
    assert!(nowhere.stdout.is_empty(), "{}", said(&nowhere));
}
