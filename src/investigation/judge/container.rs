//! Container runs and dies: killed for memory, ended with an error of its own, command not found,
//! variable missing, connection limit reached. And one that runs, never gets ready and says why.

mod ailing;
mod crash;
mod errors;
mod evicted;
mod init;
mod memory;
pub(super) mod patterns;
mod ports;
mod serving;
mod volume;
mod words;

pub(super) use crash::{is_server, setting};

use super::workload::has_condition;
use crate::finding::{Finding, Subject};
use crate::investigation::case::{Container, ExitView, Facts, LogRead, containers};

/// Restarts within this time make a container that runs at this moment still a crashing one.
const RECENT: chrono::TimeDelta = chrono::TimeDelta::minutes(30);

/// One container that died, with what its pods' siblings look like.
struct Death<'a> {
    /// Workload the container belongs to.
    subject: Subject,
    /// Pods of the workload, and how many of them are Ready.
    pods: usize,
    ready: usize,
    /// The container that died most often.
    container: Container<'a>,
    /// How it ended.
    exit: ExitView,
    /// Its last words, if they were read.
    log: Option<&'a LogRead>,
    /// How many pods of the workload have a container of that name that died recently.
    affected: usize,
    /// It did not die: it runs, and never gets ready or fails at what it is asked.
    runs: bool,
    /// It says that it is ready.
    serves: bool,
}

impl Death<'_> {
    /// How its end is told: as one, as "does not get ready", as "fails".
    fn how(&self) -> &'static str {
        match (self.serves, self.runs) {
            (true, _) => "serves",
            (false, true) => "yes",
            (false, false) => "no",
        }
    }
}

/// Judges every container that died recently: one finding each workload and container.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let died = deaths(case);
    let mut findings: Vec<Finding> = died
        .iter()
        .filter_map(|death| memory::judge(case, death).or_else(|| crash::judge(case, death)))
        .collect();
    findings.extend(init::waiting(case));
    findings.extend(ailing::judge(case));
    findings.extend(serving::judge(case));
    findings.extend(errors::judge(case));
    findings.extend(evicted::judge(case));
    findings
}

/// The deaths of a case: for each workload and container name, the instance that restarted most.
fn deaths<'a>(case: &'a Facts<'a>) -> Vec<Death<'a>> {
    let mut all = Vec::new();
    // A Job that is done got over what its first pods died of.
    let all_workloads = case
        .workloads()
        .iter()
        .filter(|one| !has_condition(case, &one.subject, "Complete"));
    for workload in all_workloads {
        let mut by_name: Vec<(Container<'_>, ExitView, usize)> = Vec::new();
        for container in workload.pods.iter().flat_map(|pod| containers(pod)) {
            let Some(exit) = recent_exit(case, &container) else {
                continue;
            };
            match by_name
                .iter_mut()
                .find(|(known, ..)| known.name() == container.name())
            {
                Some((known, _, count)) if known.restarts() >= container.restarts() => *count += 1,
                Some((known, known_exit, count)) => {
                    (*known, *known_exit) = (container, exit);
                    *count += 1;
                }
                None => by_name.push((container, exit, 1)),
            }
        }
        // A proxy that goes down with its application is not why.
        if by_name.iter().any(|(container, ..)| !container.is_proxy()) {
            by_name.retain(|(container, ..)| !container.is_proxy());
        }
        for (container, exit, affected) in by_name {
            let pod = container.pod.metadata.name.as_deref().unwrap_or_default();
            all.push(Death {
                subject: workload.subject.clone().container(container.name()),
                pods: workload.wanted().max(workload.pods.len()),
                ready: workload.ready(),
                log: case.last_words(workload.namespace(), pod, container.name()),
                container,
                exit,
                affected,
                runs: false,
                serves: false,
            });
        }
    }
    all
}

/// How a container ended, unless it ended well or long ago.
fn recent_exit(case: &Facts<'_>, container: &Container<'_>) -> Option<ExitView> {
    let exit = container.last_exit()?;
    let crashing = container
        .waiting()
        .is_some_and(|(reason, _)| reason == "CrashLoopBackOff");
    let recent = exit.finished.is_none_or(|at| case.now - at <= RECENT);
    if !crashing && container.has_settled(case.now) {
        return None;
    }
    let bad = exit.code != 0 || exit.reason == "OOMKilled" || crashing;
    // A finished init container, and a Job's pod that ended well, are as they should be.
    (bad && (recent || crashing || !container.ready() && container.running_since().is_none()))
        .then_some(exit)
}

/// `pod NAME status.containerStatuses[CONTAINER]`: where the kubelet's words were read.
fn status_source(container: &Container<'_>) -> String {
    let pod = container.pod.metadata.name.as_deref().unwrap_or_default();
    format!(
        "pod {pod} status.containerStatuses[{}].lastState",
        container.name()
    )
}

/// Where it stands that it runs and is not ready.
fn state_source(container: &Container<'_>) -> String {
    let pod = container.pod.metadata.name.as_deref().unwrap_or_default();
    format!(
        "pod {pod} status.containerStatuses[{}].ready",
        container.name()
    )
}

/// `pod NAME container CONTAINER log (previous)`.
fn log_source(log: &LogRead) -> String {
    let run = if log.previous { "previous log" } else { "log" };
    format!("pod {} container {} {run}", log.pod, log.container)
}
