//! Two records that become one: nothing that was promised, heard or told is lost.

use super::*;
use crate::escalation::{Class, Rung};

fn node() -> Subject {
    Subject::cluster(Kind::Node, "worker-3")
}

fn looked_at(world: &mut World, cluster: &str) {
    let mut diagnosis = diagnosis(Verdict::CauseFound);
    diagnosis.target.cluster = Some(cluster.to_owned());
    let number = world.incident.investigations.last().unwrap().number;
    world.found(number, diagnosis);
    world.incident.subject = Some(node());
}

/// An incident that an alert opened so many minutes after noon.
fn opened(environment: Option<&str>, fingerprint: &str, after: i64) -> World {
    let asked = alert("production", Severity::Warning);
    let mut world = World::open(Asked {
        id: IncidentId::new(fingerprint),
        at: noon() + minutes(after),
        environment: environment.map(str::to_owned),
        alerts: vec![News {
            at: noon() + minutes(after),
            ..news(fingerprint)
        }],
        ..asked
    });
    looked_at(&mut world, "eu-1");
    world
}

fn take_over(world: &mut World, other: &World) {
    world.now = world.now.max(other.now);
    let taken = world.on(Event::TakesOver(Box::new(other.incident.clone())));
    assert_eq!(taken, Outcome::Changed);
}

fn due(world: &World, rung: Rung) -> DateTime<Utc> {
    let mut armed = world.incident.steps.iter().filter(|step| step.is_armed());
    armed.find(|step| step.rung == rung).unwrap().due_at
}

#[test]
fn alerts_of_two_environments_are_one_by_their_node_and_a_person_stays() {
    let (production, staging) = (
        opened(Some("production"), "a", 0),
        opened(Some("staging"), "b", 1),
    );
    let key = JoinKey::of(&staging.incident);
    assert!(production.incident.joins(&key));
    let mut elsewhere = opened(Some("staging"), "c", 1);
    elsewhere.incident.investigations.clear();
    assert!(
        !production.incident.joins(&JoinKey::of(&elsewhere.incident)),
        "nobody looked yet"
    );
    let mut person = World::open(asked("staging"));
    looked_at(&mut person, "eu-1");
    assert!(!production.incident.joins(&JoinKey::of(&person.incident)));
    assert!(!person.incident.joins(&key) || person.incident.environment == key.environment);
    person.incident.environment = None;
    assert!(production.incident.joins(&JoinKey::of(&person.incident)));
}

/// A person's incident about an object of the namespace `production`, looked at in that cluster.
fn person(environment: Option<&str>, cluster: &str, subject: Option<Subject>) -> World {
    let mut world = World::open(Asked {
        environment: environment.map(str::to_owned),
        ..asked("production")
    });
    let mut diagnosis = diagnosis(Verdict::CauseFound);
    diagnosis.target.cluster = Some(cluster.to_owned());
    diagnosis.target.environment = environment.map(str::to_owned);
    world.found(1, diagnosis);
    world.incident.environment = environment.map(str::to_owned);
    world.incident.object = Some(payment());
    world.incident.subject = subject;
    world
}

#[test]
fn the_same_object_is_one_incident_also_where_one_names_no_environment() {
    for subject in [Some(payment()), None] {
        let named = person(Some("production"), "eu-1", subject.clone());
        let unnamed = person(None, "eu-1", subject.clone());
        assert!(
            named.incident.joins(&JoinKey::of(&unnamed.incident)),
            "{subject:?}"
        );
        assert!(
            unnamed.incident.joins(&JoinKey::of(&named.incident)),
            "{subject:?}"
        );
        let elsewhere = person(None, "us-1", subject.clone());
        assert!(
            !named.incident.joins(&JoinKey::of(&elsewhere.incident)),
            "another cluster"
        );
        let staging = person(Some("staging"), "eu-1", subject.clone());
        assert!(
            !named.incident.joins(&JoinKey::of(&staging.incident)),
            "another environment"
        );
    }
    let named = person(Some("production"), "eu-1", Some(payment()));
    let mut other = person(None, "eu-1", Some(payment()));
    let elsewhere = Subject::new(Kind::Deployment, "staging", "payment-service");
    other.incident.object = Some(elsewhere.clone());
    other.incident.subject = Some(elsewhere);
    assert!(
        !named.incident.joins(&JoinKey::of(&other.incident)),
        "another namespace"
    );
}

