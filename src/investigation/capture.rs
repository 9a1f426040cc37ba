//! A case out of an investigation: what was read, redacted, in the format that replays (`tests/fixtures/README.md`).
//! Pure. What may leave: names, states, counts, events and logs after the redactor. What may not: env values beyond
//! host and port, annotations that are not the controllers' own, anything the redactor knows.

use std::collections::BTreeMap;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::case::{
    Case, EachShelf, Gap, Gates, LogRead, Pipelines, Scope, Shelf, Usage, Watching,
    addresses_in_value,
};
use crate::finding::{Diagnosis, RootCause, Subject};
use crate::text::Redactor;

/// Annotations by which controllers keep their books; all others are dropped.
const KEPT: [&str; 9] = [
    "argocd.argoproj.io/tracking-id",
    "helm.sh/hook",
    "deployment.kubernetes.io/",
    "meta.helm.sh/release-",
    "storageclass.kubernetes.io/",
    "volume.kubernetes.io/",
    "pv.kubernetes.io/",
    "kubernetes.io/ingress.class",
    "autoscaling.alpha.kubernetes.io/conditions",
];

/// What stands where a value was.
const GONE: &str = "redacted";

/// The case as YAML-shaped JSON. `expect` is what was answered: whoever keeps the case corrects it to what was true.
#[must_use]
pub fn capture(case: &Case, diagnosis: &Diagnosis, redactor: &Redactor) -> Value {
    let mut taken = Taken::default();
    case.clone().each_shelf(&mut taken);
    let namespaces = with_namespaces(&mut taken.objects);
    let mut all = json!({
        "question": diagnosis.question.raw(),
        "now": case.now,
        "expect": expect(diagnosis),
        "environments": environments(case, diagnosis),
        "objects": taken.objects,
        "logs": case.logs.iter().map(log).collect::<Vec<_>>(),
        "usage": usage(case),
        "readings": case.readings,
        "unread": taken.unread,
    });
    if case.watching != Watching::default() {
        all["prometheus"] = json!(case.watching);
    }
    if case.pipelines
        != (Pipelines {
            asked: case.pipelines.asked,
            ..Pipelines::default()
        })
    {
        all["jenkins"] = json!(case.pipelines);
    }
    if case.gates
        != (Gates {
            asked: case.gates.asked,
            ..Gates::default()
        })
    {
        all["sonarqube"] = json!(case.gates);
    }
    match (&case.scope, &namespaces[..]) {
        (Scope::Object(subject), _) => all["about"] = place(subject).into(),
        (Scope::Namespaces(names), _) if names.len() == 1 => {
            all["namespace"] = names[0].clone().into();
        }
        _ => {}
    }
    if !case.symptoms.is_empty() {
        all["symptoms"] = case.symptoms.iter().map(|symptom| symptom.code()).collect();
    }
    redactor.redact_json(&mut all);
    drop_empty(&mut all);
    all
}

#[derive(Default)]
struct Taken {
    objects: Vec<Value>,
    unread: Vec<&'static str>,
}

impl EachShelf for Taken {
    fn shelf<K>(&mut self, of: &mut Shelf<K>)
    where
        K: k8s_openapi::Resource + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned,
    {
        if of.gaps().iter().any(|(_, gap)| *gap == Gap::NotPermitted) {
            self.unread.push(K::KIND);
        }
        for object in of.iter() {
            let Ok(mut value) = serde_json::to_value(object) else {
                continue;
            };
            value["apiVersion"] = K::API_VERSION.into();
            value["kind"] = K::KIND.into();
            clean(&mut value);
            self.objects.push(value);
        }
    }
}

/// Takes out of an object what nobody needs and what nobody may see.
fn clean(object: &mut Value) {
    if let Some(annotations) = object["metadata"]["annotations"].as_object_mut() {
        annotations.retain(|name, _| KEPT.iter().any(|kept| name.starts_with(kept)));
    }
    if let Some(meta) = object["metadata"].as_object_mut() {
        meta.remove("managedFields");
        meta.retain(|_, value| !value.is_null() && *value != json!({}));
    }
    if object["kind"] == "Application" {
        without_parameters(object);
    }
    without_values(object);
}

