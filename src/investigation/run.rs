//! Run: the rounds of one investigation under one deadline. Each round reads what the one before made
//! interesting; what is not read in time is said, and judged as unknown.

mod address;
mod advice;
mod alerted;
mod around;
mod dependencies;
mod found;
mod listen;
mod network;
mod picture;
mod several;
mod target;
mod topic;
mod undelivered;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use k8s_openapi::api::apps::v1::Deployment;
use tokio::time::Instant;

pub(super) use dependencies::pods_of;
use found::Found;
pub(super) use target::choose;
pub use target::{Chosen, Environment};
pub use topic::{gates_asked, pipelines_asked};

use super::case::{
    Case, Gates, Indicator, Pipelines, Scope, Workload, services_of, utc, workloads,
};
use super::gather::{self, Reader, Sources};
use crate::alert::{About, Alerted};
use crate::finding::{Diagnosis, Kind, Subject, Symptom};
use crate::intent::{Ask, Candidate, Want};

/// Default time an investigation may take.
pub const BUDGET: Duration = Duration::from_secs(15);

/// A rollout this long before a wide question may be its reason.
const SHORTLY: TimeDelta = TimeDelta::hours(2);

/// What is to be investigated.
#[derive(Clone, Debug)]
pub struct Question {
    /// What was asked, understood.
    pub ask: Ask,
    /// The object, when it is already chosen: by a button, by `--namespace` and a name, by an alert.
    pub chosen: Option<Subject>,
    /// Where to begin, when several alerts ask and nothing is chosen yet: they may be about several things.
    pub begin: Vec<About>,
    /// The environments that are set up, for their namespaces.
    pub environments: Vec<Environment>,
    /// The one that is meant where a question names none and its words fit in several.
    pub usual: Option<String>,
    /// Time for all reads.
    pub budget: Duration,
    /// The alert that asks, when it is one: its playbook comes first, and where nothing is chosen and no
    /// object is named, its row says what is looked at.
    pub alert: Option<Alerted>,
    /// Whether a picture is wanted where a curve says it faster: costs up to three more reads at the end.
    pub picture: bool,
}

impl Question {
    /// A question as asked, with the default budget.
    #[must_use]
    pub fn new(ask: Ask, environments: Vec<Environment>) -> Self {
        Self {
            ask,
            chosen: None,
            begin: Vec::new(),
            environments,
            usual: None,
            budget: BUDGET,
            alert: None,
            picture: true,
        }
    }
}

/// How an investigation ends.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// With a diagnosis, and the workloads that were seen with no replica ready: what decides whether a
    /// workload of high criticality calls the lead at once.
    Diagnosed(Box<Diagnosis>, Vec<Subject>),
    /// With a question back: several objects bear that name.
    Ambiguous(Vec<Candidate>),
}

/// A step that has begun, for those who watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The round, from 1.
    pub round: u32,
    /// What it reads: `target`, `objects`, `pods`, `logs`, `dependencies`.
    pub step: &'static str,
    /// What is looked at, once that is known.
    pub target: Option<Subject>,
}

/// Whoever wants to watch an investigation.
pub type Watch<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Investigates. Boxed: the rounds' futures are large, and callers hold several.
pub fn run<'a>(
    sources: Sources,
    question: &'a Question,
    now: DateTime<Utc>,
    watch: Watch<'a>,
) -> BoxFuture<'a, Outcome> {
    Box::pin(async move { run_keeping(sources, question, now, watch).await.0 })
}

/// As [`run`], and gives what was read too: to be kept as a case.
pub fn run_keeping<'a>(
    sources: Sources,
    question: &'a Question,
    now: DateTime<Utc>,
    watch: Watch<'a>,
) -> BoxFuture<'a, (Outcome, Case)> {
    Box::pin(rounds(sources, question, now, watch))
}

/// The case as the question opens it: nothing is read yet.
fn opened(question: &Question, reader: &Reader, now: DateTime<Utc>) -> Case {
    let mut case = Case {
        now,
        symptoms: question.ask.symptoms.clone(),
        review: question.ask.want == Want::Review,
        alert: question.alert.clone(),
        pipelines: Pipelines {
            asked: pipelines_asked(&question.ask),
            ..Pipelines::default()
        },
        gates: Gates {
            asked: gates_asked(&question.ask),
            ..Gates::default()
        },
        ..Case::default()
    };
    if case.symptoms.is_empty() {
        case.symptoms = advice::symptoms(&reader.sources.playbooks, &case);
    }
    case
}

