//! Files of the sandbox's Slack, by the real client: sent, shown in the thread, found again.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vigie::clients::slack::{
    Limits, Priority, Slack, SlackError, SlackSettings, Upload, carries_file,
};
use vigie::sandbox::slack::{BOT_TOKEN, Call, SlackFault, Workspace};

use super::slack_client::{call, workspace};

const CHANNEL: &str = "C0INCIDENTS";

fn client(slack: &Workspace) -> Slack {
    let settings = SlackSettings {
        base_url: slack.api_url(),
        timeout: Duration::from_millis(400),
        limits: Limits::default(),
        ..SlackSettings::new(BOT_TOKEN.into())
    };
    Slack::new(&settings, Arc::new(|_: &mut Value| ()), Arc::new(|_| ())).unwrap()
}

fn picture() -> Upload {
    Upload {
        name: "vigie-inc-1-picture-1.png".into(),
        title: "Mémoire de payment-service".into(),
        alt: "La mémoire monte jusqu'à sa limite de 512Mi.".into(),
        kind: "image/png",
        bytes: b"\x89PNG\r\n\x1a\n FAKE".to_vec(),
    }
}

/// The thread as the bot reads it, searched for the file.
async fn found(client: &Slack, root: &str) -> usize {
    let page = client
        .replies(CHANNEL, root, None, None, Priority::Page)
        .await
        .unwrap();
    let name = picture().name;
    page.messages
        .iter()
        .filter(|message| carries_file(message, &name))
        .count()
}

#[tokio::test]
async fn a_picture_stands_in_the_thread_with_its_alternative_text() {
    let (slack, _clock) = workspace().await;
    let root = slack.post("#incidents", "@alice", "payment est lent");
    let bot = client(&slack);
    let sent = bot
        .upload(CHANNEL, &root, &picture(), Priority::Answer)
        .await
        .unwrap();
    let thread = slack.thread("#incidents", &root);
    assert_eq!(thread.len(), 2);
    let shown = &thread[1].files[0];
    assert_eq!(shown["id"], sent.file.as_str());
    assert_eq!(shown["title"], "Mémoire de payment-service");
    assert_eq!(shown["alt_txt"], picture().alt.as_str());
    assert!(thread[1].from_bot());
    assert_eq!(slack.file(&sent.file).unwrap().bytes, Some(picture().bytes));
    assert_eq!(found(&bot, &root).await, 1);
}

#[tokio::test]
async fn after_an_unclear_reply_the_file_is_found_and_not_sent_twice() {
    let (slack, _clock) = workspace().await;
    let root = slack.post("#incidents", "@alice", "payment est lent");
    let bot = client(&slack);
    for (fault, there) in [
        (SlackFault::LostBefore, 0),
        (SlackFault::LostAfter, 1),
        (SlackFault::CutAfter, 2),
    ] {
        slack.fault_once(
            Call::method("files.completeUploadExternal").channel(CHANNEL),
            fault.clone(),
        );
        let lost = bot
            .upload(CHANNEL, &root, &picture(), Priority::Answer)
            .await;
        assert!(
            matches!(lost, Err(SlackError::Unclear(_))),
            "{fault:?} {lost:?}"
        );
        assert_eq!(found(&bot, &root).await, there, "{fault:?}");
    }
}

#[tokio::test]
async fn what_fails_before_the_last_step_leaves_nothing_and_may_be_tried_again() {
    let (slack, _clock) = workspace().await;
    let root = slack.post("#incidents", "@alice", "payment est lent");
    let bot = client(&slack);
    for method in ["files.getUploadURLExternal", "upload"] {
        for fault in [
            SlackFault::LostBefore,
            SlackFault::LostAfter,
            SlackFault::CutAfter,
            SlackFault::Status(503),
        ] {
            slack.fault_once(Call::method(method), fault.clone());
            let lost = bot
                .upload(CHANNEL, &root, &picture(), Priority::Answer)
                .await;
            assert!(
                matches!(lost, Err(SlackError::Transient(_))),
                "{method} {fault:?} {lost:?}"
            );
        }
    }
    assert_eq!(found(&bot, &root).await, 0);
    bot.upload(CHANNEL, &root, &picture(), Priority::Answer)
        .await
        .unwrap();
    assert_eq!(found(&bot, &root).await, 1);
}

#[tokio::test]
async fn what_slack_refuses_is_refused_here_too() {
    let (slack, _clock) = workspace().await;
    let root = slack.post("#incidents", "@alice", "payment est lent");
    let ask = |args: Value| call(&slack, "files.getUploadURLExternal", args);
    assert_eq!(
        ask(json!({"filename": "a.png", "length": "0"})).await["error"],
        "missing_argument"
    );
    assert_eq!(
        ask(json!({"filename": "a.png", "length": 5})).await["error"],
        "missing_argument",
        "it takes no JSON"
    );
    let long = json!({"filename": "a.png", "length": "1", "alt_txt": "x".repeat(1_001)});
    assert_eq!(ask(long).await["error"], "alt_txt_too_large");
    let file = ask(json!({"filename": "a.png", "length": "5"})).await;
    let complete =
        json!({"files": [{"id": file["file_id"]}], "channel_id": CHANNEL, "thread_ts": root});
    let unsent = call(&slack, "files.completeUploadExternal", complete).await;
    assert_eq!(unsent["error"], "file_not_found", "its bytes never came");
    let address = file["upload_url"].as_str().unwrap();
    let short = reqwest::Client::new()
        .post(address)
        .body("1234")
        .send()
        .await
        .unwrap();
    assert_eq!(short.status().as_u16(), 400, "not as long as announced");
    slack.set_scopes(&["chat:write"]);
    let bot = client(&slack);
    let refused = bot
        .upload(CHANNEL, &root, &picture(), Priority::Answer)
        .await;
    assert_eq!(refused.unwrap_err().code(), Some("missing_scope"));
}
