//! What the cluster itself runs for names and Services: read when a name does not resolve, or when a Service that has
//! ready pods does not answer. And the controller of Jenkins, when builds wait for agents in vain.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment};
use k8s_openapi::api::core::v1::{Event, Namespace, Pod, Service};
use kube::api::ListParams;

use super::Reader;
use super::logs::{Wanted, suspicious_among};
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
/// Where the namespace does not exist, the Services of that name wherever they are.
pub async fn named_elsewhere(reader: &Reader, case: &mut Case, services: Vec<(String, String)>) {
    for (service, name) in services.into_iter().take(2) {
        if case.services.knows(&name) {
            continue;
        }
        let own = reader.get::<Namespace>("namespaces", None, &name).await;
        own.shelve(&mut case.namespaces);
        if case.namespaces.look("", &name).found().is_none() {
            let same = ListParams::default().fields(&format!("metadata.name={service}"));
            let list = reader.list::<Service>("services", None, same, Area::Cluster);
            list.await.shelve_named(&mut case.services);
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

/// The warnings about nodes, which stand in no namespace of theirs: what watches them writes events.
pub async fn said_of_nodes(reader: &Reader, case: &mut Case) {
    let about = ListParams::default().fields("involvedObject.kind=Node,type!=Normal");
    let list = reader.list::<Event>("events", None, about, Area::Cluster);
    list.await.shelve_named(&mut case.events);
}

/// The labels that the controller of Jenkins bears: by its chart, by the manifests of its handbook.
const JENKINS: [&str; 2] = [
    "app.kubernetes.io/component in (jenkins-controller,jenkins-master)",
    "app in (jenkins,jenkins-server)",
];

/// The pods of the controller of Jenkins, wherever they run, and which of their logs to read.
pub async fn jenkins_controllers(reader: &Reader, case: &mut Case) -> Vec<Wanted> {
    for labels in JENKINS {
        let params = ListParams::default().labels(labels);
        let found = reader
            .list::<Pod>("pods", None, params, Area::Cluster)
            .await;
        let mut read = Case::default();
        found.shelve_named(&mut read.pods);
        let mut wanted = suspicious_among(&read, |_| true);
        wanted.truncate(2);
        // What it says now; why it was restarted is another story.
        for one in &mut wanted {
            one.previous = false;
        }
        case.pods.extend(read.pods);
        if !wanted.is_empty() {
            return wanted;
        }
    }
    Vec::new()
}
