//! What stands behind the objects, read only where something made it interesting: leases of the control plane and
//! of nodes, the nodes under a drain, metrics-server, the Jobs of a `CronJob`.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Event, Node, Pod};
use kube::api::ListParams;

use super::Reader;
use super::cluster::{FEW_NODES, fetch, pods_and_revisions};
use crate::finding::{Kind, Subject};
use crate::investigation::case::{Area, Case, Looked, SCALED_OBJECT, Scope, is_ready, workloads};
use crate::investigation::judge::{ignored, lease_of, unseen, without_resource_metrics};

const SYSTEM: &str = "kube-system";
const NODE_LEASES: &str = "kube-node-lease";
/// Above this many nodes their leases are not read for their clocks alone.
const MANY: usize = 300;

/// Everything of this file, by what the case looks like now.
pub async fn behind(reader: &Reader, case: &mut Case) {
    drained(reader, case).await;
    leases(reader, case).await;
    metrics_server(reader, case).await;
    asleep(reader, case).await;
}

/// What KEDA says of a namespace, where what was asked about stands at zero. These events are `Normal` ones.
async fn asleep(reader: &Reader, case: &mut Case) {
    let Scope::Object(subject) = &case.scope else {
        return;
    };
    let all = workloads(case);
    let own = all.iter().find(|it| it.subject.same_object(subject));
    let Some(namespace) = own
        .filter(|workload| workload.desired == Some(0))
        .map(|workload| workload.namespace().to_owned())
    else {
        return;
    };
    let params = ListParams::default().fields(&format!("involvedObject.kind={SCALED_OBJECT}"));
    let area = Area::Namespace(namespace.clone());
    let said = reader.list::<Event>("events", Some(&namespace), params, area);
    said.await.shelve_named(&mut case.events);
}

/// The leases of whoever seems silent.
async fn leases(reader: &Reader, case: &mut Case) {
    let wide = case.scope == Scope::Cluster;
    let mut wanted: BTreeSet<String> = unseen(case)
        .into_iter()
        .map(|(_, scheduler)| lease_of(scheduler).to_owned())
        .collect();
    if wide || !ignored(case).is_empty() {
        wanted.insert("kube-controller-manager".to_owned());
    }
    if wide {
        wanted.insert("kube-scheduler".to_owned());
    }
    for name in wanted.iter().take(FEW_NODES) {
        let batch = reader.get::<Lease>("leases", Some(SYSTEM), name).await;
        batch.shelve(&mut case.leases);
    }
    node_leases(reader, case, wide).await;
}

async fn node_leases(reader: &Reader, case: &mut Case, wide: bool) {
    let silent: Vec<String> = case
        .nodes
        .iter()
        .filter(|node| is_silent(node))
        .filter_map(|node| node.metadata.name.clone())
        .collect();
    if silent.len() > FEW_NODES || (wide && case.nodes.len() <= MANY) {
        let area = Area::Namespace(NODE_LEASES.to_owned());
        let list = reader.list::<Lease>("leases", Some(NODE_LEASES), ListParams::default(), area);
        list.await.shelve(&mut case.leases);
        return;
    }
    for name in silent {
        let batch = reader
            .get::<Lease>("leases", Some(NODE_LEASES), &name)
            .await;
        batch.shelve(&mut case.leases);
    }
}

fn is_silent(node: &Node) -> bool {
    let conditions = node
        .status
        .iter()
        .flat_map(|it| it.conditions.iter().flatten());
    let mut ready = conditions.filter(|it| it.type_ == "Ready");
    ready.any(|it| it.status == "Unknown")
}

/// The nodes of pods that their budget does not let go, and all of them where a `DaemonSet` is placed oddly.
async fn drained(reader: &Reader, case: &mut Case) {
    let odd = case
        .daemon_sets
        .iter()
        .filter_map(|set| set.status.as_ref());
    let mut odd = odd.filter(|it| it.number_misscheduled > 0 || it.desired_number_scheduled == 0);
    if odd.next().is_some() && !case.nodes.knows("") {
        let list = reader.list::<Node>("nodes", None, ListParams::default(), Area::Cluster);
        list.await.shelve(&mut case.nodes);
        return;
    }
    let wanted: Vec<String> = watched(case)
        .into_iter()
        .filter(|name| matches!(case.nodes.look("", name), Looked::Unknown))
        .take(FEW_NODES)
        .collect();
    let reads = wanted
        .iter()
        .map(|name| reader.get::<Node>("nodes", None, name));
    for batch in futures::future::join_all(reads).await {
        batch.shelve(&mut case.nodes);
    }
}

