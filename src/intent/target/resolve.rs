//! Choosing among the candidates: one, several to ask about, or the nearest of a name nobody bears.

use super::score::{Asked, HIT, SURE, WRITTEN, essence};
use super::{Candidate, Resolution, Scope};
use crate::finding::Kind;
use crate::intent::ask::{ObjectWords, Phrase, Stress};
use crate::intent::environment::is_usual;

/// Buttons that fit one short question.
const MOST: usize = 5;
/// Suggestions for a name that nobody bears.
const NEAREST: usize = 3;
/// Scores this close are a question, not a choice.
const CLOSE: f64 = 0.08;

/// What the words mean among the live objects. `None` for the words is a wide question.
#[must_use]
pub fn resolve(words: Option<&ObjectWords>, candidates: &[Candidate], scope: &Scope) -> Resolution {
    let Some(words) = words else {
        return Resolution::Wide;
    };
    let field = Field::new(candidates, scope);
    let mut missed: Option<&Phrase> = None;
    for (n, phrase) in words.phrases.iter().enumerate() {
        if field.is_place(phrase, scope) || field.is_place_of(phrase, scope) {
            continue;
        }
        // A word that merely stands in the sentence must fit without doubt; so must anything that
        // would take the place of the name that was asked for.
        let least = match phrase.stress {
            Stress::Loose => SURE,
            // A name written out is meant as written, give or take a slip.
            Stress::Named if is_written(phrase) => WRITTEN,
            _ if missed.is_some() => SURE,
            _ => HIT,
        };
        let best = field.best(phrase, least);
        if best.is_empty() && is_teller(phrase) {
            continue;
        }
        if best.is_empty() {
            if phrase.stress == Stress::Named && is_written(phrase) {
                return field.not_found(missed.unwrap_or(phrase));
            }
            if phrase.stress != Stress::Loose && missed.is_none() {
                missed = Some(phrase);
            }
            continue;
        }
        let beside = words.phrases.get(n + 1).filter(|next| next.also);
        let also = beside.map(|next| field.best(next, HIT)).unwrap_or_default();
        return answer(best, also);
    }
    missed.map_or(Resolution::Wide, |phrase| field.not_found(phrase))
}

/// The objects that words of the question name without doubt, each phrase that names one only; in the order of the
/// phrases.
#[must_use]
pub fn mentioned(words: &ObjectWords, candidates: &[Candidate], scope: &Scope) -> Vec<usize> {
    let field = Field::new(candidates, scope);
    let mut all: Vec<usize> = Vec::new();
    for phrase in &words.phrases {
        if let [one] = field.best(phrase, SURE).as_slice()
            && !all.contains(one)
        {
            all.push(*one);
        }
    }
    all
}

/// Who or what tells of a problem, or carries what is asked about, and is seldom meant itself: where no object bears
/// the name, it is no name that was missed.
const TELLERS: &[&str] = &[
    "client",
    "customer",
    "user",
    "utilisateur",
    "utilisatrice",
    "partenaire",
    "partner",
    "collegue",
    "colleague",
    "manager",
    "boss",
    "chef",
    "support",
    "platform-team",
    "flux",
    "fluxcd",
    "argo",
    "argocd",
    "argo-cd",
    "helm",
    "terraform",
    "gitlab",
    "github",
    "jenkins",
    "kubectl",
    "lens",
    "k9s",
    "datadog",
    "sentry",
    "newrelic",
    "dynatrace",
    "pagerduty",
    "opsgenie",
    "pingdom",
    "statuspage",
    "uptime",
    "uptime-robot",
    "uptimerobot",
    "robot",
    "kuma",
    "zabbix",
    "nagios",
    "kibana",
    "loki",
    "mesh",
    "istio",
    "istio-proxy",
    "envoy",
    "linkerd",
    "linkerd-proxy",
    "sidecar",
    "cert-manager",
    "certmanager",
    "letsencrypt",
    "let-s-encrypt",
    "external-secrets",
    "kubelet",
    "kube-proxy",
];

