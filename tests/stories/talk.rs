//! Small talk, and maintenance announced in Slack, on the real looks of the sandbox world.

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
async fn small_talk_gets_a_short_answer_and_nobody_is_called() {
    let script = "#incidents @alice: @devops salut, tu es là ?\n\
                  #incidents @bob: @devops hello, are you there?\n\
                  #incidents @alice: @devops merci beaucoup\n\
                  #incidents @bob: @devops what is a pod?\n\
                  @alice: test\n\
                  advance 2h\n";
    let threads = threads(script).await;
    let says = [
        "Je suis là.",
        "I am here.",
        "Je vous en prie.",
        "I look into incidents; I do not explain words.",
    ];
    for (thread, says) in threads.iter().zip(says) {
        assert!(thread.contains(says), "{says}:\n{thread}");
        for incident in [
            "OutOfMemory",
            "@lead",
            "61",
            "[Acknowledge]",
            "[Je m'en occupe]",
        ] {
            assert!(!thread.contains(incident), "{incident}:\n{thread}");
        }
    }
    let direct = threads[3].split("test").nth(1).unwrap_or_default();
    assert!(
        direct.contains("Je suis là.") && direct.contains("production"),
        "{}",
        threads[3]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_symptom_beside_the_greeting_is_looked_at() {
    let script = "#incidents @alice: @devops salut, tu es là ? payment est lent en production\n";
    let threads = threads(script).await;
    assert!(threads[0].contains("payment-service"), "{}", threads[0]);
    assert!(threads[0].contains("512Mi"), "{}", threads[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_is_of_something_that_is_there_and_says_who_and_until_when() {
    let script = "#incidents @alice: @devops maintenance payment 2h\n\
                  #incidents @bob: @devops maintenance staging 100h\n\
                  #incidents @alice: @devops maintenance zebra-quantum 2h\n\
                  #incidents @alice: @devops maintenance 2h\n\
                  #incidents @lead: @devops fin de maintenance\n\
                  #incidents @lead: @devops maintenance over staging\n\
                  #incidents @lead: @devops fin de maintenance\n\
                  #incidents @lead: @devops fin de maintenance\n";
    let threads = threads(script).await;
    let says: [&[&str]; 8] = [
        &[
            "Maintenance de payment-service jusqu'à",
            "commencée par",
            "fin de maintenance payment-service",
        ],
        &["staging", "Elle finit au bout de", "@bob"],
        &["Je n'ai rien noté", "zebra-quantum"],
        &["maintenance de quoi", "maintenance production 2h"],
        &[
            "Laquelle est terminée",
            "fin de maintenance payment-service",
            "fin de maintenance staging",
        ],
        &["Maintenance of staging is over", "@bob"],
        &["La maintenance de payment-service est terminée", "@alice"],
        &["Il n'y a pas de maintenance en cours"],
    ];
    for (thread, says) in threads.iter().zip(says) {
        for words in says {
            assert!(thread.contains(words), "{words}:\n{thread}");
        }
    }
    assert_eq!(threads.len(), says.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_maintenance_ends_in_its_own_thread_and_by_who_began_it() {
    let script = "#incidents @bob: @devops maintenance staging 1h\n\
                  #incidents @alice: @devops maintenance catalog 1h\n\
                  > @bob: @devops maintenance over\n\
                  #incidents @alice: @devops maintenance payment 1h\n\
                  #incidents @bob: @devops maintenance over\n";
    let threads = threads(script).await;
    assert!(
        threads[1].contains("Maintenance of catalog-service is over"),
        "{}",
        threads[1]
    );
    assert!(
        threads[3].contains("Maintenance of staging is over"),
        "{}",
        threads[3]
    );
    let script = "#incidents @bob: @devops maintenance staging 1h\n\
                  #incidents @alice: @devops maintenance catalog 1h\n\
                  > merci\n\
                  > @bob: fin de maintenance\n";
    let threads = self::threads(script).await;
    let over = "La maintenance de catalog-service est terminée";
    assert!(threads[1].contains(over), "{}", threads[1]);
}
