//! The words of a message that may name an object: what is left when everything else is understood,
//! ordered by where the sentence puts what it is about.

use super::ask::{ObjectWords, Phrase, Stress};
use super::lexicon::{compound, concept, is_stop};
use super::token::{Break, Token};
use crate::finding::Kind;
use crate::text::Untrusted;

/// A message with more names than this is not a question about one of them.
const MAX_PHRASES: usize = 12;
/// Longer runs of words are no name.
const MAX_WORDS: usize = 6;

/// What the rest of the parser found out about each word.
pub(super) struct Marks<'a> {
    pub tokens: &'a [Token],
    /// Words that are part of something understood, or common.
    pub taken: &'a [bool],
    /// Where the complaint begins, if there is one.
    pub complaint: Option<usize>,
    /// Whether the complaint is that something is not shown.
    pub missing: bool,
}

/// A phrase and where it stands.
struct Found {
    phrase: Phrase,
    start: usize,
    end: usize,
}

/// What a word tells about the name beside it.
#[derive(Clone, Copy)]
enum KindWord {
    /// That it is a name: `service`, `app`.
    Thing,
    /// What kind of object bears it.
    Kind(Kind),
}

fn kind_word(word: &str) -> Option<KindWord> {
    Some(match word {
        "service" | "servce" | "sevice" | "serivce" | "servic" | "services" | "svc" | "app"
        | "application" | "appli" | "applications" | "applis" | "microservice"
        | "microservices" | "composant" | "component" | "workload" | "conteneur" | "container" => {
            KindWord::Thing
        }
        "deployment" | "deployments" | "deploy" | "deploiement" => KindWord::Kind(Kind::Deployment),
        "pod" | "pods" | "po" => KindWord::Kind(Kind::Pod),
        "job" | "jobs" => KindWord::Kind(Kind::Job),
        "cronjob" | "cronjobs" | "cron" => KindWord::Kind(Kind::CronJob),
        "statefulset" | "sts" => KindWord::Kind(Kind::StatefulSet),
        "daemonset" | "ds" => KindWord::Kind(Kind::DaemonSet),
        "node" | "nodes" | "noeud" | "noeuds" => KindWord::Kind(Kind::Node),
        "ingress" => KindWord::Kind(Kind::Ingress),
        "pvc" | "volume" => KindWord::Kind(Kind::PersistentVolumeClaim),
        "hpa" | "autoscaler" => KindWord::Kind(Kind::HorizontalPodAutoscaler),
        _ => return None,
    })
}

const JOINERS: &[&str] = &["de", "du", "des", "d", "of"];
const ARTICLES: &[&str] = &[
    "la", "l", "le", "les", "the", "nomme", "nommee", "appele", "appelee", "named", "called",
];
/// What delivers things, and is seldom meant where "of" follows.
const TOOLS: &[&str] = &[
    "sync", "argocd", "argo", "argo-cd", "helm", "chart", "jenkins", "pipeline",
];
/// What is done to a node: "the drain of worker-2" names worker-2.
const DRAINS: &[&str] = &[
    "drain", "drains", "drainage", "draining", "drainer", "drained",
];
const AND: &[&str] = &["&", "et", "and", "ou", "or", "ni"];
const SINCE: &[&str] = &["depuis", "since", "apres", "after", "suite"];

/// The names in a message, best first; absent when there is none.
pub(super) fn object(marks: &Marks<'_>) -> Option<ObjectWords> {
    let mut found = find(marks);
    if found.is_empty() {
        return None;
    }
    let main = subject(&found, marks);
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&n| rank(n, main, &found, marks));
    for (n, one) in found.iter_mut().enumerate() {
        let about = n == main || (one.phrase.also && n > 0 && n - 1 == main);
        one.phrase.also &= about;
        if one.phrase.stress == Stress::Loose && about && !is_qualifier_only(&one.phrase.words) {
            one.phrase.stress = Stress::Subject;
        }
    }
    let phrases = order.into_iter().map(|n| found[n].phrase.clone()).collect();
    Some(ObjectWords { phrases })
}

fn rank(n: usize, main: usize, found: &[Found], marks: &Marks<'_>) -> (u8, usize) {
    let class = if n == main {
        0
    } else if found[n].phrase.also && n == main + 1 {
        1
    } else if follows_since(found[n].start, marks.tokens) {
        3
    } else {
        2
    };
    (class, n)
}

