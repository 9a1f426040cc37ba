//! Socket Mode: envelopes, acknowledgements, retries, and everything that goes wrong with them.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use vigie::sandbox::slack::SocketFault;

use super::slack_client::{Socket, call, workspace};

fn event(envelope: &Value) -> &Value {
    &envelope["payload"]["event"]
}

#[tokio::test]
async fn a_mention_arrives_twice_and_its_thread_knows_itself() {
    let (slack, _clock) = workspace().await;
    let mut socket = Socket::open(&slack).await;
    let ts = slack.post(
        "#incidents",
        "@alice",
        "@devops <payment> est lent & triste",
    );
    let mention = socket.take().await;
    assert_eq!(mention["type"], "events_api");
    assert_eq!(event(&mention)["type"], "app_mention");
    assert_eq!(
        event(&mention)["text"],
        "<@U0DEVOPS> &lt;payment&gt; est lent &amp; triste"
    );
    let message = socket.take().await;
    assert_eq!(event(&message)["type"], "message");
    assert_eq!(event(&message)["ts"], ts.as_str());
    assert_ne!(
        mention["payload"]["event_id"],
        message["payload"]["event_id"]
    );

    slack.reply("#incidents", &ts, "@bob", "je regarde");
    let reply = socket.take().await;
    assert_eq!(event(&reply)["thread_ts"], ts.as_str());
    assert_eq!(event(&reply)["parent_user_id"], "U0ALICE");
    let heard = |scene: &vigie::sandbox::slack::Scene| {
        let acks: Option<Vec<Duration>> = scene
            .deliveries
            .iter()
            .map(vigie::sandbox::slack::Delivery::acked_after)
            .collect();
        acks.filter(|acks| acks.len() == 3)
    };
    let acks = slack.wait_for(heard).await.unwrap();
    assert!(acks.iter().all(|took| *took < Duration::from_secs(3)));
}

