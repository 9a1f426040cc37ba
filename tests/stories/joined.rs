//! One incident per root cause, whatever words it was asked in; on the real looks of the sandbox world.

use chrono::TimeDelta;
use vigie::cli::demo::play_text;
use vigie::config::Config;

use super::house::{INCIDENTS, LEAD, QUESTION, Scripted, Sees, Stage, Thread};

/// Plays the script; the threads it prints.
async fn threads(script: &str) -> Vec<String> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let text = play_text(script, Config::default().playbooks.as_ref().clone())
        .await
        .unwrap();
    text.split("\n#").map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_ask_about_one_cause_share_an_incident_also_when_one_names_no_environment() {
    let script = "#incidents @alice: @devops user-service ne démarre pas\n\
                  #incidents @bob: @devops user-service is down in production\n";
    let threads = threads(script).await;
    assert!(threads[0].contains("user-service-config"), "{}", threads[0]);
    assert!(threads[0].contains("Signalé aussi dans"), "{}", threads[0]);
    assert!(threads[1].contains("Same problem as"), "{}", threads[1]);
    assert!(!threads[1].contains("[Acknowledge]"), "{}", threads[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wide_question_with_several_roots_is_not_sent_to_the_thread_of_one_of_them() {
    let script = "#incidents @alice: @devops le déploiement de notification échoue en production\n\
                  #incidents @bob: @devops tout est cassé en production\n";
    let threads = threads(script).await;
    let wide = &threads[1];
    for root in ["notification-service", "payment-service", "redis-master"] {
        assert!(wide.contains(root), "{root}:\n{wide}");
    }
    assert!(!wide.contains("Même problème"), "{wide}");
}

#[tokio::test(flavor = "multi_thread")]
async fn vague_reports_of_the_same_roots_are_one_incident() {
    let script = "#incidents @alice: @devops tout est cassé en production\n\
                  #incidents @bob: @devops le site est down en production\n";
    let threads = threads(script).await;
    assert!(threads[0].contains("Signalé aussi dans"), "{}", threads[0]);
    assert!(threads[1].contains("Même problème"), "{}", threads[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_with_a_name_that_nobody_bears_is_told_so() {
    for (line, says) in [
        ("#nope @alice: hi", "no channel #nope"),
        ("#incidents @nobody: hi", "no person @nobody"),
    ] {
        let playbooks = Config::default().playbooks.as_ref().clone();
        let error = play_text(line, playbooks).await.unwrap_err();
        assert!(format!("{error:#}").contains(says), "{error:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_question_twice_at_once_is_one_incident() {
    let stage = Stage::new().await;
    let first = Thread {
        ts: stage.slack.post("#incidents", "alice", QUESTION),
    };
    let second = Thread {
        ts: stage.slack.post("#incidents", "bob", QUESTION),
    };
    stage.answer(&first, "killed at its memory limit").await;
    stage.answer(&second, "Même problème").await;
    stage.settled().await;
    let live = stage.store().load_live().await.unwrap();
    assert_eq!(
        live.iter().filter(|one| one.is_open()).count(),
        1,
        "{live:#?}"
    );
    stage.advance(TimeDelta::minutes(11));
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    assert_eq!(stage.direct(LEAD, 1).await.len(), 1);
    stage.assert_no_doubles();
}

#[tokio::test(flavor = "multi_thread")]
async fn to_call_the_lead_for_what_is_open_calls_once_and_opens_nothing() {
    let stage = Stage::new().await;
    let open = stage.ask(QUESTION, "killed at its memory limit").await;
    stage.settled().await;
    let ask = "@devops escalade payment-service en production";
    let asked = stage.ask(ask, "Même problème").await;
    stage.direct(LEAD, 1).await;
    stage.settled().await;
    assert_eq!(stage.direct(LEAD, 1).await.len(), 1);
    stage.answer(&open, &format!("<@{LEAD}>")).await;
    let scene = stage.slack.scene();
    assert_eq!(scene.answers(INCIDENTS, &asked.ts).len(), 1, "{scene}");
}

#[tokio::test(flavor = "multi_thread")]
async fn how_is_payment_becomes_a_problem_when_it_is_not_well() {
    let stage = Stage::new().await;
    let sick = stage
        .ask(
            "@devops payment en production ?",
            "killed at its memory limit",
        )
        .await;
    stage.settled().await;
    let live = stage.store().load_live().await.unwrap();
    assert!(live.len() == 1 && live[0].is_open(), "{live:#?}");
    stage.press(&sick, "bob", "acknowledge").await;
    stage.answer(&sick, "s'en occupe").await;
    let well = Stage::with(Scripted::new([Sees::Healthy])).await;
    well.ask("@devops payment en production ?", "is healthy")
        .await;
    well.settled().await;
    assert!(well.store().load_live().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_question_without_an_environment_joins_in_either_order_and_from_another_conversation() {
    for script in [
        "#incidents @alice: @devops payment est lent en production\n@bob: payment est lent\n",
        "#incidents @alice: @devops payment est lent\n@bob: payment est lent en production\n",
        "#incidents @alice: @devops payment is slow\n@bob: payment is slow in production\n",
    ] {
        // A direct message is printed below the channel's thread.
        let all = threads(script).await.concat();
        let joined = ["Même problème", "Same problem as"];
        assert!(
            joined.iter().any(|words| all.contains(words)),
            "{script}{all}"
        );
    }
}
