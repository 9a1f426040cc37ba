//! Which of the scheduler's reasons a person must change, with the numbers that prove it.

use std::cmp::Ordering;

use k8s_openapi::api::core::v1::{Node, PodSpec, Taint};

use super::Unplaced;
use super::nodes::{
    has_affinity, is_condition, is_control_plane, is_out, is_selected, name, untolerated, values,
};
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::case::{show_bytes, show_millicores};
use crate::investigation::judge::facts::{argument, has_rollouts, kubectl};
use crate::investigation::judge::resources::{Resource, Room};
use crate::text::Message;

/// Values nearer than this are taken for what was meant.
const NEAR: f64 = 0.85;

/// Judges one workload whose pods wait for a node. The order: a resource (the node passed every
/// earlier test), then a taint on the very nodes the pod selects, then labels, then taints.
pub(super) fn judge(unplaced: &Unplaced<'_>) -> Option<Finding> {
    let spec = unplaced.pod.spec.as_ref()?;
    // Some nodes say nothing about the rest: numbers are given only where all were read.
    let all_known = unplaced.case.nodes.knows("");
    let nodes: Vec<&Node> = unplaced.case.nodes.iter().filter(|_| all_known).collect();
    let reasons = &unplaced.reasons;
    let found = if reasons.cpu > 0 || reasons.memory > 0 {
        Some(insufficient(unplaced, spec, &nodes))
    } else {
        let meant = reasons.taint > 0 && selects_tainted(unplaced, spec, &nodes);
        let labels = (reasons.selector > 0 && !meant)
            .then(|| selector(unplaced, spec, &nodes))
            .flatten();
        labels.or_else(|| {
            (reasons.taint > 0)
                .then(|| taint(unplaced, spec, &nodes))
                .flatten()
        })
    }?;
    Some(unplaced.with_replicas(found))
}

/// Nodes that could take the pod if they had room: selected, tolerated, and not out of order.
fn candidates<'a>(unplaced: &Unplaced<'_>, spec: &PodSpec, nodes: &[&'a Node]) -> Vec<&'a Node> {
    let fits = |node: &&&Node| {
        untolerated(node, spec).is_none()
            && !is_out(node)
            && is_selected(node, spec)
            && has_affinity(node, unplaced.pod)
    };
    nodes.iter().filter(fits).copied().collect()
}

fn insufficient(unplaced: &Unplaced<'_>, spec: &PodSpec, nodes: &[&Node]) -> Finding {
    let candidates = candidates(unplaced, spec, nodes);
    let resource = scarcest(unplaced, &candidates);
    let lacking = match resource {
        Resource::Cpu => Cause::InsufficientCpu,
        Resource::Memory => Cause::InsufficientMemory,
    };
    let requested = resource.requested(unplaced.pod);
    let rooms = resource.rooms(unplaced.case, &candidates);
    let largest = rooms.iter().max_by_key(|room| room.allocatable);
    let freest = rooms
        .iter()
        .filter(|room| room.free.is_some())
        .max_by_key(|room| room.free);
    let too_big = largest.is_some_and(|room| requested > room.allocatable);
    let known = match (too_big, freest, largest) {
        (true, ..) => Known::TooBig,
        (false, Some(_), _) => Known::Free,
        (false, None, Some(_)) => Known::Size,
        (false, None, None) => Known::Nothing,
    };
    let shown = if too_big { largest } else { freest.or(largest) };
    let amount = |room: &Room<'_>| room.free.filter(|_| !too_big).unwrap_or(room.allocatable);
    let mut summary =
        Message::new(sentence(resource, known)).with("requested", resource.amount(requested));
    if let Some(room) = shown {
        summary = summary
            .with("node", name(room.node))
            .with("room", resource.amount(amount(room)));
    }
    let finding = unplaced.finding(lacking, 0.95, summary);
    let finding = ruled_out(
        unplaced,
        room_facts(unplaced, finding, resource, requested, &rooms),
    );
    let fitting = shown.map(amount).filter(|room| *room > 0);
    // A node that is down took its room with it: its own finding explains this one.
    let down = nodes.iter().filter(|node| is_not_ready(node));
    let down: Vec<Subject> = down
        .map(|node| Subject::cluster(Kind::Node, name(node)))
        .collect();
    finding
        .blames(down)
        .fix(less(unplaced, resource, requested, fitting, too_big))
}

/// What is known of the nodes that could take the pod.
#[derive(Clone, Copy)]
enum Known {
    /// None is large enough, even empty.
    TooBig,
    /// What is free on each.
    Free,
    /// How large each is.
    Size,
    /// They were not read.
    Nothing,
}

fn sentence(resource: Resource, known: Known) -> &'static str {
    match (resource, known) {
        (Resource::Cpu, Known::TooBig) => "cause-insufficient-cpu-too-big",
        (Resource::Cpu, Known::Free) => "cause-insufficient-cpu-free",
        (Resource::Cpu, Known::Size) => "cause-insufficient-cpu-allocatable",
        (Resource::Cpu, Known::Nothing) => "cause-insufficient-cpu",
        (Resource::Memory, Known::TooBig) => "cause-insufficient-memory-too-big",
        (Resource::Memory, Known::Free) => "cause-insufficient-memory-free",
        (Resource::Memory, Known::Size) => "cause-insufficient-memory-allocatable",
        (Resource::Memory, Known::Nothing) => "cause-insufficient-memory",
    }
}

