//! What a thread goes through: the first reply, the answer, the buttons.

use super::*;

fn button(world: &World, action: &ButtonAction) -> ButtonId {
    let number = world.incident.investigations.last().unwrap().number;
    let live = world.incident.live_buttons(number, world.now);
    let found = live.iter().find(|button| button.action == *action);
    found
        .unwrap_or_else(|| panic!("no {action:?} among {live:?}"))
        .id
        .clone()
}

fn press(world: &mut World, id: ButtonId, who: &str) -> Outcome {
    let actor = world.actor(who);
    world.on(Event::Pressed { button: id, actor })
}

fn whispers(world: &World) -> Vec<Line> {
    let lines = world
        .incident
        .outbox
        .iter()
        .filter_map(|out| match &out.effect {
            Effect::Ephemeral {
                content: Content::Line(line),
                ..
            } => Some(line.clone()),
            _ => None,
        });
    lines.collect()
}

#[test]
fn a_question_is_answered_at_once_and_then_in_the_same_message() {
    let mut world = World::open(asked("production"));
    let order: Vec<_> = world
        .incident
        .claimable(world.now)
        .iter()
        .map(|o| o.priority)
        .collect();
    assert_eq!(order, [Priority::FirstReply, Priority::FirstReply]);
    assert_eq!(world.deliver_all().len(), 0);
    world.investigated(Verdict::CauseFound);
    let updates = |out: &&Outgoing| matches!(out.effect, Effect::Update { .. });
    assert_eq!(world.incident.outbox.iter().filter(updates).count(), 1);
    assert_eq!(world.incident.live_buttons(1, world.now).len(), 5);
}

#[test]
fn an_answer_is_a_message_of_its_own_while_too_many_edits_wait() {
    let mut world = World::open(asked("production"));
    world.deliver_all();
    let placeholder = world.incident.investigations[0].message.clone().unwrap();
    let number = world.incident.investigations[0].number;
    world.on(Event::Progress {
        number,
        doing: Message::new("pods"),
    });
    world.found_anew(number, diagnosis(Verdict::CauseFound));
    let due: Vec<Outgoing> = world
        .incident
        .claimable(world.now)
        .into_iter()
        .cloned()
        .collect();
    let [answer] = due.as_slice() else {
        panic!("the answer and nothing else: {due:#?}");
    };
    assert!(
        matches!(
            &answer.effect,
            Effect::Post {
                content: Content::Investigation { .. },
                ..
            }
        ),
        "{answer:#?}"
    );
    assert_ne!(answer.key, placeholder);
    // From here on it is the answer that is edited.
    world.deliver_all();
    let take = button(&world, &ButtonAction::Acknowledge);
    press(&mut world, take, "BOB");
    let edited = world
        .incident
        .outbox
        .iter()
        .filter_map(|out| match &out.effect {
            Effect::Update { of, .. } if !out.state.is_final() => Some(of.clone()),
            _ => None,
        });
    assert!(edited.eq([answer.key.clone()]));
}

#[test]
fn an_answer_anew_takes_the_place_of_a_first_reply_that_still_waits() {
    let mut world = World::open(asked("production"));
    let number = world.incident.investigations[0].number;
    world.found_anew(number, diagnosis(Verdict::CauseFound));
    let posts = |out: &&Outgoing| matches!(out.effect, Effect::Post { .. });
    assert_eq!(world.incident.outbox.iter().filter(posts).count(), 1);
}

#[test]
fn an_answer_anew_waits_for_no_edit_of_a_first_reply_that_is_on_its_way() {
    for arrives in [true, false] {
        let mut world = World::open(asked("production"));
        let one = &world.incident.investigations[0];
        let (number, first) = (one.number, one.message.clone().unwrap());
        let generation = world.claim(&first).unwrap().generation;
        world.found_anew(number, diagnosis(Verdict::CauseFound));
        let ready = world.incident.claimable(world.now);
        let [answer] = ready.as_slice() else {
            panic!("the answer and nothing else: {ready:#?}");
        };
        assert!(matches!(answer.effect, Effect::Post { .. }), "{answer:#?}");
        let answer = answer.key.clone();
        if arrives {
            let receipt = world.receipt();
            world.on(Event::Sent {
                key: first.clone(),
                generation,
                receipt,
                carried_by: None,
            });
        } else {
            let refusal = Refusal::Temporary {
                code: "cannot connect".to_owned(),
            };
            world.on(Event::Refused {
                key: first.clone(),
                generation,
                refusal,
            });
        }
        world.deliver(&answer);
        world.advance(TimeDelta::minutes(2));
        let first = &world.incident.outgoing(&first).unwrap().state;
        assert!(
            first.is_final(),
            "the answer is not posted twice: {first:?}"
        );
    }
}

