//! `/version`, `/api`, `/apis`: what this server is and serves.

use serde_json::{Value, json};

use super::resource::RESOURCES;
use super::state::State;

/// The answer to a discovery path, if it is one.
pub(crate) fn answer(state: &State, path: &str) -> Option<Value> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["version"] => Some(version()),
        ["api"] => Some(json!({ "kind": "APIVersions", "versions": ["v1"] })),
        ["apis"] => Some(groups(state)),
        ["api", "v1"] => resources(state, "", "v1"),
        ["apis", group] => groups(state)["groups"]
            .as_array()?
            .iter()
            .find(|g| g["name"] == *group)
            .cloned(),
        ["apis", group, version] => resources(state, group, version),
        _ => None,
    }
}

fn version() -> Value {
    json!({
        "major": "1", "minor": "34", "gitVersion": "v1.34.1", "gitTreeState": "clean",
        "platform": "linux/amd64", "compiler": "gc", "goVersion": "go1.24.6",
    })
}

fn groups(state: &State) -> Value {
    let mut groups: Vec<Value> = Vec::new();
    for resource in RESOURCES.iter().filter(|r| !r.group.is_empty()) {
        let known = groups.iter().any(|g| g["name"] == resource.group);
        if known || state.absent_groups.contains(resource.group) {
            continue;
        }
        let version =
            json!({ "groupVersion": resource.api_version(), "version": resource.version });
        groups.push(json!({
            "name": resource.group, "versions": [version], "preferredVersion": version,
        }));
    }
    json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups })
}

fn resources(state: &State, group: &str, version: &str) -> Option<Value> {
    if state.absent_groups.contains(group) {
        return None;
    }
    let entry = |name: String, namespaced: bool, kind: &str, verbs: &[&str]| {
        json!({
            "name": name, "singularName": kind.to_lowercase(), "namespaced": namespaced,
            "kind": kind, "verbs": verbs,
        })
    };
    let mut served = Vec::new();
    let mut group_version = None;
    for r in RESOURCES
        .iter()
        .filter(|r| r.group == group && r.version == version)
    {
        group_version = Some(r.api_version());
        served.push(entry(
            r.plural.to_owned(),
            r.namespaced,
            r.kind,
            &["get", "list"],
        ));
        if r.kind == "Pod" {
            served.push(entry("pods/log".to_owned(), true, "Pod", &["get"]));
        }
    }
    Some(json!({
        "kind": "APIResourceList", "apiVersion": "v1",
        "groupVersion": group_version?, "resources": served,
    }))
}
