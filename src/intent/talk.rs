//! Small talk: a greeting, thanks, "are you there?", "what is a pod?". It gets a short answer and no look. In doubt
//! it is none: a symptom taken for talk is lost, talk taken for a question costs one look.

use super::ask::Talk;
use super::lexicon::{Tag, is_stop};
use super::reading::{Reading, Said};
use super::token::{Break, Token};

const THANKS: &[&str] = &[
    "merci", "merki", "mrc", "mci", "rci", "remercie", "thanks", "thank", "thankyou", "thx",
    "thks", "ty", "tks", "tnx", "tysm", "cheers", "bravo",
];

/// Words beside a greeting that say nothing.
const FILLERS: &[&str] = &[
    "a",
    "tous",
    "toutes",
    "tout",
    "le",
    "la",
    "les",
    "l",
    "monde",
    "all",
    "everyone",
    "team",
    "there",
    "please",
    "stp",
    "svp",
    "vous",
    "you",
    "toi",
    "today",
    "now",
    "ce",
    "matin",
    "equipe",
    "gens",
    "guys",
    "folks",
    "et",
    "and",
    "so",
    "dis",
    "my",
    "the",
    "bot",
    "devops",
    "vigie",
    "grand",
    "grosse",
    "un",
    "tres",
    "many",
    "much",
    "very",
    "lot",
    "beaucoup",
    "bcp",
    "for",
    "pour",
    "your",
    "ton",
    "votre",
    "bien",
    "aujourd'hui",
    "again",
    "is",
    "il",
];

/// What a complaint of common words is about: "hello, the page keeps loading".
const THINGS: &[&str] = &[
    "site",
    "sites",
    "website",
    "page",
    "pages",
    "app",
    "appli",
    "plateforme",
    "platform",
    "serveur",
    "serveurs",
    "server",
    "servers",
    "cluster",
    "ecran",
    "screen",
    "service",
    "services",
    "systeme",
    "system",
    "prod",
];

/// What turns the words round; where nothing explains it, it may be half of a complaint.
const TURNS: &[&str] = &[
    "pas", "plus", "rien", "aucun", "aucune", "jamais", "not", "no", "nothing", "never", "none",
    "cannot", "cant", "dont", "doesnt", "isnt", "wont", "mais", "but", "toujours", "encore",
    "still",
];

/// Makes what is asked about the very one that somebody sees, or says where it is.
const DEFINITE: &[&str] = &[
    "this", "that", "these", "those", "the", "it", "its", "my", "our", "your", "here", "there",
    "ce", "cet", "cette", "ces", "ca", "le", "la", "les", "l", "mon", "ma", "mes", "notre", "nos",
    "votre", "in", "on", "with", "for", "at", "from", "sur", "dans", "avec", "pour", "chez", "en",
    "qui", "that", "which", "who",
];

/// Words of the trade that are asked about without an article.
const TRADE: &[&str] = &[
    "kubernetes",
    "k8s",
    "kube",
    "kubectl",
    "helm",
    "prometheus",
    "grafana",
    "alertmanager",
    "argocd",
    "jenkins",
    "docker",
    "loki",
    "sonarqube",
    "pod",
    "pods",
    "deployment",
    "deployments",
    "service",
    "services",
    "ingress",
    "namespace",
    "namespaces",
    "node",
    "nodes",
    "job",
    "jobs",
    "cronjob",
    "cronjobs",
    "statefulset",
    "statefulsets",
    "daemonset",
    "daemonsets",
    "configmap",
    "configmaps",
    "hpa",
    "pvc",
    "container",
    "containers",
    "replica",
    "replicas",
    "noeud",
    "noeuds",
    "conteneur",
    "conteneurs",
    "deploiement",
    "deploiements",
];

/// Signs of alarm; any other sign is a nod.
const ALARMS: &[&str] = &[
    "🚨",
    "🆘",
    "💥",
    "☠",
    "💀",
    "⚠",
    "⛔",
    "❌",
    "🔴",
    "📟",
    ":rotating_light:",
    ":sos:",
    ":boom:",
    ":skull",
    ":warning:",
    ":no_entry",
    ":x:",
    ":red_circle:",
    ":pager:",
];

/// Whether a message without words is a nod: `👍`, `:wave:`. An empty one is not.
pub(super) fn is_nod(text: &str) -> bool {
    let sign = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric();
    text.chars().any(sign) && !ALARMS.iter().any(|alarm| text.contains(alarm))
}

