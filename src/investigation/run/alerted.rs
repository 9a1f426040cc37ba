//! Round 1 for an alert: from what its row says it is about to a live object. What cannot be found among
//! the objects is looked for widely, and never guessed.

use k8s_openapi::api::core::v1::Node;

use super::Question;
use super::target::{Chosen, SEVERAL, owner_of};
use crate::alert::{About, Way};
use crate::finding::{Kind, Subject};
use crate::intent::{self, Candidate, Resolution, Vocabulary};
use crate::investigation::case::{Case, Scope, application_subject};
use crate::investigation::gather::{self, Reader};

/// What the alerts that ask are about: `begin` where several do, else the alert of the case. `None` when no alert
/// asks, or when they tell no more than the question does.
pub(super) async fn choose(reader: &Reader, case: &mut Case, begin: &[About]) -> Option<Chosen> {
    let mut abouts: Vec<About> = begin.to_vec();
    if abouts.is_empty() {
        abouts.push(about(reader, case)?);
    }
    abouts.dedup();
    let (mut objects, mut namespaces): (Vec<Subject>, Vec<String>) = Default::default();
    for about in abouts {
        match of(reader, case, about).await {
            Chosen::Object(one) if objects.len() < SEVERAL => {
                let known = objects.iter().any(|own| own.same_object(&one));
                objects.extend((!known).then_some(one));
            }
            Chosen::Wide(Scope::Namespaces(names)) => namespaces.extend(names),
            Chosen::CouldNotLook(why) => return Some(Chosen::CouldNotLook(why)),
            _ => {}
        }
    }
    namespaces.sort();
    namespaces.dedup();
    match (objects.len(), namespaces.is_empty()) {
        (0, true) => None,
        (0, false) => Some(Chosen::Wide(Scope::Namespaces(namespaces))),
        (1, _) => objects.pop().map(Chosen::Object),
        _ => Some(Chosen::Several(objects)),
    }
}

/// What the alert of the case is about.
fn about(reader: &Reader, case: &Case) -> Option<About> {
    let alerted = case.alert.as_ref()?;
    let playbooks = &reader.sources.playbooks;
    let choice = playbooks.for_alert(&alerted.alert, alerted.rule.as_ref())?;
    Some(choice.about(&alerted.alert))
}

/// Whether the alert that asks names neither an object nor a namespace, so that what is found anywhere is no answer
/// to it. One whose row says that it is about the cluster is.
pub(super) fn is_untied(reader: &Reader, case: &Case, question: &Question) -> bool {
    let Some(alerted) = &case.alert else {
        return false;
    };
    let playbooks = &reader.sources.playbooks;
    let choice = playbooks.for_alert(&alerted.alert, alerted.rule.as_ref());
    let row = choice.and_then(|choice| choice.row);
    if row.is_some_and(|row| row.about.first() == Some(&Way::Cluster)) {
        return false;
    }
    let places = |about: &About| match about {
        About::Object(_) | About::Namespace(_) => true,
        About::Named { namespace, .. } => namespace.is_some(),
        About::Instance(_) | About::Address(_) | About::Cluster | About::Nothing => false,
    };
    let placed = match question.begin.as_slice() {
        [] => about(reader, case).is_some_and(|about| places(&about)),
        all => all.iter().any(places),
    };
    !placed && question.ask.namespace.is_none() && question.ask.object.is_none()
}

