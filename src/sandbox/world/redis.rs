//! S6: `redis-master` refuses: `Too many connections (1000 max)`.

use chrono::TimeDelta;

use super::app::App;
use super::build::Build;
use super::control;
use super::event::Note;
use super::pod::PodState;
use super::rollout;

const NAMESPACE: &str = "production";
const NAME: &str = "redis-master";

const DYING: &str = "\
1:C oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo
1:M * Running mode=standalone, port=6379.
1:M * Server initialized
1:M * Ready to accept connections tcp
1:M # Too many connections (1000 max)
1:M # Error registering fd event for the new client: max number of clients reached
1:M # Too many connections (1000 max)
1:M # Health check failed: ERR max number of clients reached, exiting";

/// Puts it into the cluster.
pub(crate) fn install(build: Build<'_>) {
    let claim = format!("data-{NAME}-0");
    build.claim(NAMESPACE, &claim, "8Gi");
    let app = App::new(NAMESPACE, NAME, "docker.io/library/redis:7.4.5")
        .stateful()
        .replicas(1)
        .age(TimeDelta::days(75))
        .port(6379)
        .args(&[
            "redis-server",
            "--maxclients",
            "1000",
            "--appendonly",
            "yes",
        ])
        .resources(("250m", "512Mi"), ("1", "1Gi"))
        .claim(&claim, "/data")
        .tcp_probes();
    let pod = build.install(&app).remove(0);
    let (lived, ago) = (TimeDelta::seconds(41), TimeDelta::seconds(50));
    let state = PodState::crashing(build.now, ("Error", 1), 5, lived, ago);
    build.set_state(NAMESPACE, &pod, &state);
    build
        .cluster
        .set_log(NAMESPACE, &pod, "app", DYING, Some(DYING));
    let message = format!("Back-off restarting failed container app in pod {pod}_{NAMESPACE}");
    let note = Note::warning("BackOff", &message, TimeDelta::minutes(9))
        .repeated(22, TimeDelta::seconds(14));
    build.event(("Pod", NAMESPACE, &pod), &note);
    control::settle(build.cluster, NAMESPACE);
    session(build);
}

/// Whom it hurts: a healthy service that keeps its sessions there and says so in its log.
fn session(build: Build<'_>) {
    let app = App::new(
        NAMESPACE,
        "session-service",
        &super::images::ours("session-service", "1.2.9"),
    )
    .age(TimeDelta::days(44))
    .resources(("100m", "128Mi"), ("500m", "256Mi"))
    .env("REDIS_HOST", NAME)
    .env("REDIS_PORT", "6379")
    .http_probes("/healthz", "/healthz");
    let log = "GET /session/9f2 200 3 ms\nredis: ERR max number of clients reached\nGET /session/1c7 503 1 ms";
    for pod in build.install(&app) {
        build.cluster.set_log(NAMESPACE, &pod, "app", log, None);
        build.pod_metrics(NAMESPACE, &pod, ("41m", "88Mi"));
    }
}

/// What the fix does: a higher `maxclients`.
pub(crate) fn repair(build: Build<'_>) {
    let pods = rollout::roll_out(
        build.cluster,
        "StatefulSet",
        (NAMESPACE, NAME),
        |template| {
            template["spec"]["containers"][0]["args"][2] = "2000".into();
        },
    );
    for pod in pods {
        let well = "1:M * Ready to accept connections tcp";
        build.cluster.set_log(NAMESPACE, &pod, "app", well, None);
    }
    for pod in build.pods(NAMESPACE, "session-service") {
        let well = "GET /session/9f2 200 3 ms\nGET /session/1c7 200 2 ms";
        build.cluster.set_log(NAMESPACE, &pod, "app", well, None);
    }
}
