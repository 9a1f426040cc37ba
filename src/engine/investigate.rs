//! Performs a look and saves what it found. After a crash it is made again: looking changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::effects::Held;
use super::looks::look_safely;
use super::{Happened, Look, Looked, Progress, Shared, crash_point};
use crate::alert::{About, Alert, Labels};
use crate::finding::{Diagnosis, Subject, Verdict};
use crate::incident::{
    Arrived, Effect, Event, Incident, IncidentId, JoinKey, Origin, OutState, Outgoing, Purpose,
    Status, Told, Topic, apply,
};
use crate::store::{Commit, StoreError};
use crate::text::Message;

/// A look that is over sooner shows no progress; then at most once in this time.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
/// Attempts to make two incidents one while somebody acts on them.
const ATTEMPTS: usize = 20;
/// An answer that would wait longer than this for its edit comes as a message of its own.
const EDIT_WITHIN: Duration = Duration::from_secs(3);
/// A look never gets less time than this.
const AT_LEAST: Duration = Duration::from_secs(1);

impl Shared {
    /// Makes the look an outgoing row asks for.
    pub(super) async fn investigate(
        &self,
        id: &IncidentId,
        out: &Outgoing,
    ) -> Result<(), StoreError> {
        let Ok(slot) = self.looking.acquire().await else {
            return Ok(());
        };
        let Some(held) = self.claim(id, &out.key).await? else {
            return Ok(());
        };
        let Effect::Investigate { number, wanted_by } = held.out.effect else {
            return Ok(());
        };
        let Some(one) = held.incident.investigation(number) else {
            return Ok(());
        };
        let purpose = one.purpose;
        if purpose == Purpose::Question
            && let Some(answer) = self.answer_of_the_house(&held.incident).await?
        {
            let event = Event::Answered { number, answer };
            self.records.change(id, event).await?;
            return Ok(());
        }
        let look = self.look_of(&held.incident, purpose, wanted_by);
        let looked = self.look(&held, number, look).await;
        crash_point("look-done");
        let looked = self.save_look(&held.incident, number, looked).await?;
        crash_point("look-committed");
        // The past of a rule is read for seconds, and nobody waits for it: whoever waits for a look goes first.
        drop(slot);
        if looked && !held.incident.alerts.is_empty() {
            self.advise(&held.incident.id).await?;
        }
        Ok(())
    }

    fn look_of(
        &self,
        incident: &Incident,
        purpose: Purpose,
        wanted_by: Option<DateTime<Utc>>,
    ) -> Look {
        let usual = self.parts.look_within;
        let left = wanted_by.map(|by| (by - self.now()).to_std().unwrap_or_default());
        Look {
            incident: incident.id.as_str().to_owned(),
            ask: incident.ask.clone(),
            purpose,
            environment: incident.environment.clone(),
            by_alert: matches!(incident.origin, Origin::Alert { .. }),
            object: incident.object.clone(),
            alerts: incident.firing().filter_map(asking).collect(),
            shares: self.shares(incident.root.channel.as_str(), false),
            within: left.map_or(usual, |left| left.min(usual)).max(AT_LEAST),
        }
    }

    /// Looks, and shows in the thread how far it is: only the newest word, and never after the end.
    async fn look(&self, held: &Held, number: u32, look: Look) -> Looked {
        let (tell, mut told) = mpsc::unbounded_channel::<Message>();
        let progress: Progress = Arc::new(move |doing| {
            // Nobody listens any more once the look is over.
            let _ = tell.send(doing);
        });
        let quiet = look.purpose == Purpose::BeforePage;
        let looking = look_safely(self.parts.looks.as_ref(), look, progress, self.now());
        tokio::pin!(looking);
        loop {
            tokio::select! {
                biased;
                looked = &mut looking => return looked,
                () = tokio::time::sleep(PROGRESS_EVERY), if !quiet => {}
            }
            let newest = std::iter::from_fn(|| told.try_recv().ok()).last();
            let Some(doing) = newest else { continue };
            let event = Event::Progress { number, doing };
            if let Err(error) = self.records.change(&held.incident.id, event).await {
                tracing::warn!(%error, "progress could not be saved");
            }
        }
    }

