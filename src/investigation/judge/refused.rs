//! The API server refused an object because the namespace's quota is used up. The words stand in the
//! events of the controller that tried, and in the conditions of the `ReplicaSet` or Deployment.

mod bounds;
mod denied;
mod logged;
mod rbac;
mod rejected;
mod words;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use k8s_openapi::api::core::v1::Event;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

pub(super) use self::logged::full_for_clients;
use self::words::{Exceeded, Measure};
use super::facts::{is_finished, is_recent, kubectl, quote};
use super::resources::Resource;
use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{Facts, bytes, events_of, millicores, utc};
use crate::text::{Arg, Message};

/// What pods that the API server refuses explain.
const REFUSED: [Symptom; 8] = [
    Symptom::Unavailable,
    Symptom::DeployFailed,
    Symptom::NotReady,
    Symptom::Pending,
    Symptom::NotScaling,
    Symptom::Slow,
    Symptom::Errors,
    Symptom::JobFailed,
];

/// How many of the largest users are named.
const LARGEST: usize = 3;

/// One refusal: who was refused what, in whose words.
struct Refusal {
    /// Where the quota is.
    namespace: String,
    workload: Subject,
    exceeded: Vec<Exceeded>,
    words: String,
    source: String,
    at: Option<DateTime<Utc>>,
    since: Option<DateTime<Utc>>,
}

/// One quota line that is used up, and everyone it refuses.
struct Full {
    line: Exceeded,
    refusals: Vec<Refusal>,
}

/// One finding each namespace and kind of quota.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut full: BTreeMap<(String, Cause), Full> = BTreeMap::new();
    for refusal in refusals(case) {
        let namespace = refusal.namespace.clone();
        for line in &refusal.exceeded {
            let Some(exceeded) = line.measure().map(cause) else {
                continue;
            };
            if has_room(case, &namespace, line) {
                continue;
            }
            let entry = full
                .entry((namespace.clone(), exceeded))
                .or_insert_with(|| Full {
                    line: line.clone(),
                    refusals: Vec::new(),
                });
            let known = entry
                .refusals
                .iter()
                .any(|it| it.workload == refusal.workload);
            if !known {
                entry.refusals.push(refusal.copy());
            }
        }
    }
    let quotas = full
        .into_iter()
        .map(|((namespace, exceeded), full)| finding(case, &namespace, exceeded, &full));
    let others = denied::judge(case).into_iter().chain(rbac::judge(case));
    let others = others.chain(rejected::judge(case));
    quotas.chain(others).collect()
}

impl Refusal {
    fn copy(&self) -> Self {
        Self {
            namespace: self.namespace.clone(),
            workload: self.workload.clone(),
            exceeded: Vec::new(),
            words: self.words.clone(),
            source: self.source.clone(),
            ..*self
        }
    }
}

fn cause(measure: Measure) -> Cause {
    match measure {
        Measure::Cpu => Cause::QuotaExceededCpu,
        Measure::Memory => Cause::QuotaExceededMemory,
        Measure::Pods => Cause::QuotaExceededPods,
        Measure::Services => Cause::QuotaExceededServices,
        Measure::Storage => Cause::QuotaExceededStorage,
        Measure::Objects => Cause::QuotaExceededObjects,
    }
}

fn sentence(exceeded: Cause) -> &'static str {
    match exceeded {
        Cause::QuotaExceededCpu => "cause-quota-exceeded-cpu",
        Cause::QuotaExceededMemory => "cause-quota-exceeded-memory",
        Cause::QuotaExceededPods => "cause-quota-exceeded-pods",
        Cause::QuotaExceededServices => "cause-quota-exceeded-services",
        Cause::QuotaExceededStorage => "cause-quota-exceeded-storage",
        _ => "cause-quota-exceeded-objects",
    }
}

/// Everything that was refused and still is: conditions first, for they are of now.
fn refusals(case: &Facts<'_>) -> Vec<Refusal> {
    let mut all = by_condition(case);
    all.extend(by_event(case));
    all.extend(logged::by_log(case));
    all
}

