//! Hostile and broken input: never a panic, never long, never more than text.

use proptest::prelude::*;

use super::world::{candidates, vocabulary};
use crate::intent::{Ask, Danger, Resolution, Scope, Vocabulary, Want, parse, resolve};
use crate::text::Language;

fn ask(text: &str) -> Ask {
    parse(text, &vocabulary(), None)
}

fn resolution(text: &str) -> Resolution {
    let ask = ask(text);
    resolve(
        ask.object.as_ref(),
        &candidates(),
        &Scope::of(&ask, &vocabulary()),
    )
}

#[test]
fn names_that_are_attacks_are_only_words() {
    let live = candidates();
    for text in [
        "service ../../x is slow in prod",
        "payment{} or vector(1) is slow in prod",
        "service \"; drop is slow",
        "service $(reboot) is slow",
        "service `rm -rf /` is slow",
        "service payment\u{0}\u{1b}[31m is slow",
        "<!channel> <!here> <!everyone> is slow",
        "<<<<>>>>|||| is slow",
        "service %00%2e%2e is slow",
        "*_~`*_~` is slow ```",
    ] {
        let ask = ask(text);
        assert_eq!(ask.text.raw(), text);
        for phrase in ask.object.iter().flat_map(|object| &object.phrases) {
            for word in &phrase.words {
                let plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
                assert!(word.chars().all(plain), "{text}: {word}");
                assert!(!word.contains(".."), "{text}: {word}");
            }
        }
        if let Resolution::One(n) = resolve(ask.object.as_ref(), &live, &Scope::default()) {
            assert_eq!(live[n].name, "payment-service", "{text}");
        }
    }
}

#[test]
fn a_broadcast_in_a_question_is_dropped() {
    let asked = ask("<!channel> is payment down in prod?");
    let words = &asked.object.unwrap().phrases[0].words;
    assert_eq!(words, &["payment"]);
}

#[test]
fn a_right_to_left_override_does_not_hide_a_name() {
    let asked = ask("service pay\u{202e}ment\u{200b} is slow in prod");
    assert_eq!(
        asked.object.unwrap().phrases[0].words,
        ["service", "payment"]
    );
}

#[test]
fn wide_letters_and_combining_accents_are_the_same_words() {
    assert_eq!(
        resolution("ｐａｙｍｅｎｔ is slow in prod"),
        resolution("payment is slow in prod")
    );
    assert_eq!(
        resolution("le cata\u{301}logue est vide en prod"),
        resolution("le catalogue est vide en prod")
    );
}

#[test]
fn only_the_first_characters_are_read() {
    let asked = ask(&format!(
        "payment is slow in prod {} checkout escalate",
        "la ".repeat(4_000)
    ));
    assert_eq!(asked.want, Want::Problem);
    assert_eq!(asked.object.unwrap().phrases.len(), 1);
}

#[test]
fn an_empty_mention_is_a_call_for_help() {
    for text in ["", "   ", "<@UBOT>", "<@UBOT> ", "@devops", "?!"] {
        assert_eq!(ask(text).want, Want::Help, "{text:?}");
    }
}

#[test]
fn the_hint_decides_only_where_the_words_do_not() {
    let hinted = |text: &str| parse(text, &vocabulary(), Some(Language::Fr)).language;
    assert_eq!(hinted("payment down"), Language::Fr);
    assert_eq!(hinted("why is checkout down?"), Language::En);
    assert_eq!(ask("payment down").language, Language::En);
}

#[test]
fn dangers_are_heard_and_denials_too() {
    let said = [
        (
            "perte de données sur orders en prod",
            Some(Danger::DataLoss),
        ),
        (
            "on a perdu les données des commandes",
            Some(Danger::DataLoss),
        ),
        (
            "la table orders a été vidée, données supprimées",
            Some(Danger::DataLoss),
        ),
        (
            "someone dropped table users in prod",
            Some(Danger::DataLoss),
        ),
        ("we may have data loss on orders", Some(Danger::DataLoss)),
        (
            "not sure about data loss but orders is down",
            Some(Danger::DataLoss),
        ),
        ("we cannot rule out data loss", Some(Danger::DataLoss)),
        (
            "on ne peut pas exclure une perte de données",
            Some(Danger::DataLoss),
        ),
        ("the database is corrupted", Some(Danger::DataLoss)),
        (
            "faille de sécurité sur auth-service",
            Some(Danger::Security),
        ),
        (
            "on s'est fait pirater, fuite de données",
            Some(Danger::Security),
        ),
        ("a token was leaked on github", Some(Danger::Security)),
        ("CVE-2026-1234 sur le frontend", Some(Danger::Security)),
        (
            "rollback impossible sur payment",
            Some(Danger::Irreversible),
        ),
        ("c'est irréversible", Some(Danger::Irreversible)),
        ("aucune perte de données, payment est lent", None),
        ("pas de perte de données mais payment est lent", None),
        ("payment est lent, sans perte de données", None),
        ("payment is down, no data loss", None),
        ("payment is down without any data loss", None),
        ("it is not a security issue, payment is slow", None),
        ("les données ne sont pas perdues, payment est lent", None),
        ("no data was lost, payment is slow", None),
        ("payment est lent", None),
        ("plus de données dans le dashboard", None),
    ];
    for (text, danger) in said {
        assert_eq!(ask(text).danger, danger, "{text}");
    }
}

