//! Many channels at once: the limits of Slack's methods must not make the last one wait.

use std::collections::BTreeMap;
use std::time::Duration;

use vigie::config::{Channel, Show};
use vigie::sandbox::slack::Scene;

use super::house::{QUESTION, Scripted, Sees, Stage};

/// Channels that ask; `conversations.info` alone would keep the last one waiting for 45 s.
const CHANNELS: usize = 40;

fn listed(id: &str) -> Channel {
    Channel {
        id: id.to_owned(),
        name: None,
        show: Show::default(),
        environments: Vec::new(),
    }
}

/// A stage whose memory is whole (a first start would read all these channels back before anything
/// else), in these channels and under Slack's limits.
async fn stage(world: Scripted, channels: usize) -> (Stage, Vec<String>) {
    let mut stage = Stage::with(world).await;
    stage.ask(QUESTION, "payment-service").await;
    stage.stop().await;
    let channels: Vec<String> = (0..channels)
        .map(|n| stage.slack.add_channel(&format!("team{n}"), &["alice"]))
        .collect();
    stage.config.channels.listed = channels.iter().map(|id| listed(id)).collect();
    stage.slack.limit_rates();
    (stage, channels)
}

/// Waits until each of these threads has an answer with one of these words.
async fn all_say(stage: &Stage, asked: &[(String, String)], words: &[&str]) {
    let says = |scene: &Scene, (channel, ts): &(String, String)| {
        let answers = scene.answers(channel, ts);
        answers
            .iter()
            .any(|one| words.iter().any(|word| one.visible().contains(word)))
    };
    let all = |scene: &Scene| asked.iter().all(|one| says(scene, one)).then_some(());
    if let Err(late) = stage.slack.wait_within(Duration::from_mins(2), all).await {
        panic!("{late}");
    }
    // Slack takes fifty edits a minute: where they wait, the answers are messages of their own.
    let edits = stage.slack.scene().calls_of("chat.update");
    assert!(edits < asked.len(), "{edits} edits");
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_new_channels_are_answered_at_once_and_the_shared_one_is_not() {
    let (mut stage, channels) = stage(Scripted::new([Sees::Healthy]), CHANNELS).await;
    let shared = stage.slack.add_channel("partners", &["alice", "stranger"]);
    stage
        .slack
        .change_channel(&shared, |channel| channel.ext_shared = true);
    stage.config.channels.listed.push(listed(&shared));
    stage.start().await;
    let ask = |id: &String| (id.clone(), stage.slack.post(id, "alice", QUESTION));
    // The shared one in the middle, where the list is what tells of it.
    let mut asked: Vec<(String, String)> = channels[..20].iter().map(ask).collect();
    let (_, unanswered) = ask(&shared);
    asked.extend(channels[20..].iter().map(ask));
    all_say(&stage, &asked, &["is healthy"]).await;
    stage
        .wait(|scene| (!scene.ephemerals.is_empty()).then_some(()))
        .await;
    stage.assert_no_doubles();
    let scene = stage.slack.scene();
    assert!(scene.answers(&shared, &unanswered).is_empty(), "{scene}");
    assert!(scene.calls_of("users.conversations") >= 1);
    let one_by_one = scene.calls_of("conversations.info");
    // The limiter's burst, and those that were already asking.
    assert!(one_by_one <= 15, "{one_by_one} channels one by one");
    // Before the restart, and after it.
    assert_eq!(scene.calls_of("users.info"), 2, "one person");
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_who_ask_about_one_cause_are_sent_to_its_thread_without_waiting_for_links() {
    let (mut stage, channels) =
        stage(Scripted::new([Sees::Cause("payment-service")]), CHANNELS).await;
    stage.start().await;
    let ask = |id: &String| (id.clone(), stage.slack.post(id, "alice", QUESTION));
    let asked: Vec<(String, String)> = channels.iter().map(ask).collect();
    all_say(&stage, &asked, &["/archives/", "memory limit"]).await;
    let scene = stage.slack.scene();
    let links = scene
        .called
        .iter()
        .filter(|call| call.method == "chat.getPermalink");
    let mut times = BTreeMap::<String, usize>::new();
    for call in links {
        *times
            .entry(call.args["message_ts"].to_string())
            .or_default() += 1;
    }
    // One for those in a hurry, and one for those who are not.
    assert!(times.values().all(|times| *times <= 2), "{times:?}");
}
