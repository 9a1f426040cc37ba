//! The alert that always fires. It is no incident while it does; when it is not heard any more, no other alert
//! may be either, and the channel is told, once.

use chrono::TimeDelta;

use super::Told;
use crate::alert::watchdog::{Change, Patience, Watchdogs, is_watchdog, source};
use crate::engine::{Happened, Shared};
use crate::incident::{
    Asked, ChannelId, Incident, IncidentId, Line, Origin, ThreadRef, Topic, announce,
};
use crate::store::{Commit, StoreError};

/// Added to two learned intervals before anything is said.
const GRACE: TimeDelta = TimeDelta::minutes(1);

impl Shared {
    /// Takes in the Watchdogs of a batch: what is to be saved with it.
    pub(super) async fn watchdogs(&self, told: &[Told]) -> Result<Commit, StoreError> {
        let all = told
            .iter()
            .flat_map(|one| one.group.alerts.iter().map(move |alert| (one, alert)));
        let heard: Vec<_> = all.filter(|(_, alert)| is_watchdog(alert)).collect();
        if heard.is_empty() {
            return Ok(Commit::default());
        }
        let mut known = self.known_watchdogs().await?;
        let mut changes = Vec::new();
        for (one, alert) in heard {
            let source = source(alert);
            let change = known.hear(&source, alert.state, one.at, &self.patience());
            changes.extend(change.map(|change| (source, change)));
        }
        self.show_watchdogs(&known);
        Ok(self.watchdog_commit(&known, changes))
    }

    /// Looks whether one fell silent; called once a minute.
    pub(in crate::engine) async fn look_for_silence(&self) -> Result<(), StoreError> {
        let _turn = self.turns.alerts.lock().await;
        let mut known = self.known_watchdogs().await?;
        self.show_watchdogs(&known);
        let changes = known.look(self.now(), &self.patience());
        if changes.is_empty() {
            return Ok(());
        }
        self.records
            .save(self.watchdog_commit(&known, changes))
            .await
    }

    /// For the metrics: after a restart, too, they say when each was heard.
    fn show_watchdogs(&self, known: &Watchdogs) {
        for (source, at) in known.heard() {
            self.observe(Happened::Watchdog(source.to_owned(), at));
        }
    }

    async fn known_watchdogs(&self) -> Result<Watchdogs, StoreError> {
        let document = self.records.store().document(Watchdogs::DOCUMENT).await?;
        Ok(Watchdogs::read(document.as_deref()))
    }

    fn patience(&self) -> Patience {
        let every = self.parts.alerts.watchdog;
        Patience {
            every: every.and_then(|every| TimeDelta::from_std(every).ok()),
            grace: GRACE,
            listening_since: self.records.watching_since(),
        }
    }

    fn watchdog_commit(&self, known: &Watchdogs, changes: Vec<(String, Change)>) -> Commit {
        let mut commit = Commit::default();
        let document = (Watchdogs::DOCUMENT.to_owned(), Some(known.document()));
        commit.documents.push(document);
        for (source, change) in changes {
            commit
                .incidents
                .extend(self.tell_watchdog(&source, &change));
        }
        commit
    }

    /// A message of its own in the channel of alerts; `None` when there is no such channel.
    fn tell_watchdog(&self, source: &str, change: &Change) -> Option<Incident> {
        let alerts = &self.parts.alerts;
        let listed = alerts.channels.first().map(|channel| channel.id.as_str());
        let channel = alerts.post_to.as_deref().or(listed)?;
        let now = self.now();
        let line = match change {
            Change::Stopped { since, every } => Line::WatchdogSilent {
                source: source.into(),
                since: *since,
                every: every.num_seconds(),
            },
            Change::Back { .. } => Line::WatchdogBack {
                source: source.into(),
            },
        };
        tracing::warn!(source, ?change, "the Watchdog alert");
        let asked = Asked {
            id: IncidentId::new(format!("watchdog-{:016x}", fastrand::u64(..))),
            topic: Topic::Notice,
            at: now,
            thread: ThreadRef {
                channel: ChannelId::new(channel),
                ts: None,
            },
            origin: Origin::Bot,
            ask: self.understand("", Some(self.parts.language)),
            environment: None,
            object: None,
            alerts: Vec::new(),
        };
        Some(
            self.records
                .decide(|context| announce(asked, line, context))
                .incident,
        )
    }
}
