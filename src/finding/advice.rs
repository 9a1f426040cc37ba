//! What the playbooks add to a diagnosis: notes whose condition holds, where to look next, the runbook.
//! It never changes the conclusion.

use serde::{Deserialize, Serialize};

use crate::text::{Message, Wording};

/// What one playbook has to say of one case; at least one of its lists is not empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// Name of the playbook: `slow`.
    pub playbook: String,
    /// Its title.
    pub title: Wording,
    /// Rules whose condition held, in the playbook's order.
    pub notes: Vec<Note>,
    /// What to look at next; only where no cause was found.
    pub next: Vec<Wording>,
    /// Runbooks. Their addresses are configuration, never data.
    pub links: Vec<RunbookLink>,
}

/// A rule whose condition held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Name of the rule.
    pub rule: String,
    /// What it says, with its numbers.
    pub says: Wording,
}

/// A runbook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunbookLink {
    /// What it is called.
    pub title: Wording,
    /// `https://…` or `http://…`.
    pub url: String,
}

impl Note {
    /// Rule of the note that is the number behind an alert.
    pub const KEY: &str = "key";
    /// Rule of the notes that tell when the alert fires although nothing is wrong: nobody checked them.
    pub const HARMLESS: &str = "harmless";
}

impl RunbookLink {
    /// The link as a message.
    #[must_use]
    pub fn message(&self) -> Message {
        let link = crate::text::Arg::Link {
            url: self.url.clone(),
            label: Box::new(self.title.clone().into()),
        };
        Message::new("literal").with("text", link)
    }
}
