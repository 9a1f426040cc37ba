//! The alerts of an incident: which fire, which ended, how often each came and went. A repeat is a number here
//! and never a message; so is an alert that flaps.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Incident;
use crate::alert::{About, Labels, Said, State};
use crate::escalation::Severity;
use crate::text::Untrusted;

/// Alerts kept one by one; beyond it they are counted ([`Incident::alerts_beyond`]).
const KEPT: usize = 2_000;
/// Alerts whose labels are kept: those that the looks begin with, and that can be silenced.
const WITH_LABELS: usize = 20;
/// An alert that ended this often within [`FLAP_WINDOW`] flaps.
const FLAPS: usize = 3;
/// Lengths of firings kept of one alert.
const LENGTHS: usize = 30;
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
    /// It had ended, and fires again.
    Again,
    /// One too many to be kept by itself.
    Counted,
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
            fired: 1,
            repeats: 0,
            ends: Vec::new(),
            lasted: Vec::new(),
            seen: false,
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
            (State::Resolved, State::Firing) if last_end.is_none_or(|end| end < news.at) => {
                self.state = State::Firing;
                self.since = news.at;
                self.fired += 1;
                Change::Again
            }
            // Messages overtake each other: an end from before it fired says nothing of now.
            (State::Firing, State::Resolved) if news.at >= self.since => {
                self.state = State::Resolved;
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
            None if many >= KEPT => self.alerts_beyond += 1,
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
            // It ended before anyone here heard of it.
            return Change::Nothing;
        }
        if self.alerts.len() >= KEPT {
            self.alerts_beyond += 1;
            return Change::Counted;
        }
        let mut told = Told::new(news);
        if self.alerts.len() >= WITH_LABELS {
            told.shorten();
        }
        self.alerts.push(told);
        Change::New
    }
}
