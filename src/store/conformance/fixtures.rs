//! Records and arrivals for the tests of every engine.

use chrono::{DateTime, Utc};

use crate::escalation::{Policy, UserId};
use crate::incident::{
    Actor, Asked, ChannelId, Command, Context, Event, Incident, IncidentId, Origin, ThreadRef,
    Topic, Ts, apply, open,
};
use crate::intent::{Ask, Want};
use crate::store::{Accepted, Arrival, InboxId};
use crate::text::{Language, Untrusted};

pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(crate) fn context(policy: &Policy) -> Context<'_> {
    Context {
        policy,
        now: noon(),
        watching_since: noon(),
        nonce: 1,
    }
}

/// An incident as it is born.
pub(crate) fn incident(n: u32) -> Incident {
    let root = thread(&format!("18000{n:05}.000100"));
    let asked = Asked {
        id: IncidentId::of_message(&root.channel, root.ts.as_ref().unwrap()),
        topic: Topic::Problem,
        at: noon(),
        thread: root,
        origin: Origin::Person(UserId::new("U1")),
        ask: Ask {
            language: Language::En,
            want: Want::Problem,
            symptoms: Vec::new(),
            environment: None,
            namespace: None,
            object: None,
            address: None,
            whole: false,
            text: Untrusted::from("payment is slow"),
            danger: None,
        },
        environment: None,
        object: None,
        alerts: Vec::new(),
    };
    open(asked, &context(&Policy::default())).incident
}

pub(crate) fn thread(ts: &str) -> ThreadRef {
    ThreadRef::under(ChannelId::new("C1"), Ts::new(ts))
}

/// Its next version, after somebody did something.
pub(crate) fn next(incident: &Incident, command: Command) -> Incident {
    let actor = Actor {
        user: UserId::new("U1"),
        authorised: true,
        at: noon(),
        thread: incident.root.clone(),
    };
    let decision = apply(
        incident,
        Event::Said { command, actor },
        &context(&Policy::default()),
    );
    assert!(decision.changed());
    decision.incident
}

pub(crate) fn arrival(names: &[&str]) -> Arrival {
    Arrival {
        keys: names.iter().map(|name| (*name).to_owned()).collect(),
        kind: "slack-event".to_owned(),
        payload: format!("{{\"names\":{names:?}}}"),
        received_at: noon(),
    }
}

pub(crate) fn number(accepted: Accepted) -> InboxId {
    match accepted {
        Accepted::New(id) => id,
        Accepted::Duplicate => panic!("taken for a duplicate"),
    }
}
