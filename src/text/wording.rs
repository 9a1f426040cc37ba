//! A sentence that stands in a playbook and not in the locale files: its text in both languages, and
//! the arguments it was said with. Written in Fluent, as the locale files are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Arg, Language, Message};

/// One sentence of a playbook, in English and in French.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wording {
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
    /// Arguments by their Fluent variable name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Arg>,
}

impl Wording {
    /// The id that [`Self::resource`] gives the text.
    pub const ID: &'static str = "wording";

    /// The text in one language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Fr => &self.fr,
        }
    }

    /// A text as a Fluent resource of one message. Every line is indented, so that a text of several
    /// lines cannot begin a second message.
    #[must_use]
    pub fn resource(text: &str) -> String {
        let mut resource = format!("{} =\n", Self::ID);
        for line in text.trim().lines() {
            resource.push_str("    ");
            resource.push_str(line);
            resource.push('\n');
        }
        resource
    }

    /// The Fluent variables (`{ $requests }`) of both texts, in reading order, each once.
    #[must_use]
    pub fn variables(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for text in [&self.en, &self.fr] {
            for name in variables(text) {
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        found
    }
}

/// Names after `$` inside braces; a `$` outside of them is a dollar.
fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '$' if depth > 0 => {
                let name = &text[at + 1..];
                let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
                let end = name.find(|c| !word(c)).unwrap_or(name.len());
                found.push(&name[..end]);
            }
            _ => {}
        }
    }
    found
}

impl From<Wording> for Message {
    fn from(wording: Wording) -> Self {
        Self::new("literal").with("text", Arg::Wording(Box::new(wording)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_those_in_braces() {
        let wording = Wording {
            en: "Costs $5, { $a } of { $b ->\n [one] 1\n *[other] { $b }\n}".into(),
            fr: "{ $c }".into(),
            ..Wording::default()
        };
        assert_eq!(wording.variables(), ["a", "b", "c"]);
    }

    #[test]
    fn no_line_begins_a_second_message() {
        let resource = Wording::resource("one\nheadline-unknown = stolen");
        assert_eq!(
            resource,
            "wording =\n    one\n    headline-unknown = stolen\n"
        );
    }
}
