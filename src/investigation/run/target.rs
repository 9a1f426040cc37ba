//! Round 1: which object, namespace or part of the cluster the question is about.

use crate::finding::{Kind, Subject, Symptom};
use crate::intent::{self, Candidate, ObjectWords, Resolution, Stress};
use crate::investigation::case::{Application, Case, Scope, application_subject};
use crate::investigation::gather::{self, Reader};

use super::Question;

/// More candidates than this are a question back.
pub(super) const SEVERAL: usize = 4;

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
    /// A few objects that the question may mean, or means all: each is looked at.
    Several(Vec<Subject>),
    /// Too many objects bear that name, or they are in places that the question does not choose among.
    Ambiguous(Vec<Candidate>),
    /// None does; these are near. Where the words may be no name at all: the place to look at instead.
    NotFound(Vec<Candidate>, Option<Scope>),
    /// The cluster could not be read.
    CouldNotLook(String),
}

/// Chooses.
pub async fn choose(reader: &Reader, case: &mut Case, question: &Question) -> Chosen {
    if let Some(subject) = &question.chosen {
        let namespaces: Vec<String> = subject.namespace.iter().cloned().collect();
        // Services and Ingresses of the namespace are read here for every question.
        return match Box::pin(gather::candidates(reader, case, &namespaces)).await {
            Ok(all) => Chosen::Object(owner_of(subject, &all)),
            Err(error) => Chosen::CouldNotLook(error.to_string()),
        };
    }
    if question.ask.object.is_none()
        && let Some(chosen) = Box::pin(super::alerted::choose(reader, case, &question.begin)).await
    {
        return chosen;
    }
    let namespaces = match namespaces(reader, case, question).await {
        Ok(namespaces) => namespaces,
        Err(why) => return Chosen::CouldNotLook(why),
    };
    let Some(words) = &question.ask.object else {
        return Chosen::Wide(wide(namespaces));
    };
    let candidates = match Box::pin(gather::candidates(reader, case, &namespaces)).await {
        Ok(candidates) => candidates,
        Err(error) => return Chosen::CouldNotLook(error.to_string()),
    };
    among(reader, case, question, (words, namespaces, candidates)).await
}

/// The workload that a pod's name shows, as for a question that names the pod: what is wrong with one pod is
/// changed there, and the pod may be gone by now.
pub(super) fn owner_of(subject: &Subject, candidates: &[Candidate]) -> Subject {
    if subject.kind != Kind::Pod {
        return subject.clone();
    }
    let made = |one: &&Candidate| {
        let pattern = crate::playbook::pods(one.kind, &one.name);
        let same_place = subject.namespace.as_deref() == Some(one.namespace.as_str());
        let named = regex::Regex::new(&format!("^(?:{pattern})$"));
        one.kind.is_workload()
            && one.kind != Kind::Pod
            && same_place
            && named.is_ok_and(|named| named.is_match(&subject.name))
    };
    let owners: Vec<&Candidate> = candidates.iter().filter(made).collect();
    match owners.as_slice() {
        [only] => self::subject(only),
        _ => subject.clone(),
    }
}

