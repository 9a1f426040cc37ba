//! What Jenkins and `SonarQube` say of a service: its jobs with their last builds, what waits for an agent, the agents,
//! the quality gates. A case can hold the same under `jenkins:` and `sonarqube:`.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Case, Gap, Record, Scope, parse_log};
use crate::finding::{Kind, Subject};

/// What was read from Jenkins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pipelines {
    /// Whether the question is about a pipeline.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asked: bool,
    /// Why something could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// The jobs of the service asked about.
    pub jobs: Vec<PipelineJob>,
    /// What waits for an agent.
    pub queue: Vec<Queued>,
    /// The agents.
    pub agents: Vec<Agent>,
}

/// One job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PipelineJob {
    /// Its folders and its name: `shop/user-service/main`.
    pub name: String,
    /// The name in the question, or of the workload, that it was found by; empty: by its own.
    pub of: String,
    /// Its builds, newest first.
    pub builds: Vec<Build>,
}

/// One build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Build {
    /// Its number.
    pub number: u64,
    /// `SUCCESS`, `FAILURE`, `UNSTABLE`, `ABORTED`, `NOT_BUILT`; none while it runs.
    pub result: Option<String>,
    /// When it began.
    pub started: DateTime<Utc>,
    /// How long it took.
    pub seconds: i64,
    /// Why it was started or stopped, in Jenkins' words.
    pub causes: Vec<String>,
    /// The commit that was built.
    pub revision: Option<String>,
    /// What is new in it, newest last.
    pub commits: Vec<Commit>,
    /// The stage that failed first.
    pub stage: Option<Stage>,
    /// The end of its log, or of the log of the step that failed; redacted.
    pub log: String,
}

/// One commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Commit {
    /// Its hash.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// Its first line.
    pub message: String,
}

/// A stage that failed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stage {
    /// What it is called.
    pub name: String,
    /// The step in it: `Shell Script`.
    pub step: String,
    /// Why the step failed, in Jenkins' words.
    pub error: String,
}

/// Something that waits for an agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Queued {
    /// The job it belongs to: `shop/user-service/main`.
    pub job: String,
    /// Why it waits, in Jenkins' words; redacted.
    pub why: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether Jenkins itself finds it long.
    pub stuck: bool,
}

/// An agent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Agent {
    /// Its name.
    pub name: String,
    /// Whether it is not connected.
    pub offline: bool,
    /// Whether a person took it away.
    pub taken_away: bool,
    /// Why it is not connected, in Jenkins' words; redacted.
    pub reason: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Builds it can run at a time.
    pub executors: u32,
    /// Whether it does nothing.
    pub idle: bool,
}

/// What was read from `SonarQube`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gates {
    /// Whether the question is about a quality gate.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asked: bool,
    /// Why something could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// One a project and branch.
    pub gates: Vec<Gate>,
}

/// The quality gate of one branch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gate {
    /// Key of the project: `shop:user-service`.
    pub project: String,
    /// As [`PipelineJob::of`].
    pub of: String,
    /// The branch; none for the main one.
    pub branch: Option<String>,
    /// `OK`, `WARN`, `ERROR`, `NONE`.
    pub status: String,
    /// When the last analysis was done.
    pub analysed: Option<DateTime<Utc>>,
    /// The conditions that are not met.
    pub conditions: Vec<Unmet>,
}

/// A condition that is not met.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Unmet {
    /// `new_coverage`.
    pub metric: String,
    /// `LT`: wrong because it is lower; `GT`: because it is higher.
    pub comparator: String,
    /// The value it must keep to.
    pub threshold: String,
    /// The value it has.
    pub actual: String,
}

/// How a build ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It runs.
    Running,
    /// It went well.
    Green,
    /// It went through, with tests that failed.
    Unstable,
    /// It failed.
    Red,
    /// It took too long.
    TimedOut,
    /// A person, or a newer build, ended it.
    Stopped,
    /// It had nothing to do.
    NotBuilt,
}

impl Pipelines {
    /// Adds what was read for another object.
    pub fn merge(&mut self, other: Self) {
        self.gap = self.gap.take().or(other.gap);
        for job in other.jobs {
            if !self.jobs.iter().any(|known| known.name == job.name) {
                self.queue.extend(
                    other
                        .queue
                        .iter()
                        .filter(|one| one.job == job.name)
                        .cloned(),
                );
                self.jobs.push(job);
            }
        }
        if self.agents.is_empty() {
            self.agents = other.agents;
        }
    }
}

