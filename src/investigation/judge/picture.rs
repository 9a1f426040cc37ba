//! Which curve says it faster: from the diagnosis to the one measure worth a picture, and from what was measured to the
//! picture. Most causes have none: a missing object or an image that cannot be pulled shows in no curve.

mod marks;
mod shown;
#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};

use crate::finding::{Cause, Diagnosis, Finding, Kind, Subject, Symptom, Verdict};
use crate::investigation::case::{Case, Container, containers, workloads};

pub(in crate::investigation) use shown::chart;

/// Points of a curve, about.
const STEPS: i64 = 120;

/// What to measure.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::investigation) enum Topic {
    /// Working set of a container, by pod.
    Memory,
    /// CPU of a container, by pod.
    Cpu,
    /// 99th percentile of the answer times, today and yesterday.
    Latency,
    /// Share of failed requests, today and yesterday.
    Errors,
    /// Requests a second, today and yesterday.
    Requests,
    /// How full these claims are.
    Volumes(Vec<String>),
    /// How full the fullest disk of a node is.
    NodeDisk,
    /// How much of a node's memory is in use.
    NodeMemory,
    /// How much of a node's CPU is in use.
    NodeCpu,
    /// Replicas of an autoscaler, and its maximum.
    Replicas(String, i32),
    /// Connections of a server, and their maximum.
    Connections,
}

/// One picture to be: what is measured, of what, when.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::investigation) struct Plan {
    /// What to measure.
    pub topic: Topic,
    /// Of what: a workload with its container where one is meant, or a node.
    pub subject: Subject,
    /// The cause that it shows; `None` where none was found.
    pub cause: Option<Cause>,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
    /// Seconds from point to point.
    pub step: TimeDelta,
    /// When the trouble began, where that is known.
    since: Option<DateTime<Utc>>,
    /// When something was changed before, where that is known.
    changed: Option<DateTime<Utc>>,
}

/// One curve as it was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::investigation) struct Line {
    /// Unix seconds and value, oldest first.
    pub points: Vec<(i64, f64)>,
}

impl Line {
    /// The newest value.
    fn last(&self) -> Option<f64> {
        self.points.last().map(|(_, value)| *value)
    }

    /// The highest value.
    fn peak(&self) -> f64 {
        self.points
            .iter()
            .map(|(_, value)| *value)
            .fold(0.0, f64::max)
    }

    /// The lowest value.
    fn lowest(&self) -> f64 {
        self.points
            .iter()
            .map(|(_, value)| *value)
            .fold(f64::INFINITY, f64::min)
    }
}

/// What was measured for a plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::investigation) struct Measured {
    /// The curves themselves.
    pub now: Vec<Line>,
    /// The same hours of yesterday, moved to today.
    pub yesterday: Vec<Line>,
    /// The most there may be, where that is measured too.
    pub most: Option<f64>,
}

/// The picture worth drawing, if one is. The root cause's first, then that of what it leads to: of a bad revision, the
/// memory that it runs out of.
pub(in crate::investigation) fn plan(case: &Case, diagnosis: &Diagnosis) -> Option<Plan> {
    let Some(root) = diagnosis.root_causes.first() else {
        return by_symptom(case, diagnosis);
    };
    let explained = |finding: &&Finding| {
        root.explains
            .iter()
            .any(|code| code == finding.cause.code())
    };
    let consequences = diagnosis.findings.iter().filter(explained);
    let mut all = std::iter::once(&root.finding).chain(consequences);
    all.find_map(|finding| of_finding(case, &root.finding, finding))
}

