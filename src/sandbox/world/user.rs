//! S5: `user-service` cannot start: its ConfigMap `user-service-config` does not exist.

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
const NAME: &str = "user-service";
const CONFIG: &str = "user-service-config";

/// Puts it into the cluster.
pub(crate) fn install(build: Build<'_>) {
    // Near in name, and not what is asked for.
    build.config_map(
        NAMESPACE,
        "user-service-features",
        &json!({ "signup": "on" }),
    );
    let app = App::new(NAMESPACE, NAME, &ours(NAME, "2.8.0"))
        .before(&ours(NAME, "2.7.5"), TimeDelta::days(25))
        .age(TimeDelta::minutes(11))
        .resources(("100m", "128Mi"), ("500m", "256Mi"))
        .env_from_config(CONFIG)
        .http_probes("/healthz", "/readyz");
    let missing = format!("configmap \"{CONFIG}\" not found");
    for pod in build.install(&app) {
        let state = PodState::Waiting {
            reason: "CreateContainerConfigError".into(),
            message: missing.clone(),
        };
        build.set_state(NAMESPACE, &pod, &state);
        let about = ("Pod", NAMESPACE, pod.as_str());
        let message = format!("Error: {missing}");
        let note = Note::warning("Failed", &message, TimeDelta::minutes(11))
            .repeated(52, TimeDelta::seconds(7));
        build.event(about, &note);
        let message = format!("Successfully assigned {NAMESPACE}/{pod} to worker-1");
        let note = Note::warning("Scheduled", &message, TimeDelta::minutes(11))
            .normal()
            .by("default-scheduler");
        build.event(about, &note);
    }
    control::settle(build.cluster, NAMESPACE);
}

/// What the fix does: the ConfigMap is there, the pods start.
pub(crate) fn repair(build: Build<'_>) {
    build.config_map(
        NAMESPACE,
        CONFIG,
        &json!({ "LOG_LEVEL": "info", "SESSION_TTL": "3600" }),
    );
    rollout::start_waiting(build.cluster, NAMESPACE, NAME);
    for pod in build.pods(NAMESPACE, NAME) {
        let well = "user-service 2.8.0 listening on :8080";
        build.cluster.set_log(NAMESPACE, &pod, "app", well, None);
    }
}
