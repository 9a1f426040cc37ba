//! From a text to an [`Ask`].

use super::ask::{Ask, Want};
use super::environment::{choose, mentions, namespace};
use super::fold::fold;
use super::lexicon::{Tag, is_stop};
use super::markup::{as_read, plain};
use super::phrase::{Marks, object};
use super::reading::{Reading, Said, takes};
use super::token::{Token, tokens};
use super::want::{Gist, want};
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
    let words = without_bot(words, vocabulary);
    let reading = Reading::new(words, question);
    let found = Found::new(&reading, vocabulary);
    let phrases = object(&Marks {
        tokens: &reading.tokens,
        taken: &found.taken,
        complaint: complaint(&reading),
        missing: reading.symptoms().first() == Some(&Symptom::MissingData),
    });
    let wanted = want(&Gist {
        reading: &reading,
        content: found.content(&reading.tokens),
        named: phrases.is_some() || found.environment.is_some() || found.namespace.is_some(),
        people: &plain.people,
    });
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
        object: phrases,
        text: Untrusted::new(as_read(text, vocabulary)),
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
    namespace: Option<String>,
    taken: Vec<bool>,
}

impl Found {
    fn new(reading: &Reading, vocabulary: &Vocabulary) -> Self {
        let mut taken = vec![false; reading.tokens.len()];
        let meant = |said: &&Said| said.tag != Tag::Review || reading.asks_review(said);
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
            namespace: namespace.map(|(name, _)| name),
            taken,
        }
    }

    /// Words that nothing explains: names, or talk.
    fn content(&self, tokens: &[Token]) -> usize {
        tokens
            .iter()
            .zip(&self.taken)
            .filter(|(token, taken)| !**taken && !token.quoted && !is_stop(&token.word))
            .count()
    }
}