/// The phrase the sentence is about: before the complaint, in its own clause if it can be; else after it.
fn subject(found: &[Found], marks: &Marks<'_>) -> usize {
    let Some(complaint) = marks.complaint else {
        return found
            .iter()
            .position(|one| !follows_since(one.start, marks.tokens))
            .unwrap_or(0);
    };
    let pause = |from: usize, to: usize, least: Break| {
        marks
            .tokens
            .get(from..=to)
            .is_some_and(|between| between.iter().any(|token| token.breaks >= least))
    };
    let usable = |n: &usize| !follows_since(found[*n].start, marks.tokens);
    let before = || {
        (0..found.len())
            .filter(|&n| found[n].end <= complaint)
            .filter(usable)
    };
    let main = before()
        .find(|&n| !pause(found[n].end, complaint, Break::Clause))
        .or_else(|| before().rfind(|&n| !pause(found[n].end, complaint, Break::Sentence)));
    let after = (0..found.len())
        .filter(|&n| found[n].start >= complaint)
        .filter(usable)
        .collect::<Vec<_>>();
    // "Les commandes n'apparaissent plus sur le dashboard": what shows them is what to look at.
    if marks.missing
        && main.is_none_or(|n| !is_screen(&found[n].phrase))
        && let Some(&screen) = after.iter().find(|&&n| is_screen(&found[n].phrase))
    {
        return screen;
    }
    main.or_else(|| after.first().copied())
        .or_else(|| before().next_back())
        .unwrap_or(0)
}

/// Whether people look at it rather than through it.
fn is_screen(phrase: &Phrase) -> bool {
    const SCREENS: &[&str] = &[
        "dashboard",
        "frontend",
        "admin",
        "home",
        "portal",
        "portail",
        "ui",
        "web",
        "grafana",
    ];
    phrase
        .words
        .iter()
        .any(|word| SCREENS.contains(&concept(word).as_str()))
}

/// Whether the words only say what sort of thing is meant, and many things are of that sort.
fn is_qualifier_only(words: &[String]) -> bool {
    const QUALIFIERS: &[&str] = &[
        "api", "frontend", "backend", "web", "mobile", "ui", "service", "app", "database", "cache",
        "worker", "queue",
    ];
    words
        .iter()
        .all(|word| QUALIFIERS.contains(&concept(word).as_str()))
}

fn follows_since(start: usize, tokens: &[Token]) -> bool {
    tokens[start.saturating_sub(5)..start]
        .iter()
        .enumerate()
        .filter(|(_, token)| SINCE.contains(&token.text.as_str()))
        .any(|(n, _)| {
            let from = start.saturating_sub(5) + n + 1;
            tokens[from..=start]
                .iter()
                .all(|token| token.breaks == Break::None)
                && tokens[from..start].iter().all(|token| is_stop(&token.text))
        })
}

fn find(marks: &Marks<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < marks.tokens.len() && found.len() < MAX_PHRASES {
        if !marks.is_content(at) {
            at += 1;
            continue;
        }
        let one = read(marks, at, found.last().map(|last| last.end));
        at = one.end;
        found.push(one);
    }
    found
}

/// The phrase that begins at `start`.
fn read(marks: &Marks<'_>, mut start: usize, previous: Option<usize>) -> Found {
    let tokens = marks.tokens;
    let mut places = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let (named_before, mut kind) = kind_before(marks, start);
    if let Some(said) = named_before {
        words.push(said);
    }
    let mut end = start;
    while let Some(next) = (if places.is_empty() {
        Some(start)
    } else {
        marks.joined(end)
    }) && places.len() < MAX_WORDS
    {
        let following: Vec<&str> = tokens[next..]
            .iter()
            .take(3)
            .map(|token| token.text.as_str())
            .collect();
        let (name, length) = compound(&following)
            .map_or((tokens[next].word.clone(), 1), |(name, length)| {
                (name.to_owned(), length)
            });
        // "The argocd sync of billing" is about billing.
        if next > end && words.iter().all(|word| TOOLS.contains(&word.as_str())) {
            words.clear();
            places.clear();
            start = next;
        }
        words.push(name);
        places.push(next);
        end = next + length;
    }
    let mut named = words.len() > places.len() || kind.is_some();
    if let Some(after) = tokens
        .get(end)
        .filter(|token| token.breaks == Break::None && !token.quoted)
        && let Some(said) = kind_word(&after.text)
        && !marks.taken_by_pattern(end)
    {
        named = true;
        match said {
            KindWord::Thing => words.push(after.text.clone()),
            KindWord::Kind(said) => kind = kind.or(Some(said)),
        }
    }
    named |= places.iter().any(|&place| tokens[place].name_like);
    let shown = tokens[start..end].iter();
    let shown: Vec<&str> = shown.map(|token| token.shown.as_str()).collect();
    Found {
        phrase: Phrase {
            words,
            shown: Untrusted::new(shown.join(" ")),
            kind,
            stress: if named { Stress::Named } else { Stress::Loose },
            also: previous.is_some_and(|end| beside(tokens, end, start)),
        },
        start,
        end,
    }
}

