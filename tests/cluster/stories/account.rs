//! Service accounts that the real API server refuses: its own words, as clients in several languages log
//! them, in the log of the pod that may not.

use k8s_openapi::api::core::v1::{Pod, Secret};
use kube::api::{Api, ListParams};
use serde_json::json;
use vigie::finding::{Cause, Kind};

use super::{Answer, App, Bot, app, kubelet};
use crate::cluster::{ControlPlane, launch, shared};

/// A namespace with the account `reporter`, which may nothing, and a client with its rights.
async fn reporter(cluster: &ControlPlane, namespace: &str) -> kube::Client {
    cluster.nodes(2).await;
    cluster.namespace(namespace).await;
    let account = json!({
        "apiVersion": "v1", "kind": "ServiceAccount",
        "metadata": {"name": "reporter", "namespace": namespace},
    });
    cluster.apply(&account.to_string()).await.unwrap();
    let file = cluster.kubeconfig_for(namespace, "reporter").await;
    kube::Client::try_from(launch::config(&file).await.unwrap()).unwrap()
}

/// The API server's refusal, with its whole answer as JSON.
fn refusal<T: std::fmt::Debug>(answer: kube::Result<T>) -> (String, String) {
    let kube::Error::Api(status) = answer.unwrap_err() else {
        panic!("not refused by the API server");
    };
    assert_eq!(status.code, 403);
    eprintln!("{}", status.message);
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": status.message, "reason": "Forbidden", "code": 403,
    });
    (status.message.clone(), body.to_string())
}

/// Crashes `stats`, which runs as `reporter`, with this log, and asks.
async fn crashed(cluster: &ControlPlane, namespace: &str, log: &str) -> Answer {
    let app = App::new(namespace, "stats")
        .uncalled()
        .manual()
        .pod(json!({"serviceAccountName": "reporter"}));
    app.install(cluster).await;
    let pod = app.placed(cluster).await.remove(0);
    let status = kubelet::crash_loop("Error", 1, 5);
    cluster.pod_status(namespace, &pod, status).await;
    cluster
        .logs(namespace, &pod, "app", "starting\n", Some(log))
        .await;
    app::settled(cluster, namespace).await;
    let bot = Bot::shipped(cluster, "production", namespace).await;
    let answer = bot.ask("stats redémarre sans arrêt en production").await;
    eprintln!("{answer}");
    let root = answer.names(Cause::RbacForbidden, Kind::ServiceAccount, "reporter");
    assert!(root.confidence >= 0.9, "{answer}");
    answer
}

#[tokio::test]
async fn a_go_client_may_not_list_pods() {
    let Some(cluster) = shared().await else {
        return;
    };
    let client = reporter(cluster, "goclient").await;
    let pods = Api::<Pod>::namespaced(client, "goclient");
    let (words, _) = refusal(pods.list(&ListParams::default()).await);
    let log = format!(
        "I1126 08:00:00.1 1 main.go:52] starting stats\nF1126 08:00:01.2 1 main.go:88] listing pods: {words}\n"
    );
    let answer = crashed(cluster, "goclient", &log).await;
    answer.says(&["list pods", "goclient"]).read_within(35);
}

#[tokio::test]
async fn a_python_client_may_not_read_secrets_in_the_whole_cluster() {
    let Some(cluster) = shared().await else {
        return;
    };
    let client = reporter(cluster, "pyclient").await;
    let (_, body) = refusal(
        Api::<Secret>::all(client)
            .list(&ListParams::default())
            .await,
    );
    let log = format!(
        "Traceback (most recent call last):\n  File \"/app/stats.py\", line 12, in <module>\n    api.list_secret_for_all_namespaces()\n  File \"/usr/lib/python3/site-packages/kubernetes/client/rest.py\", line 238, in request\n    raise ApiException(http_resp=r)\nkubernetes.client.exceptions.ApiException: (403)\nReason: Forbidden\nHTTP response headers: HTTPHeaderDict({{'Content-Type': 'application/json'}})\nHTTP response body: {body}\n\n"
    );
    let answer = crashed(cluster, "pyclient", &log).await;
    answer.says(&["list secrets"]).read_within(35);
}

#[tokio::test]
async fn a_java_client_may_not_read_a_log() {
    let Some(cluster) = shared().await else {
        return;
    };
    let client = reporter(cluster, "javaclient").await;
    let pods = Api::<Pod>::namespaced(client, "javaclient");
    let answer = pods.logs("stats-0", &kube::api::LogParams::default()).await;
    let (words, _) = refusal(answer);
    let log = format!(
        "Exception in thread \"main\" io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: GET at: https://10.0.0.1:443/api/v1/namespaces/javaclient/pods/stats-0/log?pretty=false. Message: {words}.\n\tat io.fabric8.kubernetes.client.dsl.internal.OperationSupport.requestFailure(OperationSupport.java:642)\n\tat com.example.stats.Main.main(Main.java:31)\n"
    );
    let answer = crashed(cluster, "javaclient", &log).await;
    answer.says(&["pods/log"]).read_within(35);
}

/// The binding is there, its role is not: the API server adds it to its words.
#[tokio::test]
async fn the_role_of_a_binding_is_not_there() {
    let Some(cluster) = shared().await else {
        return;
    };
    let client = reporter(cluster, "norole").await;
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": {"name": "reporter", "namespace": "norole"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "report-reader"},
        "subjects": [{"kind": "ServiceAccount", "name": "reporter", "namespace": "norole"}],
    });
    cluster.apply(&binding.to_string()).await.unwrap();
    let pods = Api::<Pod>::namespaced(client, "norole");
    let mut words = String::new();
    cluster
        .until("the authorizer to see the binding", async || {
            let answer = pods.list(&ListParams::default()).await;
            if let Err(kube::Error::Api(status)) = answer {
                words.clone_from(&status.message);
            }
            words.contains("not found")
        })
        .await;
    eprintln!("{words}");
    let answer = crashed(cluster, "norole", &format!("fatal: {words}\n")).await;
    answer.says(&["report-reader"]).read_within(35);
}
