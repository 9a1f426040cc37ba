//! No node has enough left of what the pod requests: CPU, memory, GPUs, ephemeral storage, places.

use k8s_openapi::api::core::v1::Node;

use super::Unplaced;
use super::nodes::name;
use super::peers::wants;
use super::table::Sieve;
use crate::finding::{Cause, Finding, Fix, Kind, Subject};
use crate::investigation::judge::facts::{argument, has_rollouts, kubectl};
use crate::investigation::judge::resources::{Resource, Room};
use crate::text::Message;

/// What is known of the nodes that could take the pod.
#[derive(Clone, Copy)]
enum Known {
    /// None of them has the resource at all.
    Absent,
    /// None is large enough, even empty.
    TooBig,
    /// What is free on each.
    Free,
    /// How large each is.
    Size,
    /// They were not read.
    Nothing,
}

/// Judges a pod that finds no room, with the numbers that prove it.
pub(super) fn judge(unplaced: &Unplaced<'_>, sieve: &Sieve<'_>, strength: f64) -> Finding {
    let candidates = &sieve.ready;
    let resource = scarcest(unplaced, candidates);
    let requested = resource.requested(unplaced.pod);
    let mut rooms = resource.rooms(unplaced.case, candidates);
    // Room that is there contradicts the scheduler: what is free has changed since, or is not all known.
    if rooms.iter().any(|room| room.free >= Some(requested)) {
        for room in &mut rooms {
            room.free = None;
        }
    }
    let (known, shown) = known(resource, candidates, requested, &rooms);
    // How many pods a node takes says more than that it takes no more.
    let whole = resource.name() == "pods" || matches!(known, Known::TooBig);
    let amount = |room: &Room<'_>| match known {
        _ if whole => room.allocatable,
        _ => room.free.unwrap_or(room.allocatable),
    };
    let mut summary = Message::new(sentence(resource, known))
        .with("requested", resource.amount(requested))
        .with("resource", resource.name());
    if let Some(room) = shown {
        summary = summary
            .with("node", name(room.node))
            .with("room", resource.amount(amount(room)));
    }
    let finding = unplaced.finding(cause(resource), strength, summary);
    let finding = unplaced.ruled_out(room_facts(unplaced, finding, resource, requested, &rooms));
    let finding = absent_fact(unplaced, finding, resource, candidates, known);
    // A node that is down took its room with it: its own finding explains this one.
    let down = sieve.down.iter();
    let down = down.map(|node| Subject::cluster(Kind::Node, name(node)));
    let fitting = shown.map(amount).filter(|room| *room > 0);
    finding
        .blames(down)
        .fix(less(unplaced, resource, requested, fitting, known))
}

fn cause(resource: Resource<'_>) -> Cause {
    match resource {
        Resource::Cpu => Cause::InsufficientCpu,
        Resource::Memory => Cause::InsufficientMemory,
        Resource::Other(_) => Cause::InsufficientOther,
    }
}

fn known<'r, 'a>(
    resource: Resource<'_>,
    candidates: &[&Node],
    requested: u64,
    rooms: &'r [Room<'a>],
) -> (Known, Option<&'r Room<'a>>) {
    let largest = rooms.iter().max_by_key(|room| room.allocatable);
    let freest = rooms
        .iter()
        .filter(|room| room.free.is_some())
        .max_by_key(|room| room.free);
    let offered = largest.is_some_and(|room| room.allocatable > 0);
    if matches!(resource, Resource::Other(_)) && !candidates.is_empty() && !offered {
        return (Known::Absent, None);
    }
    match (largest, freest) {
        (Some(room), _) if requested > room.allocatable => (Known::TooBig, Some(room)),
        (_, Some(room)) => (Known::Free, Some(room)),
        (Some(room), None) => (Known::Size, Some(room)),
        (None, None) => (Known::Nothing, None),
    }
}

