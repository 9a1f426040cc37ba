//! Random lives: any order of people, deadlines, crashes, refusals and unclear sends. What must hold
//! after every event is checked after every event; what must hold in the end, after a fair end.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::escalation::Class;

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Act {
    Wait(u16),
    Ack { lead: bool },
    Resolve,
    Reopen,
    Escalate,
    RunAgain,
    Verdict(u8),
    Report,
    TakeOver(u16),
    Send(Fate),
    Restart,
    EditPolicy,
}

/// What becomes of one send.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Fine,
    RateLimited,
    Outage,
    NoSuchUser,
    LostAfterDelivery,
    LostBeforeDelivery,
    CrashBeforeSend,
    CrashAfterDelivery,
    StaleMark,
}

fn fate() -> impl Strategy<Value = Fate> {
    use Fate::*;
    prop_oneof![
        4 => Just(Fine), 1 => Just(RateLimited), 1 => Just(Outage), 1 => Just(NoSuchUser),
        1 => Just(LostAfterDelivery), 1 => Just(LostBeforeDelivery), 1 => Just(CrashBeforeSend),
        1 => Just(CrashAfterDelivery), 1 => Just(StaleMark),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => (1_u16..1800).prop_map(Act::Wait),
        8 => fate().prop_map(Act::Send),
        1 => any::<bool>().prop_map(|lead| Act::Ack { lead }),
        1 => Just(Act::Resolve), 1 => Just(Act::Reopen), 1 => Just(Act::Escalate),
        1 => Just(Act::RunAgain), 2 => (0_u8..14).prop_map(Act::Verdict), 1 => Just(Act::Report),
        1 => (0_u16..3600).prop_map(Act::TakeOver),
        1 => Just(Act::Restart), 1 => Just(Act::EditPolicy),
    ]
}

/// The world, and Slack as it really is: how often each key was posted.
struct Life {
    world: World,
    slack: BTreeMap<Key, (u32, Receipt)>,
    deadlines: BTreeMap<u32, DateTime<Utc>>,
    finals: BTreeMap<u32, StepState>,
    cancelled: Vec<u32>,
}

const VERDICTS: [Verdict; 7] = [
    Verdict::CauseFound,
    Verdict::Healthy,
    Verdict::Recovered,
    Verdict::Expected,
    Verdict::Unknown,
    Verdict::TargetNotFound,
    Verdict::CouldNotLook,
];

/// I24: the audit alone says that a step was armed and how it ended.
fn explained(incident: &Incident, step: &Step) {
    let number = step.number.to_string();
    let told = |what: &str| {
        let mut lines = incident.audit.iter().filter(|line| line.what == what);
        lines.any(|line| line.why.raw().split([':', ' ']).nth(1) == Some(&number))
    };
    let end = match step.state {
        StepState::Sent { .. } => "page-sent",
        StepState::Cancelled { .. } => "step-cancelled",
        StepState::Coalesced { .. } => "step-coalesced",
        _ => "step-undeliverable",
    };
    let said = told("step-armed") && told(end);
    assert!(said, "I24: step {number} ended {:?} unsaid", step.state);
}

impl Life {
    fn new(asked: Asked) -> Self {
        let world = World::open(asked);
        let mut life = Self {
            world,
            slack: BTreeMap::new(),
            deadlines: BTreeMap::new(),
            finals: BTreeMap::new(),
            cancelled: Vec::new(),
        };
        life.check();
        life
    }

