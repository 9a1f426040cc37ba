//! Tests of the incident: stories of one thread, the model of the sending protocol, and random
//! sequences of events. Invariants carry their number of the reliability contract in their name.

mod alerts;
mod delivery;
mod immediate;
mod join;
mod ladder;
mod model;
mod noise;
mod random;
mod refusals;
mod remember;
mod stories;
mod threads;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::alert::{About, Labels, State};
use crate::escalation::{Criticality, Lead, Next, Policy, Severity, Step, StepState, UserId};
use crate::finding::{Diagnosis, Kind, Subject, Target, Verdict};
use crate::intent::{Ask, Danger, Want};
use crate::text::{Language, Message, Untrusted};

/// One incident and the world around it, moved by hand.
#[derive(Clone)]
pub(super) struct World {
    pub policy: Policy,
    pub now: DateTime<Utc>,
    pub watching_since: DateTime<Utc>,
    pub nonce: u128,
    pub incident: Incident,
    pub sent: u32,
}

pub(super) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(super) fn policy() -> Policy {
    let environments = [
        ("production", Criticality::Production),
        ("staging", Criticality::Normal),
    ];
    Policy {
        environments: environments.map(|(name, c)| (name.to_owned(), c)).into(),
        leads: vec![
            Lead::of_everything(user("LEAD")),
            Lead::of_everything(user("SECOND")),
        ],
        webhook: true,
        ..Policy::default()
    }
}

pub(super) fn user(name: &str) -> UserId {
    UserId::new(name)
}

pub(super) fn ask(text: &str) -> Ask {
    Ask {
        language: Language::Fr,
        want: Want::Problem,
        symptoms: Vec::new(),
        environment: None,
        namespace: None,
        object: None,
        address: None,
        whole: false,
        text: Untrusted::from(text),
        danger: None,
    }
}

pub(super) fn thread(ts: &str) -> ThreadRef {
    ThreadRef::under(ChannelId::new("C1"), Ts::new(ts))
}

pub(super) fn payment() -> Subject {
    Subject::new(Kind::Deployment, "production", "payment-service")
}

pub(super) fn asked(environment: &str) -> Asked {
    let root = thread("1800000000.000100");
    Asked {
        id: IncidentId::of_message(&root.channel, root.ts.as_ref().unwrap()),
        topic: Topic::Problem,
        at: noon(),
        thread: root,
        origin: Origin::Person(user("ALICE")),
        ask: ask("Service payment est lent en production"),
        environment: Some(environment.to_owned()),
        object: Some(payment()),
        alerts: Vec::new(),
    }
}

pub(super) fn alert(environment: &str, severity: Severity) -> Asked {
    let origin = Origin::Alert {
        name: "HighErrorRate".into(),
        fingerprint: "f1".to_owned(),
        severity,
    };
    Asked {
        origin,
        alerts: vec![News {
            severity,
            ..news("f1")
        }],
        ..asked(environment)
    }
}

/// An alert that fires since noon.
pub(super) fn news(fingerprint: &str) -> News {
    News {
        fingerprint: fingerprint.to_owned(),
        name: "HighErrorRate".into(),
        severity: Severity::Warning,
        about: About::Object(payment()),
        labels: Labels::new(),
        said: crate::alert::Said::default(),
        state: State::Firing,
        at: noon(),
        received: noon(),
        group: None,
    }
}

pub(super) fn diagnosis(verdict: Verdict) -> Diagnosis {
    Diagnosis {
        question: Untrusted::from("q"),
        language: Language::Fr,
        target: Target::default(),
        verdict,
        headline: Message::new("h"),
        root_causes: Vec::new(),
        findings: Vec::new(),
        ruled_out: Vec::new(),
        changes: Vec::new(),
        advice: Vec::new(),
        charts: Vec::new(),
        suggestions: Vec::new(),
        ledger: Vec::new(),
        started_at: noon(),
        elapsed_ms: 1,
    }
}

impl World {
    pub fn open(asked: Asked) -> Self {
        Self::open_with(asked, policy())
    }

