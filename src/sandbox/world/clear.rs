//! What a repair left behind is taken away before its incident is put into the cluster again: the
//! pods and revisions of its workloads, and the objects that the fix created.

use super::Scenario;
use super::build::Build;
use crate::sandbox::kube::uid;

const NAMESPACE: &str = "production";

/// The workloads that an incident installs, by kind and name.
fn workloads(scenario: Scenario) -> &'static [(&'static str, &'static str)] {
    match scenario {
        Scenario::PaymentOutOfMemory => &[("Deployment", "payment-service")],
        Scenario::OrdersSelector => &[
            ("Deployment", "orders-service"),
            ("Deployment", "dashboard"),
        ],
        Scenario::BillingDatabase => &[
            ("Deployment", "billing-service"),
            ("Deployment", "postgres-billing"),
            ("StatefulSet", "postgres-billing"),
        ],
        Scenario::UserConfig => &[("Deployment", "user-service")],
        Scenario::RedisConnections => &[
            ("StatefulSet", "redis-master"),
            ("Deployment", "session-service"),
        ],
        Scenario::NotificationTag => &[("Deployment", "notification-service")],
        Scenario::ReportsPending => &[("Deployment", "report-generator")],
    }
}

/// What its fix created.
fn created(scenario: Scenario) -> Option<(&'static str, &'static str)> {
    match scenario {
        Scenario::BillingDatabase => Some(("Secret", "postgres-billing-credentials")),
        Scenario::UserConfig => Some(("ConfigMap", "user-service-config")),
        _ => None,
    }
}

/// Takes it all away.
pub(super) fn remains(build: Build<'_>, scenario: Scenario) {
    for (kind, name) in workloads(scenario) {
        remove(build, kind, name);
    }
    if let Some((kind, name)) = created(scenario) {
        build.cluster.delete(kind, NAMESPACE, name);
    }
}

/// The pods and revisions of a workload; the workload itself is overwritten by what comes.
fn remove(build: Build<'_>, kind: &str, workload: &str) {
    let mut owners = vec![uid(kind, NAMESPACE, workload)];
    for set in build.cluster.list("ReplicaSet", NAMESPACE) {
        let meta = &set["metadata"];
        if meta["ownerReferences"][0]["uid"] == owners[0].as_str() {
            owners.extend(meta["uid"].as_str().map(str::to_owned));
            let name = meta["name"].as_str().unwrap_or_default();
            build.cluster.delete("ReplicaSet", NAMESPACE, name);
        }
    }
    for pod in build.cluster.list("Pod", NAMESPACE) {
        let owner = pod["metadata"]["ownerReferences"][0]["uid"].as_str();
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        if owner.is_some_and(|uid| owners.iter().any(|one| one == uid)) {
            build.cluster.delete("Pod", NAMESPACE, name);
            build.cluster.delete("PodMetrics", NAMESPACE, name);
        }
    }
}