/// Whether it names nothing but who or what tells.
fn is_teller(phrase: &Phrase) -> bool {
    let mut words = phrase.words.iter();
    words.all(|word| TELLERS.contains(&word.as_str()))
}

/// Whether a name is written out, dashes and all: then nothing else in the sentence takes its place.
fn is_written(phrase: &Phrase) -> bool {
    let node = |word: &str| {
        ["worker-", "node-", "ip-", "master-"]
            .iter()
            .any(|start| word.starts_with(start))
    };
    // Nodes are named beside what is asked about, and are no candidates themselves.
    phrase
        .words
        .iter()
        .any(|word| word.contains('-') && !node(word))
}

fn answer(mut best: Vec<usize>, also: Vec<usize>) -> Resolution {
    for index in also {
        if !best.contains(&index) {
            best.push(index);
        }
    }
    best.truncate(MOST);
    match best.as_slice() {
        [one] => Resolution::One(*one),
        _ => Resolution::Ambiguous(best),
    }
}

/// The candidates a question may mean.
struct Field<'a> {
    candidates: &'a [Candidate],
    inside: Vec<usize>,
}

impl<'a> Field<'a> {
    fn new(candidates: &'a [Candidate], scope: &Scope) -> Self {
        let inside = scope.inside(candidates);
        Self { candidates, inside }
    }

    /// Whether the words are the name of a namespace that is looked at anyhow, and of no object there.
    fn is_place(&self, phrase: &Phrase, scope: &Scope) -> bool {
        let [word] = phrase.words.as_slice() else {
            return false;
        };
        scope.namespaces.contains(word)
            && !self
                .inside
                .iter()
                .any(|&n| self.candidates[n].name == *word)
    }

    /// Whether the words and the environment together are the name of a namespace that is looked at anyhow
    /// ("préprod paie" of `paie-preprod`), and no object there bears the words as its name.
    fn is_place_of(&self, phrase: &Phrase, scope: &Scope) -> bool {
        let words = phrase.words.join("-");
        let is_it = |namespace: &String| {
            let all = namespace.split('-');
            let (usual, own): (Vec<&str>, Vec<&str>) = all.partition(|part| is_usual(part));
            !usual.is_empty() && own.join("-") == words
        };
        let borne = |&n: &usize| {
            let own = &self.candidates[n];
            essence(&own.name).join("-") == words
                || own.app.as_deref() == Some(&words)
                || own.app_name.as_deref() == Some(&words)
        };
        scope.namespaces.iter().any(is_it) && !self.inside.iter().any(borne)
    }

    /// The best fits and those close to them, best first; empty when nothing fits.
    fn best(&self, phrase: &Phrase, least: f64) -> Vec<usize> {
        if let Some(owner) = self.owner_of_pod(phrase) {
            return owner;
        }
        let asked = Asked::new(phrase);
        let mut fits: Vec<(f64, usize)> = self
            .inside
            .iter()
            .map(|&n| (asked.score(&self.candidates[n]) + self.favour(phrase, n), n))
            .filter(|(score, _)| *score >= least)
            .collect();
        fits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let Some(&(top, _)) = fits.first() else {
            return self.written(phrase);
        };
        fits.retain(|&(score, _)| top - score < CLOSE);
        let fits = fits.into_iter().map(|(_, n)| n);
        let led = fits
            .map(|n| self.workload_behind(phrase, n))
            .collect::<Vec<_>>();
        let exact: Vec<usize> = led
            .iter()
            .copied()
            .filter(|&n| self.is_exactly(phrase, n))
            .collect();
        let beaten = |n: usize| {
            let namespace = &self.candidates[n].namespace;
            !exact.contains(&n)
                && exact
                    .iter()
                    .any(|&other| self.candidates[other].namespace == *namespace)
        };
        let mut kept: Vec<usize> = Vec::new();
        for n in led {
            if !beaten(n) && !kept.contains(&n) {
                kept.push(n);
            }
        }
        self.one_of_each(phrase, &kept)
    }

