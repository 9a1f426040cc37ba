//! Who makes pods by asking the API server for them, as Jenkins, Airflow and many operators do, has no controller whose
//! events would say that a quota refuses them: it says so in its own log.

use std::sync::LazyLock;

use regex::Regex;

use super::{Refusal, words};
use crate::finding::{Kind, Subject};
use crate::investigation::case::{Facts, containers};
use crate::investigation::judge::facts::{is_recent, pod_name};
use crate::text::pattern;

/// Where the object was to be: the path of the request.
static PLACE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"/namespaces/([a-z0-9-]+)/").ok());

/// The newest refusal in the log of each container that runs.
pub(super) fn by_log(case: &Facts<'_>) -> Vec<Refusal> {
    let mut found = Vec::new();
    for workload in case.workloads() {
        for container in workload.pods.iter().flat_map(|pod| containers(pod)) {
            let (namespace, pod) = (workload.namespace(), pod_name(container.pod));
            let Some(log) = case.log(namespace, pod, container.name(), false) else {
                continue;
            };
            let Some((record, line)) = log.find(|line| !words::exceeded(line).is_empty()) else {
                continue;
            };
            if !is_recent(case, record.at) {
                continue;
            }
            let place = PLACE.as_ref().and_then(|it| it.captures(line));
            let place = place.and_then(|it| Some(it.get(1)?.as_str().to_owned()));
            found.push(Refusal {
                namespace: place.unwrap_or_else(|| namespace.to_owned()),
                workload: workload.subject.clone(),
                exceeded: words::exceeded(line),
                words: line.trim().to_owned(),
                source: format!("pod {pod} container {} log", container.name()),
                at: record.at,
                since: record.at,
            });
        }
    }
    found
}

/// The namespaces whose quota refuses what clients ask for.
pub(in crate::investigation::judge) fn full_for_clients(case: &Facts<'_>) -> Vec<Subject> {
    let all = by_log(case).into_iter();
    all.map(|one| Subject::cluster(Kind::Namespace, one.namespace))
        .collect()
}
