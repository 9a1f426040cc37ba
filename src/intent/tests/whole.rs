//! Complaints of everything, told from complaints of one thing; and names that are akin.

use super::world::vocabulary;
use crate::intent::{is_akin, parse};

#[test]
fn a_complaint_of_everything_is_told_from_one_of_a_thing() {
    let whole = |text: &str| parse(text, &vocabulary(), None).whole;
    for text in [
        "tout est cassé en production",
        "rien ne marche en recette depuis ce matin",
        "everything is slow in production, for example the cart",
        "staging en vrac : le panier ne répond plus",
        "la production est en panne",
    ] {
        assert!(whole(text), "{text}");
    }
    for text in [
        "payment est lent en production",
        "le panier ne marche plus du tout en production",
        "payment: everything is slow since the release",
        "la base de données de production est lente",
        "tout va bien en production ?",
    ] {
        assert!(!whole(text), "{text}");
    }
}

#[test]
fn names_are_akin_by_a_word_that_tells_them_from_others() {
    let akin = |text: &str, name: &str| {
        let ask = parse(text, &vocabulary(), None);
        is_akin(&ask.object.as_ref().expect("an object").phrases[0], name)
    };
    assert!(akin("payment est lent", "payment-worker"));
    assert!(
        akin("le service paymnet est lent", "payment-service"),
        "misspelt"
    );
    assert!(
        !akin("payment-service est lent", "user-service"),
        "every service is one"
    );
    assert!(!akin("payment est lent", "orders"));
}
