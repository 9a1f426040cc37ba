//! What the word lists find in a message: matches, the ones that a "not" undoes or a longer match
//! overrules left out, misspelt words put right when nothing else was understood.

use super::ask::Danger;
use super::environment::is_usual;
use super::lexicon::{LEXICON, Tag, concept, is_stop};
use super::pattern::Hit;
use super::token::{Break, Token};
use crate::finding::Symptom;
use crate::text::Language;

/// Misspelt words looked at in one message.
const MAX_CORRECTIONS: usize = 60;

/// A message and what was understood of it.
pub(super) struct Reading {
    pub tokens: Vec<Token>,
    /// What holds, in the order of the text.
    pub hits: Vec<Said>,
    /// What a "not" undoes: it says nothing, and its words are no names.
    pub undone: Vec<Said>,
    /// Whether a question mark stands in it.
    pub question: bool,
}

/// One thing said.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub tag: Tag,
    pub language: Option<Language>,
    pub hit: Hit,
}

impl Reading {
    /// Reads the words; a second time with the spelling put right if the first finds nothing.
    pub fn new(mut tokens: Vec<Token>, question: bool) -> Self {
        let (mut hits, mut undone) = understood(&tokens);
        if !hits.iter().any(|said| says_something(said.tag)) && correct(&mut tokens) {
            (hits, undone) = understood(&tokens);
        }
        if hits.iter().any(|said| overrules_dashboard(said, &hits)) {
            hits.retain(|said| said.tag != Tag::Dashboard);
        }
        Self {
            tokens,
            hits,
            undone,
            question,
        }
    }

    /// Everything said of that sort.
    pub fn all(&self, tag: Tag) -> impl Iterator<Item = &Said> {
        self.hits.iter().filter(move |said| said.tag == tag)
    }

    /// The first thing said of that sort.
    pub fn first(&self, tag: Tag) -> Option<&Said> {
        self.all(tag).next()
    }

    /// Whether it is said.
    pub fn says(&self, tag: Tag) -> bool {
        self.first(tag).is_some()
    }

    /// Whether one of the words stands in the message, quotations left out.
    pub fn has_word(&self, words: &[&str]) -> bool {
        self.tokens
            .iter()
            .any(|token| !token.quoted && words.contains(&token.text.as_str()))
    }

    /// Whether a review is asked for: in so many words, or by `review` and `audit` before a name. Alone, or beside a
    /// complaint or another question, they are names of services.
    pub fn asks_review(&self, said: &Said) -> bool {
        if said.hit.words.len() > 1 {
            return true;
        }
        let other = self.hits.iter().any(|other| {
            matches!(
                other.tag,
                Tag::Symptom(_)
                    | Tag::Trouble
                    | Tag::Danger(_)
                    | Tag::Logs
                    | Tag::Version
                    | Tag::Changes
                    | Tag::Usage
                    | Tag::Sizing
                    | Tag::Act(_)
                    | Tag::Status
                    | Tag::Fine
            )
        });
        let follows = self.tokens[said.hit.end()..]
            .iter()
            .any(|token| !is_stop(&token.text));
        !other && follows && said.hit.start() <= 3
    }

    /// Symptoms, each once, in the order of the text.
    pub fn symptoms(&self) -> Vec<Symptom> {
        let mut symptoms = Vec::new();
        for said in &self.hits {
            if let Tag::Symptom(symptom) = said.tag
                && !symptoms.contains(&symptom)
            {
                symptoms.push(symptom);
            }
        }
        symptoms
    }

    /// The first danger said.
    pub fn danger(&self) -> Option<Danger> {
        self.hits.iter().find_map(|said| match said.tag {
            Tag::Danger(danger) => Some(danger),
            _ => None,
        })
    }
}

/// Whether something is said beside a dashboard that makes it a thing spoken of, and not the thing asked for: a service
/// may be called so.
fn overrules_dashboard(said: &Said, hits: &[Said]) -> bool {
    let beside = |dashboard: &Said| {
        let mut words = said.hit.words.iter();
        words.any(|at| !dashboard.hit.words.contains(at))
    };
    let other = matches!(
        said.tag,
        Tag::Symptom(_)
            | Tag::Trouble
            | Tag::Danger(_)
            | Tag::Logs
            | Tag::Version
            | Tag::Changes
            | Tag::Act(_)
            | Tag::Status
            | Tag::Fine
            | Tag::Review
    );
    other
        && hits
            .iter()
            .filter(|one| one.tag == Tag::Dashboard)
            .all(beside)
}

