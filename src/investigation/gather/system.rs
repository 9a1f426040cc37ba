//! What the cluster itself runs for names and Services: read when a name does not resolve, or when a Service that has
//! ready pods does not answer.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment};
use k8s_openapi::api::core::v1::{Namespace, Pod, Service};
use kube::api::ListParams;

use super::Reader;
use crate::investigation::case::{Area, Case};

const NAMESPACE: &str = "kube-system";

/// The pods of the cluster's DNS server, and its Deployment.
pub async fn names(reader: &Reader, case: &mut Case) {
    let (pods, own) = futures::join!(
        labelled(reader, "kube-dns"),
        reader.list::<Deployment>(
            "deployments",
            Some(NAMESPACE),
            by("kube-dns"),
            area("kube-dns")
        ),
    );
    pods.shelve(&mut case.pods);
    own.shelve(&mut case.deployments);
}

/// The Services of these namespaces, those of them that exist: what a name of another namespace may have meant.
pub async fn named_elsewhere(reader: &Reader, case: &mut Case, namespaces: Vec<String>) {
    for name in namespaces.into_iter().take(2) {
        if case.services.knows(&name) {
            continue;
        }
        let own = reader.get::<Namespace>("namespaces", None, &name).await;
        own.shelve(&mut case.namespaces);
        if case.namespaces.look("", &name).found().is_none() {
            continue;
        }
        let area = Area::Namespace(name.clone());
        let all = ListParams::default();
        let list = reader.list::<Service>("services", Some(&name), all, area);
        list.await.shelve(&mut case.services);
    }
}

/// The kube-proxy pods of all nodes, and their `DaemonSet`.
pub async fn proxies(reader: &Reader, case: &mut Case) {
    let (pods, own) = futures::join!(
        labelled(reader, "kube-proxy"),
        reader.list::<DaemonSet>(
            "daemonsets",
            Some(NAMESPACE),
            by("kube-proxy"),
            area("kube-proxy")
        ),
    );
    pods.shelve(&mut case.pods);
    own.shelve(&mut case.daemon_sets);
}

async fn labelled(reader: &Reader, app: &str) -> super::reader::Batch<Pod> {
    reader
        .list::<Pod>("pods", Some(NAMESPACE), by(app), area(app))
        .await
}

fn by(app: &str) -> ListParams {
    ListParams::default().labels(&format!("k8s-app={app}"))
}

fn area(app: &str) -> Area {
    let labels = BTreeMap::from([("k8s-app".to_owned(), app.to_owned())]);
    Area::Selected(NAMESPACE.to_owned(), labels)
}
