//! One incident per root cause, whatever words it was asked in; on the real looks of the sandbox world.

use vigie::cli::demo::play_text;
use vigie::config::Config;

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
    assert!(
        threads[0].contains("Signalé une fois de plus"),
        "{}",
        threads[0]
    );
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
