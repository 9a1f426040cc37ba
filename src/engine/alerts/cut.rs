//! Alerts that Alertmanager left out of a message (`max_alerts`): asked for from its API, so that they are
//! placed like the others, and noted on one incident of their group, so that the thread says it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::desk::Active;
use super::{Shared, Told};
use crate::alert::{Alert, Group, Labels, Sender, State};
use crate::incident::{Cut, Event, Incident, IncidentId, apply};
use crate::store::StoreError;

impl Shared {
    /// Completes what arrived. Each Alertmanager is asked once, however many groups came: one that does not
    /// answer must not hold up the pager for longer than one time-out.
    pub(super) async fn ask_for_cut(&self, told: &mut [Told]) {
        let mut asked: BTreeMap<Option<String>, Option<Vec<Active>>> = BTreeMap::new();
        for one in told {
            // Grafana's alerts are not Alertmanager's, and messages were completed when they were read.
            if one.group.truncated == 0 || one.group.sender != Sender::Alertmanager {
                continue;
            }
            let environment = self.environment_of_group(one);
            if !asked.contains_key(&environment) {
                let answer = self.all_active(environment.as_deref()).await;
                asked.insert(environment.clone(), answer);
            }
            let Some(Some(active)) = asked.get(&environment) else {
                continue;
            };
            let told = one.group.alerts.iter();
            let told: BTreeSet<&str> = told.map(|alert| alert.fingerprint.as_str()).collect();
            let missing = missing(
                &one.group.labels,
                one.group.receiver.as_deref(),
                &told,
                active,
            );
            one.found = Some(missing.len() as u64);
            one.group.alerts.extend(missing);
        }
    }

    /// What it has now; `None` when there is none to ask, or it does not answer.
    async fn all_active(&self, environment: Option<&str>) -> Option<Vec<Active>> {
        match self.parts.desk.active(environment, self.now()).await {
            Ok(active) => active,
            Err(error) => {
                let error = error.raw();
                tracing::warn!(error, "Alertmanager cannot tell what its message left out");
                None
            }
        }
    }

    fn environment_of_group(&self, one: &Told) -> Option<String> {
        let mut alerts = one.group.alerts.iter();
        let told = alerts.find_map(|alert| self.environment_of(alert));
        told.or_else(|| one.environment.clone())
    }

    /// Asks again for an incident whose senders could not be asked when they left alerts out.
    pub(super) async fn ask_again(
        &self,
        incident: &Incident,
        active: &[Active],
    ) -> Result<(), StoreError> {
        let live = self.records.live();
        let known = live.iter().flat_map(|one| one.firing());
        let known: BTreeSet<&str> = known.map(|told| told.fingerprint.as_str()).collect();
        let open = |cut: &&Cut| cut.found.is_none() && cut.sender == Sender::Alertmanager;
        let told: Vec<Told> = (incident.cut.iter().filter(open))
            .map(|cut| {
                let missing = missing(&cut.labels, cut.receiver.as_deref(), &known, active);
                again(cut, missing, incident, self.now())
            })
            .collect();
        if told.is_empty() {
            return Ok(());
        }
        self.take(&told, &[]).await
    }

    /// Notes what was left out on the incident that has it noted already, else on the one that has most of
    /// the group's alerts: one thread says it.
    pub(super) async fn note_cut(
        &self,
        changed: &mut BTreeMap<IncidentId, Incident>,
        told: &[Told],
    ) -> Result<(), StoreError> {
        let live = self.records.live();
        for one in told
            .iter()
            .filter(|one| one.group.sender != Sender::Message)
        {
            let cut = cut_of(one, self.environment_of_group(one).as_deref());
            let Some(id) = holder(changed, &live, &cut, one) else {
                continue;
            };
            let (before, version) = match changed.get(&id) {
                // Several events, one commit: the store counts commits.
                Some(incident) => (incident.clone(), Some(incident.version)),
                None => match self.records.current(&id, true).await? {
                    Some(incident) => (incident, None),
                    None => continue,
                },
            };
            let decision = self
                .records
                .decide(|context| apply(&before, Event::Cut(cut), context));
            if decision.changed() {
                let mut after = decision.incident;
                after.version = version.unwrap_or(after.version);
                changed.insert(after.id.clone(), after);
            }
        }
        Ok(())
    }
}

/// Which incident a group's cut is noted on; none when there is nothing to note.
fn holder(
    changed: &BTreeMap<IncidentId, Incident>,
    live: &[Arc<Incident>],
    cut: &Cut,
    one: &Told,
) -> Option<IncidentId> {
    let has = |incident: &&Incident| incident.cut_of(&cut.group).is_some();
    let mut all = changed.values().chain(live.iter().map(AsRef::as_ref));
    if let Some(holder) = all.find(has) {
        return Some(holder.id.clone());
    }
    let share = |incident: &&Incident| {
        let known = |alert: &&Alert| incident.alert(&alert.fingerprint).is_some();
        one.group.alerts.iter().filter(known).count()
    };
    let most = changed.values().max_by_key(share)?;
    (cut.count > 0 && share(&most) > 0).then(|| most.id.clone())
}

fn cut_of(one: &Told, environment: Option<&str>) -> Cut {
    let group = &one.group;
    Cut {
        group: format!("{}/{}", environment.unwrap_or_default(), group.key),
        sender: group.sender,
        labels: group.labels.clone(),
        receiver: group.receiver.clone(),
        count: group.truncated,
        found: one.found.map(|found| found.min(group.truncated)),
    }
}

/// A group of which only the missing alerts are told.
fn again(cut: &Cut, missing: Vec<Alert>, incident: &Incident, now: DateTime<Utc>) -> Told {
    let environment = incident.environment.clone();
    let prefix = format!("{}/", environment.as_deref().unwrap_or_default());
    let key = cut.group.strip_prefix(&prefix).unwrap_or(&cut.group);
    Told {
        found: Some(missing.len() as u64),
        group: Group {
            sender: cut.sender,
            key: key.to_owned(),
            state: State::Firing,
            alerts: missing,
            truncated: cut.count,
            labels: cut.labels.clone(),
            receiver: cut.receiver.clone(),
            sure: true,
            link: None,
        },
        thread: None,
        environment,
        at: now,
    }
}

/// The alerts of a group that its message did not tell: those that Alertmanager would have told.
fn missing(
    labels: &Labels,
    receiver: Option<&str>,
    known: &BTreeSet<&str>,
    active: &[Active],
) -> Vec<Alert> {
    let told = |one: &&Active| {
        let is_there = |name: &String| receiver.is_none_or(|own| own == name);
        one.held.is_none()
            && !known.contains(one.alert.fingerprint.as_str())
            && (receiver.is_none() || one.receivers.iter().any(is_there))
            && labels
                .iter()
                .all(|(name, value)| one.alert.label(name).unwrap_or_default() == value.raw())
    };
    let all = active.iter().filter(told);
    all.map(|one| one.alert.clone()).collect()
}