async fn rounds(
    sources: Sources,
    question: &Question,
    now: DateTime<Utc>,
    watch: Watch<'_>,
) -> (Outcome, Case) {
    let started = Instant::now();
    let cluster = sources.kube.cluster().to_owned();
    let reader = Reader::new(sources, question.budget);
    let mut case = opened(question, &reader, now);
    watch(Progress {
        round: 1,
        step: "target",
        target: None,
    });
    let found = Found {
        question,
        now,
        started,
        cluster,
    };
    let outcome = match choose(&reader, &mut case, question).await {
        Chosen::Ambiguous(candidates) => Outcome::Ambiguous(candidates),
        Chosen::NotFound(nearest, None) => found.not_found(&reader, &nearest),
        Chosen::NotFound(nearest, Some(scope)) => {
            case.scope = scope;
            wide_rounds(&reader, &mut case, watch).await;
            found.instead(&reader, &case, &nearest)
        }
        Chosen::Several(subjects) => {
            for subject in &subjects {
                case.scope = Scope::Object(subject.clone());
                object_rounds(&reader, &mut case, subject, watch).await;
            }
            found.of_several(&reader, &mut case, &subjects)
        }
        Chosen::CouldNotLook(why) => found.could_not_look(&reader, &case, &why),
        Chosen::Object(subject) => {
            around::of_object(&reader, &mut case, &found, subject, watch).await
        }
        Chosen::Wide(scope) => {
            case.scope = scope;
            wide_rounds(&reader, &mut case, watch).await;
            if reader.ledger.unreachable() {
                let why = reader.ledger.first_reason().unwrap_or_default();
                found.could_not_look(&reader, &case, &why)
            } else if alerted::is_untied(&reader, &case, question) {
                found.untied(&reader, &case)
            } else {
                found.diagnosed(&reader, &case)
            }
        }
    };
    let outcome = match outcome {
        Outcome::Diagnosed(diagnosis, down) if question.picture => {
            Outcome::Diagnosed(picture::added(&reader, &case, diagnosis).await, down)
        }
        other => other,
    };
    (outcome, case)
}

/// Rounds 2 to 5 for one object.
async fn object_rounds(reader: &Reader, case: &mut Case, subject: &Subject, progress: Watch<'_>) {
    let say = |round, step| {
        progress(Progress {
            round,
            step,
            target: Some(subject.clone()),
        });
    };
    if subject.kind == Kind::Application {
        let namespaces = gather::application(reader, case, subject).await;
        return swept(reader, case, &namespaces, progress).await;
    }
    if is_seen_from_around(subject.kind) {
        // An alert names it, and what is wrong shows in what uses it.
        let namespaces: Vec<String> = subject.namespace.iter().cloned().collect();
        return swept(reader, case, &namespaces, progress).await;
    }
    if subject.kind == Kind::JenkinsJob {
        say(2, "pipeline");
        return gather::pipelines(reader, case).await;
    }
    say(2, "objects");
    gather::object(reader, case, subject).await;
    say(3, "pods");
    dependencies::pods_of(reader, case, subject).await;
    gather::jobs_of(reader, case, subject).await;
    numbers(reader, case).await;
    say(4, "logs");
    suspects(reader, case).await;
    say(5, "dependencies");
    network::elsewhere(reader, case).await;
    dependencies::follow(reader, case).await;
    callees(reader, case).await;
    network::look(reader, case).await;
    gather::behind(reader, case).await;
    gather::watching(reader, case).await;
    let settled = dependencies::is_settled(case);
    gather::delivery(reader, case, subject, settled).await;
    hooks(reader, case).await;
    gather::pipelines(reader, case).await;
    dependencies::of_builds(reader, case).await;
    if subject.kind == Kind::Node {
        // Last: who suffers there is told, and the logs of all of them are not read.
        gather::pods_on(reader, case, &subject.name).await;
    }
}

