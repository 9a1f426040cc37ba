//! Usage from metrics-server, and what autoscalers made of it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Event;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kube::api::ListParams;
use serde_json::Value;

use super::Reader;
use crate::investigation::case::{Area, Case, Usage, bytes, millicores};

/// Usage of everything in these namespaces (none: in the cluster), as `usage`.
pub async fn usage_of(reader: &Reader, namespaces: &[String]) -> BTreeMap<String, Usage> {
    let cluster = "/apis/metrics.k8s.io/v1beta1/pods".to_owned();
    let path = |name: &String| format!("/apis/metrics.k8s.io/v1beta1/namespaces/{name}/pods");
    let paths: Vec<String> = if namespaces.is_empty() {
        vec![cluster]
    } else {
        namespaces.iter().map(path).collect()
    };
    let reads = paths
        .iter()
        .map(|path| usage(reader, path, ListParams::default()));
    futures::future::join_all(reads)
        .await
        .into_iter()
        .flatten()
        .collect()
}

/// The events of an autoscaler, those of `type: Normal` too: its size changes are such.
pub async fn rescales(reader: &Reader, case: &mut Case, namespace: &str, name: &str) {
    let about = format!("involvedObject.kind=HorizontalPodAutoscaler,involvedObject.name={name}");
    let area = Area::Selected(namespace.to_owned(), BTreeMap::new());
    let params = ListParams::default().fields(&about);
    let events = reader.list::<Event>("events", Some(namespace), params, area);
    events.await.shelve_named(&mut case.events);
}

/// Usage by `namespace/pod/container`; empty when metrics-server is not there (the ledger says so).
pub(super) async fn usage(
    reader: &Reader,
    path: &str,
    params: ListParams,
) -> BTreeMap<String, Usage> {
    let answer = reader
        .timed(
            "metrics-server",
            reader.sources.kube.raw::<Value>(path, &params),
        )
        .await;
    let Ok(answer) = answer else {
        return BTreeMap::new();
    };
    let mut all = BTreeMap::new();
    for pod in answer.value["items"].as_array().into_iter().flatten() {
        let meta = &pod["metadata"];
        let (Some(namespace), Some(name)) = (meta["namespace"].as_str(), meta["name"].as_str())
        else {
            continue;
        };
        for container in pod["containers"].as_array().into_iter().flatten() {
            // What is not said is not zero.
            let Some(usage) = of(&container["usage"]) else {
                continue;
            };
            let container = container["name"].as_str().unwrap_or_default();
            all.insert(format!("{namespace}/{name}/{container}"), usage);
        }
    }
    all
}

/// Both quantities, where both are there and are quantities.
fn of(usage: &Value) -> Option<Usage> {
    let quantity = |key: &str| Some(Quantity(usage[key].as_str()?.to_owned()));
    Some(Usage {
        millicores: millicores(&quantity("cpu")?)?,
        bytes: bytes(&quantity("memory")?)?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_quantity_that_is_missing_is_not_zero() {
        let both = of(&json!({ "cpu": "250m", "memory": "1Mi" }));
        assert_eq!(
            both,
            Some(Usage {
                millicores: 250,
                bytes: 1 << 20
            })
        );
        assert_eq!(of(&json!({ "cpu": "250m" })), None);
        assert_eq!(of(&json!({ "cpu": "much", "memory": "1Mi" })), None);
        assert_eq!(of(&Value::Null), None);
    }
}
