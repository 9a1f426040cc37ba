//! Which `ConfigMap`s and Secrets a pod asks for, and whether it can do without them.

use k8s_openapi::api::core::v1::{Container, EnvVar, PodSpec, Volume};

use crate::finding::{Kind, Subject};

/// One reference of a pod spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// `ConfigMap` or Secret.
    pub(super) kind: Kind,
    /// Name of the object.
    pub(super) name: String,
    /// Whether the pod starts without it.
    pub(super) optional: bool,
    /// Where the spec says so: `containers[app].envFrom`.
    pub(super) field: String,
    /// Whether it is mounted as files.
    pub(super) is_volume: bool,
}

impl Reference {
    /// Whether it is a reference to that object.
    pub(super) fn names(&self, subject: &Subject) -> bool {
        self.kind == subject.kind && self.name == subject.name
    }
}

/// All references of a pod spec.
pub(super) fn references(spec: &PodSpec) -> Vec<Reference> {
    let containers = spec.init_containers.iter().flatten();
    let mut found: Vec<Reference> = containers
        .chain(&spec.containers)
        .flat_map(in_container)
        .collect();
    found.extend(spec.volumes.iter().flatten().flat_map(in_volume));
    found
}

fn in_container(container: &Container) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut add = |kind, name: &str, optional: Option<bool>, place: &str| {
        found.push(Reference {
            kind,
            name: name.to_owned(),
            optional: optional == Some(true),
            field: format!("containers[{}].{place}", container.name),
            is_volume: false,
        });
    };
    for from in container.env_from.iter().flatten() {
        if let Some(map) = &from.config_map_ref {
            add(Kind::ConfigMap, &map.name, map.optional, "envFrom");
        }
        if let Some(secret) = &from.secret_ref {
            add(Kind::Secret, &secret.name, secret.optional, "envFrom");
        }
    }
    for EnvVar {
        name, value_from, ..
    } in container.env.iter().flatten()
    {
        let place = format!("env[{name}]");
        let Some(from) = value_from else { continue };
        if let Some(key) = &from.config_map_key_ref {
            add(Kind::ConfigMap, &key.name, key.optional, &place);
        }
        if let Some(key) = &from.secret_key_ref {
            add(Kind::Secret, &key.name, key.optional, &place);
        }
    }
    found
}

fn in_volume(volume: &Volume) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut add = |kind, name: &str, optional: Option<bool>| {
        found.push(Reference {
            kind,
            name: name.to_owned(),
            optional: optional == Some(true),
            field: format!("volumes[{}]", volume.name),
            is_volume: true,
        });
    };
    if let Some(map) = &volume.config_map {
        add(Kind::ConfigMap, &map.name, map.optional);
    }
    if let Some(secret) = &volume.secret {
        let name = secret.secret_name.as_deref().unwrap_or_default();
        add(Kind::Secret, name, secret.optional);
    }
    let projected = volume.projected.iter().flat_map(|volume| &volume.sources);
    for source in projected.flatten() {
        if let Some(map) = &source.config_map {
            add(Kind::ConfigMap, &map.name, map.optional);
        }
        if let Some(secret) = &source.secret {
            add(Kind::Secret, &secret.name, secret.optional);
        }
    }
    found
}
