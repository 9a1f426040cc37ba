//! kube-proxy, node by node: without it a node's pods reach Services at the addresses of yesterday.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use k8s_openapi::api::core::v1::{Node, Pod};

use super::BROKEN;
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{Container, Facts, Workload, containers, is_ready, owner_of, utc};
use crate::investigation::judge::container::patterns::NO_SUCH_HOST;
use crate::investigation::judge::dependency::complaints;
use crate::investigation::judge::facts::{is_live, kubectl, pod_name};
use crate::text::Message;

const NAMESPACE: &str = "kube-system";
const LABEL: (&str, &str) = ("k8s-app", "kube-proxy");
/// A pod that starts is no outage.
const STARTS: TimeDelta = TimeDelta::minutes(3);

fn is_proxy(pod: &Pod) -> bool {
    let labels = pod.metadata.labels.as_ref();
    is_live(pod) && labels.and_then(|all| all.get(LABEL.0)).map(String::as_str) == Some(LABEL.1)
}

/// One finding each node whose kube-proxy is down; one for its `DaemonSet` where it is down everywhere.
pub(super) fn judge(case: &Facts<'_>, all: &[Workload<'_>]) -> Vec<Finding> {
    let labels = BTreeMap::from([(LABEL.0.to_owned(), LABEL.1.to_owned())]);
    if !case.pods.knows_selected(NAMESPACE, &labels) {
        return Vec::new();
    }
    let proxies: Vec<&Pod> = case
        .pods
        .within(NAMESPACE)
        .filter(|pod| is_proxy(pod))
        .collect();
    let mut down: BTreeMap<&str, &Pod> = BTreeMap::new();
    for pod in &proxies {
        let node = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
        let Some(node) = node.filter(|_| !is_ready(pod) && !is_starting(case, pod)) else {
            continue;
        };
        let twin = |other: &&&Pod| {
            other
                .spec
                .as_ref()
                .and_then(|spec| spec.node_name.as_deref())
                == Some(node)
                && is_ready(other)
        };
        // A node that is away takes its pods with it: that is the node's finding.
        let twins = proxies.iter().any(|other| twin(&other));
        if !twins && !is_away(case, node) {
            down.insert(node, pod);
        }
    }
    if down.len() > 1 && down.len() == proxies.len() {
        return down
            .values()
            .next()
            .map(|pod| everywhere(case, all, pod, down.len()))
            .into_iter()
            .collect();
    }
    down.into_iter()
        .map(|(node, pod)| of_node(case, all, node, pod))
        .collect()
}

fn is_starting(case: &Facts<'_>, pod: &Pod) -> bool {
    let created = pod.metadata.creation_timestamp.as_ref().map(utc);
    let young = created.is_some_and(|at| case.now - at < STARTS);
    let restarted = containers(pod).iter().any(|it| it.restarts() > 0);
    young && !restarted
}

fn is_away(case: &Facts<'_>, name: &str) -> bool {
    let ready = |node: &Node| {
        let conditions = node
            .status
            .iter()
            .flat_map(|status| status.conditions.iter().flatten());
        conditions
            .into_iter()
            .any(|it| it.type_ == "Ready" && it.status == "True")
    };
    case.nodes
        .look("", name)
        .found()
        .is_some_and(|node| !ready(node))
}

/// Whoever complains from that node, of anything but a name.
fn suffering<'a>(
    case: &'a Facts<'a>,
    all: &'a [Workload<'a>],
    on: &BTreeSet<&str>,
) -> Vec<(Subject, String)> {
    let runs_on = |workload: &Workload<'_>| {
        let mut nodes = workload
            .pods
            .iter()
            .filter_map(|pod| pod.spec.as_ref()?.node_name.as_deref());
        nodes.any(|node| on.contains(node))
    };
    let suffers = all.iter().filter(|one| runs_on(one)).filter_map(|one| {
        let told = complaints(case, one);
        let line = told.iter().find(|it| {
            let pod = one.pods.iter().find(|pod| pod_name(pod) == it.log.pod);
            let node = pod.and_then(|pod| pod.spec.as_ref()?.node_name.as_deref());
            !NO_SUCH_HOST.in_line(it.line) && node.is_some_and(|node| on.contains(node))
        })?;
        Some((one.subject.clone(), line.line.trim().to_owned()))
    });
    suffers.collect()
}

fn of_node(case: &Facts<'_>, all: &[Workload<'_>], node: &str, pod: &Pod) -> Finding {
    let subject = Subject::cluster(Kind::Node, node);
    let callers = suffering(case, all, &BTreeSet::from([node]));
    let strength = if callers.is_empty() { 0.82 } else { 0.93 };
    let summary = Message::new("cause-kube-proxy-down").with("node", node);
    let why = Message::new("why-kube-proxy-down").with("node", node);
    let own = owner_of(pod);
    let command = format!("{} delete pod {}", kubectl(&own), pod_name(pod));
    let fix = Fix::new(subject.clone(), "", why).command(command);
    finish(
        case,
        Finding::new(Cause::KubeProxyDown, subject, strength, summary),
        pod,
        callers,
    )
    .fix(fix)
}

fn everywhere(case: &Facts<'_>, all: &[Workload<'_>], pod: &Pod, nodes: usize) -> Finding {
    let subject = owner_of(pod);
    let on: BTreeSet<&str> = case
        .nodes
        .iter()
        .filter_map(|node| node.metadata.name.as_deref())
        .collect();
    let callers = suffering(case, all, &on);
    let summary = Message::new("cause-kube-proxy-down-everywhere").with("nodes", nodes);
    let command = format!(
        "{} logs daemonset/{} --tail=50",
        kubectl(&subject),
        subject.name
    );
    let why = Message::new("why-kube-proxy-everywhere");
    let fix = Fix::new(subject.clone(), "", why).command(command);
    finish(
        case,
        Finding::new(Cause::KubeProxyDown, subject, 0.92, summary),
        pod,
        callers,
    )
    .fix(fix)
}

fn finish(
    case: &Facts<'_>,
    finding: Finding,
    pod: &Pod,
    callers: Vec<(Subject, String)>,
) -> Finding {
    let all = containers(pod);
    let container = all.first();
    let waits = container
        .and_then(Container::waiting)
        .map_or("", |(reason, _)| reason);
    let fact = Message::new("fact-proxy-pod")
        .with("pod", pod_name(pod))
        .with("reason", if waits.is_empty() { "NotReady" } else { waits })
        .with("restarts", container.map_or(0, Container::restarts));
    let mut finding = finding
        .evidence(
            fact,
            format!("pod {} status", pod_name(pod)),
            Some(case.now),
        )
        .hits([owner_of(pod)])
        .explains(BROKEN)
        .affected(callers.len());
    if let Some((caller, line)) = callers.first() {
        let said = Message::new("fact-caller-says")
            .with("caller", &caller.name)
            .with("line", line);
        finding = finding.evidence(said, format!("{} log", caller.label()), None);
    }
    finding.hits(callers.into_iter().map(|(caller, _)| caller))
}
