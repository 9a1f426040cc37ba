//! The Web API: what it does, what it refuses, and what goes wrong with it.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vigie::sandbox::fault::Wire;
use vigie::sandbox::slack::{Call, Scene, SlackFault, Workspace};

use super::slack_client::{Socket, call, respond, workspace};

const CHANNEL: &str = "C0INCIDENTS";

async fn say(slack: &Workspace, text: &str, thread: Option<&str>) -> Value {
    let args = json!({ "channel": CHANNEL, "text": text, "thread_ts": thread });
    call(slack, "chat.postMessage", args).await
}

fn error(answer: &Value) -> &str {
    assert_eq!(answer["ok"], false, "{answer}");
    answer["error"].as_str().unwrap()
}

#[tokio::test]
async fn a_message_is_posted_edited_and_deleted() {
    let (slack, _clock) = workspace().await;
    let root = slack.post("#incidents", "@alice", "payment est lent");
    let posted = say(&slack, "je regarde", Some(&root)).await;
    let ts = posted["ts"].as_str().unwrap();
    assert_eq!(posted["message"]["thread_ts"], root.as_str());
    let blocks = json!([{ "type": "divider", "block_id": "inc-1/page/1" }, { "type": "divider" }]);
    let update = json!({ "channel": CHANNEL, "ts": ts, "text": "trouvé", "blocks": blocks });
    assert_eq!(call(&slack, "chat.update", update).await["ok"], true);
    let thread = slack.thread("#incidents", &root);
    assert_eq!(thread.len(), 2);
    assert_eq!(
        (thread[1].text.as_str(), thread[1].edits.len()),
        ("trouvé", 1)
    );
    assert_eq!(thread[1].edits[0].text, "je regarde");
    assert_eq!(thread[1].block_ids()[0], "inc-1/page/1");
    assert_eq!(
        thread[1].block_ids().len(),
        2,
        "Slack gives the others an id"
    );
    let keys = slack.scene().by_block_id("inc-1/");
    assert_eq!(keys["inc-1/page/1"], [(CHANNEL.to_owned(), ts.to_owned())]);

    let foreign = json!({ "channel": CHANNEL, "ts": root, "text": "no" });
    assert_eq!(
        error(&call(&slack, "chat.update", foreign).await),
        "cant_update_message"
    );
    let link = json!({ "channel": CHANNEL, "message_ts": ts });
    let link = call(&slack, "chat.getPermalink", link).await;
    assert!(
        link["permalink"]
            .as_str()
            .unwrap()
            .contains(&ts.replace('.', ""))
    );
    let gone = json!({ "channel": CHANNEL, "ts": ts });
    assert_eq!(call(&slack, "chat.delete", gone.clone()).await["ok"], true);
    assert_eq!(
        error(&call(&slack, "chat.delete", gone).await),
        "message_not_found"
    );
    assert_eq!(slack.thread("#incidents", &root).len(), 1);
}

#[tokio::test]
async fn a_reply_to_a_dead_thread_becomes_a_message_of_its_own() {
    let (slack, _clock) = workspace().await;
    let root = slack.post("#incidents", "@alice", "oops");
    slack.delete("#incidents", &root);
    let stray = say(&slack, "answer", Some(&root)).await;
    assert_eq!(stray["ok"], true);
    assert!(stray["message"]["thread_ts"].is_null());
}

#[tokio::test]
async fn history_comes_in_pages_and_replies_with_their_root() {
    let (slack, clock) = workspace().await;
    let mut posted = Vec::new();
    for n in 0..7 {
        clock.advance(TimeDelta::seconds(1));
        posted.push(slack.post("#incidents", "@alice", &format!("m{n}")));
    }
    slack.reply("#incidents", &posted[0], "@bob", "r0");
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let args = json!({ "channel": CHANNEL, "limit": 3, "cursor": cursor });
        let page = call(&slack, "conversations.history", args).await;
        let texts = page["messages"].as_array().unwrap().iter();
        seen.extend(texts.map(|m| m["text"].as_str().unwrap().to_owned()));
        cursor = page["response_metadata"]["next_cursor"]
            .as_str()
            .unwrap()
            .to_owned();
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!(seen, ["m6", "m5", "m4", "m3", "m2", "m1", "m0"]);

    let since = json!({ "channel": CHANNEL, "oldest": posted[4] });
    let since = call(&slack, "conversations.history", since).await;
    assert_eq!(
        since["messages"].as_array().unwrap().len(),
        2,
        "not inclusive"
    );
    let replies = json!({ "channel": CHANNEL, "ts": posted[0] });
    let replies = call(&slack, "conversations.replies", replies).await;
    assert_eq!(replies["messages"][0]["reply_count"], 1);
    assert_eq!(replies["messages"][1]["text"], "r0");
    let nowhere = json!({ "channel": CHANNEL, "ts": "1.000000" });
    let nowhere = call(&slack, "conversations.replies", nowhere).await;
    assert_eq!(error(&nowhere), "thread_not_found");
}

