//! An application that runs, is ready, and writes errors: what it writes most often, and whether it is new
//! since the revision before. Weak: an application may be loud and well, so it is said only where somebody
//! complains, and anything that explains errors comes before it.

use chrono::TimeDelta;

use super::{is_server, log_source};
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{
    Container, Facts, Level, LogRead, Record, Scope, Workload, containers, same_template, templates,
};
use crate::investigation::judge::facts::{is_live, pod_name, quote};
use crate::text::{Arg, Message};

/// Errors older than this are not what somebody complains about now.
const NOW: TimeDelta = TimeDelta::minutes(15);
/// Fewer of one sort are everyday noise.
const FEW: usize = 5;
/// What it proves where nobody named the workload.
const LEAD: f64 = 0.75;
/// Label by which the Deployment controller tells revisions apart.
const REVISION: &str = "pod-template-hash";

/// What somebody complains about who may mean these errors.
const COMPLAINTS: [Symptom; 3] = [Symptom::Errors, Symptom::MissingData, Symptom::Unavailable];

/// The workload that was asked about; of a wide question the one that is loudest, as a lead.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    if !case.symptoms.iter().any(|it| COMPLAINTS.contains(it)) {
        return Vec::new();
    }
    if !matches!(case.scope, Scope::Object(_)) {
        return loudest(case).into_iter().collect();
    }
    let own: Vec<_> = case.reach().iter().filter(|(_, hops)| *hops == 0).collect();
    let all = case.workloads();
    all.iter()
        .filter(|it| own.iter().any(|(near, _)| near.same_object(&it.subject)))
        .filter_map(|workload| of_workload(case, workload))
        .collect()
}

/// The workload with the most errors of one sort in a place where something fails.
fn loudest(case: &Facts<'_>) -> Option<Finding> {
    let all = case.workloads().iter();
    let loud = all.filter_map(|workload| {
        let (container, log, top) = most(case, workload)?;
        (!is_server(container.image())).then_some((workload, container, log, top))
    });
    let (workload, container, log, top) = loud.max_by_key(|(.., top)| top.count)?;
    let mut found = finding(case, workload, (&container, log, &top));
    found.strength *= LEAD;
    Some(found)
}

/// The container with the most errors of one sort.
fn of_workload(case: &Facts<'_>, workload: &Workload<'_>) -> Option<Finding> {
    let (container, log, top) = most(case, workload)?;
    Some(finding(case, workload, (&container, log, &top)))
}

fn most<'a>(
    case: &'a Facts<'a>,
    workload: &'a Workload<'a>,
) -> Option<(Container<'a>, &'a LogRead, Top<'a>)> {
    let pods = workload.pods.iter().filter(|pod| is_live(pod));
    let well = |it: &Container<'_>| it.ready() && it.running_since().is_some() && !it.is_proxy();
    let all = pods.flat_map(|pod| containers(pod)).filter(well);
    let loud = all.filter_map(|container| {
        let pod = pod_name(container.pod);
        let log = case.log(workload.namespace(), pod, container.name(), false)?;
        Some((container, log, top(case, log)?))
    });
    loud.max_by_key(|(_, _, top)| top.count)
}

/// The most frequent sort of error of now.
struct Top<'a> {
    text: String,
    count: usize,
    all: usize,
    record: &'a Record,
}

fn recent_errors<'a>(case: &Facts<'_>, log: &'a LogRead) -> Vec<&'a Record> {
    let recent = |it: &&Record| it.at.is_none_or(|at| case.now - at <= NOW);
    let loud = log.records.iter().filter(|it| it.level >= Level::Error);
    loud.filter(recent).collect()
}

fn top<'a>(case: &Facts<'_>, log: &'a LogRead) -> Option<Top<'a>> {
    let errors = recent_errors(case, log);
    let found = templates(errors.iter().map(|it| it.text.as_str()));
    let first = found.into_iter().next().filter(|it| it.count >= FEW)?;
    Some(Top {
        record: errors.get(first.last)?,
        count: first.count,
        all: errors.len(),
        text: first.text,
    })
}

/// Whether the pods of the revision before write the same; `None` where no such log was read.
fn is_new(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    container: &Container<'_>,
    top: &Top<'_>,
) -> Option<bool> {
    let revision = |pod: &k8s_openapi::api::core::v1::Pod| {
        pod.metadata.labels.as_ref()?.get(REVISION).cloned()
    };
    let own = revision(container.pod)?;
    let old = workload.pods.iter().find_map(|pod| {
        let created =
            |pod: &k8s_openapi::api::core::v1::Pod| pod.metadata.creation_timestamp.clone();
        let before =
            revision(pod).is_some_and(|it| it != own) && created(pod) < created(container.pod);
        case.log(workload.namespace(), pod_name(pod), container.name(), false)
            .filter(|_| before)
    })?;
    let known = templates(old.records.iter().map(|it| it.text.as_str()));
    Some(!known.iter().any(|it| same_template(&it.text, &top.text)))
}

fn finding(
    case: &Facts<'_>,
    workload: &Workload<'_>,
    (container, log, top): (&Container<'_>, &LogRead, &Top<'_>),
) -> Finding {
    let new = is_new(case, workload, container, top);
    let strength = match new {
        Some(true) => 0.74,
        None => 0.58,
        Some(false) => 0.42,
    };
    let new = match new {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let args = |message: Message| {
        message
            .with("workload", &workload.subject.name)
            .with("container", container.name())
            .with("count", top.count)
            .with("all", top.all)
            .with("span", Arg::Span(NOW.num_seconds()))
            .with("template", quote(&top.text))
            .with("new", new)
    };
    let subject = workload.subject.clone().container(container.name());
    let fix = Fix::new(
        subject.clone(),
        "",
        args(Message::new("why-application-errors-in-log")),
    );
    let summary = args(Message::new("cause-application-errors-in-log"));
    let says = Message::new("fact-log-says").with("line", quote(top.record.why()));
    Finding::new(Cause::ApplicationErrorsInLog, subject, strength, summary)
        .evidence(says, log_source(log), top.record.at)
        .evidence(
            args(Message::new("fact-log-errors")),
            log_source(log),
            Some(case.now),
        )
        .explains(COMPLAINTS)
        .affected(1)
        .fix(fix)
}