fn by_condition(case: &Facts<'_>) -> Vec<Refusal> {
    let deployments = case.deployments.iter().flat_map(|object| {
        let status = object.status.as_ref();
        let conditions = status.and_then(|status| status.conditions.as_ref());
        conditions.into_iter().flatten().filter_map(|condition| {
            let failed = condition.type_.as_deref() == Some("ReplicaFailure")
                && condition.status.as_deref() == Some("True");
            let exceeded = words::exceeded(condition.message.as_deref().filter(|_| failed)?);
            let name = object.metadata.name.as_deref()?;
            let namespace = object.metadata.namespace.clone()?;
            Some(Refusal {
                workload: Subject::new(Kind::Deployment, &namespace, name),
                namespace,
                exceeded,
                words: condition.message.clone()?,
                source: format!("deployment {name} status.conditions[ReplicaFailure]"),
                at: Some(case.now),
                since: condition.last_transition_time.as_ref().map(utc),
            })
        })
    });
    deployments.filter(|it| !it.exceeded.is_empty()).collect()
}

fn by_event(case: &Facts<'_>) -> Vec<Refusal> {
    let mut seen: Vec<(&str, &str, &str)> = Vec::new();
    let mut found = Vec::new();
    let about = |event: &'_ Event| words::exceeded(event.message.as_deref().unwrap_or_default());
    for event in case.events.iter().filter(|event| !about(event).is_empty()) {
        let object = &event.involved_object;
        let kind = object.kind.as_deref().unwrap_or_default();
        let namespace = object.namespace.as_deref().unwrap_or_default();
        let name = object.name.as_deref().unwrap_or_default();
        if seen.contains(&(kind, namespace, name)) || !is_short(case, kind, namespace, name) {
            continue;
        }
        seen.push((kind, namespace, name));
        let Some(workload) = workload_of(case, kind, namespace, name) else {
            continue;
        };
        for view in events_of(case, kind, namespace, name) {
            let exceeded = words::exceeded(view.message);
            if exceeded.is_empty() || !is_recent(case, view.last) {
                continue;
            }
            found.push(Refusal {
                namespace: namespace.to_owned(),
                workload: workload.clone(),
                exceeded,
                words: view.message.to_owned(),
                source: format!("event {} {} {name}", view.reason, kind.to_ascii_lowercase()),
                at: view.last,
                since: view.first,
            });
        }
    }
    found
}

/// Whether the object still has fewer pods than it wants; true where that was not read.
fn is_short(case: &Facts<'_>, kind: &str, namespace: &str, name: &str) -> bool {
    match kind {
        "ReplicaSet" => case
            .replica_sets
            .look(namespace, name)
            .found()
            .is_none_or(|set| {
                let wanted = set.spec.replicas.unwrap_or(1);
                set.status
                    .as_ref()
                    .is_none_or(|status| status.replicas < wanted)
            }),
        "StatefulSet" => case
            .stateful_sets
            .look(namespace, name)
            .found()
            .is_none_or(|set| {
                let wanted = set.spec.replicas.unwrap_or(1);
                set.status
                    .as_ref()
                    .is_none_or(|status| status.replicas < wanted)
            }),
        _ => true,
    }
}

/// The object a person knows: the Deployment of a `ReplicaSet`, else the object itself.
fn workload_of(case: &Facts<'_>, kind: &str, namespace: &str, name: &str) -> Option<Subject> {
    let kind = Kind::parse(kind)?;
    if kind != Kind::ReplicaSet {
        return Some(Subject::new(kind, namespace, name));
    }
    let set = case.replica_sets.look(namespace, name).found();
    let owner = set.and_then(|set| {
        let mut owners = set.metadata.owner_references.iter().flatten();
        owners
            .find(|owner| owner.kind == "Deployment")
            .map(|owner| owner.name.as_str())
    });
    let by_name = || {
        let (stem, _) = name.rsplit_once('-')?;
        case.deployments.look(namespace, stem).found().map(|_| stem)
    };
    let deployment = owner.or_else(by_name);
    Some(deployment.map_or_else(
        || Subject::new(Kind::ReplicaSet, namespace, name),
        |deployment| Subject::new(Kind::Deployment, namespace, deployment),
    ))
}

/// Whether the quota, as it stands now, would let the object in: then the refusal is history.
fn has_room(case: &Facts<'_>, namespace: &str, line: &Exceeded) -> bool {
    let Some(quota) = case.quotas.look(namespace, &line.quota).found() else {
        return false;
    };
    let status = quota.status.as_ref();
    let of = |map: Option<&BTreeMap<String, Quantity>>| line.number(&map?.get(&line.resource)?.0);
    let hard = of(status.and_then(|status| status.hard.as_ref()));
    let used = of(status.and_then(|status| status.used.as_ref()));
    let requested = line.number(&line.requested);
    match (hard, used, requested) {
        (Some(hard), Some(used), Some(requested)) => used + requested <= hard,
        _ => false,
    }
}

