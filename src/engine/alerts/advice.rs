//! Advice on the rule of an alert that fires again and again without a cause: after a look, once, in its thread.

use std::collections::BTreeSet;

use crate::alert::advice::{DAYS, FIRINGS, Given, advise};
use crate::engine::{PastOf, Shared};
use crate::incident::{Event, IncidentId, noise};
use crate::store::{Commit, StoreError};
use chrono::TimeDelta;

impl Shared {
    /// Says how the rule of the incident's noisiest alert could be better, if that is worth a word.
    pub(in crate::engine) async fn advise(&self, id: &IncidentId) -> Result<(), StoreError> {
        let store = self.records.store();
        let Some(incident) = store.load(id).await? else {
            return Ok(());
        };
        // A storm is no alert's own noise, and a look for a person says nothing of a rule.
        if incident.alerts.is_empty() || id.is_storm() {
            return Ok(());
        }
        let now = self.now();
        let given = self.advice_given().await?;
        // Before anything is read: an incident with a cause says nothing of the rule either.
        if noise::noisiest(&incident, &[], &given, now).is_none() {
            return Ok(());
        }
        let names: BTreeSet<&str> = incident.alerts.iter().map(|told| told.name.raw()).collect();
        let names = names.into_iter().map(str::to_owned).collect();
        let past = store
            .load_naming(names, now - TimeDelta::days(DAYS))
            .await?;
        let Some((told, firings)) = noise::noisiest(&incident, &past, &given, now) else {
            return Ok(());
        };
        if firings.times < FIRINGS {
            return Ok(());
        }
        let of = PastOf {
            environment: incident.environment.clone(),
            name: told.name.clone(),
            labels: told.labels.clone(),
        };
        let read = self.parts.looks.past(of).await;
        let (place, name) = (incident.environment.as_deref(), told.name.raw());
        // The past is read for seconds: another incident of the rule may have been advised meanwhile.
        let _turn = self.turns.advice.lock().await;
        let mut given = self.advice_given().await?;
        if !given.allows(place, name, read.rule.as_ref(), now) {
            return Ok(());
        }
        if let Some(advice) = advise(&firings, &read) {
            given.note(place, name, read.rule.as_ref(), now);
            let document = (Given::DOCUMENT.to_owned(), Some(given.document()));
            let kept = Commit {
                documents: vec![document],
                ..Commit::default()
            };
            let event = Event::Advised(Box::new(advice));
            self.records.change_with(id, event, kept).await?;
        }
        Ok(())
    }

    async fn advice_given(&self) -> Result<Given, StoreError> {
        let document = self.records.store().document(Given::DOCUMENT).await?;
        Ok(Given::read(document.as_deref()))
    }
}
