//! One investigation's access to the world: clients, deadline, ledger.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{ListParams, VersionMatch};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::ledger::status_of;
use super::{Ci, Ledger};
use crate::clients::kube::{Answer, KubeClient, Meta, ReadError};
use crate::clients::prometheus::Prometheus;
use crate::finding::LedgerStatus;
use crate::investigation::case::{Area, Gap, Reading, Shelf, Watching};
use crate::playbook::Playbooks;
use crate::text::Redactor;

/// What an earlier investigation read from Prometheus.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Indicators.
    pub readings: Vec<Reading>,
    /// Targets and rules.
    pub watching: Watching,
}

/// What an investigation can read from.
#[derive(Clone)]
pub struct Sources {
    /// The cluster.
    pub kube: KubeClient,
    /// Metrics, when there are some.
    pub prometheus: Option<Prometheus>,
    /// Jenkins and `SonarQube`, when there are some.
    pub ci: Ci,
    /// What an earlier investigation read from Prometheus: a case that is replayed has this instead.
    pub recorded: Option<Arc<Recorded>>,
    /// The playbooks in use.
    pub playbooks: Arc<Playbooks>,
    /// Takes secrets out of logs before anything else sees them.
    pub redactor: Arc<Redactor>,
    /// How long the systems beside the cluster are waited for.
    pub waits: Waits,
}

/// How long each system beside the cluster is waited for, within what is left of an investigation.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    /// One round of queries of Prometheus: the rest of an investigation is for logs.
    pub numbers: Duration,
    /// The curves of a picture, which is not worth waiting longer for.
    pub picture: Duration,
    /// Jenkins, and `SonarQube`: each of the two.
    pub pipelines: Duration,
}

impl Waits {
    /// The same wait for all of them.
    #[must_use]
    pub const fn each(wait: Duration) -> Self {
        Self {
            numbers: wait,
            picture: wait,
            pipelines: wait,
        }
    }
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            numbers: Duration::from_secs(6),
            picture: Duration::from_millis(1_500),
            pipelines: Duration::from_secs(5),
        }
    }
}

/// Reads for one investigation.
pub struct Reader {
    /// Where to read.
    pub sources: Sources,
    /// What was read.
    pub ledger: Ledger,
    deadline: Instant,
}

/// A Kubernetes type that can be read and shelved.
pub trait Readable:
    kube::Resource<DynamicType = ()>
    + Metadata<Ty = ObjectMeta>
    + Clone
    + DeserializeOwned
    + Send
    + 'static
{
}
impl<K> Readable for K where
    K: kube::Resource<DynamicType = ()>
        + Metadata<Ty = ObjectMeta>
        + Clone
        + DeserializeOwned
        + Send
        + 'static
{
}

/// What one read gave, ready to be shelved.
pub struct Batch<K> {
    area: Area,
    result: Result<Vec<K>, Gap>,
    cut: bool,
}

impl<K: Metadata<Ty = ObjectMeta>> Batch<K> {
    /// Whether the read gave everything it was asked for.
    pub fn worked(&self) -> bool {
        self.result.is_ok() && !self.cut
    }

    /// Puts the objects on their shelf without a claim about the area: for a read by names that the
    /// shelf has no word for.
    pub fn shelve_named(self, onto: &mut Shelf<K>) {
        match self.result {
            Ok(objects) => onto.put_all(objects),
            Err(gap) => onto.miss(self.area, gap),
        }
    }

    /// Puts it on its shelf: objects, or the gap.
    pub fn shelve(self, onto: &mut Shelf<K>) {
        match self.result {
            Ok(objects) if self.cut => {
                onto.put_all(objects);
                onto.miss(self.area, Gap::Cut);
            }
            Ok(objects) => onto.add(self.area, objects),
            Err(gap) => onto.miss(self.area, gap),
        }
    }
}

/// Puts several on one shelf.
pub(super) fn shelve_all<K: Metadata<Ty = ObjectMeta>>(
    batches: Vec<Batch<K>>,
    onto: &mut Shelf<K>,
) {
    for batch in batches {
        batch.shelve(onto);
    }
}

/// Served from the API server's watch cache: at most seconds old, and far cheaper for etcd.
fn from_cache(mut params: ListParams) -> ListParams {
    params.resource_version = Some("0".to_owned());
    params.version_match = Some(VersionMatch::NotOlderThan);
    params
}

/// Groups that every API server has. A 404 for a list of theirs is no empty list: something else answered.
const ALWAYS: [&str; 9] = [
    "",
    "apps",
    "batch",
    "autoscaling",
    "policy",
    "networking.k8s.io",
    "discovery.k8s.io",
    "storage.k8s.io",
    "coordination.k8s.io",
];

/// A 404 means that the group is not installed, where that can be.
fn not_served<K: kube::Resource<DynamicType = ()>>(error: ReadError) -> ReadError {
    if error == ReadError::NotFound && ALWAYS.contains(&K::group(&()).as_ref()) {
        return ReadError::Unreadable("404 for a kind that is always there".to_owned());
    }
    error
}

impl Reader {
    /// A reader that stops reading after `budget`.
    #[must_use]
    pub fn new(sources: Sources, budget: Duration) -> Self {
        Self {
            sources,
            ledger: Ledger::default(),
            deadline: Instant::now() + budget,
        }
    }

