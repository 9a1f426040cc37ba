//! What a message did not say, completed from the alerts the API knows.
//!
//! A title of Alertmanager shows values without names. The labels of the alerts it is about give the same
//! title again: `cover` looks for the alerts that do. What cannot be told for sure stays as the message
//! said it; nothing is made up. Pure.

mod cover;

use std::collections::HashMap;

use super::text::{Grammar, Heard, fold};
use super::{Alert, Group, Labels, Sender, State};

/// The group a message is about.
///
/// `known`: the active alerts of the Alertmanager or Prometheus API; none when it did not answer. A resolved
/// alert is no longer among them: for a RESOLVED message, pass also the alerts that were remembered under
/// the same [`Heard::key`] when it fired. Where not even that tells, as when a RESOLVED shows only what its
/// alerts have in common, all that were remembered under the key are over: the whole group is.
#[must_use]
pub fn join(heard: &Heard, known: &[Alert]) -> Group {
    let known: Vec<&Alert> = known
        .iter()
        .filter(|alert| heard.state == State::Resolved || alert.state == State::Firing)
        .collect();
    if heard.is_sure {
        let alerts = complete(heard, &known);
        return group(heard, alerts, true);
    }
    match cover::find(heard, &known) {
        Some(found) => {
            let told = |alert: &Alert| in_state(alert.clone(), heard.state);
            group(heard, found.into_iter().map(told).collect(), true)
        }
        None => group(heard, heard.alerts.clone(), false),
    }
}

fn group(heard: &Heard, alerts: Vec<Alert>, sure: bool) -> Group {
    let told = heard
        .firing
        .unwrap_or(0)
        .saturating_add(heard.resolved.unwrap_or(0));
    Group {
        sender: Sender::Message,
        key: heard.key.clone(),
        state: heard.state,
        truncated: told.saturating_sub(alerts.len() as u64),
        labels: Labels::new(),
        receiver: None,
        sure,
        link: heard.link.clone(),
        alerts,
    }
}

fn in_state(mut alert: Alert, state: State) -> Alert {
    alert.state = state;
    if state == State::Firing {
        alert.ends_at = None;
    }
    alert
}

/// Alerts whose names the message gave: each one with the rest of its labels, where one alert fits.
fn complete(heard: &Heard, known: &[&Alert]) -> Vec<Alert> {
    let index = Index::of(known);
    if let [common] = &heard.alerts[..]
        && heard.grammar != Grammar::List
    {
        let all = index.fitting(&common.labels);
        if all.len() > 1 && heard.firing.or(heard.resolved) == Some(all.len() as u64) {
            return all
                .into_iter()
                .map(|a| in_state(a.clone(), heard.state))
                .collect();
        }
    }
    let found: Vec<Option<&Alert>> = heard
        .alerts
        .iter()
        .map(|told| index.the_one(&told.labels))
        .collect();
    let still_on = still_on(heard, &found, &index);
    heard
        .alerts
        .iter()
        .zip(found)
        .map(|(told, found)| {
            let state = match (still_on, found) {
                (true, None) => State::Resolved,
                _ => told.state,
            };
            match found {
                Some(known) => in_state(merged(known, told), state),
                None => in_state(told.clone(), state),
            }
        })
        .collect()
}

/// A list of alerts that does not say which of them still fire, where as many are active as are said to. One that
/// several active alerts fit may be any of them: it is not over.
fn still_on(heard: &Heard, found: &[Option<&Alert>], index: &Index<'_>) -> bool {
    let active = found.iter().flatten().count();
    let mut rest = heard
        .alerts
        .iter()
        .zip(found)
        .filter(|(_, found)| found.is_none());
    rest.all(|(told, _)| index.fitting(&told.labels).is_empty())
        && !heard.states_told
        && heard.state == State::Firing
        && active < found.len()
        && heard.firing == Some(active as u64)
}

fn merged(known: &Alert, told: &Alert) -> Alert {
    let mut alert = known.clone();
    for (name, value) in &told.annotations {
        alert
            .annotations
            .entry(name.clone())
            .or_insert_with(|| value.clone());
    }
    alert
}

/// Known alerts by name.
struct Index<'a>(HashMap<String, Vec<&'a Alert>>);

impl<'a> Index<'a> {
    fn of(known: &[&'a Alert]) -> Self {
        let mut index: HashMap<String, Vec<&'a Alert>> = HashMap::new();
        for alert in known {
            let same = index.entry(fold(alert.name.raw())).or_default();
            // The API's alert and a remembered one may be the same.
            if !same
                .iter()
                .any(|other| other.fingerprint == alert.fingerprint)
            {
                same.push(alert);
            }
        }
        Self(index)
    }

    /// Those that have all these labels.
    fn fitting(&self, labels: &Labels) -> Vec<&'a Alert> {
        let name = labels.get("alertname").map(|name| fold(name.raw()));
        let Some(same) = name.and_then(|name| self.0.get(&name)) else {
            return Vec::new();
        };
        let has_all = |alert: &&&Alert| {
            labels.iter().all(|(name, value)| {
                alert
                    .labels
                    .get(name)
                    .is_some_and(|known| known == value || fold(known.raw()) == fold(value.raw()))
            })
        };
        same.iter().filter(has_all).copied().collect()
    }

    /// The one that has all these labels; of several, the one that has no others.
    fn the_one(&self, labels: &Labels) -> Option<&'a Alert> {
        let fitting = self.fitting(labels);
        match fitting[..] {
            [] => None,
            [only] => Some(only),
            _ => {
                let mut exact = fitting
                    .into_iter()
                    .filter(|a| a.labels.len() == labels.len());
                exact.next().filter(|_| exact.next().is_none())
            }
        }
    }
}