/// Objects without pods or endpoints of their own.
fn is_seen_from_around(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PersistentVolumeClaim
            | Kind::PersistentVolume
            | Kind::HorizontalPodAutoscaler
            | Kind::PodDisruptionBudget
            | Kind::ResourceQuota
    )
}

/// The logs of failed hooks: they are known only when a failed delivery was looked at.
async fn hooks(reader: &Reader, case: &mut Case) {
    let read = |case: &Case, pod: &str| case.logs.iter().any(|log| log.pod == pod);
    let mut wanted = gather::suspicious(case, false);
    wanted.retain(|one| !read(case, &one.pod));
    gather::logs_of(reader, case, &wanted).await;
}

/// The indicators of what a slow or failing workload calls: it may only be waiting.
async fn callees(reader: &Reader, case: &mut Case) {
    let waits = [Symptom::Slow, Symptom::Errors, Symptom::Unavailable];
    if !waits.iter().any(|one| case.symptoms.contains(one)) {
        return;
    }
    let near = super::case::reach(case).into_iter();
    let called =
        near.filter(|(subject, hops)| (1..=2).contains(hops) && subject.kind.is_workload());
    let called: Vec<Subject> = called.map(|(subject, _)| subject).take(3).collect();
    for workload in called {
        gather::indicators(reader, case, &workload).await;
    }
}

/// The indicators of the workloads asked about and the queries of the playbooks, at the same time.
async fn numbers(reader: &Reader, case: &mut Case) {
    let (now, workloads) = (case.now, asked(case));
    let wanted = advice::measures(&reader.sources.playbooks, case);
    let indicators = async {
        for workload in workloads {
            gather::indicators(reader, case, &workload).await;
        }
    };
    let ((), measured) = futures::join!(indicators, gather::measures(reader, now, &wanted));
    case.measured = measured;
}

/// The workloads the question is about, by now.
fn asked(case: &Case) -> Vec<Subject> {
    let reached = super::case::reach(case);
    let own = reached
        .into_iter()
        .filter(|(subject, hops)| *hops == 0 && subject.kind.is_workload());
    own.map(|(subject, _)| subject).take(2).collect()
}

/// What round 3 made suspicious: logs, nodes, claims. A slow or failing object that looks well gets
/// its current log read too: that is where it complains about what it calls.
async fn suspects(reader: &Reader, case: &mut Case) {
    let mut wanted = gather::suspicious(case, false);
    if wanted.is_empty() && matches!(case.scope, Scope::Object(_)) {
        wanted = gather::suspicious(case, true);
        wanted.truncate(2);
    }
    gather::logs_of(reader, case, &wanted).await;
    gather::webhooks(reader, case).await;
    if case.nodes.is_empty() {
        gather::nodes(reader, case).await;
    }
    let waiting = case.pods.iter().any(|pod| {
        let Some(spec) = &pod.spec else { return true };
        let claim =
            |volume: &k8s_openapi::api::core::v1::Volume| volume.persistent_volume_claim.is_some();
        let mounts = spec.volumes.iter().flatten().any(claim);
        spec.node_name.is_none() || (mounts && !super::case::is_ready(pod))
    });
    if let (Scope::Object(subject), true) = (&case.scope, waiting) {
        let namespace = subject.namespace.clone().unwrap_or_default();
        gather::claims(reader, case, &namespace).await;
        gather::placement(reader, case).await;
    }
}

/// Rounds for a wide question: one sweep, then the suspicious ones.
async fn wide_rounds(reader: &Reader, case: &mut Case, progress: Watch<'_>) {
    let namespaces = match &case.scope {
        Scope::Namespaces(names) => names.clone(),
        _ => Vec::new(),
    };
    swept(reader, case, &namespaces, progress).await;
}

