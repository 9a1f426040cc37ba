//! From the arrival to groups of alerts, and from alerts to words: what is asked when an alert asks.

use std::collections::HashMap;
use std::sync::PoisonError;

use chrono::TimeDelta;
use serde_json::Value;
use tokio::time::Instant;

use super::desk::Active;
use super::plan::Item;
use super::{Happened, Shared, Told};
use crate::alert::text::{self, Heard};
use crate::alert::{About, Alert, Group, Labels, Said, State, join};
use crate::finding::Subject;
use crate::incident::{Event, Incident, Origin, ThreadRef};
use crate::intake::receive::ALERTS;
use crate::intake::slack::{self, Alerted, Inbound};
use crate::intent::{Ask, Want};
use crate::store::Inbox;
use crate::text::Untrusted;

/// An Alertmanager that let a batch wait is not asked about messages for this long.
const UNHEARD: TimeDelta = TimeDelta::seconds(30);

impl Shared {
    /// Reads an arrival; `None` when it holds no alert after all.
    /// `before`: the arrivals read with it, which are older and not saved yet. `until`: how long Alertmanager is
    /// waited for.
    pub(super) async fn read_alerts(
        &self,
        inbox: &Inbox,
        before: &[Told],
        until: Instant,
    ) -> Option<Told> {
        if inbox.kind == ALERTS {
            let group: Group = serde_json::from_str(&inbox.payload).ok()?;
            return Some(Told {
                group,
                thread: None,
                environment: None,
                at: inbox.received_at,
                found: None,
            });
        }
        let envelope: Value = serde_json::from_str(&inbox.payload).ok()?;
        let Inbound::Alerted(alerted) = slack::read(&envelope, &self.parts.us) else {
            return None;
        };
        self.read_message(&alerted, inbox, before, until).await
    }

    /// What nobody could read is counted and said without its text: an alert may be lost.
    pub(super) fn note_read(&self, inbox: &Inbox, is_read: bool) {
        let source = if inbox.kind == ALERTS {
            "webhook"
        } else {
            "slack"
        };
        if !is_read {
            tracing::warn!(source, "an alert of a trusted sender cannot be read");
        }
        let outcome = if is_read { "parsed" } else { "unparsed" };
        self.observe(Happened::Parsed(source, outcome));
    }

    /// Reads a message, and completes what it does not say from what Alertmanager has.
    async fn read_message(
        &self,
        alerted: &Alerted,
        inbox: &Inbox,
        before: &[Told],
        until: Instant,
    ) -> Option<Told> {
        let heard = text::read(alerted.channel.as_str(), &alerted.message)?;
        let channels = self.parts.alerts.channels.iter();
        let mut here = channels.filter(|one| one.id == alerted.channel.as_str());
        let environment = here.next().and_then(|one| one.environment.clone());
        let active = self.active_for(environment.as_deref(), inbox, until).await;
        let mut known = active.clone().unwrap_or_default();
        // Alertmanager forgets what is over: what fired here is remembered. What fires, it knows best.
        let (here, elsewhere) = self.told_in(&alerted.thread());
        let ended = here.iter().chain(&elsewhere);
        for alert in ended.filter(|_| heard.state == State::Resolved) {
            if known.iter().all(|own| own.fingerprint != alert.fingerprint) {
                known.push(alert.clone());
            }
        }
        let mut group = join::join(&heard, &known);
        if heard.state == State::Firing && is_missed(&heard, &group) {
            // Alertmanager did not answer or does not have it yet: it is the one that the group told before.
            known.extend(self.firing_under(&heard.key));
            group = join::join(&heard, &known);
        }
        // The end of a group shows what its alerts had in common, and is the end of all of them.
        // Not when it is known which: two routes to one receiver may share the key.
        let mut remembered = if heard.state == State::Resolved && !heard.is_sure && !group.sure {
            self.remembered(&heard.key, before)
        } else {
            Vec::new()
        };
        if remembered.is_empty() && heard.state == State::Resolved && !group.sure {
            // An edit says that all that the message told of is over.
            remembered = self
                .told_by(&alerted.thread())
                .into_iter()
                .map(over)
                .collect();
        }
        remembered.retain(|alert| heard.can_mean(alert));
        if !remembered.is_empty() {
            (group.alerts, group.sure, group.truncated) = (remembered, true, 0);
        }
        let unnamed = active.map(|active| self.unnamed(&heard, &active, environment.as_deref()));
        group.alerts.extend(unnamed.into_iter().flatten());
        Some(Told {
            group,
            thread: Some(alerted.thread()),
            environment,
            at: alerted.said_at().unwrap_or(inbox.received_at),
            found: None,
        })
    }

