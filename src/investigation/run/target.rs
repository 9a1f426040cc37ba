//! Round 1: which object, namespace or part of the cluster the question is about.

use crate::finding::{Subject, Symptom};
use crate::intent::{self, Candidate, Resolution};
use crate::investigation::case::{Application, Case, Scope, application_subject};
use crate::investigation::gather::{self, Reader};

use super::Question;

/// An environment, as far as an investigation needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Its name in `vigie.yaml`.
    pub name: String,
    /// Its namespaces; empty means any.
    pub namespaces: Vec<String>,
}

/// What round 1 settled.
pub enum Chosen {
    /// One object.
    Object(Subject),
    /// A namespace, several, or everything.
    Wide(Scope),
    /// Several objects bear that name.
    Ambiguous(Vec<Candidate>),
    /// None does; these are near.
    NotFound(Vec<Candidate>),
    /// The cluster could not be read.
    CouldNotLook(String),
}

/// Chooses.
pub async fn choose(reader: &Reader, case: &mut Case, question: &Question) -> Chosen {
    if let Some(subject) = &question.chosen {
        let namespaces: Vec<String> = subject.namespace.iter().cloned().collect();
        // Services and Ingresses of the namespace are read here for every question.
        return match gather::candidates(reader, case, &namespaces).await {
            Ok(_) => Chosen::Object(subject.clone()),
            Err(error) => Chosen::CouldNotLook(error.to_string()),
        };
    }
    let namespaces = match namespaces(reader, case, question).await {
        Ok(namespaces) => namespaces,
        Err(why) => return Chosen::CouldNotLook(why),
    };
    let Some(words) = &question.ask.object else {
        return Chosen::Wide(wide(namespaces));
    };
    let candidates = match gather::candidates(reader, case, &namespaces).await {
        Ok(candidates) => candidates,
        Err(error) => return Chosen::CouldNotLook(error.to_string()),
    };
    let scope = intent::Scope {
        namespaces: namespaces.clone(),
        environment: question.ask.environment.clone(),
    };
    let pick = |indices: Vec<usize>| {
        indices
            .into_iter()
            .filter_map(|index| candidates.get(index).cloned())
            .collect()
    };
    match intent::resolve(Some(words), &candidates, &scope) {
        Resolution::One(index) => candidates
            .get(index)
            .map_or(Chosen::NotFound(Vec::new()), |found| {
                Chosen::Object(Subject::new(found.kind, &found.namespace, &found.name))
            }),
        Resolution::Ambiguous(indices) => Chosen::Ambiguous(pick(indices)),
        Resolution::NotFound { nearest } => {
            let app = application(reader, case, question).await;
            app.unwrap_or_else(|| Chosen::NotFound(pick(nearest)))
        }
        Resolution::Wide => Chosen::Wide(wide(namespaces)),
    }
}

/// The Argo CD Application of that name, where nothing else bears it and the question is about a delivery.
async fn application(reader: &Reader, case: &mut Case, question: &Question) -> Option<Chosen> {
    if !question.ask.symptoms.contains(&Symptom::DeployFailed) {
        return None;
    }
    gather::applications(reader, case).await;
    let all: Vec<Candidate> = case.applications.iter().map(candidate).collect();
    let scope = intent::Scope::default();
    match intent::resolve(question.ask.object.as_ref(), &all, &scope) {
        Resolution::One(index) => {
            let found = all.get(index)?;
            Some(Chosen::Object(Subject::new(
                found.kind,
                &found.namespace,
                &found.name,
            )))
        }
        _ => None,
    }
}

fn candidate(app: &Application) -> Candidate {
    let own = application_subject(app);
    Candidate::new(own.kind, own.namespace.unwrap_or_default(), own.name)
}

fn wide(namespaces: Vec<String>) -> Scope {
    if namespaces.is_empty() {
        Scope::Cluster
    } else {
        Scope::Namespaces(namespaces)
    }
}

/// The namespaces the question allows: the one it names, those of its environment, or those that are
/// called after the environment; none means all.
async fn namespaces(
    reader: &Reader,
    case: &mut Case,
    question: &Question,
) -> Result<Vec<String>, String> {
    if let Some(namespace) = &question.ask.namespace {
        return Ok(vec![namespace.clone()]);
    }
    let Some(name) = &question.ask.environment else {
        return Ok(Vec::new());
    };
    let configured = question
        .environments
        .iter()
        .find(|environment| environment.name == *name);
    if let Some(environment) = configured.filter(|environment| !environment.namespaces.is_empty()) {
        return Ok(environment.namespaces.clone());
    }
    gather::namespaces_of(reader, case).await;
    let all: Vec<String> = case
        .namespaces
        .iter()
        .filter_map(|namespace| namespace.metadata.name.clone())
        .collect();
    if all.is_empty() && !case.namespaces.gaps().is_empty() && reader.ledger.unreachable() {
        return Err(reader.ledger.first_reason().unwrap_or_default());
    }
    Ok(called(name, &all))
}

/// The namespaces called after an environment (`production`, `shop-prod`); none when none is.
fn called(environment: &str, all: &[String]) -> Vec<String> {
    let usual = intent::words_for(environment);
    let own = [environment];
    let words = if usual.is_empty() { &own } else { usual };
    let exact = |name: &&String| words.contains(&name.as_str());
    let part = |name: &&String| {
        name.split(['-', '_', '.'])
            .any(|part| words.contains(&part))
    };
    let found: Vec<String> = all.iter().filter(exact).cloned().collect();
    if found.is_empty() {
        all.iter().filter(part).cloned().collect()
    } else {
        found
    }
}

#[cfg(test)]
mod tests {
    use super::called;

    fn found(environment: &str) -> Vec<String> {
        let all = ["uat", "shop-prod", "payments", "kube-system"].map(str::to_owned);
        called(environment, &all)
    }

    #[test]
    fn a_namespace_is_found_by_every_word_that_a_question_may_use() {
        assert_eq!(found("staging"), ["uat"]);
        assert_eq!(found("production"), ["shop-prod"]);
        assert_eq!(found("payments"), ["payments"]);
        assert_eq!(found("dev"), Vec::<String>::new());
    }
}
