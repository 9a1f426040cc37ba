//! Usage from metrics-server.

use std::collections::BTreeMap;

use kube::api::ListParams;
use serde_json::Value;

use super::Reader;
use crate::investigation::case::{Usage, bytes, millicores};

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
            let quantity = |key: &str| {
                let text = container["usage"][key].as_str()?.to_owned();
                Some(k8s_openapi::apimachinery::pkg::api::resource::Quantity(
                    text,
                ))
            };
            let usage = Usage {
                millicores: quantity("cpu")
                    .as_ref()
                    .and_then(millicores)
                    .unwrap_or_default(),
                bytes: quantity("memory")
                    .as_ref()
                    .and_then(bytes)
                    .unwrap_or_default(),
            };
            let container = container["name"].as_str().unwrap_or_default();
            all.insert(format!("{namespace}/{name}/{container}"), usage);
        }
    }
    all
}
