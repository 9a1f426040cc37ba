//! One way from labels to a subject, as a playbook writes it: `deployment`, `job`, `namespace=exported_namespace`,
//! `pod=exported_pod@exported_namespace`, `instance`, `cluster`.

use std::fmt;

use super::value::{self, Exporter};
use super::{About, Alert};
use crate::finding::{Kind, Subject};

/// One way from labels to a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The object whose name is in a label; its namespace in another, unless the kind has none.
    Object {
        /// Its kind.
        kind: Kind,
        /// The label with its name.
        name: String,
        /// The label with its namespace.
        namespace: Option<String>,
    },
    /// Whatever bears the name in this label, in the namespace of the second one where that is there.
    Named(String, String),
    /// Everything in the namespace of this label.
    Namespace(String),
    /// The node behind the address in this label.
    Instance(String),
    /// What answers at the address in this label.
    Address(String),
    /// The cluster.
    Cluster,
    /// Nothing.
    Nothing,
}

/// Words of objects: the word, its kind, the label that kube-state-metrics (or its like) gives the name in,
/// and whether the object is in a namespace.
const OBJECTS: [(&str, Kind, &str, bool); 17] = [
    ("deployment", Kind::Deployment, "deployment", true),
    ("statefulset", Kind::StatefulSet, "statefulset", true),
    ("daemonset", Kind::DaemonSet, "daemonset", true),
    ("replicaset", Kind::ReplicaSet, "replicaset", true),
    // `job` is the scrape job's label.
    ("job", Kind::Job, "job_name", true),
    ("cronjob", Kind::CronJob, "cronjob", true),
    ("pod", Kind::Pod, "pod", true),
    ("service", Kind::Service, "service", true),
    ("ingress", Kind::Ingress, "ingress", true),
    (
        "persistentvolumeclaim",
        Kind::PersistentVolumeClaim,
        "persistentvolumeclaim",
        true,
    ),
    (
        "horizontalpodautoscaler",
        Kind::HorizontalPodAutoscaler,
        "horizontalpodautoscaler",
        true,
    ),
    (
        "poddisruptionbudget",
        Kind::PodDisruptionBudget,
        "poddisruptionbudget",
        true,
    ),
    (
        "persistentvolume",
        Kind::PersistentVolume,
        "persistentvolume",
        false,
    ),
    ("node", Kind::Node, "node", false),
    ("application", Kind::Application, "name", false),
    ("jenkins-job", Kind::JenkinsJob, "jenkins_job", false),
    ("resourcequota", Kind::ResourceQuota, "resourcequota", true),
];

/// The ways of an alert that nobody wrote a row for, the surest first.
pub const GUESSES: [&str; 21] = [
    "deployment",
    "statefulset",
    "daemonset",
    "job",
    "cronjob",
    "horizontalpodautoscaler",
    "poddisruptionbudget",
    "persistentvolumeclaim",
    "persistentvolume",
    "pod=exported_pod@exported_namespace",
    "service=exported_service@exported_namespace",
    "pod",
    "node",
    "ingress=ingress@exported_namespace",
    "namespace=exported_namespace",
    "ingress",
    "service",
    "named=app_kubernetes_io_name",
    "named=app",
    "named=service_name",
    "namespace",
];

/// The ways of an alert that no row names.
#[must_use]
pub fn guesses() -> Vec<Way> {
    GUESSES.iter().filter_map(|word| Way::parse(word)).collect()
}

