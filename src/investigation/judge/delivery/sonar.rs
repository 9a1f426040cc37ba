//! The quality gate of `SonarQube`: of the branch that is delivered, where a build failed at it or it is what was asked
//! about. Which conditions are not met, and by how much.

use super::jenkins::{Matter, failure};
use crate::finding::{Cause, Finding, Fix, Symptom};
use crate::investigation::case::{Facts, Gate, PipelineJob, Scope, Unmet, delivered_by};
use crate::text::{Arg, Message};

/// Branches that are delivered.
const MAIN: [&str; 4] = ["main", "master", "trunk", "develop"];
/// Conditions told.
const CONDITIONS: usize = 4;

pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let near = delivered_by(case);
    let wide = !matches!(case.scope, Scope::Object(_));
    let gates = case
        .gates
        .gates
        .iter()
        .filter(|gate| gate.status == "ERROR");
    let gates = gates.filter(|gate| wide || near.contains(&gate.subject()));
    gates.filter_map(|gate| finding(case, gate)).collect()
}

fn finding(case: &Facts<'_>, gate: &Gate) -> Option<Finding> {
    let own = |job: &&PipelineJob| job.of == gate.of || job.of.is_empty() || gate.of.is_empty();
    let jobs: Vec<&PipelineJob> = case.pipelines.jobs.iter().filter(own).collect();
    let stops = jobs.iter().find(|job| {
        is_of(gate, job) && failure(job).is_some_and(|(_, matter)| matter == Matter::Gate)
    });
    let meant = stops.is_some() || (case.gates.asked && is_main(gate));
    meant.then_some(())?;
    let metrics = gate.conditions.iter().map(|one| Arg::from(&one.metric));
    let summary = Message::new("cause-sonar-quality-gate-failed")
        .with("project", &gate.project)
        .with("count", gate.conditions.len())
        .with("metrics", Arg::List(metrics.take(CONDITIONS).collect()))
        .with("job", stops.map_or("", |job| job.name.as_str()))
        .with("stops", if stops.is_some() { "yes" } else { "no" });
    let source = || format!("SonarQube {} quality gate", gate.project);
    let mut finding = Finding::new(Cause::SonarQualityGateFailed, gate.subject(), 0.95, summary)
        .explains([Symptom::DeployFailed])
        .hits(stops.map(|job| job.subject()))
        .since(gate.analysed);
    if gate.conditions.is_empty() {
        let fact = Message::new("fact-sonar-status").with("status", &gate.status);
        finding = finding.evidence(fact, source(), gate.analysed);
    }
    for unmet in gate.conditions.iter().take(CONDITIONS) {
        finding = finding.evidence(fact(unmet), source(), gate.analysed);
    }
    let why = Message::new("why-sonar-quality-gate-failed");
    Some(finding.fix(Fix::new(gate.subject(), "", why)))
}

/// Whether the gate is the main branch's.
fn is_main(gate: &Gate) -> bool {
    gate.branch
        .as_deref()
        .is_none_or(|branch| MAIN.contains(&branch))
}

/// Whether the gate is of the branch that the job builds.
fn is_of(gate: &Gate, job: &PipelineJob) -> bool {
    let built = job.name.rsplit('/').next().unwrap_or_default();
    let built = built.replace("%2F", "/");
    is_main(gate) || gate.branch.as_deref() == Some(built.as_str())
}

fn fact(unmet: &Unmet) -> Message {
    let rated = unmet.metric.ends_with("_rating");
    let shown = |value: &str| {
        if rated {
            grade(value)
        } else {
            value.to_owned()
        }
    };
    Message::new("fact-sonar-condition")
        .with("metric", &unmet.metric)
        .with("actual", shown(&unmet.actual))
        .with("threshold", shown(&unmet.threshold))
        .with(
            "comparator",
            if unmet.comparator == "LT" {
                "lower"
            } else {
                "higher"
            },
        )
}

/// `SonarQube` keeps ratings as numbers and shows letters: 1 is A.
fn grade(value: &str) -> String {
    let number = value.split('.').next().unwrap_or_default();
    let letter = match number {
        "1" => "A",
        "2" => "B",
        "3" => "C",
        "4" => "D",
        "5" => "E",
        _ => value,
    };
    letter.to_owned()
}