fn of_finding(case: &Case, root: &Finding, finding: &Finding) -> Option<Plan> {
    let subject = &finding.subject;
    let topic = match finding.cause {
        Cause::OomKilled | Cause::MemoryNearLimit => Topic::Memory,
        Cause::CpuSaturated if subject.kind == Kind::Node => Topic::NodeCpu,
        Cause::CpuThrottled | Cause::CpuSaturated => Topic::Cpu,
        Cause::TrafficSurge => Topic::Requests,
        Cause::LatencyFromDependency => Topic::Latency,
        Cause::RegressionAfterChange if finding.explains.contains(&Symptom::Slow) => Topic::Latency,
        Cause::ErrorRateHigh | Cause::RegressionAfterChange => Topic::Errors,
        Cause::DiskFull => Topic::Volumes(claims(case, subject)?),
        Cause::NodeDiskPressure => Topic::NodeDisk,
        Cause::NodeMemoryPressure => Topic::NodeMemory,
        Cause::HpaAtMax => Topic::Replicas(subject.name.clone(), most_replicas(case, subject)?),
        Cause::ConnectionLimitReached => Topic::Connections,
        _ => return None,
    };
    let of_node = matches!(topic, Topic::NodeDisk | Topic::NodeMemory | Topic::NodeCpu);
    let fits = match subject.kind {
        Kind::Node => of_node,
        Kind::HorizontalPodAutoscaler => matches!(topic, Topic::Replicas(..)),
        Kind::Service => topic == Topic::Connections,
        kind => kind.is_workload() && !of_node,
    };
    let changed = finding
        .changed
        .as_ref()
        .or(root.changed.as_ref())
        .map(|change| change.when);
    fits.then(|| {
        let since = finding.since.or(root.since);
        Plan::new(
            case,
            topic,
            subject.clone(),
            Some(finding.cause),
            since,
            changed,
        )
    })
}

/// Without a cause, the number that was complained about is the best there is to see.
fn by_symptom(case: &Case, diagnosis: &Diagnosis) -> Option<Plan> {
    let target = &diagnosis.target;
    let kind = target.kind.filter(|kind| kind.is_workload())?;
    let subject = Subject::new(kind, target.namespace.clone()?, target.name.clone()?);
    let topic = match &case.symptoms[..] {
        _ if diagnosis.verdict != Verdict::Unknown => return None,
        symptoms if symptoms.contains(&Symptom::Slow) => Topic::Latency,
        symptoms if symptoms.contains(&Symptom::Errors) => Topic::Errors,
        _ => return None,
    };
    Some(Plan::new(case, topic, subject, None, None, None))
}

impl Plan {
    fn new(
        case: &Case,
        topic: Topic,
        subject: Subject,
        cause: Option<Cause>,
        since: Option<DateTime<Utc>>,
        changed: Option<DateTime<Utc>>,
    ) -> Self {
        let to = case.now;
        // A third of what is shown is from before: without what was normal, nothing looks unusual.
        let back = since.map_or(TimeDelta::zero(), |since| (to - since) * 3 / 2);
        let least = match topic {
            Topic::Volumes(_) | Topic::NodeDisk => TimeDelta::hours(3),
            _ => TimeDelta::hours(1),
        };
        let span = back.clamp(least, TimeDelta::hours(3));
        // Of fifteen seconds each: no exporter is asked more often.
        let step = (span.num_seconds() / STEPS + 14) / 15 * 15;
        Self {
            topic,
            changed: changed.or_else(|| marks::rolled_out(case, &subject)),
            subject,
            cause,
            from: to - span,
            to,
            step: TimeDelta::seconds(step.max(15)),
            since,
        }
    }

    /// Whether yesterday's curve is its measure.
    pub(in crate::investigation) fn beside_yesterday(&self) -> bool {
        matches!(self.topic, Topic::Latency | Topic::Errors | Topic::Requests)
    }
}

/// The container that is meant, as any pod of the workload has it.
fn container<'a>(case: &'a Case, subject: &Subject) -> Option<Container<'a>> {
    let workload = workloads(case)
        .into_iter()
        .find(|one| one.subject.same_object(subject))?;
    let meant = |one: &Container<'_>| match &subject.container {
        Some(name) => one.name() == name,
        None => !one.init && !one.is_proxy(),
    };
    workload.pods.into_iter().flat_map(containers).find(meant)
}

/// The claims that the workload's pods mount.
fn claims(case: &Case, subject: &Subject) -> Option<Vec<String>> {
    let workload = workloads(case)
        .into_iter()
        .find(|one| one.subject.same_object(subject))?;
    let volumes = workload
        .pods
        .iter()
        .filter_map(|pod| pod.spec.as_ref())
        .flat_map(|spec| spec.volumes.iter().flatten());
    let claims = volumes.filter_map(|volume| volume.persistent_volume_claim.as_ref());
    let mut names: Vec<String> = claims.map(|claim| claim.claim_name.clone()).collect();
    names.sort();
    names.dedup();
    (!names.is_empty()).then_some(names)
}

fn most_replicas(case: &Case, subject: &Subject) -> Option<i32> {
    let namespace = subject.namespace.as_deref()?;
    let hpa = case.autoscalers.look(namespace, &subject.name).found()?;
    Some(hpa.spec.max_replicas)
}
