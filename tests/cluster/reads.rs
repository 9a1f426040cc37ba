//! What the harness and its tests look up in the cluster.

use k8s_openapi::api::core::v1::{Event, Node, Pod, ServiceAccount};
use kube::api::{Api, ListParams, LogParams};
use kube::core::Request;

use super::ControlPlane;

impl ControlPlane {
    /// Whether the API server says that it is ready.
    pub(super) async fn ready(&self) -> bool {
        let Ok(request) = Request::new("/readyz").list(&ListParams::default()) else {
            return false;
        };
        self.admin()
            .request_text(request)
            .await
            .is_ok_and(|answer| answer == "ok")
    }

    /// Whether a namespace has the service account that its pods run as; the
    /// API server refuses pods before that.
    pub(super) async fn has_account(&self, namespace: &str) -> bool {
        let accounts = Api::<ServiceAccount>::namespaced(self.admin(), namespace);
        accounts.get("default").await.is_ok()
    }

    /// Whether a node is ready and takes pods.
    pub(super) async fn takes_pods(&self, node: &str) -> bool {
        let Ok(node) = Api::<Node>::all(self.admin()).get(node).await else {
            return false;
        };
        let taints = node.spec.as_ref().and_then(|spec| spec.taints.as_ref());
        is_ready(&node) && taints.is_none_or(Vec::is_empty)
    }

    /// Whether a node is ready, whoever it takes.
    pub async fn node_is_ready(&self, node: &str) -> bool {
        let node = Api::<Node>::all(self.admin()).get(node).await;
        node.is_ok_and(|node| is_ready(&node))
    }

    /// The pods of a namespace that a label selector picks.
    pub async fn pods(&self, namespace: &str, selector: &str) -> Vec<Pod> {
        let pods = Api::<Pod>::namespaced(self.admin(), namespace);
        let list = pods.list(&ListParams::default().labels(selector)).await;
        list.expect("pods can be listed").items
    }

    /// Waits for an event of this reason in a namespace and returns it.
    pub async fn event(&self, namespace: &str, reason: &str) -> Event {
        let events = Api::<Event>::namespaced(self.admin(), namespace);
        let params = ListParams::default().fields(&format!("reason={reason}"));
        let mut found = None;
        self.until(&format!("a {reason} event in {namespace}"), async || {
            found = events
                .list(&params)
                .await
                .ok()
                .and_then(|list| list.items.into_iter().next());
            found.is_some()
        })
        .await;
        found.expect("waited for it")
    }

    /// A container's log as the API server returns it.
    pub async fn read_log(
        &self,
        namespace: &str,
        pod: &str,
        container: &str,
        previous: bool,
    ) -> kube::Result<String> {
        let container = Some(container.to_owned());
        let params = LogParams {
            container,
            previous,
            ..LogParams::default()
        };
        Api::<Pod>::namespaced(self.admin(), namespace)
            .logs(pod, &params)
            .await
    }
}

/// Whether the node's kubelet says so.
fn is_ready(node: &Node) -> bool {
    let conditions = node
        .status
        .iter()
        .flat_map(|it| it.conditions.iter().flatten());
    let mut ready = conditions.filter(|it| it.type_ == "Ready" && it.status == "True");
    ready.next().is_some()
}
