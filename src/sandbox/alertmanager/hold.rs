//! What the sandbox's Alertmanager holds: alerts by fingerprint, silences, and what mutes what at a time.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::matcher::Matcher;

/// An alert that nobody sends again ends after this (`resolve_timeout`).
const RESOLVE_AFTER: TimeDelta = TimeDelta::minutes(5);
/// The one receiver.
const RECEIVER: &str = "vigie";

type Labels = BTreeMap<String, String>;

#[derive(Clone, Debug)]
struct Held {
    labels: Labels,
    annotations: Labels,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    generator: String,
}

#[derive(Clone, Debug)]
struct Silence {
    id: String,
    matchers: Vec<Matcher>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    created_by: String,
    comment: String,
}

/// Which alerts are shown.
pub(super) struct Wanted {
    pub matchers: Vec<Matcher>,
    pub active: bool,
    pub silenced: bool,
    pub inhibited: bool,
}

/// Why a silence is not made.
pub(super) enum NotMade {
    /// 400, with a JSON string.
    Invalid(String),
    /// 422, with the message of the API's router.
    Unprocessable(String),
}

#[derive(Debug, Default)]
pub(super) struct Hold {
    alerts: BTreeMap<String, Held>,
    inhibited: BTreeMap<String, Vec<String>>,
    silences: Vec<Silence>,
}

impl Hold {
    pub fn take(&mut self, alerts: &Value, now: DateTime<Utc>) -> Result<Vec<String>, String> {
        let list = alerts
            .as_array()
            .ok_or("alerts in body must be of type array")?;
        let read: Result<Vec<Held>, String> = list.iter().map(|one| held(one, now)).collect();
        let mut names = Vec::new();
        for mut alert in read? {
            let name = fingerprint(&alert.labels);
            if let Some(known) = self.alerts.get(&name).filter(|known| known.ends_at > now) {
                alert.starts_at = known.starts_at.min(alert.starts_at);
            }
            self.alerts.insert(name.clone(), alert);
            names.push(name);
        }
        Ok(names)
    }

    pub fn forget(&mut self) {
        self.alerts.clear();
    }

    pub fn inhibit(&mut self, muted: &str, by: &str) {
        self.inhibited
            .entry(muted.to_owned())
            .or_default()
            .push(by.to_owned());
    }

    pub fn alerts(&self, wanted: &Wanted, now: DateTime<Utc>) -> Vec<Value> {
        let firing = self.alerts.iter().filter(|(_, alert)| alert.ends_at > now);
        firing
            .filter_map(|(name, alert)| self.shown(name, alert, wanted, now))
            .collect()
    }

    fn shown(
        &self,
        name: &str,
        alert: &Held,
        wanted: &Wanted,
        now: DateTime<Utc>,
    ) -> Option<Value> {
        let silenced: Vec<&str> = self
            .silences
            .iter()
            .filter(|one| {
                one.state(now) == "active" && one.matchers.iter().all(|m| m.holds(&alert.labels))
            })
            .map(|one| one.id.as_str())
            .collect();
        let inhibited = self.inhibited.get(name).cloned().unwrap_or_default();
        let muted = !silenced.is_empty() || !inhibited.is_empty();
        let shown = wanted.matchers.iter().all(|m| m.holds(&alert.labels))
            && (wanted.silenced || silenced.is_empty())
            && (wanted.inhibited || inhibited.is_empty())
            && (wanted.active || muted);
        shown.then(|| {
            json!({
                "fingerprint": name, "labels": alert.labels, "annotations": alert.annotations,
                "startsAt": time(alert.starts_at), "endsAt": time(alert.ends_at),
                "updatedAt": time(alert.updated_at), "generatorURL": alert.generator,
                "receivers": [{"name": RECEIVER}],
                "status": {
                    "state": if muted { "suppressed" } else { "active" },
                    "silencedBy": silenced, "inhibitedBy": inhibited,
                },
            })
        })
    }

    pub fn silences(&self, now: DateTime<Utc>) -> Vec<Value> {
        self.silences.iter().map(|one| one.json(now)).collect()
    }

    pub fn silence(&self, id: &str, now: DateTime<Utc>) -> Option<Value> {
        self.silences
            .iter()
            .find(|one| one.id == id)
            .map(|one| one.json(now))
    }