#[tokio::test]
async fn every_kind_of_message_has_its_event() {
    let (slack, _clock) = workspace().await;
    let mut socket = Socket::open(&slack).await;
    slack.dm("@alice", "@devops aide");
    let direct = socket.take().await;
    assert_eq!(
        event(&direct)["channel_type"],
        "im",
        "no app_mention in a direct message"
    );

    let ts = slack.post("#incidents", "@alice", "typo");
    socket.take().await;
    slack.edit("#incidents", &ts, "no typo");
    let edited = socket.take().await;
    assert_eq!(event(&edited)["subtype"], "message_changed");
    assert_eq!(event(&edited)["message"]["text"], "no typo");
    assert_eq!(event(&edited)["previous_message"]["text"], "typo");
    assert_ne!(event(&edited)["ts"], ts.as_str());
    slack.delete("#incidents", &ts);
    let deleted = socket.take().await;
    assert_eq!(event(&deleted)["subtype"], "message_deleted");
    assert_eq!(event(&deleted)["deleted_ts"], ts.as_str());

    let alert = json!({ "title": "[FIRING:1] KubePodCrashLooping", "title_link": "http://alertmanager.example" });
    slack.post_as_bot("#incidents", "B0ALERTS", "", vec![alert]);
    let webhook = socket.take().await;
    assert_eq!(event(&webhook)["subtype"], "bot_message");
    assert!(event(&webhook)["user"].is_null());
    assert_eq!(
        event(&webhook)["attachments"][0]["title_link"],
        "http://alertmanager.example"
    );

    slack.post("#ext", "@stranger", "hello");
    let shared = socket.take().await;
    assert_eq!(shared["payload"]["is_ext_shared_channel"], true);
    assert_eq!(event(&shared)["user_team"], "T0PARTNER");

    let root = slack.post("#incidents", "@alice", "root");
    socket.take().await;
    let broadcast = json!({
        "channel": "C0INCIDENTS", "text": "resolved", "thread_ts": root, "reply_broadcast": true,
    });
    call(&slack, "chat.postMessage", broadcast).await;
    let own = socket.take().await;
    assert_eq!(event(&own)["subtype"], "thread_broadcast");
    assert_eq!(event(&own)["root"]["ts"], root.as_str());
    assert_eq!(event(&own)["bot_id"], "B0DEVOPS", "the bot hears itself");
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again_at_once_after_one_minute_and_after_five() {
    let (slack, clock) = workspace().await;
    let mut socket = Socket::open(&slack).await;
    slack.post("#incidents", "@alice", "bonjour");
    let first = socket.next().await.unwrap();
    assert_eq!(
        (&first["retry_attempt"], &first["retry_reason"]),
        (&json!(0), &json!(""))
    );
    for (number, wait) in [(1, 0), (2, 60), (3, 240)] {
        clock.advance(TimeDelta::seconds(4 + wait));
        let again = socket.next().await.unwrap();
        assert_eq!(again["retry_attempt"], number);
        assert_eq!(again["payload"]["event_id"], first["payload"]["event_id"]);
        assert_ne!(again["envelope_id"], first["envelope_id"]);
    }
    clock.advance(TimeDelta::seconds(4));
    slack
        .wait_for(|scene| scene.deliveries[0].given_up.then_some(()))
        .await
        .unwrap();
}

#[tokio::test]
async fn an_event_without_a_socket_is_only_ever_a_retry() {
    let (slack, clock) = workspace().await;
    slack.post("#incidents", "@alice", "anyone?");
    let mut socket = Socket::open(&slack).await;
    clock.advance(TimeDelta::minutes(1));
    let late = socket.take().await;
    assert_eq!(late["retry_attempt"], 2);
    let acked = |scene: &vigie::sandbox::slack::Scene| scene.deliveries[0].acked_after();
    slack.wait_for(acked).await.unwrap();
}

#[tokio::test]
async fn sockets_break_in_every_way() {
    let (slack, _clock) = workspace().await;
    let mut socket = Socket::open(&slack).await;
    slack.disconnect("warning");
    assert_eq!(socket.next().await.unwrap()["reason"], "warning");
    slack.disconnect("refresh_requested");
    assert_eq!(socket.next().await.unwrap()["reason"], "refresh_requested");
    assert!(socket.next().await.is_none());

    let mut socket = Socket::open(&slack).await;
    slack.drop_sockets();
    assert!(socket.next().await.is_none());

    slack.socket_fault(SocketFault::CloseAfterHello(2));
    for _ in 0..2 {
        let mut socket = Socket::open(&slack).await;
        assert!(socket.next().await.is_none());
    }
    slack.socket_fault(SocketFault::Silent(1));
    let mut silent = Socket::connect(&slack).await;
    let hello = tokio::time::timeout(Duration::from_millis(50), silent.next()).await;
    assert!(hello.is_err());
    drop(silent);

    let mut muted = Socket::open(&slack).await;
    slack.mute_sockets();
    slack.post("#incidents", "@alice", "hello?");
    let heard = tokio::time::timeout(Duration::from_millis(50), muted.next()).await;
    assert!(heard.is_err(), "half open");
    drop(muted);
    slack
        .wait_for(|scene| (scene.sockets == 0).then_some(()))
        .await
        .unwrap();
}

#[tokio::test]
async fn frames_are_doubled_reversed_lost_and_mangled() {
    let (slack, _clock) = workspace().await;
    let mut socket = Socket::open(&slack).await;
    slack.socket_fault(SocketFault::Duplicate(1));
    slack.post("#incidents", "@alice", "one");
    let (first, second) = (socket.take().await, socket.take().await);
    assert_eq!(first, second);

    slack.socket_fault(SocketFault::Reverse(2));
    slack.post("#incidents", "@alice", "two");
    slack.post("#incidents", "@alice", "three");
    assert_eq!(event(&socket.take().await)["text"], "three");
    assert_eq!(event(&socket.take().await)["text"], "two");

    slack.socket_fault(SocketFault::Lose(1));
    slack.post("#incidents", "@alice", "lost");
    slack.post("#incidents", "@alice", "found");
    assert_eq!(event(&socket.take().await)["text"], "found");

    slack.send_text("{\"type\":\"events_api\",\"envel");
    assert_eq!(socket.next().await.unwrap(), Value::Null);
    slack.send_raw(&[0xff; 16]);
    assert!(socket.next().await.is_none());
}

#[tokio::test]
async fn the_eleventh_socket_is_one_too_many_and_tickets_work_once() {
    let (slack, _clock) = workspace().await;
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(Socket::open(&slack).await);
    }
    let mut eleventh = Socket::connect(&slack).await;
    assert_eq!(
        eleventh.next().await.unwrap()["reason"],
        "too_many_websockets"
    );

    let refused = reqwest::Client::new()
        .post(format!("{}/apps.connections.open", slack.api_url()))
        .bearer_auth(vigie::sandbox::slack::BOT_TOKEN)
        .send()
        .await
        .unwrap();
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["error"], "not_allowed_token_type");
}
