//! The languages the bot speaks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language the bot answers in; its JSON form is the ISO 639-1 code.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, also the fall-back when the question's language cannot be told.
    #[default]
    En,
    /// French.
    Fr,
}

impl Language {
    /// The ISO 639-1 code: `en` or `fr`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}
