//! What a kubelet would have reported: statuses, logs and events of pods, and the
//! health of nodes.

use std::fmt::Write as _;

use k8s_openapi::api::core::v1::{Event, Node, Pod};
use kube::api::{Api, DynamicObject, Patch, PatchParams, PostParams};
use serde_json::{Value, json};

use super::ControlPlane;
use super::objects::MANAGER;

impl ControlPlane {
    /// Merges into a pod's status what a kubelet would have reported. KWOK leaves
    /// it alone when the pod has the annotation `vigie.test/manual: "true"`.
    pub async fn pod_status(&self, namespace: &str, pod: &str, status: Value) {
        let pods = Api::<Pod>::namespaced(self.admin(), namespace);
        let patch = Patch::Strategic(json!({"status": status}));
        let done = pods
            .patch_status(pod, &PatchParams::default(), &patch)
            .await;
        done.expect("the pod exists and the status is valid");
    }

    /// Records an event about a pod, as its kubelet does (`BackOff`, `Failed` …).
    pub async fn pod_event(&self, namespace: &str, pod: &str, reason: &str, message: &str) {
        let about = Api::<Pod>::namespaced(self.admin(), namespace)
            .get(pod)
            .await;
        let about = about.expect("the pod exists").metadata;
        let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let event = json!({
            "metadata": {"generateName": format!("{pod}."), "namespace": namespace},
            "involvedObject": {
                "apiVersion": "v1", "kind": "Pod", "uid": about.uid,
                "namespace": namespace, "name": pod,
            },
            "type": "Warning", "reason": reason, "message": message, "count": 1,
            "source": {"component": "kubelet"}, "firstTimestamp": now, "lastTimestamp": now,
        });
        let event: Event = serde_json::from_value(event).expect("an event");
        let events = Api::<Event>::namespaced(self.admin(), namespace);
        events
            .create(&PostParams::default(), &event)
            .await
            .expect("the event is valid");
    }

    /// Merges into a node's conditions, which KWOK leaves alone from then on.
    pub async fn node_conditions(&self, node: &str, conditions: Value) {
        let nodes = Api::<Node>::all(self.admin());
        let params = PatchParams::default();
        let manual = json!({"metadata": {"annotations": {"vigie.test/manual": "true"}}});
        nodes
            .patch(node, &params, &Patch::Merge(manual))
            .await
            .expect("the node exists");
        let patch = Patch::Strategic(json!({"status": {"conditions": conditions}}));
        let done = nodes.patch_status(node, &params, &patch).await;
        done.expect("the conditions are valid");
    }

    /// Sets what the API server returns as a container's log, and as the log of
    /// the container before its last restart. The pod must be on a node.
    pub async fn logs(
        &self,
        namespace: &str,
        pod: &str,
        container: &str,
        current: &str,
        previous: Option<&str>,
    ) {
        let mut entry = json!({"containers": [container]});
        let file = |end: &str| {
            self.folder
                .path()
                .join(format!("{namespace}.{pod}.{container}.{end}"))
        };
        let texts = [
            ("logsFile", "log", Some(current)),
            ("previousLogsFile", "old.log", previous),
        ];
        for (field, end, text) in texts {
            let Some(text) = text else { continue };
            std::fs::write(file(end), container_log(text)).expect("logs can be written");
            entry[field] = json!(file(end));
        }
        self.set_log(namespace, pod, container, entry).await;
        self.until(&format!("the log of {namespace}/{pod}"), async || {
            let now = self.read_log(namespace, pod, container, false).await;
            let old = self.read_log(namespace, pod, container, true).await;
            let shown = now.is_ok_and(|log| log.trim_end() == current.trim_end());
            shown
                && previous
                    .is_none_or(|text| old.is_ok_and(|log| log.trim_end() == text.trim_end()))
        })
        .await;
    }

    /// Puts a container's entry into its pod's `Logs`, beside those of the pod's
    /// other containers.
    async fn set_log(&self, namespace: &str, pod: &str, container: &str, entry: Value) {
        let object = json!({
            "apiVersion": "kwok.x-k8s.io/v1alpha1",
            "kind": "Logs",
            "metadata": {"name": pod, "namespace": namespace},
            "spec": {"logs": []},
        });
        let mut object: DynamicObject = serde_json::from_value(object).expect("an object");
        let api = self.api(&object).await.expect("KWOK's kinds are served");
        let there = api.get_opt(pod).await.expect("it can be read");
        let mut entries = there
            .and_then(|there| there.data["spec"]["logs"].as_array().cloned())
            .unwrap_or_default();
        entries.retain(|it| it["containers"] != json!([container]));
        entries.push(entry);
        object.data["spec"]["logs"] = Value::Array(entries);
        let params = PatchParams::apply(MANAGER).force();
        api.patch(pod, &params, &Patch::Apply(&object))
            .await
            .expect("it can be applied");
    }
}

/// Text as a container runtime writes it: a time, a stream and a tag a line.
fn container_log(text: &str) -> String {
    text.lines().fold(String::new(), |mut log, line| {
        let now = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%S%.9fZ");
        let _ = writeln!(log, "{now} stdout F {line}");
        log
    })
}