    /// The object whose very name stands dashes and all among words that are no part of it: `rolled back payment-api`.
    fn written(&self, phrase: &Phrase) -> Vec<usize> {
        if phrase.words.len() < 2 {
            return Vec::new();
        }
        let dashed = phrase.words.iter().filter(|word| word.contains('-'));
        let alone = |word: &String| Phrase {
            words: vec![word.clone()],
            ..phrase.clone()
        };
        let borne = |alone: &Phrase| self.inside.iter().any(|&n| self.is_exactly(alone, n));
        let mut named = dashed.map(alone).filter(borne);
        let found = named.next().map(|one| self.best(&one, WRITTEN));
        found.filter(|_| named.next().is_none()).unwrap_or_default()
    }

    /// A kind said in so many words speaks for candidates of that kind.
    fn favour(&self, phrase: &Phrase, n: usize) -> f64 {
        match phrase.kind {
            Some(kind) if runs_as(kind, self.candidates[n].kind) => 0.05,
            Some(Kind::Node) if self.candidates[n].kind != Kind::Node => -0.2,
            None if self.candidates[n].kind == Kind::Node => -0.1,
            _ => 0.0,
        }
    }

    /// Whether the words are the name, letter for letter but for dashes.
    fn is_exactly(&self, phrase: &Phrase, n: usize) -> bool {
        let squeeze =
            |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
        let name = squeeze(&self.candidates[n].name);
        let own: Vec<&String> = phrase
            .words
            .iter()
            .filter(|word| *word != "service" && *word != "app")
            .collect();
        let bare: String = own.iter().map(|word| squeeze(word)).collect();
        squeeze(&phrase.words.concat()) == name
            || bare == name
            || is_service_of(&bare, phrase, &name)
    }

    /// The workload of the same name that a Service, an Ingress or an autoscaler stands before,
    /// unless the question names that other kind.
    fn workload_behind(&self, phrase: &Phrase, n: usize) -> usize {
        let own = &self.candidates[n];
        let asked = phrase
            .kind
            .is_some_and(|kind| runs_as(kind, own.kind) && !kind.is_workload());
        if own.kind.is_workload() || own.namespace.is_empty() || asked {
            return n;
        }
        let behind = |exact: bool| {
            self.inside.iter().copied().find(|&other| {
                let them = &self.candidates[other];
                let same = if exact {
                    them.name == own.name
                } else {
                    essence(&them.name) == essence(&own.name)
                };
                them.kind.is_workload() && them.namespace == own.namespace && same
            })
        };
        behind(true).or_else(|| behind(false)).unwrap_or(n)
    }

    /// A Deployment, its Service, its Ingress and its autoscaler are one thing; the workload stands
    /// for it, unless the question names the other kind. So are a `CronJob` and its Jobs.
    fn one_of_each(&self, phrase: &Phrase, fits: &[usize]) -> Vec<usize> {
        let is_asked = |n: usize| {
            phrase
                .kind
                .is_some_and(|kind| runs_as(kind, self.candidates[n].kind))
        };
        let asked_kind = phrase.kind.is_some_and(|kind| !kind.is_workload())
            && fits.iter().any(|&n| is_asked(n));
        let kept = fits.iter().copied().filter(|&n| {
            if asked_kind {
                return is_asked(n);
            }
            let own = &self.candidates[n];
            !fits
                .iter()
                .any(|&other| other != n && stands_for(&self.candidates[other], own))
        });
        kept.collect()
    }

    /// The workload of a pod named in full (`payment-service-7c9f8d-abcde`, `redis-master-0`).
    fn owner_of_pod(&self, phrase: &Phrase) -> Option<Vec<usize>> {
        let pod = phrase.words.iter().find(|word| word.contains('-'))?;
        if self.inside.iter().any(|&n| self.candidates[n].name == *pod) {
            return None;
        }
        let owners: Vec<usize> = self
            .inside
            .iter()
            .copied()
            .filter(|&n| {
                let own = &self.candidates[n];
                own.kind.is_workload()
                    && pod
                        .strip_prefix(&own.name)
                        .and_then(|rest| rest.strip_prefix('-'))
                        .is_some_and(|rest| is_generated(rest, own.kind))
            })
            .collect();
        let longest = owners
            .iter()
            .map(|&n| self.candidates[n].name.len())
            .max()?;
        Some(
            owners
                .into_iter()
                .filter(|&n| self.candidates[n].name.len() == longest)
                .collect(),
        )
    }

