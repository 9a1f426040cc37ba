//! The bot of the stories: the real investigation with the rights of a service account.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use tokio::sync::OnceCell;
use vigie::clients::kube::KubeClient;
use vigie::clients::prometheus::Prometheus;
use vigie::finding::Shares;
use vigie::incident::PlainAnswer;
use vigie::intent::{self, EnvironmentWords, Vocabulary};
use vigie::investigation::case::Case;
use vigie::investigation::gather::{Ci, Sources, Waits};
use vigie::investigation::plain::{self, Plain};
use vigie::investigation::run::{self, Environment, Outcome, Question};
use vigie::text::Redactor;

use super::Answer;
use crate::cluster::{ControlPlane, launch};

/// The namespace, account and rights that people install.
const NAMESPACE: &str = include_str!("../../../deploy/kubernetes/namespace.yaml");
const RIGHTS: &str = include_str!("../../../deploy/kubernetes/rbac.yaml");

/// A service account's view of the cluster, and what people call its parts.
pub struct Bot {
    /// Whose rights it has.
    pub kubeconfig: PathBuf,
    /// Environments and their namespaces.
    environments: Vec<(String, String)>,
    /// Longest wait for one answer.
    timeout: Duration,
    /// Time for a whole investigation.
    budget: Duration,
    /// How long after the fact it is asked.
    later: TimeDelta,
    /// What it reads numbers from.
    prometheus: Option<Prometheus>,
}

/// Applies what `deploy/` ships and returns the account's kubeconfig; once a process.
pub async fn installed(cluster: &ControlPlane) -> &'static Path {
    static INSTALLED: OnceCell<PathBuf> = OnceCell::const_new();
    INSTALLED
        .get_or_init(async || {
            cluster.apply(NAMESPACE).await.expect("the namespace");
            cluster.apply(RIGHTS).await.expect("account and roles");
            cluster.kubeconfig_for("vigie", "vigie").await
        })
        .await
}

impl Bot {
    /// With the rights of `deploy/kubernetes`; `environment` is what people call `namespace`.
    pub async fn shipped(cluster: &ControlPlane, environment: &str, namespace: &str) -> Self {
        let kubeconfig = installed(cluster).await.to_owned();
        Self::with(kubeconfig).environment(environment, namespace)
    }

    /// With the rights that a kubeconfig gives.
    pub fn with(kubeconfig: PathBuf) -> Self {
        Self {
            kubeconfig,
            environments: Vec::new(),
            timeout: Duration::from_secs(30),
            budget: Duration::from_mins(1),
            later: TimeDelta::zero(),
            prometheus: None,
        }
    }

    /// Adds an environment of one namespace.
    pub fn environment(mut self, name: &str, namespace: &str) -> Self {
        self.environments
            .push((name.to_owned(), namespace.to_owned()));
        self
    }

    /// Waits this long for one answer, and `budget` for all.
    pub fn patience(mut self, timeout: Duration, budget: Duration) -> Self {
        (self.timeout, self.budget) = (timeout, budget);
        self
    }

    /// Is asked so much later: what lasts takes its time, and a test has none.
    pub fn later(mut self, later: TimeDelta) -> Self {
        self.later = later;
        self
    }

    /// Reads numbers from this Prometheus.
    pub fn reading(mut self, url: &str) -> Self {
        self.prometheus = Some(Prometheus::new(url, None, self.timeout).unwrap());
        self
    }

    /// Asks, as `vigie ask` does.
    pub async fn ask(&self, text: &str) -> Answer {
        self.ask_keeping(text).await.0
    }

    /// Asks, and gives what was read too.
    pub async fn ask_keeping(&self, text: &str) -> (Answer, Case) {
        let sources = self.sources().await;
        let ask = intent::parse(text, &self.vocabulary(), None);
        let question = Question {
            budget: self.budget,
            ..Question::new(ask, self.scopes())
        };
        let asked = Instant::now();
        let now = Utc::now() + self.later;
        let (outcome, case) = run::run_keeping(sources, &question, now, &|_| {}).await;
        match outcome {
            Outcome::Diagnosed(diagnosis, _) => (Answer::new(*diagnosis, asked.elapsed()), case),
            Outcome::Ambiguous(candidates) => panic!("ambiguous: {candidates:?}"),
        }
    }

    /// Asks what is answered without a diagnosis.
    pub async fn ask_plainly(&self, text: &str) -> PlainAnswer {
        let sources = self.sources().await;
        let ask = intent::parse(text, &self.vocabulary(), None);
        let question = Question::new(ask, self.scopes());
        match plain::answer(sources, &question, Shares::ALL, Utc::now()).await {
            Plain::Answer(answer) => *answer,
            Plain::Ambiguous(all) | Plain::NotFound(all) => panic!("{all:?}"),
            Plain::CouldNotLook(why) => panic!("{why}"),
        }
    }

    async fn sources(&self) -> Sources {
        Sources {
            kube: self.client().await,
            prometheus: self.prometheus.clone(),
            recorded: None,
            ci: Ci::default(),
            playbooks: vigie::config::Config::default().playbooks,
            redactor: Arc::new(Redactor::new(Vec::<String>::new())),
            waits: Waits::each(self.timeout),
        }
    }

    /// The client it reads the cluster with, which belongs to the test's runtime.
    pub async fn client(&self) -> KubeClient {
        let mut config = launch::config(&self.kubeconfig).await.unwrap();
        // As `KubeClient::connect` has it, which looks at the process's environment for the file.
        config.connect_timeout = Some(self.timeout);
        config.read_timeout = Some(self.timeout);
        let client = kube::Client::try_from(config).unwrap();
        KubeClient::new(client, "test", self.timeout)
    }

    fn vocabulary(&self) -> Vocabulary {
        let words = |(name, namespace): &(String, String)| EnvironmentWords {
            name: name.clone(),
            aliases: Vec::new(),
            namespaces: vec![namespace.clone()],
        };
        Vocabulary {
            environments: self.environments.iter().map(words).collect(),
            ..Vocabulary::default()
        }
    }

    fn scopes(&self) -> Vec<Environment> {
        let scope = |(name, namespace): &(String, String)| Environment {
            name: name.clone(),
            namespaces: vec![namespace.clone()],
        };
        self.environments.iter().map(scope).collect()
    }
}
