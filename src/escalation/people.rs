//! The people who can be called, and which of them it is for one incident right now.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Policy, Scope};

/// A Slack user id: `U…` or `W…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(String);

impl UserId {
    /// Takes an id as Slack sent it or as the configuration names it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Someone who takes escalations, for everything or for some environments or services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// Who.
    pub user: UserId,
    /// Environments they answer for; empty means all.
    #[serde(default)]
    pub environments: Vec<String>,
    /// Services (workload names) they answer for; empty means all.
    #[serde(default)]
    pub services: Vec<String>,
    /// Not to be called before this time (UTC).
    #[serde(default)]
    pub absent_until: Option<DateTime<Utc>>,
}

impl Lead {
    /// A lead for everything, present.
    #[must_use]
    pub fn of_everything(user: UserId) -> Self {
        Self {
            user,
            environments: Vec::new(),
            services: Vec::new(),
            absent_until: None,
        }
    }

    /// How closely this lead's remit fits: `None` if it does not, more is closer.
    pub(super) fn fit(&self, scope: &Scope) -> Option<u8> {
        let covers = |list: &[String], name: Option<&String>| match name {
            _ if list.is_empty() => Some(0),
            Some(name) if list.contains(name) => Some(1),
            _ => None,
        };
        let environment = covers(&self.environments, scope.environment.as_ref())?;
        let service = covers(&self.services, scope.service.as_ref())?;
        Some(2 * service + environment)
    }
}

/// Why someone was passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skip {
    /// Absent until then.
    Absent {
        /// Back at (UTC).
        until: DateTime<Utc>,
    },
    /// The Slack account is deactivated.
    Deactivated,
    /// Slack knows no such user.
    Unknown,
    /// In do-not-disturb, which a mention does not pierce.
    DoNotDisturb,
    /// Slack refused the message for good, with this error code.
    Refused {
        /// Slack's error code: `cannot_dm_bot`, `user_disabled`…
        code: String,
    },
}

/// A lead who was passed over, and why; the page says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Who.
    pub user: UserId,
    /// Why.
    pub why: Skip,
}

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The first lead who can be called; none means the webhook, or nobody.
    pub to: Option<UserId>,
    /// Those before them, in order, with the reason.
    pub skipped: Vec<Skipped>,
    /// Nobody on the list can be called, and `escalation.webhook` is set.
    pub webhook: bool,
}

/// The lead for `scope` at `now`: the closest remit first, then the order of the configuration.
/// `tried` are those that were found unreachable for this very step.
#[must_use]
pub fn route(policy: &Policy, scope: &Scope, tried: &[Skipped], now: DateTime<Utc>) -> Route {
    let mut skipped = Vec::new();
    for lead in policy.leads_for(scope) {
        if let Some(known) = tried.iter().find(|skip| skip.user == lead.user) {
            skipped.push(known.clone());
        } else if let Some(until) = lead.absent_until.filter(|until| *until > now) {
            skipped.push(Skipped {
                user: lead.user.clone(),
                why: Skip::Absent { until },
            });
        } else {
            return Route {
                to: Some(lead.user.clone()),
                skipped,
                webhook: false,
            };
        }
    }
    Route {
        to: None,
        skipped,
        webhook: policy.webhook,
    }
}
