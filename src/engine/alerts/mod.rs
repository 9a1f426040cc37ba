//! Alerts that arrived: read, placed, and saved with what came of them. All that wait are taken in one go, so
//! that a storm is a few commits and not a thousand.

mod advice;
mod cut;
pub(super) mod desk;
mod plan;
mod poll;
mod puzzled;
mod silence;
mod told;
mod trial;
mod watchdog;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{Happened, Shared};
use crate::alert::{About, Alert, Group, Said, State, is_trial};
use crate::escalation::Severity;
use crate::incident::{
    Asked, ChannelId, Event, Incident, IncidentId, News, Origin, ThreadRef, Topic, apply, open,
};
use crate::store::{Commit, Inbox, InboxId, StoreError};
pub(super) use poll::POLL_EVERY;

use plan::{Item, Known, Plan, spokesman};

/// Attempts to save a batch while others change its incidents.
const ATTEMPTS: usize = 20;

/// One arrival that holds alerts.
struct Told {
    group: Group,
    /// The thread under the message; none for the webhook.
    thread: Option<ThreadRef>,
    /// The environment of the channel, for alerts that do not tell theirs.
    environment: Option<String>,
    at: DateTime<Utc>,
    /// How many of the alerts that its sender left out were found by asking; `None`: nobody could be asked.
    found: Option<u64>,
}

impl Shared {
    /// Takes arrivals that hold alerts: all of them are consumed with what came of them, in one commit.
    pub(super) async fn alerts(&self, arrivals: &[Inbox]) -> Result<(), StoreError> {
        let mut told = Vec::new();
        let until = Instant::now() + self.parts.desk.patience();
        for inbox in arrivals {
            let read = self.read_alerts(inbox, &told, until).await;
            let is_read = read.as_ref().is_some_and(|one| !self.is_puzzling(one));
            self.note_read(inbox, is_read);
            told.extend(read);
        }
        self.ask_for_cut(&mut told).await;
        let consumed: Vec<InboxId> = arrivals.iter().map(|inbox| inbox.id).collect();
        self.take(&told, &consumed).await
    }

    /// Places what was told, and saves what came of it.
    async fn take(&self, told: &[Told], consumed: &[InboxId]) -> Result<(), StoreError> {
        let items = self.items(told);
        let _turn = self.turns.alerts.lock().await;
        for attempt in 0..ATTEMPTS {
            let mut commit = self.placed(items.clone(), told, attempt > 0).await?;
            let watchdogs = self.watchdogs(told).await?;
            commit.incidents.extend(watchdogs.incidents);
            commit.incidents.extend(self.trials(told).await?);
            commit.incidents.extend(self.puzzles(told).await?);
            commit.documents.extend(watchdogs.documents);
            commit.consumed = consumed.to_vec();
            match self.records.save(commit).await {
                Err(StoreError::Conflict { .. }) => {}
                other => return other,
            }
        }
        Err(StoreError::Io(
            "alerts' incidents change too fast".to_owned(),
        ))
    }

    /// Every alert with its environment and what it is about; plumbing is left out.
    fn items(&self, told: &[Told]) -> Vec<Item> {
        let groups = told.iter().enumerate();
        groups
            .filter(|(_, one)| !self.is_puzzling(one))
            .flat_map(|(number, one)| {
                one.group
                    .alerts
                    .iter()
                    .map(move |alert| (number, one, alert))
            })
            .filter_map(|(group, one, alert)| self.item(group, one, alert))
            .collect()
    }

    fn item(&self, group: usize, one: &Told, alert: &Alert) -> Option<Item> {
        let (about, severity) = self.parts.desk.place(alert);
        if about == About::Nothing || is_trial(alert) {
            return None;
        }
        let environment = self
            .environment_of(alert)
            .or_else(|| one.environment.clone());
        Some(Item {
            group,
            environment,
            thread: one.thread.clone(),
            news: News {
                severity,
                group: one.thread.as_ref().map(|_| one.group.key.clone()),
                ..news(alert, about, one.at)
            },
        })
    }

