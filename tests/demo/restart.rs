//! The bot is killed from the page and started again, and time passes.

use serde_json::json;

use super::house::{INCIDENTS, demo};

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_bot_loses_nothing() {
    let house = demo().await;
    let before = house
        .ask("alice", "@devops Service payment est lent en production")
        .await;
    house.answer(&before, "512Mi").await;
    house.done(json!({ "do": "kill" })).await;
    assert_eq!(house.state("alice").await["sandbox"]["bot"], "stopped");
    // Killing the dead is nothing.
    house.done(json!({ "do": "kill" })).await;
    let meanwhile = house
        .ask("bob", "@devops user-service does not start in production")
        .await;
    // The first call to the lead comes due while nobody is there.
    house.done(json!({ "do": "advance", "minutes": 12 })).await;
    assert!(
        house
            .demo
            .world
            .slack
            .scene()
            .answers(INCIDENTS, &meanwhile)
            .is_empty()
    );
    house.done(json!({ "do": "start" })).await;
    house.done(json!({ "do": "start" })).await;
    assert_eq!(house.state("alice").await["sandbox"]["bot"], "running");
    house.answer(&meanwhile, "user-service-config").await;
    let called = house
        .wait(|scene| {
            let mut direct = scene.messages.iter().filter(|one| one.channel == "D0LEAD");
            direct
                .find(|one| one.visible().contains("payment-service"))
                .cloned()
        })
        .await;
    // The answer that was there before still is, once.
    let scene = house.demo.world.slack.scene();
    let answers = scene.answers(INCIDENTS, &before);
    let first = answers
        .iter()
        .filter(|one| one.visible().contains("Relancer"))
        .count();
    assert_eq!(first, 1, "{scene}");
    assert!(called.visible().contains("📟"), "{called:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_passes_at_once_and_the_bot_does_what_it_would_have_done() {
    let house = demo().await;
    let ts = house
        .ask("alice", "@devops payment is slow in production")
        .await;
    house.answer(&ts, "512Mi").await;
    let now = || house.demo.world.clock.now();
    let began = now();
    house.done(json!({ "do": "advance", "minutes": 60 })).await;
    let passed = (now() - began).num_minutes();
    assert!((60..62).contains(&passed), "{passed} min");
    house
        .wait(|scene| {
            scene
                .messages
                .iter()
                .find(|one| one.channel == "D0LEAD")
                .cloned()
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_runs_sixty_times_as_fast_and_the_lead_is_called() {
    let house = demo().await;
    let ts = house
        .ask("alice", "@devops payment is slow in production")
        .await;
    house.answer(&ts, "512Mi").await;
    house.done(json!({ "do": "speed", "times": 60 })).await;
    assert_eq!(house.state("bob").await["sandbox"]["speed"], 60);
    // Ten minutes are ten seconds; each second that the machine is busy with other things is one more.
    let called = house
        .wait(|scene| {
            scene
                .messages
                .iter()
                .find(|one| one.channel == "D0LEAD")
                .cloned()
        })
        .await;
    house.done(json!({ "do": "speed", "times": 1 })).await;
    let late = house.demo.world.clock.now().timestamp() - seconds(&ts);
    assert!(
        (590..2_400).contains(&(seconds(&called.ts) - seconds(&ts))),
        "after {late} s"
    );
}

fn seconds(ts: &str) -> i64 {
    ts.split('.').next().unwrap().parse().unwrap()
}
