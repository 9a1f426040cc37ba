//! Events, as the kubelet, the scheduler and the controllers write them.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::build::Build;
use super::pod::stamp;
use crate::sandbox::kube::uid;

impl Build<'_> {
    /// An event about an object, seen `count` times between `first` and `last`, both ago.
    pub fn event(&self, about: (&str, &str, &str), note: &Note<'_>) {
        let (kind, namespace, name) = about;
        let version = match kind {
            "Pod" | "Service" | "Node" | "PersistentVolumeClaim" => "v1",
            "Certificate" | "CertificateRequest" => "cert-manager.io/v1",
            "Order" | "Challenge" => "acme.cert-manager.io/v1",
            "ScaledObject" => "keda.sh/v1alpha1",
            "NodeClaim" => "karpenter.sh/v1",
            _ => "apps/v1",
        };
        let unique = uid(
            "Event",
            note.reason,
            &format!("{namespace}/{name}/{}", note.message),
        );
        let mut involved = json!({
            "kind": kind, "namespace": namespace, "name": name, "apiVersion": version,
            "uid": self.cluster.get(kind, namespace, name)
                .map_or_else(|| uid(kind, namespace, name).into(), |o| o["metadata"]["uid"].clone()),
        });
        if note.component == "kubelet" && kind == "Pod" {
            involved["fieldPath"] = "spec.containers{app}".into();
        }
        let (first, last) = (self.ago(note.first), self.ago(note.last));
        let mut event = json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {
                "namespace": if namespace.is_empty() { "default" } else { namespace },
                "name": format!("{name}.{}", &unique.replace('-', "")[..16]),
                "creationTimestamp": stamp(first),
            },
            "involvedObject": involved, "type": note.kind, "reason": note.reason,
            "message": note.message, "source": { "component": note.component },
            "reportingComponent": note.component, "reportingInstance": "",
            "firstTimestamp": stamp(first), "lastTimestamp": stamp(last), "count": note.count,
            "eventTime": null,
        });
        if note.component == "default-scheduler" {
            // The scheduler writes the new event API: no count, no first or last time.
            let micro = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
            event["eventTime"] = micro(first).into();
            event["series"] = json!({ "count": note.count, "lastObservedTime": micro(last) });
            event["firstTimestamp"] = Value::Null;
            event["lastTimestamp"] = Value::Null;
            event["source"] = json!({});
            event["count"] = Value::Null;
        }
        self.cluster.put(event);
    }
}

/// An event without its object.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    /// `Warning` or `Normal`.
    pub kind: &'a str,
    /// `BackOff`, `Unhealthy`, …
    pub reason: &'a str,
    /// The text.
    pub message: &'a str,
    /// Who says so: `kubelet`, `default-scheduler`.
    pub component: &'a str,
    /// How long ago it was first seen.
    pub first: TimeDelta,
    /// How long ago it was last seen.
    pub last: TimeDelta,
    /// How many times.
    pub count: u32,
}

impl<'a> Note<'a> {
    /// A warning of the kubelet, seen once, that long ago.
    #[must_use]
    pub fn warning(reason: &'a str, message: &'a str, ago: TimeDelta) -> Self {
        Self {
            kind: "Warning",
            reason,
            message,
            component: "kubelet",
            first: ago,
            last: ago,
            count: 1,
        }
    }

    /// The same as news rather than as a warning.
    #[must_use]
    pub fn normal(self) -> Self {
        Self {
            kind: "Normal",
            ..self
        }
    }

    /// Said by someone else than the kubelet.
    #[must_use]
    pub fn by(self, component: &'a str) -> Self {
        Self { component, ..self }
    }

    /// Seen that often, the last time that long ago.
    #[must_use]
    pub fn repeated(self, count: u32, last: TimeDelta) -> Self {
        Self {
            last,
            count,
            ..self
        }
    }
}
