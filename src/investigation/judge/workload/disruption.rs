//! A disruption budget that lets nothing go, while a node with its pods is being drained.

use k8s_openapi::api::core::v1::{Node, Pod};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, labels_of, owner_of, selects, since, utc};
use crate::investigation::judge::facts::{is_live, kubectl};
use crate::text::{Arg, Message};

/// The taint that comes with a cordon (API reference, well-known taints).
const CORDONED: &str = "node.kubernetes.io/unschedulable";

/// Judges every budget that allows no disruption now.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let blocking = case
        .disruption_budgets
        .iter()
        .filter(|it| allowed(it) == Some(0));
    blocking.filter_map(|budget| blocks(case, budget)).collect()
}

fn allowed(budget: &PodDisruptionBudget) -> Option<i32> {
    // A status of an older spec says nothing yet.
    let status = budget.status.as_ref()?;
    let current = status.observed_generation == budget.metadata.generation
        || status.observed_generation.is_none()
        || budget.metadata.generation.is_none();
    // Zero is left out of what the API server writes in older versions.
    current.then(|| status.disruptions_allowed.unwrap_or_default())
}

#[expect(clippy::too_many_lines, reason = "one finding, told in one go")]
fn blocks(case: &Facts<'_>, budget: &PodDisruptionBudget) -> Option<Finding> {
    let namespace = budget.metadata.namespace.as_deref()?;
    let name = budget.metadata.name.as_deref()?;
    let labels = budget
        .spec
        .as_ref()?
        .selector
        .as_ref()?
        .match_labels
        .as_ref()?;
    let held: Vec<(&Pod, &Node)> = case
        .pods
        .within(namespace)
        .filter(|pod| is_live(pod) && selects(labels, labels_of(&pod.metadata)))
        .filter_map(|pod| Some((pod, cordoned(case, pod)?)))
        .collect();
    let (first, node) = held.first()?;
    let node_name = node.metadata.name.as_deref()?;
    let owner = owner_of(first);
    if owner.kind == Kind::DaemonSet {
        return None;
    }
    let at = since_when(node);
    let status = budget.status.as_ref()?;
    let healthy = status.current_healthy.unwrap_or_default();
    let expected = status.expected_pods.unwrap_or_default();
    let whole = healthy >= expected;
    let strength = if at.is_some_and(|at| since(case.now, at).num_minutes() < 3) {
        0.5
    } else {
        0.8
    };
    let subject = Subject::new(Kind::PodDisruptionBudget, namespace, name);
    let sentence = if whole {
        "cause-pdb-blocks-eviction"
    } else {
        "cause-pdb-blocks-eviction-unwell"
    };
    let summary = Message::new(sentence)
        .with("budget", name)
        .with("node", node_name)
        .with("workload", &owner.name)
        .with("pods", held.len())
        .with("healthy", healthy)
        .with("expected", expected);
    let fact = Message::new("fact-budget")
        .with("rule", rule(budget))
        .with("healthy", healthy)
        .with("desired", status.desired_healthy.unwrap_or_default())
        .with("expected", expected);
    let mut finding = Finding::new(Cause::PdbBlocksEviction, subject.clone(), strength, summary)
        .evidence(fact, format!("{} status", subject.label()), Some(case.now))
        .evidence(
            cordon(case, node_name, at, held.len()),
            format!("node {node_name} spec.unschedulable"),
            at.or(Some(case.now)),
        )
        .explains([Symptom::DeployFailed, Symptom::Pending])
        .since(at)
        .affected(held.len())
        .hits([owner.clone(), Subject::cluster(Kind::Node, node_name)])
        .fix(fix(budget, &subject, whole));
    if !whole {
        finding = finding.blames([owner]);
    }
    Some(finding)
}

fn cordoned<'a>(case: &'a Facts<'a>, pod: &Pod) -> Option<&'a Node> {
    let name = pod.spec.as_ref()?.node_name.as_deref()?;
    let node = case.nodes.look("", name).found()?;
    (node.spec.as_ref()?.unschedulable == Some(true)).then_some(node)
}

fn since_when(node: &Node) -> Option<chrono::DateTime<chrono::Utc>> {
    let taints = node.spec.as_ref()?.taints.as_ref()?;
    let taint = taints.iter().find(|taint| taint.key == CORDONED)?;
    taint.time_added.as_ref().map(utc)
}

fn cordon(
    case: &Facts<'_>,
    node: &str,
    at: Option<chrono::DateTime<chrono::Utc>>,
    pods: usize,
) -> Message {
    let id = if at.is_some() {
        "fact-cordoned-since"
    } else {
        "fact-cordoned"
    };
    let lasting = at.map_or(0, |at| since(case.now, at).num_seconds());
    Message::new(id)
        .with("node", node)
        .with("pods", pods)
        .with("lasting", Arg::Span(lasting))
}

/// `minAvailable: 2`, as the budget has it.
fn rule(budget: &PodDisruptionBudget) -> String {
    let shown = |value: &IntOrString| match value {
        IntOrString::Int(number) => number.to_string(),
        IntOrString::String(text) => text.clone(),
    };
    let spec = budget.spec.as_ref();
    let max = spec.and_then(|spec| spec.max_unavailable.as_ref());
    let min = spec.and_then(|spec| spec.min_available.as_ref());
    match (max, min) {
        (Some(max), _) => format!("maxUnavailable: {}", shown(max)),
        (None, Some(min)) => format!("minAvailable: {}", shown(min)),
        (None, None) => String::from("minAvailable: 1"),
    }
}

fn fix(budget: &PodDisruptionBudget, subject: &Subject, whole: bool) -> Fix {
    let command = format!("{} get pdb {} -o wide", kubectl(subject), subject.name);
    if !whole {
        let why = Message::new("why-pdb-unwell");
        return Fix::new(subject.clone(), "", why).command(command);
    }
    let rule = rule(budget);
    Fix::new(
        subject.clone(),
        "spec.maxUnavailable",
        Message::new("why-pdb-blocks-eviction"),
    )
    .change(Some(rule), Some("maxUnavailable: 1"))
    .command(command)
}
