//! Mutes the alerts of an incident in Alertmanager: each by its own labels, under a key that finds it again.

use super::desk::{NoSilence, Silence};
use crate::clients::slack::Priority;
use crate::engine::Shared;
use crate::incident::{Effect, Event, Incident, IncidentId, Outgoing, Told};
use crate::store::StoreError;
use crate::text::Untrusted;

/// Labels that say which Prometheus or which scrape an alert comes from, and that change under it.
const PASSING: &[&str] = &[
    "prometheus",
    "prometheus_replica",
    "replica",
    "uid",
    "endpoint",
];

impl Shared {
    /// Does it, and saves what came of it.
    pub(in crate::engine) async fn silence(
        &self,
        id: &IncidentId,
        out: &Outgoing,
    ) -> Result<(), StoreError> {
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        let Effect::Silence { alerts, until, by } = &held.out.effect else {
            return Ok(());
        };
        let incident = &held.incident;
        let own = match self.held_there(incident, alerts).await {
            Ok(own) => own,
            // An earlier attempt may have made them: nobody knows yet.
            Err(_) if held.out.unclear => return self.unclear(&held).await,
            Err(why) => return self.saved(incident, &held, Err(why)).await,
        };
        let name = self.name_of(by.as_str()).await;
        let mut made = 0;
        let mut failed = None;
        for (number, told) in own {
            let silence = Silence {
                matchers: matchers(told),
                until: *until,
                by: name.clone(),
                comment: format!("asked for in Slack, incident {}", incident.id.as_str()),
                key: format!("{}/{number}", held.out.key.as_str()),
            };
            let desk = &self.parts.desk;
            match desk.silence(incident.environment.as_deref(), silence).await {
                Ok(_) => made += 1,
                Err(NoSilence::Unclear(why)) => {
                    tracing::warn!(why, "nobody knows whether a silence was made");
                    return self.unclear(&held).await;
                }
                Err(why) => failed = Some(said(why)),
            }
        }
        let outcome = match failed {
            Some(why) if made == 0 => Err(why),
            failed => Ok((made, failed)),
        };
        self.saved(incident, &held, outcome).await
    }

    /// The wanted alerts, numbered, that Alertmanager has with those very labels: labels that a message did not
    /// tell in full mute more than the alert, and an alert of Grafana's own is not muted there at all.
    async fn held_there<'a>(
        &self,
        incident: &'a Incident,
        wanted: &[String],
    ) -> Result<Vec<(usize, &'a Told)>, Untrusted> {
        let desk = &self.parts.desk;
        let asking = desk.active(incident.environment.as_deref(), self.now());
        let Some(active) = asking.await? else {
            return Err(said(NoSilence::NotConfigured));
        };
        let is_there = |told: &Told| {
            let mut all = active.iter();
            all.any(|one| {
                one.alert.fingerprint == told.fingerprint && one.alert.labels == told.labels
            })
        };
        let all = wanted.iter().filter_map(|one| incident.alert(one));
        let own: Vec<_> = all.enumerate().filter(|(_, told)| is_there(told)).collect();
        if own.is_empty() {
            return Err(Untrusted::new(
                "Alertmanager has no alert with these labels",
            ));
        }
        Ok(own)
    }

    async fn saved(
        &self,
        incident: &Incident,
        held: &crate::engine::effects::Held,
        outcome: Result<(u32, Option<Untrusted>), Untrusted>,
    ) -> Result<(), StoreError> {
        let event = Event::Silenced {
            key: held.out.key.clone(),
            generation: held.claim.generation,
            outcome,
        };
        self.records.change(&incident.id, event).await.map(drop)
    }

    /// A name that people know, for the author of the silence; the id where Slack does not tell.
    async fn name_of(&self, user: &str) -> String {
        match self.parts.slack.user(user, Priority::FirstReply).await {
            Ok(person) if !person.name.is_empty() => person.name,
            _ => user.to_owned(),
        }
    }
}

fn matchers(told: &Told) -> Vec<(String, String)> {
    let lasting = told
        .labels
        .iter()
        .filter(|(name, _)| !PASSING.contains(&name.as_str()));
    lasting
        .map(|(name, value)| (name.clone(), value.raw().to_owned()))
        .collect()
}

fn said(why: NoSilence) -> Untrusted {
    Untrusted::new(match why {
        NoSilence::NotConfigured => "VIGIE_ALERTMANAGER_URL is not set".to_owned(),
        NoSilence::Refused(why) | NoSilence::Unclear(why) => why,
    })
}
