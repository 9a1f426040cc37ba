//! `SelfSubjectAccessReview` and `SelfSubjectRulesReview`: what may I do here?

use serde_json::{Value, json};

use super::resource::{RESOURCES, Resource};
use super::state::State;
use super::status::Access;

/// Answers "may I …?" with what the server would really do.
pub(crate) fn access(state: &State, mut review: Value) -> Value {
    let allowed = if review["spec"]["nonResourceAttributes"].is_object() {
        review["spec"]["nonResourceAttributes"]["verb"] == "get"
    } else {
        may(state, &review["spec"]["resourceAttributes"])
    };
    review["kind"] = "SelfSubjectAccessReview".into();
    review["apiVersion"] = "authorization.k8s.io/v1".into();
    review["metadata"] = json!({});
    review["status"] = json!({ "allowed": allowed });
    review
}

fn may(state: &State, asked: &Value) -> bool {
    let text = |field: &str| asked[field].as_str().filter(|text| !text.is_empty());
    let (group, plural) = (
        text("group").unwrap_or_default(),
        text("resource").unwrap_or_default(),
    );
    // `get pods/log` may also come as one word, as kubectl's users write it.
    let (plural, sub) = match plural.split_once('/') {
        Some((plural, sub)) => (plural, Some(sub)),
        None => (plural, text("subresource")),
    };
    let known = RESOURCES
        .iter()
        .find(|r| r.group == group && r.plural == plural);
    known.is_some_and(|resource| {
        state.allows(&Access {
            verb: text("verb").unwrap_or_default(),
            resource,
            subresource: sub,
            namespace: text("namespace"),
            name: text("name"),
        })
    })
}

/// Lists what may be done in one namespace.
pub(crate) fn rules(state: &State, mut review: Value) -> Value {
    let namespace = review["spec"]["namespace"].as_str().map(str::to_owned);
    let mut rules: Vec<Value> = RESOURCES
        .iter()
        .filter_map(|resource| rule(state, resource, None, namespace.as_deref()))
        .collect();
    if let Some(pods) = Resource::at("", "v1", "pods") {
        rules.extend(rule(state, pods, Some("log"), namespace.as_deref()));
    }
    review["kind"] = "SelfSubjectRulesReview".into();
    review["apiVersion"] = "authorization.k8s.io/v1".into();
    review["metadata"] = json!({});
    review["status"] = json!({
        "resourceRules": rules,
        "nonResourceRules": [{ "verbs": ["get"], "nonResourceURLs": ["/livez", "/readyz", "/version"] }],
        "incomplete": false,
    });
    review
}

fn rule(
    state: &State,
    resource: &'static Resource,
    subresource: Option<&str>,
    namespace: Option<&str>,
) -> Option<Value> {
    let verbs: Vec<&str> = [
        "get", "list", "watch", "create", "update", "patch", "delete",
    ]
    .into_iter()
    .filter(|verb| {
        state.allows(&Access {
            verb,
            resource,
            subresource,
            namespace,
            name: None,
        })
    })
    .collect();
    let name = match subresource {
        Some(sub) => format!("{}/{sub}", resource.plural),
        None => resource.plural.to_owned(),
    };
    (!verbs.is_empty())
        .then(|| json!({ "verbs": verbs, "apiGroups": [resource.group], "resources": [name] }))
}