fn finding(case: &Facts<'_>, namespace: &str, exceeded: Cause, full: &Full) -> Finding {
    let line = &full.line;
    let hits: Vec<Subject> = full.refusals.iter().map(|it| it.workload.clone()).collect();
    let names: Vec<&str> = hits.iter().map(|hit| hit.name.as_str()).collect();
    let first = &full.refusals[0];
    let args = |message: Message| {
        message
            .with("namespace", namespace)
            .with("quota", &line.quota)
            .with("resource", &line.resource)
            .with("requested", &line.requested)
            .with("used", &line.used)
            .with("hard", &line.limited)
    };
    let summary = args(Message::new(sentence(exceeded))).with("workloads", names);
    let subject = Subject::cluster(Kind::Namespace, namespace);
    let mut finding = Finding::new(exceeded, subject, 0.97, summary)
        .evidence(
            Message::new("fact-api-refused").with("line", quote(&first.words)),
            first.source.as_str(),
            first.at,
        )
        .evidence(
            args(Message::new("fact-quota")),
            format!("resourcequota {namespace}/{}", line.quota),
            Some(case.now),
        )
        .explains(REFUSED)
        .since(full.refusals.iter().filter_map(|it| it.since).min())
        .affected(missing_pods(case, full));
    if let Some(users) = largest_users(case, namespace, line) {
        let fact = Message::new("fact-quota-users")
            .with("resource", &line.resource)
            .with("users", users);
        finding = finding.evidence(fact, format!("pods in {namespace}"), Some(case.now));
    }
    finding
        .hits(hits)
        .fix(fix(namespace, line, missing_pods(case, full)))
}

/// How many pods the refused workloads lack; at least one each.
fn missing_pods(case: &Facts<'_>, full: &Full) -> usize {
    let all = case.workloads();
    let lacking = |refusal: &Refusal| {
        let workload = all.iter().find(|it| it.subject == refusal.workload);
        workload.map_or(1, |it| it.wanted().saturating_sub(it.pods.len()).max(1))
    };
    full.refusals.iter().map(lacking).sum()
}

/// Who requests most of it; only where every pod of the namespace is known.
fn largest_users(case: &Facts<'_>, namespace: &str, line: &Exceeded) -> Option<Vec<Message>> {
    let resource = match (line.measure()?, line.resource.starts_with("limits.")) {
        (Measure::Cpu, false) => Resource::Cpu,
        (Measure::Memory, false) => Resource::Memory,
        _ => return None,
    };
    if !case.pods.knows(namespace) {
        return None;
    }
    let sums = case
        .workloads()
        .iter()
        .filter(|it| it.namespace() == namespace);
    let mut sums: Vec<(u64, String)> = sums
        .map(|it| {
            // The quota counts no pod that is done.
            let counted = it.pods.iter().filter(|pod| !is_finished(pod));
            let sum = counted.map(|pod| resource.requested(pod)).sum();
            (sum, it.subject.name.clone())
        })
        .filter(|(sum, _)| *sum > 0)
        .collect();
    sums.sort_by(|a, b| b.cmp(a));
    sums.truncate(LARGEST);
    let said = |(sum, name): (u64, String)| {
        Message::new("quota-user")
            .with("workload", name)
            .with("amount", resource.amount(sum))
    };
    (!sums.is_empty()).then(|| sums.into_iter().map(said).collect())
}

/// The quota that would let everyone in who was refused.
fn fix(namespace: &str, line: &Exceeded, missing: usize) -> Fix {
    let quota = Subject::new(Kind::ResourceQuota, namespace, &line.quota);
    let field = format!("spec.hard.{}", line.resource);
    let why = Message::new("why-quota").with("missing", Arg::from(missing));
    let fix = Fix::new(quota.clone(), field, why);
    let Some(wanted) = line.wanted(missing) else {
        return fix.change(Some(line.limited.as_str()), None::<String>);
    };
    let patch = serde_json::json!({"spec": {"hard": {line.resource.as_str(): wanted.as_str()}}});
    let command = format!(
        "{} patch resourcequota {} --type=merge -p '{patch}'",
        kubectl(&quota),
        line.quota
    );
    fix.change(Some(line.limited.as_str()), Some(wanted))
        .command(command)
}

/// A quantity of a quota in its smallest whole unit: millicores, bytes, or pieces.
fn number(quantity: &str, measure: Measure) -> Option<u64> {
    let quantity = Quantity(quantity.to_owned());
    match measure {
        Measure::Cpu => millicores(&quantity),
        _ => bytes(&quantity),
    }
}