    fn live(&mut self, act: Act) {
        let world = &mut self.world;
        let (person, command) = match act {
            Act::Wait(seconds) => {
                world.advance(TimeDelta::seconds(seconds.into()));
                return self.check();
            }
            Act::Send(fate) => {
                self.send(fate);
                return self.check();
            }
            Act::Verdict(n) => {
                let verdict = VERDICTS[usize::from(n) % VERDICTS.len()];
                let number = world.incident.investigations.last().unwrap().number;
                if usize::from(n) < VERDICTS.len() {
                    world.found(number, diagnosis(verdict));
                } else {
                    world.found_anew(number, diagnosis(verdict));
                }
                return self.check();
            }
            Act::Report => {
                world.on(Event::ReportedAgain {
                    thread: thread("1800000002.000100"),
                    by: Origin::Person(user("CAROL")),
                    at: world.now,
                    because: None,
                    tell: true,
                });
                return self.check();
            }
            Act::TakeOver(seconds) => {
                let at = world.now - TimeDelta::seconds(seconds.into());
                let asked = Asked {
                    at,
                    ..alert("production", Severity::Warning)
                };
                let other = World::open_with(asked, world.policy.clone());
                world.on(Event::TakesOver(Box::new(other.incident)));
                return self.check();
            }
            Act::Restart => return world.watching_since = world.now,
            Act::EditPolicy => return world.policy.version += 1,
            Act::Ack { lead: true } => ("LEAD", Command::Acknowledge),
            Act::Ack { lead: false } => ("BOB", Command::Acknowledge),
            Act::Resolve => ("BOB", Command::Resolve),
            Act::Reopen => ("BOB", Command::Reopen),
            Act::Escalate => ("BOB", Command::Escalate),
            Act::RunAgain => ("BOB", Command::RunAgain),
        };
        world.say(person, command);
        self.check();
    }

    /// One message, as the engine does it: claim, look, send, mark.
    fn send(&mut self, fate: Fate) {
        let now = self.world.now;
        let ready = self.world.incident.claimable(now);
        let Some(key) = ready.first().map(|out| out.key.clone()) else {
            return;
        };
        let Ok(claim) = self.world.claim(&key) else {
            return;
        };
        let generation = claim.generation;
        let out = self.world.incident.outgoing(&key).unwrap().clone();
        if !claim.look_only {
            let step = out.page().map(|page| page.step);
            let stopped = step.is_some_and(|step| self.cancelled.contains(&step));
            assert!(
                !stopped,
                "I7: {key:?} was claimed after its step was cancelled"
            );
        }
        let found = claim
            .look_first
            .then(|| self.slack.get(&key).cloned())
            .flatten();
        let event = if let Some((_, receipt)) = found {
            Some(Event::Sent {
                key,
                generation,
                receipt,
                carried_by: None,
            })
        } else if claim.look_only {
            Some(Event::NotFound { key, generation })
        } else {
            self.transmit(&out, generation, fate)
        };
        if let Some(event) = event {
            self.world.on(event);
        }
    }

    fn transmit(&mut self, out: &Outgoing, generation: u64, fate: Fate) -> Option<Event> {
        let key = out.key.clone();
        let refused = |refusal| {
            Some(Event::Refused {
                key: key.clone(),
                generation,
                refusal,
            })
        };
        let now = self.world.now;
        match fate {
            Fate::RateLimited => refused(Refusal::RateLimited {
                retry_at: now + TimeDelta::seconds(30),
            }),
            Fate::Outage => refused(Refusal::Temporary {
                code: "503".to_owned(),
            }),
            Fate::NoSuchUser if matches!(out.effect, Effect::Dm { .. }) => {
                refused(Refusal::Recipient(crate::escalation::Skip::Unknown))
            }
            Fate::CrashBeforeSend => None,
            Fate::LostBeforeDelivery => Some(Event::Unclear { key, generation }),
            Fate::CrashAfterDelivery => {
                self.post(out);
                None
            }
            Fate::LostAfterDelivery => {
                self.post(out);
                Some(Event::Unclear { key, generation })
            }
            Fate::StaleMark | Fate::NoSuchUser | Fate::Fine => {
                let receipt = self.post(out);
                if matches!(fate, Fate::StaleMark) {
                    let generation = generation - 1;
                    let stale = Event::Sent {
                        key: key.clone(),
                        generation,
                        receipt: receipt.clone(),
                        carried_by: None,
                    };
                    assert_eq!(
                        self.world.on(stale),
                        Outcome::Ignored(Ignored::StaleClaim),
                        "I5"
                    );
                }
                Some(Event::Sent {
                    key,
                    generation,
                    receipt,
                    carried_by: None,
                })
            }
        }
    }

