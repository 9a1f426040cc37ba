//! From a text to an [`Ask`].

use std::ops::Range;

use super::address::address;
use super::ask::{Ask, Want};
use super::environment::{Mention, choose, mentions, namespace};
use super::fold::fold;
use super::lexicon::{Tag, is_stop};
use super::markup::{as_read, plain};
use super::phrase::{Marks, object};
use super::reading::{Reading, Said, takes};
use super::suspect::suspected;
use super::talk::is_nod;
use super::token::{Token, tokens};
use super::want::{Gist, want};
use super::whole::is_whole;
use super::{Vocabulary, language};
use crate::finding::Symptom;
use crate::text::{Language, Untrusted};

/// Understands a Slack message or a terminal question. Never fails; text of any size takes the time
/// of its first 4,000 characters. `hint` is the asker's language where the words do not tell
/// (the thread's, Slack's `locale`).
///
/// ```
/// use vigie::finding::Symptom;
/// use vigie::intent::{Vocabulary, parse};
///
/// let ask = parse("Service payment est lent en production", &Vocabulary::default(), None);
/// assert_eq!(ask.symptoms, [Symptom::Slow]);
/// assert_eq!(ask.environment.as_deref(), Some("production"));
/// assert_eq!(ask.object.unwrap().phrases[0].words, ["service", "payment"]);
/// ```
#[must_use]
pub fn parse(text: &str, vocabulary: &Vocabulary, hint: Option<Language>) -> Ask {
    let plain = plain(text, vocabulary);
    let (words, question) = tokens(&plain);
    let signs = words.is_empty();
    let words = without_bot(words, vocabulary);
    let reading = Reading::new(words, question);
    let found = Found::new(&reading, vocabulary);
    let phrases = object(&Marks {
        tokens: &reading.tokens,
        taken: &found.or(&suspected(&reading)),
        complaint: complaint(&reading),
        missing: reading.symptoms().first() == Some(&Symptom::MissingData),
    });
    let shown = as_read(text, vocabulary);
    let loose = found.loose(&reading);
    let wanted = want(&Gist {
        reading: &reading,
        content: found.content(&reading),
        loose: &loose,
        placed: found.environment.is_some() || found.namespace.is_some(),
        nod: signs && is_nod(&shown),
        named: phrases.is_some() || found.environment.is_some() || found.namespace.is_some(),
        people: &plain.people,
    });
    let talks = matches!(wanted, Want::Talk { .. });
    let complains = matches!(
        wanted,
        Want::Problem | Want::Escalate | Want::RunAgain | Want::Logs
    );
    Ask {
        language: language::detect(&reading, hint),
        symptoms: if complains {
            reading.symptoms()
        } else {
            Vec::new()
        },
        danger: reading
            .danger()
            .filter(|_| !matches!(wanted, Want::Nothing)),
        want: wanted,
        environment: found.environment,
        namespace: found.namespace,
        object: phrases.filter(|_| !talks),
        whole: is_whole(&reading, &found.environments, &loose),
        address: address(&shown),
        text: Untrusted::new(shown),
    }
}

/// Drops the bot's own name where it is only a way of addressing it: `@devops`, `vigie, …`.
fn without_bot(mut words: Vec<Token>, vocabulary: &Vocabulary) -> Vec<Token> {
    let names: Vec<String> = vocabulary.bot_names.iter().map(|name| fold(name)).collect();
    let is_bot = |token: &Token| names.contains(&token.word) || token.shown == "devops";
    let pause = words.first().map(|token| token.breaks);
    while words.first().is_some_and(is_bot) {
        words.remove(0);
    }
    if let (Some(first), Some(pause)) = (words.first_mut(), pause) {
        first.breaks = pause;
    }
    words
}

/// Where the complaint begins: the first symptom, else the first sign of trouble.
fn complaint(reading: &Reading) -> Option<usize> {
    let first = |wanted: fn(Tag) -> bool| {
        reading
            .hits
            .iter()
            .filter(|said| wanted(said.tag))
            .map(|said| said.hit.start())
            .min()
    };
    first(|tag| matches!(tag, Tag::Symptom(_)))
        .or_else(|| first(|tag| matches!(tag, Tag::Trouble | Tag::Danger(_))))
}

/// Environment, namespace, and which words are spoken for.
struct Found {
    environment: Option<String>,
    environments: Vec<Mention>,
    namespace: Option<String>,
    taken: Vec<bool>,
}

impl Found {
    fn new(reading: &Reading, vocabulary: &Vocabulary) -> Self {
        let mut taken = vec![false; reading.tokens.len()];
        let meant = |said: &&Said| match said.tag {
            Tag::Review => reading.asks_review(said),
            // A service may be called `ping`; what is talk is told by `loose`.
            Tag::Hail | Tag::Define => false,
            _ => true,
        };
        for said in reading.hits.iter().chain(&reading.undone).filter(meant) {
            for &word in &said.hit.words {
                taken[word] |= takes(said, &reading.tokens[word]);
            }
        }
        let environments = mentions(&reading.tokens, vocabulary);
        for mention in &environments {
            taken[mention.start..mention.end].fill(true);
        }
        let namespace = namespace(&reading.tokens, vocabulary);
        if let Some((_, places)) = &namespace {
            for &place in places {
                taken[place] = true;
            }
        }
        let fine: Vec<usize> = reading
            .all(Tag::Fine)
            .map(|said| said.hit.start())
            .collect();
        Self {
            environment: choose(&environments, &reading.tokens, &fine)
                .map(|mention| mention.name.clone()),
            environments,
            namespace: namespace.map(|(name, _)| name),
            taken,
        }
    }

    /// The words that are spoken for, and these.
    fn or(&self, others: &[Range<usize>]) -> Vec<bool> {
        let mut taken = self.taken.clone();
        for words in others {
            taken[words.clone()].fill(true);
        }
        taken
    }

    /// Words that nothing explains, by their place: names, or talk.
    fn loose(&self, reading: &Reading) -> Vec<bool> {
        let words = reading.tokens.iter().zip(&self.taken);
        words
            .map(|(token, taken)| !taken && !token.quoted && !is_stop(&token.word))
            .collect()
    }

    fn content(&self, reading: &Reading) -> usize {
        self.loose(reading).iter().filter(|loose| **loose).count()
    }
}
