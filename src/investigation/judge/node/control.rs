//! The API server or its etcd answers late or not at all: in the words of those who asked, and in our own reads.

use std::collections::BTreeSet;

use crate::finding::{Cause, Finding, Fix, Kind, Subject, Symptom};
use crate::investigation::case::{
    Case, EachShelf, EventView, Facts, Gap, Shelf, all_events, owner_of,
};
use crate::investigation::judge::facts::{is_recent, quote};
use crate::text::Message;

/// What etcd's client says through the API server (`etcd/api/v3rpc/rpctypes/error.go`); the second ones are beyond
/// doubt.
const ETCD: [&str; 4] = [
    "etcdserver: request timed out",
    "etcdserver: leader changed",
    "etcdserver: too many requests",
    "etcdserver: server stopped",
];
const ETCD_SURE: [&str; 3] = [
    "etcdserver: mvcc: database space exceeded",
    "etcdserver: no leader",
    "etcdserver: unhealthy cluster",
];
/// What the API server and its clients say when it is overloaded or slow (apimachinery `pkg/api/errors`, net/http).
const API: [&str; 5] = [
    "the server was unable to return a response in the time allotted",
    "the server has received too many requests and has asked us to try again later",
    "Timeout: request did not complete within requested timeout",
    "rpc error: code = Unavailable desc = transport is closing",
    "apiserver was unable to write a JSON response: http: Handler timeout",
];
/// Reads of ours that got no answer before the API server is blamed.
const UNANSWERED: usize = 4;

/// Judges both.
pub(super) fn judge(case: &Facts<'_>) -> Vec<Finding> {
    let etcd = etcd(case);
    let mut api = api_server(case);
    if let (Some(api), true) = (&mut api, etcd.is_some()) {
        api.blames.push(Subject::cluster(Kind::Cluster, "etcd"));
    }
    etcd.into_iter().chain(api).collect()
}

/// One that said such words.
struct Said<'a> {
    words: &'a str,
    who: Subject,
    source: String,
    at: Option<chrono::DateTime<chrono::Utc>>,
    count: i32,
}

/// Everybody who said one of these, in warnings and in errors of logs.
fn said<'a>(case: &'a Facts<'a>, words: &[&str]) -> Vec<Said<'a>> {
    let has = |text: &str| words.iter().any(|word| text.contains(word));
    let events =
        all_events(case).filter(|(_, view)| has(view.message) && is_recent(case, view.last));
    let mut all: Vec<Said<'a>> = events
        .map(|(event, view)| of_event(case, event, &view))
        .collect();
    for log in &case.logs {
        let lines: Vec<_> = log
            .records
            .iter()
            .filter(|line| has(&line.text) && is_recent(case, line.at))
            .collect();
        let Some(last) = lines.last() else { continue };
        let pod = case.pods.look(&log.namespace, &log.pod).found();
        all.push(Said {
            words: &last.text,
            who: pod.map_or_else(
                || Subject::new(Kind::Pod, &log.namespace, &log.pod),
                owner_of,
            ),
            source: format!("log {}/{}", log.pod, log.container),
            at: last.at,
            count: i32::try_from(lines.len()).unwrap_or(i32::MAX),
        });
    }
    all
}

fn of_event<'a>(
    case: &Facts<'_>,
    event: &'a k8s_openapi::api::core::v1::Event,
    view: &EventView<'a>,
) -> Said<'a> {
    let object = &event.involved_object;
    let namespace = object.namespace.as_deref().unwrap_or_default();
    let name = object.name.as_deref().unwrap_or_default();
    let kind = object
        .kind
        .as_deref()
        .and_then(Kind::parse)
        .unwrap_or(Kind::Pod);
    let pod = case.pods.look(namespace, name).found();
    let own = || Subject::new(kind, namespace, name);
    let who = if kind == Kind::Pod {
        pod.map_or_else(own, owner_of)
    } else {
        own()
    };
    Said {
        words: view.message,
        who: deployment_of(case, who),
        source: format!("event {} {name}", view.reason),
        at: view.last,
        count: view.count,
    }
}

/// A `ReplicaSet` stands for its Deployment.
fn deployment_of(case: &Facts<'_>, subject: Subject) -> Subject {
    if subject.kind != Kind::ReplicaSet {
        return subject;
    }
    let namespace = subject.namespace.clone().unwrap_or_default();
    let owner = case
        .replica_sets
        .look(&namespace, &subject.name)
        .found()
        .and_then(|set| {
            set.metadata
                .owner_references
                .as_ref()?
                .first()
                .map(|it| it.name.clone())
        });
    let short = subject
        .name
        .rsplit_once('-')
        .map(|(name, _)| name.to_owned());
    match owner.or(short) {
        Some(name) => Subject::new(Kind::Deployment, namespace, name),
        None => subject,
    }
}