    pub fn open_with(asked: Asked, policy: Policy) -> Self {
        let now = asked.at + TimeDelta::milliseconds(50);
        let watching_since = now - TimeDelta::hours(1);
        let decision = open(
            asked,
            &Context {
                policy: &policy,
                now,
                watching_since,
                nonce: 7,
            },
        );
        Self {
            policy,
            now,
            watching_since,
            nonce: 7,
            incident: decision.incident,
            sent: 0,
        }
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            policy: &self.policy,
            now: self.now,
            watching_since: self.watching_since,
            nonce: self.nonce,
        }
    }

    pub fn on(&mut self, event: Event) -> Outcome {
        self.nonce += 1;
        let before = self.incident.version;
        let decision = apply(&self.incident, event, &self.context());
        let expected = before + u64::from(decision.changed());
        assert_eq!(
            decision.incident.version, expected,
            "each change is one version"
        );
        self.incident = decision.incident;
        decision.outcome
    }

    pub fn tick(&mut self) {
        self.on(Event::Tick);
    }

    /// Moves the clock, looking at the deadlines whenever one of them comes.
    pub fn advance(&mut self, by: TimeDelta) {
        let until = self.now + by;
        while self.now < until {
            self.now = match super::apply::next(&self.incident, &self.context()) {
                Next::Wait { until: wake } => wake.max(self.now + TimeDelta::seconds(1)).min(until),
                Next::Done => until,
                _ => self.now,
            };
            self.tick();
        }
    }

    pub fn actor(&self, name: &str) -> Actor {
        Actor {
            user: user(name),
            authorised: true,
            at: self.now,
            thread: self.incident.root.clone(),
        }
    }

    pub fn say(&mut self, name: &str, command: Command) -> Outcome {
        let actor = self.actor(name);
        self.on(Event::Said { command, actor })
    }

    pub fn investigated(&mut self, verdict: Verdict) -> Outcome {
        let number = self.incident.investigations.last().unwrap().number;
        self.found(number, diagnosis(verdict))
    }

    pub fn found(&mut self, number: u32, diagnosis: Diagnosis) -> Outcome {
        self.arrived(number, diagnosis, false)
    }

    /// The same while too many edits wait.
    pub fn found_anew(&mut self, number: u32, diagnosis: Diagnosis) -> Outcome {
        self.arrived(number, diagnosis, true)
    }

    fn arrived(&mut self, number: u32, diagnosis: Diagnosis, anew: bool) -> Outcome {
        self.on(Event::Investigated(Arrived {
            number,
            diagnosis: Box::new(diagnosis),
            without_ready_replica: Vec::new(),
            anew,
            can_silence: true,
        }))
    }

    pub fn claim(&mut self, key: &Key) -> Result<Claim, Outcome> {
        let owner = OwnerId::new("me");
        let outcome = self.on(Event::Claim {
            key: key.clone(),
            owner,
        });
        match &self.incident.outgoing(key).map(|out| &out.state) {
            Some(OutState::Claimed(claim)) if outcome == Outcome::Changed => Ok(claim.clone()),
            _ => Err(outcome),
        }
    }

    pub fn receipt(&mut self) -> Receipt {
        self.sent += 1;
        Receipt {
            at: self.now,
            channel: Some(ChannelId::new("C1")),
            ts: Some(Ts::new(format!("1800000001.{:06}", self.sent))),
        }
    }

    pub fn deliver(&mut self, key: &Key) -> Outcome {
        let generation = self.claim(key).unwrap().generation;
        let receipt = self.receipt();
        self.on(Event::Sent {
            key: key.clone(),
            generation,
            receipt,
            carried_by: None,
        })
    }

    /// Sends everything that may be sent, and returns the pages among it, as `thread`, `dm`…
    pub fn deliver_all(&mut self) -> Vec<String> {
        let mut pages = Vec::new();
        loop {
            let ready = self.incident.claimable(self.now);
            let ready = ready
                .iter()
                .find(|out| !matches!(out.effect, Effect::Investigate { .. }));
            let Some((key, page)) = ready.map(|out| (out.key.clone(), out.page().is_some())) else {
                return pages;
            };
            if page {
                pages.push(key.as_str().rsplit('/').next().unwrap().to_owned());
            }
            self.deliver(&key);
        }
    }

    pub fn page_keys(&self) -> Vec<Key> {
        let pages = self
            .incident
            .outbox
            .iter()
            .filter(|out| out.page().is_some());
        pages.map(|out| out.key.clone()).collect()
    }

    pub fn step(&self, number: u32) -> &Step {
        self.incident
            .steps
            .iter()
            .find(|step| step.number == number)
            .unwrap()
    }

    pub fn states(&self) -> Vec<&StepState> {
        self.incident.steps.iter().map(|step| &step.state).collect()
    }

    pub fn was_audited(&self, what: &str) -> bool {
        self.incident.audit.iter().any(|line| line.what == what)
    }
}

pub(super) fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

pub(super) fn danger() -> Asked {
    let mut asked = asked("staging");
    asked.ask.danger = Some(Danger::DataLoss);
    asked
}
