//! Which metrics a dashboard for a workload can show: asked, not guessed. Where nobody can say, the usual ones, and
//! that is said.

use super::names::{By, DIALECTS, Dialect, Known};
use super::queries::Names;
use super::{discover, noted, services};
use crate::clients::prometheus::{Prometheus, Selector};
use crate::finding::{Dashboard, Kind, METRICS, Requests, RequestsBy, Subject, USUAL};
use crate::investigation::case::Case;
use crate::investigation::gather::Reader;
use crate::playbook::pods;

/// How far Prometheus could be asked which series a workload has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// There is no Prometheus to ask.
    Unasked,
    /// It did not tell.
    Untold,
    /// It has no series of the workload.
    NoSeries,
    /// It told of the workload itself, and not whether somebody counts its requests.
    Partly,
    /// It told of everything.
    Fully,
}

/// What was found, by the selector it was found with.
struct Found {
    /// Series with the workload's own names: its pods, itself, its revisions, its autoscaler.
    own: Known,
    /// Series with its Services' names.
    services: Known,
    /// Series of the mesh and of the ingress controller.
    others: Known,
}

/// The facts of a dashboard for a workload that was read into the case, and how far they were checked.
pub async fn board(
    reader: &Reader,
    case: &Case,
    subject: &Subject,
    autoscaler: Option<String>,
) -> (Dashboard, Checked) {
    let services = services(case, subject);
    let mut board = Dashboard {
        workload: subject.clone(),
        pods: pods(subject.kind, &subject.name),
        services: services.clone(),
        autoscaler,
        metrics: METRICS
            .iter()
            .take(USUAL)
            .map(ToString::to_string)
            .collect(),
        requests: Some(usual()),
        verified: false,
    };
    let Some(prometheus) = &reader.sources.prometheus else {
        reader.not_configured(super::STEP);
        return (board, Checked::Unasked);
    };
    let namespace = subject.namespace.clone().unwrap_or_default();
    let names = Names {
        namespace: &namespace,
        workload: subject,
        services: &services,
    };
    let found = find(reader, prometheus, &names, &board, case).await;
    let Some(found) = found.filter(|found| found.own.is_told()) else {
        return (board, Checked::Untold);
    };
    if found.own.is_empty() {
        return (board, Checked::NoSeries);
    }
    board.metrics.clear();
    let known = METRICS.iter().filter(|name| found.own.has(name));
    board.metrics.extend(known.map(ToString::to_string));
    board.requests = match way(&found) {
        Some((dialect, by)) => {
            Some(requests(reader, prometheus, &names, &found, (dialect, by), case).await)
        }
        None => None,
    };
    board.verified = true;
    // What nobody could say is not "nobody counts them".
    let all = found.services.is_told() && found.others.is_told();
    let unsure = board.requests.is_none() && !all;
    let checked = if unsure {
        Checked::Partly
    } else {
        Checked::Fully
    };
    (board, checked)
}

/// The plainest instrumentation, for where nobody can say.
fn usual() -> Requests {
    let dialect = DIALECTS[0];
    Requests {
        counter: dialect.requests.to_owned(),
        buckets: Some(dialect.buckets.to_owned()),
        status: vec!["status".to_owned(), "code".to_owned()],
        millis: false,
        by: RequestsBy::Pod,
    }
}

async fn find(
    reader: &Reader,
    prometheus: &Prometheus,
    names: &Names<'_>,
    board: &Dashboard,
    case: &Case,
) -> Option<Found> {
    let any = || Selector::metric("").eq("namespace", names.namespace);
    let name = &names.workload.name;
    let mut own = vec![any().pattern("pod", &board.pods).text()];
    own.extend(kind_label(names.workload.kind).map(|label| any().eq(label, name).text()));
    if names.workload.kind == Kind::Deployment {
        let revisions = format!("{}-[a-z0-9]+", regex::escape(name));
        own.push(any().pattern("replicaset", &revisions).text());
    }
    if let Some(scaler) = &board.autoscaler {
        own.push(any().eq("horizontalpodautoscaler", scaler).text());
    }
    let services = vec![any().one_of("service", names.services).text()];
    let elsewhere = DIALECTS.iter().filter(|one| one.by != By::Target);
    let others: Vec<String> = elsewhere
        .flat_map(|dialect| names.of(dialect.requests, *dialect))
        .map(|selector| selector.text())
        .collect();
    let (own, services, others) = futures::join!(
        discover(reader, prometheus, &own, case.now),
        discover(reader, prometheus, &services, case.now),
        discover(reader, prometheus, &others, case.now),
    );
    Some(Found {
        own: own?,
        services: services.unwrap_or_default(),
        others: others.unwrap_or_default(),
    })
}

/// How kube-state-metrics calls a workload of that kind.
fn kind_label(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Deployment => Some("deployment"),
        Kind::StatefulSet => Some("statefulset"),
        Kind::DaemonSet => Some("daemonset"),
        _ => None,
    }
}

/// The first instrumentation with series of the workload, and by which labels they are its.
fn way(found: &Found) -> Option<(Dialect, RequestsBy)> {
    let told = |known: &Known, dialect: &Dialect| known.is_told() && known.has(dialect.requests);
    DIALECTS.iter().find_map(|dialect| {
        let by = match dialect.by {
            By::Target if told(&found.own, dialect) => RequestsBy::Pod,
            By::Target if told(&found.services, dialect) => RequestsBy::Service,
            By::Istio if told(&found.others, dialect) => RequestsBy::Istio,
            By::Ingress if told(&found.services, dialect) => RequestsBy::IngressHonoured,
            By::Ingress if told(&found.others, dialect) => RequestsBy::Ingress,
            _ => return None,
        };
        Some((*dialect, by))
    })
}

async fn requests(
    reader: &Reader,
    prometheus: &Prometheus,
    names: &Names<'_>,
    found: &Found,
    (dialect, by): (Dialect, RequestsBy),
    case: &Case,
) -> Requests {
    // The mesh and the ingress controller were asked for their counters only; their buckets come with them.
    let buckets = match by {
        RequestsBy::Pod => found.own.has(dialect.buckets),
        RequestsBy::Service => found.services.has(dialect.buckets),
        _ => true,
    };
    Requests {
        counter: dialect.requests.to_owned(),
        buckets: buckets.then(|| dialect.buckets.to_owned()),
        status: status_labels(reader, prometheus, names, dialect, case).await,
        millis: dialect.millis,
        by,
    }
}

/// Those of an instrumentation's labels for the status that its series have; all of them where that is not known.
async fn status_labels(
    reader: &Reader,
    prometheus: &Prometheus,
    names: &Names<'_>,
    dialect: Dialect,
    case: &Case,
) -> Vec<String> {
    let all: Vec<String> = dialect.status.iter().map(ToString::to_string).collect();
    let selectors = names.of(dialect.requests, dialect);
    let series: Vec<String> = selectors.iter().map(Selector::text).collect();
    let expression = format!("count by ({}) ({})", all.join(", "), series.join(" or "));
    let answer = noted(reader, prometheus.instant(&expression, case.now)).await;
    let answer = answer.unwrap_or_default();
    let has = |label: &String| {
        let mut values = answer.iter().filter_map(|series| series.labels.get(label));
        values.any(|value| !value.is_empty())
    };
    let own: Vec<String> = all.iter().filter(|label| has(label)).cloned().collect();
    if own.is_empty() { all } else { own }
}
