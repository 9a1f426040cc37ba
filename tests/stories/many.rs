//! Many channels at once: the limits of Slack's methods must not make the last one wait.

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

#[tokio::test(flavor = "multi_thread")]
async fn forty_new_channels_are_answered_at_once_and_the_shared_one_is_not() {
    // Its memory is whole: a first start would read all these channels back before anything else.
    let mut stage = Stage::with(Scripted::new([Sees::Healthy])).await;
    stage.ask(QUESTION, "is healthy").await;
    stage.stop().await;
    let channels: Vec<String> = (0..CHANNELS)
        .map(|n| stage.slack.add_channel(&format!("team{n}"), &["alice"]))
        .collect();
    let shared = stage.slack.add_channel("partners", &["alice", "stranger"]);
    stage
        .slack
        .change_channel(&shared, |channel| channel.ext_shared = true);
    let all = channels.iter().chain([&shared]);
    stage.config.channels.listed = all.map(|id| listed(id)).collect();
    stage.slack.limit_rates();
    stage.start().await;
    let ask = |id: &String| (id.clone(), stage.slack.post(id, "alice", QUESTION));
    // The shared one in the middle, where the list is what tells of it.
    let mut asked: Vec<(String, String)> = channels[..20].iter().map(ask).collect();
    let (_, unanswered) = ask(&shared);
    asked.extend(channels[20..].iter().map(ask));
    let replied = |scene: &Scene| {
        let all = asked
            .iter()
            .all(|(channel, ts)| !scene.answers(channel, ts).is_empty());
        (all && !scene.ephemerals.is_empty()).then_some(())
    };
    stage.wait(replied).await;
    // As edits, of which Slack takes fifty a minute, the answers would take as long.
    let answered = |scene: &Scene| {
        let whole = |(channel, ts): &(String, String)| {
            let answers = scene.answers(channel, ts);
            answers
                .iter()
                .any(|one| one.visible().contains("is healthy"))
        };
        asked.iter().all(whole).then_some(())
    };
    stage.wait(answered).await;
    stage.assert_no_doubles();
    let scene = stage.slack.scene();
    assert!(scene.answers(&shared, &unanswered).is_empty(), "{scene}");
    assert!(scene.calls_of("users.conversations") >= 1);
    let one_by_one = scene.calls_of("conversations.info");
    // The limiter's burst, and those that were already asking.
    assert!(one_by_one <= 15, "{one_by_one} channels one by one");
}
