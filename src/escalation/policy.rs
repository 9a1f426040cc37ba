//! What the configuration says about escalation. The values are filled from `vigie.yaml`; the
//! rules that read them are here.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Lead, UserId};
use crate::finding::Subject;

/// How much an environment matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criticality {
    /// dev, staging: nobody is called before the hour.
    Normal,
    /// Production: the lead is called when nobody acknowledges.
    Production,
}

/// A workload marked `criticality: high`: without a ready replica the lead is called at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    /// Environment it counts in; absent means every one.
    pub environment: Option<String>,
    /// Namespace; absent means every one.
    pub namespace: Option<String>,
    /// Name of the Deployment, `StatefulSet` or `DaemonSet`.
    pub name: String,
}

/// A maintenance window: alerts inside it call nobody before its end. People's questions do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// Environment; absent means every one.
    pub environment: Option<String>,
    /// Service; absent means every one.
    pub service: Option<String>,
    /// First moment of it (UTC).
    pub from: DateTime<Utc>,
    /// End of it (UTC), exclusive.
    pub until: DateTime<Utc>,
    /// Who announced it.
    pub by: UserId,
}

/// The part of the world an incident is about, as far as escalation cares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Environment, when known.
    pub environment: Option<String>,
    /// Name of the workload asked about, when known.
    pub service: Option<String>,
}

/// Everything the configuration says about escalation.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Changes whenever this part of the configuration does; part of each step's key.
    pub version: u32,
    /// From `opened_at` to the page of an unacknowledged production problem.
    pub unacknowledged_after: TimeDelta,
    /// From `opened_at` to the page of anything unresolved.
    pub unresolved_after: TimeDelta,
    /// Environments by name.
    pub environments: BTreeMap<String, Criticality>,
    /// The environment meant when none is named.
    pub default_environment: Option<String>,
    /// Workloads marked `criticality: high`.
    pub high_criticality: Vec<Workload>,
    /// Who is called, in order.
    pub leads: Vec<Lead>,
    /// Whether `escalation.webhook` is set.
    pub webhook: bool,
    /// Announced maintenance windows.
    pub maintenance: Vec<Maintenance>,
    /// The longest window that can be announced at one go.
    pub longest_maintenance: TimeDelta,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            version: 1,
            unacknowledged_after: TimeDelta::minutes(10),
            unresolved_after: TimeDelta::hours(1),
            environments: BTreeMap::new(),
            default_environment: None,
            high_criticality: Vec::new(),
            leads: Vec::new(),
            webhook: false,
            maintenance: Vec::new(),
            longest_maintenance: TimeDelta::hours(24),
        }
    }
}

impl Policy {
    /// How much an environment matters. An environment nobody named is the default one; without a
    /// default it counts as the most critical configured, because a missed page costs more than
    /// an early one. One that is not configured counts as normal.
    #[must_use]
    pub fn criticality(&self, environment: Option<&str>) -> Criticality {
        match environment.or(self.default_environment.as_deref()) {
            Some(name) => self.environments.get(name).copied(),
            None => self.environments.values().copied().max(),
        }
        .unwrap_or(Criticality::Normal)
    }

    /// Whether `subject` is marked `criticality: high` there.
    #[must_use]
    pub fn is_high_criticality(&self, environment: Option<&str>, subject: &Subject) -> bool {
        let environment = environment.or(self.default_environment.as_deref());
        self.high_criticality.iter().any(|workload| {
            workload.name == subject.name
                && matches(workload.namespace.as_deref(), subject.namespace.as_deref())
                && matches(workload.environment.as_deref(), environment)
        })
    }

    /// The leads who answer for `scope`, the closest remit first.
    #[must_use]
    pub fn leads_for(&self, scope: &Scope) -> Vec<&Lead> {
        let mut fitting: Vec<(u8, &Lead)> = self
            .leads
            .iter()
            .filter_map(|lead| Some((lead.fit(scope)?, lead)))
            .collect();
        fitting.sort_by_key(|(fit, _)| Reverse(*fit));
        fitting.into_iter().map(|(_, lead)| lead).collect()
    }

    /// Whether `user` answers for `scope`, so that their acknowledgement counts as the lead's own.
    #[must_use]
    pub fn is_lead(&self, user: &UserId, scope: &Scope) -> bool {
        self.leads_for(scope).iter().any(|lead| lead.user == *user)
    }

    /// Until when maintenance holds alerts' pages for `scope`, if it does at `now`.
    #[must_use]
    pub fn held_until(&self, scope: &Scope, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.maintenance
            .iter()
            .filter(|window| window.from <= now && now < window.until)
            .filter(|window| matches(window.environment.as_deref(), scope.environment.as_deref()))
            .filter(|window| matches(window.service.as_deref(), scope.service.as_deref()))
            .map(|window| window.until)
            .max()
    }
}

/// Whether a rule (absent: any) covers a value (absent: not known, so only "any" covers it).
fn matches(rule: Option<&str>, value: Option<&str>) -> bool {
    rule.is_none_or(|rule| value == Some(rule))
}
