//! That what `deploy/kubernetes` ships is accepted by a real API server, and gives the bot the
//! rights it needs and no others.

use std::path::Path;

use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectRulesReview,
};
use kube::api::{Api, PostParams};
use serde_json::{Value, json};

use super::bot::installed;
use crate::cluster::{ControlPlane, launch, shared};

/// What investigations read: group, resource, subresource.
const READS: [(&str, &str, &str); 19] = [
    ("", "namespaces", ""),
    ("", "nodes", ""),
    ("", "pods", ""),
    ("", "pods", "log"),
    ("", "services", ""),
    ("", "events", ""),
    ("", "resourcequotas", ""),
    ("", "limitranges", ""),
    ("", "persistentvolumeclaims", ""),
    ("apps", "deployments", ""),
    ("apps", "replicasets", ""),
    ("apps", "statefulsets", ""),
    ("apps", "daemonsets", ""),
    ("batch", "jobs", ""),
    ("batch", "cronjobs", ""),
    ("autoscaling", "horizontalpodautoscalers", ""),
    ("networking.k8s.io", "ingresses", ""),
    ("discovery.k8s.io", "endpointslices", ""),
    ("metrics.k8s.io", "pods", ""),
];

/// What nobody may ever do with the bot's account: verb, group, resource, subresource.
const NEVER: [(&str, &str, &str, &str); 14] = [
    ("get", "", "secrets", ""),
    ("list", "", "secrets", ""),
    ("watch", "", "secrets", ""),
    ("create", "", "pods", "exec"),
    ("get", "", "pods", "exec"),
    ("create", "", "pods", "attach"),
    ("create", "", "pods", "portforward"),
    ("get", "", "nodes", "proxy"),
    ("impersonate", "", "users", ""),
    ("impersonate", "", "serviceaccounts", ""),
    ("create", "", "serviceaccounts", "token"),
    ("delete", "", "pods", ""),
    ("patch", "apps", "deployments", ""),
    (
        "create",
        "rbac.authorization.k8s.io",
        "clusterrolebindings",
        "",
    ),
];

/// A client with the rights of the shipped account.
async fn shipped(cluster: &ControlPlane) -> kube::Client {
    let config = launch::config(installed(cluster).await).await.unwrap();
    kube::Client::try_from(config).unwrap()
}

/// Whether the account may, in a namespace like any other, as the API server says.
async fn may(
    client: &kube::Client,
    verb: &str,
    (group, resource, sub): (&str, &str, &str),
) -> bool {
    let owned = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let attributes = ResourceAttributes {
        namespace: owned("default"),
        verb: owned(verb),
        group: owned(group),
        resource: owned(resource),
        subresource: owned(sub),
        ..ResourceAttributes::default()
    };
    let mut review = SelfSubjectAccessReview::default();
    review.spec.resource_attributes = Some(attributes);
    let reviews = Api::<SelfSubjectAccessReview>::all(client.clone());
    let answer = reviews.create(&PostParams::default(), &review).await;
    answer.unwrap().status.expect("an answer").allowed
}

#[tokio::test]
async fn every_read_is_allowed_and_nothing_dangerous_is() {
    let Some(cluster) = shared().await else {
        return;
    };
    let client = shipped(cluster).await;
    for read in READS {
        let verbs: &[&str] = if read.2 == "log" {
            &["get"]
        } else {
            &["get", "list"]
        };
        for verb in verbs {
            assert!(may(&client, verb, read).await, "{verb} {read:?}");
        }
    }
    for (verb, group, resource, sub) in NEVER {
        let what = (group, resource, sub);
        assert!(!may(&client, verb, what).await, "{verb} {what:?}");
    }
}

#[tokio::test]
async fn it_may_only_get_and_list() {
    let Some(cluster) = shared().await else {
        return;
    };
    let client = shipped(cluster).await;
    let mut review = SelfSubjectRulesReview::default();
    review.spec.namespace = Some("default".to_owned());
    let reviews = Api::<SelfSubjectRulesReview>::all(client);
    let answer = reviews.create(&PostParams::default(), &review).await;
    let rules = answer.unwrap().status.expect("an answer").resource_rules;
    for rule in rules {
        // Kubernetes lets everybody ask what they may do.
        let groups = rule.api_groups.clone().unwrap_or_default();
        if groups.iter().all(|group| {
            group.ends_with("authorization.k8s.io") || group == "authentication.k8s.io"
        }) {
            continue;
        }
        let reads = |verb: &String| verb == "get" || verb == "list";
        assert!(rule.verbs.iter().all(reads), "{rule:?}");
        let resources = rule.resources.clone().unwrap_or_default();
        assert!(
            !resources.iter().any(|it| it == "*" || it == "secrets"),
            "{rule:?}"
        );
    }
}

/// A shipped file.
fn manifest(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/kubernetes");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

#[tokio::test]
async fn the_shipped_manifests_are_accepted() {
    let Some(cluster) = shared().await else {
        return;
    };
    installed(cluster).await;
    let kustomization: Value = serde_saphyr::from_str(&manifest("kustomization.yaml")).unwrap();
    let files = kustomization["resources"].as_array().unwrap();
    assert!(files.len() > 5, "{files:?}");
    for file in files
        .iter()
        .filter_map(Value::as_str)
        .chain(["secret.example.yaml"])
    {
        let accepted = cluster.dry_run(&manifest(file)).await;
        accepted.unwrap_or_else(|error| panic!("{file}: {error:#}"));
    }
}

/// A namespace's pod security level only warns about a Deployment; it is the pod that is refused.
#[tokio::test]
async fn the_shipped_pod_is_admitted_as_restricted() {
    let Some(cluster) = shared().await else {
        return;
    };
    installed(cluster).await;
    let deployment: Value = serde_saphyr::from_str(&manifest("deployment.yaml")).unwrap();
    let template = &deployment["spec"]["template"];
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "vigie-0", "namespace": "vigie", "labels": template["metadata"]["labels"]},
        "spec": template["spec"],
    });
    cluster.dry_run(&pod.to_string()).await.unwrap();
    pod["spec"]["securityContext"]["runAsNonRoot"] = json!(false);
    let refusal = cluster.dry_run(&pod.to_string()).await.unwrap_err();
    assert!(format!("{refusal:#}").contains("restricted"), "{refusal:#}");
}
