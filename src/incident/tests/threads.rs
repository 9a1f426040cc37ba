//! Joining, and one message for several incidents.

use super::*;

fn key(object: Option<Subject>, subject: Option<Subject>) -> JoinKey {
    JoinKey {
        environment: Some("production".to_owned()),
        object,
        subject,
        ..JoinKey::default()
    }
}

fn database() -> Subject {
    Subject::new(Kind::StatefulSet, "production", "postgres")
}

#[test]
fn before_the_cause_is_known_the_asked_object_joins() {
    let world = World::open(asked("production"));
    assert!(world.incident.joins(&key(Some(payment()), None)));
    assert!(!world.incident.joins(&key(Some(database()), None)));
    assert!(
        !world.incident.joins(&key(None, None)),
        "a wide question is another one"
    );
    let elsewhere = JoinKey {
        environment: Some("staging".to_owned()),
        ..key(Some(payment()), None)
    };
    assert!(!world.incident.joins(&elsewhere));
}

/// The alert of a node names no environment; those of what ran there do.
#[test]
fn one_node_is_one_incident_with_and_without_an_environment() {
    let node = || Subject::cluster(Kind::Node, "worker-3");
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let looked = world.incident.investigations.last_mut().unwrap();
    let InvestigationState::Done(diagnosis) = &mut looked.state else {
        panic!("{looked:?}");
    };
    diagnosis.target.cluster = Some("eu-1".to_owned());
    world.incident.subject = Some(node());
    let of_node = JoinKey {
        environment: None,
        cluster: Some("eu-1".to_owned()),
        object: Some(node()),
        subject: Some(node()),
        ..JoinKey::default()
    };
    assert!(world.incident.joins(&of_node));
    let another_cluster = JoinKey {
        cluster: Some("us-1".to_owned()),
        ..of_node.clone()
    };
    assert!(!world.incident.joins(&another_cluster));
    let not_looked_yet = JoinKey {
        cluster: None,
        subject: None,
        ..of_node.clone()
    };
    assert!(!world.incident.joins(&not_looked_yet));
    let another_environment = JoinKey {
        environment: Some("staging".to_owned()),
        ..of_node.clone()
    };
    assert!(!world.incident.joins(&another_environment));
    world.incident.subject = Some(database());
    let of_database = JoinKey {
        object: Some(database()),
        subject: Some(database()),
        ..of_node
    };
    assert!(
        world.incident.joins(&of_database),
        "the same object of the same cluster"
    );
}

#[test]
fn once_it_is_known_the_root_cause_joins_and_parts() {
    let mut world = World::open(asked("production"));
    world.incident.subject = Some(database());
    let orders = Subject::new(Kind::Deployment, "production", "orders");
    assert!(
        world
            .incident
            .joins(&key(Some(orders.clone()), Some(database())))
    );
    assert!(
        world.incident.joins(&key(Some(database()), None)),
        "asked about the root cause itself"
    );
    assert!(
        !world
            .incident
            .joins(&key(Some(payment()), Some(payment().clone())))
    );
    let in_container = database().container("app");
    assert!(world.incident.joins(&key(Some(orders), Some(in_container))));
    world.say("BOB", Command::Resolve);
    assert!(
        !world.incident.joins(&key(Some(payment()), None)),
        "never one that is over"
    );
}

#[test]
fn a_joining_thread_gets_the_link_and_the_incident_a_counter_on_one_line() {
    let mut world = World::open(asked("production"));
    world.deliver_all();
    for n in 2..5 {
        world.on(Event::ReportedAgain {
            thread: thread(&format!("180000000{n}.000100")),
            by: Origin::Person(user("CAROL")),
            at: world.now,
            because: None,
            tell: true,
        });
        world.deliver_all();
    }
    assert_eq!(world.incident.joined_count, 3);
    let posts = |wanted: fn(&Content) -> bool| {
        let is = move |out: &&Outgoing| matches!(&out.effect, Effect::Post { content, .. } if wanted(content));
        world.incident.outbox.iter().filter(is).count()
    };
    assert_eq!(
        posts(|content| matches!(content, Content::HandledIn { .. })),
        3
    );
    assert_eq!(
        posts(|content| matches!(content, Content::ReportedAgain { .. })),
        1
    );
}

