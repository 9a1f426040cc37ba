//! A fixture as a case: every kind that is not `unread` counts as completely read for the namespaces
//! of the file.

use std::collections::BTreeSet;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::de::DeserializeOwned;
use serde_json::Value;
use vigie::investigation::case::{
    Area, Case, Gap, LogRead, Reading, Scope, Shelf, Usage, bytes, millicores, parse_log,
};

use super::fixture::{Fixture, subject};

/// Kinds that a fixture may hold for the reader, and that no investigation reads.
const NOT_READ: [&str; 4] = ["ConfigMap", "Secret", "StorageClass", "PersistentVolume"];

/// The case of a fixture.
pub fn case(fixture: &Fixture) -> Case {
    let mut case = Case {
        now: fixture.now,
        symptoms: fixture.symptoms.clone(),
        scope: scope(fixture),
        ..Case::default()
    };
    let shelves = Shelves::new(fixture);
    shelves.fill(&mut case);
    case.logs = fixture.logs.iter().map(log).collect();
    case.readings = fixture.readings.iter().map(reading).collect();
    for (key, usage) in &fixture.usage {
        let usage = Usage {
            millicores: millicores(&Quantity(usage.cpu.clone())).expect(key),
            bytes: bytes(&Quantity(usage.memory.clone())).expect(key),
        };
        case.usage.insert(key.clone(), usage);
    }
    case
}

fn scope(fixture: &Fixture) -> Scope {
    match (&fixture.about, &fixture.namespace) {
        (Some(about), _) => Scope::Object(subject(about)),
        (None, Some(namespace)) => Scope::Namespaces(vec![namespace.clone()]),
        (None, None) => Scope::Cluster,
    }
}

fn log(log: &super::fixture::Log) -> LogRead {
    LogRead {
        namespace: log.namespace.clone(),
        pod: log.pod.clone(),
        container: log.container.clone(),
        previous: log.previous,
        records: parse_log(log.text.as_bytes()),
    }
}

fn reading(reading: &super::fixture::Reading) -> Reading {
    Reading {
        indicator: reading.indicator,
        namespace: reading.namespace.clone(),
        workload: reading.workload.clone(),
        pod: reading.pod.clone(),
        container: reading.container.clone(),
        now: reading.now,
        usual: reading.usual,
        history: reading.history.clone(),
    }
}

/// What a fixture says about each kind.
struct Shelves<'a> {
    fixture: &'a Fixture,
    namespaces: BTreeSet<String>,
}

impl<'a> Shelves<'a> {
    fn new(fixture: &'a Fixture) -> Self {
        let of = |object: &Value| object["metadata"]["namespace"].as_str().map(str::to_owned);
        let mut namespaces: BTreeSet<String> = fixture.objects.iter().filter_map(of).collect();
        namespaces.extend(fixture.namespace.clone());
        Self {
            fixture,
            namespaces,
        }
    }

    fn fill(&self, case: &mut Case) {
        let mut known: BTreeSet<&str> = NOT_READ.into();
        let known = &mut known;
        self.cluster(&mut case.namespaces, "Namespace", known);
        self.cluster(&mut case.nodes, "Node", known);
        self.namespaced(&mut case.deployments, "Deployment", known);
        self.namespaced(&mut case.stateful_sets, "StatefulSet", known);
        self.namespaced(&mut case.daemon_sets, "DaemonSet", known);
        self.namespaced(&mut case.replica_sets, "ReplicaSet", known);
        self.namespaced(&mut case.jobs, "Job", known);
        self.namespaced(&mut case.cron_jobs, "CronJob", known);
        self.namespaced(&mut case.pods, "Pod", known);
        self.namespaced(&mut case.services, "Service", known);
        self.namespaced(&mut case.endpoint_slices, "EndpointSlice", known);
        self.namespaced(&mut case.ingresses, "Ingress", known);
        self.namespaced(&mut case.autoscalers, "HorizontalPodAutoscaler", known);
        self.namespaced(&mut case.claims, "PersistentVolumeClaim", known);
        self.namespaced(&mut case.quotas, "ResourceQuota", known);
        self.namespaced(&mut case.events, "Event", known);
        for object in &self.fixture.objects {
            let kind = object["kind"].as_str().unwrap_or_default();
            assert!(known.contains(kind), "an object of kind {kind:?}");
        }
        for kind in self.fixture.unread.iter().chain(&self.fixture.everywhere) {
            assert!(known.contains(kind.as_str()), "no kind {kind:?}");
        }
    }

    fn cluster<K>(&self, into: &mut Shelf<K>, kind: &'static str, known: &mut BTreeSet<&str>)
    where
        K: DeserializeOwned + Metadata<Ty = ObjectMeta>,
    {
        known.insert(kind);
        if self.fixture.unread.iter().any(|unread| unread == kind) {
            return into.miss(Area::Cluster, Gap::NotPermitted);
        }
        into.add(Area::Cluster, self.objects(kind));
    }

    fn namespaced<K>(&self, into: &mut Shelf<K>, kind: &'static str, known: &mut BTreeSet<&str>)
    where
        K: DeserializeOwned + Metadata<Ty = ObjectMeta>,
    {
        known.insert(kind);
        let unread = self.fixture.unread.iter().any(|unread| unread == kind);
        for namespace in &self.namespaces {
            let area = Area::Namespace(namespace.clone());
            if unread {
                into.miss(area, Gap::NotPermitted);
            } else {
                into.add(area, []);
            }
        }
        if unread {
            return;
        }
        for object in self.objects(kind) {
            into.put(object);
        }
        if self
            .fixture
            .everywhere
            .iter()
            .any(|everywhere| everywhere == kind)
        {
            into.add(Area::Cluster, []);
        }
    }

    /// The objects of a kind. Events of type Normal are never read.
    fn objects<K: DeserializeOwned>(&self, kind: &str) -> Vec<K> {
        let wanted = |object: &&Value| {
            object["kind"].as_str() == Some(kind)
                && !(kind == "Event" && object["type"].as_str() == Some("Normal"))
        };
        let typed = |object: &Value| {
            let name = &object["metadata"]["name"];
            serde_json::from_value(object.clone())
                .unwrap_or_else(|err| panic!("{kind} {name}: {err}"))
        };
        self.fixture
            .objects
            .iter()
            .filter(wanted)
            .map(typed)
            .collect()
    }
}
