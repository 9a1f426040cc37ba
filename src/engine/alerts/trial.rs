//! An alert that tests the way: its channel is told once that it arrived, and nothing is opened.

use std::collections::BTreeMap;

use super::{Shared, Told};
use crate::alert::{State, is_trial};
use crate::incident::{Asked, Incident, IncidentId, Line, Origin, ThreadRef, Topic, announce};
use crate::store::StoreError;

impl Shared {
    /// What is to be saved for the tests of a batch. A repeat is the same test.
    pub(super) async fn trials(&self, told: &[Told]) -> Result<Vec<Incident>, StoreError> {
        let mut heard: BTreeMap<IncidentId, Incident> = BTreeMap::new();
        for one in told {
            for alert in one.group.alerts.iter().filter(|alert| is_trial(alert)) {
                let began = alert.starts_at.unwrap_or(one.at);
                let id = IncidentId::of_alert(&alert.fingerprint, began);
                let known =
                    heard.contains_key(&id) || self.records.current(&id, true).await?.is_some();
                if known || alert.state != State::Firing {
                    continue;
                }
                let environment = self.environment_of(alert);
                let environment = environment.or_else(|| one.environment.clone());
                let channel = self.channel_of(environment.as_deref(), one.thread.as_ref());
                let thread = one.thread.clone().or_else(|| {
                    Some(ThreadRef {
                        channel: channel?,
                        ts: None,
                    })
                });
                let Some(thread) = thread else { continue };
                let line = Line::TrialArrived {
                    name: alert.name.clone(),
                };
                let asked = Asked {
                    id: id.clone(),
                    topic: Topic::Notice,
                    at: one.at,
                    thread,
                    origin: Origin::Bot,
                    ask: self.understand("", Some(self.parts.language)),
                    environment,
                    object: None,
                    alerts: Vec::new(),
                };
                let told = self
                    .records
                    .decide(|context| announce(asked, line, context));
                heard.insert(id, told.incident);
            }
        }
        Ok(heard.into_values().collect())
    }
}