fn etcd(case: &Facts<'_>) -> Option<Finding> {
    let sure = said(case, &ETCD_SURE);
    let mut all = said(case, &ETCD);
    let certain = !sure.is_empty();
    all.splice(0..0, sure);
    // A change of leader now and then is what etcd does.
    let often = all.len() > 1 || all.iter().any(|one| one.count > 2);
    let strength = match (certain, often) {
        (true, _) => 0.95,
        (false, true) => 0.9,
        (false, false) => 0.55,
    };
    let finding = finding(
        case,
        (
            Cause::EtcdDegraded,
            "etcd",
            "cause-etcd-degraded",
            "why-etcd-degraded",
        ),
        strength,
        &all,
    )?;
    Some(finding.hits([Subject::cluster(Kind::Cluster, "kube-apiserver")]))
}

fn api_server(case: &Facts<'_>) -> Option<Finding> {
    let all = said(case, &API);
    let unanswered = unanswered(case);
    let told = (
        Cause::ApiServerDegraded,
        "kube-apiserver",
        "cause-api-server-degraded",
        "why-api-server-degraded",
    );
    let often = all.len() > 1 || all.iter().any(|one| one.count > 2);
    let slow = unanswered.len() >= UNANSWERED;
    let strength = match (often, slow) {
        (true, true) => 0.92,
        (true, false) => 0.85,
        (false, true) => 0.7,
        (false, false) => 0.5,
    };
    if let Some(found) = finding(case, told, strength, &all) {
        return Some(found);
    }
    if !slow {
        return None;
    }
    let subject = Subject::cluster(Kind::Cluster, told.1);
    let summary = Message::new("cause-api-server-silent").with("count", unanswered.len());
    let kinds: Vec<&str> = unanswered.into_iter().collect();
    let fact = Message::new("fact-unanswered").with("kinds", kinds);
    let found = Finding::new(told.0, subject.clone(), strength, summary);
    Some(
        explained(found)
            .evidence(fact, "our own reads", Some(case.now))
            .fix(fix(&subject, told.3)),
    )
}

type Told = (Cause, &'static str, &'static str, &'static str);

fn finding(
    case: &Facts<'_>,
    (cause, name, sentence, why): Told,
    strength: f64,
    all: &[Said<'_>],
) -> Option<Finding> {
    let first = all.first()?;
    let subject = Subject::cluster(Kind::Cluster, name);
    let count: i32 = all.iter().map(|one| one.count).fold(0, i32::saturating_add);
    let who: BTreeSet<Subject> = all.iter().map(|one| one.who.clone()).collect();
    let summary = Message::new(sentence)
        .with("count", count)
        .with("objects", who.len());
    let mut found = explained(Finding::new(cause, subject.clone(), strength, summary))
        .affected(who.len())
        .hits(who)
        .fix(fix(&subject, why));
    for one in all.iter().take(3) {
        let fact = Message::new("fact-component-says").with("line", quote(one.words));
        found = found.evidence(fact, one.source.as_str(), one.at.or(Some(case.now)));
    }
    Some(found.since(first.at))
}

fn explained(finding: Finding) -> Finding {
    finding.explains([
        Symptom::DeployFailed,
        Symptom::Errors,
        Symptom::Slow,
        Symptom::Unavailable,
        Symptom::NotReady,
        Symptom::Pending,
        Symptom::JobFailed,
        Symptom::NotScaling,
    ])
}

fn fix(subject: &Subject, why: &'static str) -> Fix {
    let command = String::from("kubectl get --raw '/readyz?verbose'");
    Fix::new(subject.clone(), "", Message::new(why)).command(command)
}

/// The kinds whose reads got no answer.
struct Unanswered(BTreeSet<&'static str>);

impl EachShelf for Unanswered {
    fn shelf<K>(&mut self, shelf: &mut Shelf<K>)
    where
        K: k8s_openapi::Resource
            + k8s_openapi::Metadata<Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta>
            + serde::Serialize
            + serde::de::DeserializeOwned,
    {
        if shelf.gaps().iter().any(|(_, gap)| *gap == Gap::NoAnswer) {
            self.0.insert(K::KIND);
        }
    }
}

fn unanswered(case: &Facts<'_>) -> BTreeSet<&'static str> {
    let any = !case.pods.gaps().is_empty()
        || !case.events.gaps().is_empty()
        || !case.services.gaps().is_empty()
        || !case.deployments.gaps().is_empty();
    if !any {
        return BTreeSet::new();
    }
    let mut all = Unanswered(BTreeSet::new());
    Case::clone(case).each_shelf(&mut all);
    all.0
}