async fn of(reader: &Reader, case: &mut Case, about: About) -> Chosen {
    match about {
        About::Object(subject) if subject.kind == Kind::Application => {
            gather::applications(reader, case).await;
            let own = case.applications.iter().map(application_subject);
            only(own.filter(|app| app.name == subject.name))
        }
        About::Object(subject) => {
            let namespaces: Vec<String> = subject.namespace.iter().cloned().collect();
            match Box::pin(gather::candidates(reader, case, &namespaces)).await {
                Ok(all) => Chosen::Object(owner_of(&subject, &all)),
                Err(error) => Chosen::CouldNotLook(error.to_string()),
            }
        }
        About::Named { name, namespace } => named(reader, case, &name, namespace).await,
        About::Namespace(name) => wide(Some(name)),
        About::Instance(at) => {
            gather::all_nodes(reader, case).await;
            let at = host(&at);
            let here = case.nodes.iter().filter(|node| is_at(node, at));
            let names = here.filter_map(|node| node.metadata.name.clone());
            only(names.map(|name| Subject::cluster(Kind::Node, name)))
        }
        About::Address(at) => {
            let Ok(mut all) = Box::pin(gather::candidates(reader, case, &[])).await else {
                return wide(None);
            };
            all.extend(gather::route_candidates(reader, case, &[]).await);
            let at = host(&at).to_lowercase();
            let entrances = all.iter().filter(|one| {
                let entrance = matches!(one.kind, Kind::Ingress | Kind::HttpRoute);
                entrance && one.hosts.iter().any(|host| host.to_lowercase() == at)
            });
            only(entrances.map(subject))
        }
        About::Cluster | About::Nothing => wide(None),
    }
}

/// The object that a team's own name means, as in a question.
async fn named(reader: &Reader, case: &mut Case, name: &str, namespace: Option<String>) -> Chosen {
    let namespaces: Vec<String> = namespace.iter().cloned().collect();
    let Ok(all) = Box::pin(gather::candidates(reader, case, &namespaces)).await else {
        return wide(namespace);
    };
    let own = all.iter().filter(|one| one.name == name);
    if let Chosen::Object(found) = only(own.map(subject)) {
        return Chosen::Object(found);
    }
    let words = intent::parse(name, &Vocabulary::default(), None).object;
    let scope = intent::Scope {
        namespaces,
        environment: None,
    };
    match intent::resolve(words.as_ref(), &all, &scope) {
        Resolution::One(index) if words.is_some() => match all.get(index) {
            Some(found) => Chosen::Object(subject(found)),
            None => wide(namespace),
        },
        _ => wide(namespace),
    }
}

/// The one there is; of none or several the cluster.
fn only(all: impl Iterator<Item = Subject>) -> Chosen {
    let all: Vec<Subject> = all.collect();
    match all.as_slice() {
        [one] => Chosen::Object(one.clone()),
        _ => wide(None),
    }
}

fn wide(namespace: Option<String>) -> Chosen {
    Chosen::Wide(match namespace {
        Some(name) => Scope::Namespaces(vec![name]),
        None => Scope::Cluster,
    })
}

fn subject(candidate: &Candidate) -> Subject {
    Subject::new(candidate.kind, &candidate.namespace, &candidate.name)
}

/// The host of `https://host:port/path`, `host:port`, `[v6]:port` or `host`.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some(v6) = rest.strip_prefix('[') {
        return v6.split(']').next().unwrap_or_default();
    }
    match rest.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.chars().all(|c| c.is_ascii_digit()) => {
            host
        }
        _ => rest,
    }
}

/// Whether the node has this address or name.
fn is_at(node: &Node, host: &str) -> bool {
    let named = node.metadata.name.as_deref() == Some(host);
    let status = node.status.as_ref();
    let addresses = status.and_then(|status| status.addresses.as_ref());
    named
        || addresses
            .into_iter()
            .flatten()
            .any(|one| one.address == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_what_monitoring_calls_an_instance() {
        for (address, expected) in [
            ("10.0.0.7:9100", "10.0.0.7"),
            ("worker-1", "worker-1"),
            ("[fd00::7]:9100", "fd00::7"),
            ("fd00::7", "fd00::7"),
            ("https://shop.example.com/health?x=1", "shop.example.com"),
            ("shop.example.com:443/health", "shop.example.com"),
            ("", ""),
        ] {
            assert_eq!(host(address), expected, "{address}");
        }
    }
}