/// The talk that a message is, if it is nothing else. `loose`: words that nothing explains.
pub(super) fn talk(reading: &Reading, loose: &[bool]) -> Option<Talk> {
    if reading.danger().is_some() {
        return None;
    }
    if is_definition(reading, loose) {
        return Some(Talk::Term);
    }
    let thanks = reading.has_word(THANKS);
    let small = |said: &Said| match said.tag {
        Tag::Greeting | Tag::Hail | Tag::Chatter | Tag::Define | Tag::Request => true,
        // "Thanks for your help".
        Tag::Help => thanks,
        Tag::Trouble => thanks && reading.tokens[said.hit.start()].text == "help",
        // "Ping", "ça va": about the bot where nothing else is named.
        Tag::Status => is_within(said, reading, Tag::Hail),
        _ => false,
    };
    let poke = reading.says(Tag::Greeting) || reading.says(Tag::Hail);
    let says = poke || reading.says(Tag::Chatter) && !reading.question;
    let quiet = reading.hits.iter().all(small) && reading.undone.is_empty();
    (says && quiet && is_all_talk(reading, loose)).then_some(if thanks {
        Talk::Thanks
    } else {
        Talk::Hello
    })
}

/// Whether something else said holds all its words.
fn is_within(said: &Said, reading: &Reading, tag: Tag) -> bool {
    let mut others = reading.all(tag);
    others.any(|other| said.hit.words.iter().all(|at| other.hit.words.contains(at)))
}

/// Whether no word beside the talk may be half of a complaint.
fn is_all_talk(reading: &Reading, loose: &[bool]) -> bool {
    let covered = covered(reading);
    let beside: Vec<&Token> = reading
        .tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| !covered[*at] && !FILLERS.contains(&token.text.as_str()))
        .map(|(_, token)| token)
        .collect();
    let unexplained = (0..loose.len()).any(|at| loose[at] && !covered[at]);
    let telling = |token: &&Token| {
        let word = token.text.as_str();
        THINGS.contains(&word) || TURNS.contains(&word) || token.quoted
    };
    let most = if reading.question { 0 } else { 2 };
    !unexplained && beside.len() <= most && !beside.iter().any(telling)
}

/// The words that something found explains.
fn covered(reading: &Reading) -> Vec<bool> {
    let mut covered = vec![false; reading.tokens.len()];
    for said in &reading.hits {
        for &at in &said.hit.words {
            covered[at] = true;
        }
    }
    covered
}

/// "What is a pod?" and nothing else.
fn is_definition(reading: &Reading, loose: &[bool]) -> bool {
    let defines = |said: &Said| {
        let end = said.hit.end();
        let rest = &reading.tokens[end..];
        let more = rest
            .iter()
            .take_while(|token| token.breaks < Break::Sentence);
        let region = said.hit.start()..end + more.count();
        let outside = |at: usize| !region.contains(&at);
        let beside = reading.hits.iter().all(|other| match other.tag {
            Tag::Greeting | Tag::Hail | Tag::Chatter | Tag::Define | Tag::Request | Tag::Help => {
                true
            }
            // "What is" begins both.
            Tag::Trouble => is_within(other, reading, Tag::Define),
            _ => !other.hit.words.iter().any(|&at| outside(at)),
        });
        let unexplained = (0..loose.len()).any(|at| loose[at] && outside(at));
        beside && !unexplained && is_term(reading, said, region.clone())
    };
    reading.undone.is_empty() && reading.all(Tag::Define).any(defines)
}

/// Whether a word is asked about, and not what somebody sees: "a 502", not "this 502" nor "a 502 on payment".
fn is_term(reading: &Reading, said: &Said, mut region: std::ops::Range<usize>) -> bool {
    let word = |at: usize| reading.tokens[at].text.as_str();
    let any = |words: &[&str]| said.hit.words.iter().any(|&at| words.contains(&word(at)));
    let subject: Vec<&str> = region
        .clone()
        .filter(|at| !said.hit.words.contains(at))
        .map(word)
        .collect();
    let short = (1..=3).contains(&subject.len());
    let definite = subject
        .iter()
        .any(|word| DEFINITE.contains(word) || TURNS.contains(word));
    if !short || definite || region.any(|at| reading.tokens[at].quoted) {
        return false;
    }
    any(&[
        "a",
        "an",
        "un",
        "une",
        "mean",
        "means",
        "dire",
        "signifie",
        "signifient",
    ]) || subject
        .iter()
        .all(|word| TRADE.contains(word) || is_stop(word) && word.len() < 4)
        && subject.iter().any(|word| TRADE.contains(word))
}