/// What an Application passes to Helm, Kustomize or a plugin: values, and secrets among them.
fn without_parameters(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["helm", "kustomize", "plugin", "history"] {
                fields.remove(name);
            }
            fields.values_mut().for_each(without_parameters);
        }
        Value::Array(items) => items.iter_mut().for_each(without_parameters),
        _ => {}
    }
}

/// Env values wherever containers are: in pods, and in the templates of workloads.
fn without_values(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::Array(env)) = fields.get_mut("env") {
                env.iter_mut().for_each(without_value);
            }
            for (name, inner) in fields.iter_mut() {
                if name != "env" {
                    without_values(inner);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_values),
        _ => {}
    }
}

/// Of a value only the addresses in it stay; that it is empty stays too, and a port where the name says so.
fn without_value(env: &mut Value) {
    let name = env["name"]
        .as_str()
        .unwrap_or_default()
        .to_ascii_uppercase();
    let Some(value) = env["value"].as_str() else {
        return;
    };
    let is_port = name.ends_with("PORT")
        && value.len() <= 5
        && value.bytes().all(|byte| byte.is_ascii_digit());
    if value.trim().is_empty() || is_port {
        return;
    }
    let addresses: Vec<String> = addresses_in_value(&name, value)
        .into_iter()
        .map(|address| match address.port {
            Some(port) => format!("{}:{port}", address.host),
            None if value.contains("://") => format!("any://{}", address.host),
            None => address.host,
        })
        .collect();
    env["value"] = if addresses.is_empty() {
        GONE.into()
    } else {
        addresses.join(",").into()
    };
}

/// The namespaces of all objects; those that were not read themselves are added by name.
fn with_namespaces(objects: &mut Vec<Value>) -> Vec<String> {
    let of = |object: &Value| object["metadata"]["namespace"].as_str().map(str::to_owned);
    let mut all: Vec<String> = objects.iter().filter_map(of).collect();
    all.sort();
    all.dedup();
    for name in &all {
        let known = |object: &Value| {
            object["kind"] == "Namespace" && object["metadata"]["name"] == name.as_str()
        };
        if !objects.iter().any(known) {
            objects.push(
                json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } }),
            );
        }
    }
    all
}

fn environments(case: &Case, diagnosis: &Diagnosis) -> Value {
    let Some(environment) = &diagnosis.target.environment else {
        return json!({});
    };
    let namespaces = match &case.scope {
        Scope::Object(subject) => subject.namespace.clone().into_iter().collect(),
        Scope::Namespaces(names) => names.clone(),
        Scope::Cluster => Vec::new(),
    };
    json!({ environment.as_str(): namespaces })
}

fn expect(diagnosis: &Diagnosis) -> Value {
    let root = |root: &RootCause| {
        json!({
            "cause": root.finding.cause.code(),
            "subject": place(&root.finding.subject),
            "container": root.finding.subject.container,
        })
    };
    match diagnosis.root_causes.first() {
        Some(first) => root(first),
        None => json!({ "verdict": diagnosis.verdict }),
    }
}

fn place(subject: &Subject) -> String {
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    format!("{}/{namespace}/{}", subject.kind.as_str(), subject.name)
}

/// The lines with their times, as they were understood: a JSON line comes back as its message.
fn log(log: &LogRead) -> Value {
    let mut text = String::new();
    for record in &log.records {
        for line in record.lines() {
            if let Some(at) = record.at {
                text.push_str(&at.to_rfc3339());
                text.push(' ');
            }
            text.push_str(line);
            text.push('\n');
        }
    }
    json!({
        "namespace": log.namespace, "pod": log.pod, "container": log.container,
        "previous": log.previous, "text": text,
    })
}

fn usage(case: &Case) -> BTreeMap<&str, Value> {
    let row = |usage: &Usage| json!({ "cpu": format!("{}m", usage.millicores), "memory": usage.bytes.to_string() });
    let all = case.usage.iter();
    all.map(|(key, usage)| (key.as_str(), row(usage))).collect()
}

/// Fields that say nothing are left out.
fn drop_empty(value: &mut Value) {
    let Some(fields) = value.as_object_mut() else {
        return;
    };
    let empty = |value: &Value| {
        value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(Map::is_empty)
    };
    fields.retain(|_, value| !empty(value));
    if let Some(expect) = fields.get_mut("expect").and_then(Value::as_object_mut) {
        expect.retain(|_, value| !empty(value));
    }
}
