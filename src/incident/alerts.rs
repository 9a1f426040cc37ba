//! The alerts of an incident: which fire, which ended, how often each came and went. A repeat is a number here
//! and never a message; so is an alert that flaps.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Incident;
use crate::alert::{About, Labels, Said, State};
use crate::escalation::Severity;
use crate::text::Untrusted;

/// Alerts kept one by one; beyond it they are counted ([`Incident::alerts_beyond`]), and their ends awaited.
const KEPT: usize = 2_000;
/// Alerts beyond those whose ends are awaited. One more still calls the lead, but its end is nobody's: a record
/// has to stay readable, and 20,000 names are 400 kB of it.
const AWAITED: usize = 20_000;
/// Alerts whose labels are kept: those that the looks begin with, and that can be silenced.
const WITH_LABELS: usize = 20;
/// An alert that ended this often within [`FLAP_WINDOW`] flaps.
const FLAPS: usize = 3;
/// Lengths of firings kept of one alert.
const LENGTHS: usize = 30;
/// The replicas of an Alertmanager that hear nothing of each other send the same news one after the other, each
/// 15 s later (`--cluster.peer-timeout`). What was overtaken is not believed for so long when it comes again;
/// after it, nobody repeats what he knows to be over: it is so again, whatever times the sender names. (An
/// Alertmanager that starts, or that Prometheus did not reach for a while, tells of the same firing once more.)
const TWINS: TimeDelta = TimeDelta::minutes(1);
/// How far back ends are counted.
const FLAP_WINDOW: TimeDelta = TimeDelta::hours(1);

/// What a sender says of one alert.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// What the alert is called over time.
    pub fingerprint: String,
    /// `alertname`.
    pub name: Untrusted,
    /// Its severity.
    pub severity: Severity,
    /// What it is about.
    pub about: About,
    /// Its labels.
    pub labels: Labels,
    /// What it says.
    pub said: Said,
    /// Whether it is on.
    pub state: State,
    /// When it began to fire, or ended (UTC): its sender's time, else that of the receipt.
    pub at: DateTime<Utc>,
    /// When it was received (UTC): times of different senders cannot be compared, these can.
    pub received: DateTime<Utc>,
    /// What the group of messages that tells it is called from FIRING to RESOLVED; none for a webhook.
    pub group: Option<String>,
}

/// One alert, as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// What the alert is called over time.
    pub fingerprint: String,
    /// `alertname`.
    pub name: Untrusted,
    /// The highest severity it had.
    pub severity: Severity,
    /// What it is about.
    pub about: About,
    /// Its labels; empty but for the first few.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// What it says; empty but for the first few.
    #[serde(default, skip_serializing_if = "Said::is_empty")]
    pub said: Said,
    /// Whether it is on.
    pub state: State,
    /// When it began to fire, this time (UTC).
    pub since: DateTime<Utc>,
    /// When the news was received that it is over, or on again (UTC); none before its first end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turned: Option<DateTime<Utc>>,
    /// How often it began to fire.
    pub fired: u32,
    /// How often its sender said again that it fires.
    #[serde(default)]
    pub repeats: u32,
    /// Its last ends (UTC), oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<DateTime<Utc>>,
    /// How long its last firings lasted, in seconds, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lasted: Vec<i64>,
    /// Whether Alertmanager was seen to have it: only then is it over when Alertmanager has it no more.
    #[serde(default)]
    pub seen: bool,
    /// Since when Alertmanager, asked again and again, does not have it any more (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_since: Option<DateTime<Utc>>,
    /// What Alertmanager does with it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The group of messages that told it last: the end of a group names none of its alerts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// Why Alertmanager sends no notification for an alert that fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// Somebody silenced it.
    Silenced {
        /// Who made the silence (`createdBy`).
        by: Untrusted,
        /// When it ends (UTC).
        until: Option<DateTime<Utc>>,
    },
    /// Another alert says it (`inhibit_rules`).
    Inhibited,
    /// It is not told at this time (`mute_time_intervals`).
    Muted,
}

/// What one piece of news changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// An alert of its own.
    New,
    /// One of its own of which nothing but the name is kept.
    Beyond,
    /// It had ended, and fires again.
    Again,
    /// Its sender repeats that it fires.
    Repeated,
    /// It ended.
    Ended,
    /// Nothing: known, or older than what is known.
    Nothing,
}

impl Told {
    fn new(news: News) -> Self {
        Self {
            fingerprint: news.fingerprint,
            name: news.name,
            severity: news.severity,
            about: news.about,
            labels: news.labels,
            said: news.said,
            state: news.state,
            since: news.at,
            turned: None,
            fired: 1,
            repeats: 0,
            ends: Vec::new(),
            lasted: Vec::new(),
            seen: false,
            missing_since: None,
            held: None,
            group: news.group,
        }
    }

    /// Whether it is on.
    #[must_use]
    pub fn is_firing(&self) -> bool {
        self.state == State::Firing
    }