#[test]
fn an_answer_that_is_ready_before_the_first_reply_went_out_is_that_reply() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let ready = world.incident.claimable(world.now);
    assert!(
        matches!(
            ready[..],
            [Outgoing {
                effect: Effect::Post { .. },
                ..
            }]
        ),
        "{ready:?}"
    );
}

#[test]
fn a_late_or_second_result_of_a_look_changes_nothing() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let again = world.found(1, diagnosis(Verdict::Healthy));
    assert_eq!(again, Outcome::Ignored(Ignored::NoSuchInvestigation));
    let unknown = world.found(9, diagnosis(Verdict::Healthy));
    assert_eq!(unknown, Outcome::Ignored(Ignored::NoSuchInvestigation));
}

#[test]
fn a_button_counts_once_for_those_who_may_and_for_a_day() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let ack = button(&world, &ButtonAction::Acknowledge);
    let mallory = Actor {
        authorised: false,
        ..world.actor("MALLORY")
    };
    world.on(Event::Pressed {
        button: ack.clone(),
        actor: mallory,
    });
    assert_eq!(world.incident.status, Status::Open);
    assert_eq!(whispers(&world), [Line::NotAllowed]);
    press(&mut world, ack.clone(), "BOB");
    press(&mut world, ack, "CAROL");
    assert!(
        matches!(&world.incident.status, Status::Acknowledged { by, .. } if *by == user("BOB"))
    );
    assert!(
        matches!(&whispers(&world)[1], Line::ButtonUsed { by: Some(Who::User(u)) } if *u == user("BOB"))
    );
    let resolve = button(&world, &ButtonAction::Resolve);
    world.now += TimeDelta::hours(24);
    press(&mut world, resolve, "BOB");
    press(&mut world, ButtonId::new("made-up"), "BOB");
    assert_eq!(
        whispers(&world)[2..],
        [Line::ButtonExpired, Line::ButtonExpired]
    );
    assert!(world.incident.is_open());
}

#[test]
fn buttons_have_ids_that_no_other_has() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.say("BOB", Command::RunAgain);
    world.investigated(Verdict::CauseFound);
    let mut ids: Vec<_> = world
        .incident
        .buttons
        .iter()
        .map(|b| b.id.as_str().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 10);
}

#[test]
fn what_makes_no_sense_any_more_is_not_offered() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.say("BOB", Command::Resolve);
    let live = world.incident.live_buttons(1, world.now);
    let actions: Vec<_> = live.iter().map(|button| &button.action).collect();
    assert!(!actions.contains(&&ButtonAction::Acknowledge));
    assert!(!actions.contains(&&ButtonAction::Resolve));
    assert!(actions.contains(&&ButtonAction::RunAgain));
}

#[test]
fn an_ambiguous_question_asks_and_looks_at_what_was_chosen() {
    let mut world = World::open(Asked {
        object: None,
        ..asked("production")
    });
    world.deliver_all();
    let choice = Choice {
        label: "payment-service".into(),
        environment: None,
        object: Some(payment()),
    };
    let action = ButtonAction::Choose(choice.clone());
    world.on(Event::Ambiguous {
        number: 1,
        question: Message::new("which"),
        choices: vec![choice],
    });
    assert_eq!(
        world.incident.next_page_at(),
        Some(noon() + minutes(10)),
        "the promise stays"
    );
    let id = button(&world, &action);
    press(&mut world, id, "ALICE");
    assert_eq!(world.incident.object, Some(payment()));
    let looks = &world.incident.investigations;
    assert_eq!(
        looks[0].message, looks[1].message,
        "in the message that asked"
    );
    world.investigated(Verdict::CauseFound);
    assert!(world.incident.is_open());
}

#[test]
fn a_plain_question_arms_nothing_and_ends_answered() {
    let mut world = World::open(Asked {
        topic: Topic::Question,
        ..asked("production")
    });
    assert!(world.incident.steps.is_empty() && !world.incident.is_incident());
    let answer = PlainAnswer {
        headline: Message::new("version"),
        lines: Vec::new(),
        verbatim: None,
        command: None,
        dashboard: None,
    };
    world.on(Event::Answered { number: 1, answer });
    let ready = world.incident.claimable(world.now);
    assert!(matches!(
        &ready[..],
        [Outgoing {
            effect: Effect::Post {
                content: Content::Plain(_),
                ..
            },
            ..
        }]
    ));
    world.deliver_all();
    assert!(!world.incident.is_live());
}

#[test]
fn a_second_look_that_finds_something_opens_what_was_answered() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::Healthy);
    world.advance(minutes(30));
    let asked_again = world.now;
    world.say("ALICE", Command::RunAgain);
    world.investigated(Verdict::CauseFound);
    assert!(world.incident.is_open());
    assert_eq!(
        world.incident.next_page_at(),
        Some(asked_again + minutes(10))
    );
}

