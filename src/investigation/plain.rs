//! Plain questions (logs, versions, changes, usage, sizes, dashboards, "restart it"): read and answered, without a
//! diagnosis and without an incident, each with the `kubectl` line that tells the same by hand.

mod dashboard;
mod review;
mod rows;
mod sizing;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::Pod;
use kube::api::ListParams;

use super::case::{Case, Scope, Workload, owner_of, utc, workloads};
use review::review;
use rows::{changes, since, usage};

use super::gather::{self, Reader, Sources, Wanted};
use super::run::{Chosen, Question, choose, pods_of};
use crate::finding::{Kind, Shares, Subject};
use crate::incident::PlainAnswer;
use crate::intent::{Candidate, Change, Want};
use crate::text::{Arg, Message, Untrusted};

/// Log lines shown.
const LINES: usize = 20;
/// Lines of a table shown; Slack cuts long answers anyway.
const ROWS: usize = 25;

/// What a plain question comes to.
pub enum Plain {
    /// Its answer.
    Answer(Box<PlainAnswer>),
    /// Several objects bear that name.
    Ambiguous(Vec<Candidate>),
    /// No object does; these are near.
    NotFound(Vec<Candidate>),
    /// The cluster could not be read; why.
    CouldNotLook(String),
}

/// Whether a want is answered here.
#[must_use]
pub fn is_plain(want: &Want) -> bool {
    matches!(
        want,
        Want::Logs
            | Want::Version
            | Want::Changes { .. }
            | Want::Usage
            | Want::Sizing
            | Want::Review
            | Want::Dashboard
            | Want::Act { .. }
    )
}

/// What the words of a question name; nothing is read beyond that.
#[must_use]
pub fn named(sources: Sources, question: &Question, now: DateTime<Utc>) -> BoxFuture<'_, Chosen> {
    Box::pin(async move {
        let reader = Reader::new(sources, question.budget);
        let mut case = Case {
            now,
            ..Case::default()
        };
        choose(&reader, &mut case, question).await
    })
}

/// Reads and answers; `shares` is the channel's word.
#[must_use]
pub fn answer(
    sources: Sources,
    question: &Question,
    shares: Shares,
    now: DateTime<Utc>,
) -> BoxFuture<'_, Plain> {
    Box::pin(read_and_answer(sources, question, shares, now))
}

async fn read_and_answer(
    sources: Sources,
    question: &Question,
    shares: Shares,
    now: DateTime<Utc>,
) -> Plain {
    let reader = Reader::new(sources, question.budget);
    let mut case = Case {
        now,
        review: question.ask.want == Want::Review,
        ..Case::default()
    };
    let scope = match choose(&reader, &mut case, question).await {
        Chosen::Object(subject) => Scope::Object(subject),
        Chosen::Wide(scope) => scope,
        Chosen::Ambiguous(candidates) => return Plain::Ambiguous(candidates),
        Chosen::Several(subjects) => {
            let one = |subject: &Subject| {
                let namespace = subject.namespace.clone().unwrap_or_default();
                Candidate::new(subject.kind, namespace, &subject.name)
            };
            return Plain::Ambiguous(subjects.iter().map(one).collect());
        }
        Chosen::NotFound(nearest, _) => return Plain::NotFound(nearest),
        Chosen::CouldNotLook(why) => return Plain::CouldNotLook(why),
    };
    case.scope = scope;
    read(&reader, &mut case, &question.ask.want).await;
    Plain::Answer(Box::new(match &question.ask.want {
        Want::Logs => logs(&reader, &mut case, shares.logs).await,
        Want::Changes { period } => changes(&case, since(*period, now)),
        Want::Usage => usage(&case, shares.metrics),
        Want::Sizing => sizing::sizing(&reader, &case, shares),
        Want::Review => review(&case),
        Want::Dashboard => dashboard::dashboard(&reader, &case).await,
        Want::Act { change } => act(&case, *change, question.ask.text.raw()),
        _ => versions(&case),
    }))
}

