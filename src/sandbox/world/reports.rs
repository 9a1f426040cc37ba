//! S15: `report-generator` is Pending: it asks for more CPU than any node has left.

use chrono::TimeDelta;

use super::app::App;
use super::build::Build;
use super::control;
use super::event::Note;
use super::images::ours;
use super::pod::PodState;
use super::rollout;

const NAMESPACE: &str = "production";
const NAME: &str = "report-generator";

/// The scheduler's words, with the control plane's taint and the three workers.
const NO_ROOM: &str = "0/4 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 Insufficient cpu. preemption: 0/4 nodes are available: 1 Preemption is not helpful for scheduling, 3 No preemption victims found for incoming pod.";

/// Puts it into the cluster.
pub(crate) fn install(build: Build<'_>) {
    let app = App::new(NAMESPACE, NAME, &ours(NAME, "6.1.0"))
        .before(&ours(NAME, "6.0.4"), TimeDelta::days(70))
        .age(TimeDelta::minutes(12))
        .replicas(1)
        .resources(("3500m", "2Gi"), ("4", "4Gi"))
        .http_probes("/healthz", "/readyz");
    let pod = build.install(&app).remove(0);
    let state = PodState::Pending {
        message: NO_ROOM.to_owned(),
    };
    build.set_state(NAMESPACE, &pod, &state);
    let note = Note::warning("FailedScheduling", NO_ROOM, TimeDelta::minutes(12))
        .by("default-scheduler")
        .repeated(4, TimeDelta::minutes(2));
    build.event(("Pod", NAMESPACE, &pod), &note);
    control::settle(build.cluster, NAMESPACE);
    moved(build);
}

/// A look-alike: a pod that waited two seconds for its place and has run ever since.
fn moved(build: Build<'_>) {
    let app = App::new(NAMESPACE, "audit-log", &ours("audit-log", "1.0.6"))
        .age(TimeDelta::minutes(47))
        .replicas(1)
        .resources(("50m", "64Mi"), ("200m", "128Mi"));
    let pod = build.install(&app).remove(0);
    let message = "0/4 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 3 node(s) didn't match pod topology spread constraints.";
    let note =
        Note::warning("FailedScheduling", message, TimeDelta::minutes(47)).by("default-scheduler");
    build.event(("Pod", NAMESPACE, &pod), &note);
}

/// What the fix does: it asks for what it needs.
pub(crate) fn repair(build: Build<'_>) {
    let pods = rollout::roll_out(build.cluster, "Deployment", (NAMESPACE, NAME), |template| {
        template["spec"]["containers"][0]["resources"]["requests"]["cpu"] = "1".into();
    });
    for pod in pods {
        build
            .cluster
            .set_log(NAMESPACE, &pod, "app", "report-generator 6.1.0 ready", None);
    }
}
