//! Replays a case: the question goes the whole way, from words to the ranked answer, against our own API
//! server. Only the numbers of Prometheus are put in as they were read.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::file::CaseFile;
use crate::clients::kube::KubeClient;
use crate::finding::{Diagnosis, Shares, Subject};
use crate::intent::{self, EnvironmentWords, Vocabulary};
use crate::investigation::case::Reading;
use crate::investigation::gather::{Recorded, Sources, Waits};
use crate::investigation::plain::{self, Plain};
use crate::investigation::run::{BUDGET, Environment, Outcome, Question, run};
use crate::playbook::Playbooks;
use crate::post::{Medium, Words};
use crate::sandbox::kube::Cluster;
use crate::text::{Language, Redactor};

/// What came out.
#[derive(Debug)]
pub struct Replayed {
    /// The answer; `None` when it was a question back.
    pub diagnosis: Option<Box<Diagnosis>>,
    /// The candidates of a question back.
    pub candidates: Vec<Subject>,
    /// The answer to a plain question, as text in the asker's language.
    pub plain: Option<String>,
    /// Requests the API server got.
    pub requests: usize,
    /// Time from the question to the answer.
    pub took: Duration,
}

/// Longest wait for one answer of the server, which is in this process: only a busy machine lets it wait.
const READ: Duration = Duration::from_mins(1);

/// Asks the case's question.
///
/// # Errors
/// When the case cannot be built, or the server cannot be reached.
pub async fn replay(file: &CaseFile) -> Result<Replayed, String> {
    let cluster = super::build(file)?;
    replay_on(file, &cluster, READ).await
}

/// Asks the case's question of a server that holds it, and may have faults planned. One answer is waited for
/// `patience`; all of them for an investigation's usual time, or twice the patience where that is longer.
///
/// # Errors
/// When the server cannot be reached.
pub async fn replay_on(
    file: &CaseFile,
    cluster: &Cluster,
    patience: Duration,
) -> Result<Replayed, String> {
    let mut ask = intent::parse(&file.question, &vocabulary(file, cluster), None);
    ask.namespace = file.namespace.clone().or(ask.namespace);
    if !file.symptoms.is_empty() {
        ask.symptoms.clone_from(&file.symptoms);
    }
    let question = Question {
        budget: BUDGET.max(patience * 2),
        ..Question::new(ask, environments(file, cluster))
    };
    let servers = super::ci::Servers::start(file, patience)?;
    let sources = Sources {
        kube: client(cluster, patience).await?,
        prometheus: None,
        recorded: recorded(file).map(Arc::new),
        ci: servers.ci.clone(),
        playbooks: Arc::new(Playbooks::default()),
        redactor: Arc::new(Redactor::new(Vec::<String>::new())),
        waits: Waits::each(patience),
    };
    cluster.forget_requests();
    let started = std::time::Instant::now();
    if !file.expect.says.is_empty() && plain::is_plain(&question.ask.want) {
        let answer = plain::answer(sources, &question, Shares::ALL, file.now).await;
        return Ok(Replayed {
            diagnosis: None,
            candidates: Vec::new(),
            plain: Some(shown(answer, question.ask.language, file.now)),
            requests: cluster.requests().len(),
            took: started.elapsed(),
        });
    }
    let outcome = run(sources, &question, file.now, &|_| {}).await;
    let took = started.elapsed();
    let requests = cluster.requests().len();
    Ok(match outcome {
        Outcome::Diagnosed(diagnosis, _) => Replayed {
            diagnosis: Some(diagnosis),
            candidates: Vec::new(),
            plain: None,
            requests,
            took,
        },
        Outcome::Ambiguous(candidates) => Replayed {
            diagnosis: None,
            candidates: candidates
                .iter()
                .map(|one| Subject::new(one.kind, &one.namespace, &one.name))
                .collect(),
            plain: None,
            requests,
            took,
        },
    })
}

/// A plain answer as text, a line for each message; French spaces are plain ones.
fn shown(answer: Plain, language: Language, now: DateTime<Utc>) -> String {
    let answer = match answer {
        Plain::Answer(answer) => answer,
        Plain::Ambiguous(_) => return "asked which".to_owned(),
        Plain::NotFound(_) => return "not found".to_owned(),
        Plain::CouldNotLook(why) => return format!("could not look: {why}"),
    };
    let words = Words::new(language, now);
    let messages = std::iter::once(&answer.headline).chain(&answer.lines);
    let mut lines: Vec<String> = messages
        .map(|message| words.say(message, Medium::Text))
        .collect();
    lines.extend(answer.command.map(|command| command.raw().to_owned()));
    lines.join("\n").replace(['\u{a0}', '\u{202f}'], " ")
}

async fn client(cluster: &Cluster, patience: Duration) -> Result<KubeClient, String> {
    let config = kube::config::Kubeconfig::from_yaml(&cluster.kubeconfig())
        .map_err(|error| error.to_string())?;
    let options = kube::config::KubeConfigOptions::default();
    let config = kube::Config::from_custom_kubeconfig(config, &options).await;
    let config = config.map_err(|error| error.to_string())?;
    let client = kube::Client::try_from(config).map_err(|error| error.to_string())?;
    Ok(KubeClient::new(client, "case", patience))
}

/// Everything Prometheus says in the case; `None` where it says nothing.
fn recorded(file: &CaseFile) -> Option<Recorded> {
    let watching = file.prometheus.clone();
    let says = !file.readings.is_empty() || watching.is_some();
    says.then(|| Recorded {
        readings: readings(file),
        watching: watching.unwrap_or_default(),
    })
}

/// The numbers of the case, as an investigation would have read them.
pub(super) fn readings(file: &CaseFile) -> Vec<Reading> {
    let one = |spec: &super::file::ReadingSpec| Reading {
        indicator: spec.indicator,
        namespace: spec.namespace.clone(),
        workload: spec.workload.clone(),
        pod: spec.pod.clone(),
        container: spec.container.clone(),
        node: spec.node.clone(),
        now: spec.now,
        usual: spec.usual,
        week: spec.week,
        history: spec.history.clone(),
    };
    file.readings.iter().map(one).collect()
}

/// Those of the case; else each namespace that is called after an environment is one.
fn environments(file: &CaseFile, cluster: &Cluster) -> Vec<Environment> {
    if !file.environments.is_empty() {
        let own = file.environments.clone().into_iter();
        return own
            .map(|(name, namespaces)| Environment { name, namespaces })
            .collect();
    }
    let all = cluster.list("Namespace", "");
    let names = all
        .iter()
        .filter_map(|one| one["metadata"]["name"].as_str());
    let known = names.filter(|name| ["production", "staging", "dev"].contains(name));
    known
        .map(|name| Environment {
            name: name.to_owned(),
            namespaces: vec![name.to_owned()],
        })
        .collect()
}

fn vocabulary(file: &CaseFile, cluster: &Cluster) -> Vocabulary {
    let words = |one: Environment| EnvironmentWords {
        name: one.name,
        aliases: Vec::new(),
        namespaces: one.namespaces,
    };
    Vocabulary {
        environments: environments(file, cluster).into_iter().map(words).collect(),
        bot_user_ids: Vec::new(),
        bot_names: vec!["devops".to_owned()],
    }
}
