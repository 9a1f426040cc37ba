//! Everything the judges say has its sentence in both languages, with all its arguments.

use std::collections::BTreeSet;

use vigie::finding::Finding;
use vigie::investigation::case::Facts;
use vigie::investigation::judge::judge;
use vigie::post::{Medium, Words};
use vigie::text::{Arg, Language, Message};

use super::catalogue::{all, facts};

#[tokio::test]
async fn every_sentence_of_the_judges_exists_in_both_languages() {
    let mut wrong = BTreeSet::new();
    for (name, fixture) in all() {
        let case = facts(&name, &fixture);
        for message in judge(&Facts::of(&case)).iter().flat_map(messages) {
            for language in [Language::En, Language::Fr] {
                let said = Words::new(language, case.now).say(&message, Medium::Text);
                let nested = nested(&message);
                if said.contains("{$") || nested.iter().any(|id| said.contains(id.as_str())) {
                    wrong.insert(format!("{name} {language:?}: {said}"));
                }
            }
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn an_answer_quotes_at_least_one_fact() {
    for (name, fixture) in all() {
        for finding in judge(&Facts::of(&facts(&name, &fixture))) {
            assert!(!finding.evidence.is_empty(), "{name}: {:?}", finding.cause);
            assert!(!finding.explains.is_empty(), "{name}: {:?}", finding.cause);
        }
    }
}

fn messages(finding: &Finding) -> Vec<Message> {
    let facts = finding
        .evidence
        .iter()
        .map(|evidence| evidence.fact.clone());
    let fixes = finding.fix.iter().map(|fix| fix.why.clone());
    let mut all = vec![finding.summary.clone()];
    all.extend(facts.chain(fixes));
    all
}

/// The id of a message and of those inside it: a sentence that shows one has no text for it.
fn nested(message: &Message) -> Vec<String> {
    let mut ids = vec![message.id.to_string()];
    for arg in message.args.values() {
        ids.extend(inside(arg));
    }
    ids
}

fn inside(arg: &Arg) -> Vec<String> {
    match arg {
        Arg::Message(message) => nested(message),
        Arg::List(items) => items.iter().flat_map(inside).collect(),
        _ => Vec::new(),
    }
}
