//! Pod statuses as kubelets write them.

use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

/// A time, `seconds` ago, as Kubernetes writes it.
fn ago(seconds: i64) -> String {
    (Utc::now() - TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The status of a pod whose container `app` is in this state, and not ready.
fn unready(phase: &str, container: &Value) -> Value {
    let mut status = json!({"name": "app", "image": "app", "imageID": "", "ready": false});
    let fields = container.as_object().cloned().unwrap_or_default();
    status.as_object_mut().unwrap().extend(fields);
    let condition = |kind: &str| {
        json!({
            "type": kind, "status": "False", "reason": "ContainersNotReady",
            "message": "containers with unready status: [app]", "lastTransitionTime": ago(30),
        })
    };
    json!({
        "phase": phase, "startTime": ago(600),
        "conditions": [condition("Ready"), condition("ContainersReady")],
        "containerStatuses": [status],
    })
}

/// It died `restarts` times, last half a minute ago, and waits for its next start.
pub fn crash_loop(reason: &str, exit_code: i32, restarts: u32) -> Value {
    let message = "back-off 1m20s restarting failed container=app";
    unready(
        "Running",
        &json!({
            "restartCount": restarts, "started": false,
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": message}},
            "lastState": {"terminated": {
                "reason": reason, "exitCode": exit_code,
                "startedAt": ago(87), "finishedAt": ago(35),
            }},
        }),
    )
}

/// It cannot start, for the kubelet's reason.
pub fn waiting(reason: &str, message: &str) -> Value {
    let state = json!({"waiting": {"reason": reason, "message": message}});
    unready(
        "Pending",
        &json!({"restartCount": 0, "started": false, "state": state}),
    )
}

/// It runs, and its readiness probe fails.
pub fn not_ready() -> Value {
    let state = json!({"running": {"startedAt": ago(600)}});
    unready(
        "Running",
        &json!({"restartCount": 0, "started": true, "state": state}),
    )
}
