//! Open incidents for a store: each asked, looked into and answered, its calls for the lead armed.

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use vigie::escalation::{Criticality, Lead, Policy, UserId};
use vigie::finding::Diagnosis;
use vigie::incident::{
    Arrived, Asked, ChannelId, Context, Effect, Event, Incident, IncidentId, Origin, OutState,
    OwnerId, Receipt, ThreadRef, Topic, Ts, apply, open,
};
use vigie::intent::{self, Vocabulary};

/// The channel they live in.
pub const CHANNEL: &str = "C0INCIDENTS";

/// Makes them.
pub struct Maker {
    policy: Policy,
    diagnosis: Diagnosis,
    now: DateTime<Utc>,
}

impl Maker {
    /// Incidents of a minute ago that found this.
    pub fn new(diagnosis: Diagnosis) -> Self {
        let policy = Policy {
            environments: [("production".to_owned(), Criticality::Production)].into(),
            leads: vec![Lead::of_everything(UserId::new("U0LEAD"))],
            ..Policy::default()
        };
        Self {
            policy,
            diagnosis,
            now: Utc::now(),
        }
    }

    /// Number `number`; its version is 1, as a store wants the first one it sees.
    pub fn make(&self, number: u32) -> Result<Incident> {
        let at = self.now - TimeDelta::minutes(1);
        let ts = Ts::new(format!("{}.{number:06}", at.timestamp()));
        let root = ThreadRef::under(ChannelId::new(CHANNEL), ts.clone());
        let text = "Service payment est lent en production";
        let asked = Asked {
            id: IncidentId::of_message(&root.channel, &ts),
            topic: Topic::Problem,
            at,
            thread: root,
            origin: Origin::Person(UserId::new("U0ALICE")),
            ask: intent::parse(text, &Vocabulary::default(), None),
            environment: Some("production".into()),
            object: None,
            alerts: Vec::new(),
        };
        let mut incident = open(asked, &self.context()).incident;
        // A placeholder, a look, the answer: a handful of steps, or something is wrong.
        for step in 0..20_u32 {
            let Some(next) = self.step(&incident, number + step)? else {
                incident.version = 1;
                return Ok(incident);
            };
            incident = next;
        }
        bail!("the incident does not come to rest")
    }

    fn context(&self) -> Context<'_> {
        Context {
            policy: &self.policy,
            now: self.now,
            watching_since: self.now,
            nonce: fastrand::u128(..),
        }
    }

    /// Does the most urgent thing it wants done; `None` when there is none.
    fn step(&self, incident: &Incident, micros: u32) -> Result<Option<Incident>> {
        let Some(out) = incident.claimable(self.now).first().copied().cloned() else {
            return Ok(None);
        };
        let claim = Event::Claim {
            key: out.key.clone(),
            owner: OwnerId::new("bench"),
        };
        let claimed = apply(incident, claim, &self.context()).incident;
        let held = claimed.outgoing(&out.key).context("the claimed message")?;
        let OutState::Claimed(claim) = &held.state else {
            bail!("{} cannot be claimed", out.key.as_str());
        };
        let done = match out.effect {
            Effect::Investigate { number, .. } => Event::Investigated(Arrived {
                number,
                diagnosis: Box::new(self.diagnosis.clone()),
                without_ready_replica: Vec::new(),
                anew: false,
                can_silence: false,
            }),
            _ => Event::Sent {
                key: out.key.clone(),
                generation: claim.generation,
                receipt: Receipt {
                    at: self.now,
                    channel: Some(ChannelId::new(CHANNEL)),
                    ts: Some(Ts::new(format!("{}.{micros:06}", self.now.timestamp()))),
                },
                carried_by: None,
            },
        };
        Ok(Some(apply(&claimed, done, &self.context()).incident))
    }
}
