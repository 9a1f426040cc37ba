//! S2: "@devops Le dashboard n'affiche plus les commandes". The dashboard runs; the Service of the
//! orders it asks for selects no pod since its chart was changed.

use chrono::TimeDelta;
use serde_json::json;

use super::app::App;
use super::build::Build;
use super::control;
use super::event::Note;
use super::images::ours;
use super::pod::stamp;

const NAMESPACE: &str = "production";
const SERVICE: &str = "orders-service";

const ASKING: &str = "\
GET /api/session 200 4 ms
GET /api/orders 502 3 ms
[orders] request to http://orders-service:8080/orders failed, reason: connect ECONNREFUSED 10.96.14.81:8080
GET /api/orders 502 2 ms
[orders] request to http://orders-service:8080/orders failed, reason: connect ECONNREFUSED 10.96.14.81:8080";

/// Puts it into the cluster.
pub(crate) fn install(build: Build<'_>) {
    let orders = App::new(NAMESPACE, SERVICE, &ours(SERVICE, "5.3.0"))
        .before(&ours(SERVICE, "5.2.8"), TimeDelta::days(30))
        .age(TimeDelta::days(9))
        .replicas(3)
        .resources(("200m", "256Mi"), ("1", "512Mi"))
        .http_probes("/healthz", "/readyz");
    for pod in build.install(&orders) {
        let idle = "listening on :8080\nGET /healthz 200 1 ms\nGET /readyz 200 1 ms";
        build.cluster.set_log(NAMESPACE, &pod, "app", idle, None);
        build.pod_metrics(NAMESPACE, &pod, ("9m", "121Mi"));
    }
    let dashboard = App::new(NAMESPACE, "dashboard", &ours("dashboard", "4.11.2"))
        .age(TimeDelta::days(15))
        .resources(("100m", "128Mi"), ("500m", "256Mi"))
        .env("ORDERS_URL", "http://orders-service:8080")
        .env("CATALOG_URL", "http://catalog-service:8080")
        .http_probes("/healthz", "/healthz");
    for pod in build.install(&dashboard) {
        build.cluster.set_log(NAMESPACE, &pod, "app", ASKING, None);
        build.pod_metrics(NAMESPACE, &pod, ("24m", "96Mi"));
    }
    ingress(build);
    select(build, &json!({ "app": "orders", "tier": "api" }));
    relay(build);
}

/// Points the Service at pods with these labels.
fn select(build: Build<'_>, selector: &serde_json::Value) {
    let changed = build.ago(TimeDelta::minutes(18));
    build
        .cluster
        .update("Service", NAMESPACE, SERVICE, |service| {
            service["spec"]["selector"] = selector.clone();
            service["metadata"]["managedFields"] = json!([{
                "manager": "helm", "operation": "Update", "apiVersion": "v1",
                "time": stamp(changed), "fieldsType": "FieldsV1",
                "fieldsV1": { "f:spec": { "f:selector": {} } },
            }]);
        });
    control::settle(build.cluster, NAMESPACE);
}

fn ingress(build: Build<'_>) {
    let backend = json!({ "service": { "name": "dashboard", "port": { "number": 8080 } } });
    build.cluster.put(json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": { "namespace": NAMESPACE, "name": "dashboard" },
        "spec": {
            "ingressClassName": "nginx",
            "rules": [{ "host": "dashboard.example.com", "http": { "paths": [
                { "path": "/", "pathType": "Prefix", "backend": backend },
            ] } }],
        },
        "status": { "loadBalancer": { "ingress": [{ "ip": "203.0.113.10" }] } },
    }));
    let note = Note::warning("Sync", "Scheduled for sync", TimeDelta::minutes(40))
        .normal()
        .by("nginx-ingress-controller");
    build.event(("Ingress", NAMESPACE, "dashboard"), &note);
}

/// A Service without a selector that is right as it is: a name for a host outside.
fn relay(build: Build<'_>) {
    build.cluster.put(json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": { "namespace": NAMESPACE, "name": "mail-relay" },
        "spec": { "type": "ExternalName", "externalName": "smtp.example.com" },
        "status": { "loadBalancer": {} },
    }));
}

/// What the fix does: the selector that the pods carry.
pub(crate) fn repair(build: Build<'_>) {
    select(build, &json!({ "app": SERVICE }));
    for pod in build.pods(NAMESPACE, "dashboard") {
        let well = "GET /api/orders 200 41 ms\nGET /api/orders 200 38 ms";
        build.cluster.set_log(NAMESPACE, &pod, "app", well, None);
    }
}
