//! What differs between two revisions, everything people change: never the value of a variable.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::{Container as Spec, PodSpec, Volume};

use super::topic::{Topic, behind};
use crate::finding::Cause;
use crate::text::Message;

/// One difference.
struct Difference {
    topic: Topic,
    fact: Message,
}

/// What differs between two revisions: images, resources, commands, probes, variables by name, volumes, placement.
#[must_use]
pub fn differences(old: &ReplicaSet, new: &ReplicaSet) -> Vec<Message> {
    compared(old, new, None)
}

/// The same, with what is likeliest to have brought a cause first.
pub(in super::super) fn compared(
    old: &ReplicaSet,
    new: &ReplicaSet,
    cause: Option<Cause>,
) -> Vec<Message> {
    let (Some(old), Some(new)) = (pod_spec(old), pod_spec(new)) else {
        return Vec::new();
    };
    let mut all = of_containers(&old.containers, &new.containers);
    let none = Vec::new();
    let init = |spec: &'_ PodSpec| spec.init_containers.clone();
    let (before, after) = (init(old), init(new));
    all.extend(of_containers(
        before.as_ref().unwrap_or(&none),
        after.as_ref().unwrap_or(&none),
    ));
    all.extend(of_pod(old, new));
    let first = cause.map(behind).unwrap_or_default();
    let rank = |topic: Topic| {
        first
            .iter()
            .position(|one| *one == topic)
            .unwrap_or(usize::MAX)
    };
    all.sort_by_key(|one| (rank(one.topic), one.topic));
    all.into_iter().map(|one| one.fact).collect()
}

fn pod_spec(set: &ReplicaSet) -> Option<&PodSpec> {
    set.spec.template.as_ref()?.spec.as_ref()
}

/// Containers that came, went or changed.
fn of_containers(old: &[Spec], new: &[Spec]) -> Vec<Difference> {
    let before: BTreeMap<&str, &Spec> = old.iter().map(|spec| (spec.name.as_str(), spec)).collect();
    let mut all = Vec::new();
    for spec in new {
        match before.get(spec.name.as_str()) {
            Some(old) => all.extend(of_container(old, spec)),
            None => all.push(container("fact-container-added", spec)),
        }
    }
    let gone = old
        .iter()
        .filter(|one| !new.iter().any(|spec| spec.name == one.name));
    all.extend(gone.map(|spec| container("fact-container-removed", spec)));
    all
}

fn container(id: &'static str, spec: &Spec) -> Difference {
    let image = spec.image.as_deref().unwrap_or("–");
    Difference {
        topic: Topic::Containers,
        fact: Message::new(id)
            .with("container", &spec.name)
            .with("image", image),
    }
}

fn of_container(old: &Spec, new: &Spec) -> Vec<Difference> {
    let fields = fields(old).into_iter().zip(fields(new));
    let mut found: Vec<Difference> = fields
        .filter(|(from, to)| from.value != to.value)
        .map(|(from, to)| differs(&new.name, to.topic, &to.path, from.value, to.value))
        .collect();
    found.extend(of_env(old, new));
    let probes = [
        ("livenessProbe", &old.liveness_probe, &new.liveness_probe),
        ("readinessProbe", &old.readiness_probe, &new.readiness_probe),
        ("startupProbe", &old.startup_probe, &new.startup_probe),
    ];
    let changed = probes.into_iter().filter(|(_, from, to)| from != to);
    found.extend(
        changed.map(|(probe, from, to)| of_probe(&new.name, probe, (from.is_some(), to.is_some()))),
    );
    if old.volume_mounts != new.volume_mounts {
        found.push(part(&new.name, Topic::Volumes, "volumeMounts"));
    }
    if old.security_context != new.security_context {
        found.push(part(&new.name, Topic::Account, "securityContext"));
    }
    found
}

fn of_probe(container: &str, probe: &'static str, there: (bool, bool)) -> Difference {
    let id = match there {
        (false, true) => "fact-part-added",
        (true, false) => "fact-part-removed",
        _ => "fact-part-changed",
    };
    Difference {
        topic: Topic::Probe,
        fact: Message::new(id)
            .with("container", container)
            .with("what", probe),
    }
}

/// A part too large to be shown with its values.
fn part(container: &str, topic: Topic, what: &'static str) -> Difference {
    Difference {
        topic,
        fact: Message::new("fact-part-changed")
            .with("container", container)
            .with("what", what),
    }
}

fn differs(
    container: &str,
    topic: Topic,
    what: &str,
    from: Option<String>,
    to: Option<String>,
) -> Difference {
    let dash = || "–".to_owned();
    Difference {
        topic,
        fact: Message::new("fact-differs")
            .with("container", container)
            .with("what", what)
            .with("from", from.unwrap_or_else(dash))
            .with("to", to.unwrap_or_else(dash)),
    }
}

