//! What the API server holds: objects, logs, rights, planned faults, and what it was asked.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::KubeFault;
use super::log::ContainerLog;
use super::resource::Resource;
use super::status::Access;
use crate::sandbox::fault::Faults;

/// Namespace (empty at cluster scope) and name.
pub(crate) type Key = (String, String);

/// Which requests a fault or a right is about; what is not said matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    verb: Option<String>,
    resource: Option<String>,
    namespace: Option<String>,
}

impl Target {
    /// Every request.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Requests for that resource: `pods`, `pods/log`, or `pods.metrics.k8s.io` for another group
    /// than the first that has it.
    #[must_use]
    pub fn resource(name: &str) -> Self {
        Self {
            resource: Some(name.to_owned()),
            ..Self::default()
        }
    }

    /// Only that verb: `get`, `list`.
    #[must_use]
    pub fn verb(mut self, verb: &str) -> Self {
        self.verb = Some(verb.to_owned());
        self
    }

    /// Only in that namespace.
    #[must_use]
    pub fn namespace(mut self, namespace: &str) -> Self {
        self.namespace = Some(namespace.to_owned());
        self
    }

    pub(crate) fn meets(&self, access: &Access<'_>) -> bool {
        let resource = self.resource.as_ref().is_none_or(|wanted| {
            let (name, sub) = match wanted.split_once('/') {
                Some((name, sub)) => (name, Some(sub)),
                None => (wanted.as_str(), None),
            };
            let metrics = access.resource.group == "metrics.k8s.io";
            let named =
                (name == access.resource.plural && !metrics) || name == access.resource.qualified();
            named && sub == access.subresource
        });
        resource
            && self.verb.as_ref().is_none_or(|verb| verb == access.verb)
            && self
                .namespace
                .as_ref()
                .is_none_or(|ns| access.namespace == Some(ns))
    }
}

/// A request the server got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// `GET`.
    pub method: String,
    /// `/api/v1/namespaces/production/pods`, without the query.
    pub path: String,
    /// The query as sent, percent-encoded; empty without one.
    pub query: String,
    /// By the sandbox clock.
    pub at: DateTime<Utc>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    objects: HashMap<(&'static str, &'static str), BTreeMap<Key, Value>>,
    revision: u64,
    pub logs: HashMap<(String, String, String), ContainerLog>,
    pub faults: Faults<Target, KubeFault>,
    pub granted: Vec<Target>,
    pub absent_groups: HashSet<String>,
    pub seen: Vec<Seen>,
}

impl State {
    /// The revision of the whole store, as lists carry it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// All objects of a resource, by namespace and name.
    pub fn all(&self, resource: &Resource) -> impl Iterator<Item = (&Key, &Value)> {
        self.objects
            .get(&table(resource))
            .into_iter()
            .flat_map(BTreeMap::iter)
    }

    /// One object.
    pub fn get(&self, resource: &Resource, namespace: &str, name: &str) -> Option<&Value> {
        self.objects
            .get(&table(resource))?
            .get(&(namespace.to_owned(), name.to_owned()))
    }

    /// Stores an object, filling in what the API server fills in.
    pub fn put(&mut self, resource: &'static Resource, mut object: Value, now: DateTime<Utc>) {
        self.revision += 1;
        let meta = &mut object["metadata"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let namespace = if resource.namespaced {
            text(&meta["namespace"])
        } else {
            String::new()
        };
        let name = text(&meta["name"]);
        meta["resourceVersion"] = self.revision.to_string().into();
        if meta["uid"].is_null() {
            meta["uid"] = uid(resource.kind, &namespace, &name).into();
        }
        if meta["creationTimestamp"].is_null() {
            meta["creationTimestamp"] = now.to_rfc3339_opts(SecondsFormat::Secs, true).into();
        }
        self.objects
            .entry(table(resource))
            .or_default()
            .insert((namespace, name), object);
    }

    /// Removes an object; whether it was there.
    pub fn delete(&mut self, resource: &Resource, namespace: &str, name: &str) -> bool {
        self.revision += 1;
        self.objects.get_mut(&table(resource)).is_some_and(|all| {
            all.remove(&(namespace.to_owned(), name.to_owned()))
                .is_some()
        })
    }

    /// What the bot's service account may do: read everything but Secrets, plus what was granted,
    /// minus what was forbidden.
    pub fn allows(&self, access: &Access<'_>) -> bool {
        let forbidden = self
            .faults
            .any(|target, fault| *fault == KubeFault::Forbidden && target.meets(access));
        if forbidden {
            return false;
        }
        if self.granted.iter().any(|target| target.meets(access)) {
            return true;
        }
        let reads = ["get", "list", "watch"].contains(&access.verb);
        let subresource = access
            .subresource
            .is_none_or(|sub| sub == "log" && access.resource.kind == "Pod");
        reads && subresource && access.resource.plural != "secrets"
    }
}

/// Both event APIs show the same objects.
fn table(resource: &Resource) -> (&'static str, &'static str) {
    match (resource.group, resource.plural) {
        ("events.k8s.io", plural) => ("", plural),
        (group, plural) => (group, plural),
    }
}

/// A UID that is the same for the same object in every run.
pub(crate) fn uid(kind: &str, namespace: &str, name: &str) -> String {
    let text = format!("{kind}/{namespace}/{name}");
    let (a, b) = (fnv(&text, 0), fnv(&text, 0x9e37_79b9));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        (b >> 48) & 0xfff,
        b & 0xffff_ffff_ffff
    )
}

/// FNV-1a: spreads names over numbers, the same in every run.
pub(crate) fn fnv(text: &str, seed: u64) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
}

/// A core event in the clothes of `events.k8s.io/v1`.
pub(crate) fn as_new_event(core: &Value) -> Value {
    let mut event = json!({
        "apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": core["metadata"],
        "regarding": core["involvedObject"], "reason": core["reason"], "note": core["message"],
        "type": core["type"], "eventTime": core["eventTime"],
        "reportingController": core["reportingComponent"],
        "reportingInstance": core["reportingInstance"],
        "deprecatedSource": core["source"], "deprecatedCount": core["count"],
        "deprecatedFirstTimestamp": core["firstTimestamp"],
        "deprecatedLastTimestamp": core["lastTimestamp"],
    });
    if let Some(fields) = event.as_object_mut() {
        fields.retain(|name, value| name == "eventTime" || !value.is_null());
    }
    event
}