/// The word "service" or the kind said before a name, over articles: `le pod x`, `service de x`, `deploy/x`.
fn kind_before(marks: &Marks<'_>, start: usize) -> (Option<String>, Option<Kind>) {
    let skipped = marks.tokens[..start]
        .iter()
        .rev()
        .take(3)
        .take_while(|token| {
            JOINERS.contains(&token.text.as_str()) || ARTICLES.contains(&token.text.as_str())
        })
        .count();
    let Some(place) = (start - skipped).checked_sub(1) else {
        return (None, None);
    };
    let clear = marks.tokens[place + 1..=start]
        .iter()
        .all(|token| token.breaks == Break::None);
    // "le service de la facturation" joins, "ton service le panier" does not.
    let joins = skipped == 0
        || JOINERS.contains(&marks.tokens[place + 1].text.as_str())
        || marks.tokens[place + 1].text.starts_with(['n', 'a', 'c']);
    match marks.kind_at(place) {
        Some(said) if clear && joins && !marks.taken_by_pattern(place) => match said {
            KindWord::Thing => (Some(marks.tokens[place].text.clone()), None),
            KindWord::Kind(kind) => (None, Some(kind)),
        },
        _ => (None, None),
    }
}

/// Whether only "and" or a comma stands between two phrases.
fn beside(tokens: &[Token], end: usize, start: usize) -> bool {
    let between = &tokens[end..start];
    let comma = tokens[start..=start]
        .iter()
        .chain(between)
        .any(|token| token.breaks == Break::Clause);
    let sentence = tokens[end..=start]
        .iter()
        .any(|token| token.breaks == Break::Sentence);
    let and = between
        .iter()
        .any(|token| AND.contains(&token.text.as_str()));
    !sentence
        && (and || comma)
        && between.iter().all(|token| {
            AND.contains(&token.text.as_str())
                || ARTICLES.contains(&token.text.as_str())
                || kind_word(&token.text).is_some()
        })
}

