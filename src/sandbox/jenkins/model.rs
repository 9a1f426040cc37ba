//! What the controller holds, in the words of a case.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

/// Everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Model {
    pub(super) jobs: Vec<Job>,
    pub(super) queue: Vec<Queued>,
    pub(super) agents: Vec<Agent>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Job {
    /// `shop/user-service/main`.
    pub(super) name: String,
    pub(super) builds: Vec<Build>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Build {
    pub(super) number: u64,
    pub(super) result: Option<String>,
    pub(super) started: DateTime<Utc>,
    pub(super) seconds: i64,
    pub(super) causes: Vec<String>,
    pub(super) revision: Option<String>,
    pub(super) commits: Vec<Commit>,
    pub(super) stage: Option<Stage>,
    pub(super) log: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Commit {
    id: String,
    author: String,
    message: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Stage {
    pub(super) name: String,
    pub(super) step: String,
    pub(super) error: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Queued {
    pub(super) job: String,
    pub(super) why: String,
    since: DateTime<Utc>,
    stuck: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Agent {
    name: String,
    offline: bool,
    taken_away: bool,
    reason: String,
    labels: Vec<String>,
    executors: u32,
    idle: bool,
}

impl Model {
    /// The root with its folders, as `tree=jobs[name,color,_class,jobs[…]]` gives it.
    pub(super) fn tree(&self) -> Value {
        let mut root = json!({ "_class": "hudson.model.Hudson", "jobs": [] });
        for job in &self.jobs {
            put(
                &mut root,
                job.name.split('/').collect::<Vec<_>>().as_slice(),
                job,
            );
        }
        root
    }

    pub(super) fn job(&self, name: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.name == name)
    }

    /// A job with its builds; where it waits, unless a build of it runs already.
    pub(super) fn show(&self, job: &Job) -> Value {
        let running = job.builds.iter().any(|build| build.result.is_none());
        let item = self
            .queue
            .iter()
            .find(|one| one.job == job.name && !running);
        let item = item.map(|one| {
            json!({ "why": one.why, "stuck": one.stuck, "inQueueSince": one.since.timestamp_millis() })
        });
        json!({
            "_class": "org.jenkinsci.plugins.workflow.job.WorkflowJob", "buildable": true,
            "queueItem": item, "builds": job.builds.iter().map(Build::show).collect::<Vec<_>>(),
        })
    }

    pub(super) fn computers(&self) -> Value {
        let each = self.agents.iter().map(|one| {
            let labels: Vec<Value> = one.labels.iter().map(|name| json!({ "name": name })).collect();
            json!({
                "_class": "hudson.slaves.SlaveComputer", "displayName": one.name, "offline": one.offline,
                "offlineCauseReason": one.reason, "temporarilyOffline": one.taken_away,
                "numExecutors": one.executors, "idle": one.idle, "assignedLabels": labels,
            })
        });
        json!({ "_class": "hudson.model.ComputerSet", "computer": each.collect::<Vec<_>>() })
    }

    /// The console log of a build. One that runs while its job waits says for what.
    pub(super) fn console(&self, job: &Job, build: &Build) -> String {
        let mut text = "Started by an SCM change\n[Pipeline] Start of Pipeline\n".to_owned();
        if let Some(stage) = &build.stage {
            let _ = writeln!(text, "[Pipeline] stage\n[Pipeline] {{ ({})", stage.name);
        }
        text += &build.log;
        let waits = self.queue.iter().find(|one| one.job == job.name);
        match (&build.result, waits) {
            (None, Some(waits)) => {
                let _ = writeln!(
                    text,
                    "[Pipeline] node\nStill waiting to schedule task\n{}",
                    waits.why
                );
            }
            (Some(result), _) => {
                let _ = writeln!(text, "[Pipeline] End of Pipeline\nFinished: {result}");
            }
            (None, None) => {}
        }
        text
    }
}

fn put(folder: &mut Value, path: &[&str], job: &Job) {
    let [name, rest @ ..] = path else { return };
    let Some(jobs) = folder["jobs"].as_array_mut() else {
        return;
    };
    if rest.is_empty() {
        let class = "org.jenkinsci.plugins.workflow.job.WorkflowJob";
        jobs.push(json!({ "_class": class, "name": name, "color": job.color() }));
        return;
    }
    let at = jobs.iter().position(|one| one["name"] == *name);
    let at = at.unwrap_or_else(|| {
        let branches = rest.len() == 1 && is_branch(rest[0]);
        let class = if branches {
            "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject"
        } else {
            "com.cloudbees.hudson.plugins.folder.Folder"
        };
        jobs.push(json!({ "_class": class, "name": name, "jobs": [] }));
        jobs.len() - 1
    });
    put(&mut jobs[at], rest, job);
}

fn is_branch(name: &str) -> bool {
    matches!(name, "main" | "master" | "develop") || name.contains("%2F") || name.starts_with("PR-")
}

impl Job {
    /// The ball of the last build that ended; `_anime` while one runs.
    fn color(&self) -> String {
        let ended = self.builds.iter().find_map(|build| build.result.as_deref());
        let color = match ended {
            Some("SUCCESS") => "blue",
            Some("UNSTABLE") => "yellow",
            Some("ABORTED") => "aborted",
            Some("FAILURE") => "red",
            _ => "notbuilt",
        };
        let runs = self
            .builds
            .first()
            .is_some_and(|build| build.result.is_none());
        format!("{color}{}", if runs { "_anime" } else { "" })
    }
}

impl Build {
    fn show(&self) -> Value {
        let commit = |one: &Commit| json!({ "commitId": one.id, "msg": one.message, "author": { "fullName": one.author } });
        let causes: Vec<Value> = self
            .causes
            .iter()
            .map(|cause| json!({ "shortDescription": cause }))
            .collect();
        let mut actions = vec![json!({}), json!({ "causes": causes })];
        if let Some(revision) = &self.revision {
            actions.push(json!({ "lastBuiltRevision": { "SHA1": revision } }));
        }
        let items: Vec<Value> = self.commits.iter().map(commit).collect();
        json!({
            "number": self.number, "result": self.result, "building": self.result.is_none(),
            "timestamp": self.started.timestamp_millis(), "duration": self.seconds * 1000,
            "actions": actions, "changeSets": [{ "kind": "git", "items": items }],
        })
    }

    /// The stages: what went well before, the one that failed, and one that was skipped and is shown as failed.
    pub(super) fn stages(&self) -> Value {
        let mut stages = vec![json!({ "id": "6", "name": "Checkout", "status": "SUCCESS" })];
        if let Some(stage) = &self.stage {
            stages.push(json!({ "id": "12", "name": stage.name, "status": "FAILED" }));
            stages.push(json!({ "id": "20", "name": "After", "status": "FAILED" }));
        }
        json!({ "id": self.number.to_string(), "stages": stages })
    }

    /// One stage with its steps.
    pub(super) fn steps(&self, id: &str) -> Value {
        let step = self.stage.as_ref().filter(|_| id == "12").map(|stage| {
            json!({
                "id": "14", "name": stage.step, "status": "FAILED",
                "error": { "message": stage.error, "type": "hudson.AbortException" },
            })
        });
        json!({ "id": id, "stageFlowNodes": step.into_iter().collect::<Vec<_>>() })
    }
}
