//! What a question names and nothing in the cluster bears, because it was never delivered: the Argo CD Application of
//! that name is there all the same.

use crate::finding::Subject;
use crate::intent::{self, Candidate, ObjectWords, Resolution};
use crate::investigation::case::{Case, application_subject, destination};
use crate::investigation::gather::{self, Reader};

/// The Application that these words name; of several places only one that delivers to these namespaces (none: any).
pub(super) async fn named(
    reader: &Reader,
    case: &mut Case,
    words: &ObjectWords,
    namespaces: &[String],
) -> Option<Subject> {
    gather::applications(reader, case).await;
    let meant = case.applications.iter().filter(|app| {
        namespaces.is_empty() || namespaces.iter().any(|name| name == destination(app))
    });
    let all: Vec<Subject> = meant.map(application_subject).collect();
    let candidates: Vec<Candidate> = all
        .iter()
        .map(|it| Candidate::new(it.kind, it.namespace.clone().unwrap_or_default(), &it.name))
        .collect();
    match intent::resolve(Some(words), &candidates, &intent::Scope::default()) {
        Resolution::One(index) => all.into_iter().nth(index),
        _ => None,
    }
}

/// The Applications of what is named beside something that is there: "orders and vouchers do not run".
pub(super) async fn beside(
    reader: &Reader,
    case: &mut Case,
    words: &ObjectWords,
    candidates: &[Candidate],
    scope: &intent::Scope,
) -> Vec<Subject> {
    let mut found = Vec::new();
    for phrase in words.phrases.iter().filter(|phrase| phrase.also) {
        let alone = ObjectWords {
            phrases: vec![phrase.clone()],
        };
        let there = intent::resolve(Some(&alone), candidates, scope);
        if matches!(there, Resolution::NotFound { .. }) {
            found.extend(named(reader, case, &alone, &scope.namespaces).await);
        }
    }
    found
}
