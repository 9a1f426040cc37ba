//! What the buttons under an answer mean. Slack carries only a random id; the meaning stays here,
//! for a day, and for one press.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Who;
use crate::finding::Subject;
use crate::text::Untrusted;

/// How long a button works.
pub(super) const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// The random id that Slack carries as the button's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ButtonId(String);

impl ButtonId {
    /// An id as Slack sent it back.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id itself: letters and digits only.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ButtonAction {
    /// Somebody takes it in hand.
    Acknowledge,
    /// It is over.
    Resolve,
    /// Call the lead now.
    Escalate,
    /// Look again.
    RunAgain,
    /// The answer is wrong; keep the case for later.
    WrongAnswer,
    /// Mute its alerts in Alertmanager for an hour.
    Silence,
    /// This is the object that was meant.
    Choose(Choice),
}

/// One of the objects a question may have meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What the button says.
    pub label: Untrusted,
    /// Environment, when the choice tells one.
    pub environment: Option<String>,
    /// The object, when the choice tells one.
    pub object: Option<Subject>,
}

/// One button that was offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// What Slack sends back.
    pub id: ButtonId,
    /// What it does.
    pub action: ButtonAction,
    /// The investigation whose answer carries it.
    pub investigation: u32,
    /// Works until then (UTC).
    pub expires_at: DateTime<Utc>,
    /// Who pressed it, and when.
    #[serde(default)]
    pub used: Option<(Who, DateTime<Utc>)>,
}

impl Button {
    /// Whether a press at `now` still counts.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.used.is_none() && now < self.expires_at
    }
}
