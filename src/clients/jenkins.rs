//! Jenkins' remote access API, only to read: jobs in their folders, builds, stages (Pipeline: Stage View plugin), the
//! end of a log, the queue and the agents. Every list is bounded by a `tree` with ranges, every log by bytes.
//!
//! Sources: `/api` of any Jenkins (tree, ranges, `progressiveText`), jenkinsci/pipeline-stage-view-plugin
//! `rest-api/README.md` (`wfapi`), jenkins.io "Authenticating scripted clients" (user and API token, preemptive Basic).

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use super::web::{Login, Web, WebError};

/// Jobs listed in one folder.
const JOBS: usize = 300;
/// Builds read of one job.
const BUILDS: usize = 15;
/// A log is read from its beginning as far as this; a longer one from its end.
const TAIL: usize = 64 << 10;

/// A Jenkins controller.
#[derive(Clone)]
pub struct Jenkins {
    web: Web,
    login: Login,
}

/// A job or a folder, with what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Its name; of a branch, URL-escaped (`feature%2Fx`).
    pub name: String,
    /// The colour of its last build; none for a folder.
    pub color: Option<String>,
    /// Kind of job: a multibranch project's name ends in `WorkflowMultiBranchProject`.
    #[serde(rename = "_class")]
    pub class: String,
    /// What is in the folder.
    pub jobs: Vec<Item>,
}

/// One job.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Job {
    /// Whether it may be built; false when somebody turned it off.
    pub buildable: Option<bool>,
    /// Its builds, newest first.
    pub builds: Vec<Build>,
    /// Where it waits, when it does.
    pub queue_item: Option<QueueItem>,
}

/// One build.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Build {
    /// Its number.
    pub number: u64,
    /// `SUCCESS`, `FAILURE`, `UNSTABLE`, `ABORTED`, `NOT_BUILT`; none while it runs.
    pub result: Option<String>,
    /// Whether it runs.
    pub building: bool,
    /// Its start, Unix milliseconds.
    pub timestamp: i64,
    /// How long it took, in milliseconds.
    pub duration: i64,
    /// What plugins say of it: `causes[shortDescription]`, `lastBuiltRevision[SHA1]`.
    pub actions: Vec<Value>,
    /// Commits, of a freestyle job.
    pub change_set: Option<ChangeSet>,
    /// Commits, of a Pipeline.
    pub change_sets: Vec<ChangeSet>,
}

/// The commits of one checkout.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangeSet {
    /// Newest last.
    pub items: Vec<Change>,
}

/// One commit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Change {
    /// Its hash.
    pub commit_id: String,
    /// Its first line.
    pub msg: String,
    /// Who wrote it.
    pub author: Person,
}

/// Somebody.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Person {
    /// The name.
    pub full_name: String,
}

/// A stage, or a step of one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Node {
    /// Its id in the build.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// `SUCCESS`, `FAILED`, `ABORTED`, `UNSTABLE`, `IN_PROGRESS`, `NOT_EXECUTED`, `PAUSED_PENDING_INPUT`.
    pub status: String,
    /// Why it failed.
    pub error: Option<StepError>,
    /// The steps of a stage, where the stage itself was asked for.
    pub stage_flow_nodes: Vec<Node>,
}

/// Why a step failed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepError {
    /// In Jenkins' words: `script returned exit code 1`.
    pub message: Option<String>,
}

/// A build that waits to begin. A Pipeline that waits for an agent has begun: the queue does not tell whose step it is
/// (`ExecutorStepExecution.PlaceholderTask` exports no job), its log does.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct QueueItem {
    /// Why it waits, in Jenkins' words.
    pub why: Option<String>,
    /// Whether Jenkins itself finds it long.
    pub stuck: bool,
    /// Since when, Unix milliseconds.
    pub in_queue_since: i64,
}