    /// Makes a silence, always a new one, and returns its id.
    pub fn make(&mut self, body: &Value, now: DateTime<Utc>) -> Result<String, NotMade> {
        let unprocessable = |what: &str| NotMade::Unprocessable(what.to_owned());
        let list = body["matchers"].as_array().filter(|list| !list.is_empty());
        let list =
            list.ok_or_else(|| unprocessable("matchers in body should have at least 1 items"))?;
        let matchers: Result<Vec<Matcher>, String> = list.iter().map(Matcher::of).collect();
        let matchers = matchers.map_err(NotMade::Unprocessable)?;
        let text = |key: &str| {
            let text = body[key].as_str().map(str::to_owned);
            text.ok_or_else(|| NotMade::Unprocessable(format!("{key} in body is required")))
        };
        let at = |key: &str| {
            let at = body[key]
                .as_str()
                .and_then(|text| text.parse::<DateTime<Utc>>().ok());
            at.ok_or_else(|| {
                NotMade::Unprocessable(format!("{key} in body must be of type date-time"))
            })
        };
        let (starts_at, ends_at) = (at("startsAt")?, at("endsAt")?);
        if ends_at <= starts_at {
            return Err(NotMade::Invalid(
                "Failed to create silence: start time must be before end time".to_owned(),
            ));
        }
        if ends_at <= now {
            return Err(NotMade::Invalid(
                "Failed to create silence: end time can't be in the past".to_owned(),
            ));
        }
        if matchers.iter().all(Matcher::holds_for_nothing) {
            return Err(NotMade::Invalid(
                "silence invalid: at least one matcher must not match the empty string".to_owned(),
            ));
        }
        let id = uuid();
        self.silences.push(Silence {
            id: id.clone(),
            matchers,
            starts_at: starts_at.max(now),
            ends_at,
            updated_at: now,
            created_by: text("createdBy")?,
            comment: text("comment")?,
        });
        Ok(id)
    }

    /// Ends a silence; false when there is none of that id.
    pub fn expire(&mut self, id: &str, now: DateTime<Utc>) -> bool {
        let found = self.silences.iter_mut().find(|one| one.id == id);
        let known = found.is_some();
        if let Some(silence) = found.filter(|one| one.ends_at > now) {
            (silence.ends_at, silence.updated_at) = (now, now);
        }
        known
    }
}

impl Silence {
    fn state(&self, now: DateTime<Utc>) -> &'static str {
        if self.ends_at <= now {
            "expired"
        } else if self.starts_at > now {
            "pending"
        } else {
            "active"
        }
    }

    fn json(&self, now: DateTime<Utc>) -> Value {
        json!({
            "id": self.id, "status": {"state": self.state(now)},
            "matchers": self.matchers.iter().map(Matcher::json).collect::<Vec<_>>(),
            "startsAt": time(self.starts_at), "endsAt": time(self.ends_at),
            "updatedAt": time(self.updated_at),
            "createdBy": self.created_by, "comment": self.comment,
        })
    }
}

fn held(alert: &Value, now: DateTime<Utc>) -> Result<Held, String> {
    let texts = |key: &str| -> Result<Labels, String> {
        match &alert[key] {
            Value::Null => Ok(Labels::new()),
            other => {
                serde_json::from_value(other.clone()).map_err(|error| format!("{key}: {error}"))
            }
        }
    };
    let at = |key: &str| {
        alert[key]
            .as_str()
            .and_then(|text| text.parse::<DateTime<Utc>>().ok())
    };
    let mut labels = texts("labels")?;
    labels.retain(|_, value| !value.is_empty());
    if labels.is_empty() {
        return Err("at least one label pair required".to_owned());
    }
    let starts_at = at("startsAt").unwrap_or(now);
    // Year 1 is how Go writes "no time".
    let ends_at = at("endsAt").filter(|end| *end > DateTime::UNIX_EPOCH);
    Ok(Held {
        labels,
        annotations: texts("annotations")?,
        starts_at,
        ends_at: ends_at.unwrap_or(now + RESOLVE_AFTER),
        updated_at: now,
        generator: alert["generatorURL"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    })
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn uuid() -> String {
    let digits = format!("{:032x}", fastrand::u128(..));
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &digits[range]);
    parts.join("-")
}

/// What Alertmanager calls an alert: FNV-1a (64 bits) over its labels in order, a 0xff after each name and value.
#[must_use]
pub fn fingerprint(labels: &BTreeMap<String, String>) -> String {
    let bytes = labels.iter().flat_map(|(name, value)| {
        let end = std::iter::once(0xff);
        name.bytes()
            .chain(end.clone())
            .chain(value.bytes())
            .chain(end)
    });
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
