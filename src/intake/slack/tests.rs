//! Events as Slack sends them, and as nobody should.

use super::*;

fn us() -> Us {
    Us {
        team_id: "T1".into(),
        user_id: "UBOT".into(),
        bot_id: Some("BBOT".into()),
        ..Us::default()
    }
}

fn event(event: &Value) -> Inbound {
    read(
        &json!({"type": "events_api", "envelope_id": "e-1",
            "payload": {"team_id": "T1", "event_id": "Ev1", "event": event}}),
        &us(),
    )
}

fn said(value: &Value) -> Said {
    match event(value) {
        Inbound::Said(said) => said,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mention_starts_a_thread_and_a_reply_stays_in_it() {
    let top = said(
        &json!({"type": "app_mention", "user": "U1", "channel": "C1",
        "ts": "1790000000.000100", "text": "<@UBOT> Service payment est lent en production"}),
    );
    assert_eq!(top.address, Address::Mention);
    assert_eq!(top.thread().ts, Some(Ts::new("1790000000.000100")));
    assert_eq!(top.at().unwrap().timestamp(), 1_790_000_000);
    let reply = said(
        &json!({"type": "app_mention", "user": "U1", "channel": "C1",
        "ts": "1790000009.000100", "thread_ts": "1790000000.000100", "text": "<@UBOT> et maintenant ?"}),
    );
    assert_eq!(reply.thread(), top.thread());
}

#[test]
fn who_is_addressed() {
    let cases = [
        (
            json!({"channel": "C1", "text": "<@UBOT> hello"}),
            Some(Address::Mention),
        ),
        (
            json!({"channel": "C1", "text": "<@UBOT|devops> hello"}),
            Some(Address::Mention),
        ),
        (
            json!({"channel": "D1", "text": "hello"}),
            Some(Address::Direct),
        ),
        (
            json!({"channel": "X1", "channel_type": "im", "text": "hello"}),
            Some(Address::Direct),
        ),
        (
            json!({"channel": "C1", "text": "ok", "thread_ts": "1.0"}),
            Some(Address::Reply),
        ),
        (
            json!({"channel": "C1", "text": "ok", "subtype": "thread_broadcast", "thread_ts": "1.0",
            "root": {"user": "UBOT", "ts": "1.0"}}),
            Some(Address::Reply),
        ),
        (
            json!({"channel": "C1", "text": "<@UBOT> look", "subtype": "file_share"}),
            Some(Address::Mention),
        ),
        (json!({"channel": "C1", "text": "lunch?"}), None),
        (json!({"channel": "C1"}), None),
    ];
    for (mut value, expected) in cases {
        for (name, default) in [("type", "message"), ("user", "U1"), ("ts", "1790000000.1")] {
            value[name] = json!(default);
        }
        match (event(&value), expected) {
            (Inbound::Said(said), Some(address)) => assert_eq!(said.address, address, "{value}"),
            (Inbound::Ignored(why), None) => assert_eq!(why, Why::NotForUs, "{value}"),
            (got, _) => panic!("{value}: {got:?}"),
        }
    }
}

#[test]
fn i18_nothing_of_ours_or_of_another_bot_starts_anything() {
    let cases = [
        (json!({"user": "UBOT", "text": "<@UBOT> x"}), Why::OurOwn),
        (json!({"bot_id": "BBOT", "text": "<@UBOT> x"}), Why::OurOwn),
        (
            json!({"subtype": "thread_broadcast", "root": {"user": "UBOT"}, "text": "<@UBOT>"}),
            Why::OurOwn,
        ),
        (
            json!({"subtype": "message_changed", "message": {"user": "UBOT"}}),
            Why::OurOwn,
        ),
        (
            json!({"subtype": "message_deleted", "previous_message": {"bot_id": "BBOT"}}),
            Why::OurOwn,
        ),
        (
            json!({"subtype": "message_changed", "message": {"user": "U1", "text": "<@UBOT> x"}}),
            Why::Edited,
        ),
        (
            json!({"subtype": "message_deleted", "previous_message": {"user": "U1"}}),
            Why::Edited,
        ),
        (
            json!({"subtype": "bot_message", "bot_id": "B2", "text": "[FIRING:1] <@UBOT>"}),
            Why::Bot,
        ),
        (
            json!({"user": "U2", "bot_id": "B2", "text": "<@UBOT> x"}),
            Why::Bot,
        ),
        (
            json!({"user": "U2", "bot_profile": {"id": "B2"}, "text": "<@UBOT> x"}),
            Why::Bot,
        ),
        (json!({"user": "USLACKBOT", "text": "<@UBOT> x"}), Why::Bot),
        (
            json!({"user": "U1", "subtype": "channel_join", "text": "<@UBOT> has joined"}),
            Why::System,
        ),
    ];
    for (mut value, expected) in cases {
        value["type"] = json!("message");
        value["channel"] = json!("C1");
        value["ts"] = json!("1790000000.1");
        assert_eq!(event(&value), Inbound::Ignored(expected), "{value}");
    }
}

#[test]
fn garbage_is_incomplete_or_unused_and_never_a_panic() {
    let bad = [
        json!(null),
        json!([]),
        json!({"type": "events_api"}),
        json!({"type": "events_api", "payload": {"event": 7}}),
        json!({"type": "events_api", "payload": {"event": {"type": "message", "user": "U1"}}}),
        json!({"type": "events_api", "payload": {"event": {"type": "app_mention", "user": "U1",
            "channel": "C1", "ts": "../../x", "text": "<@UBOT>"}}}),
        json!({"type": "interactive", "payload": {"type": "block_actions"}}),
        json!({"type": "interactive", "payload": {"type": "block_actions", "actions": 3,
            "user": {"id": "U1"}, "channel": {"id": "C1"}, "message": {"ts": "1.0"}}}),
        json!({"type": "slash_commands", "payload": {}}),
    ];
    for envelope in bad {
        let inbound = read(&envelope, &us());
        assert!(
            matches!(inbound, Inbound::Ignored(_)),
            "{envelope}: {inbound:?}"
        );
        let _ = keys(&envelope);
    }
}

#[test]
fn a_press_names_its_button_and_its_thread() {
    let click = |value: Value| {
        json!({"type": "interactive", "envelope_id": "e-2", "payload": {
            "type": "block_actions", "user": {"id": "U2", "team_id": "T1"}, "team": null,
            "channel": {"id": "C1"}, "container": {"message_ts": "1790000001.1", "thread_ts": "1790000000.1"},
            "message": {"ts": "1790000001.1"},
            "actions": [{"type": "button", "action_id": "acknowledge", "value": value,
                "action_ts": "1790000050.5"}]}})
    };
    let Inbound::Pressed(pressed) = read(&click(json!("b1a2")), &us()) else {
        panic!("not a press");
    };
    assert_eq!(pressed.button, ButtonId::new("b1a2"));
    assert_eq!(pressed.team.as_deref(), Some("T1"));
    assert_eq!(pressed.thread().ts, Some(Ts::new("1790000000.1")));
    assert_eq!(pressed.at.unwrap().timestamp(), 1_790_000_050);
    assert_eq!(keys(&click(json!("b1a2"))), ["press/U2/b1a2/1790000050.5"]);
    for odd in [
        json!(null),
        json!(""),
        json!("<!channel>"),
        json!("x".repeat(3000)),
    ] {
        assert_eq!(read(&click(odd), &us()), Inbound::Ignored(Why::NotAButton));
    }
}

#[test]
fn i16_twins_retries_and_a_catch_up_share_a_name() {
    let event = json!({"user": "U1", "channel": "C1", "ts": "1790000000.1", "text": "<@UBOT> x"});
    let envelope = |id: &str, kind: &str| {
        let mut event = event.clone();
        event["type"] = json!(kind);
        json!({"type": "events_api", "payload": {"event_id": id, "event": event}})
    };
    let name = "message/C1/1790000000.1".to_owned();
    let (mention, message) = (envelope("Ev1", "app_mention"), envelope("Ev2", "message"));
    let caught = as_event(event.clone(), "C1", "T1");
    for one in [&mention, &message, &caught] {
        assert!(keys(one).contains(&name));
    }
    assert!(keys(&mention).contains(&"event/Ev1".to_owned()));
    assert!(matches!(read(&caught, &us()), Inbound::Said(_)));
}

#[test]
fn on_slack_connect_the_writers_own_workspace_counts() {
    let stranger = said(
        &json!({"type": "app_mention", "user": "U9", "user_team": "T9", "team": "T1",
        "channel": "C1", "ts": "1790000000.1", "text": "<@UBOT> x"}),
    );
    assert_eq!(stranger.team.as_deref(), Some("T9"));
}

#[test]
fn ten_kilobytes_of_text_are_cut_on_a_character() {
    let long = said(
        &json!({"type": "app_mention", "user": "U1", "channel": "C1",
        "ts": "1790000000.1", "text": "é".repeat(40_000)}),
    );
    assert_eq!(long.text.raw().chars().count(), MAX_TEXT);
}