/// The look at the node found nothing, or could not look: its alert still names the node that is the other's root.
#[test]
fn the_node_that_was_asked_about_is_the_others_root() {
    let production = opened(Some("production"), "a", 0);
    let mut own = opened(None, "n", 1);
    own.incident.subject = None;
    own.incident.object = Some(node());
    assert!(production.incident.joins(&JoinKey::of(&own.incident)));
    assert!(own.incident.joins(&JoinKey::of(&production.incident)));
    own.incident.object = Some(Subject::cluster(Kind::Node, "worker-4"));
    assert!(!production.incident.joins(&JoinKey::of(&own.incident)));
}

#[test]
fn i11_the_earlier_promise_comes_in_the_place_of_the_later_one() {
    let older = opened(None, "n", 0);
    let mut home = opened(Some("production"), "a", 5);
    take_over(&mut home, &older);
    assert_eq!(due(&home, Rung::Unacknowledged), noon() + minutes(10));
    assert_eq!(due(&home, Rung::Unresolved), noon() + minutes(60));
    home.deliver_all();
    home.advance(minutes(120));
    let first = home.deliver_all();
    assert!(!first.is_empty());
    let armed = home.incident.steps.iter().filter(|step| step.is_armed());
    assert_eq!(armed.count(), 0);
    let mut late = opened(Some("production"), "b", 9);
    let mut early = opened(None, "m", 2);
    take_over(&mut early, &late);
    assert_eq!(
        due(&early, Rung::Unresolved),
        noon() + minutes(62),
        "it has the earlier one"
    );
    late.now = early.now;
}

#[test]
fn what_is_acknowledged_stays_so_and_keeps_the_earlier_hour() {
    let older = opened(None, "n", 0);
    let mut home = opened(Some("production"), "a", 5);
    home.say("LEAD", Command::Acknowledge);
    take_over(&mut home, &older);
    assert!(matches!(
        home.incident.status,
        Status::Acknowledged { lead: true, .. }
    ));
    let armed: Vec<&Step> = home
        .incident
        .steps
        .iter()
        .filter(|step| step.is_armed())
        .collect();
    assert_eq!(armed.len(), 1, "{armed:#?}");
    assert_eq!(
        (armed[0].rung, armed[0].due_at),
        (Rung::Unresolved, noon() + minutes(60))
    );
    assert!(armed[0].quiet, "the lead has it in hand");
}

#[test]
fn it_is_of_the_environment_that_matters_most() {
    for (own, other, class) in [
        (Some("staging"), Some("production"), Class::Production),
        (Some("production"), Some("staging"), Class::Production),
        (None, Some("production"), Class::Production),
        (Some("production"), None, Class::Production),
    ] {
        let (mut home, guest) = (opened(own, "a", 0), opened(other, "b", 1));
        home.incident.alerts[0].seen = true;
        take_over(&mut home, &guest);
        assert_eq!(home.incident.environment.as_deref(), Some("production"));
        assert_eq!(home.incident.class, class);
        let moved = own != Some("production");
        assert_eq!(
            home.incident.alerts[0].seen, !moved,
            "another Alertmanager has not seen it"
        );
        assert_eq!(due(&home, Rung::Unacknowledged), noon() + minutes(10));
    }
    let (mut home, guest) = (opened(Some("staging"), "a", 0), opened(None, "b", 1));
    take_over(&mut home, &guest);
    assert_eq!(home.incident.environment.as_deref(), Some("staging"));
    assert_eq!(
        home.incident.class,
        Class::Production,
        "nobody knows that production is well"
    );
}