    fn post(&mut self, out: &Outgoing) -> Receipt {
        let receipt = self.world.receipt();
        let entry = self
            .slack
            .entry(out.key.clone())
            .or_insert((0, receipt.clone()));
        entry.0 += 1;
        let once = matches!(
            out.effect,
            Effect::Post { .. } | Effect::Dm { .. } | Effect::Ephemeral { .. }
        );
        assert!(
            !once || entry.0 == 1,
            "I3: {:?} was posted {} times",
            out.key,
            entry.0
        );
        receipt
    }

    /// What holds after every event.
    fn check(&mut self) {
        let incident = &self.world.incident;
        for step in &incident.steps {
            let due = self.deadlines.entry(step.number).or_insert(step.due_at);
            assert_eq!(
                *due, step.due_at,
                "I11: deadline of step {} moved",
                step.number
            );
            if step.is_final() {
                let end = self
                    .finals
                    .entry(step.number)
                    .or_insert_with(|| step.state.clone());
                assert_eq!(
                    *end, step.state,
                    "I1: the end of step {} changed",
                    step.number
                );
                explained(incident, step);
            }
            if matches!(step.state, StepState::Cancelled { .. })
                && !self.cancelled.contains(&step.number)
            {
                self.cancelled.push(step.number);
            }
        }
        if incident.is_open() {
            let hour = incident
                .steps
                .iter()
                .filter(|step| step.round == incident.round);
            let hour = hour
                .filter(|step| step.rung == crate::escalation::Rung::Unresolved)
                // An earlier one of an incident that joined came in its place.
                .filter(|step| !matches!(step.state, StepState::Coalesced { .. }))
                .count();
            assert_eq!(hour, 1, "an open incident has its hour");
        }
        let keys: std::collections::BTreeSet<_> =
            incident.outbox.iter().map(|out| &out.key).collect();
        assert_eq!(keys.len(), incident.outbox.len(), "keys are unique");
        if incident.immediate.is_some() {
            assert_eq!(incident.class, Class::Immediate, "I14");
        }
    }

    /// Fair end: the store and Slack are back, everything is tried until nothing is left.
    fn end(&mut self) {
        for _ in 0..400 {
            if let Some(one) = self.world.incident.investigations.last()
                && matches!(one.state, InvestigationState::Running { .. })
            {
                self.live(Act::Verdict(4));
            }
            while !self.world.incident.claimable(self.world.now).is_empty() {
                self.live(Act::Send(Fate::Fine));
            }
            if self
                .world
                .incident
                .next_wake(&self.world.context())
                .is_none()
            {
                break;
            }
            self.live(Act::Wait(60));
        }
        let incident = &self.world.incident;
        assert!(
            incident.next_wake(&self.world.context()).is_none(),
            "it never comes to rest"
        );
        for step in &incident.steps {
            assert!(
                step.is_final(),
                "I1: step {} ends silently: {step:?}",
                step.number
            );
            let undeliverable = matches!(step.state, StepState::Undeliverable { .. });
            assert!(
                !undeliverable,
                "I2: step {} was given up, and the webhook works",
                step.number
            );
            if let StepState::Sent { .. } = step.state {
                let shown = incident.outbox.iter().any(|out| {
                    out.page().is_some_and(|page| page.step == step.number)
                        && self.slack.contains_key(&out.key)
                });
                assert!(
                    shown,
                    "I2: step {} is called sent and nobody was",
                    step.number
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn i01_i02_i03_i05_i07_i11_i14_i24_hold_in_any_life(
        kind in 0_u8..4,
        acts in proptest::collection::vec(act(), 1..60),
    ) {
        let asked = match kind {
            0 => asked("production"),
            1 => asked("staging"),
            2 => danger(),
            _ => alert("production", Severity::Critical),
        };
        let mut life = Life::new(asked);
        for act in acts {
            life.live(act);
        }
        life.end();
    }
}