impl Way {
    /// Every word that begins a way.
    #[must_use]
    pub fn words() -> Vec<&'static str> {
        let others = [
            "named",
            "namespace",
            "instance",
            "address",
            "cluster",
            "nothing",
        ];
        let objects = OBJECTS.iter().map(|(word, ..)| *word);
        objects.chain(others).collect()
    }

    /// Reads `word`, `word=label` or `word=label@namespace_label`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, namespace) = match text.split_once('@') {
            Some((rest, label)) => (rest, Some(label)),
            None => (text, None),
        };
        let (word, label) = match rest.split_once('=') {
            Some((word, label)) => (word, Some(label)),
            None => (rest, None),
        };
        if ![label, namespace].into_iter().flatten().all(is_label) {
            return None;
        }
        let object = OBJECTS.iter().find(|(known, ..)| *known == word);
        if let Some((_, kind, own, namespaced)) = object {
            let namespace = namespaced.then(|| namespace.unwrap_or("namespace").to_owned());
            let name = label.unwrap_or(own).to_owned();
            let kind = *kind;
            return Some(Self::Object {
                kind,
                name,
                namespace,
            });
        }
        let label = |own: &str| label.unwrap_or(own).to_owned();
        Some(match word {
            "namespace" => Self::Namespace(label("namespace")),
            "instance" => Self::Instance(label("instance")),
            "address" => Self::Address(label("instance")),
            "named" if rest != word => {
                Self::Named(label(""), namespace.unwrap_or("namespace").to_owned())
            }
            "cluster" if text == word => Self::Cluster,
            "nothing" if text == word => Self::Nothing,
            _ => return None,
        })
    }

    /// The labels it trusts.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        match self {
            Self::Object {
                name, namespace, ..
            } => {
                let mut labels: Vec<&str> = namespace.iter().map(String::as_str).collect();
                labels.push(name);
                labels
            }
            Self::Named(name, namespace) => vec![namespace, name],
            Self::Namespace(label) | Self::Instance(label) | Self::Address(label) => vec![label],
            Self::Cluster | Self::Nothing => Vec::new(),
        }
    }

    /// Where it leads; `None` when a label is missing or holds what such a name cannot be.
    pub(super) fn leads_to(&self, alert: &Alert) -> Option<About> {
        let named = |label: &str| alert.label(label).filter(|name| value::is_name(name));
        match self {
            Self::Object {
                kind,
                name,
                namespace,
            } => {
                let fits = |text: &&str| match kind {
                    Kind::JenkinsJob => value::is_plain(text),
                    _ => value::is_name(text),
                };
                let name = alert.label(name).filter(fits)?;
                Some(About::Object(match namespace {
                    Some(label) => Subject::new(*kind, named(label)?, name),
                    None => Subject::cluster(*kind, name),
                }))
            }
            Self::Named(name, namespace) => Some(About::Named {
                name: alert
                    .label(name)
                    .filter(|text| value::is_plain(text))?
                    .to_owned(),
                namespace: named(namespace).map(str::to_owned),
            }),
            Self::Namespace(label) => Some(About::Namespace(named(label)?.to_owned())),
            Self::Instance(label) => {
                let at = alert.label(label).filter(|at| value::is_endpoint(at))?;
                Some(if value::is_node_name(at) {
                    About::Object(Subject::cluster(Kind::Node, at))
                } else {
                    About::Instance(at.to_owned())
                })
            }
            Self::Address(label) => {
                let at = alert.label(label).filter(|at| value::is_address(at))?;
                Some(About::Address(at.to_owned()))
            }
            Self::Cluster => Some(About::Cluster),
            Self::Nothing => Some(About::Nothing),
        }
    }

    /// Whether its label tells of the exporter rather than of what it watches.
    #[must_use]
    pub fn is_foreign(&self, alert: &Alert) -> bool {
        let of = |label: &str| alert.label(label).and_then(value::exporter);
        match self {
            Self::Object {
                kind: Kind::Pod | Kind::Service,
                name,
                ..
            } => of(name).is_some(),
            Self::Namespace(label) if label == "namespace" => {
                ["pod", "service", "container", "job"]
                    .into_iter()
                    .any(|label| of(label) == Some(Exporter::OfOthers))
            }
            _ => false,
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object {
                kind,
                name,
                namespace: Some(namespace),
            } => write!(f, "{} `{name}` in `{namespace}`", kind.as_str()),
            Self::Object { kind, name, .. } => write!(f, "{} `{name}`", kind.as_str()),
            Self::Named(name, _) => write!(f, "what is called `{name}`"),
            Self::Namespace(label) => write!(f, "the namespace `{label}`"),
            Self::Instance(label) => write!(f, "the node at `{label}`"),
            Self::Address(label) => write!(f, "what answers at `{label}`"),
            Self::Cluster => write!(f, "the cluster"),
            Self::Nothing => write!(f, "nothing"),
        }
    }
}

/// A Prometheus label name.
fn is_label(name: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(word) && !name.starts_with(|c: char| c.is_ascii_digit())
}
