//! Messages of a believed bot of which nobody can tell which alert they are about: a question mark under them, and
//! no look.

use chrono::TimeDelta;
use serde_json::{Value, json};
use vigie::sandbox::fault::Wire;
use vigie::sandbox::slack::{BOT_USER, Call, Message, Scene, SlackFault};

use super::alerts::{MISMATCH, threads};
use super::house::{ALERTMANAGER, ALERTS, INCIDENTS, LEAD, Stage};

const ADD: &str = "reactions.add";

/// Alertmanager's default template: values without names, and no alert's name among them.
fn shown(rest: &str) -> Vec<Value> {
    let title = format!("[FIRING:2] production ({rest})");
    vec![json!({"color": "a30200", "title": title, "fallback": title,
        "title_link": "http://alertmanager.example/#/alerts?receiver=slack"})]
}

fn post(stage: &Stage, rest: &str) -> String {
    stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", shown(rest))
}

/// One that is understood without asking anybody.
fn named() -> Vec<Value> {
    let title = format!(
        "[FIRING:1] {MISMATCH} for kube-state-metrics \
         (namespace=\"production\", deployment=\"payment-service\", severity=\"warning\")"
    );
    vec![json!({"color": "a30200", "title": title, "fallback": title})]
}

fn marks(scene: &Scene, ts: &str) -> usize {
    let message = scene.messages.iter().find(|one| one.ts == ts);
    let mark = ("question".to_owned(), BOT_USER.to_owned());
    message.map_or(0, |one| {
        one.reactions.iter().filter(|own| **own == mark).count()
    })
}

async fn marked(stage: &Stage, ts: &str) {
    stage
        .wait(|scene| (marks(scene, ts) > 0).then_some(()))
        .await;
    stage.settled().await;
}

async fn answered(stage: &Stage, ts: &str, words: &str) -> Message {
    stage
        .wait(|scene| {
            let answers = scene.answers(ALERTS, ts).into_iter();
            answers
                .into_iter()
                .find(|one| one.visible().contains(words))
        })
        .await
}