impl PipelineJob {
    /// The job as a subject.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::cluster(Kind::JenkinsJob, &self.name)
    }

    /// The newest build that says something: it ended, and not because somebody stopped it.
    #[must_use]
    pub fn decisive(&self) -> Option<&Build> {
        self.builds.iter().find(|build| {
            !matches!(
                build.ending(),
                Ending::Running | Ending::Stopped | Ending::NotBuilt
            )
        })
    }

    /// The first of the failures without a success between, which `build` is the newest of.
    #[must_use]
    pub fn broken_by<'a>(&'a self, build: &'a Build) -> &'a Build {
        let older = self.builds.iter().filter(|one| one.number < build.number);
        let streak =
            older.take_while(|one| !matches!(one.ending(), Ending::Green | Ending::Unstable));
        let red = streak.filter(|one| one.is_red());
        red.last().unwrap_or(build)
    }

    /// The newest build before that went well.
    #[must_use]
    pub fn last_good(&self) -> Option<&Build> {
        self.builds
            .iter()
            .find(|build| matches!(build.ending(), Ending::Green | Ending::Unstable))
    }
}

impl Build {
    /// How it ended.
    #[must_use]
    pub fn ending(&self) -> Ending {
        match self.result.as_deref() {
            None => Ending::Running,
            Some("SUCCESS") => Ending::Green,
            Some("UNSTABLE") => Ending::Unstable,
            Some("NOT_BUILT") => Ending::NotBuilt,
            Some("ABORTED") if self.ran_out() => Ending::TimedOut,
            Some("ABORTED") => Ending::Stopped,
            Some(_) => Ending::Red,
        }
    }

    /// Whether it failed, by itself.
    #[must_use]
    pub fn is_red(&self) -> bool {
        matches!(self.ending(), Ending::Red | Ending::TimedOut)
    }

    /// A time-out ends a build as a person does (`TimeoutStepExecution.ExceededTimeout`, the Build Timeout plugin).
    fn ran_out(&self) -> bool {
        let by_plugin = |text: &str| {
            text.contains("Timeout has been exceeded") || text.contains("Build timed out")
        };
        self.causes.iter().any(|cause| by_plugin(cause))
            || by_plugin(&self.log)
            || self.log.contains("Cancelling nested steps due to timeout")
    }

    /// When it ended; when it began, while it runs.
    #[must_use]
    pub fn ended(&self) -> DateTime<Utc> {
        self.started + TimeDelta::seconds(self.seconds.clamp(0, 30 * 86_400))
    }

    /// Its log as records, without what Jenkins and the tools say around every failure.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        let lines = self.log.lines().map(super::pipeline_log::without_stamp);
        let kept: Vec<&str> = lines
            .filter(|line| !super::pipeline_log::is_wrapping(line))
            .collect();
        parse_log(kept.join("\n").as_bytes())
    }
}

impl Gate {
    /// The project as a subject.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::cluster(Kind::SonarProject, &self.project)
    }
}

/// The jobs and projects that belong to the object asked about: as near to it as itself.
#[must_use]
pub fn delivered_by(case: &Case) -> Vec<Subject> {
    let Scope::Object(asked) = &case.scope else {
        return Vec::new();
    };
    let own = |of: &str| of.is_empty() || of == asked.name;
    let jobs = case.pipelines.jobs.iter().filter(|job| own(&job.of));
    let gates = case.gates.gates.iter().filter(|gate| own(&gate.of));
    jobs.map(PipelineJob::subject)
        .chain(gates.map(Gate::subject))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(number: u64, result: &str) -> Build {
        Build {
            number,
            result: (!result.is_empty()).then(|| result.to_owned()),
            ..Build::default()
        }
    }

    fn job(builds: &[(u64, &str)]) -> PipelineJob {
        PipelineJob {
            builds: builds.iter().map(|(n, result)| build(*n, result)).collect(),
            ..PipelineJob::default()
        }
    }

    #[test]
    fn the_newest_build_that_ended_by_itself_decides() {
        let job = job(&[(9, ""), (8, "ABORTED"), (7, "FAILURE"), (6, "SUCCESS")]);
        assert_eq!(job.decisive().map(|one| one.number), Some(7));
    }

    #[test]
    fn the_first_failure_since_the_last_success_broke_it() {
        let job = job(&[
            (9, "FAILURE"),
            (8, "ABORTED"),
            (7, "FAILURE"),
            (6, "SUCCESS"),
            (5, "FAILURE"),
        ]);
        let newest = job.decisive().unwrap();
        assert_eq!(job.broken_by(newest).number, 7);
    }

    #[test]
    fn a_time_out_is_no_person() {
        let mut one = build(1, "ABORTED");
        assert_eq!(one.ending(), Ending::Stopped);
        one.causes = vec!["Timeout has been exceeded".into()];
        assert_eq!(one.ending(), Ending::TimedOut);
    }
}
