//! Workload and rollout: replicas that are not there, rollouts that do not end, Jobs, autoscalers.

mod autoscaler;
mod bad_revision;
mod control_plane;
mod cron;
mod daemon_set;
mod disruption;
mod job;
mod revision;
mod rollout;
mod schedule;
mod stateful_set;
mod zero;

pub(in crate::investigation) use autoscaler::{Load, enough, load_of, without_resource_metrics};
pub(in crate::investigation) use control_plane::{ignored, lease_of, unseen};
pub(super) use job::has_condition;
pub use revision::{differences, last_change, told};

use crate::finding::{Finding, Symptom};
use crate::investigation::case::Facts;

/// What a failing rollout explains.
const FAILING: [Symptom; 5] = [
    Symptom::DeployFailed,
    Symptom::Unavailable,
    Symptom::Errors,
    Symptom::NotReady,
    Symptom::Restarting,
];

/// Judges every workload.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let all = case.workloads();
    let mut findings: Vec<Finding> = all
        .iter()
        .filter_map(|workload| zero::scaled_to_zero(case, workload))
        .collect();
    for deployment in case.deployments.iter() {
        findings.extend(bad_revision::bad_revision(case, deployment));
        findings.extend(rollout::stuck(case, deployment));
        findings.extend(rollout::paused(case, deployment));
    }
    findings.extend(
        all.iter()
            .filter_map(|workload| rollout::unavailable(case, workload)),
    );
    findings.extend(stateful_set::judge(case));
    findings.extend(daemon_set::judge(case));
    findings.extend(disruption::judge(case));
    findings.extend(job::judge(case));
    findings.extend(cron::judge(case));
    findings.extend(autoscaler::judge(case));
    findings.extend(control_plane::judge(case));
    findings
}
