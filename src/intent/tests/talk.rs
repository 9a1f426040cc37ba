//! Small talk opens no look, and nothing that is wrong is ever taken for small talk.

use super::table::{cases, want};
use super::world::vocabulary;
use crate::intent::parse;

/// Every line of a block is a message of its own.
fn check(table: &str) {
    let (vocabulary, mut wrong, mut count) = (vocabulary(), Vec::new(), 0);
    for (texts, expected) in cases(table) {
        for text in texts.lines() {
            count += 1;
            let ask = parse(text, &vocabulary, None);
            let got = want(&ask.want);
            if got != expected {
                wrong.push(format!(
                    "{text}\n    expected {expected}, got {got} {ask:?}"
                ));
            }
        }
    }
    assert!(count >= 80, "{count}");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn french_talk_is_no_incident_and_a_symptom_beside_it_is() {
    check(include_str!("talk_fr.txt"));
}

#[test]
fn english_talk_is_no_incident_and_a_symptom_beside_it_is() {
    check(include_str!("talk_en.txt"));
}

/// An empty mention asks for help, a sign of alarm without a word as well.
#[test]
fn signs_without_words_are_not_all_thanks() {
    for text in ["", "   ", "?", "🚨🚨", ":sos:", "⚠️"] {
        assert_eq!(
            want(&parse(text, &vocabulary(), None).want),
            "help",
            "{text}"
        );
    }
}

/// A service may bear any name, also one of these words.
#[test]
fn a_service_called_like_a_greeting_is_still_looked_at() {
    for text in ["hello-service is down", "le service test-api est en panne"] {
        let ask = parse(text, &vocabulary(), None);
        assert_eq!(want(&ask.want), "problem", "{text}");
        assert!(ask.object.is_some(), "{text}");
    }
}