#[tokio::test]
async fn people_are_who_they_are() {
    let (slack, _clock) = workspace().await;
    let info = |user: &'static str| call(&slack, "users.info", json!({ "user": user }));
    assert_eq!(info("U0ALICE").await["user"]["locale"], "fr-FR");
    assert_eq!(info("U0GUEST").await["user"]["is_restricted"], true);
    assert_eq!(info("U0STRANGER").await["user"]["is_stranger"], true);
    slack.change_person("@lead", |lead| {
        lead.deleted = true;
        lead.dnd = true;
    });
    assert_eq!(info("U0LEAD").await["user"]["deleted"], true);
    let open = call(&slack, "conversations.open", json!({ "users": "U0LEAD" })).await;
    assert_eq!(error(&open), "user_disabled");
    let open = call(&slack, "conversations.open", json!({ "users": "U0ALICE" })).await;
    assert_eq!(open["channel"]["id"], "D0ALICE");
    slack.set_group("S0LEADS", &["@lead", "@lead2"]);
    let group = call(
        &slack,
        "usergroups.users.list",
        json!({ "usergroup": "S0LEADS" }),
    )
    .await;
    assert_eq!(group["users"], json!(["U0LEAD", "U0LEAD2"]));
    let shared = call(&slack, "conversations.info", json!({ "channel": "C0EXT" })).await;
    assert_eq!(shared["channel"]["is_ext_shared"], true);
    slack.set_scopes(&["chat:write"]);
    let refused = call(&slack, "users.info", json!({ "user": "U0ALICE" })).await;
    assert_eq!(
        (error(&refused), &refused["needed"]),
        ("missing_scope", &json!("users:read"))
    );
}

#[tokio::test]
async fn refusals_come_in_slacks_own_codes() {
    let (slack, clock) = workspace().await;
    let long = "x".repeat(3001);
    let blocks = json!([{ "type": "section", "text": { "type": "mrkdwn", "text": long } }]);
    let refused = json!({ "channel": CHANNEL, "text": "t", "blocks": blocks });
    let refused = call(&slack, "chat.postMessage", refused).await;
    assert_eq!(error(&refused), "invalid_blocks");
    let why = refused["response_metadata"]["messages"][0]
        .as_str()
        .unwrap();
    assert!(why.contains("json-pointer:/blocks/0/text/text"));
    slack.change_channel("#incidents", |channel| channel.archived = true);
    assert_eq!(error(&say(&slack, "t", None).await), "is_archived");
    slack.change_channel("#incidents", |channel| {
        channel.archived = false;
        channel.members.remove("U0DEVOPS");
    });
    assert_eq!(error(&say(&slack, "t", None).await), "not_in_channel");
    let nowhere = json!({ "channel": "C0NOWHERE", "text": "t" });
    assert_eq!(
        error(&call(&slack, "chat.postMessage", nowhere).await),
        "channel_not_found"
    );

    slack.limit_rates();
    let direct = json!({ "channel": "U0ALICE", "text": "t" });
    // At once: a second brings back what it takes.
    let posts = (0..12).map(|_| respond(&slack, "chat.postMessage", direct.clone()));
    let responses = futures::future::join_all(posts).await;
    let mut responses = responses.into_iter().map(Result::unwrap);
    let limited = responses.find(|one| one.status() == 429);
    assert_eq!(limited.unwrap().headers()["retry-after"], "1");
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(call(&slack, "chat.postMessage", direct).await["ok"], true);
}

#[tokio::test]
async fn faults_lose_answers_before_and_after_the_deed() {
    let (slack, clock) = workspace().await;
    let post = Call::method("chat.postMessage");
    let texts = || {
        let messages = slack.scene().messages;
        messages.into_iter().map(|m| m.text).collect::<Vec<_>>()
    };
    let url = format!("{}/chat.postMessage", slack.api_url());
    let attempt = |text: &'static str| {
        let request = reqwest::Client::new()
            .post(&url)
            .bearer_auth(vigie::sandbox::slack::BOT_TOKEN)
            .json(&json!({ "channel": CHANNEL, "text": text }));
        tokio::spawn(request.send())
    };
    let tried = async |times| {
        let all = |scene: &Scene| (scene.called.len() == times).then_some(());
        slack.wait_for(all).await.unwrap();
    };
    slack.fault_once(post.clone(), SlackFault::LostBefore);
    let lost = attempt("never");
    tried(1).await;
    assert!(texts().is_empty() && !lost.is_finished());
    slack.fault_once(post.clone(), SlackFault::LostAfter);
    let lost = attempt("done");
    slack
        .wait_for(|scene| (scene.messages.len() == 1).then_some(()))
        .await
        .unwrap();
    assert!(!lost.is_finished());
    slack.fault_once(post.clone(), SlackFault::Late(TimeDelta::seconds(45)));
    let lost = attempt("late");
    tried(3).await;
    assert_eq!(texts(), ["done"]);
    clock.advance(TimeDelta::seconds(45));
    slack
        .wait_for(|scene| (scene.messages.len() == 2).then_some(()))
        .await
        .unwrap();
    assert!(!lost.is_finished());
}