/// CPU or memory: what rules out more nodes, else what is asked for more of what there is.
fn scarcest(unplaced: &Unplaced<'_>, candidates: &[&Node]) -> Resource {
    let reasons = &unplaced.reasons;
    let scarcity = |resource: Resource| {
        let rooms = resource.rooms(unplaced.case, candidates);
        let most = rooms
            .iter()
            .map(|room| room.free.unwrap_or(room.allocatable))
            .max();
        resource.requested(unplaced.pod).saturating_mul(1000) / most.unwrap_or(1).max(1)
    };
    let memory = match reasons.memory.cmp(&reasons.cpu) {
        Ordering::Greater => true,
        Ordering::Less => false,
        Ordering::Equal => scarcity(Resource::Memory) > scarcity(Resource::Cpu),
    };
    if memory {
        Resource::Memory
    } else {
        Resource::Cpu
    }
}

/// Requested against the nodes that could take the pod.
fn room_facts(
    unplaced: &Unplaced<'_>,
    finding: Finding,
    resource: Resource,
    requested: u64,
    rooms: &[Room<'_>],
) -> Finding {
    let Some(best) = rooms
        .iter()
        .max_by_key(|room| (room.free, room.allocatable))
    else {
        return finding;
    };
    let fact = match best.free {
        Some(free) => Message::new("fact-node-room-free").with("free", resource.amount(free)),
        None => Message::new("fact-node-room"),
    }
    .with("requested", resource.amount(requested))
    .with("allocatable", resource.amount(best.allocatable))
    .with("node", name(best.node))
    .with("resource", resource.name())
    .with("candidates", rooms.len());
    finding.evidence(
        fact,
        format!("node {} status.allocatable", name(best.node)),
        Some(unplaced.case.now),
    )
}

/// How many nodes each reason rules out.
fn ruled_out(unplaced: &Unplaced<'_>, finding: Finding) -> Finding {
    let reasons = &unplaced.reasons;
    let counted = [
        ("ruled-out-cpu", reasons.cpu),
        ("ruled-out-memory", reasons.memory),
        ("ruled-out-selector", reasons.selector),
        ("ruled-out-taint", reasons.taint),
        ("ruled-out-other", reasons.other),
    ];
    let parts: Vec<Message> = counted
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(id, count)| Message::new(*id).with("count", *count))
        .collect();
    let fact = Message::new("fact-nodes-ruled-out")
        .with("nodes", reasons.nodes)
        .with("reasons", parts);
    finding.evidence(fact, unplaced.source.as_str(), unplaced.at)
}

