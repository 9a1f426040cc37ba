//! Fills the policies of the pure modules, which know nothing of where their values come from.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use super::model::{Config, Criticality, Endpoint, Login};
use crate::escalation::{self, UserId};
use crate::intent::{EnvironmentWords, Vocabulary};
use crate::text::Redactor;

impl Config {
    /// What escalation follows. Maintenance windows are announced in Slack and added by the engine.
    #[must_use]
    pub fn escalation_policy(&self) -> escalation::Policy {
        let environments = self.environments.iter().map(|environment| {
            let criticality = if environment.production {
                escalation::Criticality::Production
            } else {
                escalation::Criticality::Normal
            };
            (environment.name.clone(), criticality)
        });
        let high = self
            .workloads
            .iter()
            .filter(|w| w.criticality == Criticality::High);
        let mut policy = escalation::Policy {
            version: 0,
            unacknowledged_after: delta(self.escalation.timers.production_unacknowledged),
            unresolved_after: delta(self.escalation.timers.standard),
            environments: environments.collect(),
            default_environment: self.default_environment.clone(),
            high_criticality: high
                .map(|workload| escalation::Workload {
                    environment: workload.environment.clone(),
                    namespace: workload.namespace.clone(),
                    name: workload.name.clone(),
                })
                .collect(),
            leads: self.leads(),
            webhook: self.escalation.webhook.is_some(),
            maintenance: Vec::new(),
            longest_maintenance: delta(self.escalation.longest_maintenance),
        };
        policy.version = fingerprint(&format!("{policy:?}"));
        policy
    }

    /// The words of a question that belong to this installation; the bot's own names are added
    /// once Slack has told them.
    #[must_use]
    pub fn vocabulary(&self) -> Vocabulary {
        let environments = self
            .environments
            .iter()
            .map(|environment| EnvironmentWords {
                name: environment.name.clone(),
                aliases: environment.aliases.clone(),
                namespaces: environment.namespaces.clone(),
            });
        Vocabulary {
            environments: environments.collect(),
            ..Vocabulary::default()
        }
    }

    /// A redactor that knows every secret of this configuration. Make one and clone it: the clones
    /// share their counts.
    #[must_use]
    pub fn redactor(&self) -> Redactor {
        let webhook = self.escalation.webhook.as_ref();
        let alerts = self.alerts.webhook.as_ref();
        let secrets = [
            alerts.and_then(|alerts| alerts.token.as_ref()),
            alerts.and_then(|alerts| alerts.hmac.as_ref()),
            self.slack.bot_token.as_ref(),
            self.slack.app_token.as_ref(),
            self.http.admin_token.as_ref(),
            self.prometheus.as_ref().and_then(password),
            self.alertmanager.as_ref().and_then(password),
            self.heartbeat.as_ref(),
            self.jenkins.as_ref().map(|jenkins| &jenkins.token),
            self.sonarqube.as_ref().map(|sonarqube| &sonarqube.token),
            webhook.map(|webhook| &webhook.url),
            webhook.and_then(|webhook| webhook.token.as_ref()),
        ];
        Redactor::new(
            secrets
                .into_iter()
                .flatten()
                .map(ExposeSecret::expose_secret),
        )
    }

    fn leads(&self) -> Vec<escalation::Lead> {
        let leads = self.escalation.leads.iter();
        leads
            .map(|lead| escalation::Lead {
                user: UserId::new(&lead.slack_id),
                environments: lead.environments.clone(),
                services: lead.services.clone(),
                absent_until: lead.absent_until,
            })
            .collect()
    }
}

/// The secret of a login.
fn password(endpoint: &Endpoint) -> Option<&SecretString> {
    match &endpoint.auth {
        Login::None => None,
        Login::Bearer(secret)
        | Login::Basic {
            password: secret, ..
        } => Some(secret),
    }
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

/// FNV-1a: the same text gives the same number in every release, which `std`'s hasher does not promise.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