/// Reads everything in these namespaces (none: in the cluster), and looks closer at what is suspicious.
async fn swept(reader: &Reader, case: &mut Case, namespaces: &[String], progress: Watch<'_>) {
    progress(Progress {
        round: 2,
        step: "objects",
        target: None,
    });
    let numbers_of = gather::overview(reader, case.now, namespaces);
    let ((), overview) = futures::join!(gather::sweep(reader, case, namespaces), numbers_of);
    overview.keep(reader, case);
    gather::placement(reader, case).await;
    progress(Progress {
        round: 3,
        step: "logs",
        target: None,
    });
    let wanted = gather::suspicious(case, false);
    numbers(reader, case).await;
    gather::logs_of(reader, case, &wanted).await;
    gather::webhooks(reader, case).await;
    let wanted = worth_revisions(case);
    gather::revisions(reader, case, wanted).await;
    network::look(reader, case).await;
    gather::behind(reader, case).await;
    gather::watching(reader, case).await;
    gather::delivery_of_all(reader, case, namespaces).await;
    gather::pipelines(reader, case).await;
    listen::to_all(reader, case).await;
    network::outward(reader, case).await;
}

/// Deployments of a sweep whose revisions are read.
const REVISIONS: usize = 6;

/// Selectors of the Deployments that are not as they should be, then of those that changed last.
fn worth_revisions(case: &Case) -> Vec<(String, BTreeMap<String, String>)> {
    let mut all: Vec<_> = case
        .deployments
        .iter()
        .filter(|one| is_short(one) || rolled_out(one).is_some_and(|at| case.now - at <= SHORTLY))
        .collect();
    all.sort_by_key(|one| {
        std::cmp::Reverse((is_short(one) || is_worse(case, one), rolled_out(one)))
    });
    let selector = |deployment: &Deployment| {
        Some((
            deployment.metadata.namespace.clone()?,
            deployment.spec.selector.match_labels.clone()?,
        ))
    };
    all.into_iter()
        .filter_map(selector)
        .take(REVISIONS)
        .collect()
}

/// Whether its answers are slower or fail more than twice as much as usual.
fn is_worse(case: &Case, deployment: &Deployment) -> bool {
    let meta = &deployment.metadata;
    case.readings.iter().any(|one| {
        let own = meta.name.as_ref() == Some(&one.workload)
            && meta.namespace.as_ref() == Some(&one.namespace);
        let tells = matches!(one.indicator, Indicator::LatencyP99 | Indicator::ErrorRate);
        own && tells && one.normal().is_some_and(|normal| one.now > normal * 2.0)
    })
}

fn is_short(deployment: &Deployment) -> bool {
    let wanted = deployment.spec.replicas.unwrap_or(1);
    let status = deployment.status.as_ref();
    let available = status
        .and_then(|status| status.available_replicas)
        .unwrap_or_default();
    available < wanted
        || status.is_some_and(|status| status.updated_replicas.unwrap_or_default() < wanted)
}

/// When its last rollout moved: the controller updates `Progressing` then (Deployment API reference).
fn rolled_out(deployment: &Deployment) -> Option<DateTime<Utc>> {
    let conditions = deployment.status.as_ref()?.conditions.as_ref()?;
    let progressing = conditions
        .iter()
        .find(|it| it.type_.as_deref() == Some("Progressing"))?;
    progressing.last_update_time.as_ref().map(utc)
}

/// Names of the Services in the case that belong to a workload: they select it, or bear its name.
pub(super) fn services_near(case: &Case, workload: &Workload<'_>) -> Vec<String> {
    let selecting = services_of(case, workload)
        .into_iter()
        .filter_map(|service| service.metadata.name.clone());
    let mut names: Vec<String> = selecting.collect();
    let same = case
        .services
        .look(workload.namespace(), &workload.subject.name)
        .found();
    names.extend(same.and_then(|service| service.metadata.name.clone()));
    names.sort();
    names.dedup();
    names
}

/// The workload of that subject, among those read.
pub(super) fn workload_of<'a>(case: &'a Case, subject: &Subject) -> Option<Workload<'a>> {
    workloads(case)
        .into_iter()
        .find(|workload| workload.subject.same_object(subject))
}

/// Workloads that want replicas and have none ready. Only those whose pods were read count: pods that
/// could not be read are not unready.
fn without_ready_replica(case: &Case) -> Vec<Subject> {
    let down = |workload: &Workload<'_>| {
        let namespace = workload.namespace();
        let known = case.pods.knows_selected(namespace, workload.labels());
        known
            && workload.subject.kind != Kind::Job
            && workload.wanted() > 0
            && workload.ready() == 0
    };
    let all = workloads(case).into_iter().filter(down);
    all.map(|workload| workload.subject).collect()
}
