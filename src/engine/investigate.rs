//! Performs a look and saves what it found. After a crash it is made again: looking changes nothing.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::effects::Held;
use super::looks::look_safely;
use super::{Happened, Look, Looked, Progress, Shared, crash_point};
use crate::incident::{
    Arrived, Effect, Event, Incident, IncidentId, JoinKey, Outgoing, Purpose, Topic, apply,
};
use crate::intent::Want;
use crate::store::{Commit, StoreError};
use crate::text::Message;

/// A look that is over sooner shows no progress; then at most once in this time.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
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
        let Ok(_slot) = self.looking.acquire().await else {
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
        self.save_look(&held.incident, number, looked).await?;
        crash_point("look-committed");
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
            object: incident.object.clone(),
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

    async fn save_look(
        &self,
        incident: &Incident,
        number: u32,
        looked: Looked,
    ) -> Result<(), StoreError> {
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
                self.observe(Happened::Investigated(purpose, diagnosis.clone()));
                let channel = incident.root.channel.as_str();
                let arrived = Arrived {
                    number,
                    diagnosis,
                    without_ready_replica,
                    anew: self.edits_are_slow(channel).await,
                };
                if self.join(&incident.id, &arrived).await? {
                    return Ok(());
                }
                Event::Investigated(arrived)
            }
        };
        self.records.change(&incident.id, event).await?;
        Ok(())
    }

    /// Whether a new message reaches the thread so much sooner than an edit that the first reply is
    /// left as it is: when many ask at once. Slack takes fifty edits a minute in a whole workspace.
    async fn edits_are_slow(&self, channel: &str) -> bool {
        let (post, edit) = self.parts.slack.backlogs(channel).await;
        edit > EDIT_WITHIN && post < edit
    }

    /// If the root cause is the subject of an open incident, the two become one, in one commit.
    async fn join(&self, id: &IncidentId, arrived: &Arrived) -> Result<bool, StoreError> {
        let Some(own) = self.records.store().load(id).await? else {
            return Ok(false);
        };
        // "Everything is down", with several roots: to be sent to the thread of one of them would
        // hide the others.
        let wide = own.ask.object.is_none() && arrived.diagnosis.root_causes.len() > 1;
        if own.topic != Topic::Problem || own.joined_count > 0 || wide {
            return Ok(false);
        }
        let event = Event::Investigated(arrived.clone());
        let known = self.records.decide(|context| apply(&own, event, context));
        if !known.changed() || !known.incident.is_open() {
            return Ok(false);
        }
        let key = JoinKey::of(&known.incident);
        let older = |other: &Incident| {
            (other.opened_at, &other.id) < (own.opened_at, &own.id) && other.joins(&key)
        };
        let live = self.records.live();
        let Some(other) = live.iter().find(|other| older(other)) else {
            return Ok(false);
        };
        let joined = self.records.decide(|context| {
            let event = Event::JoinedInto {
                incident: other.id.clone(),
                thread: other.root.clone(),
            };
            apply(&known.incident, event, context)
        });
        let told = self.records.decide(|context| {
            let event = Event::ReportedAgain {
                thread: own.root.clone(),
                by: own.origin.clone(),
                at: own.opened_at,
                because: known.incident.immediate.clone(),
                tell: false,
            };
            apply(other, event, context)
        });
        if !joined.changed() || !told.changed() {
            return Ok(false);
        }
        let mut mine = joined.incident;
        // Two events, one commit: the store counts commits.
        mine.version = own.version + 1;
        match self.records.save(Commit::of(mine).and(told.incident)).await {
            Ok(()) => Ok(true),
            // Somebody acted on one of the two meanwhile: it stays an incident of its own.
            Err(StoreError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Whether a question is answered without looking at the world.
pub(super) fn is_of_the_house(want: &Want) -> bool {
    matches!(
        want,
        Want::Help
            | Want::Maintenance { .. }
            | Want::MaintenanceOver
            | Want::Absence { .. }
            | Want::AbsenceOver { .. }
            | Want::Acknowledge
            | Want::Resolve
            | Want::RunAgain
            | Want::WrongAnswer
    )
}