    /// The environment that an alert tells: by its labels, else by a namespace that only one has.
    fn environment_of(&self, alert: &Alert) -> Option<String> {
        let known = &self.parts.vocabulary.environments;
        let named = ["environment", "env", "stage", "cluster"]
            .iter()
            .find_map(|label| {
                let value = alert.label(label)?;
                let is = |name: &String| name.eq_ignore_ascii_case(value);
                known
                    .iter()
                    .find(|one| is(&one.name) || one.aliases.iter().any(is))
            });
        let placed = || {
            let namespace = alert
                .label("exported_namespace")
                .or(alert.label("namespace"))?;
            let has = |one: &&crate::intent::EnvironmentWords| {
                one.namespaces.iter().any(|name| name == namespace)
            };
            let mut those = known.iter().filter(has);
            let first = those.next()?;
            those.next().is_none().then_some(first)
        };
        named.or_else(placed).map(|one| one.name.clone())
    }

    /// What becomes of a batch, as one commit. `overtaken`: an attempt before met somebody faster.
    async fn placed(
        &self,
        items: Vec<Item>,
        told: &[Told],
        overtaken: bool,
    ) -> Result<Commit, StoreError> {
        let live = self.records.live();
        let ended = self.records.ended();
        let plan = plan::plan(
            items,
            &Known {
                live: &live,
                ended: &ended,
                now: self.now(),
            },
        );
        let Plan {
            known,
            opened,
            storms,
            dropped,
        } = plan;
        let mut changed: BTreeMap<IncidentId, Incident> = BTreeMap::new();
        let mut hearing: BTreeMap<IncidentId, (Incident, Vec<Item>)> = BTreeMap::new();
        let mut opening = Vec::new();
        let mut named: Vec<(IncidentId, Vec<Item>)> = Vec::new();
        for items in opened {
            let id = self.name_for(&items, &named).await?;
            // An edit comes with the message it edits: one incident.
            match named.iter_mut().find(|(own, _)| *own == id) {
                Some((_, own)) => own.extend(items),
                None => named.push((id, items)),
            }
        }
        // What is to be opened may be there: the index forgets.
        for (id, items) in known.into_iter().chain(named) {
            match self.records.current(&id, overtaken).await? {
                Some(incident) => {
                    let entry = hearing.entry(incident.id.clone());
                    entry.or_insert((incident, Vec::new())).1.extend(items);
                }
                None => opening.push((id, items)),
            }
        }
        for (incident, items) in hearing.into_values() {
            let incident = self.heard(incident, items);
            changed.extend(incident.map(|one| (one.id.clone(), one)));
        }
        for (id, items) in opening {
            let incident = self.opened(id, &items, told);
            changed.extend(incident.map(|one| (one.id.clone(), one)));
        }
        for (environment, items) in storms {
            let id = IncidentId::of_storm(environment.as_deref(), self.now());
            changed.extend(
                self.opened(id, &items, told)
                    .map(|one| (one.id.clone(), one)),
            );
        }
        self.note_cut(&mut changed, told).await?;
        self.count(&changed, dropped);
        let mut commit = Commit::default();
        commit.incidents.extend(changed.into_values());
        Ok(commit)
    }

    /// The id of an incident to open. A message may tell of several environments: each has its own.
    async fn name_for(
        &self,
        items: &[Item],
        named: &[(IncidentId, Vec<Item>)],
    ) -> Result<IncidentId, StoreError> {
        let id = id_of(spokesman(items));
        let Some(environment) = items[0].environment.as_deref() else {
            return Ok(id);
        };
        let here = named.iter().find(|(own, _)| *own == id);
        let other = if let Some((_, own)) = here {
            own[0].environment.clone()
        } else {
            let found = self.records.current(&id, true).await?;
            found.and_then(|own| own.environment)
        };
        let is_other = other.is_some_and(|other| other != environment);
        Ok(if is_other { id.within(environment) } else { id })
    }

