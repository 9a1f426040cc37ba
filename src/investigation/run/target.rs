//! Round 1: which object, namespace or part of the cluster the question is about.

use crate::finding::{Kind, Subject, Symptom};
use crate::intent::{self, Candidate, ObjectWords, Resolution, Stress};
use crate::investigation::case::{Case, Scope};
use crate::investigation::gather::{self, Reader};
use crate::text::pattern;

use super::{Question, address, undelivered};

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
    if let Some(end) = way_in(case, question, words) {
        return Chosen::Object(end);
    }
    among(reader, case, question, (words, namespaces, candidates)).await
}

/// The workload that a pod's name shows, as for a question that names the pod: what is wrong with one pod is
/// changed there, and the pod may be gone by now.
pub(super) fn owner_of(subject: &Subject, candidates: &[Candidate]) -> Subject {
    if subject.kind != Kind::Pod {
        return subject.clone();
    }
    let made = |one: &&Candidate| {
        let pods = crate::playbook::pods(one.kind, &one.name);
        let same_place = subject.namespace.as_deref() == Some(one.namespace.as_str());
        let named = pattern(&format!("^(?:{pods})$"));
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
        candidates.extend(gather::route_candidates(reader, case, &namespaces).await);
        resolution = intent::resolve(Some(words), &candidates, &scope);
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
        Resolution::One(index) => {
            let all = with_others(vec![index]);
            let mut all: Vec<Subject> = all.iter().map(subject).collect();
            all.extend(undelivered::beside(reader, case, words, &candidates, &scope).await);
            bears_name_of_a_node(reader, case, words, &candidates).await;
            match all.as_slice() {
                [] => Chosen::NotFound(Vec::new(), None),
                [one] => Chosen::Object(one.clone()),
                _ => Chosen::Several(all),
            }
        }
        Resolution::Ambiguous(indices) => {
            let indices = in_usual(indices, &candidates, question);
            let all = match indices.as_slice() {
                [_] => pick(indices),
                _ => with_others(indices),
            };
            match of_one_host(&all) {
                Some(first) => Chosen::Object(subject(first)),
                None => several(all, &namespaces),
            }
        }
        Resolution::NotFound { .. } if names_a_node(reader, case, words).await => {
            Chosen::Wide(wide(namespaces))
        }
        Resolution::NotFound { nearest } => {
            let nearest = pick(nearest);
            not_among(reader, case, question, words, namespaces, nearest).await
        }
        Resolution::Wide => Chosen::Wide(wide(namespaces)),
    }
}

/// Nothing in these namespaces bears the name: an Application, a pipeline, or nothing and perhaps a wide look instead.
async fn not_among(
    reader: &Reader,
    case: &mut Case,
    question: &Question,
    words: &ObjectWords,
    namespaces: Vec<String>,
    nearest: Vec<Candidate>,
) -> Chosen {
    let mut app = application(reader, case, question, &namespaces).await;
    if app.is_none() && case.pipelines.asked {
        app = pipeline(reader, case, words).await;
    }
    // An alert about something that is not there is no reason to look at nothing.
    let look_all = !question.begin.is_empty() || !is_name(words);
    // Where not even the names could all be read, a look at the whole cluster tells of the reads.
    let read = case.services.gaps().is_empty() && case.ingresses.gaps().is_empty();
    let looks = look_all && (read || !namespaces.is_empty());
    let instead = looks.then(|| wide(namespaces));
    app.unwrap_or(Chosen::NotFound(nearest, instead))
}

/// Those of the usual environment, where the question names no place and some are there.
fn in_usual(indices: Vec<usize>, candidates: &[Candidate], question: &Question) -> Vec<usize> {
    let ask = &question.ask;
    let named = ask.environment.is_some() || ask.namespace.is_some();
    let Some(usual) = question.usual.as_deref().filter(|_| !named) else {
        return indices;
    };
    let environments = question.environments.iter();
    let own = environments.filter(|one| one.name == usual);
    let own: Vec<&String> = own.flat_map(|one| &one.namespaces).collect();
    let there = |n: &&usize| {
        let namespace = &candidates[**n].namespace;
        let by_name = own.is_empty() && !called(usual, std::slice::from_ref(namespace)).is_empty();
        own.contains(&namespace) || by_name
    };
    let usual: Vec<usize> = indices.iter().filter(there).copied().collect();
    if usual.is_empty() { indices } else { usual }
}

/// Where the web address leads that the question is about: the words name its host, and nothing else before it.
fn way_in(case: &Case, question: &Question, words: &ObjectWords) -> Option<Subject> {
    let address = question.ask.address.as_ref()?;
    let about = words.phrases.first()?;
    let is_host = about.words.len() == 1 && about.words[0] == address.host;
    is_host.then(|| address::leads_to(case, address)).flatten()
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
        return bears_name_of_a_node(reader, case, words, &[]).await;
    };
    let node = Subject::cluster(Kind::Node, name);
    gather::fetch(reader, case, &node).await;
    let found = case.nodes.look("", name).found().is_some();
    case.nodes_meant = found.then(|| name.clone()).into_iter().collect();
    found
}

/// Whether a name with a number in it is a node's, or the first part of one, as people shorten what clouds make up.
async fn bears_name_of_a_node(
    reader: &Reader,
    case: &mut Case,
    words: &ObjectWords,
    known: &[Candidate],
) -> bool {
    let numbered =
        |word: &&String| word.contains('-') && word.contains(|c: char| c.is_ascii_digit());
    let names: Vec<String> = words
        .phrases
        .iter()
        .filter(|phrase| phrase.stress == Stress::Named)
        .flat_map(|phrase| phrase.words.iter().filter(numbered).cloned())
        .filter(|word| !known.iter().any(|one| one.name == *word))
        .collect();
    if names.is_empty() {
        return false;
    }
    gather::all_nodes(reader, case).await;
    let called = |full: &&String| {
        let first = full.split('.').next().unwrap_or_default();
        names.iter().any(|name| name == *full || name == first)
    };
    let all = case.nodes.iter();
    let all = all.filter_map(|node| node.metadata.name.as_ref());
    case.nodes_meant = all.filter(called).cloned().collect();
    !case.nodes_meant.is_empty()
}

/// A few in places that the question allows are looked at, all of them: sooner than a question back is answered.
fn several(candidates: Vec<Candidate>, namespaces: &[String]) -> Chosen {
    if let [only] = candidates.as_slice() {
        return Chosen::Object(subject(only));
    }
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

/// The Argo CD Application of that name, where nothing else bears it: for a delivery, or for what surely is a name.
async fn application(
    reader: &Reader,
    case: &mut Case,
    question: &Question,
    namespaces: &[String],
) -> Option<Chosen> {
    let words = question.ask.object.as_ref()?;
    let asked = question.ask.symptoms.contains(&Symptom::DeployFailed);
    let sure = is_name(words) && question.begin.is_empty();
    if !asked && !sure {
        return None;
    }
    let namespaces = if asked { &[] } else { namespaces };
    let found = undelivered::named(reader, case, words, namespaces).await;
    found.map(Chosen::Object)
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
pub(super) fn called(environment: &str, all: &[String]) -> Vec<String> {
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