/// Ask for less (what fits, as a judgement), or give the cluster more room.
fn less(
    unplaced: &Unplaced<'_>,
    resource: Resource,
    requested: u64,
    fitting: Option<u64>,
    too_big: bool,
) -> Fix {
    let show = |value: u64| match resource {
        Resource::Cpu => show_millicores(value),
        Resource::Memory => show_bytes(value),
    };
    let why = if too_big {
        "why-request-too-big"
    } else {
        "why-nodes-full"
    };
    let subject = unplaced.workload.subject.clone();
    let field = format!("resources.requests.{}", resource.name());
    let fix = Fix::new(subject.clone(), field, Message::new(why));
    // One container: its request is the pod's. Several: which one to cut is not ours to say.
    let alone = unplaced
        .pod
        .spec
        .as_ref()
        .is_some_and(|spec| spec.containers.len() == 1);
    let round = match resource {
        Resource::Cpu => 50,
        Resource::Memory => 64 << 20,
    };
    let to = fitting
        .map(|room| room / round * round)
        .filter(|room| alone && *room > 0 && *room < requested);
    let fix = fix.change(Some(show(requested)), to.map(show));
    match to {
        Some(to) if has_rollouts(&subject) => fix.command(format!(
            "{} set resources {} --requests={}={}",
            kubectl(&subject),
            argument(&subject),
            resource.name(),
            show(to)
        )),
        _ => fix,
    }
}

fn is_not_ready(node: &Node) -> bool {
    let taints = node
        .spec
        .iter()
        .flat_map(|spec| spec.taints.iter().flatten());
    let down = [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ];
    taints
        .into_iter()
        .any(|taint| down.contains(&taint.key.as_str()))
}

/// Whether the pod selects nodes, and those it selects are the tainted ones.
fn selects_tainted(unplaced: &Unplaced<'_>, spec: &PodSpec, nodes: &[&Node]) -> bool {
    let picky = spec.node_selector.iter().flatten().next().is_some()
        || nodes.iter().any(|node| !has_affinity(node, unplaced.pod));
    picky
        && nodes.iter().any(|node| {
            is_selected(node, spec)
                && has_affinity(node, unplaced.pod)
                && untolerated(node, spec).is_some_and(|taint| !is_condition(&taint.key))
        })
}

/// No node carries the labels of the pod's `nodeSelector`. Required affinity is another cause.
fn selector(unplaced: &Unplaced<'_>, spec: &PodSpec, nodes: &[&Node]) -> Option<Finding> {
    let wanted = spec.node_selector.as_ref().filter(|it| !it.is_empty())?;
    if nodes.iter().any(|node| is_selected(node, spec)) {
        return None;
    }
    // The label that no node carries; when each is carried by some node, their combination is at fault.
    let carried = |key: &String, value: &String| {
        nodes.iter().any(|node| {
            let labels = node.metadata.labels.as_ref();
            labels.and_then(|labels| labels.get(key)) == Some(value)
        })
    };
    let (key, value) = wanted
        .iter()
        .find(|(key, value)| !carried(key, value))
        .or_else(|| wanted.iter().next())?;
    let strength = if nodes.is_empty() { 0.85 } else { 0.96 };
    let label = format!("{key}={value}");
    let summary = Message::new("cause-node-selector-mismatch").with("label", &label);
    let mut finding = ruled_out(
        unplaced,
        unplaced.finding(Cause::NodeSelectorMismatch, strength, summary),
    );
    let there = values(nodes, key);
    if !nodes.is_empty() {
        let fact = Message::new(if there.is_empty() {
            "fact-node-label-absent"
        } else {
            "fact-node-label-values"
        })
        .with("key", key)
        .with("values", there.clone())
        .with("nodes", nodes.len());
        finding = finding.evidence(fact, "nodes metadata.labels", Some(unplaced.case.now));
    }
    // Another value is offered only where it looks like what was meant.
    let nearness = |other: &&str| strsim::jaro_winkler(value, other);
    let near = there
        .into_iter()
        .max_by(|a, b| nearness(a).total_cmp(&nearness(b)))
        .filter(|best| nearness(best) >= NEAR);
    let subject = unplaced.workload.subject.clone();
    let why = Message::new("why-node-selector").with("label", &label);
    let fix = Fix::new(subject, format!("nodeSelector.{key}"), why);
    Some(finding.fix(fix.change(Some(value), near)))
}

