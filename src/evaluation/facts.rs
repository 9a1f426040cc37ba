//! A case as the judges would see it had everything been read: what the tests of judges alone start from.

use std::collections::BTreeSet;

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::file::{CaseFile, subject};
use super::replay::readings;
use crate::intent::{self, Vocabulary, Want};
use crate::investigation::case::{
    Area, Case, EachShelf, Gap, Gates, LogRead, Pipelines, Scope, Shelf, Usage, bytes, millicores,
    parse_log,
};
use crate::investigation::run::{gates_asked, pipelines_asked};
use crate::sandbox::kube::{Cluster, Resource};

/// Every kind that is not `unread` counts as read completely: for the namespaces that the case has something
/// in, or for the whole cluster where it has no namespace.
///
/// # Errors
/// When an object is not what its kind says, or the case cannot be built.
pub fn case(file: &CaseFile) -> Result<Case, String> {
    let cluster = super::build(file)?;
    let mut ask = intent::parse(&file.question, &Vocabulary::default(), None);
    if !file.symptoms.is_empty() {
        ask.symptoms.clone_from(&file.symptoms);
    }
    let mut case = Case {
        now: file.now,
        symptoms: file.symptoms.clone(),
        scope: scope(file)?,
        readings: readings(file),
        watching: file.prometheus.clone().unwrap_or_default(),
        pipelines: Pipelines {
            asked: pipelines_asked(&ask),
            ..file.jenkins.clone().unwrap_or_default()
        },
        gates: Gates {
            asked: gates_asked(&ask),
            ..file.sonarqube.clone().unwrap_or_default()
        },
        review: ask.want == Want::Review,
        ..Case::default()
    };
    let mut reading = Fill {
        file,
        cluster: &cluster,
        namespaces: namespaces(file, &cluster),
        wrong: None,
    };
    case.each_shelf(&mut reading);
    if let Some(wrong) = reading.wrong {
        return Err(wrong);
    }
    for ((namespace, pod, container), log) in cluster.logs() {
        for (text, previous) in log.texts() {
            case.logs.push(LogRead {
                namespace: namespace.clone(),
                pod: pod.clone(),
                container: container.clone(),
                previous,
                records: parse_log(text.as_bytes()),
            });
        }
    }
    usage(&cluster, &mut case);
    Ok(case)
}

fn scope(file: &CaseFile) -> Result<Scope, String> {
    Ok(match (&file.about, &file.namespace) {
        (Some(about), _) => {
            let about = subject(about)
                .ok_or_else(|| format!("about: {about:?} is no Kind/namespace/name"))?;
            Scope::Object(about)
        }
        (None, Some(namespace)) => Scope::Namespaces(vec![namespace.clone()]),
        (None, None) => Scope::Cluster,
    })
}

fn namespaces(file: &CaseFile, cluster: &Cluster) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = file.namespace.iter().cloned().collect();
    for kind in [
        "Pod",
        "Deployment",
        "Service",
        "StatefulSet",
        "DaemonSet",
        "Job",
        "CronJob",
        "Event",
    ] {
        let objects = cluster.list(kind, "");
        all.extend(
            objects
                .iter()
                .filter_map(|one| one["metadata"]["namespace"].as_str().map(str::to_owned)),
        );
    }
    all
}

fn usage(cluster: &Cluster, case: &mut Case) {
    for pod in cluster.list("PodMetrics", "") {
        let text = |field: &str| {
            pod["metadata"][field]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        for container in pod["containers"].as_array().into_iter().flatten() {
            let quantity = |key: &str| {
                Quantity(
                    container["usage"][key]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                )
            };
            let key = format!(
                "{}/{}/{}",
                text("namespace"),
                text("name"),
                container["name"].as_str().unwrap_or_default()
            );
            let usage = Usage {
                millicores: millicores(&quantity("cpu")).unwrap_or_default(),
                bytes: bytes(&quantity("memory")).unwrap_or_default(),
            };
            case.usage.insert(key, usage);
        }
    }
}

struct Fill<'a> {
    file: &'a CaseFile,
    cluster: &'a Cluster,
    namespaces: BTreeSet<String>,
    wrong: Option<String>,
}

impl EachShelf for Fill<'_> {
    fn shelf<K>(&mut self, onto: &mut Shelf<K>)
    where
        K: k8s_openapi::Resource + Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned,
    {
        let Some(resource) = Resource::named(K::KIND) else {
            return;
        };
        let unread = self.file.unread.iter().any(|kind| kind == K::KIND);
        let everywhere =
            !resource.namespaced || self.file.everywhere.iter().any(|kind| kind == K::KIND);
        let areas: Vec<Area> = if everywhere {
            vec![Area::Cluster]
        } else {
            self.namespaces
                .iter()
                .cloned()
                .map(Area::Namespace)
                .collect()
        };
        for area in areas {
            if unread {
                onto.miss(area, Gap::NotPermitted);
            } else {
                onto.add(area, Vec::new());
            }
        }
        // Events that are not warnings are never read, but for those of preemptions.
        let wanted = |object: &Value| {
            let normal = K::KIND == "Event" && object["type"] == "Normal";
            !normal || object["reason"] == "Preempted"
        };
        for object in self.cluster.list(K::KIND, "").into_iter().filter(wanted) {
            if unread {
                continue;
            }
            let name = object["metadata"]["name"].clone();
            match serde_json::from_value(object) {
                Ok(typed) => onto.put(typed),
                Err(why) => self.wrong = Some(format!("{} {name}: {why}", K::KIND)),
            }
        }
    }
}
