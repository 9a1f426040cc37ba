//! What part of a pod a difference is about, and which parts may have brought a cause.

use crate::finding::Cause;

/// A part of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Image,
    Memory,
    Cpu,
    Command,
    Env,
    Probe,
    Ports,
    Volumes,
    Containers,
    Placement,
    Account,
    Other,
}

/// The parts that are likeliest to have brought a cause.
pub(super) fn behind(cause: Cause) -> &'static [Topic] {
    let code = cause.code();
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| code.starts_with(prefix));
    if starts(&[
        "oom",
        "insufficient-memory",
        "memory",
        "quota-exceeded-memory",
    ]) {
        &[Topic::Memory]
    } else if starts(&[
        "cpu",
        "insufficient-cpu",
        "hpa-no",
        "quota-exceeded-cpu",
        "limit-range",
    ]) {
        &[Topic::Cpu, Topic::Memory]
    } else if starts(&["liveness", "readiness", "startup"]) {
        &[Topic::Probe, Topic::Ports]
    } else if starts(&["image"]) {
        &[Topic::Image]
    } else if starts(&["crash-command", "crash-not"]) {
        &[Topic::Command, Topic::Image]
    } else if starts(&[
        "crash-missing",
        "dependency",
        "database",
        "dns",
        "connection",
    ]) {
        &[Topic::Env]
    } else if starts(&["configmap", "secret", "crash-bad"]) {
        &[Topic::Env, Topic::Volumes, Topic::Command]
    } else if starts(&["service-", "port"]) {
        &[Topic::Ports]
    } else if starts(&["pvc", "pv-", "volume", "disk", "permission"]) {
        &[Topic::Volumes]
    } else if starts(&[
        "node-selector",
        "node-affinity",
        "pod-a",
        "taint",
        "topology",
        "host-port",
    ]) {
        &[Topic::Placement]
    } else if starts(&["service-account", "rbac"]) {
        &[Topic::Account]
    } else if starts(&["init"]) {
        &[Topic::Containers]
    } else {
        &[]
    }
}