/// An agent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Computer {
    /// Its name.
    pub display_name: String,
    /// Whether it is not connected.
    pub offline: bool,
    /// Why, in Jenkins' words.
    pub offline_cause_reason: String,
    /// Whether a person took it away.
    pub temporarily_offline: bool,
    /// Builds it can run at a time.
    pub num_executors: u32,
    /// Whether it does nothing.
    pub idle: bool,
    /// Its labels.
    pub assigned_labels: Vec<Label>,
}

/// A label.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Label {
    /// Its name.
    pub name: String,
}

/// The end of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// The text.
    pub text: String,
    /// Whether the beginning is not in it.
    pub cut: bool,
}

/// Who Jenkins takes us for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WhoAmI {
    /// The user.
    pub name: String,
    /// Whether we are nobody.
    pub anonymous: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Computers {
    computer: Vec<Computer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stages {
    stages: Vec<Node>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeLog {
    text: Option<String>,
}

impl Jenkins {
    /// A client for the controller at `base`, as that user with an API token.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn new(
        base: reqwest::Url,
        user: &str,
        token: SecretString,
        timeout: Duration,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            web: Web::new(base, timeout)?,
            login: Login::Basic(user.to_owned(), token),
        })
    }

    /// Who we are there.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn who_am_i(&self) -> Result<WhoAmI, WebError> {
        let path = ["whoAmI", "api", "json"];
        self.web.json(&self.login, &path, &[]).await
    }

    /// Every job, four folders deep.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn jobs(&self) -> Result<Vec<Item>, WebError> {
        let level = |inner: &str| format!("jobs[name,color,_class{inner}]{{0,{JOBS}}}");
        let mut tree = level("");
        for _ in 0..3 {
            tree = level(&format!(",{tree}"));
        }
        let root: Item = self.api(&[], &tree).await?;
        Ok(root.jobs)
    }

    /// A job by its path (`["shop", "user-service", "main"]`), with its last builds.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn job(&self, job: &[&str]) -> Result<Job, WebError> {
        let commit = "items[commitId,msg,author[fullName]]{0,20}";
        let build = format!(
            "number,result,building,timestamp,duration,changeSet[{commit}],changeSets[{commit}]{{0,5}},actions[causes[shortDescription],lastBuiltRevision[SHA1]]"
        );
        let tree =
            format!("buildable,queueItem[why,stuck,inQueueSince],builds[{build}]{{0,{BUILDS}}}");
        self.api(&path_of(job), &tree).await
    }

    /// The stages of a build; `None` where Jenkins has no such plugin or the job is no Pipeline.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn stages(&self, job: &[&str], build: u64) -> Result<Option<Vec<Node>>, WebError> {
        let number = build.to_string();
        let mut path = path_of(job);
        path.extend([number.as_str(), "wfapi", "describe"]);
        match self.web.json::<Stages>(&self.login, &path, &[]).await {
            Ok(found) => Ok(Some(found.stages)),
            Err(WebError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A stage with its steps.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn stage(&self, job: &[&str], build: u64, id: &str) -> Result<Node, WebError> {
        let number = build.to_string();
        let mut path = path_of(job);
        path.extend([
            number.as_str(),
            "execution",
            "node",
            id,
            "wfapi",
            "describe",
        ]);
        self.web.json(&self.login, &path, &[]).await
    }

    /// The end of a step's log: the plugin gives the last 10 KiB, as HTML (`FlowNodeLogExt`).
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn step_log(&self, job: &[&str], build: u64, id: &str) -> Result<String, WebError> {
        let number = build.to_string();
        let mut path = path_of(job);
        path.extend([number.as_str(), "execution", "node", id, "wfapi", "log"]);
        let log: NodeLog = self.web.json(&self.login, &path, &[]).await?;
        Ok(plain(&log.text.unwrap_or_default()))
    }

    /// The end of a build's log. `progressiveText` says in `X-Text-Size` where the log ends; a long one is then asked
    /// for from near its end, and the rest of the first answer is not read.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn console(&self, job: &[&str], build: u64) -> Result<Tail, WebError> {
        let first = self.log_from(job, build, 0).await?;
        let size = first.headers.get("x-text-size");
        let size = size.and_then(|size| size.to_str().ok()?.parse::<u64>().ok());
        let Some(size) = size.filter(|_| first.cut) else {
            return Ok(tail(&first.bytes, false));
        };
        let start = size.saturating_sub(TAIL as u64);
        let end = self.log_from(job, build, start).await?;
        Ok(tail(&end.bytes, true))
    }

    async fn log_from(
        &self,
        job: &[&str],
        build: u64,
        start: u64,
    ) -> Result<super::web::Body, WebError> {
        let (number, start) = (build.to_string(), start.to_string());
        let mut path = path_of(job);
        path.extend([number.as_str(), "logText", "progressiveText"]);
        self.web
            .body(&self.login, &path, &[("start", &start)], TAIL)
            .await
    }

    /// The agents.
    ///
    /// # Errors
    /// [`WebError`].
    pub async fn computers(&self) -> Result<Vec<Computer>, WebError> {
        let tree = "computer[displayName,offline,offlineCauseReason,temporarilyOffline,numExecutors,idle,assignedLabels[name]]{0,200}";
        let all: Computers = self.api(&["computer"], tree).await?;
        Ok(all.computer)
    }

    async fn api<T: serde::de::DeserializeOwned>(
        &self,
        path: &[&str],
        tree: &str,
    ) -> Result<T, WebError> {
        let path: Vec<&str> = path.iter().copied().chain(["api", "json"]).collect();
        self.web.json(&self.login, &path, &[("tree", tree)]).await
    }
}