/// Nothing was looked at, said or promised.
async fn nothing_else(stage: &Stage, ts: &str) {
    assert_eq!(stage.slack.thread(ALERTS, ts).len(), 1);
    assert_eq!(stage.world.count(), 0);
    assert!(threads(stage, INCIDENTS).is_empty());
    stage.advance(TimeDelta::hours(2));
    stage.settled().await;
    let scene = stage.slack.scene();
    assert!(
        !scene.to_string().contains(&format!("<@{LEAD}>")),
        "{scene}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_nobody_can_name_gets_a_question_mark_and_nothing_else() {
    let mut stage = Stage::new().await;
    let ts = post(&stage, "kube-state-metrics warning");
    marked(&stage, &ts).await;
    nothing_else(&stage, &ts).await;
    // The next start knows that it is there, and so does the catch-up.
    stage.stop().await;
    stage.start().await;
    let other = post(&stage, "kube-state-metrics warning");
    marked(&stage, &other).await;
    assert_eq!(stage.slack.scene().calls_of(ADD), 2);
    // Its end, of which nobody heard the beginning, is no riddle.
    let end = json!({"title": "[RESOLVED] production (kube-state-metrics warning)"});
    stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", vec![end]);
    let last = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", named());
    answered(&stage, &last, "payment-service is killed").await;
    assert_eq!(stage.slack.scene().calls_of(ADD), 2);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_critical_alert_that_nobody_can_name_is_looked_at_all_the_same() {
    let mut stage = Stage::new().await;
    let ts = post(&stage, "kube-state-metrics critical");
    answered(&stage, &ts, "payment-service is killed").await;
    stage.settled().await;
    assert_eq!(stage.slack.scene().calls_of(ADD), 0);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_believed_bot_says_that_is_no_alert_gets_nothing() {
    let mut stage = Stage::new().await;
    let talk = [
        ":rocket: payment-service 2.14.0 was deployed to production by alice",
        "Good morning! 3 people are on call this week.",
        "Build #42 passed",
    ];
    let said = talk.map(|text| {
        stage
            .slack
            .post_as_bot("#alerts", ALERTMANAGER, text, Vec::new())
    });
    let stranger =
        stage
            .slack
            .post_as_bot("#alerts", "B0EVIL", "", shown("kube-state-metrics warning"));
    let last = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", named());
    answered(&stage, &last, "payment-service is killed").await;
    stage.settled().await;
    let scene = stage.slack.scene();
    assert_eq!(scene.calls_of(ADD), 0, "{scene}");
    for ts in said.iter().chain([&stranger]) {
        assert_eq!(stage.slack.thread(ALERTS, ts).len(), 1);
    }
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_a_question_mark_whose_reply_is_lost_is_there_once() {
    let mut stage = Stage::new().await;
    for (number, fault) in [
        SlackFault::CutAfter,
        SlackFault::Status(503),
        SlackFault::RateLimited(1),
        SlackFault::Wire(Wire::Cut),
    ]
    .into_iter()
    .enumerate()
    {
        let before = stage.slack.scene().calls_of(ADD);
        stage.slack.fault_once(Call::method(ADD), fault.clone());
        let ts = post(&stage, &format!("exporter-{number} warning"));
        let again = |scene: &Scene| (scene.calls_of(ADD) > before).then_some(());
        stage.wait(again).await;
        // The pause before it is tried again is by the bot's clock.
        for _ in 0..100 {
            stage.advance(TimeDelta::seconds(30));
            let scene = stage.slack.scene();
            if scene.calls_of(ADD) == before + 2 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        marked(&stage, &ts).await;
        let scene = stage.slack.scene();
        assert_eq!(
            (marks(&scene, &ts), scene.calls_of(ADD)),
            (1, before + 2),
            "{fault:?}"
        );
    }
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_scope_it_is_left_and_everything_else_works() {
    let mut stage = Stage::new().await;
    let scopes: Vec<&str> =
        "app_mentions:read channels:history channels:read chat:write files:write \
        groups:history groups:read im:history im:read im:write users:read"
            .split_whitespace()
            .collect();
    stage.slack.set_scopes(&scopes);
    for count in 1..=2 {
        let ts = post(&stage, "kube-state-metrics warning");
        stage
            .wait(|scene| (scene.calls_of(ADD) == count).then_some(()))
            .await;
        stage.settled().await;
        assert_eq!(marks(&stage.slack.scene(), &ts), 0);
        stage.advance(TimeDelta::hours(1));
        stage.settled().await;
        assert_eq!(stage.slack.scene().calls_of(ADD), count, "not tried again");
    }
    let ts = stage
        .slack
        .post_as_bot("#alerts", ALERTMANAGER, "", named());
    answered(&stage, &ts, "payment-service is killed").await;
    stage.stop().await;
}

/// The message is edited, as `update_message` does: now it has a name.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_understood_later_is_looked_at_in_its_thread() {
    let mut stage = Stage::new().await;
    let ts = post(&stage, "kube-state-metrics warning");
    marked(&stage, &ts).await;
    stage.slack.edit_as_bot("#alerts", &ts, named());
    answered(&stage, &ts, "payment-service is killed").await;
    stage.settled().await;
    // Gone before the mark is put: nobody minds.
    stage.slack.fault_once(
        Call::method(ADD),
        SlackFault::Error("message_not_found".to_owned()),
    );
    let gone = post(&stage, "kube-state-metrics warning");
    stage
        .wait(|scene| (scene.calls_of(ADD) == 2).then_some(()))
        .await;
    stage.slack.delete("#alerts", &gone);
    stage.settled().await;
    stage.advance(TimeDelta::hours(1));
    stage.settled().await;
    assert_eq!(stage.slack.scene().calls_of(ADD), 2);
    stage.stop().await;
}
