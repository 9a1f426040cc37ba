//! Alerts that fire without a cause: counted over the incidents of the last weeks. Pure; no record of its own.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Content, Effect, Incident, Line, Status, Told, Topic};
use crate::alert::About;
use crate::alert::advice::{DAYS, Firings, Given};
use crate::escalation::Severity;
use crate::finding::Verdict;
use crate::text::Untrusted;

/// The noisiest alert of an incident that was just looked at, with its firings in `past` (the incident itself among
/// them) since it was advised on last. `None` when the incident has a cause, or its thread has advice on its alerts.
#[must_use]
pub fn noisiest<'a>(
    incident: &'a Incident,
    past: &[Incident],
    given: &Given,
    now: DateTime<Utc>,
) -> Option<(&'a Told, Firings)> {
    if !without_cause(incident) {
        return None;
    }
    let others = past.iter().filter(|one| one.id != incident.id);
    let all: Vec<&Incident> = others.chain([incident]).collect();
    let since = |told: &Told| {
        let advised = given.at(incident.environment.as_deref(), told.name.raw());
        let month = now - TimeDelta::days(DAYS);
        advised.map_or(month, |at| at.max(month))
    };
    let open = incident.alerts.iter();
    let counted = open
        .filter(|told| !was_advised(incident, &told.name))
        .map(|told| (told, firings(told, &all, since(told))));
    counted.max_by_key(|(_, firings)| firings.times)
}

/// Whether an incident's thread has advice on that alert.
#[must_use]
pub fn was_advised(incident: &Incident, name: &Untrusted) -> bool {
    incident.outbox.iter().any(|out| {
        matches!(&out.effect, Effect::Post { content: Content::Line(Line::RuleAdvice(advice)), .. }
            if advice.name == *name)
    })
}

/// The firings of an alert that had no cause, in incidents that began since then.
fn firings(told: &Told, all: &[&Incident], since: DateTime<Utc>) -> Firings {
    let recent = all.iter().filter(|one| one.opened_at >= since);
    let idle = recent.filter(|one| without_cause(one));
    let same: Vec<&Told> = idle
        .flat_map(|one| &one.alerts)
        .filter(|other| is_same(told, other))
        .collect();
    Firings {
        name: told.name.clone(),
        times: same.iter().map(|one| one.fired).sum(),
        lasted: same.iter().flat_map(|one| one.lasted.clone()).collect(),
        critical: same.iter().any(|one| one.severity == Severity::Critical),
    }
}

/// Whether two are one alert: the same series, or the same name about the same object.
fn is_same(one: &Told, other: &Told) -> bool {
    let object = matches!(one.about, About::Object(_));
    one.name == other.name
        && (one.fingerprint == other.fingerprint || (object && one.about == other.about))
}

/// Whether an incident that alerts opened came to nothing: what could not be looked at, and what was found and
/// recovered, is not nothing. An answer that was dropped since is judged by where the incident ended.
fn without_cause(incident: &Incident) -> bool {
    if incident.topic != Topic::Problem || incident.alerts.is_empty() {
        return false;
    }
    if matches!(incident.status, Status::Joined { .. }) {
        return false;
    }
    match incident.diagnosis() {
        Some(diagnosis) => matches!(
            diagnosis.verdict,
            Verdict::Healthy | Verdict::Expected | Verdict::Unknown
        ),
        None => matches!(incident.status, Status::Answered { .. }),
    }
}