    /// The nearest names that may have been meant, each once; those outside the scope too: "only in production".
    fn not_found(&self, phrase: &Phrase) -> Resolution {
        let asked = Asked::new(phrase);
        let mut near: Vec<(f64, usize)> = (0..self.candidates.len())
            .filter(|&n| asked.is_near(&self.candidates[n]))
            .map(|n| {
                let outside = if self.inside.contains(&n) { 0.0 } else { 0.1 };
                let kind = if self.candidates[n].kind.is_workload() {
                    0.0
                } else {
                    0.02
                };
                (
                    asked.nearness(&self.candidates[n]) - outside - kind + self.favour(phrase, n),
                    n,
                )
            })
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut nearest: Vec<usize> = Vec::new();
        for (_, n) in near {
            let same = |&other: &usize| {
                let (first, own) = (&self.candidates[other], &self.candidates[n]);
                essence(&first.name) == essence(&own.name) || stands_for(first, own)
            };
            if !nearest.iter().any(same) {
                nearest.push(n);
            }
            if nearest.len() == NEAREST {
                break;
            }
        }
        Resolution::NotFound { nearest }
    }
}

/// "Service payment" says `payment-service` letter for letter, whatever the order.
fn is_service_of(bare: &str, phrase: &Phrase, name: &str) -> bool {
    phrase.words.iter().any(|word| word == "service")
        && name
            .strip_suffix("service")
            .is_some_and(|stem| stem == bare)
}

/// Whether an object of `found` answers to `asked`: a pod is found by its workload.
fn runs_as(asked: Kind, found: Kind) -> bool {
    asked == found
        || (asked == Kind::Pod && found.is_workload())
        || (asked == Kind::Job && found == Kind::CronJob)
}

/// Whether `first` is the workload that `second` leads to, runs for, or scales.
fn stands_for(first: &Candidate, second: &Candidate) -> bool {
    if first.namespace != second.namespace || !first.kind.is_workload() {
        return false;
    }
    let run = first.kind == Kind::CronJob
        && matches!(second.kind, Kind::Job | Kind::Pod)
        && second
            .name
            .strip_prefix(&first.name)
            .is_some_and(|rest| rest.starts_with('-'));
    let pod = !matches!(first.kind, Kind::Pod | Kind::ReplicaSet)
        && matches!(second.kind, Kind::Pod | Kind::ReplicaSet)
        && second
            .name
            .strip_prefix(&first.name)
            .is_some_and(|rest| rest.starts_with('-'));
    let face = !second.kind.is_workload()
        && (first.name == second.name || essence(&first.name) == essence(&second.name));
    run || pod || face
}

/// Whether a name ends as the names of pods do: a template hash and five letters, five letters, a number.
fn is_generated(rest: &str, kind: Kind) -> bool {
    let parts: Vec<&str> = rest.split('-').collect();
    let random = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    match (kind, parts.as_slice()) {
        (Kind::StatefulSet, [ordinal]) => number(ordinal),
        (Kind::Deployment, [hash, pod]) => random(hash, 5, 10) && random(pod, 5, 5),
        (Kind::Deployment, [hash]) => {
            random(hash, 5, 10) && hash.chars().any(|c| c.is_ascii_digit())
        }
        (Kind::CronJob, [time, pod]) => number(time) && random(pod, 5, 5),
        (Kind::CronJob, [time]) => number(time),
        (Kind::DaemonSet | Kind::Job | Kind::ReplicaSet, [pod]) => random(pod, 5, 5),
        _ => false,
    }
}
