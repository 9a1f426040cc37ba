//! The drawer's questions, and the cluster broken, repaired and broken again under them.

use std::time::Duration;

use serde_json::{Value, json};

use super::house::{Shown, demo, with};

/// What the answer to each question has to name.
const NAMED: &[(&str, &str)] = &[
    ("S1", "512Mi"),
    ("S2", "orders-service"),
    ("S4", "postgres-billing-credentials"),
    ("S5", "user-service-config"),
    ("S6", "maxclients"),
    ("S12", "1.8.2"),
    ("S15", "3500m"),
];

fn incidents(state: &Value) -> Vec<Value> {
    state["sandbox"]["incidents"].as_array().unwrap().clone()
}

/// Asks in a new thread; the answer's first block, once the look is over.
async fn told(house: &Shown, question: &str) -> String {
    let ts = house.ask("alice", question).await;
    let answer = house
        .wait(|scene| {
            let answers = scene.answers(super::house::INCIDENTS, &ts);
            let over = |one: &&vigie::sandbox::slack::Message| {
                one.blocks.iter().any(|block| block["type"] == "actions")
                    || one.visible().contains("lecture seule")
                    || one.visible().contains("read-only")
                    || one.visible().contains("archives/")
            };
            answers.iter().find(over).cloned()
        })
        .await;
    answer.visible()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_suggested_question_finds_its_cause_in_both_languages() {
    for language in ["fr", "en"] {
        let house = demo().await;
        let state = house.state("alice").await;
        let mut found = 0;
        for item in incidents(&state) {
            let question = item["ask"][language].as_str().unwrap();
            let answer = told(&house, question).await;
            let named = NAMED.iter().find(|(id, _)| item["id"] == *id);
            match named {
                Some((_, words)) => {
                    assert!(answer.starts_with('🔴'), "{question}: {answer}");
                    assert!(answer.contains(words), "{question}: {answer}");
                    found += 1;
                }
                None if item["id"] == "ok" => {
                    assert!(!answer.contains('🔴'), "{question}: {answer}");
                    assert!(answer.contains("catalog-service"), "{question}: {answer}");
                }
                None => assert!(
                    answer.contains('🔴') || answer.contains("archives/"),
                    "{question}: {answer}"
                ),
            }
        }
        assert_eq!(found, NAMED.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_changes_the_next_answer_and_breaking_it_again_brings_it_back() {
    for (id, words) in NAMED {
        let house = demo().await;
        let state = house.state("alice").await;
        let item = incidents(&state)
            .into_iter()
            .find(|one| one["id"] == *id)
            .unwrap();
        let workload = item["workload"].as_str().unwrap();
        let question = item["ask"]["en"].as_str().unwrap();
        let change = |what: &str| json!({ "do": what, "workload": workload });
        house.done(change("repair")).await;
        // Twice is once.
        house.done(change("repair")).await;
        let state = house.state("bob").await;
        let item = incidents(&state)
            .into_iter()
            .find(|one| one["id"] == *id)
            .unwrap();
        assert_eq!(item["broken"], false);
        let well = told(&house, question).await;
        assert!(!well.contains('🔴'), "{workload} repaired: {well}");
        house.done(json!({ "do": "advance", "minutes": 2 })).await;
        house.done(change("break")).await;
        let sick = told(&house, question).await;
        assert!(
            sick.starts_with('🔴') && sick.contains(words),
            "{workload} broken again: {sick}"
        );
        house.done(change("repair")).await;
        let well = told(&house, question).await;
        assert!(!well.contains('🔴'), "{workload} repaired again: {well}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_comes_by_itself_and_is_true() {
    let house = with(Some(Duration::ZERO)).await;
    let alert = |words: &'static str| {
        move |scene: &vigie::sandbox::slack::Scene| {
            let mut alerts = scene
                .messages
                .iter()
                .filter(|one| one.channel == "C0ALERTS");
            alerts
                .find(|one| {
                    let title = one
                        .attachments
                        .first()
                        .map(|first| first["title"].to_string());
                    title.is_some_and(|title| title.contains(words))
                })
                .cloned()
        }
    };
    let firing = house
        .wait(alert("[FIRING:1] production (KubeContainerWaiting"))
        .await;
    assert!(firing.blocks.is_empty() && firing.bot_id.is_some());
    // Nobody asks: the answer comes by itself, under the alert.
    house
        .wait(|scene| {
            let answers = scene.answers("C0ALERTS", &firing.ts);
            answers
                .into_iter()
                .find(|one| one.visible().contains("user-service-config"))
        })
        .await;
    house
        .done(json!({ "do": "repair", "workload": "user-service" }))
        .await;
    house
        .wait(alert("[RESOLVED] production (KubeContainerWaiting"))
        .await;
    house
        .wait(|scene| {
            let thread = scene.thread("C0ALERTS", &firing.ts);
            let closed = |one: &vigie::sandbox::slack::Message| {
                one.visible().contains("alerte est terminée")
                    || one.visible().contains("alert is over")
            };
            thread.into_iter().find(closed)
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_repaired_in_time_does_not_fire() {
    let house = with(Some(Duration::from_secs(10))).await;
    house
        .done(json!({ "do": "repair", "workload": "user-service" }))
        .await;
    let first = house
        .wait(|scene| {
            scene
                .messages
                .iter()
                .find(|one| one.channel == "C0ALERTS")
                .cloned()
        })
        .await;
    let title = first.attachments[0]["title"].as_str().unwrap();
    assert!(title.contains("payment-service"), "{title}");
}