    /// Saves what a look found; whether it is a diagnosis of this incident's own.
    async fn save_look(
        &self,
        incident: &Incident,
        number: u32,
        looked: Looked,
    ) -> Result<bool, StoreError> {
        let answering = Answering::one(&self.answering);
        let event = match looked {
            Looked::Answered(answer) => Event::Answered { number, answer },
            Looked::Ambiguous(question, choices) => Event::Ambiguous {
                number,
                question,
                choices,
            },
            Looked::Diagnosed(diagnosis, without_ready_replica) => {
                let purpose = incident
                    .investigation(number)
                    .map_or(Purpose::First, |one| one.purpose);
                tell_log(purpose, &diagnosis);
                self.observe(Happened::Investigated(purpose, diagnosis.clone()));
                let channel = incident.root.channel.as_str();
                let arrived = Arrived {
                    number,
                    diagnosis,
                    without_ready_replica,
                    anew: self.edits_are_slow(channel, &answering).await,
                    can_silence: self.parts.desk.can_silence(incident.environment.as_deref()),
                };
                if self.join(&incident.id, &arrived).await? {
                    return Ok(false);
                }
                Event::Investigated(arrived)
            }
        };
        let looked = matches!(event, Event::Investigated(_));
        self.records.change(&incident.id, event).await?;
        self.join_late(&incident.id).await?;
        Ok(looked)
    }

    /// Whether a new message reaches the thread so much sooner than an edit that the first reply is
    /// left as it is: when many ask at once. Slack takes fifty edits a minute in a whole workspace.
    async fn edits_are_slow(&self, channel: &str, answering: &Answering<'_>) -> bool {
        let decided = answering.before + edits_due(&self.records.live());
        let (post, edit) = self.parts.slack.backlogs(channel, decided).await;
        edit > EDIT_WITHIN && post < edit
    }

