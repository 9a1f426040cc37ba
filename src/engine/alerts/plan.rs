//! Which incident each alert belongs to: the one it is part of, one about the same object, a new one for the
//! group, or the one incident of a storm. Pure: it knows what is open, and what ended lately.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::alert::About;
use crate::escalation::Severity;
use crate::incident::{Incident, IncidentId, JoinKey, News, Origin, Status, ThreadRef};

/// So many incidents opened by alerts in one environment within [`STORM_WINDOW`] are a storm.
pub(super) const STORM: usize = 8;
const STORM_WINDOW: TimeDelta = TimeDelta::minutes(1);
/// A storm takes in what comes for so long after its newest alert began.
const STORM_LASTS: TimeDelta = TimeDelta::minutes(10);

/// One alert of one group, placed.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Number of the group in the batch.
    pub group: usize,
    /// Its environment, as far as the alert or the channel tells.
    pub environment: Option<String>,
    /// The thread under the message that told it; none for the webhook.
    pub thread: Option<ThreadRef>,
    /// What is told.
    pub news: News,
}

/// What is known when a batch is planned.
pub(super) struct Known<'a> {
    /// Everything live.
    pub live: &'a [Arc<Incident>],
    /// Incidents that ended lately, by the fingerprints of their alerts.
    pub ended: &'a HashMap<String, IncidentId>,
    /// Now (UTC).
    pub now: DateTime<Utc>,
}

/// What becomes of a batch.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// News for incidents that exist, and the threads in which they were told.
    pub known: BTreeMap<IncidentId, Vec<Item>>,
    /// Incidents to open, each with at least one alert that fires.
    pub opened: Vec<Vec<Item>>,
    /// Alerts of a storm that has no incident yet, by environment.
    pub storms: BTreeMap<Option<String>, Vec<Item>>,
    /// Alerts with which nothing is done: information alone, ends of what nobody knows.
    pub dropped: usize,
}

/// Plans a batch.
pub(super) fn plan(items: Vec<Item>, known: &Known<'_>) -> Plan {
    let by_alert = index(known);
    let mut plan = Plan::default();
    let mut waiting: Vec<Item> = Vec::new();
    // What this batch put into an incident that did not know it.
    let mut placed: HashMap<String, IncidentId> = HashMap::new();
    for item in items {
        let firing = item.news.state == crate::alert::State::Firing;
        if let Some(id) = by_alert.get(item.news.fingerprint.as_str()) {
            plan.known.entry((*id).clone()).or_default().push(item);
        } else if let Some(id) = placed.get(&item.news.fingerprint) {
            plan.known.entry(id.clone()).or_default().push(item);
        } else if !firing {
            // What began and ended while nobody listened opens nothing.
            let before = waiting.len();
            waiting.retain(|one| !ends(&item, one));
            plan.dropped += 1 + before - waiting.len();
        } else if item.news.severity == Severity::Info {
            plan.dropped += 1;
        } else if let Some(id) = about_the_same(&item, known.live) {
            placed.insert(item.news.fingerprint.clone(), id.clone());
            plan.known.entry(id).or_default().push(item);
        } else {
            waiting.push(item);
        }
    }
    open(&mut plan, waiting, known);
    plan
}

/// Whether this end is that of an alert which waits: not of a later firing, which overtook it.
fn ends(end: &Item, one: &Item) -> bool {
    one.news.fingerprint == end.news.fingerprint && one.news.at <= end.news.at
}

/// The incident of every known alert: the open one before one that is over.
fn index<'a>(known: &'a Known<'_>) -> HashMap<&'a str, &'a IncidentId> {
    let ended = known.ended.iter().map(|(print, id)| (print.as_str(), id));
    let mut index: HashMap<&str, &IncidentId> = ended.collect();
    let live = known
        .live
        .iter()
        .filter(|one| !matches!(one.status, Status::Joined { .. }));
    for incident in live {
        for told in &incident.alerts {
            index.insert(&told.fingerprint, &incident.id);
        }
        for print in &incident.beyond {
            index.insert(print, &incident.id);
        }
    }
    index
}

