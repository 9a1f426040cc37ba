//! Joins the engine to Alertmanager and to the playbooks: what an alert is about, what is on, silences.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::sources::Clusters;
use crate::alert::{About, Alert, State};
use crate::clients::alertmanager::{
    self, AlertFilter, Alertmanager, AlertmanagerError, Matcher, NewSilence, SilenceKey,
};
use crate::clock::Clock;
use crate::engine::{Active, Desk, NoSilence, Silence};
use crate::escalation::Severity;
use crate::incident::Held;
use crate::playbook::{Escalation, Playbooks};
use crate::text::Untrusted;

/// An Alertmanager that started within this time may not have been told everything again yet.
const SETTLED: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// How long the messages of one batch wait for Alertmanager.
const PATIENCE: Duration = Duration::from_secs(2);

/// The Alertmanager of an environment, if one is configured.
pub type Alertmanagers =
    Arc<dyn Fn(Option<&str>) -> anyhow::Result<Option<Alertmanager>> + Send + Sync>;

/// What each Alertmanager had.
type Kept = HashMap<Option<String>, Answer>;

/// What one Alertmanager had.
struct Answer {
    /// When it was asked (UTC).
    at: DateTime<Utc>,
    /// What began before then it may not know yet (UTC): `None` when it was on for long enough.
    on_since: Option<DateTime<Utc>>,
    active: Vec<Active>,
}

/// Speaks with the Alertmanagers of the configuration.
#[derive(Clone)]
pub struct ClusterDesk {
    alertmanagers: Alertmanagers,
    playbooks: Arc<Playbooks>,
    clock: Clock,
    patience: Duration,
    kept: Arc<Mutex<Kept>>,
}

impl ClusterDesk {
    /// Speaks with the Alertmanagers that `alertmanagers` knows.
    #[must_use]
    pub fn new(alertmanagers: Alertmanagers, playbooks: Arc<Playbooks>, clock: Clock) -> Self {
        Self {
            alertmanagers,
            playbooks,
            clock,
            patience: PATIENCE,
            kept: Arc::default(),
        }
    }

    /// Waits so long for Alertmanager instead.
    #[must_use]
    pub fn waiting(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The Alertmanagers of the configured clusters.
    pub fn of(clusters: &Arc<Clusters>, playbooks: &Arc<Playbooks>, clock: &Clock) -> Self {
        let clusters = Arc::clone(clusters);
        let alertmanagers: Alertmanagers =
            Arc::new(move |environment| clusters.alertmanager(environment));
        Self::new(alertmanagers, Arc::clone(playbooks), clock.clone())
    }

    async fn ask(
        &self,
        environment: Option<String>,
        not_before: DateTime<Utc>,
    ) -> Result<Option<Vec<Active>>, Untrusted> {
        if let Some(fresh) = self.fresh(environment.as_deref(), not_before) {
            return Ok(Some(fresh));
        }
        let asked = self.clock.now();
        let client = (self.alertmanagers)(environment.as_deref());
        let Some(client) = client.map_err(|error| Untrusted::new(format!("{error:#}")))? else {
            return Ok(None);
        };
        let said = |error: AlertmanagerError| Untrusted::new(error.to_string());
        let everything = AlertFilter::default();
        let (status, alerts) = futures::join!(client.status(), client.alerts(&everything));
        let (status, alerts) = (status.map_err(said)?, alerts.map_err(said)?);
        let on_since = status.since.filter(|since| asked - *since < SETTLED);
        if on_since.is_some() && alerts.is_empty() {
            return Err(Untrusted::new("it started just now and has no alerts yet"));
        }
        let silences = if alerts.iter().any(|alert| !alert.silenced_by.is_empty()) {
            client.silences(&[]).await.map_err(said)?
        } else {
            Vec::new()
        };
        let active: Vec<Active> = alerts
            .into_iter()
            .map(|alert| active(alert, &silences))
            .collect();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = Answer {
            at: asked,
            on_since,
            active: active.clone(),
        };
        kept.insert(environment, answer);
        Ok(Some(active))
    }

    /// What was asked since then: a storm of messages asks once.
    fn fresh(&self, environment: Option<&str>, not_before: DateTime<Utc>) -> Option<Vec<Active>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = kept.get(&environment.map(str::to_owned))?;
        (answer.at >= not_before).then(|| answer.active.clone())
    }

