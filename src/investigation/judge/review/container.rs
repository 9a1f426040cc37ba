//! What is missing on containers.

use std::sync::LazyLock;

use k8s_openapi::api::core::v1::{Container, EnvVar, PodSpec};
use regex::Regex;

use super::lack;
use crate::finding::{Cause, Finding};
use crate::investigation::case::{Facts, Workload};
use crate::text::{Message, pattern};

/// Names of variables whose value is a secret.
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)(^|_)(password|passwd|pwd|secret|secret_key|token|api_?key|apikey|private_key|access_key|credentials?)$").ok()
});

pub(super) fn judge(case: &Facts<'_>, workload: &Workload<'_>) -> Vec<Finding> {
    let Some(spec) = workload
        .template
        .and_then(|template| template.spec.as_ref())
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for container in &spec.containers {
        found.extend(secrets(case, workload, container));
        found.extend(resources(case, workload, container));
        found.extend(probes(case, workload, container));
        found.extend(image(case, workload, container));
        found.extend(root(case, workload, spec, container));
    }
    found
}

/// A value that stands in the manifest. Only the name is ever shown.
fn secrets(case: &Facts<'_>, workload: &Workload<'_>, container: &Container) -> Option<Finding> {
    let literal = |one: &&EnvVar| {
        let set = one
            .value
            .as_ref()
            .is_some_and(|value| !value.is_empty() && !value.starts_with("$("));
        set && SECRET
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(&one.name))
    };
    let names: Vec<String> = container
        .env
        .iter()
        .flatten()
        .filter(literal)
        .map(|one| one.name.clone())
        .collect();
    let first = names.first()?.clone();
    let fact = Message::new("fact-env-literal").with("names", names);
    let subject = workload.subject.clone().container(&container.name);
    let field = "env.valueFrom.secretKeyRef";
    Some(lack(
        case,
        (Cause::SecretInEnvLiteral, 0.97),
        subject,
        fact,
        (field, None, &format!("{{name: …, key: {first}}}")),
    ))
}

fn resources(case: &Facts<'_>, workload: &Workload<'_>, container: &Container) -> Vec<Finding> {
    let resources = container.resources.clone().unwrap_or_default();
    let has = |all: &Option<std::collections::BTreeMap<String, _>>, name: &str| {
        all.as_ref().is_some_and(|all| all.contains_key(name))
    };
    let subject = || workload.subject.clone().container(&container.name);
    let mut found = Vec::new();
    if !has(&resources.limits, "memory") {
        let fact = Message::new("fact-no-memory-limit").with("container", &container.name);
        found.push(lack(
            case,
            (Cause::NoResourceLimits, 0.93),
            subject(),
            fact,
            ("resources.limits.memory", None, "512Mi"),
        ));
    }
    // A limit stands in for a request that is not given.
    let without: Vec<&str> = ["cpu", "memory"]
        .into_iter()
        .filter(|name| !has(&resources.requests, name) && !has(&resources.limits, name))
        .collect();
    if let Some(first) = without.first() {
        let fact = Message::new("fact-no-requests")
            .with("container", &container.name)
            .with("names", without.clone());
        let (field, value) = if *first == "cpu" {
            ("resources.requests.cpu", "250m")
        } else {
            ("resources.requests.memory", "256Mi")
        };
        found.push(lack(
            case,
            (Cause::NoResourceRequests, 0.91),
            subject(),
            fact,
            (field, None, value),
        ));
    }
    found
}

/// Probes matter where something is served; a container beside the first one may do without.
fn probes(case: &Facts<'_>, workload: &Workload<'_>, container: &Container) -> Vec<Finding> {
    let serves = container
        .ports
        .as_ref()
        .is_some_and(|ports| !ports.is_empty());
    let port = container
        .ports
        .iter()
        .flatten()
        .next()
        .map_or_else(|| "8080".to_owned(), |port| port.container_port.to_string());
    let subject = || workload.subject.clone().container(&container.name);
    let mut found = Vec::new();
    if serves && container.readiness_probe.is_none() {
        let fact = Message::new("fact-no-readiness-probe").with("container", &container.name);
        let value = format!("{{httpGet: {{path: /ready, port: {port}}}}}");
        found.push(lack(
            case,
            (Cause::NoReadinessProbe, 0.94),
            subject(),
            fact,
            ("readinessProbe", None, &value),
        ));
    }
    if serves && container.liveness_probe.is_none() {
        let fact = Message::new("fact-no-liveness-probe").with("container", &container.name);
        let value = format!("{{httpGet: {{path: /health, port: {port}}}, failureThreshold: 3}}");
        found.push(lack(
            case,
            (Cause::NoLivenessProbe, 0.86),
            subject(),
            fact,
            ("livenessProbe", None, &value),
        ));
    }
    found
}

/// No tag means `latest`; a digest pins the image whatever the tag.
fn image(case: &Facts<'_>, workload: &Workload<'_>, container: &Container) -> Option<Finding> {
    let image = container.image.as_deref()?;
    let last = image.rsplit('/').next()?;
    let tag = last.split_once(':').map(|(_, tag)| tag);
    let moves = matches!(
        tag,
        None | Some("latest" | "main" | "master" | "stable" | "dev")
    ) && !image.contains('@');
    if !moves {
        return None;
    }
    let fact = Message::new("fact-image-moves").with("image", image);
    let subject = workload.subject.clone().container(&container.name);
    let name = image
        .strip_suffix(&format!(":{}", tag.unwrap_or_default()))
        .unwrap_or(image);
    Some(lack(
        case,
        (Cause::LatestTag, 0.88),
        subject,
        fact,
        ("image", Some(image.to_owned()), &format!("{name}:1.0.0")),
    ))
}

/// Root, or whatever user the image names: nothing forbids it.
fn root(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    spec: &PodSpec,
    container: &Container,
) -> Option<Finding> {
    let own = container.security_context.clone().unwrap_or_default();
    let pod = spec.security_context.clone().unwrap_or_default();
    let user = own.run_as_user.or(pod.run_as_user);
    let forbidden = own.run_as_non_root.or(pod.run_as_non_root) == Some(true);
    let privileged = own.privileged == Some(true);
    let safe = user.is_some_and(|user| user > 0) || (forbidden && user.is_none());
    if safe && !privileged {
        return None;
    }
    let id = match (privileged, user) {
        (true, _) => "fact-privileged",
        (false, Some(_)) => "fact-user-root",
        (false, None) => "fact-user-unset",
    };
    let fact = Message::new(id).with("container", &container.name);
    let subject = workload.subject.clone().container(&container.name);
    let risk = if privileged || user == Some(0) {
        0.9
    } else {
        0.8
    };
    let (field, value) = if privileged {
        ("securityContext.privileged", "false")
    } else {
        ("securityContext.runAsNonRoot", "true")
    };
    Some(lack(
        case,
        (Cause::RunsAsRoot, risk),
        subject,
        fact,
        (field, None, value),
    ))
}