impl Marks<'_> {
    /// Whether the word may be part of a name.
    fn is_content(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else {
            return false;
        };
        let starts_compound = || {
            let following: Vec<&str> = self.tokens[at..]
                .iter()
                .take(3)
                .map(|token| token.text.as_str())
                .collect();
            compound(&following).is_some()
        };
        !token.quoted
            && !self.taken[at]
            && !is_measure(&token.text)
            && self.kind_at(at).is_none()
            && !self.is_negated_verb(at)
            && !self.is_kubectl_kind(at)
            && !self.is_network_policy(at)
            && (!is_stop(&token.word) || token.name_like || starts_compound() || self.is_report(at))
    }

    /// What a word tells about the name beside it.
    fn kind_at(&self, at: usize) -> Option<KindWord> {
        let token = self.tokens.get(at)?;
        kind_word(&token.text).or_else(|| self.is_drain(at).then_some(KindWord::Kind(Kind::Node)))
    }

    /// Whether a drain is spoken of and what is drained follows; alone it may be a name.
    fn is_drain(&self, at: usize) -> bool {
        let is = |token: &Token| DRAINS.contains(&token.text.as_str()) && !token.name_like;
        let follows = |next: &Token| {
            let text = next.text.as_str();
            next.breaks == Break::None
                && (next.name_like
                    || JOINERS.contains(&text)
                    || ARTICLES.contains(&text)
                    || matches!(kind_word(text), Some(KindWord::Kind(Kind::Node))))
        };
        self.tokens.get(at).is_some_and(is) && self.tokens.get(at + 1).is_some_and(follows)
    }

    /// "Ne se crée", "n'arrive plus": between the halves of a French negation stands a verb.
    fn is_negated_verb(&self, at: usize) -> bool {
        const CLITICS: &[&str] = &[
            "se", "s", "me", "m", "te", "t", "nous", "vous", "le", "la", "les", "l", "lui", "leur",
            "y", "en",
        ];
        const AFTER: &[&str] = &["plus", "pas", "jamais", "rien", "aucun", "aucune", "guere"];
        let text = |at: usize| self.tokens.get(at).map(|token| token.text.as_str());
        let before = self.tokens.get(..at).unwrap_or_default().iter().rev();
        let clitics = before
            .take(2)
            .take_while(|token| CLITICS.contains(&token.text.as_str()))
            .count();
        let ne = (at - clitics)
            .checked_sub(1)
            .and_then(text)
            .is_some_and(|word| matches!(word, "ne" | "n"));
        let reflexive = clitics > 0 && matches!(text(at - 1), Some("se" | "s" | "me" | "te"));
        let closed = text(at + 1).is_some_and(|word| AFTER.contains(&word));
        ne && (reflexive || closed) && !self.tokens.get(at).is_some_and(|it| it.name_like)
    }

    /// `kubectl get events`: the word after the verb is a kind, and names nothing.
    fn is_kubectl_kind(&self, at: usize) -> bool {
        let is = |back: usize, words: &[&str]| {
            let token = at.checked_sub(back).and_then(|at| self.tokens.get(at));
            token.is_some_and(|token| words.contains(&token.text.as_str()))
        };
        is(2, &["kubectl", "k"]) && is(1, &["get", "describe", "top"])
    }

    /// "The network policies of yesterday" are a kind of object, and nobody's name.
    fn is_network_policy(&self, at: usize) -> bool {
        const WHOLE: [&str; 6] = [
            "networkpolicy",
            "networkpolicies",
            "network-policy",
            "network-policies",
            "netpol",
            "netpols",
        ];
        let text = |at: usize| self.tokens.get(at).map_or("", |token| token.text.as_str());
        let two =
            |at: usize| text(at) == "network" && matches!(text(at + 1), "policy" | "policies");
        WHOLE.contains(&text(at)) || two(at) || at.checked_sub(1).is_some_and(two)
    }

    /// "Report" is what people do, and the name of many services: after a preposition, or before a verb of its own.
    fn is_report(&self, at: usize) -> bool {
        const NAMES: &[&str] = &["report", "reports"];
        const BEFORE: &[&str] = &["pour", "for", "et", "and", "de", "du", "of", "sur", "dans"];
        const VERBS: &[&str] = &[
            "cant",
            "cannot",
            "couldnt",
            "doesnt",
            "dont",
            "isnt",
            "arent",
            "wont",
            "is",
            "keeps",
            "crashes",
            "fails",
            "ne",
            "n",
            "est",
            "plante",
            "redemarre",
        ];
        let is = |at: usize, words: &[&str]| {
            let token = self.tokens.get(at);
            token.is_some_and(|token| words.contains(&token.text.as_str()))
        };
        let joined = |at: usize| {
            let token = self.tokens.get(at);
            token.is_some_and(|token| token.breaks == Break::None)
        };
        let after = at > 0 && joined(at) && is(at - 1, BEFORE);
        let starts = at == 0 || !joined(at);
        is(at, NAMES) && (after || (starts && joined(at + 1) && is(at + 1, VERBS)))
    }

    /// Whether an understood pattern, not a common word, took it.
    fn taken_by_pattern(&self, at: usize) -> bool {
        self.taken[at]
    }

    /// The next word of the phrase that ends before `end`: beside it, or after "de".
    fn joined(&self, end: usize) -> Option<usize> {
        let pause = |at: usize| {
            self.tokens
                .get(at)
                .is_none_or(|token| token.breaks > Break::None)
        };
        if pause(end) {
            return None;
        }
        if self.is_content(end) {
            return Some(end);
        }
        JOINERS
            .contains(&self.tokens[end].text.as_str())
            .then_some(())?;
        let mut at = end + 1;
        if self
            .tokens
            .get(at)
            .is_some_and(|token| ARTICLES.contains(&token.text.as_str()))
        {
            at += 1;
        }
        (!pause(at) && self.is_content(at)).then_some(at)
    }
}

/// `2h`, `20min`, `v1.4.2`, `3x`: numbers with a unit and versions name no object.
fn is_measure(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if digits == 0 {
        return false;
    }
    let version = word.strip_prefix('v').unwrap_or(word);
    if version
        .chars()
        .all(|c| c.is_ascii_digit() || c == '.' || c == '-')
    {
        return true;
    }
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    unit.len() < word.len() && unit.len() <= 4 && unit.chars().all(char::is_alphanumeric)
}