#[test]
fn what_others_had_joined_comes_along_and_all_ends_close_it() {
    let mut middle = opened(Some("production"), "b", 1);
    let first = opened(Some("production"), "c", 2);
    take_over(&mut middle, &first);
    let mut home = opened(None, "n", 0);
    take_over(&mut home, &middle);
    assert_eq!(
        (home.incident.joined_count, home.incident.joined.len()),
        (2, 2)
    );
    assert_eq!(home.incident.alerts.len(), 3);
    home.now += minutes(3);
    for print in ["c", "n", "b"] {
        assert!(home.incident.is_open());
        home.on(Event::Alerts(vec![News {
            state: State::Resolved,
            at: home.now,
            ..news(print)
        }]));
    }
    assert!(matches!(
        home.incident.status,
        Status::Resolved {
            by: Who::Alert(_),
            ..
        }
    ));
}

#[test]
fn what_a_person_reported_to_the_other_no_alert_closes() {
    let mut guest = opened(Some("production"), "b", 1);
    guest.on(Event::ReportedAgain {
        thread: thread("1800000009.000100"),
        by: Origin::Person(user("ALICE")),
        at: guest.now,
        because: None,
        tell: true,
    });
    let mut home = opened(Some("production"), "a", 0);
    take_over(&mut home, &guest);
    for print in ["a", "b"] {
        home.now += minutes(3);
        home.on(Event::Alerts(vec![News {
            state: State::Resolved,
            at: home.now,
            ..news(print)
        }]));
    }
    assert!(home.incident.is_open());
}

/// Its channel is another one, and nothing was said in it yet.
#[test]
fn a_channel_that_nothing_was_said_in_is_told_where_it_is_handled() {
    let unopened = |channel: &str| ThreadRef {
        channel: ChannelId::new(channel),
        ts: None,
    };
    for (there, notes) in [("C1", 0), ("C2", 1)] {
        let mut world = World::open(Asked {
            thread: unopened("C1"),
            ..alert("production", Severity::Warning)
        });
        world.on(Event::JoinedInto {
            incident: IncidentId::new("other"),
            thread: unopened(there),
        });
        assert_eq!(
            world.incident.claimable(world.now).len(),
            0,
            "the other is not open yet"
        );
        world.advance(minutes(1));
        let ready = world.incident.claimable(world.now);
        let note = |out: &&&Outgoing| {
            matches!(
                &out.effect,
                Effect::Post {
                    content: Content::HandledIn { .. },
                    ..
                }
            )
        };
        assert_eq!(
            (ready.iter().filter(note).count(), ready.len()),
            (notes, notes)
        );
    }
}

/// Both were looked at side by side, and the answer of this one is on its way to Slack.
#[test]
fn a_thread_that_is_just_being_opened_is_told_where_it_is_handled() {
    let unopened = ThreadRef {
        channel: ChannelId::new("C1"),
        ts: None,
    };
    let mut world = World::open(Asked {
        thread: unopened,
        ..alert("production", Severity::Warning)
    });
    world.investigated(Verdict::CauseFound);
    let first = world.incident.investigations[0].message.clone().unwrap();
    let generation = world.claim(&first).unwrap().generation;
    world.on(Event::JoinedInto {
        incident: IncidentId::new("other"),
        thread: thread("1800000000.000100"),
    });
    let notes = |world: &World| {
        let ready = world.incident.claimable(world.now).into_iter();
        let note = |out: &&Outgoing| {
            matches!(
                &out.effect,
                Effect::Post {
                    content: Content::HandledIn { .. },
                    ..
                }
            )
        };
        ready.filter(note).count()
    };
    assert_eq!(notes(&world), 0, "not before the thread is open");
    let receipt = world.receipt();
    world.on(Event::Sent {
        key: first,
        generation,
        receipt,
        carried_by: None,
    });
    assert_eq!(notes(&world), 1);
    world.deliver_all();
    assert!(!world.incident.is_live());
}