/// Whether the tag decides what is wanted, so that guessing at spellings is not needed.
fn says_something(tag: Tag) -> bool {
    !matches!(
        tag,
        Tag::Trouble
            | Tag::Status
            | Tag::Fine
            | Tag::Request
            | Tag::Chatter
            | Tag::Greeting
            | Tag::Hail
            | Tag::Define
    )
}

/// Puts right the spelling of words that nothing else knows. True if it changed one.
fn correct(tokens: &mut [Token]) -> bool {
    let mut changed = false;
    let unknown = tokens.iter_mut().filter(|token| {
        !token.quoted
            && !token.name_like
            && !is_stop(&token.text)
            && !is_usual(&token.text)
            && !LEXICON.knows(&token.text)
            && !super::lexicon::is_concept(&token.text)
    });
    for token in unknown.take(MAX_CORRECTIONS) {
        let meant = without_elision(&token.text).or_else(|| LEXICON.correct(&token.text));
        if let Some(meant) = meant {
            token.text = meant.to_owned();
            changed = true;
        }
    }
    changed
}

/// `nafiche`, `saffiche`: an apostrophe forgotten.
fn without_elision(word: &str) -> Option<&'static str> {
    let rest = word.strip_prefix(['n', 's', 'l', 'd', 'j', 'm'])?;
    (rest.len() >= 5).then(|| LEXICON.word(rest)).flatten()
}

/// What is said, and what is said not to be.
fn understood(tokens: &[Token]) -> (Vec<Said>, Vec<Said>) {
    let found: Vec<Said> = LEXICON
        .patterns
        .find(tokens)
        .into_iter()
        .map(|hit| {
            let (tag, language, _) = LEXICON.lines[hit.pattern];
            Said { tag, language, hit }
        })
        .filter(|said| holds(said, tokens))
        .collect();
    let kept = found
        .iter()
        .filter(|said| !overruled(said, &found))
        .cloned();
    kept.partition(|said| !is_undone(said, tokens))
}

/// Matches that count only in some surroundings.
fn holds(said: &Said, tokens: &[Token]) -> bool {
    let quoted = tokens[said.hit.start()].quoted;
    match said.tag {
        // "Since the deployment payment is down" does not say that the deployment failed.
        Tag::Symptom(Symptom::DeployFailed) => {
            let from = said.hit.start().saturating_sub(3);
            !tokens[from..said.hit.start()].iter().any(|token| {
                [
                    "depuis", "since", "after", "apres", "suite", "before", "avant",
                ]
                .contains(&token.text.as_str())
            })
        }
        Tag::Symptom(_) => true,
        _ => !quoted,
    }
}

/// Whether a longer match holds all its words: "no problem" is not a problem.
fn overruled(said: &Said, all: &[Said]) -> bool {
    let weak = matches!(
        said.tag,
        Tag::Symptom(_)
            | Tag::Trouble
            | Tag::Fine
            | Tag::Status
            | Tag::Chatter
            | Tag::Hail
            | Tag::Define
            | Tag::Request
            | Tag::Resolve
            | Tag::WrongAnswer
            | Tag::Act(_)
    );
    let share = |other: &Said| {
        said.hit
            .words
            .iter()
            .any(|word| other.hit.words.contains(word))
    };
    // "No data loss" does not say that there is no data.
    if said.tag == Tag::Symptom(Symptom::MissingData)
        && all
            .iter()
            .any(|other| other.tag == Tag::Danger(Danger::DataLoss) && share(other))
    {
        return true;
    }
    weak && all.iter().any(|other| {
        let longer = other.hit.words.len() > said.hit.words.len();
        longer
            && !matches!(other.tag, Tag::Danger(_) | Tag::Request)
            && said
                .hit
                .words
                .iter()
                .all(|word| other.hit.words.contains(word))
    })
}

