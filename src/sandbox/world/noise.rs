//! What goes on in every cluster and is nobody's incident: healthy services, finished jobs, old
//! restarts, warnings that mean nothing.

use chrono::TimeDelta;
use serde_json::json;

use super::app::{App, suffix};
use super::build::Build;
use super::control;
use super::event::Note;
use super::images::ours;
use super::pod::{Death, PodState, stamp};

const PRODUCTION: &str = "production";

/// Puts it into the cluster.
pub(crate) fn install(build: Build<'_>) {
    catalog(build);
    frontend(build);
    checkout(build);
    legacy_reports(build);
    backups(build);
    system(build);
    staging(build);
    limits(build);
}

/// The healthy service, with an autoscaler in the middle of its range.
fn catalog(build: Build<'_>) {
    let app = App::new(
        PRODUCTION,
        "catalog-service",
        &ours("catalog-service", "3.2.1"),
    )
    .before(&ours("catalog-service", "3.2.0"), TimeDelta::days(41))
    .age(TimeDelta::days(12))
    .replicas(5)
    .resources(("200m", "256Mi"), ("1", "512Mi"))
    .http_probes("/healthz", "/readyz");
    let served =
        "GET /catalog 200 in 14 ms\nGET /catalog/42 200 in 9 ms\nGET /catalog 200 in 12 ms";
    for pod in build.install(&app) {
        build.cluster.set_log(PRODUCTION, &pod, "app", served, None);
        build.pod_metrics(PRODUCTION, &pod, ("104m", "188Mi"));
    }
    build.cluster.put(json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": { "namespace": PRODUCTION, "name": "catalog-service" },
        "spec": {
            "minReplicas": 5, "maxReplicas": 20,
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "catalog-service" },
            "metrics": [{ "type": "Resource", "resource": {
                "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 75 } } }],
        },
        "status": {
            "currentReplicas": 5, "desiredReplicas": 5,
            "currentMetrics": [{ "type": "Resource", "resource": {
                "name": "cpu", "current": { "averageUtilization": 52, "averageValue": "104m" } } }],
            "conditions": [
                { "type": "AbleToScale", "status": "True", "reason": "ReadyForNewScale" },
                { "type": "ScalingActive", "status": "True", "reason": "ValidMetricFound" },
                { "type": "ScalingLimited", "status": "False", "reason": "DesiredWithinRange" },
            ],
        },
    }));
}

/// A healthy service that its probe found slow once, nearly an hour ago.
fn frontend(build: Build<'_>) {
    let app = App::new(PRODUCTION, "web-frontend", &ours("web-frontend", "8.0.3"))
        .age(TimeDelta::days(3))
        .resources(("100m", "64Mi"), ("500m", "128Mi"))
        .http_probes("/", "/");
    let pods = build.install(&app);
    let message = "Readiness probe failed: Get \"http://10.244.7.9:8080/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    let note = Note::warning("Unhealthy", message, TimeDelta::minutes(52));
    build.event(("Pod", PRODUCTION, &pods[0]), &note);
    let message = "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.0.0.2 10.0.0.3 10.0.0.4";
    let note = Note::warning("DNSConfigForming", message, TimeDelta::days(3))
        .repeated(1893, TimeDelta::minutes(2));
    build.event(("Pod", PRODUCTION, &pods[1]), &note);
    for pod in &pods {
        build.pod_metrics(PRODUCTION, pod, ("31m", "48Mi"));
    }
}

/// A healthy service that was killed for memory once, nine days ago.
fn checkout(build: Build<'_>) {
    let app = App::new(
        PRODUCTION,
        "checkout-service",
        &ours("checkout-service", "1.19.4"),
    )
    .age(TimeDelta::days(21))
    .resources(("200m", "256Mi"), ("1", "512Mi"))
    .http_probes("/healthz", "/readyz");
    let pods = build.install(&app);
    let died = build.ago(TimeDelta::days(9));
    let state = PodState::Running {
        since: died + TimeDelta::seconds(11),
        restarts: 1,
        last: Some(Death {
            reason: "OOMKilled".into(),
            exit_code: 137,
            started: build.ago(TimeDelta::days(21)),
            finished: died,
        }),
        ready: true,
    };
    build.set_state(PRODUCTION, &pods[0], &state);
    for pod in &pods {
        build
            .cluster
            .set_log(PRODUCTION, pod, "app", "POST /checkout 200 in 41 ms", None);
        build.pod_metrics(PRODUCTION, pod, ("95m", "203Mi"));
    }
    control::settle(build.cluster, PRODUCTION);
}

/// Scaled to nothing on purpose, a month ago: its Service has no endpoints, and nobody calls it.
fn legacy_reports(build: Build<'_>) {
    let app = App::new(
        PRODUCTION,
        "legacy-reports",
        &ours("legacy-reports", "0.9.7"),
    )
    .age(TimeDelta::days(200))
    .replicas(0);
    drop(build.install(&app));
}

