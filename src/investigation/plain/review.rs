//! "Is it well configured?": what is missing, in order of risk, each with the field and an example value.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use kube::api::ListParams;

use super::{ROWS, kubectl, place, said};
use crate::finding::{Finding, Subject};
use crate::incident::PlainAnswer;
use crate::investigation::case::{Case, Facts, Scope};
use crate::investigation::gather::{self, Reader};
use crate::investigation::judge;
use crate::investigation::run::pods_of;
use crate::text::{Arg, Message};

/// Reads the workloads, and what their namespaces say of them.
pub(super) async fn read(reader: &Reader, case: &mut Case) {
    let namespaces: Vec<String> = match &case.scope {
        Scope::Object(subject) => subject.namespace.iter().cloned().collect(),
        Scope::Namespaces(names) => names.clone(),
        Scope::Cluster => Vec::new(),
    };
    gather::rules(reader, case, &namespaces).await;
    if let Scope::Object(subject) = case.scope.clone() {
        gather::fetch(reader, case, &subject).await;
        pods_of(reader, case, &subject).await;
        return;
    }
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
}

/// The list.
pub(super) fn review(case: &Case) -> PlainAnswer {
    let mut found = judge::judge(&Facts::of(case));
    found.sort_by(|a, b| {
        b.strength
            .total_cmp(&a.strength)
            .then_with(|| a.subject.cmp(&b.subject))
    });
    let id = if found.is_empty() {
        "review-nothing"
    } else {
        "review-headline"
    };
    let mut headline = Message::new(id).with("place", place(case));
    if !found.is_empty() {
        headline = headline.with("count", found.len());
    }
    let lines = found.iter().take(ROWS).map(line).collect();
    said(headline, lines, command(case))
}

fn line(finding: &Finding) -> Message {
    let fix = finding.fix.first();
    let value = fix.and_then(|fix| fix.to.as_ref()).map(Arg::from);
    Message::new("review-line")
        .with("summary", finding.summary.clone())
        .with(
            "field",
            fix.map(|fix| fix.field.clone()).unwrap_or_default(),
        )
        .with("value", value.unwrap_or_else(|| Arg::from("")))
}

fn command(case: &Case) -> String {
    let of = |subject: &Subject| {
        format!(
            "{} {}",
            subject.kind.as_str().to_ascii_lowercase(),
            subject.name
        )
    };
    match &case.scope {
        Scope::Object(subject) => kubectl(case, &format!("get {}", of(subject)), "-o yaml"),
        _ => kubectl(
            case,
            "get deployments,statefulsets,daemonsets,hpa,pdb",
            "-o yaml",
        ),
    }
}
