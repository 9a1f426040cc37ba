//! Which of the two languages a message is in: common words, accents, and the words of the trade that
//! matched. A statistical detector does worse on three words full of product names.

use super::lexicon::stop_language;
use super::reading::Reading;
use crate::text::Language;

/// The language of the words; the hint decides a tie, then English.
pub(super) fn detect(reading: &Reading, hint: Option<Language>) -> Language {
    let mut french = 0_u32;
    let mut english = 0_u32;
    for token in reading.tokens.iter().filter(|token| !token.quoted) {
        match stop_language(&token.text) {
            Some(Language::Fr) => french += 3,
            Some(Language::En) => english += 3,
            None => {}
        }
        if token
            .shown
            .chars()
            .any(|c| "éèêëàâçùûîïôœÉÈÊÀÇ".contains(c))
        {
            french += 3;
        }
    }
    for said in &reading.hits {
        match said.language {
            Some(Language::Fr) => french += 1,
            Some(Language::En) => english += 1,
            None => {}
        }
    }
    match french.cmp(&english) {
        std::cmp::Ordering::Greater => Language::Fr,
        std::cmp::Ordering::Less => Language::En,
        std::cmp::Ordering::Equal => hint.unwrap_or_default(),
    }
}
