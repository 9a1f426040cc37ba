//! What people type and press that they should not, or too often.

use serde_json::{Value, json};

use super::house::{INCIDENTS, demo};

const QUESTION: &str = "@devops Service payment est lent en production";

/// A message as it stands on the screen.
fn shown<'a>(state: &'a Value, ts: &str) -> &'a Value {
    let messages = state["messages"].as_array().unwrap();
    messages.iter().find(|one| one["ts"] == ts).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_thousand_characters_are_a_message_and_one_more_is_not() {
    let house = demo().await;
    let long = "é".repeat(40_000);
    let ts = house.ask("alice", &long).await;
    let state = house.state("bob").await;
    assert_eq!(shown(&state, &ts)["text"], long.as_str());
    let post =
        |text: &str| json!({ "do": "post", "as": "alice", "channel": INCIDENTS, "text": text });
    let (status, answer) = house.act(post(&(long.clone() + "é"))).await;
    assert_eq!((status, &answer["error"]), (413, &"too-long".into()));
    // The bot reads it as it comes, and lives.
    let asked = house
        .ask("alice", &format!("{QUESTION} {}", "a ".repeat(19_000)))
        .await;
    house.answer(&asked, "").await;
    let ts = house.ask("alice", QUESTION).await;
    house.answer(&ts, "512Mi").await;
    assert_eq!(house.act(post(&"x".repeat(600_000))).await.0, 413);
    assert_eq!(house.act(post(" \n ")).await.0, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_and_scripts_are_text() {
    let house = demo().await;
    let evil = "<script>alert(1)</script> <!channel> <@U0LEAD> &amp; `x` <http://a.example|b>";
    let ts = house.ask("alice", evil).await;
    let state = house.state("alice").await;
    let message = shown(&state, &ts);
    let kept = message["text"].as_str().unwrap();
    assert!(
        kept.starts_with("&lt;script&gt;alert(1)&lt;/script&gt; &lt;!channel&gt;"),
        "{kept}"
    );
    let typed = &message["blocks"][0]["elements"][0]["elements"];
    assert_eq!(*typed, json!([{ "type": "text", "text": evil }]));
    // Through the bot and back: nobody is called by a name that somebody typed as markup.
    let ts = house
        .ask("alice", &format!("@devops {evil} est lent en production"))
        .await;
    let answer = house.answer(&ts, "").await;
    assert!(
        !answer
            .blocks
            .iter()
            .any(|b| b.to_string().contains("<!channel>")),
        "{answer:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_presses_of_one_button_are_one_and_the_second_person_is_told() {
    let house = demo().await;
    let ts = house.ask("alice", QUESTION).await;
    let answer = house.answer(&ts, "512Mi").await;
    let buttons = answer.buttons();
    let take = buttons
        .iter()
        .find(|b| b.action_id.starts_with("acknowledge"))
        .unwrap();
    let press = |who: &str| {
        json!({
            "do": "press", "as": who, "channel": INCIDENTS, "ts": answer.ts,
            "action": take.action_id,
        })
    };
    // Two tabs at the same moment: both presses reach the bot.
    let (first, second) = (house.act(press("alice")), house.act(press("bob")));
    let (first, second) = tokio::join!(first, second);
    assert_eq!((first.0, second.0), (200, 200));
    let told = house.wait(|scene| scene.ephemerals.first().cloned()).await;
    let lines = house
        .wait(|scene| {
            let answers = scene.answers(INCIDENTS, &ts);
            let taken: Vec<_> = answers
                .into_iter()
                .filter(|one| one.visible().contains("s'en occupe. Si"))
                .collect();
            (!taken.is_empty()).then_some(taken)
        })
        .await;
    assert_eq!(lines.len(), 1, "{lines:#?}");
    // Only the one who came second is told, and the other's screen does not show it.
    let (late, early) = if told.user == "U0BOB" {
        ("bob", "alice")
    } else {
        ("alice", "bob")
    };
    let whispers = |state: &Value| {
        let messages = state["messages"].as_array().unwrap();
        messages.iter().filter(|one| one["whisper"] == true).count()
    };
    assert_eq!(whispers(&house.state(late).await), 1);
    assert_eq!(whispers(&house.state(early).await), 0);
    // The button is gone from the answer by now; pressing what an old tab still shows is harmless.
    house
        .wait(|scene| {
            let answers = scene.answers(INCIDENTS, &ts);
            let gone = answers.iter().all(|one| {
                one.buttons()
                    .iter()
                    .all(|b| !b.action_id.starts_with("acknowledge"))
            });
            gone.then_some(())
        })
        .await;
    let (status, answer) = house.act(press("lead")).await;
    assert_eq!((status, &answer["error"]), (409, &"no-such-button".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_refused_and_harms_nothing() {
    let house = demo().await;
    let post = |who: &str, channel: &str, thread: Option<&str>| {
        json!({
            "do": "post", "as": who, "channel": channel, "thread_ts": thread, "text": "hello",
        })
    };
    for body in [
        post("nobody", INCIDENTS, None),
        post("devops", INCIDENTS, None),
        post("alice", "C0NOWHERE", None),
        // Not in that channel, and not her conversation.
        post("bob", "C0EXT", None),
        post("bob", "D0ALICE", None),
        post("alice", INCIDENTS, Some("1.000000")),
        json!({ "do": "repair", "workload": "nothing" }),
        json!({ "do": "press", "as": "alice", "channel": INCIDENTS, "ts": "1.0", "action": "x" }),
        json!({ "do": "react", "as": "alice", "channel": INCIDENTS, "ts": "1.0", "name": "<b>" }),
        json!({ "do": "advance", "minutes": 0 }),
        json!({ "do": "advance", "minutes": 4_000_000 }),
        json!({ "do": "speed", "times": 1000 }),
        json!({ "do": "rm -rf" }),
        json!({ "do": "post", "as": "alice" }),
        json!(null),
    ] {
        let (status, answer) = house.act(body.clone()).await;
        assert!((400..500).contains(&status), "{body}: {status} {answer}");
    }
    let unknown = house.client.get(house.url("/state?as=nobody"));
    assert_eq!(unknown.send().await.unwrap().status(), 404);
    assert!(
        house.state("alice").await["messages"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let ts = house.ask("alice", QUESTION).await;
    house.answer(&ts, "512Mi").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_ones_own_messages_can_be_changed() {
    let house = demo().await;
    let ts = house.ask("alice", "salut").await;
    let edit = |who: &str| json!({ "do": "edit", "as": who, "channel": INCIDENTS, "ts": ts, "text": "bonsoir" });
    assert_eq!(house.act(edit("bob")).await.0, 403);
    house.done(edit("alice")).await;
    let react =
        json!({ "do": "react", "as": "bob", "channel": INCIDENTS, "ts": ts, "name": "eyes" });
    house.done(react.clone()).await;
    let state = house.state("lead").await;
    let message = shown(&state, &ts);
    assert_eq!(message["text"], "bonsoir");
    assert!(message["edited"].is_object());
    assert_eq!(
        message["reactions"],
        json!([{ "name": "eyes", "count": 1, "users": ["U0BOB"] }])
    );
    house.done(react).await;
    let delete = |who: &str| json!({ "do": "delete", "as": who, "channel": INCIDENTS, "ts": ts });
    assert_eq!(house.act(delete("bob")).await.0, 403);
    house.done(delete("alice")).await;
    assert!(
        house.state("lead").await["messages"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}