    /// Whether it comes and goes.
    #[must_use]
    pub fn is_flapping(&self, now: DateTime<Utc>) -> bool {
        let lately = self.ends.iter().filter(|end| now - **end < FLAP_WINDOW);
        lately.count() >= FLAPS
    }

    /// Forgets what is kept of the first few only.
    fn shorten(&mut self) {
        self.labels.clear();
        self.said = Said::default();
    }

    /// Its number may be in its words: those of now count. A sender that tells none changes nothing.
    fn hear_words(&mut self, news: &News) {
        let kept = !self.labels.is_empty();
        if kept && news.state == State::Firing && !news.said.is_empty() {
            self.said.clone_from(&news.said);
        }
    }

    fn hear(&mut self, news: &News) -> Change {
        self.hear_words(news);
        let last_end = self.ends.last().copied();
        if news.group.is_some() {
            self.group.clone_from(&news.group);
        }
        match (self.state, news.state) {
            (State::Firing, State::Firing) => {
                self.severity = self.severity.max(news.severity);
                self.repeats += 1;
                Change::Repeated
            }
            (State::Resolved, State::Firing)
                if last_end.is_none_or(|end| end < news.at) || self.is_no_echo(news) =>
            {
                self.state = State::Firing;
                self.turned = Some(news.received);
                self.missing_since = None;
                self.since = news.at;
                self.fired += 1;
                Change::Again
            }
            // Messages overtake each other: an end from before it fired says nothing of now.
            (State::Firing, State::Resolved)
                if news.at >= self.since
                    && (last_end.is_none_or(|end| end < news.at) || self.is_no_echo(news)) =>
            {
                self.state = State::Resolved;
                self.turned = Some(news.received);
                self.held = None;
                self.ends.push(news.at);
                let surplus = self.ends.len().saturating_sub(2 * FLAPS);
                self.ends.drain(..surplus);
                self.lasted.push((news.at - self.since).num_seconds());
                let surplus = self.lasted.len().saturating_sub(LENGTHS);
                self.lasted.drain(..surplus);
                Change::Ended
            }
            _ => Change::Nothing,
        }
    }

    /// Whether it came too late to be what a twin says of the time before.
    fn is_no_echo(&self, news: &News) -> bool {
        self.turned
            .is_none_or(|turned| news.received > turned + TWINS)
    }
}

impl Incident {
    /// One of its alerts.
    #[must_use]
    pub fn alert(&self, fingerprint: &str) -> Option<&Told> {
        let mut all = self.alerts.iter();
        all.find(|told| told.fingerprint == fingerprint)
    }

    /// Its alerts that fire now.
    pub fn firing(&self) -> impl Iterator<Item = &Told> {
        self.alerts.iter().filter(|told| told.is_firing())
    }

    /// Whether any of its alerts fires, also of those that are only counted.
    #[must_use]
    pub fn fires(&self) -> bool {
        !self.beyond.is_empty() || self.firing().next().is_some()
    }

    /// Whether one of its alerts comes and goes.
    #[must_use]
    pub fn is_flapping(&self, now: DateTime<Utc>) -> bool {
        self.alerts.iter().any(|told| told.is_flapping(now))
    }

    /// Takes over an alert of an incident that joins this one.
    pub(super) fn take_over(&mut self, mut told: Told) {
        if told.is_firing() {
            self.settles_at = None;
        }
        let many = self.alerts.len();
        let mut own = self.alerts.iter_mut();
        match own.find(|own| own.fingerprint == told.fingerprint) {
            Some(own) if told.is_firing() && !own.is_firing() => *own = told,
            Some(_) => {}
            None if many >= KEPT => {
                self.alerts_beyond += 1;
                if told.is_firing() {
                    self.beyond.insert(told.fingerprint);
                }
            }
            None => {
                if many >= WITH_LABELS {
                    told.shorten();
                }
                self.alerts.push(told);
            }
        }
    }

    /// Takes news in.
    pub(super) fn hear(&mut self, news: News) -> Change {
        if let Some(told) =
            (self.alerts.iter_mut()).find(|told| told.fingerprint == news.fingerprint)
        {
            return told.hear(&news);
        }
        if news.state == State::Resolved {
            // It ended before anyone here heard of it, unless it is one of those that are counted.
            let counted = self.beyond.remove(&news.fingerprint);
            return if counted {
                Change::Ended
            } else {
                Change::Nothing
            };
        }
        if self.alerts.len() >= KEPT {
            return self.hear_beyond(news.fingerprint);
        }
        let mut told = Told::new(news);
        if self.alerts.len() >= WITH_LABELS {
            told.shorten();
        }
        self.alerts.push(told);
        Change::New
    }

    /// One more than are kept.
    fn hear_beyond(&mut self, fingerprint: String) -> Change {
        if self.beyond.contains(&fingerprint) {
            return Change::Nothing;
        }
        self.alerts_beyond = self.alerts_beyond.saturating_add(1);
        if self.beyond.len() < AWAITED {
            self.beyond.insert(fingerprint);
        }
        Change::Beyond
    }
}
