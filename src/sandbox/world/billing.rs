//! S4: a crash loop with `Cannot connect to database: Connection refused`. The database is a
//! Service whose only pod cannot start: the Secret it needs does not exist.

use chrono::TimeDelta;
use serde_json::json;

use super::app::App;
use super::build::Build;
use super::control;
use super::event::Note;
use super::images::ours;
use super::pod::PodState;
use super::rollout;

const NAMESPACE: &str = "production";
const NAME: &str = "billing-service";
const DATABASE: &str = "postgres-billing";

const DYING: &str = "\
INFO  billing 3.0.1 starting
INFO  connecting to postgres-billing:5432/billing as billing
ERROR Cannot connect to database: Connection refused
ERROR   at connect (postgres-billing:5432), attempt 5 of 5
FATAL giving up after 5 attempts, exiting";

/// Puts it into the cluster.
pub(crate) fn install(build: Build<'_>) {
    database(build);
    let app = App::new(NAMESPACE, NAME, &ours(NAME, "3.0.1"))
        .before(&ours(NAME, "3.0.0"), TimeDelta::days(50))
        .age(TimeDelta::days(20))
        .resources(("200m", "256Mi"), ("1", "512Mi"))
        .env("DB_HOST", DATABASE)
        .env("DB_PORT", "5432")
        .env_secret("DB_PASSWORD", NAME, "db-password")
        .http_probes("/healthz", "/readyz");
    let pods = build.install(&app);
    for (number, pod) in pods.iter().enumerate() {
        let ago = TimeDelta::seconds(70 + 40 * i64::try_from(number).unwrap_or_default());
        let state = PodState::crashing(build.now, ("Error", 1), 6, TimeDelta::seconds(12), ago);
        build.set_state(NAMESPACE, pod, &state);
        build
            .cluster
            .set_log(NAMESPACE, pod, "app", DYING, Some(DYING));
        let message = format!("Back-off restarting failed container app in pod {pod}_{NAMESPACE}");
        let note = Note::warning("BackOff", &message, TimeDelta::minutes(14))
            .repeated(38, TimeDelta::seconds(20));
        build.event(("Pod", NAMESPACE, pod), &note);
    }
    control::settle(build.cluster, NAMESPACE);
}

fn database(build: Build<'_>) {
    let claim = format!("data-{DATABASE}-0");
    build.claim(NAMESPACE, &claim, "20Gi");
    let app = App::new(NAMESPACE, DATABASE, "docker.io/library/postgres:16.9")
        .stateful()
        .replicas(1)
        .age(TimeDelta::days(200))
        .port(5432)
        .resources(("500m", "1Gi"), ("2", "2Gi"))
        .env("POSTGRES_USER", "billing")
        .env_secret(
            "POSTGRES_PASSWORD",
            "postgres-billing-credentials",
            "password",
        )
        .claim(&claim, "/var/lib/postgresql/data")
        .tcp_probes();
    let pods = build.install(&app);
    let missing = "secret \"postgres-billing-credentials\" not found";
    let state = PodState::Waiting {
        reason: "CreateContainerConfigError".into(),
        message: missing.to_owned(),
    };
    build.set_state(NAMESPACE, &pods[0], &state);
    // The pod was made anew when its node was drained; the old one had read the Secret long ago.
    let created = super::pod::stamp(build.ago(TimeDelta::minutes(16)));
    build.cluster.update("Pod", NAMESPACE, &pods[0], |pod| {
        pod["metadata"]["creationTimestamp"] = created;
    });
    let message = format!("Error: {missing}");
    let about = ("Pod", NAMESPACE, pods[0].as_str());
    let note = Note::warning("Failed", &message, TimeDelta::minutes(16))
        .repeated(74, TimeDelta::seconds(9));
    build.event(about, &note);
    let pulled = "Container image \"docker.io/library/postgres:16.9\" already present on machine";
    let note = Note::warning("Pulled", pulled, TimeDelta::minutes(16))
        .normal()
        .repeated(75, TimeDelta::seconds(9));
    build.event(about, &note);
}

/// What the fix does: the Secret is there again, the database starts, the service after it.
pub(crate) fn repair(build: Build<'_>) {
    build.cluster.put(json!({
        "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
        "metadata": { "namespace": NAMESPACE, "name": "postgres-billing-credentials" },
        "data": {},
    }));
    rollout::start_waiting(build.cluster, NAMESPACE, DATABASE);
    rollout::start_waiting(build.cluster, NAMESPACE, NAME);
    for pod in build.pods(NAMESPACE, NAME) {
        let well = "INFO  billing 3.0.1 starting\nINFO  database connection established";
        build
            .cluster
            .set_log(NAMESPACE, &pod, "app", well, Some(DYING));
    }
}
