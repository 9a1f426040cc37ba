//! What Jenkins says of the jobs that bring the object asked about, and `SonarQube` of its quality gate: only where the
//! question is about a delivery, or an image is not there. Each of the two is waited for a while; what was read by then is kept.

mod choose;
mod jenkins;
mod sonar;

use std::time::{Duration, Instant};

use self::choose::Wanted;
use super::Reader;
use crate::clients::jenkins::Jenkins;
use crate::clients::sonarqube::SonarQube;
use crate::clients::web::WebError;
use crate::finding::{Kind, LedgerStatus, Subject, Symptom};
use crate::investigation::case::{
    Case, Gap, Gates, Pipelines, Scope, Workload, containers, workloads,
};

pub use self::jenkins::job_named;

/// Workloads of a wide question whose jobs are looked for.
const WORKLOADS: usize = 100;

/// The tools of the delivery chain outside the cluster.
#[derive(Clone, Default)]
pub struct Ci {
    /// Jenkins, when there is one.
    pub jenkins: Option<Jenkins>,
    /// `SonarQube`, when there is one.
    pub sonarqube: Option<SonarQube>,
}

/// Reads Jenkins, then what a failed stage makes interesting of `SonarQube`.
pub async fn pipelines(reader: &Reader, case: &mut Case) {
    if !is_wanted(case) {
        return;
    }
    let ci = &reader.sources.ci;
    let delivery = case.pipelines.asked || case.symptoms.contains(&Symptom::DeployFailed);
    if ci.jenkins.is_none() && !delivery {
        return;
    }
    let wanted = wanted(case);
    let mut found = Pipelines {
        asked: case.pipelines.asked,
        ..Pipelines::default()
    };
    match &ci.jenkins {
        Some(jenkins) => from_jenkins(reader, jenkins, &wanted, &mut found).await,
        None => reader.not_configured("jenkins"),
    }
    case.pipelines.merge(found);
    if !sonar::is_wanted(case) {
        return;
    }
    let mut gates = Gates::default();
    match &ci.sonarqube {
        Some(sonarqube) => from_sonarqube(reader, sonarqube, case, &wanted, &mut gates).await,
        None => reader.not_configured("sonarqube"),
    }
    case.gates.gates.append(&mut gates.gates);
    case.gates.gap = case.gates.gap.take().or(gates.gap);
}

async fn from_jenkins(
    reader: &Reader,
    jenkins: &Jenkins,
    wanted: &[Wanted],
    found: &mut Pipelines,
) {
    let mut reads = Reads::begin(reader, "jenkins");
    let patience = reads.patience;
    let read = tokio::time::timeout(patience, jenkins::read(&mut reads, jenkins, wanted, found));
    let ended = read.await.unwrap_or(Err(WebError::TimedOut(patience)));
    found.gap = reads.end(ended, found.jobs.len());
}

async fn from_sonarqube(
    reader: &Reader,
    sonarqube: &SonarQube,
    case: &Case,
    wanted: &[Wanted],
    found: &mut Gates,
) {
    let mut reads = Reads::begin(reader, "sonarqube");
    let patience = reads.patience;
    let read = sonar::read(&mut reads, sonarqube, case, wanted, found);
    let ended = tokio::time::timeout(patience, read).await;
    let ended = ended.unwrap_or(Err(WebError::TimedOut(patience)));
    found.gap = reads.end(ended, found.gates.len());
}

/// Whether the question is about a delivery, or the image of what it is about cannot be pulled.
fn is_wanted(case: &Case) -> bool {
    case.pipelines.asked
        || case.symptoms.contains(&Symptom::DeployFailed)
        || case
            .pods
            .iter()
            .flat_map(containers)
            .any(|one| is_not_pulled(one.waiting()))
}

fn is_not_pulled(waiting: Option<(&str, &str)>) -> bool {
    waiting.is_some_and(|(reason, _)| matches!(reason, "ImagePullBackOff" | "ErrImagePull"))
}

/// Under which names jobs are looked for.
fn wanted(case: &Case) -> Vec<Wanted> {
    let all = workloads(case);
    let of = |workload: &Workload<'_>| Wanted {
        of: workload.subject.name.clone(),
        names: names(workload),
        red_only: true,
    };
    match &case.scope {
        Scope::Object(subject) if subject.kind == Kind::JenkinsJob => vec![Wanted {
            of: subject.name.clone(),
            names: vec![subject.name.clone()],
            red_only: false,
        }],
        Scope::Object(subject) => vec![asked(&all, subject)],
        Scope::Namespaces(places) => {
            let here = all
                .iter()
                .filter(|one| places.iter().any(|place| place == one.namespace()));
            here.take(WORKLOADS).map(of).collect()
        }
        Scope::Cluster => all.iter().take(WORKLOADS).map(of).collect(),
    }
}

/// The object's own name, and what the image of its workload is called.
fn asked(all: &[Workload<'_>], subject: &Subject) -> Wanted {
    let own = all
        .iter()
        .find(|one| one.subject.name == subject.name && one.subject.namespace == subject.namespace);
    Wanted {
        of: subject.name.clone(),
        names: own.map_or_else(|| vec![subject.name.clone()], names),
        red_only: false,
    }
}

fn names(workload: &Workload<'_>) -> Vec<String> {
    let mut names = vec![workload.subject.name.clone()];
    let pods = workload.pods.iter().take(1).flat_map(|pod| containers(pod));
    let main = pods.filter(|container| !container.init).take(1);
    names.extend(main.map(|container| choose::repository(container.image()).to_owned()));
    names
}

/// The reads of one tool: time, requests, and the line in the ledger.
pub(super) struct Reads<'a> {
    reader: &'a Reader,
    step: &'static str,
    started: Instant,
    patience: Duration,
    requests: u32,
    bytes: u64,
}

impl<'a> Reads<'a> {
    fn begin(reader: &'a Reader, step: &'static str) -> Self {
        Self {
            reader,
            step,
            started: Instant::now(),
            patience: reader.left().min(reader.sources.waits.pipelines),
            requests: 0,
            bytes: 0,
        }
    }

    /// Counts a request.
    fn count(&mut self) {
        self.requests += 1;
    }

    /// A text as it may be kept.
    fn clean(&mut self, text: &str) -> String {
        self.bytes += text.len() as u64;
        self.reader.sources.redactor.redact(text).into_owned()
    }

    /// Writes the line, and says why something is not known.
    fn end(self, result: Result<(), WebError>, count: usize) -> Option<Gap> {
        let ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let ledger = &self.reader.ledger;
        let Err(error) = result else {
            ledger.read(self.step, count, ms, self.requests, self.bytes);
            return None;
        };
        if count > 0 {
            let before = self.requests.saturating_sub(1);
            ledger.read(self.step, count, ms, before, self.bytes);
        }
        let status = status(&error);
        ledger.not_read(self.step, status, Some(error.to_string()), ms);
        Some(match status {
            LedgerStatus::NotPermitted => Gap::NotPermitted,
            _ => Gap::NoAnswer,
        })
    }
}

/// The ledger's word for an error. A page instead of the API is what somebody sees who is not logged in.
fn status(error: &WebError) -> LedgerStatus {
    match error {
        WebError::Forbidden(_) | WebError::Page => LedgerStatus::NotPermitted,
        WebError::Unreachable(_) | WebError::TimedOut(_) | WebError::Server(_) => {
            LedgerStatus::TimedOut
        }
        WebError::NotFound | WebError::Unreadable(_) => LedgerStatus::Problem,
    }
}