/// Reads the object with its pods, or the workloads and pods of the namespaces.
async fn read(reader: &Reader, case: &mut Case, want: &Want) {
    if *want == Want::Review {
        return review::read(reader, case).await;
    }
    if let Scope::Object(subject) = case.scope.clone() {
        if *want == Want::Sizing {
            return sizing::read(reader, case, &subject).await;
        }
        if *want == Want::Dashboard {
            return dashboard::read(reader, case, &subject).await;
        }
        gather::fetch(reader, case, &subject).await;
        pods_of(reader, case, &subject).await;
        return;
    }
    let namespaces = match &case.scope {
        Scope::Namespaces(names) => names.clone(),
        _ => Vec::new(),
    };
    let all = ListParams::default;
    for batch in reader
        .list_all::<Deployment>("deployments", &namespaces, all())
        .await
    {
        batch.shelve(&mut case.deployments);
    }
    for batch in reader
        .list_all::<StatefulSet>("statefulsets", &namespaces, all())
        .await
    {
        batch.shelve(&mut case.stateful_sets);
    }
    for batch in reader
        .list_all::<DaemonSet>("daemonsets", &namespaces, all())
        .await
    {
        batch.shelve(&mut case.daemon_sets);
    }
    if matches!(want, Want::Changes { .. }) {
        for batch in reader
            .list_all::<ReplicaSet>("replicasets", &namespaces, all())
            .await
        {
            batch.shelve(&mut case.replica_sets);
        }
        return;
    }
    for batch in reader.list_all::<Pod>("pods", &namespaces, all()).await {
        batch.shelve(&mut case.pods);
    }
    if *want == Want::Sizing {
        sizing::autoscalers(reader, case, &namespaces).await;
    }
    if matches!(want, Want::Usage | Want::Sizing) {
        case.usage
            .extend(gather::usage_of(reader, &namespaces).await);
    }
}

fn place(case: &Case) -> Arg {
    match &case.scope {
        Scope::Object(subject) => Arg::from(&subject.name),
        Scope::Namespaces(names) => Arg::from(names.clone()),
        Scope::Cluster => Arg::from(Message::new("label-whole-cluster")),
    }
}

/// `kubectl -n NAMESPACE COMMAND OPTIONS`, or `kubectl COMMAND -A OPTIONS`: `-A` belongs to the subcommand.
/// Namespaces come from the API server or are checked as names before.
fn kubectl(case: &Case, command: &str, options: &str) -> String {
    let line = match &case.scope {
        Scope::Object(subject) => {
            let namespace = subject.namespace.as_deref().unwrap_or("default");
            format!("kubectl -n {namespace} {command} {options}")
        }
        Scope::Namespaces(names) if names.len() == 1 => {
            format!("kubectl -n {} {command} {options}", names[0])
        }
        _ => format!("kubectl {command} -A {options}"),
    };
    line.trim_end().to_owned()
}

fn said(headline: Message, lines: Vec<Message>, command: String) -> PlainAnswer {
    PlainAnswer {
        headline,
        lines,
        verbatim: None,
        command: Some(Untrusted::new(command)),
        dashboard: None,
    }
}

async fn logs(reader: &Reader, case: &mut Case, may_show: bool) -> PlainAnswer {
    let Some(wanted) = loudest(case) else {
        let name = place(case);
        return said(
            Message::new("logs-none").with("pod", name),
            Vec::new(),
            kubectl(case, "get pods", ""),
        );
    };
    let previous = if wanted.previous { " --previous" } else { "" };
    let command = format!(
        "kubectl -n {} logs {} -c {}{previous} --tail={LINES}",
        wanted.namespace, wanted.pod, wanted.container
    );
    if !may_show {
        return said(Message::new("logs-withheld"), Vec::new(), command);
    }
    gather::logs_of(reader, case, std::slice::from_ref(&wanted)).await;
    let Some(log) = case
        .last_words(&wanted.namespace, &wanted.pod, &wanted.container)
        .filter(|log| !log.records.is_empty())
    else {
        return said(
            Message::new("logs-none").with("pod", &wanted.pod),
            Vec::new(),
            command,
        );
    };
    let lines: Vec<&str> = log
        .records
        .iter()
        .flat_map(super::case::Record::lines)
        .collect();
    let last = &lines[lines.len().saturating_sub(LINES)..];
    let id = if log.previous {
        "logs-headline-previous"
    } else {
        "logs-headline"
    };
    let headline = Message::new(id)
        .with("count", last.len())
        .with("container", &wanted.container)
        .with("pod", &wanted.pod);
    PlainAnswer {
        verbatim: Some(Untrusted::new(last.join("\n"))),
        ..said(headline, Vec::new(), command)
    }
}