/// Every node that is left has a taint. Taints of a node's condition are that node's trouble.
fn taint(unplaced: &Unplaced<'_>, spec: &PodSpec, nodes: &[&Node]) -> Option<Finding> {
    let keeping: Vec<(&Node, &Taint)> = nodes
        .iter()
        .filter(|node| is_selected(node, spec) && has_affinity(node, unplaced.pod))
        .filter_map(|node| Some((*node, untolerated(node, spec)?)))
        .filter(|(_, taint)| !is_condition(&taint.key))
        .collect();
    let workers = keeping.iter().find(|(_, taint)| !is_control_plane(taint));
    let Some((node, taint)) = workers.or_else(|| keeping.first()) else {
        return taint_by_name(unplaced, nodes);
    };
    let label = show_taint(taint);
    let of_same = keeping
        .iter()
        .filter(|(_, other)| other.key == taint.key && other.value == taint.value)
        .count();
    // Nodes that are down may be the ones that would fit.
    let down: Vec<Subject> = nodes
        .iter()
        .filter(|node| is_not_ready(node))
        .map(|node| Subject::cluster(Kind::Node, name(node)))
        .collect();
    let strength = if down.is_empty() { 0.95 } else { 0.7 };
    let summary = Message::new("cause-taint-not-tolerated")
        .with("taint", &label)
        .with("count", of_same);
    let fact = Message::new("fact-node-taint")
        .with("node", name(node))
        .with("taint", &label)
        .with("count", of_same);
    let finding = unplaced
        .finding(Cause::TaintNotTolerated, strength, summary)
        .evidence(
            fact,
            format!("node {} spec.taints", name(node)),
            Some(unplaced.case.now),
        )
        .blames(down);
    Some(ruled_out(unplaced, finding).fix(tolerate(unplaced, &label)))
}

/// The nodes were not read: the scheduler's own words, where they name the taint.
fn taint_by_name(unplaced: &Unplaced<'_>, nodes: &[&Node]) -> Option<Finding> {
    let taints = &unplaced.reasons.taints;
    if !nodes.is_empty() {
        return None;
    }
    let key = taints.iter().find(|key| !is_condition(key))?;
    let summary = Message::new("cause-taint-not-tolerated")
        .with("taint", key)
        .with("count", unplaced.reasons.taint);
    let finding = unplaced.finding(Cause::TaintNotTolerated, 0.85, summary);
    Some(ruled_out(unplaced, finding).fix(tolerate(unplaced, key)))
}

fn tolerate(unplaced: &Unplaced<'_>, label: &str) -> Fix {
    let subject = unplaced.workload.subject.clone();
    let why = Message::new("why-taint").with("taint", label);
    Fix::new(subject, "tolerations", why).change(None::<String>, Some(label))
}

/// `dedicated=gpu:NoSchedule`, as kubectl writes it.
fn show_taint(taint: &Taint) -> String {
    match taint.value.as_deref().filter(|value| !value.is_empty()) {
        Some(value) => format!("{}={value}:{}", taint.key, taint.effect),
        None => format!("{}:{}", taint.key, taint.effect),
    }
}
