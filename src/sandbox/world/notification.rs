//! S12: the new revision of `notification-service` names a tag that is not in the registry; the
//! old revision still serves.

use chrono::TimeDelta;
use serde_json::json;

use super::app::{App, suffix};
use super::build::Build;
use super::control;
use super::event::Note;
use super::images::ours;
use super::pod::PodState;
use super::rollout;

const NAMESPACE: &str = "production";
const NAME: &str = "notification-service";

/// Puts it into the cluster.
pub(crate) fn install(build: Build<'_>) {
    let app = App::new(NAMESPACE, NAME, &ours(NAME, "1.8.1"))
        .before(&ours(NAME, "1.8.0"), TimeDelta::days(60))
        .age(TimeDelta::days(13))
        .resources(("100m", "128Mi"), ("500m", "256Mi"))
        .http_probes("/healthz", "/readyz");
    for pod in build.install(&app) {
        let log = "sent mail to 12 recipients in 204 ms\nsent mail to 3 recipients in 118 ms";
        build.cluster.set_log(NAMESPACE, &pod, "app", log, None);
        build.pod_metrics(NAMESPACE, &pod, ("18m", "77Mi"));
    }
    let image = ours(NAME, "1.8.2");
    let template = app.template(&image);
    build
        .cluster
        .update("Deployment", NAMESPACE, NAME, |deployment| {
            deployment["spec"]["template"] = template.clone();
            deployment["metadata"]["generation"] = 3.into();
            deployment["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "3".into();
        });
    let since = TimeDelta::minutes(8);
    let place = (NAMESPACE, NAME);
    let set = control::replica_set(build.cluster, place, &template, (3, 1), build.ago(since));
    let pod = format!("{set}-{}", suffix(&set, 5));
    let state = PodState::Waiting {
        reason: "ImagePullBackOff".into(),
        message: format!("Back-off pulling image \"{image}\""),
    };
    build.pod((NAMESPACE, &pod), ("ReplicaSet", &set), 0, &state);
    let created = super::pod::stamp(build.ago(since));
    build.cluster.update("Pod", NAMESPACE, &pod, |pod| {
        pod["metadata"]["creationTimestamp"] = created;
    });
    events(build, &pod, &image, since);
    control::settle(build.cluster, NAMESPACE);
    recovered(build);
}

fn events(build: Build<'_>, pod: &str, image: &str, since: TimeDelta) {
    let about = ("Pod", NAMESPACE, pod);
    let failed = format!(
        "Failed to pull image \"{image}\": rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
    );
    let last = TimeDelta::seconds(40);
    build.event(
        about,
        &Note::warning("Failed", &failed, since).repeated(6, last),
    );
    let pull = "Error: ErrImagePull";
    build.event(
        about,
        &Note::warning("Failed", pull, since).repeated(6, last),
    );
    let back_off = format!("Back-off pulling image \"{image}\"");
    let note = Note::warning("BackOff", &back_off, since);
    build.event(about, &note.normal().repeated(28, TimeDelta::seconds(6)));
    let message = format!(
        "Scaled up replica set {} from 0 to 1",
        pod.rsplit_once('-').map_or("", |p| p.0)
    );
    let note = Note::warning("ScalingReplicaSet", &message, since)
        .normal()
        .by("deployment-controller");
    build.event(("Deployment", NAMESPACE, NAME), &note);
}

/// A look-alike: a pull that failed once, half an hour ago, and then worked.
fn recovered(build: Build<'_>) {
    let app = App::new(
        "staging",
        "search-service",
        &ours("search-service", "0.4.0"),
    )
    .age(TimeDelta::minutes(31))
    .replicas(1)
    .resources(("100m", "128Mi"), ("500m", "256Mi"));
    let pod = build.install(&app).remove(0);
    let message = "Failed to pull image \"registry.example.com/search-service:0.4.0\": rpc error: code = Unavailable desc = dial tcp 10.0.9.9:443: i/o timeout";
    let note = Note::warning("Failed", message, TimeDelta::minutes(31));
    build.event(("Pod", "staging", &pod), &note);
}

/// What the fix does: the tag is pushed, the pull works, the rollout ends.
pub(crate) fn repair(build: Build<'_>) {
    rollout::start_waiting(build.cluster, NAMESPACE, NAME);
    let pods = rollout::roll_out(build.cluster, "Deployment", (NAMESPACE, NAME), |template| {
        template["metadata"]["annotations"] =
            json!({ "kubectl.kubernetes.io/restartedAt": super::pod::stamp(build.now) });
    });
    for pod in pods {
        build.cluster.set_log(
            NAMESPACE,
            &pod,
            "app",
            "notification-service 1.8.2 ready",
            None,
        );
    }
}