#[tokio::test]
async fn faults_break_answers_and_say_no() {
    let (slack, _clock) = workspace().await;
    let post = Call::method("chat.postMessage");
    let body = json!({ "channel": CHANNEL, "text": "t" });
    slack.fault_once(post.clone(), SlackFault::CutAfter);
    let cut = respond(&slack, "chat.postMessage", body.clone()).await;
    let failed = match cut {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    };
    assert!(failed && slack.scene().messages.len() == 1);
    slack.fault_once(post.clone(), SlackFault::RateLimited(30));
    let limited = respond(&slack, "chat.postMessage", body.clone())
        .await
        .unwrap();
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"30".parse().unwrap())
    );
    slack.fault_once(post.clone(), SlackFault::Status(503));
    assert_eq!(
        respond(&slack, "chat.postMessage", body.clone())
            .await
            .unwrap()
            .status(),
        503
    );
    slack.fault_once(post.clone(), SlackFault::Error("token_revoked".to_owned()));
    assert_eq!(error(&say(&slack, "t", None).await), "token_revoked");
    slack.fault_once(post.channel("C0RANDOM"), SlackFault::Wire(Wire::Hang));
    assert_eq!(
        say(&slack, "t", None).await["ok"],
        true,
        "only in the other channel"
    );
}

#[tokio::test]
async fn the_date_header_is_the_sandbox_clocks() {
    let (slack, clock) = workspace().await;
    clock.advance(TimeDelta::days(400));
    let response = respond(&slack, "auth.test", json!({})).await.unwrap();
    let date = response.headers()["date"].to_str().unwrap();
    let date = chrono::DateTime::parse_from_rfc2822(date).unwrap();
    assert!((clock.now() - date.to_utc()).num_seconds().abs() < 5);
    assert!(
        response.headers()["x-oauth-scopes"]
            .to_str()
            .unwrap()
            .contains("chat:write")
    );
}

#[tokio::test]
async fn a_button_is_pressed_once_and_answered() {
    let (slack, clock) = workspace().await;
    let mut socket = Socket::open(&slack).await;
    let blocks = json!([{ "type": "actions", "block_id": "acts", "elements": [{
        "type": "button", "action_id": "ack", "value": "inc-1",
        "text": { "type": "plain_text", "text": "Acknowledge" },
    }]}]);
    let posted = json!({ "channel": CHANNEL, "text": "slow", "blocks": blocks });
    let ts = call(&slack, "chat.postMessage", posted).await["ts"]
        .as_str()
        .unwrap()
        .to_owned();
    socket.take().await;
    let wrong = slack
        .press("@lead", "#incidents", &ts, "Resolve")
        .unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "no button \"Resolve\"; there are: Acknowledge"
    );
    let trigger = slack
        .press("@lead", "#incidents", &ts, "Acknowledge")
        .unwrap();
    let envelope = socket.take().await;
    assert_eq!(envelope["type"], "interactive");
    let pressed = &envelope["payload"];
    assert_eq!(
        (&pressed["type"], &pressed["user"]["id"]),
        (&json!("block_actions"), &json!("U0LEAD"))
    );
    assert_eq!(pressed["actions"][0]["action_id"], "ack");
    assert_eq!(pressed["actions"][0]["block_id"], "acts");
    assert_eq!(pressed["container"]["message_ts"], ts.as_str());
    assert_eq!(pressed["message"]["text"], "slow");

    let view = json!({ "type": "modal", "title": { "type": "plain_text", "text": "Escalate" }, "blocks": [] });
    let open = json!({ "trigger_id": trigger, "view": view });
    assert_eq!(call(&slack, "views.open", open.clone()).await["ok"], true);
    assert_eq!(
        error(&call(&slack, "views.open", open).await),
        "exchanged_trigger_id"
    );
    let url = pressed["response_url"].as_str().unwrap();
    let answer = json!({ "text": "merci", "replace_original": false });
    let http = reqwest::Client::new();
    assert_eq!(
        http.post(url).json(&answer).send().await.unwrap().status(),
        200
    );
    assert_eq!(slack.scene().ephemerals[0].user, "U0LEAD");
    clock.advance(TimeDelta::minutes(31));
    assert_eq!(
        http.post(url).json(&answer).send().await.unwrap().status(),
        404
    );
}