    fn count(&self, changed: &BTreeMap<IncidentId, Incident>, dropped: usize) {
        for incident in changed.values() {
            let outcome = if incident.version <= 1 {
                "opened"
            } else {
                "joined"
            };
            self.observe(Happened::Alerts(outcome, 1));
        }
        if dropped > 0 {
            self.observe(Happened::Alerts("dropped", dropped));
        }
    }

    /// News for an incident that exists; `None` when they change nothing.
    fn heard(&self, incident: Incident, items: Vec<Item>) -> Option<Incident> {
        let version = incident.version;
        let threads = told::elsewhere(&incident, &items);
        let news = items.into_iter().map(|item| item.news).collect();
        let mut events = vec![Event::Alerts(news)];
        events.extend(threads);
        let mut after = incident;
        for event in events {
            after = self
                .records
                .decide(|context| apply(&after, event, context))
                .incident;
        }
        if after.version == version {
            return None;
        }
        // Several events, one commit: the store counts commits.
        after.version = version + 1;
        Some(after)
    }

    /// A new incident; `None` when there is no channel to tell it in.
    fn opened(&self, id: IncidentId, items: &[Item], told: &[Told]) -> Option<Incident> {
        let storm = id.is_storm();
        let first = spokesman(items);
        let environment = first.environment.clone();
        let thread = match (&first.thread, storm) {
            (Some(thread), false) => thread.clone(),
            (thread, _) => ThreadRef {
                channel: self.channel_of(environment.as_deref(), thread.as_ref())?,
                ts: None,
            },
        };
        let alert = |item: &Item| {
            let alerts = &told[item.group].group.alerts;
            alerts
                .iter()
                .find(|one| one.fingerprint == item.news.fingerprint)
                .cloned()
        };
        let asked = Asked {
            id,
            topic: Topic::Problem,
            at: told[first.group].at,
            thread,
            origin: Origin::Alert {
                name: first.news.name.clone(),
                fingerprint: first.news.fingerprint.clone(),
                severity: first.news.severity,
            },
            ask: self.ask_of(alert(first).as_ref(), items, storm),
            environment,
            object: if storm { None } else { told::object(items) },
            alerts: items.iter().map(|item| item.news.clone()).collect(),
        };
        Some(self.records.decide(|context| open(asked, context)).incident)
    }

    fn channel_of(
        &self,
        environment: Option<&str>,
        thread: Option<&ThreadRef>,
    ) -> Option<ChannelId> {
        let configured = self
            .parts
            .alerts
            .channel_of(environment)
            .map(ChannelId::new);
        // A storm in an alert channel is told in that channel.
        thread.map(|thread| thread.channel.clone()).or(configured)
    }
}

/// What an alert says, for an incident.
fn news(alert: &Alert, about: About, received: DateTime<Utc>) -> News {
    let at = match alert.state {
        State::Firing => alert.starts_at,
        State::Resolved => alert.ends_at,
    };
    News {
        fingerprint: alert.fingerprint.clone(),
        name: alert.name.clone(),
        severity: Severity::of_label(alert.severity()),
        about,
        labels: alert.labels.clone(),
        said: Said::of(alert),
        state: alert.state,
        // A sender whose clock is ahead cannot tell of the future.
        at: at.unwrap_or(received).min(received),
        received,
        group: None,
    }
}

/// The incident that an alert opens: named after its message, else after the alert and when it began.
fn id_of(item: &Item) -> IncidentId {
    match &item.thread {
        Some(ThreadRef {
            channel,
            ts: Some(ts),
        }) => IncidentId::of_message(channel, ts),
        _ => IncidentId::of_alert(&item.news.fingerprint, item.news.at),
    }
}
