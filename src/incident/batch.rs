//! Several incidents that call one lead within half a minute: one direct message that lists all.
//! Each incident keeps its own row, marked as carried by that message. Mentions in the threads are
//! not held back.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Content, Effect, Incident, IncidentId, Key, OutState, Outgoing};
use crate::escalation::{Reason, UserId};

/// Direct messages to one lead are this far apart.
pub const BATCH_WINDOW: TimeDelta = TimeDelta::seconds(30);
/// Unless one of them is of the immediate class: then this far.
const IMMEDIATE_WINDOW: TimeDelta = TimeDelta::seconds(4);

/// One direct message to send to one lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// To whom.
    pub to: UserId,
    /// The pages it carries, the oldest first. The first one's key is the message's own; all keys
    /// travel with it, so that each can be found.
    pub pages: Vec<(IncidentId, Key)>,
    /// Not before then (UTC).
    pub send_at: DateTime<Utc>,
}

/// Groups the direct messages that may be claimed at `now`, by lead. A page whose earlier delivery
/// is unclear goes alone, because it has to be searched for first.
#[must_use]
pub fn batch_pages<'i>(
    incidents: impl IntoIterator<Item = &'i Incident>,
    now: DateTime<Utc>,
) -> Vec<Batch> {
    let mut leads: BTreeMap<UserId, Pages<'i>> = BTreeMap::new();
    for incident in incidents {
        for out in &incident.outbox {
            if let Effect::Dm {
                to,
                content: Content::Page(_),
            } = &out.effect
            {
                leads
                    .entry(to.clone())
                    .or_default()
                    .take(incident, out, now);
            }
        }
    }
    leads
        .into_iter()
        .flat_map(|(to, pages)| pages.batches(&to, now))
        .collect()
}

/// The pages for one lead.
#[derive(Default)]
struct Pages<'i> {
    waiting: Vec<(&'i Incident, &'i Outgoing)>,
    last: Option<DateTime<Utc>>,
}

impl<'i> Pages<'i> {
    fn take(&mut self, incident: &'i Incident, out: &'i Outgoing, now: DateTime<Utc>) {
        match &out.state {
            OutState::Sent(receipt) => self.last = self.last.max(Some(receipt.at)),
            _ if out.is_claimable(now) => self.waiting.push((incident, out)),
            _ => {}
        }
    }

    fn batches(mut self, to: &UserId, now: DateTime<Utc>) -> Vec<Batch> {
        self.waiting.sort_by_key(|(_, out)| out.created_at);
        let (alone, together): (Vec<_>, Vec<_>) =
            self.waiting.iter().copied().partition(|(_, out)| {
                out.unclear || matches!(out.state, OutState::Claimed(_)) || out.unwanted.is_some()
            });
        let name =
            |(incident, out): &(&Incident, &Outgoing)| (incident.id.clone(), out.key.clone());
        let alone = alone.iter().map(|page| Batch {
            to: to.clone(),
            pages: vec![name(page)],
            send_at: now,
        });
        let window = if together.iter().any(|(_, out)| is_immediate(out)) {
            IMMEDIATE_WINDOW
        } else {
            BATCH_WINDOW
        };
        let together = (!together.is_empty()).then(|| Batch {
            to: to.clone(),
            pages: together.iter().map(name).collect(),
            send_at: self.last.map_or(now, |last| now.max(last + window)),
        });
        alone.chain(together).collect()
    }
}

/// Whether a page is one that must go out at once.
fn is_immediate(out: &Outgoing) -> bool {
    out.page().is_some_and(|page| {
        page.because.iter().any(|reason| {
            !matches!(
                reason,
                Reason::Unresolved { .. } | Reason::Unacknowledged { .. }
            )
        })
    })
}
