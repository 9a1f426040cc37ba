//! What a channel tells after a loss, and what it must not be taken to tell.

use serde_json::json;

use super::*;

const ASKED: &str = "1700000000.000100";

fn us() -> Us {
    Us {
        team_id: "T1".into(),
        user_id: "UBOT".into(),
        bot_id: Some("BBOT".into()),
        ..Us::default()
    }
}

fn question() -> Value {
    json!({"type": "message", "user": "U1", "ts": ASKED, "text": "<@UBOT> payment is slow",
        "reply_count": 2, "reply_users": ["UBOT"], "reply_users_count": 1})
}

fn answer(by: &str, ts: &str, what: &str, version: u64, trace: &str) -> Value {
    let id = format!("vigie:C1-{ASKED}/{what}:{version}:{trace}");
    json!({"type": "message", "user": by, "ts": ts, "thread_ts": ASKED, "text": "payment: killed",
        "blocks": [{"type": "section", "block_id": id}]})
}

const OPEN: &str = "production.1.1700000000.open.u1-1700000600-7.h2-1700003600-7";

#[test]
fn the_newest_word_counts_whatever_message_it_stands_in() {
    let ack = "production.1.1700000000.ack-UBOB-1700000300.h2-1700003600-7";
    let thread = vec![
        question(),
        answer("UBOT", "1700000001.000000", "answer-1", 9, ack),
        answer("UBOT", "1700000302.000000", "line-v5-1", 5, OPEN),
    ];
    let found = of_threads(&[thread], "C1", &us());
    assert_eq!(found.open.len(), 1);
    assert_eq!(found.open[0].trace, Trace::parse(ack).unwrap());
    assert_eq!(found.open[0].answers, 1);
    let said = found.open[0].said.as_ref().unwrap();
    assert_eq!(said.text.raw(), "<@UBOT> payment is slow");
    assert_eq!(found.from, Some(Ts::new("1700000302.000000")));
    // The question is older than the catch-up reads again; our own line is not.
    assert_eq!(found.known, [["message/C1/1700000302.000000"]]);
}

#[test]
fn what_is_over_stays_over() {
    let thread = vec![
        question(),
        answer("UBOT", "1700000001.000000", "answer-1", 3, OPEN),
        answer(
            "UBOT",
            "1700000900.000000",
            "line-v8-1",
            8,
            "production.1.1700000000.over",
        ),
    ];
    assert_eq!(of_threads(&[thread], "C1", &us()).open, []);
}

#[test]
fn a_later_life_overrules_a_higher_version() {
    let later = "production.1.1700000000.over.l1";
    let thread = vec![
        question(),
        answer("UBOT", "1700000001.000000", "answer-1", 30, OPEN),
        answer("UBOT", "1700000900.000000", "line-l1v2-1", 2, later),
    ];
    assert_eq!(of_threads(&[thread], "C1", &us()).open, []);
}

#[test]
fn nobody_else_can_plant_an_incident() {
    let thread = vec![
        question(),
        answer("UEVIL", "1700000001.000000", "answer-1", 3, OPEN),
    ];
    let found = of_threads(&[thread], "C1", &us());
    assert_eq!((found.open, found.from), (vec![], None));
}

#[test]
fn a_question_that_was_deleted_leaves_its_promise() {
    let mut gone = question();
    gone["subtype"] = json!("tombstone");
    gone["user"] = json!("USLACKBOT");
    let thread = vec![
        gone,
        answer("UBOT", "1700000001.000000", "answer-1", 3, OPEN),
    ];
    let found = of_threads(&[thread], "C1", &us()).open;
    assert_eq!(found[0].said, None);
    assert_eq!(found[0].text.raw(), "payment: killed");
}

#[test]
fn a_line_in_another_thread_does_not_move_the_incident_there() {
    let other = |ts: &str| json!({"type": "message", "user": "U2", "ts": ts, "text": "<@UBOT> all is down"});
    let mut told = answer("UBOT", "1700000009.000000", "handled-in-v2-1", 2, OPEN);
    told["thread_ts"] = json!("1700000005.000000");
    let there = vec![other("1700000005.000000"), told];
    let here = |trace: &str| {
        vec![
            question(),
            answer("UBOT", "1700000001.000000", "answer-1", 9, trace),
        ]
    };
    let found = of_threads(&[there.clone(), here(OPEN)], "C1", &us()).open;
    assert_eq!((found.len(), &found[0].thread), (1, &Ts::new(ASKED)));
    let over = here("production.1.1700000000.over");
    assert_eq!(of_threads(&[there.clone(), over], "C1", &us()).open, []);
    // Its own thread is in another channel: it is taken up there.
    assert_eq!(of_threads(&[there], "C1", &us()).open, []);
}

#[test]
fn what_was_being_looked_at_when_the_store_was_lost_is_asked_again() {
    let ask = |ts: &str| {
        let text = "<@UBOT> payment is down";
        json!({"type": "message", "user": "U2", "ts": ts, "text": text})
    };
    let talk = json!({"type": "message", "user": "U2", "ts": "1699999990.000000", "text": "hi"});
    let old = ask("1699990000.000000");
    let lost = ask("1700000000.900000");
    let answered = vec![
        question(),
        answer("UBOT", "1700000001.000000", "answer-1", 3, OPEN),
    ];
    let threads = [vec![old], vec![talk], vec![lost], answered];
    let found = of_threads(&threads, "C1", &us());
    assert_eq!(found.from, Some(Ts::new("1700000000.900000")));
    let answered = [format!("message/C1/{ASKED}")];
    assert!(
        found.known.contains(&answered.to_vec()),
        "{:?}",
        found.known
    );
    assert_eq!(found.known.len(), 2, "the lost one is not known");
}

#[test]
fn only_threads_that_may_hold_ours_are_read() {
    let us = us();
    assert!(may_hold_ours(&question(), &us));
    let others = json!({"reply_count": 3, "reply_users": ["U2"], "reply_users_count": 1});
    assert!(!may_hold_ours(&others, &us));
    let many = json!({"reply_count": 9, "reply_users": ["U2"], "reply_users_count": 6});
    assert!(may_hold_ours(&many, &us));
    assert!(!may_hold_ours(&json!({"ts": "1.0"}), &us));
}
