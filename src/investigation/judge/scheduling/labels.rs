//! No node carries the labels that the pod selects (`nodeSelector`) or requires (node affinity).

use k8s_openapi::api::core::v1::{Node, NodeSelectorRequirement, NodeSelectorTerm};

use super::Unplaced;
use super::nodes::{affinity_terms, fits, has_affinity, holds, is_selected, labels, values};
use super::table::Sieve;
use crate::finding::{Cause, Finding, Fix};
use crate::text::Message;

/// Values nearer than this are taken for what was meant.
const NEAR: f64 = 0.85;

/// The selector where no node has its labels, else the affinity, else the two together: then the
/// affinity is named, which leaves the nodes that the selector chose.
pub(super) fn judge(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>) -> Option<Finding> {
    let spec = unplaced.pod.spec.as_ref()?;
    let selecting = spec.node_selector.as_ref().is_some_and(|it| !it.is_empty());
    let selected = sieve.workers.iter().any(|node| is_selected(node, spec));
    let fitting = sieve
        .workers
        .iter()
        .any(|node| has_affinity(node, unplaced.pod));
    if selecting && !selected {
        return selector(unplaced, &sieve.workers);
    }
    if affinity_terms(unplaced.pod).is_some() && (!fitting || selecting) {
        return affinity(unplaced, &sieve.workers);
    }
    None
}

fn selector(unplaced: &Unplaced<'_>, nodes: &[&Node]) -> Option<Finding> {
    let wanted = unplaced.pod.spec.as_ref()?.node_selector.as_ref()?;
    // The label that no node carries; when each is carried by some node, their combination is at fault.
    let carried = |key: &String, value: &String| {
        nodes
            .iter()
            .any(|node| labels(node).get(key) == Some(value))
    };
    let (key, value) = wanted
        .iter()
        .find(|(key, value)| !carried(key, value))
        .or_else(|| wanted.iter().next())?;
    let strength = if nodes.is_empty() { 0.85 } else { 0.96 };
    let label = format!("{key}={value}");
    let summary = Message::new("cause-node-selector-mismatch").with("label", &label);
    let finding = unplaced.finding(Cause::NodeSelectorMismatch, strength, summary);
    let finding = label_fact(unplaced, unplaced.ruled_out(finding), nodes, key);
    let subject = unplaced.workload.subject.clone();
    let why = Message::new("why-node-selector").with("label", &label);
    let fix = Fix::new(subject, format!("nodeSelector.{key}"), why);
    Some(finding.fix(fix.change(Some(value), nearest(nodes, key, value))))
}

fn affinity(unplaced: &Unplaced<'_>, nodes: &[&Node]) -> Option<Finding> {
    let terms = affinity_terms(unplaced.pod)?;
    let (term, rule) = closest(terms, nodes)?;
    let strength = if nodes.is_empty() { 0.85 } else { 0.95 };
    let label = show(rule);
    let summary = Message::new("cause-node-affinity-mismatch").with("rule", &label);
    let finding = unplaced.finding(Cause::NodeAffinityMismatch, strength, summary);
    let finding = label_fact(unplaced, unplaced.ruled_out(finding), nodes, &rule.key);
    let first = rule.values.iter().flatten().next();
    let near = first.and_then(|value| nearest(nodes, &rule.key, value));
    let field = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
    let why = Message::new("why-node-affinity")
        .with("rule", &label)
        .with("expressions", expressions(term).count());
    let fix = Fix::new(unplaced.workload.subject.clone(), field, why);
    let to = near.filter(|_| rule.operator == "In");
    Some(finding.fix(fix.change(
        Some(label),
        to.map(|near| format!("{} In [{near}]", rule.key)),
    )))
}

/// The term that most nodes come near to, and the expression of it that holds for the fewest.
fn closest<'a>(
    terms: &'a [NodeSelectorTerm],
    nodes: &[&Node],
) -> Option<(&'a NodeSelectorTerm, &'a NodeSelectorRequirement)> {
    let held = |rule: &NodeSelectorRequirement| {
        let holds = |node: &&&Node| holds(rule, labels(node).get(&rule.key).map(String::as_str));
        nodes.iter().filter(holds).count()
    };
    let failing = |term: &&NodeSelectorTerm| expressions(term).filter(|it| held(it) == 0).count();
    let open = terms
        .iter()
        .filter(|term| !nodes.iter().any(|node| fits(node, term)));
    let term = open.min_by_key(failing).or_else(|| terms.first())?;
    let rule = expressions(term).min_by_key(|rule| held(rule))?;
    Some((term, rule))
}

fn expressions(term: &NodeSelectorTerm) -> impl Iterator<Item = &NodeSelectorRequirement> {
    term.match_expressions.iter().flatten()
}

/// `disktype In [ssd, nvme]`, as `kubectl describe` writes it.
fn show(rule: &NodeSelectorRequirement) -> String {
    let values = rule.values.clone().unwrap_or_default();
    if values.is_empty() {
        return format!("{} {}", rule.key, rule.operator);
    }
    format!("{} {} [{}]", rule.key, rule.operator, values.join(", "))
}

/// What the nodes carry instead.
fn label_fact(unplaced: &Unplaced<'_>, finding: Finding, nodes: &[&Node], key: &str) -> Finding {
    if nodes.is_empty() {
        return finding;
    }
    let there = values(nodes, key);
    let fact = Message::new(if there.is_empty() {
        "fact-node-label-absent"
    } else {
        "fact-node-label-values"
    })
    .with("key", key)
    .with("values", there)
    .with("nodes", nodes.len());
    finding.evidence(fact, "nodes metadata.labels", Some(unplaced.case.now))
}

/// Another value is offered only where it looks like what was meant.
fn nearest<'a>(nodes: &[&'a Node], key: &str, value: &str) -> Option<&'a str> {
    let nearness = |other: &&str| strsim::jaro_winkler(value, other);
    values(nodes, key)
        .into_iter()
        .max_by(|a, b| nearness(a).total_cmp(&nearness(b)))
        .filter(|best| nearness(best) >= NEAR)
}