/// An open incident about the same object.
fn about_the_same(item: &Item, live: &[Arc<Incident>]) -> Option<IncidentId> {
    let About::Object(object) = &item.news.about else {
        return None;
    };
    let key = JoinKey {
        environment: item.environment.clone(),
        object: Some(object.clone()),
        only_alerts: true,
        ..JoinKey::default()
    };
    let same = |incident: &&Arc<Incident>| {
        let alert = |about: &About| matches!(about, About::Object(own) if own.same_object(object));
        let told = incident.is_open()
            && incident.environment == item.environment
            && incident.firing().any(|told| alert(&told.about));
        told || incident.joins(&key)
    };
    live.iter().find(same).map(|incident| incident.id.clone())
}

/// One incident for the group; groups about one object are one; too many at once are a storm.
fn open(plan: &mut Plan, waiting: Vec<Item>, known: &Known<'_>) {
    let mut groups: Vec<Vec<Item>> = Vec::new();
    for item in waiting {
        let own = groups.iter_mut().find(|group| belongs(group, &item));
        match own {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    for group in groups {
        let environment = group[0].environment.clone();
        match storm(environment.as_deref(), known.live, known.now) {
            Some(id) => plan.known.entry(id).or_default().extend(group),
            None if is_storm(environment.as_deref(), plan, known) => {
                plan.storms.entry(environment).or_default().extend(group);
            }
            None => plan.opened.push(group),
        }
    }
}

fn belongs(group: &[Item], item: &Item) -> bool {
    let object = |item: &Item| match &item.news.about {
        About::Object(object) => Some(object.clone()),
        _ => None,
    };
    let same_object = || {
        let own = object(item);
        own.is_some_and(|own| {
            group
                .iter()
                .filter_map(object)
                .any(|other| other.same_object(&own))
        })
    };
    let same_alert = || {
        group
            .iter()
            .any(|one| one.news.fingerprint == item.news.fingerprint)
    };
    group[0].environment == item.environment
        && (group[0].group == item.group || same_alert() || same_object())
}

/// The incident of a storm that still lasts.
fn storm(
    environment: Option<&str>,
    live: &[Arc<Incident>],
    now: DateTime<Utc>,
) -> Option<IncidentId> {
    let lasts = |incident: &&Arc<Incident>| {
        let newest = incident.alerts.iter().map(|told| told.since).max();
        incident.id.is_storm()
            && incident.is_open()
            && incident.environment.as_deref() == environment
            && newest.unwrap_or(incident.opened_at).max(incident.opened_at) + STORM_LASTS > now
    };
    live.iter().find(lasts).map(|incident| incident.id.clone())
}

fn is_storm(environment: Option<&str>, plan: &Plan, known: &Known<'_>) -> bool {
    if plan.storms.contains_key(&environment.map(str::to_owned)) {
        return true;
    }
    let by_alert = |incident: &&Arc<Incident>| {
        matches!(incident.origin, Origin::Alert { .. })
            && incident.environment.as_deref() == environment
            && known.now
                - incident
                    .audit
                    .first()
                    .map_or(incident.opened_at, |line| line.at)
                < STORM_WINDOW
    };
    let lately = known.live.iter().filter(by_alert).count();
    let now = plan
        .opened
        .iter()
        .filter(|group| group[0].environment.as_deref() == environment);
    lately + now.count() >= STORM
}

/// The alert that speaks for the others: the most severe, then the one about an object, then the first.
pub(super) fn spokesman(items: &[Item]) -> &Item {
    let rank = |item: &Item| {
        let about = matches!(item.news.about, About::Object(_) | About::Instance(_));
        (item.news.severity, about, std::cmp::Reverse(item.news.at))
    };
    let mut best = &items[0];
    for item in &items[1..] {
        if rank(item) > rank(best) {
            best = item;
        }
    }
    best
}

#[cfg(test)]
mod tests;
