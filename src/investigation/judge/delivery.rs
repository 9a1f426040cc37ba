//! The delivery chain: what Helm, Argo CD, Jenkins and `SonarQube` say of what they brought, where that is the reason and
//! not an echo of a workload's own trouble.

mod argo;
mod drift;
mod helm;
mod hook;
mod jenkins;
mod sonar;

pub(in crate::investigation) use jenkins::{misses_agents, registries};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::finding::{Finding, Subject, Symptom};
use crate::investigation::case::{Facts, Scope, release_of};

/// What a delivery that did not go through explains.
const UNDELIVERED: [Symptom; 4] = [
    Symptom::DeployFailed,
    Symptom::Unavailable,
    Symptom::Errors,
    Symptom::NotReady,
];

/// Judges the family.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let mut all = helm::judge(case);
    all.extend(hook::judge(case));
    all.extend(drift::judge(case));
    all.extend(argo::judge(case));
    all.extend(jenkins::judge(case));
    all.extend(sonar::judge(case));
    all
}

/// Whether someone says that a delivery did not go through.
fn is_asked(case: &Facts<'_>) -> bool {
    case.symptoms.contains(&Symptom::DeployFailed)
}

/// The workloads of a release.
fn workloads_of(case: &Facts<'_>, release: &Subject) -> Vec<Subject> {
    let own = case.workloads().iter().filter(|workload| {
        let of = workload.meta.and_then(release_of);
        of.is_some_and(|of| of.same_object(release))
    });
    own.map(|workload| workload.subject.clone()).collect()
}

/// Whether a wide question is about that namespace; one about an object is decided by reach.
fn is_meant(case: &Facts<'_>, namespaces: &[&str]) -> bool {
    match &case.scope {
        Scope::Namespaces(meant) => meant.iter().any(|name| namespaces.contains(&name.as_str())),
        Scope::Object(_) | Scope::Cluster => true,
    }
}

/// A time as JSON has it.
fn time(value: &Value) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(time.with_timezone(&Utc))
}