/// The container whose log is worth most: a suspicious one, else the first that runs.
fn loudest(case: &Case) -> Option<Wanted> {
    gather::suspicious(case, true).into_iter().next()
}

fn versions(case: &Case) -> PlainAnswer {
    let shown = workloads(case)
        .into_iter()
        .filter(|workload| workload.template.is_some());
    let lines: Vec<Message> = shown
        .flat_map(|workload| version_lines(&workload))
        .take(ROWS)
        .collect();
    let command = kubectl(case, "get deployments,statefulsets,daemonsets", "-o wide");
    said(
        Message::new("versions-headline").with("place", place(case)),
        lines,
        command,
    )
}

fn version_lines(workload: &Workload<'_>) -> Vec<Message> {
    let Some(spec) = workload
        .template
        .and_then(|template| template.spec.as_ref())
    else {
        return Vec::new();
    };
    let newest = workload
        .pods
        .iter()
        .filter_map(|pod| pod.metadata.creation_timestamp.as_ref())
        .max()
        .map(utc);
    let line = |image: &String| {
        let id = if newest.is_some() {
            "version-line"
        } else {
            "version-line-undated"
        };
        let line = Message::new(id)
            .with("workload", &workload.subject.name)
            .with("image", image)
            .with("ready", workload.ready())
            .with("wanted", workload.wanted());
        match newest {
            Some(at) => line.with("time", at),
            None => line,
        }
    };
    spec.containers
        .iter()
        .filter_map(|container| container.image.as_ref())
        .map(line)
        .collect()
}

/// The bot changes nothing: it quotes the command under a sentence that asks for the lead's approval first.
fn act(case: &Case, change: Change, words: &str) -> PlainAnswer {
    let Some(subject) = acted_on(case) else {
        return said(
            Message::new("nothing-understood"),
            Vec::new(),
            "kubectl get deployments -A".to_owned(),
        );
    };
    let kind = subject.kind.as_str().to_ascii_lowercase();
    let (namespace, name) = (
        subject.namespace.as_deref().unwrap_or_default(),
        &subject.name,
    );
    let command = match change {
        Change::Restart => format!("kubectl -n {namespace} rollout restart {kind}/{name}"),
        Change::Rollback => format!("kubectl -n {namespace} rollout undo {kind}/{name}"),
        Change::Scale => {
            let replicas = scaled_to(words).map_or_else(|| "N".to_owned(), |to| to.to_string());
            format!("kubectl -n {namespace} scale {kind}/{name} --replicas={replicas}")
        }
        // No angle brackets in a command: a shell reads them as redirections.
        Change::Deploy => {
            format!("helm -n {namespace} upgrade {name} CHART --wait --timeout 10m")
        }
        Change::Delete => format!("kubectl -n {namespace} delete {kind}/{name}"),
    };
    PlainAnswer {
        headline: Message::new("i-only-read"),
        lines: Vec::new(),
        verbatim: Some(Untrusted::new(command)),
        command: None,
        dashboard: None,
    }
}

/// How many replicas somebody asks for: a number after "to", "à" or `replicas=`. "Add 2" names no total,
/// and a number beside memory or CPU counts something else.
fn scaled_to(words: &str) -> Option<u32> {
    let words = words.to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| c.is_whitespace() || "=,;.!?`*()".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let another = [
        "mémoire", "memoire", "memory", "cpu", "limit", "limits", "limite", "limites",
    ];
    if words.iter().any(|word| another.contains(word)) {
        return None;
    }
    let before = ["to", "à", "a", "replicas", "--replicas"];
    let number = |word: &str| match word {
        "zero" | "zéro" => Some(0),
        word => word.parse().ok(),
    };
    let pairs = words.windows(2).rev();
    pairs
        .filter(|pair| before.contains(&pair[0]))
        .find_map(|pair| number(pair[1]))
}

#[cfg(test)]
mod tests;

/// The workload named, or the one behind the Service that was named.
fn acted_on(case: &Case) -> Option<Subject> {
    let Scope::Object(subject) = &case.scope else {
        return None;
    };
    if subject.kind.is_workload() {
        return Some(subject.clone());
    }
    case.pods
        .iter()
        .map(owner_of)
        .find(|owner| owner.kind != Kind::Pod)
}