/// Chooses among the objects of these namespaces.
async fn among(
    reader: &Reader,
    case: &mut Case,
    question: &Question,
    (words, namespaces, mut candidates): (&ObjectWords, Vec<String>, Vec<Candidate>),
) -> Chosen {
    let scope = intent::Scope {
        namespaces: namespaces.clone(),
        environment: question.ask.environment.clone(),
    };
    let mut resolution = intent::resolve(Some(words), &candidates, &scope);
    if matches!(resolution, Resolution::NotFound { .. }) {
        // A host of the Gateway API: its routes are read only now, most clusters have none.
        let routes = gather::route_candidates(reader, case, &namespaces).await;
        if !routes.is_empty() {
            candidates.extend(routes);
            resolution = intent::resolve(Some(words), &candidates, &scope);
        }
    }
    let pick = |indices: Vec<usize>| -> Vec<Candidate> {
        let all = indices.into_iter();
        all.filter_map(|index| candidates.get(index).cloned())
            .collect()
    };
    let with_others = |mut all: Vec<usize>| {
        let mentioned = intent::mentioned(words, &candidates, &scope);
        let room = if namespaces.is_empty() { 0 } else { SEVERAL };
        for other in mentioned {
            if !all.contains(&other) && all.len() < room {
                all.push(other);
            }
        }
        pick(all)
    };
    match resolution {
        Resolution::One(index) => match with_others(vec![index]).as_slice() {
            [] => Chosen::NotFound(Vec::new(), None),
            [one] => Chosen::Object(subject(one)),
            all => Chosen::Several(all.iter().map(subject).collect()),
        },
        Resolution::Ambiguous(indices) => {
            let all = with_others(indices);
            match of_one_host(&all) {
                Some(first) => Chosen::Object(subject(first)),
                None => several(all, &namespaces),
            }
        }
        Resolution::NotFound { .. } if names_a_node(reader, case, words).await => {
            Chosen::Wide(wide(namespaces))
        }
        Resolution::NotFound { nearest } => {
            let mut app = application(reader, case, question).await;
            if app.is_none() && case.pipelines.asked {
                app = pipeline(reader, case, words).await;
            }
            // An alert about something that is not there is no reason to look at nothing.
            let look_all = !question.begin.is_empty() || !is_name(words);
            let instead = (look_all && !namespaces.is_empty()).then(|| wide(namespaces));
            app.unwrap_or_else(|| Chosen::NotFound(pick(nearest), instead))
        }
        Resolution::Wide => Chosen::Wide(wide(namespaces)),
    }
}

/// Whether the words are surely somebody's name. "After the node upgrade" names no node.
fn is_name(words: &ObjectWords) -> bool {
    let named =
        |phrase: &intent::Phrase| phrase.stress == Stress::Named && phrase.kind != Some(Kind::Node);
    words.phrases.iter().any(named)
}

/// Whether a word said to be a node's name is one. What is wrong with a node shows in what runs on it, wherever
/// that is: everything is looked at.
async fn names_a_node(reader: &Reader, case: &mut Case, words: &ObjectWords) -> bool {
    let said = |phrase: &&intent::Phrase| phrase.kind == Some(Kind::Node);
    let Some([name]) = words
        .phrases
        .iter()
        .find(said)
        .map(|one| one.words.as_slice())
    else {
        return false;
    };
    let node = Subject::cluster(Kind::Node, name);
    gather::fetch(reader, case, &node).await;
    case.nodes.look("", name).found().is_some()
}

/// A few in places that the question allows are looked at, all of them: sooner than a question back is answered.
fn several(candidates: Vec<Candidate>, namespaces: &[String]) -> Chosen {
    let runs = |one: &Candidate| one.kind.is_workload() || one.kind == Kind::Service;
    if namespaces.is_empty() || candidates.len() > SEVERAL || !candidates.iter().all(runs) {
        return Chosen::Ambiguous(candidates);
    }
    Chosen::Several(candidates.iter().map(subject).collect())
}

fn subject(candidate: &Candidate) -> Subject {
    Subject::new(candidate.kind, &candidate.namespace, &candidate.name)
}

/// Ingresses or routes of one namespace that share a host: whichever is looked at, the others come into view with it.
fn of_one_host(all: &[Candidate]) -> Option<&Candidate> {
    let first = all.first()?;
    let with = |host: &String| {
        all.iter().all(|it| {
            let entrance = matches!(it.kind, Kind::Ingress | Kind::HttpRoute);
            entrance && it.namespace == first.namespace && it.hosts.contains(host)
        })
    };
    first.hosts.iter().any(with).then_some(first)
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
            Some(Chosen::Object(subject(found)))
        }
        _ => None,
    }
}

/// The Jenkins job of that name. Where Jenkins cannot be read, nobody knows that there is none.
async fn pipeline(reader: &Reader, case: &mut Case, words: &ObjectWords) -> Option<Chosen> {
    match gather::job_named(reader, words).await {
        Ok(job) => job.map(Chosen::Object),
        Err(gap) => {
            case.pipelines.gap = Some(gap);
            Some(Chosen::CouldNotLook(String::new()))
        }
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