    /// If the root cause is the subject of an open incident, the two become one, in one commit.
    async fn join(&self, id: &IncidentId, arrived: &Arrived) -> Result<bool, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(own) = self.records.store().load(id).await? else {
                return Ok(false);
            };
            let event = Event::Investigated(arrived.clone());
            let known = self.records.decide(|context| apply(&own, event, context));
            if !known.changed() {
                return Ok(false);
            }
            let Some(home) = self.home(&known.incident) else {
                return Ok(false);
            };
            if self.merge(known.incident, own.version, &home).await? {
                return Ok(true);
            }
        }
        // Somebody keeps acting on one of the two: it stays an incident of its own.
        Ok(false)
    }

    /// Two that were looked at side by side know each other's cause only now: one joins. Both change often in this
    /// moment, so each attempt begins with what is saved by then.
    async fn join_late(&self, id: &IncidentId) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let Some((one, home)) = self.pair_of(id) else {
                return Ok(());
            };
            self.merge(Incident::clone(&one), one.version, &home)
                .await?;
        }
        Ok(())
    }

    /// Two that are the same problem, one of them that one: first whoever joins.
    fn pair_of(&self, id: &IncidentId) -> Option<(Arc<Incident>, Arc<Incident>)> {
        let own = self.records.get(id)?;
        if let Some(home) = self.home(&own) {
            return Some((own, home));
        }
        let live = self.records.live();
        let mut guests = live.into_iter().filter(|one| yields(one, &own));
        guests.next().map(|guest| (guest, own))
    }

    /// The open incident that a report becomes part of; the oldest of several.
    fn home(&self, own: &Incident) -> Option<Arc<Incident>> {
        let live = self.records.live();
        let homes = live.into_iter().filter(|other| yields(own, other));
        homes.min_by(|a, b| (a.opened_at, &a.id).cmp(&(b.opened_at, &b.id)))
    }

    /// Makes `own` part of `other`, if nobody acted on one of them meanwhile. `version`: what is saved of
    /// `own`; two events may be one commit, and the store counts commits.
    async fn merge(
        &self,
        own: Incident,
        version: u64,
        other: &Incident,
    ) -> Result<bool, StoreError> {
        let joined = self.records.decide(|context| {
            let event = Event::JoinedInto {
                incident: other.id.clone(),
                thread: other.root.clone(),
            };
            apply(&own, event, context)
        });
        let told = self.records.decide(|context| {
            let event = Event::TakesOver(Box::new(own.clone()));
            apply(other, event, context)
        });
        if !joined.changed() || !told.changed() {
            return Ok(false);
        }
        let mut mine = joined.incident;
        mine.version = version + 1;
        match self.records.save(Commit::of(mine).and(told.incident)).await {
            Ok(()) => Ok(true),
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A look whose answer is being saved: until it is, nobody sees that it will be an edit.
struct Answering<'a> {
    all: &'a AtomicUsize,
    /// How many others there were before it.
    before: usize,
}

impl<'a> Answering<'a> {
    fn one(all: &'a AtomicUsize) -> Self {
        let before = all.fetch_add(1, Ordering::SeqCst);
        Self { all, before }
    }
}

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Edits that are decided and that nobody has begun to send: the limiter does not know of them yet.
fn edits_due(live: &[Arc<Incident>]) -> usize {
    let all = live.iter().flat_map(|incident| &incident.outbox);
    all.filter(|out| out.state == OutState::Due && matches!(out.effect, Effect::Update { .. }))
        .count()
}

/// An alert as a look begins with it; `None` for one whose labels are not kept.
fn asking(told: &Told) -> Option<(About, Alert)> {
    let alert = Alert {
        generator: None,
        name: told.name.clone(),
        state: told.state,
        labels: told.labels.clone(),
        annotations: Labels::new(),
        starts_at: Some(told.since),
        ends_at: None,
        fingerprint: told.fingerprint.clone(),
    };
    (!told.labels.is_empty()).then(|| (told.about.clone(), alert))
}

/// Whether `own` becomes part of `other`: the younger of the two, or whichever may. Of what alerts alone reported,
/// the one that found more stays: its thread shows the cause of both.
fn yields(own: &Incident, other: &Incident) -> bool {
    if own.id == other.id || !other.is_open() || !may_join(own) {
        return false;
    }
    let mine = JoinKey::of(own);
    let found_more = || {
        let theirs = JoinKey::of(other);
        mine.only_alerts && theirs.only_alerts && !belongs(other, own, &theirs)
    };
    belongs(own, other, &mine) && (is_younger(own, other) || !may_join(other) || found_more())
}

/// Whether `own` is the same problem as `other`. "Everything is down", with several roots, is so only
/// with another that found the same: to be sent to the thread of one root would hide the others.
fn belongs(own: &Incident, other: &Incident, key: &JoinKey) -> bool {
    let mine = roots(own);
    if own.ask.object.is_some() || mine.len() < 2 {
        return other.joins(key);
    }
    other.is_open() && other.environment == key.environment && roots(other) == mine
}

/// The objects to change, as the newest diagnosis has them.
fn roots(incident: &Incident) -> BTreeSet<&Subject> {
    let diagnosis = incident.diagnosis().into_iter();
    let diagnosis = diagnosis.filter(|one| one.verdict == Verdict::CauseFound);
    let roots = diagnosis.flat_map(|diagnosis| &diagnosis.root_causes);
    roots.map(|root| &root.finding.subject).collect()
}

/// Whether a problem may become part of another one. Not one that somebody has in hand or for which the lead was
/// called: that must stay true, so the other one joins it, whichever is older. Nor a storm, which takes in what comes.
fn may_join(own: &Incident) -> bool {
    let called = own.outbox.iter().any(|out| {
        let out_there = matches!(
            out.state,
            OutState::Claimed(_) | OutState::Sent(_) | OutState::Coalesced { .. }
        );
        out_there && out.page().is_some()
    });
    let free = own.status == Status::Open && !called;
    own.topic == Topic::Problem && free && !own.id.is_storm()
}

/// Whether `one` was reported after `other`.
fn is_younger(one: &Incident, other: &Incident) -> bool {
    (other.opened_at, &other.id) < (one.opened_at, &one.id)
}

/// One line for whoever reads the log beside the thread.
fn tell_log(purpose: Purpose, diagnosis: &Diagnosis) {
    let root = diagnosis.root_causes.first();
    let requests: u32 = diagnosis.ledger.iter().map(|line| line.requests).sum();
    tracing::info!(
        ?purpose,
        verdict = ?diagnosis.verdict,
        cause = root.map(|root| root.finding.cause.code()),
        subject = root.map(|root| root.finding.subject.label()),
        requests,
        ms = diagnosis.elapsed_ms,
        "looked"
    );
}
