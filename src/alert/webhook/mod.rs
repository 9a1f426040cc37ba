//! The body of a webhook → a [`Group`]: Alertmanager's version 4 and Grafana's, told apart by their shape.
//!
//! The caller caps the size of the body and checks who sent it ([`verify_grafana`] is Grafana's signature).
//! Here the rest is bounded: nesting, alerts, labels, lengths. What cannot be read is named and counted; one
//! bad alert does not cost the others, and a field that is only decoration costs nothing at all. Pure.

mod alert;
mod outcome;
mod signature;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;

use super::{Alert, Group, Labels, Sender, State, fingerprint};
use crate::text::Untrusted;

pub use outcome::{Fault, Odd, Refused, Unread};
pub use signature::{Unsigned, WINDOW, in_window, verify_grafana};

use alert::{one, status};
use wire::{Field, Object, Oddities, depth};

/// Deepest nesting of arrays and objects; Alertmanager's own is 4.
pub const MAX_DEPTH: usize = 32;
/// Most alerts of one body.
pub const MAX_ALERTS: usize = 10_000;
/// Most labels of one alert that are kept; of more annotations none is.
pub const MAX_LABELS: usize = 128;
/// Longest label name or value, in bytes. A longer one is left out: cut, it would match nothing.
pub const MAX_LABEL: usize = 2_048;
/// Longest annotation that is kept whole, in characters.
pub const MAX_ANNOTATION: usize = 4_096;
/// Longest key of a group that is kept as it came, in bytes.
pub const MAX_KEY: usize = 1_024;

/// What a body said.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The alerts that could be read.
    pub group: Group,
    /// Alerts that could not, by reason. They are not in [`Group::truncated`].
    pub unread: BTreeMap<Unread, u64>,
    /// Fields that were not as they should be and were done without.
    pub odd: BTreeMap<Odd, u64>,
}

/// Reads a body.
pub fn read(body: &[u8]) -> Result<Notice, Refused> {
    if depth(body) > MAX_DEPTH {
        return Err(Refused::TooDeep);
    }
    let root: &RawValue = serde_json::from_slice(body).map_err(|error| {
        if error.is_eof() {
            Refused::Cut
        } else {
            Refused::NotJson
        }
    })?;
    let root = Object::of(root).ok_or(Refused::NotAnObject)?;
    let listed = listed(&root)?;
    let mut odd = Oddities::default();
    let whole = status(&root, &mut odd);
    let (alerts, unread) = each(&listed, whole, &mut odd);
    if alerts.is_empty() {
        return Err(none_readable(listed.len(), unread));
    }
    let group = group(&root, alerts, whole, &mut odd);
    Ok(Notice {
        group,
        unread,
        odd: odd.into_counts(),
    })
}

/// The list without which there is nothing to read.
fn listed<'a>(root: &Object<'a>) -> Result<Vec<&'a RawValue>, Refused> {
    match root.list("alerts", MAX_ALERTS) {
        Field::Is(list) if list.count > MAX_ALERTS => Err(Refused::TooManyAlerts {
            count: list.count as u64,
        }),
        Field::Is(list) if list.items.is_empty() => Err(Refused::NoAlerts),
        Field::Is(list) => Ok(list.items),
        Field::Absent => Err(Refused::NoAlerts),
        Field::Wrong => Err(Refused::WrongType { field: "alerts" }),
        Field::Doubled => Err(Refused::Doubled { field: "alerts" }),
    }
}

fn each(
    listed: &[&RawValue],
    whole: Option<State>,
    odd: &mut Oddities,
) -> (Vec<Alert>, BTreeMap<Unread, u64>) {
    let mut alerts = Vec::with_capacity(listed.len());
    let mut unread = BTreeMap::new();
    for raw in listed {
        match one(raw, whole, odd) {
            Ok(alert) => alerts.push(alert),
            Err(why) => *unread.entry(why).or_insert(0) += 1,
        }
    }
    (alerts, unread)
}

fn none_readable(count: usize, unread: BTreeMap<Unread, u64>) -> Refused {
    Refused::NoneReadable {
        count: count as u64,
        why: unread
            .into_keys()
            .next()
            .unwrap_or(Unread::Labels(Fault::Missing)),
    }
}

fn group(root: &Object<'_>, alerts: Vec<Alert>, whole: Option<State>, odd: &mut Oddities) -> Group {
    let sender = sender(root);
    let fires = whole == Some(State::Firing) || alerts.iter().any(|a| a.state == State::Firing);
    let truncated = match root.count("truncatedAlerts") {
        // Grafana and old Alertmanagers do not say.
        Field::Absent => 0,
        told => odd.keep("truncatedAlerts", told).unwrap_or(0),
    };
    Group {
        sender,
        key: key(sender, root, &alerts, odd),
        state: if fires {
            State::Firing
        } else {
            State::Resolved
        },
        truncated,
        labels: labels(root),
        receiver: match root.text("receiver") {
            Field::Is(name) if name.len() <= MAX_LABEL => Some(name),
            _ => None,
        },
        sure: true,
        link: odd
            .keep("externalURL", root.text("externalURL"))
            .filter(|url| super::text::is_link(url))
            .map(Untrusted::from),
        alerts,
    }
}

/// The labels it is grouped by; decoration for all but who asks for what was left out.
fn labels(root: &Object<'_>) -> Labels {
    let Field::Is(labels) = root.labels("groupLabels") else {
        return Labels::new();
    };
    let fits = |(name, value): &(String, String)| name.len().max(value.len()) <= MAX_LABEL;
    let kept = labels.into_iter().filter(fits).take(MAX_LABELS);
    kept.map(|(name, value)| (name, Untrusted::from(value)))
        .collect()
}

/// Grafana's body has all of Alertmanager's and more; its version is `1`, Alertmanager's `4`.
fn sender(root: &Object<'_>) -> Sender {
    let is_grafana = matches!(root.text("version"), Field::Is(version) if version == "1")
        || ["orgId", "appVersion", "state", "title"]
            .iter()
            .filter(|name| root.has(name))
            .count()
            >= 2;
    if is_grafana {
        Sender::Grafana
    } else {
        Sender::Alertmanager
    }
}

/// The sender's own key; without one, a hash of the labels the group is made of.
fn key(sender: Sender, root: &Object<'_>, alerts: &[Alert], odd: &mut Oddities) -> String {
    let told = odd
        .keep("groupKey", root.text("groupKey"))
        .filter(|key| !key.is_empty());
    match told {
        Some(key) if key.len() <= MAX_KEY => key,
        Some(key) => fingerprint::of_parts([key.as_str()]),
        None => made_up_key(sender, root, alerts),
    }
}

fn made_up_key(sender: Sender, root: &Object<'_>, alerts: &[Alert]) -> String {
    let mut parts = vec![format!("{sender:?}")];
    if let Field::Is(receiver) = root.text("receiver") {
        parts.push(receiver);
    }
    if let Field::Is(labels) = root.labels("groupLabels") {
        parts.extend(labels.into_iter().flat_map(|(k, v)| [k, v]));
    } else {
        let names: BTreeSet<_> = alerts.iter().map(|a| a.name.raw().to_owned()).collect();
        parts.extend(names);
    }
    fingerprint::of_parts(parts.iter().map(String::as_str))
}