    /// Time left before the deadline.
    #[must_use]
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Lists a kind. `namespace` `None` means the whole cluster.
    pub async fn list<K: Readable>(
        &self,
        step: &'static str,
        namespace: Option<&str>,
        params: ListParams,
        area: Area,
    ) -> Batch<K> {
        let read = async {
            let read = self.sources.kube.list::<K>(namespace, from_cache(params));
            read.await.map_err(|error| not_served::<K>(error))
        };
        match self.timed(step, read).await {
            Ok(answer) => Batch {
                area,
                cut: answer.cut,
                result: Ok(answer.value),
            },
            // The API group is not served: then there is no such object.
            Err(ReadError::NotFound) => Batch {
                area,
                cut: false,
                result: Ok(Vec::new()),
            },
            Err(error) => Batch {
                area,
                cut: false,
                result: Err(gap(&error)),
            },
        }
    }

    /// Lists everything of a kind in the areas named: each namespace, or the cluster.
    pub async fn list_all<K: Readable>(
        &self,
        step: &'static str,
        namespaces: &[String],
        params: ListParams,
    ) -> Vec<Batch<K>> {
        if namespaces.is_empty() {
            return vec![self.list(step, None, params, Area::Cluster).await];
        }
        let reads = namespaces.iter().map(|namespace| {
            self.list(
                step,
                Some(namespace),
                params.clone(),
                Area::Namespace(namespace.clone()),
            )
        });
        futures::future::join_all(reads).await
    }

    /// Lists only the metadata of a kind; an error is a ledger line and an empty list.
    pub async fn list_meta<K: Readable>(
        &self,
        step: &'static str,
        namespaces: &[String],
    ) -> Result<Vec<Meta>, ReadError> {
        let one = |namespace: Option<String>| async move {
            let params = from_cache(ListParams::default());
            let read = self
                .sources
                .kube
                .list_meta::<K>(namespace.as_deref(), params);
            let read = async { read.await.map_err(|error| not_served::<K>(error)) };
            match self.timed(step, read).await {
                Err(ReadError::NotFound) => Ok(Vec::new()),
                other => other.map(|answer| answer.value),
            }
        };
        if namespaces.is_empty() {
            return one(None).await;
        }
        let all = futures::future::join_all(
            namespaces
                .iter()
                .cloned()
                .map(|namespace| one(Some(namespace))),
        )
        .await;
        let mut metas = Vec::new();
        for part in all {
            metas.extend(part?);
        }
        Ok(metas)
    }

    /// One object by name.
    pub async fn get<K: Readable>(
        &self,
        step: &'static str,
        namespace: Option<&str>,
        name: &str,
    ) -> Batch<K> {
        let area = Area::Named(namespace.unwrap_or_default().to_owned(), name.to_owned());
        let read = async {
            let answer = self.sources.kube.get::<K>(namespace, name).await?;
            Ok(Answer {
                value: vec![answer.value],
                requests: answer.requests,
                bytes: answer.bytes,
                cut: false,
            })
        };
        match self.timed(step, read).await {
            Ok(answer) => Batch {
                area,
                cut: false,
                result: Ok(answer.value),
            },
            Err(ReadError::NotFound) => Batch {
                area,
                cut: false,
                result: Ok(Vec::new()),
            },
            Err(error) => Batch {
                area,
                cut: false,
                result: Err(gap(&error)),
            },
        }
    }

    /// Runs a read under the deadline and writes its ledger line.
    pub async fn timed<T: Counted>(
        &self,
        step: &'static str,
        read: impl Future<Output = Result<Answer<T>, ReadError>>,
    ) -> Result<Answer<T>, ReadError> {
        let started = Instant::now();
        let budget = self.left();
        let result = tokio::time::timeout(budget, read)
            .await
            .unwrap_or(Err(ReadError::TimedOut(budget)));
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &result {
            Ok(answer) => self.ledger.read(
                step,
                answer.value.count(),
                ms,
                answer.requests,
                answer.bytes,
            ),
            Err(ReadError::NotFound) => self.ledger.read(step, 0, ms, 1, 0),
            // "previous terminated container not found" is an answer, not a failure.
            Err(ReadError::BadRequest(_)) if step == "logs" => self.ledger.read(step, 0, ms, 1, 0),
            Err(error) => self
                .ledger
                .not_read(step, status_of(error), Some(error.to_string()), ms),
        }
        result
    }

    /// Notes a source that is not set up.
    pub fn not_configured(&self, step: &'static str) {
        self.ledger
            .not_read(step, LedgerStatus::NotConfigured, None, 0);
    }
}

/// How many things an answer holds, for the ledger.
pub trait Counted {
    /// The count.
    fn count(&self) -> usize;
}

impl<T> Counted for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }
}

impl Counted for serde_json::Value {
    fn count(&self) -> usize {
        self["items"].as_array().map_or(1, Vec::len)
    }
}

fn gap(error: &ReadError) -> Gap {
    match error {
        ReadError::Forbidden(_) => Gap::NotPermitted,
        _ => Gap::NoAnswer,
    }
}