impl Build {
    /// Why it was started or stopped, in Jenkins' words.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        let all = self
            .actions
            .iter()
            .filter_map(|one| one["causes"].as_array());
        all.flatten()
            .filter_map(|cause| cause["shortDescription"].as_str())
            .map(str::to_owned)
            .collect()
    }

    /// The commit that was built, by the Git plugin.
    #[must_use]
    pub fn revision(&self) -> Option<&str> {
        let mut all = self.actions.iter();
        all.find_map(|one| one["lastBuiltRevision"]["SHA1"].as_str())
    }

    /// Its commits, newest last.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        let sets = self.change_set.iter().chain(&self.change_sets);
        sets.flat_map(|set| &set.items)
    }
}

/// `shop`, `user-service` → `job/shop/job/user-service`.
fn path_of<'a>(job: &[&'a str]) -> Vec<&'a str> {
    job.iter().flat_map(|name| ["job", *name]).collect()
}

/// Whole lines: of a log that was cut the first may be half of one.
fn tail(bytes: &[u8], cut: bool) -> Tail {
    let text = String::from_utf8_lossy(bytes);
    let whole = match text.split_once('\n') {
        Some((_, rest)) if cut => rest,
        _ => &text,
    };
    Tail {
        text: whole.to_owned(),
        cut,
    }
}

/// The text of the HTML that Jenkins makes of a log: tags out, entities back.
fn plain(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
            continue;
        }
        let entities = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#039;", "'"),
            ("&#39;", "'"),
            ("&amp;", "&"),
        ];
        let known = entities.iter().find(|(name, _)| rest.starts_with(name));
        let (name, text) = known.copied().unwrap_or(("&", "&"));
        out.push_str(text);
        rest = &rest[name.len()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_html_of_a_log_becomes_text() {
        let html = "<span style=\"color: #CD0000;\">expected: &lt;200&gt; &amp;amp; a&b</span>\n";
        assert_eq!(plain(html), "expected: <200> &amp; a&b\n");
        assert_eq!(plain("a < b"), "a ");
        assert_eq!(plain("été &lt;3"), "été <3");
    }

    #[test]
    fn half_a_line_is_left_out() {
        assert_eq!(tail(b"alf\nwhole\n", true).text, "whole\n");
        assert_eq!(tail(b"all\nof it", false).text, "all\nof it");
    }

    #[test]
    fn folders_are_asked_for_within_a_bound() {
        assert_eq!(path_of(&["shop", "web"]), ["job", "shop", "job", "web"]);
    }
}