/// A field people change, with its value.
struct Field {
    topic: Topic,
    path: String,
    value: Option<String>,
}

fn fields(spec: &Spec) -> Vec<Field> {
    let field = |topic, path: &str, value| Field {
        topic,
        path: path.to_owned(),
        value,
    };
    let joined = |words: &Option<Vec<String>>| words.as_ref().map(|words| words.join(" "));
    let resources = spec.resources.as_ref();
    let limits = resources.and_then(|resources| resources.limits.as_ref());
    let requests = resources.and_then(|resources| resources.requests.as_ref());
    let mut all = vec![field(Topic::Image, "image", spec.image.clone())];
    for (part, map) in [("limits", limits), ("requests", requests)] {
        for (key, topic) in [
            ("memory", Topic::Memory),
            ("cpu", Topic::Cpu),
            ("ephemeral-storage", Topic::Volumes),
        ] {
            let value = map
                .and_then(|map| map.get(key))
                .map(|quantity| quantity.0.clone());
            all.push(field(topic, &format!("resources.{part}.{key}"), value));
        }
    }
    all.push(field(Topic::Command, "command", joined(&spec.command)));
    all.push(field(Topic::Command, "args", joined(&spec.args)));
    all.push(field(
        Topic::Image,
        "imagePullPolicy",
        spec.image_pull_policy.clone(),
    ));
    all.push(field(Topic::Ports, "ports", ports(spec)));
    all
}

fn ports(spec: &Spec) -> Option<String> {
    let all = spec.ports.as_ref()?.iter().map(|port| match &port.name {
        Some(name) => format!("{name}:{}", port.container_port),
        None => port.container_port.to_string(),
    });
    Some(all.collect::<Vec<_>>().join(", "))
}

/// Variables that came or went, those whose value or source changed, and what is taken whole: all by name.
fn of_env(old: &Spec, new: &Spec) -> Vec<Difference> {
    let names = |spec: &Spec| {
        spec.env
            .iter()
            .flatten()
            .map(|env| env.name.clone())
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    let lists = [
        ("env", names(old), names(new)),
        ("envFrom", env_from(old), env_from(new)),
    ];
    for (what, before, after) in lists {
        let (gone, come) = (only(&before, &after), only(&after, &before));
        if gone.is_some() || come.is_some() {
            found.push(differs(&new.name, Topic::Env, what, gone, come));
        }
    }
    for env in new.env.iter().flatten() {
        let other = old
            .env
            .iter()
            .flatten()
            .find(|other| other.name == env.name);
        if other.is_some_and(|other| other.value != env.value || other.value_from != env.value_from)
        {
            let fact = Message::new("fact-env-changed").with("container", &new.name);
            found.push(Difference {
                topic: Topic::Env,
                fact: fact.with("variable", &env.name),
            });
        }
    }
    found
}

fn only(these: &[String], others: &[String]) -> Option<String> {
    let list: Vec<&str> = these
        .iter()
        .filter(|name| !others.contains(name))
        .map(String::as_str)
        .collect();
    (!list.is_empty()).then(|| list.join(", "))
}

/// The objects all variables of which are taken.
fn env_from(spec: &Spec) -> Vec<String> {
    let sources = spec.env_from.iter().flatten().filter_map(|source| {
        let map = source
            .config_map_ref
            .as_ref()
            .map(|it| format!("ConfigMap {}", it.name));
        map.or_else(|| {
            source
                .secret_ref
                .as_ref()
                .map(|it| format!("Secret {}", it.name))
        })
    });
    sources.collect()
}

/// What is not of one container.
#[expect(clippy::too_many_lines, reason = "a table")]
fn of_pod(old: &PodSpec, new: &PodSpec) -> Vec<Difference> {
    let mut found = Vec::new();
    let whole = |topic, what: &'static str| Difference {
        topic,
        fact: Message::new("fact-pod-part-changed").with("what", what),
    };
    let (before, after) = (volumes(old), volumes(new));
    let (gone, come) = (only(&before, &after), only(&after, &before));
    if gone.is_some() || come.is_some() {
        found.push(differs("pod", Topic::Volumes, "volumes", gone, come));
    }
    let account = |spec: &PodSpec| spec.service_account_name.clone();
    if account(old) != account(new) {
        found.push(differs(
            "pod",
            Topic::Account,
            "serviceAccountName",
            account(old),
            account(new),
        ));
    }
    let pairs = |spec: &PodSpec| {
        let labels = spec.node_selector.as_ref()?;
        let all = labels.iter().map(|(key, value)| format!("{key}={value}"));
        Some(all.collect::<Vec<_>>().join(",")).filter(|text| !text.is_empty())
    };
    if pairs(old) != pairs(new) {
        found.push(differs(
            "pod",
            Topic::Placement,
            "nodeSelector",
            pairs(old),
            pairs(new),
        ));
    }
    let parts = [
        (old.affinity == new.affinity, Topic::Placement, "affinity"),
        (
            old.tolerations == new.tolerations,
            Topic::Placement,
            "tolerations",
        ),
        (
            old.topology_spread_constraints == new.topology_spread_constraints,
            Topic::Placement,
            "topologySpreadConstraints",
        ),
        (
            old.security_context == new.security_context,
            Topic::Account,
            "securityContext",
        ),
        (
            old.image_pull_secrets == new.image_pull_secrets,
            Topic::Image,
            "imagePullSecrets",
        ),
        (
            old.priority_class_name == new.priority_class_name,
            Topic::Other,
            "priorityClassName",
        ),
        (
            old.host_network == new.host_network,
            Topic::Ports,
            "hostNetwork",
        ),
        (
            old.termination_grace_period_seconds == new.termination_grace_period_seconds,
            Topic::Other,
            "terminationGracePeriodSeconds",
        ),
    ];
    let changed = parts.into_iter().filter(|(same, ..)| !same);
    found.extend(changed.map(|(_, topic, what)| whole(topic, what)));
    found
}