    /// The alerts of open incidents that fire: those told in this thread, and the others.
    fn told_in(&self, thread: &ThreadRef) -> (Vec<Alert>, Vec<Alert>) {
        let told_here = |incident: &Incident| {
            incident.root == *thread || incident.joined.iter().any(|one| one.thread == *thread)
        };
        let (mut here, mut elsewhere) = (Vec::new(), Vec::new());
        for incident in self.records.live() {
            let to = if told_here(&incident) {
                &mut here
            } else {
                &mut elsewhere
            };
            to.extend(firing(&incident));
        }
        (here, elsewhere)
    }

    /// The alerts that fire which the message told: those of the group of the alert that it brought. Others
    /// joined its incident from elsewhere.
    fn told_by(&self, thread: &ThreadRef) -> Vec<Alert> {
        let of = |origin: &Origin| match origin {
            Origin::Alert { fingerprint, .. } => Some(fingerprint.clone()),
            _ => None,
        };
        let mut told = Vec::new();
        for incident in self.records.live() {
            let root = (incident.root == *thread).then_some(&incident.origin);
            let joined = incident.joined.iter().filter(|one| one.thread == *thread);
            let brought = root.into_iter().chain(joined.map(|one| &one.by));
            let groups: Vec<&str> = brought
                .filter_map(of)
                .filter_map(|print| incident.alert(&print)?.group.as_deref())
                .collect();
            let own = |one: &&crate::incident::Told| {
                one.group
                    .as_deref()
                    .is_some_and(|group| groups.contains(&group))
            };
            told.extend(incident.firing().filter(own).map(as_alert));
        }
        told
    }

    /// What Alertmanager has since the arrival came; `None` when nobody can say.
    async fn active_for(
        &self,
        environment: Option<&str>,
        inbox: &Inbox,
        until: Instant,
    ) -> Option<Vec<Alert>> {
        let active = self.active_since(environment, inbox, until).await;
        let active = active.unwrap_or_else(|error| {
            let error = error.raw();
            tracing::warn!(error, "Alertmanager cannot complete a message");
            None
        });
        Some(active?.into_iter().map(|one| one.alert).collect())
    }

    /// What Alertmanager has since the arrival came: what it had before may lack what it tells.
    async fn active_since(
        &self,
        environment: Option<&str>,
        inbox: &Inbox,
        until: Instant,
    ) -> Result<Option<Vec<Active>>, Untrusted> {
        let name = environment.map(str::to_owned);
        let since = self.now() - UNHEARD;
        let unheard = |all: &HashMap<_, _>| all.get(&name).is_some_and(|at| *at > since);
        if unheard(&self.unheard.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Err(Untrusted::new("it did not answer a moment ago"));
        }
        let asking = self.parts.desk.active(environment, inbox.received_at);
        let Ok(answer) = tokio::time::timeout_at(until, asking).await else {
            let mut unheard = self.unheard.lock().unwrap_or_else(PoisonError::into_inner);
            unheard.insert(name, self.now());
            return Err(Untrusted::new("it did not answer in time"));
        };
        answer
    }

    /// The alerts that fire of a group of messages.
    fn firing_under(&self, key: &str) -> Vec<Alert> {
        let live = self.records.live();
        let told = live.iter().flat_map(|incident| incident.firing());
        let own = told.filter(|told| told.group.as_deref() == Some(key));
        own.map(as_alert).collect()
    }

    /// The alerts of a group that still fires which ended without being named, as ended ones: Alertmanager has
    /// the others, as many as the message says, and these no more. Where it has none of them the group is
    /// somebody else's.
    fn unnamed(&self, heard: &Heard, active: &[Alert], environment: Option<&str>) -> Vec<Alert> {
        let is_active = |one: &Alert| active.iter().any(|it| it.fingerprint == one.fingerprint);
        let (left, gone): (Vec<Alert>, Vec<Alert>) = self
            .firing_under(&heard.key)
            .into_iter()
            .partition(is_active);
        let desk = &self.parts.desk;
        let is_known = |one: &Alert| {
            one.starts_at
                .is_some_and(|began| desk.is_settled(environment, began))
        };
        let is_clear = heard
            .firing
            .is_some_and(|count| count > 0 && count == left.len() as u64);
        if heard.state != State::Firing || !is_clear || !gone.iter().all(is_known) {
            return Vec::new();
        }
        gone.into_iter().map(over).collect()
    }