    async fn make(
        &self,
        environment: Option<String>,
        wanted: Silence,
    ) -> Result<String, NoSilence> {
        let refused = |error: String| NoSilence::Refused(error);
        let client = (self.alertmanagers)(environment.as_deref());
        let client = client.map_err(|error| refused(format!("{error:#}")))?;
        let client = client.ok_or(NoSilence::NotConfigured)?;
        let key = SilenceKey::new(&wanted.key)
            .ok_or_else(|| refused("the key of the silence cannot be one".to_owned()))?;
        let sorted = |error: AlertmanagerError| {
            if error.leaves_doubt() {
                NoSilence::Unclear(error.to_string())
            } else {
                refused(error.to_string())
            }
        };
        // An earlier attempt may have been made: nobody needs two.
        if let Some(found) = client.find_silence(&key).await.map_err(sorted)? {
            return Ok(found.id);
        }
        let matchers = wanted.matchers.into_iter();
        let silence = NewSilence {
            key,
            matchers: matchers
                .map(|(name, value)| Matcher::equal(name, value))
                .collect(),
            starts_at: self.clock.now(),
            ends_at: wanted.until,
            created_by: wanted.by.into(),
            comment: wanted.comment.into(),
        };
        let made = client.create_silence(&silence).await.map_err(sorted)?;
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        Ok(made)
    }
}

impl Desk for ClusterDesk {
    fn place(&self, alert: &Alert) -> (About, Severity) {
        let own = Severity::of_label(alert.severity());
        let Some(choice) = self.playbooks.for_alert(alert, None) else {
            return (About::Cluster, own);
        };
        let severity = match choice.escalation() {
            Escalation::ByPolicy => own,
            Escalation::Never => Severity::Info,
            Escalation::AtOnce => Severity::Critical,
        };
        (choice.about(alert), severity)
    }

    fn active(
        &self,
        environment: Option<&str>,
        not_before: DateTime<Utc>,
    ) -> BoxFuture<'_, Result<Option<Vec<Active>>, Untrusted>> {
        let environment = environment.map(str::to_owned);
        self.ask(environment, not_before).boxed()
    }

    fn patience(&self) -> Duration {
        self.patience
    }

    fn is_settled(&self, environment: Option<&str>, began: DateTime<Utc>) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = kept.get(&environment.map(str::to_owned));
        answer.is_some_and(|answer| answer.on_since.is_none_or(|on| began > on))
    }

    fn can_silence(&self, environment: Option<&str>) -> bool {
        matches!((self.alertmanagers)(environment), Ok(Some(_)))
    }

    fn silence(
        &self,
        environment: Option<&str>,
        silence: Silence,
    ) -> BoxFuture<'_, Result<String, NoSilence>> {
        let environment = environment.map(str::to_owned);
        self.make(environment, silence).boxed()
    }
}

fn active(alert: alertmanager::Alert, silences: &[alertmanager::Silence]) -> Active {
    let silence = alert.silenced_by.first().map(|id| {
        let known = silences.iter().find(|one| one.id == *id);
        Held::Silenced {
            by: known.map(|one| one.created_by.clone()).unwrap_or_default(),
            until: known.map(|one| one.ends_at),
        }
    });
    let inhibited = (!alert.inhibited_by.is_empty()).then_some(Held::Inhibited);
    let muted = (!alert.muted_by.is_empty()).then_some(Held::Muted);
    let name = alert.labels.get("alertname").cloned().unwrap_or_default();
    Active {
        alert: Alert {
            name,
            state: State::Firing,
            labels: alert.labels,
            annotations: alert.annotations,
            starts_at: alert.starts_at,
            ends_at: None,
            fingerprint: alert.fingerprint,
            generator: alert.generator,
        },
        held: silence.or(inhibited).or(muted),
        receivers: alert.receivers,
    }
}