/// Nodes of pods under a budget that allows nothing; of all pods, where something is said to be wrong and no pod is.
fn watched(case: &Case) -> BTreeSet<String> {
    let held = case.disruption_budgets.iter().filter(|budget| {
        let status = budget.status.as_ref();
        status.is_some_and(|it| it.disruptions_allowed.unwrap_or_default() == 0)
    });
    let selectors: Vec<&BTreeMap<String, String>> = held
        .filter_map(|budget| {
            budget
                .spec
                .as_ref()?
                .selector
                .as_ref()?
                .match_labels
                .as_ref()
        })
        .collect();
    let well = case.pods.iter().all(is_ready);
    let complaint = well && !case.symptoms.is_empty() && matches!(case.scope, Scope::Object(_));
    let chosen = case.pods.iter().filter(|pod| {
        let labels = pod.metadata.labels.clone().unwrap_or_default();
        complaint
            || selectors
                .iter()
                .any(|it| crate::investigation::case::selects(it, &labels))
    });
    chosen
        .filter_map(|pod| pod.spec.as_ref()?.node_name.clone())
        .collect()
}

/// metrics-server with its pods, when autoscalers cannot read what it serves.
async fn metrics_server(reader: &Reader, case: &mut Case) {
    if without_resource_metrics(case).is_empty() {
        return;
    }
    let subject = Subject::new(Kind::Deployment, SYSTEM, "metrics-server");
    if matches!(
        case.deployments.look(SYSTEM, &subject.name),
        Looked::Unknown
    ) {
        fetch(reader, case, &subject).await;
    }
    let found = case.deployments.look(SYSTEM, &subject.name).found();
    let labels = found.and_then(|it| it.spec.selector.match_labels.clone());
    if let Some(labels) = labels.filter(|labels| !case.pods.knows_selected(SYSTEM, labels)) {
        pods_and_revisions(reader, case, SYSTEM, &labels, &[]).await;
    }
}

/// The Jobs of a `CronJob`, and the pods of a Job or of the newest Jobs.
pub async fn jobs_of(reader: &Reader, case: &mut Case, subject: &Subject) {
    let Some(namespace) = subject.namespace.as_deref() else {
        return;
    };
    let names = match subject.kind {
        Kind::Job => vec![subject.name.clone()],
        Kind::CronJob => {
            let area = Area::Namespace(namespace.to_owned());
            let list = reader.list::<Job>("jobs", Some(namespace), ListParams::default(), area);
            list.await.shelve(&mut case.jobs);
            newest(case, subject)
        }
        _ => return,
    };
    if names.is_empty() {
        return;
    }
    let by = ListParams::default().labels(&format!("job-name in ({})", names.join(",")));
    let area = Area::Selected(
        namespace.to_owned(),
        BTreeMap::from([("job-name".to_owned(), subject.name.clone())]),
    );
    let pods = reader.list::<Pod>("pods", Some(namespace), by, area);
    pods.await.shelve_named(&mut case.pods);
}

/// The names of a `CronJob`'s newest Jobs.
fn newest(case: &Case, subject: &Subject) -> Vec<String> {
    let namespace = subject.namespace.as_deref().unwrap_or_default();
    let own = case.jobs.within(namespace).filter(|job| {
        let mut owners = job.metadata.owner_references.iter().flatten();
        owners.any(|owner| owner.kind == "CronJob" && owner.name == subject.name)
    });
    let mut all: Vec<&Job> = own.collect();
    all.sort_by_key(|job| std::cmp::Reverse(job.metadata.creation_timestamp.clone()));
    all.into_iter()
        .take(2)
        .filter_map(|job| job.metadata.name.clone())
        .collect()
}