/// A wrong "resolved" silences the pager: only the plain word counts.
#[test]
fn talk_about_resolving_does_not_resolve() {
    for text in [
        "is it resolved?",
        "not resolved",
        "c'est pas résolu",
        "ce n'est toujours pas réglé",
        "it will be fixed soon",
        "when will it be fixed",
        "almost fixed",
        "presque résolu",
        "once resolved tell me",
        "ça devrait être réglé demain",
        "payment est résolu mais checkout est lent",
        "fixed checkout but payment is down",
        "qui a résolu ça",
        "the fixed version is still slow",
        "resolved? still slow",
        "il faut que ce soit résolu",
        "the resolved config map of payment is wrong in production since this morning",
    ] {
        assert_ne!(ask(text).want, Want::Resolve, "{text}");
    }
}

#[test]
fn talk_about_taking_it_does_not_acknowledge() {
    for text in [
        "qui prend ?",
        "je ne prends pas",
        "who is on it?",
        "nobody is on it",
        "je prends un café",
        "not on it",
    ] {
        assert_ne!(ask(text).want, Want::Acknowledge, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,300}") {
        let asked = ask(&text);
        let _ = resolve(asked.object.as_ref(), &candidates(), &Scope::of(&asked, &vocabulary()));
        prop_assert!(asked.text.raw().len() <= text.len(), "nothing is added to it");
    }

    #[test]
    fn any_mixture_of_known_words_and_signs_is_read_without_panic(
        words in prop::collection::vec(
            prop_oneof![
                Just("payment"), Just("est"), Just("lent"), Just("n'affiche"), Just("plus"), Just("pas"), Just("<@UBOT>"),
                Just("<"), Just("`"), Just("```"), Just("namespace"), Just("prod"), Just("."), Just("?"), Just("depuis"),
                Just("de"), Just("l'"), Just("-t-il"), Just("log"), Just("in"), Just("to"), Just("base"), Just("données"),
                Just("\u{301}"), Just("/"), Just("2h"), Just("12/12"), Just("until"), Just("maintenance"), Just("je"),
            ],
            0..40,
        ),
        glue in prop_oneof![Just(" "), Just(""), Just("\n")],
    ) {
        let asked = ask(&words.join(glue));
        let _ = resolve(asked.object.as_ref(), &candidates(), &Scope::of(&asked, &vocabulary()));
    }

    #[test]
    fn a_live_name_is_found_however_it_is_cased(index in 0_usize..10, upper: bool) {
        let live = candidates();
        let name = live[index].name.clone();
        let shown = if upper { name.to_uppercase() } else { name.clone() };
        let asked = ask(&format!("{shown} is slow in production"));
        let found = resolve(asked.object.as_ref(), &live, &Scope::of(&asked, &vocabulary()));
        prop_assert_eq!(found, Resolution::One(index));
    }
}

#[test]
fn the_question_is_kept_as_a_person_reads_it() {
    let slack = Vocabulary {
        bot_user_ids: vec!["UBOT".to_owned()],
        ..Vocabulary::default()
    };
    let text =
        |text: &str, vocabulary: &Vocabulary| parse(text, vocabulary, None).text.raw().to_owned();
    assert_eq!(
        text("<@UBOT> a &lt; b &amp;amp; c ", &slack),
        "a < b &amp; c"
    );
    // Somebody else's mention is text like any other: the escaper of the medium deals with it.
    assert_eq!(
        text("<@UBOT> <!channel> is down", &slack),
        "<!channel> is down"
    );
    let terminal = Vocabulary::default();
    assert_eq!(text("why is a &lt; b?", &terminal), "why is a &lt; b?");
}
