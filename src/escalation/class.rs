//! How urgent an incident is, by rule, and why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Criticality, Policy, UserId};
use crate::finding::Subject;
use crate::intent::Danger;
use crate::text::Untrusted;

/// How urgent an incident is; a later one is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The lead is called after an hour without a resolution.
    Standard,
    /// The lead is also called after ten minutes without an acknowledgement.
    Production,
    /// The lead is called at once. Only people leave this class, never the bot.
    Immediate,
}

impl Class {
    /// The word of the JSON contract.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Production => "production",
            Self::Immediate => "immediate",
        }
    }
}

/// The severity an alert carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// `info`, `none`.
    Info,
    /// `warning`, and whatever is not said or not known.
    Warning,
    /// `critical`, `page`, `emergency`.
    Critical,
}

impl Severity {
    /// The severity that a label's value means. One that is missing or unknown is a warning: an alert without
    /// the label was made by somebody who wanted to hear of it.
    #[must_use]
    pub fn of_label(value: Option<&str>) -> Self {
        match value.unwrap_or_default().to_ascii_lowercase().as_str() {
            "critical" | "crit" | "page" | "emergency" | "disaster" | "fatal" | "p1" | "sev1" => {
                Self::Critical
            }
            "info" | "information" | "informational" | "none" | "debug" | "notice" => Self::Info,
            _ => Self::Warning,
        }
    }

    /// The word.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// Why the lead is called. Times are UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Not resolved in time.
    Unresolved {
        /// Open since.
        since: DateTime<Utc>,
        /// Allowed time in seconds.
        after: i64,
    },
    /// A production problem nobody acknowledged in time.
    Unacknowledged {
        /// Open since.
        since: DateTime<Utc>,
        /// Allowed time in seconds.
        after: i64,
    },
    /// A critical alert in production.
    CriticalAlert {
        /// Name of the alert.
        alert: Untrusted,
    },
    /// A workload marked `criticality: high` has no ready replica.
    NoReadyReplica {
        /// The workload.
        workload: Subject,
    },
    /// Words of data loss, security or something irreversible.
    Words(Danger),
    /// Somebody asked for the lead.
    AskedFor {
        /// Who.
        by: UserId,
    },
    /// It was urgent before the bot lost its memory, which held the reason.
    BeforeLoss,
    /// The bot lost its memory, and took up what it found in Slack.
    MemoryLost {
        /// Incidents found still open there.
        found: usize,
    },
    /// A test of the way to the lead.
    Test {
        /// Who asked for it.
        by: UserId,
    },
}

/// The class an environment gives by itself.
#[must_use]
pub fn environment_class(policy: &Policy, environment: Option<&str>) -> Class {
    match policy.criticality(environment) {
        Criticality::Normal => Class::Standard,
        Criticality::Production => Class::Production,
    }
}