/// Volumes by name and what they are made of.
fn volumes(spec: &PodSpec) -> Vec<String> {
    let of = |volume: &Volume| {
        let map = volume
            .config_map
            .as_ref()
            .map(|it| format!("ConfigMap {}", it.name));
        let secret = || {
            volume
                .secret
                .as_ref()?
                .secret_name
                .as_ref()
                .map(|it| format!("Secret {it}"))
        };
        let claim = || {
            let claim = volume.persistent_volume_claim.as_ref()?;
            Some(format!("claim {}", claim.claim_name))
        };
        match map.or_else(secret).or_else(claim) {
            Some(source) => format!("{} ({source})", volume.name),
            None => volume.name.clone(),
        }
    };
    spec.volumes.iter().flatten().map(of).collect()
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::apps::v1::ReplicaSet;
    use serde_json::{Value, json};

    use super::compared;
    use crate::finding::Cause;

    fn set(spec: &Value) -> ReplicaSet {
        let set = json!({
            "metadata": {"name": "shop-1"},
            "spec": {"selector": {}, "template": {"spec": spec}}
        });
        serde_json::from_value(set).unwrap_or_default()
    }

    fn ids(old: &Value, new: &Value, cause: Option<Cause>) -> Vec<String> {
        let all = compared(&set(old), &set(new), cause);
        let shown = |what: Option<&crate::text::Arg>| format!("{what:?}");
        all.iter()
            .map(|fact| format!("{} {}", fact.id, shown(fact.args.get("what"))))
            .collect()
    }

    #[test]
    fn a_new_image_does_not_hide_a_lowered_limit() {
        let spec = |image: &str, memory: &str| {
            json!({"containers": [{
                "name": "app", "image": image, "resources": {"limits": {"memory": memory}}
            }]})
        };
        let (old, new) = (spec("shop:1", "512Mi"), spec("shop:2", "128Mi"));
        let plain = ids(&old, &new, None);
        assert_eq!(plain.len(), 2);
        assert!(plain.first().is_some_and(|it| it.contains("image")));
        let told = ids(&old, &new, Some(Cause::OomKilled));
        assert!(
            told.first().is_some_and(|it| it.contains("limits.memory")),
            "{told:?}"
        );
    }

    #[test]
    fn every_part_that_people_change_is_compared() {
        let old = json!({
            "containers": [
                {"name": "app", "image": "shop:1", "env": [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "a", "key": "k"}}}]},
                {"name": "proxy", "image": "proxy:1"}
            ]
        });
        let new = json!({
            "containers": [{
                "name": "app", "image": "shop:1",
                "env": [{"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "b", "key": "k"}}}],
                "envFrom": [{"configMapRef": {"name": "flags"}}],
                "ports": [{"containerPort": 9090}],
                "startupProbe": {"tcpSocket": {"port": 9090}}
            }],
            "initContainers": [{"name": "migrate", "image": "migrate:1"}],
            "nodeSelector": {"pool": "gpu"},
            "serviceAccountName": "shop",
            "volumes": [{"name": "cache", "emptyDir": {}}]
        });
        let all = ids(&old, &new, None);
        assert_eq!(all.len(), 9, "{all:?}");
    }
}