#[test]
fn escalating_an_answer_that_says_all_is_well_opens_and_calls() {
    let mut world = World::open(asked("staging"));
    world.investigated(Verdict::Healthy);
    world.now += minutes(1);
    world.say("ALICE", Command::Escalate);
    assert!(world.incident.is_open());
    assert_eq!(world.deliver_all(), ["thread", "dm"].map(str::to_owned));
}

#[test]
fn i19_a_stale_event_does_not_open_a_resolved_incident() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.now += minutes(5);
    world.say("BOB", Command::Resolve);
    let reopen = |world: &mut World, at| {
        let actor = Actor {
            at,
            ..world.actor("ALICE")
        };
        world.on(Event::Said {
            command: Command::Reopen,
            actor,
        })
    };
    let before = world.now - minutes(1);
    assert_eq!(reopen(&mut world, before), Outcome::Ignored(Ignored::Stale));
    world.now += minutes(60);
    let old = world.now - minutes(16);
    assert_eq!(reopen(&mut world, old), Outcome::Ignored(Ignored::Stale));
    let now = world.now;
    assert_eq!(reopen(&mut world, now), Outcome::Changed);
}

#[test]
fn a_wrong_answer_is_remembered_once() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    let wrong = button(&world, &ButtonAction::WrongAnswer);
    press(&mut world, wrong, "ALICE");
    assert_eq!(world.incident.investigations[0].wrong, Some(user("ALICE")));
    assert!(world.incident.is_open());
    let again = world.say("BOB", Command::WrongAnswer);
    assert_eq!(again, Outcome::Ignored(Ignored::AlreadySo));
}

#[test]
fn the_record_stays_small_under_many_looks_and_reports() {
    let mut world = World::open(asked("production"));
    for n in 0..200 {
        world.investigated(Verdict::CauseFound);
        world.deliver_all();
        world.on(Event::ReportedAgain {
            thread: thread(&format!("18000{n:05}.000100")),
            by: Origin::Person(user("CAROL")),
            at: world.now,
            because: None,
            tell: false,
        });
        world.say("BOB", Command::RunAgain);
    }
    let incident = &world.incident;
    assert!(incident.joined.len() <= 20 && incident.joined_count == 200);
    assert!(
        incident
            .investigations
            .iter()
            .filter(|one| one.diagnosis().is_some())
            .count()
            <= 4
    );
    let size = serde_json::to_string(incident).unwrap().len();
    assert!(size < 400_000, "{size} bytes");
}

#[test]
fn a_record_survives_its_json() {
    let mut world = World::open(danger());
    world.investigated(Verdict::CauseFound);
    world.deliver_all();
    world.say("BOB", Command::Acknowledge);
    let json = serde_json::to_string(&world.incident).unwrap();
    assert_eq!(
        serde_json::from_str::<Incident>(&json).unwrap(),
        world.incident
    );
}

#[test]
fn slack_timestamps_are_moments() {
    let at = |text: &str| Ts::new(text).at();
    assert_eq!(
        at("1800000000.000100"),
        Some(noon() + TimeDelta::microseconds(100))
    );
    assert_eq!(at("1800000000"), Some(noon()));
    for garbage in ["", "x", "1.x", "999999999999999999999.1", "-", "1.é"] {
        assert_eq!(at(garbage), None, "{garbage}");
    }
}

#[test]
fn a_wrong_answer_is_kept_however_often_it_is_looked_again() {
    let mut world = World::open(asked("production"));
    world.investigated(Verdict::CauseFound);
    world.say("ALICE", Command::RunAgain);
    world.investigated(Verdict::Unknown);
    world.say("ALICE", Command::WrongAnswer);
    for _ in 0..6 {
        world.say("ALICE", Command::RunAgain);
        world.investigated(Verdict::CauseFound);
    }
    let kept = |number: u32| world.incident.investigation(number).unwrap().diagnosis();
    assert_eq!(kept(2).unwrap().verdict, Verdict::Unknown);
    assert!(
        kept(3).is_none(),
        "others are forgotten to keep the record small"
    );
}

/// Nobody waits under the message of a bot: the first word there is the answer, which a phone shows.
#[test]
fn under_an_alerts_message_the_first_word_is_the_answer() {
    let posts = |world: &World| {
        let ready = world.incident.claimable(world.now);
        let post = |out: &&&Outgoing| matches!(out.effect, Effect::Post { .. });
        ready.iter().filter(post).count()
    };
    let told = || World::open(alert("production", Severity::Warning));
    let mut quick = told();
    assert_eq!(posts(&quick), 0);
    quick.investigated(Verdict::CauseFound);
    assert_eq!(posts(&quick), 1, "as soon as it is known");
    let mut slow = told();
    slow.advance(TimeDelta::seconds(6));
    assert_eq!(posts(&slow), 1, "a sign of life after a while");
    let asked = Asked {
        origin: Origin::Person(user("ALICE")),
        alerts: Vec::new(),
        ..alert("production", Severity::Warning)
    };
    assert_eq!(posts(&World::open(asked)), 1, "somebody waits");
}
