//! The workspace, met by the bot's own Slack client: slack-morphism underneath.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::{FutureExt, future};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use vigie::clients::slack::socket::{Inbox, SocketMode, SocketSettings};
use vigie::clients::slack::{Edit, NewMessage, Priority, Slack, SlackError, SlackSettings};
use vigie::sandbox::slack::{APP_TOKEN, BOT_TOKEN, Call, SlackFault, SocketFault, Workspace};

use super::slack_client::workspace;

fn client(slack: &Workspace) -> Slack {
    let settings = SlackSettings {
        base_url: slack.api_url(),
        ..SlackSettings::new(BOT_TOKEN.into())
    };
    Slack::new(&settings, Arc::new(|_| {}), Arc::new(|_| {})).unwrap()
}

fn message(text: &str, thread: Option<&str>) -> NewMessage {
    NewMessage {
        channel: "C0INCIDENTS".to_owned(),
        thread_ts: thread.map(str::to_owned),
        text: text.to_owned(),
        blocks: json!([{ "type": "divider", "block_id": "key-1" }]),
        broadcast: false,
    }
}

#[tokio::test]
async fn the_bots_client_talks_to_the_workspace() {
    let (slack, _clock) = workspace().await;
    let bot = client(&slack);
    let identity = bot.identity().await.unwrap();
    assert_eq!(
        (identity.team_id.as_str(), identity.user_id.as_str()),
        ("T0SANDBOX", "U0DEVOPS")
    );
    let root = slack.post("#incidents", "@alice", "payment est lent");
    let permit = bot
        .permit_post("C0INCIDENTS", Priority::Answer)
        .await
        .unwrap();
    let posted = bot
        .post(permit, &message("je regarde", Some(&root)))
        .await
        .unwrap();
    assert_eq!(posted.thread_ts.as_deref(), Some(root.as_str()));
    let edit = Edit {
        channel: posted.channel.clone(),
        ts: posted.ts.clone(),
        text: "trouvé".to_owned(),
        blocks: json!([]),
    };
    bot.update(Priority::Answer, &edit).await.unwrap();
    let page = bot
        .replies("C0INCIDENTS", &root, None, None, Priority::Answer)
        .await
        .unwrap();
    let texts: Vec<&Value> = page.messages.iter().map(|m| &m["text"]).collect();
    assert_eq!(texts, ["payment est lent", "trouvé"]);
    let page = bot
        .history("C0INCIDENTS", None, None, Priority::Answer)
        .await
        .unwrap();
    assert_eq!(page.messages.len(), 1);
}

#[tokio::test]
async fn the_bots_client_sees_who_and_where() {
    let (slack, _clock) = workspace().await;
    let bot = client(&slack);
    assert!(
        bot.user("U0GUEST", Priority::Answer)
            .await
            .unwrap()
            .is_guest
    );
    assert!(
        bot.user("U0STRANGER", Priority::Answer)
            .await
            .unwrap()
            .is_stranger
    );
    assert!(
        bot.channel("C0EXT", Priority::Answer)
            .await
            .unwrap()
            .is_shared_outside
    );
    assert_eq!(
        bot.open_dm("U0LEAD", Priority::Page).await.unwrap(),
        "D0LEAD"
    );
    assert_eq!(bot.my_channels().await.unwrap().len(), 3);
    slack.fault_once(
        Call::method("users.info"),
        SlackFault::Error("user_not_found".to_owned()),
    );
    let refused: Result<_, SlackError> = bot.user("U0LEAD", Priority::Answer).await;
    assert!(refused.is_err());
}

/// Hands every envelope to the test.
struct Hand(mpsc::UnboundedSender<Value>);

impl Inbox for Hand {
    fn save(&self, envelope: Value) -> BoxFuture<'_, Result<(), anyhow::Error>> {
        let sent = self.0.send(envelope);
        future::ready(sent.map_err(anyhow::Error::from)).boxed()
    }
}

#[tokio::test]
async fn the_bots_sockets_hear_and_come_back() {
    let (slack, _clock) = workspace().await;
    let (hand, mut inbox) = mpsc::unbounded_channel();
    let mut settings = SocketSettings::new(APP_TOKEN.into());
    settings.connections = 1;
    settings.first_pause = std::time::Duration::from_millis(10);
    let (stop, stopped) = watch::channel(false);
    let mode = SocketMode::new(client(&slack), settings, Arc::new(Hand(hand)));
    let running = tokio::spawn(mode.run(stopped));
    for round in 1..=2 {
        slack
            .wait_for(|scene| (scene.sockets == 1 && scene.sockets_opened == round).then_some(()))
            .await
            .unwrap();
        slack.dm("@alice", &format!("aide {round}"));
        let envelope = inbox.recv().await.unwrap();
        assert_eq!(
            envelope["payload"]["event"]["text"],
            format!("aide {round}")
        );
        let acked = |scene: &vigie::sandbox::slack::Scene| scene.deliveries.last()?.acked_after();
        slack.wait_for(acked).await.unwrap();
        if round == 1 {
            slack.drop_sockets();
        }
    }
    stop.send_replace(true);
    running.await.unwrap();
}

/// One of two connections that hangs while it is opened: the other one hears, and it is opened again.
#[tokio::test]
async fn a_connection_that_never_says_hello_is_replaced_beside_one_that_did() {
    for fault in [SocketFault::Stall(1), SocketFault::NoHello(1)] {
        let (slack, _clock) = workspace().await;
        let (hand, _inbox) = mpsc::unbounded_channel();
        let mut settings = SocketSettings::new(APP_TOKEN.into());
        settings.stagger_s = 1;
        settings.hello_within = std::time::Duration::from_secs(2);
        slack.socket_fault(fault);
        let (stop, stopped) = watch::channel(false);
        let mode = SocketMode::new(client(&slack), settings, Arc::new(Hand(hand)));
        let mut state = mode.state();
        let running = tokio::spawn(mode.run(stopped));
        let both = state.wait_for(|state| state.live == 2);
        tokio::time::timeout(std::time::Duration::from_mins(1), both)
            .await
            .unwrap()
            .unwrap();
        stop.send_replace(true);
        running.await.unwrap();
    }
}

#[tokio::test]
async fn an_emoji_is_put_once_and_refused_with_slacks_own_reason() {
    let (slack, _clock) = workspace().await;
    let bot = client(&slack);
    let ts = slack.post("#incidents", "alice", "hello");
    let channel = slack.add_channel("old", &["alice"]);
    let there = slack.post("#old", "alice", "hello");
    slack.change_channel(&channel, |channel| channel.archived = true);
    let put = async |channel: &str, ts: &str, name: &str| {
        bot.react(Priority::Answer, channel, ts, name).await
    };
    // The second time it is there already, which is what was wanted.
    for _ in 0..2 {
        assert_eq!(put("C0INCIDENTS", &ts, "question").await, Ok(()));
    }
    assert_eq!(slack.thread("C0INCIDENTS", &ts)[0].reactions.len(), 1);
    for (channel, ts, name, code) in [
        ("C0INCIDENTS", "1.000100", "question", "message_not_found"),
        ("C0INCIDENTS", ts.as_str(), "a question", "invalid_name"),
        ("C0NOWHERE", ts.as_str(), "question", "channel_not_found"),
        ("C0OLD", there.as_str(), "question", "is_archived"),
    ] {
        let error = put(channel, ts, name).await.unwrap_err();
        assert_eq!(error.code(), Some(code));
    }
}
