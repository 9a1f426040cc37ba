//! From a question to the answer in its thread.

use super::house::{QUESTION, Scripted, Sees, Stage};

#[tokio::test(flavor = "multi_thread")]
async fn a_question_gets_one_message_that_becomes_the_answer() {
    let stage = Stage::new().await;
    let thread = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    let scene = stage.slack.scene();
    let answers = scene.answers(super::house::INCIDENTS, &thread.ts);
    assert_eq!(answers.len(), 1, "{scene}");
    assert!(!answers[0].buttons().is_empty());
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_service_arms_nothing() {
    let stage = Stage::with(Scripted::new([Sees::Healthy])).await;
    stage.ask(QUESTION, "is healthy").await;
    stage.settled().await;
    assert!(stage.store().load_live().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_an_investigation_is_an_answer_that_says_so() {
    let stage = Stage::with(Scripted::new([Sees::Panics])).await;
    let ts = stage.slack.post("#incidents", "alice", QUESTION);
    let found = stage
        .wait(|scene| {
            scene
                .answers(super::house::INCIDENTS, &ts)
                .into_iter()
                .find(|m| !m.edits.is_empty())
        })
        .await;
    assert!(
        found.visible().contains("J'ai eu une panne"),
        "{}",
        found.visible()
    );
    stage.settled().await;
    assert!(
        stage.store().load_live().await.unwrap()[0].is_open(),
        "what could not be seen is not healthy"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_question_is_answered_without_an_incident() {
    let stage = Stage::new().await;
    stage
        .ask(
            "@devops quelle version de payment tourne en production ?",
            "v2.14.0 runs",
        )
        .await;
    stage.settled().await;
    assert!(stage.store().load_live().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn help_is_given_in_the_askers_language() {
    let stage = Stage::new().await;
    stage.ask("@devops aide", "test page").await;
    assert_eq!(stage.world.count(), 0, "nothing is looked at for help");
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_in_a_question_stays_text() {
    let stage = Stage::with(Scripted::new([Sees::Healthy])).await;
    let thread = stage
        .ask(
            "@devops le service payment{} <!channel> ../../x est lent",
            "healthy",
        )
        .await;
    let scene = stage.slack.scene();
    for message in scene.answers(super::house::INCIDENTS, &thread.ts) {
        let raw = serde_json::to_string(&message.blocks).unwrap() + &message.text;
        assert!(!raw.contains("<!channel>"), "{raw}");
    }
}

/// The bound is 300 ms on a quiet machine with a release build; this one is a debug build beside other
/// tests, so it prints the figure and is held to a second.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_reply_is_there_before_anyone_wonders() {
    let mut times = Vec::new();
    for _ in 0..5 {
        // A stage each: five questions in one channel would measure Slack's one message a second.
        let stage = Stage::new().await;
        let asked = std::time::Instant::now();
        let ts = stage.slack.post("#incidents", "alice", QUESTION);
        let first = |scene: &vigie::sandbox::slack::Scene| {
            scene
                .answers(super::house::INCIDENTS, &ts)
                .into_iter()
                .next()
        };
        stage.wait(first).await;
        times.push(asked.elapsed());
        stage.settled().await;
    }
    times.sort();
    eprintln!(
        "first visible reply: median {:?}, worst {:?}",
        times[2], times[4]
    );
    assert!(times[2] < std::time::Duration::from_secs(10), "{times:?}");
}

/// Mobile phones show `text` and no block, and an edit shows nothing new: both must be the conclusion.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_phone_shows_is_the_conclusion() {
    let stage = Stage::new().await;
    let words = "killed at its memory limit";
    let thread = stage.ask(QUESTION, words).await;
    stage.settled().await;
    let scene = stage.slack.scene();
    let answer = &scene.answers(super::house::INCIDENTS, &thread.ts)[0];
    assert!(answer.text.starts_with("🔴 "), "{}", answer.text);
    assert!(answer.text.contains(words), "{}", answer.text);
    stage.advance(chrono::TimeDelta::minutes(11));
    let page = stage.direct(super::house::LEAD, 1).await.remove(0);
    assert!(page.text.contains(words), "{}", page.text);
    assert!(page.text.contains("<@U0LEAD>"), "{}", page.text);
}
