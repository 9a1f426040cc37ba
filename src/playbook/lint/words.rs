//! Texts: both languages are there, short enough, Fluent, and use only variables that exist.

use fluent_bundle::FluentResource;
use serde_saphyr::Spanned;

use super::{Lint, Text};
use crate::playbook::schema::FileWords;
use crate::text::Wording;

/// Longest text, in characters.
const MAX_TEXT: usize = 400;
/// Longest title.
const MAX_TITLE: usize = 80;

impl Lint<'_> {
    /// A title: a text without variables, on one line.
    pub(super) fn title(
        &mut self,
        words: Option<&Spanned<FileWords>>,
        owner: (u64, u64),
    ) -> Wording {
        let Some(words) = words else {
            self.at(
                owner,
                "the key \"title\" is missing",
                "add title: with en: and fr:",
            );
            return Wording::default();
        };
        let title = self.words(Some(words), super::place(words), &[]);
        for text in [&words.value.en, &words.value.fr].into_iter().flatten() {
            if text.value.trim().chars().count() > MAX_TITLE {
                let what = format!("the title is longer than {MAX_TITLE} characters");
                self.wrong(text, what, "shorten it");
            }
        }
        title
    }

    /// A text in both languages that uses only these variables.
    pub(super) fn words(
        &mut self,
        words: Option<&Spanned<FileWords>>,
        owner: (u64, u64),
        known: &[&str],
    ) -> Wording {
        let Some(words) = words else {
            self.at(
                owner,
                "the key \"say\" is missing",
                "add say: with en: and fr:",
            );
            return Wording::default();
        };
        let en = self.text(words.value.en.as_ref(), "en", owner, known);
        let fr = self.text(words.value.fr.as_ref(), "fr", owner, known);
        Wording {
            en,
            fr,
            ..Wording::default()
        }
    }

    fn text(
        &mut self,
        value: Option<&Text>,
        language: &str,
        owner: (u64, u64),
        known: &[&str],
    ) -> String {
        let text = self.required(value, language, owner).to_owned();
        let Some(value) = value.filter(|_| !text.is_empty()) else {
            return text;
        };
        if text.chars().count() > MAX_TEXT {
            let what = format!("the text is longer than {MAX_TEXT} characters");
            self.wrong(
                value,
                what,
                "say it in a sentence or two, and link the rest",
            );
        }
        let hidden =
            |c: char| c.is_control() && c != '\n' || ('\u{e000}'..='\u{f8ff}').contains(&c);
        if text.chars().any(hidden) {
            self.wrong(value, "the text has control characters", "remove them");
        }
        if text.contains("://") {
            let fix = "put it under links: only what stands there becomes a link";
            self.wrong(value, "an address stands in the text", fix);
        }
        if !is_fluent(&text) {
            let fix = "write variables as { $name }, a plain brace as { \"{\" }; a plural needs its lines: begin the text with |-";
            self.wrong(value, "the text is not Fluent", fix);
        }
        let own = Wording {
            en: text.clone(),
            ..Wording::default()
        };
        for name in own.variables() {
            if !known.contains(&name) {
                let what = format!("the variable {{ ${name} }} is not known here");
                let fix = if known.is_empty() {
                    "a title has no variables".to_owned()
                } else {
                    format!("use one of: {}", known.join(", "))
                };
                self.wrong(value, what, fix);
            }
        }
        text
    }
}

/// Whether the text is one Fluent message and nothing else: no function, no other message, no term.
fn is_fluent(text: &str) -> bool {
    let Ok(resource) = FluentResource::try_new(Wording::resource(text)) else {
        return false;
    };
    let mut rest = text;
    while let Some((_, inner)) = rest.split_once('{') {
        let start = inner.trim_start();
        if !start.starts_with(['$', '"']) && !start.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        rest = inner;
    }
    resource.entries().count() == 1
}
