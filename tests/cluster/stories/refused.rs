//! Pods that the real API server refuses, in its own words.

use serde_json::json;
use vigie::finding::{Cause, Kind, RootCause};

use super::{App, Bot, answer::Answer};
use crate::cluster::{ControlPlane, shared};

/// Installs `ledger`, waits until its pods are refused, and asks why there are none.
async fn refused(cluster: &ControlPlane, namespace: &str, app: App) -> Answer {
    app.uncalled().install(cluster).await;
    cluster.event(namespace, "FailedCreate").await;
    let bot = Bot::shipped(cluster, "production", namespace).await;
    let answer = bot.ask("ledger n'a aucun pod en production").await;
    eprintln!("{answer}");
    answer
}

fn sure<'a>(answer: &'a Answer, cause: Cause, kind: Kind, name: &str) -> &'a RootCause {
    let root = answer.names(cause, kind, name);
    assert!(root.confidence >= 0.9, "{answer}");
    answer.read_within(32);
    root
}

#[tokio::test]
async fn a_limit_range_refuses_with_its_numbers() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("limited").await;
    let range = json!({
        "apiVersion": "v1", "kind": "LimitRange",
        "metadata": {"name": "limits", "namespace": "limited"},
        "spec": {"limits": [{"type": "Container", "max": {"memory": "64Mi"}}]},
    });
    cluster.apply(&range.to_string()).await.unwrap();
    let limits = json!({"resources": {"limits": {"memory": "128Mi"}}});
    let app = App::new("limited", "ledger").container(limits);
    let answer = refused(cluster, "limited", app).await;
    let root = sure(
        &answer,
        Cause::LimitRangeViolated,
        Kind::Deployment,
        "ledger",
    );
    let fix = root.finding.fix.first().unwrap();
    assert_eq!(fix.field, "resources.limits.memory", "{answer}");
    answer.says(&["128Mi", "64Mi"]);
}

#[tokio::test]
async fn the_pod_security_standard_of_a_namespace_refuses() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("secured").await;
    let label = json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": "secured", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
    });
    cluster.apply(&label.to_string()).await.unwrap();
    let answer = refused(cluster, "secured", App::new("secured", "ledger")).await;
    sure(
        &answer,
        Cause::PodSecurityDenied,
        Kind::Deployment,
        "ledger",
    );
    answer.says(&["restricted", "allowPrivilegeEscalation"]);
}

#[tokio::test]
async fn a_service_account_that_is_not_there() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("accountless").await;
    let app = App::new("accountless", "ledger").pod(json!({"serviceAccountName": "ledger-sa"}));
    let answer = refused(cluster, "accountless", app).await;
    sure(
        &answer,
        Cause::ServiceAccountMissing,
        Kind::ServiceAccount,
        "ledger-sa",
    );
}

#[tokio::test]
async fn a_webhook_whose_service_is_not_there() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("hooked").await;
    let selector = json!({"matchLabels": {"kubernetes.io/metadata.name": "hooked"}});
    let hook = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "policy"},
        "webhooks": [{
            "name": "check.policy.example", "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "failurePolicy": "Fail", "timeoutSeconds": 2, "namespaceSelector": selector,
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}],
            "clientConfig": {"service": {"name": "policy", "namespace": "hooked", "path": "/validate"}},
        }],
    });
    cluster.apply(&hook.to_string()).await.unwrap();
    let answer = refused(cluster, "hooked", App::new("hooked", "ledger")).await;
    let root = answer.diagnosis.root_causes.first().unwrap();
    assert_eq!(
        root.finding.cause,
        Cause::AdmissionWebhookUnavailable,
        "{answer}"
    );
    answer.says(&["check.policy.example"]);
}

#[tokio::test]
async fn an_admission_policy_refuses() {
    let Some(cluster) = shared().await else {
        return;
    };
    cluster.nodes(2).await;
    cluster.namespace("ruled").await;
    let policy = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "team-label"},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}]},
            "validations": [{"expression": "has(object.metadata.labels.team)", "message": "pods must carry the label team"}],
        },
    });
    let selector = json!({"matchLabels": {"kubernetes.io/metadata.name": "ruled"}});
    let binding = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": "team-label-ruled"},
        "spec": {"policyName": "team-label", "validationActions": ["Deny"], "matchResources": {"namespaceSelector": selector}},
    });
    cluster.apply(&policy.to_string()).await.unwrap();
    cluster.apply(&binding.to_string()).await.unwrap();
    // A policy is enforced a moment after it is written.
    let unlabelled = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "unlabelled", "namespace": "ruled"},
        "spec": {"containers": [{"name": "app", "image": "registry.example/shop/ledger:1"}]},
    })
    .to_string();
    cluster
        .until("the policy is enforced", async || {
            let tried = cluster.dry_run(&unlabelled).await;
            tried.is_err_and(|error| format!("{error:?}").contains("team"))
        })
        .await;
    let answer = refused(cluster, "ruled", App::new("ruled", "ledger")).await;
    sure(
        &answer,
        Cause::AdmissionWebhookDenied,
        Kind::Deployment,
        "ledger",
    );
    answer.says(&["team-label", "pods must carry the label team"]);
}
