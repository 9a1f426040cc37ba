//! A message of which nobody can tell which alert it is about: a question mark under it says so, and nothing is
//! opened.

use std::collections::BTreeMap;

use super::{Shared, Told};
use crate::alert::{About, Alert, Sender, State};
use crate::escalation::Severity;
use crate::incident::{Asked, Incident, IncidentId, Origin, ThreadRef, Topic, mark};
use crate::store::StoreError;

/// The emoji.
const QUESTION: &str = "question";

impl Shared {
    /// Whether it names no alert, no API knows one either, and there is nothing but the whole cluster to look at. A
    /// critical one is looked at all the same; information alone is never.
    pub(super) fn is_puzzling(&self, one: &Told) -> bool {
        let nobodys = |alert: &Alert| {
            alert.name.is_blank()
                && alert.state == State::Firing
                && self.parts.desk.place(alert) == (About::Cluster, Severity::Warning)
        };
        let group = &one.group;
        group.sender == Sender::Message && !group.sure && group.alerts.iter().any(nobodys)
    }

    /// What is to be saved for such messages of a batch: each gets its mark once.
    pub(super) async fn puzzles(&self, told: &[Told]) -> Result<Vec<Incident>, StoreError> {
        let mut marked: BTreeMap<IncidentId, Incident> = BTreeMap::new();
        for one in told.iter().filter(|one| self.is_puzzling(one)) {
            let Some(ThreadRef {
                channel,
                ts: Some(ts),
            }) = &one.thread
            else {
                continue;
            };
            let id = IncidentId::of_mark(channel, ts);
            if marked.contains_key(&id) || self.records.current(&id, true).await?.is_some() {
                continue;
            }
            let asked = Asked {
                id: id.clone(),
                topic: Topic::Notice,
                at: one.at,
                // Not the thread: what is said there later is about something else.
                thread: ThreadRef {
                    channel: channel.clone(),
                    ts: None,
                },
                origin: Origin::Bot,
                ask: self.understand("", Some(self.parts.language)),
                environment: one.environment.clone(),
                object: None,
                alerts: Vec::new(),
            };
            let ts = ts.clone();
            let decided = self
                .records
                .decide(|context| mark(asked, ts, QUESTION, context));
            marked.insert(id, decided.incident);
        }
        Ok(marked.into_values().collect())
    }
}