    /// The alerts that a group of messages told and that were not over yet, as ended ones.
    fn remembered(&self, key: &str, before: &[Told]) -> Vec<Alert> {
        let earlier = before
            .iter()
            .filter(|one| one.thread.is_some() && one.group.key == key);
        let mut all: Vec<Alert> = earlier.flat_map(|one| one.group.alerts.clone()).collect();
        all.extend(self.firing_under(key));
        all.retain(|alert| alert.state == State::Firing);
        all.into_iter().map(over).collect()
    }

    /// What is asked when alerts ask: what is wrong with what they are about.
    pub(super) fn ask_of(&self, alert: Option<&Alert>, items: &[Item], storm: bool) -> Ask {
        let summary = alert.map(|alert| Said::of(alert).words);
        let summary = summary.as_ref().filter(|words| !words.is_blank());
        let name = items[0].news.name.raw();
        let said = match summary {
            Some(summary) if !storm => format!("{name}: {}", summary.raw()),
            _ => name.to_owned(),
        };
        let read = self.understand(
            summary.map_or("", Untrusted::raw),
            Some(self.parts.language),
        );
        Ask {
            language: self.parts.language,
            want: Want::Problem,
            symptoms: read.symptoms,
            environment: items[0].environment.clone(),
            namespace: namespace(items),
            object: None,
            address: None,
            whole: false,
            text: Untrusted::new(said),
            danger: read.danger,
        }
    }
}

/// The alerts of an incident that fire, as their sender told them.
fn firing(incident: &Incident) -> Vec<Alert> {
    incident.firing().map(as_alert).collect()
}

/// One that fires, as its sender told it.
fn as_alert(told: &crate::incident::Told) -> Alert {
    Alert {
        generator: None,
        name: told.name.clone(),
        state: State::Firing,
        labels: told.labels.clone(),
        annotations: Labels::new(),
        starts_at: Some(told.since),
        ends_at: None,
        fingerprint: told.fingerprint.clone(),
    }
}

/// Whether one of its alerts has only the name that the message gave it.
fn is_missed(heard: &Heard, group: &Group) -> bool {
    let mut own = heard.alerts.iter();
    own.any(|told| {
        let mut joined = group.alerts.iter();
        joined.any(|one| one.fingerprint == told.fingerprint)
    })
}

fn over(alert: Alert) -> Alert {
    Alert {
        state: State::Resolved,
        ..alert
    }
}

/// The one object that all alerts are about; `None` when they are about several, or about none.
pub(super) fn object(items: &[Item]) -> Option<Subject> {
    let mut objects = items.iter().map(|item| match &item.news.about {
        About::Object(subject) => Some(subject),
        _ => None,
    });
    let first = objects.next()??;
    objects
        .all(|other| other.is_some_and(|other| other.same_object(first)))
        .then(|| first.clone())
}

/// The one namespace that all of them are about.
fn namespace(items: &[Item]) -> Option<String> {
    let of = |item: &Item| match &item.news.about {
        About::Object(subject) => subject.namespace.clone(),
        About::Namespace(name) => Some(name.clone()),
        _ => None,
    };
    let first = items.first().and_then(of)?;
    items
        .iter()
        .all(|item| of(item).as_ref() == Some(&first))
        .then_some(first)
}

/// Threads in which the alerts were told that are not the incident's: each is told once where it is handled. In
/// a storm none is: there would be hundreds.
pub(super) fn elsewhere(incident: &Incident, items: &[Item]) -> Vec<Event> {
    if incident.id.is_storm() || !incident.is_open() {
        return Vec::new();
    }
    let mut threads: Vec<&ThreadRef> = Vec::new();
    let mut events = Vec::new();
    // What says that it is over reports nothing anew.
    let fires = items.iter().filter(|item| item.news.state == State::Firing);
    for item in fires {
        let Some(thread) = &item.thread else { continue };
        let known = *thread == incident.root
            || threads.contains(&thread)
            || incident
                .joined
                .iter()
                .any(|joined| joined.thread == *thread);
        if known {
            continue;
        }
        threads.push(thread);
        events.push(Event::ReportedAgain {
            thread: thread.clone(),
            by: Origin::Alert {
                name: item.news.name.clone(),
                fingerprint: item.news.fingerprint.clone(),
                severity: item.news.severity,
            },
            at: item.news.at,
            because: None,
            tell: true,
        });
    }
    events
}