/// Whether a "not" before it turns it round.
fn is_undone(said: &Said, tokens: &[Token]) -> bool {
    match said.tag {
        Tag::Symptom(_) => {
            LEXICON.lines[said.hit.pattern].2 && is_negated(said.hit.start(), tokens)
        }
        Tag::Danger(_) => is_denied(&said.hit, tokens),
        Tag::Fine => is_negated(said.hit.start(), tokens),
        _ => false,
    }
}

const NOT: &[&str] = &[
    "pas", "no", "not", "aucun", "aucune", "sans", "without", "isnt", "arent", "doesnt", "dont",
    "wasnt", "didnt", "jamais", "never", "zero",
];

/// A "not" within three words, with only common words between and no "if".
fn is_negated(at: usize, tokens: &[Token]) -> bool {
    let from = at.saturating_sub(3);
    (from..at).rev().any(|place| {
        let word = tokens[place].text.as_str();
        let between = &tokens[place + 1..at];
        let is_not = NOT.contains(&word)
            || (word == "longer" && place > 0 && tokens[place - 1].text == "no")
            || (word == "plus" && is_no_longer(place, tokens));
        is_not
            && tokens[place + 1..=at]
                .iter()
                .all(|token| token.breaks == Break::None)
            && between.iter().all(|token| {
                is_stop(&token.text)
                    && ![
                        "si",
                        "if",
                        "pourquoi",
                        "why",
                        "mal",
                        "only",
                        "seulement",
                        "que",
                    ]
                    .contains(&token.text.as_str())
            })
    })
}

/// "n'est plus": "plus" alone may as well mean "more".
fn is_no_longer(plus: usize, tokens: &[Token]) -> bool {
    let from = plus.saturating_sub(3);
    tokens[from..plus]
        .iter()
        .any(|token| ["n", "ne"].contains(&token.text.as_str()))
}

/// Whether a danger is said not to be there. In doubt it is there.
fn is_denied(hit: &Hit, tokens: &[Token]) -> bool {
    const DENIALS: &[&str] = &[
        "aucun", "aucune", "sans", "no", "not", "without", "zero", "isnt", "wasnt", "hasnt",
        "havent", "pas", "ni", "neither", "nor", "never", "jamais", "didnt",
    ];
    const DOUBT: &[&str] = &[
        "exclu",
        "exclue",
        "exclure",
        "sur",
        "sure",
        "certain",
        "certaine",
        "certains",
        "rule",
        "ruled",
        "know",
        "sais",
        "sait",
        "savoir",
        "savons",
        "only",
        "seulement",
        "if",
        "si",
        "juste",
        "just",
        "possible",
        "mais",
        "but",
        "longer",
    ];
    // Patterns like "cannot be undone" hold their own "not".
    if !LEXICON.lines[hit.pattern].2 {
        return false;
    }
    let at = hit.start();
    let from = at.saturating_sub(5);
    let before = (from..at).rev().any(|place| {
        DENIALS.contains(&tokens[place].text.as_str())
            && tokens[place + 1..=at]
                .iter()
                .all(|token| token.breaks == Break::None)
            && !tokens[place + 1..at]
                .iter()
                .any(|token| DOUBT.contains(&token.text.as_str()))
    });
    // "Les données ne sont pas perdues", "no backup was lost": the "not" stands inside.
    let inside = (at..hit.end())
        .any(|place| !hit.words.contains(&place) && DENIALS.contains(&tokens[place].text.as_str()));
    let after =
        tokens[hit.end()..].iter().take(3).any(|token| {
            ["ecarte", "ecartee", "exclue", "excluded"].contains(&token.text.as_str())
        }) && !tokens[hit.end()..]
            .iter()
            .take(3)
            .any(|token| ["pas", "not"].contains(&token.text.as_str()));
    before || inside || after
}

/// The words that matches take from the names: not the ones that name a thing as well, unless they
/// can only be meant the other way ("connexion refusée").
pub(super) fn takes(said: &Said, token: &Token) -> bool {
    match said.tag {
        Tag::Symptom(Symptom::Errors) if concept(&token.text) == "auth" => {
            said.hit.words.len() > 1 && !token.text.starts_with("log")
        }
        Tag::Logs
        | Tag::Version
        | Tag::Changes
        | Tag::Usage
        | Tag::Sizing
        | Tag::Review
        | Tag::Dashboard
        | Tag::Help => true,
        _ => !super::lexicon::is_concept(&token.text),
    }
}