/// A CronJob with a finished run.
fn backups(build: Build<'_>) {
    let name = "nightly-backup";
    let job = format!("{name}-29381820");
    let ran = build.ago(TimeDelta::hours(6));
    let done = ran + TimeDelta::minutes(4);
    let template = json!({
        "metadata": { "labels": { "app": name, "job-name": job } },
        "spec": { "restartPolicy": "Never", "containers": [{
            "name": "app", "image": ours("backup", "2.0.1"),
            "resources": { "requests": { "cpu": "50m", "memory": "64Mi" } } }] },
    });
    build.cluster.put(json!({
        "apiVersion": "batch/v1", "kind": "CronJob",
        "metadata": { "namespace": PRODUCTION, "name": name },
        "spec": {
            "schedule": "0 2 * * *", "concurrencyPolicy": "Forbid", "suspend": false,
            "jobTemplate": { "spec": { "template": template } },
        },
        "status": { "lastScheduleTime": stamp(ran), "lastSuccessfulTime": stamp(done) },
    }));
    build.cluster.put(json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {
            "namespace": PRODUCTION, "name": job, "creationTimestamp": stamp(ran),
            "ownerReferences": [control::owner("CronJob", PRODUCTION, name)],
        },
        "spec": { "completions": 1, "parallelism": 1, "backoffLimit": 6, "template": template },
        "status": {
            "succeeded": 1, "startTime": stamp(ran), "completionTime": stamp(done),
            "conditions": [{ "type": "Complete", "status": "True", "lastTransitionTime": stamp(done) }],
        },
    }));
    let pod = format!("{job}-{}", suffix(&job, 5));
    let state = PodState::Completed(Death {
        reason: "Completed".into(),
        exit_code: 0,
        started: ran,
        finished: done,
    });
    build.pod((PRODUCTION, &pod), ("Job", &job), 1, &state);
    build.cluster.set_log(
        PRODUCTION,
        &pod,
        "app",
        "backup finished: 4.1 GiB in 231 s",
        None,
    );
}

/// The cluster's own services.
fn system(build: Build<'_>) {
    let dns = App::new(
        "kube-system",
        "coredns",
        "registry.k8s.io/coredns/coredns:v1.12.3",
    )
    .age(TimeDelta::days(120))
    .resources(("100m", "70Mi"), ("1", "170Mi"))
    .port(53)
    .without_service();
    drop(build.install(&dns));
    build.service(
        "kube-system",
        "kube-dns",
        &json!({ "app": "coredns" }),
        53,
        53,
    );
    let proxy = App::new(
        "kube-system",
        "kube-proxy",
        "registry.k8s.io/kube-proxy:v1.34.1",
    )
    .age(TimeDelta::days(120))
    .port(0)
    .daemon();
    drop(build.install(&proxy));
    let exporter = App::new(
        "monitoring",
        "node-exporter",
        "quay.io/prometheus/node-exporter:v1.9.1",
    )
    .age(TimeDelta::days(80))
    .port(9100)
    .daemon();
    drop(build.install(&exporter));
    let collector = App::new(
        "monitoring",
        "log-collector",
        "docker.io/fluent/fluent-bit:4.0.7",
    )
    .age(TimeDelta::days(80))
    .port(2020)
    .resources(("200m", "128Mi"), ("1", "256Mi"))
    .daemon();
    drop(build.install(&collector));
    for namespace in ["kube-system", "monitoring"] {
        control::settle(build.cluster, namespace);
    }
}

/// The same names in staging, healthy: the environment matters.
fn staging(build: Build<'_>) {
    for (name, tag) in [
        ("payment-service", "2.15.0-rc.2"),
        ("catalog-service", "3.3.0-rc.1"),
    ] {
        let app = App::new("staging", name, &ours(name, tag))
            .age(TimeDelta::hours(20))
            .resources(("100m", "256Mi"), ("500m", "512Mi"))
            .http_probes("/healthz", "/readyz");
        for pod in build.install(&app) {
            build.pod_metrics("staging", &pod, ("22m", "141Mi"));
        }
    }
}

/// A quota with room, and the classes of storage and traffic.
fn limits(build: Build<'_>) {
    build.cluster.put(json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": { "namespace": PRODUCTION, "name": "team-quota" },
        "spec": { "hard": { "requests.cpu": "40", "requests.memory": "80Gi", "pods": "100" } },
        "status": {
            "hard": { "requests.cpu": "40", "requests.memory": "80Gi", "pods": "100" },
            "used": { "requests.cpu": "7550m", "requests.memory": "9Gi", "pods": "27" },
        },
    }));
    build.cluster.put(json!({
        "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": { "name": "standard", "annotations": {
            "storageclass.kubernetes.io/is-default-class": "true" } },
        "provisioner": "ebs.csi.aws.com", "volumeBindingMode": "WaitForFirstConsumer",
    }));
    build.cluster.put(json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass",
        "metadata": { "name": "nginx" }, "spec": { "controller": "k8s.io/ingress-nginx" },
    }));
}