fn sentence(resource: Resource<'_>, known: Known) -> &'static str {
    match (resource, known) {
        (Resource::Cpu, Known::TooBig) => "cause-insufficient-cpu-too-big",
        (Resource::Cpu, Known::Free) => "cause-insufficient-cpu-free",
        (Resource::Cpu, Known::Size) => "cause-insufficient-cpu-allocatable",
        (Resource::Cpu, _) => "cause-insufficient-cpu",
        (Resource::Memory, Known::TooBig) => "cause-insufficient-memory-too-big",
        (Resource::Memory, Known::Free) => "cause-insufficient-memory-free",
        (Resource::Memory, Known::Size) => "cause-insufficient-memory-allocatable",
        (Resource::Memory, _) => "cause-insufficient-memory",
        (Resource::Other("pods"), Known::Free | Known::Size) => "cause-insufficient-other-pods",
        (Resource::Other(_), Known::Absent) => "cause-insufficient-other-absent",
        (Resource::Other(_), Known::TooBig) => "cause-insufficient-other-too-big",
        (Resource::Other(_), Known::Free) => "cause-insufficient-other-free",
        (Resource::Other(_), Known::Size) => "cause-insufficient-other-allocatable",
        (Resource::Other(_), Known::Nothing) => "cause-insufficient-other",
    }
}

/// The resource that rules out most nodes, else the one that is asked for more of what there is.
fn scarcest<'a>(unplaced: &'a Unplaced<'_>, candidates: &[&Node]) -> Resource<'a> {
    let scarcity = |resource: Resource<'_>| {
        let rooms = resource.rooms(unplaced.case, candidates);
        let most = rooms
            .iter()
            .map(|room| room.free.unwrap_or(room.allocatable))
            .max();
        let asked = resource.requested(unplaced.pod).saturating_mul(1000);
        asked / most.unwrap_or(1).max(1)
    };
    let wanted = wants(unplaced.pod);
    // The scheduler's words may be about an older template: what the pod does not ask for is not it.
    let lacking = unplaced.reasons.lacking().map(|(name, count)| {
        let resource = Resource::named(name);
        let asked = wanted.contains(&name);
        (asked, count, scarcity(resource), resource)
    });
    let most = lacking.max_by_key(|(asked, count, scarcity, _)| (*asked, *count, *scarcity));
    most.map_or(Resource::Cpu, |(_, _, _, resource)| resource)
}

/// Requested against the nodes that could take the pod.
fn room_facts(
    unplaced: &Unplaced<'_>,
    finding: Finding,
    resource: Resource<'_>,
    requested: u64,
    rooms: &[Room<'_>],
) -> Finding {
    let best = rooms
        .iter()
        .max_by_key(|room| (room.free, room.allocatable));
    let Some(best) = best else {
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
    let source = format!("node {} status.allocatable", name(best.node));
    finding.evidence(fact, source, Some(unplaced.case.now))
}

/// No node has the resource: its device plugin does not run, or it is the wrong pool.
fn absent_fact(
    unplaced: &Unplaced<'_>,
    finding: Finding,
    resource: Resource<'_>,
    candidates: &[&Node],
    known: Known,
) -> Finding {
    if !matches!(known, Known::Absent) {
        return finding;
    }
    let fact = Message::new("fact-resource-absent")
        .with("resource", resource.name())
        .with("candidates", candidates.len());
    finding.evidence(fact, "nodes status.allocatable", Some(unplaced.case.now))
}

/// Ask for less (what fits, as a judgement), or give the cluster more room.
fn less(
    unplaced: &Unplaced<'_>,
    resource: Resource<'_>,
    requested: u64,
    fitting: Option<u64>,
    known: Known,
) -> Fix {
    let subject = unplaced.workload.subject.clone();
    let why = Message::new(why(resource, known)).with("resource", resource.name());
    if resource.name() == "pods" {
        return Fix::new(subject, "", why).command("kubectl get nodes");
    }
    let field = format!("resources.requests.{}", resource.name());
    let fix = Fix::new(subject.clone(), field, why);
    // One container: its request is the pod's. Several: which one to cut is not ours to say.
    let spec = unplaced.pod.spec.as_ref();
    let alone = spec.is_some_and(|spec| spec.containers.len() == 1);
    let round = match resource {
        Resource::Cpu => 50,
        Resource::Other(name) if !name.contains("storage") => 1,
        _ => 64 << 20,
    };
    let to = fitting
        .map(|room| room / round * round)
        .filter(|room| alone && *room > 0 && *room < requested);
    let shown = |value: u64| resource.show(value);
    let fix = fix.change(Some(shown(requested)), to.map(shown));
    // `kubectl set resources` sets requests alone; extended resources need limits too.
    let settable = matches!(resource, Resource::Cpu | Resource::Memory);
    match to {
        Some(to) if settable && has_rollouts(&subject) => fix.command(format!(
            "{} set resources {} --requests={}={}",
            kubectl(&subject),
            argument(&subject),
            resource.name(),
            shown(to)
        )),
        _ => fix,
    }
}

fn why(resource: Resource<'_>, known: Known) -> &'static str {
    match (resource, known) {
        (Resource::Other("pods"), _) => "why-places-full",
        (_, Known::Absent) => "why-resource-absent",
        (_, Known::TooBig) => "why-request-too-big",
        _ => "why-nodes-full",
    }
}
