//! What Alertmanager says of the alerts of open incidents, asked once a minute: silenced, inhibited, or gone.
//! Slack receivers do not tell the end of an alert unless they are told to (`send_resolved`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::desk::Active;
use crate::alert::State;
use crate::engine::Shared;
use crate::incident::{Event, Incident, News, Told};

/// Alertmanager is asked this often.
pub(in crate::engine) const POLL_EVERY: TimeDelta = TimeDelta::minutes(1);
/// An answer this old still serves.
const FRESH: TimeDelta = TimeDelta::seconds(3);
/// An alert that Alertmanager does not have is over when it was missed for so long, by every question: it takes a
/// moment until every replica has a new one, and one that starts is told again group by group (`resend_delay`).
const SETTLED: TimeDelta = TimeDelta::minutes(5);

impl Shared {
    /// Asks, and saves what is new.
    pub(in crate::engine) async fn poll_alerts(&self) {
        let mut of: BTreeMap<Option<String>, Vec<Arc<Incident>>> = BTreeMap::new();
        for incident in self.records.live() {
            if incident.fires() {
                of.entry(incident.environment.clone())
                    .or_default()
                    .push(incident);
            }
        }
        for (environment, incidents) in of {
            let asked = self.now();
            let not_before = asked - FRESH;
            let desk = &self.parts.desk;
            match desk.active(environment.as_deref(), not_before).await {
                Ok(Some(_))
                    if !desk.is_settled(environment.as_deref(), DateTime::<Utc>::MIN_UTC) =>
                {
                    tracing::info!("Alertmanager started just now and may not know all alerts yet");
                }
                Ok(Some(active)) => self.compare(&incidents, &active, asked).await,
                Ok(None) => {}
                Err(error) => tracing::warn!(error = error.raw(), "Alertmanager does not answer"),
            }
        }
    }

    /// What Alertmanager said when it was asked: an alert that fires again since is not over.
    async fn compare(&self, incidents: &[Arc<Incident>], active: &[Active], asked: DateTime<Utc>) {
        for incident in incidents {
            if let Err(error) = self.ask_again(incident, active).await {
                tracing::error!(%error, "what a message left out could not be saved");
            }
            for event in seen(incident, active, asked) {
                if let Err(error) = self.records.change(&incident.id, event).await {
                    tracing::error!(%error, "what Alertmanager says could not be saved");
                }
            }
        }
    }
}

/// What the list of active alerts says about those of an incident.
fn seen(incident: &Incident, active: &[Active], now: DateTime<Utc>) -> Vec<Event> {
    let known: BTreeSet<&str> = active
        .iter()
        .map(|one| one.alert.fingerprint.as_str())
        .collect();
    let is_missed = |told: &Told| {
        told.missing_since
            .is_some_and(|since| now - since >= SETTLED)
    };
    let gone = |told: &&Told| {
        // Grafana's alerts, and those of messages without labels, are not Alertmanager's.
        told.seen && !known.contains(told.fingerprint.as_str()) && is_missed(told)
    };
    let mut gone: Vec<News> = incident
        .firing()
        .filter(gone)
        .map(|told| over(told, now))
        .collect();
    // Those that are only counted are not watched one by one: they end when the others have.
    if let Some(last) = incident.alerts.iter().find(|told| told.seen)
        && incident.firing().next().is_none()
    {
        let missing = incident
            .beyond
            .iter()
            .filter(|print| !known.contains(print.as_str()));
        gone.extend(missing.map(|print| News {
            fingerprint: print.clone(),
            ..over(last, now)
        }));
    }
    let own = active.iter().filter_map(|one| {
        let own = incident.alert(&one.alert.fingerprint)?;
        Some((own.fingerprint.clone(), one.held.clone()))
    });
    let mut events = vec![Event::Seen(own.collect())];
    if !gone.is_empty() {
        events.push(Event::Alerts(gone));
    }
    events
}

fn over(told: &Told, now: DateTime<Utc>) -> News {
    News {
        fingerprint: told.fingerprint.clone(),
        name: told.name.clone(),
        severity: told.severity,
        about: told.about.clone(),
        labels: told.labels.clone(),
        said: told.said.clone(),
        state: State::Resolved,
        at: now,
        received: now,
        group: told.group.clone(),
    }
}
