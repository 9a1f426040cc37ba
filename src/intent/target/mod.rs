//! From words to live objects: which [`Candidate`] an [`ObjectWords`](super::ObjectWords) means.

mod resolve;
mod score;

use serde::{Deserialize, Serialize};

use super::{Ask, Vocabulary};
use crate::finding::Kind;

pub use resolve::{mentioned, resolve};
pub use score::is_akin;

/// A live object that a question may name. Names and labels are read from the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its kind: workloads, Services, Ingresses, Nodes, volumes, autoscalers.
    pub kind: Kind,
    /// Its namespace; empty for Nodes.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// Label `app.kubernetes.io/name`.
    pub app_name: Option<String>,
    /// Label `app` (or `k8s-app`).
    pub app: Option<String>,
    /// Helm release: label `app.kubernetes.io/instance`, or annotation `meta.helm.sh/release-name`.
    pub release: Option<String>,
    /// Hosts of an Ingress that lead to it.
    pub hosts: Vec<String>,
}

impl Candidate {
    /// A candidate known by its name alone.
    pub fn new(kind: Kind, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind,
            namespace: namespace.into(),
            name: name.into(),
            app_name: None,
            app: None,
            release: None,
            hosts: Vec::new(),
        }
    }
}

/// Where to look: the namespaces that the question's environment or namespace allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Exact names; empty means everywhere.
    pub namespaces: Vec<String>,
    /// An environment without configured namespaces: namespaces called after it are preferred
    /// (`production`, `shop-prod`), all are allowed when there is none.
    pub environment: Option<String>,
}

impl Scope {
    /// The namespaces that a question allows: the one it names, else those of its environment.
    #[must_use]
    pub fn of(ask: &Ask, vocabulary: &Vocabulary) -> Self {
        if let Some(namespace) = &ask.namespace {
            return Self {
                namespaces: vec![namespace.clone()],
                environment: None,
            };
        }
        let configured = vocabulary
            .environments
            .iter()
            .find(|environment| Some(&environment.name) == ask.environment.as_ref());
        match configured {
            Some(environment) if !environment.namespaces.is_empty() => Self {
                namespaces: environment.namespaces.clone(),
                environment: None,
            },
            _ => Self {
                namespaces: Vec::new(),
                environment: ask.environment.clone(),
            },
        }
    }

    /// The candidates inside, by their place in the list. Nodes belong to no namespace and are inside
    /// always.
    fn inside(&self, candidates: &[Candidate]) -> Vec<usize> {
        let called = |candidate: &Candidate| {
            self.environment.as_deref().is_some_and(|environment| {
                candidate
                    .namespace
                    .split('-')
                    .any(|part| super::environment::same_sort(part, environment))
            })
        };
        let by_name = candidates.iter().any(called);
        let fits = |candidate: &Candidate| {
            candidate.namespace.is_empty()
                || if self.namespaces.is_empty() {
                    !by_name || called(candidate)
                } else {
                    self.namespaces.contains(&candidate.namespace)
                }
        };
        let all = candidates.iter().enumerate();
        all.filter(|(_, candidate)| fits(candidate))
            .map(|(place, _)| place)
            .collect()
    }
}

/// What the words mean among the candidates. Numbers are indices into the list given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// This one.
    One(usize),
    /// One of these, best first, at most five: ask.
    Ambiguous(Vec<usize>),
    /// A name that no object bears.
    NotFound {
        /// Up to three that may have been meant, best first; often none.
        nearest: Vec<usize>,
    },
    /// No object is named: look at the whole environment or namespace.
    Wide,
}