/// A storm's incident lives for days and hears of hundreds of threads.
#[test]
fn a_record_that_lives_long_stays_small() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let opened = world.incident.audit[0].clone();
    for n in 0..1_500 {
        world.advance(minutes(2));
        world.on(Event::ReportedAgain {
            thread: thread(&format!("18{n:08}.000100")),
            by: Origin::Person(user("CAROL")),
            at: world.now,
            because: None,
            tell: true,
        });
        world.deliver_all();
    }
    assert_eq!(world.incident.joined_count, 1_500);
    let pointers = world.incident.outbox.iter();
    let pointers = pointers.filter(|out| {
        matches!(
            &out.effect,
            Effect::Post {
                content: Content::HandledIn { .. },
                ..
            }
        )
    });
    assert!(pointers.count() <= 31);
    let audit = &world.incident.audit;
    assert!(audit.len() <= 601, "{}", audit.len());
    assert_eq!(audit[0], opened);
    let cut: Vec<_> = audit
        .iter()
        .filter(|line| line.what == "lines-left-out")
        .collect();
    assert_eq!(cut.len(), 1, "{cut:?}");
    let left_out: usize = cut[0].why.raw().parse().unwrap();
    assert!(
        left_out + audit.len() > 1_500,
        "all are counted: {left_out}"
    );
    let mut other = World::open(alert("production", Severity::Warning)).incident;
    other.root = thread("1900000000.000100");
    let told = other.alerts[0].clone();
    other.alerts = (0..2_500)
        .map(|n| {
            let mut told = told.clone();
            told.fingerprint = format!("{n:016x}");
            told
        })
        .collect();
    world.on(Event::TakesOver(Box::new(other)));
    assert_eq!(
        (world.incident.alerts.len(), world.incident.alerts_beyond),
        (2_000, 500)
    );
}

#[test]
fn a_record_that_joins_another_hands_its_promises_over() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let into = IncidentId::new("other");
    world.on(Event::JoinedInto {
        incident: into.clone(),
        thread: thread("1799999999.000100"),
    });
    assert!(matches!(&world.incident.status, Status::Joined { into: other, .. } if *other == into));
    world.deliver_all();
    assert!(!world.incident.is_live() && !world.incident.is_incident());
}

#[test]
fn i21_several_incidents_for_one_lead_are_one_message() {
    let mut worlds: Vec<World> = (0..3)
        .map(|n| {
            let root = thread(&format!("180000000{n}.000100"));
            let id = IncidentId::of_message(&root.channel, root.ts.as_ref().unwrap());
            let mut world = World::open(Asked {
                id,
                thread: root,
                ..asked("production")
            });
            world.investigated(Verdict::CauseFound);
            world.advance(minutes(10));
            world
        })
        .collect();
    let now = worlds[0].now;
    let all = |worlds: &[World]| {
        worlds
            .iter()
            .map(|w| w.incident.clone())
            .collect::<Vec<_>>()
    };
    let batches = batch_pages(&all(&worlds), now);
    assert_eq!(batches.len(), 1);
    let batch = batches[0].clone();
    assert_eq!(
        (batch.to, batch.pages.len(), batch.send_at),
        (user("LEAD"), 3, now)
    );
    let first = batch.pages[0].1.clone();
    for (world, (id, key)) in worlds.iter_mut().zip(&batch.pages) {
        assert_eq!(world.incident.id, *id);
        let generation = world.claim(key).unwrap().generation;
        let receipt = world.receipt();
        let carried_by = Some(first.clone());
        world.on(Event::Sent {
            key: key.clone(),
            generation,
            receipt,
            carried_by,
        });
        assert!(matches!(world.step(1).state, StepState::Sent { .. }));
    }
    let second = &worlds[1]
        .incident
        .outgoing(&batch.pages[1].1)
        .unwrap()
        .state;
    assert!(matches!(second, OutState::Coalesced { into, .. } if *into == first));
}

#[test]
fn i21_a_later_one_waits_for_the_end_of_the_window_unless_it_is_immediate() {
    let page = |ts: &str, asked: Asked| {
        let root = thread(ts);
        let id = IncidentId::of_message(&root.channel, root.ts.as_ref().unwrap());
        let mut world = World::open(Asked {
            id,
            thread: root,
            ..asked
        });
        world.now = noon() + minutes(11);
        world.tick();
        world
    };
    let mut first = page("1800000001.000100", asked("production"));
    first.deliver_all();
    let now = first.now;
    let second = page("1800000002.000100", asked("production"));
    let held = batch_pages([&first.incident, &second.incident], now);
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].send_at, now + BATCH_WINDOW);
    let urgent = page("1800000003.000100", danger());
    let batches = batch_pages([&first.incident, &second.incident, &urgent.incident], now);
    assert_eq!(batches[0].pages.len(), 2, "it takes the other along");
    assert!(batches[0].send_at <= now + TimeDelta::seconds(5));
}
